"""A whole document as lines in reading order, with what its styles have in common."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from papers.pdf.covers import is_cover
from papers.pdf.layout import Line, Page
from papers.pdf.reading_order import MARGIN
from papers.pdf.text_cleaning import clean_text, join_lines, vocabulary

_DIGITS = re.compile(r"\d+")
_LIST_HEADING = re.compile(
    r"(?:\d{1,2}|[IVX]{1,4}|[A-Z])?[.\s]*(?:references(?: and notes)?|bibliography|literature cited"
    r"|works cited|参\s*考\s*文\s*献)\s*[:\uff1a]?",
    re.I,
)
_PAGE_NUMBER = re.compile(
    r"[-\u2013\u2014 ]*(page )?\d{1,5}( ?(of|/) ?\d{1,5})?[-\u2013\u2014 ]*", re.I
)


@dataclass
class Document:
    """Lines of all pages in reading order, running heads and margin notes set aside.

    cover: what a repository printed in front of the paper, on pages of its own.
    body_size: points, of most characters. words: vocabulary for dehyphenation.
    """

    pages: list[Page]
    lines: list[Line] = field(default_factory=list)
    heads: list[Line] = field(default_factory=list)
    margin: list[Line] = field(default_factory=list)
    cover: list[Line] = field(default_factory=list)
    body_size: float = 10.0
    leading: float = 12.0
    words: frozenset[str] = frozenset()

    @property
    def first_page(self) -> list[Line]:
        """Lines of the first page that has any."""
        return [li for li in self.lines if li.page == self.lines[0].page] if self.lines else []

    def paragraph(self, lines: list[Line]) -> str:
        """Lines joined into one clean paragraph."""
        return clean_text(join_lines((li.text for li in lines), self.words))


def is_list_heading(text: str) -> bool:
    """Whether a line can be nothing but the heading of a list of references."""
    return bool(_LIST_HEADING.fullmatch(text))


def understand_pages(pages: list[Page]) -> Document:
    """Clean the lines of ordered pages and sort them into text, running heads and margin."""
    document = Document(pages)
    for page in pages:
        for line in page.lines:
            line.text = clean_text(line.text)
    repeated = _running_heads(pages)
    covers = _covers(pages)
    for page in pages:
        for line in page.lines:
            if not line.text:
                continue
            if page.number in covers:
                document.cover.append(line)
            elif id(line) in repeated:
                document.heads.append(line)
            elif line.column == MARGIN:
                document.margin.append(line)
            else:
                document.lines.append(line)
    sizes: Counter[float] = Counter()
    for line in document.lines:
        sizes[line.size] += len(line.text)
    if sizes:
        document.body_size = sizes.most_common(1)[0][0]
    document.leading = _usual_leading(document)
    document.words = vocabulary(line.text for line in document.lines)
    return document


def _covers(pages: list[Page]) -> set[int]:
    """Numbers of the pages before the paper's own first one; never all of them."""
    covers: set[int] = set()
    written = [page for page in pages if page.lines]
    # Repositories put one cover before a paper, and some a second page of terms.
    for page in written[: min(2, len(written) - 1)]:
        if not is_cover(page.lines):
            break
        covers.add(page.number)
    return covers


def _running_heads(pages: list[Page]) -> set[int]:
    """Ids of lines at the top or bottom edge that repeat, count pages, or stand in the same
    place, apart from the text, on most pages."""
    texts: defaultdict[str, set[int]] = defaultdict(set)
    places: defaultdict[tuple[str, int], set[int]] = defaultdict(set)
    edges: list[tuple[Line, str, tuple[str, int] | None]] = []
    for page in pages:
        apart = _rows_apart(page)
        for line in _edge_lines(page):
            key = _DIGITS.sub("#", line.text.lower()).replace(" ", "")
            if is_list_heading(line.text) and line.y > 0.5 * page.height:
                continue  # the last line of its page, and the list begins on the next one
            place = apart.get(id(line))
            texts[key].add(page.number)
            if place is not None:
                places[place].add(page.number)
            edges.append((line, key, place))
    heads = set()
    for line, key, place in edges:
        many = len(texts[key]) >= max(2, min(4, len(pages) // 3))
        same_place = place is not None and len(places[place]) >= max(2, 0.4 * len(pages))
        height = pages[line.page].height if line.page < len(pages) else 0.0
        # Running heads and page numbers stand in the outermost 6 to 8 % of a page.
        outermost = place is not None and not 0.06 * height < line.y < 0.925 * height
        if (many and len(key) > 2) or _PAGE_NUMBER.fullmatch(line.text) or same_place or outermost:
            heads.add(id(line))
    return heads


def _edge_lines(page: Page) -> list[Line]:
    """The outer lines of a page: the four highest and lowest within a tenth of its height."""
    by_height = sorted(page.lines, key=lambda li: li.y)
    top = [li for li in by_height[:4] if li.y < 0.11 * page.height]
    bottom = [li for li in by_height[-5:] if li.y > 0.89 * page.height]
    return top + bottom


def _rows_apart(page: Page) -> dict[int, tuple[str, int]]:
    """Ids of lines of the first and last row that a wide gap parts from the rest, with place."""
    by_height = sorted(page.lines, key=lambda li: li.y)
    outer: dict[int, tuple[str, int]] = {}
    for edge, rows in (("top", by_height), ("bottom", by_height[::-1])):
        if not rows:
            continue
        row = [li for li in rows if abs(li.y - rows[0].y) < 3]
        rest = rows[len(row) : len(row) + 1]
        if rest and abs(rest[0].y - rows[0].y) > 1.7 * max(rows[0].size, rest[0].size):
            # A quarter of the height in points: heads vary by less from page to page.
            outer |= {id(li): (edge, round(li.y / 4)) for li in row}
    return outer


def _usual_leading(document: Document) -> float:
    """Most frequent distance between two body lines of one column, in points."""
    steps: Counter[float] = Counter()
    for above, below in zip(document.lines, document.lines[1:], strict=False):
        if above.size == below.size == document.body_size and above.page == below.page:
            step = round(below.y - above.y, 1)
            # A larger step is a figure or a break, and says nothing of the leading.
            if 0 < step < 4 * document.body_size:
                steps[step] += 1
    return steps.most_common(1)[0][0] if steps else 1.2 * document.body_size
