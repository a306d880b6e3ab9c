"""The desk of a workshop's organisers, and the form of each block."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.roles import is_curator, signed_in
from accounts.words import Words
from community.models import State, WorkshopRequest
from community.moderation.transitions import refusals
from community.text.markdown import html
from community.workshops import author_links, making
from kb.pages.workshops import views as reading_views
from kb.pages.workshops.editing import reading
from kb.pages.workshops.editing.forms import FORMS
from kb.pages.workshops.editing.inputs import list_at
from kb.pages.workshops.editing.pictures import with_pictures
from papers.curation.editing import CannotWrite
from papers.curation.workshop_blocks import (
    ChangedMeanwhile,
    digest_of,
    may_edit,
    save_block,
    settle,
    show_all,
    take_back,
    working_copy,
)
from papers.models import Workshop, WorkshopBlock
from papers.workshops.blocks import BLOCKS, Block, missing
from papers.workshops.clocks import closed_gap, oddities
from papers.workshops.placeholders import placeholders_in
from papers.workshops.programme import zone_of
from papers.workshops.structure import roles_of
from papers.workshops.topics import topics_in
from taxonomy.models import Topic

ZONES = (
    *("AoE", "UTC", "America/Los_Angeles", "America/New_York", "Europe/London", "Europe/Paris"),
    *("Europe/Vienna", "Asia/Kolkata", "Asia/Shanghai", "Asia/Seoul", "Asia/Tokyo"),
    *("Australia/Sydney", "Pacific/Honolulu"),
)


def own_workshop(request: HttpRequest, slug: str) -> Workshop:
    """The workshop, if this reader edits it; else there is nothing at the address."""
    workshop = Workshop.objects.visible_to(request.user).filter(slug=slug).first()
    if workshop is None or not may_edit(workshop, request.user):
        raise Http404(gettext("There is no workshop of yours at this address."))
    return workshop


@require_safe
@never_cache
@login_required
def desk(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything of one workshop: its blocks, what is missing, its organisers, its state."""
    workshop = own_workshop(request, slug)
    settle(workshop)
    fields = working_copy(workshop)
    workshop_request = making.request_of(workshop)
    rows = {row.code: row for row in workshop.blocks.select_related("changed_by")}
    previous = workshop.previous_edition
    context = {
        "section": "workshops",
        "workshop": workshop,
        "name": fields["name"],
        "parts": [
            (block, rows.get(block.code), _filled(block, fields), block in missing(fields))
            for block in BLOCKS.values()
        ],
        "asked": workshop_request,
        "refusal": _refusal(workshop_request),
        "is_author": workshop_request is not None and workshop_request.author_id == request.user.pk,
        "curates": is_curator(request.user),
        "organisers": workshop.organisers.select_related("user__profile"),
        "waiting": sum(rows.count() for rows in author_links.waiting(workshop)),
        "roles_before": roles_of(working_copy(previous)) if previous else [],
    }
    return render(request, "workshops/editing/desk.html", context)


def _filled(block: Block, fields: dict[str, Any]) -> str:
    """How much a block says, in words."""
    form = FORMS[block.code]
    if form.rows is not None:
        count = len(list_at(fields, form.rows))
        if count:
            return f"{count} {form.rows.noun if count == 1 else form.rows.nouns}"
    return gettext("filled") if any(fields.get(name) for name in block.fields) else gettext("empty")


