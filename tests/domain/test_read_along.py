"""Rows read in the query of their record are those that prefetching reads."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import models

from papers.models import (
    Document,
    Finding,
    Paper,
    PaperName,
    PaperVersion,
    TimelineEvent,
    Workshop,
)
from papers.models.read_along import read_along
from tests import make

pytestmark = pytest.mark.django_db

PATHS = (
    *("authorships__person", "placements__topic", "versions__venue", "accepted_at__workshop"),
    *("links", "findings", "names", "documents", "milestones"),
)


@pytest.fixture
def papers() -> list[Paper]:
    topics = [make.topic(name) for name in ("Late topic", "Early topic")]
    rich = make.paper(
        "Rich", authors=["黄高", "Danlu Chen"], topics=topics, code="https://example.org/code"
    )
    rich.authorships.create(position=9, printed_name="Nobody we know")
    for position in (2, 1):
        Finding.objects.create(paper=rich, position=position, text=f'“{position}”\n\\ "x" \u2028')
    PaperVersion.objects.create(paper=rich, kind="web", year=2001, url="https://example.org/w")
    Document.objects.create(
        sha256="0" * 64,
        size_bytes=7_000_000_000,
        name="a.pdf",
        paper=rich,
        state=Document.State.DONE,
        finished_at=dt.datetime(2024, 2, 29, 23, 59, 59, 123456, tzinfo=dt.UTC),
    )
    PaperName.of(rich, 0, "RichNet", "title").save()
    TimelineEvent.objects.create(year=2001, domain="model", title="T", why="W", paper=rich)
    workshop = make.workshop()
    Workshop.objects.filter(pk=workshop.pk).update(sponsors=[{"name": "S", "tier": ""}])
    workshop.accepted.create(position=1, title="Rich", paper=rich)
    return [rich, make.paper("Bare", authors=[], venue=None)]


def values(row: models.Model | None) -> dict[str, Any] | None:
    """Every column of a row as Python has it."""
    if row is None:
        return None
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def rows(paper: Paper, path: str) -> list[tuple[dict[str, Any] | None, dict[str, Any] | None]]:
    """The rows of a relation, and what each of them points to."""
    relation, _, to_one = path.partition("__")
    return [
        (values(row), values(getattr(row, to_one)) if to_one else None)
        for row in getattr(paper, relation).all()
    ]


@pytest.mark.parametrize("path", PATHS)
def test_they_are_what_prefetching_reads(papers: list[Paper], path: str) -> None:
    prefetched = {paper.pk: paper for paper in Paper.objects.prefetch_related(path)}
    along = {paper.pk: paper for paper in read_along(Paper.objects.all(), path)}

    for pk, paper in prefetched.items():
        assert rows(along[pk], path) == rows(paper, path)
    assert rows(along[papers[0].pk], path)


def test_all_of_them_take_one_query(papers: list[Paper], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        for paper in read_along(Paper.objects.all(), *PATHS):
            for path in PATHS:
                rows(paper, path)
            assert all(row.paper is paper for row in paper.authorships.all())


def test_a_relation_goes_on_from_there_as_ever(papers: list[Paper]) -> None:
    paper = read_along(Paper.objects.all(), "findings").get(pk=papers[0].pk)

    assert [row.position for row in paper.findings.filter(position=2)] == [2]
    assert paper.findings.count() == 2
    assert not [name for name in vars(paper) if name.startswith("_along")]


def test_counting_and_other_columns_leave_the_rows_out(papers: list[Paper]) -> None:
    along = read_along(Paper.objects.order_by("pk"), "links", "authorships__person")

    assert along.count() == 2
    assert list(along.values_list("title", flat=True)) == ["Rich", "Bare"]
    assert Paper.objects.filter(pk__in=along).count() == 2


def test_what_has_no_rows_of_its_own_is_refused() -> None:
    with pytest.raises(TypeError, match="no relation to rows of its own"):
        read_along(Paper.objects.all(), "venue")
    with pytest.raises(TypeError, match="no relation to rows of its own"):
        read_along(Paper.objects.all(), "topics")
    with pytest.raises(TypeError, match="does not lead to one record"):
        read_along(Paper.objects.all(), "authorships__position")
