"""Names and titles as strings: folding for comparison, slugs, and likeness. Pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart into a base letter and a mark.
_STROKED = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ß": "ss", "æ": "ae", "Æ": "AE"}
    | {"œ": "oe", "ı": "i", "ð": "d", "þ": "th", "’": "'", "‐": "-", "–": "-"}
)


# Marks, embeddings, overrides and isolates: they turn the letters behind them around, so that a
# name is shown as another one, or the rest of a line with it. Scripts need none in a name.
_TURNING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


def tidy(text: str) -> str:
    """NFC, with runs of white space made one space, without signs that turn the direction."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.translate(_TURNING))
    return " ".join(text.split())


def fold(text: str) -> str:
    """Lower case without accents and punctuation, words kept apart by one space.

    Letters of every script survive: fold("Bartosz Wójcik") == "bartosz wojcik".
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(_STROKED))
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(re.sub(r"[\W_]+", " ", bare.casefold()).split())


def slug(text: str, longest: int = 80) -> str:
    """ASCII slug of a name; empty when the name has no Latin letter or digit."""
    plain = fold(text).encode("ascii", "ignore").decode()
    return "-".join(plain.split())[:longest].strip("-")


_SUFFIX = re.compile(r"(?:jr|sr|ii|iii|iv)\.?", re.IGNORECASE)


def without_suffix(name: str) -> str:
    """Without "Jr.", "Sr.", "II" … at the end: "Carl Dritte Jr." gives "Carl Dritte"."""
    words = tidy(name).split()
    while len(words) > 2 and _SUFFIX.fullmatch(words[-1]):
        words = words[:-1]
    return " ".join(words).rstrip(",")


def family_name(name: str) -> str:
    """The last word of a Western name, with particles: "Gerard de Melo" gives "de Melo".

    A suffix ("Jr.", "III") is no family name: "Carl Dritte Jr." gives "Dritte".
    """
    words = without_suffix(name).split()
    start = len(words) - 1
    while start > 1 and words[start - 1].islower():
        start -= 1
    return " ".join(words[start:]) if words else ""


def given_names(name: str) -> str:
    """What stands before the family name."""
    whole, family = without_suffix(name), family_name(name)
    return whole[: len(whole) - len(family)].strip()


def may_be_same(name: str, other: str) -> bool:
    """Whether two different spellings may well name one person.

    True for accents ("Wojcik"/"Wójcik"), added middle names ("Thomas Huang"/"Thomas S. Huang")
    and initials ("G. Huang"/"Gao Huang"). A hint for a curator, never a decision.
    """
    first, second = fold(without_suffix(name)).split(), fold(without_suffix(other)).split()
    if not first or not second or first[-1] != second[-1]:
        return False
    if first == second:
        return tidy(name) != tidy(other)
    if len(first) == 1 or len(second) == 1:
        return False
    return _same_given(first[0], second[0]) and _middle_fits(first[1:-1], second[1:-1])


def _same_given(name: str, other: str) -> bool:
    return name == other or (min(len(name), len(other)) == 1 and name[0] == other[0])


def _middle_fits(middle: list[str], other: list[str]) -> bool:
    short, long = sorted((middle, other), key=len)
    return all(any(_same_given(word, there) for there in long) for word in short)


# --- names of methods ---

NAME_ORIGINS = {
    "title": "stands in the title",
    "repository": "name of the code",
    "list": "a reading list says so",
    "curator": "a curator",
    "knowledge": "from memory",
}
"""Where a name of what a paper introduces comes from; all but the last confirm it."""

_ACRONYMS = re.compile(r"\b([A-Za-z0-9]*[A-Z0-9])s\b")
_PLURAL = re.compile(r"(?<=\w{3})(?<![suiSUI])s\b")


def greek_names() -> dict[int, str]:
    """α → "alpha" and so on, for capital and small letters and the micro sign."""
    letters = [chr(code) for code in (*range(0x391, 0x3AA), *range(0x3B1, 0x3CA), 0xB5, 0x3D5)]
    named = {letter: unicodedata.name(letter, "").split(" ") for letter in letters}
    irregular = {"LAMDA": "lambda", "SIGN": "mu", "SYMBOL": "phi"}
    return {
        ord(letter): irregular.get(words[-1], words[-1].lower())
        for letter, words in named.items()
        if words[-1]
    }


_GREEK = greek_names()


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """A method's name without case, accents, hyphens and spaces: "MSD-Net" gives "msdnet"."""
    return fold(name.translate(_GREEK)).replace(" ", "")


@lru_cache(maxsize=4096)
def singular_key(name: str) -> str:
    """The same without the s of plurals: "MSD Nets" gives "msdnet", but "CATS" keeps its own."""
    return name_key(_PLURAL.sub("", _ACRONYMS.sub(r"\1", name)))


_NETWORK = re.compile(r"(?P<stem>.{2,}?)(?P<neural>neural)?(?P<end>nets?|networks?)")
_ENDS = ("net", "nets", "network", "networks")


def network_keys(name: str) -> set[str]:
    """Keys under which what is typed as a network may be known: "SlimmableNet" may be "Slimmable
    Networks" or "Slimmable Neural Networks". Its own key is not among them.

    Who types "network" means a network, not a name in "Net": "skip networks" may be a question.
    """
    key = name_key(name)
    match = _NETWORK.fullmatch(key)
    if match is None:
        return set()
    ends = _ENDS[2:] if match["end"].startswith("network") else _ENDS
    keys = {f"{match['stem']}{neural}{end}" for neural in ("", "neural") for end in ends}
    return keys - {key}
