"""Numbers that papers print, and places where the literature disagrees with itself."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.models import Prefetch
from django.urls import reverse

from accounts.models import Visitor
from accounts.words import Words
from papers.models import Paper
from reproductions.judging.rules import Verdict
from reproductions.protocol import SCALES
from taxonomy.models import Topic

STATES = [
    (Verdict.EXACT, Words("exact")),
    (Verdict.WITHIN, Words("within tolerance")),
    (Verdict.REPRODUCED, Words("reproduced")),
    (Verdict.PARTIAL, Words("partial")),
    (Verdict.DIRECTION, Words("direction")),
    (Verdict.CONSISTENT, Words("consistent")),
    (Verdict.OUTSIDE, Words("outside")),
    (Verdict.AMBIGUOUS, Words("ambiguous")),
    (Verdict.SOURCES_DISAGREE, Words("sources disagree")),
    (Verdict.NOT_RUN, Words("not run")),
]
VERIFIED = (Verdict.EXACT, Verdict.WITHIN, Verdict.REPRODUCED)
"""States in which the printed number itself was met, at the scale at which it is stated."""

SCALE_WORDS = (
    Words("exact"), Words("smoke"), Words("toy"), Words("reduced"), Words("full"),
)  # fmt: skip
SCALE_CHOICES = list(zip(SCALES, SCALE_WORDS, strict=True))


class PublishedNumberQuerySet(models.QuerySet["PublishedNumber"]):
    def visible_to(self, user: Visitor = None) -> PublishedNumberQuerySet:
        """Numbers of papers that `user` may see, without withdrawn ones."""
        return self.filter(withdrawn_at=None, paper__in=Paper.objects.visible_to(user))

    def under(self, topic: Topic) -> PublishedNumberQuerySet:
        """Numbers of papers placed at `topic` or below it."""
        return self.filter(paper__in=Paper.objects.under(topic))

    def for_rows(self) -> PublishedNumberQuerySet:
        """With all that a row of the ledger shows, in a fixed number of queries."""
        claims = apps.get_model("reproductions.Claim")._default_manager
        return self.select_related("paper", "judgement", "judgement__run").prefetch_related(
            Prefetch("claims", claims.filter(withdrawn_at=None), to_attr="tested_by")
        )


class PublishedNumber(models.Model):
    """One number as a paper, or its repository, prints it."""

    class Needs(models.TextChoices):
        """What a test of the number needs."""

        ARITHMETIC = "exact-cost", Words("arithmetic")
        GENERATED = "synthetic-task", Words("generated data")
        DIGITS = "small-real-data", Words("small real data")
        DATASET = "needs-dataset", Words("the paper's data set")
        WEIGHTS = "needs-weights", Words("pretrained weights")

    TESTABLE = (Needs.ARITHMETIC, Needs.GENERATED, Needs.DIGITS)
    """What a machine without the data set and the trained weights of a paper can test."""

    slug = models.SlugField(max_length=100, unique=True, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="numbers")
    position = models.PositiveIntegerField(default=0)
    setting = models.CharField(max_length=300)
    metric = models.CharField(max_length=40, db_index=True)
    printed = models.CharField(max_length=40, help_text="The digits as they are printed.")
    value = models.DecimalField(max_digits=30, decimal_places=12, help_text="In `unit`.")
    unit = models.CharField(max_length=40, blank=True)
    decimals = models.PositiveSmallIntegerField(help_text="Printed digits after the point.")
    table = models.CharField(max_length=200, blank=True, help_text="Table or section.")
    source = models.CharField(max_length=500)
    confidence = models.CharField(max_length=10)
    confirmed = models.BooleanField(help_text="Somebody has seen the number in its source.")
    needs = models.CharField(max_length=20, choices=Needs, db_index=True)
    notes = models.TextField(blank=True)

    # Where it stands among others, so that numbers can be compared; empty where nobody has said.
    point = models.CharField(
        max_length=120, blank=True, db_index=True, help_text="Operating point that it describes."
    )
    task = models.CharField(max_length=60, blank=True, db_index=True)
    data_set = models.CharField(max_length=80, blank=True)
    split = models.CharField(max_length=20, blank=True)
    measure = models.CharField(
        max_length=40, blank=True, help_text="What is meant by `metric` here: top-1, mIoU, active."
    )
    backbone = models.CharField(max_length=60, blank=True)
    baseline = models.BooleanField(default=False, help_text="A static network, for comparison.")
    second_hand = models.BooleanField(
        default=False, help_text="Read in notes of third parties, not in the paper or repository."
    )
    table_of = models.CharField(
        max_length=120,
        blank=True,
        help_text="Whose table prints it, where that is not the paper's own: a key or repository.",
    )
    from_file = models.JSONField(default=dict, editable=False)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    # Derived from manifests and runs; reproductions.ledger writes them, nobody types them.
    scale = models.CharField(max_length=10, choices=SCALE_CHOICES, editable=False, default="full")
    convention = models.CharField(max_length=60, blank=True, editable=False)
    state = models.CharField(
        max_length=20, choices=STATES, default=Verdict.NOT_RUN, editable=False, db_index=True
    )
    judgement = models.ForeignKey(
        "reproductions.Judgement",
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    updated_at = models.DateTimeField(auto_now=True)

    objects = PublishedNumberQuerySet.as_manager()

    class Meta:
        ordering = ("paper__key", "position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "setting", "metric"], name="one_number_a_setting_and_metric"
            )
        ]
        indexes = [models.Index(fields=["task", "data_set"], name="number_by_data_set")]

    def __str__(self) -> str:
        return f"{self.paper_id}: {self.setting}, {self.metric} {self.printed} {self.unit}".strip()

    def get_absolute_url(self) -> str:
        return reverse("number", args=[self.slug])

    @property
    def trusted(self) -> bool:
        """Seen in the paper or its repository: neither second-hand nor from memory."""
        return self.confirmed and not self.second_hand

    @property
    def measured(self) -> float | None:
        """Our value in the printed unit, from the run that decided the state."""
        return self.judgement.measured if self.judgement else None


class Disagreement(models.Model):
    """Sources that cannot all be right, with the arithmetic that shows it."""

    class Kind(models.TextChoices):
        SOURCES = "sources", Words("two sources print different values")
        SUM = "sum", Words("parts do not add up to the printed total")
        CONVENTION = "convention", Words("one name, two conventions")
        UNIT = "unit", Words("an unusual unit")
        ERROR = "error", Words("an error inside a source")

    slug = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=200)
    text = models.TextField()
    also = models.JSONField(
        default=list, help_text="Values that are no numbers of the ledger: printed, source."
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "slug")

    def __str__(self) -> str:
        return self.title


class DisagreementPart(models.Model):
    """A published number inside a disagreement, and what it is there."""

    class Role(models.TextChoices):
        SAYS = "says", Words("one of the values")
        PART = "part", Words("a part of the sum")
        TOTAL = "total", Words("the printed total")

    disagreement = models.ForeignKey(Disagreement, on_delete=models.CASCADE, related_name="parts")
    number = models.ForeignKey(
        PublishedNumber, on_delete=models.CASCADE, related_name="disagreements"
    )
    role = models.CharField(max_length=6, choices=Role, default=Role.SAYS)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(
                fields=["disagreement", "number"], name="one_part_a_number_in_a_disagreement"
            )
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.number_id}"
