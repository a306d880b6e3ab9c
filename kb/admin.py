"""Accounts in the administration: who has which role, and nobody gives more than they have."""

from __future__ import annotations

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import User
from accounts.permissions import GROUPS
from accounts.roles import role_of

# One way in: with the site's limits on guessing, and with its second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.unregister(UserSession)  # where somebody signs in is theirs alone
admin.site.site_header = "The Living Survey: administration"


@admin.register(User)
class AccountAdmin(UserAdmin):
    """Accounts. Passwords are set by their owners; administrators send a reset mail.

    Only superusers make administrators or touch their accounts; other staff with the permission
    to change accounts make curators and moderators.
    """

    list_display = ("username", "role", "is_active", "date_joined", "last_login")
    list_filter = ("groups", "is_staff", "is_active")
    search_fields = ("username", "email", "profile__name")
    filter_horizontal = ("groups",)
    fieldsets = (
        (None, {"fields": ("username", "email")}),
        ("Role", {"fields": ("is_active", "groups", "is_staff", "is_superuser")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    readonly_fields = ("last_login", "date_joined")

    @admin.display(description="Role")
    def role(self, user: User) -> str:
        return role_of(user)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups__permissions")

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        reserved = ("username", "email", "is_staff", "is_superuser")
        return (*self.readonly_fields, *(() if _is_superuser(request) else reserved))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        if obj is not None and not _is_superuser(request) and (obj.is_staff or obj.is_superuser):
            return False
        return bool(super().has_change_permission(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Accounts are closed by their owners, or put out of use; their contributions stay."""
        return False

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Nobody learns or sets the password of somebody else, superusers apart."""
        if not _is_superuser(request):
            raise PermissionDenied
        return super().user_change_password(request, *args, **kwargs)

    def formfield_for_manytomany(self, db_field: Any, request: Any = None, **kwargs: Any) -> Any:
        """Staff who are no superusers give the roles of the site and no other group."""
        field = super().formfield_for_manytomany(db_field, request, **kwargs)
        if db_field.name == "groups" and field is not None and not _is_superuser(request):
            field.queryset = Group.objects.filter(name__in=GROUPS)
        return field


def _is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
