"""Runs of reference programs, and everything they printed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Visitor
from accounts.words import Words
from reproductions.models.number import SCALE_CHOICES
from reproductions.protocol import DEVICES
from work.job import Job, JobQuerySet


class RunQuerySet(JobQuerySet["Run"]):
    def visible_to(self, user: Visitor = None) -> RunQuerySet:
        """Every run is public: failures are shown as prominently as successes."""
        return self

    def here(self) -> RunQuerySet:
        """Run by this site, or shipped with it: what its headline rests on."""
        return self.exclude(origin=Run.Origin.ATTESTED)

    def attested(self) -> RunQuerySet:
        """Run on machines of members, who vouch for them."""
        return self.filter(origin=Run.Origin.ATTESTED)

    def finished(self) -> RunQuerySet:
        """Ended in an orderly way, so that their measurements count."""
        return self.filter(state=Run.State.FINISHED)


class Run(Job):
    """One start of one program. `state` is where it is; verdicts stand in its judgements."""

    class State(models.TextChoices):
        QUEUED = "queued", Words("waiting")
        RUNNING = "running", Words("running")
        FINISHED = "finished", Words("finished")
        NEEDS_DATA = "needs-data", Words("needs data")
        FAILED = "failed", Words("failed")
        CANCELLED = "cancelled", Words("cancelled")
        STOPPED = "stopped", Words("stopped at a limit")
        LOST = "lost", Words("lost")

    class Origin(models.TextChoices):
        OWN = "own", Words("run here")
        RECORDED = "recorded", Words("recorded")
        ATTESTED = "attested", Words("attested by a member")

    WAITING = State.QUEUED
    AT_WORK = (State.RUNNING,)

    program = models.SlugField(max_length=80)
    scale = models.CharField(max_length=10, choices=SCALE_CHOICES)
    seed = models.BigIntegerField()
    device = models.CharField(max_length=8, choices=[(name, name) for name in DEVICES])
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED, db_index=True)
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.OWN)
    record_sha256 = models.CharField(max_length=64, null=True, unique=True, editable=False)
    runner = models.ForeignKey(
        "reproductions.Runner", null=True, on_delete=models.PROTECT, related_name="runs"
    )
    again_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="repetitions"
    )
    attempt = models.PositiveSmallIntegerField(
        default=1, help_text="2 when it repeats a run whose worker was lost."
    )
    judged_with = models.ManyToManyField("self", symmetrical=False, related_name="+")

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="runs"
    )
    requested_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    cancel_requested_at = models.DateTimeField(null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    limit_seconds = models.PositiveIntegerField(default=0)
    progress_done = models.FloatField(default=0)
    progress_total = models.FloatField(default=0, help_text="0 when nobody knows.")
    progress_note = models.CharField(max_length=200, blank=True)

    exit_code = models.IntegerField(null=True)
    exit_cause = models.CharField(max_length=300, blank=True)
    wall_seconds = models.FloatField(null=True)
    cpu_seconds = models.FloatField(null=True)
    peak_memory_bytes = models.BigIntegerField(null=True)
    code = models.JSONField(default=dict, help_text="Hashes of program, protocol and manifest.")
    environment = models.JSONField(default=dict)
    hardware = models.JSONField(default=dict)
    isolation = models.JSONField(default=dict, help_text="What was really in force.")
    output_sha256 = models.CharField(max_length=64, blank=True)
    output_bytes = models.BigIntegerField(default=0)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ("-requested_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "scale", "seed", "device", "origin"],
                condition=Q(state__in=["queued", "running"]),
                name="one_active_run_a_program_scale_seed_device",
            )
        ]
        indexes = [
            models.Index(fields=["program", "scale", "-finished_at"], name="run_by_program"),
        ]

    def __str__(self) -> str:
        return f"run {self.pk}: {self.program}, {self.scale}, seed {self.seed}, {self.device}"

    def get_absolute_url(self) -> str:
        return reverse("run", args=[self.pk])

    def made_by(self, hashes: dict[str, str]) -> bool:
        """Whether program, counting code and manifest were those of these hashes."""
        return all(self.code.get(name) == value for name, value in hashes.items())

    @property
    def is_attested(self) -> bool:
        """Whether it is, or will be, run on a member's machine."""
        return self.origin == self.Origin.ATTESTED

    @property
    def seconds_so_far(self) -> float:
        """Since a worker took it; 0 while it waits."""
        return (timezone.now() - self.started_at).total_seconds() if self.started_at else 0.0


class RunLine(models.Model):
    """One line of a run's log, made harmless before it was stored."""

    class Kind(models.TextChoices):
        LOG = "log", Words("said")
        ERROR = "error", Words("standard error")
        MEASURE = "measure", Words("measured")
        SITE = "site", Words("the site")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(help_text="From 1, without gaps.")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.LOG)
    text = models.TextField()
    seconds = models.FloatField(help_text="Since the start of the run.")

    class Meta:
        ordering = ("number",)
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="one_line_a_number")]

    def __str__(self) -> str:
        return self.text


class Measurement(models.Model):
    """One measured number of a run; the raw material of verdicts."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="measurements")
    position = models.PositiveIntegerField()
    identifier = models.CharField(max_length=120)
    setting = models.CharField(max_length=2000, blank=True)
    metric = models.CharField(max_length=100)
    value = models.FloatField()
    unit = models.CharField(max_length=100)
    convention = models.CharField(max_length=100, blank=True)
    seed = models.BigIntegerField()
    standard_error = models.FloatField(null=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["run", "identifier", "seed"], name="one_measurement_an_identifier_and_seed"
            )
        ]

    def __str__(self) -> str:
        return f"{self.identifier} = {self.value} {self.unit}"


class CurvePoint(models.Model):
    """One point of a plot."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="points")
    position = models.PositiveIntegerField()
    curve = models.CharField(max_length=200)
    x = models.FloatField()
    y = models.FloatField()
    more = models.JSONField(default=dict)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="one_point_a_position")
        ]

    def __str__(self) -> str:
        return f"{self.curve} ({self.x}, {self.y})"
