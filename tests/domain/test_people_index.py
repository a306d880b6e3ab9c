"""The index of people: counted beforehand by what triggers note, and never behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db.models import F

from papers import people_index
from papers.curation.people import merge_people
from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    Authorship,
    ListedPerson,
    ListingChange,
    Paper,
    Person,
    PersonAlias,
    ScheduleItem,
    Talk,
    WorkshopRole,
)
from papers.names import fold as folded
from papers.people_index import PeopleIndex
from tests import make

pytestmark = pytest.mark.django_db


def listed() -> list[tuple[str, int]]:
    people = PeopleIndex().page(first=0, most=1000)
    assert len(people) == PeopleIndex().count() == sum(n for _, _, n in PeopleIndex().letters())
    return [(person.name, person.paper_count) for person in people]


def counted() -> list[tuple[str, int]]:
    """The same, asked of the tables as they are."""
    people = []
    for person in Person.objects.visible_to(None).filter(aliases__name=F("name")):
        papers = Paper.objects.visible_to(None).filter(authorships__person=person)
        people.append((person, papers.distinct().count()))
    people.sort(key=lambda row: (-row[1], *_sorted_by(row[0])))
    return [(person.name, number) for person, number in people]


def _sorted_by(person: Person) -> tuple[str, str, int]:
    own = folded(person.name)
    return own.split(" ")[-1], own, person.pk


@pytest.fixture
def field() -> Paper:
    paper = make.paper("One", key="one", authors=["Gao Huang", "Ada Byron"])
    make.paper("Two", key="two", authors=["Gao Huang", "Jo March"])
    make.paper("Hidden", key="hidden", authors=["Ida Known"], state=Paper.State.HIDDEN)
    make.person("Nobody Else")
    return paper


def changes(paper: Paper) -> Iterator[str]:
    """Acts after each of which the index says what the tables say."""
    gao, ada, jo = (make.person(name) for name in ("Gao Huang", "Ada Byron", "Jo March"))
    yield "nothing"
    make.paper("Three", key="three", authors=["Ada Byron", "Ada Byron", "New Comer"])
    yield "a paper comes, with one author printed twice"
    Paper.objects.filter(key="two").update(state=Paper.State.HIDDEN)
    yield "a paper is hidden"
    Paper.objects.filter(key__in=["two", "hidden"]).update(state=Paper.State.PUBLIC)
    yield "papers become public"
    Paper.objects.filter(key="three").update(state=Paper.State.MERGED, merged_into=paper)
    yield "a paper is merged"
    Authorship.objects.filter(paper=paper, person=ada).update(person=jo)
    yield "an authorship is somebody else's"
    Authorship.objects.filter(paper__key="two").delete()
    yield "authorships go"
    Person.objects.filter(pk=jo.pk).update(name="Josephine March")
    yield "a name without a spelling"
    PersonAlias.objects.filter(person=jo).update(
        name="Josephine March", folded=folded("Josephine March")
    )
    yield "a spelling follows its name"
    other = make.person("G. Huang")
    merge_people(survivor=gao, other=other)
    yield "two are one"
    Person.objects.filter(pk=other.pk).update(merged_into=None)
    split = PersonAlias.objects.get(name="G. Huang")
    PersonAlias.objects.filter(pk=split.pk).update(person=other)
    yield "and are parted again"
    lonely = make.person("On Hidden")
    Authorship.objects.create(
        paper=Paper.objects.get(key="three"), position=9, printed_name="x", person=lonely
    )
    yield "somebody stands only on a paper that is not public"
    workshop = make.workshop()
    role = WorkshopRole.objects.create(
        workshop=workshop, position=0, printed_name="x", person=lonely, role="keynote"
    )
    yield "a role makes them known"
    role.delete()
    yield "and goes"
    accepted = AcceptedPaper.objects.create(workshop=workshop, position=0, title="On notes")
    author = AcceptedAuthor.objects.create(
        accepted=accepted, position=0, printed_name="x", person=lonely
    )
    yield "so does an accepted paper"
    AcceptedAuthor.objects.filter(pk=author.pk).update(person=None)
    slot = ScheduleItem.objects.create(workshop=workshop, position=4, title="On engines")
    make.talk(slot, "On Hidden")
    yield "or a talk"
    Talk.objects.all().delete()
    Person.objects.filter(pk=lonely.pk).update(curated=True)
    yield "or a curator"
    Authorship.objects.filter(person=lonely).delete()
    PersonAlias.objects.filter(person=lonely).delete()
    Person.objects.filter(pk=lonely.pk).delete()
    yield "a record goes"


@pytest.mark.parametrize("folds", [False, True], ids=["noted", "folded"])
def test_it_says_what_the_tables_say_after_every_change(field: Paper, folds: bool) -> None:
    people_index.fold()
    for what in changes(field):
        if folds:
            people_index.fold()
            assert not ListingChange.objects.exists()
        assert listed() == counted(), what
    assert ("Gao Huang", 1) in listed()


def test_only_who_changed_is_counted_anew(field: Paper) -> None:
    people_index.fold()
    assert ListedPerson.objects.count() == 4  # who stands on hidden papers only is not listed

    Paper.objects.filter(key="one").update(title="Another title", abstract="And more.")
    Person.objects.update(affiliation="Elsewhere")
    assert not ListingChange.objects.exists()

    make.paper("Three", key="three", authors=["Ada Byron"])
    ada = make.person("Ada Byron").pk
    assert set(ListingChange.objects.values_list("person_id", flat=True)) == {ada}
    assert people_index.fold() == 1
    assert people_index.fold() == 0
    assert ListedPerson.objects.get(pk=ada).papers == 2


def test_rows_that_came_without_triggers_are_counted_once_that_is_said(field: Paper) -> None:
    people_index.fold()
    ListedPerson.objects.update(papers=77)
    assert listed()[0][1] == 77

    people_index.count_everybody_anew()
    assert listed() == counted()
    people_index.fold()
    assert ListedPerson.objects.filter(papers=77).count() == 0
    assert listed() == counted()


def test_curators_are_shown_who_stands_on_hidden_papers_only(field: Paper) -> None:
    people_index.fold()
    curator = make.member("cleo", "curators")
    names = [person.name for person in PeopleIndex(curator).page(first=0, most=100)]
    assert "Ida Known" in names
    assert "Ida Known" not in dict(listed())


def test_letters_words_pages_and_orders(field: Paper) -> None:
    people_index.fold()
    make.paper("Four", key="four", authors=["Zoë Åkerman"])
    index = PeopleIndex()

    assert [(value, number) for value, _, number in index.letters()] == [
        ("a", 1), ("b", 1), ("e", 1), ("h", 1), ("m", 1),
    ]  # fmt: skip
    assert [p.name for p in index.page(first=0, most=9, words="ake zo")] == ["Zoë Åkerman"]
    assert index.count(words="ake zo") == index.count(letter="a") == 1
    assert index.count(words="_") == index.count(words="%") == 0
    assert [p.name for p in index.page(first=1, most=2, sort="name")] == [
        "Ada Byron",
        "Nobody Else",
    ]
    assert [p.name for p in index.page(first=0, most=9, letter="h")] == ["Gao Huang"]
    assert index.count(letter="other") == 0
