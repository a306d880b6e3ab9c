"""Dates of a call as instants: what "31 May, Anywhere on Earth" means in UTC. Pure."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

ANYWHERE_ON_EARTH = dt.timezone(dt.timedelta(hours=-12), "AoE")
_NAMED = {
    "pacific time": "America/Los_Angeles",
    "pacific (?:standard|daylight) time": "America/Los_Angeles",
    "eastern time": "America/New_York",
    "eastern (?:standard|daylight) time": "America/New_York",
    "central european (?:summer )?time": "Europe/Paris",
    "coordinated universal time": "UTC",
    "greenwich mean time": "UTC",
}
_ANYWHERE = re.compile(r"anywhere[ -]on[ -](?:the[ -])?earth|\bAoE\b", re.IGNORECASE)
_UNIVERSAL = re.compile(r"\b(?:UTC|GMT)\b|(?<=\d)\s?Z\b", re.IGNORECASE)
_OFFSET = re.compile(r"\b(?:UTC|GMT)\s*([+−–-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_OTHER_ZONE = re.compile(  # abbreviations that mean different things in different places
    r"\b(?:P[SD]?T|E[SD]?T|C[SD]T|M[SD]T|CES?T|EES?T|WES?T|BST|IST|JST|KST|SGT|HKT|AE[SD]?T|"
    r"(?:beijing|china|tokyo|seoul|singapore|india|london|paris|berlin) (?:standard )?time)\b",
    re.IGNORECASE,
)
_HALF = r"[ap]\.?\s?m\b\.?"
_CLOCK = re.compile(
    rf"(?<![\d:.+−–-])(?P<hour>\d{{1,2}})[:.h](?P<minute>\d{{2}})(?:[:.](?P<second>\d{{2}}))?(?:\s?(?P<half>{_HALF}))?(?!\d)"
    rf"|(?<![\d:.+−–-])(?P<full>\d{{1,2}})\s?"
    rf"(?:(?P<its_half>{_HALF})|h(?:ours|rs)?\b|uhr\b|o['’]?clock\b|heures?\b|[点點时時])"
    rf"|(?<![\d:.+−–-])(?P<four>(?!19|20)[0-2]\d[0-5]\d)(?=\s?(?:h(?:rs|ours)?\b\s?)?(?:UTC|GMT|AoE|Z)\b)",
    re.IGNORECASE,
)
_EASTERN_CLOCK = re.compile(
    r"(?P<half>上午|早上|凌晨|下午|晚上|午前|午後|오전|오후)\s*(?P<time>\d{1,2}(?:[:：]\d{2})?)\s*[点點时時시]?"
)
_MORNINGS = ("上午", "早上", "凌晨", "午前", "오전")
_WORD_CLOCK = {"noon": dt.time(12), "midday": dt.time(12)}
_MONTH = (
    r"(?=(?-i:[A-Z]))(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?"
    r"|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = re.compile(
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<month>{_MONTH})\b"
    rf"|\b(?P<month2>{_MONTH})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:])"
    r"|(?P<month3>\d{1,2})\s*月\s*(?P<day3>\d{1,2})\s*[日号號]"
    r"|\b\d{4}-(?P<month4>\d\d)-(?P<day4>\d\d)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"(?:from|was|were|originally|previously|formerly|before|opens?|extended|原(?:定|本)?(?:于|為|为)?|自)\W*(?:on\W+)?$",
    re.IGNORECASE,
)
_NEAR = 12  # characters between a clock time and the zone that belongs to it


def printed_zone(note: str) -> dt.tzinfo | None:
    """The zone that a note such as "11:59 pm UTC-11" names; None when it names none.

    A place that is written out ("Beijing time") or an abbreviation of several meanings ("CST") is
    unknown, as is a note that gives times in two zones and does not say which is meant.
    """
    if _ANYWHERE.search(note):
        return ANYWHERE_ON_EARTH
    if match := _OFFSET.search(note):
        hours, minutes = int(match[2]), int(match[3] or 0)
        if hours > 14 or minutes > 59:
            return None
        offset = dt.timedelta(hours=hours, minutes=minutes)
        return dt.timezone(offset if match[1] == "+" else -offset)
    for words, zone in _NAMED.items():
        if re.search(rf"\b{words}\b", note, re.IGNORECASE):
            return ZoneInfo(zone)
    return dt.UTC if _UNIVERSAL.search(note) else None


def instant_of(date: dt.date, clock: str, zone: str) -> dt.datetime:
    """The instant of a deadline with a zone: "AoE" or an IANA name. clock: HH:MM, or "".

    Without a clock time it is the end of the day; a minute that is printed is that minute.
    """
    where = ANYWHERE_ON_EARTH if zone == "AoE" else ZoneInfo(zone)
    if not clock:
        date, at = date + dt.timedelta(days=1), dt.time(0)
    else:
        at = dt.time.fromisoformat(clock)
    return dt.datetime.combine(date, at, tzinfo=where).astimezone(dt.UTC)


def end_of(date: dt.date, note: str) -> dt.datetime | None:
    """The instant at which a deadline printed as `date` and `note` has passed, in UTC.

    A date without a clock time ends when its day ends in the printed zone.
    None when the note names no zone, or several clock times of which none stands beside the zone:
    the instant is then unknown and not guessed. So it is when the note names another day than
    `date` ("3 June 23:59 AoE" under 31 May), but for one that no longer holds ("was 24 May").
    """
    if names_another_day(date, note):
        return None
    note = _EASTERN_CLOCK.sub(_half_behind, note)
    zone = printed_zone(note)
    if zone is None:
        return None
    clock = printed_clock(note)
    if clock is None:
        if _clocks(note):
            return None
        date, clock = date + dt.timedelta(days=1), dt.time(0)
    return dt.datetime.combine(date, clock, tzinfo=zone).astimezone(dt.UTC)


def names_another_day(date: dt.date, note: str) -> bool:
    """Whether a note says a day and a month, and never those of `date`."""
    named = set()
    for match in _DAY.finditer(note):
        if _EARLIER.search(note, 0, match.start()):
            continue
        found = match.groupdict()
        day = found["day"] or found["day2"] or found["day3"] or found["day4"]
        month = found["month"] or found["month2"] or found["month3"] or found["month4"]
        number = int(month) if month.isdigit() else _number_of(month)
        named.add((number, int(day)))
    return bool(named) and (date.month, date.day) not in named


def _number_of(month: str) -> int:
    starts = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    return starts.index(month[:3].lower()) + 1


def printed_clock(note: str) -> dt.time | None:
    """The time of day in a note: "11:59 p.m." gives 23:59, "17h UTC" 17:00.

    Of several times the one right before the zone that counts ("4:59am PDT / 11:59 UTC"). None when
    there is none, or when it cannot be told which.
    """
    clocks = _clocks(note)
    if len(clocks) == 1 and not _stands_beside_another_zone(note, clocks[0][1]):
        return clocks[0][0]
    zone = _zone_at(note)
    if zone is None:
        return None
    near = [
        time
        for time, end in clocks
        if 0 <= zone - end <= _NEAR and not _OTHER_ZONE.search(note, end, zone)
    ]
    return near[-1] if near else None


def _half_behind(clock: re.Match[str]) -> str:
    """ "晚上11:59" as "11:59 pm"; "晚上23:59" says the half twice, "晚上12点" ends the day."""
    time = clock["time"].replace("\uff1a", ":")
    hour = int(time.partition(":")[0])
    if hour == 12 and clock["half"] == "晚上":
        return "24:00 "
    if hour > 12:
        return f"{time} " if ":" in time else f"{time}h "
    return f"{time} {'am' if clock['half'] in _MORNINGS else 'pm'} "


def _zone_at(note: str) -> int | None:
    """Where the zone that `printed_zone` takes is written."""
    patterns = (_ANYWHERE, _OFFSET, _UNIVERSAL)
    matches = [pattern.search(note) for pattern in patterns]
    named = [re.search(rf"\b{words}\b", note, re.IGNORECASE) for words in _NAMED]
    starts = [match.start() for match in (*matches[:2], *named, matches[2]) if match]
    return starts[0] if starts else None


def _stands_beside_another_zone(note: str, end: int) -> bool:
    """Whether another zone than the one that counts follows the time ("5 pm PST, in UTC …")."""
    zone = _zone_at(note)
    return zone is not None and _OTHER_ZONE.search(note, end, zone) is not None


def _clocks(note: str) -> list[tuple[dt.time, int]]:
    """Times of day in a note, and where each ends."""
    times = []
    for match in _CLOCK.finditer(note.replace("：", ":")):
        four = match["four"] or ""  # "2359 AoE"; 1900 to 2059 would be years
        hour = int(match["hour"] or match["full"] or four[:2])
        minute = int(match["minute"] or four[2:] or 0)
        second = min(int(match["second"] or 0), 59)
        half = (match["half"] or match["its_half"] or "").lower()[:1]
        if half and not 1 <= hour <= 12 and hour < 13:
            continue
        if half == "p" and hour < 12:
            hour += 12
        if half == "a" and hour == 12:
            hour = 0
        if hour < 24 and minute < 60:
            times.append((dt.time(hour, minute, second), match.end()))
    words = re.finditer(rf"\b({'|'.join(_WORD_CLOCK)})\b", note, re.IGNORECASE)
    return times + [(_WORD_CLOCK[match[1].lower()], match.end()) for match in words]
