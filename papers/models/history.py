"""Which tables keep their past: database triggers write an event for every change of a row.

An update and a delete keep the row as it was before; an insert keeps the row as it came. What a
row was at any time follows from its events and from what it is now, so rows that never changed
need no event: the first load of the data files writes none (papers.history.acts).
"""

from __future__ import annotations

import pghistory
from django.db import models

from papers.models.learning import Lecture
from papers.models.method import Method, MethodPaper
from papers.models.name import PaperName
from papers.models.paper import Authorship, Finding, OldKey, Paper, PaperLink, PaperTopic
from papers.models.person import Person, PersonAlias
from papers.models.place import Book, Course, Lab, Organisation
from papers.models.venue import TimelineEvent, Venue
from papers.models.workshop import (
    AcceptedAuthor,
    AcceptedPaper,
    ScheduleItem,
    Talk,
    Workshop,
    WorkshopDate,
    WorkshopRole,
)
from taxonomy.models import Topic, remember


class TalkSpeaker(Talk.speakers.through):  # type: ignore[name-defined,misc]
    """That a person gives a talk; here only to be tracked."""

    class Meta:
        proxy = True


remember(Paper, leave_out=("created_at", "updated_at"))
for _part in (Authorship, PaperTopic, Finding, PaperLink, PaperName, OldKey):
    remember(_part, belongs_to="paper")
remember(Method, leave_out=("updated_at",))
remember(MethodPaper, belongs_to="method")
for _place in (Lab, Organisation, Course, Book):
    remember(_place, leave_out=("updated_at",))
remember(Person)
remember(PersonAlias, belongs_to="person")
remember(Venue)
remember(TimelineEvent)
remember(Workshop, leave_out=("state",))
for _list in (WorkshopDate, WorkshopRole, AcceptedPaper, ScheduleItem, Talk):
    remember(_list, belongs_to="workshop")
remember(AcceptedAuthor, belongs_to="accepted")
remember(Lecture, belongs_to="topic")
pghistory.track(
    pghistory.InsertEvent(),
    pghistory.DeleteEvent(),
    obj_field=None,
    model_name="TalkSpeakerEvent",
    meta={"indexes": [models.Index(fields=["talk"], name="past_talkspeaker_of")]},
)(TalkSpeaker)
TRACKED: tuple[type[models.Model], ...] = (
    *(Topic, Paper, Authorship, PaperTopic, Finding, PaperLink, PaperName, OldKey),
    *(Person, PersonAlias, Venue, TimelineEvent, Workshop, WorkshopDate, WorkshopRole),
    *(AcceptedPaper, AcceptedAuthor, ScheduleItem, Talk, TalkSpeaker, Lecture),
    *(Method, MethodPaper, Lab, Organisation, Course, Book),
)
