"""Printed names become people in one place."""

from __future__ import annotations

import pytest

from papers.models import Person, PersonAlias
from papers.persons import Spellings, follow_spellings, keep_spelling
from tests import make

pytestmark = pytest.mark.django_db


def test_a_spelling_leads_to_one_person_however_often_it_is_read() -> None:
    first, second = Spellings(), Spellings()

    pk = first.person_id("Ada  Example")

    assert second.person_id("Ada Example") == pk == first.person_id(" Ada Example ")
    assert Person.objects.count() == PersonAlias.objects.count() == 1


def test_other_spellings_make_other_people_until_a_curator_says_otherwise() -> None:
    spellings = Spellings()
    spellings.learn(["Ada Example", "A. Example", "Ada Example"])
    ada = Person.objects.get(name="Ada Example")

    spellings.lead_to(ada, ["A. Example"])

    assert Person.objects.count() == 2
    assert spellings.person_id("A. Example") == Spellings().person_id("A. Example") == ada.pk


def test_namesakes_and_names_without_latin_letters_get_numbered_addresses() -> None:
    make.person("Ada Exámple", slug="ada-example")
    make.person("Somebody", slug="ada-example-2")

    Spellings().learn(["Ada Example", "ADA EXAMPLE", "韩益增", "王小明"])

    slugs = set(Person.objects.values_list("slug", flat=True))
    assert slugs >= {"ada-example-3", "ada-example-4", "person", "person-2"}


def test_appearances_follow_a_spelling_and_the_emptied_record_leads_on() -> None:
    paper = make.paper(authors=["A. Example", "Bo Other"])
    ada = make.person("Ada Example")

    follow_spellings(ada, ["A. Example"])

    assert paper.authorships.get(printed_name="A. Example").person == ada
    assert Person.objects.get(name="A. Example").merged_into == ada


def test_a_kept_spelling_is_not_taken_from_others() -> None:
    ada, bo = make.person("Ada Example"), make.person("Bo Other")

    keep_spelling(ada, "Bo Other")
    keep_spelling(ada, "A. E. Example")

    assert PersonAlias.objects.get(name="Bo Other").person == bo
    assert PersonAlias.objects.get(name="A. E. Example").person == ada
