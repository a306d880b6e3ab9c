"""/disagreements/: what a query finds, what curators explain, and the arithmetic."""

from __future__ import annotations

import pytest

from reproductions.ledger.found import canonical, found_disagreements
from reproductions.models import Disagreement, DisagreementPart
from tests import make
from tests.comparing.make_points import number, point, text_of


@pytest.fixture
def two(db):
    """Two papers with one baseline: ResNet-50 and ResNet50."""
    first = make.paper("First", key="first2020")
    second = make.paper("Second", key="second2024")
    point(first, "ResNet-50", "76.23", "3858", source="one/first:README.md", baseline=True)
    point(second, "ResNet50 baseline", "78.44", "4.1", unit="G", source="two/second:README.md",
          baseline=True)  # fmt: skip
    return first, second


def test_one_network_with_two_values_is_found_whatever_its_spelling(two):
    quality, cost = found_disagreements()

    assert (quality.data_set, quality.measure) == ("ImageNet", "top-1")
    assert quality.arithmetic == "78.44 − 76.23 = 2.21 points"
    assert [reading.source for reading in quality.readings] == ["one/first", "two/second"]
    assert cost.measure == "operations" and cost.arithmetic == "4.1 G / 3.858 G = 1.063"


@pytest.mark.parametrize(
    ("fields", "printed"),
    [
        ({}, "76.2"),  # rounding explains it
        ({"split": "real"}, "80.0"),
        ({"data_set": "CIFAR-10"}, "80.0"),
        ({"measure": "top-5"}, "90.0"),
        ({"source": "one/first:docs/README.md"}, "80.0"),  # the same repository
    ],
)
def test_what_rounding_another_split_or_one_source_explains_is_none(db, fields, printed):
    paper, other = make.paper("First", key="first2020"), make.paper("Other", key="other2020")
    point(paper, "ResNet-50", "76.23", "3858", source="one/first:README.md")
    data_set = fields.get("data_set", "ImageNet")
    given = {"source": "two/other:README.md", "measure": "top-1"} | fields
    number(other, "accuracy", printed, "%", point="other2020/x",
           setting=f"{data_set}, ResNet50, {given['measure']}", **given)  # fmt: skip

    assert found_disagreements() == []


def test_an_error_and_an_accuracy_are_one_measure(two):
    third = make.paper("Third", key="third2021")
    number(third, "error", "24.0", "%", point="third2021/x", measure="top-1",
           setting="ImageNet, ResNet50, top-1", source="three/third:README.md")  # fmt: skip

    assert found_disagreements()[0].arithmetic == "78.44 − 76 = 2.44 points"


def test_two_ways_of_counting_are_named(two):
    third = make.paper("Third", key="third2021")
    point(third, "ResNet50", "76.1", "8.2", metric="flops", unit="G", source="x/third:README.md")

    cost = next(item for item in found_disagreements() if not item.is_quality)

    assert cost.conventions == ["FLOPs as printed", "multiply-adds"]
    assert cost.arithmetic == "8.2 G / 3.858 G = 2.125"


def test_names_are_one_without_spaces_hyphens_and_capitals():
    assert canonical("ResNet-50") == canonical("resnet 50") == canonical("ResNet50")
    assert canonical("LLaVA-OneVision-7B") == canonical("LLaVA-OV-7B")
    assert canonical("ResNet-50") != canonical("ResNet-101")


def test_the_page_shows_both_kinds_with_their_arithmetic(two, client):
    group = Disagreement.objects.create(
        slug="resnet50", kind="sources", title="ResNet-50 on ImageNet", text="Longer training.",
        also=[{"printed": "76.1 %", "source": "notes"}],
    )  # fmt: skip
    for place, paper in enumerate(two):
        top1 = paper.numbers.get(metric="accuracy")
        DisagreementPart.objects.create(disagreement=group, number=top1, position=place)
    Disagreement.objects.create(
        slug="columns", kind="error", title="Two columns", text="In the wrong order.",
        also=[{"printed": "61.2", "source": "a README"}],
    )  # fmt: skip

    page = text_of(client.get("/disagreements/"))
    errors = text_of(client.get("/disagreements/?kind=error"))
    answer = client.get("/api/v1/disagreements/").json()

    assert "78.44 − 76.23 = 2.21 %, +2.9%" in page and "76.1 % notes" in page
    assert "Found by a query" in page and "two/second" in page
    assert "Two columns" in errors and "Longer training." not in errors
    assert [item["slug"] for item in answer["explained"]] == ["columns", "resnet50"]
    assert answer["explained"][1]["arithmetic"] == ["78.44 − 76.23 = 2.21 %, +2.9%"]
    assert answer["found"][0]["network"] in ("ResNet-50", "ResNet50")


def test_a_number_leads_to_the_page_on_which_its_disagreement_stands(two, client):
    for place in range(20):
        Disagreement.objects.create(
            slug=f"other-{place:02}", kind="error", title=f"Other {place}", text="A slip.",
            position=place, also=[{"printed": "1", "source": "somewhere"}],
        )  # fmt: skip
    last = Disagreement.objects.create(
        slug="last", kind="sources", title="The last one", text="Both.", position=99
    )
    top1 = two[0].numbers.get(metric="accuracy")
    DisagreementPart.objects.create(disagreement=last, number=top1)

    link = "/disagreements/?show=last#last"

    assert link in client.get(top1.get_absolute_url()).content.decode()
    assert "The last one" in text_of(client.get(link))
    assert "The last one" not in text_of(client.get("/disagreements/"))


def test_a_disagreement_of_hidden_papers_only_is_not_shown(two, client):
    group = Disagreement.objects.create(
        slug="secret", kind="sources", title="A secret one", text="Hidden.",
        also=[{"printed": "1", "source": "somewhere"}],
    )  # fmt: skip
    DisagreementPart.objects.create(
        disagreement=group, number=two[0].numbers.get(metric="accuracy")
    )
    two[0].state = two[0].State.HIDDEN
    two[0].save()

    assert "A secret one" not in text_of(client.get("/disagreements/"))


def test_without_any_the_page_says_so(db, client):
    page = text_of(client.get("/disagreements/"))

    assert "None is written down here" in page and "No two sources print different values" in page
