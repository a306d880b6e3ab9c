"""Words with positions, read from a PDF's pages by PDFium.

Runs only inside the reader process: PDFium is native code working on untrusted bytes.
"""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterator
from typing import Any

import pypdfium2.raw as pdfium

from papers.pdf.layout import Font, Page, Word
from papers.pdf.page_geometry import page_transform, quarter_turn

_SPACES = frozenset(" \r\n\t\u00a0\u2002\u2003\u2009\u200a\u202f\u3000")
UNNAMED = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""Control characters: PDFium's answer for glyphs whose names it does not know."""
_LINE_END_HYPHENS = {0x02: "-", 0xFFFE: "-"}
# Bits 7 and 19 of a font descriptor (ISO 32000-1, table 123).
_ITALIC_FLAG, _BOLD_FLAG = 1 << 6, 1 << 18
_BOLD_MARKS = ("bold", "black", "heavy", "semibold", "demi", "cmbx", "-bd", "medi", "sfbx", "ptmb")
_ITALIC_MARKS = ("ital", "obliq", "slant", "cmti", "cmsl", "-it", "sfti", "cmmi")


class UnreadablePdf(Exception):
    """PDFium could not open the file. needs_password tells the two reasons apart."""

    def __init__(self, message: str, *, needs_password: bool = False) -> None:
        super().__init__(message)
        self.needs_password = needs_password


