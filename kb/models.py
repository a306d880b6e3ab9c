"""Rows that belong to the site itself: accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from django.contrib.auth.models import AbstractUser

from papers.roles import GROUPS, scope_of


class User(AbstractUser):
    """An account. A person of the literature is papers.Person; the two are linked by a claim."""

    token_scopes: frozenset[str] | None = None  # set while a token of the API acts for the account
    _roles: tuple[bool, bool] = (False, False)

    def limited_to(self, scopes: Iterable[str]) -> Self:
        """This very object, in memory, with no more power than `scopes` and the role both allow.

        Every check of `is_staff` and `has_perm` below then holds for tokens too. It cannot be
        saved any more.
        """
        self.token_scopes = frozenset(scopes)
        self._roles = (self.is_staff, self.is_superuser)
        if "admin" not in self.token_scopes:
            self.is_staff = self.is_superuser = False
        return self

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        if self.token_scopes is None:
            return super().has_perm(perm, obj)
        if not self.is_active or scope_of(perm) not in self.token_scopes:
            return False
        was_staff, was_superuser = self._roles
        by_role = was_staff and any(perm in permissions for permissions in GROUPS.values())
        return was_superuser or by_role or super().has_perm(perm, obj)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.token_scopes is not None:
            raise RuntimeError("An account limited to a token's scopes is not to be saved.")
        super().save(*args, **kwargs)
