"""Which of the DOIs and years on a first page are the paper's own."""

from __future__ import annotations

import pytest

from papers.pdf.extraction import Extraction
from papers.pdf.identifiers_in_text import find_own_doi, years_by_evidence
from papers.pdf.limits import Budget
from papers.pdf.understanding import understand_pdf
from tests.ingest.front_pages import paper, titled


def with_foot(*lines: str) -> Extraction:
    """What is read from a paper with these lines in small print at the foot of page 1."""
    pdf = paper(lambda pdf: pdf.centred(titled(pdf), "Anna Erste, Bo Zweite", size=11))
    pages, pdf.pages = pdf.pages, pdf.pages[:1]
    y = 690.0
    for line in lines:
        y = pdf.text(90, y, line, size=8)
    pdf.pages += pages[1:]
    return understand_pdf(pdf.to_bytes(), Budget())


@pytest.mark.parametrize(
    "lines",
    [
        ["1 Code and data: https://doi.org/10.5281/zenodo.1234567"],
        ["1 We use the data set of street lamps (doi:10.1145/3698767) throughout."],
        ["1 Our code is available at", "https://doi.org/10.1145/3698767."],
        ["1 An extended version of this paper is doi:10.1145/3698767."],
        ["We thank the authors of https://doi.org/10.1145/3698767 for their help."],
        ["1 https://doi.org/10.6084/m9.figshare.1234567"],
        ["1 A preliminary version appeared as https://doi.org/10.1145/3698767"],
        ["Supplementary material: doi.org/10.1145/3698767"],
        ["1 https://doi.org/10.1145/3698767 (code)"],
    ],
)
def test_doi_of_another_work_is_not_the_papers(lines: list[str]) -> None:
    result = with_foot(*lines)

    assert result.confidence["doi"] < 0.8


@pytest.mark.parametrize(
    "lines",
    [
        ["https://doi.org/10.1234/own.5"],
        ["DOI: 10.1234/own.5"],
        ["1 Code: https://doi.org/10.5281/zenodo.1234567", "\u00a9 2021 ACM. doi:10.1234/own.5"],
        ["Permission to copy is granted. https://doi.org/10.1234/own.5"],
        ["Journal of Thrift 3, 2021, doi 10.1234/own.5"],
    ],
)
def test_own_doi_is_found_beside_those_of_others(lines: list[str]) -> None:
    result = with_foot(*lines)

    assert (result.doi, result.confidence["doi"]) == ("10.1234/own.5", 0.95)


def test_deposit_is_believed_by_half_where_no_other_doi_stands() -> None:
    assert find_own_doi("doi:10.5281/zenodo.7654321").confidence == 0.5
    assert find_own_doi("10.5281/zenodo.7654321\nhttps://doi.org/10.1/x").doi == (
        "10.5281/zenodo.7654321"
    )


@pytest.mark.parametrize(
    "line",
    [
        "1 https://x.org/blog/2012/02/y",
        "2 www.example.net/2013 and x.org/archive-2014",
        "This work was funded by the Horizon 2020 programme of the Union.",
        "Supported by grant 2017-1234 of the Foundation.",
        "Downloaded from lamps.example on 3 May 2022",
        "Lamps have been counted by hand in every town of the county, from 1998 on.",
    ],
)
def test_years_of_addresses_grants_and_stories_are_not_the_papers(line: str) -> None:
    assert years_by_evidence([line]) == []
    assert with_foot(line).year is None


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("ICML 2021", 2021),
        ("Proceedings of the 9th Workshop on Thrift, 2019", 2019),
        ("\u00a9 2020 The Authors", 2020),
        ("Published 3 May 2018. https://x.org/2012/1", 2018),
    ],
)
def test_stated_years_are_read(line: str, year: int) -> None:
    assert with_foot(line).year == year


def test_long_line_of_dots_costs_little() -> None:
    assert find_own_doi("10.1234/" + "a.b" * 20_000).doi.startswith("10.1234/a.b")
    assert years_by_evidence(["x." * 40_000]) == []
