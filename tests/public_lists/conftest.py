"""A list of Mia's that everybody sees, its keeper and another member."""

from __future__ import annotations

import pytest

from accounts.models import User
from community.models import PublicList
from community.moderation import transitions
from community.public_lists import taking_in
from tests import make
from tests.public_lists import files


@pytest.fixture
def mia() -> User:
    return make.member("mia")


@pytest.fixture
def eve() -> User:
    return make.member("eve")


@pytest.fixture
def seed(mia: User) -> PublicList:
    """A list of Mia's that everybody sees: one paper here, one that is not."""
    files.papers()
    made = taking_in.take_in(taking_in.read_texts({"a.md": files.SEED}), by=mia, slug="nets")
    transitions.submit(made, by=mia, trusted=True)
    return made
