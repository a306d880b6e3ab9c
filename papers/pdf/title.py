"""The title of a paper: the largest type near the top of its first page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from statistics import median_low

from papers.pdf.document import Document
from papers.pdf.layout import Line, Word
from papers.pdf.name_shapes import looks_like_name
from papers.pdf.name_words import renamed
from papers.pdf.reading_order import join_words
from papers.pdf.text_cleaning import clean_text, fold, join_lines

_NOT_A_TITLE = re.compile(
    r"(arxiv:|doi:|https?://|www\.|issn|vol(ume|\.)\s*\d|proceedings of|published (as|in)|preprint"
    r"|under review|journal of [a-z ]+$|contents lists|available online|research article$"
    r"|original (article|paper|research)$|article$|review article$|editorial$|letter$|open access"
    r"|abstract$|introduction$|accepted|copyright|\u00a9|supplementary materials?$"
    r"|downloaded from|table of contents|manuscript$)",
    re.I,
)
_POWERS = str.maketrans(
    "0123456789", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
)
_MARKS = "*\u2217\u2020\u2021\u00a7\u00b6\u2225#"


@dataclass
class Title:
    """A found title. lines: those it was printed on; confidence: 0 to 1."""

    text: str
    lines: list[Line]
    confidence: float


def find_title(document: Document, declared: str = "") -> Title | None:
    """The title, or None when the first page has no type that stands out.

    declared: the title the file's metadata claims, used as a witness only, since most
    files carry none or that of a template.
    """
    first = document.first_page
    groups = _groups(first)
    if not groups:
        return None
    page = document.pages[first[0].page]
    body_start = _first_heading_y(first)
    scored = [
        (_score(group, document, page.height or 800.0, body_start, declared), group)
        for group in groups
    ]
    score, best = max(scored, key=lambda item: item[0])
    if score <= 0:
        return None
    if _is_logo(best):
        best = _title_below(best, scored, document) or best
    text = title_text(best, document.words)
    larger = best[0].size / document.body_size
    # Titles are at least a fifth larger than the text.
    confidence = 0.9 if larger >= 1.2 else 0.6
    if declared and fold(declared) == fold(text):
        confidence = 0.99
    if len(text) < 8 or len(text) > 250:
        confidence = min(confidence, 0.4)
    return Title(text, best, confidence)


def _groups(lines: list[Line]) -> list[list[Line]]:
    """Consecutive lines of one size that follow closely: candidates for the title."""
    groups: list[list[Line]] = []
    for line in lines:
        last = groups[-1][-1] if groups else None
        if (
            last is not None
            # Lines of one title are of one size, but for small capitals.
            and abs(last.size - line.size) <= 0.06 * last.size
            and last.bold == line.bold
            # Titles are set at most at double spacing.
            and 0 < line.y - last.y <= 1.9 * last.size
            and len(groups[-1]) < 6
        ):
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _first_heading_y(lines: list[Line]) -> float:
    for line in lines:
        if re.fullmatch(
            r"(abstract|a b s t r a c t|summary|(1|i)?\.? ?introduction)\W*", line.text, re.I
        ):
            return line.y
    return float("inf")


def _score(
    group: list[Line], document: Document, height: float, body_start: float, declared: str
) -> float:
    text = " ".join(line.text for line in group)
    letters = sum(c.isalpha() for c in text)
    if letters < 4 or letters < 0.5 * len(text.replace(" ", "")) or len(text) > 400:
        return 0.0
    size = max(line.size for line in group)
    score = size / document.body_size
    if group[0].bold:
        score += 0.15
    if group[0].y > 0.55 * height or group[0].y > body_start:
        score *= 0.4
    if _NOT_A_TITLE.match(text):
        score *= 0.4
    if _is_one_word(text):
        score *= 0.75
    if len(group) > 5 or any(line.size <= 0.95 * document.body_size for line in group):
        score *= 0.5
    folded = fold(text)
    if declared and len(folded) > 10 and fold(declared).startswith(folded[:60]):
        score *= 1.5
    return score


def _is_logo(group: list[Line]) -> bool:
    return _is_one_word(" ".join(title_text([line]) for line in group))


def _is_one_word(text: str) -> bool:
    """Whether a text says a single word; six Chinese characters are several."""
    return len(text.split()) < 2 and not re.search("[\u3040-\u9fff]{6}", text)


def _title_below(
    logo: list[Line], scored: list[tuple[float, list[Line]]], document: Document
) -> list[Line] | None:
    """The largest title of several words under a single word, which may be a maker's sign."""
    below = [
        (score, group)
        for score, group in scored
        # Titles are at least a sixth larger than the text, and names hardly ever are.
        if group[0].size >= 1.17 * document.body_size and group[0].y > logo[-1].y
        if len(title_text(group).split()) >= 3 and not looks_like_name(title_text(group))
    ]
    return max(below, key=lambda item: item[0])[1] if below else None


def title_text(lines: list[Line], words: frozenset[str] = frozenset()) -> str:
    """The words of title lines without footnote marks, first letters of small caps joined.

    words: the document's vocabulary, which tells whether a hyphen at a line end stays.
    """
    parts: list[str] = []
    for line in lines:
        spaced_out = _letter_spaced(line)
        kept = [] if spaced_out else _without_marks(line, last=line is lines[-1])
        text = clean_text(spaced_out or join_words(kept)).rstrip(_MARKS + " ")
        if text:
            parts.append(text)
    return join_lines(parts, words).strip(" .") if parts else ""


def _without_marks(line: Line, *, last: bool) -> list[Word]:
    """Words of a title line; raised numbers inside it are powers, at its end footnotes."""
    kept: list[Word] = []
    joins = False
    for place, word in enumerate(line.words):
        following = line.words[place + 1 :]
        if not _is_mark(word, line):
            kept.append(word if not joins else renamed(word, word.text, glued=True))
            joins = False
        elif _is_power(word) and following:
            # Spaces in a line are a quarter of the type wide; below half of that it goes on.
            joins = following[0].glued or following[0].x0 - word.x1 < 0.13 * line.size
            if joins or not last:
                kept.append(renamed(word, word.text.translate(_POWERS), glued=True))
    return kept


def _is_power(word: Word) -> bool:
    return word.text.strip().isdecimal()


def _letter_spaced(line: Line) -> str:
    """The words of a line set letter by letter, "N I G H T"; "" for any other line."""
    words = line.words
    single = sum(len(word.text.strip()) == 1 for word in words)
    # Four in five words of one letter occur in no sentence.
    if len(words) < 6 or single < 0.8 * len(words):
        return ""
    gaps = [b.x0 - a.x1 for a, b in pairwise(words)]
    usual = median_low(gaps)
    # Between words the space is wider by half than between letters, and by a tenth of the type.
    wide = max(1.5 * usual, usual + 0.1 * line.size)
    text = words[0].text
    for word, gap in zip(words[1:], gaps, strict=True):
        text += (" " if gap > wide else "") + word.text
    return text


def _is_mark(word: Word, line: Line) -> bool:
    # Marks of footnotes at the end of a title.
    raised = word.size < 0.85 * line.size and word.y < line.y - 0.15 * line.size
    return raised and (word.text.strip("0123456789,") == "" or all(c in _MARKS for c in word.text))
