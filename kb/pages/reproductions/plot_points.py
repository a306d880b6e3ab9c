"""Which plots the recorded points of runs make: grouping, kinds, axes, tables. Pure."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext

from kb.languages.printed import told

MOST_ROWS = 3000
MOST_BARS = 6

AXES: dict[str, tuple[str, str]] = {
    "anytime": ("MACs up to the exit", "accuracy, %"),
    "budgeted batch": ("mean MACs of an example", "accuracy, %"),
    "exit histogram": ("exit", "share of examples"),
    "cost of each exit": ("exit", "MACs"),
    "leaving at exit 1": ("digit", "share leaving at exit 1"),
    "reliability of exit 1": ("confidence", "accuracy"),
    "total against active parameters": ("total parameters", "active parameters"),
    "bias": ("opening p of the gate", "bias of the gradient"),
    "variance": ("opening p of the gate", "variance of the gradient"),
    "descent": ("step", "mean opening"),
    "load of each expert": ("expert", "load"),
    "who serves whom": ("cluster", "expert"),
    "updates by position": ("position", "share updated"),
}
"""Axis titles of curves whose names do not say "y against x"."""

SCATTERED = {
    "total against active parameters",
    "operations against parameters",
    "active against total",
    "error against cost",
    "measured against theoretical speed-up",
}
"""Points that stand for different models: a line between them would say something false."""


@dataclass(frozen=True)
class Plot:
    """One plot: where its points came from, and how they are drawn, in the words of the page.

    kind: "line", "scatter", "bar", "heat" or "pairs".  rows: x, y, series, label, by, and more.
    """

    slug: str
    title: str
    kind: str
    x: str
    y: str
    rows: tuple[dict[str, Any], ...]
    source: str = ""
    log_x: bool = False
    log_y: bool = False
    columns: tuple[str, ...] = field(default=("series", "x", "y", "label"))

    @property
    def table(self) -> list[list[Any]]:
        """The rows a reader sees under the plot, in the order of `heads`."""
        return [
            [told(row["by"]) if name == "by" else row.get(name, "") for name in self.columns]
            for row in self.rows
        ]

    @property
    def heads(self) -> list[str]:
        """Column titles of the table."""
        named = {"x": self.x, "y": self.y, "by": "who"}
        return [told(named.get(name, name)) for name in self.columns]

    @property
    def seeds(self) -> list[Any]:
        """Seeds of our own points, in their order."""
        return sorted({row["seed"] for row in self.rows if row["by"] == "ours" and "seed" in row})

    @property
    def averages(self) -> bool:
        """Whether its lines have several seeds at the same places, so that means say something."""
        if self.kind != "line" or len(self.seeds) < 2:
            return False
        places: defaultdict[Any, set[tuple[float, ...]]] = defaultdict(set)
        for series in {row["series"] for row in self.rows}:
            for seed in self.seeds:
                line = [
                    row["x"]
                    for row in self.rows
                    if (row["series"], row.get("seed")) == (series, seed)
                ]
                if line:
                    places[series].add(tuple(sorted(set(line))))
        return all(len(lines) == 1 for lines in places.values())

    @property
    def reading(self) -> str:
        """How its seeds are drawn, in words; "" where there is one."""
        if self.averages:
            seeds = len(self.seeds)
            drawn = gettext(
                "Thin: {seeds} seeds; thick: their mean; band: one standard deviation each way."
            )
            return drawn.format(seeds=seeds)
        if self.kind in ("bar", "heat") and len(self.seeds) > 1:
            return gettext("The mean of {seeds} seeds.").format(seeds=len(self.seeds))
        drawn = gettext("Each of {seeds} seeds by itself.")
        return drawn.format(seeds=len(self.seeds)) if len(self.seeds) > 1 else ""

    @property
    def sentence(self) -> str:
        """What a listener hears in place of the picture."""
        words = gettext("{title}: {count} points, {y} against {x}")
        points = words.format(title=self.title, count=len(self.rows), y=self.y, x=self.x)
        return f"{points}. {self.reading}" if self.reading else points


def slugged(text: str) -> str:
    """A name that fits into an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:80] or "plot"


def plots_of(points: Iterable[dict[str, Any]], source: str = "") -> list[Plot]:
    """Plots of what runs printed.

    points: dicts with curve, x, y, seed and the scalars the program added (series, label, ...).
    Curves that differ only behind the first comma share a plot, unless their points name series.
    """
    groups: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
    for point in points:
        stem, _, variant = point["curve"].partition(", ")
        more = dict(point.get("more") or {})
        own = more.get("series") is not None or "weight" in more
        row = {
            **{key: value for key, value in more.items() if isinstance(value, int | float | str)},
            "x": point["x"],
            "y": point["y"],
            "series": told(str(more.get("series", variant or ""))),
            "label": str(more.get("label", "")),
            "by": "baseline" if more.get("static") else "ours",
        }
        row.setdefault("seed", point.get("seed", 0))
        groups[point["curve"] if own else stem].append(row)
    return [_plot(name, rows, source) for name, rows in groups.items()]


