"""BibTeX, written in the manner of the ACL Anthology and read in whatever manner it comes."""

from __future__ import annotations

import re
from collections.abc import Iterable

from papers import identifiers
from papers.formats.bibtex_syntax import MONTHS, Entry, entries
from papers.formats.citation import Author, Citation, Kind, Reading, author_of, page_range
from papers.formats.tex import from_tex, protect_capitals, to_tex

_ENTRY_TYPE = {
    Kind.JOURNAL: "article",
    Kind.CONFERENCE: "inproceedings",
    Kind.PREPRINT: "misc",
    Kind.REPORT: "techreport",
    Kind.BOOK: "book",
    Kind.CHAPTER: "incollection",
    Kind.THESIS: "phdthesis",
    Kind.OTHER: "misc",
}
_CONTAINER_FIELD = {
    Kind.JOURNAL: "journal",
    Kind.CONFERENCE: "booktitle",
    Kind.CHAPTER: "booktitle",
}
_PUBLISHER_FIELD = {Kind.REPORT: "institution", Kind.THESIS: "school"}
_KIND = {
    "article": Kind.JOURNAL,
    "inproceedings": Kind.CONFERENCE,
    "conference": Kind.CONFERENCE,
    "techreport": Kind.REPORT,
    "report": Kind.REPORT,
    "book": Kind.BOOK,
    "proceedings": Kind.BOOK,
    "incollection": Kind.CHAPTER,
    "inbook": Kind.CHAPTER,
    "phdthesis": Kind.THESIS,
    "mastersthesis": Kind.THESIS,
    "thesis": Kind.THESIS,
}


def write(citations: Iterable[Citation]) -> str:
    """A .bib file."""
    return "\n".join(_entry(citation) for citation in citations)


def read(text: str) -> Reading:
    """The works of a .bib file. A damaged entry costs itself alone and is reported."""
    reading = Reading()
    for entry in entries(text, reading.problems):
        reading.citations.append(_citation(entry))
    return reading


# --- Writing ------------------------------------------------------------------------------------


def _entry(citation: Citation) -> str:
    body = "".join(f"  {name} = {value},\n" for name, value in _fields(citation) if value)
    return f"@{_ENTRY_TYPE[citation.kind]}{{{citation.key},\n{body}}}\n"


def _fields(citation: Citation) -> list[tuple[str, str]]:
    return [
        ("title", _braced(protect_capitals(citation.title))),
        ("author", _braced(_author_list(citation))),
        (
            _CONTAINER_FIELD.get(citation.kind, "howpublished"),
            _braced(to_tex(citation.container)),
        ),
        ("month", MONTHS[citation.month - 1] if citation.month else ""),
        ("year", _braced(str(citation.year or ""))),
        (_PUBLISHER_FIELD.get(citation.kind, "publisher"), _braced(to_tex(citation.publisher))),
        ("volume", _braced(to_tex(citation.volume))),
        ("number", _braced(to_tex(citation.issue))),
        ("pages", _braced(page_range(citation.pages, "--"))),
        ("doi", _verbatim(citation.doi)),
        ("eprint", _verbatim(citation.arxiv)),
        ("archiveprefix", _braced("arXiv" if citation.arxiv else "")),
        ("openreview", _verbatim(citation.openreview)),
        ("acl", _verbatim(citation.acl)),
        ("url", _verbatim(citation.url)),
        ("abstract", _braced(to_tex(citation.abstract))),
        ("keywords", _braced(", ".join(map(to_tex, citation.keywords)))),
        ("note", _braced(to_tex(citation.note))),
    ]


def _author_list(citation: Citation) -> str:
    listed = [_author(author) for author in citation.authors]
    return " and ".join(listed + (["others"] if citation.and_others else []))


def _author(author: Author) -> str:
    if not author.given:
        return f"{{{to_tex(author.family)}}}"
    parts = [author.family, author.suffix, author.given]
    return ", ".join(_shielded(to_tex(part)) for part in parts if part)


def _shielded(part: str) -> str:
    """The word "and" separates authors and the comma parts of names: braces take both back."""
    return f"{{{part}}}" if re.search(r",|\band\b", part) else part


def _braced(value: str) -> str:
    return f"{{{value}}}" if value else ""


def _verbatim(value: str) -> str:
    """Identifiers and addresses are not TeX; braces inside them would end the field early."""
    return _braced(value.replace("{", "%7B").replace("}", "%7D"))


