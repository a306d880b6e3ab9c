"""What the next edition takes over of an edition: its skeleton, nothing that was said. Pure."""

from __future__ import annotations

from collections import Counter
from typing import Any

Fields = dict[str, Any]
_KEEP_TITLES = {"break", "lunch", "opening", "closing", "setup", "poster", "panel", "award"}


def structure_of(fields: Fields) -> dict[str, Fields]:
    """Drafts by block: labels of dates, rules of the call, the frame of the day.

    fields: of the edition before, as the data files name them.
    """
    dates = [
        {name: date[name] for name in ("label", "kind", "time", "zone") if date.get(name)}
        for date in fields["important_dates"]
    ]
    rules = dict.fromkeys(fields["submission_rules"], "")
    items = [
        {
            **{name: item[name] for name in ("start", "end", "kind", "room") if item.get(name)},
            "title": (item.get("title") or "") if item.get("kind") in _KEEP_TITLES else "",
        }
        for item in fields["schedule"]
        if not item.get("withdrawn")
    ]
    drafts: dict[str, Fields] = {}
    if dates:
        drafts["dates"] = {"important_dates": dates}
    if rules:
        drafts["call"] = {"submission_rules": rules}
    if items:
        drafts["programme"] = {"schedule": items}
    return drafts


def roles_of(fields: Fields) -> list[tuple[str, int]]:
    """How many people had each role, in the order of the edition before."""
    return list(Counter(person["role"] for person in fields["people"]).items())
