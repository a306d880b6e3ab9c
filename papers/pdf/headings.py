"""Section headings, captions, and where the parts of a paper begin."""

from __future__ import annotations

import re
from collections import Counter

from papers.pdf.document import Document
from papers.pdf.extraction import Caption, Section
from papers.pdf.layout import Line

ABSTRACT = re.compile(
    r"(?:(abstract|a\s?b\s?s\s?t\s?r\s?a\s?c\s?t)\b|[\[\u3010]?摘\s*要[\]\u3011]?)\s*[.:\uff1a\u2014\u2013-]*\s*",
    re.I,
)
KEYWORDS = re.compile(
    r"(key\s?-?\s?words?( and phrases)?|index terms|ccs concepts|categories and subject"
    r"|acm reference format|general terms|mathematics subject)\b|[\[\u3010]?关\s*键\s*[词字]",
    re.I,
)
REFERENCES = re.compile(
    r"(?:(?:\d{1,2}|[IVX]{1,4}|[A-Z])?[.\s]*)"
    r"(references|bibliography|r\s?eferences|literature cited|works cited|references and notes"
    r"|references cited|literature|references\s*\[.*|参\s*考\s*文\s*献)\s*[:\uff1a]?",
    re.I,
)
_NUMBERED = re.compile(
    r"(?P<number>(?:appendix\s+)?(?:\d{1,2}(?:\.\d{1,2}){0,3}|[A-Z](?:\.\d{1,2}){0,3}|[IVX]{1,5}))"
    r"(?P<dot>[.:)]?)\s+(?P<title>\S.*)"
)
_KNOWN = re.compile(
    r"(abstract|introduction|related works?|background|preliminaries|methods?|methodology|approach"
    r"|experiments?|experimental (setup|results)|results?( and discussion)?|evaluation|discussion"
    r"|conclusions?( and future work)?|limitations|acknowledge?ments?|references|bibliography"
    r"|appendix|supplementary materials?|summary|broader impact( statement)?|ethics statement"
    r"|statement of need|future work|funding|data availability|author contributions"
    r"|引\s*言|绪\s*论|结\s*论|参\s*考\s*文\s*献|致\s*谢|相关工作|实验(结果)?)\W*",
    re.I,
)
_CAPTION = re.compile(
    r"(?P<label>(?:figure|fig\.|table|tab\.|algorithm|listing|scheme|box)\s+"
    r"[A-Z]?\.?\d{0,3}(?:\.\d{1,2})?[a-z]?)\s*(?P<mark>[:.|\u2014\u2013]|$|(?=\s[A-Z(]))",
    re.I,
)


def find_sections(document: Document, skip: set[int]) -> list[Section]:
    """Headings in order. skip: ids of lines known to be something else (title, authors)."""
    headings: list[tuple[Line, Section]] = []
    lines = document.lines
    for index, line in enumerate(lines):
        if id(line) in skip:
            continue
        previous = lines[index - 1] if index else None
        following = lines[index + 1] if index + 1 < len(lines) else None
        if is_heading(line, previous, following, document):
            last_line, last = headings[-1] if headings else (line, None)
            if last is not None and last_line is previous and _goes_on(last_line, line):
                last.title = f"{last.title} {line.text}"
                headings[-1] = (line, last)
                continue
            headings.append((line, _section(line)))
    _assign_levels(headings)
    sections = [section for _, section in headings if not ABSTRACT.fullmatch(section.title)]
    return sections[:300]


