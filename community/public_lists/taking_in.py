"""Files become a public list, or what is new in them goes into one: planned, then written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts.models import User
from accounts.roles import NotPossible
from community.list_files.folder import read_bytes, read_files
from community.list_files.links import is_short_label
from community.list_files.matching import Matched, matched
from community.list_files.own_format import date_of, with_all_above
from community.list_files.shapes import Entry, Left, Link, ListFile, Section
from community.models import ListImport, ListPlacement, ListSection, PublicList
from community.public_lists import editing
from community.public_lists.history import recorded
from community.public_lists.reading import joined, parted
from community.public_lists.rights import require_edit
from papers.models import Paper
from papers.names import fold

Path = tuple[str, ...]
MOST_FILES = 100
MOST_BYTES = 4_000_000


@dataclass(frozen=True)
class Planned:
    """An entry of the files and what becomes of it: "added", "changed", "same" or "left"."""

    number: int
    found: Matched
    effect: str
    row: ListPlacement | None = None
    values: dict[str, Any] = field(default_factory=dict)

    @property
    def entry(self) -> Entry:
        return self.found.entry


@dataclass
class Plan:
    """All entries, the sections that they need, and everything that was left out, with why."""

    read: ListFile
    entries: list[Planned]
    sections: list[Section]
    left: list[Left]

    @property
    def effects(self) -> dict[str, int]:
        return dict(Counter(planned.effect for planned in self.entries))

    @property
    def statuses(self) -> dict[str, int]:
        return dict(Counter(planned.found.status for planned in self.entries))


def read_texts(files: Mapping[str, str]) -> ListFile:
    """The list that texts make together, by their names."""
    content = {name: text.encode() for name, text in files.items()}
    if len(content) == 1:
        ((name, only),) = content.items()
        return read_bytes(only, name=name.rpartition("/")[2])
    return read_files(content)


def start(files: Mapping[str, str], *, by: User, into: PublicList | None = None) -> ListImport:
    """Keep what was sent, to be looked at. Raises NotPossible when no list is in it."""
    if into is not None:
        require_edit(into, by)
    if not files or len(files) > MOST_FILES:
        raise NotPossible(
            gettext("Send at least one file, and at most {most_files}.").format(
                most_files=MOST_FILES
            )
        )
    if sum(map(len, files.values())) > MOST_BYTES:
        raise NotPossible(
            gettext("All files together may have {value} MB.").format(value=MOST_BYTES // 1000000)
        )
    if not read_texts(files).papers:
        raise NotPossible(
            gettext(
                "No entry of a reading list was found. A list has its papers as rows of "
                "tables, as bullets or as numbered lines; a bibliography goes to the "
                "import of papers."
            )
        )
    return ListImport.objects.create(by=by, public_list=into, files=dict(files))


def plan(
    read: ListFile,
    *,
    viewer: User | None,
    into: PublicList | None = None,
    edits: Mapping[str, dict[str, Any]] | None = None,
) -> Plan:
    """What taking the files in would do. Reads the record, writes nothing.

    viewer: entries are matched with the papers that they may see; None: with the public ones.
    """
    edits = edits or {}
    read = _tidied(read)
    entries = [_edited(entry, edits.get(str(n), {})) for n, entry in enumerate(read.papers)]
    matches = list(matched(entries, Paper.objects.visible_to(viewer)))
    known = _known_rows(into)
    planned: list[Planned] = []
    seen: set[tuple[Path, str]] = set()
    for number, match in enumerate(matches):
        edit = edits.get(str(number), {})
        paper = match.paper if match.status == "here" or edit.get("same") else None
        names = _names(match.entry, paper)
        is_again = bool(names & seen)
        seen |= names
        if edit.get("leave") or is_again:
            planned.append(Planned(number, match, "left"))
            continue
        row = next((known[name] for name in names if name in known), None)
        values = _values(match.entry, paper)
        changed = {k: v for k, v in values.items() if row and v and getattr(row, k) != v}
        effect = "added" if row is None else "changed" if changed else "same"
        planned.append(Planned(number, match, effect, row, changed if row else values))
    repeats = [
        Left(p.entry.line, p.entry.title, "stands in this section already", p.entry.file)
        for p in planned
        if p.effect == "left" and not edits.get(str(p.number), {}).get("leave")
    ]
    others = [
        Left(entry.line, entry.title, f"a {entry.kind.value}, no paper", entry.file)
        for entry in read.others
    ]
    sections = _wanted_sections(read, [p.entry for p in planned if p.effect != "left"])
    left = sorted([*read.left, *others, *repeats], key=lambda row: (row.file, row.line))
    return Plan(read, planned, sections, left)


@transaction.atomic
def apply(sent: ListImport, *, by: User, title: str = "", slug: str = "") -> PublicList:
    """Make the list, or put into it what is new. Doing it again changes nothing.

    Raises NotPossible.
    """
    locked = ListImport.objects.select_for_update().get(pk=sent.pk)
    into = locked.public_list
    read = read_texts(locked.files)
    made = take_in(read, by=by, into=into, edits=locked.edits, title=title, slug=slug)
    ListImport.objects.filter(pk=sent.pk).update(public_list=made, applied_at=timezone.now())
    return made


@transaction.atomic
def take_in(
    read: ListFile,
    *,
    by: User,
    into: PublicList | None = None,
    edits: Mapping[str, dict[str, Any]] | None = None,
    title: str = "",
    slug: str = "",
) -> PublicList:
    """Write a plan. Raises NotPossible."""
    planned = plan(read, viewer=by, into=into, edits=edits)
    if into is None:
        into = _new_list(planned, by, title, slug)
    else:
        require_edit(into, by)
    if into.placements.count() + planned.effects.get("added", 0) > editing.MOST_ENTRIES:
        raise NotPossible(
            gettext("A list holds at most {most_entries} entries.").format(
                most_entries=editing.MOST_ENTRIES
            )
        )
    with recorded(into, by, gettext_noop("Taken in from files.")):
        write_rows(into, planned)
    return into


def write_rows(into: PublicList, planned: Plan) -> None:
    """Sections and entries of a plan; nothing else of the list is touched."""
    sections = _sections_of(into, planned.sections)
    added, moment = [], timezone.now()
    last = max(into.placements.values_list("position", flat=True), default=0)
    for entry in planned.entries:
        if entry.effect == "changed" and entry.row:
            ListPlacement.objects.filter(pk=entry.row.pk).update(**entry.values)
        elif entry.effect == "added":
            last += 1
            section = sections.get(entry.entry.section)
            added.append(
                ListPlacement(
                    public_list=into,
                    section=section,
                    position=last,
                    added_at=moment,
                    **entry.values,
                )
            )
    ListPlacement.objects.bulk_create(added)


def _new_list(planned: Plan, by: User, title: str, slug: str) -> PublicList:
    read = planned.read
    heading, title_zh = parted(read.title)
    return editing.make_list(
        by,
        title=title or heading or "A reading list",
        slug=slug,
        **list_values(read, title_zh=title_zh if not title or title == heading else ""),
    )


def list_values(read: ListFile, *, title_zh: str) -> dict[str, Any]:
    """The columns of a list that a file may say."""
    known = {"CC0-1.0", "CC-BY-4.0", "CC-BY-SA-4.0"}
    return {
        "title_zh": title_zh,
        "introduction": read.introduction,
        "licence": read.licence if read.licence in known else "",
        "source": read.source,
        "classification": [
            {"depth": depth, "text": text, "topic": read.topics.get(text, "")}
            for depth, text in read.classification
        ],
    }


def _tidied(read: ListFile) -> ListFile:
    """Without the list's own title as the section above all, links that repeat a title renamed."""
    top = {section.path[0] for section in read.sections if section.path}
    is_title = top == {read.title} and all(entry.section for entry in read.entries)
    cut = 1 if is_title else 0
    entries = [
        replace(
            entry,
            section=tuple(part[:240] for part in entry.section[cut:][: editing.DEEPEST]),
            links=tuple(_named_by_kind(link) for link in entry.links),
        )
        for entry in read.entries
    ]
    sections = [
        replace(section, path=tuple(part[:240] for part in section.path[cut:][: editing.DEEPEST]))
        for section in read.sections
    ]
    return replace(read, entries=entries, sections=sections)


