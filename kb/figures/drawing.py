"""Boxes, arrows, gates and grids of a figure, written as SVG that takes its colours from the page.

All figures are 360 units wide, so that on a narrow phone one unit is about 0.9 px and the smallest
letters stay readable. Colours are the variables of the site's style sheet; where a figure stands
alone, what is written behind them counts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from html import escape

from django.utils.translation import pgettext

WIDTH = 360
CONTEXT = "figure"
"""Of all words of figures in the catalogue: a label says less than a sentence of the same words."""
SMALLEST = 12
"""Least size of letters, in units."""

HUE = "var(--hue, #2b5fb8)"
TINT = "var(--tint, #e3ebf8)"
INK = "var(--ink, #1d2230)"
QUIET = "var(--ink-2, #525a6b)"
FAINT = "var(--rule-2, #b5b3ab)"
SHEET = "var(--sheet, #ffffff)"
PAPER = "var(--paper, #fcfbf8)"

_KINDS = {
    "plain": (SHEET, QUIET, INK, ""),
    "hue": (TINT, HUE, INK, ""),
    "solid": (HUE, HUE, PAPER, ""),
    "ghost": ("none", FAINT, QUIET, ' stroke-dasharray="4 3"'),
}
_NARROW, _WIDE = set("ijlftrI.,:;'|!()[]{} -1"), set("mwMW@%")
_FULL = "\u2e80"
"""The first sign of the scripts of China and Japan, whose signs fill a square."""


class DoesNotFit(ValueError):
    """A label is wider than its box, or something stands outside the figure."""


def width_of(text: str, size: float = SMALLEST) -> float:
    """About how wide the text is, in units; rather more than less, whatever the font."""
    narrow = sum(letter in _NARROW for letter in text)
    wide = sum(letter in _WIDE for letter in text)
    full = sum(letter >= _FULL for letter in text)
    other = len(text) - narrow - wide - full
    return size * (0.4 * narrow + 0.95 * wide + full + 0.62 * other)


def is_said(words: str) -> bool:
    """Whether a label is of words, which other languages say otherwise; numbers and letters that
    name something are the same everywhere."""
    return bool(re.search(r"[^\W\d_]{2}", words)) and not words.isupper()


def said(words: str) -> str:
    """A line of a figure in the language of the page."""
    return pgettext(CONTEXT, words) if is_said(words) else words


@dataclass
class Drawing:
    """A figure while it is being drawn. Coordinates grow to the right and down.

    Labels are given in English and written in the language of the page.
    """

    height: int
    parts: list[str] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "middle",
        size: float = SMALLEST,
        colour: str = INK,
        bold: bool = False,
    ) -> None:
        """One line whose base stands at y."""
        words = said(words)
        left = {"start": x, "middle": x - width_of(words, size) / 2}.get(
            anchor, x - width_of(words, size)
        )
        if left < 0 or left + width_of(words, size) > WIDTH or not size <= y <= self.height:
            raise DoesNotFit(f"“{words}” stands outside the figure.")
        weight = ' font-weight="600"' if bold else ""
        self.parts.append(
            f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(size)}" text-anchor="{anchor}"'
            f' fill="{colour}"{weight}>{escape(words)}</text>'
        )

    def note(self, x: float, y: float, words: str, anchor: str = "middle") -> None:
        """A quiet remark."""
        self.text(x, y, words, anchor=anchor, colour=QUIET)

    def box(
        self, x: float, y: float, w: float, h: float, label: str = "", kind: str = "plain"
    ) -> None:
        """A part of a network; `kind` is plain, hue (active), solid (chosen) or ghost (not run).

        A second line of the label stands behind a line break.
        """
        fill, stroke, ink, dashes = _KINDS[kind]
        self.parts.append(
            f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(w)}" height="{_n(h)}" rx="4"'
            f' fill="{fill}" stroke="{stroke}"{dashes}/>'
        )
        lines = label.split("\n") if label else []
        for place, line in enumerate(lines):
            if width_of(said(line)) > w + 2:
                raise DoesNotFit(f"“{line}” is wider than its box of {w}.")
            middle = y + h / 2 + (place - (len(lines) - 1) / 2) * 14 + 4.2
            self.text(x + w / 2, middle, line, colour=ink)

    def gate(self, x: float, y: float, label: str = "", kind: str = "hue") -> None:
        """A decision: a diamond around (x, y), its name beneath it."""
        fill, stroke, _, dashes = _KINDS[kind]
        self.parts.append(
            f'<path d="M{_n(x)} {_n(y - 11)}L{_n(x + 11)} {_n(y)}L{_n(x)} {_n(y + 11)}'
            f'L{_n(x - 11)} {_n(y)}Z" fill="{fill}" stroke="{stroke}"{dashes}/>'
        )
        if label:
            self.note(x, y + 25, label)

    def dot(self, x: float, y: float, r: float = 5, kind: str = "solid") -> None:
        """A sample, token or point; `ghost` is one that is left out."""
        fill, stroke, _, dashes = _KINDS[kind]
        self.parts.append(
            f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(r)}" fill="{fill}" stroke="{stroke}"'
            f"{dashes}/>"
        )

    def line(
        self, points: Sequence[tuple[float, float]], *, dashed: bool = False, colour: str = QUIET
    ) -> None:
        """A line through the points."""
        path = "L".join(f"{_n(x)} {_n(y)}" for x, y in points)
        dashes = ' stroke-dasharray="4 3"' if dashed else ""
        self.parts.append(
            f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="1.4"{dashes}/>'
        )

    def arrow(
        self, *points: tuple[float, float], dashed: bool = False, colour: str = QUIET
    ) -> None:
        """A line through the points with a head at its end; dashed is what does not happen."""
        (ax, ay), (bx, by) = points[-2:]
        angle = math.atan2(by - ay, bx - ax)
        self.line(
            [*points[:-1], (bx - 5 * math.cos(angle), by - 5 * math.sin(angle))],
            dashed=dashed,
            colour=colour,
        )
        corners = " ".join(
            f"{_n(bx - 7 * math.cos(angle + turn))},{_n(by - 7 * math.sin(angle + turn))}"
            for turn in (-0.45, 0.45)
        )
        self.parts.append(f'<polygon points="{_n(bx)},{_n(by)} {corners}" fill="{colour}"/>')

    def curve(self, points: Sequence[tuple[float, float]], *, colour: str = HUE) -> None:
        """A smooth line through points (x growing), for functions."""
        path = " ".join(f"{_n(x)},{_n(y)}" for x, y in points)
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"'
            ' stroke-linejoin="round"/>'
        )

    def grid(
        self,
        x: float,
        y: float,
        columns: int,
        rows: int,
        cell: float,
        active: Collection[tuple[int, int]] = (),
        *,
        kind: str = "hue",
    ) -> None:
        """Cells of a map; those in `active` (column, row) are computed."""
        fill, stroke, _, _ = _KINDS[kind]
        side = cell - 1.5
        cells = [(column, row) for row in range(rows) for column in range(columns)]
        for on, colour, edge in ((False, SHEET, FAINT), (True, fill, stroke)):
            squares = "".join(
                f"M{_n(x + column * cell)} {_n(y + row * cell)}h{_n(side)}v{_n(side)}h-{_n(side)}z"
                for column, row in cells
                if ((column, row) in active) == on
            )
            if squares:
                self.parts.append(f'<path d="{squares}" fill="{colour}" stroke="{edge}"/>')

    def bars(
        self,
        x: float,
        base: float,
        heights: Sequence[float],
        *,
        width: float = 12,
        chosen: Collection[int] | None = None,
    ) -> None:
        """Columns that stand on `base`; where `chosen` is given, the others are faint."""
        for place, height in enumerate(heights):
            on = chosen is None or place in chosen
            fill, stroke = (HUE, HUE) if on else (SHEET, FAINT)
            self.parts.append(
                f'<rect x="{_n(x + place * (width + 4))}" y="{_n(base - height)}"'
                f' width="{_n(width)}" height="{_n(height)}" fill="{fill}" stroke="{stroke}"/>'
            )

    def axes(self, x: float, y: float, w: float, h: float, across: str, up: str) -> None:
        """Two axes that meet at (x, y), their names at the ends."""
        self.arrow((x, y), (x + w, y))
        self.arrow((x, y), (x, y - h))
        self.note(x + w, y + 15, across, anchor="end")
        self.note(x - 2, y - h - 6, up, anchor="start")


def _n(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".removesuffix(".0")
