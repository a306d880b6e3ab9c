"""Texts of topics, glossary and paths as data files: checked by line, loaded twice, kept edits."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from community import progress
from papers.curation import editing
from papers.data_files import check_catalogue, load_catalogue
from papers.history.reading import changes_of
from papers.learning.prose import Cited, Words, cited_keys, pieces
from papers.models import Lecture, PathStep, ReadingPath, Term
from taxonomy.models import Topic
from tests import make

pytestmark = pytest.mark.django_db

LECTURE = """\
topic: early-exiting
by: machine
paragraphs:
- title: The problem
  text: >-
    Exits save layers
    [@huang2018multi].
read_five:
- paper: huang2018multi
  why: It began here.
"""
PATH = {
    "slug": "newcomer",
    "title": "In an afternoon",
    "audience": "Anybody.",
    "outcome": "Know.",
    "by": "machine",
    "position": 1,
    "steps": [
        {"slug": "a", "why": "So.", "minutes": 20, "paper": "huang2018multi"},
        {"slug": "b", "why": "So.", "minutes": 5, "topic": "early-exiting"},
    ],
}
TERM = {
    "slug": "early-exit", "en": "early exit", "zh": "早退", "meaning_en": "Leave.",
    "meaning_zh": "离开。", "usage_varies": False, "unconfirmed": True,
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("taxonomy", "venues", "papers", "people", "workshops", "topics", "paths"):
        (tmp_path / name).mkdir()
    topic = {
        "slug": "early-exiting",
        "name": "Early exiting",
        "definition": "Leave early.",
        "in_survey": True,
    }
    write(tmp_path / "taxonomy/01.yaml", [topic])
    write(tmp_path / "venues/iclr.yaml", {"slug": "iclr", "name": "ICLR", "kind": "conference"})
    paper = {
        "key": "huang2018multi", "title": "Multi-Scale Dense Networks", "authors": ["Gao Huang"],
        "year": 2018, "venue": "iclr", "sources": ["a list"],
    }  # fmt: skip
    write(tmp_path / "papers/huang2018multi.yaml", paper)
    (tmp_path / "topics/early-exiting.yaml").write_text(LECTURE)
    write(tmp_path / "paths/newcomer.yaml", PATH)
    write(tmp_path / "glossary.yaml", [TERM])
    return tmp_path


def write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def test_loading_twice_changes_nothing(folder: Path) -> None:
    load_catalogue(folder)
    steps = set(PathStep.objects.values_list("pk", flat=True))

    again = load_catalogue(folder, again=True)

    assert (again.total("new"), again.total("changed")) == (0, 0)
    assert Lecture.objects.get().paragraphs[0]["text"] == "Exits save layers [@huang2018multi]."
    assert set(PathStep.objects.values_list("pk", flat=True)) == steps
    assert Term.objects.get().unconfirmed is True


@pytest.mark.parametrize(
    ("place", "text", "line"),
    [
        ("topics/early-exiting.yaml", LECTURE.replace("layers\n    [@huang2018multi]", "layers\n    [@nobody2020]"), 7),
        ("topics/early-exiting.yaml", LECTURE.replace("paper: huang2018multi", "paper: nobody2020"), 9),
        ("topics/early-exiting.yaml", LECTURE.replace("topic: early-exiting", "topic: nobody2020"), 1),
        ("paths/newcomer.yaml", yaml.safe_dump(PATH, sort_keys=False).replace("paper: huang2018multi", "paper: nobody2020"), 11),
    ],
)  # fmt: skip
def test_a_name_that_is_not_here_stops_everything_and_is_named_with_its_line(
    folder: Path, place: str, text: str, line: int
) -> None:
    (folder / place).write_text(text)

    for report in (check_catalogue(folder), load_catalogue(folder)):
        (problem,) = report.problems
        assert problem.startswith(f"{place}:{line}: there is no ")
        assert "'nobody2020'" in problem
    assert not Topic.objects.exists()


def test_a_text_may_cite_what_only_the_database_knows(folder: Path) -> None:
    load_catalogue(folder)
    make.paper("Elsewhere", key="nobody2020")
    changed = LECTURE.replace("paper: huang2018multi", "paper: nobody2020")
    (folder / "topics/early-exiting.yaml").write_text(changed)

    report = load_catalogue(folder)

    assert report.problems == []
    assert Lecture.objects.get().read_five[0]["paper"] == "nobody2020"


def test_a_text_edited_here_is_kept_and_its_history_stands_at_the_topic(folder: Path) -> None:
    load_catalogue(folder)
    lecture = Lecture.objects.get()
    lecture.hardware = "Edited here."
    lecture.save()

    report = load_catalogue(folder, again=True)

    assert Lecture.objects.get().hardware == "Edited here."
    assert report.kept == ["lecture early-exiting: hardware"]
    changes = changes_of(Topic.objects.get())
    assert [field.name for change in changes for field in change.fields] == ["text"]


def test_progress_survives_a_changed_path(folder: Path) -> None:
    load_catalogue(folder)
    mia = make.member("mia")
    step = PathStep.objects.get(slug="b")
    progress.tick(mia, step, done=True)

    write(folder / "paths/newcomer.yaml", PATH | {"steps": [PATH["steps"][1] | {"minutes": 9}]})
    load_catalogue(folder)

    assert list(ReadingPath.objects.get().steps.values_list("slug", "minutes")) == [("b", 9)]
    assert progress.done_steps(mia) == {step.pk}


def test_citations_are_told_from_words() -> None:
    text = "One [@a1; @b2], two [not one] and [@c3]."

    assert list(pieces(text)) == [
        Words("One"), Cited(("a1", "b2")), Words(", two [not one] and"), Cited(("c3",)), Words("."),
    ]  # fmt: skip
    assert cited_keys(text + " [@a1]") == ["a1", "b2", "c3"]


def test_a_text_is_corrected_like_other_fields_of_its_topic(folder: Path) -> None:
    load_catalogue(folder)
    topic = Topic.objects.get()
    text = editing.fields_of(topic)["text"]
    assert text["paragraphs"][0]["title"] == "The problem"

    better = text | {"hardware": "Fast."}
    editing.write_fields(topic, editing.checked("topic", {"text": better}, topic))

    assert Lecture.objects.get().hardware == "Fast."
    assert load_catalogue(folder, again=True).kept == ["lecture early-exiting: hardware"]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"read_five": [{"paper": "nobody2020", "why": "x"}]}, "there is no paper 'nobody2020'"),
        ({"paragraphs": [{"title": "A", "text": "B [@nobody2020]."}]}, "there is no paper"),
        ({"paragraphs": [{"title": "A"}]}, "has no text"),
        ({"colour": "red"}, "unknown field"),
    ],
)
def test_a_corrected_text_is_checked_like_a_file(
    folder: Path, change: dict, complaint: str
) -> None:
    load_catalogue(folder)
    topic = Topic.objects.get()

    with pytest.raises(editing.CannotWrite, match=complaint):
        editing.checked("topic", {"text": editing.fields_of(topic)["text"] | change}, topic)
