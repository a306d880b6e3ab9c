"""Deadlines of all open calls: one page, one calendar, by topic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import conditional_page, require_safe

from kb.pages.workshops.sections import DateLine, date_lines
from kb.pages.workshops.views import download, site_of, written_at
from papers.models import Workshop
from papers.workshops.calendar import dates_calendar
from papers.workshops.status import is_open_call, status_of
from papers.workshops.topics import matched_topics
from taxonomy.models import Topic


@dataclass(frozen=True)
class Call:
    """An open call: its workshop, the dates ahead, the topics it names."""

    workshop: Workshop
    lines: list[DateLine]
    topics: list[Topic]

    @property
    def ends(self) -> dt.date:
        """The day of the next submission deadline."""
        days = [line.date.date for line in self.lines if "submission" in line.date.label.lower()]
        return min((day for day in days if day), default=dt.date.max)


def open_calls(moment: dt.datetime, topic: str = "") -> list[Call]:
    """Calls that take papers at `moment`, what ends first on top. topic: a slug, or ""."""
    topics = list(Topic.objects.all())
    calls = []
    for workshop in _with_open_calls(moment):
        dates = list(workshop.dates.all())
        named = {match.pk: match for _, match in matched_topics(workshop.topics, topics) if match}
        if topic and not any(topic in match.path_slugs for match in named.values()):
            continue
        if status_of(workshop, dates, moment).code == "open":
            ahead = [line for line in date_lines(dates, moment) if not line.is_past]
            calls.append(Call(workshop, ahead, list(named.values())))
    return sorted(calls, key=lambda call: (call.ends, call.workshop.slug))


def _with_open_calls(moment: dt.datetime) -> list[Workshop]:
    rows: QuerySet[Workshop] = Workshop.objects.visible_to().filter(year__gte=moment.year - 1)
    rows = rows.prefetch_related("dates", "notices")
    return [row for row in rows if any(is_open_call(date, moment) for date in row.dates.all())]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be submitted now, and until when."""
    topic = request.GET.get("topic", "")[:80]
    calls = open_calls(now())
    offered = {match.slug: match for call in calls for match in call.topics}
    context = {
        "section": "workshops",
        "calls": open_calls(now(), topic) if topic else calls,
        "topics": sorted(offered.values(), key=lambda match: match.name),
        "topic": topic,
    }
    return render(request, "workshops/deadlines.html", context)


@require_safe
@conditional_page
def calendar(request: HttpRequest) -> HttpResponse:
    """The same as one calendar to subscribe to."""
    calls = open_calls(now(), request.GET.get("topic", "")[:80])
    workshops = [call.workshop for call in calls]
    body = dates_calendar(workshops, site=site_of(request), stamp=written_at("workshop"))
    return download(body, "deadlines.ics")
