"""What a search gives back, and why each paper is in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext

from accounts.words import Words
from papers.models import Paper
from papers.places.naming import NamedPlace
from papers.search.facets import Facet
from papers.search.fusion import Fused
from papers.search.highlight import NOTHING, Marked, Marker
from papers.search.language.clauses import Problem
from papers.search.language.query import LAST_PAGE, PaperQuery
from papers.search.names import Choice, Named
from papers.search.words import analysis
from papers.search.words.conditions import positive_terms
from papers.search.words.entries import words_of_venue
from taxonomy.models import Topic
from taxonomy.tree import TopicTree, topic_names

SNIPPET_WIDTH = 260
NO_TEXT = SafeString("")


@dataclass(frozen=True)
class Hit:
    """One paper of the results. `rank`: its place in them, from 1.

    lexical_rank, semantic_rank: where words or meaning alone would have put it; None where they
    do not know it. fields: parts of the record in which words of the query stand. topics: those
    of the paper's topics that the query names. named: its name, where the query is one.
    title_html, snippet_html: escaped, with <mark>.
    """

    paper: Paper
    rank: int
    lexical_rank: int | None = None
    semantic_rank: int | None = None
    cosine: float | None = None
    fields: tuple[str, ...] = ()
    topics: tuple[Topic, ...] = ()
    named: Named | None = None
    title_html: SafeString = NO_TEXT
    snippet_html: SafeString = NO_TEXT

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Name and words of everything that speaks for the paper."""
        parts: list[tuple[str, str]] = []
        if self.named:
            words = gettext("its method is called {name}").format(name=self.named.name)
            parts.append((Words("Name"), words + self._doubt()))
        if self.lexical_rank:
            words = gettext("{place} by words").format(place=ordinal(self.lexical_rank))
            if self.fields:
                words += gettext(", in {fields}").format(fields=_listed(self.fields))
            parts.append((Words("Words"), words))
        if self.semantic_rank and self.cosine is not None:
            near = gettext("{place} by nearness of meaning ({cosine})").format(
                place=ordinal(self.semantic_rank), cosine=f"{self.cosine:.2f}"
            )
            parts.append((Words("Meaning"), near))
        if self.topics:
            parts.append((Words("Topic"), _listed(tuple(map(_name_of, self.topics)))))
        return parts

    @property
    def short_reason(self) -> str:
        """The same in one line; empty when papers are only listed."""
        parts = []
        if self.named:
            called = gettext("called {name}").format(name=self.named.name)
            parts.append(called + self._doubt())
        if self.fields:
            parts.append(gettext("words in {fields}").format(fields=_listed(self.fields)))
        if self.topics:
            names = _listed(tuple(map(_name_of, self.topics)))
            parts.append(gettext("topic {names}").format(names=names))
        if self.lexical_rank:
            place = ordinal(self.lexical_rank)
            parts.append(gettext("{place} by words").format(place=place))
        if self.semantic_rank:
            place = ordinal(self.semantic_rank)
            parts.append(gettext("{place} by meaning").format(place=place))
        line = " · ".join(parts)
        return line[:1].upper() + line[1:]

    def _doubt(self) -> str:
        known = self.named is None or self.named.is_confirmed
        return "" if known else gettext(" (unconfirmed)")


