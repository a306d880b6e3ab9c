"""Two runs beside each other: what differs in how they ran, and in what they measured."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reproductions.models import Run


@dataclass(frozen=True)
class Fact:
    """One fact of two runs."""

    name: str
    left: Any
    right: Any

    @property
    def same(self) -> bool:
        return bool(self.left == self.right)


@dataclass(frozen=True)
class Values:
    """One measurement of two runs; None where a run has none."""

    identifier: str
    seed: int
    unit: str
    left: float | None
    right: float | None

    @property
    def difference(self) -> float | None:
        if self.left is None or self.right is None:
            return None
        return self.right - self.left

    @property
    def same(self) -> bool:
        return self.left == self.right


@dataclass(frozen=True)
class Comparison:
    """What two runs have in common and what they have not."""

    facts: list[Fact]
    values: list[Values]
    verdicts: list[Fact]

    @property
    def changed(self) -> int:
        """Measurements that differ."""
        return sum(not value.same for value in self.values)


def compared(left: Run, right: Run) -> Comparison:
    """Compare two runs of one program."""
    return Comparison(_facts(left, right), _values(left, right), _verdicts(left, right))


def _facts(left: Run, right: Run) -> list[Fact]:
    facts = [
        Fact(name, getattr(left, column), getattr(right, column))
        for name, column in (
            ("scale", "scale"),
            ("seed", "seed"),
            ("device", "device"),
            ("state", "state"),
            ("wall seconds", "wall_seconds"),
            ("CPU seconds", "cpu_seconds"),
            ("peak memory, bytes", "peak_memory_bytes"),
            ("output SHA-256", "output_sha256"),
        )
    ]
    for title, column in (
        ("code", "code"),
        ("environment", "environment"),
        ("machine", "hardware"),
    ):
        ours, theirs = getattr(left, column), getattr(right, column)
        facts += [
            Fact(f"{title}: {name.replace('_', ' ')}", ours.get(name), theirs.get(name))
            for name in sorted({*ours, *theirs})
        ]
    return facts


def _values(left: Run, right: Run) -> list[Values]:
    rows: dict[tuple[str, int], dict[str, Any]] = {}
    for side, run in (("left", left), ("right", right)):
        for row in run.measurements.all():
            # Two runs with different seeds are compared measurement by measurement.
            seed = row.seed if left.seed == right.seed else row.seed - run.seed
            entry = rows.setdefault((row.identifier, seed), {"unit": row.unit})
            entry[side] = row.value
    return [
        Values(identifier, seed, row["unit"], row.get("left"), row.get("right"))
        for (identifier, seed), row in rows.items()
    ]


def _verdicts(left: Run, right: Run) -> list[Fact]:
    sides: list[dict[str, str]] = [
        {
            judgement.claim.identifier: judgement.get_verdict_display()
            for judgement in run.judgements.select_related("claim")
        }
        for run in (left, right)
    ]
    names = [*sides[0], *(name for name in sides[1] if name not in sides[0])]
    facts = [Fact(name, sides[0].get(name), sides[1].get(name)) for name in names]
    return [fact for fact in facts if not fact.same]
