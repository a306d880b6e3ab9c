"""A figure with its words: what it is called, what it shows, and the same without a picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from kb.figures.drawing import PAPER, WIDTH, Drawing, said

_DARK = (
    "@media(prefers-color-scheme:dark){svg{--paper:#12151d;--sheet:#191d27;--ink:#e9e8e2;"
    "--ink-2:#b0b5c2;--rule-2:#5a6070;--hue:#8db6f5;--tint:#23344f}}"
)
"""Colours of a figure that stands alone where the reader prefers dark."""

FIGURES: dict[str, Figure] = {}
"""Every figure by its slug, in the order in which they are drawn."""


@dataclass(frozen=True)
class Figure:
    """One figure. Its caption is a sentence; `alt` says all that the picture shows.

    The program of a figure is in English; its words are told in the language of the page.
    """

    slug: str
    words: tuple[str, str, str]
    """Title, caption and what the picture shows, in English."""
    height: int
    draw: Callable[[Drawing], None]

    @property
    def title(self) -> str:
        return said(self.words[0])

    @property
    def caption(self) -> str:
        return said(self.words[1])

    @property
    def alt(self) -> str:
        return said(self.words[2])

    def parts(self) -> str:
        """What is drawn, without its frame."""
        drawing = Drawing(self.height)
        self.draw(drawing)
        return "".join(drawing.parts)

    def svg(self, *, alone: bool = False) -> str:
        """The figure as SVG. alone: as a file of its own, on paper of its own."""
        name = f"figure-{self.slug}"
        sheet = ""
        if alone:
            paper = f'<rect width="{WIDTH}" height="{self.height}" fill="{PAPER}"/>'
            sheet = f"<style>{_DARK}</style>{paper}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}"'
            f' role="img" aria-labelledby="{name}-title {name}-desc"'
            ' font-family="system-ui, Noto Sans, sans-serif">'
            f'<title id="{name}-title">{escape(self.title)}</title>'
            f'<desc id="{name}-desc">{escape(self.caption)}</desc>'
            f"{sheet}{self.parts()}</svg>"
        )


def figure(
    slug: str, title: str, *, height: int, caption: str, alt: str
) -> Callable[[Callable[[Drawing], None]], Callable[[Drawing], None]]:
    """Keep the function below as the program that draws this figure."""

    def keep(draw: Callable[[Drawing], None]) -> Callable[[Drawing], None]:
        FIGURES[slug] = Figure(slug, (title, caption, alt), height, draw)
        return draw

    return keep


def figure_named(slug: str) -> Figure | None:
    """The figure, or None where there is none of this name."""
    return FIGURES.get(slug)
