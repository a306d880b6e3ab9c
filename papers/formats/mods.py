"""MODS 3.8, the Library of Congress' bibliographic XML."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from papers.formats.citation import Author, Citation, Kind, one_line, page_range

NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-8.xsd"
_GENRE = {
    Kind.JOURNAL: "journal article",
    Kind.CONFERENCE: "conference publication",
    Kind.PREPRINT: "preprint",
    Kind.REPORT: "technical report",
    Kind.BOOK: "book",
    Kind.CHAPTER: "book chapter",
    Kind.THESIS: "thesis",
    Kind.OTHER: "document",
}
_ZOTERO = {
    Kind.JOURNAL: "journalArticle",
    Kind.CONFERENCE: "conferencePaper",
    Kind.PREPRINT: "preprint",
    Kind.REPORT: "report",
    Kind.BOOK: "book",
    Kind.CHAPTER: "bookSection",
    Kind.THESIS: "thesis",
    Kind.OTHER: "document",
}
"""A local genre, which Zotero takes for its own item type."""
XSI = "http://www.w3.org/2001/XMLSchema-instance"
_SCHEMA_LOCATION = f"{NAMESPACE} {SCHEMA}"
register_namespace("mods", NAMESPACE)
register_namespace("xsi", XSI)
HEAD = (
    f'<?xml version="1.0" encoding="utf-8"?>\n<mods:modsCollection xmlns:mods="{NAMESPACE}"'
    f' xmlns:xsi="{XSI}" xsi:schemaLocation="{_SCHEMA_LOCATION}">\n'
)
TAIL = "</mods:modsCollection>\n"


def write(citations: Iterable[Citation]) -> str:
    """A modsCollection."""
    root = Element(_q("modsCollection"), {f"{{{XSI}}}schemaLocation": _SCHEMA_LOCATION})
    root.extend(element(citation) for citation in citations)
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def piece(citation: Citation) -> str:
    """One record of a collection, to stand between HEAD and TAIL."""
    record = element(citation)
    indent(record)
    return tostring(record, encoding="unicode") + "\n"


def element(citation: Citation) -> Element:
    """One mods element."""
    mods = Element(_q("mods"), {"ID": citation.key, "version": "3.8"})
    _text(SubElement(mods, _q("titleInfo")), "title", citation.title)
    for author in citation.authors:
        _add_author(mods, author)
    if citation.and_others:
        _text(SubElement(mods, _q("name")), "etal", "", even_empty=True)
    _text(mods, "typeOfResource", "text")
    _text(mods, "genre", _ZOTERO[citation.kind], authority="local")
    _text(mods, "genre", _GENRE[citation.kind])
    _add_origin(mods, citation)
    _text(mods, "abstract", citation.abstract)
    _text(mods, "note", citation.note)
    for keyword in citation.keywords:
        _text(SubElement(mods, _q("subject")), "topic", keyword)
    _add_host(mods, citation)
    for scheme in ("doi", "arxiv", "openreview", "acl"):
        _text(mods, "identifier", getattr(citation, scheme), type=scheme)
    _add_location(mods, citation)
    return mods


def _add_author(mods: Element, author: Author) -> None:
    name = SubElement(mods, _q("name"), {"type": "personal" if author.given else "corporate"})
    if author.given:
        _text(name, "namePart", author.given, type="given")
        _text(name, "namePart", author.family, type="family")
        _text(name, "namePart", author.suffix, type="termsOfAddress")
    else:
        _text(name, "namePart", author.family)
    role = SubElement(name, _q("role"))
    _text(role, "roleTerm", "author", type="text")


def _add_origin(mods: Element, citation: Citation) -> None:
    publisher = "arXiv" if _stands_at_arxiv(citation) else citation.publisher
    if not (citation.year or publisher):
        return
    origin = SubElement(mods, _q("originInfo"))
    _text(origin, "publisher", publisher)
    if citation.year:
        month = f"-{citation.month:02}" if citation.month else ""
        _text(origin, "dateIssued", f"{citation.year:04}{month}", encoding="w3cdtf")


def _add_host(mods: Element, citation: Citation) -> None:
    if not citation.container:
        return
    host = SubElement(mods, _q("relatedItem"), {"type": "host"})
    _text(SubElement(host, _q("titleInfo")), "title", citation.container)
    part = SubElement(host, _q("part"))
    for kind, number in (("volume", citation.volume), ("issue", citation.issue)):
        if number:
            _text(SubElement(part, _q("detail"), {"type": kind}), "number", number)
    first, _, last = page_range(citation.pages).partition("-")
    if first:
        extent = SubElement(part, _q("extent"), {"unit": "page"})
        _text(extent, "start", first)
        _text(extent, "end", last or first)  # Zotero reads a missing one as "81null"
    if len(part) == 0:
        host.remove(part)


def _stands_at_arxiv(citation: Citation) -> bool:
    return citation.kind is Kind.PREPRINT and bool(citation.arxiv)


def _add_location(mods: Element, citation: Citation) -> None:
    """Where the work is found; of a preprint also its number, which Zotero reads nowhere else."""
    number = f"arXiv:{citation.arxiv}" if _stands_at_arxiv(citation) else ""
    if not (number or citation.url):
        return
    location = SubElement(mods, _q("location"))
    _text(location, "physicalLocation", number)
    _text(location, "url", citation.url)


def _text(
    parent: Element, tag: str, text: str, *, even_empty: bool = False, **attributes: str
) -> None:
    if text or even_empty:
        SubElement(parent, _q(tag), attributes).text = one_line(text)


def _q(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"
