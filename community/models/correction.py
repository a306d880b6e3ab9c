"""What members propose to change in records, and what curators decided; alarms about both."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Visitor
from accounts.roles import is_curator
from accounts.words import Words


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def visible_to(self, user: Visitor = None) -> CorrectionQuerySet:
        """One's own; curators see all."""
        if is_curator(user):
            return self
        if user is None or not user.is_authenticated:
            return self.none()
        return self.filter(author=user)

    def with_names(self) -> CorrectionQuerySet:
        """With the accounts that pages name."""
        return self.select_related("author__profile", "decided_by__profile")

    def open(self) -> CorrectionQuerySet:
        return self.filter(state=Correction.State.OPEN)


class Correction(models.Model):
    """A proposal to change a record, to merge it into another, or to add a paper.

    `base` is what the record said when this was proposed: the common ancestor of the three-way
    view. `written` is what accepting it wrote; it differs from `proposed` where a curator edited.
    """

    class Kind(models.TextChoices):
        CHANGE = "change", Words("a change")
        MERGE = "merge", Words("a merge")
        NEW = "new", Words("a new paper")

    class State(models.TextChoices):
        OPEN = "open", Words("waiting for a curator")
        ACCEPTED = "accepted", Words("accepted")
        DECLINED = "declined", Words("declined")
        WITHDRAWN = "withdrawn", Words("withdrawn by its author")

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="corrections"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CHANGE)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    record_kind = models.CharField(max_length=10)
    record_id = models.BigIntegerField(null=True, help_text="Empty until a new paper is made.")
    base = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    written = models.JSONField(null=True)
    fingerprint = models.CharField(max_length=64, help_text="Hash of what is proposed.")
    reason = models.TextField()
    source = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    objects = CorrectionQuerySet.as_manager()
    author_id: int

    class Meta:
        ordering = ("created_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["author", "record_kind", "record_id", "fingerprint"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="one_open_correction_like_this",
            )
        ]
        indexes = [
            models.Index(fields=["state", "created_at"], name="correction_waiting"),
            models.Index(fields=["record_kind", "record_id"], name="correction_of_record"),
        ]

    def __str__(self) -> str:
        return f"correction {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("correction", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN


class Alarm(models.Model):
    """One account changed unusually many records within an hour, or with one act."""

    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alarms"
    )
    act = models.UUIDField(null=True, help_text="Of one act; empty when many acts add up.")
    hour = models.DateTimeField(help_text="The full hour in which it was noticed.")
    record_count = models.PositiveIntegerField()
    raised_at = models.DateTimeField(default=timezone.now)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-raised_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["account", "act"], condition=~Q(act=None), name="one_alarm_an_act"
            ),
            models.UniqueConstraint(
                fields=["account", "hour"], condition=Q(act=None), name="one_alarm_an_hour"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record_count} records by {self.account}"
