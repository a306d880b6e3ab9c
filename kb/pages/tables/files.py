"""A survey table taken away: CSV, LaTeX, Markdown and HTML. Pure."""

from __future__ import annotations

import csv
import io

from django.utils.html import escape

from kb.pages.comparing.files import booktabs, plain
from reproductions.survey_tables.definition import Definition
from reproductions.survey_tables.shapes import Answer, Cell

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "tex": "application/x-tex; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}


def as_file(suffix: str, definition: Definition, answer: Answer, citation: str) -> str:
    """The rows with caption, footnotes and how to cite them."""
    make = {"csv": _csv, "tex": _tex, "md": _markdown, "html": _html}[suffix]
    return make(definition, answer, citation)


def _text(cell: Cell) -> str:
    """With a mark behind what is doubtful."""
    return f"{cell.text} [{cell.doubt}]" if cell.doubt and cell.text else cell.text


def _csv(definition: Definition, answer: Answer, citation: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*answer.heads, "key"])
    for row in answer.rows:
        writer.writerow([*(plain(_text(cell)) for cell in row.cells), row.paper])
    return text.getvalue()


def _tex(definition: Definition, answer: Answer, citation: str) -> str:
    rows = [[*map(_text, row.cells)] for row in answer.rows]
    right = [place for place, is_figure in enumerate(answer.figures) if is_figure]
    notes = " ".join(definition.footnotes)
    caption = " ".join(filter(None, (definition.caption, notes, citation)))
    return booktabs(answer.heads, rows, caption=caption, right=right)


def _markdown(definition: Definition, answer: Answer, citation: str) -> str:
    def line(cells: list[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    rule = ["---:" if is_figure else "---" for is_figure in answer.figures]
    rows = [line([_text(cell) for cell in row.cells]) for row in answer.rows]
    notes = [f"{place}. {note}" for place, note in enumerate(definition.footnotes, start=1)]
    parts = [
        f"# {definition.title}",
        definition.caption,
        "\n".join([line(answer.heads), line(rule), *rows]),
        "\n".join(notes),
        _list("What is known", definition.known),
        _list("What is missing", definition.missing),
        citation,
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _list(title: str, sentences: list[str]) -> str:
    lines = "\n".join(f"- {sentence}" for sentence in sentences)
    return f"## {title}\n\n{lines}" if lines else ""


def _html(definition: Definition, answer: Answer, citation: str) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in answer.heads)
    rows = "\n".join(
        f"<tr>{''.join(f'<td>{escape(_text(cell))}</td>' for cell in row.cells)}</tr>"
        for row in answer.rows
    )
    notes = "".join(f"<li>{escape(note)}</li>" for note in definition.footnotes)
    return (
        f'<!DOCTYPE html>\n<html lang="en"><meta charset="utf-8"><title>{escape(definition.title)}'
        f"</title>\n<table>\n<caption>{escape(definition.caption)}</caption>\n"
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table>\n"
        f"{f'<ol>{notes}</ol>' if notes else ''}\n<p>{escape(citation)}</p>\n</html>\n"
    )
