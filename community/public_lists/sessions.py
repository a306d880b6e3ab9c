"""The reading log of a public list: keepers write it, members propose, keepers decide."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts.models import User, Visitor
from accounts.roles import NotPossible, is_member
from community.list_files.links import tidy_address
from community.models import PublicList, ReadingSession, State
from community.public_lists.history import recorded
from community.public_lists.letters import tell_decision
from community.public_lists.naming import named_paper
from community.public_lists.rights import may_edit, require_edit
from papers.models import Paper

MOST_SESSIONS = 2000
MOST_WAITING = 20
"""Proposals of one member that may wait, in all lists together."""
Values = Mapping[str, Any]


def sessions_of(chosen: PublicList, viewer: Visitor) -> QuerySet[ReadingSession]:
    """The public log as `viewer` may see it, the newest first, with papers."""
    papers = Paper.objects.visible_to(viewer).select_related("venue")
    rows = ReadingSession.objects.public(viewer).filter(public_list=chosen)
    return rows.prefetch_related(Prefetch("paper", papers))


def waiting_for(chosen: PublicList, viewer: Visitor) -> QuerySet[ReadingSession]:
    """What waits, for keepers; one's own proposals, whatever came of them, for everybody else."""
    papers = Paper.objects.visible_to(viewer)
    seen = Q(paper=None) | Q(paper__in=Paper.objects.visible_to(viewer))
    rows = ReadingSession.objects.filter(seen, public_list=chosen).select_related("by__profile")
    rows = rows.prefetch_related(Prefetch("paper", papers))
    if may_edit(chosen, viewer):
        return rows.filter(state=ReadingSession.State.WAITING)
    own = rows.exclude(state=ReadingSession.State.PUBLIC)
    return own.filter(by=viewer.pk) if is_member(viewer) else rows.none()


def add_session(chosen: PublicList, *, by: User, **values: Any) -> ReadingSession:
    """A keeper's entry is public at once; anybody else's waits for a keeper. Raises NotPossible."""
    if not is_member(by):
        raise NotPossible(gettext("Sign in to add to the log."))
    checked = _checked(values, by, new=True)
    if may_edit(chosen, by):
        if chosen.log.count() >= MOST_SESSIONS:
            raise NotPossible(
                gettext("A log holds at most {most_sessions} entries.").format(
                    most_sessions=MOST_SESSIONS
                )
            )
        with recorded(chosen, by, gettext_noop("The reading log: an entry added.")):
            return ReadingSession.objects.create(
                public_list=chosen, by=by, public_at=timezone.now(), **checked
            )
    if chosen.state != State.PUBLISHED:
        raise NotPossible(gettext("This list is not public yet."))
    own = ReadingSession.objects.filter(by=by, state=ReadingSession.State.WAITING)
    if own.count() >= MOST_WAITING:
        raise NotPossible(
            gettext("{most_waiting} of your proposals wait already. Try again later.").format(
                most_waiting=MOST_WAITING
            )
        )
    waits = ReadingSession.State.WAITING
    return ReadingSession.objects.create(public_list=chosen, by=by, state=waits, **checked)


def change_session(session: ReadingSession, *, by: User, **values: Any) -> None:
    """Change what is given. Raises NotPossible."""
    chosen = session.public_list
    require_edit(chosen, by)
    checked = _checked(values, by, new=False)
    title = checked.get("title", session.title)
    if not title and checked.get("paper", session.paper_id) is None:
        raise NotPossible(gettext("Name the paper."))
    with recorded(chosen, by, gettext_noop("The reading log: an entry changed.")):
        ReadingSession.objects.filter(pk=session.pk).update(**checked)


def remove_session(session: ReadingSession, *, by: User) -> None:
    """Take it out of the log; the change can be undone."""
    require_edit(session.public_list, by)
    with recorded(session.public_list, by, gettext_noop("The reading log: an entry taken out.")):
        session.delete()


@transaction.atomic
def confirm(session: ReadingSession, *, by: User) -> None:
    """Let everybody see what a member proposed. Raises NotPossible, also when too late."""
    row = _waiting(session, by)
    with recorded(row.public_list, by, gettext_noop("The reading log: a proposed entry taken in.")):
        row.state, row.public_at = ReadingSession.State.PUBLIC, timezone.now()
        row.save()
    tell_decision(row.by, row.public_list, row.shown_title, taken=True)


@transaction.atomic
def decline(session: ReadingSession, *, by: User, answer: str) -> None:
    """Not taken; who proposed it reads why, here and by mail. Raises NotPossible."""
    if not answer.strip():
        raise NotPossible(gettext("Tell why it is not taken."))
    row = _waiting(session, by)
    row.state, row.answer = ReadingSession.State.DECLINED, answer.strip()[:2000]
    row.save()
    tell_decision(row.by, row.public_list, row.shown_title, taken=False, answer=answer)


def _waiting(session: ReadingSession, by: User) -> ReadingSession:
    require_edit(session.public_list, by)
    rows = ReadingSession.objects.select_for_update(of=("self",))
    row = rows.select_related("by", "public_list").get(pk=session.pk)
    if row.state != ReadingSession.State.WAITING:
        raise NotPossible(gettext("Another keeper decided about it already."))
    return row


def _checked(values: Values, by: User, *, new: bool) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    if "date" in values or new:
        checked["date"] = _date(values.get("date", ""))
    if "paper" in values or new:
        paper, printed = named_paper(str(values.get("paper") or ""), by)
        checked["paper"], checked["title"] = paper, printed.get("title", "")[:500]
    if "presenter" in values:
        checked["presenter"] = " ".join(str(values["presenter"] or "").split())[:200]
    for name in ("slides", "recording"):
        if name in values:
            checked[name] = _address(str(values[name] or ""))
    if "notes" in values:
        text = str(values["notes"] or "").replace("\x00", "").replace("\r\n", "\n")
        checked["notes"] = text.strip()[:4000]
    return checked


def _date(given: object) -> dt.date:
    if isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(str(given).strip())
    except ValueError as error:
        raise NotPossible(gettext("Give the day as 2026-11-30.")) from error


def _address(text: str) -> str:
    if not text.strip():
        return ""
    address, _ = tidy_address(text.strip())
    if not address or len(address) > 500:
        raise NotPossible(gettext("“{value}” is no address.").format(value=text[:60]))
    return address
