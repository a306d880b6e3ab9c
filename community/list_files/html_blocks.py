"""Blocks of HTML in a list as Markdown: items, tables and headings; links and emphasis stay."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

_INLINE = frozenset({"a", "b", "strong", "i", "em", "s", "del", "strike"})
_HEADING = re.compile(r"h[1-6]")
_BREAKING = frozenset(
    {"p", "div", "section", "center", "details", "summary", "ul", "ol", "dl", "dt", "dd", "tbody"}
)
_SILENT = frozenset({"script", "style", "template"})
_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<|])")


@dataclass
class Converted:
    """Lines of Markdown, and of each the line of the block where it comes from, from 0."""

    lines: list[str] = field(default_factory=list)
    sources: list[int] = field(default_factory=list)
    has_entries: bool = False
    """Whether items, rows or paragraphs with links are among them."""

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


def as_markdown(html: str) -> Converted:
    """The block as Markdown; tags that say nothing about the text are dropped."""
    writer = _Writer()
    writer.feed(html)
    writer.close()
    writer.break_line()
    return writer.done


class _Writer(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done = Converted()
        self.current = ""
        self.start = 0
        self.depth = 0
        self.silent = 0
        self.cells: list[str] | None = None
        self.is_first_row = False

    # --- what is written ---

    def break_line(self) -> None:
        """End the line; an empty one follows, so that blocks stay apart."""
        if self.current.strip():
            self._line(self.current.rstrip(), self.start)
            if not self.current.lstrip().startswith(("-", "|")):
                self._line("", self.start)
        self.current = ""

    def _line(self, text: str, source: int) -> None:
        self.done.lines.append(text)
        self.done.sources.append(source)

    def _begin(self, text: str) -> None:
        self.break_line()
        self.current, self.start = text, self.getpos()[0] - 1

    # --- what is read ---

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _SILENT:
            self.silent += 1
        elif tag in _INLINE:
            href = f' href="{escape(given.get("href", ""))}"' if tag == "a" else ""
            self.done.has_entries |= tag == "a" and not self.current.startswith("#")
            self._add(f"<{tag}{href}>")
        elif tag == "img":
            self._add(f"![{_escaped(given.get('alt', ''))}](<{given.get('src', '')}>)")
        elif tag == "br":
            self._add("<br>")
        elif tag in ("td", "th"):
            self._end_cell()
            self.cells = [*(self.cells or []), ""]
        else:
            self._start_block(tag)

    def _start_block(self, tag: str) -> None:
        if tag == "table":
            self.break_line()
            self.is_first_row = True
        elif tag == "tr":
            self._begin("")
            self.cells = []
        elif tag == "li":
            self._begin("  " * max(0, self.depth - 1) + "- ")
            self.done.has_entries = True
        elif _HEADING.fullmatch(tag):
            self._begin("#" * int(tag[1]) + " ")
        elif tag in _BREAKING:
            is_in_item = self.current.lstrip() == "- "
            if not is_in_item and self.cells is None:
                self._begin("")
            self.depth += tag in ("ul", "ol")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _INLINE:
            self._add(f"</{tag}>")
        elif tag == "tr" and self.cells is not None:
            self._end_row()
        elif tag in ("ul", "ol"):
            self.break_line()
            self.depth = max(0, self.depth - 1)
        elif (tag in _BREAKING or tag == "li" or _HEADING.fullmatch(tag)) and self.cells is None:
            self.break_line()
        elif tag == "table":
            self.break_line()
            self._line("", self.getpos()[0] - 1)

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self._add(_escaped(re.sub(r"\s+", " ", data)))

    def _add(self, text: str) -> None:
        if self.cells:
            self.cells[-1] += text
        elif self.cells is None:
            if not self.current.strip():
                self.start = self.getpos()[0] - 1
            self.current += text if self.current.strip() else text.lstrip()

    def _end_cell(self) -> None:
        if self.cells:
            self.cells[-1] = self.cells[-1].strip()

    def _end_row(self) -> None:
        cells, self.cells = self.cells or [], None
        if not cells:
            return
        self._line(f"| {' | '.join(cell.strip() for cell in cells)} |", self.start)
        if self.is_first_row:
            self._line("|" + "---|" * len(cells), self.start)
            self.is_first_row = False
        self.done.has_entries = True


def _escaped(text: str) -> str:
    return _MARKDOWN_SIGNS.sub(r"\\\1", text)
