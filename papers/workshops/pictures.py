"""Pictures that people send, written anew: only what draws them is kept. Pure.

A PNG is unpacked and packed again; of a JPEG the segments that decoders need are copied. Positions,
cameras, thumbnails, comments and whatever stands behind the end of the picture are left behind.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

LARGEST_SIDE = 6000
MOST_PIXELS = 16_000_000
_PNG = b"\x89PNG\r\n\x1a\n"
_SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type (PNG, section 11.2.1)
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_ADAM7 = (  # x, y, steps of the seven passes of an interlaced picture
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2)),
    (0, 1, 1, 2),
)
_FRAMES = (0xC0, 0xC1, 0xC2)  # baseline, extended, progressive (ITU T.81, table B.1)
_TABLES = (0xDB, 0xC4, 0xDD)  # quantisation, Huffman, restart interval
_ADOBE = 0xEE  # says which colours the three or four components are


class NotAPicture(ValueError):
    """The message says what to send instead."""


@dataclass(frozen=True)
class Picture:
    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        return self.media_type.removeprefix("image/").replace("jpeg", "jpg")


def picture(content: bytes) -> Picture:
    """The picture without anything that is no picture. Raises NotAPicture."""
    try:
        if content.startswith(_PNG):
            return _png(content)
        if content.startswith(b"\xff\xd8"):
            return _jpeg(content)
    except (struct.error, zlib.error, IndexError) as error:
        raise NotAPicture("The picture is damaged. Save it again, then send that.") from error
    raise NotAPicture("This is neither a PNG nor a JPEG. Save the picture as one of these.")


def _check(width: int, height: int) -> None:
    if not (width and height):
        raise NotAPicture("The picture has no size.")
    if max(width, height) > LARGEST_SIDE or width * height > MOST_PIXELS:
        raise NotAPicture(f"The picture is larger than {LARGEST_SIDE} pixels. Make it smaller.")


def _png(content: bytes) -> Picture:
    chunks = _chunks(content)
    head = chunks.pop("IHDR", b"")
    width, height, depth, colour, *rest = struct.unpack(">IIBBBBB", head)
    _check(width, height)
    if depth not in _DEPTHS.get(colour, ()) or rest[:2] != [0, 0] or rest[2] not in (0, 1):
        raise NotAPicture("The picture is damaged. Save it again, then send that.")
    bits = depth * _SAMPLES[colour]
    expected = _bytes_of(width, height, bits, interlaced=bool(rest[2]))
    unpacker = zlib.decompressobj()
    raw = unpacker.decompress(chunks.pop("IDAT", b""), expected + 1)
    if len(raw) != expected or (colour == 3 and "PLTE" not in chunks):
        raise NotAPicture("The picture is damaged. Save it again, then send that.")
    parts = [("IHDR", head)]
    parts += [(name, chunks[name]) for name in ("PLTE", "tRNS") if name in chunks]
    parts += [("IDAT", zlib.compress(raw, 9)), ("IEND", b"")]
    body = b"".join(_chunk(name.encode(), data) for name, data in parts)
    return Picture(_PNG + body, "image/png", width, height)


def _bytes_of(width: int, height: int, bits: int, *, interlaced: bool) -> int:
    """Bytes of the unpacked lines, each behind the byte that names its filter."""
    passes = _ADAM7 if interlaced else ((0, 0, 1, 1),)
    total = 0
    for x, y, step_x, step_y in passes:
        across, down = -(-(width - x) // step_x), -(-(height - y) // step_y)
        if across > 0 and down > 0:
            total += down * (1 + (across * bits + 7) // 8)
    return total


def _chunks(content: bytes) -> dict[str, bytes]:
    """Chunks by name, those of one name joined; up to the end of the picture."""
    chunks: dict[str, bytearray] = {}
    place = len(_PNG)
    while place < len(content):
        length, name = struct.unpack_from(">I4s", content, place)
        data = content[place + 8 : place + 8 + length]
        (sum_given,) = struct.unpack_from(">I", content, place + 8 + length)
        if len(data) != length or zlib.crc32(name + data) != sum_given:
            raise NotAPicture("The picture is damaged. Save it again, then send that.")
        chunks.setdefault(name.decode("latin-1"), bytearray()).extend(data)
        place += 12 + length
        if name == b"IEND":
            return {name: bytes(data) for name, data in chunks.items()}
    raise NotAPicture("The picture is cut off. Send it again.")


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _jpeg(content: bytes) -> Picture:
    kept, place = bytearray(b"\xff\xd8"), 2
    width = height = 0
    while True:
        if content[place] != 0xFF:
            raise NotAPicture("The picture is damaged. Save it again, then send that.")
        while content[place] == 0xFF:
            place += 1
        kind = content[place]
        if kind == 0xD9:
            break
        (length,) = struct.unpack_from(">H", content, place + 1)
        segment = b"\xff" + content[place : place + 1 + length]
        if len(segment) != length + 2 or length < 2:
            raise NotAPicture("The picture is cut off. Send it again.")
        place += 1 + length
        if kind in _FRAMES:
            height, width = struct.unpack_from(">HH", segment, 5)
            _check(width, height)
        elif kind == 0xDA:
            end = _end_of_scan(content, place)
            segment, place = segment + content[place:end], end
        elif kind not in _TABLES and not (kind == _ADOBE and segment[4:9] == b"Adobe"):
            if 0xC3 <= kind <= 0xCF:
                raise NotAPicture("This kind of JPEG is rare. Save it as an ordinary one.")
            continue
        kept += segment
    if not width or b"\xff\xda" not in kept:
        raise NotAPicture("The picture is damaged. Save it again, then send that.")
    return Picture(bytes(kept) + b"\xff\xd9", "image/jpeg", width, height)


def _end_of_scan(content: bytes, place: int) -> int:
    """Where the data of a scan ends: the next marker that is neither stuffing nor a restart."""
    while True:
        place = content.find(b"\xff", place)
        if place < 0 or place + 1 >= len(content):
            raise NotAPicture("The picture is cut off. Send it again.")
        follower = content[place + 1]
        if follower == 0 or 0xD0 <= follower <= 0xD7:
            place += 2
        elif follower == 0xFF:
            place += 1
        else:
            return place
