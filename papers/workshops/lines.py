"""Lines in which organisers type links of a programme and phases of a competition. Pure.

Slides | https://lab.example/slides.pdf | slides | until 2027-12-31
Recording | https://video.example/watch?v=1 | recording | from 2027-07-20 | at 1:02:30
Development | 2027-03-01 | 2027-05-01

The words between the bars are read in English and Chinese, and written in the language of the page.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.utils.translation import gettext, pgettext

from accounts.words import Words
from papers.names import tidy
from papers.workshops.days import typed_day

LINK_KINDS = (
    *(Words("slides"), Words("recording"), Words("poster")),
    *(Words("paper"), Words("code"), Words("stream")),
)
_CHINESE = {
    **{"幻灯片": "slides", "讲义": "slides", "录像": "recording", "视频": "recording"},
    **{"海报": "poster", "论文": "paper", "代码": "code", "直播": "stream"},
    **{"从": "from", "自": "from", "至": "until", "到": "until", "截至": "until"},
}
PHASE_DATES = ("from", "to")
_URL = re.compile(r"https?://(?![^/\s]*@)[^\s\"<>，；、。]+")  # no password, no mark of a sentence
_BETWEEN = re.compile(r"\s*[|｜;；]\s*")
_BAR = re.compile("[|｜]")
_LIMIT = re.compile(
    r"(from|until|从|自|截至|至|到)(?:(?<=[a-z])\s+|(?<![a-z])\s*)(\S.*?)\s*[起止]?", re.IGNORECASE
)
_OFFSET = re.compile(r"(?:at\s+|从\s*)(?:(\d{1,2}):)?(\d{1,3}):(\d{2})", re.IGNORECASE)
_HOSTS_WITH_T = ("youtube.com", "youtu.be", "bilibili.com")
"""Sites that take the second at which to begin from their query, not from a fragment."""

Fields = dict[str, Any]


class Unclear(ValueError):
    """A line, or the part of one, that cannot be meant; the text is that part."""


def link_of(line: str) -> Fields:
    """{label, url} and, where they are typed, kind, from, until (days) and at ("1:02:30").

    Bars and semicolons part them. Raises Unclear: without an address, with a part that is none of
    these or says the same twice, or with a day at which the link ends before it begins.
    """
    parts = [part.strip() for part in _BAR.split(line)]
    place = next((n for n, part in enumerate(parts) if _URL.fullmatch(part)), None)
    if place is None:
        raise Unclear(line.strip())
    words = tidy("|".join(parts[:place]))
    link: Fields = {"label": words or parts[place], "url": parts[place]}
    for part in filter(None, _BETWEEN.split("|".join(parts[place + 1 :]))):
        limit = _limit(part)
        if link.keys() & limit.keys():
            raise Unclear(part)
        link |= limit
    if link.get("from", "") > link.get("until", "9999"):
        raise Unclear(" ".join(_limits_in_words(link)))
    return link


def _limit(part: str) -> Fields:
    if (kind := _CHINESE.get(part, part.lower())) in LINK_KINDS:
        return {"kind": kind}
    if (match := _OFFSET.fullmatch(part)) and _is_clock(*match.groups()):
        hours, minutes = divmod(60 * int(match[1] or 0) + int(match[2]), 60)
        return {"at": f"{hours}:{minutes:02}:{match[3]}"}
    if match := _LIMIT.fullmatch(part):
        with suppress(Unclear):  # the whole part is told, not its day alone
            return {_CHINESE.get(match[1], match[1].lower()): _day(match[2])}
    raise Unclear(part)


def _limit_words() -> dict[str, str]:
    """What stands before the days and the offset of a link, in the language of the page."""
    return {
        "from": pgettext("link of a programme", "from"),
        "until": pgettext("link of a programme", "until"),
        "at": pgettext("link of a programme", "at"),
    }


def _limits_in_words(link: Fields) -> list[str]:
    return [f"{word} {link[name]}" for name, word in _limit_words().items() if link.get(name)]


def _is_clock(hours: str | None, minutes: str, seconds: str) -> bool:
    """Whether seconds, and minutes beside hours, are below sixty."""
    return int(seconds) < 60 and (hours is None or int(minutes) < 60)


def _day(text: str) -> str:
    typed = typed_day(text)
    if typed.is_wrong or not typed.value:
        raise Unclear(text)
    return typed.value


def link_line(link: Fields) -> str:
    """The line that `link_of` reads as this link."""
    label, url = link.get("label") or "", link.get("url") or ""
    kind = gettext(link["kind"]) if link.get("kind") else ""
    parts = ["" if label == url else label, url, kind, *_limits_in_words(link)]
    return " | ".join(filter(None, parts))


def shown_links(links: list[Fields], today: dt.date) -> list[Fields]:
    """Links that are valid today, each with an address that begins where `at` says."""
    now = today.isoformat()
    valid = (
        link
        for link in links
        if (link.get("from") or "") <= now <= (link.get("until") or "9999-12-31")
    )
    return [link | {"url": address_at(link.get("url", ""), link.get("at") or "")} for link in valid]


def address_at(address: str, at: str) -> str:
    """The address of a recording from the moment `at` (h:mm:ss) on; as it is without one.

    By the site's own parameter where it has one, else by a media fragment (W3C, "#t=62"), which
    players of plain files understand and other pages pass over.
    """
    if not at:
        return address
    hours, minutes, seconds = (int(part) for part in at.split(":"))
    second = 3600 * hours + 60 * minutes + seconds
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host not in _HOSTS_WITH_T:
        return urlunsplit(parts._replace(fragment=f"t={second}"))
    others = [pair for pair in parts.query.split("&") if not pair.startswith("t=")]
    query = "&".join(filter(None, (*others, urlencode({"t": second}))))
    return urlunsplit(parts._replace(query=query))


def phase_of(line: str) -> Fields:
    """{name} and, where they are typed, from and to (days). Raises Unclear."""
    name, *days = [part.strip() for part in _BAR.split(line)]
    if not name or len(days) > len(PHASE_DATES):
        raise Unclear(line.strip())
    typed = zip(PHASE_DATES, days, strict=False)
    phase: Fields = {"name": tidy(name)} | {which: _day(day) for which, day in typed if day}
    if phase.get("from", "") > phase.get("to", "9999"):
        raise Unclear(line.strip())
    return phase


def phases_of(text: str) -> str | list[Fields]:
    """Rows of a competition's phases; the text itself where no line has a mark. Raises Unclear."""
    lines = [line for line in text.splitlines() if line.strip()]
    return [phase_of(line) for line in lines] if _BAR.search(text) else text.strip()


def phase_complaint(value: object) -> str:
    """What is wrong with phases as a record holds them: a text, or rows; "" for nothing."""
    if isinstance(value, str):
        return ""
    if not isinstance(value, list):
        return f"must be text or a list, not {type(value).__name__}"
    known = {"name", *PHASE_DATES}
    for row in value:
        if not isinstance(row, dict) or set(row) - known or not _are_texts(row.values()):
            return f"holds {row!r}; a phase has {', '.join(sorted(known))}"
        try:
            phase_of(phase_line(row))
        except Unclear as problem:
            return f"holds what is no name, or no day such as 2027-03-01: {str(problem)!r}"
    return ""


def _are_texts(values: Iterable[object]) -> bool:
    return all(isinstance(value, str) for value in values)


def is_current(phase: Fields, today: dt.date) -> bool:
    """Whether a phase that names a day is on."""
    begins, ends = phase.get("from") or "", phase.get("to") or ""
    return bool(begins or ends) and begins <= today.isoformat() <= (ends or "9999-12-31")


def phase_line(phase: Fields) -> str:
    """The line that `phase_of` reads as this phase."""
    parts = [phase.get("name", ""), *(phase.get(which, "") for which in PHASE_DATES)]
    return " | ".join(parts).rstrip(" |")
