"""Methods: what papers introduce and others build on, described in few, controlled words."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.urls import reverse

from accounts.models import Visitor
from accounts.words import Words
from papers.methods import words
from papers.models.paper import Paper

_OF_PAPERS = (
    *("method_id", "role", "position", "paper__key", "paper__title", "paper__year"),
    *("paper__venue__slug", "paper__venue__name", "paper__venue__full_name"),
)
"""What lists of methods show of their papers; papers have long texts."""


def _papers_seen_by(user: Visitor) -> Prefetch:
    seen = MethodPaper.objects.filter(paper__in=Paper.objects.visible_to(user))
    shown = seen.select_related("paper__venue").only(*_OF_PAPERS)
    return Prefetch("roles", shown, to_attr="roles_seen")


def read_papers(methods: Sequence[Method], user: Visitor = None) -> None:
    """Give methods that are read already those of their papers that `user` may see."""
    prefetch_related_objects(methods, _papers_seen_by(user))


class MethodQuerySet(models.QuerySet["Method"]):
    def visible_to(self, user: Visitor = None) -> MethodQuerySet:
        """Methods without papers, and those of which a paper that introduces it may be seen."""
        introducing = MethodPaper.objects.filter(
            method=OuterRef("pk"), role=MethodPaper.Role.INTRODUCES
        )
        seen = introducing.filter(paper__in=Paper.objects.visible_to(user))
        return self.filter(~Exists(introducing) | Exists(seen))

    def with_papers(self, user: Visitor = None) -> MethodQuerySet:
        """With those of its papers that `user` may see, in one query more."""
        return self.prefetch_related(_papers_seen_by(user))

    def joined(self) -> MethodQuerySet:
        """With what says how methods come from each other, and nothing else."""
        return self.only("slug", "name", "year", "extends", "answers", "compared_with")


class Method(models.Model):
    """A method. Every attribute may be empty.

    Lists hold words of papers.methods.words; backbones and tasks are free. extends, answers and
    compared_with name other methods by slug. from_memory: attributes that rest on knowledge of the
    field and on no stored source; unconfirmed: those of them that are doubtful.
    """

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField(max_length=60, blank=True)
    aliases = models.JSONField(default=list, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    adapts = models.JSONField(default=list, blank=True)
    granularity = models.JSONField(default=list, blank=True)
    decision = models.JSONField(default=list, blank=True)
    training = models.JSONField(default=list, blank=True)
    training_note = models.CharField(max_length=300, blank=True)
    needs_training = models.JSONField(default=list, blank=True)
    needs_inference = models.JSONField(default=list, blank=True)
    batching = models.CharField(max_length=20, choices=words.BATCHING, blank=True)
    backbones = models.JSONField(default=list, blank=True)
    tasks = models.JSONField(default=list, blank=True)
    code = models.JSONField(default=list, blank=True)
    extends = models.JSONField(default=list, blank=True)
    answers = models.JSONField(default=list, blank=True)
    compared_with = models.JSONField(default=list, blank=True)
    from_memory = models.JSONField(default=list, blank=True)
    unconfirmed = models.JSONField(default=list, blank=True)
    sources = models.JSONField(default=list, blank=True)
    papers = models.ManyToManyField(Paper, through="MethodPaper", related_name="methods")
    updated_at = models.DateTimeField(auto_now=True)

    objects = MethodQuerySet.as_manager()

    class Meta:
        ordering = ("name", "id")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("method", args=[self.slug])

    @property
    def families(self) -> list[str]:
        """Families of its backbones."""
        return words.families(self.backbones)

    def origin_of(self, attribute: str) -> str:
        """Where an attribute comes from: "unconfirmed", "memory" or "source"."""
        if attribute in self.unconfirmed:
            return "unconfirmed"
        return "memory" if attribute in self.from_memory else "source"

    @property
    def known_roles(self) -> list[MethodPaper]:
        """Its papers' roles: those that `with_papers` read for a reader, else all."""
        if hasattr(self, "roles_seen"):
            return self.roles_seen  # type: ignore[no-any-return]
        return list(self.roles.select_related("paper"))

    def papers_that(self, role: str) -> list[Paper]:
        """Its prefetched papers of a role, oldest first."""
        papers = (row.paper for row in self.known_roles if row.role == role)
        return sorted(papers, key=lambda paper: (paper.year, paper.title))

    @property
    def introduced_by(self) -> list[Paper]:
        return self.papers_that(MethodPaper.Role.INTRODUCES)

    @property
    def improved_by(self) -> list[Paper]:
        return self.papers_that(MethodPaper.Role.IMPROVES)


class MethodPaper(models.Model):
    """What a paper does for a method."""

    class Role(models.TextChoices):
        INTRODUCES = "introduces", Words("introduces it")
        IMPROVES = "improves", Words("improves it")

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="roles")
    paper = models.ForeignKey(Paper, on_delete=models.CASCADE, related_name="roles")
    role = models.CharField(max_length=10, choices=Role, default=Role.INTRODUCES)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["method", "paper", "role"], name="one_role_of_a_paper_in_a_method"
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} {self.role} {self.method_id}"
