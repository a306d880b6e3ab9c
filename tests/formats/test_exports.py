"""Papers of the base in every export format."""

import csv
import io
import json
from pathlib import Path
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
import yaml
from django.db import connection
from django.test.utils import CaptureQueriesContext

from papers.formats import bibtex, coins, csl, highwire, jsonld, ris
from papers.formats.citation import author_of
from papers.formats.of_paper import citation_of, cite_key
from papers.formats.registry import FORMATS, export
from papers.models import Paper
from tests import make

pytestmark = pytest.mark.django_db
SITE = "https://survey.example"
FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "papers"


def msdnet():
    make.person("黄高", slug="huang-gao")
    return make.paper(
        "MSDNet & γ <Dense> Networks | 100%",
        key="huang2018multi",
        authors=["Gao Huang", "Laurens van der Maaten", "黄高"],
        topics=[make.topic("Early exiting")],
        venue=make.venue("ICLR", full_name="International Conference on Learning Representations"),
        arxiv="1703.09844",
        openreview="Hk2aImxAb",
        code="https://github.com/gaohuang/MSDNet",
        tldr="Leaves | early.",
        unconfirmed=["venue"],
    )


@pytest.mark.parametrize("format", [bibtex, ris, csl], ids=["bibtex", "ris", "csl"])
def test_exported_paper_reads_back_as_the_same_record(format):
    citation = citation_of(msdnet())

    assert format.read(format.write([citation])).citations == [citation]


def test_bibtex_prefers_the_published_version_and_keeps_the_eprint():
    text = export([msdnet()], "bib")

    assert text.startswith("@inproceedings{huang-etal-2018-multi,")
    assert "title = {{MSDNet} \\& {$\\gamma$} {<Dense>} Networks | 100\\%}," in text
    assert "author = {Huang, Gao and van der Maaten, Laurens and 黄, 高}," in text
    assert "booktitle = {Proceedings of the International Conference on Learning Representations}," in text  # fmt: skip
    assert "eprint = {1703.09844}," in text
    assert "url = {https://openreview.net/forum?id=Hk2aImxAb}," in text
    assert "Unconfirmed" not in text


@pytest.mark.parametrize(
    ("kind", "entry", "selector"),
    [
        ("conference", "@inproceedings", "citation_conference_title"),
        ("workshop", "@inproceedings", "citation_conference_title"),
        ("journal", "@article", "citation_journal_title"),
        ("preprint", "@misc", "citation_technical_report_institution"),
        ("web", "@techreport", "citation_technical_report_institution"),
    ],
)
def test_kind_of_venue_decides_the_type_of_the_work(kind, entry, selector):
    paper = make.paper(venue=make.venue(f"Venue {kind}", kind=kind), arxiv="1703.09844")

    selectors = [name for name, _ in highwire.tags(paper) if name.endswith(("_title", "_institution"))]  # fmt: skip
    assert export([paper], "bib").startswith(entry)
    wanted = [selector] if "conference" not in selector else ["citation_inbook_title", selector]
    assert selectors == ["citation_title", *wanted]


@pytest.mark.parametrize(
    ("key", "authors", "expected"),
    [
        ("graves2016adaptive", ["Alex Graves"], "graves-2016-adaptive"),
        ("belcak2023fast", ["Peter Belcak", "Roger Wattenhofer"], "belcak-wattenhofer-2023-fast"),
        ("fu2017look", ["J. Fu", "A. van der B"], "fu-vanderb-2017-look"),
        ("huang2018multi", ["A", "B C", "D E"], "huang-etal-2018-multi"),
        ("han2021zh", ["黄高", "宋士吉"], "han-2021-zh"),
        ("uploaded-paper-7", ["A B"], "uploaded-paper-7"),
    ],
)
def test_cite_key_is_made_from_the_papers_own_key(key, authors, expected):
    assert cite_key(key, tuple(author_of(name) for name in authors)) == expected


def test_cite_keys_of_the_whole_field_are_unique():
    keys = []
    for file in FIXTURES.glob("*.yaml"):
        paper = yaml.load(file.read_text(), Loader=yaml.CSafeLoader)
        keys.append(cite_key(paper["key"], tuple(author_of(name) for name in paper["authors"])))

    assert len(keys) == len(set(keys)) > 600
    assert [key for key in keys if "-" not in key] == []


