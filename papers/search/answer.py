"""The one way from a question to papers; pages, API, feeds and benchmarks all call it."""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from accounts.models import Visitor
from accounts.words import Words
from papers.models import Paper
from papers.places.naming import STATE_OF_PLACES, places_named
from papers.search.cards import cards, read_cards
from papers.search.facets import Facet, facets
from papers.search.language.chinese import in_english
from papers.search.language.query import PAGE_SIZE, PaperQuery
from papers.search.language.resolving import Meaning, named_topics, resolve, with_venues_and_years
from papers.search.names import choices, named_by, words_of
from papers.search.plan import Plan, Sharing, make_plan
from papers.search.ranking import (
    Ranking,
    Stopwatch,
    meant_first,
    named_first,
    near_by_meaning,
    rank,
    relevant,
)
from papers.search.results import Explainer, Results
from papers.search.words import analysis, following, index, reader
from papers.search.words.conditions import telling_words
from papers.search.words.engine import IndexEngine
from papers.search.words.reader import View
from papers.search.words.spelling import corrected
from papers.search.years_asked import nobody_has
from taxonomy.models import Topic
from taxonomy.tree import STATE_OF_TOPICS

log = logging.getLogger(__name__)

EVERY_WORD = Words(
    "In this order, papers with every word are listed; by relevance, near ones are too."
)
NO_WORD = Words("None of these words occurs in any paper here.")
ONLY_NEAR = Words("What follows is near in meaning.")
SOME_WORD = Words("No paper has every word; these have at least one.")
BEING_BUILT = Words(
    "The search index is being built, so nothing can be searched for yet; "
    "below are the newest papers. Try again in a minute."
)


def search(query: PaperQuery, *, user: Visitor = None, size: int = PAGE_SIZE) -> Results:
    """The page of results that the query asks for, as `user` may see it.

    No query raises. Without an encoder words alone rank, and `notice` says so; without an index
    the newest papers come, and `is_ready` is False.
    """
    _follow()
    watch = Stopwatch()
    try:
        with _from_index() as view:
            with watch.stage("parse"):
                prepared = _Asked.of(query, user, view, size, watch)
            return prepared.answer(view)
    except index.Unusable as reason:
        log.info("Not answered: %s", reason)
        return _Asked.of(query, user, None, size, watch).newest()


def matching(
    query: PaperQuery,
    user: Visitor = None,
    *,
    states: Sequence[str] = (),
    level: bool = False,
) -> list[int]:
    """Ids of all papers that the query finds for `user`, in no order: the same as `search` counts.

    states: of papers in these states, in place of those that the user may see.
    level: first have the index follow all that is committed by now. Raises index.Unusable.
    """
    if level:
        following.level()
    else:
        _follow()
    with _from_index() as view:
        prepared = _Asked.of(query, user, view)
        if states:
            prepared.plan = replace(prepared.plan, states=tuple(states))
        return prepared.matching(view)


def in_order(query: PaperQuery, user: Visitor = None) -> list[int]:
    """Ids of all papers that the query finds for `user`, in its order. Raises index.Unusable."""
    _follow()
    with _from_index() as view:
        size = max(view.searcher.num_docs, 1)
        prepared = _Asked.of(query.on_page(1), user, view, size)
        return prepared.in_order(view)


def _follow() -> None:
    """See to it that the index follows the database."""
    if following.mode() == "inline":
        following.follow_inline()
    else:
        following.start()


@contextmanager
def _from_index() -> Iterator[View]:
    """The index as it is now. Raises index.Unusable, also when it fails while answering."""
    try:
        yield reader.view()
    except (ValueError, OSError) as error:  # tantivy's own errors are ValueErrors
        log.warning("The search index failed while answering: %s", error)
        reader.forget()
        raise index.Unusable(Words("the index failed while answering")) from error


