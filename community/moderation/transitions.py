"""Moving a contribution from state to state: by one conditional update, with its act on record.

Two moderators in the same second: one update finds the row as its reader saw it and wins, the
other finds it moved and is told who was first. Authors hand a contribution in with `submit`, which
also keeps the limits of new accounts.
"""

from __future__ import annotations

from collections.abc import Collection

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible
from community.models import Act, Moderated, State
from community.moderation import limits
from community.moderation.access import ITS_AUTHOR, NOT_ALLOWED, READ_NAME, access, barred, name_of

# (from, to) and who may: the author, a moderator.
AUTHOR, MODERATOR = "author", "moderator"
MOVES: dict[tuple[str, str], str] = {
    (State.DRAFT, State.PENDING): AUTHOR,
    (State.DRAFT, State.WITHDRAWN): AUTHOR,
    (State.PENDING, State.DRAFT): AUTHOR,
    (State.PENDING, State.WITHDRAWN): AUTHOR,
    (State.PENDING, State.PUBLISHED): MODERATOR,
    (State.PENDING, State.DECLINED): MODERATOR,
    (State.PUBLISHED, State.WITHDRAWN): AUTHOR,
    (State.PUBLISHED, State.HIDDEN): MODERATOR,
    (State.HIDDEN, State.PUBLISHED): MODERATOR,
    (State.DECLINED, State.PENDING): AUTHOR,  # an appeal, or a better version
    (State.HIDDEN, State.PENDING): AUTHOR,
    (State.WITHDRAWN, State.PENDING): AUTHOR,
    (State.WITHDRAWN, State.HIDDEN): MODERATOR,  # reported, and withdrawn before it was looked at
}
REFUSED = (State.DECLINED, State.HIDDEN)
NEED_REASON = set(REFUSED)
TRUSTED = "Published at once: a trusted member wrote it."


@transaction.atomic
def move(contribution: Moderated, to: str, *, by: User, reason: str = "") -> Act:
    """Bring `contribution` from the state it was read in to `to`.

    Raises NotPossible when `by` may not, when a reason is missing, or when the row has been moved
    since it was read. The given object is brought up to date.
    """
    _check(contribution, contribution.state, to, by, reason)
    return _moved(contribution, to, by, reason)


@transaction.atomic
def submit(contribution: Moderated, *, by: User, reason: str = "", trusted: bool = False) -> Act:
    """Hand `contribution` in: a draft, a better version of a declined one, or an appeal.

    It waits for a moderator, or is public at once when the site trusts its author
    (`limits`), or its kind does (`trusted`). Raises NotPossible as `move` does, and when `by` has
    sent too much today.
    """
    if contribution.author_id == by.pk and (refusal := limits.too_much(by)):
        raise NotPossible(refusal)
    again = contribution.state != State.DRAFT
    act = move(contribution, State.PENDING, by=by, reason=reason)
    if not again and (trusted or limits.is_trusted(by)):
        act = _moved(contribution, State.PUBLISHED, None, TRUSTED)
    return act


def appeal(contribution: Moderated, *, by: User, reason: str) -> Act:
    """Ask for another look at what was declined or hidden, as it is. Raises NotPossible."""
    if contribution.state not in REFUSED:
        raise NotPossible(gettext("There is no decision to appeal against."))
    if not reason.strip():
        raise NotPossible(gettext("Say why it should be looked at again."))
    return submit(contribution, by=by, reason=reason)


def refusals(model: type[Model], pks: Collection[int]) -> dict[int, str]:
    """What a moderator last gave as the reason for declining or hiding each contribution."""
    if not pks:
        return {}
    kind = ContentType.objects.get_for_model(model)
    acts = Act.objects.filter(kind=kind, object_id__in=pks, after__in=REFUSED).order_by("pk")
    return dict(acts.values_list("object_id", "reason"))


