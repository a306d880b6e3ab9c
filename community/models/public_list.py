"""Reading lists that are public: sections, entries, keepers, suggestions, and every change."""

from __future__ import annotations

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Visitor
from accounts.words import Words
from community.models.collection import unguessable
from community.models.moderated import Moderated, ModeratedQuerySet, State
from papers.models import Paper

LICENCES = (
    ("", Words("none stated")),
    ("CC0-1.0", "CC0 1.0"),
    ("CC-BY-4.0", "CC BY 4.0"),
    ("CC-BY-SA-4.0", "CC BY-SA 4.0"),
)


class PublicListQuerySet(ModeratedQuerySet):
    def visible_to(self, user: Visitor = None) -> Self:
        """The published, one's own, those that one keeps, and for moderators all but drafts."""
        seen = super().visible_to(user)
        if user is None or not user.is_authenticated:
            return seen
        kept = ListKeeper.objects.filter(user=user).exclude(accepted_at=None)
        return seen | self.filter(pk__in=kept.values("public_list"))

    def public(self) -> Self:
        return self.filter(state=State.PUBLISHED)


class PublicList(Moderated):
    """A list with an address by name. `author` made it; lists of the data files have none.

    classification: [{"depth": from 0, "text": …, "topic": slug or ""}], the list's own tree of
    terms beside the topics here that they mean.
    """

    author = models.ForeignKey(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="publiclists"
    )
    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=110)
    title_zh = models.CharField(max_length=60, blank=True)
    introduction = models.TextField(max_length=8000, blank=True, help_text="Markdown.")
    licence = models.CharField(max_length=16, blank=True, choices=LICENCES)
    newest_first = models.BooleanField(default=False)
    classification = models.JSONField(default=list, blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="Where it was taken from.")
    changed_at = models.DateTimeField(default=timezone.now)

    objects = PublicListQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        ordering = ("title", "pk")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("public-list", args=[self.slug])


class ListSection(models.Model):
    """A heading of a list. focus_name: what its third column is called, where not "Focused On"."""

    public_list = models.ForeignKey(PublicList, on_delete=models.CASCADE, related_name="sections")
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.CASCADE, related_name="children"
    )
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=160)
    title_zh = models.CharField(max_length=80, blank=True)
    introduction = models.TextField(max_length=4000, blank=True, help_text="Markdown.")
    focus_name = models.CharField(max_length=40, blank=True)
    parent_id: int | None
    public_list_id: int

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title


class PlacementQuerySet(models.QuerySet["ListPlacement"]):
    def visible_to(self, user: Visitor = None) -> Self:
        """Without the entries whose papers `user` may not see; say who sees the list beforehand."""
        return self.filter(Q(paper=None) | Q(paper__in=Paper.objects.visible_to(user)))


class ListPlacement(models.Model):
    """An entry: a paper here, or what the list prints of one that is not here yet.

    title, authors, year, venue, date_text and links are as printed; empty where the record says
    it. links: [{"kind": …, "label": …, "url": …}].
    """

    public_list = models.ForeignKey(PublicList, on_delete=models.CASCADE, related_name="placements")
    section = models.ForeignKey(
        ListSection, null=True, blank=True, on_delete=models.CASCADE, related_name="placements"
    )
    position = models.PositiveIntegerField(default=0)
    paper = models.ForeignKey(
        Paper, null=True, blank=True, on_delete=models.CASCADE, related_name="list_placements"
    )
    title = models.CharField(max_length=500, blank=True)
    authors = models.JSONField(default=list, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    venue = models.CharField(max_length=200, blank=True)
    date_text = models.CharField(max_length=120, blank=True)
    focus = models.CharField(max_length=1000, blank=True)
    notes = models.TextField(max_length=4000, blank=True)
    links = models.JSONField(default=list, blank=True)
    suggested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    added_at = models.DateTimeField(default=timezone.now, db_index=True)
    section_id: int | None
    paper_id: int | None
    public_list_id: int

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.title or f"entry {self.pk}"


class ListKeeper(models.Model):
    """Who may edit a list; an invitation until `accepted_at`, to an account or an address."""

    class Role(models.TextChoices):
        OWNER = "owner", Words("owner")
        KEEPER = "keeper", Words("keeper")

    public_list = models.ForeignKey(PublicList, on_delete=models.CASCADE, related_name="keepers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="kept_lists"
    )
    email = models.EmailField(blank=True)
    role = models.CharField(max_length=6, choices=Role, default=Role.KEEPER)
    token = models.CharField(max_length=32, unique=True, default=unguessable, editable=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    invited_at = models.DateTimeField(default=timezone.now)
    accepted_at = models.DateTimeField(null=True, blank=True)
    user_id: int | None

    class Meta:
        ordering = ("invited_at", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["public_list", "user"],
                condition=~Q(user=None),
                name="a_keeper_once_in_a_list",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user or 'invited'}: {self.role}"


class ListSuggestion(models.Model):
    """What a member would put into a list, and why. Its keepers decide."""

    class State(models.TextChoices):
        WAITING = "waiting", Words("waiting")
        ACCEPTED = "accepted", Words("accepted")
        DECLINED = "declined", Words("declined")

    public_list = models.ForeignKey(
        PublicList, on_delete=models.CASCADE, related_name="suggestions"
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_suggestions"
    )
    text = models.CharField(max_length=1000)
    section = models.ForeignKey(
        ListSection, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reason = models.TextField(max_length=2000)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    answer = models.TextField(max_length=2000, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    by_id: int
    section_id: int | None

    class Meta:
        ordering = ("made_at", "pk")

    def __str__(self) -> str:
        return self.text


class ListChange(models.Model):
    """One change of a list. Rows are only ever added.

    rows: {"entry:7": {"before": {…} or null, "after": {…} or null}, …} with the columns that
    changed; null where the row was not there.
    """

    public_list = models.ForeignKey(PublicList, on_delete=models.CASCADE, related_name="changes")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="list_changes"
    )
    at = models.DateTimeField(default=timezone.now)
    words = models.CharField(max_length=200)
    rows: models.JSONField[Any, Any] = models.JSONField()
    undoes = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="undone_by"
    )

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.words


class ListImport(models.Model):
    """Files that somebody sent, to be looked at before they become a list.

    files: texts by name. edits: by the entry's place in the file, {"title": …, "section": …,
    "leave": true}.
    """

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="list_imports"
    )
    public_list = models.ForeignKey(
        PublicList, null=True, on_delete=models.SET_NULL, related_name="imports"
    )
    files: models.JSONField[Any, Any] = models.JSONField()
    edits: models.JSONField[Any, Any] = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    by_id: int

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"import of a list, {self.made_at:%Y-%m-%d}"
