"""What machines and sources say of papers: references, provenance, conflicts, suggested topics."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Func
from django.utils import timezone

from accounts.words import Words
from papers.models.document import Document
from papers.models.paper import Paper
from taxonomy.models import Topic


class FoldTitle(Func):
    """A title without case, accents, spaces and punctuation; a function of the database."""

    function = "papers_fold_title"
    arity = 1
    output_field = models.TextField()  # type: ignore[assignment]


class Reference(models.Model):
    """One entry of a paper's reference list, and the paper here that it names, if there is one."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="references")
    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="references")
    position = models.PositiveIntegerField()
    raw = models.TextField()
    title = models.CharField(max_length=500, blank=True)
    authors = models.JSONField(default=list)
    year = models.PositiveSmallIntegerField(null=True)
    venue = models.CharField(max_length=300, blank=True)
    doi = models.CharField(max_length=200, blank=True)
    arxiv = models.CharField(max_length=20, blank=True)
    url = models.CharField(max_length=500, blank=True)
    title_key = models.GeneratedField(
        expression=FoldTitle(F("title")), output_field=models.TextField(), db_persist=True
    )
    cited = models.ForeignKey(Paper, null=True, on_delete=models.SET_NULL, related_name="cited_by")

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="one_reference_a_position")
        ]
        indexes = [
            models.Index(fields=["title_key"], name="reference_by_title"),
            models.Index(fields=["doi"], condition=~models.Q(doi=""), name="reference_by_doi"),
            models.Index(
                fields=["arxiv"], condition=~models.Q(arxiv=""), name="reference_by_arxiv"
            ),
        ]

    def __str__(self) -> str:
        return self.title or self.raw[:80]


class FieldSource(models.Model):
    """Where the value of one field of a paper was found, and how sure the finder was."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="field_sources")
    field = models.CharField(max_length=20)
    source = models.CharField(max_length=120, help_text="PDF 0123456789ab, arXiv, Crossref, …")
    confidence = models.FloatField(null=True, help_text="0 (a guess) to 1 (printed and agreed).")
    document = models.ForeignKey(Document, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("field", "at")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "field", "source"], name="one_origin_a_field_and_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of paper {self.paper_id} from {self.source}"


class Decision(models.TextChoices):
    """What a curator said."""

    OPEN = "open", Words("to be decided")
    ACCEPTED = "accepted", Words("accepted")
    DECLINED = "declined", Words("declined")


class Conflict(models.Model):
    """A source says something else of a field than the record does. A curator decides.

    The field "same_as" asks whether the paper is the same work as the one whose key is `there`;
    "retracted" whether it was taken back, in the source's words: accepted, its page says so.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="conflicts")
    field = models.CharField(max_length=20)
    here = models.JSONField(null=True, help_text="What the record said when this was found.")
    there = models.JSONField(help_text="What the source says.")
    source = models.CharField(max_length=120)
    confidence = models.FloatField(null=True)
    note = models.CharField(max_length=300, blank=True)
    document = models.ForeignKey(
        Document, null=True, on_delete=models.PROTECT, related_name="conflicts"
    )
    fingerprint = models.CharField(max_length=64, help_text="Hash of field and proposed value.")
    found_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    replaced = models.JSONField(null=True, help_text="What accepting it overwrote.")

    class Meta:
        ordering = ("field", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "fingerprint"], name="one_conflict_a_proposed_value"
            )
        ]
        indexes = [
            models.Index(
                fields=["paper"], condition=models.Q(decision="open"), name="conflict_open"
            )
        ]

    def __str__(self) -> str:
        return f"{self.field} of paper {self.paper_id}"

    @property
    def is_open(self) -> bool:
        return self.decision == Decision.OPEN

    @property
    def label(self) -> str:
        return "perhaps the same work as another" if self.field == "same_as" else self.field

    @property
    def here_in_words(self) -> str:
        return in_words(self.here)

    @property
    def there_in_words(self) -> str:
        return in_words(self.there)


def in_words(value: object) -> str:
    """A field's JSON value for people: lists with commas, nothing for nothing."""
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class TopicSuggestion(models.Model):
    """A place in the taxonomy that a machine proposes for a paper, with its reasons."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="topic_suggestions")
    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="suggestions")
    confidence = models.FloatField(help_text="Estimated chance that a curator would agree, 0 to 1.")
    evidence = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-confidence", "id")
        constraints = [
            models.UniqueConstraint(fields=["paper", "topic"], name="one_suggestion_a_topic")
        ]

    def __str__(self) -> str:
        return f"{self.topic_id} for paper {self.paper_id}"

    @property
    def neighbours(self) -> list[Any]:
        """Similar papers under this topic: [{key, title, similarity}]."""
        return self.evidence.get("neighbours", [])


class ImportBatch(models.Model):
    """Works that somebody asked to import, as the sources described them; applied or not."""

    asked = models.TextField(help_text="What was pasted.")
    encoding = models.CharField(
        max_length=40, blank=True, help_text="Of a file that was not UTF-8, as it was told."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    made_at = models.DateTimeField(default=timezone.now)
    candidates = models.JSONField(default=list)
    problems = models.JSONField(default=list)
    applied_at = models.DateTimeField(null=True)
    results = models.JSONField(default=list)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"import {self.pk}"


class SourceVisit(models.Model):
    """When a source outside was last asked; its row lock makes visitors take turns."""

    source = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.source
