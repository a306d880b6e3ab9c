"""What pypdf tells of a PDF beside its pages: metadata and active content.

pypdf is pure Python and careful, but slow on broken files and able to raise anything; so
this reading has a deadline of its own and its failure is only a warning.
"""

from __future__ import annotations

import io
import logging
import re
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from pypdf import PdfReader
from pypdf.generic import DictionaryObject

from papers.pdf.glyph_names import Repairs, find_repairs
from papers.pdf.header import Declared
from papers.pdf.identifiers_in_text import find_arxiv, find_doi
from papers.pdf.text_cleaning import clean_text

logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_ACTIVE_NAMES = {"/JavaScript": "scripts", "/EmbeddedFiles": "attached files"}
# Metadata is worth no more of the time that the pages need.
_SECONDS = 2.0
_TEMPLATE_TITLES = re.compile(r"untitled|microsoft word|\.(docx?|tex|dvi|pdf|indd)\b|^title$", re.I)


@dataclass
class Structure:
    """Declared metadata, and warnings about active content."""

    declared: Declared = field(default_factory=Declared)
    warnings: list[str] = field(default_factory=list)
    repairs: Repairs = field(default_factory=dict)


class _TooSlow(Exception):
    pass


def read_structure(data: bytes, deadline: float, puzzling_fonts: set[str]) -> Structure:
    """Metadata, active content, and the letters of fonts that PDFium could not name.

    An empty Structure, with a warning, when pypdf cannot make sense of the file.
    """
    structure = Structure()
    seconds = min(_SECONDS, deadline - time.monotonic())
    if seconds <= 0:
        return structure
    try:
        with _at_most(seconds):
            _read(data, structure, puzzling_fonts)
    except (Exception, RecursionError):
        structure.warnings.append("The file's own metadata could not be read.")
    return structure


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _TooSlow in the body after so many seconds; main thread only."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise _TooSlow

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _read(data: bytes, structure: Structure, puzzling_fonts: set[str]) -> None:
    reader = PdfReader(io.BytesIO(data), strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        return
    catalog = reader.trailer["/Root"].get_object()
    if isinstance(catalog, DictionaryObject):
        active = _active_content(catalog)
        if active:
            structure.warnings.append(f"The PDF carries {', '.join(active)}; they were not run.")
    info: Any = reader.metadata or {}
    declared = structure.declared
    declared.title = _text(info.get("/Title"))
    if _TEMPLATE_TITLES.search(declared.title):
        declared.title = ""
    declared.authors = _text(info.get("/Author"))
    everything = " ".join(_text(value) for value in info.values())
    declared.doi = find_doi(" ".join(_text(info.get(key)) for key in info if "doi" in key.lower()))
    declared.doi = declared.doi or find_doi(_text(info.get("/Subject")))
    declared.arxiv = find_arxiv(everything)
    created = re.match(r"D:((?:19|20)\d\d)", _text(info.get("/CreationDate")))
    declared.year = int(created.group(1)) if created else None
    if puzzling_fonts:
        structure.repairs = find_repairs(reader, puzzling_fonts)


def _text(value: object) -> str:
    return clean_text(str(value), 2000) if value is not None else ""


def _active_content(catalog: DictionaryObject) -> list[str]:
    """Plain words for what in the catalog could act when opened in a viewer."""
    content = []
    action = catalog.get("/OpenAction")
    action = action.get_object() if action is not None else None
    if isinstance(action, DictionaryObject) and action.get("/S") != "/GoTo":
        content.append("an action on opening")
    if "/AA" in catalog:
        content.append("automatic actions")
    form = catalog.get("/AcroForm")
    form = form.get_object() if form is not None else None
    if isinstance(form, DictionaryObject) and "/XFA" in form:
        content.append("an XFA form")
    names = catalog.get("/Names")
    names = names.get_object() if names is not None else None
    if isinstance(names, DictionaryObject):
        content += [words for key, words in _ACTIVE_NAMES.items() if key in names]
    return content
