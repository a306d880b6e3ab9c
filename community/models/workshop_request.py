"""The request that a workshop made here becomes public."""

from __future__ import annotations

import logging

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext, override

from accounts.words import Words
from community.models.act import Act
from community.models.moderated import Moderated, State
from papers.curation.workshop_blocks import publish, take_off
from papers.models import Workshop

log = logging.getLogger(__name__)
REFUSED = (State.DECLINED, State.HIDDEN)
_DECIDED = {
    State.PUBLISHED: Words("Your workshop “{name}” is public now."),
    State.DECLINED: Words(
        "Your workshop “{name}” was declined; change it and hand it in again, or write why it"
        " should stand."
    ),
    State.HIDDEN: Words("Your workshop “{name}” was taken off the site."),
}


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
        if self.state in (State.PUBLISHED, *REFUSED) and act.by_id not in (None, self.author_id):
            transaction.on_commit(lambda: self._write_to_author(act), robust=True)

    def _write_to_author(self, act: Act) -> None:
        """Tell whoever made it what a moderator decided, and why."""
        address = self.author.email if self.author else ""
        if not address:
            return
        with override(self.author.language or settings.LANGUAGE_CODE):
            words = str(_DECIDED[State(self.state)]).format(name=self.workshop.name)
            link = settings.KB_SITE_URL.rstrip("/") + self.get_absolute_url()
            said = gettext("The moderator wrote:")
        reason = f"\n\n{said}\n{act.reason}" if act.reason else ""
        subject = " ".join(words.split())
        body = f"{words}{reason}\n\n{link}\n"
        try:
            EmailMessage(subject=subject[:150], body=body, to=[address]).send()
        except Exception as error:  # the decision stands, and the desk says it as well
            log.warning("decision on workshop %s was not sent: %s", self.workshop_id, error)
