"""What this survey lacks and where it is unsure: every figure is a query that opens its list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from accounts.words import Words
from papers.models import (
    Decision,
    Method,
    OutsideLink,
    Paper,
    Person,
    Source,
    TopicSuggestion,
)
from papers.search import PaperQuery, matching
from papers.search.words.index import Unusable
from papers.watch import links
from reproductions import registry
from reproductions.models import PublishedNumber
from reproductions.runs.again import failing, last_successes
from taxonomy.models import Topic

PAPERS = (
    ("has:doubt", Words("with a field that no source confirmed")),
    ("has:suggestion", Words("with a topic that only a machine suggests")),
    ("-has:summary", Words("without a sentence of our own")),
    ("-has:abstract", Words("without an abstract that may be shown")),
    ("-has:findings", Words("without findings")),
    ("-has:topic", Words("without a topic")),
    ("-has:code", Words("without a link to code")),
    ("-has:doi", Words("without a DOI")),
)


@dataclass(frozen=True)
class Figure:
    """How many of all are so; `address` lists them."""

    label: str
    count: int
    total: int
    address: str

    @property
    def percent(self) -> float:
        """0 when there is nothing to count."""
        return 100 * self.count / self.total if self.total else 0.0


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Counts of what is missing, unsure or untested."""
    sections = [
        (Words("Papers"), _papers(request.user)),
        (Words("Numbers that papers print"), _numbers(request.user)),
        (Words("Methods, people, topics"), _others(request.user)),
        (Words("Outside, programs, machine suggestions"), _alive()),
    ]
    successes = last_successes()
    context = {
        "section": "about",
        "sections": [row for row in sections if row[1]],
        "sources": Source.objects.filter(is_on=True).order_by("succeeded_at", "name"),
        "programs": [(program, successes.get(program.slug)) for program in registry.programs()],
    }
    return render(request, "health_of_survey.html", context)


def _papers(user: Visitor) -> list[Figure]:
    """None while the search index is being built: the lists that they open would be empty too."""
    total = Paper.objects.visible_to(user).count()
    figures = []
    for words, label in PAPERS:
        query = PaperQuery.from_params({"q": words})
        try:
            count = len(matching(query, user))
        except Unusable:
            return []
        figures.append(Figure(label, count, total, f"{reverse('papers')}?{query.url_query}"))
    return figures


def _numbers(user: Visitor) -> list[Figure]:
    numbers = PublishedNumber.objects.filter(paper__in=Paper.objects.visible_to(user).values("pk"))
    counts = numbers.aggregate(
        total=Count("pk"),
        unconfirmed=Count("pk", filter=Q(confirmed=False)),
        second_hand=Count("pk", filter=Q(confirmed=True, second_hand=True)),
        outside=Count("pk", filter=Q(state="outside")),
    )
    rows = (
        (Words("quoted from memory, seen in no source"), "unconfirmed", {"source": "unconfirmed"}),
        (Words("read in notes of third parties"), "second_hand", {"source": "second-hand"}),
        (Words("that a run here did not meet"), "outside", {"state": "outside"}),
    )
    address = reverse("numbers")
    return [
        Figure(label, counts[name], counts["total"], f"{address}?{urlencode(query)}")
        for label, name, query in rows
    ]


def _others(user: Visitor) -> list[Figure]:
    methods = _share(Method.objects.all(), ~Q(from_memory=[]))
    people = _share(Person.objects.visible_to(user), Q(curated=False))
    topics = _share(Topic.objects.all(), Q(lecture=None))
    return [
        Figure(
            Words("methods with an attribute from memory"),
            *methods,
            reverse("methods"),
        ),
        Figure(
            Words("people who may be several of one name, looked at by no curator"),
            *people,
            reverse("people"),
        ),
        Figure(
            Words("topics without a text"),
            *topics,
            reverse("topics"),
        ),
    ]


def _share(records: QuerySet[Any], lacking: Q) -> tuple[int, int]:
    """How many of the records lack something, and how many there are; one query."""
    counts = records.order_by().aggregate(
        lacking=Count("pk", filter=lacking, distinct=True), total=Count("pk", distinct=True)
    )
    return counts["lacking"], counts["total"]


def _alive() -> list[Figure]:
    """Links that answer no more, programs that no longer run, and whether curators agree with what
    machines suggest."""
    checked = OutsideLink.objects.exclude(checked_at=None)
    decided = TopicSuggestion.objects.exclude(decision=Decision.OPEN)
    declined = decided.filter(decision=Decision.DECLINED)
    return [
        Figure(
            Words("addresses outside that do not answer"),
            links.dead().count(),
            checked.count(),
            reverse("dead-links"),
        ),
        Figure(
            Words("programs whose last run here did not end well"),
            len(failing()),
            len(registry.slugs()),
            f"{reverse('reproductions')}?state=failed",
        ),
        Figure(
            Words("suggested topics that curators declined"),
            declined.count(),
            decided.count(),
            f"{reverse('papers')}?q=has%3Asuggestion",
        ),
    ]
