"""DOIs, arXiv ids and years where a paper prints its own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>\u201c\u201d{}|\\^\[\]`]+", re.I)
ARXIV = re.compile(
    r"(?:arxiv(?:\.org/(?:abs|pdf)/|\s*[:.]?\s*(?:preprint\s*)?(?:arxiv)?\s*:?\s*)|abs/)"
    r"(\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})(?:v\d+)?",
    re.I,
)
_SPLIT_DOI = re.compile(r"(10\.\d{4,9}/)\s+(?=\S)")
YEAR = re.compile(r"(?<![\d.])(19[4-9]\d|20[0-4]\d)(?!\d|\.\d)")
_DATED = re.compile(
    r"(published|accepted|copyright|\u00a9|\(c\)|submitted|received|proceedings|conference|workshop"
    r"|journal|volume|vol\.|arxiv|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)",
    re.I,
)
_PUBLISHED = re.compile(r"published|copyright|\u00a9|proceedings|conference", re.I)


_ADDRESS = re.compile(
    r"(?:https?://|www\.)\S+|\b[\w.-]{1,80}\.(?:org|com|net|edu|io|gov|html?)\b\S*|\S{1,64}@\S+",
    re.I,
)
_TAKEN = re.compile(
    r"\b(?:down ?loaded|(?:accessed|retrieved|printed|generated) (?:on|from))\b", re.IGNORECASE
)
_GRANT = re.compile(
    r"\b(grants?|funded|funding|programme|horizon (?:2020|europe)|support(?:ed)? (?:by|from|of)"
    r"|project|award|fellowship|founded|since|agreement)\b",
    re.I,
)
# A bare year speaks for the paper where hardly anything else stands, as in "ICML 2021".
_SHORT = 40
_LINE = 500  # characters of a line that are looked at; lines of print are shorter


def find_doi(text: str) -> str:
    """The first DOI in a text, lower case, without trailing punctuation; "" when none."""
    match = DOI.search(_SPLIT_DOI.sub(r"\1", text))
    return tidy_doi(match.group()) if match else ""


# Registrants of data, code and slides: Zenodo, figshare, Dryad, Mendeley Data, Dataverse, OSF,
# Hugging Face, ICPSR, protocols.io, IEEE DataPort, Software Heritage mirrors.
_DEPOSITS = re.compile(
    r"10\.(?:5281|6084|5061|17632|7910|17605|57967|3886|17504|21227|5255|24432|35097|25452)/", re.I
)
_OF_ANOTHER = re.compile(
    r"\b(codes?|data|data ?sets?|software|source|repositor\w+|implementation|scripts?|models?"
    r"|weights|checkpoints|supplement\w*|appendix|artifacts?|archived?|benchmark|corpus"
    r"|(extended|preliminary|short|earlier|previous|conference|journal|full|long|companion) "
    r"(version|paper|article|abstract)|version of|we thank|thank|grateful|builds on|based on"
    r"|see also|cf\.|available (at|from|online|under|in)|as in|following|proposed (in|by)"
    r"|appeared (in|as)|erratum|correction to|comment on|reply to)(?!\w)",
    re.I,
)
_SENTENCE_END = re.compile(
    r"(?:[.!?]\s+(?=[A-Z\d\u2217*\u2020])|\n(?=(?:\d{1,2}|[*\u2020\u2021])\s?[A-Z]))"
)
# Characters before a DOI that may say whose it is: about two lines of a footnote.
_REACH = 160


@dataclass(frozen=True)
class OwnDoi:
    """A DOI that may be the paper's own. confidence: 0 to 1; below 0.8 it may be another's."""

    doi: str
    confidence: float


def find_own_doi(text: str) -> OwnDoi:
    """The paper's DOI among those printed around its title and at its edges.

    Those behind words of code, data, thanks or another version are of other works; those of
    repositories for data are believed by half, as some papers have no other.
    """
    text = _SPLIT_DOI.sub(r"\1", text)
    deposit = ""
    last_end = 0
    for match in DOI.finditer(text):
        start = max(0, match.start() - _REACH)
        # A DOI on a line above has had its say; one beside it shares what stands before both.
        if "\n" in text[last_end : match.start()]:
            start = max(start, last_end)
        last_end = match.end()
        before = _SENTENCE_END.split(text[start : match.start()])[-1]
        after = re.split(r"[.;\n]", text[match.end() : match.end() + 60])[0]
        if _OF_ANOTHER.search(before) or re.match(r"\s*\(?(code|data|software)\b", after, re.I):
            continue
        doi = tidy_doi(match.group())
        if not _DEPOSITS.match(doi):
            return OwnDoi(doi, 0.95)
        deposit = deposit or doi
    return OwnDoi(deposit, 0.5 if deposit else 0.0)


def tidy_doi(doi: str) -> str:
    """A DOI as it is registered: lower case, no sentence punctuation at the end."""
    doi = doi.rstrip(".,;:'\u2019*\u2020")
    while doi.endswith((")", "]", "}", ">")):
        closing = doi[-1]
        opening = {")": "(", "]": "[", "}": "{", ">": "<"}[closing]
        if doi.count(opening) >= doi.count(closing):
            break
        doi = doi[:-1].rstrip(".,;:")
    for tail in ("/pdf", ".pdf", "/full", "/abstract"):
        doi = doi.removesuffix(tail)
    return doi.lower()


def find_arxiv(text: str) -> str:
    """The first arXiv id in a text, without version; "" when none."""
    match = ARXIV.search(text)
    return match.group(1) if match else ""


def years_by_evidence(lines: Iterable[str]) -> list[tuple[int, float]]:
    """Years printed in lines with how well the line speaks for them, best first.

    A line that talks of publication counts most, one with any date word less. Addresses,
    grants, days on which somebody took a copy, and long lines that speak of something else state
    no year of the paper.
    """
    weighed: list[tuple[int, float]] = []
    for line in lines:
        line = _ADDRESS.sub(" ", line[:_LINE])
        if _GRANT.search(line) or _TAKEN.search(line):
            continue
        years = [int(year) for year in YEAR.findall(line)]
        if not years:
            continue
        dated = _PUBLISHED.search(line) or _DATED.search(line)
        if not dated and len(line) > _SHORT:
            continue
        # "Published" or "to appear" beats a date, which beats a bare year.
        weight = 0.9 if _PUBLISHED.search(line) else 0.6 if _DATED.search(line) else 0.2
        weighed.append((years[-1], weight))
    return sorted(weighed, key=lambda item: -item[1])
