"""The field's timeline: picked steps and awarded papers, as a story and as a grid."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.words import Words
from papers.models import Method, MethodPaper, Paper, PaperTopic, TimelineEvent
from taxonomy.models import Topic

AWARDS, BUILT_ON = "awards", "built"
DOMAINS = (
    *TimelineEvent.Domain.choices,
    (AWARDS, Words("Awards")),
    (BUILT_ON, Words("Much built on")),
)
VIEWS = (("story", Words("As a story")), ("grid", Words("As a table")))
LEAST = (3, 4, 5, 7)
"""From how many methods that extend one on that one is a step; the reader chooses."""
USUAL_LEAST = 5


@dataclass(frozen=True)
class Step:
    """One entry: a step that a curator picked, an award that a paper won, or a method on which
    many others here build."""

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
    """Steps by year, as a story or as a grid; `domain` leaves only one kind.

    built: on how many methods a method needs to be extended by to be a step.
    """
    built = request.GET.get("built", "")
    least = int(built) if built in map(str, LEAST) else USUAL_LEAST
    codes = list(dict(DOMAINS))
    steps = [*_picked(request), *_awarded(request), *_built_on(request, least)]
    steps.sort(key=lambda step: (step.year, max(codes.index(step.domain), codes.index(AWARDS) - 1)))
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
        "view": "grid" if request.GET.get("view") == "grid" else "story",
        "views": VIEWS,
        "least": least,
        "leasts": LEAST,
        "shown_count": len(shown),
        "years": _by_year(shown),
        "columns": columns,
        "grid": _grid(shown, columns),
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


def _built_on(request: HttpRequest, least: int) -> list[Step]:
    """Methods that at least so many methods here extend, with the papers that introduce them."""
    methods = list(Method.objects.visible_to(request.user).only("slug", "name", "year", "extends"))
    counts = Counter(slug for method in methods for slug in method.extends)
    chosen = {m.pk: m for m in methods if counts[m.slug] >= least and m.year}
    placements = Prefetch("placements", PaperTopic.objects.select_related("topic"))
    seen = Paper.objects.visible_to(request.user).select_related("venue")
    roles = (
        MethodPaper.objects.filter(method__in=chosen, role=MethodPaper.Role.INTRODUCES)
        .order_by("-position")
        .prefetch_related(Prefetch("paper", seen.prefetch_related(placements)))
    )
    papers = {role.method_id: role.paper for role in roles}
    return [
        Step(
            f"built-{method.slug}",
            method.year or 0,
            BUILT_ON,
            method.name,
            gettext("{value} methods here build on it.").format(value=counts[method.slug]),
            papers.get(pk),
        )
        for pk, method in chosen.items()
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


def _grid(
    steps: Iterable[Step], columns: list[tuple[str, str]]
) -> list[tuple[int, list[tuple[str, list[Step]]]]]:
    """Rows (year, cells in the order of `columns`), oldest year first; a cell has its name."""
    return [
        (year, [(name, [s for s in of_year if s.domain == code]) for code, name in columns])
        for year, of_year in _by_year(steps)
    ]
