"""How a workshop is made and edited here: its organisers, drafts of its blocks, and its notices."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone

from accounts.words import Words
from papers.models.paper import Paper
from papers.models.workshop import Workshop


def invitation_token() -> str:
    """144 random bits that stand well in an address."""
    return secrets.token_urlsafe(18)


class WorkshopOrganiser(models.Model):
    """Somebody who edits a workshop. Without `user` it is an invitation that nobody answered."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="organisers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="organised_workshops",
    )
    email = models.EmailField(blank=True, help_text="Where the invitation went; never shown.")
    token = models.CharField(max_length=32, unique=True, default=invitation_token)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    since = models.DateTimeField(default=timezone.now)
    user_id: int | None

    class Meta:
        ordering = ("since", "pk")
        constraints = [models.UniqueConstraint(fields=["workshop", "user"], name="organiser_once")]

    def __str__(self) -> str:
        return f"organiser {self.user_id or 'invited'} of {self.workshop_id}"


class WorkshopBlock(models.Model):
    """A part of a workshop's page: whether it is public, and what is not public yet.

    `content` holds fields as the data files name them, where they differ from what is public.
    """

    class State(models.TextChoices):
        DRAFT = "draft", Words("draft")
        SCHEDULED = "scheduled", Words("scheduled")
        PUBLIC = "public", Words("public")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="blocks")
    code = models.CharField(max_length=16)
    state = models.CharField(max_length=10, choices=State, default=State.PUBLIC)
    content = models.JSONField(null=True, blank=True)
    show_from = models.DateTimeField(null=True, blank=True)
    hide_after = models.DateTimeField(null=True, blank=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("code",)
        constraints = [
            models.UniqueConstraint(fields=["workshop", "code"], name="one_block_of_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.code} of {self.workshop_id}: {self.state}"


class WorkshopNotice(models.Model):
    """Something that changed on a public workshop, for followers and calendars. Only added to."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now, db_index=True)
    block = models.CharField(max_length=16)
    text = models.CharField(max_length=500)

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return self.text


class WorkshopPaper(models.Model):
    """A paper whose record was made because a public workshop lists it as accepted.

    is_off: hidden because no list names it any more; it comes back with its entry.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="papers_made")
    paper = models.OneToOneField(Paper, on_delete=models.CASCADE, related_name="made_for")
    number = models.CharField(max_length=40, blank=True, help_text="In the workshop's list.")
    is_off = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"paper {self.paper_id} of {self.workshop_id}"


class WorkshopImport(models.Model):
    """What somebody sent to be taken in, as it was read; looked at first, then written as drafts.

    read: the lists of the files (papers.importers.workshop_files). The files are not kept.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="imports")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="workshop_imports"
    )
    name = models.CharField(max_length=200, blank=True)
    read = models.JSONField()
    made_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"import into {self.workshop_id}, {self.made_at:%Y-%m-%d}"


class AuthorLink(models.Model):
    """A private address by which an author of an accepted paper sends files and corrections.

    Only the hash of its secret is kept. What was sent waits for an organiser.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="author_links")
    number = models.CharField(max_length=40, help_text="Of the accepted paper.")
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    title = models.CharField(max_length=500, blank=True, help_text="As its author confirmed it.")
    authors = models.JSONField(default=list, blank=True, help_text="Names, as confirmed.")
    note = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"link for paper {self.number} of {self.workshop_id}"

    @property
    def is_open(self) -> bool:
        return self.revoked_at is None and self.ends_at > timezone.now()


class WorkshopFile(models.Model):
    """A picture or PDF of a workshop, checked and written anew where it is a picture.

    It is public while the public page leads to it, and only then.
    """

    class Kind(models.TextChoices):
        PHOTO = "photo", Words("photo")
        LOGO = "logo", Words("logo")
        PDF = "pdf", Words("PDF")
        POSTER = "poster", Words("poster")

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="files")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=80, help_text="In its address; unique in the workshop.")
    media_type = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    link = models.ForeignKey(
        AuthorLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="files"
    )
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True, blank=True, help_text="Accepted or refused.")

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["workshop", "name"], name="workshop_file_once")
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("workshop-file", args=[self.workshop.slug, self.name])

    @property
    def stored_as(self) -> str:
        """Name in the storage: by the bytes, so that the same file is kept once."""
        return f"workshops/{self.sha256[:2]}/{self.sha256}"


class ProgrammeVersion(models.Model):
    """The programme as it was when its organisers gave it a name."""

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(max_length=80)
    schedule = models.JSONField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["workshop", "name"], name="programme_version_once")
        ]

    def __str__(self) -> str:
        return self.name


class AttendLink(models.Model):
    """A way in (stream, room, chat) that is told only between two moments.

    It stands in no record, copy or history: who was not there in time never reads it.
    """

    workshop = models.ForeignKey(Workshop, on_delete=models.CASCADE, related_name="attend_links")
    label = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    entry = models.CharField(max_length=80, blank=True, help_text="Code in the programme.")
    show_from = models.DateTimeField()
    hide_after = models.DateTimeField()

    class Meta:
        ordering = ("show_from", "pk")

    def __str__(self) -> str:
        return self.label
