"""What changed between two versions of a review, line by line."""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from django.utils.translation import gettext

from community.models import ReviewVersion
from community.reviews.forms import Form


@dataclass(frozen=True)
class Line:
    """One line of a difference. kind: "same", "added" or "gone"."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """An answer that differs."""

    label: str
    lines: tuple[Line, ...]


_KINDS = {" ": "same", "+": "added", "-": "gone"}


def changes(form: Form, before: ReviewVersion, after: ReviewVersion) -> list[Change]:
    """The answers that differ between two versions, in the order of the form."""
    changed = [
        Change(label, lines(old, new))
        for label, old, new in (
            (gettext("Name"), _signature(before), _signature(after)),
            (gettext("Conflict of interest"), _conflict(before), _conflict(after)),
        )
        if old != new
    ]
    for field in form.fields:
        old, new = (_shown(form, field.name, version) for version in (before, after))
        if old == new:
            continue
        changed.append(Change(gettext(field.label), lines(old, new)))
    return changed


def lines(old: str, new: str) -> tuple[Line, ...]:
    """Both texts line by line."""
    compared = difflib.ndiff(old.splitlines(), new.splitlines())
    return tuple(Line(_KINDS[line[0]], line[2:]) for line in compared if line[0] in _KINDS)


def _signature(version: ReviewVersion) -> str:
    return "signed" if version.signed else "anonymous"


def _conflict(version: ReviewVersion) -> str:
    declared = version.get_conflict_display()
    return f"{declared}: {version.conflict_text}" if version.conflict_text else declared


def _shown(form: Form, name: str, version: ReviewVersion) -> str:
    field, text = form.field(name), version.values.get(name, "")
    point = field.point(text) if field else None
    return point.label if point else text
