"""Many new papers are written together: the same rows as one by one, in few statements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from papers.data_files import load_catalogue
from papers.data_files.paper_kind import Papers
from papers.models import (
    Authorship,
    Finding,
    Paper,
    PaperLink,
    PaperName,
    PaperTopic,
    PaperVersion,
    Person,
    PersonAlias,
)

pytestmark = pytest.mark.django_db

TOPICS = ("early-exiting", "layer-skipping", "gates")
NAMES = ("Ada Erste", "ADA ERSTE", "Bo Zweite", "Cé Dritte", "张伟", "王小明")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("taxonomy", "venues", "papers"):
        (tmp_path / name).mkdir()
    topics = [{"slug": slug, "name": slug, "definition": "Said."} for slug in TOPICS]
    write(tmp_path / "taxonomy/01.yaml", topics)
    for slug, kind in (("arxiv", "preprint"), ("iclr", "conference")):
        write(tmp_path / f"venues/{slug}.yaml", {"slug": slug, "name": slug, "kind": kind})
    for number in range(12):
        write(tmp_path / f"papers/p{number}.yaml", paper(number))
    return tmp_path


def write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True))


def paper(number: int, **fields: Any) -> dict[str, Any]:
    """A paper that differs from its neighbours in what its lists hold."""
    return {
        "key": f"p{number}",
        "title": f"On the thrift of networks, part {number}",
        "authors": [NAMES[number % 6], NAMES[(number * 5 + 1) % 6]],
        "year": 2020 + number % 7,
        "month": number % 12 + 1,
        "venue": ("arxiv", "iclr")[number % 2],
        "arxiv": f"{20 + number % 7}01.{number:05}",
        "topics": [TOPICS[number % 3]] if number % 4 else [],
        "suggested_topics": [TOPICS[(number + 1) % 3]],
        "code": [f"https://example.org/{number}"] * (number % 2),
        "findings": [f"Finding {place}." for place in range(number % 3)],
        "sources": ["a list"],
    } | fields


def named(number: int) -> dict[str, str]:
    return {"name": f"Net{number}", "origin": "title"}


def snapshot() -> dict[str, list[tuple[Any, ...]]]:
    """Every row that papers bring, without its number and the moment it was made."""
    lists: dict[Any, tuple[str, ...]] = {
        Paper: ("key", "title", "year", "month", "venue__slug", "arxiv", "sources"),
        Authorship: ("paper__key", "position", "printed_name", "person__slug"),
        PaperTopic: ("paper__key", "position", "topic__slug", "origin"),
        PaperLink: ("paper__key", "kind", "url"),
        Finding: ("paper__key", "position", "text", "origin"),
        PaperName: ("paper__key", "position", "name", "origin"),
        PaperVersion: ("paper__key", "kind", "year", "venue__slug", "identifier", "url"),
        Person: ("slug", "name", "curated"),
        PersonAlias: ("name", "folded", "person__slug"),
    }
    return {
        model.__name__: sorted(model.objects.values_list(*fields), key=str)
        for model, fields in lists.items()
    }


def test_papers_written_together_are_those_written_one_by_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, queries = [], []
    for at_once in (1, 5, 500):
        monkeypatch.setattr(Papers, "at_once", at_once)
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            load_catalogue(folder)
            rows.append(snapshot())
            transaction.set_rollback(True)
        queries.append(len(captured))

    assert len(rows[0]["Authorship"]) == 24
    assert len(rows[0]["Person"]) == 6
    assert rows[0] == rows[1] == rows[2]
    assert queries[2] < queries[0] / 2


def test_papers_changed_together_are_those_changed_one_by_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_catalogue(folder)
    for number in range(12):
        changes = [
            {"title": f"A new title {number}", "authors": [NAMES[(number + 2) % 6], "New Name"]},
            {"topics": ["gates"], "suggested_topics": ["early-exiting"], "findings": ["Other."]},
            {"code": [], "venue": "iclr", "arxiv": "", "names": [named(number)]},
        ]
        write(folder / f"papers/p{number}.yaml", paper(number, **changes[number % 3]))
    rows, queries = [], []
    for at_once in (1, 5, 500):
        monkeypatch.setattr(Papers, "at_once", at_once)
        with transaction.atomic(), CaptureQueriesContext(connection) as captured:
            report = load_catalogue(folder)
            rows.append(snapshot())
            transaction.set_rollback(True)
        assert (report.total("changed"), report.conflicts) == (12, [])
        queries.append(len(captured))

    assert ("p3", 1, "New Name", "new-name") in rows[0]["Authorship"]
    assert ("p1", 0, "gates", "curator") in rows[0]["PaperTopic"]
    assert rows[0] == rows[1] == rows[2]
    assert queries[2] < queries[0] / 3


def test_a_new_file_may_take_the_identifier_that_a_changed_one_gives_up(folder: Path) -> None:
    load_catalogue(folder)
    freed = paper(1)["arxiv"]
    write(folder / "papers/p1.yaml", paper(1, arxiv="", title="Something else entirely"))
    write(folder / "papers/q1.yaml", paper(1, key="q1", title="The one that it belongs to"))

    report = load_catalogue(folder)

    assert report.conflicts == []
    assert Paper.objects.get(arxiv=freed).key == "q1"


def test_two_new_files_of_one_work_are_told_apart_although_written_together(folder: Path) -> None:
    load_catalogue(folder)
    write(folder / "papers/q1.yaml", paper(20, key="q1", title="A title that nobody else has"))
    write(folder / "papers/q2.yaml", paper(20, key="q2", title="A title that nobody else has!"))

    report = load_catalogue(folder)

    assert report.conflicts == ["paper q2: is q1 here (arXiv id); merge the two or keep both"]
    assert Paper.objects.get(key="q2").arxiv is None


def test_a_suggested_topic_stays_one_until_a_curator_names_it(folder: Path) -> None:
    placements = PaperTopic.objects.filter(paper__key="p1").order_by("position")
    rows = placements.values_list("topic__slug", "origin")
    load_catalogue(folder)
    suggested = list(rows.all())

    write(folder / "papers/p1.yaml", paper(1, topics=["gates"], suggested_topics=[]))
    load_catalogue(folder)

    assert suggested == [("layer-skipping", "curator"), ("gates", "machine")]
    assert list(rows.all()) == [("gates", "curator")]


def test_no_topic_is_both_given_and_suggested(folder: Path) -> None:
    load_catalogue(folder)
    both = {"topics": ["gates"], "suggested_topics": ["gates", "early-exiting"]}
    write(folder / "papers/p1.yaml", paper(1, **both))

    report = load_catalogue(folder)

    lines = (folder / "papers/p1.yaml").read_text().splitlines()
    line = lines.index("suggested_topics:") + 2
    assert report.problems == [
        f"papers/p1.yaml:{line}: suggested_topics names gates, which topics names too"
    ]