@transaction.atomic
def restore(contribution: Moderated, *, by: User) -> Act:
    """Undo one's own withdrawal: back to the state that it ended, unchanged since."""
    last = moves_of(contribution).last()
    if contribution.author_id != by.pk:
        raise NotPossible(NOT_ALLOWED)
    if last is None or contribution.state != State.WITHDRAWN or last.after != State.WITHDRAWN:
        raise NotPossible(gettext("There is no withdrawal to undo."))
    if refusal := barred(contribution):
        raise NotPossible(refusal)
    return _moved(contribution, last.before, by, "Withdrawal undone.")


def note(contribution: Moderated, *, by: User | None, reason: str) -> Act:
    """Put on record what changed nothing of the state: an accepted change, a dismissed report."""
    return _recorded(contribution, contribution.state, contribution.state, by, reason)


def acts_of(contribution: Moderated) -> QuerySet[Act]:
    """The life of a contribution, oldest first."""
    kind = ContentType.objects.get_for_model(type(contribution))
    return Act.objects.filter(kind=kind, object_id=contribution.pk).select_related("by")


def moves_of(contribution: Moderated) -> QuerySet[Act]:
    """Its moves from state to state, oldest first."""
    return acts_of(contribution).exclude(before=F("after"))


def may_move(contribution: Moderated, to: str, by: User) -> bool:
    """Whether `by` has the right to this move. Nobody moderates what they wrote themselves."""
    who = MOVES.get((contribution.state, to))
    if who == AUTHOR:
        return contribution.author_id == by.pk
    return who == MODERATOR and access(contribution, by).decides


@transaction.atomic
def read_name(contribution: Moderated, *, by: User) -> str:
    """Who wrote it, told to one moderator; that they looked is put on record.

    Raises NotPossible for everybody else.
    """
    if refusal := access(contribution, by).refusal:
        raise NotPossible(refusal)
    note(contribution, by=by, reason=READ_NAME)
    return contribution.author.get_username()


def _moved(contribution: Moderated, to: str, by: User | None, reason: str) -> Act:
    """The conditional update; `by` is None when the site itself acts."""
    before, kind, moment = contribution.state, type(contribution), timezone.now()
    unchanged = kind._default_manager.filter(
        pk=contribution.pk, state=before, revision=contribution.revision
    )
    if not unchanged.update(state=to, state_since=moment, revision=F("revision") + 1):
        raise NotPossible(who_was_first(contribution))
    contribution.refresh_from_db(fields=["state", "state_since", "revision"])
    act = _recorded(contribution, before, to, by, reason)
    contribution.moved(act)
    return act


def _recorded(
    contribution: Moderated, before: str, after: str, by: User | None, reason: str
) -> Act:
    return Act.objects.create(
        kind=ContentType.objects.get_for_model(type(contribution)),
        object_id=contribution.pk,
        before=before,
        after=after,
        by=by,
        reason=reason.strip(),
    )


def _check(contribution: Moderated, before: str, to: str, by: User, reason: str) -> None:
    if (before, to) not in MOVES:
        raise NotPossible(
            gettext("What is {label} cannot become {label2}.").format(
                label=State(before).label, label2=State(to).label
            )
        )
    if not may_move(contribution, to, by):
        by_moderators = MOVES[before, to] == MODERATOR
        raise NotPossible(access(contribution, by).refusal if by_moderators else NOT_ALLOWED)
    if to in (State.PENDING, State.PUBLISHED) and (refusal := barred(contribution)):
        raise NotPossible(refusal)
    if to in NEED_REASON and not reason.strip():
        raise NotPossible(gettext("Give the author a reason."))


def who_was_first(contribution: Moderated) -> str:
    """Why a conditional update of `contribution`, as it was read, found nothing to change."""
    now = (
        type(contribution)
        ._default_manager.filter(pk=contribution.pk)
        .values_list("state", flat=True)
        .first()
    )
    last = moves_of(contribution).last()
    if last is None or now == contribution.state or now != last.after:
        return gettext("It was changed since you looked at it. Read it again, then decide.")
    name = name_of(last, contribution) or gettext("The site")
    name = name[0].upper() + name[1:] if name == ITS_AUTHOR else name
    told = gettext("{name} was first: it is {state} since {time} UTC.")
    return told.format(name=name, state=State(last.after).label, time=f"{last.at:%H:%M:%S}")
