"""People. A printed name is not a person: the names a person was printed under are aliases."""

from __future__ import annotations

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from accounts.models import Visitor


class PersonQuerySet(models.QuerySet["Person"]):
    def living(self) -> PersonQuerySet:
        """People that were not merged into another record."""
        return self.filter(merged_into=None)

    def visible_to(self, user: Visitor = None) -> PersonQuerySet:
        """Living records, without those that stand only on papers hidden from `user`."""
        papers = apps.get_model("papers", "Paper").objects.visible_to(user).values("pk")
        authorships, roles, accepted, talks = (
            apps.get_model("papers", name)
            for name in ("Authorship", "WorkshopRole", "AcceptedAuthor", "Talk")
        )
        own = {"person": OuterRef("pk")}
        return self.living().filter(
            Q(curated=True)
            | Exists(authorships.objects.filter(paper__in=papers, **own))
            | ~Exists(authorships.objects.filter(**own))
            | Exists(roles.objects.filter(**own))
            | Exists(accepted.objects.filter(**own))
            | Exists(talks.speakers.through.objects.filter(**own))
        )


class Person(models.Model):
    """Somebody who wrote, spoke or organised.

    `curated` is False while the record only gathers works printed under one spelling of a name;
    such a record may hold namesakes and says so on its page.
    """

    slug = models.SlugField(max_length=140, unique=True)
    name = models.CharField(max_length=200)
    name_zh = models.CharField(max_length=60, blank=True)
    affiliation = models.CharField(max_length=300, blank=True)
    url = models.URLField(max_length=500, blank=True)
    orcid = models.CharField(max_length=19, blank=True)
    sources = models.JSONField(default=list, blank=True)
    curated = models.BooleanField(default=False)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged"
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("person", args=[self.slug])


class PersonAlias(models.Model):
    """A spelling under which a person was printed. Each exact spelling leads to one person."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200, unique=True)
    folded = models.CharField(max_length=200, db_index=True)

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
