"""What the site watches outside, what it found there, and how old and alive that is."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Visitor
from accounts.roles import is_curator
from accounts.words import Words
from papers.models.paper import Paper
from papers.names import fold
from taxonomy.models import Topic
from work.job import Job, JobQuerySet


class SourceQuerySet(JobQuerySet["Source"]):
    def due(self) -> SourceQuerySet:
        """Switched on, nobody at it, and its time has come; the longest due first."""
        due = Q(next_at=None) | Q(next_at__lte=timezone.now())
        return self.waiting().filter(due, is_on=True).order_by("next_at", "pk")


class Source(Job):
    """A place outside that is asked for new papers, with its own rhythm.

    query: what is asked there; each kind says what it means. cursor: how far it was read (a
    moment, a resumption token, an ETag); kept with each page, so that a broken answer loses
    nothing. next_at: when it is asked again, later after each failure.
    """

    class Kind(models.TextChoices):
        ARXIV = "arxiv", Words("arXiv, by query")
        ARXIV_OAI = "arxiv-oai", Words("arXiv, a whole archive (OAI-PMH)")
        OPENREVIEW = "openreview", Words("OpenReview venue")
        CROSSREF = "crossref", Words("Crossref, by venue")
        DBLP = "dblp", Words("DBLP, by venue")
        SEMANTIC_SCHOLAR = "semantic-scholar", "Semantic Scholar"
        FEED = "feed", Words("Atom or RSS feed")
        SURVEY = "survey", Words("another installation of this site (OAI-PMH)")

    class State(models.TextChoices):
        WAITING = "waiting", Words("waits for its time")
        ASKING = "asking", Words("is being asked")

    WAITING = State.WAITING
    AT_WORK = (State.ASKING,)

    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    query = models.CharField(max_length=1000, blank=True)
    address = models.URLField(
        max_length=500, blank=True, help_text="Where it is asked; empty for the usual place."
    )
    topic = models.ForeignKey(
        Topic, null=True, blank=True, on_delete=models.SET_NULL, related_name="sources"
    )
    every_minutes = models.PositiveIntegerField(default=1440)
    is_on = models.BooleanField(default=True)
    cursor = models.JSONField(default=dict)
    next_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    asked_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=500, blank=True, help_text="Of the last try.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("source", args=[self.slug])


class SourceAnswer(models.Model):
    """One asking of a source: what came, or why nothing did."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="answers")
    at = models.DateTimeField(default=timezone.now)
    seconds = models.FloatField(default=0.0)
    requests = models.PositiveIntegerField(default=0)
    works = models.PositiveIntegerField(default=0, help_text="How many it named.")
    fresh = models.PositiveIntegerField(default=0, help_text="New in the inbox.")
    known = models.PositiveIntegerField(default=0, help_text="Papers that are here.")
    refused = models.PositiveIntegerField(default=0, help_text="Refused before, left out.")
    is_whole = models.BooleanField(default=True, help_text="Whether it was read to its end.")
    problem = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = [models.Index(fields=["source", "-at"], name="source_answer_newest")]

    def __str__(self) -> str:
        return f"{self.source_id} at {self.at:%Y-%m-%d %H:%M}"


class FindQuerySet(models.QuerySet["Find"]):
    def visible_to(self, user: Visitor = None) -> FindQuerySet:
        """Everything for curators, nothing for anybody else."""
        return self if is_curator(user) else self.none()

    def waiting(self) -> FindQuerySet:
        return self.filter(state=Find.State.WAITING)

    def saying(self, words: str) -> FindQuerySet:
        """Those in whose title or authors each of the words stands."""
        chosen = self
        for word in words.split()[:12]:
            if key := fold(word).replace(" ", ""):
                chosen = chosen.filter(Q(title_key__contains=key) | Q(byline_key__contains=key))
        return chosen


