"""Operating points: what one network reaches, with what it costs, as the ledger has them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property

from django.utils.translation import gettext

from accounts.models import Visitor
from accounts.words import Words
from reproductions.comparing import quantities
from reproductions.comparing.quantities import COSTS, QUALITY_METRICS, Quantity
from reproductions.ledger.wording import unit_text
from reproductions.models import PublishedNumber
from reproductions.models.number import VERIFIED


@dataclass(frozen=True)
class Printed:
    """A printed number, with only what a comparison needs of it."""

    slug: str
    paper_id: int
    paper__key: str
    paper__title: str
    paper__year: int
    setting: str
    metric: str
    value: float
    printed: str
    unit: str
    table: str
    source: str
    task: str
    data_set: str
    split: str
    measure: str
    backbone: str
    baseline: bool
    second_hand: bool
    confirmed: bool
    table_of: str
    point: str
    convention: str
    state: str
    judgement__measured: float | None
    judgement__run: int | None

    @property
    def text(self) -> str:
        """Digits and unit, as they are printed."""
        return f"{self.printed} {unit_text(self.unit)}".strip()

    @property
    def met(self) -> bool:
        """Whether a run of ours met it."""
        return self.state in VERIFIED

    @property
    def address(self) -> str:
        return f"/numbers/{self.slug}/"


COLUMNS = tuple(field.name for field in fields(Printed))


@dataclass(frozen=True)
class Point:
    """One quality of a network with one of its costs."""

    quality: Printed
    cost: Printed

    @cached_property
    def y(self) -> Quantity:
        return quantities.quality(self.quality.value, self.quality.unit, self.quality.metric)

    @cached_property
    def x(self) -> Quantity:
        return quantities.cost(self.cost.value, self.cost.unit, self.cost.metric)

    @cached_property
    def label(self) -> str:
        """The network: the setting without its data set and without what is measured."""
        words = self.quality.setting.split(", ")
        if words[-1] == self.quality.measure or words[-1].lower() in ("top-1", "accuracy"):
            words = words[:-1]
        if len(words) > 1 and words[0].startswith(self.quality.data_set.partition(" (")[0]):
            words = words[1:]
        return ", ".join(words) or self.quality.setting

    @cached_property
    def group(self) -> Group:
        return Group(
            data_set=self.quality.data_set,
            split=self.quality.split,
            measure=self.measure,
            counting=quantities.counting(
                self.cost.metric, self.cost.convention, self.cost.measure, self.x.what
            ),
            by=self._counted_by,
            dimensions=(self.y.dimension, self.x.dimension),
        )

    @property
    def measure(self) -> str:
        """What is measured: top-1, mIoU; the metric where the source says no more."""
        name = self.quality.measure or self.quality.metric
        name = "accuracy" if name == "error" else name
        return f"{name}, {self.y.what}" if self.y.what else name

    @property
    def _counted_by(self) -> str:
        """Whose machine or count it is, where two of them never compare."""
        many_parts = self.cost.task in quantities.MANY_PARTS and self.cost.metric != "params"
        if self.cost.metric in quantities.TIMED or many_parts:
            return self.cost.table_of or self.cost.paper__key
        return ""

    @property
    def reached(self) -> str:
        """The quality as it is printed; an error also as what it leaves."""
        if self.quality.metric == "error" and self.y.dimension == quantities.PERCENT:
            words = gettext("{value} % (printed as {printed} error)")
            return words.format(value=f"{self.y.value:.4g}", printed=self.quality.text)
        return self.quality.text

    @property
    def kind(self) -> str:
        """How it is drawn: "static", "other" (another's table), "reproduced" or "reported"."""
        if self.quality.baseline or self.cost.baseline:
            return "static"
        if self.quality.table_of or self.cost.table_of:
            return "other"
        return "reproduced" if self.reproduced else "reported"

    @property
    def reproduced(self) -> str:
        """What a run of ours met: "cost", "quality", both or nothing."""
        names = (("cost", self.cost), ("quality", self.quality))
        return " and ".join(name for name, number in names if number.met)

    @property
    def run(self) -> int | None:
        return self.cost.judgement__run or self.quality.judgement__run

    @property
    def trusted(self) -> bool:
        """Neither of its numbers is second-hand or from memory."""
        return all(n.confirmed and not n.second_hand for n in (self.quality, self.cost))

    @property
    def doubt(self) -> str:
        """What speaks against it, in a word or two."""
        if self.quality.second_hand or self.cost.second_hand:
            return "second-hand"
        return "" if self.trusted else "unconfirmed"


@dataclass(frozen=True, order=True)
class Group:
    """What must be the same for two points to be comparable."""

    data_set: str
    split: str
    measure: str
    counting: str
    by: str
    dimensions: tuple[str, str]

    def differences(self, other: Group) -> list[str]:
        """Why points of the other group may not stand beside those of this one."""
        names = {
            "data_set": Words("data set"),
            "split": Words("split"),
            "measure": Words("measure"),
            "counting": Words("counting"),
        }
        reasons = [
            f"{words}: {getattr(other, name) or gettext('not said')}"
            for name, words in names.items()
            if getattr(other, name) != getattr(self, name)
        ]
        if other.by != self.by:
            by = other.by or gettext("others")
            reasons.append(gettext("counted or timed by {by} alone").format(by=by))
        against = gettext("{y} against {x}").format(y=other.dimensions[0], x=other.dimensions[1])
        return reasons or [gettext("unit: {units}").format(units=against)]


def numbers_with_points(user: Visitor = None) -> list[Printed]:
    """Every number that `user` may see and that belongs to an operating point."""
    rows = PublishedNumber.objects.visible_to(user).exclude(point="")
    return [
        Printed(**{**row, "value": float(row["value"])})
        for row in rows.order_by("paper__key", "position", "pk").values(*COLUMNS)
    ]


def points(numbers: Iterable[Printed], cost: str) -> Iterator[Point]:
    """Every quality of an operating point with every cost of that kind."""
    together: defaultdict[str, list[Printed]] = defaultdict(list)
    for number in numbers:
        together[number.point].append(number)
    metrics = COSTS[cost][1]
    for members in together.values():
        costs = [number for number in members if number.metric in metrics]
        for quality in members:
            if quality.metric in QUALITY_METRICS:
                for price in costs:
                    yield Point(quality, price)
