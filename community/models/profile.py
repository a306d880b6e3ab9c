"""What an account says about itself, and which person of the literature it is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.words import Words
from papers.models import Person


class Profile(models.Model):
    """What a member chose to tell. Everything is theirs to leave empty; nothing is on by default.

    `closed_at` is set when the account is closed: from then on the member is nobody.
    """

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="profile"
    )
    name = models.CharField("name to show", max_length=120, blank=True)
    affiliation = models.CharField(max_length=200, blank=True)
    homepage = models.URLField(max_length=300, blank=True)
    orcid = models.CharField("ORCID iD", max_length=19, blank=True)
    is_public = models.BooleanField("show my member page to everybody", default=False)
    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    user_id: int

    def __str__(self) -> str:
        return self.name or self.user.get_username()

    def get_absolute_url(self) -> str:
        return reverse("member", args=[self.user.get_username()])


class PersonClaim(models.Model):
    """ "This person of the literature is me." Decided once, by conditional update."""

    class State(models.TextChoices):
        OPEN = "open", Words("waiting for a moderator")
        CONFIRMED = "confirmed", Words("confirmed")
        DECLINED = "declined", Words("declined")
        WITHDRAWN = "withdrawn", Words("withdrawn")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="person_claims"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claims")
    statement = models.TextField("how a moderator can check it", max_length=2000, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    made_at = models.DateTimeField(default=timezone.now)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_orcid = models.BooleanField(default=False, help_text="Confirmed by a connected ORCID iD.")
    reason = models.TextField(blank=True)
    user_id: int

    class Meta:
        ordering = ("made_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=models.Q(state__in=["open", "confirmed"]),
                name="one_living_claim_a_member",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state="confirmed"),
                name="one_member_a_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} is {self.person}: {self.state}"
