"""A reading list in Markdown: headings are sections; rows, bullets and paragraphs are entries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from community.list_files.beside_titles import said_above, year_alone
from community.list_files.bullets import read_bullet
from community.list_files.conflicts import marked
from community.list_files.dates import year_in
from community.list_files.headings import (
    BY_HEADING,
    COUNTS,
    TEXT_SECTIONS,
    folded_heading,
    with_whole_rows,
)
from community.list_files.html_blocks import as_markdown
from community.list_files.labelled import Said, said_in_all
from community.list_files.own_format import is_own, read_own
from community.list_files.parts import Parts
from community.list_files.shapes import Entry, Kind, Left, ListFile, Section
from community.list_files.spans import Span, plain, spans_of
from community.list_files.tables import Row, read_table
from papers.names import fold

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_COUNTED = "a count or a date, which are made anew"
_FULL_WIDTH = str.maketrans("［］｜", "[]|")
_ATX = re.compile(r"^(\s{0,3}#{1,6})(?=[^#\s])", re.MULTILINE)


class _Reader:
    """Walks the blocks of one file. Lines are those of the file."""

    def __init__(self, name: str) -> None:
        self.file = name
        self.list = ListFile()
        self.headings: list[tuple[int, str]] = []
        self.joined: list[int] = []
        self.html_lines: list[int] = []
        """Of a block of HTML that is being read: the line of the file of each of its own."""
        self.years: list[int] = []
        """Of bullets that are a year alone and hold the entries of that year."""
        self.waiting: tuple[int, list[Span]] | None = None
        """A paragraph that may be the title of an entry whose authors and links follow."""

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.headings)

    @property
    def role(self) -> Kind | None:
        """What the section is about, by the innermost heading that says it."""
        roles = (BY_HEADING.get(folded_heading(text)) for text in reversed(self.path))
        return next((role for role in roles if role), None)

    @property
    def is_classification(self) -> bool:
        words = fold(self.path[-1]).split() if self.path else []
        return bool(words) and (words[-1] == "classification" or "分类" in self.path[-1])

    @property
    def is_text(self) -> bool:
        return any(folded_heading(text) in TEXT_SECTIONS for text in self.path)

    def line(self, node: SyntaxTreeNode) -> int:
        """The line of the file where a block begins, from 1; 0 where that is not known."""
        if self.html_lines and node.map:
            return self.html_lines[min(node.map[0], len(self.html_lines) - 1)]
        number = node.map[0] + 1 if node.map else 0
        return number + sum(place < number for place in self.joined)

    # --- blocks ---

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> None:
        for node in nodes:
            if node.type not in ("paragraph", "blockquote"):
                self._end_waiting()
            match node.type:
                case "heading":
                    self._heading(node)
                case "paragraph":
                    self._paragraph(node)
                case "bullet_list" | "ordered_list":
                    self._items(node)
                case "table":
                    self._table(node)
                case "blockquote":
                    self._quote(node)
                case "html_block":
                    self._html(node)
                case "fence" | "code_block":
                    self._leave(self.line(node), node.content, "code")
        self._end_waiting()

    def _html(self, node: SyntaxTreeNode) -> None:
        """Items, tables and headings of HTML are read as those of Markdown."""
        read, line = as_markdown(node.content), self.line(node)
        if not read.has_entries or self.html_lines:
            self._leave(line, node.content, "HTML")
            return
        self.html_lines = [line + source for source in read.sources]
        self.blocks(SyntaxTreeNode(_MARKDOWN.parse(read.text)).children)
        self.html_lines = []

    def _heading(self, node: SyntaxTreeNode) -> None:
        level, text = int(node.tag[1]), plain(_spans(node))
        if not text:
            return
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        if level == 1 and not self.list.title and not self.list.sections:
            self.list.title = text
        self.headings.append((level, text))
        self.list.sections.append(Section(self.path, self.line(node)))

    def _paragraph(self, node: SyntaxTreeNode) -> None:
        spans, line = _spans(node), self.line(node)
        text = plain(spans)
        if not self.list.title and not self.headings and not self.list.entries and len(text) < 120:
            self.list.title = text
            return
        if self.waiting is not None:
            start, before = self.waiting
            self.waiting = None
            if self._take([before, spans], start, is_paragraph=True):
                return
            self._text(start, plain(before))
        if any(span.strong for span in spans[:3]) and not self.is_text:
            if self._take([spans], line, is_paragraph=True):
                return
            self.waiting = (line, spans)
            return
        self._text(line, text)

    def _end_waiting(self) -> None:
        if self.waiting is not None:
            line, spans = self.waiting
            self.waiting = None
            self._text(line, plain(spans))

    def _quote(self, node: SyntaxTreeNode) -> None:
        """What is quoted under an entry is a note on it."""
        self._end_waiting()
        text = " ".join(
            plain(_spans(child)) for child in node.children if child.type == "paragraph"
        )
        last = self.list.entries[-1] if self.list.entries else None
        if last and last.section == self.path and not last.notes and last.line < self.line(node):
            self.list.entries[-1] = replace(last, notes=text[:4000])
        else:
            self._text(self.line(node), text)

    def _items(self, node: SyntaxTreeNode, depth: int = 0) -> None:
        for item in node.children:
            paragraphs = [child for child in item.children if child.type == "paragraph"]
            spans = [_spans(child) for child in paragraphs]
            nested = [child for child in item.children if child.type.endswith("_list")]
            line = self.line(item)
            said, nested = _said_below(nested)
            if self.is_classification:
                text = plain([span for part in spans for span in part])
                self.list.classification += [(depth, text)] if text else []
            elif self.role and self.role is not Kind.PAPER:
                self._take_other(spans, line, self.role)
                for table in nested if self.role is Kind.ORGANISATION else ():
                    self._works_of(plain(spans[0]) if spans else "", table)
                nested = [] if self.role is Kind.ORGANISATION else nested
            elif not spans or self.is_text or not self._take(spans, line, said=said):
                text = plain([span for part in spans for span in part])
                self._leave(line, text, self._why_no_entry(spans)) if text else None
            year = year_alone(plain(spans[0])) if spans and nested else None
            self.years += [year] if year else []
            for child in nested:
                self._items(child, depth + 1)
            self.years = self.years[:-1] if year else self.years
            for child in item.children:
                if child.type == "table":
                    self._table(child)

    def _why_no_entry(self, spans: Sequence[Sequence[Span]]) -> str:
        urls = [span.url for part in spans for span in part if span.url is not None]
        if urls and all(url.startswith("#") for url in urls):
            return "contents, which are made anew"
        return "text of the section" if not urls else "a link that names no paper"

    def _table(self, node: SyntaxTreeNode) -> None:
        rows = [
            Row([_spans(cell) for cell in row.children], self.line(row) or self.line(node))
            for part in node.children
            for row in part.children
        ]
        if not rows:
            return
        year = year_in(self.path[-1]) if self.path else None
        is_span = bool(self.path) and bool(re.search(r"\d{4}\s*[-–]\s*\d{4}", self.path[-1]))
        reading = read_table(rows[0], rows[1:], heading_year=None if is_span else year)
        if self.list.sections and reading.focus_name:
            self.list.sections[-1].focus_name = reading.focus_name
        for entry in reading.entries:
            self._add(entry)
        for left in reading.left:
            self._leave(left.line, left.text, left.why)

    # --- entries ---

    def _take(
        self,
        paragraphs: Sequence[Sequence[Span]],
        line: int,
        *,
        is_paragraph: bool = False,
        said: Sequence[Said] = (),
    ) -> bool:
        entry, parts = read_bullet(paragraphs, line=line, said=said)
        if entry is None:
            return False
        if entry.kind is Kind.LINK:
            if is_paragraph and not parts.is_strong:
                return False
            self._leave(line, entry.title, "a link that names no paper")
        self._tell_parts(entry, parts)
        self._add(said_above(entry, self.path, self.years))
        return True

    def _tell_parts(self, entry: Entry, parts: Parts) -> None:
        for why in dict.fromkeys(parts.left):
            self._leave(entry.line, entry.title[:80], why)

    def _take_other(self, paragraphs: Sequence[Sequence[Span]], line: int, kind: Kind) -> None:
        """A person, book, course, venue or organisation: a name, an address, and words on it."""
        spans = [span for part in paragraphs for span in part]
        entry, _ = read_bullet(paragraphs, line=line)
        linked = next((span for span in spans if span.url is not None), None)
        name = plain([replace(linked, url=None)]) if linked else plain(spans)
        after = plain([span for span in spans if span is not linked]) if linked else ""
        if not name:
            return
        self._add(
            Entry(
                title=name.strip(" ,;:[]"),
                kind=kind,
                line=line,
                links=entry.links if entry else (),
                notes=after.strip(" ,;:"),
            )
        )

    def _works_of(self, owner: str, node: SyntaxTreeNode) -> None:
        """Works under a company: "2021 [[Ascend]](…)"."""
        for item in node.children:
            spans = [_spans(child) for child in item.children if child.type == "paragraph"]
            entry, _ = read_bullet(spans, line=self.line(item))
            text = plain([span for part in spans for span in part])
            if entry is None or not entry.links:
                self._leave(self.line(item), text, "a work without an address") if text else None
                continue
            title = entry.title.strip(" []")
            self._add(replace(entry, title=title, kind=Kind.LINK, notes=owner))

    def _add(self, entry: Entry) -> None:
        self.list.entries.append(replace(entry, section=self.path, file=self.file))

    def _text(self, line: int, text: str) -> None:
        """Prose: counts are made anew, the rest introduces its section."""
        if not text.strip():
            return
        if COUNTS.search(text):
            self._leave(line, text, _COUNTED)
            return
        section = self.list.sections[-1] if self.list.sections else None
        if section is not None and not any(e.section == self.path for e in self.list.entries):
            section.introduction = f"{section.introduction}\n\n{text}".strip()
        self._leave(line, text, "text of the section")

    def _leave(self, line: int, text: str, why: str) -> None:
        if text.strip():
            self.list.left.append(Left(line, " ".join(text.split())[:300], why, self.file))


def read_markdown(text: str, *, name: str = "") -> ListFile:
    """A list from the text of a Markdown file; `name` is kept with entries and lines. Pure."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").removeprefix("\ufeff")
    if is_own(text):
        return read_own(text, name=name)
    reader = _Reader(name)
    for match in (*_FRONT_MATTER.finditer(text), *_COMMENT.finditer(text)):
        line = text.count("\n", 0, match.start()) + 1
        reader._leave(line, match[0].strip("<!->\n "), "a comment")
    for pattern in (_FRONT_MATTER, _COMMENT):
        text = pattern.sub(lambda match: "\n" * match[0].count("\n"), text)
    text = _ATX.sub(r"\1 ", text).translate(_FULL_WIDTH)
    text, reader.joined = with_whole_rows(text)
    reader.blocks(SyntaxTreeNode(_MARKDOWN.parse(text)).children)
    reader.list.entries = marked(reader.list.entries)
    reader.list.left = [_counted(left, reader.list) for left in reader.list.left]
    reader.list.left.sort(key=lambda left: left.line)
    return reader.list


