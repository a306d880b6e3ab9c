"""Loading the data files: whole or not at all, again without effect, never over local edits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import connection

from papers.data_files import check_catalogue, load_catalogue, loading
from papers.data_files.merging import merge
from papers.models import Authorship, Paper, Person, PersonAlias, Talk
from taxonomy.models import Topic

pytestmark = pytest.mark.django_db

PAPER = {
    "key": "huang2018multi",
    "title": "Multi-Scale Dense Networks",
    "authors": ["Gao Huang", "Danlu Chen"],
    "year": 2018,
    "venue": "iclr",
    "arxiv": "1703.09844",
    "topics": ["early-exiting"],
    "sources": ["a list"],
    "findings": ["Easy images leave early."],
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("taxonomy", "venues", "papers", "people", "workshops"):
        (tmp_path / name).mkdir()
    topic = {"slug": "early-exiting", "name": "Early exiting", "definition": "Leave early."}
    write(tmp_path / "taxonomy/01.yaml", [topic | {"in_survey": True}])
    write(tmp_path / "venues/iclr.yaml", {"slug": "iclr", "name": "ICLR", "kind": "conference"})
    write(tmp_path / "papers/huang2018multi.yaml", PAPER)
    return tmp_path


def write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False))


def test_loading_twice_changes_nothing(folder: Path) -> None:
    first = load_catalogue(folder)
    before = Paper.objects.get().updated_at

    second = load_catalogue(folder, again=True)

    assert (first.total("new"), second.total("new"), second.total("changed")) == (3, 0, 0)
    assert Paper.objects.get().updated_at == before


def test_postgresql_knows_at_once_how_much_was_loaded(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it plans for the nearly empty tables of before: the page of a topic took minutes."""
    monkeypatch.setattr(loading, "MANY", 3)
    rows = "SELECT reltuples FROM pg_class WHERE relname = 'papers_paper'"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE papers_paper")
        before = cursor.execute(rows).fetchone()[0]
        load_catalogue(folder)
        after = cursor.execute(rows).fetchone()[0]

    assert (before, after) == (0, 1)


def test_a_paper_has_preprint_and_conference_version(folder: Path) -> None:
    load_catalogue(folder)

    versions = Paper.objects.get().versions.values_list("kind", "year", "identifier")
    assert list(versions) == [
        ("preprint", 2017, "arXiv:1703.09844"),
        ("conference", 2018, ""),
    ]


def test_an_edit_made_here_is_kept_and_reported(folder: Path) -> None:
    load_catalogue(folder)
    Paper.objects.update(tldr="Edited here.")

    write(folder / "papers/huang2018multi.yaml", PAPER | {"awards": ["Oral"]})
    report = load_catalogue(folder)

    paper = Paper.objects.get()
    assert (paper.tldr, paper.awards) == ("Edited here.", ["Oral"])
    assert report.kept == ["paper huang2018multi: tldr"]
    assert report.conflicts == []


def test_a_field_changed_on_both_sides_is_a_conflict(folder: Path) -> None:
    load_catalogue(folder)
    Paper.objects.update(title="Edited here")

    write(folder / "papers/huang2018multi.yaml", PAPER | {"title": "Edited there"})
    report = load_catalogue(folder)

    assert Paper.objects.get().title == "Edited here"
    assert report.conflicts == ["paper huang2018multi: title changed in the file and here"]


def test_overwrite_lets_the_files_win(folder: Path) -> None:
    load_catalogue(folder)
    Paper.objects.update(title="Edited here")

    load_catalogue(folder, again=True, overwrite=True)

    assert Paper.objects.get().title == PAPER["title"]


def test_a_broken_file_stops_everything_and_names_its_line(folder: Path) -> None:
    bad = PAPER | {"year": "two thousand", "colour": "red"}
    write(folder / "papers/broken.yaml", bad)

    report = load_catalogue(folder)

    assert Paper.objects.count() == Topic.objects.count() == 0
    lines = (folder / "papers/broken.yaml").read_text().splitlines()
    year_line = next(n for n, line in enumerate(lines, 1) if line.startswith("year"))
    assert f"papers/broken.yaml:{year_line}: year must be int, not str" in report.problems
    assert any("unknown field 'colour'" in problem for problem in report.problems)


