"""Workshops: all editions by year, one page an edition, and their calendars."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db.models import F, Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext
from django.views.decorators.http import conditional_page, require_http_methods, require_safe

from accounts.models import Visitor
from accounts.roles import NotPossible, is_member, signed_in
from accounts.words import Words
from community import schedules
from community.videos.showing import cards_of_workshop
from community.workshops.programmes import by_entry, open_links
from kb.pages.papers import linked_data
from kb.pages.videos import allow_players
from kb.pages.workshops import sections
from kb.pages.workshops.programme import Names, printed_names, programme, speakers
from papers.curation.workshop_blocks import may_edit
from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    FixtureRecord,
    Paper,
    ScheduleItem,
    Talk,
    Workshop,
    WorkshopDate,
    WorkshopNotice,
    WorkshopRole,
)
from papers.models.read_along import read_along
from papers.workshops import calendar as icalendar
from papers.workshops.programme import today_at
from papers.workshops.related import related_workshops
from papers.workshops.status import Status, days_left, status_of
from papers.workshops.topics import matched_topics
from taxonomy.models import Topic

MOST_KEPT = 200
# What comes first depends on where the workshop stands.
_ALL = (
    *("news", "talks", "programme", "accepted", "competition", "committee", "call", "history"),
    "notes",
)
_ORDER = {
    "open": ("call", "news", "talks", "programme", "accepted", "competition", "committee"),
    "coming": ("programme", "talks", "accepted", "call", "competition", "committee"),
    "running": ("programme", "news", "accepted", "talks", "competition", "committee", "call"),
    "proposed": ("notes", "news", "call", "talks", "committee"),
    "unconfirmed": ("notes", *_ALL),
}
_TITLES = {
    "talks": Words("Talks"),
    "programme": Words("Programme"),
    "accepted": Words("Accepted papers"),
    "competition": Words("Competition"),
    "committee": Words("People behind it"),
    "call": Words("Dates and call"),
    "news": Words("News"),
    "history": Words("What changed when"),
    "notes": Words("Doubts and sources"),
}


@dataclass(frozen=True)
class Row:
    """A workshop in the list of all."""

    workshop: Workshop
    status: Status
    paper_count: int
    people_count: int
    next_date: WorkshopDate | None
    days_left: int | None


@dataclass(frozen=True)
class Section:
    """A part of the page that has something to show."""

    code: str
    title: str
    count: int | None

    @property
    def template(self) -> str:
        return f"workshops/_{self.code}.html"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every edition by year, newest first; what is open or coming stands on top."""
    rows = _rows(now())
    by_year = [
        (year, list(group)) for year, group in groupby(rows, key=lambda row: row.workshop.year)
    ]
    context = {
        "section": "workshops",
        "years": by_year,
        "ahead": [row for row in rows if row.status.code in {"open", "coming", "running"}],
        "edition_count": len(rows),
        "paper_count": sum(row.paper_count for row in rows),
        "series": _series(rows),
        "own": Workshop.objects.organised_by(request.user),
        "schedules": schedules.schedules(request.user),
    }
    return render(request, "workshops/index.html", context)


def _rows(moment: dt.datetime) -> list[Row]:
    people: dict[int, set[int | None]] = {}
    for workshop_id, person_id in (
        *WorkshopRole.objects.values_list("workshop", "person"),
        *AcceptedAuthor.objects.values_list("accepted__workshop", "person"),
    ):
        people.setdefault(workshop_id, set()).add(person_id)
    papers = Counter(AcceptedPaper.objects.values_list("workshop", flat=True))
    rows = []
    newest = F("date").desc(nulls_last=True)
    editions = Workshop.objects.visible_to().order_by("-year", newest, "slug")
    for workshop in editions.prefetch_related("dates"):
        dates = list(workshop.dates.all())
        ahead = [date for date in dates if days_left(date, moment) is not None]
        next_date = min(ahead, key=lambda date: days_left(date, moment) or 0, default=None)
        rows.append(
            Row(
                workshop=workshop,
                status=status_of(workshop, dates, moment),
                paper_count=papers[workshop.pk],
                people_count=len(people.get(workshop.pk, set()) - {None}),
                next_date=next_date,
                days_left=days_left(next_date, moment) if next_date else None,
            )
        )
    return rows


