"""Dates of a call as sentences: "**Submission Deadline:** May 31, 2022 (Anywhere on Earth)"."""

from __future__ import annotations

import datetime as dt
import re

from papers.importers.workshop_files.shapes import Fields

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september"),
    *("october", "november", "december"),
)
_MONTH = r"(?P<month>[A-Z][a-z]{2,9})\.?"
_DATES = (
    re.compile(
        rf"{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?P<between>[^\d]{{0,40}}?)(?P<year>20\d\d)"
    ),
    re.compile(
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+{_MONTH},?\s*(?P<between>)(?P<year>20\d\d)"
    ),
    re.compile(r"(?P<year>20\d\d)-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?P<between>)"),
    re.compile(r"(?P<year>20\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?P<between>)"),
)
_STRUCK = re.compile(r"<(s|del|strike)>(.*?)</\1>|~~(.*?)~~", re.IGNORECASE | re.DOTALL)
_TELLING = re.compile(
    r"deadline|submission|notif|decision|camera|workshop|video|register|registration|review|due|"
    r"opens?\b|release|announce|event|截稿|截止|通知|日期",
    re.IGNORECASE,
)
_MARKS = re.compile(r"\*\*|__|</?(?:b|strong|em|i|span|u|br|p|li)\b[^<>]*>", re.IGNORECASE)


def date_in(text: str) -> tuple[dt.date, str] | None:
    """The first date of a text and the text without it; "Jully" is July."""
    best: tuple[int, dt.date, str] | None = None
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = _month(match["month"])
            try:
                date = dt.date(int(match["year"]), month, int(match["day"]))
            except ValueError:
                continue
            rest = (
                text[: match.start()]
                + " "
                + match["between"].strip(" ,")
                + " "
                + text[match.end() :]
            )
            if best is None or match.start() < best[0]:
                best = match.start(), date, rest
            break
    return (best[1], best[2]) if best else None


def _month(word: str) -> int:
    if word.isdigit():
        return int(word)
    key = word.lower()[:3]
    return next((n for n, month in enumerate(_MONTHS, 1) if month.startswith(key)), 0)


def date_line(line: str) -> Fields | None:
    """A date of the call with label, note and struck-out earlier dates; None for others."""
    struck = [part or other for _, part, other in _STRUCK.findall(line)]
    text = _MARKS.sub(" ", _STRUCK.sub(" ", line))
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    text = " ".join(re.sub(r"^\s*[-*+•]\s+", "", text).split())
    if not _TELLING.search(text) or len(text) > 400:
        return None
    dated = date_in(text)
    if dated is None:
        return _announced(text)
    date, rest = dated
    before = _before_date(text)
    if ":" not in before and "：" not in before and len(before.split()) > 6:
        return None  # a sentence that mentions a day
    label, _, note = rest.replace("：", ":").partition(":")
    if not note and (parted := re.split(r"\s+[-–—]\s+|\s{2,}", rest, maxsplit=1))[1:]:
        label, note = parted
    label = re.sub(r"\([^()]*\)", "", label).strip(" .,;:-–—()")
    aside = " ".join(re.findall(r"\(([^()]*)\)", rest.partition(":")[0]))
    note = " ".join(part for part in (re.sub(r"[()]", " ", note), aside) if part.strip(" .,;"))
    entry: Fields = {
        "label": label[:160] or "Date",
        "date": date.isoformat(),
        "note": " ".join(note.split()).strip(" .,;:-–—")[:300],
    }
    earlier = [day for part in struck if (day := _earlier(part, date))]
    if earlier:
        entry["previous_dates"] = [{"date": day, "published": None} for day in earlier]
    return entry


def _before_date(text: str) -> str:
    places = [match.start() for pattern in _DATES for match in pattern.finditer(text)]
    return text[: min(places, default=0)]


def _earlier(text: str, now: dt.date) -> str | None:
    """A struck-out date; the year may stand only behind the new one."""
    dated = date_in(text) or date_in(f"{text} {now.year}")
    return dated[0].isoformat() if dated else None


def _announced(text: str) -> Fields | None:
    label, mark, rest = text.partition(":")
    if mark and re.search(r"\bto be (?:announced|determined|confirmed)\b|\bTB[ADC]\b", rest, re.I):
        return {"label": label.strip(" .")[:160], "date": None, "note": "to be announced"}
    return None
