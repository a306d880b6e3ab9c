"""Reviews and replies in the moderators' queue."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext

from accounts.models import User
from accounts.words import Words
from community.models import Reply, Review, ReviewVersion, State
from community.models.authorship import claimed, once_confirmed
from community.moderation import queue, transitions
from community.moderation.access import access, barred
from community.reviews.differing import changes
from community.reviews.reading import parts
from community.reviews.writing import form_of
from community.text import cites, markdown
from papers.models import Paper

ACCEPT = queue.Decision("accept", Words("Show the change"), "p", done="Shown")
REFUSE = queue.Decision(
    "refuse", Words("Decline the change"), "d", needs_reason=True, done="Declined"
)
KEEP_CONFLICT = queue.Decision("keep", Words("Keep it"), "p", done="Kept")
HIDE_CONFLICT = queue.Decision("hide", Words("Hide it"), "d", needs_reason=True, done="Hidden")


def review_rows() -> QuerySet[Review]:
    """Reviews of public papers: moderators see no more papers than everybody."""
    public = Review.objects.filter(paper__in=Paper.objects.visible_to(None))
    return public.select_related("paper", "author")


def review_summary(review: Review) -> str:
    return f"{form_of(review).heading(review.year)}: {review.paper.title}"


def review_url(review: Review) -> str:
    return review.get_absolute_url()


def review_texts(reviews: Sequence[Review]) -> dict[int, str]:
    """The newest version of each, with what its author declared."""
    versions = _versions(reviews, "latest")
    reviews = [review for review in reviews if review.pk in versions]
    pairs = [(r.paper_id, t) for r in reviews for t in versions[r.pk].values.values()]
    cited = cites.resolve(pairs)
    return {
        review.pk: render_to_string(
            "reviews/_queued.html",
            {
                "review": review,
                "version": versions[review.pk],
                "parts": parts(form_of(review), versions[review.pk].values, review, cited),
            },
        )
        for review in reviews
    }


def waiting_changes(rows: QuerySet[Review]) -> QuerySet[Review]:
    """Public reviews with a newer version that nobody has decided about."""
    return rows.filter(state=State.PUBLISHED, latest__gt=F("public")).exclude(
        latest__lte=F("refused")
    )


def change_texts(reviews: Sequence[Review]) -> dict[int, str]:
    """What differs between the public and the newest version of each."""
    newest, public = _versions(reviews, "latest"), _versions(reviews, "public")
    reviews = [r for r in reviews if r.pk in newest and r.pk in public]
    return {
        review.pk: render_to_string(
            "reviews/_changes.html",
            {"changes": changes(form_of(review), public[review.pk], newest[review.pk])},
        )
        for review in reviews
    }


@transaction.atomic
def decide_change(review: Review, decision: str, by: User, reason: str) -> None:
    """Show the newest version, or leave the public one. Raises transitions.NotPossible."""
    accepted = decision == ACCEPT.name
    if refusal := access(review, by).refusal or (accepted and barred(review)):
        raise transitions.NotPossible(refusal)
    kept = {} if accepted else {"refused": F("latest")}
    waiting = waiting_changes(Review.objects.filter(pk=review.pk, revision=review.revision))
    if not waiting.update(**kept, revision=F("revision") + 1):
        raise transitions.NotPossible(
            gettext(
                "Another moderator was first, or its author changed it again. Load the queue again."
            )
        )
    review.refresh_from_db()
    if accepted:
        review.show_newest()
    word = "Showed" if accepted else "Declined"
    transitions.note(review, by=by, reason=f"{word} version {review.latest}. {reason}".strip())


def by_authors(rows: QuerySet[Review]) -> QuerySet[Review]:
    """Public reviews whose author was confirmed, since, to have written the paper."""
    wrote = once_confirmed().filter(claimed(OuterRef("paper")), user=OuterRef("author"))
    return rows.filter(Exists(wrote), state=State.PUBLISHED, is_kept=False)


@transaction.atomic
def decide_conflict(review: Review, decision: str, by: User, reason: str) -> None:
    """Keep a review whose author turned out to be an author of the paper, or hide it."""
    if refusal := access(review, by).refusal:
        raise transitions.NotPossible(refusal)
    if decision == HIDE_CONFLICT.name:
        review.state = State.PUBLISHED
        transitions.move(review, State.HIDDEN, by=by, reason=reason)
        return
    rows = by_authors(Review.objects.filter(pk=review.pk, revision=review.revision))
    if not rows.update(is_kept=True, revision=F("revision") + 1):
        raise transitions.NotPossible(
            gettext("It was changed since you looked at it. Read it again.")
        )
    transitions.note(review, by=by, reason=f"By an author of the paper, and kept. {reason}".strip())


def reply_rows() -> QuerySet[Reply]:
    public = Reply.objects.filter(review__paper__in=Paper.objects.visible_to(None))
    return public.select_related("review__paper", "author")


def reply_summary(reply: Reply) -> str:
    return gettext("To a review of {title}").format(title=reply.review.paper.title)


def reply_url(reply: Reply) -> str:
    return reply.get_absolute_url()


def reply_texts(replies: Sequence[Reply]) -> dict[int, str]:
    cited = cites.resolve((reply.review.paper_id, reply.text) for reply in replies)
    return {
        reply.pk: markdown.html(reply.text, cited=cited, paper_id=reply.review.paper_id)
        for reply in replies
    }


def _versions(reviews: Sequence[Review], column: str) -> dict[int, ReviewVersion]:
    versions = ReviewVersion.objects.filter(
        review__in=[review.pk for review in reviews], number=F(f"review__{column}")
    )
    return {version.review_id: version for version in versions}
