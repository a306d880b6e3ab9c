"""Reading lists and marks."""

from __future__ import annotations

import pytest

from accounts.roles import NotPossible
from community.lists import (
    add_paper,
    change_list,
    entries_for,
    make_list,
    marks_of,
    move_entry,
    place_entry,
    remove_entry,
    set_mark,
    step_entry,
)
from community.models import ListEntry, ReadingList
from papers.models import Paper
from tests import make
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


def filled(titles: str = "abc") -> ReadingList:
    chosen = make_list(user("mia"), name="To discuss")
    for title in titles:
        add_paper(chosen, make.paper(title))
    return chosen


def order(chosen: ReadingList) -> str:
    return "".join(chosen.entries.values_list("paper__title", flat=True))


def entry(chosen: ReadingList, title: str) -> ListEntry:
    return chosen.entries.get(paper__title=title)


def test_papers_are_moved_by_steps_and_to_places() -> None:
    chosen = filled("abcd")

    step_entry(entry(chosen, "c"), -1)
    stepped = order(chosen)
    move_entry(entry(chosen, "a"), 99)
    moved = order(chosen)
    remove_entry(entry(chosen, "b"))

    assert (stepped, moved, order(chosen)) == ("acbd", "cbda", "cda")
    assert list(chosen.entries.values_list("position", flat=True)) == [1, 2, 3]


def test_papers_are_placed_before_one_another_whoever_hides_between() -> None:
    chosen = filled("abcd")
    Paper.objects.filter(title="c").update(state=Paper.State.HIDDEN)

    place_entry(entry(chosen, "a"), before=entry(chosen, "d").pk)
    before = order(chosen)
    place_entry(entry(chosen, "b"), before=None)

    assert (before, order(chosen)) == ("bcad", "cadb")


def test_a_paper_is_placed_before_nothing_that_is_gone_or_elsewhere() -> None:
    chosen = filled("ab")
    other = add_paper(make_list(chosen.owner, name="Other"), Paper.objects.get(title="b"))

    for below in (other.pk, entry(chosen, "a").pk, 0):
        with pytest.raises(NotPossible):
            place_entry(entry(chosen, "a"), before=below)

    assert order(chosen) == "ab"


def test_the_ends_are_ends() -> None:
    chosen = filled("ab")

    step_entry(entry(chosen, "a"), -1)
    step_entry(entry(chosen, "b"), 1)

    assert order(chosen) == "ab"


def test_a_paper_stands_in_a_list_once() -> None:
    chosen = filled("a")

    again = add_paper(chosen, Paper.objects.get(), note="twice")

    assert again.note == ""
    assert chosen.entries.count() == 1


def test_a_list_is_reached_by_its_address_only_while_it_is_shared() -> None:
    chosen = filled("a")
    private = ReadingList.objects.shared_at(chosen.share_key).exists()
    change_list(chosen, is_shared=True)
    first = chosen.share_key
    shared = ReadingList.objects.shared_at(first).exists()
    change_list(chosen, is_shared=False)
    change_list(chosen, is_shared=True)

    assert (private, shared) == (False, True)
    assert len(first) == 24  # 144 bits
    assert not ReadingList.objects.shared_at(first).exists()


def test_a_paper_that_was_hidden_is_in_no_list_of_a_reader() -> None:
    chosen = filled("ab")
    Paper.objects.filter(title="a").update(state=Paper.State.HIDDEN)

    assert [one.paper.title for one in entries_for(chosen, chosen.owner)] == ["b"]


def test_nobody_sees_the_list_of_another() -> None:
    chosen = filled("a")
    change_list(chosen, is_shared=True)

    seen = ReadingList.objects.visible_to(user("eve", is_staff=True))

    assert not seen.filter(pk=chosen.pk).exists()
    assert not ReadingList.objects.visible_to(None).exists()


def test_a_paper_is_read_or_to_read_or_neither() -> None:
    mia, paper = user("mia"), make.paper()

    set_mark(mia, paper, "to_read")
    meant = marks_of(mia)
    set_mark(mia, paper, "read")
    read = marks_of(mia)
    set_mark(mia, paper, "")

    assert (meant, read, marks_of(mia)) == ({paper.pk: "to_read"}, {paper.pk: "read"}, {})
    with pytest.raises(NotPossible):
        set_mark(mia, paper, "burnt")
