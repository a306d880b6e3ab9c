"""What others do with a review: answer it, and mark it as helpful."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible
from community.models import HelpfulMark, Reply, Review, State
from community.moderation import transitions
from community.text import cites

LONGEST_REPLY = 20_000
DEEPEST = 8


@transaction.atomic
def reply(review: Review, text: str, *, by: User, parent: Reply | None = None) -> Reply:
    """Answer a public review, or a public reply to it. It waits for a moderator as all does.

    Raises NotPossible.
    """
    words = words_of(text)
    if review.state != State.PUBLISHED:
        raise NotPossible(gettext("Only public reviews can be answered."))
    if parent is not None and (parent.review_id != review.pk or parent.state != State.PUBLISHED):
        raise NotPossible(gettext("What you answer is not public any more."))
    check_cites(review, words)
    made = Reply.objects.create(review=review, parent=_above(parent), text=words, author=by)
    transitions.submit(made, by=by)
    return made


def words_of(text: str) -> str:
    """The text as it is kept. Raises NotPossible for none and for too much."""
    words = text.replace("\x00", "").strip()
    if not words:
        raise NotPossible(gettext("Write something first."))
    if len(words) > LONGEST_REPLY:
        raise NotPossible(
            gettext("{words} characters; at most {longest_reply} are possible.").format(
                words=len(words), longest_reply=LONGEST_REPLY
            )
        )
    return words


def check_cites(review: Review, words: str) -> None:
    """Raise NotPossible when the words cite what does not exist."""
    if lost := cites.missing(review.paper, [words]):
        raise NotPossible(gettext("Nothing here is called {lost}.").format(lost=", ".join(lost)))


def withdraw_reply(made: Reply, *, by: User) -> None:
    """Take one's own reply away; answers to it stay."""
    transitions.move(made, State.WITHDRAWN, by=by)


def restore_reply(made: Reply, *, by: User) -> None:
    """Undo the withdrawal: the reply stands where it stood."""
    transitions.restore(made, by=by)


@dataclass(frozen=True)
class Helpful:
    """How many members marked a review, and whether the one who asks did."""

    count: int
    marked: bool


def helpful(review: Review, *, by: User) -> Helpful:
    """The marks of a review as `by` sees them."""
    marks = HelpfulMark.objects.filter(review=review)
    return Helpful(marks.count(), marks.filter(by=by).exists())


def mark_helpful(review: Review, *, by: User, wanted: bool) -> None:
    """Mark a public review as helpful, or take the mark back. Raises NotPossible."""
    if review.author_id == by.pk:
        raise NotPossible(gettext("This is your own review."))
    if review.state != State.PUBLISHED:
        raise NotPossible(gettext("Only public reviews can be marked."))
    if wanted:
        HelpfulMark.objects.get_or_create(review=review, by=by)
    else:
        HelpfulMark.objects.filter(review=review, by=by).delete()


def toggle_helpful(review: Review, *, by: User) -> bool:
    """The other of the two; whether it is marked now."""
    wanted = not helpful(review, by=by).marked
    mark_helpful(review, by=by, wanted=wanted)
    return wanted


def _above(parent: Reply | None) -> Reply | None:
    """The parent, or its own parent where the thread would become too deep to read."""
    depth, above = 0, parent
    while above is not None:
        depth, above = depth + 1, above.parent
    return parent.parent if parent is not None and depth >= DEEPEST else parent
