"""From the text in the search box to clauses and problems. Pure; never raises on any text.

query     = { item }
item      = unary { OR unary }              OR binds its two neighbours, as in web search
unary     = [ "-" | NOT | "+" ] primary
primary   = "(" query ")" | field ":" value | "phrase" | word
value     = word { "," word } | "phrase" | "(" value { OR value } ")"
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import process
from rapidfuzz.distance import OSA

from papers.identifiers import recognise
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
    read_years,
)
from papers.search.language.tokens import Kind, Token, scan

LONGEST_QUERY = 4000
FEW_WORDS = 6  # a question of more bare words is prose
_ANY_YEAR = re.compile("19[0-9][0-9]|20[0-9][0-9]")
_LONE_YEAR = re.compile("19[5-9][0-9]|20[0-4][0-9]")
_LONE_YEARS = re.compile(rf"({_LONE_YEAR.pattern})(?:\.\.|-|\u2013)({_LONE_YEAR.pattern})")
_SHORT_YEAR = re.compile(r"([A-Z][A-Za-z]{2,8})?['\u2019]([0-9]{2})")
"""With an apostrophe, as behind the name of a conference: "ICLR'18", "CVPR '21"."""

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f\u200b\u200e\u200f\ufeff\ud800-\udfff]")
_ENDS_ITEM = (Kind.END, Kind.CLOSE, Kind.OR, Kind.AND)


@dataclass(frozen=True)
class Parse:
    """Clauses in the order written, and what could not be taken as it stands."""

    text: str
    clauses: tuple[Clause, ...] = ()
    problems: tuple[Problem, ...] = ()


def parse(text: str) -> Parse:
    """Read a query. Whatever cannot be read is searched as words and named in `problems`."""
    text = clean(text)
    parser = _Parser(text[:LONGEST_QUERY])
    if len(text) > LONGEST_QUERY:
        parser.complain(
            "too-long",
            f"Only the first {LONGEST_QUERY:,} characters of the query were read.",
            Span(LONGEST_QUERY, len(text)),
        )
    clauses = parser.sequence(depth=0)
    if parser.reads_as_prose(clauses):
        parser = parser.of_prose()
        clauses = parser.sequence(depth=0)
    clauses = _with_years(clauses)
    return Parse(text[:LONGEST_QUERY], tuple(clauses), tuple(parser.problems))


def _with_years(clauses: list[Clause]) -> list[Clause]:
    """A lone year among few words is a year: "Huang 2018", "ICLR'18", and so is every one that is
    excluded: "depth -2018". In a pasted sentence it is a word, and so is a number that is hardly a
    year, unless it is all that was typed: "2099"."""
    if is_long(clauses):
        return clauses
    likely = _LONE_YEAR if len(clauses) > 1 else _ANY_YEAR
    clauses = [_year_excluded(clause, likely) for clause in clauses]
    words = [clause for clause in clauses if isinstance(clause, Word) and not clause.required]
    lone = [(word, years) for word in words if (years := _years_in(word, likely))]
    if len(lone) != 1:
        return clauses
    ((word, years),) = lone
    at = clauses.index(word)
    return [*clauses[:at], *years, *clauses[at + 1 :]]


def _year_excluded(clause: Clause, likely: re.Pattern[str]) -> Clause:
    """The same; years instead of a word, if that is all that must not hold: of "-ICLR'18", the
    word and the year together."""
    if isinstance(clause, Not) and isinstance(clause.clause, Word) and not clause.clause.required:
        match _years_in(clause.clause, likely):
            case [Years() as years]:
                return replace(clause, clause=years)
            case [_, _] as both:
                return replace(clause, clause=Every(tuple(both), clause.clause.span))
    return clause


def _years_in(word: Word, likely: re.Pattern[str]) -> list[Clause]:
    """What a word says that is a year, years ("2019..2021") or ends in one ("ICLR'18"); else []."""
    if likely.fullmatch(word.text):
        year = int(word.text)
        return [Years(((year, year),), word.span)]
    if several := _LONE_YEARS.fullmatch(word.text):
        first, last = sorted(map(int, several.groups()))
        return [Years(((first, last),), word.span)]
    if short := _SHORT_YEAR.fullmatch(word.text):
        year = int(short[2]) + (1900 if int(short[2]) >= 50 else 2000)
        venue = [Word(short[1], span=word.span)] if short[1] else []
        return [*venue, Years(((year, year),), word.span)]
    return []


def is_long(clauses: Iterable[Clause]) -> bool:
    """Whether somebody asks a whole question or pastes a sentence."""
    return sum(isinstance(c, Word) and not c.required for c in clauses) > FEW_WORDS


def clean(text: str) -> str:
    """Control characters and every kind of white space become single spaces."""
    return " ".join(
        re.sub(r"[\x00-\x1f\x7f\u200b\u200e\u200f\ufeff\ud800-\udfff]", " ", text).split()
    )


class _Parser:
    def __init__(self, text: str, *, is_prose: bool = False) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.tokens = scan(text, self.complain, is_prose=is_prose)
        self.at = 0

    def reads_as_prose(self, clauses: Iterable[Clause]) -> bool:
        """Whether a sentence was pasted in which something means what it does not in a question:
        words in capitals alone, or a label such as "Abstract:", with a space behind it."""
        if self.text.isupper():
            return sum(token.kind is Kind.WORD for token in self.tokens) > FEW_WORDS
        return is_long(clauses) and any(
            token.kind is Kind.FIELD and self.text[token.span.end :][:1].isspace()
            for token in self.tokens
        )

    def of_prose(self) -> _Parser:
        """The same text from its beginning, read as a sentence."""
        prose = _Parser(self.text, is_prose=True)
        prose.problems[:0] = [known for known in self.problems if known.code == "too-long"]
        return prose

    def complain(self, code: str, message: str, span: Span, instead: str = "") -> None:
        whole = self.text[: span.start] + instead + self.text[span.end :] if instead else ""
        problem = Problem(code, message, span, " ".join(whole.split()))
        if all((code, message) != (known.code, known.message) for known in self.problems):
            self.problems.append(problem)

    # --- looking ahead ---

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.token
        self.at += token.kind is not Kind.END
        return token

    # --- the grammar ---

    def sequence(self, depth: int) -> list[Clause]:
        clauses: list[Clause] = []
        joined = False  # an AND stands before the next item
        while self.token.kind is not Kind.END:
            if self.token.kind is Kind.CLOSE:
                if depth:
                    break
                self.complain(
                    "unopened", "A closing parenthesis has no opening one.", self.take().span
                )
                continue
            if self.token.kind in (Kind.OR, Kind.AND):
                joined = self._joint(clauses) or joined
                continue
            item = self.item(depth)
            if item is None:
                continue
            first, *others = item.clauses if isinstance(item, Every) else (item,)
            clauses += [_required(first) if joined else first, *others]
            joined = False
        return clauses

    def _joint(self, preceding: list[Clause]) -> bool:
        """Handle AND, or an OR that has nothing to join. True when AND joins two clauses."""
        token = self.take()
        before, after = bool(preceding), self.token.kind not in _ENDS_ITEM
        if token.kind is Kind.AND and before and after:
            preceding[-1] = _required(preceding[-1])
            return True
        side = "before" if not before else "after"
        self.complain(
            "nothing-to-join",
            f"{token.text} has nothing to join {side} it and was left out.",
            token.span,
        )
        return False

    def item(self, depth: int) -> Clause | None:
        first = self.unary(depth)
        choices = [first] if first else []
        while self.token.kind is Kind.OR and choices:
            operator = self.tokens[self.at + 1]
            if operator.kind in _ENDS_ITEM:
                break
            self.take()
            other = self.unary(depth)
            choices += [other] if other else []
        if len(choices) < 2:
            return choices[0] if choices else None
        return Either(tuple(choices), Span(choices[0].span.start, choices[-1].span.end))

    def unary(self, depth: int) -> Clause | None:
        if self.token.kind not in (Kind.MINUS, Kind.PLUS):
            return self.primary(depth)
        signs = [self.take()]
        while self.token.kind in (Kind.MINUS, Kind.PLUS):
            signs.append(self.take())
        if self.token.kind in _ENDS_ITEM:
            self.complain(
                "nothing-to-join", f"{signs[-1].text} has no word after it.", signs[-1].span
            )
            return None
        clause = self.primary(depth)
        if clause is None:
            return None
        span = Span(signs[0].span.start, clause.span.end)
        if sum(sign.kind is Kind.MINUS for sign in signs) % 2:
            return _negated(clause, span)
        plus = any(sign.kind is Kind.PLUS for sign in signs)
        return replace(_required(clause) if plus else clause, span=span)

    def primary(self, depth: int) -> Clause | None:
        token = self.take()
        match token.kind:
            case Kind.OPEN:
                return self.group(token, depth + 1)
            case Kind.PHRASE:
                return self.phrase(token)
            case Kind.FIELD:
                return self.field(token)
            case _:
                return _identified(token) or Word(token.text, span=token.span)

    def group(self, opening: Token, depth: int) -> Clause | None:
        clauses = self.sequence(depth)
        end = self.token.span.end
        if self.token.kind is Kind.CLOSE:
            self.take()
        else:
            self.complain(
                "unclosed",
                "An opening parenthesis is never closed; it was read to the end.",
                opening.span,
            )
        span = Span(opening.span.start, end)
        if not clauses:
            self.complain("empty-group", "The parentheses hold nothing.", span)
            return None
        return replace(clauses[0], span=span) if len(clauses) == 1 else Every(tuple(clauses), span)

    def phrase(self, token: Token) -> Clause | None:
        if not token.text.strip():
            self.complain("empty-phrase", "The quotation marks hold nothing.", token.span)
            return None
        return Phrase(token.text.strip(), token.span)

    # --- fields ---

    def field(self, token: Token) -> Clause | None:
        known = fields.by_name(token.text)
        if known is None:
            return self.unknown_field(token)
        values, quoted, end = self.values()
        span = Span(token.span.start, end)
        if not values:
            self.complain(
                "empty-field",
                f"{token.text}: says nothing; write for example {known.shown_example}.",
                token.span,
            )
            return None
        if known.kind is fields.Kind.YEARS:
            years, trouble = read_years(values, span)
            for message in trouble:
                self.complain("bad-year", message, span)
            return years
        return Restriction(known.name, tuple(values), quoted, span)

    def values(self) -> tuple[list[str], bool, int]:
        """What stands after a field's colon: values, whether they were quoted, where it ends."""
        token = self.token
        if token.kind is Kind.PHRASE:
            self.take()
            return [token.text.strip()] if token.text.strip() else [], True, token.span.end
        if token.kind is Kind.WORD:
            self.take()
            parts = [value.strip() for value in re.split("[,，、]", token.text)]
            return [value for value in parts if value], False, token.span.end
        if token.kind is Kind.OPEN:
            return self.value_group()
        return [], False, token.span.start

    def value_group(self) -> tuple[list[str], bool, int]:
        self.take()
        values: list[list[str]] = [[]]
        quoted = False
        while self.token.kind not in (Kind.CLOSE, Kind.END):
            token = self.take()
            if token.kind is Kind.OR:
                values.append([])
            elif token.kind in (Kind.WORD, Kind.PHRASE, Kind.FIELD):
                quoted = quoted or token.kind is Kind.PHRASE
                values[-1].append(token.text.strip())
        end = self.token.span.end
        if self.take().kind is not Kind.CLOSE:
            self.complain(
                "unclosed",
                "An opening parenthesis is never closed; it was read to the end.",
                Span(end, end),
            )
        return [" ".join(words) for words in values if any(words)], quoted, end

    def unknown_field(self, token: Token) -> Clause:
        """A colon after something that is no field: words again, with a note if it was close."""
        values, quoted, end = self.values()
        span = Span(token.span.start, end)
        near = process.extractOne(
            token.text.casefold(),
            [name for field in fields.FIELDS for name in (field.name, *field.aliases)],
            scorer=OSA.distance,
            score_cutoff=2 if len(token.text) > 4 else 1,
        )
        written = self.text[span.start : span.end]
        if near and len(token.text) > 2:
            name = getattr(fields.by_name(near[0]), "name", near[0])
            message = (
                f"There is no field “{token.text}”; did you mean {name}:? It was searched as words."
            )
            instead = f"{name}:{written[len(token.text) + 1 :].lstrip()}"
            self.complain("unknown-field", message, span, instead)
        elif re.match(r"\w", written[len(token.text) + 1 :] or " "):
            known_fields = ", ".join(field.name for field in fields.FIELDS)
            message = (
                f"There is no field “{token.text}”, so it was searched as words. "
                f"Fields: {known_fields}."
            )
            self.complain("unknown-field", message, span)
        text = " ".join([token.text, *values])
        return Phrase(text, span) if quoted else Word(text, span=span)


def _identified(token: Token) -> Restriction | None:
    """arxiv:… and doi:… as one word, since identifiers hold signs that end words."""
    scheme, colon, _ = token.text.partition(":")
    known = recognise(token.text) if colon and fields.by_name(scheme) else None
    return Restriction(known.scheme.value, (known.value,), span=token.span) if known else None


def _negated(clause: Clause, span: Span) -> Clause:
    """Not a group of words: none of them."""
    if isinstance(clause, Every):
        return Every(tuple(_negated(inner, inner.span) for inner in clause.clauses), span)
    return clause.clause if isinstance(clause, Not) else Not(clause, span)


def _required(clause: Clause) -> Clause:
    return replace(clause, required=True) if isinstance(clause, Word) else clause
