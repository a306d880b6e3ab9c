"""What somebody pasted: identifiers, a bibliography file, or references as a paper prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import takewhile

from papers.formats import bibtex, csl, ris
from papers.formats.citation import Reading
from papers.identifiers import Identifier, Scheme, all_in, recognise
from papers.ingest.candidate import LIST_GOES_ON, Candidate, from_citation
from papers.pdf.reference_parsing import parse_reference

LONGEST = 500_000
_LOST_LETTERS = (
    "The text contains “\ufffd”, where letters were lost before it came here. "
    "Save the file as UTF-8 from the program that made it, and send it again."
)
_READ_WRONGLY = re.compile("[ÂÃÄÅ][\u0080-\u00bf\u0152-\u0192\u02c6\u02dc\u2013-\u2122]|â€")
MOST_WORKS = 500
LONGEST_LINE = 4_000
"""Characters of one reference that are looked at; a hundred authors and a title have fewer."""
_JSON = re.compile(r"\s*(?:\[\s*[{\]]|\{\s*[\"}])")
_BIBTEX = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE)
_RIS = re.compile(r"^[ \t\u00a0]*TY[ \t\u00a0]{0,3}[-\u2010-\u2015]", re.MULTILINE)
_OTHER_FORMATS = (
    ("EndNote's tagged format", re.compile(r"\A\s*%0 .*\n%[A-Z] ")),
    ("PubMed's format", re.compile(r"\A\s*PMID- ?\d+\s*$", re.MULTILINE)),
    ("EndNote's printed format", re.compile(r"\A\s*Reference Type: .*\n[A-Z][a-z]+: ")),
    ("the format of the Web of Science", re.compile(r"\A\s*FN .*\nVR \d")),
)
_EMPHASIS = re.compile(r"(\*{1,3}|(?<!\w)_{1,3})(?=\S)(.{1,400}?)(?<=\S)\1(?!\w)")
_BOLD_FIRST = re.compile(r"\A\W{0,4}(?:\[?\d{0,3}[.)\]]\s*)?(\*\*|__)(?=\S)(.{6,300}?)(?<=\S)\1")
_SPLIT = re.compile(r"[\s,;]+")
_INDENTED = re.compile(r"[ \t]{2}|\t")
_ET_AL = re.compile(r"\bet\.? ?al\b|\band others\b|…|\.{3}|等[.．,，。]?\s*$", re.IGNORECASE)
_LABEL = re.compile(r"^\s*(\[\d+\]|\d{1,3}[.)])\s+")
_ENDED = re.compile(
    r"(?:(?<!\b[A-Z])(?<!\bProc)(?<!\bConf)(?<!\bInt)(?<!\bTrans)(?<!\bAdv)(?<!\bSymp)(?<!\bMach)"
    r"(?<!\bComput)(?<!\bvol)(?<!\bno)(?<!\bpp)(?<!\bed)(?<!\beds)(?<!\bal)\.|。)$"
)
"""A full stop that is none of an abbreviation."""


@dataclass
class Pasted:
    """Works to look up, works that are told in full, and what was not understood."""

    identifiers: list[Identifier] = field(default_factory=list)
    candidates: list[Candidate] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    printed: dict[str, Candidate] = field(default_factory=dict)
    """By identifier, the reference in which it stands: it speaks where the source is silent."""


def understand(text: str) -> Pasted:
    """Take a pasted text apart. Never raises; what cannot be read is told in `problems`."""
    pasted = Pasted()
    if len(text) > LONGEST:
        pasted.problems.append(f"Only the first {LONGEST:,} characters were looked at.")
        text = text[:LONGEST]
    text = text.replace("\x00", "").removeprefix("\ufeff")
    if "\ufffd" in text:
        pasted.problems.append(_LOST_LETTERS)
    if other := next((name for name, mark in _OTHER_FORMATS if mark.search(text)), ""):
        pasted.problems.append(
            f"This is {other}, which is not read here. Export it as BibTeX, RIS or CSL-JSON."
        )
    elif _JSON.match(text):
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
        candidate = _with_doubts(from_citation(citation, origin, source[:120]))
        if candidate.title:
            pasted.candidates.append(candidate)
        else:
            pasted.problems.append(f"{source}: the entry has no title.")
    pasted.problems += [str(problem) for problem in reading.problems]
    if not reading.citations and not reading.problems:
        pasted.problems.append(f"There is no entry in this {name}.")


def _with_doubts(candidate: Candidate) -> Candidate:
    """With a warning where letters were read in another encoding before they came here."""
    for text in (candidate.title, *candidate.authors):
        if (meant := _as_meant(text)) != text:
            doubt = f"“{text[:60]}” looks like “{meant[:60]}”, saved in another encoding."
            return replace(candidate, warnings=(*candidate.warnings, doubt))
    return candidate


def _as_meant(text: str) -> str:
    """ "MÃ¼ller", which is UTF-8 read as Windows-1252, as "Müller"; other texts as they are."""
    if not _READ_WRONGLY.search(text):
        return text
    try:
        return text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


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
        whole = recognise(part) if len(part) <= 500 else None
        # The first word that is no identifier makes the line a text.
        each = [whole] if whole else list(takewhile(bool, map(recognise, words)))
        if whole or len(each) == len(words):
            known |= {str(identifier): identifier for identifier in each if identifier}
        else:
            known |= {str(identifier): identifier for identifier in _take_text(part, pasted)}
    pasted.identifiers += known.values()


def _take_text(part: str, pasted: Pasted) -> list[Identifier]:
    """A reference with what it says of itself, else the identifiers that a sentence mentions."""
    inside = all_in(part[:LONGEST_LINE])
    schemes = [identifier.scheme for identifier in inside]
    if not inside:
        _take_reference(part, pasted)
        return []
    reference = _reference(part) if len(schemes) == len(set(schemes)) else None
    if reference is None:
        return inside
    # A reference may give both the arXiv id and the DOI of its work.
    own = next((one for one in inside if one.scheme is Scheme.ARXIV), inside[0])
    pasted.printed[str(own)] = reference
    return [own]


def _parts(text: str) -> list[str]:
    """References as they are printed: one a line, or one a paragraph when lines are broken.

    A line goes on the one above when it is indented, or when it has no label in a list of
    labelled references and the line above does not end in a full stop of its own."""
    paragraphs = [" ".join(p.split()) for p in re.split(r"\n\s*\n", text)]
    paragraphs = [p for p in paragraphs if p]
    lines = [line.rstrip() for line in text.splitlines() if line.strip()]
    labelled = sum(bool(_LABEL.match(line)) for line in lines)
    if len(paragraphs) > 1 or (labelled == 1 and _LABEL.match(lines[0])):
        return paragraphs
    are_labelled = labelled > 1 and bool(_LABEL.match(lines[0]))
    parts: list[str] = []
    for line in lines:
        is_open = are_labelled and not _ENDED.search(parts[-1]) if parts else False
        goes_on = _INDENTED.match(line) or (is_open and not _LABEL.match(line))
        if parts and goes_on and not _INDENTED.match(lines[0]):
            parts[-1] += " " + line.strip()
        else:
            parts.append(line.strip())
    return parts


def _plain_text(part: str) -> str:
    """Markdown without its marks; a title in bold at the beginning in quotation marks."""
    part = _BOLD_FIRST.sub(lambda bold: f"“{bold[2].rstrip('.,')}” ", part, count=1)
    return _EMPHASIS.sub(r"\2", part)


def _take_reference(part: str, pasted: Pasted) -> None:
    reference = _reference(part)
    if reference is not None:
        pasted.candidates.append(reference)
        return
    pasted.problems.append(
        f"“{part[:80]}” is neither an identifier nor a reference with authors and title."
    )


def _reference(part: str) -> Candidate | None:
    """What a printed reference says of its work; None for what has no authors or no title."""
    printed = parse_reference(_plain_text(part[:LONGEST_LINE]))
    if not printed.title or not printed.authors:
        return None
    names, title, _ = part.partition(printed.title)
    goes_on = bool(title and _ET_AL.search(names))
    return Candidate(
        title=printed.title,
        origin="text",
        source="pasted reference",
        authors=tuple(printed.authors),
        and_others=goes_on,
        warnings=(LIST_GOES_ON,) if goes_on else (),
        year=printed.year,
        venue=printed.venue,
        arxiv=printed.arxiv,
        doi=printed.doi,
        confidence=dict.fromkeys(("title", "authors", "year", "venue", "arxiv", "doi"), 0.6),
    ).cleaned()


def _no_more_than(most: int, pasted: Pasted) -> None:
    if len(pasted.identifiers) + len(pasted.candidates) > most:
        pasted.problems.append(f"Only the first {most} works are taken at once.")
        pasted.identifiers = pasted.identifiers[:most]
        pasted.candidates = pasted.candidates[: most - len(pasted.identifiers)]
