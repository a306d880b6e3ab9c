"""A search as a value: the text in the box, the facets beside it, the order, the place in it.

The URL is the whole state: `PaperQuery.from_params(request.GET)` reads it, `to_params()` writes
it, and nothing a person can type raises. What could not be taken stands in `problems`. A long text
stands there packed, as `text`, instead of `q`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.utils.translation import gettext
from rapidfuzz import process

from accounts.words import Words
from papers.identifiers import Identifier, recognise
from papers.search import fields
from papers.search.language.clauses import (
    Clause,
    Either,
    Every,
    Not,
    Phrase,
    Problem,
    Restriction,
    Span,
    Word,
    Years,
    describe,
    describe_years,
    read_year,
)
from papers.search.language.grammar import clean, parse
from papers.search.language.packing import pack, quoted_length, unpack

SORTS = {
    "relevance": Words("relevance"),
    "-year": Words("newest first"),
    "year": Words("oldest first"),
    "name": Words("title, A to Z"),
}
PAGE_SIZE = 16
LAST_PAGE = 500
MOST_CHOICES = 50
MOST_WORD_PARTS = 8
WORDY, LONG, PACKED = 40, 90, 600
"""Characters of an address that a text takes, from which the hundreds of links of a page are too
many: those that are folded away, then all; and from which an address holds it packed."""


@dataclass(frozen=True)
class Part:
    """One condition of a search in words, and the search without it."""

    label: str
    kind: str
    without: str
    """Query string of the search without this part, to stand after a question mark."""
    change: str = ""
    """The same as a change of the search, see PaperQuery.with_change."""


@dataclass(frozen=True)
class PaperQuery:
    """What somebody asked for. Equal questions are equal values.

    selected: values of the fields that stand in the address by their own name, such as ?topic=….
    """

    q: str = ""
    selected: tuple[tuple[str, tuple[str, ...]], ...] = ()
    year_from: int | None = None
    year_to: int | None = None
    sort: str = ""
    page: int = 1
    clauses: tuple[Clause, ...] = field(default=(), compare=False)
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    # --- in and out ---

    @classmethod
    def from_params(cls, params: Mapping[str, Any] | Iterable[tuple[str, str]]) -> PaperQuery:
        """Read a query string: a QueryDict, a mapping of values or lists, or pairs."""
        given = _as_lists(params)
        problems: list[Problem] = []
        parsed = parse(" ".join([*given.get("q", ()), *_unpacked(given, problems)]))
        problems += parsed.problems
        lists = [(f.name, _choices(f.name, given, problems)) for f in fields.parameters()]
        first, last = (_year(name, given, problems) for name in ("year_from", "year_to"))
        if first is not None and last is not None and first > last:
            message = f"The years {first} to {last} run backwards; read as {last} to {first}."
            problems.append(Problem("bad-year", message, where="year_from"))
            first, last = last, first
        return cls(
            q=parsed.text,
            selected=tuple((name, values) for name, values in lists if values),
            year_from=first,
            year_to=last,
            sort=_sort(given, problems),
            page=_page(given, problems),
            clauses=parsed.clauses,
            problems=tuple(problems),
        )

    def to_params(self) -> list[tuple[str, str]]:
        """The query string as pairs, without what is default; from_params reads it back."""
        pairs = [("q", self.q)] if self.q else []
        if self.is_packed:
            pairs = [("text", pack(self.q))]
        pairs += [(name, value) for name, values in self.selected for value in values]
        pairs += [("year_from", str(self.year_from))] if self.year_from is not None else []
        pairs += [("year_to", str(self.year_to))] if self.year_to is not None else []
        pairs += [("sort", self.sort)] if self.sort else []
        pairs += [("page", str(self.page))] if self.page > 1 else []
        return pairs

    def chosen(self, facet: str) -> tuple[str, ...]:
        """Values selected of a field."""
        return dict(self.selected).get(facet, ())

    # --- other searches, for links ---

    def changed(self, **changes: Any) -> PaperQuery:
        """The same search with something else, from its first page."""
        changes = {"page": 1, **changes}
        if "q" in changes:
            changes["clauses"] = parse(changes["q"]).clauses
        return replace(self, **changes)

    def with_selected(self, name: str, values: Iterable[str]) -> PaperQuery:
        """The same search with exactly these values of a field, from its first page."""
        chosen = {**dict(self.selected), name: tuple(values)}
        rows = [(f.name, chosen.get(f.name, ())) for f in fields.parameters()]
        return self.changed(selected=tuple((name, some) for name, some in rows if some))

    def toggled(self, facet: str, value: str) -> PaperQuery:
        """With `value` selected in the facet, or no longer selected if it was."""
        old = self.chosen(facet)
        new = tuple(kept for kept in old if kept != value) if value in old else (*old, value)
        return self.with_selected(facet, new)

    def on_page(self, page: int) -> PaperQuery:
        """The same search at another page, from 1."""
        return replace(self, page=page)

    def with_change(self, change: str) -> PaperQuery:
        """The same search with other parameters, as a button of a form names them.

        change: a query string; each parameter in it takes the place of those of this name, and
        one without a value takes them away. `without` has spans of the text, as `3-9,12-20`.
        """
        new = parse_qsl(change[:2000], keep_blank_values=True)
        names = {name for name, _ in new}
        if "without" in names:
            numbers = re.findall(r"([0-9]{1,6})-([0-9]{1,6})", dict(new)["without"])
            return self._without([Span(int(start), int(end)) for start, end in numbers])
        kept = [(name, value) for name, value in self.to_params() if name not in {*names, "page"}]
        return PaperQuery.from_params([*kept, *((name, value) for name, value in new if value)])

    @cached_property
    def _quoted(self) -> int:
        return quoted_length(self.q)

    @property
    def is_wordy(self) -> bool:
        """Whether its text is too long to be repeated in links that are folded away."""
        return self._quoted > WORDY

    @property
    def is_long(self) -> bool:
        """Whether its text is too long to be repeated in every link of a page."""
        return self._quoted > LONG

    @property
    def is_packed(self) -> bool:
        """Whether addresses hold its text packed."""
        return self._quoted > PACKED

    @cached_property
    def url_query(self) -> str:
        """The search as a query string, to stand after a question mark."""
        return urlencode(self.to_params())

    # --- what it means ---

    @property
    def order(self) -> str:
        """One of SORTS: as asked for, else relevance for words and newest first without."""
        if not self.is_ranked and self.sort in ("", "relevance"):
            return "-year"
        return self.sort or "relevance"

    @cached_property
    def said(self) -> str:
        """What is positively asked for, as plain text: what an encoder should read."""
        return " ".join(_positive(self.clauses))

    @property
    def is_ranked(self) -> bool:
        """Whether there are words by which papers can be ranked."""
        return bool(self.said)

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing: all papers."""
        return not self.clauses and not self.selected and not self.has_years

    @property
    def has_years(self) -> bool:
        """Whether the year facet is narrowed."""
        return self.year_from is not None or self.year_to is not None

    @cached_property
    def identifier(self) -> Identifier | None:
        """The identifier that the whole query is, if it is one: go straight to its paper.

        Not for a word that merely has the shape of one (`certain` is False) nor beside facets.
        """
        if not self.q or self.selected or self.has_years:
            return None
        return recognise(self.q)

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """How the search was understood, one condition after the other."""
        return (*self._text_parts(), *self._facet_parts())

    def _text_parts(self) -> Iterator[Part]:
        bare = [clause for clause in self.clauses if clause == Word(getattr(clause, "text", ""))]
        together = len(bare) > MOST_WORD_PARTS
        if together:
            label = f"any of {len(bare)} words"
            yield self._text_part(label, "words", [word.span for word in bare])
        for clause in self.clauses:
            if not (together and clause in bare):
                yield self._text_part(describe(clause), _kind(clause), [clause.span])

    def _text_part(self, label: str, kind: str, spans: list[Span]) -> Part:
        without = "" if self.is_long else self._without(spans).url_query
        places = ",".join(f"{span.start}-{span.end}" for span in spans)
        return Part(label, kind, without, f"without={places}")

    def _facet_parts(self) -> Iterator[Part]:
        for name, values in self.selected:
            for value in values:
                left = [(name, kept) for kept in values if kept != value] or [(name, "")]
                without = self.toggled(name, value).url_query
                yield Part(f"{name}: {value}", name, without, urlencode(left))
        if self.has_years:
            label = gettext("year: {years}").format(
                years=describe_years(self.year_from, self.year_to)
            )
            without = self.changed(year_from=None, year_to=None).url_query
            yield Part(label, "year", without, "year_from=&year_to=")

    def _without(self, spans: list[Span]) -> PaperQuery:
        left = self.q
        for span in sorted(spans, key=lambda span: -span.start):
            left = f"{left[: span.start]} {left[span.end :]}"
        return self.changed(q=clean(left))