@dataclass
class _Asked:
    """One search under way."""

    query: PaperQuery
    meaning: Meaning
    plan: Plan
    user: Visitor
    size: int
    redirect: Paper | None
    watch: Stopwatch = field(default_factory=Stopwatch)

    @classmethod
    def of(
        cls,
        query: PaperQuery,
        user: Visitor,
        view: View | None,
        size: int = PAGE_SIZE,
        watch: Stopwatch | None = None,
    ) -> _Asked:
        """The query with its names resolved, as a plan for a reader. view: the index, if any."""
        query = with_venues_and_years(query)
        meaning = resolve(query)
        redirect = _paper_of(query, user)
        return cls(
            query=query,
            meaning=meaning,
            plan=make_plan(
                query,
                meaning,
                user,
                redirect,
                named_by(query, user, view.has_name if view else None),
                in_english(query.said, meaning),
            ),
            user=user,
            size=size,
            redirect=redirect,
            watch=watch or Stopwatch(),
        )

    @cached_property
    def named(self) -> list[Topic]:
        """Topics that the words name."""
        return named_topics(self.query.said, self.meaning.topics)

    def matching(self, view: View) -> list[int]:
        """Ids of all results."""
        engine = IndexEngine(view, self.plan)
        ids = engine.matching(near_by_meaning(engine, self.plan, self._for_encoder()))
        if not ids and self._can_widen:
            self._widen()
            return self.matching(view)
        return ids

    def in_order(self, view: View) -> list[int]:
        """Ids of all results, in their order."""
        engine = IndexEngine(view, self.plan)
        ids = self._page(engine, self._ranking(engine))
        if not ids and self._can_widen:
            self._widen()
            return self.in_order(view)
        return ids

    def _ranking(self, engine: IndexEngine) -> Ranking:
        """The order by relevance, with the papers first that are meant by title or by name."""
        ranking = rank(engine, self.plan, self._for_encoder(), self.watch)
        with self.watch.stage("lexical"):
            return named_first(engine, self.plan, meant_first(engine, self.plan, ranking))

    def answer(self, view: View) -> Results:
        """The page of results, as the index finds it."""
        query, watch = self.query, self.watch
        engine = IndexEngine(view, self.plan)
        ranking = self._ranking(engine)
        with watch.stage("lexical"):
            ids = self._page(engine, ranking)
        total, shown, did_you_mean = 0, tuple[Facet, ...](), ""

        def count() -> None:
            nonlocal total, shown, did_you_mean
            with watch.stage("facets"):
                total, counts = engine.counts(self._near(ranking))
                shown = facets(query, self.plan, counts, view.values)
            with watch.stage("lexical"):
                did_you_mean = corrected(view, query, self.plan.states)

        with watch.stage("cards"):
            read = read_cards(
                ids, self.user, beside=(STATE_OF_TOPICS, STATE_OF_PLACES), meanwhile=count
            )
        if not total and self._can_widen:
            self._widen()
            return self.answer(view)
        topics, places = read.beside
        with watch.stage("cards"):
            self.meaning.know_topics(topics)
            hits = self._hits(ids, read.cards(self.meaning.topics), ranking)
        return self._results(
            hits=hits,
            total=total,
            facets=shown,
            topics=tuple(self.named),
            named=self.plan.named,
            choices=choices(self.plan.named),
            places=tuple(places_named(words_of(query), places)),
            did_you_mean=did_you_mean,
            notice=" ".join(text for text in self._notices(engine, ranking, total) if text),
        )

    def _notices(self, engine: IndexEngine, ranking: Ranking, total: int) -> Iterator[str]:
        """Sentences about what is not as usual, some of them empty."""
        yield ranking.notice
        yield self._how_listed(engine, total)
        if not total:
            yield nobody_has(self.query, self.user)

    def newest(self) -> Results:
        """The newest papers, in place of results that no index can give."""
        newest = Paper.objects.visible_to(self.user).order_by("-year", "title", "pk")
        ids = list(newest.values_list("pk", flat=True)[: self.size])
        papers = cards(ids, self.user, self.meaning.topics)
        return self._results(
            hits=self._hits(ids, papers, Ranking()), notice=BEING_BUILT, is_ready=False
        )

    def _results(self, **parts: Any) -> Results:
        return Results(
            query=self.query,
            size=self.size,
            redirect=self.redirect,
            problems=(*self.query.problems, *self.meaning.problems),
            timings=dict(self.watch.milliseconds),
            **parts,
        )

    def _near(self, ranking: Ranking) -> tuple[int, ...]:
        """Papers found by meaning alone; only an order by relevance has a place for them."""
        return ranking.near if self.plan.by_relevance else ()

    @property
    def _can_widen(self) -> bool:
        return self.plan.words_decide and self.plan.sharing is not Sharing.ANY

    def _widen(self) -> None:
        """Let any word do, where no paper has enough of them."""
        self.plan = replace(self.plan, sharing=Sharing.ANY)

    def _how_listed(self, engine: IndexEngine, total: int) -> str:
        """A sentence where no word occurs, or where an order other than relevance lists fewer
        papers, or noisier ones."""
        if self.plan.words_decide and not self.plan.named and engine.no_word_occurs:
            return f"{NO_WORD} {ONLY_NEAR}" if total else NO_WORD
        several = len(telling_words(self.plan.words)) > 1
        if self.query.order == "relevance" or not self.plan.words_decide or not several:
            return ""
        return EVERY_WORD if self.plan.sharing is Sharing.ALL else SOME_WORD

    def _for_encoder(self) -> str:
        """What was said, with English words for the Chinese ones that are known: the encoder reads
        no Chinese."""
        words = unicodedata.normalize("NFKC", self.query.said)
        runs = analysis.cjk_runs(words)
        if not runs:
            return words
        english = self.plan.english or " ".join(analysis.without_cjk(words).split())
        names = [topic.name for topic in self.named if any(run in topic.name_zh for run in runs)]
        return " ".join(dict.fromkeys([english, *names])).strip()

    def _page(self, engine: IndexEngine, ranking: Ranking) -> list[int]:
        start = (self.query.page - 1) * self.size
        if self.query.order == "relevance" and self.plan.words:
            return relevant(engine, ranking, start, self.size)
        order = "-year" if self.query.order == "relevance" else self.query.order
        return engine.ordered(order, self._near(ranking), self.size, start)

    def _hits(self, ids: list[int], by_id: dict[int, Paper], ranking: Ranking) -> tuple[Any, ...]:
        """Hits in the order of the ids; what the reader may not see is not there."""
        explain = Explainer(
            self.query, self.named, self.meaning.topics, self.plan.named, self.plan.english
        )
        start = (self.query.page - 1) * self.size
        return tuple(
            explain.hit(by_id[pk], start + place, ranking.by_id.get(pk))
            for place, pk in enumerate(ids, start=1)
            if pk in by_id
        )


def _paper_of(query: PaperQuery, user: Visitor) -> Paper | None:
    """The paper whose identifier the query is."""
    identifier = query.identifier
    if identifier is None:
        return None
    condition = {f"{identifier.scheme.value}__iexact": identifier.value}
    return Paper.objects.visible_to(user).filter(**condition).first()
