"""Which video an address is, without asking anybody: provider, id, canonical address, player. Pure.

Every spelling of an address leads to one id, so that the same talk is not added twice: short links,
embeds, mobile hosts, old and new numbers of Bilibili, long and short ids of PeerTube. Only players
of providers whose hosts are known are ever embedded; anything else is a link.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, parse_qs, quote, urlencode, urlsplit

from django.utils.translation import gettext

LONGEST = 500
PLAYER_HOSTS = {
    "youtube": "https://www.youtube-nocookie.com",
    "bilibili": "https://player.bilibili.com",
    "slideslive": "https://slideslive.com",
    "vimeo": "https://player.vimeo.com",
}
LABELS = {
    "youtube": "YouTube",
    "bilibili": "Bilibili",
    "slideslive": "SlidesLive",
    "vimeo": "Vimeo",
    "peertube": "PeerTube",
    "file": "video file",
    "slides": "slides",
}
KNOWN = "YouTube, Bilibili, SlidesLive, Vimeo, PeerTube, or a file ending in .mp4 or .webm"
_FILES = (".mp4", ".webm", ".ogv", ".m4v")
_SLIDE_HOSTS = ("speakerdeck.com", "docs.google.com", "slideshare.net", "figshare.com")


class NotRecognised(Exception):
    """No video that can be shown or linked; the text says what to paste instead."""


@dataclass(frozen=True)
class Recognised:
    """A video. `provider_id` tells it from all others of the provider; `start` in seconds."""

    provider: str
    provider_id: str
    address: str
    start: int = 0
    player: str = ""

    @property
    def is_slides(self) -> bool:
        return self.provider == "slides"


def recognise(text: str, *, slides: bool = False) -> Recognised:
    """What the address `text` shows. Raises NotRecognised.

    slides: the address is that of slides, so any web page may hold them.
    """
    parts = _split(text)
    host = (parts.hostname or "").removeprefix("www.")
    for hosts, reader in _READERS:
        if host in hosts:
            return reader(parts)
    if peertube := _peertube(parts):
        return peertube
    path = parts.path.lower()
    if path.endswith(_FILES):
        return _by_address("file", parts)
    if slides or path.endswith(".pdf") or host in _SLIDE_HOSTS:
        return _by_address("slides", parts)
    raise NotRecognised(
        gettext("This is not a video that we know. Known: {known}; slides as PDF.").format(
            known=KNOWN
        )
    )


def player_of(provider: str, address: str, start: int) -> str:
    """The embedded player of a stored video, from its canonical address; empty where none is."""
    if provider not in PLAYER_HOSTS:
        return ""
    recording = recognise(address)
    return _with_start(replace(recording, start=start)).player


def start_of(text: str) -> int:
    """Seconds of "90", "90s", "1m30s", "1h2m3s", "1:30" or "1:02:03"; 0 for anything else."""
    text = text.strip().lower()
    if re.fullmatch(r"\d{1,6}(\.\d+)?s?", text):
        return int(float(text.rstrip("s")))
    if re.fullmatch(r"\d{1,2}(:\d{2}){1,2}", text):
        seconds = 0
        for part in text.split(":"):
            seconds = 60 * seconds + int(part)
        return seconds
    if text and (clock := re.fullmatch(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?", text)):
        hours, minutes, rest = (int(part or 0) for part in clock.groups())
        return 3600 * hours + 60 * minutes + rest
    return 0


def _split(text: str) -> SplitResult:
    text = text.strip()
    if len(text) > LONGEST or re.search(r"[\s\x00-\x1f\"'<>\\`]", text):
        raise NotRecognised(gettext("Paste one web address, without spaces or quotation marks."))
    if not re.match(r"https?://", text, re.IGNORECASE):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        named = bool(parts.hostname and "." in parts.hostname) and parts.port is None
    except ValueError:
        named = False
    if not named or parts.username or parts.password:
        raise NotRecognised(gettext("Paste a web address such as https://youtu.be/… ."))
    return parts


def _query(parts: SplitResult, *names: str) -> str:
    given = parse_qs(parts.query)
    return next((given[name][0] for name in names if name in given), "")


def _start(parts: SplitResult, *names: str) -> int:
    """From the query, or from the fragment as in #t=90."""
    fragment = parse_qs(parts.fragment)
    return start_of(_query(parts, *names) or fragment.get("t", [""])[0])


def _with_start(video: Recognised) -> Recognised:
    """The same video with a player that begins there."""
    named = {"youtube": "start", "bilibili": "t"}.get(video.provider)
    player = video.player
    if video.start and named:
        player += f"{'&' if '?' in player else '?'}{named}={video.start}"
    elif video.start and video.provider == "vimeo":
        player += f"#t={video.start}s"
    return replace(video, player=player)


def _youtube(parts: SplitResult) -> Recognised:
    steps = [step for step in parts.path.split("/") if step]
    if parts.hostname == "youtu.be":
        name = steps[0] if steps else ""
    elif steps and steps[0] in ("embed", "shorts", "live", "v"):
        name = steps[1] if len(steps) > 1 else ""
    else:
        name = _query(parts, "v")
    if not re.fullmatch(r"[\w-]{11}", name, re.ASCII):
        raise NotRecognised(
            gettext("This YouTube address names no single video. Open the video, copy that.")
        )
    return _with_start(
        Recognised(
            "youtube",
            name,
            f"https://www.youtube.com/watch?v={name}",
            _start(parts, "t", "start"),
            f"{PLAYER_HOSTS['youtube']}/embed/{name}",
        )
    )


