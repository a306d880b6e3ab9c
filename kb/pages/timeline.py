"""The field's timeline: picked steps and awarded papers, as a story and as a grid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from papers.models import Paper, PaperTopic, TimelineEvent
from taxonomy.models import Topic

AWARDS = "awards"
DOMAINS = (*TimelineEvent.Domain.choices, (AWARDS, "Awards"))


@dataclass(frozen=True)
class Step:
    """One entry: a step that a curator picked, or an award that a paper won."""

    anchor: str
    year: int
    domain: str
    title: str
    why: str
    paper: Paper | None

    @property
    def domain_name(self) -> str:
        return dict(DOMAINS)[self.domain]

    @property
    def unconfirmed(self) -> str:
        """Which of the facts shown here no stored source confirms, in words."""
        shown = {"title", "year", "venue", *([AWARDS] if self.domain == AWARDS else [])}
        return (
            ", ".join(fact for fact in self.paper.unconfirmed if fact in shown)
            if self.paper
            else ""
        )

    @property
    def topics(self) -> list[Topic]:
        """The first two topics of the paper."""
        return [p.topic for p in self.paper.placements.all()[:2]] if self.paper else []

    @property
    def axis(self) -> str:
        """Axis of the paper's first topic, which gives the mark its hue and shape."""
        return self.topics[0].axis if self.topics else Topic.Axis.FACET


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Steps by year; `domain` (or "awards") leaves only one kind."""
    steps = [*_picked(request), *_awarded(request)]
    steps.sort(key=lambda step: (step.year, step.domain == AWARDS))
    counts = Counter(step.domain for step in steps)
    wanted = request.GET.get("domain", "")
    domain = wanted if wanted in dict(DOMAINS) else ""
    shown = [step for step in steps if domain in ("", step.domain)]
    columns = [(code, name) for code, name in DOMAINS if domain in ("", code) and counts[code]]
    context = {
        "section": "timeline",
        "domain": domain,
        "domain_name": dict(DOMAINS).get(domain, ""),
        "choices": [(code, name, counts[code]) for code, name in DOMAINS if counts[code]],
        "step_count": len(steps),
        "shown_count": len(shown),
        "years": _by_year(shown),
        "columns": columns,
        "grid": _grid(shown, [code for code, _ in columns]),
        "doubtful": any(step.unconfirmed for step in shown),
    }
    return render(request, "timeline/index.html", context)


def _papers(request: HttpRequest) -> Prefetch:
    placements = Prefetch("placements", PaperTopic.objects.select_related("topic"))
    papers = Paper.objects.visible_to(request.user).select_related("venue")
    return Prefetch("paper", papers.prefetch_related(placements))


def _picked(request: HttpRequest) -> list[Step]:
    visible = Q(paper=None) | Q(paper__in=Paper.objects.visible_to(request.user))
    events = TimelineEvent.objects.filter(visible).prefetch_related(_papers(request))
    return [Step(f"step-{e.pk}", e.year, e.domain, e.title, e.why, e.paper) for e in events]


def _awarded(request: HttpRequest) -> list[Step]:
    placements = Prefetch("placements", PaperTopic.objects.select_related("topic"))
    papers = Paper.objects.visible_to(request.user).exclude(awards=[]).select_related("venue")
    return [
        Step(
            f"award-{paper.key}-{place}", _year_of(award, paper), AWARDS, paper.title, award, paper
        )
        for paper in papers.prefetch_related(placements)
        for place, award in enumerate(paper.awards, start=1)
    ]


def _year_of(award: str, paper: Paper) -> int:
    """The year that an award names, else that of the paper: a test of time comes later."""
    named = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", award)]
    return max([paper.year, *named])


def _by_year(steps: Iterable[Step]) -> list[tuple[int, list[Step]]]:
    years: dict[int, list[Step]] = {}
    for step in steps:
        years.setdefault(step.year, []).append(step)
    return list(years.items())


def _grid(steps: Iterable[Step], columns: list[str]) -> list[tuple[int, list[list[Step]]]]:
    """Rows (year, cells in the order of `columns`), oldest year first."""
    return [
        (year, [[step for step in of_year if step.domain == code] for code in columns])
        for year, of_year in _by_year(steps)
    ]
