"""The front page, the map of the field, topic pages."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.http import QueryDict
from django.test import Client

from papers.search import PaperQuery
from taxonomy.tree import TopicTree
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def field() -> dict:
    root = make.topic("Instance-wise dynamic networks", slug="instance-wise", zh="样本自适应")
    depth = make.topic("Dynamic depth", parent=root)
    exits = make.topic("Early exiting", parent=depth, zh="早退机制")
    skips = make.topic("Layer skipping", parent=depth)
    return {"root": root, "depth": depth, "exits": exits, "skips": skips}


def count_of(html: str, slug: str) -> int:
    node = html.split(f'href="/topics/{slug}/"', 1)[1].split("</a>", 1)[0]
    return int(node.rsplit('<span class="n">', 1)[1].split("<", 1)[0])


def test_a_paper_under_two_topics_counts_once_in_their_ancestor(
    client: Client, field: dict
) -> None:
    make.paper("Both", topics=[field["exits"], field["skips"]])
    make.paper("One", topics=[field["exits"]])

    html = client.get("/topics/").content.decode()

    counts = {slug: count_of(html, slug) for slug in ("early-exiting", "layer-skipping")}
    assert counts == {"early-exiting": 2, "layer-skipping": 1}
    assert count_of(html, "dynamic-depth") == count_of(html, "instance-wise") == 2


def test_the_map_up_to_a_year_leaves_later_papers_out(client: Client, field: dict) -> None:
    make.paper("Old", year=2016, topics=[field["exits"]])
    make.paper("New", year=2020, topics=[field["exits"]])

    html = client.get("/topics/?until=2018").content.decode()

    assert count_of(html, "early-exiting") == 1


@pytest.mark.parametrize("until", ["", "abc", "-4", "99999999999999999999", "²"])
def test_an_odd_year_shows_the_whole_field(client: Client, field: dict, until: str) -> None:
    make.paper("Old", year=2016, topics=[field["exits"]])
    response = client.get("/topics/", {"until": until})
    assert response.status_code == 200


def test_hidden_papers_are_not_counted(client: Client, field: dict) -> None:
    make.paper("Hidden", state="hidden", topics=[field["exits"]])

    assert count_of(client.get("/topics/").content.decode(), "early-exiting") == 0
    page = client.get("/topics/early-exiting/").content.decode()
    assert "Hidden" not in page


def test_htmx_gets_the_map_alone(client: Client, field: dict) -> None:
    part = client.get("/topics/", headers={"HX-Request": "true", "HX-Target": "map"})
    assert "<html" not in part.content.decode()
    assert "<html" in client.get("/topics/").content.decode()


def test_a_topic_page_tells_path_children_people_and_milestones(
    client: Client, field: dict
) -> None:
    from papers.models import TimelineEvent

    first = make.paper("First", authors=["Ada Byron"], topics=[field["exits"]])
    make.paper("Second", authors=["Ada Byron"], topics=[field["skips"]])
    make.paper("Third one a survey", kind="survey", topics=[field["depth"]])
    TimelineEvent.objects.create(
        year=2018, domain="model", title="It began", why="So.", paper=first
    )

    html = client.get("/topics/dynamic-depth/").content.decode()

    for text in ("What dynamic depth means.", "Early exiting", "Ada Byron", "It began", "Surveys"):
        assert text in html
    assert html.index("Third one a survey") < html.index("Newest papers")


@pytest.mark.parametrize("number", [1, 3])
def test_the_topic_page_needs_the_same_queries_for_any_number(
    client: Client, field: dict, number: int, django_assert_num_queries
) -> None:
    for one in range(number):
        make.paper(f"Paper {one}", authors=[f"A{one}", f"B{one}"], topics=[field["exits"]])
    with django_assert_num_queries(8):
        client.get("/topics/early-exiting/")


@pytest.mark.parametrize("number", [1, 3])
def test_the_front_page_needs_the_same_queries_for_any_number(
    client: Client, field: dict, number: int, django_assert_num_queries
) -> None:
    for one in range(number):
        make.paper(f"Paper {one}", topics=[field["exits"]])
    TopicTree.read()
    with django_assert_num_queries(8):
        client.get("/")


def test_an_unknown_topic_is_not_found(client: Client) -> None:
    assert client.get("/topics/nothing/").status_code == 404


def test_only_papers_with_a_topic_are_new_on_the_front_page(client: Client, field: dict) -> None:
    make.paper("Exits of today", year=2026, topics=[field["exits"]])
    make.paper("Recipes for soup", year=2026)

    html = client.get("/").content.decode()

    assert "Exits of today" in html
    assert "Recipes for soup" not in html


def test_the_newest_work_stands_first_by_year_and_month(client: Client, field: dict) -> None:
    for title, year, month in (
        ("Of an unknown month", 2026, None),
        ("Of March", 2026, 3),
        ("Of November", 2025, 11),
        ("Of June", 2026, 6),
    ):
        make.paper(title, year=year, month=month, topics=[field["exits"]])
    titles = ["Of June", "Of March", "Of an unknown month", "Of November"]

    for page in ("/topics/early-exiting/", "/"):
        html = client.get(page).content.decode()
        places = [html.index(title) for title in titles]
        assert places == sorted(places)


def test_the_page_of_a_topic_says_in_chinese_too_what_it_is(client: Client) -> None:
    make.topic("Early exiting", zh="早退机制", definition_zh="容易的样本提前得到结果。")

    html = client.get("/topics/early-exiting/").content.decode()

    assert '<p class="quiet" lang="zh">容易的样本提前得到结果。</p>' in html


def test_the_front_page_says_how_the_field_stands(client: Client, field: dict) -> None:
    paper = make.paper("Exits", year=2026, month=8, topics=[field["exits"]])
    for state in ("exact", "within", "outside", "not-run"):
        make.number(paper, state=state, metric="macs")
    make.number(paper, state="reproduced", metric="accuracy")

    html = " ".join(client.get("/").content.decode().split())

    assert "1 paper</a>, <a" in html and ">4 topics</a>" in html and ">5 numbers</a>" in html
    assert "runs met 2 of them on size and cost and 1 on behaviour; 1 came out otherwise." in html
    assert "New work, August 2026" in html
    assert (
        html.index("The map of the field") < html.index(">Learn</a> </h2>") < html.index("New work")
    )
    for address in ("/paths/", "/glossary/", "/numbers/", "/upload/"):
        assert f'href="{address}"' in html


def test_cells_of_the_map_widen_with_the_root_of_their_papers(client: Client, field: dict) -> None:
    for name in ("A", "B", "C", "D"):
        make.paper(name, topics=[field["exits"]])
    make.paper("E", topics=[field["skips"]])

    html = client.get("/").content.decode()

    def width(slug: str) -> str:
        return html.split(f'href="/topics/{slug}/"')[0].rsplit('class="grow-', 1)[1][:2]

    assert width("early-exiting").strip('"') == "12"
    assert width("layer-skipping").strip(chr(34)) == "7"


def test_a_topic_with_many_surveys_shows_the_newest_and_leads_to_all(
    client: Client, field: dict
) -> None:
    for year in range(2015, 2022):
        make.paper(f"Survey of {year}", year=year, kind="survey", topics=[field["exits"]])

    html = client.get("/topics/early-exiting/").content.decode()

    assert "Survey of 2021" in html and "Survey of 2015" not in html
    assert "All surveys of this topic" in html


def test_a_year_of_the_chart_leads_to_the_papers_of_that_year(client: Client, field: dict) -> None:
    for year in (2019, 2019, 2021):
        make.paper(f"Of {year}", year=year, topics=[field["exits"]])

    html = client.get("/topics/early-exiting/").content.decode()

    (address,) = re.findall(r'href="([^"]*)"\s+aria-label="2019: 2"', html)
    asked = PaperQuery.from_params(QueryDict(unescape(address).split("?", 1)[1]))
    assert (asked.year_from, asked.year_to) == (2019, 2019)
    assert asked.selected == (("topic", ("early-exiting",)),)
