"""Rows of the literature. Facts only; what acts on them lives in the subject modules beside."""

from papers.models.change import FixtureRecord, PaperChange
from papers.models.document import Document, Reading, Upload
from papers.models.evidence import (
    Conflict,
    Decision,
    FieldSource,
    FoldTitle,
    ImportBatch,
    Reference,
    SourceVisit,
    TopicSuggestion,
)
from papers.models.history import TRACKED, TalkSpeaker
from papers.models.learning import Lecture, PathStep, ReadingPath, Term
from papers.models.listing import ListedPerson, ListingChange
from papers.models.method import Method, MethodPaper
from papers.models.name import PaperName
from papers.models.organising import (
    AttendLink,
    AuthorLink,
    ProgrammeVersion,
    WorkshopBlock,
    WorkshopFile,
    WorkshopImport,
    WorkshopNotice,
    WorkshopOrganiser,
    WorkshopPaper,
)
from papers.models.paper import (
    Authorship,
    Finding,
    OldKey,
    Paper,
    PaperLink,
    PaperTopic,
    PaperVersion,
)
from papers.models.person import Person, PersonAlias
from papers.models.place import Book, Course, Lab, Organisation
from papers.models.vectors import PaperEmbedding
from papers.models.venue import TimelineEvent, Venue
from papers.models.waiting import WaitingWork
from papers.models.watch import (
    Find,
    OutsideLink,
    Refreshed,
    Reported,
    Source,
    SourceAnswer,
)
from papers.models.workshop import (
    AcceptedAuthor,
    AcceptedPaper,
    ScheduleItem,
    Talk,
    Workshop,
    WorkshopDate,
    WorkshopRole,
)

__all__ = [
    "TRACKED",
    "AcceptedAuthor",
    "AcceptedPaper",
    "AttendLink",
    "AuthorLink",
    "Authorship",
    "Book",
    "Conflict",
    "Course",
    "Decision",
    "Document",
    "FieldSource",
    "Find",
    "Finding",
    "FixtureRecord",
    "FoldTitle",
    "ImportBatch",
    "Lab",
    "Lecture",
    "ListedPerson",
    "ListingChange",
    "Method",
    "MethodPaper",
    "OldKey",
    "Organisation",
    "OutsideLink",
    "Paper",
    "PaperChange",
    "PaperEmbedding",
    "PaperLink",
    "PaperName",
    "PaperTopic",
    "PaperVersion",
    "PathStep",
    "Person",
    "PersonAlias",
    "ProgrammeVersion",
    "Reading",
    "ReadingPath",
    "Reference",
    "Refreshed",
    "Reported",
    "ScheduleItem",
    "Source",
    "SourceAnswer",
    "SourceVisit",
    "Talk",
    "TalkSpeaker",
    "Term",
    "TimelineEvent",
    "TopicSuggestion",
    "Upload",
    "Venue",
    "WaitingWork",
    "Workshop",
    "WorkshopBlock",
    "WorkshopDate",
    "WorkshopFile",
    "WorkshopImport",
    "WorkshopNotice",
    "WorkshopOrganiser",
    "WorkshopPaper",
    "WorkshopRole",
]
