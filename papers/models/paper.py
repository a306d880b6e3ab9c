"""Papers and everything that belongs to exactly one paper."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Value
from django.urls import reverse

from accounts.models import Visitor
from accounts.roles import is_curator
from accounts.words import Words
from papers.models.read_along import read_along
from papers.models.venue import Venue
from taxonomy.models import Topic

AUTHORS_INCOMPLETE = "authors (more may follow)"
"""Among a paper's unconfirmed fields: its list of authors is cut off."""


class PaperQuerySet(models.QuerySet["Paper"]):
    def visible_to(self, user: Visitor = None) -> PaperQuerySet:
        """Papers that `user` may see: the public ones, and all of them for curators."""
        if is_curator(user):
            return self
        return self.filter(state=Paper.State.PUBLIC)

    def known_to(self, user: Visitor = None) -> PaperQuerySet:
        """Papers that `user` may know to be here: also those whose addresses say where they went.

        An import or an upload is compared with these; that a hidden one is here is not told.
        """
        if is_curator(user):
            return self
        hidden = Paper.State.HIDDEN
        return self.exclude(state=hidden).exclude(merged_into__state=hidden)

    def under(self, topic: Topic) -> PaperQuerySet:
        """Papers placed at `topic` or below it, each once."""
        placed = PaperTopic.objects.filter(topic__in=Topic.objects.under(topic))
        return self.filter(pk__in=placed.values("paper"))

    def newest_first(self) -> PaperQuerySet:
        """By year and month; within a year those whose month is not known stand last."""
        return self.order_by("-year", F("month").desc(nulls_last=True), "-pk")

    def numbered(self, ids: Sequence[int]) -> PaperQuerySet:
        """Those with these ids, however many: they go to PostgreSQL as one array."""
        array = Value(list(ids), ArrayField(models.BigIntegerField()))
        inside = Func(
            F("pk"),
            array,
            template="%(expressions)s)",
            arg_joiner=" = ANY(",
            output_field=models.BooleanField(),
        )
        return self.filter(inside)

    def for_cards(self) -> PaperQuerySet:
        """With all that a line in a list shows, in a fixed number of queries."""
        return read_along(self.for_bylines(), "links")

    def for_bylines(self) -> PaperQuerySet:
        """With authors, venue and topics: what a short line about a paper names."""
        papers = self.select_related("venue")
        return read_along(papers, "authorships__person", "placements__topic")

    def for_export(self) -> PaperQuerySet:
        """With all that any of the formats writes, in a fixed number of queries."""
        return read_along(self.for_cards(), "versions__venue")


