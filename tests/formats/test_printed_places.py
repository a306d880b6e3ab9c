"""Volume, issue, pages, publisher and month, in every format that has a place for them."""

from __future__ import annotations

import json
from urllib.parse import parse_qs

import pytest

from papers.formats import coins, highwire
from papers.formats.registry import export
from papers.models import Paper
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper() -> Paper:
    made = make.paper(
        "Printed Networks",
        key="open2019printed",
        year=2019,
        month=3,  # of its preprint
        volume="97",
        issue="2",
        pages="1123-1132",
        publisher="PMLR",
        published_month=6,
    )
    return Paper.objects.for_export().get(pk=made.pk)


@pytest.mark.parametrize(
    ("suffix", "said"),
    [
        ("bib", ["volume = {97}", "pages = {1123--1132}", "publisher = {PMLR}", "month = jun"]),
        ("ris", ["VL  - 97", "IS  - 2", "SP  - 1123", "EP  - 1132", "PB  - PMLR", "DA  - 2019/06//"]),
        ("enw", ["%V 97", "%N 2", "%P 1123-1132", "%I PMLR"]),
        ("xml", ["<mods:start>1123</mods:start>", "<mods:publisher>PMLR</mods:publisher>", "2019-06"]),
        ("jsonld", ['"pagination": "1123-1132"', '"datePublished": "2019-06"', '"name": "PMLR"']),
    ],
)  # fmt: skip
def test_each_format_says_where_it_is_printed(paper: Paper, suffix: str, said: list[str]) -> None:
    text = export([paper], suffix, "http://x")

    assert [part for part in said if part not in text] == []


def test_csl_has_them_as_styles_ask(paper: Paper) -> None:
    (item,) = json.loads(export([paper], "csl.json"))

    assert (item["volume"], item["issue"], item["page"]) == ("97", "2", "1123-1132")
    assert item["publisher"] == "PMLR"
    assert item["issued"] == {"date-parts": [[2019, 6]]}


def test_a_page_and_a_list_tell_reference_managers(paper: Paper) -> None:
    tags = dict(highwire.tags(paper, "http://x"))
    told = parse_qs(coins.title_attribute(paper, "http://x"))

    assert (tags["citation_firstpage"], tags["citation_lastpage"]) == ("1123", "1132")
    assert tags["citation_publication_date"] == "2019/06"
    assert (tags["citation_volume"], tags["citation_publisher"]) == ("97", "PMLR")
    assert (told["rft.spage"], told["rft.epage"]) == (["1123"], ["1132"])
    assert told["rft.date"] == ["2019-06"]


def test_a_preprint_has_none_of_them_and_the_month_of_its_id() -> None:
    made = make.paper("Early", venue=make.venue("arXiv", "preprint"), year=2019, month=3, arxiv="1903.00001", pages="1-9", publisher="PMLR", published_month=6)  # fmt: skip
    paper = Paper.objects.for_export().get(pk=made.pk)

    text = export([paper], "bib")

    assert "month = mar" in text
    assert "pages" not in text
    assert "publisher" not in text
