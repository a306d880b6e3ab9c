"""Chunks of the lines under a title: what stands between marks, commas, "and" and wide gaps.

A chunk may be a person's name; looks_like_name() of papers.pdf.name_shapes says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from papers.given_names import are_given_first
from papers.pdf.layout import Line, Word
from papers.pdf.name_shapes import PLACE, is_degree, looks_like_name
from papers.pdf.name_words import Stripped, renamed, strip_row
from papers.pdf.text_cleaning import clean_text

SYMBOLS = (
    "*#\u2217\u2020\u2021\u00a7\u00b6\u2225\u2666\u2663\u2660\u2665\u25e6\u25c7\u22c4\u266f\u2709"
    "\u2295\u2297\u2299\u00b0\u22c6\u2605\u25b3\u25a1\u00b9\u00b2\u00b3\u2070\u2074\u2075\u2076"
    "\u2077\u2078\u2079\u1d43\u1d47\u1d9c\u1d48\u1d49\ufe0e\uff0a"
)
_ONE_MARK = rf"(?:\d{{1,2}}|[a-z]|[{re.escape(SYMBOLS)}])"
MARK = re.compile(rf"{_ONE_MARK}(?:\s*,\s*{_ONE_MARK})*,?")
_SEPARATORS = frozenset(
    ["ID", "iD", ",", "and", "&", ";", "\u00b7", "\u2022", "|", "AND", "And", "\uff0c", "\u3001"]
)
_ENDS = ",;\u00b7\u2022|\uff0c\u3001\uff1b"
_TRAILING = re.compile(
    rf"(?:[{re.escape(SYMBOLS)}\d]{{1,6}}(?:,[{re.escape(SYMBOLS)}\d]{{1,4}}){{0,9}})?[{_ENDS}]?$"
)
_LETTER_MARKS = re.compile(
    rf"(?:[a-d]|[f-h])(?:,(?:[a-h]|\d{{1,2}}|[{re.escape(SYMBOLS)}])){{0,9}},?"
)
_INITIALS = re.compile(r"(?:[^\W\d_]\.-?){1,4}|(?![IVX]{2,}$)[^\W\d_](?:-?[^\W\d_])?")
_HAN_PIECE = re.compile("[\u3040-\u30ff\u4e00-\u9fff々]{1,4}")
_ACCENT_ALONE = frozenset("\u00b4\u0060\u00a8\u02c6\u02dc\u02c7\u02da\u02d8\u02dd\u00b8\u00af")


@dataclass
class Chunk:
    """Words between two separators of one line. marks: what stands raised behind them."""

    words: list[Word]
    line: Line
    marks: str = ""
    closed: bool = False
    """Whether a mark, a comma or "and" ended it, rather than a gap or the line."""
    note: str = ""
    """An affiliation written in brackets or behind a comma on the name's own line."""

    @property
    def text(self) -> str:
        parts: list[str] = []
        for word in self.words:
            parts.append(word.text if word.glued or not parts else " " + word.text)
        return clean_text("".join(parts)).strip(" ,;.:")

    @property
    def style(self) -> tuple[float, bool, str]:
        longest = max(self.words, key=lambda word: len(word.text))
        return (round(longest.size, 1), longest.font.bold, longest.font.name)


def chunks_of(line: Line) -> list[Chunk]:
    """Words of a row cut at marks, commas, "and" and wide gaps; academic degrees left out."""
    row = strip_row(line)
    chunks = _turned_around(row, line)
    if not chunks:
        chunks = _initials_in_front(_Cutter(line, row).chunks())
    whole = [piece for chunk in chunks for piece in _split_at_narrow_gaps(chunk)]
    whole = _eastern_names_joined(whole)
    return [chunk for chunk in whole if not is_degree(chunk.text)]


