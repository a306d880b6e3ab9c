"""Answers from PostgreSQL alone, while the index cannot be used.

The same plan, the same shape of answers; ranking knows nothing of rare words, and large
collections take seconds. Good enough until the index has healed itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import cached_property, reduce
from operator import add, and_, or_

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Lower

from papers.models import AcceptedPaper, Authorship, Finding, Paper, PaperTopic
from papers.search import flags
from papers.search.language.clauses import Clause, Either, Every, Field, Not, Phrase, Word, Years
from papers.search.plan import COMMON, Plan
from papers.search.words import analysis
from taxonomy.models import Topic

NEVER = Q(pk__in=())
CONFIG = "english"
TEXTS = ("title", "abstract", "tldr", "contribution")
MOST_WORDS = 32

_ORDERS = {
    "name": (Lower("title"), "pk"),
    "year": ("year", Lower("title"), "pk"),
    "-year": ("-year", Lower("title"), "pk"),
}


class DatabaseEngine:
    """Answers one plan by SQL."""

    apart = False

    def __init__(self, plan: Plan) -> None:
        self.plan = plan

    # --- what to match ---

    @cached_property
    def _words(self) -> list[str]:
        """Words that rank, as written, without stop words unless there is nothing else."""
        said = [word.strip(".,;:!?()") for word in analysis.normal(self.plan.words).split()]
        telling = [word for word in said if word and analysis.english_content().analyze(word)]
        return list(dict.fromkeys(telling or [word for word in said if word]))[:MOST_WORDS]

    @cached_property
    def _sharing(self) -> tuple[list[str], int]:
        """Words that let a paper in, and how many of them it needs; as in the index."""
        words, least = self._words, self.plan.least(len(self._words))
        if not self.plan.must_tell(len(words)):
            return words, least
        had = {f"had{place}": Count("pk", filter=_has_word(w)) for place, w in enumerate(words)}
        found = Paper.objects.alias(told=_vector()).aggregate(total=Count("pk"), **had)
        most = COMMON * found["total"]
        telling = [
            word
            for place, word in enumerate(words)
            if found[f"had{place}"] <= most or analysis.cjk_runs(word)
        ]
        return (telling, 1) if telling else (words, 2)

    @cached_property
    def _query(self) -> SearchQuery:
        return reduce(or_, (SearchQuery(word, config=CONFIG) for word in self._words))

    def _with_shared(self, papers: QuerySet[Paper]) -> QuerySet[Paper]:
        """With `shared`: how many of the words that let it in a paper has."""
        had = [Case(When(_has_word(word), then=1), default=0) for word in self._sharing[0]]
        return papers.alias(told=_vector()).alias(shared=reduce(add, had))

    def _selections(self) -> dict[str, Q]:
        found = {}
        for root, topics in self.plan.topics_by_root().items():
            found[f"topic:{root}"] = reduce(or_, map(_topic, topics))
        for facet in ("venue", "workshop", "is"):
            if values := self.plan.chosen.get(facet):
                found[facet] = reduce(or_, (_choice(facet, value) for value in values))
        for value in self.plan.chosen.get("has", ()):
            found[f"has:{value}"] = _choice("has", value)
        if self.plan.narrowed("year"):
            found["year"] = _years(self.plan.year_from, self.plan.year_to)
        return found

    def _filtered(self, leaving_out: str = "") -> QuerySet[Paper]:
        papers = Paper.objects.all()
        if self.plan.states is not None:
            papers = papers.filter(state__in=self.plan.states)
        for clause in self.plan.conditions:
            papers = papers.filter(condition(clause))
        for name, selected in self._selections().items():
            if name != leaving_out:
                papers = papers.filter(selected)
        return papers

    def _results(self, also: Iterable[int], leaving_out: str = "") -> QuerySet[Paper]:
        papers = self._filtered(leaving_out)
        if not self.plan.words_decide:
            return papers
        if not self._words:
            return papers.filter(pk__in=list(also))
        enough = Q(shared__gte=self._sharing[1])
        return self._with_shared(papers).filter(Q(pk__in=list(also)) | enough)

    # --- the engine ---

    def ranked(self, limit: int, offset: int = 0) -> list[tuple[int, float]]:
        """Papers that share words, best first by PostgreSQL's own ranking."""
        if not self._words:
            return []
        rows = self._results(()).annotate(score=self._rank()).order_by("-score", "pk")
        return list(rows.values_list("pk", "score")[offset : offset + limit])

    def scores(self, paper_ids: Iterable[int]) -> dict[int, float]:
        """Scores of those of the papers that meet the conditions, 0 where no word is shared."""
        score = self._rank() if self._words else Value(0.0, FloatField())
        rows = self._filtered().filter(pk__in=list(paper_ids)).annotate(score=score)
        return dict(rows.values_list("pk", "score"))

    def begun_by(self, text: str, most: int) -> list[int]:
        """Papers whose titles begin with the text, letter for letter; none if more than `most`."""
        begun = self._filtered().filter(title__istartswith=self.plan.words.strip())
        ids = list(begun.order_by("pk").values_list("pk", flat=True)[: most + 1])
        return ids if len(ids) <= most else []

    def ordered(self, order: str, also: Iterable[int], limit: int, offset: int) -> list[int]:
        """Results by title or by year."""
        rows = self._results(also).order_by(*_ORDERS[order])
        return list(rows.values_list("pk", flat=True)[offset : offset + limit])

    def look_ahead(self) -> None:
        """Nothing: all of it is in the database."""

    def counts(self, also: Iterable[int]) -> tuple[int, dict[str, dict[str, int]]]:
        """Number of results and counts of every facet value, each without its own selection."""
        near = list(also)
        whole = set(self._results(near).values_list("pk", flat=True))
        found = {facet: count(whole) for facet, count in _COUNTS.items()}
        for name in self._selections():
            facet, _, root = name.partition(":")
            if facet == "has":
                continue
            wider = set(self._results(near, leaving_out=name).values_list("pk", flat=True))
            counted = _COUNTS[facet](wider)
            if root:
                roots = self.plan.roots
                found[facet].update({t: n for t, n in counted.items() if roots.get(t) == root})
            else:
                found[facet] = counted
        return len(whole), found

    def _rank(self) -> SearchRank:
        return SearchRank(_vector(), self._query, normalization=Value(1))


