"""RIS, as EndNote, Zotero, Mendeley and the publishers exchange it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

import rispy

from papers import identifiers
from papers.formats.citation import (
    AND_MORE,
    Author,
    Citation,
    Kind,
    Problem,
    Reading,
    author_of,
    one_line,
    page_range,
)
from papers.formats.markup import from_any
from papers.formats.name_lists import authors_of, is_others

_TYPE = {
    Kind.JOURNAL: "JOUR",
    Kind.CONFERENCE: "CONF",
    Kind.PREPRINT: "MANSCPT",
    Kind.REPORT: "RPRT",
    Kind.BOOK: "BOOK",
    Kind.CHAPTER: "CHAP",
    Kind.THESIS: "THES",
    Kind.OTHER: "GEN",
}
_KIND = {code: kind for kind, code in _TYPE.items()} | {
    "UNPB": Kind.PREPRINT,
    "UNPD": Kind.PREPRINT,
    "CPAPER": Kind.CONFERENCE,
    "EJOUR": Kind.JOURNAL,
    "MGZN": Kind.JOURNAL,
    "ECHAP": Kind.CHAPTER,
    "EBOOK": Kind.BOOK,
}
_RECORD = re.compile(
    r"^[ \t\u00a0]*(?:TY|ty)[ \t\u00a0]{0,3}[-\u2010-\u2015][ \t\u00a0]?", re.MULTILINE
)
_LINE = re.compile(
    r"^[ \t\u00a0]*([A-Z][A-Z0-9]|[a-z][a-z0-9]|DOI)([ \t\u00a0]{0,3})"
    r"[-\u2010-\u2015][ \t\u00a0]?(.*)$"
)
_TAGS = set(rispy.config.TAG_KEY_MAPPING) | {"YR", "BT", "CT"}
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_BEGINS_WITH_YEAR = re.compile(r"\s*(?:1[5-9]|20)\d\d(?!\d)")
_SURNAME_INITIALS = re.compile(
    r"((?:[a-z]+ )*[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?) ((?:[A-Z]\.?[ -]?){1,4})"
)
_SEVERAL = re.compile(
    r",[^;]*\w\s*;\s*\w|,.*\w\s+and\s+\w|[\u4e00-\u9fff]\s*[,，、;；]\s*[\u4e00-\u9fff]{2}"
)
_NEVER_IDENTIFYING = {"abstract", "notes_abstract", "title", "primary_title", "translated_title"}
"""Fields in which an arXiv id may be another work's; all others are where programs write it."""
_MAY_HOLD_DOI = ("M3", "L3", "LK", "N1")


def write(citations: Iterable[Citation]) -> str:
    """A .ris file; lines end in CR LF, as the format wants."""
    return "".join(_record(citation) for citation in citations)


def read(text: str) -> Reading:
    """The works of a .ris file. A damaged record costs itself alone and is reported.

    Lines that are a little off (one space, a tab or a long dash before the value, indentation) are
    read as they are meant.
    """
    reading = Reading()
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    starts = [match.start() for match in _RECORD.finditer(text)]
    if not starts and text.strip():
        reading.problems.append(Problem(1, "no record: a line such as `TY  - JOUR` was expected"))
    line = 1 + text.count("\n", 0, starts[0]) if starts else 1
    for start, end in pairwise([*starts, len(text)]):
        try:
            records = rispy.loads(_as_specified(text[start:end]))
            reading.citations += [_citation(record) for record in records]
        except (rispy.parser.ParseError, OSError, ValueError, LookupError, TypeError) as error:
            reading.problems.append(Problem(line, f"this record cannot be read ({error})"))
        line += text.count("\n", start, end)
    return reading


# --- Writing ------------------------------------------------------------------------------------


def _record(citation: Citation) -> str:
    lines = [("TY", _TYPE[citation.kind]), ("ID", citation.key), ("TI", citation.title)]
    lines += [("AU", author.inverted) for author in citation.authors]
    first, _, last = page_range(citation.pages).partition("-")
    lines += [
        ("PY", str(citation.year or "")),
        ("DA", _date(citation)),
        ("JO" if citation.kind is Kind.JOURNAL else "T2", citation.container),
        ("C3", citation.container if citation.kind is Kind.CONFERENCE else ""),
        ("M3", "preprint" if citation.kind is Kind.PREPRINT else ""),
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
        ("N1", AND_MORE if citation.and_others else ""),
    ]
    body = "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in lines if value)
    return body + "ER  - \r\n"


def _date(citation: Citation) -> str:
    """ "2018/05//", as RIS wants dates that have no day; "2018///" without the month."""
    month = f"{citation.month:02}" if citation.month else ""
    return f"{citation.year}/{month}//" if citation.year else ""


def _other_addresses(citation: Citation) -> list[str]:
    """Addresses of the identifiers that RIS has no tag for."""
    given = (
        (identifiers.Scheme.OPENREVIEW, citation.openreview),
        (identifiers.Scheme.ACL, citation.acl),
    )
    addresses = [identifiers.Identifier(scheme, value).url for scheme, value in given if value]
    return [address for address in addresses if address != citation.url]


# --- Reading ------------------------------------------------------------------------------------


def _as_specified(record: str) -> str:
    """`record` with its tags written as the format wants, and with the end mark that careless
    programs leave out. Lines of a long text that look like a tag stay text where the record
    itself writes its tags well."""
    lines = record.split("\n")
    is_exact = lines[0].startswith("TY  - ")
    kept = [_as_tag(line, is_exact) for line in lines]
    if not any(line.startswith("ER  -") for line in kept):
        kept.append("ER  - ")
    return "\n".join(kept) + "\n"


