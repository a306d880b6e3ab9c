"""Places by name follow what is recorded, though they are kept between searches."""

from __future__ import annotations

import pytest

from papers.models import Lab
from papers.places.naming import places_begun, places_named

pytestmark = pytest.mark.django_db


def test_a_place_that_is_made_renamed_and_removed_is_followed_at_once() -> None:
    assert places_named("Gate Lab") == []

    lab = Lab.objects.create(slug="gate-lab", name="Gate Lab", aliases=["GL"])
    assert [place.slug for place in places_named("gate lab")] == ["gate-lab"]
    assert [place.slug for place in places_named("gl")] == ["gate-lab"]

    Lab.objects.filter(pk=lab.pk).update(name="Skip Lab")
    assert places_named("Gate Lab") == []
    assert [place.slug for place in places_begun("ski")] == ["gate-lab"]

    lab.delete()
    assert places_named("Skip Lab") == []


def test_places_of_one_name_are_all_given_by_name() -> None:
    Lab.objects.create(slug="second", name="Zeta", aliases=["Common"])
    Lab.objects.create(slug="first", name="Alpha", aliases=["common", "COMMON"])

    assert [place.slug for place in places_named("common")] == ["first", "second"]
