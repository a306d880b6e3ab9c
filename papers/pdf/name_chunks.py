"""Chunks of the lines under a title: what stands between marks, commas, "and" and wide gaps.

A chunk may be a person's name; looks_like_name() says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from papers.pdf.layout import Line, Word
from papers.pdf.text_cleaning import clean_text

SYMBOLS = (
    "*#\u2217\u2020\u2021\u00a7\u00b6\u2225\u2666\u2663\u2660\u2665\u25e6\u25c7\u22c4\u266f\u2709"
    "\u2295\u2297\u2299\u00b0\u22c6\u2605\u25b3\u25a1"
)
_ONE_MARK = rf"(?:\d{{1,2}}|[a-z]|[{re.escape(SYMBOLS)}])"
MARK = re.compile(rf"{_ONE_MARK}(?:\s*,\s*{_ONE_MARK})*,?")
PLACE = re.compile(
    r"\b(universit|universidad|univ\b|institut|dept\b|department|laborator|labs?\b|school\b|college"
    r"|faculty|cent(?:re|er)\b|academy|inc\b|ltd\b|llc\b|gmbh|corp\b|corporation|research\b|company"
    r"|hospital|ministry|foundation|group\b|team\b|division|unit\b|technolog|sciences?\b"
    r"|engineering|google|microsoft|facebook|deepmind|openai|nvidia|amazon|alibaba|tencent|baidu"
    r"|huawei|samsung|intel\b|ibm\b|meta ai|inria|cnrs|csic|mit\b|ethz?\b|epfl|kaist|polytechni"
    r"|ecole|\u00e9cole|technische|hochschule|street\b|road\b|avenue\b|usa\b|u\.s\.a|uk\b|china\b"
    r"|germany\b|france\b|canada\b|japan\b|korea\b|india\b|italy\b|spain\b|switzerland|netherlands"
    r"|australia\b|singapore\b|brazil\b|sweden\b|poland\b|austria\b|belgium\b|denmark\b|norway\b"
    r"|finland\b|russia\b|taiwan\b|hong kong|computer\b|mathemati|physics|statistic|independent"
    r"|researcher|consult|society|association|observatory|agency|national|federal|max planck"
    r"|allen institute)",
    re.I,
)
NOT_NAMES = re.compile(
    r"(@|https?:|www\.|\bdoi\b|contribut|correspond|abstract|keywords|preprint|submitted|published"
    r"|received|accepted|edited|reviewed|editor|copyright|license|supervis|version|draft|arxiv"
    r"|under review|anonymous|proceedings|conference|journal|volume|these authors|orcid|e-?mail"
    r"|date:|\bthe\b|\bfor\b|\bwith\b|\bby\b$)",
    re.I,
)
_PARTICLES = frozenset(
    re.findall(
        r"\w+",
        "van von der den de del della di da dos du la le el al bin ibn ter ten zu af av y e st",
    )
)
_TAIL = frozenset(re.findall(r"\w+", "jr sr ii iii iv phd md"))


@dataclass
class Chunk:
    """Words between two separators of one line. marks: what stands raised behind them."""

    words: list[Word]
    line: Line
    marks: str = ""
    closed: bool = False
    """Whether a mark, a comma or "and" ended it, rather than a gap or the line."""

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
    """Words of a line cut at marks, commas, "and" and wide gaps."""
    chunks: list[Chunk] = []
    current = Chunk([], line)

    def close(closed: bool = True) -> None:
        nonlocal current
        if current.words:
            current.closed = closed
            chunks.append(current)
        current = Chunk([], line)

    previous: Word | None = None
    for word in line.words:
        text = word.text.strip()
        gap = word.x0 - previous.x1 if previous is not None else 0.0
        previous = word
        if is_raised(word, line) or _is_symbol(text):
            if current.words:
                current.marks += text
                close()
            elif chunks:
                chunks[-1].marks += text
            continue
        if text in {"ID", "iD", ",", "and", "&", ";", "\u00b7", "\u2022", "|", "AND", "And"}:
            close()
            continue
        if current.words and gap > 1.05 * line.size and not word.glued:
            close(False)
        bare, trailing = _trailing_marks(text)
        if not bare:
            close()
            continue
        current.words.append(word if bare == text else _renamed(word, bare))
        if trailing:
            current.marks += trailing.strip(",;")
            close()
    close(False)
    return chunks


def _trailing_marks(text: str) -> tuple[str, str]:
    """A word without the symbols, digits and commas that end it, and those."""
    match = re.search(rf"(?:[{re.escape(SYMBOLS)}\d]+(?:,[{re.escape(SYMBOLS)}\d]+)*)?[,;]?$", text)
    if not match or not match.group():
        return text, ""
    bare = text[: match.start()]
    if not bare or (not bare[-1].isalpha() and bare[-1] not in ".)'\u2019"):
        return (text.rstrip(",;"), ",") if text.endswith((",", ";")) else (text, "")
    return bare, match.group()


def _renamed(word: Word, text: str) -> Word:
    return Word(text, word.x0, word.x1, word.y, word.size, word.font, word.glued)


def is_raised(word: Word, line: Line) -> bool:
    # Raised and smaller: a mark of affiliation, not a letter of the name.
    if word.size < 0.86 * line.size and word.y < line.y - 0.12 * line.size:
        return True
    # Marks that are not raised are told by their size and shape alone.
    return word.size < 0.8 * line.size and bool(MARK.fullmatch(word.text.strip()))


def _is_symbol(text: str) -> bool:
    return bool(text) and all(c in SYMBOLS or c in ",0123456789" for c in text)


def starts_with_mark(line: Line) -> bool:
    """Affiliation lines begin with the mark that names point to."""
    first = line.words[0]
    return is_raised(first, line) or _is_symbol(first.text.strip(",.")) or first.text[0] in SYMBOLS


def looks_like_name(text: str) -> bool:
    """Whether a chunk can be a person's name: two to seven words, capitals, no place words."""
    if not 4 <= len(text) <= 60 or NOT_NAMES.search(text) or PLACE.search(text):
        return False
    if sum(c.isdigit() for c in text) or any(c in "()[]{}:=/<>+%$" for c in text):
        return False
    tokens = text.replace("-", " ").split()
    if not 2 <= len(tokens) <= 8:
        return False
    for token in tokens:
        bare = token.strip(".,'\u2019").lower()
        if bare in _PARTICLES or bare in _TAIL:
            continue
        if not token[0].isupper() and not _caseless(token[0]) and token[0] not in "'\u2019":
            return False
    return any(len(token.strip(".")) > 1 for token in tokens)


def _caseless(character: str) -> bool:
    return character.isalpha() and character.lower() == character.upper()


def spaced(name: str) -> str:
    """Names without stray full stops or doubled spaces; "J.K. Row" becomes "J. K. Row"."""
    return re.sub(r"(?<=[A-Z]\.)(?=[A-Z])", " ", name).strip(" ,.;*")
