"""Entries of workshops' programmes that members want to go to."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from papers.models import Workshop


class ScheduleStar(models.Model):
    """An entry that a member has ticked. It is named by its code, which outlives its row."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="schedule_stars"
    )
    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="stars")
    code = models.CharField(max_length=300)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["user", "workshop", "code"], name="an_entry_starred_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.workshop_id}"
