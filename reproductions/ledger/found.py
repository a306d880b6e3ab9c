"""Disagreements that a query finds: one network and measure, and sources with other values."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from accounts.models import Visitor
from reproductions.comparing import quantities
from reproductions.comparing.points import Point, Printed, numbers_with_points
from reproductions.comparing.quantities import Quantity

SIZES = ("macs", "flops", "params")
PLAIN = re.compile(
    r"(?i)\((upper bound|original|dense|no pruning)\)|\bwith relu\b|\b(baseline|original|vanilla)\b"
    r"|\b(no merging|off the shelf)\b|\b100 ?%"
)
"""Words that say of a network that nothing was done to it: it is the same one without them."""


@dataclass(frozen=True)
class Reading:
    """What one source prints for the network."""

    number: Printed
    quantity: Quantity
    source: str
    counting: str


@dataclass(frozen=True)
class Found:
    """One network and measure with the readings of several sources, the smallest first."""

    name: str
    data_set: str
    measure: str
    readings: list[Reading]

    @property
    def title(self) -> str:
        """The name of the network as one of the sources writes it."""
        labels = (Point(r.number, r.number).label for r in self.readings)
        names = [PLAIN.sub("", label).strip(" ,()") for label in labels]
        named = [name for name in names if re.search(r"[A-Za-z]{2}", name)]
        return min(named, key=len, default=self.lowest.number.backbone)

    @property
    def lowest(self) -> Reading:
        return self.readings[0]

    @property
    def highest(self) -> Reading:
        return self.readings[-1]

    @property
    def is_quality(self) -> bool:
        return self.lowest.number.metric in quantities.QUALITY_METRICS

    @property
    def spread(self) -> float:
        """The difference relative to the smallest value."""
        least = self.lowest.quantity.value
        return (self.highest.quantity.value - least) / abs(least) if least else 0.0

    @property
    def arithmetic(self) -> str:
        """The difference of qualities, or the ratio of costs, from the printed digits."""
        low, high = self.lowest.quantity, self.highest.quantity
        if self.is_quality:
            gap = high.value - low.value
            return f"{high.value:.5g} − {low.value:.5g} = {gap:.3g} points"
        largest = max(low.value, high.value)
        a, unit = quantities.shown(high.value, high.dimension, largest)
        b, _ = quantities.shown(low.value, low.dimension, largest)
        return f"{a:.5g} {unit} / {b:.5g} {unit} = {high.value / low.value:.4g}"

    @property
    def conventions(self) -> list[str]:
        """The ways of counting that the sources name, where they differ."""
        names = sorted({reading.counting for reading in self.readings})
        return names if len(names) > 1 else []


def found_disagreements(user: Visitor = None) -> list[Found]:
    """Every network of which two sources print values that rounding does not explain.

    The widest spread comes first, qualities before sizes and costs.
    """
    groups: defaultdict[tuple[str, str, str, str], list[Reading]] = defaultdict(list)
    for number in numbers_with_points(user):
        reading, name = _reading(number), _measured(number)[0]
        if reading and name and "thepaper" not in name:
            groups[(*_measured(number), reading.quantity.dimension)].append(reading)
    found = []
    for (name, data_set, measure, _), readings in groups.items():
        if len({reading.source for reading in readings}) < 2:
            continue
        ordered = sorted(readings, key=lambda reading: reading.quantity.value)
        group = Found(name, data_set, measure, _of_sources(ordered))
        if group.lowest.quantity.value and _beyond_rounding(group):
            found.append(group)
    return sorted(found, key=lambda group: (not group.is_quality, -group.spread, group.name))


def _reading(number: Printed) -> Reading | None:
    if number.metric in quantities.QUALITY_METRICS:
        quantity = quantities.quality(number.value, number.unit, number.metric)
        counting = ""
    elif number.metric in SIZES:
        quantity = quantities.cost(number.value, number.unit, number.metric)
        counting = quantities.counting(
            number.metric, number.convention, number.measure, quantity.what
        )
    else:
        return None
    if quantity.dimension not in (quantities.COUNT, quantities.PERCENT) or quantity.what:
        return None
    return Reading(number, quantity, source_of(number), counting)


def source_of(number: Printed) -> str:
    """The repository of the source, or the paper itself; of notes, the paper that they tell of."""
    repository = number.source.partition(":")[0]
    if number.table_of:
        return number.table_of
    if number.second_hand:
        return number.paper__key
    return repository if re.fullmatch(r"[\w.-]+/[\w.-]+", repository) else number.paper__key


def _measured(number: Printed) -> tuple[str, str, str]:
    """(network, data set with split, measure): what must be the same."""
    words = number.setting.lower().split(", ")
    if number.metric in quantities.QUALITY_METRICS:
        measure = number.measure or "accuracy"
        measure = "accuracy" if measure == number.data_set else measure
        words = [w for w in words if w not in (number.measure.lower(), measure.lower())]
        where = f"{number.data_set} {number.split}".strip()
    else:
        measure = "parameters" if number.metric == "params" else "operations"
        where = number.data_set
    plain_set = number.data_set.lower().partition(" (")[0]
    if len(words) > 1 and plain_set and words[0].startswith(plain_set):
        words = words[1:]
    name = canonical(PLAIN.sub("", " ".join(words)))
    if not re.search(r"[a-z]{2}", name):  # "Vanilla 2880": the backbone is the network
        name = canonical(number.backbone)
    return name, where, measure


def canonical(name: str) -> str:
    """A name of a network without spaces, hyphens and capitals: ResNet-50 is ResNet50."""
    plain = name.lower().replace("×", "x").replace("small", "s").replace("onevision", "ov")
    return re.sub(r"[^a-z0-9.]+", "", plain)


def _of_sources(readings: list[Reading]) -> list[Reading]:
    """One reading a source and value, in order."""
    kept: dict[tuple[str, float], Reading] = {}
    for reading in readings:
        kept.setdefault((reading.source, round(reading.quantity.value, 6)), reading)
    return list(kept.values())


def _beyond_rounding(group: Found) -> bool:
    """Whether the ends differ by more than the coarser of them can hide."""
    coarse = max(_step(reading) for reading in (group.lowest, group.highest))
    gap = group.highest.quantity.value - group.lowest.quantity.value
    return gap > coarse * 1.001 and group.lowest.source != group.highest.source


def _step(reading: Reading) -> float:
    """What the last printed digit stands for, in the unit of the quantity."""
    decimals = len(reading.number.printed.partition(".")[2])
    value = reading.number.value
    factor = abs(reading.quantity.value / value) if value else 1.0
    if reading.number.metric == "error":
        factor = 1.0
    return 10.0**-decimals * factor
