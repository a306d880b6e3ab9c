"""What the author of a review is writing: answers and choices, checked against the form."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext

from community.models import Review
from community.reviews.forms import Field, Form
from community.text import cites
from papers.models import Paper

LONGEST_CONFLICT = 1000
SIGNED, ANONYMOUS = "signed", "anonymous"
PREFIX = "f-"


@dataclass(frozen=True)
class Content:
    """A review as it is being written. values: answers by field name, all of them text.

    name: "signed", "anonymous", or "" while the author has not chosen.
    """

    values: dict[str, str] = field(default_factory=dict)
    name: str = ""
    conflict: str = ""
    conflict_text: str = ""

    @classmethod
    def from_post(cls, form: Form, post: Mapping[str, Any]) -> Content:
        """From a page's form: answers are named f-<field>; unknown names are left out."""
        values = {field.name: post.get(PREFIX + field.name, "") for field in form.fields}
        return cls.made(form, values, post)

    @classmethod
    def made(cls, form: Form, values: Mapping[str, Any], settings: Mapping[str, Any]) -> Content:
        """From answers and settings of any origin; what is not known is left out."""
        name, conflict = settings.get("name", ""), settings.get("conflict", "")
        return cls(
            values={
                field.name: text for field in form.fields if (text := _text(values.get(field.name)))
            },
            name=name if name in (SIGNED, ANONYMOUS) else "",
            conflict=conflict if conflict in Review.Conflict.values else "",
            conflict_text=_text(settings.get("conflict_text")),
        )

    @classmethod
    def stored(cls, row: Mapping[str, Any]) -> Content:
        return cls(**{key: row[key] for key in cls.__dataclass_fields__ if key in row})

    def changed(self, **fields: Any) -> Content:
        return replace(self, **fields)

    @property
    def row(self) -> dict[str, Any]:
        """As stored in a draft."""
        return {key: getattr(self, key) for key in self.__dataclass_fields__}

    @property
    def is_empty(self) -> bool:
        return not any(self.values.values())


def problems(
    form: Form, content: Content, paper: Paper, printed: Collection[str] = ()
) -> dict[str, str]:
    """What must change before it can be handed in: texts for the author, by field name.

    printed: fields of a pasted review whose printed answer ("N/A") stands for a missing one.
    """
    wrong = {
        form_field.name: sentence
        for form_field in form.fields
        if (sentence := _problem(form_field, content.values))
    }
    wrong = {name: sentence for name, sentence in wrong.items() if name not in printed}
    for form_field in form.fields:
        text = content.values.get(form_field.name, "")
        if form_field.kind == "markdown" and form_field.name not in wrong and text:
            lost = cites.missing(paper, [text])
            if lost:
                told = gettext("Nothing here is called {names}. Pick from the list.")
                wrong[form_field.name] = told.format(names=", ".join(lost))
    if not content.name:
        wrong["name"] = gettext("Choose whether your name stands beside the review.")
    if not content.conflict:
        wrong["conflict"] = gettext("Say whether you have a conflict of interest.")
    elif content.conflict == Review.Conflict.SOME and not content.conflict_text:
        wrong["conflict"] = gettext("Describe the conflict of interest in a sentence.")
    elif len(content.conflict_text) > LONGEST_CONFLICT:
        wrong["conflict"] = gettext("Use at most {most} characters.").format(most=LONGEST_CONFLICT)
    return wrong


def too_long(form: Form, content: Content) -> bool:
    """Whether a text is so far beyond its limit that not even a draft keeps it."""
    limits = {field.name: 2 * field.limit + 1000 for field in form.fields if field.limit}
    within = all(len(text) <= limits.get(name, 100) for name, text in content.values.items())
    return not within or len(content.conflict_text) > 2 * LONGEST_CONFLICT


def _problem(field: Field, values: Mapping[str, str]) -> str:
    text = values.get(field.name, "")
    if field.required and not text:
        return gettext("Choose one.") if field.is_choice else gettext("This is needed.")
    if field.is_choice and text and field.point(text) is None:
        return gettext("Choose one of the given answers.")
    if field.limit and len(text) > field.limit:
        told = gettext("{count} characters; at most {most} are possible.")
        return told.format(count=len(text), most=field.limit)
    return ""


def _text(value: object) -> str:
    """A text without what PostgreSQL cannot hold and with one kind of line end."""
    return str(value or "").replace("\x00", "").replace("\r\n", "\n").strip()
