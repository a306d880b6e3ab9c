"""What the index knows of each paper, read from the database in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from papers.models import (
    Authorship,
    Finding,
    Paper,
    PaperLink,
    PaperName,
    PaperTopic,
    Term,
    Venue,
)
from papers.names import fold
from papers.search import fields
from papers.search.paper_keys import Keys
from papers.search.words.analysis import without_cjk
from taxonomy.models import Topic
from taxonomy.tree import TopicTree, topic_names

BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """One paper as the index sees it. other_names: of its method, as recorded, from Latin words in
    Chinese texts and from its code. keys: whole keys, by their field of the index. marks: what
    stands in each column that is counted."""

    paper_id: int
    state: str
    title: str
    year: int
    summary: tuple[str, ...] = ()
    other_names: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    venue_names: tuple[str, ...] = ()
    topic_names: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    keys: Mapping[str, Collection[str]] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_name(self) -> str:
        """Orders papers by title; no two alike."""
        return f"{fold(self.title)[:200]} {self.paper_id:012d}"

    @property
    def newest_first(self) -> str:
        """Orders papers from the newest, then by title; no two alike."""
        return f"{9999 - self.year:04d} {self.by_name}"

    @property
    def oldest_first(self) -> str:
        """Orders papers from the oldest, then by title; no two alike."""
        return f"{self.year:04d} {self.by_name}"


@dataclass
class _Around:
    """Rows that surround a batch of papers."""

    authors: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    people_zh: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    placed: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    findings: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    code: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    names: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    also_called: dict[str, list[str]] = field(default_factory=dict)
    """Further Chinese names from the glossary, by its word and by the Chinese name it stands at."""
    keys: dict[str, Keys] = field(default_factory=dict)
    marks: dict[int, dict[str, str]] = field(default_factory=dict)

    def chinese_names(self, topic: Topic) -> list[str]:
        """The Chinese name of a topic with what else it is called."""
        known = (self.also_called.get(name, []) for name in (topic.slug, topic.name_zh))
        return [topic.name_zh, *dict.fromkeys(name for names in known for name in names)]


def entries(paper_ids: Collection[int]) -> list[Entry]:
    """Entries of those of the papers that exist."""
    topics = TopicTree.read()
    around = _around(paper_ids)
    papers = Paper.objects.filter(pk__in=paper_ids).select_related("venue__part_of").order_by("pk")
    return [_entry(paper, around, topics) for paper in papers]


def all_entries() -> Iterator[list[Entry]]:
    """Entries of all papers, in batches."""
    last = 0
    while ids := list(_ids_after(last)):
        yield entries(ids)
        last = ids[-1]


def _ids_after(last: int) -> Iterable[int]:
    return Paper.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]


def _around(ids: Collection[int]) -> _Around:
    keys = fields.keys_of(ids)
    around = _Around(keys=keys, marks=fields.marks_of(ids, keys))
    written = Authorship.objects.filter(paper__in=ids).order_by("paper", "position")
    columns = ("paper", "printed_name", "person__name", "person__name_zh")
    for paper, printed, name, name_zh in written.values_list(*columns):
        around.authors[paper] += [printed] if name in (None, printed) else [printed, name]
        around.people_zh[paper] += [name_zh] if name_zh else []
    placements = PaperTopic.objects.filter(paper__in=ids).order_by("position", "id")
    for paper, topic in placements.values_list("paper", "topic"):
        around.placed[paper].append(topic)
    for paper, text in Finding.objects.filter(paper__in=ids).values_list("paper", "text"):
        around.findings[paper].append(text)
    links = PaperLink.objects.filter(paper__in=ids, kind=PaperLink.Kind.CODE)
    for paper, url in links.values_list("paper", "url"):
        around.code[paper].append(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    for paper, name in PaperName.objects.filter(paper__in=ids).values_list("paper", "name"):
        around.names[paper].append(name)
    for slug, name, variants in Term.objects.values_list("slug", "zh", "variants_zh"):
        around.also_called |= {slug: variants, name: variants} if variants else {}
    return around


def _entry(paper: Paper, around: _Around, tree: TopicTree) -> Entry:
    topics = tree.upward(around.placed[paper.pk])
    venues = [venue for venue in (paper.venue, paper.venue and paper.venue.part_of) if venue]
    names = around.names[paper.pk]
    topics_zh = (name for topic in topics for name in around.chinese_names(topic))
    chinese = [paper.tldr_zh, *topics_zh, *around.people_zh[paper.pk], *names]
    return Entry(
        paper_id=paper.pk,
        state=paper.state,
        title=paper.title,
        year=paper.year,
        summary=tuple(
            text
            for text in (paper.tldr, paper.abstract, paper.contribution, *around.findings[paper.pk])
            if text
        ),
        other_names=(without_cjk(paper.tldr_zh), *names, *around.code[paper.pk]),
        authors=tuple(around.authors[paper.pk]) + tuple(around.people_zh[paper.pk]),
        venue_names=tuple(name for venue in venues for name in words_of_venue(venue)),
        topic_names=tuple(dict.fromkeys(name for topic in topics for name in topic_names(topic))),
        chinese=tuple(text for text in chinese if text),
        identifiers=_identifiers(paper),
        keys={name: keys.get(paper.pk, ()) for name, keys in around.keys.items()},
        marks=around.marks[paper.pk],
    )


def words_of_venue(venue: Venue) -> Iterator[str]:
    """Names of a venue that count as words of its papers: not the many ways to print the full one,
    which would make every paper there one about "information processing" five times over."""
    yield from (venue.name, venue.full_name)
    yield from (alias for alias in venue.aliases if " " not in alias)


def _identifiers(paper: Paper) -> tuple[str, ...]:
    schemes = ("arxiv", "doi", "openreview", "acl")
    known = [f"{scheme}:{getattr(paper, scheme)}" for scheme in schemes if getattr(paper, scheme)]
    return (f"key:{paper.key.casefold()}", *(identifier.casefold() for identifier in known))
