"""Scores of an extraction against publishers' records, and the plain reader beside it."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pypdf import PdfReader
from rapidfuzz import fuzz

from papers.pdf.extraction import Extraction
from papers.pdf.reference_parsing import parse_reference
from papers.pdf.text_cleaning import fold


@dataclass
class Reading:
    """What one reader said about one paper, in the terms that are scored."""

    title: str = ""
    authors: list[str] = field(default_factory=list)
    abstract: str = ""
    year: int | None = None
    doi: str = ""
    references: list[tuple[str, str]] = field(default_factory=list)
    """(raw, title) of each entry."""


@dataclass
class Outcome:
    """One field of one paper: right or not, and what was expected and read."""

    file: str
    field: str
    right: bool
    expected: str
    read: str


def from_extraction(result: Extraction) -> Reading:
    """Our extraction as a Reading."""
    return Reading(
        result.title,
        [author.name for author in result.authors],
        result.abstract,
        result.year,
        result.doi,
        [(entry.raw, entry.title) for entry in result.references],
    )


def read_plainly(path: Path) -> Reading:
    """The yardstick: text of pypdf, first line as title, second as authors, words as marks."""
    pages = [page.extract_text() or "" for page in PdfReader(path).pages]
    lines = [line.strip() for line in pages[0].splitlines() if line.strip()]
    reading = Reading(title=lines[0] if lines else "")
    if len(lines) > 1:
        names = re.split(r",|\band\b|&", re.sub(r"[\d*\u2020\u2021]", "", lines[1]))
        reading.authors = [name.strip() for name in names if name.strip()]
    start = "\n".join(pages[:2])
    abstract = re.search(
        r"abstract\W*(.+?)\n(?:1\W+)?(?:introduction|keywords)", start, re.I | re.S
    )
    reading.abstract = abstract.group(1).replace("-\n", "").replace("\n", " ") if abstract else ""
    doi = re.search(r"10\.\d{4,9}/[^\s,;]+", pages[0])
    reading.doi = doi.group().rstrip(".").lower() if doi else ""
    year = re.search(r"\b(19|20)\d\d\b", pages[0])
    reading.year = int(year.group()) if year else None
    _, _, listed = "\n".join(pages).rpartition("\nReferences")
    entries = re.split(r"\n(?=\[\d+\]|\d+\.\s)", listed)
    if len(entries) < 3:
        entries = re.split(r"\.\n(?=[A-Z])", listed)
    for entry in entries:
        raw = " ".join(entry.split())
        if len(raw) > 20:
            parts = re.split(r"\.\s+", raw)
            reading.references.append((raw, parts[1] if len(parts) > 1 else ""))
    return reading


def score(truth: dict[str, Any], reading: Reading, printed: str) -> list[Outcome]:
    """All outcomes the truth allows. printed: folded text of the first two pages."""
    file = truth["file"]
    outcomes = []

    def add(name: str, right: bool, expected: object, read: object) -> None:
        outcomes.append(Outcome(file, name, right, str(expected), str(read)))

    title = fold(truth["title"])
    add("title", fold(reading.title) == title, truth["title"], reading.title)
    alike = fuzz.ratio(title, fold(reading.title)) >= 80
    add("title, similar", alike, truth["title"], reading.title)
    if truth.get("authors"):
        families = [author["family"] for author in truth["authors"]]
        add("authors", same_people(families, reading.authors), families, reading.authors)
        first = same_people(families[:1], reading.authors[:1])
        add("first author", first, families[:1], reading.authors[:1])
    if truth.get("abstract") and is_printed(truth["abstract"], printed):
        overlap = token_overlap(truth["abstract"], reading.abstract)
        add("abstract", overlap >= 0.95, truth["abstract"], reading.abstract)
    if truth.get("doi") and fold(truth["doi"]) in printed:
        add("doi", reading.doi == truth["doi"].lower(), truth["doi"], reading.doi)
    add("year", reading.year == truth["year"], truth["year"], reading.year)
    if truth.get("reference_count"):
        count = truth["reference_count"]
        close = abs(len(reading.references) - count) <= 0.05 * count
        add("reference count", close, count, len(reading.references))
    if truth.get("references_complete"):
        for reference in truth["references"]:
            if reference.get("title"):
                closest = _best_title(reference["title"], reading.references)
                add("reference title", closest[0], reference["title"], closest[1])
    return outcomes


def same_people(families: list[str], names: list[str]) -> bool:
    """Whether names end in these family names, one by one."""
    if len(families) != len(names):
        return False
    pairs = zip(families, names, strict=True)
    return all(fold(family) and fold(name).endswith(fold(family)) for family, name in pairs)


def token_overlap(expected: str, read: str) -> float:
    """Dice coefficient of the two bags of words, 0 to 1."""
    first, second = tokens(expected), tokens(read)
    total = sum(first.values()) + sum(second.values())
    return 2 * sum((first & second).values()) / total if total else 0.0


def tokens(text: str) -> Counter[str]:
    plain = re.sub(r"<[^>]+>|\$|\\[a-z]+", " ", text)
    return Counter(token for token in (fold(word) for word in plain.split()) if token)


def is_printed(abstract: str, printed: str) -> bool:
    """Whether the PDF prints this wording: nine in ten of its word triples are on the page.

    Some records carry another version of the abstract than the paper; those say nothing
    about reading. `printed` comes from pypdf, so ours cannot decide what it is asked.
    """
    plain = re.sub(r"<[^>]+>|\$|\\[a-z]+", " ", abstract)
    words = [word for word in (fold(word) for word in plain.split()) if word]
    triples = ["".join(words[place : place + 3]) for place in range(len(words) - 2)]
    return bool(triples) and sum(triple in printed for triple in triples) >= 0.9 * len(triples)


def _best_title(title: str, references: list[tuple[str, str]]) -> tuple[bool, str]:
    folded = fold(title)
    ranked = [(fuzz.ratio(folded, fold(read)), read) for _, read in references]
    best = max(ranked, default=(0.0, ""))
    return best[0] >= 80, best[1]


def first_pages_text(path: Path) -> str:
    """Folded text of the first two pages as pypdf reads them: what counts as printed."""
    return fold("".join(page.extract_text() or "" for page in PdfReader(path).pages[:2]))


def score_labelled(path: Path) -> dict[str, tuple[int, int]]:
    """(right, asked) per field over references that people took apart."""
    right: Counter[str] = Counter()
    totals: Counter[str] = Counter()

    def add(name: str, is_right: bool) -> None:
        totals[name] += 1
        right[name] += is_right

    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        fields, entry = record["fields"], parse_reference(record["raw"])
        if "title" in fields:
            wanted, got = fold(" ".join(fields["title"])), fold(entry.title)
            add("title, exact", wanted == got)
            add("title, similar", fuzz.ratio(wanted, got) >= 80)
        venue = fields.get("journal") or fields.get("container-title")
        if venue:
            alike = fuzz.ratio(fold(" ".join(venue)), fold(entry.venue)) >= 80
            add("venue, similar", alike)
        if "title" not in fields and "journal" in fields:
            add("no title, none read", not entry.title)
        years = re.findall(r"(?:1[5-9]|20)\d\d", " ".join(fields.get("date", [])))
        if years:
            add("year", str(entry.year) in years)
        if "doi" in fields:
            add("doi", bool(entry.doi) and fold(entry.doi) in fold(fields["doi"][0]))
        if "author" in fields:
            people = fold(" ".join(fields["author"])).replace("and", "")
            got = fold(" ".join(entry.authors)).replace("and", "")
            add("authors, similar", fuzz.ratio(people, got) >= 80)
    return {name: (right[name], totals[name]) for name in totals}


def reason(outcome: Outcome, result: Extraction) -> str:
    """Why a field came out wrong, as far as the texts themselves tell."""
    text, expected, read = fold(result.text), fold(outcome.expected), fold(outcome.read)
    if outcome.field == "abstract":
        missing = tokens(outcome.expected) - tokens(outcome.read)
        extra = tokens(outcome.read) - tokens(outcome.expected)
        return f"missing {missing.total()} words, {extra.total()} too many"
    if outcome.field == "reference count":
        method = result.confidence.get("references", 0.0)
        return f"entries counted in the PDF with confidence {method}; the record may be partial"
    if outcome.field == "authors" and sorted(expected) == sorted(read):
        return "the same people in another order than the record has them"
    if outcome.field == "year":
        return f"year taken with confidence {result.confidence.get('year', 0.0)}"
    if not read:
        return "nothing found in the place looked at"
    if outcome.field in ("title", "reference title") and expected not in text:
        return "the PDF prints it differently from the record"
    if read in expected:
        return "cut off too early: a full stop inside the title"
    if expected in read:
        return "runs on into what follows"
    return "the entry has no title of its own by the marks we know; another is nearest"
