"""Text that is safe to store and pleasant to read, from whatever a PDF contained."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_LIGATURES = {
    "\ufb00": "ff",
    "\ufb01": "fi",
    "\ufb02": "fl",
    "\ufb03": "ffi",
    "\ufb04": "ffl",
    "\ufb05": "st",
    "\ufb06": "st",
    "\u0132": "IJ",
    "\u0133": "ij",
}
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f"  # controls, NUL among them; tab and newline stay
    "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"  # soft hyphen, zero width, bidi
    "\ud800-\udfff\ue000-\uf8ff\ufff0-\uffff"  # lone surrogates, private use, specials
    "\U000e0000-\U0010ffff]"
)
_LIGATURE = re.compile("[" + "".join(_LIGATURES) + "]")
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u205f\u3000]+")
_ACCENTS = {
    "\u00b4": "\u0301",
    "\u02ca": "\u0301",
    "\u02cb": "\u0300",
    "\u00a8": "\u0308",
    "\u02c6": "\u0302",
    "\u02dc": "\u0303",
    "\u02c7": "\u030c",
    "\u02da": "\u030a",
    "\u02d8": "\u0306",
    "\u02dd": "\u030b",
    "\u00b8": "\u0327",
    "\u00af": "\u0304",
}
_SPACING_ACCENT = re.compile("[" + "".join(_ACCENTS) + "]")
_ACCENT_BEFORE = re.compile(
    "(?:(?<=[^\\s]) |(?<=[^\\s]))([" + "".join(_ACCENTS) + "])([A-Za-z\u0131])"
    "|(?<=[^\\s])([" + "".join(_ACCENTS) + "]) ([A-Za-z\u0131])"
)
_ACCENT_AT_START = re.compile(r"(^|\s)([" + "".join(_ACCENTS) + "])([A-Za-z\u0131])")
_STAYS_HYPHENATED = frozenset(
    [
        "self",
        "non",
        "multi",
        "cross",
        "semi",
        "quasi",
        "pseudo",
        "anti",
        "inter",
        "intra",
        "co",
        "state",
        "low",
        "high",
        "large",
        "small",
        "real",
        "long",
        "short",
        "end",
        "well",
        "data",
        "task",
        "time",
        "model",
        "domain",
        "zero",
        "one",
        "two",
        "few",
        "single",
        "fine",
        "open",
    ]
)


_ADDRESS_MARKS = tuple("./_=?&:%#-")  # what _IN_ADDRESS can end with; cheaper to ask first
_IN_ADDRESS = re.compile(
    r"(?:(?:\b10\.\d{4,9}/|https?://|www\.)\S*[./_=?&:%#-]|https?:|https?:/|\bdoi:? ?10\.)$", re.I
)


def clean_text(text: str, limit: int = 2_000_000) -> str:
    """Text without invisible characters and ligatures, accents composed, spaces single.

    Newlines stay. limit: characters kept. The result is valid UTF-8 without NUL, so
    PostgreSQL can store it.
    """
    text = _INVISIBLE.sub(
        "", text[: 2 * limit]
    )  # first: none stands between an accent and its letter
    if not text.isascii():
        text = _LIGATURE.sub(lambda match: _LIGATURES[match.group()], text)
        text = compose_accents(text)
        text = unicodedata.normalize("NFC", text)
    return _SPACES.sub(" ", text).strip()[:limit]


def compose_accents(text: str) -> str:
    """Join accents that old TeX fonts print before the letter they belong to."""
    if not _SPACING_ACCENT.search(text):
        return text
    text = _ACCENT_AT_START.sub(_composed_at_start, text)
    return _ACCENT_BEFORE.sub(_composed, text)


def _compose(accent: str, letter: str) -> str | None:
    base = "i" if letter == "\u0131" else letter
    both = unicodedata.normalize("NFC", base + _ACCENTS[accent])
    return both if len(both) == 1 else None


def _composed(match: re.Match[str]) -> str:
    accent, letter = match.group(1, 2) if match.group(1) else match.group(3, 4)
    return _compose(accent, letter) or match.group()


def _composed_at_start(match: re.Match[str]) -> str:
    both = _compose(match.group(2), match.group(3))
    return match.group(1) + both if both else match.group()


def vocabulary(lines: Iterable[str]) -> frozenset[str]:
    """Lower-case words of a document that are not cut by a line end.

    Used to decide whether a hyphen at a line end belongs to its word.
    """
    words: set[str] = set()
    for line in lines:
        parts = line.lower().split()
        if parts and parts[-1].endswith("-"):
            parts.pop()
        words.update(part.strip(".,;:()[]\"'\u201c\u201d") for part in parts)
    return frozenset(words)


def join_lines(lines: Iterable[str], words: frozenset[str] = frozenset()) -> str:
    """One paragraph from its lines; hyphens made by line breaking are taken out.

    words: the document's vocabulary. A hyphen stays when the document writes the word
    with one elsewhere, or when the first part usually stands before a hyphen.
    """
    text = ""
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if not text:
            text = line
        elif text.endswith(_ADDRESS_MARKS) and _goes_on(text, line):
            text += line
        elif text.endswith(("-", "\u2010", "\u00ad")) and len(text) > 1 and text[-2].isalpha():
            text = _join_hyphenated(text, line, words)
        elif text.endswith(("\u2013", "\u2014")) or (text.endswith("/") and "://" in text[-80:]):
            text += line
        else:
            text += " " + line
    return text


def _goes_on(text: str, line: str) -> bool:
    """Whether a text that ends inside a web address or DOI goes on in the next line."""
    return not line[0].isupper() and line[0] not in "([" and bool(_IN_ADDRESS.search(text[-200:]))


def _join_hyphenated(text: str, line: str, words: frozenset[str]) -> str:
    head = text[:-1].rsplit(None, 1)[-1].lstrip("([\"'\u201c").lower()
    tail = line.split(None, 1)[0].rstrip(".,;:)]\"'\u201d").lower()
    if not line[0].islower():
        return text + line
    if head + tail in words:
        return text[:-1] + line
    if f"{head}-{tail}" in words or head in _STAYS_HYPHENATED or "-" in head:
        return text + line
    return text[:-1] + line


def fold(text: str) -> str:
    """Lower-case letters and digits only, accents taken off: for comparing, not for showing."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())
