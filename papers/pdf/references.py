"""The reference list of a paper, split into its entries.

Where one entry ends and the next begins is read from the layout: numbers or labels at the
left edge, a hanging indent, wider gaps between entries, and only last the words themselves.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from dataclasses import dataclass

from papers.pdf.document import Document
from papers.pdf.extraction import Reference
from papers.pdf.headings import REFERENCES, is_heading
from papers.pdf.layout import Line
from papers.pdf.reference_names import read_names
from papers.pdf.reference_parsing import parse_reference

_BRACKETED = re.compile(r"\[(\d{1,3})\]")
_NUMBERED = re.compile(r"\(?(\d{1,3})[.)]?(?=\s)")
_LABELLED = re.compile(r"\[[A-Z][\w+\u2019' .,-]{1,40}\d{2,4}[a-z]?\]|\[[A-Z][\w+]{1,10}\]")
_ENDS_ENTRY = re.compile(r"([.)\]>\u201d\"]|\d|/\S*|[a-z]{2,}\.[a-z]{2,}\S*)$")
# More is no list of references but an index.
MAX_ENTRIES = 2000


@dataclass
class ReferenceList:
    """Entries with the lines they were read from and a confidence from 0 to 1."""

    entries: list[Reference]
    confidence: float
    method: str = ""


def find_references(document: Document) -> ReferenceList:
    """The reference list, or an empty one when the paper prints no such heading."""
    region = reference_lines(document)
    if not region:
        return ReferenceList([], 0.0)
    groups, method = split_entries(region, document)
    entries = []
    for group in groups[:MAX_ENTRIES]:
        raw = document.paragraph(_without_strays(group, document))
        if len(raw) > 12:
            entries.append(parse_reference(raw[:3000]))
    entries = _without_tail(entries)
    with_year = sum(entry.year is not None for entry in entries)
    share = with_year / len(entries) if entries else 0.0
    base = {"bracketed": 0.97, "numbered": 0.93, "labelled": 0.95, "indent": 0.9, "gap": 0.8}
    confidence = base.get(method, 0.5) * (0.6 + 0.4 * share)
    return ReferenceList(entries, round(confidence, 2), method)


def _without_strays(group: list[Line], document: Document) -> list[Line]:
    """Lines of an entry up to a wide gap or another size of type: a table, say, behind it."""
    kept = group[:1]
    for line in group[1:]:
        last = kept[-1]
        same_place = (line.page, line.column) == (last.page, last.column)
        # More than a free line ends the list.
        gap = same_place and line.y - last.y > 2.2 * max(document.leading, 1.2 * last.size)
        if gap or abs(line.size - group[0].size) > 0.12 * group[0].size:
            break
        kept.append(line)
    return kept


def _without_tail(entries: list[Reference]) -> list[Reference]:
    """Entries up to where five in a row hold hardly anything a reference has.

    Some papers go on behind their references without a heading of the same make.
    """
    likely = [
        bool(entry.year or entry.doi or entry.arxiv or entry.url) and len(entry.raw) > 25
        for entry in entries
    ]
    for start in range(1, len(entries)):
        window = likely[start : start + 5]
        if not likely[start] and sum(window) <= 0.2 * len(window) and len(window) >= 3:
            return entries[:start]
    return entries


def reference_lines(document: Document) -> list[Line]:
    """Lines under the last heading that names a reference list, up to the next heading."""
    lines = document.lines
    starts = [
        index
        for index, line in enumerate(lines)
        if REFERENCES.fullmatch(line.text) and _is_list_heading(index, document)
    ]
    best: list[Line] = []
    for start in starts:
        region = _until_next_heading(document, start)
        if len(region) > len(best):
            best = region
    return best


def _is_list_heading(index: int, document: Document) -> bool:
    line = document.lines[index]
    if line.size > 0.93 * document.body_size or line.bold or line.text.isupper():
        return True
    return len(line.words) == 1


def _until_next_heading(document: Document, start: int) -> list[Line]:
    lines = document.lines
    heading = lines[start]
    region: list[Line] = []
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if region and _ends_list(line, heading, region[-1], index, document):
            break
        region.append(line)
    return region


def _ends_list(line: Line, heading: Line, last: Line, index: int, document: Document) -> bool:
    """A heading of the same make as the one above the list, or an appendix."""
    if REFERENCES.fullmatch(line.text):
        return True
    following = document.lines[index + 1] if index + 1 < len(document.lines) else None
    if re.match(
        r"(appendix|appendices|supplementa|checklist|a\.? (proof|appendix))",
        line.text,
        re.I,
        # As large as the heading of the list, but for rounding: the next heading.
    ) and (line.size >= 0.98 * heading.size or line.bold):
        return True
    if _BRACKETED.match(line.text):
        return False
    # Headings of one level differ by rounding only.
    alike = abs(line.size - heading.size) < 0.3 and line.bold == heading.bold
    larger = line.size > 1.05 * last.size
    if not (alike or larger) or not (larger or line.bold or line.text.isupper()):
        return False
    return is_heading(line, last, following, document)


def split_entries(region: list[Line], document: Document) -> tuple[list[list[Line]], str]:
    """Lines of the list grouped into entries, and the method that was used."""
    for pattern, method in ((_BRACKETED, "bracketed"), (_NUMBERED, "numbered")):
        starts = _counting_starts(region, pattern)
        if len(starts) >= 2 or (len(starts) == 1 and starts[0] == 0 and len(region) < 8):
            return _group(region, starts), method
    labelled = [i for i, line in enumerate(region) if _LABELLED.match(line.text)]
    if len(labelled) >= 3 and len(labelled) >= 0.15 * len(region):
        return _group(region, labelled), "labelled"
    hanging = _hanging_starts(region)
    if hanging is not None:
        return _group(region, hanging), "indent"
    gaps = _gap_starts(region)
    if gaps is not None:
        return _group(region, gaps), "gap"
    return _group(region, _worded_starts(region)), "words"


def _counting_starts(region: list[Line], pattern: re.Pattern[str]) -> list[int]:
    """Lines whose leading number is the next one in a count that starts near 1."""
    starts: list[int] = []
    expected = None
    for index, line in enumerate(region):
        match = pattern.match(line.text)
        if not match:
            continue
        number = int(match.group(1))
        if expected is None:
            if number > 2 or index > 3:
                continue
        elif not expected <= number <= expected + 1:
            continue
        starts.append(index)
        expected = number + 1
    if len(starts) < 0.08 * len(region):
        return []
    return starts


def _left_edges(region: list[Line]) -> dict[tuple[int, int], float]:
    """Left edge of the list per page and column: the leftmost x several lines share."""
    edges: dict[tuple[int, int], Counter[int]] = {}
    for line in region:
        edges.setdefault((line.page, line.column), Counter())[round(line.x0)] += 1
    return {key: float(min(counts)) for key, counts in edges.items()}


def _hanging_starts(region: list[Line]) -> list[int] | None:
    """Starts of entries whose later lines are indented; None when nothing hangs."""
    edges = _left_edges(region)
    indents = [line.x0 - edges[line.page, line.column] for line in region]
    # Less than four points is the unevenness of justified lines.
    deep = [indent for indent in indents if indent > 4]
    if len(deep) < 0.25 * len(region):
        return None
    usual = Counter(round(indent) for indent in deep).most_common(1)[0][0]
    # No style indents that far: the list is set in columns.
    if usual > 60:
        return None
    starts = [index for index, indent in enumerate(indents) if indent < 0.5 * usual]
    return starts if starts and len(starts) < 0.85 * len(region) else None


def _gap_starts(region: list[Line]) -> list[int] | None:
    """Starts of entries that stand apart from the one above; None when gaps are even."""
    steps = [
        round(below.y - above.y, 1)
        for above, below in itertools.pairwise(region)
        if (above.page, above.column) == (below.page, below.column) and below.y > above.y
    ]
    if len(steps) < 2:
        return None
    usual = min(step for step, count in Counter(steps).items() if count >= 0.08 * len(steps))
    wide = [step for step in steps if step > 1.2 * usual]
    if len(wide) < 0.1 * len(steps):
        return None
    starts = [0]
    for index in range(1, len(region)):
        above, line = region[index - 1], region[index]
        if (above.page, above.column) == (line.page, line.column) and line.y > above.y:
            if line.y - above.y > 1.2 * usual:
                starts.append(index)
        elif _ENDS_ENTRY.search(above.text) and _opens_entry(line.text):
            starts.append(index)
    return starts


def _worded_starts(region: list[Line]) -> list[int]:
    return [
        index
        for index in range(len(region))
        if index == 0 or (region[index - 1].text.endswith(".") and _opens_entry(region[index].text))
    ]


def _opens_entry(text: str) -> bool:
    names, end = read_names(text)
    return bool(names) and end > 5


def _group(region: list[Line], starts: list[int]) -> list[list[Line]]:
    ends = [*starts[1:], len(region)]
    return [region[start:end] for start, end in zip(starts, ends, strict=True)]
