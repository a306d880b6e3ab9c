"""A comparison as SVG: hollow is reported, filled is reproduced, grey is static. Pure.

Colours are classes that the page's style sheet fills, so the drawing follows the theme; a file that
leaves the site carries a style of its own.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext

from accounts.words import Words
from kb.languages.printed import told
from reproductions.comparing.comparison import FRONTS, Comparison, ticks
from reproductions.comparing.points import Point
from reproductions.comparing.quantities import shown

WIDTH, HEIGHT = 760, 430
LEFT, RIGHT, TOP, BOTTOM = 58, 16, 16, 48
MOST_DRAWN = 190
"""Points in a page, the trusted fronts first; a file holds all of them."""
LOGARITHMIC = 12
"""Costs that span more than this factor stand on a logarithmic axis."""

FILE_STYLE = (
    "text{font:12px 'Noto Sans',system-ui,sans-serif;fill:#4d5466}"
    ".grid{stroke:#dcdad4}.axis{stroke:#a9a69e}.reported{fill:none;stroke:#2b5fb4;stroke-width:1.6}"
    ".reproduced{fill:#2b5fb4;stroke:#2b5fb4}.static{fill:none;stroke:#7d8190;stroke-width:1.4}"
    ".static.met{fill:#7d8190}.other{fill:none;stroke:#b4531b;stroke-width:1.4}"
    ".front{fill:none;stroke-width:1.4;opacity:.75}.front.reported{stroke-dasharray:5 3}"
    ".front.static{stroke-dasharray:2 3}"
)


_KIND_WORDS = {
    "reproduced": Words("reproduced"),
    "reported": Words("reported"),
    "static": Words("static baselines"),
    "other": Words("from tables of others"),
}


@dataclass(frozen=True)
class Scale:
    """Places on one axis. place: from a value to pixels; ticks: value and its label."""

    place: Callable[[float], float]
    ticks: list[tuple[float, str]]
    logarithmic: bool = False


def _number(value: float) -> str:
    return f"{value:.6g}"


def horizontal(comparison: Comparison, drawn: Sequence[Point]) -> Scale:
    """The axis of costs, logarithmic where they span more than a factor of twelve."""
    assert comparison.group is not None
    dimension = comparison.group.dimensions[1]
    low, high = min(p.x.value for p in drawn), max(p.x.value for p in drawn)
    span = WIDTH - LEFT - RIGHT
    if low > 0 and high / low > LOGARITHMIC:
        first, last = math.log10(low) - 0.06, math.log10(high) + 0.06
        marks = _decades(low, high)
        return Scale(
            lambda value: LEFT + span * (math.log10(value) - first) / (last - first),
            [(mark, _with_unit(mark, dimension)) for mark in marks],
            logarithmic=True,
        )
    margin = (high - low or abs(high) or 1) * 0.06
    first, last = low - margin, high + margin
    factor = shown(high, dimension)[0] / high if high else 1.0
    marks = [tick / factor for tick in ticks(low * factor, high * factor)]
    return Scale(
        lambda value: LEFT + span * (value - first) / (last - first),
        [(mark, _number(mark * factor)) for mark in marks],
    )


def _decades(low: float, high: float) -> list[float]:
    steps = (1, 2, 5) if high / low < 300 else (1, 3) if high / low < 10_000 else (1,)
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    values = [step * 10.0**power for power in powers for step in steps]
    return [value for value in values if low * 0.95 <= value <= high * 1.05]


def _with_unit(value: float, dimension: str) -> str:
    number, unit = shown(value, dimension)
    return f"{_number(number)} {unit}".strip()


def vertical(drawn: Sequence[Point]) -> Scale:
    """The axis of qualities; it need not begin at 0, for the differences are what counts."""
    low, high = min(p.y.value for p in drawn), max(p.y.value for p in drawn)
    margin = (high - low or abs(high) * 0.1 or 1) * 0.07
    first, last = low - margin, high + margin
    span = HEIGHT - TOP - BOTTOM
    return Scale(
        lambda value: HEIGHT - BOTTOM - span * (value - first) / (last - first),
        [(mark, _number(mark)) for mark in ticks(first, last)],
    )


def axis_titles(comparison: Comparison) -> tuple[str, str]:
    """Titles of the axes, with units: cost, quality."""
    group = comparison.group
    assert group is not None
    unit = shown(comparison.largest_cost, group.dimensions[1])[1]
    low = min((point.x.value for point in comparison.drawn), default=1.0)
    logarithmic = low > 0 and comparison.largest_cost / low > LOGARITHMIC
    counting = "several ways of counting" if comparison.mixed else group.counting
    measure = "several measures" if comparison.mixed else group.measure
    cost = counting if logarithmic or not unit else f"{counting}, {unit}"
    return told(cost), told(f"{measure}, {group.dimensions[0]}")


def drawn_in_page(comparison: Comparison) -> list[Point]:
    """The points a page can bear: all of them, or the lines first and then the reproduced ones."""
    if len(comparison.drawn) <= MOST_DRAWN:
        return comparison.drawn
    first = {id(point) for kind in FRONTS for point in comparison.front(kind)}
    order = sorted(comparison.drawn, key=lambda p: (id(p) not in first, p.kind == "other"))
    kept = {id(point) for point in order[:MOST_DRAWN]}
    return [point for point in comparison.drawn if id(point) in kept]


def svg(comparison: Comparison, *, alone: bool = False, host: str = "") -> str:
    """The drawing; "" without points. alone: a file of its own, with style, size and every point.

    host: scheme and host, so that the links of a file lead back to the site.
    """
    drawn = comparison.drawn if alone else drawn_in_page(comparison)
    if not drawn:
        return ""
    x, y = horizontal(comparison, drawn), vertical(drawn)
    lines = {kind: comparison.front(kind) for kind in FRONTS}
    leading = {id(point) for front in lines.values() for point in front}
    body = [
        *_axes(x, y, axis_titles(comparison)),
        *(_line(kind, front, x, y) for kind, front in lines.items() if len(front) > 1),
        *(_mark(point, x, y, host, id(point) in leading) for point in drawn),
    ]
    head = f'viewBox="0 0 {WIDTH} {HEIGHT}"'
    if alone:
        head += f' xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        body = [f"<style>{FILE_STYLE}</style>", ground, *body]
    else:
        head += f' class="compared" role="group" aria-label="{escape(sentence(comparison))}"'
    return f"<svg {head}>{''.join(body)}</svg>"


def sentence(comparison: Comparison) -> str:
    """What the drawing shows, for those who do not see it."""
    if not comparison.drawn:
        return gettext("No points.")
    cost, quality = axis_titles(comparison)
    counted = gettext(", ").join(
        f"{count} {_KIND_WORDS[kind]}" for kind, count in comparison.counts.items()
    )
    words = gettext("{quality} against {cost}: {count} points, {counted}.")
    return words.format(quality=quality, cost=cost, count=len(comparison.drawn), counted=counted)


def _axes(x: Scale, y: Scale, titles: tuple[str, str]) -> list[str]:
    base, end = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = [f'<path class="axis" d="M{LEFT} {base}H{end}"/>']
    for value, label in y.ticks:
        at = f"{y.place(value):.0f}"
        parts.append(f'<path class="grid" d="M{LEFT} {at}H{end}"/>')
        parts.append(f'<text x="{LEFT - 7}" y="{at}" dy="4" text-anchor="end">{label}</text>')
    for value, label in x.ticks:
        at = f"{x.place(value):.0f}"
        parts.append(f'<path class="axis" d="M{at} {base}v5"/>')
        parts.append(f'<text x="{at}" y="{base + 18}" text-anchor="middle">{escape(label)}</text>')
    middle = (LEFT + end) / 2
    cost, quality = (escape(title) for title in titles)
    half = TOP + (base - TOP) / 2
    parts.append(f'<text x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{cost}</text>')
    turned = f'transform="translate(14 {half:.0f}) rotate(-90)"'
    parts.append(f'<text {turned} text-anchor="middle">{quality}</text>')
    return parts


def _line(kind: str, front: Sequence[Point], x: Scale, y: Scale) -> str:
    steps = " ".join(f"{x.place(p.x.value):.1f},{y.place(p.y.value):.1f}" for p in front)
    return f'<polyline class="front {kind}" points="{steps}"/>'


def _mark(point: Point, x: Scale, y: Scale, host: str, leads: bool) -> str:
    """A point as a link to its number, with a name that says it whole.

    Points behind the lines are skipped by the Tab key: hundreds of stops are a wall.
    """
    a, b = x.place(point.x.value), y.place(point.y.value)
    met = " met" if point.kind == "static" and point.reproduced else ""
    if point.kind == "static":
        shape = f'<path class="static{met}" d="M{a:.1f} {b - 5:.1f}l5 5l-5 5l-5-5z"/>'
    elif point.kind == "other":
        shape = f'<path class="other" d="M{a - 4:.1f} {b - 4:.1f}l8 8m0-8l-8 8"/>'
    else:
        shape = f'<circle class="{point.kind}" cx="{a:.1f}" cy="{b:.1f}" r="4.5"/>'
    number = point.cost if point.cost.judgement__run else point.quality
    skipped = "" if leads else ' tabindex="-1"'
    name = escape(spoken(point))
    address = reverse("number", args=[number.slug])
    return f'<a href="{host}{address}"{skipped}><title>{name}</title>{shape}</a>'


def spoken(point: Point) -> str:
    """A point in words: network, year, quality, cost, and what speaks for or against it."""
    words = f"{point.label} ({point.quality.paper__year}): {point.reached}, {point.cost.text}"
    if point.reproduced:
        words += gettext("; {what} reproduced").format(what=gettext(point.reproduced))
    if point.kind == "static":
        words += gettext("; static")
    if point.kind == "other":
        source = point.quality.table_of or point.cost.table_of
        words += gettext("; in a table of {source}").format(source=source)
    return f"{words}{gettext('; ')}{gettext(point.doubt)}" if point.doubt else words
