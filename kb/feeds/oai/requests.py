"""What a harvester asks: verbs, their arguments, the protocol's errors, resumption tokens."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import astuple, dataclass, replace

from django.http import QueryDict

from kb.api.machinery.opaque import instant, packed, unpacked

PREFIXES = ("oai_dc", "mods", "oai_datacite")
_LISTS = ("from", "until", "set", "metadataPrefix", "resumptionToken")
ARGUMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "Identify": ((), ()),
    "ListMetadataFormats": ((), ("identifier",)),
    "ListSets": ((), ("resumptionToken",)),
    "ListIdentifiers": (("metadataPrefix",), _LISTS),
    "ListRecords": (("metadataPrefix",), _LISTS),
    "GetRecord": (("identifier", "metadataPrefix"), ("identifier", "metadataPrefix")),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_SECOND = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z")


class ProtocolError(Exception):
    """An answer of the protocol's own kind; `code` is one of its eight codes."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True)
class Selection:
    """What a list request selects, and where in the list it goes on.

    The whole of it is the resumption token: the server keeps nothing, so a token never expires.
    """

    verb: str
    prefix: str
    since: str = ""
    until: str = ""
    set: str = ""
    after_time: str = ""
    after_id: int = 0
    done: int = 0

    @property
    def since_time(self) -> dt.datetime | None:
        return moment(self.since) if self.since else None

    @property
    def until_time(self) -> dt.datetime | None:
        """The first instant that is no longer meant: `until` is inclusive in its granularity."""
        if not self.until:
            return None
        step = dt.timedelta(days=1) if _DAY.fullmatch(self.until) else dt.timedelta(seconds=1)
        try:
            return moment(self.until) + step
        except OverflowError:  # the last day that a calendar has
            return None

    def behind(self, time: dt.datetime, pk: int, passed: int) -> Selection:
        """The same list from behind this record on, with `passed` more records done."""
        done = self.done + passed
        return replace(self, after_time=time.isoformat(), after_id=pk, done=done)

    def to_token(self) -> str:
        return packed(astuple(self))

    @classmethod
    def from_token(cls, token: str, verb: str) -> Selection:
        """Raises ProtocolError badResumptionToken, also for a token of another verb's list."""
        try:
            values = unpacked(token)
            if [type(value) for value in values] != [str, str, str, str, str, str, int, int]:
                raise ValueError("values of other types")
            selected = checked(cls(*values))  # type: ignore[arg-type]
            place = (selected.after_id, selected.done)
            if selected.verb != verb or not all(0 <= number < 2**63 for number in place):
                raise ValueError("a place that cannot be")
            instant(selected.after_time)
        except (ValueError, ProtocolError) as error:
            raise ProtocolError("badResumptionToken", "This token was not made here.") from error
        return selected


def arguments(given: QueryDict) -> dict[str, str]:
    """The arguments of a request, checked against its verb.

    Raises ProtocolError badVerb or badArgument.
    """
    verb = given.get("verb", "")
    if verb not in ARGUMENTS or len(given.getlist("verb")) != 1:
        raise ProtocolError("badVerb", f"The verb must be one of {', '.join(ARGUMENTS)}.")
    required, optional = ARGUMENTS[verb]
    for name, values in given.lists():
        if name != "verb" and name not in optional:
            raise ProtocolError("badArgument", f"{verb} has no argument “{name[:60]}”.")
        if len(values) > 1 or "\x00" in values[0]:
            raise ProtocolError("badArgument", f"{name} may be given once, without NUL.")
    texts = {name: str(value) for name, value in given.items() if name != "verb"}
    if "resumptionToken" in texts:
        if len(texts) > 1:
            raise ProtocolError("badArgument", "resumptionToken excludes all other arguments.")
        return {"verb": verb} | texts
    if empty := [name for name, text in texts.items() if not text]:
        raise ProtocolError("badArgument", f"{empty[0]} is empty; leave it out instead.")
    for name in required:
        if name not in texts:
            raise ProtocolError("badArgument", f"{verb} needs {name}.")
    return {"verb": verb} | texts


def selection(given: dict[str, str]) -> Selection:
    """What a list request selects. Raises ProtocolError."""
    if "resumptionToken" in given:
        return Selection.from_token(given["resumptionToken"], given["verb"])
    selected = Selection(
        verb=given["verb"],
        prefix=given["metadataPrefix"],
        since=given.get("from", ""),
        until=given.get("until", ""),
        set=given.get("set", ""),
    )
    return checked(selected)


def checked(selected: Selection) -> Selection:
    """`selected`, if it can be done. Raises ProtocolError."""
    known_prefix(selected.prefix)
    if selected.since and selected.until:
        if len(selected.since) != len(selected.until):
            raise ProtocolError("badArgument", "from and until must have the same granularity.")
        if selected.since > selected.until:
            raise ProtocolError("badArgument", "from lies after until.")
    for text in (selected.since, selected.until):
        if text:
            moment(text)
    return selected


def known_prefix(prefix: str) -> str:
    """Raises ProtocolError cannotDisseminateFormat."""
    if prefix not in PREFIXES:
        raise ProtocolError("cannotDisseminateFormat", f"There are {', '.join(PREFIXES)}.")
    return prefix


def moment(text: str) -> dt.datetime:
    """ "2025-06-30" or "2025-06-30T12:00:00Z". Raises ProtocolError badArgument."""
    try:
        if _DAY.fullmatch(text) or _SECOND.fullmatch(text):
            instant = dt.datetime.fromisoformat(text)
            return instant if instant.tzinfo else instant.replace(tzinfo=dt.UTC)
    except ValueError:
        pass
    raise ProtocolError("badArgument", f"“{text[:40]}” is not a date such as 2025-06-30.")
