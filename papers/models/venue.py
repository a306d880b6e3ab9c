"""Where work appears: venues and the field's timeline."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from accounts.words import Words


class Venue(models.Model):
    """A series: a conference, a journal, the workshops of a conference, a preprint server."""

    class Kind(models.TextChoices):
        CONFERENCE = "conference", Words("conference")
        JOURNAL = "journal", Words("journal")
        WORKSHOP = "workshop", Words("workshop")
        PREPRINT = "preprint", Words("preprint server")
        WEB = "web", Words("web page or report")

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    full_name = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    aliases = models.JSONField(
        default=list, blank=True, help_text="Other names and abbreviations that papers print of it."
    )
    part_of = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="parts"
    )

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("venue", args=[self.slug])


class TimelineEvent(models.Model):
    """A step in the field's history that a curator picked, with the paper that took it."""

    class Domain(models.TextChoices):
        MODEL = "model", Words("Models")
        LLM = "LLM", Words("Language models")
        SYSTEM = "system", Words("Systems")
        COMPILER = "compiler", Words("Compilers")
        ACCELERATOR = "accelerator", Words("Accelerators")

    year = models.PositiveSmallIntegerField()
    domain = models.CharField(max_length=12, choices=Domain)
    title = models.CharField(max_length=300)
    why = models.TextField()
    paper = models.ForeignKey(
        "papers.Paper", null=True, blank=True, on_delete=models.PROTECT, related_name="milestones"
    )

    class Meta:
        ordering = ("year", "id")
        constraints = [
            models.UniqueConstraint(fields=["year", "title"], name="one_timeline_event_a_title")
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.title}"
