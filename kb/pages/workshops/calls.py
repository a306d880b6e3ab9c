"""Deadlines of all open calls: one page, one calendar, by topic."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.http import conditional_page, require_safe

from kb.pages.workshops.sections import DATE_WORDS, DateLine, date_lines
from kb.pages.workshops.views import download, site_of, written_at
from papers.models import Workshop
from papers.workshops.calendar import dates_calendar
from papers.workshops.moving import DATE_KINDS, kind_of
from papers.workshops.status import is_open_call, status_of
from papers.workshops.topics import matched_topics
from taxonomy.models import Topic


@dataclass(frozen=True)
class Call:
    """An open call: its workshop, the dates ahead that are wanted, the topics it names.

    due: days of the submission deadlines ahead.
    """

    workshop: Workshop
    lines: list[DateLine]
    topics: list[Topic]
    due: list[dt.date | None]

    @property
    def ends(self) -> dt.date:
        """The day of the next submission deadline."""
        return min((day for day in self.due if day), default=dt.date.max)


def open_calls(moment: dt.datetime, topic: str = "", kind: str = "") -> list[Call]:
    """Calls that take papers at `moment`, what ends first on top. topic: a slug, or "".

    kind: the only dates that are wanted, of DATE_KINDS, or "" for all. A call without one ahead
    is left out.
    """
    topics = list(Topic.objects.all())
    calls = []
    for workshop in _with_open_calls(moment):
        dates = list(workshop.dates.all())
        named = {match.pk: match for _, match in matched_topics(workshop.topics, topics) if match}
        if topic and not any(topic in match.path_slugs for match in named.values()):
            continue
        if status_of(workshop, dates, moment).code == "open":
            ahead = [line for line in date_lines(dates, moment) if not line.is_past]
            due = [line.date.date for line in ahead if _is_of(line, "submission")]
            wanted = [line for line in ahead if not kind or _is_of(line, kind)]
            if wanted:
                calls.append(Call(workshop, wanted, list(named.values()), due))
    return sorted(calls, key=lambda call: (call.ends, call.workshop.slug))


def _is_of(line: DateLine, kind: str) -> bool:
    return kind_of(line.date.kind, line.date.label) == kind


def _with_open_calls(moment: dt.datetime) -> list[Workshop]:
    rows: QuerySet[Workshop] = Workshop.objects.visible_to().filter(year__gte=moment.year - 1)
    rows = rows.prefetch_related("dates", "notices")
    return [row for row in rows if any(is_open_call(date, moment) for date in row.dates.all())]


def _asked(request: HttpRequest) -> tuple[str, str]:
    """The slug of a topic and the kind of dates that are asked for; "" for all."""
    kind = request.GET.get("kind", "")
    return request.GET.get("topic", "")[:80], kind if kind in DATE_KINDS else ""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What can be submitted now, and until when."""
    topic, kind = asked = _asked(request)
    calls = open_calls(now())
    offered = {match.slug: match for call in calls for match in call.topics}
    context = {
        "section": "workshops",
        "calls": open_calls(now(), topic, kind) if topic or kind else calls,
        "topics": sorted(offered.values(), key=lambda match: match.name),
        "topic": topic,
        "kinds": DATE_WORDS,
        "kind": kind,
        "query": urlencode(
            [pair for pair in zip(("topic", "kind"), asked, strict=True) if pair[1]]
        ),
    }
    return render(request, "workshops/deadlines.html", context)


@require_safe
@conditional_page
def calendar(request: HttpRequest) -> HttpResponse:
    """The same as one calendar to subscribe to."""
    topic, kind = _asked(request)
    workshops = [call.workshop for call in open_calls(now(), topic, kind)]
    stamp = written_at("workshop")
    body = dates_calendar(workshops, site=site_of(request), stamp=stamp, kind=kind)
    return download(body, "deadlines.ics")
