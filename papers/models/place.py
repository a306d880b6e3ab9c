"""Where the field is worked on and taught: labs, organisations, courses and books.

People, papers and topics stand in lists as files name them (a printed name, a key, a slug), so that
a name without a record here is kept too; papers.places finds the records behind them.
"""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from accounts.words import Words


class Place(models.Model):
    """What the four kinds share.

    topics: slugs. from_memory: fields that rest on knowledge of the field and on no stored source.
    unconfirmed: fields that are doubtful, each with what is meant where it is not the whole field:
    "members (Shang Yang)".
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=100, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    url = models.URLField(max_length=500, blank=True)
    topics = models.JSONField(default=list, blank=True)
    from_memory = models.JSONField(default=list, blank=True)
    unconfirmed = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse(self._meta.model_name or "", args=[self.slug])

    @property
    def doubts(self) -> dict[str, str]:
        """By doubtful field what is meant of it; "" for all of it."""
        parted = (doubt.partition(" ") for doubt in self.unconfirmed)
        return {name: note.strip(" ()") for name, _, note in parted}

    def origin_of(self, field: str) -> str:
        """Where a field comes from: "unconfirmed", "memory" or "source"."""
        if field in self.doubts:
            return "unconfirmed"
        return "memory" if field in self.from_memory else "source"


class Lab(Place):
    """A lab or group. leads, members: printed names; papers: keys of works here."""

    affiliation = models.CharField(max_length=300, blank=True)
    country = models.CharField(max_length=100, blank=True)
    leads = models.JSONField(default=list, blank=True)
    members = models.JSONField(default=list, blank=True)
    papers = models.JSONField(default=list, blank=True)


class Organisation(Place):
    """A company, an institute or a project.

    papers: keys of works here by people who work there; products: [{name, what, year, source}].
    People and sponsorships are no fields: they follow from what workshops here print.
    """

    class Kind(models.TextChoices):
        COMPANY = "company", Words("company")
        INSTITUTE = "institute", Words("institute")
        UNIVERSITY = "university", Words("university")
        PROJECT = "project", Words("open-source project")

    kind = models.CharField(max_length=10, choices=Kind, blank=True)
    country = models.CharField(max_length=100, blank=True)
    papers = models.JSONField(default=list, blank=True)
    products = models.JSONField(default=list, blank=True)


class Course(Place):
    """A course. lectures: [{title, url, video, papers, topics}], papers by key."""

    provider = models.CharField(max_length=200, blank=True)
    lecturers = models.JSONField(default=list, blank=True)
    term = models.CharField(max_length=120, blank=True)
    video = models.URLField(max_length=500, blank=True)
    lectures = models.JSONField(default=list, blank=True)


class Book(Place):
    """A book. chapters: [{title, topics}]; relevant: why it is listed here."""

    authors = models.JSONField(default=list, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    publisher = models.CharField(max_length=200, blank=True)
    isbn = models.CharField(max_length=17, blank=True)
    relevant = models.TextField(blank=True)
    chapters = models.JSONField(default=list, blank=True)
