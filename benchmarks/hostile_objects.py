"""PDFs from object bodies, right or wrong as asked."""

from __future__ import annotations

Objects = dict[int, bytes]

PAGE = (
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>"
)
_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object's body with its true length."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


def assemble(objects: Objects, trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    """A PDF with a right cross-reference table from object bodies; object 1 is the root."""
    out = bytearray(b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n")
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        if number in places:
            out += b"%010d 00000 n \n" % places[number]
        else:
            out += b"0000000000 00000 f \n"
    out += b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, start)
    return bytes(out)


def page_with(content: bytes, entries: bytes = b"", **changes: bytes) -> Objects:
    """Objects of a one-page document; changes such as o3=... replace or add objects."""
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: PAGE,
        4: stream(content, entries),
        5: _FONT,
    }
    objects.update({int(key[1:]): value for key, value in changes.items()})
    return objects


HELLO = b"BT /F 12 Tf 72 700 Td (Hello) Tj ET"
