"""From what was sent to the fields of a block, with a sentence for all that cannot be meant."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext

from accounts.words import Words
from kb.pages.workshops.editing.inputs import (
    Form,
    Rows,
    Value,
    as_text,
    list_at,
    put_at,
    value_at,
)
from kb.pages.workshops.editing.sheets import Box, Line, Sheet
from papers.data_files.limits import longest
from papers.names import tidy
from papers.workshops.clocks import typed_clock, typed_span
from papers.workshops.days import typed_day
from papers.workshops.deadlines import names_another_day
from papers.workshops.lines import Unclear, link_of, phases_of
from papers.workshops.typed_names import typed_names
from papers.workshops.zones import typed_zone

MOST_ROWS = 400
_TYPED = {"clock": typed_clock, "date": typed_day, "zone": typed_zone}
"""Kinds of boxes whose values people write in many ways."""
_URL = re.compile(r"https?://\S+")
_OURS = re.compile(r"/workshops/[\w-]+/files/[\w.-]+")


def shown(form: Form, fields: Mapping[str, Any], start: int = 0, blank: int = 0) -> Sheet:
    """The form with what is known; of a long list one page, from `start`."""
    sheet = Sheet(fields=dict(fields))
    sheet.boxes = [
        Box(box, box.name, as_text(box, value_at(fields, box.name))) for box in form.inputs
    ]
    if form.rows is not None:
        entries = list_at(fields, form.rows)
        page = list(enumerate(entries))[start : start + form.rows.at_once]
        for number, (place, entry) in enumerate(page):
            sheet.lines.append(_line(form.rows, number, str(place), str(place + 1), entry))
        if start + form.rows.at_once >= len(entries):
            blank = blank or form.rows.new
            for number in range(len(page), len(page) + blank):
                sheet.lines.append(_line(form.rows, number, "", "", {}))
    return sheet


def _line(rows: Rows, number: int, was: str, order: str, entry: Mapping[str, Any]) -> Line:
    boxes = [
        Box(box, f"row-{number}-{box.name}", as_text(box, entry.get(box.name)))
        for box in rows.inputs
    ]
    return Line(number, was, order, boxes, str(entry.get("code") or ""))


def sent(form: Form, data: Mapping[str, str], fields: Mapping[str, Any]) -> Sheet:
    """What was sent, laid over `fields`; entries that the page did not show stay as they are."""
    sheet = Sheet(fields=dict(fields))
    for box in form.inputs:
        shown_box = Box(box, box.name, data.get(box.name, "").replace("\r\n", "\n"))
        old = value_at(fields, box.name)
        put_at(sheet.fields, box.name, _value_or(old, shown_box, sheet))
        sheet.boxes.append(shown_box)
    if form.rows is not None:
        _read_rows(form.rows, data, sheet)
    _tell_long(form, sheet)
    return sheet


def _tell_long(form: Form, sheet: Sheet) -> None:
    """Say at each box that its text is longer than what the record holds."""
    placed = [(box, longest("workshop", box.input.name)) for box in sheet.boxes]
    if form.rows is not None:
        placed += [
            (box, longest("workshop", form.rows.field, box.input.name))
            for line in sheet.lines
            for box in line.boxes
            if not line.is_removed
        ]
    for box, most in placed:
        length = max(map(len, _texts_in(box)), default=0)
        if most is not None and length > most:
            _tell(box, sheet, f"This has {length:,} letters; at most {most:,} fit.")


def _texts_in(box: Box) -> list[str]:
    if box.input.kind == "lines":
        return box.text.splitlines()
    if box.input.kind == "names":
        return list(typed_names(box.text).names)
    return [box.text.strip()]


def _read_rows(rows: Rows, data: Mapping[str, str], sheet: Sheet) -> None:
    known = list_at(sheet.fields, rows)
    placed: list[tuple[float, dict[str, Any]]] = []
    on_page: set[int] = set()
    for number in _numbers(data):
        was = data.get(f"row-{number}-was", "")
        place = int(was) if was.isdecimal() and int(was) < len(known) else None
        old = dict(known[place]) if place is not None else {}
        if place is not None:
            on_page.add(place)
        line, entry = _read_line(rows, number, data, sheet, old)
        line.was = was if place is not None else ""
        sheet.lines.append(line)
        gone = line.is_removed = bool(data.get(f"row-{number}-remove"))
        if not gone and any(value not in ("", [], None, False) for value in entry.values()):
            placed.append((_order(line.order, place, number), old | entry))
        elif place is None or gone:
            for box in line.boxes:
                sheet.told.pop(box.name, None)
    placed += [(float(place + 1), dict(e)) for place, e in enumerate(known) if place not in on_page]
    placed.sort(key=lambda pair: pair[0])
    put_at(sheet.fields, rows.field, [entry for _, entry in placed])


def _order(typed: str, place: int | None, number: int) -> float:
    """Where the entry goes: by the number typed; a new one at the end."""
    if re.fullmatch(r"\d{1,4}([.,]\d{1,2})?", typed):
        wanted = float(typed.replace(",", "."))
        # Before the entry that has this number now, when it moves up; behind it, when down.
        if place is None or wanted < place + 1:
            return wanted - 0.5
        return wanted + 0.5 if wanted > place + 1 else wanted
    return 10_000.0 + number


def _numbers(data: Mapping[str, str]) -> list[int]:
    numbers = {int(match[1]) for key in data if (match := re.match(r"row-(\d{1,4})-", key))}
    return sorted(numbers)[:MOST_ROWS]


def _read_line(
    rows: Rows, number: int, data: Mapping[str, str], sheet: Sheet, old: Mapping[str, Any]
) -> tuple[Line, dict[str, Any]]:
    texts = {
        box.name: data.get(f"row-{number}-{box.name}", "").replace("\r\n", "\n")
        for box in rows.inputs
    }
    boxes = [Box(box, f"row-{number}-{box.name}", texts[box.name]) for box in rows.inputs]
    line = Line(number, "", data.get(f"row-{number}-order", ""), boxes, str(old.get("code") or ""))
    if {"start", "end"} <= set(texts):
        _read_span(boxes, sheet)
    entry = {box.input.name: _value_or(old.get(box.input.name), box, sheet) for box in boxes}
    _ask_for_words(boxes, entry, sheet)
    _ask_about_day(boxes, entry, old, sheet)
    return line, {
        name: value
        for name, value in entry.items()
        if value not in ("", [], None, False) or name in old
    }


def _ask_for_words(boxes: list[Box], entry: Mapping[str, Any], sheet: Sheet) -> None:
    """A picture says in words what it shows, for those who do not see it."""
    for box in boxes:
        if box.input.is_picture and entry.get(box.input.name):
            words = next(b for b in boxes if b.input.name == f"{box.input.name}_words")
            if not words.text.strip():
                _tell(words, sheet, Words("Say in a few words what the picture shows."))


def _ask_about_day(
    boxes: list[Box], entry: Mapping[str, Any], old: Mapping[str, Any], sheet: Sheet
) -> None:
    """A remark that names another day than its date is asked about, unless both stood so before."""
    date, note = str(entry.get("date") or ""), str(entry.get("note") or "")
    is_as_before = all(entry.get(name) == old.get(name) for name in ("date", "note"))
    if is_as_before or not date or not note or typed_day(date).is_wrong:
        return
    remark = next(box for box in boxes if box.input.name == "note")
    if names_another_day(dt.date.fromisoformat(date), note):
        _tell(
            remark,
            sheet,
            Words(
                "The remark names another day than the box “Day”. Change the day if the date was "
                "moved, write “was” before a day that no longer holds, and give what else is due "
                "a date of its own."
            ),
        )


def _read_span(boxes: list[Box], sheet: Sheet) -> None:
    first, last = (next(b for b in boxes if b.input.name == name) for name in ("start", "end"))
    typed = typed_span(first.text, last.text)
    for box, clock in zip((first, last), typed, strict=True):
        box.text = clock.value
        if clock.question:
            box.told = sheet.told[box.name] = clock.question


def _value_or(old: Value, box: Box, sheet: Sheet) -> Value:
    """The value of a box; just as it was where the text is, whatever form it has."""
    same = box.text.strip() == as_text(box.input, old).strip() and not box.told
    return old if same and old is not None else _value(box, sheet)


def _value(box: Box, sheet: Sheet) -> Value:
    """The value of a box; what cannot be meant is told at the box."""
    text = box.text.strip()
    kind = box.input.kind
    if kind == "check":
        return text in ("yes", "on", "1")
    if kind == "lines":
        return [tidy(line) for line in text.splitlines() if tidy(line)]
    if kind == "names":
        typed = typed_names(text)
        if typed.question:
            _tell(box, sheet, typed.question)
        return list(typed.names)
    if kind == "links":
        return [link for line in text.splitlines() if (link := _link(line, box, sheet))]
    if kind == "phases":
        return _phases(text, box, sheet)
    if box.input.is_picture:
        return text if _OURS.fullmatch(text) else ""
    if kind in ("number", "decimal"):
        return _number(text, box, sheet)
    if problem := _problem(kind, text):
        _tell(box, sheet, problem)
    if kind in _TYPED and not box.told:
        value = _TYPED[kind](text)
        box.text = text = value.value
        if value.question:
            _tell(box, sheet, value.question)
    return text if kind == "text" else tidy(text)


def _problem(kind: str, text: str) -> str:
    if not text:
        return ""
    if kind == "url" and not _URL.fullmatch(text):
        return gettext("“{value}” is no web address. It begins with https://.").format(
            value=text[:80]
        )
    return ""


def _number(text: str, box: Box, sheet: Sheet) -> int | float | None:
    if not text:
        return None
    try:
        return float(text.replace(",", ".")) if box.input.kind == "decimal" else int(text)
    except ValueError:
        _tell(box, sheet, gettext("“{value}” is no number.").format(value=text[:20]))
        return None


def _link(line: str, box: Box, sheet: Sheet) -> dict[str, str] | None:
    if not line.strip():
        return None
    try:
        return link_of(line)
    except Unclear as problem:
        words = gettext(
            "“{value}”: write Words | https://address, and behind it what you need of: slides, "
            "recording, poster, paper, code, stream; from or until a day such as 2027-07-20; "
            "at 1:02:30."
        )
        _tell(box, sheet, words.format(value=str(problem)[:80]))
        return None


def _phases(text: str, box: Box, sheet: Sheet) -> Value:
    try:
        return phases_of(text)
    except Unclear as problem:
        words = gettext("“{value}”: write Name | first day | last day, each such as 2027-03-01.")
        _tell(box, sheet, words.format(value=str(problem)[:80]))
        return text


def _tell(box: Box, sheet: Sheet, sentence: str) -> None:
    box.told = sheet.told[box.name] = sentence