@dataclass(frozen=True)
class Results:
    """One page of results with all that stands around it. Facets count the whole result set.

    named: papers of which the words are a name. choices: the same, where there are several.
    places: labs, organisations, courses and books of which the words are a name.
    notice: a sentence when something is not as usual. timings: milliseconds of each stage.
    is_ready: False while there is no index, when the newest papers stand in place of results.
    """

    query: PaperQuery
    size: int
    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: tuple[Facet, ...] = ()
    topics: tuple[Topic, ...] = ()
    named: tuple[Named, ...] = ()
    choices: tuple[Choice, ...] = ()
    places: tuple[NamedPlace, ...] = ()
    redirect: Paper | None = None
    problems: tuple[Problem, ...] = ()
    did_you_mean: str = ""
    notice: str = ""
    is_ready: bool = True
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def papers(self) -> list[Paper]:
        """The papers of this page, in order."""
        return [hit.paper for hit in self.hits]

    @property
    def page(self) -> int:
        """Number of this page, from 1."""
        return self.query.page

    @property
    def page_count(self) -> int:
        """Number of pages that can be turned to; at least 1."""
        return min(max(-(-self.total // self.size), 1), LAST_PAGE)

    @property
    def next(self) -> PaperQuery | None:
        """The search at its next page."""
        return self.query.on_page(self.page + 1) if self.page < self.page_count else None

    @property
    def previous(self) -> PaperQuery | None:
        """The search at the page before."""
        return self.query.on_page(self.page - 1) if self.page > 1 else None

    @property
    def corrected(self) -> PaperQuery | None:
        """The search with its spelling corrected."""
        return self.query.changed(q=self.did_you_mean) if self.did_you_mean else None


class Explainer:
    """Says for each paper why it was found. Reads nothing but what a card has loaded."""

    def __init__(
        self,
        query: PaperQuery,
        named: Sequence[Topic],
        tree: TopicTree,
        called: Iterable[Named] = (),
        english: str = "",
    ) -> None:
        terms, runs = positive_terms([query.said, english])
        self.terms, self.runs, self.marker = terms, runs, Marker(terms, runs)
        self.names = set(analysis.name_words(query.said)) | _authors(query)
        self.named = named
        self.called = {row.paper_id: row for row in called}
        self.tree = tree
        self._spoken_of = _spoken_of(tree, terms, runs)

    def hit(self, paper: Paper, rank: int, fused: Fused | None) -> Hit:
        """The paper as a hit; `fused` is None where papers are only listed."""
        placed = [placement.topic_id for placement in paper.placements.all()]
        above = self.tree.upward(placed)
        title = self.marker.whole(paper.title)
        snippet = self._snippet(paper)
        return Hit(
            paper=paper,
            rank=rank,
            lexical_rank=fused.lexical_rank if fused else None,
            semantic_rank=fused.semantic_rank if fused else None,
            cosine=fused.cosine if fused else None,
            fields=tuple(self._fields(paper, above, bool(title.found), bool(snippet.found))),
            topics=tuple(topic for topic in self.named if topic in above),
            named=self.called.get(paper.pk),
            title_html=title.html,
            snippet_html=snippet.html if snippet.found else NO_TEXT,
        )

    def _snippet(self, paper: Paper) -> Marked:
        texts = [text for text in (paper.tldr, paper.abstract, paper.contribution) if text]
        if self.runs and paper.tldr_zh:
            texts.append(paper.tldr_zh)
        marked = [self.marker.stretch(text, SNIPPET_WIDTH) for text in texts]
        return max(marked, key=lambda one: one.found, default=NOTHING)

    def _fields(
        self, paper: Paper, above: Iterable[Topic], title: bool, summary: bool
    ) -> Iterable[str]:
        if title:
            yield Words("title")
        if any(self._has_name(row.printed_name) for row in paper.authorships.all()):
            yield Words("authors")
        if summary:
            yield Words("summary")
        if any(topic.pk in self._spoken_of for topic in above):
            yield Words("topics")
        venue = paper.venue
        if venue and any(map(self._has_name, words_of_venue(venue))):
            yield Words("venue")

    def _has_name(self, text: str) -> bool:
        """Whether a word of the query stands in a name."""
        return not self.names.isdisjoint(analysis.name_words(text))


def _spoken_of(tree: TopicTree, terms: Iterable[str], runs: Collection[str]) -> set[int]:
    """Topics in one of whose names stands a word of the query."""
    by_stem = _by_stem(tree)
    spoken = {pk for term in terms for pk in by_stem.get(term, ())}
    if runs:
        topics = tree.by_id.values()
        spoken |= {topic.pk for topic in topics if any(run in topic.name_zh for run in runs)}
    return spoken


@lru_cache(maxsize=2)
def _by_stem(tree: TopicTree) -> dict[str, set[int]]:
    """Topics by the stems of their English names."""
    by_stem: dict[str, set[int]] = {}
    for topic in tree.by_id.values():
        for name in topic_names(topic):
            for stem in analysis.name_stems(name):
                by_stem.setdefault(stem, set()).add(topic.pk)
    return by_stem


def _authors(query: PaperQuery) -> set[str]:
    values = (v for c in query.clauses if getattr(c, "name", "") == "author" for v in c.values)  # type: ignore[union-attr]
    return {word for value in values for word in analysis.name_words(value)}


def _name_of(topic: Topic) -> str:
    """The topic's name in the language of the page, where it has one."""
    is_chinese = (get_language() or "").startswith("zh")
    return (topic.name_zh if is_chinese else "") or topic.name


def ordinal(number: int) -> str:
    """1 → 1st, 12 → 12th."""
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if number % 100 in (11, 12, 13) else endings.get(number % 10, "th")
    return gettext("{number}{ending}").format(number=number, ending=ending)


def _listed(words: Sequence[str]) -> str:
    shown = [str(word) for word in words]
    if len(shown) == 1:
        return shown[0]
    return gettext("{first} and {last}").format(first=", ".join(shown[:-1]), last=shown[-1])