def _kind(clause: Clause) -> str:
    match clause:
        case Word():
            return "word"
        case Restriction(name):
            return name
        case Years():
            return "year"
        case _:
            return type(clause).__name__.lower()


def _positive(clauses: Iterable[Clause]) -> Iterator[str]:
    for clause in clauses:
        match clause:
            case Word(text) | Phrase(text):
                yield text
            case Restriction("title" | "abstract", values):
                yield from values
            case Either(inner) | Every(inner):
                yield from _positive(inner)
            case Not() | Restriction() | Years():
                pass


# --- reading parameters ---


def _as_lists(params: Mapping[str, Any] | Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    lists: dict[str, list[str]] = {}
    if hasattr(params, "lists"):
        pairs: Iterable[tuple[str, Any]] = params.lists()
    else:
        pairs = params.items() if isinstance(params, Mapping) else params
    for name, value in pairs:
        values = value if isinstance(value, list | tuple) else [value]
        lists.setdefault(name, []).extend(str(part) for part in values if part is not None)
    return lists


def _unpacked(given: dict[str, list[str]], problems: list[Problem]) -> list[str]:
    texts = [unpack(packed) for packed in given.get("text", ()) if packed]
    if None in texts:
        message = "The long question of this address was cut or changed on its way; paste it again."
        problems.append(Problem("bad-text", message, where="text"))
    return [text for text in texts if text is not None]


def _choices(name: str, given: dict[str, list[str]], problems: list[Problem]) -> tuple[str, ...]:
    values = [part for value in given.get(name, ()) for part in clean(value).split(",")]
    unique = list(dict.fromkeys(value.strip()[:200] for value in values if value.strip()))
    if len(unique) > MOST_CHOICES:
        message = f"Only the first {MOST_CHOICES} values of {name} were used."
        problems.append(Problem("too-many", message, where=name))
    return tuple(unique[:MOST_CHOICES])


def _year(name: str, given: dict[str, list[str]], problems: list[Problem]) -> int | None:
    value = clean(" ".join(given.get(name, ())))
    if not value:
        return None
    year = read_year(value)
    if year is None:
        message = f"“{value[:40]}” is not a year of four digits; {name} was left out."
        problems.append(Problem("bad-year", message, where=name))
    return year


def _sort(given: dict[str, list[str]], problems: list[Problem]) -> str:
    value = clean(" ".join(given.get("sort", ())))[:40]
    if not value or value in SORTS:
        return value
    near = process.extractOne(value, list(SORTS), score_cutoff=60)
    hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(SORTS)}."
    message = f"Nothing can be sorted by “{value}”{hint}"
    problems.append(Problem("bad-sort", message, where="sort"))
    return ""


def _page(given: dict[str, list[str]], problems: list[Problem]) -> int:
    value = clean(" ".join(given.get("page", ())))
    if not value:
        return 1
    if value.isascii() and value.isdigit() and 1 <= int(value[:9]) <= LAST_PAGE:
        return int(value)
    message = f"“{value[:40]}” is not a page from 1 to {LAST_PAGE}; this is the first one."
    problems.append(Problem("bad-page", message, where="page"))
    return 1