class _Cutter:
    """Goes through the words of one row and cuts them into chunks."""

    def __init__(self, line: Line, row: Stripped) -> None:
        self.line = line
        self.row = row
        self.done: list[Chunk] = []
        self.current = Chunk([], line)

    def chunks(self) -> list[Chunk]:
        notes = {b.behind: b.text for b in self.row.brackets if PLACE.search(b.text)}
        previous: Word | None = None
        for index, word in enumerate(self.row.words):
            gap = word.x0 - previous.x1 if previous is not None else 0.0
            self._take(word, gap)
            previous = word
            if index in notes and (self.current.words or self.done):
                (self.current if self.current.words else self.done[-1]).note = notes[index]
                self._close()
        self._close(closed=False)
        return self.done

    def _take(self, word: Word, gap: float) -> None:
        text = word.text.strip()
        if is_raised(word, self.line) or is_symbol(text):
            if self.current.words:
                self.current.marks += text
                self._close()
            elif self.done:
                self.done[-1].marks += text
            return
        if text in _SEPARATORS:
            self._close()
            return
        # Marks set in the size of the text: letters behind a name of two words.
        if len(self.current.words) >= 2 and _LETTER_MARKS.fullmatch(text):
            self.current.marks += text
            self._close()
            return
        # A gap of a whole type size is no space between the words of a name.
        if self.current.words and gap > 1.05 * self.line.size and not word.glued:
            self._close(closed=False)
        bare, trailing = _trailing_marks(text)
        if not bare:
            self._close()
            return
        self.current.words.append(word if bare == text else renamed(word, bare))
        if trailing:
            self.current.marks += trailing.strip(_ENDS)
            self._close()

    def _close(self, *, closed: bool = True) -> None:
        if self.current.words:
            self.current.closed = closed
            self.done.append(self.current)
        elif closed and self.done:
            self.done[-1].closed = True
        self.current = Chunk([], self.line)


def _turned_around(row: Stripped, line: Line) -> list[Chunk]:
    """Chunks of "Surname, Given; Surname, Given"; empty for a row written otherwise."""
    people: list[list[Word]] = [[]]
    for word in row.words:
        text = word.text.strip()
        if text != ";":
            people[-1].append(word)
        if text.endswith((";", "\uff1b")):
            people.append([])
    people = [person for person in people if person]
    if len(people) < 2 and not (row.words and row.words[-1].text.endswith(";")):
        return []
    chunks = []
    for person in people:
        commas = [i for i, word in enumerate(person[:-1]) if word.text.rstrip().endswith(",")]
        if len(commas) != 1:
            return []
        ordered = [*person[commas[0] + 1 :], *person[: commas[0] + 1]]
        words = [renamed(word, _trailing_marks(word.text.strip())[0]) for word in ordered]
        words = [word for word in words if word.text and not is_symbol(word.text)]
        if words:
            words[0].glued = False
            chunks.append(Chunk(words, line, closed=True))
    return chunks


def _initials_in_front(chunks: list[Chunk]) -> list[Chunk]:
    """Lists of family names with initials behind them, turned: "Sun, Y., Moon, X." and "Sun Y, …".

    Every name of the row is written so, but for a last one behind "and"; other rows stay as they
    are. One name alone counts with its comma only, and not where it may be a town ("Town, D.C.").
    """
    apart = _initials_behind_commas(chunks)
    if apart:
        return apart
    cuts = [_start_of_initials(chunk.words) for chunk in chunks]
    # "Gao XU, Wei WU" are whole names: some initial must be one letter.
    short = any(len(chunk.words[-1].text.strip(".")) == 1 for chunk in chunks)
    if len(chunks) < 2 or not all(cuts) or not short:
        return chunks
    if are_given_first([chunk.words[0].text for chunk in chunks]):
        return chunks
    for chunk, cut in zip(chunks, cuts, strict=True):
        _turn(chunk, chunk.words[cut:], chunk.words[:cut])
    return chunks


def _start_of_initials(words: list[Word]) -> int:
    """How many words of "van Sun X. Y." stand before the initials; 0 if it is written otherwise."""
    cut = len(words)
    while cut and _is_initials(words[cut - 1]):
        cut -= 1
    return cut if cut < len(words) and _is_family(words[:cut]) else 0


def _initials_behind_commas(chunks: list[Chunk]) -> list[Chunk]:
    """Family names and initials by turns, as whole names; empty for a row written otherwise."""
    pairs: list[tuple[Chunk, Chunk]] = []
    rest = chunks
    while len(rest) > 1 and _is_family(rest[0].words) and rest[0].closed and not rest[0].marks:
        if not all(_is_initials(word) for word in rest[1].words):
            break
        pairs.append((rest[0], rest[1]))
        rest = rest[2:]
    alone = len(pairs) == 1 and not rest and all(len(w.text) == 2 for w in pairs[0][1].words)
    last = len(rest) == 1 and looks_like_name(rest[0].text)
    if not (alone or len(pairs) > 1) or (rest and not last):
        return []
    for family, given in pairs:
        _turn(given, given.words, family.words)
    return [*(given for _, given in pairs), *rest]


