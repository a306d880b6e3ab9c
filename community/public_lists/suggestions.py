"""What readers would put into a list: told to its keepers, taken with credit or declined."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import NotPossible, is_member
from community.models import ListPlacement, ListSection, ListSuggestion, PublicList, State
from community.public_lists.editing import add_entry
from community.public_lists.letters import tell_decision
from community.public_lists.naming import LONGEST, named_paper
from community.public_lists.rights import may_edit, require_edit

MOST_WAITING = 20
"""Suggestions of one member that may wait, in all lists together."""


def suggest(
    chosen: PublicList, *, by: User, text: str, reason: str, section: ListSection | None = None
) -> ListSuggestion:
    """Suggest a paper for a public list. Raises NotPossible."""
    if not is_member(by):
        raise NotPossible(gettext("Sign in to suggest something."))
    if chosen.state != State.PUBLISHED:
        raise NotPossible(gettext("This list is not public yet."))
    text, reason = text.strip()[:LONGEST], reason.strip()[:2000]
    if not reason:
        raise NotPossible(gettext("Say why it belongs here: the keepers decide by that."))
    named_paper(text, by)
    waiting = ListSuggestion.objects.filter(by=by, state=ListSuggestion.State.WAITING)
    if waiting.filter(public_list=chosen, text=text).exists():
        raise NotPossible(gettext("You suggested this already; it waits for the keepers."))
    if waiting.count() >= MOST_WAITING:
        raise NotPossible(
            gettext("{most_waiting} of your suggestions wait already. Try again later.").format(
                most_waiting=MOST_WAITING
            )
        )
    return ListSuggestion.objects.create(
        public_list=chosen, by=by, text=text, reason=reason, section=section
    )


def suggestions_for(chosen: PublicList, viewer: Visitor) -> QuerySet[ListSuggestion]:
    """Those that wait, for keepers; one's own, whatever came of them, for everybody else."""
    rows = chosen.suggestions.select_related("by__profile", "section")
    if may_edit(chosen, viewer):
        return rows.filter(state=ListSuggestion.State.WAITING)
    return rows.filter(by=viewer.pk) if is_member(viewer) else rows.none()


@transaction.atomic
def take(suggestion: ListSuggestion, *, by: User) -> ListPlacement:
    """Put it into the list, with credit. Raises NotPossible, also when somebody was first."""
    waiting = _waiting(suggestion, by)
    paper, values = named_paper(waiting.text, by)
    entry = add_entry(
        waiting.public_list,
        by=by,
        section=waiting.section,
        paper=paper,
        suggested_by=waiting.by,
        **values,
    )
    _decide(waiting, ListSuggestion.State.ACCEPTED, by, "")
    tell_decision(waiting.by, waiting.public_list, waiting.text, taken=True)
    return entry


@transaction.atomic
def decline(suggestion: ListSuggestion, *, by: User, answer: str) -> None:
    """Not taken; its author reads why, here and by mail. Raises NotPossible."""
    if not answer.strip():
        raise NotPossible(gettext("Tell why it is not taken."))
    row = _waiting(suggestion, by)
    _decide(row, ListSuggestion.State.DECLINED, by, answer)
    tell_decision(row.by, row.public_list, row.text, taken=False, answer=answer)


def _waiting(suggestion: ListSuggestion, by: User) -> ListSuggestion:
    require_edit(suggestion.public_list, by)
    row = ListSuggestion.objects.select_for_update(of=("self",)).get(pk=suggestion.pk)
    if row.state != ListSuggestion.State.WAITING:
        raise NotPossible(gettext("Another keeper decided about it already."))
    return row


def _decide(row: ListSuggestion, state: str, by: User, answer: str) -> None:
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.answer = answer.strip()[:2000]
    row.save()