def _vector() -> CombinedExpression:
    return SearchVector("title", weight="A", config=CONFIG) + SearchVector(
        *TEXTS[1:], weight="B", config=CONFIG
    )


def _has_word(word: str) -> Q:
    found = Q(told=SearchQuery(word, config=CONFIG)) | _author(word) | _topic_name(word)
    return found | Q(tldr_zh__icontains=word) if analysis.cjk_runs(word) else found


# --- clauses as conditions ---


def condition(clause: Clause) -> Q:
    """Papers for which the clause holds."""
    match clause:
        case Word(text) | Phrase(text):
            return _said(text, TEXTS) | _author(text) | _topic_name(text)
        case Field(name, values):
            return reduce(or_, (_field(name, value) for value in values), NEVER)
        case Years(ranges):
            return reduce(or_, (_years(*ends) for ends in ranges), NEVER)
        case Not(inner):
            return ~Q(pk__in=Paper.objects.filter(condition(inner)).values("pk"))
        case Either(clauses):
            return reduce(or_, map(condition, clauses), NEVER)
        case Every(clauses):
            return reduce(and_, map(condition, clauses), Q())


def _field(name: str, value: str) -> Q:
    match name:
        case "author":
            return _author(value)
        case "title":
            return _said(value, ("title",))
        case "abstract":
            return _said(value, TEXTS[1:])
        case "arxiv" | "doi" | "openreview" | "key":
            return Q(**{f"{name}__iexact": value})
        case "topic":
            return _topic(value)
        case _:
            return _choice(name, value)