class Find(models.Model):
    """A work that a source named and that is not here: it waits in the inbox for a curator.

    score: estimated chance that it belongs to the field, None until it was scored, with the model
    (`scored_by`) that said so. topics, names: what a machine suggests, with its evidence.
    """

    class State(models.TextChoices):
        WAITING = "waiting", Words("waiting")
        ACCEPTED = "accepted", Words("accepted")
        REFUSED = "refused", Words("refused")
        KNOWN = "known", Words("here by another way")

    source = models.ForeignKey(Source, null=True, on_delete=models.SET_NULL, related_name="finds")
    also = models.JSONField(default=list, help_text="Names of other sources that named it.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    found_at = models.DateTimeField(default=timezone.now)
    candidate = models.JSONField(help_text="papers.ingest.candidate.Candidate, as JSON values.")
    title = models.CharField(max_length=500)
    title_key = models.CharField(max_length=500, help_text="The title, folded, without spaces.")
    byline_key = models.TextField(blank=True, help_text="The authors, folded, without spaces.")
    year = models.PositiveSmallIntegerField(null=True)
    arxiv = models.CharField(max_length=20, blank=True)
    doi = models.CharField(max_length=200, blank=True)
    openreview = models.CharField(max_length=40, blank=True)
    acl = models.CharField(max_length=40, blank=True)
    abstract_licence = models.CharField(max_length=120, blank=True, help_text="Empty: unknown.")
    score = models.FloatField(null=True)
    scored_by = models.CharField(max_length=40, blank=True)
    topics = models.JSONField(default=list)
    names = models.JSONField(default=list)
    may_be = models.ForeignKey(Paper, null=True, on_delete=models.SET_NULL, related_name="+")
    may_be_reason = models.CharField(max_length=300, blank=True)
    paper = models.ForeignKey(Paper, null=True, on_delete=models.SET_NULL, related_name="found_as")
    written = models.JSONField(default=dict, help_text="What accepting it wrote into a record.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    batch = models.UUIDField(null=True, help_text="Of finds that were decided about at once.")

    objects = FindQuerySet.as_manager()

    class Meta:
        ordering = (models.F("score").desc(nulls_last=True), "-found_at", "pk")
        indexes = [
            models.Index(fields=["state", "-score"], name="find_best_first"),
            models.Index(fields=["title_key"], name="find_by_title"),
            *(
                models.Index(fields=[name], condition=~Q(**{name: ""}), name=f"find_by_{name}")
                for name in ("arxiv", "doi", "openreview", "acl")
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("find", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.WAITING


class Reported(models.Model):
    """A number that a source gives of a paper, the newest one: how often it is cited, which version
    of a preprint is the last."""

    class Kind(models.TextChoices):
        CITATIONS = "citations", Words("citations")
        VERSION = "version", Words("version")

    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="reported")
    kind = models.CharField(max_length=10, choices=Kind)
    source = models.CharField(max_length=40)
    value = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now, help_text="When the source last said so.")

    class Meta:
        ordering = ("kind", "source")
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "kind", "source"], name="one_reported_number_a_source"
            )
        ]

    def __str__(self) -> str:
        return f"{self.source}: {self.value} {self.kind}"


class Refreshed(models.Model):
    """When the keeper of a paper's identifier was last asked about it, and last answered."""

    paper = models.OneToOneField(
        Paper, primary_key=True, on_delete=models.CASCADE, related_name="refreshed"
    )
    asked_at = models.DateTimeField(db_index=True)
    succeeded_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    def __str__(self) -> str:
        return f"{self.paper_id} at {self.asked_at:%Y-%m-%d}"


class OutsideLink(models.Model):
    """An address outside that a page here leads to, and whether it still answers.

    next_at: when it is looked at again. failures: in a row. An address is dead after DEAD_AFTER of
    them, or at once where its server says that it is gone for good.
    """

    DEAD_AFTER = 3

    address = models.URLField(max_length=500, unique=True)
    host = models.CharField(max_length=255, db_index=True)
    next_at = models.DateTimeField(default=timezone.now, db_index=True)
    checked_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True, help_text="Of the last answer.")
    failures = models.PositiveSmallIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("address",)

    def __str__(self) -> str:
        return self.address

    @property
    def is_dead(self) -> bool:
        return self.failures >= self.DEAD_AFTER