_BV_LETTERS = "FcwAPNKTMug3GV5Lj7EJnHpWsx4tb8haYeviqBz6rkCy12mUSDQX9RdoZf"
_BV_PLACES = (8, 7, 0, 5, 1, 3, 2, 4, 6)


def bv_of(av: int) -> str:
    """The new id of a video of Bilibili that had a number: av170001 is BV17x411w7KC."""
    letters, rest = [""] * 9, (2**51 | av) ^ 23442827791579
    for place in _BV_PLACES:
        letters[place] = _BV_LETTERS[rest % 58]
        rest //= 58
    return "BV1" + "".join(letters)


def _bilibili(parts: SplitResult) -> Recognised:
    last = next((s for s in parts.path.split("/") if re.match(r"(?i)(BV|av)\w", s)), "")
    named = last or _query(parts, "bvid") or f"av{_query(parts, 'aid', 'avid')}"
    if re.fullmatch(r"(?i)av\d{1,15}", named) and int(named[2:]) < 2**51:
        name = bv_of(int(named[2:]))
    elif re.fullmatch(r"(?i)BV1[1-9A-HJ-NP-Za-km-z]{9}", named):
        name = "BV" + named[2:]
    else:
        raise NotRecognised(
            gettext(
                "This Bilibili address names no video. Short links (b23.tv) hide it: open "
                "one and copy the address with BV… or av…."
            )
        )
    part = _query(parts, "p", "page")
    page = int(part) if part.isdecimal() and 1 < int(part) < 10000 else 1
    more = f"?p={page}" if page > 1 else ""
    player = urlencode({"bvid": name, "p": page, "autoplay": 0})
    return _with_start(
        Recognised(
            "bilibili",
            name + (f":p{page}" if page > 1 else ""),
            f"https://www.bilibili.com/video/{name}{more}",
            _start(parts, "t"),
            f"{PLAYER_HOSTS['bilibili']}/player.html?{player}",
        )
    )


def _slideslive(parts: SplitResult) -> Recognised:
    match = re.search(r"/(?:embed/presentation/|w/|presentation/)?(\d{6,12})(?:/|$)", parts.path)
    if not match:
        raise NotRecognised(gettext("This SlidesLive address names no presentation."))
    name = match[1]
    address = f"https://slideslive.com/{name}"
    player = f"{PLAYER_HOSTS['slideslive']}/embed/presentation/{name}"
    return Recognised("slideslive", name, address, _start(parts, "t"), player)


def _vimeo(parts: SplitResult) -> Recognised:
    steps = [step for step in parts.path.split("/") if step]
    place = next((i for i, step in enumerate(steps) if re.fullmatch(r"\d{5,12}", step)), None)
    if place is None:
        raise NotRecognised(gettext("This Vimeo address names no single video."))
    name = steps[place]
    secret = _query(parts, "h") or (steps[place + 1] if len(steps) > place + 1 else "")
    secret = secret if re.fullmatch(r"[0-9a-f]{6,20}", secret) else ""
    player = urlencode(({"h": secret} if secret else {}) | {"dnt": 1})
    return _with_start(
        Recognised(
            "vimeo",
            name,
            f"https://vimeo.com/{name}" + (f"/{secret}" if secret else ""),
            _start(parts, "t"),
            f"{PLAYER_HOSTS['vimeo']}/video/{name}?{player}",
        )
    )


_FLICKR = "123456789abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def _short(long: str) -> str:
    """PeerTube's short form of a UUID: the number in base 58, 22 digits."""
    number, digits = uuid.UUID(long).int, ""
    while number:
        number, digit = divmod(number, 58)
        digits = _FLICKR[digit] + digits
    return digits.rjust(22, _FLICKR[0])


def _peertube(parts: SplitResult) -> Recognised | None:
    """Any host may run PeerTube; its addresses have a shape of their own."""
    uuid_shape = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    match = re.fullmatch(
        rf"/(?:w|videos/watch|videos/embed)/({uuid_shape}|[1-9A-HJ-NP-Za-km-z]{{22}})/?", parts.path
    )
    if not match:
        return None
    name = _short(match[1]) if "-" in match[1] else match[1]
    host = (parts.hostname or "").lower()
    return Recognised(
        "peertube", f"{host}/{name}", f"https://{host}/w/{name}", _start(parts, "start")
    )


def _by_address(provider: str, parts: SplitResult) -> Recognised:
    """A file is known by its address: scheme and host in one spelling, no fragment."""
    path = quote(parts.path, safe="/%:@!$&()*+,;=~-._")
    query = f"?{parts.query}" if parts.query else ""
    address = f"https://{(parts.hostname or '').lower()}{path}{query}"
    if len(address) > LONGEST:
        raise NotRecognised(
            gettext("This address is longer than {longest} characters.").format(longest=LONGEST)
        )
    return Recognised(provider, address, address, _start(parts, "t"))


Reader = Callable[[SplitResult], Recognised]
_READERS: tuple[tuple[tuple[str, ...], Reader], ...] = (
    (
        (
            *("youtube.com", "m.youtube.com", "music.youtube.com", "youtu.be"),
            "youtube-nocookie.com",
        ),
        _youtube,
    ),
    (("bilibili.com", "m.bilibili.com", "player.bilibili.com", "b23.tv"), _bilibili),
    (("slideslive.com", "recorder-v3.slideslive.com"), _slideslive),
    (("vimeo.com", "player.vimeo.com"), _vimeo),
)
