"""Rows of a table as entries, whatever the table calls its columns."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from community.list_files.beside_titles import said_of_talk
from community.list_files.bullets import people_in
from community.list_files.dates import known, looks_like_venue, venue_and_year, year_in
from community.list_files.links import is_short_label, link_of
from community.list_files.shapes import Entry, Left, Link
from community.list_files.spans import MACHINE_FIGURES, Span, plain
from papers.names import fold

_COLUMNS = {
    "title": ("title", "paper title", "paper name", "标题", "题目", "论文题目", "论文标题"),
    "paper": ("paper", "papers", "article", "publication", "论文", "文章", "title  paper"),
    "date": (
        "date",
        "year",
        "publication year",
        "time",
        "pub date",
        "published",
        "年份",
        "时间",
        "日期",
        "年",
    ),
    "venue": (
        "venue",
        "conference",
        "journal",
        "source",
        "pub",
        "venues",
        "会议",
        "期刊",
        "会议期刊",
        "会议 期刊",
        "期刊 会议",
        "来源",
        "出处",
        "发表",
        "发表于",
        "发表会议",
        "刊物",
        "published in",
        "published at",
        "presented at",
        "publication venue",
        "conference journal",
        "journal conference",
        "booktitle",
    ),
    "abbreviation": (
        "abbreviation",
        "abbr",
        "acronym",
        "method",
        "model",
        "name",
        "简称",
        "方法",
        "模型",
    ),
    "authors": ("authors", "author", "作者"),
    "focus": (
        *("focused on", "focus", "main contribute", "main contribution", "contribution", "domain"),
        *("type", "task", "tasks", "keywords", "keyword", "category", "topic", "topics", "关注点"),
        *("贡献", "类别", "任务", "关键词", "领域"),
    ),
    "notes": (
        "notes",
        "note",
        "remarks",
        "remark",
        "comment",
        "comments",
        "tldr",
        "summary",
        "一句话总结",
        "总结",
        "简介",
        "备注",
        "说明",
        "笔记",
    ),
    "links": (
        *("materials", "material", "links", "link", "code", "github", "pdf", "slides", "video"),
        *("website", "project", "resources", "url", "repo", "代码", "链接", "资料", "codes"),
    ),
    "presenter": ("presenter", "speaker", "presented by", "报告人", "主讲人", "讲者"),
}
_BY_NAME = {fold(name): column for column, names in _COLUMNS.items() for name in names}
_TEMPLATE = re.compile(
    r"\btemplate\b|\bpaper title\b|\byour name\b|论文标题|\bexample paper\b", re.I
)
_SESSION = re.compile(r"\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?|\d{4}[./-]\d{1,2}[./-]\d{1,2}")


@dataclass(frozen=True)
class Row:
    """Spans of each cell. line: of the file, from 1."""

    cells: Sequence[Sequence[Span]]
    line: int


@dataclass
class TableReading:
    entries: list[Entry] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    focus_name: str = ""


def read_table(header: Row, rows: Sequence[Row], *, heading_year: int | None) -> TableReading:
    """The papers of a table. heading_year: of the heading above, where rows have no date."""
    reading = TableReading()
    columns = _columns([plain(cell) for cell in header.cells])
    if "title" not in columns or not {"date", "venue", "links", "focus"} & columns.keys():
        why = "a table without a column of titles"
        reading.left += [Left(row.line, _in_words(row), why) for row in (header, *rows)]
        return reading
    reading.focus_name = _focus_name(header, columns)
    for row in rows:
        _take_row(row, columns, heading_year, reading)
    return reading


def _columns(names: list[str]) -> dict[str, list[int]]:
    """Which column says what. "Paper" holds titles unless "Title" does; then it holds links."""
    columns: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        if column := _BY_NAME.get(fold(name.replace("/", " ").strip(" *_"))):
            columns.setdefault(column, []).append(place)
    if "paper" in columns:
        places = columns.pop("paper")
        columns.setdefault("links" if "title" in columns else "title", []).extend(places)
    if "title" not in columns and "abbreviation" in columns:
        method = fold(names[columns["abbreviation"][0]])
        if method == "name":
            columns["title"] = columns.pop("abbreviation")
    return columns


def _focus_name(header: Row, columns: dict[str, list[int]]) -> str:
    """What the table calls its column of what a paper is about, where it has one alone."""
    places = columns.get("focus", [])
    return plain(header.cells[places[0]]).strip(" *_") if len(places) == 1 else ""


def _take_row(
    row: Row, columns: dict[str, list[int]], heading_year: int | None, reading: TableReading
) -> None:
    def text(column: str) -> str:
        cells = [row.cells[place] for place in columns.get(column, ()) if place < len(row.cells)]
        return known(" ".join(known(plain(cell)) for cell in cells))

    links: list[Link] = []
    lost: list[str] = []
    first = columns["title"][0]
    title_cell = row.cells[first] if first < len(row.cells) else ()
    title = _title_of(title_cell, links, lost)
    if not title or _TEMPLATE.search(title):
        why = "a row of the template, without a paper"
        reading.left.append(Left(row.line, _in_words(row), why))
        return
    for column in ("links", "notes", "venue", "focus"):
        for place in sorted(columns.get(column, ())):
            if place < len(row.cells):
                _take_links(row.cells[place], links, lost)
    date = text("date")
    is_session = bool(_SESSION.fullmatch(date)) and year_in(date) is None
    venue, year = venue_and_year("" if is_session else date)
    shown_as, printed_text = said_of_talk(text("venue"))
    printed, printed_year = venue_and_year(printed_text)
    authors, others = people_in(text("authors"))
    notes = "; ".join(note for note in (text("notes"), shown_as) if note)
    if is_session and looks_like_venue(notes):
        printed, printed_year = venue_and_year(notes)
    reading.entries.append(
        Entry(
            title=title,
            line=row.line,
            authors=authors,
            and_others=others,
            year=year or printed_year or (None if is_session else heading_year),
            venue=printed or venue,
            links=tuple(dict.fromkeys(links)),
            abbreviation=text("abbreviation"),
            focus=text("focus"),
            notes=notes,
            presenter=text("presenter"),
            date=date if is_session else "",
            printed_date=date,
        )
    )
    reading.left += [Left(row.line, title[:80], why) for why in dict.fromkeys(lost)]


def _title_of(cell: Sequence[Span], links: list[Link], lost: list[str]) -> str:
    """The text before the first link, or the text of a first link that is no label."""
    words: list[Span] = []
    for place, span in enumerate(cell):
        if span.url is not None and is_short_label(span.text):
            _take_links(cell[place:], links, lost)
            break
        if span.url is not None:
            _take_links([span], links, lost)
            words.append(replace(span, url=None))
            continue
        bracket = re.search(r"\[\[", span.text)
        if bracket:  # labels without an address: "[[code]]", "[[paper]](paper link)"
            words.append(replace(span, text=span.text[: bracket.start()]))
            lost.append("a link without an address")
            _take_links(cell[place:], links, lost)
            break
        words.append(span)
    title = MACHINE_FIGURES.sub(" ", plain(words))
    return " ".join(title.split()).strip(" .,;[(")


def _take_links(cell: Sequence[Span], links: list[Link], lost: list[str]) -> None:
    for span in cell:
        if span.url is not None:
            link, left = link_of(plain([replace(span, url=None)]), span.url)
            lost += [left] if left else []
            links += [link] if link else []
        elif MACHINE_FIGURES.search(span.text):
            lost.append("figures added by a program")


def _in_words(row: Row) -> str:
    return " | ".join(plain(cell) for cell in row.cells).strip()[:300]
