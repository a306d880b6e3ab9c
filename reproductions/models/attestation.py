"""Machines of members that perform runs, and the signed records that members hand in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import User, Visitor
from accounts.roles import is_curator
from accounts.words import Words


class RunnerQuerySet(models.QuerySet["Runner"]):
    def public(self) -> RunnerQuerySet:
        """Those that a curator has confirmed, retired ones included: their runs stay."""
        return self.filter(state__in=(Runner.State.TRUSTED, Runner.State.RETIRED))

    def visible_to(self, user: Visitor = None) -> RunnerQuerySet:
        """Confirmed ones; one's own; for curators all."""
        if is_curator(user):
            return self
        confirmed = Q(state__in=(Runner.State.TRUSTED, Runner.State.RETIRED))
        return self.filter(confirmed | Q(owner=user)) if isinstance(user, User) else self.public()


class Runner(models.Model):
    """A member's machine, known by the public half of an Ed25519 key."""

    class State(models.TextChoices):
        WAITING = "waiting", Words("waits for a curator")
        TRUSTED = "trusted", Words("trusted")
        REFUSED = "refused", Words("not trusted")
        RETIRED = "retired", Words("retired")
        WITHDRAWN = "withdrawn", Words("withdrawn before it was confirmed")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="runners"
    )
    name = models.CharField(max_length=80)
    public_key = models.CharField(max_length=44, unique=True, help_text="32 bytes as base64.")
    state = models.CharField(
        max_length=10, choices=State, default=State.WAITING, editable=False, db_index=True
    )
    has = models.JSONField(default=dict, help_text="Devices, scales, data sets, as it told last.")
    lacks = ArrayField(
        models.CharField(max_length=100),
        default=list,
        help_text="Programs and scales that ended there for want of data.",
    )
    registered_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = RunnerQuerySet.as_manager()

    class Meta:
        ordering = ("-registered_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("runner", args=[self.pk])

    @property
    def is_trusted(self) -> bool:
        return self.state == self.State.TRUSTED

    @property
    def is_counted(self) -> bool:
        """Whether what it attested counts: confirmed once, and not distrusted since."""
        return self.state in (self.State.TRUSTED, self.State.RETIRED)


class AttestationQuerySet(models.QuerySet["Attestation"]):
    def visible_to(self, user: Visitor = None) -> AttestationQuerySet:
        """Accepted ones; one's own; for curators all."""
        if is_curator(user):
            return self
        accepted = Q(state=Attestation.State.ACCEPTED)
        own = Q(member=user) if isinstance(user, User) else Q(pk__in=())
        return self.filter(accepted | own)

    def waiting(self) -> AttestationQuerySet:
        """Those that a curator has not looked at yet."""
        return self.filter(state=Attestation.State.WAITING)


class Attestation(models.Model):
    """A record of a run that a member vouches for. Its run exists once it is accepted."""

    class State(models.TextChoices):
        WAITING = "waiting", Words("waits for a curator")
        ACCEPTED = "accepted", Words("accepted")
        REFUSED = "refused", Words("refused")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="attestations"
    )
    runner = models.ForeignKey(
        Runner, null=True, on_delete=models.PROTECT, related_name="attestations"
    )
    run = models.OneToOneField(
        "reproductions.Run", null=True, on_delete=models.CASCADE, related_name="attestation"
    )
    program = models.SlugField(max_length=80)
    scale = models.CharField(max_length=10)
    seed = models.BigIntegerField()
    record = models.TextField(help_text="Exactly as it was signed.")
    record_sha256 = models.CharField(max_length=64, db_index=True)
    signature = models.CharField(max_length=88, blank=True, help_text="Ed25519, as base64.")
    state = models.CharField(
        max_length=10, choices=State, default=State.WAITING, editable=False, db_index=True
    )
    handed_in_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)

    objects = AttestationQuerySet.as_manager()

    class Meta:
        ordering = ("-handed_in_at", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "record_sha256"], name="one_attestation_a_member_and_record"
            )
        ]

    def __str__(self) -> str:
        return f"{self.program}, {self.scale} scale, seed {self.seed}"

    def get_absolute_url(self) -> str:
        return reverse("hand-in", args=[self.pk])
