"""The picture that stands beside a link to a record: drawn by us, 1200 by 630, as PNG.

The drawing is SVG of fixed colours, turned into pixels by vl-convert, which the plots use too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from html import escape

import vl_convert
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kb.figures.drawing import width_of
from kb.pages.sharing.cards import SITE_NAME, Card, card

WIDTH, HEIGHT = 1200, 630
MARGIN = 72
MOST_BYTES = 300_000
"""Messengers leave larger pictures out."""
KEPT_SECONDS = 24 * 3600
_VERSION = 1  # of the drawing: a new one makes all pictures anew
_HUES = {"instance": "#2b5fb8", "spatial": "#217346", "temporal": "#a4561f", "facet": "#5a6478"}
_SERIF = "Noto Serif, Noto Serif CJK SC, DejaVu Serif, serif"
_SANS = "Noto Sans, Noto Sans CJK SC, DejaVu Sans, sans-serif"


@require_safe
@cache_control(public=True, max_age=86_400)
def picture(request: HttpRequest, kind: str, slug: str) -> HttpResponse:
    """The picture of a public record."""
    response = HttpResponse(png(card(kind, slug)), content_type="image/png")
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def png(shown: Card) -> bytes:
    """The card as PNG, at most MOST_BYTES; kept for a day under what is drawn."""
    drawing = svg(shown)
    key = f"picture:{_VERSION}:{hashlib.sha256(drawing.encode()).hexdigest()}"
    kept = cache.get(key)
    if isinstance(kept, bytes):
        return kept
    made = bytes(vl_convert.svg_to_png(drawing, scale=1))
    if len(made) > MOST_BYTES:
        made = bytes(vl_convert.svg_to_png(drawing, scale=0.5))
    cache.set(key, made, KEPT_SECONDS)
    return made


def svg(shown: Card) -> str:
    """The card as SVG without anything from outside."""
    return "".join(_parts(shown))


def _parts(shown: Card) -> Iterator[str]:
    hue = _HUES.get(shown.hue, _HUES["instance"])
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"'
        f' width="{WIDTH}" height="{HEIGHT}"><rect width="{WIDTH}" height="{HEIGHT}"'
        f' fill="#fcfbf8"/><rect width="16" height="{HEIGHT}" fill="{hue}"/>'
    )
    y = MARGIN + 28
    if shown.above:
        yield _line(y, shortened(shown.above, 30), 30, "#525a6b")
    y += 26
    if shown.value:
        y += 100
        yield _line(y, shortened(shown.value, 104), 104, hue, bold=True)
        y += 16
    size = 60 if len(shown.title) < 90 and not shown.value else 46
    for text in wrapped(shown.title, size, most=3):
        y += round(size * 1.22)
        yield _line(y, text, size, "#1d2230", family=_SERIF, bold=True)
    y += 20
    for line in shown.below:
        room = (HEIGHT - MARGIN - 50 - y) // 42
        for text in wrapped(line, 30, most=min(3, room)) if room > 0 else ():
            y += 42
            yield _line(y, text, 30, "#333a49")
    yield f'<line x1="{MARGIN}" x2="{WIDTH - MARGIN}" y1="560" y2="560" stroke="#b5b3ab"/>'
    yield _line(HEIGHT - 32, SITE_NAME, 26, "#525a6b") + "</svg>"


def _line(
    y: float, text: str, size: int, colour: str, *, family: str = _SANS, bold: bool = False
) -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{MARGIN}" y="{y}" font-size="{size}" fill="{colour}"'
        f' font-family="{family}"{weight}>{escape(text)}</text>'
    )


def _width(text: str, size: float) -> float:
    """As the figures reckon it; Chinese signs are a full square wide."""
    wide = sum(letter >= "\u2e80" for letter in text)
    return width_of(text, size) + wide * 0.4 * size


def shortened(text: str, size: float) -> str:
    """As much of a line as fits, with an ellipsis where something is missing."""
    room = WIDTH - 2 * MARGIN
    if _width(text, size) <= room:
        return text
    while text and _width(text + "…", size) > room:
        text = text[:-1]
    whole = text.rstrip().rpartition(" ")[0]
    return (whole if len(whole) > 0.7 * len(text) else text.rstrip()) + "…"


def wrapped(text: str, size: float, *, most: int) -> list[str]:
    """The text in at most `most` lines, broken between words; the last one is shortened."""
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        line = words.pop(0)
        while words and _width(f"{line} {words[0]}", size) <= WIDTH - 2 * MARGIN:
            line = f"{line} {words.pop(0)}"
        if len(lines) == most - 1 and words:
            line = f"{line} {' '.join(words)}"
        lines.append(shortened(line, size))
    return lines
