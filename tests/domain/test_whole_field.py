"""The field as it ships: loaded by the command that everybody runs, and level with its files."""

from __future__ import annotations

import pytest
from django.conf import settings

from papers.data_files import load_catalogue
from papers.models import Paper, Person, Workshop, WorkshopRole
from taxonomy.models import Topic

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("whole_field")]


def test_every_paper_topic_and_person_of_the_files_is_there() -> None:
    dynn = Workshop.objects.get(slug="dynn-icml-2022")

    assert (Paper.objects.count(), Topic.objects.count()) == (2574, 131)
    assert Paper.objects.filter(role="static baseline").count() == 4
    assert dynn.roles.filter(role__in=["keynote", "invited"]).count() == 5
    assert dynn.accepted.filter(presentation="oral").count() == 11
    assert dynn.accepted.count() == 35
    assert dynn.talks.exclude(accepted=None).filter(kind="contributed").count() == 10
    assert dynn.talks.filter(kind__in=["keynote", "invited"]).count() == 5
    assert WorkshopRole.objects.filter(person__name="Gao Huang").exists()
    wojcik = set(Person.objects.filter(name__endswith="cik").values_list("name", flat=True))
    assert {"Bartosz Wojcik", "Bartosz Wójcik"} <= wojcik


def test_a_second_look_at_every_file_changes_nothing() -> None:
    second = load_catalogue(settings.FIXTURES_DIR, again=True)

    assert second.problems == second.conflicts == second.kept == []
    assert (second.total("new"), second.total("changed")) == (0, 0)
    assert second.total("same") > 800
