"""Survey tables: stored questions to the ledger, with every version that was ever shown."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class SurveyTable(models.Model):
    """A table of the survey. What it asks and says stands in its newest version."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=160)
    position = models.PositiveSmallIntegerField(default=0)
    from_file = models.JSONField(default=dict, editable=False, help_text="What its file says.")

    class Meta:
        ordering = ("position", "title")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("table", args=[self.slug])


class SurveyTableVersion(models.Model):
    """What a table asked, and the rows that answered when the version was made. Never changed."""

    table = models.ForeignKey(SurveyTable, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    answer = models.JSONField(help_text="Heads and rows at that moment.")
    note = models.CharField(max_length=300, blank=True, help_text="Why it was made.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("table", "-number")
        constraints = [
            models.UniqueConstraint(
                fields=["table", "number"], name="one_version_a_number_of_a_table"
            )
        ]

    def __str__(self) -> str:
        return f"{self.table_id}, version {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("table-version", args=[self.table.slug, self.number])
