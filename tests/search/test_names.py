"""Names of methods: whoever types one finds its paper first."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from papers.models import Paper, PaperName
from papers.names import name_key, network_keys, singular_key
from papers.search import PaperQuery, in_order, matching, suggest
from tests import make
from tests.search.conftest import Find, titles

pytestmark = pytest.mark.django_db


def named(title: str, *names: str, origin: str = "title", **fields: Any) -> Paper:
    paper = make.paper(title, **fields)
    for place, name in enumerate(names):
        PaperName.of(paper, place, name, origin).save()
    return paper


@pytest.fixture
def field(find: Find) -> None:
    """Papers of which the first three have names, and others that speak of the same words."""
    exits = make.topic("Early exiting", slug="early-exiting")
    named("Multi-Scale Dense Networks", "MSDNet", "Multi-Scale DenseNet", topics=[exits])
    named("Adaptive Inference Graphs", "ConvNet-AIG", "AIG", year=2019)
    named("Your ViT But Faster", "ToMe", "Token Merging", year=2023)
    named("Not moving", "CATS", year=2024)
    named("Slim widths", "Slimmable Networks", year=2019)
    make.paper("DS-Net", abstract="A SlimmableNet slims: slimmable net, slimmable nets.")
    make.paper("A net for MSD", abstract="The msd net is better than any net for msd.")
    make.paper("Token merging everywhere", abstract="Merging tokens, merging more tokens.")
    make.paper("Graphs of convnets", abstract="A convnet and an aig.")
    find()


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("MSDNet", "Multi-Scale Dense Networks"),
        ("msdnet", "Multi-Scale Dense Networks"),
        ("MSD Net", "Multi-Scale Dense Networks"),
        ("MSD-Nets", "Multi-Scale Dense Networks"),
        ('"msd net"', "Multi-Scale Dense Networks"),
        ("multi scale densenets", "Multi-Scale Dense Networks"),
        ("ConvNet AIG", "Adaptive Inference Graphs"),
        ("convnet-aig", "Adaptive Inference Graphs"),
        ("token merging (ToMe)", "Your ViT But Faster"),
        ("ToMe（token merging）", "Your ViT But Faster"),
        ("cats", "Not moving"),
        ("SlimmableNet", "Slim widths"),
        ("slimmable nets", "Slim widths"),
        ("Slimmable Neural Network", "Slim widths"),
        ("msdnet year:2018", "Multi-Scale Dense Networks"),
        ("msdnet topic:early-exiting", "Multi-Scale Dense Networks"),
        ("name:msd-net", "Multi-Scale Dense Networks"),
        ('name:"token mergings"', "Your ViT But Faster"),
    ],
)
def test_a_name_leads_to_its_paper_first(field: None, find: Find, typed: str, title: str) -> None:
    assert titles(find(typed))[0] == title


@pytest.mark.parametrize("typed", ["msdnet year:2020..", "msdnet -topic:early-exiting"])
def test_other_conditions_still_hold(field: None, find: Find, typed: str) -> None:
    assert "Multi-Scale Dense Networks" not in titles(find(typed))


@pytest.mark.parametrize("typed", ["cat", "msd or net", "msd | net", "multi-scale", "the", "( )"])
def test_what_is_no_name_names_nothing(field: None, find: Find, typed: str) -> None:
    assert not any(hit.named for hit in find(typed).hits)


def test_the_page_says_why_and_that_a_name_is_unconfirmed(find: Find) -> None:
    named("Gates", "GateNet", origin="knowledge")

    hit = find("gatenet").hits[0]

    assert hit.short_reason.startswith("Called GateNet (unconfirmed)")


def test_a_name_of_several_papers_offers_all_of_them(find: Find) -> None:
    exits = make.topic("Early exiting", slug="early-exiting")
    for number in range(12):
        make.paper(f"Deformable sampling {number}", abstract="dcn dcn dcn deformable")
    named("Capacity", "DCN", year=2016, topics=[exits])
    named("Deformations", "DCN", year=2017, origin="knowledge")
    named("Depth", "DCNs", year=2019)

    results = find("dcn")
    page = Client().get("/papers/?q=dcn").content.decode()
    choices = Client().get("/api/v1/papers/?q=dcn").json()["choices"]

    assert titles(results)[:2] == ["Capacity", "Deformations"]
    assert [choice.named.year for choice in results.choices] == [2016, 2017]
    assert "is the name of 2 things" in page
    assert [(row["title"], row["topic"], row["confirmed"]) for row in choices] == [
        ("Capacity", "early-exiting", True),
        ("Deformations", None, False),
    ]


@pytest.mark.parametrize(
    ("typed", "longer", "title"),
    [
        ("MoD", "γ-MoD", "Mixture of depths"),
        ("adafocus", "AdaFocus V2", "Adaptive focus"),
        ("Universal Transformer", "Sparse Universal Transformer", "Universal Transformers"),
    ],
)
def test_whose_name_it_is_goes_before_whose_name_has_it_inside(
    find: Find, typed: str, longer: str, title: str
) -> None:
    named("Another thing", longer, typed, year=2021)
    named(title, typed, year=2024, origin="knowledge")

    results = find(typed)

    assert titles(results)[:2] == [title, "Another thing"]
    assert len(results.choices) == 2


def test_a_plural_that_one_bears_means_those_of_the_singular_too(find: Find) -> None:
    named("Halting", "Universal Transformer", year=2019)
    named("Memory", "Universal Transformers", year=2026)
    find()

    results = find("Universal Transformers")

    assert titles(results)[:2] == ["Memory", "Halting"]
    assert {choice.named.title for choice in results.choices} == {"Memory", "Halting"}


def test_other_orders_and_all_results_have_it_too(field: None, find: Find) -> None:
    paper = Paper.objects.get(title="Your ViT But Faster")

    assert "Your ViT But Faster" in titles(find("tome", sort="year"))
    assert paper.pk in matching(PaperQuery.from_params({"q": "tome"}))
    assert find("tome").total == len(matching(PaperQuery.from_params({"q": "tome"})))


@pytest.mark.parametrize("typed", ["msd nets", "ToMe", "zzzz (ToMe)", "msdnet year:2018", "aig"])
def test_page_export_and_matching_have_the_same(field: None, find: Find, typed: str) -> None:
    query = PaperQuery.from_params({"q": typed})
    listed = find(typed, size=100)

    assert in_order(query) == [hit.paper.pk for hit in listed.hits]
    assert sorted(in_order(query)) == sorted(matching(query))
    assert listed.total == len(listed.hits)


def test_hidden_papers_are_not_named(find: Find) -> None:
    named("Secret", "HushNet", state=Paper.State.HIDDEN)

    assert not find("hushnet").hits
    assert not suggest("hush")
    assert find("name:hushnet").problems


def test_a_new_name_is_found_at_once(find: Find) -> None:
    paper = make.paper("Something")
    find()
    PaperName.of(paper, 0, "NewNet", "curator").save()

    assert titles(find("newnet")) == ["Something"]


def test_methods_are_suggested_first(field: None) -> None:
    assert next((one.kind, one.value) for one in suggest("msd")) == ("method", "MSDNet")
    assert next(one.value for one in suggest("token mer")) == "Token Merging"
    assert [one.value for one in suggest("name:msd")] == ['name:"MSDNet"']


@pytest.mark.parametrize(
    ("name", "key", "singular"),
    [
        ("MSD-Nets", "msdnets", "msdnet"),
        ("CATS", "cats", "cats"),
        ("MoEs", "moes", "moe"),
        ("γ-MoD", "gammamod", "gammamod"),
        ("H₂O", "h2o", "h2o"),
        ("LoRA+", "lora", "lora"),
        ("Focus", "focus", "focus"),
        ("混合专家", "混合专家", "混合专家"),
        ("—", "", ""),
    ],
)
def test_forms_of_a_name(name: str, key: str, singular: str) -> None:
    assert (name_key(name), singular_key(name)) == (key, singular)


@pytest.mark.parametrize(
    ("typed", "known", "is_meant"),
    [
        ("SlimmableNet", "Slimmable Networks", True),
        ("Highway Nets", "highway network", True),
        ("Slimmable Networks", "Slimmable Neural Network", True),
        ("skip networks", "SkipNet", False),
        ("neural networks", "Net", False),
        ("MSDNet", "MSDNet", False),
    ],
)
def test_how_a_network_may_be_written(typed: str, known: str, is_meant: bool) -> None:
    assert (name_key(known) in network_keys(typed)) is is_meant
