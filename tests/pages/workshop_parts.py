"""Workshops with dates, programme, papers and people, in one line each."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.test import Client

from papers.models import (
    AcceptedAuthor,
    AcceptedPaper,
    ScheduleItem,
    Workshop,
    WorkshopDate,
    WorkshopRole,
)
from tests import make
from tests.markup import flat

UTC = dt.UTC

NOON = dt.datetime(2022, 5, 20, 12, tzinfo=UTC)


def read(client: Client, workshop: Workshop) -> str:
    response = client.get(workshop.get_absolute_url())
    assert response.status_code == 200
    return flat(response.content.decode())


def event(**fields: Any) -> Workshop:
    fields = {"date": dt.date(2022, 7, 22), "timezone": "America/New_York", **fields}
    return make.workshop(**{"status": "held", **fields})


def date(workshop: Workshop, label: str = "Submission deadline", **fields: Any) -> WorkshopDate:
    return WorkshopDate.objects.create(
        workshop=workshop, label=label, position=workshop.dates.count(), **fields
    )


def item(
    workshop: Workshop,
    start: str,
    end: str,
    title: str = "A talk",
    *,
    speaker: str = "",
    accepted: AcceptedPaper | None = None,
    **fields: Any,
) -> ScheduleItem:
    """An entry of the programme, with a talk where somebody or a paper is named."""
    slot = ScheduleItem.objects.create(
        workshop=workshop,
        position=workshop.schedule.count(),
        start=dt.time.fromisoformat(start) if start else None,
        end=dt.time.fromisoformat(end) if end else None,
        title=title,
        **fields,
    )
    if speaker or accepted:
        make.talk(slot, *([speaker] if speaker else []), accepted=accepted)
    return slot


def accepted(workshop: Workshop, title: str, *authors: str, **fields: Any) -> AcceptedPaper:
    entry = AcceptedPaper.objects.create(
        workshop=workshop, position=workshop.accepted.count(), title=title, **fields
    )
    for place, name in enumerate(authors):
        AcceptedAuthor.objects.create(
            accepted=entry, position=place, printed_name=name, person=make.person(name)
        )
    return entry


def role(workshop: Workshop, name: str, what: str, **fields: Any) -> WorkshopRole:
    return WorkshopRole.objects.create(
        workshop=workshop,
        position=workshop.roles.count(),
        role=what,
        printed_name=name,
        person=make.person(name),
        **fields,
    )
