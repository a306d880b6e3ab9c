"""The API as a client sees it."""

import pytest
from django.test import Client


@pytest.fixture
def get(db):
    """GET an address below /api/v1/ as an anonymous reader."""

    def ask(address="", **headers):
        return Client().get(f"/api/v1/{address}", headers=headers)

    return ask


@pytest.fixture
def staff_get(db, django_user_model):
    """The same as a member of the staff."""
    client = Client()
    client.force_login(django_user_model.objects.create_user("staff", is_staff=True))
    return lambda address="": client.get(f"/api/v1/{address}")
