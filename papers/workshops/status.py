"""Where a workshop stands: proposed, call open, coming, running, held, or never confirmed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from accounts.words import Words
from papers.models import Workshop, WorkshopDate
from papers.workshops.moving import kind_of


@dataclass(frozen=True)
class Status:
    """State of a workshop at some moment, as a code, a word and a sentence."""

    code: str
    label: str
    sentence: str

    @property
    def is_past(self) -> bool:
        return self.code in {"held", "unconfirmed"}

    @property
    def is_doubtful(self) -> bool:
        """Whether no source says that it took place or will."""
        return self.code in {"proposed", "unconfirmed"}


PROPOSED = Status(
    "proposed",
    Words("proposed"),
    Words("A proposal. No source here says that it was accepted or took place."),
)
CANCELLED = Status("cancelled", Words("cancelled"), Words("It was cancelled."))
UNCONFIRMED = Status(
    "unconfirmed",
    Words("not confirmed"),
    Words("Announced; no source here says that it took place."),
)
HELD = Status("held", Words("held"), Words("It took place."))
RUNNING = Status("running", Words("today"), Words("It takes place today."))
OPEN = Status("open", Words("call open"), Words("Its call for papers is open."))
COMING = Status(
    "coming",
    Words("upcoming"),
    Words("It is still to come; its call is closed or not yet open."),
)


def status_of(workshop: Workshop, dates: Sequence[WorkshopDate], moment: dt.datetime) -> Status:
    """Where `workshop` stands at `moment` (aware), from its status, its day and its deadlines."""
    recorded = workshop.status.lower()
    if "cancel" in recorded:
        return CANCELLED
    if "proposed" in recorded:
        return PROPOSED
    if workshop.date == moment.date():
        return RUNNING
    past = workshop.date < moment.date() if workshop.date else workshop.year < moment.year
    if past or recorded == "held":
        return HELD if recorded == "held" else UNCONFIRMED
    return OPEN if any(is_open_call(date, moment) for date in dates) else COMING


def is_open_call(date: WorkshopDate, moment: dt.datetime) -> bool:
    """Whether `date` is a submission deadline that has not passed."""
    return kind_of(date.kind, date.label) == "submission" and not has_passed(date, moment)


def has_passed(date: WorkshopDate, moment: dt.datetime) -> bool:
    """Whether a date lies behind `moment`. Without a zone it passes when its day has in UTC-12."""
    if date.ends_at:
        return date.ends_at <= moment
    if date.date is None:
        return False
    return date.date < (moment - dt.timedelta(hours=12)).date()


def days_left(date: WorkshopDate, moment: dt.datetime) -> int | None:
    """Whole days from `moment` to a date still ahead; None when it has passed or is unknown."""
    if date.date is None or has_passed(date, moment):
        return None
    if date.ends_at:
        return (date.ends_at - moment).days
    return max((date.date - moment.date()).days, 0)
