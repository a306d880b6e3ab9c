"""Characters PDFium cannot name, told by the names a font gives its glyphs.

Fonts such as Linux Libertine call their ligatures "f_i" or "T_h", names outside the list
PDFium knows; the bare character code, a control character, is all it reports. The font's
own table of differences says which letters were meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject

from papers.pdf.glyphs import UNNAMED
from papers.pdf.layout import Page

_COMPOSED = re.compile(r"/([A-Za-z](?:_[A-Za-z]){1,3}|ff|fi|fl|ffi|ffl)(?:\.\w+)?")
# Fonts of the text occur on the first pages; a font met later stays as it is.
_PAGES_LOOKED_AT = 12

Repairs = dict[str, dict[int, str]]
"""Replacement for each character code, by font name without subset tag."""


def fonts_with_unnamed_glyphs(pages: Iterable[Page]) -> set[str]:
    """Names of fonts that put control characters among letters."""
    return {
        word.font.name
        for page in pages
        if page.unnamed_glyphs
        for word in page.words
        if UNNAMED.search(word.text) and any(character.isalpha() for character in word.text)
    }


def find_repairs(reader: PdfReader, fonts: set[str]) -> Repairs:
    """Letters for the control characters of these fonts, as far as the file names them."""
    repairs: Repairs = {}
    seen: set[int] = set()
    for page in reader.pages[:_PAGES_LOOKED_AT]:
        resources = page.get("/Resources")
        resources = resources.get_object() if resources is not None else {}
        listed = resources.get("/Font") if isinstance(resources, DictionaryObject) else None
        listed = listed.get_object() if listed is not None else None
        if not isinstance(listed, DictionaryObject):
            continue
        for reference in listed.values():
            font = reference.get_object()
            if id(font) not in seen and isinstance(font, DictionaryObject):
                seen.add(id(font))
                name = re.sub(r"^/(?:[A-Z]{6}\+)?", "", str(font.get("/BaseFont", "")))
                if name in fonts:
                    repairs.setdefault(name, {}).update(_composed_glyphs(font))
    return repairs


def _composed_glyphs(font: DictionaryObject) -> dict[int, str]:
    encoding = font.get("/Encoding")
    encoding = encoding.get_object() if encoding is not None else None
    differences = encoding.get("/Differences") if isinstance(encoding, DictionaryObject) else None
    differences = differences.get_object() if differences is not None else None
    glyphs: dict[int, str] = {}
    code = 0
    for item in differences if isinstance(differences, ArrayObject) else []:
        if isinstance(item, int):
            code = int(item)
            continue
        match = _COMPOSED.fullmatch(str(item))
        if match and code < 0xA0:
            glyphs[code] = match.group(1).replace("_", "")
        code += 1
    return glyphs


def apply_repairs(pages: Iterable[Page], repairs: Repairs) -> None:
    """Put the letters into the words of the pages."""
    if not repairs:
        return
    for page in pages:
        for word in page.words if page.unnamed_glyphs else ():
            table = repairs.get(word.font.name)
            if table and UNNAMED.search(word.text):
                word.text = word.text.translate(table)
