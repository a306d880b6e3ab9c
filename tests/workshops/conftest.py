"""A browser for members, as in tests/community."""

from tests.community.conftest import opened

__all__ = ["opened"]
