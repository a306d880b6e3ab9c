"""BibTeX, written in the manner of the ACL Anthology and read in whatever manner it comes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from papers import identifiers
from papers.formats.bibtex_syntax import MONTHS, Entry, entries
from papers.formats.citation import Author, Citation, Kind, Problem, Reading, page_range
from papers.formats.markup import from_html
from papers.formats.name_lists import authors_of
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
    "online": Kind.OTHER,
    "incollection": Kind.CHAPTER,
    "inbook": Kind.CHAPTER,
    "phdthesis": Kind.THESIS,
    "mastersthesis": Kind.THESIS,
    "thesis": Kind.THESIS,
}
_NEVER_IDENTIFYING = {"title", "abstract", "author", "editor", "keywords", "eprint", "crossref"}
"""Fields in which an arXiv id may be another work's."""
_NO_WORKS = {"proceedings", "mvproceedings", "xdata", "set"}
_INHERITED = {  # what a child has under another name than its parent (biblatex, appendix B)
    "title": "booktitle",
    "subtitle": "booksubtitle",
}
_NOT_INHERITED = {"key", "crossref", "xref", "xdata", "author", "abstract", "pages", "ids", "doi"}
_NOT_INHERITED |= {"title", "subtitle", "url", "eprint", "keywords", "note"}


def write(citations: Iterable[Citation]) -> str:
    """A .bib file."""
    return "\n".join(_entry(citation) for citation in citations)


def read(text: str) -> Reading:
    """The works of a .bib file. A damaged entry costs itself alone and is reported.

    What an entry takes over by `crossref` and `xdata` is followed. A volume of proceedings is no
    work of its own here: it is told, and lends its title and year to the papers in it.
    """
    reading = Reading()
    all_entries = list(entries(text, reading.problems))
    by_key = {entry.key.lower(): entry for entry in all_entries if entry.key}
    for entry in all_entries:
        if entry.type in _NO_WORKS:
            if entry.type != "xdata":
                message = f"“{entry.key}” is a volume of proceedings, not a paper; it was not taken"
                reading.problems.append(Problem(entry.line, message))
            continue
        reading.citations.append(_citation(_with_inherited(entry, by_key, reading.problems)))
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


def _with_inherited(entry: Entry, by_key: dict[str, Entry], problems: list[Problem]) -> Entry:
    """The entry with what `xdata` and `crossref` lend it; its own fields come first."""
    names = [name.strip() for name in entry.fields.get("xdata", "").split(",") if name.strip()]
    crossref = entry.fields.get("crossref", "").strip()
    fields = dict(entry.fields)
    for name in [*names, *([crossref] if crossref else [])]:
        parent = by_key.get(name.lower())
        if parent is None or parent is entry:
            problems.append(Problem(entry.line, f"“{entry.key}” refers to “{name}”, not here"))
            continue
        lent = parent.fields if name in names else _lent_by_volume(parent)
        fields = {**lent, **fields}
    return Entry(entry.type, entry.key, entry.line, fields)


def _lent_by_volume(parent: Entry) -> dict[str, str]:
    own = parent.fields
    lent = {name: value for name, value in own.items() if name not in _NOT_INHERITED}
    for name, here in _INHERITED.items():
        if own.get(name):
            lent.setdefault(here, own[name])
    if own.get("booktitle"):
        lent["booktitle"] = own["booktitle"]
    return {name: value for name, value in lent.items() if name != "editor"}


def _citation(entry: Entry) -> Citation:
    given = entry.fields
    authors, and_others = authors_of(given.get("author") or given.get("editor") or "", _text)
    url = _address(given.get("url") or given.get("ee") or "")
    ids = _identifiers(given, url)
    return Citation(
        key=entry.key,
        kind=_kind(entry, ids),
        title=_text(_title(given)),
        authors=authors,
        and_others=and_others,
        year=_year(given),
        month=_month(given.get("month", "")) or _month_of_date(given.get("date", "")),
        container=_text(
            given.get("booktitle")
            or given.get("journal")
            or given.get("journaltitle")
            or given.get("eventtitle")
            or given.get("howpublished", "")
        ),
        publisher=_text(
            given.get("publisher") or given.get("institution") or given.get("school", "")
        ),
        volume=_text(given.get("volume", "")),
        issue=_text(given.get("number") or given.get("issue", "")),
        pages=page_range(_text(given.get("pages", ""))),
        url=url,
        abstract=_text(given.get("abstract", "")),
        keywords=_keywords(given.get("keywords", "")),
        note=_text(given.get("note", "")),
        **ids,
    )


