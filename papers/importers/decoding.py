"""Bytes of a file as text: which encoding it is in, and how sure that is.

A byte order mark decides; else UTF-8 where the bytes are valid UTF-8; else a detector, which must
be sure. Characters are never dropped in silence: a file whose encoding cannot be told is refused.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from itertools import pairwise

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF32_LE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF32_BE, "utf-32", "UTF-32"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)
_FEWEST_BYTES = 40
"""With less than a line of text a detector tosses a coin."""
_EASTERN = ("gb18030", "big5")
"""Double-byte encodings that bibliographies come in; tried where most of the bytes are high."""


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
    if b"\x00" in content[:4096]:
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
    """Legacy encodings. Western text has single high bytes between letters, Chinese has pairs."""
    if _has_pairs(content):
        for codec in _EASTERN:
            try:
                text = content.decode(codec)
            except UnicodeDecodeError:
                continue
            if _is_common_han(text, codec):
                return Decoded(text, codec.upper(), is_guess=True)
        return _by_detector(content)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return _by_detector(content)
    if _is_western(text):
        return Decoded(text, "Windows-1252 (Latin-1)", is_guess=True)
    return _by_detector(content)


def _is_western(text: str) -> bool:
    """Whether the signs beyond ASCII are letters and typography; Polish read wrongly is "£ód¼"."""
    beyond = [char for char in text if char > "\x7f"]
    usual = sum((char.isalpha() and char not in "ªº") or char in _TYPOGRAPHY for char in beyond)
    return usual >= 0.9 * len(beyond)


_TYPOGRAPHY = "“”‘’„‚«»‹›–—…•·°±×§©®™€\xa0\xad"


def _has_pairs(content: bytes) -> bool:
    """Whether high bytes mostly follow each other, as in double-byte encodings.

    A lead byte of GB18030 or Big5 is followed by any byte from 0x40 on, so lone high bytes with a
    letter behind them occur in both; runs of four high bytes do not occur in Western text.
    """
    high = sum(byte >= 0x80 for byte in content)
    paired = sum(one >= 0x80 and two >= 0x80 for one, two in pairwise(content))
    return paired * 2 >= high


def _is_common_han(text: str, codec: str) -> bool:
    """Whether what is not ASCII is Han of everyday use; a wrong decoder gives rare characters.

    Everyday use: the first level of GB 2312 (3,755 characters) and of Big5 (5,401).
    """
    first, last = (0xB0, 0xD7) if codec == "gb18030" else (0xA4, 0xC6)
    others = [char for char in text if char > "\x7f" and not "\u3000" <= char <= "\u303f"]
    han = [char for char in others if not "\uff00" <= char <= "\uffef"]
    common = sum(first <= char.encode(codec, "replace")[0] <= last for char in han)
    return bool(han) and common >= 0.75 * len(han)


def _by_detector(content: bytes) -> Decoded:
    best = from_bytes(content).best()
    if best is None or best.chaos > 0.1 or len(content) < _FEWEST_BYTES:
        raise UnknownEncoding(
            "The file is not UTF-8, and its encoding could not be told. "
            "Save it as UTF-8 and send it again."
        )
    return Decoded(str(best), best.encoding.replace("_", "-").upper(), is_guess=True)
