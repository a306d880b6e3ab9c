"""Answers from the lexical index: BM25 ranks, filters, orders and facet counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from math import log1p
from typing import Any

from tantivy import Occur, Order, Query

from papers.models import Paper
from papers.search import fields
from papers.search.fields import Field
from papers.search.plan import COMMON, MOST_WITH_A_NAME, Plan, Sharing, asks_for_text
from papers.search.words import analysis, conditions, counting
from papers.search.words.conditions import MOST_APART, Part, any_of, meeting, one_of, unscored
from papers.search.words.counting import Buckets, Counts
from papers.search.words.reader import View
from papers.search.words.schema import ORDERS

LONGEST_TITLE = 900  # bytes; automata of longer texts are refused

Selection = tuple[str, str]
NONE: Selection = ("", "")


class IndexEngine:
    """Answers one plan from one state of the index."""

    def __init__(self, view: View, plan: Plan) -> None:
        self.view = view
        self.searcher = view.searcher
        self.schema = view.index.schema
        self.plan = plan
        self._known: dict[tuple[int, ...], tuple[int, Counts]] = {}
        self._met: set[int] = set()  # papers known to have enough of the words

    # --- what to match ---

    @cached_property
    def _words(self) -> Query:
        english = [conditions.score_words(self.plan.english)] if self.plan.english else []
        return any_of([conditions.score_words(self.plan.words), *english])

    @cached_property
    def _sharing(self) -> Query:
        """Papers that have enough of the words, and those whose name they are.

        Where one word is enough, it must be one that tells papers apart: "network" alone lets
        nothing in here. Of words that are all common, two are needed.
        """
        texts = (self.plan.words, self.plan.english)
        return unscored(self._or_named(any_of([self._shared(text) for text in texts if text])))

    def _shared(self, text: str) -> Query:
        """Papers that have enough of the words of a text."""
        words, chinese = conditions.telling_words(text), conditions.chinese(text)
        if self.plan.sharing is Sharing.ANY:
            words = conditions.taken_apart(words)
        least = self.plan.least(len(words) + len(chinese))
        if len(words) > 1 and self.plan.must_tell(len(words) + len(chinese)):
            telling = [word for word in words if self._share(word) <= COMMON]
            words, least = (telling, least) if telling or chinese else (words, 2)
        return conditions.at_least(least, conditions.shared_words(words) + chinese)

    def _or_named(self, query: Query) -> Query:
        """The papers of the query, and those that are meant by name."""
        named = self.plan.named_ids
        return any_of([query, one_of("paper_id", named)]) if named else query

    @cached_property
    def no_word_occurs(self) -> bool:
        """Whether the query has words, and none of them stands in a paper that may be seen."""
        if self._met.difference(self.plan.named_ids):
            return False
        said = conditions.telling_words(f"{self.plan.words} {self.plan.english}")
        words = conditions.taken_apart(said)
        either = [*conditions.shared_words(words), *conditions.chinese(self.plan.words)]
        if not either:
            return False
        wanted = meeting([(Occur.Must, any_of(either)), *self._visible()])
        return not self.searcher.search(unscored(wanted), 1, count=False).hits

    @cached_property
    def only_names(self) -> bool:
        """Whether the query says nothing but names of people and venues, such as "ICLR" or "Huang":
        words that more papers bear there than have in title, summary or topics. No meaning is near
        to a name, so that papers without it do not belong.
        """
        if analysis.cjk_runs(self.plan.words):
            return False
        words = conditions.telling_words(self.plan.words)
        kinds = [self._is_name(word) for word in words]
        return True in kinds and False not in kinds

    @cached_property
    def is_coined_name(self) -> bool:
        """Whether the query is one word that is the name of a paper's method and hardly a word
        else: "MSDNet", not "ACT". An encoder knows it by its syllables alone.
        """
        word = self.plan.words.strip()
        if not self.plan.named or " " in word or analysis.cjk_runs(word):
            return False
        prose = self._papers_with(analysis.words(word), ("title", "summary", "topics"))
        return prose <= MOST_WITH_A_NAME * self.searcher.num_docs

    def _is_name(self, word: str) -> bool | None:
        """Whether more papers have the word as a name than in prose; None if none has it. Of a
        venue only what it is called for short: its full name is made of ordinary words."""
        names = analysis.name_words(word)
        prose = self._papers_with(analysis.words(word), ("title", "summary", "topics"))
        by_author = self._papers_with(names, ("authors",))
        at_venue = self._papers_with(names, ("venue",))
        if not (prose or by_author or at_venue):
            return None
        if by_author > prose:
            return True
        return at_venue > prose and self.view.abbreviations().issuperset(names)

    def _papers_with(self, terms: Sequence[str], in_fields: Sequence[str]) -> int:
        """How many papers have the rarest of the terms, in the field where most have it."""
        counts = [[self.searcher.doc_freq(name, term) for term in terms] for name in in_fields]
        return max(min(own, default=0) for own in counts)

    def _share(self, word: str) -> float:
        """Share of all papers that have the word, 0 to 1; of its rarest part if it has several."""
        parts = analysis.content_words_apart(word)
        counts = [self.searcher.doc_freq("body", part) for part in parts]
        return min(counts, default=0) / max(self.searcher.num_docs, 1)

    @cached_property
    def _conditions(self) -> list[Query]:
        """What must hold; what is asked of texts holds of papers that are meant by name."""
        return [
            self._or_named(conditions.condition(clause))
            if asks_for_text(clause)
            else conditions.condition(clause)
            for clause in self.plan.conditions
        ]

    def _selections(self) -> Iterator[tuple[str, str, Query]]:
        """Field, group and what is selected of it; values of one group are one selection."""
        for (name, group), keys in self.plan.selections().items():
            yield name, group, one_of(fields.get(name).index_name, keys)
        if self.plan.narrowed("year"):
            yield "year", "", conditions.years(self.plan.year_from, self.plan.year_to)

    def _filter(self, leaving_out: Selection = NONE) -> list[Part]:
        """Everything a result must meet but for shared words and one facet's own selection."""
        selected = [q for *place, q in self._selections() if tuple(place) != leaving_out]
        parts = [(Occur.Must, unscored(query)) for query in (*self._conditions, *selected)]
        return parts + self._visible()

    def _visible(self) -> list[Part]:
        """Leaves out what the reader may not see: few papers, so that this is quicker than to look
        every other one up."""
        if self.plan.states is None:
            return []
        hidden = [state for state in Paper.State.values if state not in self.plan.states]
        return [(Occur.MustNot, one_of("state", hidden))]

    def _results(self, also: Iterable[int], leaving_out: Selection = NONE) -> Query:
        """The whole result set, unscored."""
        parts = self._filter(leaving_out)
        if self.plan.words_decide:
            near = list(also)
            shared = self._sharing
            enough = any_of([shared, one_of("paper_id", near)]) if near else shared
            parts.append((Occur.Must, unscored(enough)))
        return meeting(parts)

    def _scored(self) -> Query:
        """Results that the words and conditions find, scored by the words."""
        if self.plan.words_decide:
            shared = (Occur.Must, self._sharing)
            return Query.boolean_query([(Occur.Must, self._words), shared, *self._filter()])
        return self._with_score(self._filter())

    def _with_score(self, parts: list[Part]) -> Query:
        return Query.boolean_query([(Occur.Must, meeting(parts)), (Occur.Should, self._words)])

    @cached_property
    def full_score(self) -> float:
        """BM25 of a paper of middling length that has every word of the question once; 0 if no
        word is Latin."""
        papers = self.searcher.num_docs
        terms = conditions.ranking_terms(self.plan.english or self.plan.words)
        return sum(
            count * log1p((papers - having + 0.5) / (having + 0.5))
            for term, count in terms.items()
            for having in [min(self.searcher.doc_freq("body", term), papers)]
        )

    # --- the engine ---

    def ranked(self, limit: int, offset: int = 0) -> list[tuple[int, float]]:
        """Papers that meet the conditions and share words, with BM25 scores, best first."""
        if not self.plan.words:
            return []
        answer = self.searcher.search(self._scored(), limit, count=False, offset=offset)
        ranked = self._with_ids(answer.hits)
        if self.plan.words_decide:
            self._met.update(pk for pk, _ in ranked)
        return ranked

    def scores(self, paper_ids: Iterable[int]) -> dict[int, float]:
        """BM25 scores of those of the papers that meet the conditions, 0 where none is shared."""
        wanted = list(paper_ids)
        if not wanted:
            return {}
        among = (Occur.Must, unscored(one_of("paper_id", wanted)))
        scored = self._with_score([among, *self._filter()])
        answer = self.searcher.search(scored, len(wanted), count=False)
        return dict(self._with_ids(answer.hits))

    def meeting(self, paper_ids: Iterable[int]) -> set[int]:
        """Those of the papers that meet the conditions."""
        wanted = list(paper_ids)
        among = (Occur.Must, one_of("paper_id", wanted))
        query = unscored(meeting([among, *self._filter()]))
        answer = self.searcher.search(query, max(len(wanted), 1), count=False)
        return set(self._ids(answer.hits))

    def begun_by(self, text: str, most: int) -> list[int]:
        """Papers that meet the conditions and whose titles begin with the folded text; none if
        more than `most` do, or if it is longer than any title.

        No two papers stand under one term of this field. Nearly no question begins a title, which
        the list of terms says sooner than an automaton is made.
        """
        if len(text.encode()) > LONGEST_TITLE:
            return []
        known = self.searcher.terms_with_prefix(ORDERS["name"], f"{text} ", limit=MOST_APART + 1)
        if not known:
            return []
        begun = (
            one_of(ORDERS["name"], [term for term, _ in known])
            if len(known) <= MOST_APART
            else Query.regex_query(self.schema, ORDERS["name"], f"{text} .*")
        )
        wanted = unscored(meeting([(Occur.Must, begun), *self._filter()]))
        answer = self.searcher.search(wanted, most + 1, count=False)
        ids = self._ids(answer.hits)
        return ids if len(ids) <= most else []

    def ordered(self, order: str, also: Iterable[int], limit: int, offset: int) -> list[int]:
        """Results by title or by year, ties by title."""
        answer = self.searcher.search(
            unscored(self._results(also)),
            limit,
            count=False,
            order_by_field=ORDERS[order],
            offset=offset,
            order=Order.Asc,
        )
        return self._ids(answer.hits)

    def matching(self, also: Iterable[int]) -> list[int]:
        """All results, in no order. Hits ordered by a number carry it, which spares reading it."""
        answer = self.searcher.search(
            unscored(self._results(also)),
            max(self.searcher.num_docs, 1),
            count=False,
            order_by_field="paper_id",
        )
        return [int(pk) for pk, _ in answer.hits]

    def counts(self, also: Iterable[int]) -> tuple[int, Counts]:
        """Number of results and counts of every facet value.

        Every paper has exactly one year, so the years of the results count the results.
        """
        near = tuple(also)
        if near not in self._known:
            self._known[near] = self._counts(near)
        return self._known[near]

    def work_ahead(self) -> None:
        """Find out what does not depend on the nearest papers, while these are looked for: among
        it counts of what the words find, to which `counts` has but to add what is only near."""
        _ = self._counted_by_words, self.only_names, self.full_score

    def _counts(self, near: tuple[int, ...]) -> tuple[int, Counts]:
        counts = counting.tallied(
            fields.facets(), [self._counted_by_words, *self._counted_near(near)]
        )
        total = sum(counts["year"].values())
        for name, group, _ in self._selections():
            field = fields.get(name)
            if not field.is_facet or field.adds_up:
                continue  # flags add up: their counts are those under the flags chosen already
            others = self._counted([field], self._results(near, (name, group)))
            without = counting.tallied([field], [others])[name]
            if group:
                counts[name].update(self._of_group(without, name, group))
            else:
                counts[name] = without
        return total, counts

    def _of_group(self, counts: dict[str, int], name: str, group: str) -> dict[str, int]:
        groups = self.plan.groups[name]
        return {key: count for key, count in counts.items() if groups.get(key) == group}

    @cached_property
    def _counted_by_words(self) -> Buckets:
        return self._counted(fields.facets(), self._results(()))

    def _counted_near(self, near: Sequence[int]) -> list[Buckets]:
        """What is counted of the papers that nearness alone lets in; empty if there are none."""
        others = [pk for pk in near if pk not in self._met]
        if not others or not self.plan.words_decide:
            return []
        only_near = [(Occur.Must, one_of("paper_id", others)), (Occur.MustNot, self._sharing)]
        return [self._counted(fields.facets(), meeting([*only_near, *self._filter()]))]

    def _counted(self, facets: Iterable[Field], query: Query) -> Buckets:
        """How many papers of the query have each text in each column of the facets."""
        answer = self.searcher.aggregate(query, counting.asked(facets))
        return {name: column["buckets"] for name, column in answer.items()}

    def _with_ids(self, hits: list[Any]) -> list[tuple[int, float]]:
        return list(zip(self._ids(hits), (score for score, _ in hits), strict=True))

    def _ids(self, hits: list[Any]) -> list[int]:
        ids = self.searcher.fast_field_values("paper_id", [address for _, address in hits])
        return [int(pk) for pk in ids if pk is not None]
