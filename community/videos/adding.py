"""Adding a video: recognised, told apart, handed to the moderators."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import is_curator, is_member, is_moderator
from community.members.profiles import shown_name
from community.models import State
from community.models.video import LANGUAGES, OCCUPYING, Video
from community.moderation import reports, transitions
from community.videos.providers import NotRecognised, Recognised, recognise, start_of
from papers.models import Paper, Person, Talk, Workshop

DEAD = "It does not play any more."


class CannotAdd(Exception):
    """Nothing was added. `wrong`: a sentence for each field of the form."""

    def __init__(self, **wrong: str) -> None:
        super().__init__(" ".join(wrong.values()))
        self.wrong = wrong


class HereAlready(CannotAdd):
    """Somebody added this video to this paper before."""

    def __init__(self, video: Video) -> None:
        sentence = gettext("This video is here already, added by {name} as “{title}”.").format(
            name=shown_name(video.author), title=video.title
        )
        if video.state != State.PUBLISHED:
            sentence = gettext("This video was added before and is with the moderators.")
        super().__init__(address=sentence)
        self.video = video


@dataclass(frozen=True)
class Wanted:
    """What the adder typed; `speaker` is the slug of a person, `start` as in "1:30"."""

    address: str
    title: str
    kind: str = Video.Kind.TALK
    language: str = ""
    start: str = ""
    speaker: str = ""
    talk: str = ""


def add_video(
    *, by: User, wanted: Wanted, paper: Paper | None = None, workshop: Workshop | None = None
) -> Video:
    """Add a video; public at once when a curator or moderator adds it, else a moderator decides.

    Raises CannotAdd (its subclass HereAlready names the video that is here), and
    transitions.NotPossible when the account has sent too much today.
    """
    if not is_member(by):
        raise CannotAdd(address=gettext("Sign in to add a video."))
    recognised, speaker, talk = _checked(wanted, workshop)
    video = Video(
        author=by,
        paper=paper,
        workshop=workshop,
        talk=talk,
        provider=recognised.provider,
        provider_id=recognised.provider_id,
        address=recognised.address,
        start=start_of(wanted.start) or recognised.start,
        language=wanted.language,
        kind=Video.Kind.SLIDES if recognised.is_slides else wanted.kind,
        title=wanted.title.strip(),
        speaker=speaker,
    )
    try:
        with transaction.atomic():
            video.save()
            transitions.submit(video, by=by, trusted=is_curator(by) or is_moderator(by))
    except IntegrityError as error:
        raise HereAlready(_like(video)) from error
    return video


def _checked(
    wanted: Wanted, workshop: Workshop | None
) -> tuple[Recognised, Person | None, Talk | None]:
    wrong: dict[str, str] = {}
    recognised = Recognised("", "", "")
    try:
        recognised = recognise(wanted.address, slides=wanted.kind == Video.Kind.SLIDES)
    except NotRecognised as problem:
        wrong["address"] = str(problem)
    if not wanted.title.strip() or len(wanted.title.strip()) > 300:
        wrong["title"] = gettext("Give it a title, at most 300 characters.")
    if wanted.kind not in Video.Kind.values:
        wrong["kind"] = gettext("Choose what it is.")
    if wanted.language not in ("", *dict(LANGUAGES)):
        wrong["language"] = gettext("Choose a language, or none.")
    if wanted.start.strip(" 0:") and not start_of(wanted.start):
        wrong["start"] = gettext("Give the start as 1:30 or 1:02:03.")
    speaker = Person.objects.living().filter(slug=wanted.speaker).first()
    if wanted.speaker and speaker is None:
        wrong["speaker"] = gettext("No person here has this address.")
    talk = None
    if workshop and wanted.talk:
        talk = Talk.objects.filter(workshop=workshop, title=wanted.talk).first()
        if talk is None:
            wrong["talk"] = gettext("This is no talk of the workshop.")
    if wrong:
        raise CannotAdd(**wrong)
    return recognised, speaker, talk


def talks_of(workshop: Workshop) -> list[str]:
    """Titles of the talks to which a recording may belong."""
    talks = Talk.objects.filter(workshop=workshop).exclude(title="").order_by("position")
    return list(dict.fromkeys(talks.values_list("title", flat=True)))


def _like(video: Video) -> Video:
    rows = Video.objects.filter(
        OCCUPYING, provider=video.provider, provider_id=video.provider_id
    ).filter(paper=video.paper)
    if video.paper is None:
        rows = rows.filter(workshop=video.workshop)
    return rows.select_related("author").get()


def withdraw_video(video: Video, *, by: User) -> None:
    """Take one's own video back. Raises transitions.NotPossible."""
    transitions.move(video, State.WITHDRAWN, by=by)


def report_dead(video: Video, *, by: User) -> None:
    """Tell the moderators that it does not play. Raises transitions.NotPossible."""
    reports.report(video, by=by, reason=DEAD)
