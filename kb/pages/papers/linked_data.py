"""Pages as schema.org JSON-LD, for machines that read the page."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from kb.languages.middleware import in_english
from papers.models import Person, Workshop, WorkshopRole
from papers.workshops.status import Status

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
_ATTENDANCE = {
    "virtual": "OnlineEventAttendanceMode",
    "hybrid": "MixedEventAttendanceMode",
    "in person": "OfflineEventAttendanceMode",
}


def embedded(data: dict[str, Any]) -> SafeString:
    """JSON that can stand inside a script element whatever the texts hold."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308


@in_english
def person(request: HttpRequest, who: Person, aliases: Iterable[str]) -> SafeString:
    """schema.org Person."""
    same_as = [who.url] if who.url else []
    if who.orcid:
        same_as.append(f"https://orcid.org/{who.orcid}")
    return embedded(
        _known(
            {
                "@context": "https://schema.org",
                "@type": "Person",
                "@id": request.build_absolute_uri(who.get_absolute_url()),
                "name": who.name,
                "alternateName": [*([who.name_zh] if who.name_zh else []), *aliases],
                "affiliation": who.affiliation,
                "sameAs": same_as,
            }
        )
    )


@in_english
def event(
    request: HttpRequest, workshop: Workshop, roles: Sequence[WorkshopRole], status: Status
) -> SafeString:
    """schema.org Event. Names are given as printed; addresses of people are ours."""
    virtual = {"@type": "VirtualLocation", "url": workshop.website}
    place = {"@type": "Place", "name": workshop.location, "address": workshop.location}
    event_status = "EventCancelled" if status.code == "cancelled" else "EventScheduled"
    return embedded(
        _known(
            {
                "@context": "https://schema.org",
                "@type": "Event",
                "@id": request.build_absolute_uri(workshop.get_absolute_url()),
                "name": workshop.name,
                "alternateName": f"{workshop}",
                "description": workshop.summary,
                "startDate": workshop.date.isoformat() if workshop.date else "",
                "endDate": workshop.date.isoformat() if workshop.date else "",
                "eventStatus": f"https://schema.org/{event_status}",
                "eventAttendanceMode": _attendance(workshop.format),
                "location": place if workshop.location else virtual if workshop.website else "",
                "url": workshop.website,
                "superEvent": _known({"@type": "Event", "name": workshop.host_conference}, "name"),
                "organizer": _people(request, roles, {"organizer"}),
                "performer": _people(request, roles, {"keynote", "invited"}),
            }
        )
    )


def _attendance(words: str) -> str:
    kind = next((kind for start, kind in _ATTENDANCE.items() if words.startswith(start)), "")
    return f"https://schema.org/{kind}" if kind else ""


def _people(
    request: HttpRequest, roles: Sequence[WorkshopRole], wanted: set[str]
) -> list[dict[str, Any]]:
    return [
        _known(
            {
                "@type": "Person",
                "name": role.printed_name,
                "url": request.build_absolute_uri(role.person.get_absolute_url())
                if role.person
                else "",
            }
        )
        for role in roles
        if role.role in wanted
    ]


def _known(data: dict[str, Any], needed: str = "") -> dict[str, Any]:
    """Without what is empty; nothing at all when `needed` is empty."""
    if needed and not data.get(needed):
        return {}
    return {name: value for name, value in data.items() if value not in ("", [], {}, None)}
