"""Papers: how their files are read from and written to rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Model

from papers.models import Authorship, Finding, Paper, PaperLink, PaperName, PaperTopic, Venue
from papers.names import tidy
from papers.persons import Spellings
from papers.same_work import Work, find_same
from papers.versions import refresh_versions
from taxonomy.models import Topic

Fields = dict[str, Any]
_IDENTIFIERS = ("arxiv", "doi", "openreview", "acl")
_PLAIN = (
    *(
        "key",
        "title",
        "year",
        "month",
        "volume",
        "issue",
        "pages",
        "publisher",
        "published_month",
        "role",
        "abstract",
        "tldr",
        "tldr_zh",
        "contribution",
        "texts_by",
    ),
    *("awards", "sources", "unconfirmed"),
)
_ORIGINS = {
    "topics": PaperTopic.Origin.CURATOR,
    "suggested_topics": PaperTopic.Origin.MACHINE,
}
_FIRST_SUGGESTED = 100  # behind whatever a curator may name


@dataclass
class _Known:
    """What rows say beyond the files, by name or text: kept when a list is written anew."""

    people: dict[str, int | None] = field(default_factory=dict)
    affiliations: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    placed: frozenset[str] = frozenset()

    @classmethod
    def of(cls, paper: Paper) -> _Known:
        """From prefetched lists."""
        authors = list(paper.authorships.all())
        by_curator = PaperTopic.Origin.CURATOR
        placements = paper.placements.all()
        return cls(
            people={row.printed_name: row.person_id for row in authors},
            affiliations={row.printed_name: row.affiliation for row in authors},
            origins={row.text: row.origin for row in paper.findings.all()},
            placed=frozenset(row.topic.slug for row in placements if row.origin == by_curator),
        )


@dataclass
class _Parts:
    """Rows that belong to one paper, not yet saved."""

    authors: list[Authorship]
    placements: list[PaperTopic]
    links: list[PaperLink]
    findings: list[Finding]
    names: list[PaperName]


class Papers:
    """One file a paper."""

    at_once = 500

    def __init__(self, spellings: Spellings) -> None:
        self.spellings = spellings
        self.venues = {venue.slug: venue for venue in Venue.objects.all()}
        self.topics = {topic.slug: topic for topic in Topic.objects.all()}

    def known(self) -> set[str]:
        return set(Paper.objects.values_list("key", flat=True))

    def read_many(self, keys: Sequence[str]) -> dict[str, Fields]:
        return {key: _fields_of(paper) for key, paper in _with_lists(keys).items()}

    def write_new(self, records: Mapping[str, Fields]) -> None:
        """Make papers, however many, in a fixed number of statements."""
        papers = [self._changed(Paper(key=key), fields) for key, fields in records.items()]
        Paper.objects.bulk_create(papers)
        self.spellings.learn(
            name for fields in records.values() for name in fields.get("authors", [])
        )
        pairs = zip(papers, records.values(), strict=True)
        _write_parts([self._parts(paper, fields, _Known()) for paper, fields in pairs])
        refresh_versions(*papers)

    def write_changed(self, records: Mapping[str, Fields]) -> None:
        """Change papers, however many, in a fixed number of statements and one for each."""
        here = _with_lists(records)
        pairs = [(here[key], fields) for key, fields in records.items()]
        for paper, fields in pairs:
            self._changed(paper, fields).save()
        self.spellings.learn(
            name for fields in records.values() for name in fields.get("authors", [])
        )
        parts = [self._parts(paper, fields, _Known.of(paper)) for paper, fields in pairs]
        _clear_lists(pairs)
        _write_parts(parts)
        refresh_versions(*here.values())

    def write(self, key: str, fields: Fields) -> None:
        is_here = Paper.objects.filter(key=key).exists()
        (self.write_changed if is_here else self.write_new)({key: fields})

    def _changed(self, paper: Paper, fields: Fields) -> Paper:
        """The paper with the fields that stand in its own row; not saved."""
        for name in set(fields) & set(_PLAIN):
            setattr(paper, name, fields[name])
        for name in set(fields) & set(_IDENTIFIERS):
            setattr(paper, name, fields[name] or None)
        if "kind" in fields:
            paper.kind = fields["kind"] or Paper.Kind.ARTICLE
        if "venue" in fields:
            paper.venue = self.venues[fields["venue"]]
        return paper

    def _parts(self, paper: Paper, fields: Fields, known: _Known) -> _Parts:
        """The rows of the lists that `fields` names; not saved."""
        self.spellings.learn(fields.get("authors", []))
        return _Parts(
            [
                Authorship(
                    paper=paper,
                    position=place,
                    printed_name=tidy(name),
                    person_id=known.people.get(tidy(name)) or self.spellings.person_id(name),
                    affiliation=known.affiliations.get(tidy(name), ""),
                )
                for place, name in enumerate(fields.get("authors", []))
            ],
            self._placements(paper, fields, known),
            [
                PaperLink(paper=paper, kind=PaperLink.Kind.CODE, url=url)
                for url in fields.get("code", [])
            ],
            [
                Finding(
                    paper=paper,
                    position=place,
                    text=text,
                    origin=known.origins.get(text, Paper.Origin.CURATOR),
                )
                for place, text in enumerate(fields.get("findings", []))
            ],
            _named(paper, fields.get("names", [])),
        )

    def _placements(self, paper: Paper, fields: Fields, known: _Known) -> list[PaperTopic]:
        """Where a curator placed the paper, then what is only suggested, but no topic twice."""
        placed = set(fields.get("topics", known.placed))
        suggested = [slug for slug in fields.get("suggested_topics", []) if slug not in placed]
        return [
            PaperTopic(paper=paper, topic=self.topics[slug], origin=origin, position=place)
            for origin, first, slugs in (
                (PaperTopic.Origin.CURATOR, 0, fields.get("topics", [])),
                (PaperTopic.Origin.MACHINE, _FIRST_SUGGESTED, suggested),
            )
            for place, slug in enumerate(slugs, first)
        ]


def _with_lists(keys: Iterable[str]) -> dict[str, Paper]:
    """The papers that are there, by key, with all that their files tell, in six queries."""
    papers = Paper.objects.filter(key__in=list(keys)).select_related("venue")
    lists = ("authorships", "links", "placements__topic", "findings", "names")
    return {paper.key: paper for paper in papers.prefetch_related(*lists)}


def _fields_of(paper: Paper) -> Fields:
    """What the file of a paper would say, from its row and prefetched lists."""
    fields = {name: getattr(paper, name) for name in _PLAIN}
    fields |= {name: getattr(paper, name) or "" for name in _IDENTIFIERS}
    return fields | {
        "kind": "" if paper.kind == Paper.Kind.ARTICLE else paper.kind,
        "venue": paper.venue.slug if paper.venue else "",
        "authors": [row.printed_name for row in paper.authorships.all()],
        "code": [row.url for row in paper.links.all() if row.kind == PaperLink.Kind.CODE],
        **{
            name: [row.topic.slug for row in paper.placements.all() if row.origin == origin]
            for name, origin in _ORIGINS.items()
        },
        "findings": [row.text for row in paper.findings.all()],
        "names": [{"name": row.name, "origin": row.origin} for row in paper.names.all()],
    }


def _named(paper: Paper, names: list[dict[str, str]]) -> list[PaperName]:
    """Rows of the names, each spelling once: "MSDNet" and "MSD-Net" are one name."""
    rows: dict[str, PaperName] = {}
    for place, row in enumerate(names):
        name = PaperName.of(paper, place, tidy(row["name"]), row["origin"])
        if name.key:
            rows.setdefault(name.key, name)
    return list(rows.values())


def _write_parts(of_papers: Sequence[_Parts]) -> None:
    """Write the rows of many papers, a statement a table."""
    Authorship.objects.bulk_create(row for parts in of_papers for row in parts.authors)
    PaperTopic.objects.bulk_create(row for parts in of_papers for row in parts.placements)
    PaperLink.objects.bulk_create(row for parts in of_papers for row in parts.links)
    Finding.objects.bulk_create(row for parts in of_papers for row in parts.findings)
    PaperName.objects.bulk_create(row for parts in of_papers for row in parts.names)


def _clear_lists(changed: Iterable[tuple[Paper, Fields]]) -> None:
    """Take away the rows that `fields` says anew, a statement a table; lists are prefetched."""
    rows: dict[type[Model], list[int]] = defaultdict(list)
    for paper, fields in changed:
        for name, old in _old_rows(paper, fields).items():
            if name in fields:
                for row in old:
                    rows[type(row)].append(row.pk)
    for model, ids in rows.items():
        model._default_manager.filter(pk__in=ids).delete()


def _old_rows(paper: Paper, fields: Fields) -> dict[str, list[Any]]:
    """The rows behind each list. A topic that a curator names now was only suggested before."""
    suggested, named = PaperTopic.Origin.MACHINE, set(fields.get("topics", []))
    placements = list(paper.placements.all())
    return {
        "authors": list(paper.authorships.all()),
        "topics": [p for p in placements if p.origin != suggested or p.topic.slug in named],
        "suggested_topics": [p for p in placements if p.origin == suggested],
        "code": [link for link in paper.links.all() if link.kind == PaperLink.Kind.CODE],
        "findings": list(paper.findings.all()),
        "names": list(paper.names.all()),
    }


def marks_of(fields: Fields) -> set[str]:
    """What two files of one work may have in common: the letters of the title, an identifier."""
    ids = {f"{name}:{fields[name].casefold()}" for name in _IDENTIFIERS if fields.get(name)}
    return {Work(fields["title"]).title_key} | ids


def beside_others(fields: Fields) -> tuple[Fields, str]:
    """What a new paper may say where a record here is or may be the same work.

    Returns its fields without the identifiers that are taken, and a sentence for a curator, who
    merges the two or keeps both; empty where nothing here is like it.
    """
    ids = {name: fields[name] for name in _IDENTIFIERS if fields.get(name)}
    match = find_same(Work(fields["title"], tuple(fields["authors"]), fields["year"], ids))
    if match is None:
        return fields, ""
    taken = [name for name in ids if Paper.objects.filter(**{f"{name}__iexact": ids[name]})]
    verb = "is" if match.is_sure else "may be"
    return (
        {name: value for name, value in fields.items() if name not in taken},
        f"{verb} {match.paper.key} here ({match.by}); merge the two or keep both",
    )
