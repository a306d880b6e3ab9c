"""Plots as Vega-Lite specifications. Pure.

Marks as everywhere on the site: hollow is what a paper prints, filled is what we measured, grey is
a baseline. Colours are the page's CSS variables, so that one drawing serves light and dark.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from itertools import takewhile
from typing import Any

from django.utils.translation import gettext

from kb.figures.drawing import width_of
from kb.languages.printed import told
from kb.pages.reproductions.plot_points import Plot

SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
SERIES_COLOURS = [f"var(--series-{place})" for place in range(1, 9)]


SHAPES = ["circle", "square", "triangle-up", "diamond", "cross", "triangle-down"]
SHAPES += ["triangle-right", "triangle-left"]
DASHES = [[1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 2], [10, 4], [1, 3], [6, 2, 2, 2, 2, 2]]
"""Beside its colour each series has a shape and a kind of line: eight colours are not told apart by
everybody."""
LABEL_ROOM = 20  # pixels, so that no label is cut where a point lies at the edge
DETAIL = [{"field": "series"}, {"field": "seed"}]
"""What a line may not cross: another series, another seed."""


def spec(plot: Plot, width: int | str = 640) -> dict[str, Any]:
    """The Vega-Lite specification. width: in pixels, or "container"."""
    draw = {"bar": _bars, "heat": _heat, "pairs": _pairs}.get(plot.kind, _curves)
    return {
        "$schema": SCHEMA,
        "width": width,
        "background": "transparent",
        "autosize": {"type": "fit-x" if plot.kind == "pairs" else "fit", "contains": "padding"},
        "padding": {"left": 28, "right": 10, "top": 4, "bottom": 4},
        "data": {"values": list(plot.rows)},
        "config": CONFIG,
        **draw(plot),
    }


CONFIG: dict[str, Any] = {
    "font": "Noto Sans, system-ui, sans-serif",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--ink-2)",
        "titleColor": "var(--ink-2)",
        "titleFontWeight": "normal",
        "gridColor": "var(--rule)",
        "domainColor": "var(--rule-2)",
        "tickColor": "var(--rule-2)",
        "labelFontSize": 11,
        "titleFontSize": 12,
        "labelLimit": 300,
    },
    "legend": {
        "labelColor": "var(--ink)",
        "titleColor": "var(--ink-2)",
        "titleFontWeight": "normal",
        "orient": "bottom",
        "columns": 3,
        "labelFontSize": 12,
        "titleFontSize": 12,
        "labelLimit": 260,
    },
    "text": {"color": "var(--ink-2)"},
    "range": {"category": SERIES_COLOURS},
}


def _number_format(rows: Sequence[dict[str, Any]], name: str) -> str:
    most = max((abs(row[name]) for row in rows), default=0)
    return "~s" if most >= 10_000 else ",~f"


def _axis(plot: Plot, name: str, *, log: bool) -> dict[str, Any]:
    axis: dict[str, Any] = {
        "field": name,
        "type": "quantitative",
        "title": wrapped(plot.x, 420) if name == "x" else wrapped(plot.y, 270),
        "axis": {"format": _number_format(plot.rows, name), "grid": name == "y"},
        "scale": {"type": "log"} if log else {"zero": False, "nice": True},
    }
    if log:
        axis["axis"]["values"] = decades([row[name] for row in plot.rows])
        axis["scale"]["nice"] = False
        axis["scale"]["padding"] = 12
    elif name == "x":
        axis["axis"]["tickCount"] = 6
    return axis


def wrapped(text: str, width: float, size: float = 12) -> str | list[str]:
    """A title in as many lines as it needs. width: in pixels, of letters of `size`."""
    lines = [""]
    for word in re.findall(r"[\u2e80-\uffff]|[^\s\u2e80-\uffff]+\s*", text):
        if lines[-1] and width_of(lines[-1] + word, size) > width:
            lines.append("")
        lines[-1] += word
    lines = [line.strip() for line in lines]
    return lines if len(lines) > 1 else text


def decades(values: Sequence[float]) -> list[float]:
    """Ticks of a logarithmic axis: powers of ten, with 2 and 5 between when there are few."""
    low, high = math.log10(min(values)), math.log10(max(values))
    steps = (1, 2, 5) if high - low < 2.5 else (1, 3) if high - low < 4 else (1,)
    ticks = [
        step * 10.0**power
        for power in range(math.floor(low), math.ceil(high) + 1)
        for step in steps
    ]
    return [tick for tick in ticks if min(values) / 1.6 <= tick <= max(values) * 1.6]


def _tooltip(plot: Plot, mean_of: str = "") -> list[dict[str, Any]]:
    """Every column of the table, to five digits; where seeds are averaged, the mean for all."""
    fields: list[dict[str, Any]] = []
    for name, title in zip(plot.columns, plot.heads, strict=True):
        entry: dict[str, Any] = {"field": name, "title": title, "type": "nominal"}
        if all(isinstance(row.get(name), int | float) for row in plot.rows):
            entry["type"] = "quantitative"
            entry["format"] = ".5~s" if _number_format(plot.rows, name) == "~s" else ".5~g"
        if name == mean_of:
            entry["aggregate"] = "mean"
        elif mean_of and name not in ("series", "x", "y", "label"):
            continue
        fields.append(entry)
    return fields


def _colour(plot: Plot) -> dict[str, Any]:
    field: str = "series"
    groups: list[Any] = list(
        dict.fromkeys(row["series"] for row in plot.rows if row["by"] == "ours")
    )
    if len(groups) < 2:
        if plot.kind not in ("line", "scatter") or plot.averages or len(plot.seeds) < 2:
            return {"value": SERIES_COLOURS[0]}
        field, groups = "seed", plot.seeds
    return {
        "field": field,
        "type": "nominal",
        "title": told("seed") if field == "seed" else None,
        "sort": groups,
        "scale": {"domain": groups, "range": [SERIES_COLOURS[n % 8] for n in range(len(groups))]},
    }


def _told_apart(colour: dict[str, Any], channel: str) -> dict[str, Any]:
    """The same that `colour` says, in shapes or in kinds of lines; {} where there is one colour."""
    if "field" not in colour:
        return {}
    kinds: list[Any] = SHAPES if channel == "shape" else DASHES
    groups = colour["scale"]["domain"]
    kept = {name: colour[name] for name in ("field", "type", "title", "sort")}
    scale = {"domain": groups, "range": [kinds[n % len(kinds)] for n in range(len(groups))]}
    return {channel: {**kept, "scale": scale}}


def _curves(plot: Plot) -> dict[str, Any]:
    x = _axis(plot, "x", log=plot.log_x)
    y = _axis(plot, "y", log=plot.log_y)
    colour, many = _colour(plot), len(plot.rows) > 400
    dashes, shapes = (_told_apart(colour, name) for name in ("strokeDash", "shape"))
    base = {"x": x, "y": y, "color": colour, **shapes, "tooltip": _tooltip(plot)}
    layers: list[dict[str, Any]] = []
    if plot.averages:
        layers += _seeds(x, y, colour)
    elif plot.kind == "line":
        sampled = [row for row in plot.rows if "analytic" in row]
        line_y = {**y, "field": "analytic"} if sampled else y
        layers.append(
            {
                "mark": {"type": "line", "strokeWidth": 1.5, "opacity": 0.85},
                "encoding": {"x": x, "y": line_y, "color": colour, **dashes, "detail": DETAIL},
                "transform": [{"filter": "datum.by != 'baseline'"}],
            }
        )
    if not many:
        size, opacity = (20, 0.4) if plot.averages else (46, 0.95)
        layers.append(
            {
                "mark": {"type": "point", "filled": True, "size": size, "opacity": opacity},
                "encoding": base,
                "transform": [{"filter": "datum.by == 'ours'"}],
            }
        )
    for by, mark in (
        ("paper", {"filled": False, "size": 110, "strokeWidth": 1.6, "stroke": "var(--ink)"}),
        ("baseline", {"filled": True, "size": 60, "color": "var(--rule-2)", "shape": "diamond"}),
    ):
        if any(row["by"] == by for row in plot.rows):
            layers.append(
                {
                    "mark": {"type": "point", **mark},
                    "encoding": {"x": x, "y": y, "tooltip": _tooltip(plot)},
                    "transform": [{"filter": f"datum.by == '{by}'"}],
                }
            )
    if "speed-up" in plot.slug:
        ends = [row[name] for row in plot.rows for name in ("x", "y")]
        layers.insert(0, _diagonal(min(ends), max(ends)))
    labelled = [row for row in plot.rows if row.get("label")]
    if labelled and len(labelled) <= 14 * (len(plot.seeds) if plot.averages else 1):
        at = {**y, "aggregate": "mean"} if plot.averages else y
        y["scale"]["padding"] = LABEL_ROOM  # the scale is the same object in every layer
        layers.append(
            {
                "mark": {"type": "text", "dy": -10, "fontSize": 12},
                "encoding": {"x": x, "y": at, "text": {"field": "label"}},
            }
        )
    return {"height": 300, "layer": layers}


def _seeds(x: dict[str, Any], y: dict[str, Any], colour: dict[str, Any]) -> list[dict[str, Any]]:
    """Every seed thin, their mean thick, one standard deviation as a band."""
    ours = [{"filter": "datum.by == 'ours'"}]
    return [
        {
            "mark": {
                "type": "errorband",
                "band": {"aria": False},
                "extent": "stdev",
                "opacity": 0.16,
            },
            "encoding": {"x": x, "y": y, "color": colour},
            "transform": ours,
        },
        {
            "mark": {"type": "line", "strokeWidth": 0.8, "opacity": 0.4},
            "encoding": {"x": x, "y": y, "color": colour, "detail": DETAIL},
            "transform": ours,
        },
        {
            "mark": {"type": "line", "strokeWidth": 2.4},
            "encoding": {"x": x, "y": {**y, "aggregate": "mean"}, "color": colour},
            "transform": ours,
        },
    ]


def _diagonal(low: float, high: float) -> dict[str, Any]:
    """Where a theoretical gain would be a measured one."""
    ends = [{"x": low, "y": low}, {"x": high, "y": high}]
    place = {name: {"field": name, "type": "quantitative"} for name in ("x", "y")}
    return {
        "data": {"values": ends},
        "mark": {"type": "line", "stroke": "var(--rule-2)", "strokeDash": [4, 3]},
        "encoding": place,
    }


def _over_seeds(plot: Plot, title: str) -> str:
    """The title of a value that is drawn once for several seeds."""
    seeds = len({row.get("seed") for row in plot.rows})
    if seeds < 2:
        return title
    return gettext("{title}, mean of {seeds} seeds").format(title=title, seeds=seeds)


def _bars(plot: Plot) -> dict[str, Any]:
    several = len({row["series"] for row in plot.rows}) > 1
    encoding = {
        "x": {"field": "x", "type": "ordinal", "title": plot.x, "axis": {"labelAngle": 0}},
        "y": {
            "field": "y",
            "aggregate": "mean",
            "type": "quantitative",
            "title": _over_seeds(plot, plot.y),
            "axis": {"format": _number_format(plot.rows, "y")},
        },
        "color": _colour(plot),
        "tooltip": _tooltip(plot, "y"),
    }
    if several:
        encoding["xOffset"] = {"field": "series"}
    return {"height": 240, "mark": {"type": "bar"}, "encoding": encoding}


def _heat(plot: Plot) -> dict[str, Any]:
    weighted = any("weight" in row for row in plot.rows)
    rows, shade = ("y", "weight") if weighted else ("series", "y")
    # The height holds axis and title too: 16 pixels a row are for the rows alone.
    height = min(480, 64 + 16 * len({row[rows] for row in plot.rows}))
    return {
        "height": height,
        "mark": {"type": "rect", "fill": "var(--series-1)"},
        "encoding": {
            "x": {"field": "x", "type": "ordinal", "title": plot.x, "axis": {"labelAngle": 0}},
            "y": {"field": rows, "type": "ordinal", "title": plot.y if weighted else None},
            "fillOpacity": {
                "field": shade,
                "aggregate": "mean",
                "type": "quantitative",
                "title": _over_seeds(plot, told(shade) if weighted else plot.y),
                "scale": {"range": [0.04, 1]},
            },
            "tooltip": _tooltip(plot, shade),
        },
    }


def common_start(names: Sequence[str]) -> str:
    """What all of several names begin with, up to a comma: no row of a figure need say it."""
    parts = [name.split(", ")[:-1] for name in names]
    common = list(takewhile(lambda each: len(set(each)) == 1, zip(*parts, strict=False)))
    return "".join(f"{each[0]}, " for each in common) if len(names) > 1 else ""


LABEL_WIDTH = 340  # pixels for settings, of the 640 of a figure
LABEL_SIZE = 11


def _lines(settings: Sequence[str]) -> dict[str, list[str]]:
    """Each setting in as many lines as it needs, without what all of them begin with."""
    start = len(common_start(settings))
    found = {name: wrapped(name[start:], LABEL_WIDTH, LABEL_SIZE) for name in settings}
    return {name: [text] if isinstance(text, str) else text for name, text in found.items()}


def _setting_axis(lines: dict[str, list[str]]) -> dict[str, Any]:
    """The axis of settings, which says itself how much room it needs, by our own measure.

    Who draws a file may know other letters than who reads it; wider ones were cut at the left.
    """
    widest = max(
        (width_of(line, LABEL_SIZE) for each in lines.values() for line in each), default=0
    )
    return {
        "labelExpr": f"{json.dumps(lines)}[datum.label]",
        "labelLimit": 0,
        "minExtent": round(widest) + 8,
    }


OURS = [("circle", "var(--series-1)"), ("triangle-up", "var(--series-3)")]
OURS += [("square", "var(--series-2)"), ("diamond", "var(--series-5)")]
"""Marks of what we measured, by scale."""


def _pairs(plot: Plot) -> dict[str, Any]:
    settings = list(dict.fromkeys(row["y"] for row in plot.rows))
    lines = _lines(settings)
    most = max(map(len, lines.values()), default=1)
    x = _axis(plot, "x", log=plot.log_x)
    x["axis"] |= {"grid": True, "orient": "top" if len(settings) > 20 else "bottom"}
    y = {
        "field": "y",
        "type": "nominal",
        "sort": settings,
        "title": None,
        "axis": _setting_axis(lines),
    }
    x["axis"] |= {"titleAnchor": "end"}
    kinds = list(dict.fromkeys((row["by"], row["series"]) for row in plot.rows))
    kinds.sort(key=lambda kind: kind[0] != "paper")
    styles = [("circle", "transparent", "var(--ink)")]
    styles += [(shape, colour, colour) for shape, colour in OURS]
    encoding = {"x": x, "y": y, "tooltip": _tooltip(plot)}
    for place, channel in enumerate(("shape", "fill", "stroke")):
        encoding[channel] = {
            "field": "series",
            "type": "nominal",
            "title": None,
            "legend": {"columns": 1},  # under the values alone, there is no room for more
            "scale": {
                "domain": [series for _, series in kinds],
                "range": [style[place] for style in styles[: len(kinds)]],
            },
        }
    encoding["size"] = {"condition": {"test": "datum.by == 'paper'", "value": 90}, "value": 34}
    return {
        "height": {"step": 19 + 13 * (most - 1)},
        "mark": {"type": "point", "strokeWidth": 1.6, "opacity": 1},
        "encoding": encoding,
    }