def with_reported(plot: Plot, rows: Sequence[dict[str, Any]]) -> Plot:
    """The plot with what papers print, hollow.  rows: x, y, label."""
    reported = tuple({**row, "series": told("paper"), "by": "paper"} for row in rows)
    return replace(plot, rows=plot.rows + reported)


def _plot(name: str, rows: list[dict[str, Any]], source: str) -> Plot:
    stem = name.partition(", ")[0]
    x, y = AXES.get(stem, ("", ""))
    if not x and " against " in stem:
        y, x = stem.split(" against ", 1)
    elif not x:
        x, y = (
            ("update", stem.removesuffix(" while training")) if "training" in stem else ("x", stem)
        )
    kind = _kind(stem, rows)
    return Plot(
        slug=slugged(name),
        title=_titled(name),
        kind=kind,
        x=told(x),
        y=told(y),
        rows=tuple(_thinned(rows)),
        source=source,
        log_x=kind in ("line", "scatter") and _spans([row["x"] for row in rows]),
        log_y=kind in ("line", "scatter") and _spans([row["y"] for row in rows], 30),
        columns=_columns(rows, kind),
    )


def _titled(name: str) -> str:
    words = told(name)
    return words[:1].upper() + words[1:]


def _columns(rows: Sequence[dict[str, Any]], kind: str) -> tuple[str, ...]:
    kept = [name for name in ("series", "label") if any(row.get(name) for row in rows)]
    if len({row["seed"] for row in rows}) > 1:
        kept.insert(1 if kept[:1] == ["series"] else 0, "seed")
    known = {"x", "y", "series", "seed", "label", "by", "static"}
    extra = sorted({key for row in rows for key in row} - known)
    labels = [name for name in kept if name == "label"]
    return (*(name for name in kept if name != "label"), "x", "y", *labels, *extra[:3])


def _kind(stem: str, rows: Sequence[dict[str, Any]]) -> str:
    if any("weight" in row for row in rows):
        return "heat"
    whole = all(float(row["x"]).is_integer() and abs(row["x"]) < 100 for row in rows)
    named = ("histogram", "of each", "leaving", "load of")
    if whole and any(word in stem for word in named):
        return "heat" if len({row["series"] for row in rows}) > MOST_BARS else "bar"
    alone = len({row["series"] for row in rows}) > len(rows) / 3
    return "scatter" if stem in SCATTERED or ("against" in stem and alone) else "line"


def _thinned(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    step = math.ceil(len(rows) / MOST_ROWS)
    return rows[::step]


def _spans(values: Sequence[float], factor: float = 12) -> bool:
    """Whether a logarithmic axis shows these values better."""
    least, most = min(values), max(values)
    return least > 0 and most > 1000 and most / least > factor


def _ours_at(scale: str) -> str:
    """Who measured, and at which scale: a smaller run is no attempt at the printed value."""
    if not scale:
        return told("ours")
    return gettext("ours, {scale} scale").format(scale=gettext(scale))


def pairs_plot(rows: Sequence[dict[str, Any]], *, metric: str, unit: str, source: str) -> Plot:
    """Ring and dot at the size of a figure: printed and measured value of each setting.

    rows: setting, paper (value), ours (value or None), the scale of our run, verdict.
    """
    flat: list[dict[str, Any]] = [
        {
            **{"x": row[by], "y": row["setting"], "by": by, "verdict": row["verdict"]},
            "series": told("paper") if by == "paper" else _ours_at(row.get("scale", "")),
        }
        for row in rows
        for by in ("paper", "ours")
        if row[by] is not None
    ]
    values = [row["x"] for row in flat]  # a zero among them has no place on a logarithmic axis
    name = told(f"{metric}{f', {unit}' if unit else ''}")
    return Plot(
        slug=slugged(f"printed-and-measured-{metric}-{unit}"),
        title=gettext("Printed and measured: {name}").format(name=name),
        kind="pairs",
        x=name,
        y=told("setting"),
        rows=tuple(flat),
        source=source,
        log_x=bool(values) and min(values) > 0 and max(values) / min(values) > 6,
        columns=("y", "series", "x", "verdict"),
    )
