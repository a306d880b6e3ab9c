"""The abstract: where it starts, and where it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass

from papers.pdf.document import Document
from papers.pdf.headings import ABSTRACT, KEYWORDS, is_heading
from papers.pdf.layout import Line, Word
from papers.pdf.reading_order import join_words
from papers.pdf.text_cleaning import clean_text, join_lines

_INTRODUCTION = re.compile(r"((1|i|I)?[.\s]*)(introduction|引\s*言|绪\s*论)\W*", re.I)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_LETTERS = re.compile(r"[^\W\d_]")


@dataclass
class Abstract:
    """An abstract with the lines it came from and a confidence from 0 to 1."""

    text: str
    lines: list[Line]
    confidence: float


def find_abstract(document: Document, after: Line | None) -> Abstract | None:
    """The paragraph under (or behind) the word "Abstract" on the first two pages.

    after: last line of the title; nothing above it is looked at. Without the word, None.
    """
    lines = _candidates(document, after)
    for index, line in enumerate(lines):
        match = ABSTRACT.match(line.text)
        if not match or not _is_label(line, match):
            continue
        taken = _collect(document, lines, index, inline=match.end() < len(line.text))
        text = _paragraph(document, taken)
        text = ABSTRACT.sub("", text, count=1) if text else ""
        if len(_LETTERS.findall(text)) >= 60:
            return Abstract(clean_text(text), taken, 0.95 if 200 < len(text) < 3500 else 0.6)
    return _lead(document, lines)


def _lead(document: Document, lines: list[Line]) -> Abstract | None:
    """Running text before the first heading, for journals that print no word "Abstract".

    Papers with a "Summary" heading get the text under it.
    """
    start = next((i for i, line in enumerate(lines) if is_prose(line)), None)
    if start is None:
        return None
    taken: list[Line] = []
    for index in range(start, min(start + 60, len(lines))):
        line = lines[index]
        following = lines[index + 1] if index + 1 < len(lines) else None
        last = taken[-1] if taken else line
        if taken and (
            line.page != lines[start].page
            or is_heading(line, last, following, document)
            or _breaks_off(line, last, lines[start], document)
        ):
            break
        taken.append(line)
    above = lines[start - 1].text if start else ""
    if _INTRODUCTION.fullmatch(above) or not 4 <= len(taken) <= 45:
        return None
    summary = re.fullmatch(r"summary\W*", above, re.I) is not None
    return Abstract(_paragraph(document, taken), taken, 0.5 if summary else 0.3)


def _paragraph(document: Document, lines: list[Line]) -> str:
    """Lines joined, without the raised numbers that point to notes and references."""
    texts = (
        join_words([word for word in line.words if not _is_note_mark(word, line)]) for line in lines
    )
    return clean_text(join_lines((clean_text(text) for text in texts), document.words))


def _is_note_mark(word: Word, line: Line) -> bool:
    # Superscripts are set at about seven tenths of the type, a fifth of it higher.
    raised = word.size < 0.85 * line.size and word.y < line.y - 0.2 * line.size
    return raised and not word.text.strip("0123456789,\u2013-*\u2020")


def is_prose(line: Line) -> bool:
    """A full line of running text: many words, most of them in lower case."""
    # Chinese has no spaces: a line of thirty signs with a clause's end in it is text.
    if len(_HAN.findall(line.text)) >= 25:
        return any(sign in line.text for sign in "，。；")
    words = line.text.split()
    return len(words) >= 8 and sum(word[:1].islower() for word in words) >= 0.6 * len(words)


def _candidates(document: Document, after: Line | None) -> list[Line]:
    lines = [li for li in document.lines if li.page <= (document.lines[0].page + 1)]
    if after is not None and after in lines:
        lines = lines[lines.index(after) + 1 :]
    return lines


def _is_label(line: Line, match: re.Match[str]) -> bool:
    """The word stands alone, or is set off from the text behind it."""
    rest = line.text[match.end() :]
    if not rest:
        return True
    label = match.group().strip()
    first, behind = line.words[0], line.words[min(1, len(line.words) - 1)]
    styled = first.font.name != behind.font.name or abs(first.size - behind.size) > 0.3
    return styled or not label[-1].isalpha() or label.isupper() or bool(_HAN.search(label))


def _collect(document: Document, lines: list[Line], index: int, *, inline: bool) -> list[Line]:
    """Lines of the abstract that starts at index: up to a heading, a gap or another style."""
    label = lines[index]
    taken = [label] if inline else []
    reference = label if inline else None
    for position in range(index + 1, min(index + 80, len(lines))):
        line = lines[position]
        last = taken[-1] if taken else label
        if reference is None:
            reference = line
        following = lines[position + 1] if position + 1 < len(lines) else None
        if KEYWORDS.match(line.text) or _INTRODUCTION.fullmatch(line.text):
            break
        if taken and is_heading(line, last, following, document):
            break
        if taken and _breaks_off(line, last, reference, document):
            if _is_footnote(line, reference):
                continue
            break
        taken.append(line)
    return taken


def _breaks_off(line: Line, last: Line, reference: Line, document: Document) -> bool:
    """Another size of type, or a gap wider than between paragraphs."""
    # Lines of one paragraph stand at most one and a half type sizes apart.
    goes_on = not last.text.endswith((".", "!", "?")) and 0 < line.y - last.y < 1.5 * last.size
    if abs(line.size - reference.size) > 0.35 and len(line.text) > 25 and not goes_on:
        return True
    if line.page != last.page or line.column != last.column:
        return False
    step = line.y - last.y
    # Single spacing is 1.2 type sizes: from 2.1 on a line was left free.
    return step > 2.1 * max(reference.size, 1.2 * document.body_size)


def _is_footnote(line: Line, reference: Line) -> bool:
    # Half a point tells footnotes from text; less is rounding in the file.
    return line.size < reference.size - 0.5
