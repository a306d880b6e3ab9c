"""What a claim consists of: whose number, at which scale, under which rule."""

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic.dataclasses import dataclass as checked_dataclass

from papers.checked import STRICT
from reproductions.published import Key

ROUNDINGS = ("round", "floor")


@checked_dataclass(frozen=True, config=STRICT)
class Printed:
    """Our value gives the printed digits, rounded or cut off; `decimals` if the file lost zeros."""

    kind: ClassVar[str] = "printed"
    rounding: tuple[str, ...] = ("round",)
    decimals: int | None = None

    def __post_init__(self) -> None:
        if not self.rounding or any(name not in ROUNDINGS for name in self.rounding):
            raise ValueError(f"rounding is some of {ROUNDINGS}, got {self.rounding}")


@checked_dataclass(frozen=True, config=STRICT)
class Relative:
    """|ours - printed| / |printed| is at most `within`, on either side."""

    kind: ClassVar[str] = "relative"
    within: float

    def __post_init__(self) -> None:
        _positive("within", self.within)


@checked_dataclass(frozen=True, config=STRICT)
class Absolute:
    """|ours - expected| is at most `within`, in the claim's unit.

    expected: needed for a claim of our own, not allowed for a published number.
    """

    kind: ClassVar[str] = "absolute"
    within: float
    expected: float | None = None

    def __post_init__(self) -> None:
        _positive("within", self.within)


@checked_dataclass(frozen=True, config=STRICT)
class MeanWithin:
    """The mean over seeds lies within `sd_multiple` of the paper's own standard deviation."""

    kind: ClassVar[str] = "mean-within"
    sd: float
    sd_multiple: float = 2.0
    min_seeds: int = 4

    def __post_init__(self) -> None:
        _positive("sd", self.sd)
        _positive("sd_multiple", self.sd_multiple)


@checked_dataclass(frozen=True, config=STRICT)
class Bound:
    """At least `seeds_needed` of at least `min_seeds` seeds lie beyond `bound`.

    than: one of ">=", ">", "<=", "<".
    """

    kind: ClassVar[str] = "bound"
    than: str
    bound: float
    min_seeds: int = 1
    seeds_needed: int = 1

    def __post_init__(self) -> None:
        if self.than not in COMPARISONS:
            raise ValueError(f"than is one of {', '.join(COMPARISONS)}, got {self.than!r}")
        if not 1 <= self.seeds_needed <= self.min_seeds:
            raise ValueError("seeds_needed lies in 1 .. min_seeds")


@checked_dataclass(frozen=True, config=STRICT)
class StandardErrors:
    """|ours - expected| is at most `multiple` of the standard error that came with our value."""

    kind: ClassVar[str] = "standard-errors"
    expected: float
    multiple: float = 4.0

    def __post_init__(self) -> None:
        _positive("multiple", self.multiple)


@checked_dataclass(frozen=True, config=STRICT)
class Bracket:
    """The printed value lies between the measurements called `lower` and `upper`."""

    kind: ClassVar[str] = "bracket"
    lower: str
    upper: str


@checked_dataclass(frozen=True, config=STRICT)
class Equal:
    """Every value is the expected one: an identity, which no tolerance can be put to.

    expected: needed for a claim of our own, not allowed for a published number.
    """

    kind: ClassVar[str] = "equal"
    expected: float | None = None


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}

Rule = Printed | Relative | Absolute | Equal | MeanWithin | Bound | StandardErrors | Bracket

RULES: Mapping[str, Callable[..., Rule]] = {
    rule.kind: rule
    for rule in (*(Printed, Relative, Absolute, Equal, MeanWithin, Bound, StandardErrors, Bracket),)
}


def _positive(name: str, value: float) -> None:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(f"{name} must be above zero, got {value}")


@dataclass(frozen=True)
class Contradiction:
    """The literature disagrees with itself about this number.

    Either another source prints `other_value` (in the row's unit), or `parts` printed in the same
    table do not add up to it.  `text` shows the arithmetic to readers.
    """

    text: str
    other_value: float | None = None
    other_source: str = ""
    parts: tuple[float, ...] = ()


@dataclass(frozen=True)
class Claim:
    """One promise of a manifest.

    id: of the measurement that tests it.
    reported: the published row; None for a claim of our own, which has a statement and a unit.
    scale: at which the claim is stated; a run at a smaller scale cannot confirm it.
    also_tried: conventions that were tried and did not fit; with any, and no `documented_by`
        (where the authors state theirs), a fit is only "ambiguous".
    deviations: departures from the protocol; with any, the verdict is at most "partial".
    printed_inputs: what the paper prints and the program starts from, such as a share of updates;
        with any, a fit shows only that the printed numbers agree, and the verdict is "consistent".
    precondition: id of a measurement that must be positive for the number to mean anything,
        such as "the task was solved".
    explanation: why ours lies outside, if it does.
    """

    id: str
    said_by: str
    reported: Key | None
    statement: str
    metric: str
    unit: str | None
    scale: str
    convention: str
    also_tried: tuple[str, ...]
    documented_by: str
    rule: Rule
    basis: str
    deviations: tuple[str, ...] = ()
    printed_inputs: str = ""
    precondition: str = ""
    contradiction: Contradiction | None = None
    explanation: str = ""