def _refusal(workshop_request: WorkshopRequest | None) -> str:
    """Why a moderator declined it, in their words."""
    if workshop_request is None or workshop_request.state not in (State.DECLINED, State.HIDDEN):
        return ""
    return refusals(type(workshop_request), [workshop_request.pk]).get(workshop_request.pk, "")


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """One block: its boxes and entries, and when it is public. A POST saves, or shows it again."""
    workshop = own_workshop(request, slug)
    if code not in BLOCKS:
        raise Http404(gettext("A workshop has no such part."))
    chosen, fields = BLOCKS[code], working_copy(workshop)
    if request.method != "POST":
        start = number_in(request.GET.get("from", ""))
        sheet = reading.shown(FORMS[code], fields, start, number_in(request.GET.get("new", "")))
        return _form(request, workshop, chosen, sheet)
    data, wrong = with_pictures(request, workshop)
    sheet = reading.sent(FORMS[code], data, fields)
    sheet.tell_at(wrong)
    act = request.POST.get("do", "save")
    if act == "check":
        return render(request, "workshops/editing/_told.html", _told(workshop, chosen, sheet))
    if act == "take-off":
        take_back(workshop, chosen, by=signed_in(request.user))
        messages.success(
            request, gettext("{title}: off the page, kept as a draft.").format(title=chosen.title)
        )
        return to_desk(workshop)
    return _save(request, workshop, chosen, sheet, act)


def _save(
    request: HttpRequest, workshop: Workshop, chosen: Block, sheet: reading.Sheet, act: str
) -> HttpResponse:
    state, moments, wrong = _when(request, workshop)
    if act.startswith("close-"):
        gone = act.removeprefix("close-")
        sheet.fields["schedule"] = closed_gap(sheet.fields["schedule"], gone)
    if chosen.code == "programme":
        sheet.fields["schedule"] = _by_time(sheet.fields["schedule"])
    try:
        if sheet.told or wrong:
            raise CannotWrite(wrong)
        save_block(
            workshop,
            chosen,
            sheet.fields,
            by=signed_in(request.user),
            state=state,
            seen=request.POST.get("seen", ""),
            **moments,
        )
    except ChangedMeanwhile as problem:
        sheet.told[""] = gettext(
            "{problem} Yours is below; open the part again to see theirs."
        ).format(problem=problem)
        return _form(request, workshop, chosen, sheet, 409)
    except CannotWrite as problem:
        sheet.told |= {"": " ".join(problem.wrong.values())} if problem.wrong else {}
        return _form(request, workshop, chosen, sheet, 422)
    where = (
        "Saved." if state == "public" and workshop.is_public else Words("Saved; not public yet.")
    )
    messages.success(request, where)
    fields = {name: sheet.fields.get(name) for name in chosen.fields}
    for words in placeholders_in(fields)[:3] if state != "draft" else []:
        messages.warning(
            request, f"“{words[:60]}” stands for something to come. Is it for everybody?"
        )
    for oddity in oddities(sheet.fields["schedule"])[:5] if chosen.code == "programme" else []:
        messages.warning(request, oddity)
    if act == "more" or act.startswith("close-"):
        start = request.GET.get("from", "")
        address = reverse("workshop-block", args=[workshop.slug, chosen.code])
        return HttpResponseRedirect(f"{address}?from={number_in(start)}&new=8#new")
    return to_desk(workshop)


def to_desk(workshop: Workshop) -> HttpResponse:
    return HttpResponseRedirect(reverse("workshop-desk", args=[workshop.slug]))


