"""Names of methods in questions: MSDNet, ACT, token merging. Whoever types one means its paper.

A name is known in any case, with or without hyphens and spaces, and in the plural; "token merging
(ToMe)" names the same as either part, "SlimmableNet" what is called "Slimmable Networks". Which
papers a name means is asked of the database; that they belong to the results, and come first, is
said in `plan`, `words.engine` and `ranking`.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.models import Visitor
from papers.models import Method, MethodPaper, Paper, PaperName, PaperTopic
from papers.names import fold, name_key, network_keys, singular_key
from papers.search.language.clauses import Clause, Either, Not, Restriction, Years
from papers.search.language.query import PaperQuery
from taxonomy.models import Topic

LONGEST = 120  # characters; longer texts are no names
MOST = 12  # papers of one name

_BRACKETED = re.compile(r"(?P<outside>.*\S)\s*[(（](?P<inside>[^()（）]+)[)）]")
_QUOTES = "\"'“”„«»「」『』‘’"


IsKnown = Callable[[Collection[str]], bool]


@dataclass(frozen=True)
class Named:
    """A paper with the name by which it was asked for. is_usual: the first of its names. is_part:
    another of its names says more, as "AdaFocus V2" does of AdaFocus, which is somebody else's.
    method: the method of that name that the paper introduces, if it is a record here."""

    paper_id: int
    key: str
    title: str
    year: int
    name: str
    is_confirmed: bool
    is_usual: bool
    is_part: bool = False
    method: Method | None = None

    @property
    def tier(self) -> tuple[bool, bool, bool]:
        """Orders papers of one name: those it is the whole name of first, then the confirmed ones,
        then those usually called so."""
        return self.is_part, not self.is_confirmed, not self.is_usual


@dataclass(frozen=True)
class Choice:
    """One of several things that a name means, and where in the field it stands."""

    named: Named
    topic: Topic | None


def named_by(
    query: PaperQuery, user: Visitor, is_known: IsKnown | None = None
) -> tuple[Named, ...]:
    """Papers that the words of a query name, as `user` may see them; none for most queries.

    is_known: whether any paper may have one of the keys of names; None to ask the database.
    """
    text = words_of(query)
    if not text or len(text) > LONGEST:
        return ()
    if whole := _called(text, user, is_known):
        return _with_methods(whole)
    bracketed = _BRACKETED.fullmatch(text)
    if bracketed is None:
        return ()
    outside, inside = (_called(part, user, is_known) for part in bracketed.groups())
    both = {row.paper_id for row in outside} & {row.paper_id for row in inside}
    rows = [*inside, *outside]
    return _with_methods(_once(row for row in rows if row.paper_id in both or not both))


def choices(named: Collection[Named]) -> tuple[Choice, ...]:
    """What a name of several papers means, oldest first; empty where it means one."""
    if len(named) < 2:
        return ()
    ids = [row.paper_id for row in named]
    placed = PaperTopic.objects.filter(paper__in=ids).select_related("topic")
    first: dict[int, Topic] = {}
    for placement in placed.order_by("position", "id"):
        first.setdefault(placement.paper_id, placement.topic)
    in_time = sorted(named, key=lambda row: (row.year, row.title))
    return tuple(Choice(row, first.get(row.paper_id)) for row in in_time)


def begun_by(typed: str, user: Visitor, most: int) -> list[PaperName]:
    """Names that begin as typed, the shortest first; each spelling once."""
    key = name_key(typed)
    if len(key) < 2 or len(typed) > LONGEST:
        return []
    rows = _visible(user).filter(key__startswith=key).select_related("paper")
    by_key: dict[str, PaperName] = {}
    for row in sorted(rows[:500], key=lambda row: (len(row.key), not row.is_confirmed, row.key)):
        by_key.setdefault(row.key, row)
    return list(by_key.values())[:most]


def _visible(user: Visitor) -> QuerySet[PaperName]:
    return PaperName.objects.filter(paper__in=Paper.objects.visible_to(user))


def _called(text: str, user: Visitor, is_known: IsKnown | None) -> tuple[Named, ...]:
    """Papers with this name, and behind them, where it is a plural, those with the singular; if
    there are none, with this name but for the plural, or but for how "network" is written."""
    keys, singular = {name_key(text)}, {singular_key(text)} - {""}
    either = keys.union(network_keys(text)) - {""}
    if not (is_known(either | singular) if is_known else _is_known(either, singular)):
        return ()
    wanted = Q(key__in=either) | Q(singular__in=singular)
    rows = list(_visible(user).filter(wanted).select_related("paper").order_by("position", "id"))
    exact = [row for row in rows if row.key in keys]
    plural = [row for row in rows if row.singular in singular]
    if not exact:
        return _once(_parts_marked([_named(row) for row in plural or rows]))
    there = {row.paper_id for row in exact}
    more = [row for row in plural if row.key in singular and row.paper_id not in there]
    marked = _parts_marked([_named(row) for row in (*exact, *more)])
    return (_once(marked[: len(exact)]) + _once(marked[len(exact) :]))[:MOST]


def _parts_marked(rows: list[Named]) -> list[Named]:
    """The same; where several papers are meant, parts of longer names are marked."""
    papers = {row.paper_id for row in rows}
    if len(papers) < 2:
        return rows
    whole: dict[int, list[str]] = defaultdict(list)
    for pk, name in PaperName.objects.filter(paper__in=papers).values_list("paper", "name"):
        whole[pk].append(_apart(name))
    return [replace(row, is_part=_is_part(row.name, whole[row.paper_id])) for row in rows]


def _is_part(name: str, names: Collection[str]) -> bool:
    own = _apart(name)
    return any(own in other and len(other) > len(own) for other in names)


def _apart(name: str) -> str:
    """The words of a name, with spaces around each; Greek letters are words."""
    return f" {fold(name)} "


def _is_known(keys: Collection[str], singular: Collection[str]) -> bool:
    """Whether any paper has one of the names. Nearly no query is one, and every query is looked
    up: without the ORM's compiling that takes a tenth of the time."""
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, [list(keys), list(singular)])
        return bool(cursor.fetchone()[0])


