"""The request that a workshop made here becomes public."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from community.models.act import Act
from community.models.moderated import Moderated, State
from papers.curation.workshop_blocks import publish, take_off
from papers.models import Workshop


class WorkshopRequest(Moderated):
    """Asked by the member who made the workshop; the workshop's state follows this one's."""

    workshop = models.OneToOneField(Workshop, on_delete=models.CASCADE, related_name="request")

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.workshop}: {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("workshop-desk", args=[self.workshop.slug])

    def moved(self, act: Act) -> None:
        """Public when a moderator confirmed it; off the site when it was hidden or withdrawn."""
        if self.state == State.PUBLISHED:
            publish(self.workshop, by=act.by)
        else:
            waits = self.state == State.PENDING
            take_off(self.workshop, by=act.by, waits=waits)