def _series(rows: Iterable[Row]) -> list[tuple[str, list[Workshop]]]:
    """Series with at least two editions, each oldest first."""
    by_series: dict[str, list[Workshop]] = {}
    for row in rows:
        by_series.setdefault(row.workshop.series, []).append(row.workshop)
    return sorted(
        (editions[0].acronym or editions[0].name, editions[::-1])
        for editions in by_series.values()
        if len(editions) > 1
    )


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One edition. What its state makes most wanted comes first."""
    context = context_of(request, slug)
    if not context["workshop"].is_public:
        return HttpResponseRedirect(reverse("workshop-preview", args=[slug]))
    own = {
        "edits": may_edit(context["workshop"], request.user),
        "keeps": is_member(request.user),
        "stars": schedules.starred(request.user, context["workshop"]),
    }
    return page_of(request, context | own)


def page_of(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page that `context_of` gives everything for."""
    page = render(request, "workshops/detail.html", context)
    return allow_players(page, context["cards"])


def context_of(request: HttpRequest, slug: str) -> dict[str, Any]:
    """Everything that the page of an edition shows to this reader. Raises Http404."""
    workshop = _workshop(slug, request.user)
    moment = now()
    dates, roles = list(workshop.dates.all()), list(workshop.roles.all())
    accepted = list(workshop.accepted.all())
    names = Names(printed_names(workshop, workshop.schedule.all()))
    plan = programme(workshop, accepted, names, moment)
    status = status_of(workshop, dates, moment)
    context = {
        "section": "workshops",
        "workshop": workshop,
        "status": status,
        "dates": sections.date_lines(dates, moment),
        "rules": sections.rules(workshop.submission_rules),
        "programme": plan,
        "talks": speakers(roles, workshop.talks.all(), workshop, moment),
        "panel": [role for role in roles if role.role == "panelist"],
        "accepted": sections.accepted_groups(
            accepted, sections.people_with_more(workshop, accepted, request.user)
        ),
        "accepted_count": len(accepted),
        "ways_in": by_entry(open_links(workshop, moment)) if workshop.is_public else {},
        "proceedings": ("bib", "csv", "json", "zip"),
        "has_contacts": any(a.corresponding for p in accepted for a in p.authors.all()),
        "competition": sections.competition(
            workshop.competition, names, today_at(workshop, moment)
        ),
        "committee": sections.committee(roles),
        "sponsors": sections.sponsors(workshop),
        "contact": sections.contact(workshop.contact),
        "replays": sections.replays(workshop),
        "news": sections.news(workshop.news),
        "topics": matched_topics(workshop.topics, Topic.objects.all()),
        "editions": _editions(workshop),
        "related": related_workshops(workshop),
        "sources": sections.sources(workshop.sources),
        "linked_data": linked_data.event(request, workshop, roles, status),
    }
    context["sections"] = _sections(context)
    context["cards"] = cards_of_workshop(workshop, request.user)
    return context


def _workshop(slug: str, user: Visitor = None) -> Workshop:
    """The edition with everything its page shows, in a fixed number of queries."""
    shown = Workshop.objects.visible_to(user).select_related("previous_edition")
    shown = read_along(shown, "dates", "roles__person").prefetch_related(
        Prefetch("schedule", ScheduleItem.objects.select_related("workshop", "talk")),
        Prefetch("talks", Talk.objects.select_related("slot").prefetch_related("speakers")),
        Prefetch(
            "accepted",
            read_along(AcceptedPaper.objects.all(), "authors__person").prefetch_related(
                Prefetch("paper", Paper.objects.visible_to(user))
            ),
        ),
    )
    return get_object_or_404(shown, slug=slug)


def _editions(workshop: Workshop) -> list[Workshop]:
    """All editions of the series, oldest first; the one shown is among them."""
    if not workshop.series:
        return [workshop]
    return list(
        Workshop.objects.visible_to().filter(series=workshop.series).order_by("year", "date")
    )


