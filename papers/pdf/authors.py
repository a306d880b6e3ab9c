"""Authors of a paper, in order, with the affiliations their marks point to.

Between the title and the abstract stand names, affiliations and addresses, in one of two
shapes: names in running lines with marks that point to affiliations below, or a grid with
each author above an own affiliation. Both are read from chunks: words of one line between
marks, commas, "and" and wide gaps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from papers.pdf.extraction import Author
from papers.pdf.layout import Line
from papers.pdf.name_chunks import (
    MARK,
    NOT_NAMES,
    PLACE,
    SYMBOLS,
    Chunk,
    chunks_of,
    is_raised,
    looks_like_name,
    spaced,
    starts_with_mark,
)
from papers.pdf.text_cleaning import clean_text, fold

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def attach(authors: list[Author], names: list[Chunk], others: list[Line]) -> None:
    """Give authors the affiliations below them: by mark, else by column, else all."""
    marked = _marked_affiliations(others)
    emails = [mail for line in others for mail in _EMAIL.findall(line.text)]
    plain = [line for line in others if not NOT_NAMES.search(line.text)]
    for author, chunk in zip(authors, names, strict=True):
        marks = set(re.findall(rf"\d+|[a-z]|[{re.escape(SYMBOLS)}]", chunk.marks))
        author.affiliations = [text for mark, text in marked if mark in marks]
        if not marked:
            author.affiliations = _below(chunk, names, plain)
        author.email = next((mail for mail in emails if _mail_fits(mail, author.name)), "")


def _marked_affiliations(lines: list[Line]) -> list[tuple[str, str]]:
    """(mark, affiliation) pairs from lines such as "1 First place 2 Second place"."""
    affiliations: list[tuple[str, list[str]]] = []
    for line in lines:
        for word in line.words:
            text = word.text.strip()
            lead = re.match(rf"(\d{{1,2}}|[{re.escape(SYMBOLS)}])(?=[A-Z\u00c0-\u017f])", text)
            if (is_raised(word, line) or word is line.words[0]) and MARK.fullmatch(text):
                affiliations.append((text.strip(","), []))
            elif lead and (word is line.words[0]):
                affiliations.append((lead.group(1), [text[lead.end() :]]))
            elif affiliations:
                affiliations[-1][1].append(
                    ("" if word.glued and affiliations[-1][1] else " ") + text
                )
    pairs = []
    for mark, words in affiliations:
        text = clean_text("".join(words)).strip(" ,;\u2013.")
        if len(text) > 2 and not re.search(r"contribut|correspond|@|equal", text, re.I):
            pairs.append((mark, text[:300]))
    return pairs


def _below(chunk: Chunk, names: list[Chunk], lines: list[Line]) -> list[str]:
    """Lines under a name, as far as the next row of names; only words in its column."""
    # Names of one row share a baseline, but for two points of accents.
    row = [other for other in names if abs(other.line.y - chunk.line.y) < 2]
    next_rows = [other.line.y for other in names if other.line.y > chunk.line.y + 2]
    end = min(next_rows, default=float("inf"))
    centre = (chunk.words[0].x0 + chunk.words[-1].x1) / 2
    centres = sorted((other.words[0].x0 + other.words[-1].x1) / 2 for other in row)
    lines_below = []
    for line in lines:
        if not chunk.line.y < line.y < end:
            continue
        words = line.words
        if len(centres) > 1 and _stands_in_columns(line):
            words = [
                word
                for word in words
                if min(centres, key=lambda c: abs(c - (word.x0 + word.x1) / 2)) == centre
            ]
        text = Chunk(words, line).text if words else ""
        if len(text) > 2:
            lines_below.append(text[:300])
    return lines_below[:3]


def _stands_in_columns(line: Line) -> bool:
    gaps = [b.x0 - a.x1 for a, b in zip(line.words, line.words[1:], strict=False)]
    return bool(gaps) and max(gaps) > 1.5 * line.size


def _mail_fits(mail: str, name: str) -> bool:
    local = fold(mail.split("@")[0])
    first, last = fold(name.split()[0]), fold(name.split()[-1])
    return (len(last) > 2 and last in local) or (len(first) > 2 and local == first)


@dataclass
class AuthorBlock:
    """Authors found, and how sure that is (0 to 1)."""

    authors: list[Author] = field(default_factory=list)
    confidence: float = 0.0


def find_authors(lines: list[Line], declared: str = "") -> AuthorBlock:
    """Authors in lines, which stand between the title and the abstract, from top to bottom.

    declared: the author field of the file's metadata, a witness only.
    """
    names: list[Chunk] = []
    others: list[Line] = []
    chunks_by_line = [(line, chunks_of(line)) for line in lines]
    _join_cut_names(chunks_by_line)
    style: tuple[float, bool, str] | None = None
    places_seen = False
    for line, chunks in chunks_by_line:
        if starts_with_mark(line) or not chunks:
            others.append(line)
            places_seen = places_seen or bool(names)
            continue
        good = [chunk for chunk in chunks if looks_like_name(chunk.text)]
        if not _is_name_line(line, chunks, good, style, places_seen):
            others.append(line)
            places_seen = places_seen or bool(names)
            continue
        if style is None:
            style = good[0].style
        names += good
        if places_seen and not _grid(chunks_by_line):
            places_seen = False
    authors = [Author(spaced(chunk.text)) for chunk in names]
    attach(authors, names, others)
    return AuthorBlock(authors, _confidence(authors, names, others, declared))


def _is_name_line(
    line: Line,
    chunks: list[Chunk],
    good: list[Chunk],
    style: tuple[float, bool, str] | None,
    places_seen: bool,
) -> bool:
    if not good or (NOT_NAMES.search(line.text) and not any(chunk.marks for chunk in good)):
        return False
    share = len(good) / len(chunks)
    if style is None:
        return share >= 0.5
    alike = good[0].style == style or (
        abs(good[0].style[0] - style[0]) < 0.2 and (good[0].style[1] == style[1])
    )
    if not alike:
        return False
    if places_seen:
        return share == 1.0 and good[0].style == style and not PLACE.search(line.text)
    return share >= 0.5


def _join_cut_names(chunks_by_line: list[tuple[Line, list[Chunk]]]) -> None:
    """Put together names that the end of a line cuts, in lists that use separators."""
    for (line, chunks), (following, more) in pairwise(chunks_by_line):
        if not chunks or not more or starts_with_mark(following):
            continue
        last, first = chunks[-1], more[0]
        separated = any(chunk.closed for chunk in chunks[:-1])
        # Further down than two lines it is another block.
        alike = last.style == first.style and following.y - line.y < 2.2 * line.size
        whole = _one_name(last.text + " " + first.text)
        if separated and not last.closed and alike and whole and first.text[:1].isupper():
            last.words = last.words + first.words
            last.marks, last.closed = first.marks, first.closed
            del more[0]


def _one_name(text: str) -> bool:
    return looks_like_name(text) and len(text.split()) <= 6


def _grid(chunks_by_line: list[tuple[Line, list[Chunk]]]) -> bool:
    """Whether the block stands in columns: several lines with chunks under each other."""
    wide = [chunks for _, chunks in chunks_by_line if len(chunks) >= 2]
    return len(wide) >= 3


def _confidence(
    authors: list[Author], names: list[Chunk], others: list[Line], declared: str
) -> float:
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
