"""Questions to the ledger: filters, facets and orders, the same for pages, exports and API."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Abs

from accounts.models import Visitor
from accounts.words import Words
from papers.models import PaperTopic
from reproductions.models import Claim, PublishedNumber
from reproductions.models.number import STATES, PublishedNumberQuerySet
from taxonomy.models import Topic

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


def facets(query: LedgerQuery, user: Visitor = None) -> dict[str, list[FacetValue]]:
    """Values with counts; each facet is counted without its own filter."""
    labels: dict[str, dict[str, str]] = {
        "state": {str(value): label for value, label in STATES},
        "needs": {str(value): str(label) for value, label in PublishedNumber.Needs.choices},
        "source": SOURCES,
    }
    offered: dict[str, list[FacetValue]] = {}
    for name in ("state", "needs", "metric", "task", "data_set", "source"):
        numbers = query.without(name).numbers(user).order_by()
        values = numbers.values_list(_SOURCE if name == "source" else F(name))
        counts = {value: count for value, count in values.annotate(Count("pk")) if value}
        order = list(labels.get(name, {}))
        ranked = sorted(
            counts, key=lambda v: (order.index(v) if v in order else len(order), -counts[v], v)
        )
        offered[name] = [FacetValue(v, labels.get(name, {}).get(v, v), counts[v]) for v in ranked]
    offered["topic"] = _topics(query.without("topic").numbers(user).order_by())
    offered["paper"] = _papers(query.without("paper").numbers(user).order_by())
    return offered


def _papers(numbers: PublishedNumberQuerySet) -> list[FacetValue]:
    papers = numbers.values_list("paper__key", "paper__title", "paper__year").annotate(Count("pk"))
    ranked = sorted(papers, key=lambda row: (-row[3], row[0]))
    return [FacetValue(key, f"{title} ({year})", count) for key, title, year, count in ranked]


def _topics(numbers: PublishedNumberQuerySet) -> list[FacetValue]:
    """Topics that hold papers with numbers, each number counted once in every ancestor."""
    of_paper = dict(numbers.values_list("paper_id").annotate(Count("pk")))
    papers: defaultdict[str, set[int]] = defaultdict(set)
    placements = PaperTopic.objects.filter(paper__in=list(of_paper)).values_list(
        "paper_id", "topic__path"
    )
    for paper, path in placements:
        for slug in path.split("/"):
            papers[slug].add(paper)
    return [
        FacetValue(topic.slug, topic.name, sum(of_paper[p] for p in papers[topic.slug]), topic.axis)
        for topic in Topic.objects.filter(slug__in=papers)
    ]
