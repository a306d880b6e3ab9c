"""What the index of people shows of everybody, counted beforehand, and what changed since."""

from __future__ import annotations

from django.db import models


class ListedPerson(models.Model):
    """Somebody in the index of people as readers without an account see it.

    papers: public works. family: the folded last word of the name they go by, of which folded is
    all. Where a line of `ListingChange` leads to a person, that person is counted anew instead.
    """

    person_id = models.BigIntegerField(primary_key=True)
    papers = models.PositiveIntegerField()
    family = models.CharField(max_length=200, null=True)
    folded = models.CharField(max_length=200)

    class Meta:
        indexes = [
            models.Index(
                fields=["-papers", "family", "folded", "person_id"], name="listed_by_papers"
            ),
            models.Index(fields=["family", "folded", "person_id"], name="listed_by_family"),
        ]

    def __str__(self) -> str:
        return f"{self.folded}: {self.papers}"


class ListingChange(models.Model):
    """Something changed that the index shows of a person, or of all authors of a paper.

    Written by triggers (papers/models/listing_triggers.py); nobody waits for anybody to write one.
    0 instead of a person: of everybody. No foreign keys: a line outlives its record.
    """

    person_id = models.BigIntegerField(null=True)
    paper_id = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"person {self.person_id}, paper {self.paper_id}"
