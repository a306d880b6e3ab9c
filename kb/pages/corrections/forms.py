"""The inputs of a record's form, what was typed into them, and the lines of the curators' list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext, gettext_lazy

from accounts.words import Words
from community.corrections.comparing import Row
from community.corrections.texts import from_text, shape_of, to_text
from community.models import Correction
from papers.curation.editing import FIELDS, schema_of
from papers.history.reading import NAMES
from papers.methods import words
from papers.models import Organisation, Venue
from papers.names import NAME_ORIGINS
from papers.records import KINDS, RecordKind, kind_of

# Open at the top of the form; the others stand folded below.
_FIRST: dict[str, tuple[str, ...]] = {
    "paper": (
        *("title", "authors", "year", "venue", "arxiv", "doi", "openreview", "acl"),
        *("topics", "suggested_topics", "code", "abstract"),
    ),
    "person": ("name", "name_zh", "affiliation", "url", "orcid", "aliases"),
    "venue": ("name", "full_name", "kind", "part_of"),
    "workshop": ("name", "acronym", "date", "location", "website", "important_dates"),
    "method": (
        *("name", "name_zh", "aliases", "introduced_by", "improved_by", "adapts", "granularity"),
        *("decision", "training", "batching", "extends", "compared_with", "code"),
    ),
    "topic": ("name", "name_zh", "definition", "definition_zh", "parent", "aliases"),
    "lab": (
        *("name", "name_zh", "affiliation", "country", "leads", "members", "papers", "topics"),
        "url",
    ),
    "organisation": ("name", "name_zh", "aliases", "kind", "products", "papers", "url"),
    "course": ("name", "provider", "term", "lecturers", "lectures", "video", "url", "topics"),
    "book": (
        *("name", "name_zh", "authors", "year", "publisher", "isbn", "relevant", "chapters"),
        *("url", "topics"),
    ),
}
_HELP = {
    "authors": Words("One name a line, in the printed order."),
    "topics": Words("Addresses of topics, one a line: early-exiting."),
    "suggested_topics": Words("What a machine proposed. Move what is right to the topics."),
    "code": Words("One address a line."),
    "papers": Words("Keys of papers, one a line: huang2018multi."),
    **dict.fromkeys(
        ("leads", "members", "lecturers"), Words("One name a line, as papers print it.")
    ),
    "products": Words("“- name: …”, below it “  what: …” and “  source: …”."),
    "lectures": Words(
        "“- title: …”, below it “  video: https://…”, “  url: https://…”, “  "
        "papers: [huang2018multi]”, “  topics: [early-exiting]”."
    ),
    "chapters": Words("“- title: …”, below it “  topics: [early-exiting]”."),
    "venue": Words("Short name of the venue."),
    "parent": Words("Address of the topic above it."),
    "part_of": Words("Address of the venue it belongs to."),
    "aliases": Words("One a line."),
    "arxiv": Words("1703.09844, or the address of the page."),
    "doi": "10.1109/…",
    "date": "2022-07-22",
    "text": Words("YAML, as in the data files; papers are cited as [@key]."),
    "names": format_lazy(
        gettext_lazy(
            "What the method is called. “- name: MSDNet”, below it “  origin: title” "
            "(of {name_origins})."
        ),
        name_origins=", ".join(NAME_ORIGINS),
    ),
    "introduced_by": Words("Keys of papers, one a line: huang2018multi."),
    "improved_by": Words("Keys of papers, one a line."),
    **dict.fromkeys(
        ("extends", "answers", "compared_with"), Words("Addresses of methods, one a line: msdnet.")
    ),
    **{
        name: format_lazy(gettext_lazy("One a line, of {known}."), known=", ".join(known))
        for name, known in words.CHOICES.items()
    },
}


@dataclass(frozen=True)
class Input:
    """One field of the form. `was`: its text when the form was opened."""

    name: str
    label: str
    shape: str
    text: str
    was: str
    help: str = ""
    options: list[tuple[str, str]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return min(24, max(3, self.text.count("\n") + 2))

    @property
    def note_id(self) -> str:
        """Id of the note that describes the input; empty without one."""
        return f"help-{self.name}" if self.help else ""


@dataclass
class Given:
    """What was sent: fields as values, what they were, and the words around them."""

    fields: dict[str, Any] = field(default_factory=dict)
    base: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    source: str = ""
    into: str = ""


def inputs(kind: str, fields: Mapping[str, Any]) -> dict[str, list[Input]]:
    """All fields of a record: the common ones, and the others."""
    texts = {name: to_text(kind, name, fields.get(name)) for name in FIELDS[kind]}
    return _laid_out(kind, texts, texts)


def given_inputs(
    kind: str, sent: Mapping[str, str], fields: Mapping[str, Any]
) -> dict[str, list[Input]]:
    """The form again as it was sent, so that nothing typed is lost."""
    now = {name: to_text(kind, name, fields.get(name)) for name in FIELDS[kind]}
    texts = {name: sent.get(f"field-{name}", now[name]) for name in FIELDS[kind]}
    return _laid_out(kind, texts, {n: sent.get(f"was-{n}", now[n]) for n in FIELDS[kind]})


def _laid_out(
    kind: str, texts: Mapping[str, str], was: Mapping[str, str]
) -> dict[str, list[Input]]:
    def item(name: str) -> Input:
        shape = shape_of(kind, name)
        help_text = _HELP.get(name, Words("YAML, as in the data files.") if shape == "yaml" else "")
        label = NAMES.get(name, name.replace("_", " "))
        told = str(help_text)
        return Input(name, label, shape, texts[name], was[name], told, _options(kind, name))

    first = [name for name in _FIRST[kind] if name in texts]
    others = [name for name in texts if name not in first]
    return {"first": [item(name) for name in first], "others": [item(name) for name in others]}


def _options(kind: str, name: str) -> list[tuple[str, str]]:
    if (kind, name) == ("paper", "venue"):
        return [("", "—"), *Venue.objects.values_list("slug", "name")]
    field_of = schema_of(kind, name)
    if field_of.kind is bool:
        return [("yes", "yes"), ("no", "no")]
    allowed = {
        ("paper", "kind"): ("", "survey"),
        ("paper", "role"): ("", Words("static baseline")),
        ("paper", "texts_by"): ("", "curator", "author", "machine"),
        ("venue", "kind"): tuple(Venue.Kind.values),
        ("method", "batching"): ("", *words.BATCHING),
        ("organisation", "kind"): ("", *Organisation.Kind.values),
    }.get((kind, name), ())
    return [(value, value or "—") for value in allowed]


def read(kind: str, sent: Mapping[str, str]) -> tuple[Given, dict[str, str]]:
    """What was sent, and a sentence for each field that cannot be read.

    A field whose text is as it was when the form was opened is no proposal, whatever the record
    says by now.
    """
    given = Given(
        reason=sent.get("reason", ""), source=sent.get("source", ""), into=sent.get("into", "")
    )
    wrong: dict[str, str] = {}
    for name in FIELDS[kind]:
        text, was = sent.get(f"field-{name}"), sent.get(f"was-{name}", "")
        if text is None or _plain(text) == _plain(was):
            continue
        try:
            given.fields[name] = from_text(kind, name, text)
            given.base[name] = from_text(kind, name, was)
        except ValueError as problem:
            wrong[name] = str(problem)
    return given, wrong


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def kind_named(record: Any) -> RecordKind:
    return kind_of(record)


def key_in(text: str) -> str:
    """The key in what was pasted: a key, or the address of a page here."""
    return text.strip().rstrip("/").rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Choice:
    """What a curator can choose for one field: the record's, the proposed, or an edited text."""

    row: Row
    shape: str
    text: str
    chosen: str

    @property
    def rows(self) -> int:
        return min(24, max(3, self.text.count("\n") + 2))


