"""Methods for readers: the list with facets, one page each, lineage, files, the API."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from kb.pages.methods import drawing
from papers.methods.lineage import MOST_AROUND, Lineage
from papers.methods.listing import FACETS, MethodQuery, list_methods
from papers.methods.wording import definition
from papers.models import Method, Paper
from tests import make

pytestmark = pytest.mark.django_db


def method(name: str, paper: Paper | None = None, **fields: Any) -> Method:
    made = Method.objects.create(slug=name.lower(), name=name, **fields)
    if paper:
        made.roles.create(paper=paper)
    return made


@pytest.fixture
def field() -> dict[str, Method]:
    """Three methods, the second of which extends the first and answers the third."""
    exits = make.topic("Early exiting", slug="early-exiting")
    tokens = make.topic("Token pruning", slug="token-pruning")
    first = make.paper("Branches", key="branches2016", year=2016, topics=[exits])
    second = make.paper("Scales", key="scales2018", topics=[exits])
    third = make.paper("Tokens", key="tokens2021", year=2021, topics=[tokens])
    return {
        "branchynet": method(
            "BranchyNet", first, year=2016, adapts=["depth"], granularity=["sample"],
            decision=["entropy"], training=["joint-exits"], batching="needs-grouping",
            backbones=["LeNet"], tasks=["image classification"],
            code=["https://example.org/branchy"], from_memory=["adapts", "decision"],
        ),
        "msdnet": method(
            "MSDNet", second, year=2018, adapts=["depth", "width"], decision=["confidence"],
            aliases=["Multi-Scale DenseNet"], name_zh="多尺度", extends=["branchynet"],
            answers=["dynamicvit"], unconfirmed=["decision"], from_memory=["decision"],
        ),
        "dynamicvit": method("DynamicViT", third, year=2021, adapts=["tokens"], tasks=["a, b"]),
    }  # fmt: skip


def named(answer: Any) -> list[str]:
    return [method.name for method in answer.context["page"].object_list]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["BranchyNet", "DynamicViT", "MSDNet"]),
        ("adapts=depth", ["BranchyNet", "MSDNet"]),
        ("adapts=depth&adapts=tokens", ["BranchyNet", "DynamicViT", "MSDNet"]),
        ("adapts=depth&decision=entropy", ["BranchyNet"]),
        ("q=msd+net", ["MSDNet"]),
        ("q=多尺度", ["MSDNet"]),
        ("q=branches", ["BranchyNet"]),
        ("q=image+classification", ["BranchyNet"]),
        ("task=a%2C+b", ["DynamicViT"]),
        ("has=code", ["BranchyNet"]),
        ("has=lineage", ["MSDNet"]),
        ("family=cnn", ["BranchyNet"]),
        ("sort=-year", ["DynamicViT", "MSDNet", "BranchyNet"]),
        ("sort=-followers", ["BranchyNet", "DynamicViT", "MSDNet"]),
        ("q=nothing+at+all", []),
        ("adapts=colour&sort=luck&q=%00", ["BranchyNet", "DynamicViT", "MSDNet"]),
    ],
)
def test_the_address_is_the_question(
    field: dict, client: Client, query: str, names: list[str]
) -> None:
    answer = client.get(f"/methods/?{query}")

    assert named(answer) == names
    assert answer.context["query"].problems == (
        ("There is no adapts “colour”.", "Nothing can be sorted by “luck”.")
        if "luck" in query
        else ()
    )


@pytest.mark.parametrize("facet", FACETS, ids=lambda facet: facet.name)
def test_counts_of_a_facet_are_what_choosing_it_gives(field: dict, facet: Any) -> None:
    for value, count in list_methods(MethodQuery()).counts[facet.name].items():
        chosen = MethodQuery().toggled(facet.name, value)
        assert len(list_methods(chosen).methods) == count, value


def test_numbers_and_programs_are_told_through_the_papers(field: dict, client: Client) -> None:
    make.number(Paper.objects.get(key="scales2018"))

    page = client.get("/methods/msdnet/").content.decode()

    assert named(client.get("/methods/?has=numbers")) == ["MSDNet"]
    assert "of 1 numbers" in re.sub(r"\s+", " ", page)
    assert "No program here reproduces it" in page


def test_the_page_says_where_each_attribute_comes_from(field: dict, client: Client) -> None:
    page = re.sub(r"\s+", " ", client.get("/methods/msdnet/").content.decode())

    decided = page[page.index("Decided by") :]
    adapts = page[page.index("What adapts") : page.index("Decided by")]
    assert "unconfirmed" in decided[:600]
    assert "from a source" in adapts
    assert "Also Multi-Scale DenseNet" in page
    assert "/methods/msdnet/history/" in page
    assert "/methods/msdnet/correct/" in page


def test_a_definition_is_made_of_what_is_known(field: dict) -> None:
    assert definition(field["branchynet"]) == (
        "Adapts depth for each sample; decided by entropy; training: exits trained together;"
        " batches after regrouping."
    )
    assert definition(Method(name="x")) == ""


def test_lineage_is_drawn_and_told(field: dict, client: Client) -> None:
    page = client.get("/methods/msdnet/").content.decode()

    picture = Lineage().around(field["msdnet"].slug)
    svg = ElementTree.fromstring(str(drawing.svg(picture, here="msdnet")))
    texts = ["".join(text.itertext()) for text in svg.iter("text")]
    assert [kind.get("class") for kind in svg.iter("path")] == ["answers", "extends"]
    assert any(text.startswith("BranchyNet") for text in texts)
    assert svg.find("title") is not None
    assert "The same as a table" in page
    assert "extends" in page


def test_a_method_of_many_children_stays_readable() -> None:
    root = method("Root", make.paper("Root"), year=2010)
    for number in range(60):
        method(f"Child{number}", make.paper(f"Child {number}"), year=2011, extends=["root"])

    picture = Lineage().around(root.slug)

    assert len(picture.nodes) == MOST_AROUND
    assert picture.left_out == 61 - MOST_AROUND


@pytest.mark.parametrize("name", ["<b>&\"'", "x" * 120, "混合专家"])
def test_any_name_is_drawn(name: str) -> None:
    Method.objects.create(slug="a", name=name, year=2020)
    Method.objects.create(slug="b", name="B", extends=["a", "nowhere", "b"])

    picture = Lineage().around("b")

    assert len(picture.edges) == 1
    ElementTree.fromstring(str(drawing.svg(picture)))


def test_the_whole_field_is_small_pictures_that_lead_to_large_ones(client: Client) -> None:
    topic = make.topic("Early exiting", slug="early-exiting")
    for number in range(4):
        paper = make.paper(f"Exit {number}", topics=[topic])
        extends = [f"exit{number - 1}"] if number else []
        method(f"Exit{number}", paper, year=2015 + number, extends=extends)

    whole = client.get("/methods/lineage/").content.decode()
    one = client.get("/methods/lineage/?topic=early-exiting").content.decode()

    assert "4 methods from 2015 to 2018; 3 extend another one that is shown." in whole
    assert "/methods/lineage/?topic=early-exiting" in whole
    assert "Exit3" in one
    assert client.get("/methods/lineage/?topic=nowhere").status_code == 404


def test_files_hold_all_that_was_asked_for(field: dict, client: Client) -> None:
    rows = list(
        csv.DictReader(io.StringIO(client.get("/methods.csv?adapts=depth").content.decode()))
    )
    document = json.loads(client.get("/methods.json?adapts=depth").content)
    graph = json.loads(client.get("/methods/msdnet.jsonld").content)["@graph"]

    assert [row["slug"] for row in rows] == ["branchynet", "msdnet"]
    assert [row["adapts"] for row in document["methods"]] == [["depth"], ["depth", "width"]]
    assert graph[0]["alternateName"] == ["多尺度", "Multi-Scale DenseNet"]
    assert client.get("/methods.xml").status_code == 404
    assert client.get("/methods/nobody.json").status_code == 404


@pytest.mark.parametrize(
    "query", ["", "adapts=depth", "q=msdnet", "has=code", "decision=entropy&adapts=depth"]
)
def test_page_file_and_api_mean_the_same(field: dict, client: Client, query: str) -> None:
    in_api = client.get(f"/api/v1/methods/?with_count=1&{query}").json()

    assert in_api["count"] == client.get(f"/methods/?{query}").context["page"].paginator.count
    assert in_api["count"] == json.loads(client.get(f"/methods.json?{query}").content)["count"]


def test_the_api_refuses_strange_words(field: dict, client: Client) -> None:
    assert client.get("/api/v1/methods/?adapts=colour").status_code == 400
    body = client.get("/api/v1/methods/msdnet/").json()
    assert (body["extends"], body["introduced_by"]) == (["branchynet"], ["scales2018"])


def test_methods_of_hidden_papers_are_hidden(field: dict, client: Client) -> None:
    Paper.objects.filter(key="scales2018").update(state=Paper.State.HIDDEN)

    assert named(client.get("/methods/")) == ["BranchyNet", "DynamicViT"]
    for address in ("/methods/msdnet/", "/methods/msdnet.json", "/api/v1/methods/msdnet/"):
        assert client.get(address).status_code == 404
    assert client.get("/methods/msdnet/history/").status_code == 404
    assert b"MSDNet" not in client.get("/methods/branchynet/").content


def test_hidden_papers_that_improve_a_method_are_not_told(client: Client) -> None:
    secret = make.paper("CANARY", key="canary2020", state=Paper.State.HIDDEN)
    Method.objects.create(slug="open", name="Open").roles.create(paper=secret, role="improves")

    for address in ("/methods/open/", "/methods/open.json", "/methods/", "/api/v1/methods/open/"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert b"canary" not in answer.content.lower()


def test_papers_and_searches_lead_to_methods(field: dict, client: Client) -> None:
    from papers.models import PaperName

    PaperName.of(Paper.objects.get(key="scales2018"), 0, "MSDNet", "title").save()

    assert "/methods/msdnet/" in client.get("/papers/scales2018/").content.decode()
    assert "/methods/msdnet/" in client.get("/papers/?q=msdnet").content.decode()


@pytest.mark.parametrize("number", [1, 12])
def test_pages_cost_the_same_for_many(
    client: Client, number: int, django_assert_max_num_queries: Any
) -> None:
    for place in range(number):
        method(f"M{place}", make.paper(f"Paper {place}"), year=2000 + place, extends=["m0"])

    with django_assert_max_num_queries(8):
        client.get("/methods/")
    with django_assert_max_num_queries(10):
        client.get("/methods/m0/")
    with django_assert_max_num_queries(6):
        client.get("/methods/lineage/")
