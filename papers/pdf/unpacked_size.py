"""How much the packed streams of a PDF unpack to, without keeping any of it.

A parser caps each stream; a file with a thousand streams just under the cap passes. This
counts over the whole document, before any parser sees it, by looking for streams in the raw
bytes. Pictures are left out: reading text never unpacks them.
"""

from __future__ import annotations

import re
import zlib

_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_CHUNK = 1 << 20
_DICTIONARY_REACH = 1024
_NESTING = 4


class OverBudget(Exception):
    """The document asks for more than one document may use; the text says of what."""


def check_unpacked_size(data: bytes, limit: int) -> int:
    """Bytes all Flate streams unpack to. Raises OverBudget when they pass limit.

    A stream packed several times over is unpacked level by level, each level counted.
    """
    total = 0
    position = 0
    while True:
        match = _STREAM.search(data, position)
        if match is None:
            return total
        position = match.end()
        head = data[max(0, match.start() - _DICTIONARY_REACH) : match.start()]
        head = head[head.rfind(b"obj") + 3 :] if b"obj" in head else head
        if b"/Image" in head or not (b"Flate" in head or b"/Fl" in head):
            continue
        levels = min(_NESTING, max(1, head.count(b"/FlateDecode") + head.count(b"/Fl ")))
        used, size = _unpack(data, position, levels, limit - total)
        total += size
        position += used
        if total > limit:
            raise OverBudget(f"The file unpacks to more than {limit // 2**20} MiB.")


def _unpack(data: bytes, start: int, levels: int, limit: int) -> tuple[int, int]:
    """(packed bytes used, unpacked bytes over all levels); stops past limit."""
    unpackers = [zlib.decompressobj() for _ in range(levels)]
    size = 0
    position = start
    end = len(data)
    try:
        while position < end and not unpackers[0].eof and size <= limit:
            piece = data[position : position + 65_536]
            position += len(piece)
            size += _feed(unpackers, 0, piece, limit - size)
    except zlib.error:
        pass
    unused = len(unpackers[0].unused_data)
    return max(0, position - start - unused), size


def _feed(unpackers: list[zlib._Decompress], level: int, piece: bytes, limit: int) -> int:
    """Push a piece through this level and the ones below it; bytes produced, about."""
    produced = 0
    unpacker = unpackers[level]
    while piece and produced <= limit and not unpacker.eof:
        out = unpacker.decompress(piece, _CHUNK)
        piece = unpacker.unconsumed_tail
        produced += len(out)
        if out and level + 1 < len(unpackers):
            try:
                produced += _feed(unpackers, level + 1, out, limit - produced)
            except zlib.error:
                del unpackers[level + 1 :]
    return produced
