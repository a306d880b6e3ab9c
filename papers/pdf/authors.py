"""Authors of a paper, in order, with the affiliations their marks point to.

Between the title and the abstract stand names, affiliations and addresses, in one of two
shapes: names in running lines with marks that point to affiliations below, or a grid with
each author above an own affiliation. Both are read from chunks: words of one row between
marks, commas, "and" and wide gaps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from papers.pdf.affiliations import attach
from papers.pdf.extraction import Author
from papers.pdf.layout import Line
from papers.pdf.name_chunks import Chunk, starts_with_mark
from papers.pdf.name_rows import (
    Row,
    join_cut_names,
    may_begin_a_block,
    rows_of,
    stacked,
    with_its_place,
)
from papers.pdf.name_shapes import (
    NOT_NAMES,
    PLACE,
    is_group,
    is_single_name,
    looks_like_name,
    looks_like_name_or_place,
    may_be_group,
    may_be_two,
    spaced,
)
from papers.pdf.name_words import EMAIL
from papers.pdf.text_cleaning import fold

_GROUPED_MAIL = re.compile(r"[{\[(]([^{}\[\]()@]{3,300})[}\])]\s?@")
_FOR_OTHERS = re.compile(r"(?:on|in) behalf of\b|for the\b", re.I)
_IS_NOBODY = re.compile(rf"(?:et\.? al\.?|others)$|{_FOR_OTHERS.pattern}", re.I)
_OF_A_NAME = re.compile(r"(?<=[,;] )The (?=[A-Z])")
"""Behind a comma a capital letter makes it part of a name: "Anna Erste, The University of X"."""
Style = tuple[float, bool, str]


@dataclass
class AuthorBlock:
    """Authors found, how sure that is (0 to 1), and why some may be missing or wrong."""

    authors: list[Author] = field(default_factory=list)
    confidence: float = 0.0
    doubts: list[str] = field(default_factory=list)


def find_authors(lines: list[Line], declared: str = "") -> AuthorBlock:
    """Authors in rows, which stand between the title and the abstract, from top to bottom.

    declared: the author field of the file's metadata, a witness only.
    """
    rows = rows_of(lines)
    join_cut_names(rows)
    reader = _BlockReader(rows)
    reader.read()
    names, others = reader.names, reader.others
    if not names:
        names = _single_name_under_title(rows)
        others = [line for line in others if line not in [chunk.line for chunk in names]]
    authors = [Author(spaced(chunk.text)) for chunk in names]
    attach(authors, names, others)
    doubts = _doubts(authors, reader.unread, lines, declared)
    if authors and (said := _goes_on(rows, names)):
        doubts.append(f"The list of authors goes on: the page says “{said}”.")
    if len(names) == 1 and is_single_name(names[0].text):
        doubts.append("One word was taken for the author.")
    elif len(names) == 1 and is_group(names[0].text):
        doubts.append("A group was taken for the author.")
    elif names and not any(looks_like_name(chunk.text) for chunk in names):
        doubts.append(f"\u201c{names[0].text[:60]}\u201d was taken for an author.")
    confidence = _confidence(authors, names, declared)
    # Below one half a reader is told that the authors may be wrong.
    return AuthorBlock(authors, min(confidence, 0.45) if doubts else confidence, doubts)


def _goes_on(rows: list[Row], names: list[Chunk]) -> str:
    """How a row of names, or one of nothing else right below, says that there are more."""
    named = [any(chunk.line is row.line for chunk in names) for row in rows]
    for place, row in enumerate(rows):
        below = place > 0 and named[place - 1] and not row.chunks
        if row.goes_on and (named[place] or below):
            return row.goes_on
    return ""


class _BlockReader:
    """Sorts the rows of a block into names and others, from top to bottom."""

    def __init__(self, rows: list[Row]) -> None:
        self.rows = rows
        self.names: list[Chunk] = []
        self.others: list[Line] = []
        self.unread: list[str] = []
        """Texts that stood in the place and the type of names, and were not taken."""
        self._style: Style | None = None
        self._places_seen = False
        self._grid = len([row for row in rows if len(row.chunks) >= 2]) >= 3
        self._with_places = any(with_its_place(row) for row in rows)
        self._ended = True
        """Whether the row before ended a block: an address, or a gap behind it."""

    def read(self) -> None:
        heads = stacked(self.rows)
        for index, row in enumerate(self.rows):
            good = _authors_among(row.chunks)
            if index in heads:
                self.names += good
                self._style, self._ended = self._style or good[0].style, False
                continue
            if starts_with_mark(row.line) or not self._is_name_row(row, good):
                below = self.rows[index + 1] if index + 1 < len(self.rows) else None
                alike = bool(good) and good[0].style == self._style
                if alike and may_begin_a_block(row, below):
                    self.unread.append(good[0].text)
                self.others.append(row.line)
                self._places_seen = self._places_seen or bool(self.names)
                self._ended = row.had_address
                continue
            if self._style is None:
                self._style = good[0].style
            self._take(row, good)
            self._ended = False

    def _take(self, row: Row, good: list[Chunk]) -> None:
        """Names of a row; what stands behind a name and is a place becomes its note."""
        listed = [chunk for chunk in row.chunks if not PLACE.search(chunk.text) or chunk in good]
        places = len(listed) < len(row.chunks) or self._with_places
        for chunk in row.chunks:
            single = not places and chunk.style == good[0].style and is_single_name(chunk.text)
            if chunk in good or (single and len(row.chunks) > 1 and _in_list(row, chunk)):
                self.names.append(chunk)
            elif PLACE.search(chunk.text) and self.names and self.names[-1].line is row.line:
                if looks_like_name_or_place(chunk.text):
                    self.unread.append(chunk.text)
                last = self.names[-1]
                last.note = f"{last.note}, {chunk.text}" if last.note else chunk.text
            elif len(chunk.text) > 2 and not places and not _IS_NOBODY.match(chunk.text):
                self.unread.append(chunk.text)
        if self._places_seen and not self._grid:
            self._places_seen = False

    def _is_name_row(self, row: Row, good: list[Chunk]) -> bool:
        marked = any(chunk.marks for chunk in good)
        group = any(may_be_group(chunk.text) for chunk in good)
        plain = _OF_A_NAME.sub("", _FOR_OTHERS.split(row.plain)[0])
        for chunk in good:
            plain = plain.replace(chunk.text, "")
        if not good or (NOT_NAMES.search(plain) and not marked and not group):
            return False
        share = len(good) / len(row.chunks)
        if self._style is None:
            return share >= 0.5 or with_its_place(row)
        # Type of one style differs by rounding only.
        alike = abs(good[0].style[0] - self._style[0]) < 0.2 and good[0].style[1] == self._style[1]
        if not alike:
            return False
        if not self._places_seen:
            if with_its_place(row) and len(row.chunks) == 2 and self._list_is_whole():
                return False  # "New England, China" below "Anna Erste, Bo Zweite"
            return share >= 0.5 or with_its_place(row)
        if good[0].style != self._style or PLACE.search(row.plain):
            # A name with its own affiliation behind it, in a column of such lines.
            return bool(good[0].style == self._style and row.after_gap and good[0] is row.chunks[0])
        return share == 1.0 and self._names_stand_out(row)

    def _list_is_whole(self) -> bool:
        """Whether the names so far are a list of several on one line, with no comma at its end."""
        line = self.names[-1].line
        alone = [name for name in self.names if name.line is line]
        return len(alone) > 1 and not alone[-1].closed

    def _names_stand_out(self, row: Row) -> bool:
        """Whether this row opens a new block, where type alone does not tell names from towns."""
        told_by_type = all(
            chunk.style != self._style
            for other in self.rows
            if other.line in self.others
            for chunk in other.chunks
            if not other.had_address
        )
        return told_by_type or row.after_gap or row.had_address or self._ended


def _authors_among(chunks: list[Chunk]) -> list[Chunk]:
    """Chunks that name people, and groups that stand among them or call themselves "The".

    In front of somebody, "Christian Science" and "Anna France" are people too; behind somebody
    they may be affiliations.
    """
    people = any(looks_like_name(chunk.text) for chunk in chunks)
    last = max((i for i, chunk in enumerate(chunks) if looks_like_name(chunk.text)), default=0)
    return [
        chunk
        for place, chunk in enumerate(chunks)
        if looks_like_name(chunk.text)
        or (place < last and chunk.closed and looks_like_name_or_place(chunk.text))
        or (may_be_group(chunk.text) if people else _is_the_group(chunk.text))
        if not _FOR_OTHERS.match(chunk.text)
    ]


def _is_the_group(text: str) -> bool:
    return is_group(text) and text.startswith("The ")


def _in_list(row: Row, chunk: Chunk) -> bool:
    """Whether commas, marks or "and" part a chunk from its neighbours."""
    place = row.chunks.index(chunk)
    return chunk.closed or (place > 0 and row.chunks[place - 1].closed)


def _single_name_under_title(rows: list[Row]) -> list[Chunk]:
    """The one word or the group of the first row, when nothing looks like a person's full name."""
    first = rows[0].chunks if rows else []
    if first and is_group(first[0].text):  # "Lantern Team, Glow Labs"
        return first[:1]
    if first and all(looks_like_name_or_place(chunk.text) for chunk in first):
        return first
    return first if len(first) == 1 and is_single_name(first[0].text) else []


