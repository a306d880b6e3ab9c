"""What a query asks of the index, after its names were resolved."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from accounts.models import Visitor
from accounts.roles import is_curator
from papers.models import Paper
from papers.search.language.clauses import Clause, Either, Every, Not, Phrase, Restriction, Word
from papers.search.language.grammar import is_long
from papers.search.language.query import PaperQuery
from papers.search.language.resolving import Meaning
from papers.search.names import Named

SHORT_QUESTION = 3  # words
ONE_OF = 20  # words of a long question, of which a paper needs one
COMMON = 0.2  # share of all papers from which on a word is common; docs/search.md
MOST_WITH_A_NAME = 0.01  # share of all papers that name a method at most; more have a word


class Sharing(Enum):
    """How many of its words a query wants in a paper. docs/search.md has the evidence.

    ENOUGH: all of two, two of three, any of more, one in twenty of a pasted text. Short questions
    do not find everything; of long ones any greater share lost papers that were meant.
    """

    ENOUGH = auto()
    ALL = auto()
    ANY = auto()


@dataclass(frozen=True)
class Plan:
    """Conditions, words and facets of a search.

    sharing: how many of the words a paper must have to be found by them.

    conditions: clauses that must hold. words: text that ranks, and that a paper must share a word
    with unless a condition already asks for text. english: the same in English where they are
    Chinese; papers may share that instead. chosen: keys selected of each field. groups: for each
    of these fields, the group of each of its values.
    states: publication states that the reader may see; None for all.
    by_relevance: whether the order is that, and papers belong by nearness alone, too.
    named: papers of which the words are a name; they have what the words ask for.
    """

    conditions: tuple[Clause, ...]
    words: str
    chosen: dict[str, tuple[str, ...]]
    year_from: int | None
    year_to: int | None
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    states: tuple[str, ...] | None = None
    sharing: Sharing = Sharing.ENOUGH
    by_relevance: bool = True
    named: tuple[Named, ...] = ()
    english: str = ""

    def least(self, words: int) -> int:
        """How many of so many words a paper must have."""
        match self.sharing:
            case Sharing.ALL:
                return words
            case Sharing.ANY:
                return min(words, 1)
            case Sharing.ENOUGH:
                return min(words, 2) if words <= SHORT_QUESTION else -(-words // ONE_OF)

    def must_tell(self, words: int) -> bool:
        """Whether so few of the words are enough that they must not be common ones."""
        return words > SHORT_QUESTION and self.sharing is Sharing.ENOUGH

    @property
    def words_decide(self) -> bool:
        """Whether sharing a word with the query is what lets a paper in."""
        return bool(self.words) and not any(map(asks_for_text, self.conditions))

    def selections(self) -> dict[tuple[str, str], list[str]]:
        """What is selected, by field and group: any of a group, and something of every group."""
        selected: dict[tuple[str, str], list[str]] = {}
        for name, keys in self.chosen.items():
            for key in keys:
                group = self.groups.get(name, {}).get(key, "")
                selected.setdefault((name, group), []).append(key)
        return selected

    @property
    def named_ids(self) -> list[int]:
        """Ids of the papers that are meant by name."""
        return [row.paper_id for row in self.named]

    def narrowed(self, facet: str) -> bool:
        """Whether something is selected in the facet."""
        if facet == "year":
            return self.year_from is not None or self.year_to is not None
        return bool(self.chosen.get(facet))


def make_plan(
    query: PaperQuery,
    meaning: Meaning,
    user: Visitor,
    only: Paper | None = None,
    named: tuple[Named, ...] = (),
    english: str = "",
) -> Plan:
    """The plan of a query for a reader. `only`: the paper whose identifier the query is.
    `named`: papers whose name it is. `english`: its words in English, where they are Chinese."""
    ranking_only = (Word, Phrase) if is_long(meaning.clauses) else Word
    conditions = tuple(
        clause
        for clause in meaning.clauses
        if not isinstance(clause, ranking_only) or getattr(clause, "required", False)
    )
    if only is not None:
        conditions = (Restriction("key", (only.key,)),)
    by_relevance = query.order == "relevance"
    return Plan(
        conditions=conditions,
        words="" if only else query.said,
        chosen=meaning.chosen,
        year_from=query.year_from,
        year_to=query.year_to,
        groups=meaning.groups(),
        states=visible_states(user),
        sharing=Sharing.ENOUGH if by_relevance else Sharing.ALL,
        by_relevance=by_relevance,
        named=() if only else named,
        english="" if only else english,
    )


def visible_states(user: Visitor) -> tuple[str, ...] | None:
    """States that Paper.objects.visible_to(user) lets through; None when all do."""
    if is_curator(user):
        return None
    return (Paper.State.PUBLIC.value,)


def asks_for_text(clause: Clause) -> bool:
    """Whether the clause demands that some text stands in the paper."""
    match clause:
        case Word() | Phrase() | Restriction("title" | "abstract"):
            return True
        case Either(clauses) | Every(clauses):
            return any(map(asks_for_text, clauses))
        case Not() | Restriction() | _:
            return False
