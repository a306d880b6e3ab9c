"""Rows of a survey table that are operating points: networks with what they reach and cost."""

from __future__ import annotations

from collections import defaultdict

from reproductions.comparing import quantities
from reproductions.comparing.points import Point, Printed
from reproductions.ledger.wording import unit_text
from reproductions.survey_tables.definition import Column, Definition
from reproductions.survey_tables.shapes import Cell, Row, cell_by_hand, paper_cell


def point_rows(definition: Definition, papers: set[str], numbers: list[Printed]) -> list[Row]:
    """Operating points of these papers (keys), out of these numbers."""
    together: defaultdict[str, list[Printed]] = defaultdict(list)
    for number in numbers:
        if number.paper__key in papers and _wanted(number, definition):
            together[number.point].append(number)
    rows = []
    for members in together.values():
        cells = [_point_cell(column, members, definition) for column in definition.columns]
        printed = [c for c, column in zip(cells, definition.columns, strict=True) if column.metric]
        if any(cell.text for cell in printed):
            rows.append(Row(members[0].paper__key, cells))
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
        return cell_by_hand(definition.cells.get(first.paper__key, {}).get(column.cell, ""))
    shown = {
        "network": lambda: Cell(_network(numbers), first.address, sort=_network(numbers)),
        "paper": lambda: paper_cell(first.paper__key, first.paper__title),
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
