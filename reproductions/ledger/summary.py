"""Where the ledger stands: shares by topic, what failed, programs and papers with their claims."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from accounts.models import Visitor
from papers.models import Paper, PaperTopic
from papers.models.asked_often import AskedOften
from reproductions import registry
from reproductions.judging.manifest import Manifest, ManifestError
from reproductions.judging.rules import Verdict
from reproductions.ledger.states import counted_judgements, deciding, elsewhere, verdict_of
from reproductions.models import (
    Claim,
    Judgement,
    PublishedNumber,
    Run,
)
from reproductions.models.number import STATES, VERIFIED
from reproductions.protocol import SCALES
from taxonomy.models import Topic

LABELS = {str(state): label for state, label in STATES}


@dataclass(frozen=True)
class Tally:
    """How many numbers are in each state."""

    counts: Counter[str]

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def verified(self) -> int:
        return sum(self.counts[str(state)] for state in VERIFIED)

    @property
    def tested(self) -> int:
        """Numbers on which a run said something."""
        return self.total - self.counts[str(Verdict.NOT_RUN)]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """States in their fixed order, with where each begins in a bar of 100 units."""
        parts, start = [], 0.0
        for state, label in LABELS.items():
            if count := self.counts[state]:
                width = 100 * count / self.total
                parts.append(
                    {
                        "state": state,
                        "word": label,
                        "count": count,
                        "start": f"{start:.2f}",
                        "width": f"{max(width - 0.25, 0.3):.2f}",
                    }
                )
                start += width
        return parts


def whole(user: Visitor = None) -> Tally:
    """All numbers that `user` may see."""
    states = PublishedNumber.objects.visible_to(user).order_by().values_list("state", flat=True)
    return Tally(Counter(states))


def testable(user: Visitor = None) -> Tally:
    """Numbers that can be tested without a paper's data set and trained weights."""
    numbers = PublishedNumber.objects.visible_to(user).filter(needs__in=PublishedNumber.TESTABLE)
    return Tally(Counter(numbers.order_by().values_list("state", flat=True)))


@dataclass(frozen=True)
class TopicTally:
    """A topic of the first two levels, and the numbers of the papers under it."""

    topic: Topic
    tally: Tally


def by_topic(user: Visitor = None) -> list[TopicTally]:
    """Topics of the first two levels that hold numbers; a number counts in each it is under."""
    numbers = list(PublishedNumber.objects.visible_to(user).values_list("paper_id", "state"))
    of_paper: defaultdict[int, list[str]] = defaultdict(list)
    for paper, state in numbers:
        of_paper[paper].append(state)
    papers: defaultdict[str, set[int]] = defaultdict(set)
    placed = PaperTopic.objects.filter(paper__in=of_paper).values_list("paper_id", "topic__path")
    for paper, path in placed:
        for slug in path.split("/")[:2]:
            papers[slug].add(paper)
    return [
        TopicTally(
            topic, Tally(Counter(s for paper in papers[topic.slug] for s in of_paper[paper]))
        )
        for topic in Topic.objects.filter(slug__in=papers)
    ]


def failed(user: Visitor = None) -> list[PublishedNumber]:
    """Numbers that were tested and not met, worst first, each with the claim that explains it."""
    states = (Verdict.OUTSIDE, Verdict.SOURCES_DISAGREE, Verdict.AMBIGUOUS)
    numbers = PublishedNumber.objects.visible_to(user).filter(state__in=states).for_rows()
    return sorted(
        numbers,
        key=lambda number: (
            number.state != Verdict.OUTSIDE,
            -abs((number.judgement.relative if number.judgement else 0) or 0),
        ),
    )


def failed_claims() -> list[ClaimRow]:
    """Claims of our own that came out outside: no published number carries them."""
    unmet = (Verdict.OUTSIDE, Verdict.AMBIGUOUS)
    claims = [claim for claim in judged_claims(number=None) if verdict_of(claim) in unmet]
    return [ClaimRow(claim, deciding(claim), elsewhere=elsewhere(claim)) for claim in claims]


@dataclass(frozen=True)
class ProgramRow:
    """A listed program with its claims' verdicts and its latest run; or why it cannot be read."""

    slug: str
    manifest: Manifest | None
    problem: str
    tally: Tally
    claim_count: int
    last: Run | None