def _said(text: str, fields: Iterable[str]) -> Q:
    inside = Q(pk__in=Finding.objects.filter(text__icontains=text).values("paper"))
    within = reduce(or_, (Q(**{f"{field}__icontains": text}) for field in fields))
    return within | inside if "abstract" in tuple(fields) else within


def _author(text: str) -> Q:
    by = Q(printed_name__icontains=text) | Q(person__slug=text) | Q(person__name_zh=text)
    return Q(pk__in=Authorship.objects.filter(by).values("paper"))


def _topic(slug: str) -> Q:
    topic = Topic.objects.filter(slug=slug).first()
    if topic is None:
        return NEVER
    under = Topic.objects.under(topic)
    return Q(pk__in=PaperTopic.objects.filter(topic__in=under).values("paper"))


def _topic_name(text: str) -> Q:
    named = Topic.objects.filter(Q(name__icontains=text) | Q(name_zh__icontains=text))
    under = [Q(path=path) | Q(path__startswith=f"{path}/") for path in _paths(named)]
    if not under:
        return NEVER
    topics = Topic.objects.filter(reduce(or_, under))
    return Q(pk__in=PaperTopic.objects.filter(topic__in=topics).values("paper"))


def _paths(topics: QuerySet[Topic]) -> list[str]:
    return list(topics.values_list("path", flat=True))


def _choice(facet: str, value: str) -> Q:
    match facet:
        case "venue":
            return Q(venue__slug=value) | Q(venue__part_of__slug=value)
        case "workshop":
            accepted = AcceptedPaper.objects.filter(workshop__slug=value).exclude(paper=None)
            return Q(pk__in=accepted.values("paper"))
        case "is":
            return Q(role=Paper.Role.BASELINE) if value == "baseline" else Q(kind=value)
        case "has" if value in flags.known():
            everyone = Paper.objects.values_list("pk", flat=True)
            return Q(pk__in=flags.known()[value].papers(list(everyone)))
        case _:
            return NEVER


def _years(first: int | None, last: int | None) -> Q:
    after = Q() if first is None else Q(year__gte=first)
    return after if last is None else after & Q(year__lte=last)


# --- counting ---


def _by_topic(ids: set[int]) -> dict[str, int]:
    rows = PaperTopic.objects.filter(paper__in=ids).values_list("paper", "topic__path")
    placed = {(paper, slug) for paper, path in rows for slug in path.split("/")}
    return dict(Counter(slug for _, slug in placed))


def _grouped(rows: QuerySet, name: str, counted: str) -> dict[str, int]:
    found = rows.values(value=F(name)).annotate(papers=Count(counted, distinct=True))
    return {str(row["value"]): row["papers"] for row in found if row["value"] is not None}


def _by_venue(ids: set[int]) -> dict[str, int]:
    papers = Paper.objects.filter(pk__in=ids)
    own, parts = (
        _grouped(papers, "venue__slug", "pk"),
        _grouped(papers, "venue__part_of__slug", "pk"),
    )
    return dict(Counter(own) + Counter(parts))


def _by_year(ids: set[int]) -> dict[str, int]:
    return _grouped(Paper.objects.filter(pk__in=ids), "year", "pk")


def _by_workshop(ids: set[int]) -> dict[str, int]:
    return _grouped(AcceptedPaper.objects.filter(paper__in=ids), "workshop__slug", "paper")


def _by_having(ids: set[int]) -> dict[str, int]:
    counted = {name: len(one.papers(ids)) for name, one in flags.known().items()}
    return {name: count for name, count in counted.items() if count}


def _by_kind(ids: set[int]) -> dict[str, int]:
    papers = Paper.objects.filter(pk__in=ids)
    baselines = papers.filter(role=Paper.Role.BASELINE).count()
    kinds = _grouped(papers, "kind", "pk")
    return {**kinds, "baseline": baselines} if baselines else kinds


_COUNTS = {
    "topic": _by_topic,
    "venue": _by_venue,
    "year": _by_year,
    "workshop": _by_workshop,
    "has": _by_having,
    "is": _by_kind,
}