def _text(tex: str) -> str:
    """A field as text: TeX mostly, with the HTML that some publishers put into it."""
    return from_tex(from_html(tex) if re.search(r"</?[a-z]+>", tex) else tex)


def _title(given: dict[str, str]) -> str:
    title, subtitle = given.get("title", ""), given.get("subtitle", "")
    return f"{title}: {subtitle}" if title and subtitle else title


def _year(given: dict[str, str]) -> int | None:
    for name in ("year", "date", "issue_date", "urldate" if "online" in given else "date"):
        printed = unicodedata.normalize("NFKC", given.get(name, ""))  # full-width digits
        if match := re.search(r"(?<!\d)(1[5-9]|20)\d\d(?!\d)", printed):
            return int(match[0])
    return None


def _month_of_date(date: str) -> int | None:
    match = re.match(r"\d{4}-(\d{2})", date.strip())
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else None


def _address(field: str) -> str:
    """The first address in a field, without the TeX around it (`\\url{…}`, `\\&`, `{\\~{}}`)."""
    plain = re.sub(r"\\url\s*\{(.*?)\}", r"\1", field.strip())
    plain = re.sub(r"\{?\\(?:textasciitilde|~)\s*(?:\{\})?\}?", "~", plain)
    plain = re.sub(r"\\([_%&#$~])", r"\1", plain).strip("{} ")
    return plain.split()[0] if plain else ""


def _kind(entry: Entry, ids: dict[str, str]) -> Kind:
    kind = _KIND.get(entry.type, Kind.OTHER)
    journal = entry.fields.get("journal", "")
    if kind is Kind.JOURNAL and re.match(r"(arXiv|CoRR|ArXiv)", journal):
        return Kind.PREPRINT  # as Google Scholar and DBLP write preprints
    return Kind.PREPRINT if kind is Kind.OTHER and ids.get("arxiv") else kind


def _identifiers(given: dict[str, str], url: str) -> dict[str, str]:
    """Values of doi, arxiv, openreview and acl: from their own fields, from the address, and from
    the other places where programs write arXiv ids (journal, volume, pages, note, file …)."""
    texts = [_text(value) for name, value in given.items() if name not in _NEVER_IDENTIFYING]
    texts += [
        f"{given.get(place, '')} {given[number]}"
        for place in ("journal", "institution", "publisher", "archiveprefix")
        for number in ("volume", "number", "eid")
        if given.get(number)
    ]
    notes = [_text(given.get(name, "")) for name in ("note", "howpublished")]
    sources = [
        *("doi:" + doi for doi in _dois(given.get("doi", ""))),
        "arXiv:" + _bare_arxiv(given["eprint"]) if _is_arxiv_eprint(given) else "",
        "arXiv:" + _bare_arxiv(given.get("arxiv") or given.get("arxivid") or ""),
        "openreview:" + given["openreview"] if given.get("openreview") else "",
        "acl:" + given["acl"] if given.get("acl") else "",
        url,
        _address(given.get("ee", "")),
        *("doi:" + doi for note in notes for doi in identifiers.own_dois_in(note)),
        *(str(arxiv_id) for text in texts for arxiv_id in identifiers.arxiv_ids_in(text)),
    ]
    ids: dict[str, str] = {}
    for source in sources:
        identifier = identifiers.recognise(source)
        if identifier and identifier.certain:
            ids.setdefault(identifier.scheme.value, identifier.value)
    return ids


def _dois(field: str) -> list[str]:
    """DOIs of their own field, in which spaces around the slash are slips."""
    return identifiers.dois_in(re.sub(r"(10\.\d{4,9})\s*/\s*", r"\1/", from_tex(field)))


def _bare_arxiv(eprint: str) -> str:
    return re.sub(r"^\s*arxiv\s*:\s*", "", eprint, flags=re.IGNORECASE)


def _is_arxiv_eprint(given: dict[str, str]) -> bool:
    prefix = given.get("archiveprefix") or given.get("eprinttype") or "arXiv"
    return bool(given.get("eprint")) and prefix.lower() == "arxiv"


def _month(field: str) -> int | None:
    word = field.strip().lower()
    if word.isdigit() and 1 <= int(word) <= 12:
        return int(word)
    word = re.sub(r"^\d{1,2}(?:--?\d{1,2})?[~.\s]*", "", word)  # of '"15~" # jun'
    return MONTHS.index(word[:3]) + 1 if word[:3] in MONTHS else None


def _keywords(field: str) -> tuple[str, ...]:
    words = (_text(word) for word in re.split(r"[,;]", field))
    return tuple(word for word in words if word)