def programs() -> list[ProgramRow]:
    """The listed programs, in a fixed number of queries."""
    latest = Run.objects.here().finished().order_by("program", "-pk").distinct("program")
    runs = {run.program: run for run in latest}
    verdicts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    counts: Counter[str] = Counter()
    for claim in judged_claims():
        counts[claim.program] += 1
        verdicts[claim.program][str(verdict_of(claim) or "not-run")] += 1
    programs_here = []
    for slug in registry.slugs():
        try:
            manifest, problem = registry.program(slug).manifest, ""
        except ManifestError as error:
            manifest, problem = None, str(error)
        run = runs.get(slug)
        programs_here.append(
            ProgramRow(slug, manifest, problem, Tally(verdicts[slug]), counts[slug], run)
        )
    return programs_here


def judged_claims(**which: Any) -> list[Claim]:
    """Claims that stand, each with its judgements and their runs; attested ones count apart."""
    judged = counted_judgements()
    numbers = PublishedNumber.objects.select_related("paper")
    return list(
        Claim.objects.filter(withdrawn_at=None, **which).prefetch_related(
            Prefetch("judgements", judged),
            Prefetch("number", numbers),
        )
    )


@dataclass(frozen=True)
class ClaimRow:
    """One claim, and the judgement that decides it (None if no run has).

    outdated: that judgement rests on a run of code that has changed since.
    elsewhere: the newest judgements of the same code on other machines.
    """

    claim: Claim
    judgement: Judgement | None
    outdated: bool = False
    elsewhere: Sequence[Judgement] = ()

    @property
    def number(self) -> PublishedNumber | None:
        return self.claim.number


def claim_rows(slug: str) -> list[ClaimRow]:
    """The claims of a program with their verdicts, in the order of its manifest."""
    now, rows = registry.hashes(registry.program(slug)), []
    for claim in judged_claims(program=slug):
        if claim.number:
            claim.number.tested_by = [claim]  # type: ignore[attr-defined]
        decided = deciding(claim)
        outdated = decided is not None and not decided.run.made_by(now)
        rows.append(ClaimRow(claim, decided, outdated, elsewhere(claim)))
    return rows


def deciding_runs(slug: str) -> list[list[Run]]:
    """The runs whose plots a program's page shows: of each scale the newest, with its seeds.

    The largest scale comes first; smoke runs only when there is nothing else.
    """
    runs = Run.objects.here().finished().filter(program=slug).order_by("-finished_at", "-pk")
    newest: dict[str, Run] = {}
    for run in runs[:200]:
        newest.setdefault(run.scale, run)
    drawn = [run for run in newest.values() if run.scale != "smoke"] or list(newest.values())
    drawn.sort(key=lambda run: -SCALES.index(run.scale))
    return [[*run.judged_with.exclude(pk=run.pk), run] for run in drawn]


_NUMBERS: AskedOften[PublishedNumber] = AskedOften(
    lambda paper: PublishedNumber.objects.visible_to().filter(paper=paper).for_rows()
)


def numbers_of(paper: Paper) -> dict[str, Any]:
    """What a paper's page shows: its numbers, their tally, the programs that test them."""
    numbers = _NUMBERS.of(paper.pk)
    for number in numbers:
        number.paper = paper
    programs = {claim.program for number in numbers for claim in number.tested_by}  # type: ignore[attr-defined]
    return {
        "numbers": numbers,
        "tally": Tally(Counter(number.state for number in numbers)),
        "programs": sorted(programs),
    }


def badge(paper: Paper) -> dict[str, Any]:
    """Text and widths of a paper's badge."""
    numbers = PublishedNumber.objects.visible_to().filter(paper=paper)
    tally = Tally(Counter(numbers.values_list("state", flat=True)))
    scales = set(
        numbers.filter(state__in=VERIFIED).values_list("judgement__run__scale", flat=True)
    ) - {None}
    if not tally.total:
        text = "none kept"
    elif not tally.tested:
        text = f"none of {tally.total} run"
    else:
        text = f"{tally.verified} of {tally.total} met"
        if scales:
            text += f", {' and '.join(sorted(scales, key=SCALES.index))} scale"
        if bad := tally.counts["outside"]:
            text += f", {bad} outside"
    left = "numbers reproduced"
    widths = (round(6.4 * len(left)) + 34, round(6.4 * len(text)) + 16)
    return {
        "left": left,
        "text": text,
        "left_width": widths[0],
        "right_width": widths[1],
        "width": sum(widths),
        "text_at": widths[0] + 8,
        "met": bool(tally.verified),
        "outside": bool(tally.counts["outside"]),
    }
