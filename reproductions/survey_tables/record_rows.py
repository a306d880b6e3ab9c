"""Rows of a survey table that are papers or methods."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from papers.methods import words
from papers.models import Method, MethodPaper, Paper, PaperLink
from reproductions.models import Claim, PublishedNumber
from reproductions.models.number import VERIFIED
from reproductions.survey_tables.definition import WORDS, Column, Definition
from reproductions.survey_tables.shapes import BY_HAND, Cell, Row, cell_by_hand, paper_cell

LABELS: Mapping[str, Mapping[str, str]] = {
    "adapts": words.ADAPTS,
    "granularity": words.GRANULARITY,
    "decision": words.DECISION,
    "training": words.TRAINING,
    "batching": words.BATCHING,
}


@dataclass
class Beside:
    """What is known here of papers besides their own columns, by primary key."""

    code: dict[int, str] = field(default_factory=dict)
    numbers: Counter[int] = field(default_factory=Counter)
    met: Counter[int] = field(default_factory=Counter)
    programs: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


def beside(papers: Iterable[Paper]) -> Beside:
    """Code, numbers and programs of these papers, in three queries."""
    known, wanted = Beside(), [paper.pk for paper in papers]
    links = PaperLink.objects.filter(kind=PaperLink.Kind.CODE, paper__in=wanted)
    known.code = dict(links.order_by("-pk").values_list("paper_id", "url"))
    numbers = PublishedNumber.objects.filter(withdrawn_at=None, paper__in=wanted)
    for pk, state in numbers.values_list("paper_id", "state"):
        known.numbers[pk] += 1
        known.met[pk] += state in VERIFIED
    claims = Claim.objects.filter(withdrawn_at=None, number__paper__in=wanted)
    for pk, program in claims.values_list("number__paper", "program").distinct():
        known.programs[pk].add(program)
    return known


def paper_rows(definition: Definition, papers: list[Paper]) -> list[Row]:
    """One row a paper."""
    known = beside(papers)
    return [
        Row(paper.key, [_paper_cell(c, paper, known, definition) for c in definition.columns])
        for paper in papers
    ]


def _paper_cell(column: Column, paper: Paper, known: Beside, definition: Definition) -> Cell:
    if column.cell:
        return cell_by_hand(definition.cells.get(paper.key, {}).get(column.cell, ""))
    venue = paper.venue.name if paper.venue else ""
    address = known.code.get(paper.pk, "")
    programs = sorted(known.programs[paper.pk])
    return {
        "paper": paper_cell(paper.key, paper.title),
        "year": Cell(str(paper.year), sort=paper.year),
        "venue": Cell(venue, sort=venue),
        "code": Cell(_repository(address), address, sort=address),
        "numbers": Cell(str(known.numbers[paper.pk]), sort=known.numbers[paper.pk]),
        "met": Cell(str(known.met[paper.pk]), sort=known.met[paper.pk]),
        "programs": Cell(", ".join(programs), f"/reproductions/{programs[0]}/" if programs else ""),
    }[column.show]


def _repository(address: str) -> str:
    """owner/name of an address, or its host."""
    parts = address.removeprefix("https://").removeprefix("http://").rstrip("/").split("/")
    return "/".join(parts[1:3]) if len(parts) > 2 else parts[0]


def method_rows(definition: Definition, papers: list[Paper]) -> list[Row]:
    """One row a method, with the first of these papers that introduces it."""
    introducing = {paper.pk: paper for paper in papers}
    roles = MethodPaper.objects.filter(
        role=MethodPaper.Role.INTRODUCES, paper__in=list(introducing)
    ).select_related("method")
    first: dict[int, tuple[Method, Paper]] = {}
    for role in roles.order_by("paper__year", "position", "pk"):
        if _wanted(role.method, definition):
            first.setdefault(role.method_id, (role.method, introducing[role.paper_id]))
    known = beside(paper for _, paper in first.values())
    rows = []
    for method, paper in first.values():
        cells = [_method_cell(c, method, paper, known, definition) for c in definition.columns]
        rows.append(Row(paper.key, cells))
    return rows


def _wanted(method: Method, definition: Definition) -> bool:
    select = definition.select
    if select.methods and method.slug not in select.methods:
        return False
    for name in WORDS:
        wanted = getattr(select, name)
        if wanted and not set(wanted) & set(getattr(method, name)):
            return False
    return True


def _method_cell(
    column: Column, method: Method, paper: Paper, known: Beside, definition: Definition
) -> Cell:
    """A doubtful attribute is marked: what rests on no source that was read."""
    if column.show == "method":
        return Cell(method.name, f"/methods/{method.slug}/", sort=method.name)
    if column.show not in LABELS:
        return _paper_cell(column, paper, known, definition)
    value = getattr(method, column.show)
    values = [value] if isinstance(value, str) else value
    labels = LABELS[column.show]
    chosen = getattr(definition.select, column.show, [])
    kept = [word for word in values if word in chosen] if chosen else values
    text = ", ".join(str(labels.get(word, word)) for word in kept if word)
    origin = method.origin_of(column.show)
    doubt = {"unconfirmed": "unconfirmed", "memory": BY_HAND}.get(origin, "")
    return Cell(text, doubt=doubt if text else "", sort=text)
