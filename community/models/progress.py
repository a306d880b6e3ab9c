"""How far members are on reading paths."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from papers.models import PathStep


class StepDone(models.Model):
    """A step that a member has ticked."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="steps_done"
    )
    step = models.ForeignKey(PathStep, on_delete=models.CASCADE, related_name="done_by")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [models.UniqueConstraint(fields=["user", "step"], name="a_step_ticked_once")]

    def __str__(self) -> str:
        return str(self.step)
