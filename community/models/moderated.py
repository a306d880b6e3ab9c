"""Contributions that a moderator sees before the public does."""

from __future__ import annotations

from typing import ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.utils import timezone

from accounts.models import Visitor
from accounts.roles import is_moderator
from accounts.words import Words
from community.models.act import Act
from community.models.authorship import papers_not_to_judge


class State(models.TextChoices):
    """Where a contribution stands. Nothing is deleted: withdrawn and hidden rows stay."""

    DRAFT = "draft", Words("draft")
    PENDING = "pending", Words("waiting for a moderator")
    PUBLISHED = "published", Words("published")
    DECLINED = "declined", Words("declined")
    WITHDRAWN = "withdrawn", Words("withdrawn by its author")
    HIDDEN = "hidden", Words("hidden by a moderator")


class ModeratedQuerySet(models.QuerySet):
    def visible_to(self, user: Visitor = None) -> Self:
        """What `user` may read: the published, their own, and for moderators all but drafts.

        A draft is its author's alone, whoever asks. Of a paper with which they have a conflict of
        interest moderators see no more than everybody.
        """
        published = models.Q(state=State.PUBLISHED)
        if user is None or not user.is_authenticated:
            return self.filter(published)
        own = models.Q(author=user)
        if is_moderator(user):
            judged = ~models.Q(state=State.DRAFT)
            where = self.model.PAPER  # type: ignore[attr-defined]
            if where and (papers := papers_not_to_judge(user)):
                judged &= ~models.Q(**{f"{where}__in": papers})
            return self.filter(judged | published | own)
        return self.filter(published | own)

    def waiting(self) -> Self:
        """What moderators have to decide, the longest waiting first."""
        return self.filter(state=State.PENDING).order_by("state_since", "pk")


class Moderated(models.Model):
    """A row with an author and a state; change it by `community.moderation.transitions`.

    PAPER: the look-up that leads to the paper it is about, "" where it is about none.
    """

    PAPER: ClassVar[str] = ""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="%(class)ss"
    )
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    state_since = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(
        default=1, help_text="Grows with every change; the ETag of the row."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ModeratedQuerySet.as_manager()
    author_id: int

    class Meta:
        abstract = True

    @property
    def is_unnamed(self) -> bool:
        """Whether nobody is told who wrote it."""
        return False

    def paper_judged(self) -> int | None:
        """The primary key of the paper that it is about."""
        if not self.PAPER:
            return None
        *way, last = self.PAPER.split("__")
        value: object = self
        for name in way:
            value = getattr(value, name)
        key: int | None = getattr(value, f"{last}_id")
        return key

    def moved(self, act: Act) -> None:
        """What must follow a move at once; `community.moderation` calls it in its transaction."""


def moderated_models() -> list[type[Moderated]]:
    """Every model whose rows moderators see before the public does."""
    return [model for model in apps.get_models() if issubclass(model, Moderated)]
