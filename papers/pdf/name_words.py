"""Words of a row under a title, freed of what is written beside names.

E-mail addresses, affiliations and ORCID numbers in brackets, and a "By" in front are no part
of a name, but stand on its line in many journals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from papers.pdf.layout import Line, Word

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,6}")
_LEAD = re.compile(r"(by|authors?|author\(s\)|作者)[:：]?", re.I)
_LABEL = re.compile(r"(e-?mails?|orcid|web|url|tel|phone)[:.]?", re.I)
_ADDRESS = re.compile(r"@|https?:|www\.|orcid\.org|\b\d{4}-\d{4}-\d{4}-\d{3}[\dXx]")
_LIST_SIGN = re.compile(
    r"(?<=[\uff0c\u3001\uff1b])|(?<=[\u4e00-\u9fff][,;])|(?<=[\u4e00-\u9fff]\d[,;])(?!\d)"
)
_OTHERS = re.compile(
    r"et\.? al|(?:and|&) (?:\d{1,4} |many |several )?(?:others|more|co-?authors)|u\. ?a|等", re.I
)
_HAN_OTHERS = re.compile(r"([\u4e00-\u9fff·•]{2,8})等[.。]?")
_OPEN, _CLOSE = "([{（〔［<", ")]}）〕］>"


@dataclass
class Bracketed:
    """What stood in brackets behind the word with this index (-1: before the first)."""

    behind: int
    text: str


@dataclass
class Stripped:
    """The words left of a row, and what was taken out."""

    words: list[Word]
    brackets: list[Bracketed] = field(default_factory=list)
    had_address: bool = False
    goes_on: str = ""
    """The words that say that there are more authors: "et al."."""


def strip_row(line: Line) -> Stripped:
    """The words of a row without addresses and without what stands in brackets."""
    row = Stripped([])
    inside: list[str] = []
    depth = 0
    for word in _pieces(line.words):
        outside, depth = _outside(word.text, depth, inside)
        if inside and depth == 0:
            row.brackets.append(Bracketed(len(row.words) - 1, " ".join(inside)))
            inside = []
        if _ADDRESS.search(outside) or _LABEL.fullmatch(outside.strip()):
            row.had_address = True
            continue
        if not outside.strip() or (not row.words and _LEAD.fullmatch(outside.strip())):
            continue
        row.words.append(word if outside == word.text else renamed(word, outside))
    if inside:
        row.brackets.append(Bracketed(len(row.words) - 1, " ".join(inside)))
    row.had_address = row.had_address or any(_ADDRESS.search(b.text) for b in row.brackets)
    _take_others(row)
    return row


def _take_others(row: Stripped) -> None:
    """Take "et al.", "and 12 others", "等" out of the words, and remember them."""
    if row.words and (match := _HAN_OTHERS.fullmatch(row.words[-1].text.strip())):
        row.goes_on = "等"
        row.words[-1] = renamed(row.words[-1], match[1])
        return
    texts = [word.text.strip(" ,;.") for word in row.words]
    for start in range(len(texts)):
        for count in (1, 2, 3):
            said = " ".join(texts[start : start + count])
            behind = texts[start + count] if start + count < len(texts) else ""
            is_sentence = len(behind) > 2 and behind.islower()  # "Erste et al. wrote this"
            if _OTHERS.fullmatch(said) and not is_sentence:
                row.goes_on = said
                del row.words[start : start + count]
                # What stood in brackets behind them stands behind the name before.
                for bracket in row.brackets:
                    bracket.behind -= min(count, max(0, bracket.behind - start + 1))
                return


def _outside(text: str, depth: int, inside: list[str]) -> tuple[str, int]:
    """The part of a word outside brackets; the part inside is added to `inside`."""
    if depth == 0 and not any(sign in text for sign in _OPEN):
        return text, 0
    out: list[str] = []
    within: list[str] = []
    for sign in text:
        if sign in _OPEN:
            depth += 1
        elif sign in _CLOSE and depth:
            depth -= 1
        elif depth:
            within.append(sign)
        else:
            out.append(sign)
    inside.append("".join(within))
    return "".join(out), depth


def renamed(word: Word, text: str, *, glued: bool | None = None) -> Word:
    """The same word with other letters; glued: whether it touches the word before."""
    touches = word.glued if glued is None else glued
    return Word(text, word.x0, word.x1, word.y, word.size, word.font, touches)


def _pieces(words: list[Word]) -> Iterator[Word]:
    """Words cut behind the separators of Chinese lists, which no space follows."""
    for word in words:
        parts = [part for part in _LIST_SIGN.split(word.text) if part]
        if len(parts) == 1:
            yield word
            continue
        step = (word.x1 - word.x0) / len(word.text)
        x = word.x0
        for place, part in enumerate(parts):
            end = x + step * len(part)
            yield Word(part, x, end, word.y, word.size, word.font, word.glued and place == 0)
            x = end
