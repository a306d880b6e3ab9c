"""What can be asked of papers: every field and facet, once.

The grammar, the index, the facets beside a list, suggestions, the parameters of the API and the
help text loop over `FIELDS`. A new facet is one entry here, or one `add`, and a test.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from accounts.words import Words
from papers.models import (
    Paper,
    PaperName,
    Person,
    Venue,
    Workshop,
)
from papers.names import name_key, singular_key
from papers.search import flags, paper_keys
from papers.search.paper_keys import Keys
from papers.search.words import columns
from papers.search.words.topic_counts import topic_counts
from papers.survivors import survivor
from taxonomy.tree import TopicTree, topic_names


class Kind(Enum):
    """How what stands after the colon is read."""

    TEXT = Words("words that stand there")
    CHOICE = Words("one of the site's own names")
    YEARS = Words("a year or a range of years")
    IDENTIFIER = Words("an identifier")


@dataclass(frozen=True)
class Value:
    """One value of a field. `names`: what else it is called. `group`: values of one group are
    alternatives, and every group must hold. depth: how far below the root of its tree."""

    key: str
    label: str
    names: tuple[str, ...] = ()
    label_zh: str = ""
    group: str = ""
    depth: int = 0
    url: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Counted:
    """How a facet of papers with several keys is counted: from marks that stand in columns of the
    index, and how many papers have each.

    of_papers: marks of papers; None if the keys of the field are the marks. tally: papers under
    each key, from papers with each mark. columns: in how many the marks stand; one of all of them
    together will do where papers have few combinations.
    """

    name: str
    of_papers: Callable[[Collection[int]], Keys] | None = None
    tally: Callable[[Mapping[str, int]], dict[str, int]] = dict
    columns: int = 1

    @property
    def index_names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return columns.names(self.name, self.columns)


@dataclass(frozen=True)
class Field:
    """Something that can be asked of papers: `name:value` in a query, and if `is_parameter` also
    `?name=value` in addresses.

    example: a value. help: what it asks for, a sentence without its end.
    index_name: where the index has it; for an identifier the scheme is part of the term.
    values(keys): those of the values, in the order in which they are shown; None for all.
    of_papers(ids): keys of each of the papers, for the index.
    is_facet: counted beside a list. adds_up: of several values each must hold.
    by_count, most: in the order of counts, so many at most. is_large: too many values to read all.
    """

    name: str
    label: str
    kind: Kind
    example: str
    help: str
    aliases: tuple[str, ...] = ()
    index_name: str = ""
    values: Callable[[Collection[str] | None], list[Value]] | None = None
    of_papers: Callable[[Collection[int]], Keys] | None = None
    counted: Counted | None = None
    is_parameter: bool = False
    is_facet: bool = False
    adds_up: bool = False
    by_count: bool = False
    most: int | None = None
    is_large: bool = False

    @property
    def shown_example(self) -> str:
        """As it is typed: author:huang."""
        return f"{self.name}:{self.example}"

    def known(self, keys: Collection[str] | None = None) -> list[Value]:
        """Its values; empty for a field whose values are no choice."""
        return self.values(keys) if self.values else []


# --- values ---


def _among(values: Iterable[Value], keys: Collection[str] | None) -> list[Value]:
    return [value for value in values if keys is None or value.key in keys]


def _topics(keys: Collection[str] | None) -> list[Value]:
    tree = sorted(TopicTree.read().by_id.values(), key=lambda topic: topic.position)
    return [
        Value(
            key=topic.slug,
            label=topic.name,
            names=(*topic_names(topic), topic.name_zh),
            label_zh=topic.name_zh,
            group=topic.root_slug,
            depth=topic.depth,
            url=topic.get_absolute_url(),
            detail=topic.name_zh,
        )
        for topic in tree
        if keys is None or topic.slug in keys
    ]


def _venues(keys: Collection[str] | None) -> list[Value]:
    rows = Venue.objects.all() if keys is None else Venue.objects.filter(slug__in=keys)
    return [
        Value(
            row.slug,
            row.name,
            (row.full_name, *row.aliases),
            url=row.get_absolute_url(),
            detail=row.full_name,
        )
        for row in rows
    ]


def _workshops(keys: Collection[str] | None) -> list[Value]:
    public = Workshop.objects.visible_to()
    rows = public if keys is None else public.filter(slug__in=keys)
    return [
        Value(
            key=row.slug,
            label=str(row),
            names=(row.name, *([f"{row.acronym} {row.year}"] if row.acronym else [])),
            url=row.get_absolute_url(),
            detail=row.name,
        )
        for row in rows
    ]


def _people(keys: Collection[str] | None) -> list[Value]:
    """People by their slugs; the slug of a record that was merged is that of its survivor."""
    rows = Person.objects.visible_to()
    if keys is not None:
        moved = Person.objects.filter(slug__in=keys).exclude(merged_into=None)
        survivors = [survivor(person).slug for person in moved.select_related("merged_into")]
        rows = rows.filter(slug__in=[*keys, *survivors])
    return [Value(slug, name) for slug, name in rows.values_list("slug", "name")]


def _names(keys: Collection[str] | None) -> list[Value]:
    """Names of methods; one asked for as it is written, else but for its plural."""
    rows = PaperName.objects.filter(paper__in=Paper.objects.visible_to())
    if keys is None:
        return [Value(key, name) for key, name in rows.values_list("key", "name")]
    exact = rows.filter(key__in=map(name_key, keys)).values_list("key", "name")
    singular = rows.filter(singular__in=map(singular_key, keys)).values_list("singular", "name")
    return [Value(key, name) for key, name in exact or singular]


def _flags(keys: Collection[str] | None) -> list[Value]:
    known = flags.known().values()
    return _among((Value(flag.name, flag.label, group=flag.name) for flag in known), keys)


KINDS = {**{kind.value: kind.label for kind in Paper.Kind}, "baseline": Words("static baseline")}


def _kinds(keys: Collection[str] | None) -> list[Value]:
    return _among((Value(key, label) for key, label in KINDS.items()), keys)


def _identifier(name: str, label: str, example: str, help_text: str) -> Field:
    return Field(name, label, Kind.IDENTIFIER, example, help_text, index_name="identifier")


# --- the list ---

FIELDS: tuple[Field, ...] = (
    Field(
        "author", Words("Author"), Kind.TEXT, "huang",
        Words("a name in any order and with initials, or one person by slug"),
        aliases=("by", "au", "authors", "person", "作者"),
        index_name="person", values=_people, of_papers=paper_keys.people_of,
        is_parameter=True, is_large=True,
    ),
    Field(
        "title", Words("Title"), Kind.TEXT, '"dynamic depth"', Words("words of the title"),
        aliases=("ti", "标题", "题目"), index_name="title",
    ),
    Field(
        "abstract", Words("Abstract"), Kind.TEXT, "halting",
        Words("words of summary, abstract and findings"),
        aliases=("abs", "summary", "摘要"), index_name="summary",
    ),
    Field(
        "name", Words("Name"), Kind.CHOICE, "MSDNet",
        Words("what the paper’s method is called, in any case, with or without hyphens "
"and spaces"),
        aliases=("called", "名称", "方法名"),
        index_name="name", values=_names, of_papers=paper_keys.names_of, is_large=True,
    ),
    Field(
        "topic", Words("Topic"), Kind.CHOICE, "early-exiting",
        Words("a topic with all below it, by slug or any name; of one axis any, of "
"several axes all"),
        aliases=("topics", "tag", "主题", "话题"),
        index_name="topic", values=_topics, of_papers=paper_keys.topics_of,
        counted=Counted(
            "topic_mark", paper_keys.topic_marks_of, topic_counts, paper_keys.TOPIC_COLUMNS
        ),
        is_parameter=True, is_facet=True,
    ),
    Field(
        "venue", Words("Venue"), Kind.CHOICE, "ICLR",
        Words("a venue, with the series that belong to it"),
        aliases=("conference", "journal", "会议", "期刊"),
        index_name="venue_slug", values=_venues, of_papers=paper_keys.venues_of,
        counted=Counted("venue_mark"),
        is_parameter=True, is_facet=True, by_count=True, most=20,
    ),
    Field(
        "year", Words("Year"), Kind.YEARS, "2018..2021",
        Words("a year, or years with an open end: 2018.."),
        aliases=("years", "date", "年份", "年"), index_name="year", is_facet=True,
    ),
    Field(
        "workshop", Words("Workshop"), Kind.CHOICE, "dynn-2022",
        Words("a workshop edition that accepted the paper"),
        aliases=("研讨会",),
        index_name="workshop", values=_workshops, of_papers=paper_keys.workshops_of,
        counted=Counted("workshop_mark"),
        is_parameter=True, is_facet=True,
    ),
    Field(
        "has", Words("With"), Kind.CHOICE, "code",
        Words("what the paper must have: code, abstract, findings, …"),
        index_name="has", values=_flags, of_papers=flags.of_papers,
        counted=Counted("flag_mark"),
        is_parameter=True, is_facet=True, adds_up=True,
    ),
    Field(
        "is", Words("Kind"), Kind.CHOICE, "survey", Words("article, survey or baseline"),
        index_name="is", values=_kinds, of_papers=paper_keys.kinds_of,
        counted=Counted("kind_mark"),
        is_parameter=True, is_facet=True,
    ),
    # A new facet goes here; what follows are identifiers.
    _identifier("arxiv", Words("arXiv id"), "2102.04906",
        Words("the paper with this arXiv id; pasted alone it leads straight there"),
    ),
    _identifier("doi", "DOI", "10.1109/TPAMI.2021.3117837",
        Words("the paper with this DOI; pasted alone it leads straight there"),
    ),
    _identifier("openreview", Words("OpenReview id"), "Hk2aImxAb",
        Words("the paper with this OpenReview id; pasted alone it leads straight there"),
    ),
    _identifier("acl", Words("ACL Anthology id"), "2022.acl-long.503",
        Words("the paper with this ACL Anthology id; pasted alone it leads straight there"),
    ),
)  # fmt: skip


def by_name(name: str) -> Field | None:
    """The field of a name or an alias, in any case."""
    folded = name.casefold()
    return next((f for f in FIELDS if folded == f.name or folded in f.aliases), None)


def get(name: str) -> Field:
    """The field of exactly this name. Raises KeyError."""
    return {field.name: field for field in FIELDS}[name]


def facets() -> tuple[Field, ...]:
    """Fields that are counted beside a list, in the order shown."""
    return tuple(field for field in FIELDS if field.is_facet)


def parameters() -> tuple[Field, ...]:
    """Fields that stand in addresses by their own name."""
    return tuple(field for field in FIELDS if field.is_parameter)


def exact_names() -> tuple[str, ...]:
    """Names under which the index keeps whole keys."""
    return tuple(field.index_name for field in FIELDS if field.of_papers)


def column_names() -> tuple[str, ...]:
    """Names of the columns in which marks are counted."""
    return tuple(name for field in FIELDS if field.counted for name in field.counted.index_names)


def keys_of(ids: Collection[int]) -> dict[str, Keys]:
    """For each of `exact_names`, the keys of each of the papers."""
    return {field.index_name: field.of_papers(ids) for field in FIELDS if field.of_papers}


def marks_of(ids: Collection[int], keys: Mapping[str, Keys]) -> dict[int, dict[str, str]]:
    """What stands in each of `column_names`, for each of the papers. keys: those of keys_of."""
    marked: dict[int, dict[str, str]] = {pk: {} for pk in ids}
    for field in FIELDS:
        if counted := field.counted:
            marks_by_paper = counted.of_papers(ids) if counted.of_papers else keys[field.index_name]
            for pk, texts in marked.items():
                own = columns.laid_out(tuple(marks_by_paper.get(pk, ())), counted.columns)
                texts.update(zip(counted.index_names, own, strict=True))
    return marked
