"""What a query asks of an engine, after its names were resolved: the same for every engine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Protocol

from accounts.models import Visitor
from accounts.roles import is_curator
from papers.models import Paper
from papers.search.language.clauses import Clause, Either, Every, Field, Not, Phrase, Word
from papers.search.language.query import LISTS, PaperQuery
from papers.search.language.resolving import Meaning

FACETS = ("topic", "venue", "year", "workshop", "has", "is")


SHORT_QUESTION = 3  # words
COMMON = 0.2  # share of all papers from which on a word is common; docs/search.md


class Sharing(Enum):
    """How many of its words a query wants in a paper. docs/search.md has the evidence.

    ENOUGH: all of two, two of three, any of more. Short questions do not find everything;
    of long ones any share that was tried lost papers that were meant.
    """

    ENOUGH = auto()
    ALL = auto()
    ANY = auto()


@dataclass(frozen=True)
class Plan:
    """Conditions, words and facets of a search.

    sharing: how many of the words a paper must have to be found by them.

    conditions: clauses that must hold. words: text that ranks, and that a paper must share a word
    with unless a condition already asks for text. roots: root of each chosen topic.
    states: publication states that the reader may see; None for all.
    by_relevance: whether the order is that, and papers belong by nearness alone, too.
    """

    conditions: tuple[Clause, ...]
    words: str
    chosen: dict[str, tuple[str, ...]]
    year_from: int | None
    year_to: int | None
    roots: dict[str, str] = field(default_factory=dict)
    states: tuple[str, ...] | None = None
    sharing: Sharing = Sharing.ENOUGH
    by_relevance: bool = True

    def least(self, words: int) -> int:
        """How many of so many words a paper must have."""
        match self.sharing:
            case Sharing.ALL:
                return words
            case Sharing.ANY:
                return min(words, 1)
            case Sharing.ENOUGH:
                return min(words, 2) if words <= SHORT_QUESTION else 1

    def must_tell(self, words: int) -> bool:
        """Whether one of so many words is enough, and hence must be one that is not common."""
        return words > 1 and self.sharing is Sharing.ENOUGH and self.least(words) == 1

    @property
    def words_decide(self) -> bool:
        """Whether sharing a word with the query is what lets a paper in."""
        return bool(self.words) and not any(map(asks_for_text, self.conditions))

    def topics_by_root(self) -> dict[str, list[str]]:
        """Chosen topics: alternatives within a root, all roots together."""
        found: dict[str, list[str]] = {}
        for topic in self.chosen.get("topic", ()):
            found.setdefault(self.roots.get(topic, topic), []).append(topic)
        return found

    def narrowed(self, facet: str) -> bool:
        """Whether something is selected in the facet."""
        if facet == "year":
            return self.year_from is not None or self.year_to is not None
        return bool(self.chosen.get(facet))


class Engine(Protocol):
    """Whatever can answer a plan. `also` are papers that belong to the results by nearness.

    apart: it answers without the database, hence beside it.
    """

    apart: bool

    def ranked(self, limit: int, offset: int = 0) -> list[tuple[int, float]]:
        """Papers that meet the conditions and share words, with scores, best first."""

    def scores(self, paper_ids: Iterable[int]) -> dict[int, float]:
        """Scores of those of the papers that meet the conditions, 0 where no word is shared."""

    def begun_by(self, text: str, most: int) -> list[int]:
        """Papers that meet the conditions and whose titles begin with the folded text; none if
        more than `most` do."""

    def ordered(self, order: str, also: Iterable[int], limit: int, offset: int) -> list[int]:
        """Results in an order other than relevance: "name", "year" or "-year"."""

    def look_ahead(self) -> None:
        """Work out what `counts` will need, as far as possible without the database."""

    def counts(self, also: Iterable[int]) -> tuple[int, dict[str, dict[str, int]]]:
        """Number of results, and for each facet how many fall under each value.

        Each facet's own selection is left out of its counts.
        """


def make_plan(
    query: PaperQuery, meaning: Meaning, user: Visitor, only: Paper | None = None
) -> Plan:
    """The plan of a query for a reader. `only`: the paper whose identifier the query is."""
    conditions = tuple(
        clause for clause in meaning.clauses if not isinstance(clause, Word) or clause.required
    )
    if only is not None:
        conditions = (Field("key", (only.key,)),)
    by_relevance = query.order == "relevance"
    return Plan(
        conditions=conditions,
        words="" if only else query.said,
        chosen={name: meaning.chosen[name] for name in LISTS},
        year_from=query.year_from,
        year_to=query.year_to,
        roots=meaning.roots,
        states=visible_states(user),
        sharing=Sharing.ENOUGH if by_relevance else Sharing.ALL,
        by_relevance=by_relevance,
    )


def visible_states(user: Visitor) -> tuple[str, ...] | None:
    """States that Paper.objects.visible_to(user) lets through; None when all do."""
    if is_curator(user):
        return None
    return (Paper.State.PUBLIC.value,)


def asks_for_text(clause: Clause) -> bool:
    """Whether the clause demands that some text stands in the paper."""
    match clause:
        case Word() | Phrase() | Field("title" | "abstract"):
            return True
        case Either(clauses) | Every(clauses):
            return any(map(asks_for_text, clauses))
        case Not() | Field() | _:
            return False
