"""From words on a page to lines in the order a person reads them.

Lines are first gathered in content order, then each page is searched for a gutter: a
vertical band that hardly any line crosses and that has lines side by side left and right
of it. Lines that cross the gutter cut the page into bands; inside a band the left column
is read before the right. A narrow column of small print (the margin of some journals) is
read after the rest of its page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from papers.pdf.layout import Line, Page, Word

SPANNING, LEFT, RIGHT, MARGIN = -1, 0, 1, 9
_STEP = 3.0  # points within which left edges count as one


@dataclass(frozen=True)
class Gutter:
    """A vertical blank band: x in points, and which side (if any) is a margin of notes."""

    x: float
    margin: int | None = None


def order_document(pages: list[Page]) -> None:
    """Fill page.lines of every page, in reading order."""
    fragments = [gather_lines(page) for page in pages]
    gutters = [find_gutter(lines, page) for lines, page in zip(fragments, pages, strict=True)]
    usual = _usual_gutter(gutters)
    for page, lines, own in zip(pages, fragments, gutters, strict=True):
        gutter = own
        # A page whose columns lie within 30 points of the usual place follows it.
        if own and usual and own.margin is None and abs(own.x - usual.x) < 30:
            gutter = usual  # a column of hanging indents alone moves the own one
        if gutter is None and usual is not None and _has_columns(lines, usual.x):
            gutter = usual
        page.lines = _ordered(lines, gutter)


def gather_lines(page: Page) -> list[Line]:
    """Words of a page grouped by baseline, following the order of the content stream."""
    groups: list[list[Word]] = []
    current: list[Word] = []
    anchor: Word | None = None
    for word in page.words:
        if anchor is not None and current and _continues(word, current[-1], anchor):
            current.append(word)
            # A larger word on the baseline is the anchor, marks hang on it.
            if word.size > anchor.size * 1.15:
                anchor = word
        else:
            current = [word]
            groups.append(current)
            anchor = word
    return [make_line(words, page.number) for words in groups]


def _continues(word: Word, last: Word, anchor: Word) -> bool:
    size = max(anchor.size, word.size, 1.0)
    rise = abs(word.y - anchor.y)
    # Below nine tenths of the type it may be a sub- or superscript.
    small = min(word.size, anchor.size) < 0.88 * size
    if rise > (0.62 if small else 0.3) * size:
        word.glued = False
        return False
    gap = word.x0 - last.x1
    if word.glued and not -0.5 * size <= gap <= 0.25 * size:
        word.glued = False
    # Spaces in a line are a quarter to one and a half type sizes wide.
    return -0.6 * size <= gap <= 1.6 * size


def make_line(words: list[Word], page: int) -> Line:
    """A line from words already in order; its style is that of most of its characters."""
    first = words[0]
    x0, x1 = min(word.x0 for word in words), max(word.x1 for word in words)
    text = join_words(words)
    if all(word.font is first.font and word.size == first.size for word in words):
        size = round(first.size, 1)
        return Line(words, page, x0, x1, first.y, size, text, first.font.bold, first.font.italic)
    weights: Counter[float] = Counter()
    bold = italic = total = 0
    for word in words:
        length = len(word.text)
        total += length
        weights[round(word.size, 1)] += length
        bold += length * word.font.bold
        italic += length * word.font.italic
    size = max(weights.items(), key=lambda item: (item[1], item[0]))[0]
    y = median([word.y for word in words if abs(word.size - size) < 0.06] or [first.y])
    return Line(words, page, x0, x1, y, size, text, 2 * bold > total, 2 * italic > total)


def join_words(words: Iterable[Word]) -> str:
    """Text of words with single spaces, none before a glued one."""
    parts: list[str] = []
    for word in words:
        if parts and not word.glued:
            parts.append(" ")
        parts.append(word.text)
    return "".join(parts)


def find_gutter(lines: list[Line], page: Page) -> Gutter | None:
    """The gutter of a page, or None for a page of one column."""
    if len(lines) < 6:
        return None
    best: tuple[float, float] | None = None
    for x in _gutter_places(lines):
        score = _gutter_score(lines, x)
        if score and (best is None or score > best[0]):
            best = (score, x)
    if best is None:
        return None
    x = best[1]
    left_width = _usual_width([li for li in lines if li.x1 <= x])
    right_width = _usual_width([li for li in lines if li.x0 >= x])
    # Columns of text are alike: less than half as wide is a margin.
    if left_width < 0.45 * right_width:
        return Gutter(x, LEFT)
    if right_width < 0.45 * left_width:
        return Gutter(x, RIGHT)
    return Gutter(x)


def _gutter_places(lines: list[Line]) -> list[float]:
    """Just left of every left edge that several lines share, away from the outer edges."""
    left_edge, right_edge = min(li.x0 for li in lines), max(li.x1 for li in lines)
    span = right_edge - left_edge
    edges: Counter[int] = Counter()
    leftmost: dict[int, float] = {}
    for line in lines:
        place = int(line.x0 / _STEP)
        edges[place] += 1
        leftmost[place] = min(line.x0, leftmost.get(place, line.x0))
    return [
        leftmost[place] - 2.0
        for place, count in edges.items()
        # An edge near the sides of the page is an indent, not a column.
        if count >= 2 and 0.12 * span < leftmost[place] - left_edge < 0.88 * span
    ]


def _gutter_score(lines: list[Line], x: float) -> float:
    """How much a gutter at x is worth; 0 where there is none."""
    left = [li for li in lines if li.x1 <= x + 1]
    right = [li for li in lines if li.x0 >= x - 1]
    if min(len(left), len(right)) < 4 or not _overlap(left, right):
        return 0.0
    total = sum(len(li.text) for li in lines)
    left_mass, right_mass = sum(len(li.text) for li in left), sum(len(li.text) for li in right)
    beside = min(left_mass, right_mass) / total
    crossing = 1.0 - (left_mass + right_mass) / total
    if crossing > 0.45 or beside < 0.02:
        return 0.0
    if beside < 0.2:  # a margin of notes: nothing may cross where the notes stand
        top = max(min(li.y for li in left), min(li.y for li in right))
        bottom = min(max(li.y for li in left), max(li.y for li in right))
        inside = (li for li in lines if li.x1 > x + 1 and li.x0 < x - 1 and top < li.y < bottom)
        if crossing > 0.15 or sum(len(li.text) for li in inside) > 0.02 * total:
            return 0.0
    blank = min(li.x0 for li in right) - max(li.x1 for li in left)
    return beside - 2.0 * crossing + 0.0005 * min(blank, 40.0) + 1.0


def _overlap(left: list[Line], right: list[Line]) -> bool:
    """Whether the two sides stand beside each other rather than one above the other."""
    top = max(min(li.y for li in left), min(li.y for li in right))
    bottom = min(max(li.y for li in left), max(li.y for li in right))
    tall = max(li.y for li in left + right) - min(li.y for li in left + right)
    return bottom - top > 0.15 * tall


def _usual_width(lines: list[Line]) -> float:
    widths = sorted(li.width for li in lines if len(li.text) > 3)
    return widths[int(0.8 * (len(widths) - 1))] if widths else 0.0


def _usual_gutter(gutters: list[Gutter | None]) -> Gutter | None:
    """The gutter most pages share, when at least a third of them have one."""
    inner = [g for g in gutters if g is not None and g.margin is None]
    if not inner or 3 * len(inner) < len(gutters):
        return None
    x = median(g.x for g in inner)
    # Columns move by less than 20 points between odd and even pages.
    close = [g for g in inner if abs(g.x - x) < 20]
    return Gutter(median(g.x for g in close)) if close else None


def _has_columns(lines: list[Line], x: float) -> bool:
    left = [li for li in lines if li.x1 <= x + 2 and len(li.text) > 12]
    right = [li for li in lines if li.x0 >= x - 2 and len(li.text) > 12]
    return min(len(left), len(right)) >= 4 and _overlap(left, right)


def _ordered(lines: list[Line], gutter: Gutter | None) -> list[Line]:
    if gutter is None:
        return merge_baselines(lines)
    for line in lines:
        line.column = _column_of(line, gutter)
    merged: list[Line] = []
    for column in (SPANNING, LEFT, RIGHT, MARGIN):
        merged += merge_baselines([li for li in lines if li.column == column])
    spanning = sorted((li for li in merged if li.column == SPANNING), key=lambda li: li.y)
    rest = sorted((li for li in merged if li.column in (LEFT, RIGHT)), key=lambda li: li.y)
    ordered: list[Line] = []
    for cut in spanning:
        above = [li for li in rest if li.y < cut.y]
        rest = [li for li in rest if li.y >= cut.y]
        ordered += sorted(above, key=lambda li: (li.column, li.y))
        ordered.append(cut)
    ordered += sorted(rest, key=lambda li: (li.column, li.y))
    return ordered + [li for li in merged if li.column == MARGIN]


def _column_of(line: Line, gutter: Gutter) -> int:
    if line.x1 <= gutter.x + 2:
        side = LEFT
    elif line.x0 >= gutter.x - 2:
        side = RIGHT
    else:
        return SPANNING
    if gutter.margin is None:
        return side
    return MARGIN if side == gutter.margin else LEFT


def merge_baselines(lines: list[Line]) -> list[Line]:
    """Join fragments that stand on one baseline; sort from top to bottom."""
    merged: list[list[Line]] = []
    for line in sorted(lines, key=lambda li: (li.y, li.x0)):
        row = merged[-1] if merged else None
        if row and abs(row[0].y - line.y) <= 0.25 * max(row[0].size, line.size):
            row.append(line)
        else:
            merged.append([line])
    result = []
    for row in merged:
        if len(row) == 1:
            result.append(row[0])
            continue
        row.sort(key=lambda li: li.x0)
        joined = make_line([word for li in row for word in li.words], row[0].page)
        joined.column = row[0].column
        result.append(joined)
    return result
