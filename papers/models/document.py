"""Uploaded documents: the file, where its reading stands, and what was read."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Visitor
from accounts.roles import is_curator, is_member
from accounts.words import Words
from papers.models.paper import Paper
from work.job import Job, JobQuerySet


class DocumentQuerySet(JobQuerySet["Document"]):
    def visible_to(self, user: Visitor = None) -> DocumentQuerySet:
        """Documents that `user` may see: what they sent themselves, everything for curators."""
        if not is_member(user):
            return self.none()
        if is_curator(user):
            return self
        return self.filter(pk__in=Upload.objects.filter(by=user).values("document"))


class Document(Job):
    """One PDF, known by the hash of its bytes. `state` says where it is, `outcome` how it ended."""

    class State(models.TextChoices):
        QUEUED = "queued", Words("waiting")
        READING = "reading", Words("reading")
        MATCHING = "matching", Words("matching")
        DONE = "done", Words("done")
        FAILED = "failed", Words("failed")

    class Outcome(models.TextChoices):
        """How reading ended; all but the last two are words of papers.pdf.limits.Status."""

        NONE = "", "—"
        OK = "ok", Words("read")
        OK_WITH_WARNINGS = "ok-with-warnings", Words("read, with doubts")
        ENCRYPTED = "encrypted", Words("needs a password")
        IMAGE_ONLY = "image-only", Words("pictures only")
        MALFORMED = "malformed", Words("damaged")
        OVER_BUDGET = "over-budget", Words("too costly to read")
        NOT_A_PAPER = "not-a-paper", Words("not a paper")
        POISON = "poison", Words("ended its worker")
        LOST = "lost", Words("file lost")

    class Effect(models.TextChoices):
        NONE = "", "—"
        NEW = "new", Words("a new paper")
        ENRICHED = "enriched", Words("an existing paper enriched")
        KNOWN = "known", Words("an existing paper, nothing to add")
        WAITING = "waiting", Words("a new paper that waits for a curator")
        OFFERED = "offered", Words("an existing paper, what it adds waits for a curator")

    class Licence(models.TextChoices):
        """What the copyright holder allows, as SPDX names it. Blank: nobody said."""

        UNKNOWN = "", Words("not known: the PDF is kept for reading, not served")
        CC0 = "CC0-1.0", Words("CC0 1.0")
        CC_BY = "CC-BY-4.0", Words("CC BY 4.0")
        CC_BY_3 = "CC-BY-3.0", Words("CC BY 3.0")
        CC_BY_SA = "CC-BY-SA-4.0", Words("CC BY-SA 4.0")
        PUBLIC_DOMAIN = "public-domain", Words("public domain")
        RESERVED = "all-rights-reserved", Words("all rights reserved")

    WAITING = State.QUEUED
    AT_WORK = (State.READING, State.MATCHING)
    SERVABLE = (
        *(Licence.CC0, Licence.CC_BY, Licence.CC_BY_3, Licence.CC_BY_SA, Licence.PUBLIC_DOMAIN),
    )
    ATTEMPTS = 3  # tries that ended in an error, or in the death of a process that was watched
    MOST_TRIES = 30  # with those whose worker fell silent, for which nobody is blamed

    sha256 = models.CharField(max_length=64, unique=True)
    size_bytes = models.PositiveBigIntegerField()
    name = models.CharField(max_length=255, help_text="File name as first sent.")
    licence = models.CharField(max_length=30, choices=Licence, blank=True, default=Licence.UNKNOWN)
    licence_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="Who says so.",
    )
    licence_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    licence_confirmed_at = models.DateTimeField(
        null=True, help_text="Until then it is the sender's word, and the file is not handed out."
    )
    received_at = models.DateTimeField(default=timezone.now, db_index=True)

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    failures = models.PositiveSmallIntegerField(
        default=0, help_text="Tries that failed by the file's or our fault; not silent workers."
    )
    followed_up_at = models.DateTimeField(
        null=True, help_text="When the paper was embedded and topics were suggested."
    )

    outcome = models.CharField(max_length=20, choices=Outcome, blank=True, default=Outcome.NONE)
    message = models.CharField(max_length=500, blank=True)
    warnings = models.JSONField(default=list)
    effect = models.CharField(max_length=10, choices=Effect, blank=True, default=Effect.NONE)
    matched_by = models.CharField(max_length=60, blank=True)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.PROTECT, related_name="documents")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ("-received_at", "-id")
        indexes = [
            models.Index(
                fields=["state", "lease_until"],
                condition=Q(state__in=["queued", "reading", "matching"]),
                name="document_at_work",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("document", args=[self.pk])

    @property
    def is_done(self) -> bool:
        return self.state == self.State.DONE

    @property
    def has_failed(self) -> bool:
        return self.state == self.State.FAILED

    @property
    def may_be_handed_out(self) -> bool:
        """Whether anybody may have the file: an open licence that a curator confirmed."""
        return self.licence in self.SERVABLE and self.licence_confirmed_at is not None

    @property
    def licence_waits(self) -> bool:
        """Whether an open licence is claimed that no curator has confirmed."""
        return self.licence in self.SERVABLE and self.licence_confirmed_at is None

    @property
    def stored_as(self) -> str:
        """Name in the file storage, made from the content alone."""
        return f"documents/{self.sha256[:2]}/{self.sha256}.pdf"

    @property
    def short_sha(self) -> str:
        return self.sha256[:12]


class Reading(models.Model):
    """What the reader found in a document, kept apart because it is large."""

    document = models.OneToOneField(Document, on_delete=models.CASCADE, related_name="reading")
    extraction = models.JSONField(help_text="papers.pdf.extraction.Extraction, without text.")
    text = models.TextField(blank=True)
    page_count = models.PositiveIntegerField(default=0)
    coverage = models.FloatField(default=0, help_text="Share of glyphs that became text, 0 to 1.")
    seconds = models.FloatField(default=0)
    read_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"reading of document {self.document_id}"


class Upload(models.Model):
    """Somebody sent these bytes. The first sender made the document, later ones share it."""

    class Via(models.TextChoices):
        PAGE = "page", Words("upload page")
        API = "api", Words("API")
        COMMAND = "command", Words("command line")

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="uploads")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="uploads"
    )
    via = models.CharField(max_length=10, choices=Via)
    name = models.CharField(max_length=255)
    at = models.DateTimeField(default=timezone.now)
    is_trusted = models.BooleanField(
        default=False, help_text="Sent by a curator or the operator: public without being asked."
    )

    class Meta:
        ordering = ("-at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["document", "by"], nulls_distinct=False, name="one_upload_a_sender"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} by {self.by_id}"
