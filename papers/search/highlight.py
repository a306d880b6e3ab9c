"""Words of a question, marked in the texts of the papers that were found. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape

from django.utils.safestring import SafeString, mark_safe

from papers.search.words import analysis

_TO_ESCAPE = re.compile("[&<>\"']")
_TOKEN = re.compile(r"[^\W_]+")
_LETTERS = bytes(code if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)
_SENTENCE_NEAR = 60  # characters that a stretch may begin earlier, to begin with a sentence

MOST_SPELLINGS = 100_000

Span = tuple[int, int, str]


@dataclass(frozen=True)
class Marked:
    """Escaped text with <mark> around what was found, and how many different terms were."""

    html: SafeString
    found: int


NOTHING = Marked(SafeString(""), 0)


class _Spellings:
    """Words as written that were met so far, by their terms: the words of the field come again."""

    def __init__(self) -> None:
        self.met: set[str] = set()
        self._by_term: dict[str, set[str]] = {}

    def meet(self, tokens: set[str]) -> None:
        """Look up the terms of those of the words that were not met before."""
        if len(self.met) > MOST_SPELLINGS:
            self.met, self._by_term = set(), {}
        for token in tokens - self.met:
            for term in analysis.words(token):
                self._by_term.setdefault(term, set()).add(token)
        self.met |= tokens

    def of(self, terms: Collection[str]) -> dict[str, str]:
        """Every known way to write one of the terms, with its term."""
        terms_by_word: dict[str, str] = {}
        for term in terms:
            terms_by_word |= dict.fromkeys(self._by_term.get(term, ()), term)
        return terms_by_word


_spellings = _Spellings()


class Marker:
    """Marks the words of one question in one text after another.

    terms: stems as analysis.words gives them. runs: pieces of Chinese, as they are written.
    """

    def __init__(self, terms: Collection[str], runs: Collection[str] = ()) -> None:
        self.terms, self.runs = terms, runs
        self._written = _spellings.of(terms)

    def whole(self, text: str) -> Marked:
        """All of the text."""
        return _marked(text, 0, len(text), self._spans(text))

    def stretch(self, text: str, width: int) -> Marked:
        """About `width` characters, whole words, in which most terms are found."""
        spans = self._spans(text)
        if len(text) <= width:
            return _marked(text, 0, len(text), spans)
        start = _beginning(text, spans, width)
        end = min(start + width, len(text))
        if end < len(text):
            end = max(text.rfind(" ", start, end), start + width // 2)
        shown = _marked(text, start, end, spans)
        before, after = "… " if start else "", " …" if end < len(text) else ""
        return Marked(mark_safe(f"{before}{shown.html.strip()}{after}"), shown.found)  # noqa: S308

    def _spans(self, text: str) -> list[Span]:
        """Start, end and term of what is to be marked, in order, none inside another."""
        tokens = _tokens(text)
        if not tokens <= _spellings.met:
            _spellings.meet(tokens)
            self._written = _spellings.of(self.terms)
        spans: list[Span] = []
        for token in tokens & self._written.keys():
            _stand(token, text, self._written[token], spans)
        spans += [
            (place.start(), place.end(), run)
            for run in self.runs
            for place in re.finditer(re.escape(run), text)
        ]
        return list(_apart(sorted(spans)))


def _tokens(text: str) -> set[str]:
    """Words of the text as written: runs of letters and digits. A page has thousands."""
    if text.isascii():  # as nearly all texts are: half the time
        return set(text.encode().translate(_LETTERS).decode().split())
    return set(_TOKEN.findall(text))


def _beginning(text: str, spans: list[Span], width: int) -> int:
    """Where the stretch with most terms begins: at its sentence or at the text, if that is near."""
    best, most = 0, 0
    inside: dict[str, int] = {}  # terms from the span at hand to the end of the stretch
    behind, count = 0, len(spans)
    for place, (start, _, term) in enumerate(spans):
        last = start + width
        while behind < count and spans[behind][1] <= last:
            entering = spans[behind][2]
            inside[entering] = inside.get(entering, 0) + 1
            behind += 1
        if len(inside) > most:
            best, most = start, len(inside)
        if behind > place:
            if inside[term] > 1:
                inside[term] -= 1
            else:
                del inside[term]
        else:
            behind = place + 1  # longer than the stretch
    if best < _SENTENCE_NEAR:
        return 0
    sentence = text.rfind(". ", 0, best)
    return sentence + 2 if sentence >= best - _SENTENCE_NEAR else best


def _marked(text: str, first: int, last: int, spans: list[Span]) -> Marked:
    """The text from `first` to `last`, with the spans that lie inside."""
    pieces, at, terms = [], first, set()
    escaped = escape if _TO_ESCAPE.search(text, first, last) else str
    for start, end, term in spans:
        if start >= first and end <= last:
            pieces += [escaped(text[at:start]), "<mark>", escaped(text[start:end]), "</mark>"]
            at = end
            terms.add(term)
    pieces.append(escaped(text[at:last]))
    return Marked(mark_safe("".join(pieces)), len(terms))  # noqa: S308 - every piece is escaped


def _stand(token: str, text: str, term: str, spans: list[Span]) -> None:
    """Add where the token stands in the text as a word of its own."""
    start, size = text.find(token), len(token)
    while start >= 0:
        end = start + size
        if not text[start - 1 : start].isalnum() and not text[end : end + 1].isalnum():
            spans.append((start, end, term))
        start = text.find(token, end)


def _apart(spans: list[Span]) -> Iterator[Span]:
    """Without spans that begin inside the one before."""
    last = -1
    for span in spans:
        if span[0] >= last:
            yield span
            last = span[1]
