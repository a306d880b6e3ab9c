"""Questions whose SQL is written once answer as the ORM does."""

from __future__ import annotations

import threading

import pytest
from django.db import connection, models
from django.db.models import Count, F, Prefetch, Q
from django.test.utils import CaptureQueriesContext

from papers.models import Paper, PaperLink, PaperTopic
from papers.models.asked_often import STAND_INS, TEXT_STAND_IN, AskedOften
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def papers() -> list[Paper]:
    topic = make.topic("exits")
    return [
        make.paper(f"Paper {n}", key=f"key{n}", topics=[topic], code=f"https://example.org/{n}")
        for n in range(3)
    ]


def same(often: AskedOften[Paper], *values: int | str) -> None:
    direct, asked = list(often.question(*values)), often.of(*values)
    assert asked == direct
    assert [vars(one)["title"] for one in asked] == [vars(one)["title"] for one in direct]


def test_it_answers_for_each_value_as_the_query_does(papers: list[Paper]) -> None:
    by_key = AskedOften[Paper](
        lambda key: Paper.objects.select_related("venue").filter(key=key), TEXT_STAND_IN
    )
    by_ids = AskedOften[Paper](
        lambda one, other, year: Paper.objects.filter(Q(pk__in=[one, other]), year__gte=year),
        *STAND_INS[:3],
    )
    for paper in papers:
        same(by_key, paper.key)
        same(by_ids, paper.pk, papers[0].pk, paper.year)
        same(by_ids, paper.pk, papers[0].pk, 3000)
    assert by_key.first("nothing") is None
    assert by_key.of("'; DROP TABLE papers_paper; --") == []


def test_rows_that_belong_to_it_are_read_with_it(papers: list[Paper]) -> None:
    links = Prefetch("links", PaperLink.objects.order_by("url"), to_attr="ordered")
    often = AskedOften[Paper](lambda pk: Paper.objects.filter(pk=pk).prefetch_related(links))
    for paper in papers:
        found = often.first(paper.pk)
        assert found is not None
        assert found.ordered == list(paper.links.all())  # type: ignore[attr-defined]


def test_counts_and_unions_too(papers: list[Paper]) -> None:
    counted = AskedOften[tuple[str, int]](
        lambda pk: (
            PaperTopic.objects.filter(paper=pk).order_by().values_list("topic__slug")
            .annotate(count=Count("pk"))
        )
    )  # fmt: skip
    united = AskedOften[dict[str, str]](
        lambda pk: (
            Paper.objects.filter(pk=pk).order_by().values("key")
            .union(Paper.objects.filter(pk__lt=pk).order_by().values("key"), all=True)
        )
    )  # fmt: skip
    assert counted.of(papers[1].pk) == [("exits", 1)]
    assert sorted(row["key"] for row in united.of(papers[2].pk)) == ["key0", "key1", "key2"]


def test_what_is_found_can_be_asked_further_and_saved(papers: list[Paper]) -> None:
    often = AskedOften[Paper](lambda pk: Paper.objects.filter(pk=pk))
    found = often.first(papers[0].pk)
    assert found is not None
    found.title = "Another"
    found.save()
    found.refresh_from_db()
    assert found.links.filter(url__contains="example").count() == 1
    assert often.of(papers[0].pk)[0].title == "Another"
    assert often.of(papers[1].pk)[0].title == "Paper 1"


def test_each_thread_asks_over_its_own_connection(papers: list[Paper]) -> None:
    often = AskedOften[Paper](lambda pk: Paper.objects.filter(pk=pk))
    found: list[Paper] = []

    def ask() -> None:
        try:
            found.extend(often.of(papers[0].pk))
        finally:
            connection.close()

    often.of(papers[1].pk)
    with CaptureQueriesContext(connection) as here:
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
    assert (found, len(here)) == ([papers[0]], 0)


@pytest.mark.parametrize(
    "question",
    [
        lambda pk: Paper.objects.filter(pk=pk + 1),
        lambda pk: Paper.objects.filter(title__contains=f"{pk}"),
        lambda pk: Paper.objects.annotate(far=F("year") + 1).filter(far=0),
    ],
)
def test_a_value_that_the_sql_does_not_have_is_refused(question: object) -> None:
    often: AskedOften[models.Model] = AskedOften(question)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="Not every value"):
        often.of(1)
