"""A comparison taken away: CSV and LaTeX. Pure."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from reproductions.comparing.comparison import Comparison
from reproductions.comparing.points import Point

HEADS = (
    *("method", "paper", "year", "task", "data_set", "split", "backbone", "measure"),
    *("quality", "quality_unit", "cost_metric", "cost", "cost_unit", "counting", "kind"),
    *("reproduced", "ours", "run", "second_hand", "table_of", "source", "table", "id", "cost_id"),
)


def row(point: Point) -> dict[str, object]:
    """A point as one flat record, the same in CSV and API; digits and units as printed."""
    quality, cost = point.quality, point.cost
    return {
        "method": point.label,
        "paper": quality.paper__key,
        "year": quality.paper__year,
        "task": quality.task,
        "data_set": quality.data_set,
        "split": quality.split,
        "backbone": quality.backbone,
        "measure": point.measure,
        "quality": quality.printed,
        "quality_unit": quality.unit,
        "cost_metric": cost.metric,
        "cost": cost.printed,
        "cost_unit": cost.unit,
        "counting": point.group.counting,
        "kind": point.kind,
        "reproduced": point.reproduced,
        "ours": cost.judgement__measured,
        "run": point.run,
        "second_hand": quality.second_hand or cost.second_hand,
        "table_of": quality.table_of or cost.table_of,
        "source": cost.source,
        "table": cost.table,
        "id": quality.slug,
        "cost_id": cost.slug,
    }


def as_csv(points: Iterable[Point]) -> str:
    """One row a point."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADS)
    writer.writeheader()
    for point in points:
        writer.writerow({name: plain(value) for name, value in row(point).items()})
    return text.getvalue()


def plain(value: object) -> object:
    """Text that a spreadsheet will not take for a formula."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t"):
        return "'" + value
    return value


_SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
_SIGNS = {"×": r"$\times$", "−": "$-$", "→": r"$\rightarrow$", "≥": r"$\ge$", "≤": r"$\le$"}


def tex(text: object) -> str:
    """Text as LaTeX prints it."""
    escaped = re.sub(r"[\\~^&%$#_{}]", lambda sign: _SPECIAL[sign[0]], str(text))
    return re.sub("[×−→≥≤]", lambda sign: _SIGNS[sign[0]], escaped)


def booktabs(
    heads: Sequence[str], rows: Iterable[Sequence[object]], *, caption: str, right: Sequence[int]
) -> str:
    """A table for the booktabs package.  right: columns of figures."""
    align = "".join("r" if place in right else "l" for place in range(len(heads)))
    lines = [
        "% needs \\usepackage{booktabs}",
        r"\begin{table}",
        r"  \centering",
        f"  \\caption{{{tex(caption)}}}",
        f"  \\begin{{tabular}}{{{align}}}",
        r"    \toprule",
        f"    {' & '.join(tex(head) for head in heads)} \\\\",
        r"    \midrule",
        *(f"    {' & '.join(tex(cell) for cell in cells)} \\\\" for cells in rows),
        r"    \bottomrule",
        r"  \end{tabular}",
        r"\end{table}",
    ]
    return "\n".join(lines) + "\n"


def as_tex(comparison: Comparison, caption: str) -> str:
    """The drawn points as a table."""
    heads = ("Method", "Year", "Backbone", "Quality", "Cost", "Said by", "Paper")
    rows = [
        (
            point.label,
            point.quality.paper__year,
            point.quality.backbone,
            point.reached,
            point.cost.text,
            point.kind,
            point.quality.paper__key,
        )
        for point in comparison.drawn
    ]
    return booktabs(heads, rows, caption=caption, right=(1, 3, 4))