def _named_by_kind(link: Link) -> Link:
    """A link whose text was the title of the paper is called after what stands behind it."""
    is_label = is_short_label(link.label) or len(link.label) <= 30
    return link if is_label else replace(link, label=link.kind)


def _edited(entry: Entry, edit: Mapping[str, Any]) -> Entry:
    if edit.get("title"):
        entry = replace(entry, title=edit["title"])
    if edit.get("section") is not None:
        entry = replace(entry, section=tuple(edit["section"]))
    return entry


def _names(entry: Entry, paper: Paper | None) -> set[tuple[Path, str]]:
    """By what an entry of a section is known again: its paper, and its title."""
    names = {(entry.section, fold(entry.title))}
    return names | ({(entry.section, f"paper {paper.pk}")} if paper else set())


def _known_rows(into: PublicList | None) -> dict[tuple[Path, str], ListPlacement]:
    if into is None:
        return {}
    paths = paths_of(into)
    known: dict[tuple[Path, str], ListPlacement] = {}
    for row in into.placements.select_related("paper").order_by("-pk"):
        path = paths.get(row.section_id, ())
        if row.paper:
            known[path, f"paper {row.paper.pk}"] = row
        known[path, fold(row.title or (row.paper.title if row.paper else ""))] = row
    return known


def paths_of(chosen: PublicList) -> dict[int | None, Path]:
    """The headings above and of each section, as files have them."""
    sections = {section.pk: section for section in chosen.sections.all()}

    def path(pk: int | None) -> Path:
        if pk is None or pk not in sections:
            return ()
        section = sections[pk]
        return (*path(section.parent_id), joined(section.title, section.title_zh))

    return {pk: path(pk) for pk in sections}


