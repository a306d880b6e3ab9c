"""What programs promise, and how each promise fared in a run."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse

from reproductions.judging.rules import Verdict
from reproductions.models.number import SCALE_CHOICES, STATES, PublishedNumber


def _spoken(value: object) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


class Claim(models.Model):
    """One promise of a manifest. The file is the truth; this row lets the ledger ask questions."""

    program = models.SlugField(max_length=80)
    identifier = models.CharField(max_length=120, help_text="Of the measurement that tests it.")
    number = models.ForeignKey(
        PublishedNumber, null=True, on_delete=models.PROTECT, related_name="claims"
    )
    statement = models.TextField(blank=True)
    metric = models.CharField(max_length=40)
    unit = models.CharField(max_length=40, blank=True)
    scale = models.CharField(max_length=10, choices=SCALE_CHOICES)
    convention = models.CharField(max_length=60, blank=True)
    rule = models.JSONField(help_text="Kind and parameters of the rule, as the manifest has them.")
    basis = models.TextField(help_text="Why this tolerance.")
    deviations = ArrayField(models.TextField(), default=list, blank=True)
    printed_inputs = models.TextField(
        blank=True, help_text="What the paper prints and the program starts from."
    )
    explanation = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("program", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["program", "identifier"], name="one_claim_an_identifier"
            )
        ]

    def __str__(self) -> str:
        return f"{self.program}: {self.identifier}"

    def get_absolute_url(self) -> str:
        """Its row on the page of its program, which shows the part of the claims that holds it."""
        page = reverse("reproduction", args=[self.program])
        return f"{page}?claim={self.identifier}#{self.identifier}"

    @property
    def rule_text(self) -> str:
        """The rule as words and its parameters."""
        given = ", ".join(
            f"{name.replace('_', ' ')} {_spoken(value)}"
            for name, value in self.rule.items()
            if name != "kind" and value not in (None, [], "")
        )
        return f"{str(self.rule['kind']).capitalize()}{f': {given}' if given else ''}"


class Judgement(models.Model):
    """The verdict on one claim after one run, with the values it rests on."""

    run = models.ForeignKey(
        "reproductions.Run", on_delete=models.CASCADE, related_name="judgements"
    )
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="judgements")
    verdict = models.CharField(
        max_length=20, choices=[*STATES, (Verdict.UNDECIDED, "no verdict")], db_index=True
    )
    reason = models.TextField()
    sentence = models.TextField()
    unit = models.CharField(max_length=40, blank=True)
    published = models.FloatField(null=True)
    measured = models.FloatField(null=True, help_text="Mean over the seeds, in `unit`.")
    values = ArrayField(models.FloatField(), default=list, help_text="One per seed, in `unit`.")
    difference = models.FloatField(null=True)
    relative = models.FloatField(null=True)
    rules_version = models.CharField(max_length=20)

    class Meta:
        ordering = ("claim__position",)
        constraints = [
            models.UniqueConstraint(fields=["run", "claim"], name="one_judgement_a_claim_and_run")
        ]

    def __str__(self) -> str:
        return f"{self.verdict} in run {self.run_id}"

    def get_absolute_url(self) -> str:
        """Its permanent address: runs are never deleted, and claims keep their ids."""
        return reverse("verdict", args=[self.run_id, self.claim.identifier])

    @property
    def decides(self) -> bool:
        return self.verdict not in (Verdict.UNDECIDED, Verdict.NOT_RUN)
