"""From a plan to an order by relevance: words, meaning, and both together."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from papers.names import fold
from papers.search.fusion import WORDS_POOL, Fused, foremost, fuse, weights
from papers.search.meaning import encoder, nearest
from papers.search.plan import Plan
from papers.search.words.conditions import length
from papers.search.words.engine import IndexEngine

MEANING_POOL = 100
PASSAGE_POOL = 50
MEANT, MEANT_WORDS = 3, 12
LEAST_COSINE = 0.2
LEAST_SHARE = 0.5
LEAST_WITHOUT_WORDS = 0.35  # of papers that share no word with the query; docs/search.md
PATIENCE_SECONDS = 1.0


class Stopwatch:
    """Milliseconds of named stages; a stage that comes twice adds up.

    A stage inside another counts for itself alone, so that all of them together are the whole.
    """

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}
        self._inside = [0.0]

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what happens inside."""
        began = time.perf_counter()
        self._inside.append(0.0)
        try:
            yield
        finally:
            spent = (time.perf_counter() - began) * 1000
            own = spent - self._inside.pop()
            self._inside[-1] += spent
            self.milliseconds[name] = self.milliseconds.get(name, 0.0) + own


@dataclass(frozen=True)
class Ranking:
    """Papers by relevance, as far as worked out. `near`: papers that belong by meaning alone."""

    fused: tuple[Fused, ...] = ()
    near: tuple[int, ...] = ()
    notice: str = ""
    by_id: dict[int, Fused] = field(default_factory=dict)


def rank(engine: IndexEngine, plan: Plan, said: str, watch: Stopwatch) -> Ranking:
    """Order papers by words and meaning; by words alone, with a notice, without an encoder.

    said: what the encoder should read; empty if there is nothing for it.
    """
    if not plan.words:
        return Ranking()
    vector, notice = None, ""
    with watch.stage("encode"):
        try:
            vector = encoder.encode_query(said, PATIENCE_SECONDS) if said else None
        except encoder.Unavailable as reason:
            notice = f"Ranked by words alone: {reason}."
    if vector is None:
        with watch.stage("lexical"):
            words = dict(engine.ranked(WORDS_POOL))
        return _ranking(fuse(words, {}), (), notice)
    return _by_words_and_meaning(engine, plan, vector, watch)


def _by_words_and_meaning(
    engine: IndexEngine, plan: Plan, vector: nearest.Vector, watch: Stopwatch
) -> Ranking:
    """What the index does while PostgreSQL works is dealt out so that neither waits long."""
    engine.view.abbreviations()  # read from the database, if at all, before others ask it
    with nearest.comparing(vector) as compare:
        with watch.stage("dense"):
            neighbours = compare.nearest(MEANING_POOL, plan.states)
        with watch.stage("lexical"):
            words = dict(engine.ranked(WORDS_POOL))
        with watch.stage("dense"):
            cosines = compare.cosines(words)
        with watch.stage("facets"):
            engine.work_ahead()
        with watch.stage("dense"):
            nearby = neighbours()
        with watch.stage("lexical"):
            near = near_enough(nearby, engine)
            words |= engine.scores([pk for pk in near if pk not in words])
        with watch.stage("dense"):
            known = cosines() | dict(nearby)
        with watch.stage("fuse"):
            whole = {pk: known[pk] for pk in words if pk in known}
            weigh = weights(words.values(), engine.full_score, length(plan.words))
            closely = foremost(words, whole, PASSAGE_POOL, weigh)
        with watch.stage("dense"):
            passages = compare.best_passages(closely)
        with watch.stage("facets"):
            engine.counts(near if plan.by_relevance else ())
        with watch.stage("dense"):
            passage = passages()
    with watch.stage("fuse"):
        fused = fuse(words, whole, passage, first=closely, weigh=weigh)
        return _ranking(fused, tuple(near))


def near_enough(neighbours: Sequence[tuple[int, float]], engine: IndexEngine) -> dict[int, float]:
    """Those of the nearest papers, nearest first, that belong by nearness alone; with cosines.

    To names alone nothing is near: who asks for "ICLR 2018" or "MSDNet" wants what bears them.
    Where no word of the query occurs anywhere it may be nonsense: then only what is really near.
    """
    if engine.only_names or engine.is_coined_name:
        return {}
    least = max(LEAST_COSINE, LEAST_SHARE * neighbours[0][1]) if neighbours else 0.0
    if neighbours and engine.no_word_occurs:
        least = max(least, LEAST_WITHOUT_WORDS)
    return {pk: cosine for pk, cosine in neighbours if cosine >= least}


def near_by_meaning(engine: IndexEngine, plan: Plan, said: str) -> tuple[int, ...]:
    """Papers that belong by meaning alone, as in `rank`; none without an encoder."""
    if not (said and plan.words_decide and plan.by_relevance):
        return ()
    try:
        vector = encoder.encode_query(said, PATIENCE_SECONDS)
    except encoder.Unavailable:
        return ()
    return tuple(near_enough(nearest.nearest(vector, MEANING_POOL, plan.states), engine))


def _ranking(fused: list[Fused], near: tuple[int, ...], notice: str = "") -> Ranking:
    return Ranking(tuple(fused), near, notice, {hit.paper_id: hit for hit in fused})


def meant_first(engine: IndexEngine, plan: Plan, ranking: Ranking) -> Ranking:
    """Put papers first whose titles begin with what was typed, if few do: one of them is meant."""
    typed = fold(plan.words)
    if not typed or len(typed.split()) > MEANT_WORDS or not ranking.fused:
        return ranking
    meant = frozenset(engine.begun_by(typed, MEANT))
    return replace(
        ranking, fused=tuple(sorted(ranking.fused, key=lambda one: one.paper_id not in meant))
    )


def named_first(engine: IndexEngine, plan: Plan, ranking: Ranking) -> Ranking:
    """Put papers first of which the words are a name; among them those first of which they are the
    whole name, then those whose name is confirmed, those usually called so, the more relevant."""
    if not plan.named:
        return ranking
    here = engine.meeting(plan.named_ids)
    place = {row.paper_id: at for at, row in enumerate(ranking.fused)}
    last = len(place)
    rows = [row for row in plan.named if row.paper_id in here]
    rows.sort(key=lambda row: (row.tier, place.get(row.paper_id, last)))
    first = [
        ranking.by_id.get(row.paper_id) or Fused(row.paper_id, 0.0, None, None) for row in rows
    ]
    rest = [row for row in ranking.fused if row.paper_id not in here]
    return replace(ranking, fused=(*first, *rest))


def relevant(engine: IndexEngine, ranking: Ranking, start: int, count: int) -> list[int]:
    """Papers from place `start` (from 0): first the common order, then by words alone."""
    fused = [hit.paper_id for hit in ranking.fused]
    page = fused[start : start + count]
    missing = count - len(page)
    if missing <= 0 or len(ranking.fused) < WORDS_POOL:
        return page
    skipped = max(start - len(fused), 0)
    beyond = engine.ranked(skipped + missing + len(ranking.near), WORDS_POOL)
    known = set(fused)
    rest = [pk for pk, _ in beyond if pk not in known]
    return page + rest[skipped : skipped + missing]
