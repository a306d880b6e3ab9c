"""Questions to the ledger: filters, facets and orders, the same for pages, exports and API."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import quote_plus, urlencode

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Abs, Concat

from accounts.models import Visitor
from accounts.roles import is_curator
from accounts.words import Words
from papers.models import PaperTopic
from reproductions.models import Claim, PublishedNumber
from reproductions.models.number import STATES, PublishedNumberQuerySet
from taxonomy.models import Topic
from taxonomy.tree import TopicTree

FACETS = ("state", "needs", "metric", "task", "data_set", "topic", "paper", "program", "source")
DEFAULT_ORDER = "results"
SOURCES = {"confirmed": "confirmed", "second-hand": "second-hand", "unconfirmed": "unconfirmed"}
"""Seen in the paper or its repository; in notes of third parties on it; from memory."""
_SOURCE = Case(
    When(confirmed=False, then=Value("unconfirmed")),
    When(second_hand=True, then=Value("second-hand")),
    default=Value("confirmed"),
)

_WITH_RESULTS = Exists(
    PublishedNumber.objects.filter(paper=OuterRef("paper"), judgement__isnull=False)
)
_WITHOUT_RESULT = Case(When(judgement=None, then=1), default=0)

ORDERS: Mapping[str, tuple[str, tuple[Any, ...]]] = {
    "results": (
        Words("Results first"),
        (_WITH_RESULTS.desc(), "paper__key", _WITHOUT_RESULT, "position", "id"),
    ),
    "paper": (Words("Paper"), ("paper__key", "position", "id")),
    "year": (Words("Year"), ("-paper__year", "paper__key", "position", "id")),
    "metric": (Words("Metric"), ("metric", "paper__key", "position", "id")),
    "state": (
        Words("State"),
        (
            Case(*(When(state=state, then=place) for place, (state, _) in enumerate(STATES))),
            "paper__key",
            "position",
            "id",
        ),
    ),
    "difference": (
        Words("Largest difference"),
        (Abs(F("judgement__relative")).desc(nulls_last=True), "paper__key", "position", "id"),
    ),
}


@dataclass(frozen=True)
class LedgerQuery:
    """What a reader asks of the ledger. `problems` are shown, never dropped."""

    text: str = ""
    state: str = ""
    needs: str = ""
    metric: str = ""
    task: str = ""
    data_set: str = ""
    topic: str = ""
    paper: str = ""
    program: str = ""
    source: str = ""
    order: str = DEFAULT_ORDER
    problems: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def from_params(cls, params: Mapping[str, str]) -> LedgerQuery:
        """Read query parameters; what cannot be understood becomes a problem."""
        known = _known_values()
        values: dict[str, Any] = {"text": params.get("q", "").strip().replace("\0", "")[:200]}
        problems = []
        for name in (*FACETS, "order"):
            value = params.get(name, "").strip()
            allowed = known.get(name)
            if not value:
                continue
            if allowed is not None and value not in allowed:
                near = difflib.get_close_matches(value, allowed, 1)
                hint = f"; did you mean {near[0]}?" if near else ""
                problems.append(f"{name}: there is no {value[:60]!r}{hint}")
                continue
            values[name] = value
        return cls(**values, problems=tuple(problems))

    def without(self, name: str) -> LedgerQuery:
        """The same question without one filter."""
        cleared: dict[str, Any] = {name: ""}
        return replace(self, **cleared)

    def params(self, **changed: str) -> dict[str, str]:
        """Query parameters that ask this question, some of them changed."""
        names = {"q": self.text, **{name: getattr(self, name) for name in FACETS}}
        names["order"] = "" if self.order == DEFAULT_ORDER else self.order
        return {name: value for name, value in {**names, **changed}.items() if value}

    def address(self, **changed: str) -> str:
        """The query string that asks this question, some of it changed, with its question mark."""
        return f"?{urlencode(self.params(**changed))}"

    def numbers(self, user: Visitor = None) -> PublishedNumberQuerySet:
        """The numbers asked for, in the order asked for, without rows fetched yet."""
        return self._filtered(user).order_by(*ORDERS[self.order][1])

    def _filtered(self, user: Visitor) -> PublishedNumberQuerySet:
        numbers = PublishedNumber.objects.visible_to(user)
        for name in ("state", "needs", "metric", "task", "data_set"):
            if value := getattr(self, name):
                numbers = numbers.filter(**{name: value})
        if self.paper:
            numbers = numbers.filter(paper__key=self.paper)
        if self.topic:
            below = Topic.objects.alias(within=Concat(Value("/"), "path", Value("/")))
            topics = below.filter(within__contains=f"/{self.topic}/")
            placed = PaperTopic.objects.filter(topic__in=topics)
            numbers = numbers.filter(paper__in=placed.values("paper"))
        if self.program:
            tested = Claim.objects.filter(program=self.program, withdrawn_at=None)
            numbers = numbers.filter(pk__in=tested.values("number"))
        if self.source:
            numbers = numbers.alias(source_kind=_SOURCE).filter(source_kind=self.source)
        for word in self.text.split():
            numbers = numbers.filter(
                Q(setting__icontains=word)
                | Q(paper__title__icontains=word)
                | Q(paper__key__icontains=word)
                | Q(printed__startswith=word)
                | Q(table__icontains=word)
                | Q(notes__icontains=word)
            )
        return numbers


def _known_values() -> dict[str, list[str]]:
    return {
        "state": [str(value) for value, _ in STATES],
        "needs": list(PublishedNumber.Needs.values),
        "source": list(SOURCES),
        "order": list(ORDERS),
    }


@dataclass(frozen=True)
class Links:
    """Addresses of a question with another value of one facet: a page has hundreds of them, which
    differ in that value alone."""

    before: str
    after: str

    @classmethod
    def of(cls, query: LedgerQuery, facet: str) -> Links:
        asked = query.params()
        names = ["q", *FACETS, "order"]  # the order of `params`
        place = names.index(facet)
        before, after = (
            urlencode([(name, asked[name]) for name in some if name in asked])
            for some in (names[:place], names[place + 1 :])
        )
        return cls(f"?{before}&{facet}=" if before else f"?{facet}=", f"&{after}" if after else "")

    def taking(self, value: str) -> str:
        """The address with this value of the facet."""
        return f"{self.before}{quote_plus(value)}{self.after}"


@dataclass(slots=True)
class FacetValue:
    """One value of a facet and how many numbers it would leave."""

    value: str
    label: str
    count: int
    axis: str = ""


_COLUMNS: Mapping[str, F | Case] = {
    "state": F("state"),
    "needs": F("needs"),
    "metric": F("metric"),
    "task": F("task"),
    "data_set": F("data_set"),
    "source": _SOURCE,
}
Counts = dict[str, dict[Any, int]]


class PaperOfFacet(NamedTuple):
    """A paper with numbers that were asked for, and the topics at which it is placed."""

    pk: int
    key: str
    title: str
    year: int
    topics: list[int]


@dataclass(frozen=True)
class Facets:
    """Values with counts; each facet is counted without its own filter.

    counts: of the values of each facet, of `topic` and `paper` by paper; papers: those that are
    counted, as PostgreSQL gives them.
    """

    counts: Counts
    papers: list[tuple[Any, ...]]
    tree: TopicTree

    @classmethod
    def read(cls, query: LedgerQuery, user: Visitor = None) -> Facets:
        """Those without a filter are counted together, in one question."""
        named = [*_COLUMNS, "topic", "paper"]
        free = [name for name in named if not getattr(query, name)]
        counts = _counts(query, user, tuple(free))
        for name in named:
            if name not in free:
                counts |= _counts(query.without(name), user, (name,))
        with connection.cursor() as cursor:
            cursor.execute(_PAPERS, [list({*counts["topic"], *counts["paper"]})])
            papers = cursor.fetchall()
        return cls(counts, papers, TopicTree.read())

    @property
    def as_read(self) -> tuple[object, ...]:
        """All that they follow from."""
        return self.counts, self.papers, self.tree.state

    def offered(self) -> dict[str, list[FacetValue]]:
        """The values of each facet, in the order in which they are shown."""
        papers = [PaperOfFacet(*row) for row in self.papers]
        offered = {name: _ranked(name, self.counts[name]) for name in _COLUMNS}
        offered["topic"] = _topics(papers, self.counts["topic"], self.tree)
        offered["paper"] = _papers(papers, self.counts["paper"])
        return offered


_PAPERS = """
SELECT p.id, p.key, p.title, p.year,
       ARRAY(SELECT topic_id FROM papers_papertopic WHERE paper_id = p.id ORDER BY topic_id)
