"""Signing in, and what an account may do, asked of the database once a request."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Permission
from django.db.models import Q


class OneQueryBackend(ModelBackend):
    """Django's own, but an account's permissions and those of its groups come in one query."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """`app.codename` of all that the account may do; kept with it, as Django does."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            rows = Permission.objects.all()
            if not user_obj.is_superuser:
                rows = rows.filter(Q(user=user_obj) | Q(group__user=user_obj))
            names = rows.order_by().values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{app}.{codename}" for app, codename in names}
        return user_obj._perm_cache  # type: ignore[no-any-return]
