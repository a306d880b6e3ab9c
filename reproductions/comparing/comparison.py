"""One comparison: which points are drawn together, which are left out and why, and who leads."""

from __future__ import annotations

import bisect
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from statistics import median

from accounts.models import Visitor
from papers.models import MethodPaper, Paper, PaperTopic
from reproductions.comparing import quantities
from reproductions.comparing.points import Group, Point, numbers_with_points, points
from reproductions.comparing.quantities import COUNT, LOWER_IS_BETTER, less_is_better
from reproductions.comparing.query import NONE, CompareQuery
from taxonomy.models import Topic

KINDS = ("reproduced", "reported", "static", "other")
FRONTS = ("reproduced", "reported", "static")
"""Kinds with a Pareto line; rows of another's table are no curve of the method."""
BOUNDS = {"operations": 300e6, "params": 10e6}
BEST = 12


@dataclass(frozen=True)
class LeftOut:
    """Points that are not drawn with the others: how many, why, and whose."""

    group: Group
    count: int
    reasons: list[str]
    papers: list[str]


@dataclass
class Comparison:
    """What is drawn, what is not, and what follows from it."""

    query: CompareQuery
    drawn: list[Point] = field(default_factory=list)
    group: Group | None = None
    left_out: list[LeftOut] = field(default_factory=list)
    doubtful_count: int = 0
    choices: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    topics: list[Topic] = field(default_factory=list)
    methods: list[tuple[str, str]] = field(default_factory=list)
    """Methods whose papers have points: slug and name."""

    @property
    def mixed(self) -> bool:
        """Whether points stand together that are not comparable."""
        return len({point.group for point in self.drawn}) > 1

    @property
    def less_is_better(self) -> bool:
        """Of the cost."""
        first = self.drawn[0] if self.drawn else None
        return first is None or less_is_better(first.cost.metric, first.x.what)

    @property
    def lower_is_better(self) -> bool:
        """Of the quality: a distance such as FID."""
        return bool(self.group and self.group.dimensions[0] in LOWER_IS_BETTER)

    def front(self, kind: str) -> list[Point]:
        """The Pareto line of one kind, cheapest first: nothing cheaper is as good.

        Empty where points are mixed: a line through data sets would say what nobody measured.
        """
        if self.mixed:
            return []
        members = [point for point in self.drawn if point.kind == kind]
        if kind == "static":
            members = [point for point in members if not point.quality.table_of]
        return pareto(members, less=self.less_is_better, lower=self.lower_is_better)

    @property
    def bound(self) -> float | None:
        """What the list of the best lies under (over, of speed), in the unit of the points."""
        if not self.drawn or not self.group:
            return None
        dimension = self.group.dimensions[1]
        if self.query.under:
            return quantities.read_bound(self.query.under, dimension)
        if dimension == COUNT and self.query.cost in BOUNDS:
            wanted = BOUNDS[self.query.cost]
            if any(point.x.value <= wanted for point in self.drawn):
                return wanted
        return median(point.x.value for point in self.drawn)

    @property
    def best(self) -> list[Point]:
        """The best points within the bound, the best first."""
        bound, sign = self.bound, -1 if self.lower_is_better else 1
        if bound is None or self.mixed:
            return []
        less = self.less_is_better
        within = [p for p in self.drawn if (p.x.value <= bound if less else p.x.value >= bound)]
        return sorted(within, key=lambda p: (-sign * p.y.value, p.x.value, p.label))[:BEST]

    @property
    def counts(self) -> dict[str, int]:
        """How many points of each kind are drawn."""
        counted = Counter(point.kind for point in self.drawn)
        return {kind: counted[kind] for kind in KINDS if counted[kind]}

    @property
    def largest_cost(self) -> float:
        return max((point.x.value for point in self.drawn), default=0.0)


def pareto(members: Iterable[Point], *, less: bool = True, lower: bool = False) -> list[Point]:
    """Points that no other one beats at the same cost or a better one, cheapest first."""
    side, sign = (1 if less else -1), (-1 if lower else 1)
    front: list[Point] = []
    ordered = sorted(members, key=lambda p: (side * p.x.value, -sign * p.y.value, p.label))
    for point in ordered:
        if not front or sign * point.y.value > sign * front[-1].y.value:
            front.append(point)
    return front if less else front[::-1]


