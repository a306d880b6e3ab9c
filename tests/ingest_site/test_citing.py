"""Reference lists lead to the papers here, whoever came first, and show what is missing."""

from __future__ import annotations

import io

import pytest

from papers.ingest.citations import (
    cited_here,
    citing_here,
    missing_works,
    tie_citations_to,
    write_references,
)
from papers.ingest.receive import receive
from papers.models import Document, Paper, Reference
from papers.pdf.extraction import Reference as Printed
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf

pytestmark = pytest.mark.django_db

ACT = Printed(
    raw="[1] A. Graves. …", title="Adaptive Computation Time", year=2016, arxiv="1603.08983"
)
LONG = Printed(
    raw="[2] …", title="Branching out early: networks that stop by themselves", year=2016
)
SHORT = Printed(raw="[3] …", title="Dynamic ReLU", year=2020)


def document(name: str = "a") -> Document:
    return receive(io.BytesIO(paper_pdf(f"Document {name}")), name=f"{name}.pdf").document


def test_references_are_tied_by_identifier_and_by_title() -> None:
    act = make.paper("Another Spelling of the Title", arxiv="1603.08983")
    branchy = make.paper("Branching Out Early — Networks That Stop by Themselves", year=2016)
    citing = make.paper("The Citing Paper")

    tied = write_references(citing, document(), [ACT, LONG, SHORT])

    assert tied == 2
    assert [row.cited for row in citing.references.all()] == [act, branchy, None]
    assert set(cited_here(citing)) == {act, branchy}
    assert list(citing_here(act)) == [citing]


def test_references_are_tied_when_the_cited_paper_comes_later() -> None:
    citing = make.paper("The Citing Paper")
    write_references(citing, document(), [ACT, LONG])
    act = make.paper("Adaptive Computation Time", arxiv="1603.08983")

    assert tie_citations_to(act) == 1

    assert list(citing_here(act)) == [citing]


def test_a_short_title_ties_only_near_its_year() -> None:
    make.paper("Dynamic ReLU!", year=1999)
    far = make.paper("Paper One")
    write_references(far, document("a"), [SHORT])
    near = make.paper("Dynamic-ReLU", year=2020)

    assert tie_citations_to(near) == 0  # ten letters name no work by themselves

    longer = Printed(raw="x", title="Dynamic ReLU for all", year=2020)
    paper = make.paper("Dynamic ReLU for All", year=2010)
    write_references(far, document("b"), [longer, longer])
    assert list(citing_here(paper)) == []


def test_a_paper_does_not_cite_itself() -> None:
    paper = make.paper("Branching out early: networks that stop by themselves", year=2016)

    assert write_references(paper, document(), [LONG]) == 0


def test_writing_the_same_list_again_changes_nothing_and_a_shorter_one_loses() -> None:
    citing = make.paper("The Citing Paper")
    full, short = document("full"), document("short")
    write_references(citing, full, [ACT, LONG])
    write_references(citing, full, [ACT, LONG])

    write_references(citing, short, [ACT])

    assert [row.document for row in citing.references.all()] == [full, full]
    write_references(citing, short, [ACT, LONG, SHORT])
    assert Reference.objects.filter(paper=citing, document=short).count() == 3


def test_the_most_cited_works_that_are_missing_come_first() -> None:
    for number in range(3):
        citing = make.paper(f"Citing {number}")
        entries = [LONG] if number else [LONG, ACT]
        write_references(citing, document(str(number)), entries)
    hidden = make.paper("Hidden", state="hidden")
    write_references(hidden, document("hidden"), [ACT, LONG])

    found = missing_works()

    assert [(w.title, w.citing_count, w.identifier) for w in found] == [
        (LONG.title, 3, ""),
        (ACT.title, 1, "arXiv:1603.08983"),
    ]
    make.paper("Adaptive computation time", arxiv="1603.08983")
    tie_citations_to(Paper.objects.get(arxiv="1603.08983"))
    assert [w.title for w in missing_works()] == [LONG.title]


def test_entries_as_pdfs_give_them_are_cleaned_and_capped() -> None:
    citing = make.paper("The Citing Paper")
    odd = Printed(
        raw="x" * 9000,
        title="A" * 900,
        year=99999,
        doi="not a doi",
        arxiv="10.48550/arXiv.1603.08983",
    )
    preprint = Printed(raw="y", title="By its DOI", doi="10.48550/arXiv.1603.08983")

    write_references(citing, document(), [odd, preprint])

    first, second = citing.references.all()
    assert (len(first.raw), len(first.title), first.year, first.doi) == (4000, 500, None, "")
    assert (second.doi, second.arxiv) == ("", "1603.08983")
