"""How the ledger stands, told truly: counting apart from behaviour, by root and by scale."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import models

from accounts.models import Visitor
from papers.models import PaperTopic
from reproductions.judging.rules import Verdict
from reproductions.judging.tables import COSTS
from reproductions.ledger.states import deciding, verdict_of
from reproductions.ledger.summary import judged_claims
from reproductions.models import PublishedNumber
from reproductions.models.number import VERIFIED
from reproductions.protocol import SCALES
from taxonomy.models import Topic


@dataclass
class Count:
    """Published numbers of one kind, and what runs said of them.

    from_memory: of those met, the ones that nobody here has seen where they are printed.
    consistent: they follow from other printed numbers; tested, and not met.
    """

    total: int = 0
    tested: int = 0
    met: int = 0
    from_memory: int = 0
    consistent: int = 0
    outside: int = 0

    def add(self, state: str, *, confirmed: bool, numbers: int = 1) -> None:
        """Count so many numbers of one state."""
        self.total += numbers
        self.tested += numbers * (state != Verdict.NOT_RUN)
        self.outside += numbers * (state == Verdict.OUTSIDE)
        self.consistent += numbers * (state == Verdict.CONSISTENT)
        if state in VERIFIED:
            self.met += numbers
            self.from_memory += numbers * (not confirmed)


@dataclass
class Kinds:
    """Sizes and costs, which arithmetic gives, apart from behaviour, which has to be run."""

    costs: Count = field(default_factory=Count)
    behaviour: Count = field(default_factory=Count)

    def of(self, metric: str) -> Count:
        """The count that a metric belongs to."""
        return self.costs if metric in COSTS else self.behaviour


@dataclass(frozen=True)
class RootRow:
    """A root of the taxonomy with the numbers of the papers below it."""

    topic: Topic
    kinds: Kinds


@dataclass
class ScaleRow:
    """Verdicts at one scale: on published numbers, and on claims of our own."""

    scale: str
    published: Count = field(default_factory=Count)
    own_held: int = 0
    own_failed: int = 0


@dataclass(frozen=True)
class Standing:
    """All of it."""

    whole: Kinds
    roots: list[RootRow]
    scales: list[ScaleRow]

    @property
    def own_held(self) -> int:
        """Claims of our own about what ran; identities at exact scale are no behaviour."""
        return sum(row.own_held for row in self.scales if row.scale != "exact")

    @property
    def own_failed(self) -> int:
        """Those of them that came out outside, or flip between machines."""
        return sum(row.own_failed for row in self.scales if row.scale != "exact")


def by_kind(user: Visitor = None) -> Kinds:
    """All numbers that `user` may see, counting apart from behaviour; one query."""
    kinds = Kinds()
    numbers = PublishedNumber.objects.visible_to(user).order_by()
    alike = numbers.values_list("metric", "state", "confirmed").annotate(models.Count("pk"))
    for metric, state, confirmed, count in alike:
        kinds.of(metric).add(state, confirmed=confirmed, numbers=count)
    return kinds


def standing(user: Visitor = None) -> Standing:
    """How all numbers that `user` may see stand, in four queries."""
    numbers = list(
        PublishedNumber.objects.visible_to(user)
        .order_by()
        .values_list("paper_id", "metric", "state", "confirmed", "judgement__run__scale")
    )
    whole = Kinds()
    scales = {scale: ScaleRow(scale) for scale in SCALES if scale != "smoke"}
    for _, metric, state, confirmed, scale in numbers:
        whole.of(metric).add(state, confirmed=confirmed)
        if scale in scales:
            scales[scale].published.add(state, confirmed=confirmed)
    _count_own(scales)
    rows = [row for row in scales.values() if row.published.total or row.own_held or row.own_failed]
    return Standing(whole, _by_root(numbers), rows)


def _by_root(numbers: Iterable[tuple[int, str, str, bool, str | None]]) -> list[RootRow]:
    of_paper: defaultdict[int, list[tuple[str, str, bool]]] = defaultdict(list)
    for paper, metric, state, confirmed, _ in numbers:
        of_paper[paper].append((metric, state, confirmed))
    papers: defaultdict[str, set[int]] = defaultdict(set)
    placed = PaperTopic.objects.filter(paper__in=of_paper).values_list("paper_id", "topic__path")
    for paper, path in placed:
        papers[path.partition("/")[0]].add(paper)
    rows = []
    for topic in Topic.objects.filter(slug__in=papers, parent=None):
        kinds = Kinds()
        for paper in papers[topic.slug]:
            for metric, state, confirmed in of_paper[paper]:
                kinds.of(metric).add(state, confirmed=confirmed)
        rows.append(RootRow(topic, kinds))
    return rows


def _count_own(scales: dict[str, ScaleRow]) -> None:
    """Claims of our own by the scale at which they were decided."""
    verdicts: Counter[tuple[str, bool]] = Counter()
    for claim in judged_claims(number=None):
        judgement = deciding(claim)
        if judgement:
            failed = verdict_of(claim) in (Verdict.OUTSIDE, Verdict.AMBIGUOUS)
            verdicts[judgement.run.scale, failed] += 1
    for (scale, failed), count in verdicts.items():
        if scale not in scales:
            continue
        if failed:
            scales[scale].own_failed += count
        else:
            scales[scale].own_held += count
