"""What the field calls the thing that a paper introduces: MSDNet, ACT, token merging."""

from __future__ import annotations

from django.db import models

from papers.models.paper import Paper
from papers.names import NAME_ORIGINS, name_key, singular_key


class PaperName(models.Model):
    """One name of what a paper introduces, and where it comes from.

    The usual name has position 0. `key` and `singular` are the forms under which it is looked up.
    """

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="names")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=120)
    origin = models.CharField(max_length=10, choices=NAME_ORIGINS, default="curator")
    key = models.CharField(max_length=120, editable=False)
    singular = models.CharField(max_length=120, editable=False)

    class Meta:
        ordering = ("position", "id")
        constraints = [models.UniqueConstraint(fields=["paper", "key"], name="one_name_a_paper")]
        indexes = [
            models.Index(fields=["key"], name="name_by_key"),
            models.Index(fields=["singular"], name="name_by_singular"),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def of(cls, paper: Paper, position: int, name: str, origin: str) -> PaperName:
        """A row not yet stored, with its keys."""
        return cls(
            paper=paper,
            position=position,
            name=name,
            origin=origin,
            key=name_key(name),
            singular=singular_key(name),
        )

    @property
    def is_confirmed(self) -> bool:
        """Whether a source was seen to say so."""
        return self.origin != "knowledge"
