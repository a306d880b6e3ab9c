"""From the bytes of a PDF to an Extraction, within a budget. Runs in the reader process."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterator

from papers.pdf.document import Document, understand_pages
from papers.pdf.extraction import Extraction
from papers.pdf.glyph_names import apply_repairs, fonts_with_unnamed_glyphs
from papers.pdf.glyphs import PdfGlyphs, UnreadablePdf
from papers.pdf.header import read_header
from papers.pdf.layout import Page
from papers.pdf.limits import Budget, Status
from papers.pdf.line_numbers import take_out_line_numbers
from papers.pdf.reading_order import order_document
from papers.pdf.references import find_references
from papers.pdf.structure import Structure, read_structure
from papers.pdf.text_cleaning import join_lines

_STREAM = re.compile(rb"(?<!end)stream(?:\r\n|\n|\r)")
_CHUNK = 1 << 20
# Bytes before a stream in which its dictionary is looked for.
_DICTIONARY_REACH = 1024
_NESTING = 4
_OF_PAPERS = re.compile(
    r"(introduction|related work|conclusions?|references|acknowledge?ments?|summary|methods?\b"
    r"|results|discussion|引\s*言|结\s*论|参考文献)",
    re.I,
)


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


# Characters.
TEXT_LIMIT = 1_500_000
_PDF_MARK = b"%PDF-"


def understand_pdf(data: bytes, budget: Budget) -> Extraction:
    """Read a whole PDF. Never raises for what the bytes hold; the status tells.

    data: the file. budget: limits counted over the whole document.
    """
    started = time.monotonic()
    try:
        result = _understand(data, budget, started + budget.soft_seconds)
    except OverBudget as excess:
        result = _ended(Status.OVER_BUDGET, str(excess))
    except UnreadablePdf as problem:
        status = Status.ENCRYPTED if problem.needs_password else Status.MALFORMED
        result = _ended(status, "" if problem.needs_password else "The PDF could not be opened.")
    except MemoryError:
        result = _ended(Status.OVER_BUDGET, "The document needs more memory than one may use.")
    result.seconds = round(time.monotonic() - started, 3)
    return result


def _ended(status: Status, warning: str) -> Extraction:
    return Extraction(status=status, warnings=[warning] if warning else [])


def _understand(data: bytes, budget: Budget, deadline: float) -> Extraction:
    if len(data) > budget.file_bytes:
        raise OverBudget(f"The file is larger than {budget.file_bytes // 2**20} MiB.")
    if _PDF_MARK not in data[:1024]:
        return _ended(Status.MALFORMED, "The file does not begin like a PDF.")
    check_unpacked_size(data, budget.decoded_bytes)
    with PdfGlyphs(data) as glyphs:
        if glyphs.page_count > budget.pages_listed:
            raise OverBudget(f"The file claims to have {glyphs.page_count} pages.")
        if glyphs.page_count == 0:
            return _ended(Status.MALFORMED, "The PDF has no pages.")
        warnings: list[str] = []
        pages = list(_pages_within(glyphs, budget, deadline, warnings))
        page_count = glyphs.page_count
    structure = read_structure(data, deadline, fonts_with_unnamed_glyphs(pages))
    apply_repairs(pages, structure.repairs)
    result = _from_pages(pages, structure)
    result.page_count = page_count
    result.warnings = warnings + structure.warnings + result.warnings
    return _judged(result, pages)


def _pages_within(
    glyphs: PdfGlyphs, budget: Budget, deadline: float, warnings: list[str]
) -> Iterator[Page]:
    """Pages until the budget is spent; what is left out is told in warnings."""
    placed = 0
    for page in glyphs.pages(budget.pages_read):
        placed += page.glyphs
        if placed > budget.glyphs:
            raise OverBudget(f"The pages hold more than {budget.glyphs} characters.")
        yield page
        if time.monotonic() > deadline:
            if page.number < 2:
                raise OverBudget("The first pages took longer than one document may take.")
            warnings.append(f"Reading was stopped after {page.number + 1} pages: it took too long.")
            return
    if glyphs.page_count > budget.pages_read:
        warnings.append(
            f"Only the first {budget.pages_read} of {glyphs.page_count} pages were read."
        )


def _from_pages(pages: list[Page], structure: Structure) -> Extraction:
    take_out_line_numbers(pages)
    order_document(pages)
    document = understand_pages(pages)
    result = read_header(document, structure.declared)
    listed = find_references(document)
    result.references = listed.entries
    if listed.entries:
        result.confidence["references"] = listed.confidence
    result.text = _full_text(document)
    result.coverage = _coverage(document, pages)
    return result


def _full_text(document: Document) -> str:
    """The text in reading order; an empty line between blocks."""
    blocks: list[list[str]] = []
    size = 0
    last = None
    for line in document.lines:
        size += len(line.text) + 1
        if size > TEXT_LIMIT:
            break
        new = last is None or line.page != last.page or line.column != last.column
        step = 0.0 if last is None or new else line.y - last.y
        broken = step > 1.45 * document.leading or step < 0
        if not blocks or broken or (last is not None and abs(line.size - last.size) > 0.8):
            blocks.append([])
        blocks[-1].append(line.text)
        last = line
    return "\n\n".join(join_lines(block, document.words) for block in blocks)


def _coverage(document: Document, pages: list[Page]) -> float:
    """Share of placed glyphs that became text: known characters in lines, heads or margins."""
    placed = sum(page.glyphs for page in pages)
    if not placed:
        return 0.0
    lost = sum(page.glyphs_lost for page in pages)
    kept = 0
    for line in (*document.lines, *document.heads, *document.margin, *document.cover):
        kept += len(line.text) - line.text.count(" ")
    kept += sum(len(word.text) for page in pages for word in page.sideways)
    return round(max(0.0, min(1.0, min(kept, placed) / placed, 1.0 - lost / placed)), 4)


def _has_text_headings(result: Extraction) -> bool:
    """Whether sections are named as those of papers are."""
    return any(_OF_PAPERS.match(section.title) for section in result.sections)


def _judged(result: Extraction, pages: list[Page]) -> Extraction:
    """Set the status from what was found, and warn of each doubt."""
    glyphs = sum(page.glyphs for page in pages)
    if glyphs < 40 * max(1, min(3, len(pages))):
        pictures = sum(page.pictures_area > 0.4 for page in pages)
        if pictures or (glyphs == 0 and any(page.pictures_area > 0.02 for page in pages)):
            result.status = Status.IMAGE_ONLY
        else:
            result.status = Status.NOT_A_PAPER
        return result
    # Running text without the word "Abstract" above it stands on any letter and form.
    labelled = bool(result.abstract) and result.confidence.get("abstract", 0.0) >= 0.5
    listed = len(result.references) >= 2
    evidence = [bool(result.title), bool(result.authors), bool(result.abstract)]
    evidence += [len(result.sections) >= 3, listed]
    # Three of five signs of a paper, one of them its own, and about a third of a page of text.
    if sum(evidence) < 3 or not (labelled or listed or _has_text_headings(result)) or glyphs < 800:
        result.status = Status.NOT_A_PAPER
        return result
    for name, value in (("title", result.title), ("authors", result.authors)):
        if not value:
            result.warnings.append(f"No {name} found.")
        elif result.confidence.get(name, 0.0) < 0.5:
            result.warnings.append(f"The {name} may be wrong.")
    # Below nine tenths of the glyphs the text has holes that a reader sees.
    if result.coverage < 0.9:
        result.warnings.append(
            f"Only {result.coverage:.0%} of the characters could be read; text may be missing."
        )
    if not result.references:
        result.warnings.append("No reference list found.")
    result.status = Status.OK_WITH_WARNINGS if result.warnings else Status.OK
    return result
