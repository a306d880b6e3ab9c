"""What a page shows of recordings: those that members added and those that workshops list."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.contenttypes.models import ContentType

from accounts.models import Visitor
from accounts.roles import key_of
from community.models import Report, State
from community.models.video import Video, VideoQuerySet
from community.videos.adding import DEAD
from community.videos.providers import LABELS, PLAYER_HOSTS, NotRecognised, recognise
from papers.models import AcceptedPaper, Paper, Workshop
from papers.models.asked_often import AskedOften


@dataclass(frozen=True)
class Card:
    """One recording. Nothing of it is loaded: `player` is used after a click only."""

    title: str
    provider: str
    address: str
    player: str
    start: int = 0
    video: Video | None = None
    workshop: Workshop | None = None
    own: bool = False
    dead: bool = False

    @property
    def provider_label(self) -> str:
        return LABELS[self.provider]

    @property
    def begins(self) -> str:
        """The start as 1:02:03 or 12:34; empty at the beginning."""
        hours, rest = divmod(self.start, 3600)
        clock = f"{rest // 60:02d}:{rest % 60:02d}"
        return (f"{hours}:{clock}" if hours else clock) if self.start else ""

    @property
    def state(self) -> str:
        """In words, where it is not public."""
        if self.video is None or self.video.state == State.PUBLISHED:
            return ""
        return str(State(self.video.state).label)


def cards_of_paper(paper: Paper, appearances: Iterable[AcceptedPaper], user: Visitor) -> list[Card]:
    """Recordings of a paper: of its workshop appearances first, then what members added."""
    if user is None or not user.is_authenticated:
        added = _cards_of(_PUBLIC.of(paper.pk), user)
    else:
        added = _cards(Video.objects.visible_to(user).filter(paper=paper), user)
    known = {(c.video.provider, c.video.provider_id) for c in added if c.video}
    listed = []
    for entry in appearances:
        try:
            recording = recognise(entry.video) if entry.video else None
        except NotRecognised:
            continue
        if recording and (recording.provider, recording.provider_id) not in known:
            title = f"{entry.presentation or 'Talk'} at {entry.workshop}".capitalize()
            card = Card(
                title, recording.provider, recording.address, recording.player, recording.start
            )
            listed.append(card)
    return listed + added


_PUBLIC: AskedOften[Video] = AskedOften(
    lambda paper: Video.objects.visible_to().filter(paper=paper).for_cards()
)


def cards_of_workshop(workshop: Workshop, user: Visitor) -> list[Card]:
    """What members added to talks of the workshop."""
    videos = Video.objects.visible_to(user).filter(workshop=workshop)
    return _cards(videos.of_readable_papers(user), user)


def _cards(videos: VideoQuerySet, user: Visitor) -> list[Card]:
    return _cards_of(videos.for_cards(), user)


def _cards_of(videos: Iterable[Video], user: Visitor) -> list[Card]:
    shown = [
        video
        for video in videos
        if video.state in (State.PUBLISHED, State.PENDING)
        or (video.author_id == key_of(user) and video.state != State.WITHDRAWN)
    ]
    if not shown:
        return []
    kind = ContentType.objects.get_for_model(Video)
    open_reports = Report.objects.filter(kind=kind, outcome="", reason=DEAD)
    dead = set(
        open_reports.filter(object_id__in=[video.pk for video in shown]).values_list(
            "object_id", flat=True
        )
    )
    return [
        Card(
            title=video.title,
            provider=video.provider,
            address=video.address,
            player=video.player,
            start=video.start,
            video=video,
            workshop=video.workshop,
            own=video.author_id == key_of(user),
            dead=video.pk in dead,
        )
        for video in shown
    ]


def frame_hosts(cards: Iterable[Card]) -> list[str]:
    """The hosts whose players these cards may load: what the page's policy has to allow."""
    return sorted({PLAYER_HOSTS[card.provider] for card in cards if card.player})


def words(video: Video) -> str:
    """What a moderator must have read before it is public."""
    lines = [f"{video.get_kind_display()}: {video.title}", video.address]
    if video.start:
        lines.append(f"begins after {video.start} seconds")
    if video.language:
        lines.append(f"in {video.get_language_display()}")
    if video.speaker:
        lines.append(f"by {video.speaker}")
    if video.talk:
        lines.append(f"of “{video.talk}” at {video.workshop}")
    return "\n".join(lines)