class PdfGlyphs:
    """An open document that yields pages of positioned words.

    Raises UnreadablePdf when the bytes hold no document. Use as a context manager:
    PDFium keeps its own memory until closed.
    """

    def __init__(self, data: bytes) -> None:
        pdfium.FPDF_InitLibrary()
        self._data = data  # PDFium reads from this buffer while the document is open
        self._document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
        if not self._document:
            reason = pdfium.FPDF_GetLastError()
            raise UnreadablePdf(
                f"PDFium error {reason}",
                needs_password=reason in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY),
            )
        self.page_count = max(0, pdfium.FPDF_GetPageCount(self._document))
        self._fonts: dict[int, Font] = {}

    def __enter__(self) -> PdfGlyphs:
        return self

    def __exit__(self, *exc: object) -> None:
        pdfium.FPDF_CloseDocument(self._document)

    def pages(self, limit: int) -> Iterator[Page]:
        """The first `limit` pages; a page PDFium cannot open comes back empty."""
        for number in range(min(limit, self.page_count)):
            yield self._page(number)

    def _page(self, number: int) -> Page:
        handle = pdfium.FPDF_LoadPage(self._document, number)
        if not handle:
            return Page(number, 0.0, 0.0)
        try:
            page = Page(
                number,
                float(pdfium.FPDF_GetPageWidthF(handle)),
                float(pdfium.FPDF_GetPageHeightF(handle)),
            )
            text = pdfium.FPDFText_LoadPage(handle)
            if text:
                try:
                    self._read_words(handle, text, page)
                finally:
                    pdfium.FPDFText_ClosePage(text)
            if not page.words:
                page.pictures_area = _largest_picture(handle, page)
            return page
        finally:
            pdfium.FPDF_ClosePage(handle)

    def _read_words(self, handle: object, text: object, page: Page) -> None:
        characters = _characters(text)
        page.unnamed_glyphs = UNNAMED.search(characters) is not None
        to_device = page_transform(handle, page)
        runs = self._runs(text, characters, to_device)
        # A page with more letters lying than standing is to be read turned.
        if runs.lying > max(100, 2 * runs.standing):
            for _ in range(3):
                to_device = quarter_turn(to_device, page)
                turned = self._runs(text, characters, to_device)
                if turned.standing > max(runs.lying // 2, turned.lying):
                    runs = turned
                    break
            else:
                page.width, page.height = page.height, page.width
        page.words, page.sideways = runs.upright, runs.sideways
        page.glyphs, page.glyphs_lost = runs.glyphs, runs.glyphs_lost

    def _runs(self, text: object, characters: str, to_device: tuple[float, ...]) -> _RunReader:
        """The words of a page, seen through one transform."""
        runs = _RunReader(text, self._font_of, to_device)
        start = -1
        for index, character in enumerate(characters):
            if character in _SPACES:
                if start >= 0:
                    runs.add(characters, start, index)
                    start = -1
            elif start < 0:
                start = index
        if start >= 0:
            runs.add(characters, start, len(characters))
        return runs

    def _font_of(self, text_object: int) -> Font:
        key = _font(text_object) or 0
        font = self._fonts.get(key)
        if font is None:
            font = self._fonts[key] = _describe_font(key) if key else Font("", False, False)
        return font


def _direct(function: Any, *kinds: Any, gives: Any = ctypes.c_int) -> Any:
    """The same PDFium function taking plain addresses: three times cheaper to call.

    PDFium is asked about every word of a page, so the cost of a call decides the speed.
    """
    address = ctypes.cast(function, ctypes.c_void_p).value or 0
    return ctypes.PYFUNCTYPE(gives, *kinds)(address)


_ADDRESS, _INDEX = ctypes.c_void_p, ctypes.c_int
_text_object = _direct(pdfium.FPDFText_GetTextObject, _ADDRESS, _INDEX, gives=_ADDRESS)
_unicode = _direct(pdfium.FPDFText_GetUnicode, _ADDRESS, _INDEX, gives=ctypes.c_uint)
_origin = _direct(pdfium.FPDFText_GetCharOrigin, _ADDRESS, _INDEX, _ADDRESS, _ADDRESS)
_text_index = _direct(pdfium.FPDFText_GetTextIndexFromCharIndex, _ADDRESS, _INDEX)
_box = _direct(pdfium.FPDFText_GetCharBox, _ADDRESS, _INDEX, *[_ADDRESS] * 4)
_font_size = _direct(pdfium.FPDFText_GetFontSize, _ADDRESS, _INDEX, gives=ctypes.c_double)
_matrix = _direct(pdfium.FPDFText_GetMatrix, _ADDRESS, _INDEX, _ADDRESS)
_is_unknown = _direct(pdfium.FPDFText_HasUnicodeMapError, _ADDRESS, _INDEX)
_font = _direct(pdfium.FPDFTextObj_GetFont, _ADDRESS, gives=_ADDRESS)


class _RunReader:
    """Turns runs of non-space characters of one page into words."""

    def __init__(self, text: Any, font_of: Any, to_device: tuple[float, ...]) -> None:
        self.upright: list[Word] = []
        self.sideways: list[Word] = []
        self.glyphs = 0
        self.glyphs_lost = 0
        self._page = ctypes.cast(text, ctypes.c_void_p).value
        self._font_of = font_of
        self._device = to_device
        self._numbers = (ctypes.c_double * 6)()  # x, y, then left, right, bottom, top
        start = ctypes.addressof(self._numbers)
        self._at = [start + 8 * place for place in range(6)]
        self._matrix = pdfium.FS_MATRIX()
        self._matrix_at = ctypes.addressof(self._matrix)
        self._object: int | None = -1
        self._style: tuple[Font, float, bool, bool] = (Font("", False, False), 0.0, True, False)

    @property
    def standing(self) -> int:
        """Glyphs that stand upright."""
        return sum(len(word.text) for word in self.upright)

    @property
    def lying(self) -> int:
        """Glyphs that stand sideways or on their heads."""
        return sum(len(word.text) for word in self.sideways)

    def add(self, characters: str, start: int, end: int) -> None:
        """Read characters[start:end], split where the text object changes."""
        page = self._page
        first = _text_object(page, start)
        if end - start == 1 or _text_object(page, end - 1) == first:
            self._add_word(characters[start:end], start, end, first, False)
            return
        low, current = start, first
        for index in range(start + 1, end):
            following = _text_object(page, index)
            if following != current:
                self._add_word(characters[low:index], low, index, current, low > start)
                low, current = index, following
        self._add_word(characters[low:end], low, end, current, low > start)

    def _add_word(self, string: str, low: int, high: int, key: int | None, glued: bool) -> None:
        if key != self._object:
            self._object = key
            self._style = self._read_style(low, key)
        font, size, upright, lost = self._style
        self.glyphs += len(string)
        if lost:
            self.glyphs_lost += len(string)
        numbers, at = self._numbers, self._at
        _origin(self._page, low, at[0], at[1])
        _box(self._page, high - 1, at[2], at[3], at[4], at[5])
        x, y, left, right, bottom, top = numbers
        a, b, c, d, e, f = self._device
        x0, y0 = a * x + c * y + e, b * x + d * y + f
        if upright:
            if abs(a) >= abs(c):
                x1 = a * (right if a > 0 else left) + c * y + e
            else:  # a page that is shown turned
                x1 = a * x + c * (top if c > 0 else bottom) + e
            self.upright.append(Word(string, x0, x1 if x1 > x0 else x0, y0, size, font, glued))
        else:
            end = b * right + d * top + f
            self.sideways.append(Word(string, y0, end, x0, size, font, glued))

    def _read_style(self, index: int, key: int | None) -> tuple[Font, float, bool, bool]:
        """Font, size in points, whether upright, whether its characters are unknown."""
        font = self._font_of(key) if key else Font("", False, False)
        size = _font_size(self._page, index)
        upright = True
        if _matrix(self._page, index, self._matrix_at):
            a, b, c, d = self._matrix.a, self._matrix.b, self._matrix.c, self._matrix.d
            size *= math.hypot(c, d)
            p, q, r, s = self._device[:4]
            across, down = a * p + b * r, a * q + b * s
            upright = across > 0 and abs(down) <= 0.2 * across
        lost = _is_unknown(self._page, index) == 1
        size = abs(size)
        # A broken matrix gives sizes that no page could hold.
        return font, size if 0.1 < size < 2_000 else 1.0, upright, lost


def _characters(text: Any) -> str:
    """One character for each of PDFium's character indices; unknown glyphs become U+FFFD.

    Text in bulk leaves out characters without a code and those beyond the basic plane; a
    piece that holds one is halved until the others fit.
    """
    count = pdfium.FPDFText_CountChars(text)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 2))()
    units = memoryview(buffer).cast("B")
    page = ctypes.cast(text, ctypes.c_void_p).value
    characters: list[str] = []
    pieces = [(0, count)]
    while pieces:
        low, high = pieces.pop()
        if high - low == 1:
            characters.append(_one_character(page, low))
            continue
        written = pdfium.FPDFText_GetText(text, low, high - low, buffer) - 1
        span = _text_index(page, high - 1) - _text_index(page, low)
        if written == high - low == span + 1:
            bulk = bytes(units[: 2 * written]).decode("utf-16-le", "surrogatepass")
            if len(bulk) == written:
                characters.append(bulk)
                continue
        middle = (low + high) // 2
        pieces += [(middle, high), (low, middle)]
    return "".join(characters).translate(_LINE_END_HYPHENS)


