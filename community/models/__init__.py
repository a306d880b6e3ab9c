"""Rows that people write."""

from community.models.act import Act
from community.models.collection import (
    Appearance,
    DigestMail,
    Follow,
    ListEntry,
    Mark,
    ReadingList,
    Subscription,
)
from community.models.correction import Alarm, Correction
from community.models.moderated import Moderated, ModeratedQuerySet, State, moderated_models
from community.models.profile import PersonClaim, Profile
from community.models.progress import StepDone
from community.models.public_list import (
    ListChange,
    ListImport,
    ListKeeper,
    ListPlacement,
    ListSection,
    ListSuggestion,
    PublicList,
)
from community.models.reading_session import ReadingSession
from community.models.report import Report
from community.models.review import (
    HelpfulMark,
    Reply,
    ReplyVersion,
    Review,
    ReviewDraft,
    ReviewVersion,
)
from community.models.schedule import ScheduleStar
from community.models.video import Video
from community.models.webhook import Delivery, Webhook
from community.models.workshop_request import WorkshopRequest

__all__ = [
    "Act",
    "Alarm",
    "Appearance",
    "Correction",
    "Delivery",
    "DigestMail",
    "Follow",
    "HelpfulMark",
    "ListChange",
    "ListEntry",
    "ListImport",
    "ListKeeper",
    "ListPlacement",
    "ListSection",
    "ListSuggestion",
    "Mark",
    "Moderated",
    "ModeratedQuerySet",
    "PersonClaim",
    "Profile",
    "PublicList",
    "ReadingList",
    "ReadingSession",
    "Reply",
    "ReplyVersion",
    "Report",
    "Review",
    "ReviewDraft",
    "ReviewVersion",
    "ScheduleStar",
    "State",
    "StepDone",
    "Subscription",
    "Video",
    "Webhook",
    "WorkshopRequest",
    "moderated_models",
]
