"""Reviews as a page or the API shows them, in a number of queries that does not grow with them.

Whether a name is shown never depends on who looks: an anonymous review is anonymous in every page,
also for moderators, who find its author in their queue.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from django.db.models import Count, F, Q, QuerySet
from django.utils.dateformat import format as date_format
from django.utils.safestring import SafeString

from accounts.models import Visitor
from community.models import HelpfulMark, Reply, Review, ReviewVersion, State
from community.models.authorship import authors_of
from community.moderation import transitions
from community.reviews.forms import Field, Form, Point
from community.reviews.identities import Identity, identities
from community.reviews.writing import form_of
from community.text import cites, markdown
from papers.models import Paper

ANONYMOUS_REVIEWER = Identity("Anonymous reviewer")


@dataclass(frozen=True)
class Part:
    """One answer: a text as HTML, or a point of a scale with what was printed elsewhere."""

    field: Field
    html: SafeString | None = None
    point: Point | None = None
    printed: str = ""


@dataclass
class ShownReply:
    """A reply in its thread. by_reviewer, by_author: what its writer is to review and paper.

    told: why a moderator declined or hid it; its author alone reads it here.
    """

    reply: Reply
    html: SafeString
    who: Identity
    by_reviewer: bool
    by_author: bool
    own: bool
    gone: bool = False
    unnamed: bool = False
    told: str = ""
    children: list[ShownReply] = field(default_factory=list)

    @property
    def edited(self) -> str:
        """When its text was changed; of the anonymous only the day is told."""
        moment = self.reply.edited_at
        if moment is None:
            return ""
        return date_format(moment, "j M Y" if self.unnamed else "j M Y, H:i")

    @property
    def withdrawn(self) -> bool:
        """Its author took it away; only they still see that it was there, to undo it."""
        return self.reply.state == State.WITHDRAWN

    @property
    def refused(self) -> bool:
        """A moderator declined or hid it; its author alone still reads it here, to appeal."""
        return self.reply.state in transitions.REFUSED


@dataclass
class ShownReview:
    """A review with everything around it."""

    review: Review
    form: Form
    version: ReviewVersion
    parts: list[Part]
    who: Identity
    own: bool
    helpful: int = 0
    marked: bool = False
    thread: list[ShownReply] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return self.form.heading(self.review.year)

    @property
    def rating(self) -> Part | None:
        return self._named(self.form.rating)

    @property
    def confidence(self) -> Part | None:
        return self._named(self.form.confidence)

    @property
    def choices(self) -> list[Part]:
        """Answers on scales, without the two that stand at the top."""
        top = (self.form.rating, self.form.confidence)
        return [part for part in self.parts if part.field.is_choice and part.field.name not in top]

    @property
    def texts(self) -> list[Part]:
        return [part for part in self.parts if part.html is not None]

    @property
    def replies_count(self) -> int:
        unseen = (reply.gone or reply.withdrawn or reply.refused for reply in flat(self.thread))
        return sum(1 for is_unseen in unseen if not is_unseen)

    @property
    def day(self) -> dt.date | None:
        """The day of publication; no closer, for the sake of the anonymous."""
        return self.review.published_on

    def _named(self, name: str) -> Part | None:
        return next((part for part in self.parts if name and part.field.name == name), None)


def published(paper: Paper) -> QuerySet[Review]:
    """The public reviews of a paper, by venue form and year, the most helpful first."""
    reviews = Review.objects.public().filter(paper=paper).annotate(helpful=Count("marks"))
    return reviews.order_by("form", "-year", "-helpful", "published_on", "pk")


def shown(reviews: Iterable[Review], viewer: Visitor, *, latest: bool = False) -> list[ShownReview]:
    """The reviews with texts, names, threads and marks.

    latest: the newest version instead of the public one; for the author and for moderators.
    """
    reviews = list(reviews)
    versions = _versions(reviews, latest)
    reviews = [review for review in reviews if review.pk in versions]
    visible = _visible_replies(reviews, viewer)
    texts = [(r.paper_id, text) for r in reviews for text in versions[r.pk].values.values()]
    of_review = {review.pk: review for review in reviews}
    texts += [(of_review[reply.review_id].paper_id, reply.text) for reply in visible]
    cited = cites.resolve(texts)
    signed = {review.author_id for review in reviews if versions[review.pk].signed}
    names = identities(signed | {reply.author_id for reply in visible})
    marks = _marks(reviews, viewer)
    threads = _threads(visible, of_review, names, cited, viewer)
    return [
        ShownReview(
            review=review,
            form=form_of(review),
            version=versions[review.pk],
            parts=parts(form_of(review), versions[review.pk].values, review, cited),
            who=names[review.author_id] if versions[review.pk].signed else ANONYMOUS_REVIEWER,
            own=_is(viewer, review.author_id),
            helpful=marks[0][review.pk],
            marked=review.pk in marks[1],
            thread=threads.get(review.pk, []),
        )
        for review in reviews
    ]


def parts(
    used: Form, values: dict[str, str], review: Review, cited: cites.Cited | None = None
) -> list[Part]:
    """The answers in the order of the form; empty ones are left out."""
    if cited is None:
        cited = cites.resolve((review.paper_id, text) for text in values.values())
    shown_parts = []
    for form_field in used.fields:
        text, printed = (
            values.get(form_field.name, ""),
            str(review.printed.get(form_field.name, "")),
        )
        if form_field.is_choice:
            point = form_field.point(text)
            if point or printed:
                as_printed = printed if point is None or not _says(point, printed) else ""
                shown_parts.append(Part(form_field, point=point, printed=as_printed))
        elif text:
            shown_parts.append(
                Part(form_field, html=markdown.html(text, cited=cited, paper_id=review.paper_id))
            )
    return shown_parts


def _says(point: Point, printed: str) -> bool:
    """Whether the printed answer is the point's label, or the beginning of it."""
    label, words = (re.sub(r"\W+", "", text).casefold() for text in (point.label, printed))
    return label.startswith(words)