class Paper(models.Model):
    """One work, however many times it appeared; see PaperVersion."""

    class State(models.TextChoices):
        PUBLIC = "public", Words("public")
        HIDDEN = "hidden", Words("hidden")
        WITHDRAWN = "withdrawn", Words("withdrawn")
        MERGED = "merged", Words("merged into another record")

    class Kind(models.TextChoices):
        ARTICLE = "article", Words("paper")
        SURVEY = "survey", Words("survey")

    class Role(models.TextChoices):
        NONE = "", "—"
        BASELINE = "static baseline", Words("static baseline")

    class Origin(models.TextChoices):
        """Who wrote a text about the paper."""

        NONE = "", "—"
        CURATOR = "curator", Words("curator")
        AUTHOR = "author", Words("author")
        MACHINE = "machine", Words("machine")

    key = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=500)
    year = models.PositiveSmallIntegerField(db_index=True)
    month = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of `year`, if known."
    )
    venue = models.ForeignKey(Venue, null=True, on_delete=models.PROTECT, related_name="papers")
    venue_line = models.CharField(
        max_length=200, blank=True, help_text="As its source prints it, where it is no venue here."
    )
    volume = models.CharField(max_length=30, blank=True, help_text="Of the journal or series.")
    issue = models.CharField(max_length=30, blank=True)
    pages = models.CharField(max_length=40, blank=True, help_text="First and last: 2092-2101.")
    publisher = models.CharField(max_length=120, blank=True)
    published_month = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="Of the issue, or of the meeting of the proceedings."
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.ARTICLE)
    role = models.CharField(max_length=20, choices=Role, blank=True, default=Role.NONE)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLIC, db_index=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    arxiv = models.CharField(max_length=20, null=True, blank=True, unique=True)
    doi = models.CharField(max_length=200, null=True, blank=True, unique=True)
    openreview = models.CharField(max_length=40, null=True, blank=True, unique=True)
    acl = models.CharField(max_length=40, null=True, blank=True, unique=True)

    abstract = models.TextField(blank=True)
    tldr = models.TextField(blank=True)
    tldr_zh = models.TextField(blank=True)
    contribution = models.TextField(blank=True)
    texts_by = models.CharField(max_length=10, choices=Origin, blank=True, default=Origin.NONE)
    awards = models.JSONField(default=list, blank=True)

    sources = models.JSONField(default=list, blank=True)
    unconfirmed = models.JSONField(
        default=list, blank=True, help_text="Names of fields that no stored source confirmed."
    )
    topics = models.ManyToManyField(Topic, through="PaperTopic", related_name="papers")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True, db_index=True)

    objects = PaperQuerySet.as_manager()

    class Meta:
        ordering = ("-year", "title")
        permissions = [
            ("curate", "Can decide about records"),
            ("moderate", "Can decide about contributions"),
        ]
        indexes = [
            models.Index(fields=["-year", "title"], name="paper_newest_first"),
            models.Index(fields=["title", "id"], name="paper_by_title"),
            models.Index(
                fields=["id"], condition=~models.Q(state="public"), name="paper_not_public"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("paper", args=[self.key])

    @property
    def is_baseline(self) -> bool:
        return self.role == self.Role.BASELINE

    @property
    def is_survey(self) -> bool:
        return self.kind == self.Kind.SURVEY

    @property
    def venue_unconfirmed(self) -> bool:
        return "venue" in self.unconfirmed

    @property
    def arxiv_unconfirmed(self) -> bool:
        return "arxiv" in self.unconfirmed

    @property
    def authors_incomplete(self) -> bool:
        """Whether the source that was read names the first authors only."""
        return AUTHORS_INCOMPLETE in self.unconfirmed

    @property
    def authors_unconfirmed(self) -> str:
        """Empty, or which part of the author list is unconfirmed, in words."""
        return next((name for name in self.unconfirmed if name.startswith("authors")), "")


class Authorship(models.Model):
    """One printed name in an author list, and the person we take it for."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="authorships")
    position = models.PositiveSmallIntegerField()
    printed_name = models.CharField(max_length=200)
    person = models.ForeignKey(
        "papers.Person", null=True, on_delete=models.PROTECT, related_name="authorships"
    )
    affiliation = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("position",)
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="one_author_a_position")
        ]

    def __str__(self) -> str:
        return self.printed_name


class PaperTopic(models.Model):
    """A paper's place in the taxonomy, and who put it there."""

    class Origin(models.TextChoices):
        CURATOR = "curator", Words("curator")
        MACHINE = "machine", Words("suggested by machine")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="placements")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="placements")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.CURATOR)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(fields=["paper", "topic"], name="one_placement_a_topic")
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} under {self.topic_id}"

    @property
    def is_suggested(self) -> bool:
        """Whether a machine chose the topic and no curator has looked at it yet."""
        return self.origin == self.Origin.MACHINE


class PaperVersion(models.Model):
    """One appearance of a paper: as preprint, workshop paper, conference or journal version."""

    class Kind(models.TextChoices):
        PREPRINT = "preprint", Words("preprint")
        WORKSHOP = "workshop", Words("workshop paper")
        CONFERENCE = "conference", Words("conference paper")
        JOURNAL = "journal", Words("journal article")
        WEB = "web", Words("web page or report")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="versions")
    kind = models.CharField(max_length=12, choices=Kind)
    year = models.PositiveSmallIntegerField()
    venue = models.ForeignKey(Venue, null=True, on_delete=models.PROTECT, related_name="versions")
    venue_text = models.CharField(max_length=200, blank=True)
    identifier = models.CharField(max_length=220, blank=True, help_text="arXiv:…, doi:…")
    url = models.URLField(max_length=500, blank=True)
    confirmed = models.BooleanField(default=True)

    class Meta:
        ordering = ("year", "id")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.year}"


class Finding(models.Model):
    """One thing the paper found, in our words, with who says so."""

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="findings")
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    origin = models.CharField(
        max_length=10, choices=Paper.Origin, default=Paper.Origin.CURATOR, blank=True
    )

    class Meta:
        ordering = ("position",)

    def __str__(self) -> str:
        return self.text


class PaperLink(models.Model):
    """Something outside that belongs to the paper: its code, project page, slides."""

    class Kind(models.TextChoices):
        CODE = "code", Words("code")
        PROJECT = "project", Words("project page")
        SLIDES = "slides", Words("slides")
        POSTER = "poster", Words("poster")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="links")
    kind = models.CharField(max_length=10, choices=Kind)
    url = models.URLField(max_length=500)

    class Meta:
        ordering = ("id",)
        constraints = [models.UniqueConstraint(fields=["paper", "url"], name="one_link_a_url")]

    def __str__(self) -> str:
        return self.url

    @property
    def host_path(self) -> str:
        """The address without its scheme, for reading."""
        return self.url.split("://", 1)[-1].rstrip("/")


class OldKey(models.Model):
    """A key under which a paper was once known; it redirects for good."""

    key = models.SlugField(max_length=80, unique=True)
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="old_keys")

    def __str__(self) -> str:
        return self.key
