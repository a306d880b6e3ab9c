"""Accounts, and the keys of the API: tokens of programs, answers for requests sent again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Self

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractUser, AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone

from accounts.permissions import GROUPS, SCOPES, scope_of
from accounts.words import Words


class User(AbstractUser):
    """An account. A person of the literature is papers.Person; the two are linked by a claim."""

    language = models.CharField(
        max_length=20,
        blank=True,
        default="",
        help_text="Of mails and of the page after signing in.",
    )
    token_scopes: frozenset[str] | None = None  # set while a token of the API acts for the account
    _roles: tuple[bool, bool] = (False, False)
    _has_new_password = False

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

    def set_password(self, raw_password: str | None) -> None:
        """As Django does; tokens end with the old password when the account is saved.

        The same password in a newer hash, which Django makes at signing in, ends nothing.
        """
        before = self.password
        is_same = bool(before) and raw_password is not None and check_password(raw_password, before)
        super().set_password(raw_password)
        self._has_new_password = self._has_new_password or not is_same

    def set_unusable_password(self) -> None:
        super().set_unusable_password()
        self._has_new_password = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.token_scopes is not None:
            raise RuntimeError("An account limited to a token's scopes is not to be saved.")
        super().save(*args, **kwargs)
        if self._has_new_password:
            ended = {"revoked_at": timezone.now(), "ended_by": ApiToken.EndedBy.PASSWORD}
            ApiToken.objects.filter(user=self, revoked_at=None).update(**ended)
            self._has_new_password = False


# Whoever looks at something: an account, a reader without one, or a command of the site itself.
Visitor = User | AnonymousUser | None


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: Visitor) -> Self:
        """One's own, those that ended included."""
        return self.filter(user=user) if isinstance(user, User) else self.none()

    def valid(self) -> Self:
        """Neither revoked nor expired, of an account in use."""
        return self.filter(revoked_at=None, expires_at__gt=timezone.now(), user__is_active=True)


class ApiToken(models.Model):
    """Lets a program act for its owner, within scopes and for a time.

    Only a SHA-256 of the secret is kept: 256 random bits need no slow hash. It ends with the
    password under which it was made.
    """

    class EndedBy(models.TextChoices):
        OWNER = "", Words("revoked")
        PASSWORD = "password", Words("ended when the password changed")

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True, help_text="Public part of the token.")
    secret_sha256 = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(
        models.CharField(max_length=12, choices=[(scope, scope) for scope in SCOPES])
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=8, choices=EndedBy, blank=True, default=EndedBy.OWNER)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def is_valid(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class IdempotencyKey(models.Model):
    """The answer to a POST of the API that carried an Idempotency-Key.

    Written in the transaction of the act itself: either both are there or neither.
    """

    KEPT = timedelta(hours=24)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="idempotency_keys")
    key = models.CharField(max_length=255)
    request_sha256 = models.CharField(max_length=64)
    scopes = ArrayField(
        models.CharField(max_length=12), default=list, help_text="What the account might do then."
    )
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "key"], name="one_answer_a_key_of_a_user")
        ]

    def __str__(self) -> str:
        return f"{self.key} of {self.user_id}"


class Mail(models.Model):
    """A mail that waits for the mail server. Deleted when it was sent: it may hold a secret."""

    KEPT = timedelta(days=3)
    """How long it is tried again; links in mails are not good for longer."""

    to = ArrayField(models.CharField(max_length=320))
    message = models.BinaryField(help_text="The message as mail programs write it.")
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now, db_index=True)
    made_at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("due_at", "pk")

    def __str__(self) -> str:
        return f"mail {self.pk}"
