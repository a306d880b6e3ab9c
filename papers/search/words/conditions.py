"""From clauses to queries of the lexical index. Pure but for tantivy."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tantivy import FieldType, Occur, Query, Schema

from papers.search import fields
from papers.search.language.clauses import (
    FIRST_YEAR,
    LAST_YEAR,
    Clause,
    Either,
    Every,
    Not,
    Phrase,
    Restriction,
    Word,
    Years,
)
from papers.search.words import analysis
from papers.search.words.schema import schema

WEIGHTS = {"body": 1.0, "title": 0.25, "topics": 0.25, "authors": 0.25, "venue": 0.25}
MOST_TERMS = 256  # an abstract has about a hundred
LONG_QUESTION = 16  # terms; from here on how often a word is said counts. docs/search.md
MOST_APART = 300
LONGEST_NAME = 300  # bytes
_BETWEEN = " ([^ ]+ )*"

Part = tuple[Occur, Query]


def nothing() -> Query:
    """Matches no paper."""
    return Query.empty_query()


def everything() -> Query:
    """Matches every paper, with equal score."""
    return Query.all_query()


def all_of(queries: Iterable[Query]) -> Query:
    """Papers that match all of the queries; every paper if there are none."""
    parts = list(queries)
    if len(parts) < 2:
        return parts[0] if parts else everything()
    return Query.boolean_query([(Occur.Must, query) for query in parts])


def any_of(queries: Iterable[Query]) -> Query:
    """Papers that match at least one of the queries."""
    parts = list(queries)
    if len(parts) < 2:
        return parts[0] if parts else nothing()
    return Query.boolean_query([(Occur.Should, query) for query in parts])


def unscored(query: Query) -> Query:
    """The same papers, without any say in their order."""
    return Query.const_score_query(query, 0.0)


def meeting(parts: Sequence[Part]) -> Query:
    """Papers that meet all parts, of which some may only exclude; every paper if there are none."""
    if any(occur is not Occur.MustNot for occur, _ in parts):
        return Query.boolean_query(list(parts))
    return Query.boolean_query([(Occur.Must, unscored(everything())), *parts])


# --- exact values ---


def one_of(field: str, values: Sequence[str | int]) -> Query:
    """Papers with one of the exact values. Terms one by one are found six times as fast as a set
    of a hundred; a set is for more than that."""
    known = schema()
    if len(values) > MOST_APART:
        return Query.term_set_query(known, field, list(values))
    return any_of(Query.term_query(known, field, value, index_option="basic") for value in values)


def years(first: int | None, last: int | None) -> Query:
    """Papers of a closed range of years."""
    lower, upper = first or FIRST_YEAR - 1, last or LAST_YEAR + 1
    return Query.range_query(schema(), "year", FieldType.Unsigned, lower, upper)


# --- words ---


def phrase(field: str, terms: Sequence[str]) -> Query:
    """Terms side by side in a field; one term is enough for itself."""
    if not terms:
        return nothing()
    if len(terms) == 1:
        return Query.term_query(schema(), field, terms[0])
    return Query.phrase_query(schema(), field, list(terms))


def chinese(text: str) -> list[Query]:
    """One query for each run of Chinese in the text, in any of its wordings."""
    return [
        any_of(phrase("chinese", analysis.cjk_grams(wording)) for wording in wordings)
        for wordings in analysis.cjk_wordings(text)
    ]


def length(text: str) -> float:
    """Terms of a text, as a multiple of what makes it more than a question: over 1 it is read as a
    pasted text, such as the abstract of a paper."""
    return len(analysis.content_counts(text)) / LONG_QUESTION


def ranking_terms(text: str) -> dict[str, int]:
    """Terms that rank, and how often each counts: as often as a long text says it, else once."""
    counts = analysis.content_counts(text)
    long = len(counts) > LONG_QUESTION
    terms = sorted(counts, key=lambda term: -counts[term]) if long else list(counts)
    return {term: counts[term] if long else 1 for term in terms[:MOST_TERMS]}


def score_words(text: str) -> Query:
    """Ranks papers by the words of a text: any of them, rare ones first, titles a little more.

    The words of a long text are so many that titles would add nothing but work.
    """
    known, terms = schema(), ranking_terms(text)
    prose = ("body",) if length(text) > 1 else ("body", "title", "topics")
    queries = [
        _boosted(known, field, term, WEIGHTS[field] * count)
        for term, count in terms.items()
        for field in prose
    ]
    for name in analysis.name_words(" ".join(terms_of_names(text)))[:MOST_TERMS]:
        queries += [_boosted(known, field, name, WEIGHTS[field]) for field in ("authors", "venue")]
    return any_of([*queries, *chinese(text)])


def shared_words(words: Iterable[str]) -> list[Query]:
    """For each of the words, the papers that have it."""
    return [_holds_any_spelling(word) for word in words]


def telling_words(text: str) -> list[str]:
    """Words as written, each once; stop words only if there is nothing else."""
    words = list(dict.fromkeys(analysis.without_cjk(text).split()))
    words = [word for word in words if analysis.words(word)]
    telling = [word for word in words if analysis.english_content().analyze(analysis.normal(word))]
    return (telling or words)[:MOST_TERMS]


def taken_apart(words: Iterable[str]) -> list[str]:
    """The parts of hyphenated words, for where none has the whole: of "xyz-greedy", "greedy"."""
    parts = (part for word in words for part in analysis.parts(word))
    return [part for part in dict.fromkeys(parts) if analysis.words(part)]


def _holds_any_spelling(word: str) -> Query:
    """ResNet-50 stands where ResNet and 50 do, or ResNet50."""
    parts = all_of(phrase("body", [term]) for term in analysis.content_words_apart(word))
    joined = [phrase("body", analysis.words(spelling)) for spelling in analysis.joined(word)]
    return any_of([parts, *joined])


def at_least(number: int, queries: Sequence[Query]) -> Query:
    """Papers that match so many of the queries."""
    if number <= 1:
        return any_of(queries)
    if number >= len(queries):
        return all_of(queries)
    either = [(Occur.Should, query) for query in queries]
    return Query.boolean_query(either, minimum_number_should_match=number)


def terms_of_names(text: str) -> list[str]:
    """Words of the text that may be names: all but stop words."""
    return [word for word in text.split() if analysis.english_content().analyze(word)]


def _boosted(known: Schema, field: str, term: str, weight: float) -> Query:
    query = Query.term_query(known, field, term)
    return query if weight == 1.0 else Query.boost_query(query, weight)


# --- clauses as conditions ---


def condition(clause: Clause) -> Query:
    """Papers for which the clause holds."""
    match clause:
        case Word(text):
            return _holds_word(text)
        case Phrase(text):
            return _holds_phrase("body", text)
        case Restriction():
            values = clause.values
            return any_of(field_condition(clause.name, value, clause.quoted) for value in values)
        case Years(ranges):
            return any_of(years(*ends) for ends in ranges)
        case Not(inner):
            excluded = (Occur.MustNot, condition(inner))
            return Query.boolean_query([(Occur.Must, everything()), excluded])
        case Either(clauses):
            return any_of(map(condition, clauses))
        case Every(clauses):
            return all_of(map(condition, clauses))


def field_condition(name: str, value: str, quoted: bool) -> Query:
    """Papers whose field has the value."""
    if name == "key":
        return one_of("identifier", [f"key:{value.casefold()}"])
    field = fields.get(name)
    match field.kind:
        case fields.Kind.TEXT if name == "author":
            return _holds_author(value, quoted)
        case fields.Kind.TEXT:
            return (_holds_phrase if quoted else _holds_words)(field.index_name, value)
        case fields.Kind.IDENTIFIER:
            return one_of(field.index_name, [f"{name}:{value.casefold()}"])
        case _:
            return one_of(field.index_name, [value])


def _holds_word(text: str) -> Query:
    terms = analysis.words(text)
    latin = [phrase("body", terms)] if terms else []
    return all_of([*latin, *chinese(text)]) if latin or analysis.cjk_runs(text) else nothing()


def _holds_words(field: str, text: str) -> Query:
    terms = [phrase(field, [term]) for term in analysis.words(text)]
    return all_of([*terms, *chinese(text)]) if terms or analysis.cjk_runs(text) else nothing()


def _holds_phrase(field: str, text: str) -> Query:
    terms = analysis.words(text)
    parts = ([phrase(field, terms)] if terms else []) + chinese(text)
    return all_of(parts) if parts else nothing()


def _holds_author(value: str, quoted: bool) -> Query:
    """Papers with an author of this name, or this slug: its words in order, others between them,
    one letter for a whole word; the family name first before a comma or an initial."""
    orders = name_orders(value)
    if not orders:
        return nothing()
    names = [_holds_name(words) for words in orders]
    return any_of(names if quoted else [one_of("person", [value.casefold()]), *names])


def name_orders(value: str) -> list[list[str]]:
    """Words of a name as it may be written: "Huang, G." and "Huang G." are also g, huang."""
    family, comma, given = value.partition(",")
    if comma and given.strip():
        return [[*analysis.name_words(given), *analysis.name_words(family)]]
    words = analysis.name_words(value)
    first = next((place for place, word in enumerate(words) if len(word) > 1), len(words))
    if 0 <= first < len(words) - 1 and all(len(word) == 1 for word in words[first + 1 :]):
        return [words, [*words[first + 1 :], *words[: first + 1]]]
    return [words] if words else []


def _holds_name(words: Sequence[str]) -> Query:
    if len(words) == 1 and len(words[0]) > 1:
        return phrase("authors", words)
    if len("".join(words).encode()) > LONGEST_NAME:
        return nothing()  # a pasted text; automata of such a length are refused
    parts = (f"{re.escape(word)}[^ ]*" if len(word) == 1 else re.escape(word) for word in words)
    return Query.regex_query(schema(), "author_name", f"([^ ]+ )*{_BETWEEN.join(parts)}( [^ ]+)*")


def positive_terms(texts: Iterable[str]) -> tuple[set[str], set[str]]:
    """Stems and Chinese runs to be marked in what is shown."""
    listed = list(texts)
    stems = {stem for text in listed for stem in analysis.content_words(text)}
    runs = {run for text in listed for run in analysis.cjk_runs(text)}
    return stems, runs