def _doubts(
    authors: list[Author], unread: list[str], lines: list[Line], declared: str
) -> list[str]:
    """Reasons to think that names are missing or run together, as sentences."""
    if not authors:
        return []
    doubts = []
    if unread:
        doubts.append(f"Some authors may be missing: \u201c{unread[0][:60]}\u201d was not read.")
    if any(may_be_two(author.name) for author in authors):
        doubts.append("Some authors may stand in one name.")
    addresses = _addresses(lines)
    if addresses > len(authors):
        doubts.append(
            f"Some authors may be missing: {addresses} e-mail addresses, {len(authors)} names."
        )
    claimed = [
        part for part in re.split(r";|,|\band\b|&", declared) if looks_like_name(part.strip())
    ]
    if len(claimed) > len(authors):
        doubts.append(
            f"Some authors may be missing: the file's own data name {len(claimed)}, "
            f"the page {len(authors)}."
        )
    return doubts


def _addresses(lines: list[Line]) -> int:
    """E-mail addresses of the block; those that share a domain in brackets count each."""
    text = " ".join(line.text for line in lines)
    grouped = sum(
        len([part for part in re.split(r"[,;|]", group) if part.strip()])
        for group in _GROUPED_MAIL.findall(text)
    )
    return grouped + len(set(EMAIL.findall(_GROUPED_MAIL.sub(" ", text))))


def _confidence(authors: list[Author], names: list[Chunk], declared: str) -> float:
    if not authors:
        return 0.0
    # Weights chosen by hand: marks and a declared author list speak for what was read.
    confidence = 0.7
    if any(chunk.marks for chunk in names):
        confidence += 0.1
    if any(author.affiliations for author in authors):
        confidence += 0.05
    folded = fold(declared)
    if folded and all(fold(author.name.split()[-1]) in folded for author in authors):
        confidence += 0.1
    if len(authors) > 1 and len({author.name for author in authors}) < len(authors):
        confidence -= 0.3
    return round(min(confidence, 0.98), 2)
