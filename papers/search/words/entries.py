"""What the index knows of each paper, read from the database in a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import connection

from papers.models import AcceptedPaper, Authorship, Finding, Paper, PaperTopic
from papers.names import fold
from papers.search import flags
from papers.search.words import topic_counts
from taxonomy.models import Topic

BATCH = 1000


@dataclass(frozen=True)
class Entry:
    """One paper as the index sees it. Topics include every ancestor, each once; their marks are
    for counting."""

    paper_id: int
    state: str
    title: str
    year: int
    summary: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    venues: tuple[str, ...] = ()
    venue_names: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    topic_marks: tuple[str, ...] = ()
    topic_names: tuple[str, ...] = ()
    chinese: tuple[str, ...] = ()
    workshops: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    has: tuple[str, ...] = ()
    is_: tuple[str, ...] = ()

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
    people: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    people_zh: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    placed: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    findings: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    workshops: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    having: dict[int, list[str]] = field(default_factory=dict)


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


@dataclass(frozen=True)
class TopicTree:
    """The taxonomy by id: each topic with its ancestors, root first."""

    by_id: dict[int, Topic]
    by_slug: dict[str, Topic]

    @classmethod
    def read(cls) -> TopicTree:
        """All topics, in one query; in one that only compares while none of them has changed."""
        with connection.cursor() as cursor:
            cursor.execute(_STATE_OF_TOPICS)
            state = (connection.settings_dict["NAME"], *cursor.fetchone())
        if (known := _trees.get(state)) is not None:
            return known
        topics = list(Topic.objects.all())
        found = cls({one.pk: one for one in topics}, {one.slug: one for one in topics})
        _trees.clear()
        _trees[state] = found
        return found

    def upward(self, topic_ids: Iterable[int]) -> list[Topic]:
        """The topics with all their ancestors, each once, roots first."""
        slugs = {slug for pk in topic_ids if pk in self.by_id for slug in self.by_id[pk].path_slugs}
        found = [self.by_slug[slug] for slug in slugs if slug in self.by_slug]
        return sorted(found, key=lambda topic: topic.position)


# Every version of a row is told from every other by the command and transaction that wrote it.
_STATE_OF_TOPICS = """
SELECT count(*), sum(hashtextextended(concat_ws('.', id, xmin, cmin), 0)) FROM taxonomy_topic
"""
_trees: dict[tuple[object, ...], TopicTree] = {}


def topic_names(topic: Topic) -> list[str]:
    """Every name by which a topic is known."""
    return [topic.name, topic.slug.replace("-", " "), *map(str, topic.aliases)]


def _around(ids: Collection[int]) -> _Around:
    around = _Around(having=flags.of_papers(ids))
    written = Authorship.objects.filter(paper__in=ids).order_by("paper", "position")
    columns = ("paper", "printed_name", "person__slug", "person__name", "person__name_zh")
    for paper, printed, slug, name, name_zh in written.values_list(*columns):
        around.authors[paper] += [printed] if name in (None, printed) else [printed, name]
        around.people[paper] += [slug] if slug else []
        around.people_zh[paper] += [name_zh] if name_zh else []
    placements = PaperTopic.objects.filter(paper__in=ids).order_by("position", "id")
    for paper, topic in placements.values_list("paper", "topic"):
        around.placed[paper].append(topic)
    for paper, text in Finding.objects.filter(paper__in=ids).values_list("paper", "text"):
        around.findings[paper].append(text)
    accepted = AcceptedPaper.objects.filter(paper__in=ids).order_by("position")
    for found, slug in accepted.values_list("paper", "workshop__slug"):
        if found is not None and slug not in around.workshops[found]:
            around.workshops[found].append(slug)
    return around


def _entry(paper: Paper, around: _Around, tree: TopicTree) -> Entry:
    topics = tree.upward(around.placed[paper.pk])
    venues = [one for one in (paper.venue, paper.venue and paper.venue.part_of) if one]
    chinese = [paper.tldr_zh, *(topic.name_zh for topic in topics), *around.people_zh[paper.pk]]
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
        authors=tuple(around.authors[paper.pk]) + tuple(around.people_zh[paper.pk]),
        people=tuple(around.people[paper.pk]),
        venues=tuple(one.slug for one in venues),
        venue_names=tuple(name for one in venues for name in (one.name, one.full_name)),
        topics=tuple(topic.slug for topic in topics),
        topic_marks=topic_counts.marks(
            tree.by_id[pk].path for pk in around.placed[paper.pk] if pk in tree.by_id
        ),
        topic_names=tuple(dict.fromkeys(name for topic in topics for name in topic_names(topic))),
        chinese=tuple(text for text in chinese if text),
        workshops=tuple(around.workshops[paper.pk]),
        identifiers=_identifiers(paper),
        has=tuple(around.having.get(paper.pk, ())),
        is_=_kinds(paper),
    )


def _identifiers(paper: Paper) -> tuple[str, ...]:
    schemes = ("arxiv", "doi", "openreview", "acl")
    known = [f"{scheme}:{getattr(paper, scheme)}" for scheme in schemes if getattr(paper, scheme)]
    return (f"key:{paper.key.casefold()}", *(one.casefold() for one in known))


def _kinds(paper: Paper) -> tuple[str, ...]:
    return (paper.kind, *(["baseline"] if paper.is_baseline else []))
