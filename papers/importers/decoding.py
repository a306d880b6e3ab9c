"""Bytes of a file as text: which encoding it is in, and how sure that is.

A byte order mark decides; else UTF-8 where the bytes are valid UTF-8; else a detector, which must
be sure. Characters are never dropped in silence: a file whose encoding cannot be told is refused.
"""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

from charset_normalizer import from_bytes
from opencc import OpenCC

from papers.importers.letters import (
    ALPHABETS,
    FAMILIES,
    HAN,
    HANGUL,
    OTHER_FAMILIES,
    TYPOGRAPHY,
)

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_FEWEST_BYTES = 40
"""With less than a line of text a detector tosses a coin."""


@dataclass(frozen=True)
class Decoded:
    """A file as text, and the name of the encoding it was in; `is_guess` when a detector chose."""

    text: str
    encoding: str
    is_guess: bool = False


class UnknownEncoding(ValueError):
    """The bytes are no text in an encoding that could be told; the message says what to do."""


def decode(content: bytes) -> Decoded:
    """The text of a file. Raises UnknownEncoding rather than lose a character."""
    for mark, codec, name in _MARKS:
        if content.startswith(mark):
            return Decoded(_strictly(content, codec, name), name)
    if content[:4096].count(b"\x00") * 10 > len(content[:4096]):  # in UTF-16 every second byte
        return _without_mark(content)
    try:
        return Decoded(content.decode("utf-8"), "UTF-8")
    except UnicodeDecodeError:
        return _mixed(content) or _detected(content)


def _strictly(content: bytes, codec: str, name: str) -> str:
    try:
        return content.decode(codec).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise UnknownEncoding(
            f"The file says that it is {name}, but byte {error.start:,} is not. "
            "Save it as UTF-8 and send it again."
        ) from error


def _without_mark(content: bytes) -> Decoded:
    """UTF-16 without its mark: every second byte of Latin text is zero."""
    even, odd = content[0:4096:2].count(0), content[1:4096:2].count(0)
    for codec, zeros, others in (("utf-16-be", even, odd), ("utf-16-le", odd, even)):
        if zeros > 4 * others:
            try:
                return Decoded(content.decode(codec), "UTF-16", is_guess=True)
            except UnicodeDecodeError:
                break
    raise UnknownEncoding("This is not a text file. A bibliography, saved as UTF-8, is needed.")


def _mixed(content: bytes) -> Decoded | None:
    """A UTF-8 file into which lines in Windows-1252 were pasted, line by line; None for others."""
    lines, good, bad = [], 0, 0
    for line in content.split(b"\n"):
        try:
            lines.append(line.decode("utf-8"))
            good += not line.isascii()
        except UnicodeDecodeError:
            lines.append(line.decode("cp1252", "replace"))
            bad += 1
    text = "\n".join(lines)
    if not good or "\ufffd" in text:
        return None
    return Decoded(text, f"UTF-8, {bad} line{'s' * (bad > 1)} in Windows-1252", is_guess=True)


def _detected(content: bytes) -> Decoded:
    """Legacy encodings. Western text has single high bytes between letters, Eastern has pairs,
    Cyrillic and Greek have whole words of letters of theirs."""
    if not _has_pairs(content):
        best = _one_byte(content, FAMILIES, _FITS)
    elif _stand_apart(content):
        best = _one_byte(content, OTHER_FAMILIES, _FITS_WHOLLY) or _eastern(content)
    else:
        best = _eastern(content) or _one_byte(content, FAMILIES, _FITS)
    if best is None:
        return _by_detector(content)
    codec, text = best
    return Decoded(text, _NAMES.get(codec, codec.upper()), is_guess=True)


def _one_byte(
    content: bytes, families: Mapping[str, tuple[str, ...]], least: float
) -> tuple[str, str] | None:
    """The one-byte encoding in which all high bytes are letters of its languages, best those of
    one alone ("£ód¼" is of none, "Łódź" is Polish); None where none is as fit as `least`."""
    rated: list[tuple[float, str, str]] = []
    for family, codecs_of in families.items():
        for codec in codecs_of:
            try:
                text = content.decode(codec)
            except UnicodeDecodeError:
                continue
            rated.append((_fitness(text, ALPHABETS[family]), codec, text))
    if not rated:
        return None
    fitness, codec, text = max(rated, key=lambda row: row[0])  # of equals the first, more usual
    return (codec, text) if fitness >= least else None


