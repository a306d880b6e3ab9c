"""GROBID as the reader of choice, where a server is at hand.

GROBID (https://github.com/grobidOrg/grobid) answers with TEI XML; this turns that into the
same Extraction our own reader gives. Our own reading stays the fallback and the second
opinion.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import httpx
from lxml import etree

from papers.pdf.extraction import Author, Caption, Extraction, Reference, Section
from papers.pdf.identifiers_in_text import find_arxiv, tidy_doi
from papers.pdf.limits import Status
from papers.pdf.text_cleaning import clean_text, fold

_TEI = {"t": "http://www.tei-c.org/ns/1.0"}
_REPLY_BYTES = 30 * 2**20


class GrobidUnavailable(Exception):
    """The server could not be reached, refused the file, or answered something else."""


def ask_grobid(path: Path, url: str, *, client: httpx.Client | None = None) -> Extraction:
    """Send a PDF to the GROBID server at url. Raises GrobidUnavailable."""
    own = client is None
    client = client or httpx.Client(timeout=httpx.Timeout(60.0, connect=5.0))
    try:
        with path.open("rb") as stream:
            answer = client.post(
                url.rstrip("/") + "/api/processFulltextDocument",
                files={"input": ("paper.pdf", stream, "application/pdf")},
                data={"consolidateHeader": "0", "includeRawCitations": "1"},
            )
        answer.raise_for_status()
        if len(answer.content) > _REPLY_BYTES:
            raise GrobidUnavailable("GROBID's answer is too long.")
        return parse_tei(answer.content)
    except (httpx.HTTPError, etree.XMLSyntaxError) as problem:
        raise GrobidUnavailable(f"GROBID at {url} did not answer usefully: {problem}") from problem
    finally:
        if own:
            client.close()


def parse_tei(tei: bytes) -> Extraction:
    """An Extraction from GROBID's TEI. Raises lxml.etree.XMLSyntaxError on other input."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    root = etree.fromstring(tei, parser)
    result = Extraction(status=Status.OK, source="grobid")
    header = root.find("t:teiHeader", _TEI)
    if header is None:
        return result
    result.title = _text(header.find(".//t:titleStmt/t:title", _TEI))
    source = header.find(".//t:sourceDesc/t:biblStruct", _TEI)
    if source is not None:
        result.authors = [_author(item) for item in source.iterfind("t:analytic/t:author", _TEI)]
        result.authors = [author for author in result.authors if author.name]
        result.doi = tidy_doi(_text(source.find(".//t:idno[@type='DOI']", _TEI)))
        result.arxiv = _arxiv(source)
        result.venue = _text(source.find("t:monogr/t:title", _TEI))
    result.year = _year(header.find(".//t:publicationStmt/t:date", _TEI))
    result.abstract = _paragraphs(header.find(".//t:profileDesc/t:abstract", _TEI))
    _read_body(root, result)
    result.references = [
        _reference(item) for item in root.iterfind(".//t:listBibl/t:biblStruct", _TEI)
    ]
    return result


def _text(element: etree._Element | None) -> str:
    return clean_text(" ".join("".join(element.itertext()).split())) if element is not None else ""


def _paragraphs(element: etree._Element | None) -> str:
    if element is None:
        return ""
    return " ".join(filter(None, (_text(item) for item in element.iterfind(".//t:p", _TEI))))


def _name(person: etree._Element | None) -> str:
    if person is None:
        return ""
    parts = [*person.iterfind("t:forename", _TEI), *person.iterfind("t:surname", _TEI)]
    return " ".join(filter(None, map(_text, parts)))


def _author(element: etree._Element) -> Author:
    places = []
    for place in element.iterfind("t:affiliation", _TEI):
        names = [_text(item) for item in place.iterfind("t:orgName", _TEI)]
        if any(names):
            places.append(", ".join(filter(None, names)))
    name = _name(element.find("t:persName", _TEI))
    return Author(name, places, _text(element.find("t:email", _TEI)))


