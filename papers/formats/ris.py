"""RIS, as EndNote, Zotero, Mendeley and the publishers exchange it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import rispy

from papers import identifiers
from papers.formats.citation import (
    Author,
    Citation,
    Kind,
    Problem,
    Reading,
    author_of,
    one_line,
    page_range,
)

_TYPE = {
    Kind.JOURNAL: "JOUR",
    Kind.CONFERENCE: "CONF",
    Kind.PREPRINT: "UNPB",
    Kind.REPORT: "RPRT",
    Kind.BOOK: "BOOK",
    Kind.CHAPTER: "CHAP",
    Kind.THESIS: "THES",
    Kind.OTHER: "GEN",
}
_KIND = {code: kind for kind, code in _TYPE.items()} | {
    "CPAPER": Kind.CONFERENCE,
    "EJOUR": Kind.JOURNAL,
    "MGZN": Kind.JOURNAL,
    "ECHAP": Kind.CHAPTER,
    "EBOOK": Kind.BOOK,
}
_OTHERS = "et al."
_RECORD = re.compile(r"^TY {1,2}-", re.MULTILINE)


def write(citations: Iterable[Citation]) -> str:
    """A .ris file; lines end in CR LF, as the format wants."""
    return "".join(_record(citation) for citation in citations)


def read(text: str) -> Reading:
    """The works of a .ris file. A damaged record costs itself alone and is reported."""
    reading = Reading()
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _RECORD.finditer(text)]
    if not starts and text.strip():
        reading.problems.append(Problem(1, "no record: a line such as `TY  - JOUR` was expected"))
    for start, end in pairwise([*starts, len(text)]):
        line = text.count("\n", 0, start) + 1
        try:
            entries = rispy.loads(_closed(text[start:end]))
        except (rispy.parser.ParseError, OSError, ValueError, KeyError, IndexError) as error:
            reading.problems.append(Problem(line, f"this record cannot be read ({error})"))
            continue
        reading.citations += [_citation(record) for record in entries]
    return reading


# --- Writing ------------------------------------------------------------------------------------


def _record(citation: Citation) -> str:
    lines = [("TY", _TYPE[citation.kind]), ("ID", citation.key), ("TI", citation.title)]
    lines += [("AU", author.inverted) for author in citation.authors]
    lines += [("AU", _OTHERS)] if citation.and_others else []
    first, _, last = page_range(citation.pages).partition("-")
    lines += [
        ("PY", str(citation.year or "")),
        ("DA", _date(citation)),
        ("JO" if citation.kind is Kind.JOURNAL else "T2", citation.container),
        ("PB", citation.publisher),
        ("VL", citation.volume),
        ("IS", citation.issue),
        ("SP", first),
        ("EP", last),
        ("DO", citation.doi),
        ("AN", f"arXiv:{citation.arxiv}" if citation.arxiv else ""),
        ("UR", citation.url),
        *(("UR", url) for url in _other_addresses(citation)),
        ("AB", citation.abstract),
        *(("KW", word) for word in citation.keywords),
        ("N1", citation.note),
    ]
    body = "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in lines if value)
    return body + "ER  - \r\n"


def _date(citation: Citation) -> str:
    return f"{citation.year}/{citation.month:02}//" if citation.year and citation.month else ""


def _other_addresses(citation: Citation) -> list[str]:
    """Addresses of the identifiers that RIS has no tag for."""
    given = (
        (identifiers.Scheme.OPENREVIEW, citation.openreview),
        (identifiers.Scheme.ACL, citation.acl),
    )
    addresses = [identifiers.Identifier(scheme, value).url for scheme, value in given if value]
    return [address for address in addresses if address != citation.url]


# --- Reading ------------------------------------------------------------------------------------


def _closed(record: str) -> str:
    """`record` with its end mark, which careless programs leave out."""
    return record if re.search(r"^ER {1,2}-", record, re.MULTILINE) else record + "\nER  - \n"


def _citation(record: dict) -> Citation:
    authors = record.get("authors") or record.get("first_authors") or []
    and_others = bool(authors) and authors[-1].strip() == _OTHERS
    urls = [url.strip() for url in record.get("urls", [])]
    year = re.search(r"\d{4}", record.get("year") or record.get("publication_year") or "")
    month = re.match(r"\d{4}/(\d{1,2})", record.get("date", ""))
    pages = [record.get("start_page", ""), record.get("end_page", "")]
    return Citation(
        key=record.get("id", ""),
        kind=_KIND.get(record.get("type_of_reference", ""), Kind.OTHER),
        title=one_line(record.get("title") or record.get("primary_title") or ""),
        authors=tuple(_author(name) for name in authors[: -1 if and_others else None]),
        and_others=and_others,
        year=int(year[0]) if year else None,
        month=int(month[1]) if month else None,
        container=one_line(_container(record)),
        publisher=one_line(record.get("publisher", "")),
        volume=record.get("volume", ""),
        issue=record.get("number", ""),
        pages=page_range("-".join(page for page in pages if page)),
        url=urls[0] if urls else "",
        abstract=one_line(record.get("abstract") or record.get("notes_abstract") or ""),
        keywords=tuple(one_line(word) for word in record.get("keywords", [])),
        note=one_line(" ".join(record.get("notes", []))),
        **_identifiers(record, urls),
    )


def _author(name: str) -> Author:
    """RIS writes persons with a comma; a name without one is a group or a single name."""
    return author_of(name) if "," in name else Author(one_line(name))


def _container(record: dict) -> str:
    tags = ("journal_name", "secondary_title", "alternate_title3", "alternate_title2")
    return next((record[tag] for tag in tags if record.get(tag)), "")


def _identifiers(record: dict, urls: list[str]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for text in ["doi:" + record.get("doi", ""), record.get("accession_number", ""), *urls]:
        identifier = identifiers.recognise(text)
        if identifier and identifier.certain:
            ids.setdefault(identifier.scheme.value, identifier.value)
    return ids
