"""Feeds as their readers see them."""

import pytest
from django.test import Client


@pytest.fixture
def get(db):
    """GET an address of the site as an anonymous reader."""
    return lambda address, **headers: Client().get(address, headers=headers)