def test_highwire_tags_come_in_order_with_one_author_a_tag():
    assert highwire.tags(msdnet(), SITE, "/papers/huang2018multi/huang2018multi.pdf")[:8] == [
        ("citation_title", "MSDNet & γ <Dense> Networks | 100%"),
        ("citation_author", "Huang, Gao"),
        ("citation_author", "van der Maaten, Laurens"),
        ("citation_author", "黄, 高"),
        ("citation_publication_date", "2018"),
        (
            "citation_inbook_title",
            "Proceedings of the International Conference on Learning Representations",
        ),
        (
            "citation_conference_title",
            "Proceedings of the International Conference on Learning Representations",
        ),
        ("citation_arxiv_id", "1703.09844"),
    ]


def test_json_ld_cannot_end_its_script_element():
    paper = msdnet()

    text = jsonld.script_text(paper, SITE)

    assert "<" not in text
    article = json.loads(text)
    assert article["@id"] == f"{SITE}/papers/huang2018multi/"
    assert article["author"][1] == {
        "@type": "Person",
        "@id": f"{SITE}/people/laurens-van-der-maaten/",
        "name": "Laurens van der Maaten",
        "givenName": "Laurens",
        "familyName": "van der Maaten",
    }
    assert article["about"][0]["termCode"] == "early-exiting"
    assert [entry["propertyID"] for entry in article["identifier"]] == ["arXiv", "openreview"]


def test_mods_is_well_formed_and_complete():
    root = ElementTree.fromstring(export([msdnet()], "xml"))

    names = {"m": "http://www.loc.gov/mods/v3"}
    families = root.findall("m:mods/m:name/m:namePart[@type='family']", names)
    assert [node.text for node in families] == ["Huang", "van der Maaten", "黄"]
    genres = [node.text for node in root.findall("m:mods/m:genre", names)]
    assert genres == ["conferencePaper", "conference publication"]
    assert root.findtext("m:mods/m:identifier[@type='arxiv']", namespaces=names) == "1703.09844"


def test_table_runs_no_formula_in_a_spreadsheet():
    make.paper("=HYPERLINK(1)", key="evil")

    [row] = csv.DictReader(io.StringIO(export(Paper.objects.for_cards(), "csv", SITE)))

    assert row["title"] == "'=HYPERLINK(1)"
    assert (row["key"], row["year"], row["venue"]) == ("evil", "2018", "ICLR")


def test_markdown_table_has_the_shape_of_the_list_it_came_from():
    make.paper("Old one", year=2016)
    lines = export([Paper.objects.get(), msdnet()], "md", SITE).splitlines()

    assert lines[0] == "| **Date** | **Paper** | **Focused On** | **Notes** |"
    assert lines[2] == (
        "| 2018 ICLR | MSDNet & γ \\<Dense\\> Networks \\| 100%"
        " [[paper]](https://openreview.net/forum?id=Hk2aImxAb)"
        " [[code]](https://github.com/gaohuang/MSDNet)"
        " | Leaves \\| early. | unconfirmed: venue |"
    )
    assert lines[3].startswith("| 2016 ICLR | Old one [[paper]](https://survey.example/papers/")


def test_coins_tells_a_reference_manager_the_work():
    fields = parse_qs(coins.title_attribute(msdnet(), SITE))

    assert fields["rft.genre"] == ["proceeding"]
    assert fields["rft.aulast"] == ["Huang"]
    assert fields["rft.au"] == ["van der Maaten, Laurens", "黄, 高"]
    assert f"{SITE}/papers/huang2018multi/" in fields["rft_id"]


@pytest.mark.parametrize("suffix", list(FORMATS))
def test_export_costs_the_same_number_of_queries_for_one_and_three(suffix):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            topic = make.topic(f"Topic {Paper.objects.count()}")
            make.paper(topics=[topic], code="https://x.org", doi=None)
        with CaptureQueriesContext(connection) as queries:
            export(Paper.objects.for_cards(), suffix, SITE)
        counts.append(len(queries))

    assert counts == [1, 1]
