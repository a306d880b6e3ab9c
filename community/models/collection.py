"""What members keep for themselves: reading lists, marks, follows, digests."""

from __future__ import annotations

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.models import Visitor
from accounts.words import Words
from papers.models import Method, Paper, Person, Workshop
from taxonomy.models import Topic


def unguessable() -> str:
    """144 random bits that stand well in an address."""
    return secrets.token_urlsafe(18)


class ReadingListQuerySet(models.QuerySet["ReadingList"]):
    def visible_to(self, user: Visitor = None) -> Self:
        """One's own. A shared list is reached by its address alone: see `shared_at`."""
        return self.filter(owner=user) if user and user.is_authenticated else self.none()

    def shared_at(self, key: str) -> Self:
        """The list at an address that was given away, if it is still shared."""
        return self.filter(share_key=key, is_shared=True)


class ReadingList(models.Model):
    """Papers in an order, each with a note. Private until its owner shares its address."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_lists"
    )
    name = models.CharField(max_length=120)
    description = models.TextField(max_length=2000, blank=True)
    is_shared = models.BooleanField(default=False)
    share_key = models.CharField(max_length=32, unique=True, default=unguessable, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    papers = models.ManyToManyField(Paper, through="ListEntry", related_name="reading_lists")
    owner_id: int

    objects = ReadingListQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("list", args=[self.pk])

    @property
    def shared_address(self) -> str:
        return reverse("shared-list", args=[self.share_key])


class ListEntry(models.Model):
    """A paper's place in a list, and why it is there."""

    reading_list = models.ForeignKey(ReadingList, on_delete=models.CASCADE, related_name="entries")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="list_entries")
    position = models.PositiveIntegerField()
    note = models.TextField(max_length=4000, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(fields=["reading_list", "paper"], name="a_paper_once_in_a_list")
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.paper}"


class Mark(models.Model):
    """Whether a member has read a paper or means to."""

    class Kind(models.TextChoices):
        TO_READ = "to_read", Words("to read")
        READ = "read", Words("read")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_marks"
    )
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="marks")
    kind = models.CharField(max_length=8, choices=Kind)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-at", "-pk")
        constraints = [
            models.UniqueConstraint(fields=["user", "paper"], name="one_mark_a_paper_of_a_member")
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.kind}"


class Follow(models.Model):
    """Something a member wants to hear of; `seen_at` is how far they have looked."""

    class Kind(models.TextChoices):
        TOPIC = "topic", Words("topic")
        PERSON = "person", Words("person")
        PAPER = "paper", Words("paper")
        WORKSHOP = "workshop", Words("workshop")
        SEARCH = "search", Words("search")
        LIST = "list", Words("list")
        METHOD = "method", Words("method")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="follows"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    topic = models.ForeignKey(Topic, null=True, on_delete=models.CASCADE, related_name="follows")
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="follows")
    paper = models.ForeignKey(Paper, null=True, on_delete=models.CASCADE, related_name="follows")
    workshop = models.ForeignKey(
        Workshop, null=True, on_delete=models.CASCADE, related_name="follows"
    )
    public_list = models.ForeignKey(
        "community.PublicList", null=True, on_delete=models.CASCADE, related_name="follows"
    )
    method = models.ForeignKey(Method, null=True, on_delete=models.CASCADE, related_name="follows")
    query = models.CharField(max_length=2000, blank=True, help_text="Query string of a search.")
    made_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    user_id: int

    class Meta:
        ordering = ("kind", "made_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("user", "kind", "topic", "person", "paper", "workshop", "public_list"),
                    *("method", "query"),
                ],
                nulls_distinct=False,
                name="followed_once",
            )
        ]

    def __str__(self) -> str:
        records = (self.topic, self.person, self.paper, self.workshop, self.public_list)
        target = next((record for record in (*records, self.method) if record), self.query)
        return f"{self.kind} {target}"


class Subscription(models.Model):
    """How a member hears of what they follow: the address of their feed, and mail."""

    class Digest(models.TextChoices):
        NEVER = "never", Words("no mail")
        DAILY = "daily", Words("every day")
        WEEKLY = "weekly", Words("every week")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="subscription"
    )
    digest = models.CharField(max_length=8, choices=Digest, default=Digest.NEVER)
    feed_token = models.CharField(max_length=32, unique=True, default=unguessable)
    mail_token = models.CharField(max_length=32, unique=True, default=unguessable)
    told_until = models.DateTimeField(
        default=timezone.now, help_text="What became visible before this was told by mail."
    )
    tried_at = models.DateTimeField(null=True)
    user_id: int

    def __str__(self) -> str:
        return f"{self.user}: {self.digest}"


class DigestMail(models.Model):
    """One digest: what it tells is everything that became visible from `since` to `until`.

    `handed_over` is written before the mail server is called. A row that stays so may or may not
    have gone out: it is not sent again, and its span is told again by the next digest.
    """

    class State(models.TextChoices):
        MADE = "made", Words("made")
        HANDED_OVER = "handed_over", Words("handed to the mail server")
        SENT = "sent", Words("sent")
        EMPTY = "empty", Words("nothing new")
        FAILED = "failed", Words("refused by the mail server")

    subscription = models.ForeignKey(Subscription, on_delete=models.CASCADE, related_name="mails")
    since = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=12, choices=State, default=State.MADE)
    paper_count = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d} to {self.until:%Y-%m-%d}: {self.state}"


class Appearance(models.Model):
    """When a paper first became public here. Written by a trigger, whatever the way in."""

    paper = models.OneToOneField(
        Paper, primary_key=True, on_delete=models.CASCADE, related_name="appearance"
    )
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.paper_id} at {self.at}"