def is_heading(
    line: Line, previous: Line | None, following: Line | None, document: Document
) -> bool:
    """Whether a line is set apart as a heading by number, weight, size, capitals or space."""
    text = line.text
    body = document.body_size
    # From 7 % on a difference in size is a style, below it is rounding.
    larger = line.size >= 1.07 * body
    # Bold text of text size is a heading, bold footnotes are none.
    heavy = line.bold and line.size >= 0.95 * body
    if not (larger or heavy) and line.width > 0.5 * document.pages[0].width:
        return False
    if not 3 <= len(text) <= 120 or len(text.split()) > 16 or _CAPTION.match(text):
        return False
    if sum(c.isalpha() for c in text) < 0.5 * len(text) or text.endswith((",", ";", "-")):
        return False
    numbered = _NUMBERED.fullmatch(text)
    title = numbered["title"] if numbered else text
    if not title[0].isupper() or "@" in text:
        return False
    capitals = title.isupper() and sum(c.isalpha() for c in title) > 3
    known = bool(_KNOWN.fullmatch(title))
    apart = _stands_apart(line, previous, document)
    if text.endswith(".") and not known and not (numbered and (larger or heavy)):
        return False
    if larger or heavy:
        return bool(numbered or known or apart) and not _inside_run(line, following, document)
    if known and apart and (numbered or capitals or line.width < 0.35 * document.pages[0].width):
        return True
    return bool(numbered and numbered["dot"] and capitals and apart)


def _stands_apart(line: Line, previous: Line | None, document: Document) -> bool:
    if previous is None or previous.page != line.page or previous.y > line.y:
        return True
    return line.y - previous.y > 1.15 * document.leading


def _inside_run(line: Line, following: Line | None, document: Document) -> bool:
    """Whether a bold line goes on in the next one, so that both are bold text or a table."""
    if following is None or following.page != line.page:
        return False
    # A heading of two lines keeps its style to a tenth of a point.
    same = following.bold and abs(following.size - line.size) < 0.1
    return (
        same
        and line.size < 1.07 * document.body_size
        and len(following.text) > 40
        and (len(line.text) > 60)
    )


def _goes_on(above: Line, line: Line) -> bool:
    same = above.size == line.size and above.bold == line.bold and above.page == line.page
    # Within one heading the lines are set solid.
    close = 0 < line.y - above.y < 1.5 * line.size
    return same and close and not _NUMBERED.fullmatch(line.text) and above.width > 100


def _section(line: Line) -> Section:
    match = _NUMBERED.fullmatch(line.text)
    if match:
        number = match["number"]
        return Section(number, match["title"].strip(" .:"), number.count(".") + 1, line.page + 1)
    return Section("", line.text.strip(" .:"), 0, line.page + 1)


def _assign_levels(headings: list[tuple[Line, Section]]) -> None:
    """Unnumbered headings get the level of the style they share, largest type first."""
    sizes = Counter(round(line.size, 1) for line, section in headings)
    known = [
        round(line.size, 1) for line, s in headings if _KNOWN.fullmatch(s.title) or s.level == 1
    ]
    top = max(known, default=max(sizes, default=0.0))
    for line, section in headings:
        if section.level == 0:
            # Styles of one level differ by less, of two levels by more.
            section.level = 1 if line.size >= top - 0.3 else 2


def find_captions(document: Document) -> list[Caption]:
    """Captions of figures, tables, algorithms and listings, in reading order."""
    captions: list[Caption] = []
    lines = document.lines
    for index, line in enumerate(lines):
        match = _CAPTION.match(line.text)
        if not match or not any(c.isdigit() for c in match["label"]):
            continue
        previous = lines[index - 1] if index else None
        if match["mark"] not in (":", ".", "|") and not _stands_apart(line, previous, document):
            continue
        text = document.paragraph(_caption_lines(lines, index))
        body = text[match.end() :].strip(" :.|")
        captions.append(Caption(" ".join(match["label"].split()), body[:2000], line.page + 1))
    return captions[:300]


def _caption_lines(lines: list[Line], index: int) -> list[Line]:
    first = lines[index]
    taken = [first]
    for line in lines[index + 1 : index + 15]:
        last = taken[-1]
        step = line.y - last.y
        if line.page != first.page or line.column != first.column:
            break
        if not 0 < step < 1.6 * first.size or abs(line.size - first.size) > 0.3:
            break
        if _CAPTION.match(line.text) and not line.text[0].islower():
            break
        taken.append(line)
    return taken
