"""Reviews of papers: what was handed in, what is being written, and what others say to it."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Visitor
from accounts.words import Words
from community.models.act import Act
from community.models.moderated import Moderated, ModeratedQuerySet, State
from papers.models import Paper


def random_number() -> int:
    """A number for a review or reply: it tells neither order nor who wrote two of them."""
    return 10**14 + secrets.randbelow(8 * 10**15)


class ReviewQuerySet(ModeratedQuerySet):
    def visible_to(self, user: Visitor = None) -> Self:
        """Reviews that `user` may read, of papers that they may see."""
        return super().visible_to(user).filter(paper__in=Paper.objects.visible_to(user))

    def public(self) -> Self:
        """What everybody may read."""
        return self.visible_to(None)


class Review(Moderated):
    """A member's review of a paper on the form of one venue and year.

    Nobody but its author and the moderators learns who wrote it unless `signed`. All that is shown
    stands in its versions: `latest` is the newest that was handed in, `public` the one that is
    shown. `signed`, `conflict` and `conflict_text` are those of the shown version; before one is
    public, of the newest.
    """

    PAPER: ClassVar[str] = "paper"

    class Conflict(models.TextChoices):
        UNSAID = "", Words("not said")
        NONE = "none", Words("none")
        SOME = "some", Words("declared")

    class Origin(models.TextChoices):
        HERE = "here", Words("written here")
        PASTED = "pasted", Words("imported by its author")

    id = models.BigIntegerField(primary_key=True, default=random_number, editable=False)
    paper = models.ForeignKey(Paper, on_delete=models.PROTECT, related_name="reviews")
    form = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField(default=0, help_text="0 for forms without years.")
    signed = models.BooleanField(default=False)
    conflict = models.CharField(max_length=4, choices=Conflict, blank=True, default="")
    conflict_text = models.TextField(blank=True)
    origin = models.CharField(max_length=6, choices=Origin, default=Origin.HERE)
    source_url = models.URLField(max_length=300, blank=True)
    source_checked = models.BooleanField(
        default=False, help_text="The link leads to the forum of this paper."
    )
    printed = models.JSONField(
        default=dict, blank=True, help_text="Answers of choices as they were printed elsewhere."
    )
    latest = models.PositiveIntegerField(default=0)
    public = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(
        default=0, help_text="The newest change of a public review that a moderator declined."
    )
    published_at = models.DateTimeField(
        null=True, db_index=True, help_text="For digests alone: shown and sorted by is the day."
    )
    published_on = models.DateField(null=True, db_index=True)
    is_kept = models.BooleanField(
        default=False, help_text="A moderator kept it though its author wrote the paper."
    )
    paper_id: int

    objects = ReviewQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["author", "paper", "form", "year"],
                condition=~Q(state="withdrawn"),
                name="one_review_an_author_paper_and_form",
            )
        ]
        indexes = [models.Index(fields=["paper", "state"], name="review_of_paper")]

    def __str__(self) -> str:
        return f"review {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("review", args=[self.pk])

    @property
    def is_pasted(self) -> bool:
        return self.origin == self.Origin.PASTED

    @property
    def has_waiting_change(self) -> bool:
        """Public, with a newer version that no moderator has decided about."""
        return self.state == State.PUBLISHED and self.latest > max(self.public, self.refused)

    def moved(self, act: Act) -> None:
        """A decision to publish shows the newest version, and sets the day of publication once.

        What comes back (a withdrawal undone, hidden no more) stands as it stood.
        """
        if (act.before, act.after) != (State.PENDING, State.PUBLISHED):
            return
        now = self.published_at or act.at
        day = now.astimezone(dt.UTC).date()
        Review.objects.filter(pk=self.pk).update(published_at=now, published_on=day)
        self.show_newest()

    def show_newest(self) -> None:
        """The newest version becomes the one that is shown, with all that stands in it."""
        newest = ReviewVersion.objects.get(review=self, number=self.latest)
        Review.objects.filter(pk=self.pk).update(
            public=newest.number,
            signed=newest.signed,
            conflict=newest.conflict,
            conflict_text=newest.conflict_text,
        )
        self.refresh_from_db()

    @property
    def is_unnamed(self) -> bool:
        return not self.signed


class ReviewVersion(models.Model):
    """One handed-in text of a review. Rows are only ever added.

    values: answers by field name; rating and confidence: the two that the form counts, or "".
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    values = models.JSONField(default=dict)
    rating = models.CharField(max_length=12, blank=True)
    confidence = models.CharField(max_length=12, blank=True)
    signed = models.BooleanField(default=False)
    conflict = models.CharField(
        max_length=4, choices=Review.Conflict, blank=True, default=Review.Conflict.UNSAID
    )
    conflict_text = models.TextField(blank=True)
    review_id: int

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["review", "number"], name="one_version_a_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class ReviewDraft(models.Model):
    """What its author is writing. `sequence` grows with every save, `tab` says which tab saved."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="draft")
    content = models.JSONField(default=dict)
    sequence = models.PositiveIntegerField(default=0)
    tab = models.CharField(max_length=40, blank=True)
    saved_at = models.DateTimeField(default=timezone.now)
    is_handed_in = models.BooleanField(default=False, help_text="Nothing new since the last time.")

    def __str__(self) -> str:
        return f"draft {self.sequence}"


class ReplyQuerySet(ModeratedQuerySet):
    def visible_to(self, user: Visitor = None) -> Self:
        """Replies that `user` may read, to reviews that they may read."""
        return super().visible_to(user).filter(review__in=Review.objects.visible_to(user))


class Reply(Moderated):
    """What somebody says to a review, or to another reply.

    A reply is signed, except that of an anonymous review's author, who stays "the reviewer".
    """

    PAPER: ClassVar[str] = "review__paper"

    id = models.BigIntegerField(primary_key=True, default=random_number, editable=False)
    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="replies")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    text = models.TextField(help_text="As it is shown; before it is public, the newest.")
    latest = models.PositiveIntegerField(default=1)
    public = models.PositiveIntegerField(default=1)
    refused = models.PositiveIntegerField(
        default=0, help_text="The newest change of a public reply that a moderator declined."
    )
    edited_at = models.DateTimeField(null=True, help_text="When the shown text was changed last.")
    review_id: int
    parent_id: int | None

    objects = ReplyQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name_plural = "replies"
        indexes = [models.Index(fields=["review", "state"], name="reply_of_review")]

    def __str__(self) -> str:
        return f"reply {self.pk}"

    def get_absolute_url(self) -> str:
        return f"{reverse('review', args=[self.review_id])}#reply-{self.pk}"

    @property
    def has_waiting_change(self) -> bool:
        """Public, with a newer version that no moderator has decided about."""
        return self.state == State.PUBLISHED and self.latest > max(self.public, self.refused)

    @property
    def is_unnamed(self) -> bool:
        return self.author_id == self.review.author_id and not self.review.signed

    def moved(self, act: Act) -> None:
        """A decision to publish shows the newest version; what comes back stands as it stood."""
        if (act.before, act.after) != (State.PENDING, State.PUBLISHED):
            return
        newest = ReplyVersion.objects.filter(reply=self, number=self.latest)
        newest.filter(shown_at=None).update(shown_at=act.at)
        text = newest.values_list("text", flat=True).first()
        Reply.objects.filter(pk=self.pk).update(
            public=F("latest"), text=self.text if text is None else text
        )
        self.refresh_from_db(fields=["public", "text"])


class ReplyVersion(models.Model):
    """One text of a reply that was changed, its first included. Rows are only ever added.

    shown_at: since when everybody who sees the reply may read it; None for what was never public.
    """

    reply = models.ForeignKey(Reply, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(default=timezone.now)
    shown_at = models.DateTimeField(null=True)
    text = models.TextField()
    reply_id: int

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["reply", "number"], name="one_reply_text_a_number")
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class HelpfulMark(models.Model):
    """A member found a review helpful; who, is nobody's business but theirs."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="marks")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="marks")
    at = models.DateTimeField(default=timezone.now)
    by_id: int

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "by"], name="one_mark_a_member")]

    def __str__(self) -> str:
        return f"mark on {self.review_id}"
