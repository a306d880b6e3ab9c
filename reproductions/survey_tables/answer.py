"""The rows that answer a survey table, as text with addresses: for pages, files and snapshots."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from accounts.models import Visitor
from papers.models import Paper, PaperTopic
from reproductions.comparing.points import Printed, numbers_with_points
from reproductions.survey_tables.definition import Definition
from reproductions.survey_tables.point_rows import point_rows
from reproductions.survey_tables.record_rows import method_rows, paper_rows
from reproductions.survey_tables.shapes import BY_HAND, Answer, Cell
from taxonomy.models import Topic


def answer(
    definition: Definition, user: Visitor = None, numbers: list[Printed] | None = None
) -> Answer:
    """Ask the ledger, the methods or the papers what a table asks.

    numbers: those with operating points, where the caller has read them for several tables.
    """
    columns = definition.columns
    reply = Answer(
        [column.title for column in columns],
        [bool(c.metric) or c.show in ("year", "numbers", "met") for c in columns],
    )
    papers = _selected_papers(definition, user)
    if definition.rows == "papers":
        rows = paper_rows(definition, papers)
    elif definition.rows == "methods":
        rows = method_rows(definition, papers)
    else:
        known = numbers_with_points(user) if numbers is None else numbers
        rows = point_rows(definition, {paper.key for paper in papers}, known)
    needed = [reply.heads.index(name) for name in definition.needs]
    rows = [row for row in rows if all(row.cells[place].text for place in needed)]
    for name in reversed(definition.order):
        place = reply.heads.index(name.removeprefix("-"))
        rows.sort(key=lambda row: _sorted_by(row.cells[place]), reverse=name.startswith("-"))
    reply.rows = rows[: definition.most]
    reply.left_out = len(rows) - len(reply.rows)
    reply.facts = _facts(definition, reply, papers)
    return reply


def _sorted_by(cell: Cell) -> tuple[bool, float, str]:
    number = cell.sort if isinstance(cell.sort, float | int) else 0.0
    return cell.text != "", float(number), str(cell.sort).lower()


def _selected_papers(definition: Definition, user: Visitor) -> list[Paper]:
    select = definition.select
    papers = Paper.objects.visible_to(user).select_related("venue").order_by("year", "key")
    if select.papers:
        papers = papers.filter(key__in=select.papers)
    if select.since:
        papers = papers.filter(year__gte=select.since)
    if select.until:
        papers = papers.filter(year__lte=select.until)
    if select.topics:
        inside = Q()
        for path in Topic.objects.filter(slug__in=select.topics).values_list("path", flat=True):
            inside |= Q(topic__path=path) | Q(topic__path__startswith=f"{path}/")
        placed = PaperTopic.objects.filter(inside) if inside else PaperTopic.objects.none()
        papers = papers.filter(pk__in=placed.values("paper"))
    return list(papers)


def _facts(definition: Definition, reply: Answer, papers: list[Paper]) -> list[str]:
    shown = {row.paper for row in reply.rows}
    total = len(reply.rows) + reply.left_out
    facts = [f"{total} rows of {len(shown)} papers"]
    facts += list(_empty(reply))
    if definition.rows == "points" and definition.select.topics:
        without = len(papers) - len(shown)
        facts.append(
            f"of {len(papers)} papers on these topics {without} print no number that is kept here "
            "and fits this table"
        )
    doubtful = sum(any(c.doubt not in ("", BY_HAND) for c in row.cells) for row in reply.rows)
    if doubtful:
        facts.append(f"{doubtful} rows rest on second-hand or unconfirmed numbers")
    return facts


def _empty(reply: Answer) -> Iterable[str]:
    for place, head in enumerate(reply.heads):
        empty = sum(not row.cells[place].text for row in reply.rows)
        if empty:
            yield f"{empty} of {len(reply.rows)} rows say nothing about “{head}”"
