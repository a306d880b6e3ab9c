"""A member tells the moderators that something public should not be."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.words import Words


class Report(models.Model):
    """One member's complaint about one contribution. Read by moderators only, whoever wrote it."""

    class Outcome(models.TextChoices):
        OPEN = "", Words("waiting for a moderator")
        KEPT = "kept", Words("the reported was kept")
        HIDDEN = "hidden", Words("the reported was hidden")

    kind = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    contribution = GenericForeignKey("kind", "object_id")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reports"
    )
    reason = models.TextField(max_length=2000)
    state_since = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=1)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True, default=Outcome.OPEN)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    author_id: int
    kind_id: int

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id", "author"],
                condition=Q(outcome=""),
                name="one_open_report_a_member_and_thing",
            )
        ]

    def __str__(self) -> str:
        return f"report {self.pk}"