def _sections(context: dict) -> list[Section]:
    """The sections that have content, in the order that the workshop's state asks for."""
    workshop: Workshop = context["workshop"]
    counts: dict[str, int | None] = {
        "talks": len(context["talks"]) or (0 if not context["panel"] else None),
        "programme": len(context["programme"].entries),
        "accepted": context["accepted_count"],
        "competition": None if context["competition"] else 0,
        "committee": sum(len(group.members) for group in context["committee"]),
        "call": None if context["dates"] or context["rules"] else 0,
        "news": len(workshop.news),
        "history": len(workshop.history),
        "notes": len(workshop.notes) + len(workshop.sources),
    }
    order = dict.fromkeys((*_ORDER.get(context["status"].code, ()), *_ALL))
    counted = {"talks", "accepted", "committee"}
    return [
        Section(code, _TITLES[code], counts[code] if code in counted else None)
        for code in order
        if counts[code] != 0
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def schedule(request: HttpRequest, slug: str) -> HttpResponse:
    """Those entries of the programme that the address names; without any, a member's own.

    A POST keeps what is ticked on the account; visitors send the same form as an address.
    """
    workshop = _workshop(slug, request.user)
    if request.method == "POST":
        return _keep_schedule(request, workshop)
    names = Names(printed_names(workshop, workshop.schedule.all()))
    plan = programme(workshop, list(workshop.accepted.all()), names, now())
    named = request.GET.getlist("item")[:MOST_KEPT]
    own = schedules.starred(request.user, workshop)
    wanted = named or own
    chosen = [entry for entry in plan.entries if entry.code in wanted]
    query = urlencode([("item", entry.code) for entry in chosen])
    context = {
        "section": "workshops",
        "workshop": workshop,
        "programme": replace(plan, entries=chosen),
        "is_own": not named,
        "keeps": is_member(request.user),
        "differs": {entry.code for entry in chosen} != own,
        "calendar": f"{reverse('workshop-calendar', args=[slug])}?{query}",
    }
    return render(request, "workshops/schedule.html", context)


def _keep_schedule(request: HttpRequest, workshop: Workshop) -> HttpResponse:
    items = request.POST.getlist("item")
    address = reverse("workshop-schedule", args=[workshop.slug])
    if not is_member(request.user):
        return redirect_to_login(f"{address}?{urlencode([('item', item) for item in items])}")
    try:
        schedules.keep(signed_in(request.user), workshop, items)
    except NotPossible as problem:
        messages.warning(request, str(problem))
    else:
        messages.success(request, gettext("Your schedule is kept."))
    return HttpResponseRedirect(address)


@require_safe
@conditional_page
def calendar(request: HttpRequest, slug: str) -> HttpResponse:
    """One workshop as iCalendar: its day, its deadlines, its programme."""
    workshop = _workshop(slug)
    prefetch_related_objects([workshop], "notices")
    stamp = written_at("workshop", workshop.slug)
    wanted = request.GET.getlist("item")[:MOST_KEPT] or None
    body = icalendar.workshop_calendar(workshop, site=site_of(request), stamp=stamp, only=wanted)
    return download(body, f"{workshop.slug}.ics")


@require_safe
@conditional_page
def all_calendar(request: HttpRequest) -> HttpResponse:
    """Days and deadlines of every workshop as iCalendar."""
    workshops = Workshop.objects.visible_to().prefetch_related("dates", "notices")
    body = icalendar.dates_calendar(workshops, site=site_of(request), stamp=written_at("workshop"))
    return download(body, "workshops.ics")


def site_of(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def written_at(kind: str, key: str = "") -> dt.datetime:
    """When the facts were last loaded; the start of today for rows that no file brought."""
    records = FixtureRecord.objects.filter(kind=kind)
    latest = (records.filter(key=key) if key else records).order_by("-loaded_at").first()
    moment = latest.loaded_at if latest else now().replace(hour=0, minute=0, second=0)
    notices = WorkshopNotice.objects.filter(workshop__state=Workshop.State.PUBLIC)
    notice = (notices.filter(workshop__slug=key) if key else notices).first()
    return max(moment, notice.at if notice else moment).replace(microsecond=0)


def download(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