def _as_tag(line: str, is_exact: bool) -> str:
    match = _LINE.match(line)
    tag = match[1].upper()[:2] if match else ""
    if not match or tag not in _TAGS or (is_exact and (len(match[2]) != 2 or match[1].islower())):
        return line
    return f"{tag}  - {match[3].strip()}"


def _citation(record: dict) -> Citation:
    listed = record.get("authors") or record.get("first_authors") or []
    authors, and_others = _authors(listed)
    notes = [note for note in record.get("notes", []) if one_line(note) != AND_MORE]
    urls = [url.strip() for url in record.get("urls", [])]
    pages = [record.get("start_page", ""), record.get("end_page", "")]
    return Citation(
        key=record.get("id", ""),
        kind=_KIND.get(record.get("type_of_reference", ""), Kind.OTHER),
        title=from_any(_title(record)),
        authors=authors,
        and_others=and_others or len(notes) < len(record.get("notes", [])),
        year=_year(record),
        month=_month(record),
        container=from_any(_container(record)),
        publisher=from_any(record.get("publisher", "")),
        volume=record.get("volume", ""),
        issue=record.get("number", ""),
        pages=page_range("-".join(page for page in pages if page)),
        url=urls[0] if urls else "",
        abstract=from_any(record.get("abstract") or record.get("notes_abstract") or ""),
        keywords=tuple(one_line(word) for word in record.get("keywords", [])),
        note=one_line(" ".join(notes)),
        **_identifiers(record, urls),
    )


def _authors(listed: list[str]) -> tuple[tuple[Author, ...], bool]:
    """The persons of the AU lines; some programs write several into one line.

    "Huang G" is a surname with initials where every line of the record is written so.
    """
    lines = [one_line(line) for line in listed if line.strip()]
    listed = [line for line in lines if not is_others(line)]
    and_others = len(listed) < len(lines)
    if listed and all(_SURNAME_INITIALS.fullmatch(line) for line in listed):
        matches = (_SURNAME_INITIALS.fullmatch(line) for line in listed)
        initials = ((m[1], re.findall(r"[A-Z]", m[2])) for m in matches if m)
        return tuple(
            Author(f, " ".join(f"{x}." for x in given)) for f, given in initials
        ), and_others
    authors: list[Author] = []
    for line in listed:
        if _SEVERAL.search(line):
            several, others = authors_of(line)
            authors, and_others = [*authors, *several], and_others or others
        else:
            authors.append(_author(line))
    return tuple(authors), and_others


def _author(name: str) -> Author:
    """RIS writes persons with a comma; a name without one is a group or a single name."""
    return author_of(name) if "," in name else Author(one_line(name))


def _title(record: dict) -> str:
    unknown = record.get("unknown_tag", {})
    others = [unknown.get(tag, [""])[0] for tag in ("BT", "CT")]
    names = ("title", "primary_title", "translated_title")
    texts = [*(record.get(name) for name in names), *others, record.get("short_title")]
    return next((text for text in texts if text), "")


def _dates(record: dict) -> list[str]:
    unknown = record.get("unknown_tag", {})
    given = [record.get(name, "") for name in ("year", "publication_year", "date")]
    # DP is the date of publication with some programs, with others the name of a database.
    published = str(record.get("database_provider", ""))
    published = published if _BEGINS_WITH_YEAR.match(published) else ""
    return [*given, unknown.get("YR", [""])[0], published]


def _year(record: dict) -> int | None:
    matches = (_YEAR.search(str(date)) for date in _dates(record))
    return next((int(match[0]) for match in matches if match), None)


def _month(record: dict) -> int | None:
    for date in _dates(record):
        match = re.match(r"\d{4}[/-](\d{1,2})", str(date))
        if match and 1 <= int(match[1]) <= 12:
            return int(match[1])
    return None


def _container(record: dict) -> str:
    tags = ("journal_name", "secondary_title", "alternate_title3", "alternate_title2", "custom3")
    return next((str(record[tag]) for tag in tags if record.get(tag)), "")


def _identifiers(record: dict, urls: list[str]) -> dict[str, str]:
    keys = rispy.config.TAG_KEY_MAPPING
    notes = [_joined(record.get(keys.get(tag, tag))) for tag in _MAY_HOLD_DOI]
    notes += [_joined(record.get("unknown_tag", {}).get(tag)) for tag in _MAY_HOLD_DOI]
    elsewhere = " ".join(
        _joined(value) for name, value in record.items() if name not in _NEVER_IDENTIFYING
    )
    texts = [
        *("doi:" + doi for doi in identifiers.dois_in(record.get("doi", ""))),
        record.get("accession_number", ""),
        *urls,
        *("doi:" + doi for note in notes for doi in identifiers.own_dois_in(note)),
        *("arXiv:" + value for value in identifiers.arxiv_ids_in(elsewhere)),
    ]
    ids: dict[str, str] = {}
    for text in texts:
        identifier = identifiers.recognise(text)
        if identifier and identifier.certain:
            ids.setdefault(identifier.scheme.value, identifier.value)
    return ids


def _joined(value: object) -> str:
    """A field as one text, whether it may stand once, often, or under names we do not know."""
    if isinstance(value, dict):
        return " ".join(_joined(part) for part in value.values())
    return " ".join(map(str, value)) if isinstance(value, list) else str(value or "")
