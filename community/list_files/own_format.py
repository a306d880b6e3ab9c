"""Our own lists in Markdown: tables as awesome lists have them, or bullets, read back exactly.

Writing and reading are inverse: what was written, read and written again is the same text, byte for
byte. A comment at the top tells our files from others.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from urllib.parse import quote

from community.list_files.conflicts import marked
from community.list_files.dates import venue_and_year, year_in
from community.list_files.links import link_of
from community.list_files.shapes import Entry, Left, Link, ListFile, Section

MARK = "<!-- a reading list of the Living Survey -->"
FOCUS = "Focused On"
_BEGIN, _END = "<!-- introduction -->", "<!-- /introduction -->"
_CLASSIFICATION = "# Classification"
_ESCAPED = re.compile(r"([\\`*\[\]<|])|(?<!\w)(_)|(_)(?!\w)|(&)(?=#?\w+;)")
_UNESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_BAR = re.compile(r"(?<!\\)(?:\\\\)*\|")
_LINKS = re.compile(r"\s*(?<!\\)((?:\[\[(?:\\.|[^\]\\])*\]\]\([^()\s]*\)\s*)+)")
_LINK = re.compile(r"\[\[((?:\\.|[^\]\\])*)\]\]\(([^()\s]*)\)")
_AUTHORS = re.compile(r"<br>\*((?:\\.|[^*\\])*)\*$")
_RULE = re.compile(r"\s*\|(?:\s*:?-{3,}:?\s*\|)+\s*")
_HEADING = re.compile(r"(#{1,6}) (.*)")
_BULLET = re.compile(
    r"- \*\*((?:\\.|[^*\\])*)\*\*"  # title
    r"(?: \(((?:\\.|[^()\\])*)\))?"  # year and venue
    r"((?: \[\[(?:\\.|[^\]\\])*\]\]\([^()\s]*\))*)$"  # links
)
_NODE = re.compile(r"(\s*)\* (.*?)(?: \[\[([\w-]+)\]\]\(\S*\))?$")


def is_own(text: str) -> bool:
    """Whether we wrote it."""
    return MARK in text[:2000]


# --- writing ---


def write_own(read: ListFile, *, bullets: bool = False, site: str = "") -> str:
    """The list as Markdown. site: scheme and host for the addresses of topics. Pure."""
    blocks = [_begin_of_line(escape(read.title)), MARK]
    if read.introduction:
        blocks.append(_introduction(read.introduction))
    for name, value in (("Licence", read.licence), ("Source", read.source)):
        blocks += [f"{name}: {escape(value)}"] if value else []
    loose = [entry for entry in read.entries if not entry.section]
    sections = with_all_above(read.sections)
    if contents := list(_contents(read, sections)):
        blocks.append("\n".join(contents))
    if read.classification:
        nodes = [
            _node(depth, text, read.topics.get(text, ""), site)
            for depth, text in read.classification
        ]
        blocks += [f"{_CLASSIFICATION}\n" + "\n".join(nodes), "----"]
    if loose:
        blocks.append(_entries(loose, FOCUS, bullets))
    for section in sections:
        entries = [entry for entry in read.entries if entry.section == section.path]
        blocks += _section(section, entries, bullets)
    return "\n\n".join(blocks) + "\n"


def with_all_above(sections: Sequence[Section]) -> list[Section]:
    """The sections without repeats, each behind those that it lies in."""
    whole: dict[tuple[str, ...], Section] = {}
    for section in sections:
        for depth in range(1, len(section.path)):
            whole.setdefault(section.path[:depth], Section(section.path[:depth]))
        if section.path:
            known = whole.setdefault(section.path, section)
            known.introduction = known.introduction or section.introduction
    return sorted(whole.values(), key=_family(list(whole)))


def _family(paths: list[tuple[str, ...]]) -> Callable[[Section], list[int]]:
    """Orders sections so that what lies in one follows it, in the order of their first places."""
    place = {path: number for number, path in enumerate(paths)}
    return lambda section: [
        place[section.path[:depth]] for depth in range(1, len(section.path) + 1)
    ]


def escape(text: str) -> str:
    """Plain text as Markdown inside a cell, a heading or a line."""
    escaped = _ESCAPED.sub(lambda match: f"\\{match[0]}", text)
    return re.sub(r"(#+)$", lambda match: "\\#" * len(match[1]), escaped)


def _begin_of_line(text: str) -> str:
    """Without being taken for a heading, a bullet, a number or a rule."""
    return re.sub(
        r"^(?=[#+=~-])|^(\d+)(?=[.)](\s|$))", lambda m: f"{m[1]}\\" if m[1] else "\\", text
    )


def _introduction(text: str) -> str:
    return f"{_BEGIN}\n{text.replace('<!--', '&lt;!--')}\n{_END}"


def _contents(read: ListFile, sections: Sequence[Section]) -> Iterator[str]:
    taken: Counter[str] = Counter()
    if read.classification:
        yield f"- [Classification](#{_anchor('Classification', taken)})"
    for section in sections:
        title = section.path[-1]
        indent = "  " * (len(section.path) - 1)
        yield f"{indent}- [{escape(title)}](#{_anchor(title, taken)})"


def _anchor(title: str, taken: Counter[str]) -> str:
    """As code forges name headings: without punctuation, with a number where two are alike."""
    base = re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")
    taken[base] += 1
    return base if taken[base] == 1 else f"{base}-{taken[base] - 1}"


def _node(depth: int, text: str, topic: str, site: str) -> str:
    link = f" [[{topic}]]({site}/topics/{topic}/)" if topic else ""
    return f"{'  ' * depth}* {escape(text)}{link}"


def _section(section: Section, entries: Sequence[Entry], bullets: bool) -> Iterator[str]:
    heading = f"{'#' * len(section.path)} {escape(section.path[-1])}"
    if section.introduction:
        yield heading
        yield _introduction(section.introduction)
        if entries:
            yield _entries(entries, section.focus_name or FOCUS, bullets)
    else:
        body = _entries(entries, section.focus_name or FOCUS, bullets) if entries else ""
        yield f"{heading}\n{body}" if body else heading
    if entries:
        yield "----"


def counts_line(entries: Sequence[Entry]) -> str:
    """How many entries of each year there are, the newest first: "(num) 2021 = 16, 2020 = 20,"."""
    years = Counter(year for entry in entries if (year := year_in(date_of(entry))))
    counts = [f"{year} = {years[year]}" for year in sorted(years, reverse=True)]
    return f"(num) {', '.join(counts)}," if counts else ""


def date_of(entry: Entry) -> str:
    """Year and venue as they stand in the first column."""
    parts = (str(entry.year) if entry.year else "", entry.venue)
    return entry.printed_date or " ".join(part for part in parts if part)


def _entries(entries: Sequence[Entry], focus_name: str, bullets: bool) -> str:
    lines = [line] if (line := counts_line(entries)) else []
    if bullets:
        return "\n".join([*lines, "", *(_bullet(entry) for entry in entries)]).strip("\n")
    lines += [
        f"| **Date** | **Paper** | **{escape(focus_name)}** | **Notes** |",
        "| --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(_row(entry) for entry in entries)])


def _row(entry: Entry) -> str:
    authors = f"<br>*{escape(', '.join(entry.authors))}*" if entry.authors else ""
    paper = f"{escape(entry.title)}{_links(entry)}{authors}"
    cells = [escape(date_of(entry)), paper, escape(entry.focus), escape(entry.notes)]
    return f"| {' | '.join(cells)} |"


def _bullet(entry: Entry) -> str:
    date = escape(date_of(entry)).replace("(", r"\(").replace(")", r"\)")
    lines = [f"- **{escape(entry.title)}**{f' ({date})' if date else ''}{_links(entry)}"]
    lines += [f"  *{escape(', '.join(entry.authors))}*"] if entry.authors else []
    lines += [f"  Focus: {escape(entry.focus)}"] if entry.focus else []
    lines += [f"  Notes: {escape(entry.notes)}"] if entry.notes else []
    return "  \n".join(lines)


def _links(entry: Entry) -> str:
    return "".join(f" [[{escape(link.label)}]]({_address(link.url)})" for link in entry.links)


def _address(url: str) -> str:
    return quote(url, safe="%/:?#[]@!$&'*+,;=~-._")


# --- reading ---


def read_own(text: str, *, name: str = "") -> ListFile:
    """The inverse of write_own; lines that were put in by hand and say nothing are told. Pure."""
    reader = _OwnReader(name)
    lines = text.split("\n")
    place = 0
    while place < len(lines):
        place = reader.take(lines, place)
    reader.list.entries = marked(reader.list.entries)
    return reader.list


class _OwnReader:
    """Goes line by line."""

    def __init__(self, name: str) -> None:
        self.file = name
        self.list = ListFile(is_own=True)
        self.path: tuple[str, ...] = ()
        self.is_classification = False

    def take(self, lines: Sequence[str], place: int) -> int:
        """Read what begins at a line; returns the number of the next one."""
        line = lines[place]
        if line == _BEGIN:
            return self._introduction(lines, place)
        if not line.strip() or line in (MARK, "----") or _RULE.fullmatch(line):
            return place + 1
        if heading := _HEADING.fullmatch(line):
            self._heading(line, heading, lines[place + 1 :], place)
        elif self.is_classification and (node := _NODE.fullmatch(line)):
            self._node(node)
        elif line.lstrip().startswith("|"):
            self._row(line, place)
        elif bullet := _BULLET.fullmatch(line.rstrip()):
            return self._bullet(bullet, lines, place)
        else:
            self._other(line, place)
        return place + 1

    def _introduction(self, lines: Sequence[str], place: int) -> int:
        rest = list(lines[place + 1 :])
        end = rest.index(_END) if _END in rest else len(rest)
        text = "\n".join(rest[:end]).strip()
        if self.list.sections:
            self.list.sections[-1].introduction = text
        else:
            self.list.introduction = text
        return place + end + 2

    def _heading(
        self, line: str, heading: re.Match[str], following: Sequence[str], place: int
    ) -> None:
        after = next((text for text in following if text.strip()), "")
        self.is_classification = line == _CLASSIFICATION and after.startswith("* ")
        if self.is_classification:
            return
        depth = min(len(heading[1]), len(self.path) + 1)
        self.path = (*self.path[: depth - 1], unescape(heading[2]).strip())
        self.list.sections.append(Section(self.path, place + 1))

    def _node(self, node: re.Match[str]) -> None:
        text = unescape(node[2])
        self.list.classification.append((len(node[1]) // 2, text))
        if node[3]:
            self.list.topics[text] = node[3]

    def _row(self, line: str, place: int) -> None:
        cells = _cells(line)
        if len(cells) < 2 or cells[1].startswith("**Paper**"):
            if len(cells) > 2 and self.list.sections:
                name = unescape(cells[2].strip("* "))
                self.list.sections[-1].focus_name = "" if name == FOCUS else name
            return
        cells += [""] * (4 - len(cells))
        paper: str = cells[1]
        authors: tuple[str, ...] = ()
        if match := _AUTHORS.search(paper):
            paper, authors = paper[: match.start()], _names(match[1])
        title, links, left = _title_and_links(paper)
        if not title:
            self._leave(place, line, "a row of the template, without a paper")
            return
        self._left(place, title, left)
        date = unescape(cells[0])
        entry = Entry(
            title=title, authors=authors, links=links, focus=unescape(cells[2]),
            notes=unescape(cells[3]),
        )  # fmt: skip
        self._add(entry, date, place)

    def _bullet(self, bullet: re.Match[str], lines: Sequence[str], place: int) -> int:
        links, left = _read_links(bullet[3])
        title = unescape(bullet[1])
        self._left(place, title, left)
        entry = Entry(title=title, links=links)
        date, end = unescape(bullet[2] or ""), place + 1
        while end < len(lines) and lines[end].startswith("  ") and lines[end].strip():
            text = lines[end].strip()
            if text.startswith("Focus: "):
                entry = replace(entry, focus=unescape(text[7:]))
            elif text.startswith("Notes: "):
                entry = replace(entry, notes=unescape(text[7:]))
            elif text.startswith("*") and text.endswith("*"):
                entry = replace(entry, authors=_names(text[1:-1]))
            else:
                self._leave(end, text, "text of the section")
            end += 1
        self._add(entry, date, place)
        return end

    def _add(self, entry: Entry, date: str, place: int) -> None:
        venue, year = venue_and_year(date)
        placed = replace(entry, venue=venue, year=year, printed_date=date, section=self.path)
        self.list.entries.append(replace(placed, line=place + 1, file=self.file))

    def _other(self, line: str, place: int) -> None:
        name, _, value = line.partition(": ")
        if not self.list.title and not self.list.sections:
            self.list.title = unescape(line).strip()
        elif not self.list.sections and name == "Licence":
            self.list.licence = unescape(value)
        elif not self.list.sections and name == "Source":
            self.list.source = unescape(value)
        elif line.lstrip().startswith("- [") and "](#" in line:
            self._leave(place, line, "contents, which are made anew")
        elif line.startswith("(num)"):
            self._leave(place, line, "a count or a date, which are made anew")
        else:
            self._leave(place, line, "text of the section")

    def _leave(self, place: int, text: str, why: str) -> None:
        self.list.left.append(Left(place + 1, " ".join(text.split())[:300], why, self.file))

    def _left(self, place: int, title: str, reasons: Sequence[str]) -> None:
        for why in dict.fromkeys(reasons):
            self._leave(place, title[:80], why)


def unescape(text: str) -> str:
    """The inverse of escape."""
    return _UNESCAPED.sub(r"\1", text)


def _cells(line: str) -> list[str]:
    """The cells of a row; a bar after a backslash is part of its cell."""
    cells, start = [], 0
    for match in _BAR.finditer(line):
        cells.append(line[start : match.end() - 1].strip())
        start = match.end()
    rest = line[start:].strip()
    return [*cells[1:], *([rest] if rest else [])]


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in unescape(text).split(", ") if name)


def _title_and_links(cell: str) -> tuple[str, tuple[Link, ...], list[str]]:
    match = _LINKS.search(cell)
    if match is None:
        return unescape(cell).strip(), (), []
    links, left = _read_links(match[1])
    return unescape(cell[: match.start()]).strip(), links, left


def _read_links(text: str) -> tuple[tuple[Link, ...], list[str]]:
    links, left = [], []
    for label, url in _LINK.findall(text):
        link, reason = link_of(unescape(label), url)
        links += [link] if link else []
        left += [reason] if reason else []
    return tuple(links), left
