"""The log of a reading group: who presented which paper when."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Visitor
from accounts.words import Words
from community.models.public_list import PublicList
from papers.models import Paper


class ReadingSessionQuerySet(models.QuerySet["ReadingSession"]):
    def public(self, user: Visitor = None) -> Self:
        """Confirmed sessions, without those whose papers `user` may not see; say who sees the list
        beforehand."""
        seen = Q(paper=None) | Q(paper__in=Paper.objects.visible_to(user))
        return self.filter(seen, state=ReadingSession.State.PUBLIC)


class ReadingSession(models.Model):
    """A meeting at which a paper was, or will be, presented; it belongs to a public list.

    What somebody else than a keeper sent waits: only they and the keepers see it. title: as
    printed, where the paper is not here. presenter: a printed name.
    """

    class State(models.TextChoices):
        WAITING = "waiting", Words("waiting for a keeper")
        PUBLIC = "public", Words("public")
        DECLINED = "declined", Words("declined")

    public_list = models.ForeignKey(PublicList, on_delete=models.CASCADE, related_name="log")
    state = models.CharField(max_length=8, choices=State, default=State.PUBLIC)
    date = models.DateField()
    paper = models.ForeignKey(
        Paper, null=True, blank=True, on_delete=models.CASCADE, related_name="reading_sessions"
    )
    title = models.CharField(max_length=500, blank=True)
    presenter = models.CharField(max_length=200, blank=True)
    slides = models.URLField(max_length=500, blank=True)
    recording = models.URLField(max_length=500, blank=True)
    notes = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    public_at = models.DateTimeField(null=True, db_index=True)
    answer = models.TextField(max_length=2000, blank=True)
    by_id: int | None
    paper_id: int | None
    public_list_id: int

    objects = ReadingSessionQuerySet.as_manager()

    class Meta:
        ordering = ("-date", "-pk")

    def __str__(self) -> str:
        return f"{self.date}: {self.title or self.paper_id}"

    @property
    def anchor(self) -> str:
        """Where it stands on the page of the log."""
        return f"session-{self.pk}"

    @property
    def shown_title(self) -> str:
        """As printed, else as the record has it."""
        return self.title or (self.paper.title if self.paper else "")
