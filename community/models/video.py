"""A recorded talk or slides that somebody added to a paper or a workshop."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from accounts.models import Visitor
from accounts.words import Words
from community.models.moderated import Moderated, ModeratedQuerySet, State
from community.videos.providers import LABELS, player_of
from papers.models import Paper, Person, Talk, Workshop

LANGUAGES = (
    ("en", "English"),
    ("zh", Words("Chinese")),
    ("de", Words("German")),
    ("es", Words("Spanish")),
    ("fr", Words("French")),
    ("ja", Words("Japanese")),
    ("ko", Words("Korean")),
    ("pt", Words("Portuguese")),
    ("ru", Words("Russian")),
)
PROVIDERS = tuple(LABELS.items())
# A video that was withdrawn or declined may be added again, by anybody.
OCCUPYING = ~Q(state__in=[State.DRAFT, State.WITHDRAWN, State.DECLINED])


class VideoQuerySet(ModeratedQuerySet):
    def visible_to(self, user: Visitor = None) -> Self:
        """Videos that `user` may see, of papers that they may see."""
        return super().visible_to(user).of_readable_papers(user)

    def of_readable_papers(self, user: Visitor) -> Self:
        """Without those of papers and workshops that `user` may not see."""
        workshops = Workshop.objects.visible_to(user)
        return self.filter(
            Q(paper=None) | Q(paper__in=Paper.objects.visible_to(user)),
            Q(workshop=None) | Q(workshop__in=workshops),
        )

    def for_cards(self) -> VideoQuerySet:
        beside = ("author__profile", "speaker", "workshop", "paper", "talk__slot")
        return self.select_related(*beside).order_by("created_at")


class Video(Moderated):
    """One video or one set of slides. `provider_id` tells it from all others of its provider."""

    PAPER: ClassVar[str] = "paper"

    class Kind(models.TextChoices):
        TALK = "talk", Words("talk")
        TUTORIAL = "tutorial", Words("tutorial")
        WALKTHROUGH = "walkthrough", Words("walkthrough of the paper or code")
        LECTURE = "lecture", Words("lecture")
        POSTER = "poster", Words("poster pitch")
        SLIDES = "slides", Words("slides")

    paper = models.ForeignKey(
        Paper, null=True, blank=True, on_delete=models.PROTECT, related_name="videos"
    )
    workshop = models.ForeignKey(
        Workshop, null=True, blank=True, on_delete=models.PROTECT, related_name="videos"
    )
    talk = models.ForeignKey(
        Talk, null=True, blank=True, on_delete=models.SET_NULL, related_name="recordings"
    )
    provider = models.CharField(max_length=12, choices=PROVIDERS)
    provider_id = models.CharField(max_length=500)
    address = models.URLField(max_length=500)
    start = models.PositiveIntegerField(default=0, help_text="Seconds.")
    language = models.CharField(max_length=3, blank=True, choices=LANGUAGES)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.TALK)
    title = models.CharField(max_length=300)
    speaker = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="videos"
    )

    objects = VideoQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["paper", "provider", "provider_id"],
                condition=OCCUPYING,
                name="one_video_a_paper",
            ),
            models.UniqueConstraint(
                fields=["workshop", "provider", "provider_id"],
                condition=OCCUPYING & Q(paper=None),
                name="one_video_a_workshop",
            ),
            models.CheckConstraint(
                condition=~Q(paper=None, workshop=None), name="video_of_something"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        of = self.paper or self.workshop
        return f"{of.get_absolute_url()}#video-{self.pk}" if of else ""

    @property
    def player(self) -> str:
        """The address of the player that a click loads; empty where only a link is offered."""
        return player_of(self.provider, self.address, self.start)
