"""Workshops: one edition a row, with its people, dates, programme and accepted papers."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.urls import reverse

from accounts.models import Visitor
from accounts.roles import is_member, is_moderator
from accounts.words import Words
from papers.models.paper import Paper
from papers.models.person import Person


class WorkshopQuerySet(models.QuerySet["Workshop"]):
    def visible_to(self, user: Visitor = None) -> Self:
        """The public ones; one's own; for moderators those that wait for them."""
        public = models.Q(state=Workshop.State.PUBLIC)
        if not is_member(user):
            return self.filter(public)
        own = models.Q(pk__in=Workshop.objects.organised_by(user).values("pk"))
        if is_moderator(user):
            own |= models.Q(state=Workshop.State.WAITING)
        return self.filter(public | own)

    def organised_by(self, user: Visitor) -> Self:
        """Those in which `user` has the role of an organiser."""
        return self.filter(organisers__user=user) if is_member(user) else self.none()


class Workshop(models.Model):
    """One edition of a workshop series. Texts are our own; facts carry their sources.

    What stands in its columns and lists is public once `state` is. Drafts of organisers are kept
    beside it, in WorkshopBlock, and are written here only when they become public.
    """

    class State(models.TextChoices):
        DRAFT = "draft", Words("draft")
        WAITING = "waiting", Words("waiting for a moderator")
        PUBLIC = "public", Words("public")

    state = models.CharField(max_length=8, choices=State, default=State.PUBLIC)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=300)
    acronym = models.CharField(max_length=20, blank=True)
    series = models.SlugField(max_length=40, db_index=True)
    edition = models.CharField(max_length=20, blank=True)
    year = models.PositiveSmallIntegerField()
    date = models.DateField(null=True, blank=True)
    timezone = models.CharField(max_length=60, blank=True)
    format = models.CharField(max_length=80, blank=True)
    host_conference = models.CharField(max_length=120, blank=True)
    location = models.CharField(max_length=200, blank=True)
    website = models.URLField(max_length=500, blank=True)
    relation = models.CharField(max_length=40, blank=True)
    status = models.CharField(max_length=120, blank=True)
    summary = models.TextField(blank=True)
    contact = models.CharField(max_length=200, blank=True)
    submission_portal = models.URLField(max_length=500, blank=True)
    previous_edition = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="next_editions"
    )
    topics = models.JSONField(default=list, blank=True)
    sponsors = models.JSONField(default=list, blank=True, help_text="[{name, tier}]")
    submission_rules = models.JSONField(default=dict, blank=True)
    awards = models.JSONField(default=list, blank=True)
    competition = models.JSONField(default=dict, blank=True)
    news = models.JSONField(default=list, blank=True)
    history = models.JSONField(default=list, blank=True)
    links = models.JSONField(default=list, blank=True, help_text="[{label, url}]")
    related_venues = models.JSONField(default=list, blank=True)
    draft_content = models.JSONField(default=dict, blank=True, help_text="Never shown in public.")
    notes = models.JSONField(default=list, blank=True, help_text="Doubts and inferences.")
    sources = models.JSONField(default=list, blank=True)
    imported = models.JSONField(
        default=dict, blank=True, help_text="The lists of the data file as last written to rows."
    )

    objects = WorkshopQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "-date", "slug")

    def __str__(self) -> str:
        return f"{self.acronym or self.name} {self.year}"

    def get_absolute_url(self) -> str:
        return reverse("workshop", args=[self.slug])

    @property
    def is_public(self) -> bool:
        return self.state == self.State.PUBLIC

    @property
    def sponsors_by_tier(self) -> list[dict[str, str]]:
        """{name, tier, url, logo, …} of every sponsor; "" for what the site does not tell."""
        pairs = [{"name": s} if isinstance(s, str) else s for s in self.sponsors]
        more = ("tier", "url", "logo", "logo_words")
        return [
            {"name": pair["name"], **{name: pair.get(name) or "" for name in more}}
            for pair in pairs
        ]


