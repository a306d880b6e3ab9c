"""The rows that answer a survey table, as text with addresses: for pages, files and snapshots."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from accounts.models import Visitor
from papers.models import Paper, PaperLink, PaperTopic
from reproductions.comparing import quantities
from reproductions.comparing.points import Point, Printed, numbers_with_points
from reproductions.ledger.wording import unit_text
from reproductions.models import Claim, PublishedNumber
from reproductions.models.number import VERIFIED
from reproductions.survey_tables.definition import Column, Definition
from taxonomy.models import Topic

Value = float | str
BY_HAND = "from knowledge"
"""Doubt of a cell that a curator wrote: nobody has read it again in the paper."""


@dataclass(frozen=True)
class Cell:
    """text as it is read; sort: what it is ordered by; doubt: "second-hand" or the like."""

    text: str = ""
    href: str = ""
    doubt: str = ""
    sort: Value = ""


@dataclass(frozen=True)
class Row:
    """paper: the key, so that a row goes when its paper is hidden."""

    paper: str
    cells: list[Cell]


@dataclass
class Answer:
    """Heads and rows; figures: columns that hold numbers. left_out: rows beyond the most."""

    heads: list[str]
    figures: list[bool]
    rows: list[Row] = field(default_factory=list)
    left_out: int = 0
    facts: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any], visible: set[str]) -> Answer:
        """A kept answer without the rows of papers that are not visible now."""
        rows = [
            Row(row["paper"], [Cell(**cell) for cell in row["cells"]])
            for row in kept["rows"]
            if row["paper"] in visible
        ]
        names = ("heads", "figures", "left_out", "facts")
        return cls(rows=rows, **{name: kept[name] for name in names})


def answer(definition: Definition, user: Visitor = None) -> Answer:
    """Ask the ledger or the papers what a table asks."""
    columns = definition.columns
    reply = Answer(
        [column.title for column in columns],
        [bool(c.metric) or c.show in ("year", "numbers", "met") for c in columns],
    )
    papers = _selected_papers(definition, user)
    if definition.rows == "papers":
        rows = _paper_rows(definition, papers)
    else:
        rows = _point_rows(definition, {paper.key for paper in papers}, user)
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
        paths = Topic.objects.filter(slug__in=select.topics).values_list("path", flat=True)
        wanted = tuple(paths)
        placed = PaperTopic.objects.values_list("paper_id", "topic__path")
        inside = {pk for pk, path in placed if _under(path, wanted)}
        papers = papers.filter(pk__in=inside)
    return list(papers)


def _under(path: str, wanted: Sequence[str]) -> bool:
    return any(path == root or path.startswith(f"{root}/") for root in wanted)


# --- rows that are operating points ---


def _point_rows(definition: Definition, papers: set[str], user: Visitor) -> list[Row]:
    together: defaultdict[str, list[Printed]] = defaultdict(list)
    for number in numbers_with_points(user):
        if number.paper__key in papers and _wanted(number, definition):
            together[number.point].append(number)
    rows = []
    for numbers in together.values():
        cells = [_point_cell(column, numbers, definition) for column in definition.columns]
        printed = [c for c, column in zip(cells, definition.columns, strict=True) if column.metric]
        if any(cell.text for cell in printed):
            rows.append(Row(numbers[0].paper__key, cells))
    return rows


def _wanted(number: Printed, definition: Definition) -> bool:
    select = definition.select
    lists = (
        (select.tasks, number.task),
        (select.data_sets, number.data_set),
        (select.backbones, number.backbone),
    )
    if any(wanted and value not in wanted for wanted, value in lists):
        return False
    if number.baseline and not select.baselines:
        return False
    if (number.second_hand or not number.confirmed) and not select.second_hand:
        return False
    return not number.table_of or select.others_tables


def _point_cell(column: Column, numbers: list[Printed], definition: Definition) -> Cell:
    first = numbers[0]
    if column.metric:
        return _number_cell(column, numbers)
    if column.cell:
        text = definition.cells.get(first.paper__key, {}).get(column.cell, "")
        return Cell(text, doubt=BY_HAND if text else "", sort=text)
    shown = {
        "network": lambda: Cell(_network(numbers), first.address, sort=_network(numbers)),
        "paper": lambda: _paper_cell(first.paper__key, first.paper__title),
        "year": lambda: Cell(str(first.paper__year), sort=first.paper__year),
        "said_by": lambda: _said_by(numbers),
        "met": lambda: Cell(", ".join(n.metric for n in numbers if n.met)),
        "table": lambda: Cell(first.table, first.address, sort=first.table),
    }
    if column.show in shown:
        return shown[column.show]()
    text = str(getattr(first, column.show, ""))
    return Cell(text, sort=text)


def _network(numbers: list[Printed]) -> str:
    """The name that is common to the settings: of the quality, or the shortest of all."""
    qualities = [n for n in numbers if n.metric in quantities.QUALITY_METRICS]
    if qualities:
        return Point(qualities[0], qualities[0]).label
    setting = min((number.setting for number in numbers), key=len)
    words = setting.partition(": ")[0].split(", ")
    kept = [word for word in words if not word.endswith(" parameters")]
    if kept and kept[0] == numbers[0].data_set:
        kept = kept[1:]
    return ", ".join(kept).removesuffix(" total") or setting


FAMILIES = {
    "accuracy": frozenset({"accuracy", "error"}),
    "quality": quantities.QUALITY_METRICS,
    "operations": frozenset({"macs", "flops"}),
}
"""What a column of these metrics takes; of any other the metric alone."""
COUNTED = {"macs": "MACs", "flops": "FLOPs"}


def _number_cell(column: Column, numbers: list[Printed]) -> Cell:
    """The printed number of that metric; what is printed as an error is turned round."""
    wanted = FAMILIES.get(column.metric, {column.metric})
    for number in numbers:
        if number.metric not in wanted or (column.measure and number.measure != column.measure):
            continue
        doubt = "second-hand" if number.second_hand else "" if number.confirmed else "unconfirmed"
        is_quality = number.metric in quantities.QUALITY_METRICS
        read = quantities.quality if is_quality else quantities.cost
        quantity = read(number.value, number.unit, number.metric)
        text = f"{number.printed} {unit_text(number.unit)}".strip()
        if number.metric == "error" and quantity.dimension == "%":
            decimals = len(number.printed.partition(".")[2])
            text = f"{quantity.value:.{decimals}f} %"
        if column.metric == "quality":
            text = f"{text} {number.measure or number.metric}".replace(" error", " accuracy")
        if column.metric == "operations":
            text = f"{text} {COUNTED[number.metric]}"
        return Cell(text, number.address, doubt, quantity.value)
    return Cell()


def _said_by(numbers: list[Printed]) -> Cell:
    met = [number for number in numbers if number.met]
    if met:
        names = ", ".join(dict.fromkeys(number.metric for number in met))
        return Cell(f"reproduced: {names}", f"/runs/{met[0].judgement__run}/", sort="reproduced")
    text = "static baseline" if any(number.baseline for number in numbers) else "reported"
    return Cell(text, sort=text)


def _paper_cell(key: str, title: str) -> Cell:
    return Cell(title, f"/papers/{key}/", sort=title)


# --- rows that are papers ---


def _paper_rows(definition: Definition, papers: list[Paper]) -> list[Row]:
    shown = {column.show for column in definition.columns}
    code, tested = {}, defaultdict(set)
    counts: Counter[int] = Counter()
    met: Counter[int] = Counter()
    if "code" in shown:
        links = PaperLink.objects.filter(kind=PaperLink.Kind.CODE, paper__in=papers)
        code = dict(links.order_by("-pk").values_list("paper_id", "url"))
    if shown & {"numbers", "met"}:
        numbers = PublishedNumber.objects.filter(withdrawn_at=None, paper__in=papers)
        for pk, state in numbers.values_list("paper_id", "state"):
            counts[pk] += 1
            met[pk] += state in VERIFIED
    if "programs" in shown:
        claims = Claim.objects.filter(withdrawn_at=None, number__paper__in=papers)
        for pk, program in claims.values_list("number__paper", "program").distinct():
            tested[pk].add(program)

    def cell(column: Column, paper: Paper) -> Cell:
        if column.cell:
            text = definition.cells.get(paper.key, {}).get(column.cell, "")
            return Cell(text, doubt=BY_HAND if text else "", sort=text)
        venue = paper.venue.name if paper.venue else ""
        address = code.get(paper.pk, "")
        programs = ", ".join(sorted(tested[paper.pk]))
        first = min(tested[paper.pk], default="")
        return {
            "paper": _paper_cell(paper.key, paper.title),
            "year": Cell(str(paper.year), sort=paper.year),
            "venue": Cell(venue, sort=venue),
            "code": Cell(_repository(address), address, sort=address),
            "numbers": Cell(str(counts[paper.pk]), sort=counts[paper.pk]),
            "met": Cell(str(met[paper.pk]), sort=met[paper.pk]),
            "programs": Cell(programs, f"/reproductions/{first}/" if first else "", sort=programs),
        }[column.show]

    return [Row(paper.key, [cell(c, paper) for c in definition.columns]) for paper in papers]


def _repository(address: str) -> str:
    """owner/name of an address, or its host."""
    parts = address.removeprefix("https://").removeprefix("http://").rstrip("/").split("/")
    return "/".join(parts[1:3]) if len(parts) > 2 else parts[0]


# --- what can be said by counting ---


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