FROM papers_paper p WHERE p.id = ANY(%s) ORDER BY p.key
"""


def _counts(query: LedgerQuery, user: Visitor, names: tuple[str, ...]) -> Counts:
    """How many of the numbers have each value of each facet; by paper for `paper` and `topic`."""
    counts: Counts = {name: {} for name in names}
    if not names:
        return counts
    text, values = written(query, user, names)
    listed = ", ".join(_column(name) for name in names)
    sets = ", ".join(f"({_column(name)})" for name in names)
    shown = ", ".join(f"{_column(name)}::text" for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT grouping({listed}), coalesce({shown}), count(*)"  # noqa: S608
            f" FROM ({text}) AS numbers GROUP BY GROUPING SETS ({sets}) ORDER BY 1, 2",
            values,
        )
        rows = cursor.fetchall()
    # In the mask of a row, the first column is the highest bit, and 0 where it is counted by.
    whole = (1 << len(names)) - 1
    of_mask = {whole ^ (1 << place): name for place, name in enumerate(reversed(names))}
    for mask, value, count in rows:
        name = of_mask[mask]
        counts[name][int(value) if name in ("topic", "paper") else value] = count
    return counts


def _column(facet: str) -> str:
    return f"by_{facet}"


def written(
    query: LedgerQuery, user: Visitor, facets: tuple[str, ...] = ()
) -> tuple[str, tuple[Any, ...]]:
    """SQL of the numbers asked for, with its values: their ids in the order asked for, or in no
    order the columns by which these facets are counted.

    To write it takes longer than to ask it, so it is kept for questions of readers, who all see
    the same: it says what is looked for, not what was found.
    """
    return _write(query, user, facets) if is_curator(user) else _written(query, facets)


def _write(
    query: LedgerQuery, user: Visitor, facets: tuple[str, ...]
) -> tuple[str, tuple[Any, ...]]:
    numbers = query.numbers(user)
    if facets:
        by_paper = F("paper_id")
        columns = {_column(name): _COLUMNS.get(name, by_paper) for name in facets}
        return numbers.order_by().values(**columns).query.sql_with_params()
    return numbers.values("pk").query.sql_with_params()


@lru_cache(maxsize=512)
def _written(query: LedgerQuery, facets: tuple[str, ...]) -> tuple[str, tuple[Any, ...]]:
    return _write(query, None, facets)


def count(query: LedgerQuery, user: Visitor = None) -> int:
    """How many numbers are asked for."""
    text, values = written(query, user, ("state",))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({text}) AS numbers", values)  # noqa: S608
        (found,) = cursor.fetchone()
    return int(found)


def _ranked(name: str, counts: Mapping[str, int]) -> list[FacetValue]:
    labels: Mapping[str, str] = _LABELS.get(name, {})
    order = list(labels)
    ranked = sorted(
        filter(None, counts),
        key=lambda v: (order.index(v) if v in order else len(order), -counts[v], v),
    )
    said = str if name == "needs" else lambda label: label
    return [FacetValue(v, said(labels.get(v, v)), counts[v]) for v in ranked]


_LABELS: Mapping[str, Mapping[str, str]] = {
    "state": {str(value): label for value, label in STATES},
    "needs": dict(PublishedNumber.Needs.choices),
    "source": SOURCES,
}


def _papers(papers: Sequence[PaperOfFacet], counts: Mapping[int, int]) -> list[FacetValue]:
    values = [
        FacetValue(paper.key, f"{paper.title} ({paper.year})", counts[paper.pk])
        for paper in papers
        if paper.pk in counts
    ]
    return sorted(values, key=lambda value: (-value.count, value.value))


def _topics(
    papers: Sequence[PaperOfFacet], counts: Mapping[int, int], tree: TopicTree
) -> list[FacetValue]:
    """Topics that hold papers with numbers, each number counted once in every ancestor."""
    placed: defaultdict[int, list[int]] = defaultdict(list)
    for paper in papers:
        if paper.pk in counts:
            for topic in paper.topics:
                placed[topic].append(paper.pk)
    under: defaultdict[str, set[int]] = defaultdict(set)
    for pk, held in placed.items():
        for slug in tree.by_id[pk].path_slugs if pk in tree.by_id else ():
            under[slug].update(held)
    return [
        FacetValue(topic.slug, topic.name, sum(counts[pk] for pk in under[topic.slug]), topic.axis)
        for topic in tree.by_id.values()
        if topic.slug in under
    ]