class WorkshopDate(models.Model):
    """A date of the call or the event. `ends_at` is the instant where the zone is known."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="dates")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, blank=True, help_text="What ends or happens then.")
    label = models.CharField(max_length=160)
    date = models.DateField(null=True, blank=True)
    code = models.CharField(max_length=80, blank=True, help_text="Names it in calendars.")
    note = models.CharField(max_length=300, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    previous = models.JSONField(default=list, blank=True, help_text="[{date, published}]")

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.label}: {self.date}"


class WorkshopRole(models.Model):
    """What a printed name did at a workshop."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="roles")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=30)
    printed_name = models.CharField(max_length=200)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="workshop_roles"
    )
    affiliation = models.CharField(max_length=300, blank=True)
    affiliation_note = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=500, blank=True)
    status = models.CharField(max_length=120, blank=True)
    biography = models.TextField(blank=True)
    photo = models.CharField(max_length=300, blank=True, help_text="Path of a file of ours.")
    photo_words = models.CharField(max_length=300, blank=True, help_text="What it shows.")

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return f"{self.printed_name}, {self.role}"


class AcceptedPaper(models.Model):
    """An entry in a workshop's list of accepted papers, tied to a paper here where it is one."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="accepted")
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=500)
    presentation = models.CharField(max_length=40, blank=True)
    track = models.CharField(max_length=120, blank=True)
    award = models.CharField(max_length=160, blank=True)
    pdf = models.CharField(max_length=500, blank=True)
    poster = models.CharField(max_length=500, blank=True)
    video = models.CharField(max_length=500, blank=True)
    supplement = models.CharField(max_length=500, blank=True)
    paper = models.ForeignKey(
        Paper, null=True, blank=True, on_delete=models.SET_NULL, related_name="accepted_at"
    )

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.title


class AcceptedAuthor(models.Model):
    """A printed name in the author list of an accepted paper."""

    accepted = models.ForeignKey(AcceptedPaper, on_delete=models.CASCADE, related_name="authors")
    position = models.PositiveSmallIntegerField()
    printed_name = models.CharField(max_length=200)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="accepted_authorships"
    )
    affiliation = models.CharField(max_length=300, blank=True)
    corresponding = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.printed_name


class ScheduleItem(models.Model):
    """An entry of the programme; times are local to the workshop's zone."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="schedule")
    position = models.PositiveSmallIntegerField()
    start = models.TimeField(null=True, blank=True)
    end = models.TimeField(null=True, blank=True)
    raw_time = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=30, blank=True)
    label = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=500, blank=True)
    link = models.URLField(max_length=500, blank=True)
    links = models.JSONField(default=list, blank=True, help_text="[{label, url}]")
    streamed = models.BooleanField(null=True, blank=True)
    code = models.CharField(max_length=80, blank=True, help_text="Names it in calendars.")
    day = models.DateField(null=True, blank=True, help_text="Where the programme has several.")
    room = models.CharField(max_length=120, blank=True)
    abstract = models.TextField(blank=True)
    withdrawn = models.BooleanField(default=False)

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.title or self.label

    @property
    def talk_or_none(self) -> Talk | None:
        """What is told in this slot; None for breaks, posters and the like."""
        return getattr(self, "talk", None)

    @property
    def speaker(self) -> str:
        """As printed; empty where nobody is named."""
        return self.talk_or_none.speaker if self.talk_or_none else ""


class Talk(models.Model):
    """Somebody speaks at a workshop, whether the programme, the list of speakers or both say so.

    One row a talk. `slot` is its entry in the programme, where it has one: when, and where its
    recording is linked. Recordings that members added point here from the community.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="talks")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=30, blank=True)
    title = models.CharField(max_length=500, blank=True)
    speaker = models.CharField(max_length=300, blank=True, help_text="As printed.")
    speakers = models.ManyToManyField(Person, related_name="talks", blank=True)
    slot = models.OneToOneField(
        ScheduleItem, null=True, blank=True, on_delete=models.SET_NULL, related_name="talk"
    )
    accepted = models.ForeignKey(
        AcceptedPaper, null=True, blank=True, on_delete=models.SET_NULL, related_name="talks"
    )

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.title or (self.slot.label if self.slot else "") or self.speaker

    @property
    def start(self) -> dt.time | None:
        """As printed, in the workshop's zone."""
        return self.slot.start if self.slot else None

    @property
    def end(self) -> dt.time | None:
        return self.slot.end if self.slot else None

    @property
    def link(self) -> str:
        """Recording or page of the talk, as the programme gives it."""
        return self.slot.link if self.slot else ""

    @property
    def links(self) -> list[dict[str, str]]:
        """All of the programme, also those whose days have not come or are over."""
        return self.slot.links if self.slot else []

    @property
    def anchor(self) -> str:
        """Fragment of the workshop's page where it stands."""
        return f"item-{self.slot.position + 1}" if self.slot else "talks"