_KNOWN = "SELECT EXISTS (SELECT FROM papers_papername WHERE key = ANY(%s) OR singular = ANY(%s))"


def _with_methods(rows: Collection[Named]) -> tuple[Named, ...]:
    """The same, each with its method."""
    if not rows:
        return ()
    introduces = MethodPaper.objects.filter(
        paper__in=[row.paper_id for row in rows], role=MethodPaper.Role.INTRODUCES
    )
    methods: dict[int, list[Method]] = defaultdict(list)
    for role in introduces.select_related("method").order_by("pk"):
        methods[role.paper_id].append(role.method)
    return tuple(replace(row, method=_of_name(row.name, methods[row.paper_id])) for row in rows)


def _of_name(name: str, methods: Collection[Method]) -> Method | None:
    """The method of this name; the only one, where none is called just so."""
    key = name_key(name)
    for method in methods:
        if key in {name_key(own) for own in (method.name, *method.aliases)}:
            return method
    return next(iter(methods)) if len(methods) == 1 else None


def _named(row: PaperName) -> Named:
    paper = row.paper
    return Named(
        paper_id=paper.pk,
        key=paper.key,
        title=paper.title,
        year=paper.year,
        name=row.name,
        is_confirmed=row.is_confirmed,
        is_usual=row.position == 0,
    )


def _once(rows: Iterable[Named]) -> tuple[Named, ...]:
    """The best row of each paper, best first; the older paper first among equals."""
    by_paper: dict[int, Named] = {}
    for row in sorted(rows, key=lambda row: (row.tier, row.year, row.title)):
        by_paper.setdefault(row.paper_id, row)
    return tuple(by_paper.values())[:MOST]


def words_of(query: PaperQuery) -> str:
    """What a query says in words, without its fields and exclusions; empty if it says "or"."""
    if any(isinstance(clause, Either) for clause in query.clauses):
        return ""
    text = query.q
    for clause in sorted(query.clauses, key=_end, reverse=True):
        if isinstance(clause, Restriction | Years | Not):
            text = f"{text[: clause.span.start]} {text[clause.span.end :]}"
    return " ".join(text.split()).strip(_QUOTES).strip()


def _end(clause: Clause) -> int:
    return clause.span.end
