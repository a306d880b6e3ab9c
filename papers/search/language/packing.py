"""Long questions in short addresses.

A pasted abstract in Chinese is nine characters of an address for each of its own, and browsers,
proxies and servers end addresses at some length (often 8,000 characters). Packed, by Deflate and
in letters that need no quoting, it is at most three: the address stays the whole state, and
nothing of what people ask is kept on the server.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from urllib.parse import quote_plus

ENCODING = "gb18030"
"""All of Unicode, in two bytes a Chinese character where UTF-8 takes three, one a Latin one."""
MOST_BYTES = 40_000
"""Of what is unpacked: a few bytes can be made to unfold to gigabytes."""


def quoted_length(text: str) -> int:
    """Characters of an address that the text takes as it stands."""
    return len(quote_plus(text))


def pack(text: str) -> str:
    """The text for an address: letters, digits, - and _ only. Surrogates are left out."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflate.compress(text.encode(ENCODING, errors="ignore")) + deflate.flush()
    return base64.urlsafe_b64encode(packed).decode().rstrip("=")


def unpack(packed: str) -> str | None:
    """The text that was packed; None if it was not, or was damaged on its way."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    padded = packed + "=" * (-len(packed) % 4)
    try:
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        text = inflate.decompress(raw, MOST_BYTES)
        return text.decode(ENCODING) if inflate.eof else None
    except (binascii.Error, zlib.error, UnicodeError):
        return None
