"""Editing a workshop block by block: drafts are kept beside it, the public is written to it.

Whatever is not public stands in WorkshopBlock.content and nowhere else, so that no list, search,
calendar or feed can tell it. Publishing writes it as a correction would: checked, remembered by
the history, seen by the next load of the data files as an edit of the site.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import is_curator, is_member
from papers.curation.editing import checked, fields_of, write_fields
from papers.history import act
from papers.models import Workshop, WorkshopBlock, WorkshopNotice
from papers.workshops.blocks import BLOCKS, Block, empty
from papers.workshops.moving import moved, told_moves, with_codes

Fields = dict[str, Any]
State = WorkshopBlock.State


class ChangedMeanwhile(Exception):
    """Somebody else saved the block since it was read; the text says who."""


def may_edit(workshop: Workshop, user: Visitor) -> bool:
    """Organisers edit theirs; curators edit what is public."""
    if not is_member(user):
        return False
    if is_curator(user) and workshop.is_public:
        return True
    return workshop.organisers.filter(user=user).exists()


def working_copy(workshop: Workshop) -> Fields:
    """Everything as its organisers last saved it, public or not."""
    fields = fields_of(workshop)
    for block in workshop.blocks.all():
        fields |= block.content or {}
    return with_names(fields)


def with_names(fields: Fields) -> Fields:
    """The dates and entries of the programme among the fields with codes, by which they are
    known again."""
    coded = dict(fields)
    for name in {"important_dates", "schedule"} & set(fields):
        entries = fields[name]
        words = [entry.get("label") or entry.get("title") or "" for entry in entries]
        if name == "schedule":
            words = [entry.get("title") or entry.get("label") or "" for entry in entries]
        coded[name] = with_codes(entries, words)
    return coded


def digest_of(block: Block, fields: Mapping[str, Any]) -> str:
    """Names what the block says, so that a form can tell whether it was changed since."""
    content = json.dumps({name: fields.get(name) for name in block.fields}, sort_keys=True)
    return hashlib.sha256(content.encode()).hexdigest()[:16]


@transaction.atomic
def save_block(
    workshop: Workshop,
    block: Block,
    fields: Fields,
    *,
    by: User,
    state: str = State.PUBLIC,
    show_from: dt.datetime | None = None,
    hide_after: dt.datetime | None = None,
    seen: str = "",
) -> WorkshopBlock:
    """Keep what was typed; write it to the workshop if it is public by now.

    seen: digest of what the typing began with. Raises CannotWrite for fields that are not right,
    ChangedMeanwhile when somebody saved the block since it was `seen`.
    """
    Workshop.objects.select_for_update().get(pk=workshop.pk)
    row = WorkshopBlock.objects.filter(workshop=workshop, code=block.code).first()
    if seen and seen != digest_of(block, working_copy(workshop)):
        name = row.changed_by.get_username() if row and row.changed_by else "Somebody"
        raise ChangedMeanwhile(
            gettext("{name} changed this part since you opened it.").format(name=name)
        )
    values = checked("workshop", {name: fields[name] for name in block.fields if name in fields})
    row = row or WorkshopBlock(workshop=workshop, code=block.code)
    row.content = with_names((row.content or {}) | values)
    row.state, row.changed_by, row.changed_at = state, by, timezone.now()
    row.show_from = show_from if state == State.SCHEDULED else None
    row.hide_after = hide_after if block.may_hide else None
    row.save()
    settle(workshop, by=by)
    row.refresh_from_db()
    return row


def amend(workshop: Workshop, block: Block, fields: Fields, *, by: User) -> None:
    """Change a block and leave it as public, draft or scheduled as it is. Raises CannotWrite."""
    row = WorkshopBlock.objects.filter(workshop=workshop, code=block.code).first()
    save_block(
        workshop,
        block,
        fields,
        by=by,
        state=row.state if row else State.PUBLIC,
        show_from=row.show_from if row else None,
        hide_after=row.hide_after if row else None,
    )


@transaction.atomic
def hold(workshop: Workshop, fields: Fields, *, by: User | None = None) -> None:
    """Keep fields as drafts of their blocks, without making any of them public."""
    for block in BLOCKS.values():
        own = {name: fields[name] for name in block.fields if name in fields}
        if own:
            row = WorkshopBlock.objects.filter(workshop=workshop, code=block.code).first()
            row = row or WorkshopBlock(workshop=workshop, code=block.code)
            row.content, row.state = with_names((row.content or {}) | own), State.DRAFT
            row.changed_by, row.changed_at = by, timezone.now()
            row.save()


@transaction.atomic
def take_back(workshop: Workshop, block: Block, *, by: User | None) -> None:
    """Take a block off the public page; what it said becomes its draft."""
    row, _ = WorkshopBlock.objects.select_for_update().get_or_create(
        workshop=workshop, code=block.code
    )
    row.content = _of(block, working_copy(workshop))
    row.state, row.show_from, row.hide_after = State.DRAFT, None, None
    row.save()
    if workshop.is_public:
        _write(workshop, empty(block), by, f"{block.title[:]}: taken off the page")


def settle(workshop: Workshop, *, by: User | None = None, makes_papers: bool = True) -> None:
    """Bring the public page to what the blocks say now. Safe to call at any time.

    makes_papers: whether its accepted papers become papers here.
    """
    if not workshop.is_public:
        return
    now = timezone.now()
    for row in WorkshopBlock.objects.filter(workshop=workshop):
        block = BLOCKS[row.code]
        if row.state == State.SCHEDULED and row.show_from and row.show_from <= now:
            row.state, row.show_from = State.PUBLIC, None
            row.save()
        if row.state != State.PUBLIC:
            continue
        if row.hide_after and row.hide_after <= now:
            take_back(workshop, block, by=None)
        elif row.content is not None:
            _publish_block(workshop, block, row, by, makes_papers)


def settle_due() -> int:
    """Show and hide what is due on all public workshops; returns on how many something was."""
    now = timezone.now()
    due = Q(state=State.SCHEDULED, show_from__lte=now) | Q(
        Q(hide_after__lte=now) | Q(content__isnull=False), state=State.PUBLIC
    )
    rows = WorkshopBlock.objects.filter(due, workshop__state=Workshop.State.PUBLIC)
    pks = set(rows.values_list("workshop", flat=True))
    for pk in pks:
        with transaction.atomic():
            settle(Workshop.objects.select_for_update().get(pk=pk))
    return len(pks)


@transaction.atomic
def publish(workshop: Workshop, *, by: User | None) -> None:
    """Make a workshop public, with those of its blocks that are meant to be."""
    _set_state(workshop, Workshop.State.PUBLIC)
    settle(workshop, by=by)


@transaction.atomic
def take_off(workshop: Workshop, *, by: User | None, waits: bool = False) -> None:
    """Take a workshop off the site; all that it said becomes drafts of its organisers."""
    if workshop.is_public:
        fields = working_copy(workshop)
        for block in BLOCKS.values():
            row, _ = WorkshopBlock.objects.get_or_create(workshop=workshop, code=block.code)
            row.content = _of(block, fields)
            row.save()
            if block.may_hide:
                _write(workshop, empty(block), by, "taken off the site")
    _set_state(workshop, Workshop.State.WAITING if waits else Workshop.State.DRAFT)


def show_all(workshop: Workshop) -> None:
    """Write every draft to the workshop: for a preview, in a transaction that is taken back.

    Papers are not made for it: nothing is at their addresses afterwards.
    """
    workshop.blocks.update(state=State.PUBLIC, hide_after=None, show_from=None)
    _set_state(workshop, Workshop.State.PUBLIC)
    settle(workshop, makes_papers=False)


def _set_state(workshop: Workshop, state: str) -> None:
    Workshop.objects.filter(pk=workshop.pk).update(state=state)
    workshop.state = state


def _of(block: Block, fields: Fields) -> Fields:
    return {name: fields[name] for name in block.fields}


def _publish_block(
    workshop: Workshop, block: Block, row: WorkshopBlock, by: User | None, makes_papers: bool
) -> None:
    before = with_names(fields_of(workshop))
    content = with_names(row.content or {})
    today = timezone.now().date()
    if "important_dates" in content:
        dates = content["important_dates"]
        content["important_dates"] = moved(before["important_dates"], dates, today)
    held: list[Fields] = []
    if "news" in content:
        content["news"], held = _due_news(content["news"])
    changed = {name: value for name, value in content.items() if value != before[name]}
    row.content = {"news": [*content["news"], *held]} if held else None
    row.save()
    if changed:
        reason = f"{block.title[:]}: edited by an organiser"
        _write(workshop, changed, by, reason, makes_papers=makes_papers)
        _tell(workshop, block, before, changed)


def _due_news(items: list[Fields]) -> tuple[list[Fields], list[Fields]]:
    """What of the news is public by now, and what is kept back: drafts, and what is scheduled."""
    today = timezone.now().date().isoformat()
    held = [item for item in items if item.get("draft") or (item.get("date") or "") > today]
    return [item for item in items if item not in held], held


def _write(
    workshop: Workshop,
    fields: Fields,
    by: User | None,
    reason: str,
    *,
    makes_papers: bool = True,
) -> None:
    with act(by=by, reason=reason):
        write_fields(workshop, fields, makes_papers=makes_papers)


def _tell(workshop: Workshop, block: Block, before: Fields, after: Fields) -> None:
    """Put on record what changed, for followers and for the sequence of calendars."""
    if "important_dates" in after:
        sentences = told_moves(before["important_dates"], after["important_dates"])
    elif "news" in after:
        known = [item.get("title") for item in before["news"]]
        sentences = [
            item["title"]
            for item in after["news"]
            if item.get("title") and item["title"] not in known
        ]
    else:
        sentences = [f"{block.title[:]}: changed."]
    for text in sentences or [f"{block.title[:]}: changed."]:
        note_change(workshop, block.code, text)


def note_change(workshop: Workshop, code: str, text: str) -> None:
    """Put on record that a part of the public page changed."""
    WorkshopNotice.objects.create(workshop=workshop, block=code, text=text[:500])
