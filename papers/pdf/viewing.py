"""What a viewer shows of a PDF: pictures of pages, their words with places, the outline.

Runs only inside the reader process: PDFium is native code working on untrusted bytes.
"""

from __future__ import annotations

import base64
import ctypes
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from papers.pdf.glyphs import PdfGlyphs

MOST_PAGES = 200
MOST_ENTRIES, DEEPEST = 500, 6  # of an outline, which may lead in circles
MOST_WORDS = 250_000
WIDEST, TALLEST = 2_000, 6_000  # pixels of a picture
_WHITE = 0xFFFFFFFF


def view(data: bytes, wish: dict[str, Any]) -> dict[str, Any]:
    """Answer a wish: {"what": "contents"}, or {"what": "page", "page": 3, "width": 1200}.

    Pages count from 1. Raises UnreadablePdf, and ValueError for a page that is not there.
    """
    with PdfGlyphs(data) as document:
        if wish.get("what") == "contents":
            return _contents(document)
        number, width = int(wish["page"]), min(int(wish["width"]), WIDEST)
        if not 1 <= number <= min(document.page_count, MOST_PAGES):
            raise ValueError("There is no such page.")
        return {"png": base64.b64encode(_picture(document, number - 1, width)).decode("ascii")}


def _contents(document: PdfGlyphs) -> dict[str, Any]:
    """Sizes of the pages in points, words as [x, y, width, height, text] in shares, outline."""
    pages, left = [], MOST_WORDS
    for page in document.pages(MOST_PAGES):
        width, height = _size(document, page.number)
        words: list[list[Any]] = []
        if abs(page.width - width) < 1 and width > 0 and height > 0:  # read as it is drawn
            for word in page.words[:left]:
                top = word.y - 0.8 * word.size
                box = (
                    word.x0 / width,
                    top / height,
                    (word.x1 - word.x0) / width,
                    word.size / height,
                )
                words.append([*(round(part, 4) for part in box), word.text])
        left -= len(words)
        pages.append({"width": round(width, 1), "height": round(height, 1), "words": words})
    return {
        "page_count": document.page_count,
        "pages": pages,
        "outline": list(_outline(document)),
    }


def _size(document: PdfGlyphs, number: int) -> tuple[float, float]:
    size = pdfium.FS_SIZEF()
    if not pdfium.FPDF_GetPageSizeByIndexF(document._document, number, size):
        return 0.0, 0.0
    return float(size.width), float(size.height)


def _outline(document: PdfGlyphs) -> Iterator[dict[str, Any]]:
    """The bookmarks in their order, each with its level, title and page."""
    seen: set[int] = set()
    waiting: list[tuple[Any, int]] = [(None, -1)]
    while waiting and len(seen) < MOST_ENTRIES:
        parent, level = waiting.pop()
        if parent is not None:
            yield _entry(document, parent, level)
            _push(
                waiting, seen, pdfium.FPDFBookmark_GetNextSibling(document._document, parent), level
            )
        if level + 1 < DEEPEST:
            child = pdfium.FPDFBookmark_GetFirstChild(document._document, parent)
            _push(waiting, seen, child, level + 1)


def _push(
    waiting: list[tuple[Any, int]], seen: set[int], mark: ctypes._Pointer[Any] | None, level: int
) -> None:
    address = ctypes.cast(mark, ctypes.c_void_p).value if mark else None
    if address and address not in seen:
        seen.add(address)
        waiting.append((mark, level))


def _entry(document: PdfGlyphs, mark: ctypes._Pointer[Any], level: int) -> dict[str, Any]:
    size = pdfium.FPDFBookmark_GetTitle(mark, None, 0)
    buffer = ctypes.create_string_buffer(min(size, 2_000))
    pdfium.FPDFBookmark_GetTitle(mark, buffer, len(buffer))
    title = buffer.raw.decode("utf-16-le", "replace").split("\x00")[0]
    target = pdfium.FPDFBookmark_GetDest(document._document, mark)
    page = pdfium.FPDFDest_GetDestPageIndex(document._document, target) if target else -1
    return {"level": level, "title": " ".join(title.split())[:200], "page": page + 1}


def _picture(document: PdfGlyphs, number: int, width: int) -> bytes:
    """The page as PNG, `width` pixels wide."""
    handle = pdfium.FPDF_LoadPage(document._document, number)
    if not handle:
        raise ValueError("The page cannot be opened.")
    try:
        points = float(pdfium.FPDF_GetPageWidthF(handle)) or 1.0
        height = round(width * float(pdfium.FPDF_GetPageHeightF(handle)) / points)
        height = max(1, min(height, TALLEST))
        bitmap = pdfium.FPDFBitmap_Create(width, height, 0)
        if not bitmap:
            raise MemoryError
        try:
            pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, _WHITE)
            flags = pdfium.FPDF_ANNOT | pdfium.FPDF_LCD_TEXT
            pdfium.FPDF_RenderPageBitmap(bitmap, handle, 0, 0, width, height, 0, flags)
            stride = pdfium.FPDFBitmap_GetStride(bitmap)
            pixels = ctypes.string_at(pdfium.FPDFBitmap_GetBuffer(bitmap), stride * height)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
    finally:
        pdfium.FPDF_ClosePage(handle)
    return _png(pixels, width, height, stride)


def _png(pixels: bytes, width: int, height: int, stride: int) -> bytes:
    """BGRx pixels as PNG; as grey ones, a third of the size, where the page has no colour."""
    blue, green, red = pixels[0::4], pixels[1::4], pixels[2::4]
    row = stride // 4
    if blue == green == red:
        lines = (b"\x00" + green[y * row : y * row + width] for y in range(height))
        return _chunks(width, height, 0, b"".join(lines))
    whole = bytearray(3 * len(red))
    whole[0::3], whole[1::3], whole[2::3] = red, green, blue
    lines = (b"\x00" + bytes(whole[3 * y * row : 3 * (y * row + width)]) for y in range(height))
    return _chunks(width, height, 2, b"".join(lines))


def _chunks(width: int, height: int, colour: int, lines: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(lines, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