def _values(entry: Entry, paper: Paper | None) -> dict[str, Any]:
    checked = editing.checked_entry(
        {
            "title": entry.title,
            "authors": list(entry.authors),
            "year": entry.year,
            "venue": entry.venue,
            "date_text": date_of(entry),
            "focus": entry.focus,
            "notes": _notes(entry),
        }
    )
    # Addresses were tidied when the file was read; one that is too long is left out, not refused.
    links = [
        {"kind": link.kind, "label": link.label or link.kind, "url": link.url}
        for link in entry.links
        if len(link.url) <= 1000
    ]
    return checked | {"links": links[:20], "paper": paper}


def _notes(entry: Entry) -> str:
    presenter = f"presented by {entry.presenter}" if entry.presenter else ""
    return "; ".join(part for part in (entry.notes, presenter) if part)


def _wanted_sections(read: ListFile, entries: Sequence[Entry]) -> list[Section]:
    """Sections with entries in them, and empty ones that are about papers all the same."""
    used = {entry.section[:n] for entry in entries for n in range(1, len(entry.section) + 1)}
    templates = {left.line for left in read.left if left.why.startswith("a row of the template")}
    starts = sorted(section.line for section in read.sections)
    wanted = list(read.sections)
    for section in (Section(entry.section) for entry in entries):
        if section.path and all(section.path != other.path for other in wanted):
            wanted.append(section)
    kept = []
    for section in with_all_above(wanted):
        end = next((line for line in starts if line > section.line), 10**9)
        holds_template = any(section.line < line < end for line in templates)
        if section.path in used or holds_template or read.is_own:
            kept.append(section)
    return kept


def _sections_of(into: PublicList, wanted: Sequence[Section]) -> dict[Path, ListSection]:
    """The list's sections by their headings, the missing ones made."""
    rows = {section.pk: section for section in into.sections.all()}
    by_path = {path: rows[pk] for pk, path in paths_of(into).items() if pk is not None}
    last = max((section.position for section in rows.values()), default=0)
    for section in wanted:
        if section.path in by_path:
            continue
        last += 1
        title, title_zh = parted(section.path[-1])
        by_path[section.path] = ListSection.objects.create(
            public_list=into,
            parent=by_path.get(section.path[:-1]),
            position=last,
            title=title[:160],
            title_zh=title_zh,
            introduction=section.introduction[:4000],
            focus_name="" if section.focus_name == "Focused On" else section.focus_name[:40],
        )
    return by_path


def link_arrived(chosen: PublicList | None = None) -> int:
    """Tie entries that were not here to public papers that came since; how many were tied."""
    rows = ListPlacement.objects.filter(paper=None).exclude(title="")
    if chosen is not None:
        rows = rows.filter(public_list=chosen)
    waiting = list(rows.order_by("pk"))
    entries = [_entry_of(row) for row in waiting]
    tied = 0
    for row, match in zip(waiting, matched(entries, Paper.objects.visible_to(None)), strict=True):
        taken = ListPlacement.objects.filter(section=row.section_id, public_list=row.public_list_id)
        if match.status == "here" and not taken.filter(paper=match.paper).exists():
            tied += ListPlacement.objects.filter(pk=row.pk, paper=None).update(paper=match.paper)
    return tied


def _entry_of(row: ListPlacement) -> Entry:
    return Entry(
        title=row.title,
        authors=tuple(row.authors),
        year=row.year,
        venue=row.venue,
        links=tuple(Link(link["kind"], link["label"], link["url"]) for link in row.links),
    )
