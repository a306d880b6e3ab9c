"""How a workshop is made and edited here: its organisers, drafts of its blocks, and its notices."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone

from papers.models.workshop import Workshop


def invitation_token() -> str:
    """144 random bits that stand well in an address."""
    return secrets.token_urlsafe(18)


class WorkshopOrganiser(models.Model):
    """Somebody who edits a workshop. Without `user` it is an invitation that nobody answered."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="organisers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="organised_workshops",
    )
    email = models.EmailField(blank=True, help_text="Where the invitation went; never shown.")
    token = models.CharField(max_length=32, unique=True, default=invitation_token)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    since = models.DateTimeField(default=timezone.now)
    user_id: int | None

    class Meta:
        ordering = ("since", "pk")
        constraints = [models.UniqueConstraint(fields=["workshop", "user"], name="organiser_once")]

    def __str__(self) -> str:
        return f"organiser {self.user_id or 'invited'} of {self.workshop_id}"


class WorkshopBlock(models.Model):
    """A part of a workshop's page: whether it is public, and what is not public yet.

    `content` holds fields as the data files name them, where they differ from what is public.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        SCHEDULED = "scheduled", "scheduled"
        PUBLIC = "public", "public"

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="blocks")
    code = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLIC)
    content = models.JSONField(null=True, blank=True)
    show_from = models.DateTimeField(null=True, blank=True)
    hide_after = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["workshop", "code"], name="one_block_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.workshop_id}: {self.state}"


class WorkshopNotice(models.Model):
    """Something that changed on a public workshop, for followers and calendars. Only added to."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    block = models.CharField(max_length=16)
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.text
