"""The past of records: complete on every path, readable, and set back without a rewrite."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction
from pghistory.models import Context

from accounts.models import User
from papers.curation.people import merge_people
from papers.history import CannotUndo, act, changes_of, undo
from papers.models import Authorship, Paper, Person
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def told(record) -> list[dict]:
    return [{f.name: (f.before, f.after) for f in c.fields} for c in changes_of(record)]


def retitle(paper: Paper, title: str, **why) -> None:
    with act(**why), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(title=title)


def test_a_change_by_plain_sql_is_in_the_history() -> None:
    paper = make.paper("Skip RNN")

    with connection.cursor() as cursor:
        cursor.execute("UPDATE papers_paper SET title = 'Skipping' WHERE id = %s", [paper.pk])

    change = changes_of(paper)[0]
    assert [(f.name, f.before, f.after) for f in change.fields] == [
        ("title", "Skip RNN", "Skipping")
    ]
    assert (change.by, change.source) == (None, "directly in the database")


def test_a_change_says_who_and_why() -> None:
    ada = User.objects.create_user("ada")
    paper = make.paper("Skip RNN")

    retitle(paper, "Skip RNNs", by=ada, reason="as printed")

    change = changes_of(paper)[0]
    assert (change.by, change.reason) == (ada, "as printed")


def test_sources_are_told_in_words() -> None:
    paper = make.paper("Skip RNN", sources=["stored-index:42"])

    with act(reason="the paper itself"), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(sources=["stored-index:42", "memory"])

    (change,) = changes_of(paper)[0].fields
    assert [text for _, text in change.pieces] == [
        "text index of public repositories, file 42, ",
        "memory: no stored source confirms every fact",
    ]


def test_lists_are_told_whole_before_and_after() -> None:
    paper = make.paper(authors=["Gao Huang", "Yizeng Han"])

    with act(reason="an author was missing"), transaction.atomic():
        paper.authorships.all().delete()
        for place, name in enumerate(["Gao Huang", "Shiji Song", "Yizeng Han"]):
            Authorship.objects.create(
                paper=paper, position=place, printed_name=name, person=make.person(name)
            )

    assert told(paper)[0] == {
        "authors": (["Gao Huang", "Yizeng Han"], ["Gao Huang", "Shiji Song", "Yizeng Han"])
    }


def test_undo_brings_back_the_very_rows_and_is_itself_undone() -> None:
    cam = User.objects.create_user("cam")
    paper = make.paper("Skip RNN", authors=["Gao Huang", "Yizeng Han"])
    paper.authorships.filter(position=1).update(affiliation="Tsinghua")
    rows = list(paper.authorships.values())
    with act(), transaction.atomic():
        Paper.objects.filter(pk=paper.pk).update(title="Spam", year=1999)
        paper.authorships.all().delete()

    undo(paper, changes_of(paper)[0], by=cam)

    paper.refresh_from_db()
    assert (paper.title, paper.year) == ("Skip RNN", 2018)
    assert list(paper.authorships.values()) == rows
    back = changes_of(paper)[0]
    assert (back.by, back.why["undoes"]) == (cam, changes_of(paper)[1].key)

    undo(paper, back, by=cam)

    paper.refresh_from_db()
    assert (paper.title, paper.year, paper.authorships.count()) == ("Spam", 1999, 0)


def test_undo_never_overwrites_what_was_changed_since() -> None:
    cam = User.objects.create_user("cam")
    paper = make.paper("Skip RNN")
    retitle(paper, "Wrong")
    retitle(paper, "Better")

    with pytest.raises(CannotUndo, match="Changed again since: title"):
        undo(paper, changes_of(paper)[1], by=cam)

    paper.refresh_from_db()
    assert paper.title == "Better"


def test_undoing_twice_does_nothing_the_second_time() -> None:
    cam = User.objects.create_user("cam")
    paper = make.paper("Skip RNN")
    retitle(paper, "Wrong")
    change = changes_of(paper)[0]
    undo(paper, change, by=cam)

    with pytest.raises(CannotUndo, match="nothing to set back"):
        undo(paper, change, by=cam)


def test_the_past_cannot_be_rewritten() -> None:
    paper = make.paper("Skip RNN")
    retitle(paper, "Skipping")

    with pytest.raises(ProgrammingError, match="Cannot"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM papers_paperevent")
    with pytest.raises(ProgrammingError, match="Cannot"), connection.cursor() as cursor:
        cursor.execute("UPDATE papers_paperevent SET title = 'never'")


def test_saving_without_a_change_leaves_no_trace() -> None:
    paper = make.paper("Skip RNN")
    before = len(changes_of(paper))

    paper.save()

    assert len(changes_of(paper)) == before


def test_a_row_that_a_merge_moved_is_in_the_history_of_both_people() -> None:
    keeping, leaving = make.person("Gao Huang"), make.person("G. Huang")

    with act(reason="same person"):
        merge_people(survivor=keeping, other=leaving)

    assert told(keeping)[0]["spellings"] == (["Gao Huang"], ["Gao Huang", "G. Huang"])
    assert told(leaving)[0]["spellings"] == (["G. Huang"], [])
    assert told(leaving)[0]["merged_into"] == (None, "Gao Huang")


def test_the_first_load_writes_no_events_and_one_context_at_most() -> None:
    from papers.history import first_load

    with transaction.atomic():
        first_load()
        person = Person.objects.create(name="Ada", slug="ada")

    assert changes_of(person) == []
    assert not Context.objects.exists()


@pytest.mark.parametrize("many", [1, 6])
def test_reading_the_history_costs_the_same_for_many_changes(many, django_assert_num_queries):
    paper = make.paper("Skip RNN", topics=[make.topic("Early exiting")])
    for number in range(many):
        retitle(paper, f"Title {number}", by=None)

    with django_assert_num_queries(16):
        assert len(changes_of(paper)) >= many
