"""Which affiliations and addresses belong to which of the names above them."""

from __future__ import annotations

import re

from papers.pdf.extraction import Author
from papers.pdf.layout import Line
from papers.pdf.name_chunks import MARK, SYMBOLS, Chunk, is_raised
from papers.pdf.name_shapes import NOT_NAMES
from papers.pdf.name_words import EMAIL
from papers.pdf.text_cleaning import clean_text, fold


def attach(authors: list[Author], names: list[Chunk], others: list[Line]) -> None:
    """Give authors the affiliations beside or below them: by mark, else by column, else all."""
    marked = _marked_affiliations(others)
    rows = [*dict.fromkeys(id(chunk.line) for chunk in names)]
    beside = {id(chunk.line): chunk.line for chunk in names}
    emails = [mail for row in rows for mail in EMAIL.findall(beside[row].text)]
    emails += [mail for line in others for mail in EMAIL.findall(line.text)]
    plain = [line for line in others if not NOT_NAMES.search(line.text)]
    for author, chunk in zip(authors, names, strict=True):
        marks = set(re.findall(rf"\d+|[a-z]|[{re.escape(SYMBOLS)}]", chunk.marks))
        author.affiliations = [text for mark, text in marked if mark in marks]
        if chunk.note:
            author.affiliations = [clean_text(chunk.note)[:300]]
        elif not marked:
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
