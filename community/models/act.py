"""Who did what to a contribution, when and why. Rows are only ever added."""

from __future__ import annotations

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone


class Act(models.Model):
    """One step in the life of a contribution: from which state to which, by whom and why."""

    kind = models.ForeignKey(ContentType, on_delete=models.PROTECT, related_name="+")
    object_id = models.BigIntegerField()
    contribution = GenericForeignKey("kind", "object_id")
    before = models.CharField(max_length=12)
    after = models.CharField(max_length=12)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="acts"
    )
    at = models.DateTimeField(default=timezone.now, db_index=True)
    reason = models.TextField(blank=True)

    class Meta:
        ordering = ("at", "id")
        indexes = [models.Index(fields=["kind", "object_id"], name="act_of_thing")]

    def __str__(self) -> str:
        return f"{self.before} to {self.after}"