def _year(element: etree._Element | None) -> int | None:
    when = (element.get("when") or _text(element)) if element is not None else ""
    match = re.search(r"(?:1[6-9]|20)\d\d", when)
    return int(match.group()) if match else None


def _arxiv(element: etree._Element) -> str:
    printed = _text(element.find(".//t:idno[@type='arXiv']", _TEI))
    return find_arxiv(printed if "arxiv" in printed.lower() else f"arXiv:{printed}")


def _read_body(root: etree._Element, result: Extraction) -> None:
    """Headings, captions and text of the body."""
    blocks = []
    for part in root.iterfind(".//t:text/t:body/t:div", _TEI):
        head = part.find("t:head", _TEI)
        title = _text(head)
        if title and head is not None:
            number = head.get("n", "").strip(".")
            result.sections.append(Section(number, title, number.count(".") + 1, 0))
            blocks.append(title)
        blocks.append(_paragraphs(part))
    for figure in root.iterfind(".//t:figure", _TEI):
        label, text = _text(figure.find("t:head", _TEI)), _text(figure.find("t:figDesc", _TEI))
        if label or text:
            result.captions.append(Caption(label, text, 0))
    result.text = "\n\n".join(filter(None, blocks))


def _reference(element: etree._Element) -> Reference:
    analytic, monograph = element.find("t:analytic", _TEI), element.find("t:monogr", _TEI)
    title = _text(analytic.find("t:title", _TEI)) if analytic is not None else ""
    venue = _text(monograph.find("t:title", _TEI)) if monograph is not None else ""
    people = element.iterfind(".//t:author/t:persName", _TEI)
    raw = _text(element.find("t:note[@type='raw_reference']", _TEI))
    pointer = element.find(".//t:ptr[@target]", _TEI)
    return Reference(
        raw=raw or " ".join(filter(None, (title, venue))),
        title=title or venue,
        authors=[name for name in map(_name, people) if name],
        year=_year(element.find(".//t:imprint/t:date", _TEI)),
        venue=venue if title else "",
        doi=tidy_doi(_text(element.find(".//t:idno[@type='DOI']", _TEI))),
        arxiv=_arxiv(element),
        url=(pointer.get("target") or "")[:500] if pointer is not None else "",
    )


def with_second_opinion(ours: Extraction, theirs: Extraction) -> Extraction:
    """GROBID's reading completed by ours, with ours noted wherever the two disagree.

    Status, coverage, pages and text stay ours: only our reader saw the page.
    """
    merged = Extraction(**{name: getattr(ours, name) for name in Extraction.__slots__})
    merged.source = "grobid"
    merged.second_opinion = {}
    for name in ("title", "authors", "abstract", "year", "venue", "doi", "arxiv"):
        mine, other = getattr(ours, name), getattr(theirs, name)
        if not other:
            continue
        setattr(merged, name, other)
        agree = _comparable(mine) == _comparable(other)
        merged.confidence[name] = 0.97 if agree else 0.75
        if mine and not agree:
            merged.second_opinion[name] = _shown(mine)
    for name in ("sections", "captions", "references"):
        if getattr(theirs, name):
            setattr(merged, name, getattr(theirs, name))
    if len(ours.references) != len(theirs.references):
        merged.second_opinion["reference count"] = len(ours.references)
    if merged.title and merged.authors and merged.status is Status.NOT_A_PAPER:
        merged.status = Status.OK_WITH_WARNINGS
    return merged


def _shown(value: object) -> object:
    return [author.name for author in value] if isinstance(value, list) else value


def _comparable(value: object) -> object:
    shown = _shown(value)
    if isinstance(shown, list):
        return [fold(name.split()[-1]) for name in shown if name.split()]
    return fold(shown) if isinstance(shown, str) else shown


def grobid_url() -> str:
    """Address of the server, from the environment's GROBID_URL; "" when there is none."""
    return os.environ.get("GROBID_URL", "").strip()
