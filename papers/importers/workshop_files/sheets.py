"""The sheet of submissions that CMT exports: accepted papers without anybody's address."""

from __future__ import annotations

import io
from collections.abc import Iterable

import openpyxl

from papers.importers.workshop_files.people import authors_in
from papers.importers.workshop_files.shapes import EMAIL, Fields, WorkshopFiles, text_of

MOST_ROWS = 20_000


def is_cmt(columns: Iterable[str]) -> bool:
    """Whether the columns are those of a CMT export of submissions."""
    return {"paper id", "paper title"} <= {column.strip().lower() for column in columns}


def read_xlsx(name: str, content: bytes) -> WorkshopFiles:
    """Every sheet of the workbook (one a track) whose first rows name CMT's columns."""
    read = WorkshopFiles()
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as error:  # the library raises what its parsers raise
        read.tell(name, type(error).__name__, "cannot be read as an Excel workbook")
        return read
    for sheet in book.worksheets:
        rows = [
            [text_of_cell(cell) for cell in row]
            for row in _first(sheet.iter_rows(values_only=True))
        ]
        head = next((place for place, row in enumerate(rows[:10]) if is_cmt(row)), None)
        if head is None:
            read.tell(name, sheet.title, "a sheet without the columns Paper ID and Paper Title")
            continue
        columns = rows[head]
        take_cmt(name, [dict(zip(columns, row, strict=False)) for row in rows[head + 1 :]], read)
    return read


def _first(rows: Iterable[tuple[object, ...]]) -> list[tuple[object, ...]]:
    return [row for _, row in zip(range(MOST_ROWS), rows, strict=False)]


def text_of_cell(cell: object) -> str:
    return "" if cell is None else str(cell).strip()


def take_cmt(name: str, rows: Iterable[Fields], read: WorkshopFiles) -> None:
    """Papers whose status is an acceptance. Columns of e-mail addresses are not even looked at."""
    dropped = 0
    for row in rows:
        fields = {str(key).strip().lower(): value for key, value in row.items()}
        title = text_of(fields.get("paper title"))
        status = text_of(fields.get("status"))
        if not title:
            continue
        if status and "accept" not in status.lower():
            read.tell(name, title, f"its status is “{status}”")
            continue
        dropped += sum(bool(EMAIL.search(str(value or ""))) for value in fields.values())
        names, places, starred = authors_in(
            text_of(fields.get("authors") or fields.get("author names"))
        )
        paper: Fields = {
            "id": text_of(fields.get("paper id")),
            "title": title,
            "authors": names,
            "presentation": _presented(status),
            "source_key": f"{name}:{text_of(fields.get('paper id'))}",
        }
        if any(places):
            paper["author_affiliations"] = places
        if starred:
            paper["corresponding"] = starred
        if track := text_of(fields.get("track name")):
            paper["track"] = track
        read.papers.append(paper)
    if dropped:
        read.tell(name, f"{dropped} cells", "e-mail addresses are not kept")


def _presented(status: str) -> str:
    words = status.lower()
    return next((kind for kind in ("oral", "spotlight") if kind in words), "poster")
