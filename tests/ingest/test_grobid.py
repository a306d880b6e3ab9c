"""GROBID's TEI, and what happens when its server is there, silent or wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from lxml import etree

from papers.pdf.confined.grobid import parse_tei
from papers.pdf.confined.pool import ReaderPool, read_pdf
from papers.pdf.limits import Status
from tests.ingest import make_pdf

TEI = b"""<?xml version="1.0" encoding="UTF-8"?>
<TEI xmlns="http://www.tei-c.org/ns/1.0">
 <teiHeader>
  <fileDesc>
   <titleStmt><title level="a" type="main">Gates That Know When to Stop</title></titleStmt>
   <publicationStmt><date type="published" when="2022-05-03">3 May 2022</date></publicationStmt>
   <sourceDesc><biblStruct>
    <analytic>
     <author>
      <persName><forename type="first">Ada</forename><surname>Example</surname></persName>
      <email>ada@some.edu</email>
      <affiliation key="aff0"><orgName type="institution">University of Somewhere</orgName>
       <address><country key="XX">Nowhere</country></address></affiliation>
     </author>
     <author>
      <persName><forename type="first">Ben</forename><surname>van der Test</surname></persName>
     </author>
    </analytic>
    <monogr><title level="j">Journal of Gates</title><imprint/></monogr>
    <idno type="DOI">10.1234/GATES.1</idno>
    <idno type="arXiv">arXiv:2202.00001v1[cs.LG]</idno>
   </biblStruct></sourceDesc>
  </fileDesc>
  <profileDesc><abstract><div><p>First part.</p><p>Second part.</p></div></abstract></profileDesc>
 </teiHeader>
 <text>
  <body>
   <div><head n="1">Introduction</head><p>Some text.</p></div>
   <div><head n="2.1">The gate</head><p>More text.</p></div>
   <figure xml:id="fig_0"><head>Figure 1 :</head><figDesc>A gate.</figDesc></figure>
  </body>
  <back><div type="references"><listBibl>
   <biblStruct xml:id="b0">
    <analytic>
     <title level="a" type="main">Adaptive computation time</title>
     <author><persName><forename type="first">A</forename><surname>Graves</surname></persName></author>
     <idno type="DOI">10.1/ACT</idno>
    </analytic>
    <monogr><title level="j">CoRR</title><imprint><date type="published" when="2016" /></imprint></monogr>
    <note type="raw_reference">A. Graves. Adaptive computation time. CoRR, 2016.</note>
   </biblStruct>
   <biblStruct xml:id="b1">
    <monogr><title level="m">A Book</title>
     <author><persName><surname>Writer</surname></persName></author>
     <imprint><date when="1999-01" /></imprint></monogr>
   </biblStruct>
  </listBibl></div></back>
 </text>
</TEI>
"""


@pytest.fixture(scope="module")
def pool() -> Iterator[ReaderPool]:
    with ReaderPool(1) as made:
        yield made


@pytest.fixture
def paper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GROBID_URL", "http://grobid.test:8070/")
    path = tmp_path / "paper.pdf"
    path.write_bytes(make_pdf.one_column().to_bytes())
    return path


def server(status: int, content: bytes) -> httpx.Client:
    def answer(request: httpx.Request) -> httpx.Response:
        right = request.url.path == "/api/processFulltextDocument" and b"%PDF" in request.read()
        return httpx.Response(status if right else 404, content=content)

    return httpx.Client(transport=httpx.MockTransport(answer))


def test_tei_becomes_an_extraction() -> None:
    result = parse_tei(TEI)

    assert result.title == "Gates That Know When to Stop"
    assert [(a.name, a.affiliations, a.email) for a in result.authors] == [
        ("Ada Example", ["University of Somewhere"], "ada@some.edu"),
        ("Ben van der Test", [], ""),
    ]
    assert (result.year, result.doi, result.arxiv) == (2022, "10.1234/gates.1", "2202.00001")
    assert (result.venue, result.abstract) == ("Journal of Gates", "First part. Second part.")
    assert [(s.number, s.title, s.level) for s in result.sections] == [
        ("1", "Introduction", 1),
        ("2.1", "The gate", 2),
    ]
    assert [(c.label, c.text) for c in result.captions] == [("Figure 1 :", "A gate.")]


def test_tei_references_keep_raw_text_and_books_keep_their_title() -> None:
    first, second = parse_tei(TEI).references

    assert (first.title, first.authors, first.year) == (
        "Adaptive computation time",
        ["A Graves"],
        2016,
    )
    assert (first.doi, first.venue) == ("10.1/act", "CoRR")
    assert first.raw == "A. Graves. Adaptive computation time. CoRR, 2016."
    assert (second.title, second.venue, second.year) == ("A Book", "", 1999)


def test_entities_in_tei_are_not_expanded() -> None:
    bomb = TEI.replace(
        b"<TEI ", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><TEI '
    ).replace(b"Gates That Know When to Stop", b"Gates &e; end")

    assert parse_tei(bomb).title == "Gates &e; end"


def test_what_is_not_xml_is_refused() -> None:
    with pytest.raises(etree.XMLSyntaxError):
        parse_tei(b"Service unavailable")


def test_grobid_is_believed_and_our_reading_is_kept_where_it_differs(
    paper: Path, pool: ReaderPool
) -> None:
    result = read_pdf(paper, pool=pool, client=server(200, TEI))

    assert result.source == "grobid"
    assert result.title == "Gates That Know When to Stop"
    assert result.second_opinion["title"] == (
        "Gates That Know When to Stop: Spending Less on Easy Inputs"
    )
    assert result.second_opinion["authors"] == ["Ada Example", "Ben van der Test", "Chen Muster"]
    assert result.coverage == 1.0
    assert "memory" in result.isolation


@pytest.mark.parametrize(("status", "content"), [(503, b"busy"), (200, b"not xml"), (204, b"")])
def test_our_reading_stands_when_grobid_fails(
    paper: Path, pool: ReaderPool, status: int, content: bytes
) -> None:
    result = read_pdf(paper, pool=pool, client=server(status, content))

    assert result.source == "layout"
    assert result.title == "Gates That Know When to Stop: Spending Less on Easy Inputs"
    assert result.status is Status.OK_WITH_WARNINGS
    assert result.warnings == ["GROBID did not answer; this is our own reading."]


def test_locked_file_is_not_sent_anywhere(paper: Path, pool: ReaderPool, tmp_path: Path) -> None:
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(make_pdf.encrypted(paper.read_bytes(), "secret"))

    result = read_pdf(locked, pool=pool, client=server(200, TEI))

    assert (result.status, result.source) == (Status.ENCRYPTED, "layout")
