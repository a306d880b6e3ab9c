"""What one learns from: texts of topics, words of the field, reading paths."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from accounts.words import Words
from papers.models.paper import Paper
from taxonomy.models import Topic


class Writer(models.TextChoices):
    """Whose words a text is."""

    CURATOR = "curator", Words("a curator")
    MACHINE = "machine", Words("a machine")


class Lecture(models.Model):
    """The text of one topic. Papers are cited in it as `[@key]`, by the keys of their records."""

    topic = models.OneToOneField(Topic, on_delete=models.CASCADE, related_name="lecture")
    paragraphs = models.JSONField(default=list, help_text="[{title, text, title_zh, zh}]")
    read_five = models.JSONField(default=list, blank=True, help_text="[{paper, why, zh}]")
    misconceptions = models.JSONField(default=list, blank=True)
    open_questions = models.JSONField(default=list, blank=True)
    hardware = models.TextField(blank=True)
    figure = models.SlugField(max_length=60, blank=True)
    by = models.CharField(max_length=10, choices=Writer)
    unconfirmed = models.JSONField(
        default=list, blank=True, help_text="Parts that rest on no paper here."
    )

    def __str__(self) -> str:
        return f"Text of {self.topic}"


class Term(models.Model):
    """A word of the field in English and Chinese, and how its usage varies."""

    slug = models.SlugField(max_length=80, unique=True)
    en = models.CharField(max_length=120)
    zh = models.CharField(max_length=120)
    meaning_en = models.TextField()
    meaning_zh = models.TextField()
    variants_zh = models.JSONField(default=list, blank=True)
    note = models.TextField(blank=True)
    usage_varies = models.BooleanField(default=False)
    unconfirmed = models.BooleanField(
        default=True, help_text="True where the meaning comes from knowledge without a source."
    )

    class Meta:
        ordering = ("en", "pk")

    def __str__(self) -> str:
        return self.en

    def get_absolute_url(self) -> str:
        return f"{reverse('glossary')}#{self.slug}"


class ReadingPath(models.Model):
    """An order in which to read, for somebody who wants something certain."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=160)
    title_zh = models.CharField(max_length=160, blank=True)
    audience = models.TextField(help_text="Whom it is for and what they need to know before.")
    outcome = models.TextField(help_text="What they can do afterwards.")
    by = models.CharField(max_length=10, choices=Writer)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("path", args=[self.slug])


class PathStep(models.Model):
    """One thing to read or to try: a paper, a topic, or a page of this site."""

    path = models.ForeignKey(ReadingPath, on_delete=models.CASCADE, related_name="steps")
    slug = models.SlugField(max_length=80)
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200, blank=True)
    why = models.TextField()
    minutes = models.PositiveSmallIntegerField()
    paper = models.ForeignKey(Paper, null=True, on_delete=models.SET_NULL, related_name="+")
    topic = models.ForeignKey(Topic, null=True, on_delete=models.SET_NULL, related_name="+")
    address = models.CharField(max_length=200, blank=True, help_text="A page here, from its /.")
    optional = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["path", "slug"], name="a_step_once_in_a_path")
        ]

    def __str__(self) -> str:
        return f"{self.path}: {self.slug}"
