"""Papers: how their files are read from and written to rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from papers.models import Authorship, Finding, Paper, PaperLink, PaperTopic, Venue
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
_FIRST = {PaperTopic.Origin.CURATOR: 0, PaperTopic.Origin.MACHINE: 100}  # suggestions stand last


@dataclass
class _Known:
    """What rows say beyond the files, by name or text: kept when a list is written anew."""

    people: dict[str, int | None]
    affiliations: dict[str, str]
    origins: dict[str, str]

    @classmethod
    def of(cls, paper: Paper) -> _Known:
        authors = list(paper.authorships.all())
        return cls(
            people={row.printed_name: row.person_id for row in authors},
            affiliations={row.printed_name: row.affiliation for row in authors},
            origins={row.text: row.origin for row in paper.findings.all()},
        )


class Papers:
    """One file a paper."""

    def __init__(self, spellings: Spellings) -> None:
        self.spellings = spellings
        self.venues = {venue.slug: venue for venue in Venue.objects.all()}
        self.topics = {topic.slug: topic for topic in Topic.objects.all()}

    def known(self) -> set[str]:
        return set(Paper.objects.values_list("key", flat=True))

    def read(self, key: str) -> Fields | None:
        paper = Paper.objects.filter(key=key).select_related("venue").first()
        if paper is None:
            return None
        fields = {name: getattr(paper, name) for name in _PLAIN}
        fields |= {name: getattr(paper, name) or "" for name in _IDENTIFIERS}
        code = paper.links.filter(kind=PaperLink.Kind.CODE)
        return fields | {
            "kind": "" if paper.kind == Paper.Kind.ARTICLE else paper.kind,
            "venue": paper.venue.slug if paper.venue else "",
            "authors": list(paper.authorships.values_list("printed_name", flat=True)),
            "code": list(code.values_list("url", flat=True)),
            **{
                name: list(
                    paper.placements.filter(origin=origin).values_list("topic__slug", flat=True)
                )
                for name, origin in _ORIGINS.items()
            },
            "findings": list(paper.findings.values_list("text", flat=True)),
        }

    def write(self, key: str, fields: Fields) -> None:
        paper = Paper.objects.filter(key=key).first() or Paper(key=key)
        is_new = paper.pk is None
        for name in set(fields) & set(_PLAIN):
            setattr(paper, name, fields[name])
        for name in set(fields) & set(_IDENTIFIERS):
            setattr(paper, name, fields[name] or None)
        if "kind" in fields:
            paper.kind = fields["kind"] or Paper.Kind.ARTICLE
        if "venue" in fields:
            paper.venue = self.venues[fields["venue"]]
        paper.save()
        known = _Known.of(paper)
        if not is_new:
            self._clear_lists(paper, fields)
        self._write_lists(paper, fields, known)
        refresh_versions(paper)

    def _clear_lists(self, paper: Paper, fields: Fields) -> None:
        rows = {
            "authors": paper.authorships.all(),
            **{name: paper.placements.filter(origin=origin) for name, origin in _ORIGINS.items()},
            "code": paper.links.filter(kind=PaperLink.Kind.CODE),
            "findings": paper.findings.all(),
        }
        for name in set(fields) & set(rows):
            rows[name].delete()

    def _write_lists(self, paper: Paper, fields: Fields, known: _Known) -> None:
        if "authors" in fields:
            self.spellings.learn(fields["authors"])
            Authorship.objects.bulk_create(
                Authorship(
                    paper=paper,
                    position=place,
                    printed_name=tidy(name),
                    person_id=known.people.get(tidy(name)) or self.spellings.person_id(name),
                    affiliation=known.affiliations.get(tidy(name), ""),
                )
                for place, name in enumerate(fields["authors"])
            )
        for name, origin in _ORIGINS.items():
            self._place(paper, fields.get(name, []), origin)
        if "code" in fields:
            PaperLink.objects.bulk_create(
                PaperLink(paper=paper, kind=PaperLink.Kind.CODE, url=url) for url in fields["code"]
            )
        if "findings" in fields:
            Finding.objects.bulk_create(
                Finding(
                    paper=paper,
                    position=place,
                    text=text,
                    origin=known.origins.get(text, Paper.Origin.CURATOR),
                )
                for place, text in enumerate(fields["findings"])
            )

    def _place(self, paper: Paper, slugs: list[str], origin: PaperTopic.Origin) -> None:
        """Place the paper at topics. A curator's word replaces a suggestion, not the reverse."""
        placed = paper.placements.filter(topic__slug__in=slugs)
        if origin == PaperTopic.Origin.CURATOR:
            placed.delete()
        taken = set(placed.values_list("topic__slug", flat=True))
        PaperTopic.objects.bulk_create(
            PaperTopic(paper=paper, topic=self.topics[slug], position=place, origin=origin)
            for place, slug in enumerate(slugs, _FIRST[origin])
            if slug not in taken
        )


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
