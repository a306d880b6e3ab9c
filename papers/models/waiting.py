"""Works that members sent and nothing has confirmed yet. No public table knows of them."""

from __future__ import annotations

import re

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Visitor
from accounts.roles import is_curator, is_member
from accounts.words import Words
from papers.models.document import Document, Upload
from papers.models.evidence import FoldTitle, ImportBatch
from papers.models.paper import Paper
from papers.names import fold

_PHRASE_OR_WORD = re.compile(r"[\"“”]([^\"“”]+)[\"“”]|([^\s\"“”]+)")
_MOST_WORDS = 32


class WaitingWorkQuerySet(models.QuerySet["WaitingWork"]):
    def visible_to(self, user: Visitor = None) -> WaitingWorkQuerySet:
        """What `user` sent, alone or the same file as others; everything for curators."""
        if not is_member(user):
            return self.none()
        if is_curator(user):
            return self
        return self.sent_by(user)

    def sent_by(self, user: Visitor) -> WaitingWorkQuerySet:
        """What `user` sent, whoever else sent the same file."""
        if not is_member(user):
            return self.none()
        files = Upload.objects.filter(by=user).values("document")
        return self.filter(Q(by=user) | Q(document__in=files))

    def waiting(self) -> WaitingWorkQuerySet:
        return self.filter(state=WaitingWork.State.WAITING)

    def saying(self, words: str) -> WaitingWorkQuerySet:
        """Those in which each of the words stands, wherever, in any case and with or without
        accents; what stands in quotation marks is looked for as a whole."""
        chosen = self.annotate(folded=FoldTitle("words"))
        for quoted, word in _PHRASE_OR_WORD.findall(words)[:_MOST_WORDS]:
            if key := fold(quoted or word).replace(" ", ""):
                chosen = chosen.filter(folded__contains=key)
        return chosen


class WaitingWork(models.Model):
    """One work as a member's source describes it, before it is a paper here.

    Nothing of it is public: paper, people and references are made when it is accepted, by a curator
    or because the source of its identifier says the same. `adds_to`: the public paper whose list of
    references and file it would bring. `paper`: what it became.
    """

    class State(models.TextChoices):
        WAITING = "waiting", Words("waiting")
        ACCEPTED = "accepted", Words("public")
        REFUSED = "refused", Words("refused")
        WITHDRAWN = "withdrawn", Words("withdrawn by its sender")

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="waiting_works"
    )
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    sent_at = models.DateTimeField(default=timezone.now)
    candidate = models.JSONField(help_text="papers.ingest.candidate.Candidate, as JSON values.")
    title = models.CharField(max_length=500)
    title_key = models.CharField(max_length=500, help_text="The title, folded, without spaces.")
    words = models.TextField(help_text="All that is searched in it.")
    fingerprint = models.CharField(max_length=64, help_text="Hash of the candidate.")
    document = models.ForeignKey(
        Document, null=True, on_delete=models.PROTECT, related_name="waiting_works"
    )
    batch = models.ForeignKey(
        ImportBatch, null=True, on_delete=models.SET_NULL, related_name="waiting_works"
    )
    adds_to = models.ForeignKey(
        Paper, null=True, on_delete=models.PROTECT, related_name="waiting_additions"
    )
    may_be = models.ForeignKey(
        Paper, null=True, on_delete=models.SET_NULL, related_name="waiting_namesakes"
    )
    may_be_reason = models.CharField(max_length=300, blank=True)
    evidence = models.JSONField(default=list, help_text="What other sources said, oldest first.")
    checked_at = models.DateTimeField(null=True, help_text="When other sources were last asked.")
    paper = models.ForeignKey(
        Paper, null=True, on_delete=models.SET_NULL, related_name="waiting_before"
    )
    written = models.JSONField(default=dict, help_text="What accepting it wrote into a record.")
    confirmed_by = models.CharField(max_length=120, blank=True, help_text="The source that agreed.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)
    seen_at = models.DateTimeField(null=True, help_text="When its sender saw the decision.")

    objects = WaitingWorkQuerySet.as_manager()
    by_id: int | None
    document_id: int | None
    adds_to_id: int | None
    paper_id: int | None

    class Meta:
        ordering = ("sent_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["by", "fingerprint"],
                condition=Q(state="waiting"),
                nulls_distinct=False,
                name="one_waiting_work_like_this",
            )
        ]
        indexes = [
            models.Index(fields=["state", "sent_at"], name="waiting_work_in_turn"),
            models.Index(fields=["title_key"], name="waiting_work_by_title"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("waiting-work", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING

    @property
    def claims_a_licence(self) -> bool:
        """Whether its file would be handed out if a curator confirmed the licence."""
        return self.document is not None and self.document.licence_waits

    @property
    def authors(self) -> list[str]:
        return self.candidate.get("authors", [])