def compare(query: CompareQuery, user: Visitor = None) -> Comparison:
    """Answer a question with the largest group of comparable points that it leaves."""
    comparison = Comparison(query)
    every = list(points(numbers_with_points(user), query.cost))
    within = _of_method(_in_topic(every, query, comparison, user), query, comparison)
    comparison.choices = _choices(within, query)
    wanted = [point for point in within if _matches(point, query)]
    trusted = [point for point in wanted if query.second_hand or point.trusted]
    comparison.doubtful_count = len(wanted) - len(trusted)
    groups: defaultdict[Group, list[Point]] = defaultdict(list)
    for point in trusted:
        groups[point.group].append(point)
    if not groups:
        return comparison
    comparison.group = max(groups, key=lambda group: (len(groups[group]), group))
    _draw(comparison, groups)
    return comparison


def _draw(comparison: Comparison, groups: dict[Group, list[Point]]) -> None:
    chosen = comparison.group
    assert chosen is not None
    for group, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        fits = comparison.query.mix and group.dimensions == chosen.dimensions
        if group == chosen or fits:
            comparison.drawn += members
            continue
        papers = sorted({point.quality.paper__key for point in members})
        reasons = chosen.differences(group)
        comparison.left_out.append(LeftOut(group, len(members), reasons, papers))
    comparison.drawn.sort(key=lambda point: (point.x.value, point.y.value, point.label))


def _in_topic(
    every: list[Point], query: CompareQuery, comparison: Comparison, user: Visitor
) -> list[Point]:
    """Points of papers under the topic asked for; the topics that hold points become choices."""
    papers = {point.quality.paper_id for point in every}
    placed = PaperTopic.objects.filter(paper__in=papers).values_list("topic__path", flat=True)
    slugs = {slug for path in placed.distinct() for slug in path.split("/")}
    comparison.topics = list(Topic.objects.filter(slug__in=slugs).order_by("path"))
    if not query.topic:
        return every
    topic = next((topic for topic in comparison.topics if topic.slug == query.topic), None)
    if topic is None:
        return []
    inside = set(Paper.objects.visible_to(user).under(topic).values_list("pk", flat=True))
    return [point for point in every if point.quality.paper_id in inside]


def _of_method(every: list[Point], query: CompareQuery, comparison: Comparison) -> list[Point]:
    """Points of papers that introduce the method asked for; methods with points become choices."""
    papers = {point.quality.paper_id for point in every}
    roles = MethodPaper.objects.filter(paper__in=papers, role=MethodPaper.Role.INTRODUCES)
    of_paper: defaultdict[int, set[str]] = defaultdict(set)
    names: dict[str, str] = {}
    for pk, slug, name in roles.values_list("paper_id", "method__slug", "method__name"):
        of_paper[pk].add(slug)
        names[slug] = name
    comparison.methods = sorted(names.items(), key=lambda item: item[1].lower())
    if not query.method:
        return every
    return [point for point in every if query.method in of_paper[point.quality.paper_id]]


def _matches(point: Point, query: CompareQuery) -> bool:
    if query.task and point.quality.task != query.task:
        return False
    for name in ("data_set", "split", "measure", "counting", "by"):
        wanted = getattr(query, name)
        if wanted and getattr(point.group, name) != ("" if wanted == NONE else wanted):
            return False
    if query.backbone and query.backbone.lower() not in point.quality.backbone.lower():
        return False
    if query.paper and point.quality.paper__key != query.paper:
        return False
    year = point.quality.paper__year
    return (query.since or year) <= year <= (query.until or year)


def _choices(every: Sequence[Point], query: CompareQuery) -> dict[str, list[tuple[str, int]]]:
    """What can be chosen in the form, with how many points: of data sets those of the task."""
    read = query.second_hand
    seen = [point for point in every if read or point.trusted]
    of_task = [p for p in seen if not query.task or p.quality.task == query.task]
    of_set = [p for p in of_task if not query.data_set or p.group.data_set == query.data_set]
    return {
        "task": _counted(point.quality.task for point in seen),
        "data_set": _counted(point.quality.data_set for point in of_task),
        "measure": _counted(point.measure for point in of_set),
        "counting": _counted(point.group.counting for point in of_set),
        "backbone": _counted(point.quality.backbone for point in of_set)[:60],
    }


def _counted(values: Iterable[str]) -> list[tuple[str, int]]:
    counts = Counter(value for value in values if value)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round values of a linear axis that lie between two ends."""
    span = max(high - low, 1e-12)
    exponent = 10.0 ** math.floor(math.log10(span / most))
    steps = [exponent * factor for factor in (1, 2, 5, 10)]
    step = steps[min(bisect.bisect_left(steps, span / most), 3)]
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(place * step, 10) for place in range(first, last + 1)]