def _versions(reviews: Sequence[Review], latest: bool) -> dict[int, ReviewVersion]:
    wanted = "latest" if latest else "public"
    versions = ReviewVersion.objects.filter(
        review__in=[review.pk for review in reviews], number=F(f"review__{wanted}")
    )
    return {version.review_id: version for version in versions}


def _visible_replies(reviews: Sequence[Review], viewer: Visitor) -> list[Reply]:
    """Public replies, and all of the viewer's own.

    Moderators read the rest in the queue.
    """
    which = Q(state=State.PUBLISHED)
    if viewer is not None and viewer.is_authenticated:
        which |= Q(author=viewer)
    replies = Reply.objects.filter(which, review__in=[review.pk for review in reviews])
    return list(replies.order_by("created_at", "pk"))


def _marks(reviews: Sequence[Review], viewer: Visitor) -> tuple[Counter[int], set[int]]:
    """How many marks each review has, and which the viewer gave; one query."""
    pairs = HelpfulMark.objects.filter(review__in=[review.pk for review in reviews])
    counts: Counter[int] = Counter()
    own = set()
    for review, by in pairs.values_list("review", "by"):
        counts[review] += 1
        if _is(viewer, by):
            own.add(review)
    return counts, own


def _threads(
    replies: Sequence[Reply],
    reviews: dict[int, Review],
    names: dict[int, Identity],
    cited: cites.Cited,
    viewer: Visitor,
) -> dict[int, list[ShownReply]]:
    """Replies below their parents; below a gone parent stands a placeholder for it."""
    if not replies:
        return {}
    refused = [reply.pk for reply in replies if reply.state in transitions.REFUSED]
    refusals = transitions.refusals(Reply, refused)
    writers: dict[int, set[int]] = {}
    nodes: dict[int, ShownReply] = {}
    for reply in replies:
        review = reviews[reply.review_id]
        if review.paper_id not in writers:
            writers[review.paper_id] = authors_of(review.paper)
        nodes[reply.pk] = shown_reply(
            reply, review, names, writers[review.paper_id], viewer, cited=cited
        )
        nodes[reply.pk].told = refusals.get(reply.pk, "")
    threads: dict[int, list[ShownReply]] = defaultdict(list)
    for node in list(nodes.values()):
        parent = node.reply.parent_id
        if parent is None:
            threads[node.reply.review_id].append(node)
        elif parent in nodes:
            nodes[parent].children.append(node)
        else:
            gone = ShownReply(node.reply, SafeString(""), Identity(""), False, False, False, True)
            gone.children.append(node)
            threads[node.reply.review_id].append(gone)
    return threads


def shown_reply(
    reply: Reply,
    review: Review,
    names: dict[int, Identity],
    writers: set[int],
    viewer: Visitor,
    *,
    cited: cites.Cited | None = None,
) -> ShownReply:
    """One reply; the author of an anonymous review stays anonymous in the thread."""
    by_reviewer = reply.author_id == review.author_id
    hidden = by_reviewer and not review.signed
    return ShownReply(
        reply=reply,
        html=markdown.html(reply.text, cited=cited, paper_id=review.paper_id),
        who=ANONYMOUS_REVIEWER if hidden else names[reply.author_id],
        by_reviewer=by_reviewer,
        by_author=not by_reviewer and reply.author_id in writers,
        own=_is(viewer, reply.author_id),
        unnamed=hidden,
    )


def one_reply(reply: Reply, viewer: Visitor) -> ShownReply:
    """One reply without its thread, for whoever may see it."""
    review = reply.review
    names, writers = identities({reply.author_id}), authors_of(review.paper)
    cited = cites.resolve([(review.paper_id, reply.text)])
    return shown_reply(reply, review, names, writers, viewer, cited=cited)


def _is(viewer: Visitor, user_id: int) -> bool:
    return viewer is not None and viewer.is_authenticated and viewer.pk == user_id


def flat(thread: Iterable[ShownReply]) -> Iterator[ShownReply]:
    """All replies of a thread, each before its answers."""
    for node in thread:
        yield node
        yield from flat(node.children)
