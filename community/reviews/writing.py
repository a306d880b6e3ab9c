"""Writing a review: starting, saving drafts that never overwrite a newer one, handing in."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible
from accounts.words import Words
from community.models import Review, ReviewDraft, ReviewVersion, State
from community.moderation import limits, transitions
from community.reviews.content import SIGNED, Content, problems, too_long
from community.reviews.forms import Form, form
from community.reviews.identities import is_author_of
from papers.models import Paper

MOST_DRAFTS = 40
_WROTE_IT = Words("You wrote this paper. You can answer its reviews instead.")
EDITABLE = (State.DRAFT, State.PENDING, State.PUBLISHED, State.DECLINED, State.HIDDEN)


class Stale(Exception):
    """Another tab saved something newer; `draft` is what it saved."""

    def __init__(self, draft: ReviewDraft) -> None:
        super().__init__(
            gettext("Another tab or device saved a newer draft. Nothing was overwritten.")
        )
        self.draft = draft


class Incomplete(Exception):
    """Not yet fit to be handed in; `problems` by field name, texts for the author."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__(gettext("Some answers are missing or too long."))
        self.problems = problems


def form_of(review: Review) -> Form:
    """The form of a review. Raises LookupError if its file is gone."""
    known = form(review.form)
    if known is None:
        raise LookupError(f"There is no form {review.form}.")
    return known


def living(paper: Paper, chosen: Form, year: int, by: User) -> Review | None:
    """The review that `by` has of the paper on this form and year, in whatever state."""
    mine = Review.objects.filter(author=by, paper=paper, form=chosen.key, year=year)
    return mine.exclude(state=State.WITHDRAWN).first()


@transaction.atomic
def start(
    paper: Paper,
    chosen: Form,
    year: int,
    *,
    by: User,
    content: Content | None = None,
    **fields: Any,
) -> Review:
    """A new draft. fields: `origin`, `source_url`, `source_checked`, `printed` of a pasted one.

    Raises NotPossible when there is one already, or the account is the paper's author.
    """
    if not chosen.suits(year):
        raise NotPossible(
            gettext("The form {title} was not used in {year}.").format(
                title=chosen.title, year=year
            )
        )
    if is_author_of(by, paper):
        raise NotPossible(_WROTE_IT)
    if Review.objects.filter(author=by, state=State.DRAFT).count() >= MOST_DRAFTS:
        raise NotPossible(
            gettext("You have {most_drafts} drafts. Finish or discard one first.").format(
                most_drafts=MOST_DRAFTS
            )
        )
    if content and too_long(chosen, content):
        raise NotPossible(gettext("One of the texts is far longer than the form allows."))
    try:
        with transaction.atomic():
            review = Review.objects.create(
                paper=paper, form=chosen.key, year=year, author=by, **fields
            )
    except IntegrityError as error:
        raise NotPossible(
            gettext("You have a review of this paper on this form already.")
        ) from error
    ReviewDraft.objects.create(review=review, content=(content or Content()).row)
    return review


def draft_of(review: Review) -> ReviewDraft:
    return ReviewDraft.objects.get(review=review)


def save_draft(
    review: Review, content: Content, *, by: User, sequence: int, tab: str
) -> ReviewDraft:
    """Keep what is written, if nobody saved anything newer than `sequence`.

    tab: names the browser tab; its own earlier save, whose answer was lost, does not stand in its
    way. Raises Stale or NotPossible.
    """
    _editable(review, by)
    if too_long(form_of(review), content):
        raise NotPossible(gettext("This is far longer than the form allows; it was not saved."))
    mine = Q(sequence=sequence)
    if tab:
        mine |= Q(tab=tab, sequence__gte=sequence)
    kept = ReviewDraft.objects.filter(mine, review=review)
    saved = kept.update(
        content=content.row,
        sequence=F("sequence") + 1,
        tab=tab,
        saved_at=timezone.now(),
        is_handed_in=False,
    )
    draft = draft_of(review)
    if not saved:
        raise Stale(draft)
    return draft


@transaction.atomic
def hand_in(
    review: Review, content: Content, *, by: User, sequence: int, tab: str = "", reason: str = ""
) -> ReviewVersion:
    """Make a version of what is written and bring it before a moderator, or the public.

    reason: why a declined review should be looked at again. Raises Incomplete, Stale, NotPossible.
    """
    _editable(review, by)
    if is_author_of(by, review.paper):
        raise NotPossible(_WROTE_IT)
    if wrong := problems(form_of(review), content, review.paper, set(review.printed)):
        raise Incomplete(wrong)
    save_draft(review, content, by=by, sequence=sequence, tab=tab)
    version = _new_version(review, content)
    if review.state in (State.DRAFT, State.DECLINED, State.HIDDEN):
        transitions.submit(review, by=by, reason=reason)
    elif review.state == State.PUBLISHED:
        _show_or_wait(review, by)
    ReviewDraft.objects.filter(review=review).update(is_handed_in=True)
    return version


def withdraw(review: Review, *, by: User, reason: str = "") -> None:
    """Take a review, or a draft of one, away from everybody; `restore` undoes it."""
    transitions.move(review, State.WITHDRAWN, by=by, reason=reason)


def restore(review: Review, *, by: User) -> None:
    """Undo a withdrawal: the review stands where it stood."""
    try:
        with transaction.atomic():
            transitions.restore(review, by=by)
    except IntegrityError as error:
        raise NotPossible(gettext("You have written another review on this form since.")) from error


def _editable(review: Review, by: User) -> None:
    if review.author_id != by.pk:
        raise NotPossible(gettext("This is not your review."))
    if review.state not in EDITABLE:
        raise NotPossible(gettext("You withdrew this review. Undo that first."))


def _new_version(review: Review, content: Content) -> ReviewVersion:
    """Add a version; one update decides its number, so two tabs cannot make the same one."""
    chosen = form_of(review)
    unchanged = Review.objects.filter(pk=review.pk, state=review.state, latest=review.latest)
    waits_anew = {"state_since": timezone.now()} if review.state == State.PUBLISHED else {}
    choices = {
        "signed": content.name == SIGNED,
        "conflict": content.conflict,
        "conflict_text": content.conflict_text if content.conflict == Review.Conflict.SOME else "",
    }
    # What was public stays as it was shown, until the newer version is.
    shown_at_once = {} if review.public else choices
    moved = unchanged.update(
        **waits_anew, **shown_at_once, latest=F("latest") + 1, revision=F("revision") + 1
    )
    if not moved:
        raise NotPossible(gettext("This review was changed a moment ago. Load the page again."))
    review.refresh_from_db()
    return ReviewVersion.objects.create(
        review=review,
        number=review.latest,
        values=content.values,
        rating=content.values.get(chosen.rating, ""),
        confidence=content.values.get(chosen.confidence, ""),
        **choices,
    )


def _show_or_wait(review: Review, by: User) -> None:
    """A change of a public review: shown at once if its author is trusted, else it waits."""
    if limits.is_trusted(by):
        review.show_newest()
        transitions.note(review, by=None, reason=transitions.TRUSTED)