def choices(kind: str, rows: Iterable[Row], sent: Mapping[str, str]) -> list[Choice]:
    """For fields that changed since nothing is chosen yet: the curator has to say."""
    offered = []
    for row in rows:
        text = to_text(kind, row.name, row.merged if row.is_stale else row.proposed)
        chosen = sent.get(f"choice-{row.name}", "" if row.is_stale else "proposed")
        text = sent.get(f"edit-{row.name}", text)
        offered.append(Choice(row, shape_of(kind, row.name), text, chosen))
    return offered


def chosen(correction: Correction, sent: Mapping[str, str]) -> dict[str, Any] | None:
    """The values that a curator chose; None without any choice. Raises ValueError."""
    if correction.kind == Correction.Kind.MERGE:
        return None
    picked = {name: sent.get(f"choice-{name}", "") for name in correction.proposed}
    if not any(picked.values()):
        return None
    missing = [name for name, how in picked.items() if how not in ("record", "proposed", "edit")]
    if missing:
        raise ValueError(
            gettext("Choose what to do with: {missing}.").format(missing=", ".join(missing))
        )
    values = {}
    for name, how in picked.items():
        if how == "proposed":
            values[name] = correction.proposed[name]
        elif how == "edit":
            values[name] = from_text(correction.record_kind, name, sent.get(f"edit-{name}", ""))
    return values


@dataclass(frozen=True)
class Line:
    """A proposal in a list."""

    correction: Correction
    record: Any

    @property
    def what(self) -> str:
        """In words: "title and year", "a merge into …", "a new paper"."""
        if self.correction.kind == Correction.Kind.MERGE:
            return gettext("merge into {value}").format(value=self.correction.proposed["into"])
        if self.correction.kind == Correction.Kind.NEW:
            return gettext("new paper: {value}").format(
                value=self.correction.proposed.get("title", "")
            )
        return ", ".join(NAMES.get(n, n.replace("_", " ")) for n in self.correction.proposed)


def lines(corrections: Iterable[Correction]) -> list[Line]:
    """With their records, in one query a kind."""
    shown = list(corrections)
    wanted: dict[str, set[int]] = {}
    for line in shown:
        if line.record_id is not None:
            wanted.setdefault(line.record_kind, set()).add(line.record_id)
    records = {
        name: KINDS[name].model._default_manager.in_bulk(pks) for name, pks in wanted.items()
    }
    return [Line(line, records.get(line.record_kind, {}).get(line.record_id)) for line in shown]
