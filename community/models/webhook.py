"""Addresses of members' programs that are told what is new of what they follow."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from work.job import Job, JobQuerySet


def new_salt() -> str:
    return secrets.token_hex(16)


class Webhook(models.Model):
    """One address. Its secret is reckoned from the site's key and a salt, and kept nowhere.

    `told_until`: what became visible before this was put into a delivery. `given_up`: deliveries
    in a row that were given up.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="webhooks"
    )
    address = models.URLField(max_length=500)
    salt = models.CharField(max_length=32, default=new_salt)
    made_at = models.DateTimeField(default=timezone.now)
    told_until = models.DateTimeField(default=timezone.now)
    given_up = models.PositiveSmallIntegerField(default=0)
    off_since = models.DateTimeField(null=True, blank=True)
    off_reason = models.CharField(max_length=300, blank=True)
    user_id: int

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(fields=["user", "address"], name="one_webhook_an_address")
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def is_on(self) -> bool:
        return self.off_since is None

    @property
    def key(self) -> bytes:
        """What deliveries are signed with."""
        site = settings.SECRET_KEY.encode()
        return hmac.digest(site, f"webhook {self.salt}".encode(), hashlib.sha256)

    @property
    def secret(self) -> str:
        """The key as Standard Webhooks write it."""
        return "whsec_" + base64.b64encode(self.key).decode("ascii")


class Delivery(Job):
    """One message to one address, tried until it is taken or given up.

    `body` is what is signed, kept as it goes out; `answer` is the beginning of the last answer.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENDING = "sending", "being sent"
        TAKEN = "taken", "taken"
        GIVEN_UP = "given up", "given up"

    WAITING = State.WAITING
    AT_WORK = (State.SENDING,)
    KEPT = timedelta(days=30)

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.UUIDField(default=uuid.uuid4, unique=True)
    kind = models.CharField(max_length=20)
    body = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the last answer, HTTP.")
    answer = models.CharField(max_length=500, blank=True)
    problem = models.CharField(max_length=300, blank=True)

    objects: JobQuerySet[Delivery] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ("-made_at", "-pk")
        indexes = [models.Index(fields=["state", "due_at"], name="delivery_due")]

    def __str__(self) -> str:
        return f"{self.kind} {self.event}: {self.state}"