# --- Reading ------------------------------------------------------------------------------------


def _citation(entry: Entry) -> Citation:
    given = entry.fields
    authors, and_others = _authors(given.get("author") or given.get("editor") or "")
    url = given.get("url", "").replace(r"\_", "_").replace(r"\%", "%").strip()
    ids = _identifiers(given, url)
    year = re.search(r"\d{4}", given.get("year") or given.get("date") or "")
    return Citation(
        key=entry.key,
        kind=_kind(entry, ids),
        title=from_tex(given.get("title", "")),
        authors=authors,
        and_others=and_others,
        year=int(year[0]) if year else None,
        month=_month(given.get("month", "")),
        container=from_tex(
            given.get("booktitle")
            or given.get("journal")
            or given.get("journaltitle")
            or given.get("howpublished", "")
        ),
        publisher=from_tex(
            given.get("publisher") or given.get("institution") or given.get("school", "")
        ),
        volume=from_tex(given.get("volume", "")),
        issue=from_tex(given.get("number") or given.get("issue", "")),
        pages=page_range(from_tex(given.get("pages", ""))),
        url=url,
        abstract=from_tex(given.get("abstract", "")),
        keywords=_keywords(given.get("keywords", "")),
        note=from_tex(given.get("note", "")),
        **ids,
    )


def _kind(entry: Entry, ids: dict[str, str]) -> Kind:
    kind = _KIND.get(entry.type, Kind.OTHER)
    journal = entry.fields.get("journal", "")
    if kind is Kind.JOURNAL and re.match(r"(arXiv|CoRR|ArXiv)", journal):
        return Kind.PREPRINT  # as Google Scholar and DBLP write preprints
    return Kind.PREPRINT if kind is Kind.OTHER and ids.get("arxiv") else kind


def _identifiers(given: dict[str, str], url: str) -> dict[str, str]:
    """Values of doi, arxiv, openreview and acl, from their own fields or else from the address."""
    sources = [
        "doi:" + from_tex(given["doi"]) if given.get("doi") else "",
        "arXiv:" + given["eprint"] if _is_arxiv_eprint(given) else "",
        "openreview:" + given["openreview"] if given.get("openreview") else "",
        "acl:" + given["acl"] if given.get("acl") else "",
        url,
        *re.findall(r"arXiv:\S+", given.get("journal", "") + " " + given.get("note", "")),
    ]
    ids: dict[str, str] = {}
    for source in sources:
        identifier = identifiers.recognise(source)
        if identifier and identifier.certain:
            ids.setdefault(identifier.scheme.value, identifier.value)
    return ids


def _is_arxiv_eprint(given: dict[str, str]) -> bool:
    prefix = given.get("archiveprefix") or given.get("eprinttype") or "arXiv"
    return bool(given.get("eprint")) and prefix.lower() == "arxiv"


def _authors(field: str) -> tuple[tuple[Author, ...], bool]:
    names = [name for name in _split_outside_braces(field, r"\s+and\s+") if name.strip()]
    and_others = bool(names) and names[-1].strip().lower() == "others"
    return tuple(_read_author(name) for name in names[: -1 if and_others else None]), and_others


def _read_author(name: str) -> Author:
    name = name.strip()
    if name.startswith("{") and _closing(name) == len(name) - 1:
        return Author(from_tex(name))
    parts = [from_tex(part) for part in _split_outside_braces(name, r",")]
    if len(parts) == 1:
        return author_of(parts[0])
    if len(parts) > 2:  # "Family, Jr., Given"
        return Author(parts[0], parts[2], parts[1])
    return Author(parts[0], parts[1])


def _closing(text: str) -> int:
    """Index of the brace that closes the one at the start; -1 when it stays open."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if depth == 0:
            return index
    return -1


def _split_outside_braces(text: str, separator: str) -> list[str]:
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"[{{}}]|{separator}", text):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
        elif depth <= 0:
            parts.append(text[start : match.start()])
            start = match.end()
    return [*parts, text[start:]]


def _month(field: str) -> int | None:
    word = field.strip().lower()
    if word.isdigit() and 1 <= int(word) <= 12:
        return int(word)
    return MONTHS.index(word[:3]) + 1 if word[:3] in MONTHS else None


def _keywords(field: str) -> tuple[str, ...]:
    words = (from_tex(word) for word in re.split(r"[,;]", field))
    return tuple(word for word in words if word)