def _fitness(text: str, alphabets: tuple[str, ...]) -> float:
    """0 to 2: the share of signs beyond ASCII that are in the alphabets, and of those in one."""
    beyond = [char.lower() for char in text if char > "\x7f" and char not in TYPOGRAPHY]
    if not beyond:
        return 2.0
    turned = sum(map(_is_turned, pairwise(text)))
    together = set().union(*alphabets)
    shares = [sum(char in alphabet for char in beyond) for alphabet in (together, *alphabets)]
    return (shares[0] + max(shares[1:]) - turned) / len(beyond)


def _is_turned(pair: tuple[str, str]) -> bool:
    """Whether a capital beyond ASCII stands behind a small letter, as inside no word."""
    return pair[1] > "\x7f" and pair[1].isupper() and pair[0].islower()


def _eastern(content: bytes) -> tuple[str, str] | None:
    """The double-byte encoding in which the most signs are frequent ones of its language."""
    rated: list[tuple[float, str, str]] = []
    for codec, is_frequent in _EASTERN.items():
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        signs = [char for char in text if char > "\x7f" and char.isalpha()]
        share = sum(map(is_frequent, signs)) / len(signs) if signs else 0.0
        rated.append((share, codec, text))
    rated.sort(key=lambda row: -row[0])
    if not rated or rated[0][0] < _FREQUENT:
        return None
    if len(rated) > 1 and rated[0][0] < _LEAD * rated[1][0]:
        return None
    return rated[0][1], rated[0][2]


def _is_frequent_han(char: str) -> bool:
    return char in HAN


@lru_cache(maxsize=8192)
def _is_frequent_traditional(char: str) -> bool:
    return _simplifier().convert(char) in HAN


def _is_japanese(char: str) -> bool:
    """Kana, which every sentence has; of the characters the frequent ones."""
    return "\u3041" <= char <= "\u30ff" or _is_frequent_traditional(char)


def _is_frequent_hangul(char: str) -> bool:
    return char in HANGUL


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


_EASTERN: dict[str, Callable[[str], bool]] = {
    "gb18030": _is_frequent_han,
    "big5": _is_frequent_traditional,
    "euc_jp": _is_japanese,
    "cp932": _is_japanese,
    "cp949": _is_frequent_hangul,
}
"""Encodings that bibliographies come in, and what tells that the right one was taken."""
_NAMES = {
    "cp1252": "Windows-1252 (Latin-1)",
    "iso8859-15": "ISO 8859-15 (Latin-9)",
    "cp1250": "Windows-1250 (Central European)",
    "iso8859-2": "ISO 8859-2 (Central European)",
    "cp1254": "Windows-1254 (Turkish)",
    "cp1251": "Windows-1251 (Cyrillic)",
    "iso8859-5": "ISO 8859-5 (Cyrillic)",
    "cp1253": "Windows-1253 (Greek)",
    "iso8859-7": "ISO 8859-7 (Greek)",
    "euc_jp": "EUC-JP",
    "cp932": "Shift JIS",
    "cp949": "EUC-KR",
}
_FITS = 1.6
"""Of 2: nine tenths of the signs are letters of the languages, most of them of one."""
_FITS_WHOLLY = 1.9
"""Pairs of bytes that are Chinese give signs that are no letters, or capitals within words."""
_FREQUENT = 0.3
"""Share of frequent signs in a text; decoded wrongly it is a tenth to a sixth."""
_LEAD = 1.3
"""By how much the right decoder must be better than the next one."""


def _has_pairs(content: bytes) -> bool:
    """Whether high bytes mostly follow each other, as in double-byte encodings.

    A lead byte of GB18030 or Big5 is followed by any byte from 0x40 on, so lone high bytes with a
    letter behind them occur in both; runs of four high bytes do not occur in Western text.
    """
    high = sum(byte >= 0x80 for byte in content)
    paired = sum(one >= 0x80 and two >= 0x80 for one, two in pairwise(content))
    return paired * 2 >= high


def _stand_apart(content: bytes) -> bool:
    """Whether words with high bytes have no ASCII letters, as in Cyrillic; "créée" has."""
    high = sum(byte >= 0x80 for byte in content)
    mixed = sum(
        (one >= 0x80) != (two >= 0x80) and chr(min(one, two)).isalpha()
        for one, two in pairwise(content)
    )
    return mixed * 10 <= high


def _by_detector(content: bytes) -> Decoded:
    best = from_bytes(content).best()
    if best is None or best.chaos > 0.1 or len(content) < _FEWEST_BYTES:
        raise UnknownEncoding(
            "The file is not UTF-8, and its encoding could not be told. "
            "Save it as UTF-8 and send it again."
        )
    return Decoded(str(best), best.encoding.replace("_", "-").upper(), is_guess=True)