def _turn(chunk: Chunk, given: list[Word], family: list[Word]) -> None:
    chunk.words = [*given, renamed(family[0], family[0].text, glued=False), *family[1:]]


def _is_initials(word: Word) -> bool:
    text = word.text.strip()
    return text.isupper() and bool(_INITIALS.fullmatch(text))


def _is_family(words: list[Word]) -> bool:
    text = " ".join(word.text.strip() for word in words)
    return len(text) > 1 and "." not in text and looks_like_name(f"Anna {text}")


def _split_at_narrow_gaps(chunk: Chunk) -> list[Chunk]:
    """Several names whose only separator is a gap wider than the others of the row."""
    words = chunk.words
    if len(words) < 4:
        return [chunk]
    gaps = [b.x0 - a.x1 for a, b in pairwise(words) if not b.glued]
    # Spaces measure about 0.25 type sizes; a gap counts from 0.45 and 1.6 times the usual one.
    wide = max(0.45 * chunk.line.size, 1.6 * median_low(gaps)) if gaps else float("inf")
    pieces: list[list[Word]] = [[]]
    for word in words:
        if pieces[-1] and not word.glued and word.x0 - pieces[-1][-1].x1 > wide:
            pieces.append([])
        pieces[-1].append(word)
    parts = [Chunk(piece, chunk.line) for piece in pieces]
    if len(parts) < 2 or not all(looks_like_name(part.text) for part in parts):
        return [chunk]
    parts[-1].marks, parts[-1].closed, parts[-1].note = chunk.marks, chunk.closed, chunk.note
    return parts


def _eastern_names_joined(chunks: list[Chunk]) -> list[Chunk]:
    """Chinese and Japanese names whose family and given name stand apart, put together.

    One character alone is no name ("王 五"). Longer pieces are halves of names where a mark
    stands behind each second one and behind none of the others ("山田 太郎¹ 鈴木 花子²").
    """
    pieces = [chunk for chunk in chunks if _HAN_PIECE.fullmatch(chunk.text)]
    in_pairs = (
        len(pieces) == len(chunks) > 1
        and len(pieces) % 2 == 0
        and all(bool(chunk.marks) == bool(place % 2) for place, chunk in enumerate(pieces))
    )
    joined: list[Chunk] = []
    for place, chunk in enumerate(chunks):
        before = joined[-1] if joined else None
        is_given = before is not None and before in pieces and chunk in pieces
        is_rest = is_given and before is not None and len(before.text) == 1 and not before.closed
        if before is not None and ((in_pairs and place % 2) or is_rest):
            before.words = before.words + chunk.words
            before.marks, before.closed, before.note = chunk.marks, chunk.closed, chunk.note
        else:
            joined.append(chunk)
    return joined


def _trailing_marks(text: str) -> tuple[str, str]:
    """A word without the symbols, digits and commas that end it, and those."""
    match = _TRAILING.search(text)
    if not match or not match.group():
        return text, ""
    bare = text[: match.start()]
    if not bare or (not bare[-1].isalpha() and bare[-1] not in ".)'\u2019"):
        return (text.rstrip(_ENDS), ",") if text.endswith(tuple(_ENDS)) else (text, "")
    return bare, match.group()


def is_raised(word: Word, line: Line) -> bool:
    """Whether a word is a mark of affiliation: raised and smaller than its line."""
    text = word.text.strip()
    if text in _ACCENT_ALONE:
        return False  # belongs to the letter beside it
    if word.size < 0.86 * line.size and word.y < line.y - 0.12 * line.size:
        return True
    # Marks that are not raised are told by their size and shape alone.
    return word.size < 0.8 * line.size and bool(MARK.fullmatch(text))


def is_symbol(text: str) -> bool:
    """Whether a word consists of marks and numbers only."""
    return bool(text) and all(c in SYMBOLS or c in ",0123456789" for c in text)


def starts_with_mark(line: Line) -> bool:
    """Affiliation lines begin with the mark that names point to."""
    first = line.words[0]
    return is_raised(first, line) or is_symbol(first.text.strip(",.")) or first.text[0] in SYMBOLS