def _one_character(page: int | None, index: int) -> str:
    code = _unicode(page, index)
    # Unicode ends at 0x10FFFF.
    return chr(code) if 0 < code < 0x110000 else "\ufffd"


def _describe_font(address: int) -> Font:
    handle = ctypes.cast(address, pdfium.FPDF_FONT)
    buffer = ctypes.create_string_buffer(256)
    pdfium.FPDFFont_GetBaseFontName(handle, buffer, 256)
    name = buffer.value.decode("utf-8", "replace")
    if len(name) > 7 and name[6] == "+":
        name = name[7:]
    flags = max(0, pdfium.FPDFFont_GetFlags(handle))
    low = name.lower()
    bold = bool(flags & _BOLD_FLAG) or any(mark in low for mark in _BOLD_MARKS)
    italic = bool(flags & _ITALIC_FLAG) or any(mark in low for mark in _ITALIC_MARKS)
    return Font(name, bold, italic)


def _largest_picture(handle: object, page: Page) -> float:
    """Share of the page that its largest picture covers, looking at 200 objects at most."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    largest = 0.0
    for index in range(min(200, max(0, pdfium.FPDFPage_CountObjects(handle)))):
        item = pdfium.FPDFPage_GetObject(handle, index)
        if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_IMAGE:
            continue
        if pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
            area = (right.value - left.value) * (top.value - bottom.value)
            largest = max(largest, area / max(1.0, page.width * page.height))
    return min(1.0, largest)