def _by_time(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """In the order of day and time; an entry without a time stays behind the one before it."""
    key, keyed = ("", ""), []
    for place, entry in enumerate(entries):
        if entry.get("start"):
            key = (entry.get("day") or "", entry["start"])
        keyed.append((*key, place))
    return [entries[place] for *_, place in sorted(keyed)]


def _when(
    request: HttpRequest, workshop: Workshop
) -> tuple[str, dict[str, dt.datetime | None], dict[str, str]]:
    """State and moments that were chosen, and what is wrong with them."""
    state = request.POST.get("state", "public")
    state = state if state in WorkshopBlock.State.values else "public"
    wrong: dict[str, str] = {}
    moments = {}
    for name in ("show_from", "hide_after"):
        text = request.POST.get(name, "").strip()
        moments[name] = moment_in(text, workshop)
        if text and moments[name] is None:
            wrong[name] = gettext(
                "“{value}” is no day and time. Type it as 2027-07-23 09:00."
            ).format(value=text[:40])
    if state == "scheduled" and not request.POST.get("show_from", "").strip():
        wrong["show_from"] = Words("Say from when on it is shown.")
    return state, moments, wrong


def moment_in(text: str, workshop: Workshop) -> dt.datetime | None:
    """A day and time in the workshop's zone; in UTC where it has none."""
    try:
        local = dt.datetime.fromisoformat(text)
    except ValueError:
        return None
    return local.replace(tzinfo=local.tzinfo or zone_of(workshop) or dt.UTC)


def number_in(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 5 else 0


def _form(
    request: HttpRequest,
    workshop: Workshop,
    chosen: Block,
    sheet: reading.Sheet,
    status: int = 200,
) -> HttpResponse:
    form = FORMS[chosen.code]
    fields = working_copy(workshop)
    row = WorkshopBlock.objects.filter(workshop=workshop, code=chosen.code).first()
    total = len(list_at(fields, form.rows)) if form.rows else 0
    at_once = form.rows.at_once if form.rows else 1
    zone = zone_of(workshop) or ZoneInfo("UTC")
    context = {
        "section": "workshops",
        "workshop": workshop,
        "part": chosen,
        "form": form,
        "sheet": sheet,
        "row": row,
        "state": request.POST.get("state") or (row.state if row else "public"),
        "show_from": request.POST.get("show_from", _local(row.show_from if row else None, zone)),
        "hide_after": request.POST.get("hide_after", _local(row.hide_after if row else None, zone)),
        "zone": zone.key,
        "zones": ZONES,
        "seen": request.POST.get("seen") or digest_of(chosen, fields),
        "pages": [
            (start, start + 1, min(start + at_once, total)) for start in range(0, total, at_once)
        ]
        if total > at_once
        else [],
        "start": number_in(request.GET.get("from", "")),
        **_told(workshop, chosen, sheet),
    }
    return render(request, "workshops/editing/block.html", context, status=status)


def _local(moment: dt.datetime | None, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if moment else ""


def _told(workshop: Workshop, chosen: Block, sheet: reading.Sheet) -> dict[str, Any]:
    """What the form says while it is typed: questions, oddities, topics, how text will look."""
    fields = sheet.fields
    context: dict[str, Any] = {"questions": list(dict.fromkeys(sheet.told.values()))}
    if chosen.code == "programme":
        context["oddities"] = oddities(fields["schedule"])
    elif chosen.code == "overview":
        words = " ".join([fields["summary"], *fields["topics"]])
        context["topics"] = topics_in(words, Topic.objects.all())[:12]
    elif chosen.code == "news":
        texts = [item for item in fields["news"][:3] if item.get("text")]
        context["previews"] = [(item.get("title", ""), html(item["text"])) for item in texts]
    return context


@require_safe
@never_cache
@login_required
def preview(request: HttpRequest, slug: str) -> HttpResponse:
    """The page with every draft on it, for organisers, and moderators of one that waits.

    Everything is written, shown, and taken back: what the public page will be, exactly.
    """
    workshop = Workshop.objects.visible_to(request.user).filter(slug=slug).first()
    if workshop is None or (workshop.is_public and not may_edit(workshop, request.user)):
        raise Http404(gettext("There is no workshop of yours at this address."))
    edits = may_edit(workshop, request.user)
    if workshop.is_public and not workshop.blocks.exists():  # nothing that is not shown already
        context = reading_views.context_of(request, slug)
        return reading_views.page_of(request, context | {"is_preview": True, "edits": edits})
    with transaction.atomic():
        show_all(workshop)
        context = reading_views.context_of(request, slug)
        response = reading_views.page_of(request, context | {"is_preview": True, "edits": edits})
        transaction.set_rollback(True)
    return response