def _counted(left: Left, read: ListFile) -> Left:
    """A declared count of a section beside what stands there: "(num) 2021 = 16"."""
    declared = re.search(r"((?:19|20)\d\d)\s*=\s*(\d+)", left.text)
    if left.why != _COUNTED or declared is None:
        return left
    above = [section for section in read.sections if section.line <= left.line]
    path = above[-1].path if above else ()
    year = int(declared[1])
    number = sum(entry.section == path and entry.year == year for entry in read.papers)
    says = "as here" if number == int(declared[2]) else f"there are {number}"
    return replace(left, why=f"{left.why}; {says}")


def _said_below(
    nested: Sequence[SyntaxTreeNode],
) -> tuple[list[Said], list[SyntaxTreeNode]]:
    """What nested items say of the one above, and the lists that are entries of their own."""
    said: list[Said] = []
    others: list[SyntaxTreeNode] = []
    for child in nested:
        read = said_in_all([_spans(item.children[0]) for item in child.children if item.children])
        if read and len(read) == len(child.children):
            said += read
        else:
            others.append(child)
    return said, others


def _spans(node: SyntaxTreeNode) -> list[Span]:
    inline = node if node.type == "inline" else next(_inlines(node), None)
    return spans_of(inline.token.children or ()) if inline is not None and inline.token else []


def _inlines(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for child in node.children:
        if child.type == "inline":
            yield child
