"""The one way from a question to papers; pages, API, feeds and benchmarks all call it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from accounts.models import Visitor
from papers.models import Paper
from papers.search.cards import cards
from papers.search.facets import Facet, facets
from papers.search.language.query import PAGE_SIZE, PaperQuery
from papers.search.language.resolving import Meaning, named_topics, resolve
from papers.search.plain import DatabaseEngine
from papers.search.plan import Engine, Plan, Sharing, make_plan
from papers.search.ranking import Ranking, Stopwatch, beside, meant_first, rank, relevant
from papers.search.results import Explainer, Results
from papers.search.words import analysis, following, index, reader
from papers.search.words.conditions import telling_words
from papers.search.words.engine import IndexEngine
from papers.search.words.spelling import corrected
from taxonomy.models import Topic

log = logging.getLogger(__name__)

EVERY_WORD = "In this order, papers with every word are listed; by relevance, near ones are too."
SOME_WORD = "No paper has every word; these have at least one."
FROM_DATABASE = "The search index is being rebuilt; this was answered from PostgreSQL."


def search(query: PaperQuery, *, user: Visitor = None, size: int = PAGE_SIZE) -> Results:
    """The page of results that the query asks for, as `user` may see it.

    No query raises; without index or encoder it answers as well as it can, and says so in
    `notice`.
    """
    _follow()
    watch = Stopwatch()
    with watch.stage("parse"):
        meaning = resolve(query)
        redirect = _paper_of(query, user)
        asked = _Asked(
            query=query,
            meaning=meaning,
            plan=make_plan(query, meaning, user, redirect),
            named=named_topics(query.said, meaning.topics),
            user=user,
            size=size,
            redirect=redirect,
            watch=watch,
        )
    try:
        view = reader.view()
        return asked.answer(partial(IndexEngine, view), corrected(view, query, asked.plan.states))
    except index.Unusable as reason:
        log.info("Answering from PostgreSQL: %s", reason)
    except (ValueError, OSError) as error:  # tantivy's own errors are ValueErrors
        log.warning("The search index failed while answering: %s", error)
        reader.forget()
    return asked.answer(DatabaseEngine, "", FROM_DATABASE)


def _follow() -> None:
    """See to it that the index follows the database."""
    if following.mode() == "inline":
        following.follow_inline()
    else:
        following.start()


@dataclass
class _Asked:
    """One search under way."""

    query: PaperQuery
    meaning: Meaning
    plan: Plan
    named: list[Topic]
    user: Visitor
    size: int
    redirect: Paper | None = None
    watch: Stopwatch = field(default_factory=Stopwatch)

    def answer(
        self, make: Callable[[Plan], Engine], did_you_mean: str, notice: str = ""
    ) -> Results:
        """The results, as the engine that `make` gives for a plan finds them."""
        query, watch = self.query, self.watch
        engine = make(self.plan)
        ranking = rank(engine, self.plan, self._for_encoder(), watch)
        with watch.stage("lexical"):
            ranking = meant_first(engine, self.plan, ranking)
            ids = self._page(engine, ranking)
        total, shown = 0, tuple[Facet, ...]()

        def count() -> None:
            nonlocal total, shown
            with watch.stage("facets"):
                total, counts = engine.counts(self._near(ranking))
                shown = facets(query, self.meaning, self.plan, counts)

        with watch.stage("cards"):
            papers = cards(ids, self.user, self.meaning.topics, meanwhile=beside(engine, count))
        if not total and self._can_widen:
            self.plan = replace(self.plan, sharing=Sharing.ANY)
            return self.answer(make, did_you_mean, notice)
        with watch.stage("cards"):
            hits = self._hits(ids, papers, ranking)
        notices = [text for text in (notice, ranking.notice, self._how_listed()) if text]
        return Results(
            query=query,
            size=self.size,
            hits=hits,
            total=total,
            facets=shown,
            topics=tuple(self.named),
            redirect=self.redirect,
            problems=(*query.problems, *self.meaning.problems),
            did_you_mean=did_you_mean,
            notice=" ".join(notices),
            timings=dict(watch.milliseconds),
        )

    def _near(self, ranking: Ranking) -> tuple[int, ...]:
        """Papers found by meaning alone; only an order by relevance has a place for them."""
        return ranking.near if self.plan.by_relevance else ()

    @property
    def _can_widen(self) -> bool:
        return self.plan.words_decide and self.plan.sharing is not Sharing.ANY

    def _how_listed(self) -> str:
        """A sentence where an order other than relevance lists fewer papers, or noisier ones."""
        several = len(telling_words(self.plan.words)) > 1
        if self.query.order == "relevance" or not self.plan.words_decide or not several:
            return ""
        return EVERY_WORD if self.plan.sharing is Sharing.ALL else SOME_WORD

    def _for_encoder(self) -> str:
        """What was said, with English names for topics named in Chinese, which it cannot read."""
        said = self.query.said
        runs = analysis.cjk_runs(said)
        if not runs:
            return said
        latin = " ".join(analysis.without_cjk(said).split())
        names = [topic.name for topic in self.named if any(run in topic.name_zh for run in runs)]
        return " ".join([latin, *names]).strip()

    def _page(self, engine: Engine, ranking: Ranking) -> list[int]:
        start = (self.query.page - 1) * self.size
        if self.query.order == "relevance":
            return relevant(engine, ranking, start, self.size)
        return engine.ordered(self.query.order, self._near(ranking), self.size, start)

    def _hits(self, ids: list[int], by_id: dict[int, Paper], ranking: Ranking) -> tuple[Any, ...]:
        """Hits in the order of the ids; what the reader may not see is not there."""
        explain = Explainer(self.query, self.named, self.meaning.topics)
        start = (self.query.page - 1) * self.size
        return tuple(
            explain.hit(by_id[pk], start + place, ranking.by_id.get(pk))
            for place, pk in enumerate(ids, start=1)
            if pk in by_id
        )


def _paper_of(query: PaperQuery, user: Visitor) -> Paper | None:
    """The paper whose identifier the query is."""
    found = query.identifier
    if found is None:
        return None
    condition = {f"{found.scheme.value}__iexact": found.value}
    return Paper.objects.visible_to(user).filter(**condition).first()
