"""What somebody pasted: identifiers, a bibliography file, or references as a paper prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from papers.formats import bibtex, csl, ris
from papers.formats.citation import Reading
from papers.identifiers import Identifier, recognise
from papers.ingest.candidate import Candidate, from_citation
from papers.pdf.identifiers_in_text import find_arxiv, find_doi
from papers.pdf.reference_parsing import parse_reference

LONGEST = 500_000
MOST_WORKS = 500
_BIBTEX = re.compile(r"^\s*@\w+\s*[{(]", re.MULTILINE)
_RIS = re.compile(r"^\s*TY\s{2}-", re.MULTILINE)
_FORUM = re.compile(r"https?://openreview\.net/(?:forum|pdf)\?id=[\w-]+", re.IGNORECASE)
_SPLIT = re.compile(r"[\s,;]+")
_LABEL = re.compile(r"^\s*(\[\d+\]|\d{1,3}[.)])\s+")


@dataclass
class Pasted:
    """Works to look up, works that are told in full, and what was not understood."""

    identifiers: list[Identifier] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def understand(text: str) -> Pasted:
    """Take a pasted text apart. Never raises; what cannot be read is told in `problems`."""
    pasted = Pasted()
    if len(text) > LONGEST:
        pasted.problems.append(f"Only the first {LONGEST:,} characters were looked at.")
        text = text[:LONGEST]
    text = text.replace("\x00", "")
    if text.lstrip()[:1] in ("[", "{") and '"' in text:
        _take(csl.read(text), "csl", "CSL-JSON", pasted)
    elif entry := _RIS.search(text):
        _take_lone_identifiers(text[: entry.start()], pasted)
        _take(ris.read(text), "ris", "RIS", pasted)
    elif entry := _BIBTEX.search(text):
        _take_lone_identifiers(text[: entry.start()], pasted)
        _take(bibtex.read(text), "bibtex", "BibTeX", pasted)
    else:
        _take_lines(text, pasted)
    _no_more_than(MOST_WORKS, pasted)
    return pasted


def _take(reading: Reading, origin: str, name: str, pasted: Pasted) -> None:
    for citation in reading.citations:
        source = f"{name} {citation.key}".strip()
        candidate = from_citation(citation, origin, source[:120])
        if candidate.title:
            pasted.candidates.append(candidate)
        else:
            pasted.problems.append(f"{source}: the entry has no title.")
    pasted.problems += [str(problem) for problem in reading.problems]
    if not reading.citations and not reading.problems:
        pasted.problems.append(f"There is no entry in this {name}.")


def _take_lone_identifiers(text: str, pasted: Pasted) -> None:
    """Lines of identifiers above a bibliography; what else stands there is a comment."""
    for line in text.splitlines():
        identifiers = [recognise(word) for word in _SPLIT.split(line) if word]
        if all(identifiers):
            pasted.identifiers += [identifier for identifier in identifiers if identifier]


def _take_lines(text: str, pasted: Pasted) -> None:
    known: dict[str, Identifier] = {}
    for part in _parts(text):
        words = [word for word in _SPLIT.split(part) if word]
        whole = recognise(part)
        each = [whole] if whole else [recognise(word) for word in words]
        if all(each):
            known |= {str(identifier): identifier for identifier in each if identifier}
        elif (inside := _identifier_inside(part)) is not None:
            known[str(inside)] = inside
        else:
            _take_reference(part, pasted)
    pasted.identifiers += known.values()


def _parts(text: str) -> list[str]:
    """References as they are printed: one a line, or one a paragraph when lines are broken."""
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", text)]
    paragraphs = [p for p in paragraphs if p]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    labelled = sum(bool(_LABEL.match(line)) for line in lines)
    if len(paragraphs) > 1 or (labelled == 1 and _LABEL.match(lines[0])):
        return paragraphs
    return lines


def _identifier_inside(part: str) -> Identifier | None:
    if forum := _FORUM.search(part):
        return recognise(forum.group())
    if arxiv := find_arxiv(part):
        return recognise(arxiv)
    if doi := find_doi(part):
        return recognise(doi)
    return None


def _take_reference(part: str, pasted: Pasted) -> None:
    reference = parse_reference(part)
    if not reference.title or not reference.authors:
        pasted.problems.append(
            f"“{part[:80]}” is neither an identifier nor a reference with authors and title."
        )
        return
    candidate = Candidate(
        title=reference.title,
        origin="text",
        source="pasted reference",
        authors=tuple(reference.authors),
        year=reference.year,
        venue=reference.venue,
        confidence=dict.fromkeys(("title", "authors", "year", "venue"), 0.6),
    )
    pasted.candidates.append(candidate.cleaned())


def _no_more_than(most: int, pasted: Pasted) -> None:
    if len(pasted.identifiers) + len(pasted.candidates) > most:
        pasted.problems.append(f"Only the first {most} works are taken at once.")
        pasted.identifiers = pasted.identifiers[:most]
        pasted.candidates = pasted.candidates[: most - len(pasted.identifiers)]
