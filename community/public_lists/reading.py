"""A public list as a reader sees it: its tree of sections, entries, counts; and as a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Prefetch

from accounts.models import Visitor
from community.list_files.dates import venue_and_year, year_in
from community.list_files.shapes import Entry, Link, ListFile
from community.list_files.shapes import Section as FileSection
from community.models import ListPlacement, ListSection, PublicList
from papers.ingest.match import known_venues
from papers.models import Paper


@dataclass
class EntryShown:
    """An entry with what the record adds. differs: where record and print disagree, in words."""

    row: ListPlacement
    differs: str = ""

    @property
    def paper(self) -> Paper | None:
        return self.row.paper

    @property
    def title(self) -> str:
        """As printed, else as the record has it."""
        return self.row.title or (self.row.paper.title if self.row.paper else "")

    @property
    def date(self) -> str:
        """Year and venue as printed, else as the record has them."""
        row = self.row
        if row.date_text:
            return row.date_text
        venue = row.paper.venue if row.paper and not row.venue else None
        name = row.venue or (venue.name if venue else "")
        year = row.year or (row.paper.year if row.paper else None)
        return " ".join(str(part) for part in (year, name) if part)

    @property
    def year(self) -> int | None:
        return year_in(self.date)

    @property
    def links(self) -> list[dict[str, str]]:
        """As printed; of a paper here without any, the address of its best known version."""
        if self.row.links or self.row.paper is None:
            return list(self.row.links)
        url = best_address(self.row.paper)
        return [{"kind": "paper", "label": "paper", "url": url}] if url else []


@dataclass
class SectionShown:
    """A section, or with `section` None what stands before all. depth: from 1."""

    section: ListSection | None
    depth: int
    path: tuple[str, ...] = ()
    entries: list[EntryShown] = field(default_factory=list)
    below: int = 0
    """Entries of the section and of all that lie in it."""

    @property
    def anchor(self) -> str:
        return f"s-{self.section.pk}" if self.section else "entries"

    @property
    def years(self) -> list[tuple[int, int]]:
        """(year, entries), from the first year to the last."""
        return counted(self.entries)


@dataclass
class ListShown:
    """Sections in reading order, each before those that lie in it."""

    sections: list[SectionShown]

    @property
    def entries(self) -> list[EntryShown]:
        return [entry for section in self.sections for entry in section.entries]

    @property
    def years(self) -> list[tuple[int, int]]:
        return counted(self.entries)


def counted(entries: Iterable[EntryShown]) -> list[tuple[int, int]]:
    """(year, number of entries), every year between the first and the last."""
    years = Counter(entry.year for entry in entries if entry.year)
    if not years:
        return []
    first, last = min(years), max(years)
    span = range(first, last + 1) if last - first < 60 else sorted(years)
    return [(year, years[year]) for year in span]


def read_list(chosen: PublicList, viewer: Visitor, *, for_export: bool = False) -> ListShown:
    """What `viewer` may see of a list that they may see. Three queries, more for exports."""
    papers = Paper.objects.visible_to(viewer)
    wanted = papers.for_export() if for_export else papers.select_related("venue")
    placements = chosen.placements.visible_to(viewer).select_related("suggested_by__profile")
    of_section: dict[int | None, list[EntryShown]] = {}
    for row in placements.prefetch_related(Prefetch("paper", wanted)):
        shown = EntryShown(row)
        if shown.title:
            of_section.setdefault(row.section_id, []).append(shown)
    if chosen.newest_first:
        for entries in of_section.values():
            entries.sort(key=lambda entry: -(entry.year or 0))
    children: dict[int | None, list[ListSection]] = {}
    for section in chosen.sections.all():
        children.setdefault(section.parent_id, []).append(section)
    sections = list(_walk(None, 1, (), children, of_section))
    if loose := of_section.get(None):
        sections.insert(0, SectionShown(None, 1, (), loose, len(loose)))
    return ListShown(sections)


def _walk(
    parent: int | None,
    depth: int,
    path: tuple[str, ...],
    children: dict[int | None, list[ListSection]],
    entries: dict[int | None, list[EntryShown]],
) -> Iterator[SectionShown]:
    for section in children.get(parent, []):
        own = (*path, joined(section.title, section.title_zh))
        shown = SectionShown(section, depth, own, entries.get(section.pk, []))
        inside = list(_walk(section.pk, depth + 1, own, children, entries))
        direct = (below.below for below in inside if below.depth == depth + 1)
        shown.below = len(shown.entries) + sum(direct)
        yield shown
        yield from inside


def tell_differences(entries: Iterable[EntryShown]) -> None:
    """Where a printed date names another venue or year than the record. One query."""
    venue_of = known_venues()
    for entry in entries:
        paper = entry.paper
        if paper is None or not entry.row.date_text:
            continue
        printed, year = venue_and_year(entry.row.date_text)
        venue, here = venue_of(printed), paper.venue
        other_venue = venue and here and venue.pk != here.pk
        kinds = {row.kind for row in (venue, here) if row}
        other_year = year and paper.year and abs(year - paper.year) > 1
        if (other_venue and "preprint" not in kinds) or other_year:
            entry.differs = " ".join(str(p) for p in (here.name if here else "", paper.year) if p)


def best_address(paper: Paper) -> str:
    """Where the paper can be read: arXiv, ACL, OpenReview, DOI, in this order."""
    if paper.arxiv:
        return f"https://arxiv.org/abs/{paper.arxiv}"
    if paper.acl:
        return f"https://aclanthology.org/{paper.acl}"
    if paper.openreview:
        return f"https://openreview.net/forum?id={paper.openreview}"
    return f"https://doi.org/{paper.doi}" if paper.doi else ""


def joined(title: str, title_zh: str) -> str:
    """Both titles as one heading of a file."""
    return f"{title} / {title_zh}" if title_zh else title


def parted(heading: str) -> tuple[str, str]:
    """The inverse of `joined`, where one side is Chinese and the other is not."""
    title, bar, title_zh = heading.rpartition(" / ")
    if bar and _is_chinese(title_zh) and not _is_chinese(title) and len(title_zh) <= 60:
        return title, title_zh
    return heading, ""


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= letter <= "\u9fff" for letter in text)


def file_of(chosen: PublicList, shown: ListShown) -> ListFile:
    """What a reader sees of the list, as a file holds it."""
    made = ListFile(
        title=joined(chosen.title, chosen.title_zh),
        introduction=chosen.introduction,
        licence=chosen.licence,
        source=chosen.source,
        classification=[(node["depth"], node["text"]) for node in chosen.classification],
        topics={node["text"]: node["topic"] for node in chosen.classification if node["topic"]},
    )
    for part in shown.sections:
        if part.section:
            section = part.section
            made.sections.append(
                FileSection(part.path, 0, section.introduction, section.focus_name)
            )
        made.entries += [_entry(entry, part.path) for entry in part.entries]
    return made


def _entry(entry: EntryShown, path: tuple[str, ...]) -> Entry:
    row = entry.row
    return Entry(
        title=entry.title,
        section=path,
        authors=() if row.paper_id else tuple(row.authors),
        printed_date=entry.date,
        links=tuple(Link(link["kind"], link["label"], link["url"]) for link in entry.links),
        focus=row.focus,
        notes=row.notes,
    )
