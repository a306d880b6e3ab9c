"""Questions to the ledger: filters, facets and orders, the same for pages, exports and API."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Abs

from accounts.models import Visitor
from accounts.words import Words
from papers.models import Paper, PaperTopic
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
            topic = Topic.objects.filter(slug=self.topic).first()
            numbers = numbers.under(topic) if topic else numbers.none()
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


def facets(query: LedgerQuery, user: Visitor = None) -> dict[str, list[FacetValue]]:
    """Values with counts; each facet is counted without its own filter.

    Those without one are counted together, in one question.
    """
    named = [*_COLUMNS, "topic", "paper"]
    free = [name for name in named if not getattr(query, name)]
    counted = _counts(query.numbers(user), free)
    for name in named:
        if name not in free:
            counted |= _counts(query.without(name).numbers(user), [name])
    offered = {name: _ranked(name, counted[name]) for name in _COLUMNS}
    offered["topic"] = _topics(counted["topic"])
    offered["paper"] = _papers(counted["paper"])
    return offered


def _counts(numbers: PublishedNumberQuerySet, names: Sequence[str]) -> Counts:
    """How many of the numbers have each value of each facet; by paper for `paper` and `topic`."""
    if not names:
        return {}
    columns = {
        f"by_{name}": F("paper_id") if name in ("topic", "paper") else _COLUMNS[name]
        for name in names
    }
    asked = numbers.order_by().values(**columns)
    text, values = asked.query.sql_with_params()
    listed = ", ".join(columns)
    sets = ", ".join(f"({name})" for name in columns)
    counts: Counts = {name: {} for name in names}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT grouping({listed}), coalesce({', '.join(f'{c}::text' for c in columns)}),"  # noqa: S608
            f" count(*) FROM ({text}) AS numbers GROUP BY GROUPING SETS ({sets})",
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


def _papers(counts: Mapping[int, int]) -> list[FacetValue]:
    papers = Paper.objects.numbered(list(counts)).order_by()
    named = papers.values_list("pk", "key", "title", "year")
    values = [FacetValue(key, f"{title} ({year})", counts[pk]) for pk, key, title, year in named]
    return sorted(values, key=lambda value: (-value.count, value.value))


def _topics(counts: Mapping[int, int]) -> list[FacetValue]:
    """Topics that hold papers with numbers, each number counted once in every ancestor."""
    tree = TopicTree.read()
    papers: defaultdict[str, set[int]] = defaultdict(set)
    placements = PaperTopic.objects.filter(paper__in=list(counts)).order_by()
    for paper, topic in placements.values_list("paper_id", "topic_id"):
        for slug in tree.by_id[topic].path_slugs:
            papers[slug].add(paper)
    return [
        FacetValue(topic.slug, topic.name, sum(counts[p] for p in papers[topic.slug]), topic.axis)
        for topic in tree.by_id.values()
        if topic.slug in papers
    ]
