"""What a page holds once its glyphs have positions: words, lines, pages.

Coordinates are in points (1/72 inch) with the origin at the top left of the upright page;
y is the baseline, growing downwards.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Font:
    """A typeface as the document names it, without its subset tag."""

    name: str
    bold: bool
    italic: bool


@dataclass(slots=True)
class Word:
    """Glyphs without a space between them, all of one font object."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    font: Font
    glued: bool = False
    """True when no space stood between this word and the one before it."""


@dataclass(slots=True)
class Line:
    """Words on one baseline of one column, left to right."""

    words: list[Word]
    page: int
    x0: float
    x1: float
    y: float
    size: float
    text: str = ""
    bold: bool = False
    italic: bool = False
    column: int = 0
    """-1: spans the columns; 0, 1: left, right; 9: margin note."""

    @property
    def width(self) -> float:
        return self.x1 - self.x0


@dataclass(slots=True)
class Page:
    """One page: upright words, and words standing sideways (stamps, axis labels)."""

    number: int
    width: float
    height: float
    words: list[Word] = field(default_factory=list)
    sideways: list[Word] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    glyphs: int = 0
    glyphs_lost: int = 0
    unnamed_glyphs: bool = False
    """Whether some characters came back as control characters."""
    pictures_area: float = 0.0
    """Share of the page covered by its largest picture, 0 to 1 (only looked at when empty)."""