def test_the_files_are_checked_without_a_database(
    folder: Path, django_assert_num_queries: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    write(folder / "papers/broken.yaml", PAPER | {"key": "other", "year": "two thousand"})

    with django_assert_num_queries(0):
        report = check_catalogue(folder)
        with pytest.raises(CommandError, match="1 problem"):
            call_command("load_field", folder, check=True)

    assert "paper          1 read and in order" in capsys.readouterr().out
    assert [problem.split(": ")[1] for problem in report.problems] == ["year must be int, not str"]


def test_invalid_yaml_is_a_problem_with_a_line(folder: Path) -> None:
    (folder / "papers/broken.yaml").write_text("key: a\ntitle: 'unfinished\n")

    report = load_catalogue(folder)

    assert report.problems[0].startswith("papers/broken.yaml:3: not valid YAML")


def test_one_key_in_two_files_is_refused(folder: Path) -> None:
    write(folder / "papers/again.yaml", PAPER)

    report = load_catalogue(folder)

    assert any("stands in" in problem for problem in report.problems)


def test_exact_spellings_share_a_person_and_similar_ones_do_not(folder: Path) -> None:
    write(folder / "papers/b.yaml", PAPER | {"key": "b2019", "title": "B", "arxiv": "1901.00001"})
    write(
        folder / "papers/c.yaml",
        PAPER | {"key": "c2019", "title": "C", "arxiv": "", "authors": ["Gao Huàng"]},
    )

    load_catalogue(folder)

    assert Person.objects.filter(name="Gao Huang").count() == 1
    assert Authorship.objects.filter(person__name="Gao Huang").count() == 2
    assert Person.objects.filter(name="Gao Huàng").exists()


def test_curated_aliases_lead_to_one_person(folder: Path) -> None:
    write(folder / "papers/c.yaml", PAPER | {"key": "c2019", "arxiv": "", "authors": ["G. Huang"]})
    load_catalogue(folder)
    stale = PersonAlias.objects.get(name="G. Huang").person

    person = {"slug": "gao-huang", "name": "Gao Huang", "aliases": ["G. Huang"]}
    write(folder / "people/gao-huang.yaml", person)
    load_catalogue(folder)

    gao = Person.objects.get(slug="gao-huang")
    stale.refresh_from_db()
    assert gao.curated
    assert Authorship.objects.filter(person=gao).count() == 2
    assert stale.merged_into == gao


def test_a_workshop_paper_of_a_known_work_becomes_its_version(folder: Path) -> None:
    entry = {"id": "7", "title": "Multi-scale dense networks", "authors": ["G. Huang"]}
    workshop = {"slug": "w-2019", "name": "W", "series": "w", "year": 2019, "acronym": "W"}
    write(
        folder / "workshops/w.yaml",
        workshop | {"accepted_papers": [entry | {"presentation": "poster"}]},
    )

    load_catalogue(folder)

    kinds = Paper.objects.get().versions.values_list("kind", flat=True)
    assert sorted(kinds) == ["conference", "preprint", "workshop"]


def test_a_file_of_a_work_that_is_here_is_told_and_takes_no_identifier(folder: Path) -> None:
    load_catalogue(folder)
    again = PAPER | {"key": "huang2017msdnet", "doi": "10.1234/msd"}
    write(folder / "papers/huang2017msdnet.yaml", again)

    report = load_catalogue(folder)

    assert report.conflicts == [
        "paper huang2017msdnet: is huang2018multi here (arXiv id); merge the two or keep both"
    ]
    paper = Paper.objects.get(key="huang2017msdnet")
    assert (paper.arxiv, paper.doi) == (None, "10.1234/msd")


def test_a_talk_is_one_row_whether_programme_or_speakers_name_it(folder: Path) -> None:
    people = [{"name": "Ada Erste", "role": "keynote"}, {"name": "Bo Zweite", "role": "invited"}]
    people[1]["title"] = "On lanterns"
    workshop = {"slug": "w-2019", "name": "W", "series": "w", "year": 2019, "people": people}
    slot = {"title": "On thrift", "speaker": "Ada Erste", "kind": "keynote", "start": "09:00"}
    write(folder / "workshops/w.yaml", workshop | {"schedule": [{"title": "Doors open"}, slot]})
    load_catalogue(folder)
    first = list(Talk.objects.values_list("pk", "title", "speakers__name", "slot__position"))

    later = [slot, {"title": "Break"}]
    write(folder / "workshops/w.yaml", workshop | {"schedule": later})
    load_catalogue(folder)

    assert [row[1:] for row in first] == [
        ("On thrift", "Ada Erste", 1),
        ("On lanterns", "Bo Zweite", None),
    ]
    again = Talk.objects.values_list("pk", "title", "speakers__name", "slot__position")
    assert list(again) == [(first[0][0], "On thrift", "Ada Erste", 0), first[1]]


def test_merge_decides_field_by_field() -> None:
    decision = merge(
        file={"a": 1, "b": 2, "c": 3, "d": 4},
        before={"a": 1, "b": 0, "c": 0, "d": 4},
        here={"a": 1, "b": 0, "c": 9, "d": 8},
    )
    assert (decision.write, decision.conflicts, decision.kept) == ({"b": 2}, ["c"], ["d"])


def test_a_topic_inserted_later_stands_where_its_file_has_it(folder: Path) -> None:
    def topic(slug: str, parent: str = "") -> dict[str, Any]:
        return {"slug": slug, "name": slug, "definition": "Said.", "parent": parent}

    tree = [topic("root"), topic("a", "root"), topic("a1", "a"), topic("b", "root")]
    write(folder / "taxonomy/00.yaml", tree)
    load_catalogue(folder)

    tree.insert(3, topic("a2", "a"))
    write(folder / "taxonomy/00.yaml", [*tree, topic("c", "root")])
    load_catalogue(folder)

    slugs = list(Topic.objects.values_list("slug", flat=True))
    assert slugs == ["root", "a", "a1", "a2", "b", "c", "early-exiting"]
