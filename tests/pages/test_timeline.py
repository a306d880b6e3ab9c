"""The timeline: picked steps and awards, as story and grid."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from papers.models import Method, Paper, TimelineEvent
from tests import make
from tests.markup import flat

pytestmark = pytest.mark.django_db


def step(
    title: str, *, year: int = 2018, domain: str = "model", paper: Paper | None = None
) -> None:
    TimelineEvent.objects.create(year=year, domain=domain, title=title, why="So.", paper=paper)


def read(client: Client, query: str = "") -> str:
    response = client.get(f"/timeline/{query}")
    assert response.status_code == 200
    return flat(response.content.decode())


def story(html: str) -> str:
    return html.split('<ol class="story">', 1)[1].split("</main>", 1)[0]


def grid(html: str) -> str:
    return html.split('<table class="grid"', 1)[1].split("</table>", 1)[0]


def test_steps_stand_in_order_of_years_in_story_and_grid(client: Client) -> None:
    step("Later", year=2022, domain="LLM")
    step("Earlier", year=1991)

    for part in (story(read(client)), grid(read(client, "?view=grid"))):
        assert part.index("1991") < part.index("Earlier") < part.index("2022") < part.index("Later")


def test_a_domain_leaves_only_its_steps(client: Client) -> None:
    step("A model")
    step("A compiler", domain="compiler")

    html = read(client, "?domain=compiler")

    assert "A compiler" in html and "A model" not in html
    assert 'href="/timeline/?domain=compiler" aria-current="true"' in html


@pytest.mark.parametrize("query", ["?domain=nothing", "?domain=", "?domain=%00"])
def test_an_odd_domain_shows_everything(client: Client, query: str) -> None:
    step("A model")
    assert "A model" in read(client, query)


def test_awards_appear_in_the_year_that_they_name(client: Client) -> None:
    make.paper("Cascade", year=2001, awards=["Longuet-Higgins Prize (CVPR 2011)"])
    make.paper("Forest", year=2015, awards=["Marr Prize"])

    html = story(read(client, "?domain=awards"))

    assert html.index("2011") < html.index("Cascade") < html.index("2015") < html.index("Forest")
    assert "Marr Prize" in html


def test_a_fact_without_source_is_marked_where_it_is_shown(client: Client) -> None:
    step("Doubtful", paper=make.paper("One", unconfirmed=["venue", "arxiv"]))
    step("Sure", paper=make.paper("Two", unconfirmed=["arxiv"]))

    html = story(read(client))

    assert html.count("unconfirmed: venue") == html.count('class="unconfirmed"') == 1
    assert "arxiv" not in html


def test_steps_of_hidden_papers_stay_hidden(client: Client) -> None:
    step("Secret", paper=make.paper("Hidden", state="hidden", awards=["A prize"]))
    step("Without a paper")

    html = read(client)

    assert "Secret" not in html and "Hidden" not in html and "A prize" not in html
    assert "Without a paper" in html


def test_the_mark_carries_the_axis_of_the_paper(client: Client) -> None:
    spatial = make.topic("Spatial", slug="spatial-wise")
    step("Where to look", paper=make.paper(topics=[spatial]))

    assert 'class="step axis-spatial"' in read(client)


def test_markup_in_a_step_stays_text(client: Client) -> None:
    step("<b>bold</b>")
    assert "<b>bold</b>" not in read(client)


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_needs_the_same_queries_for_any_number(
    client: Client, number: int, django_assert_num_queries
) -> None:
    topic = make.topic()
    for one in range(number):
        step(f"Step {one}", paper=make.paper(f"P{one}", topics=[topic]))
        make.paper(f"Q{one}", topics=[topic], awards=["A prize"])
    with django_assert_num_queries(6):
        client.get("/timeline/")


def test_an_empty_timeline_is_a_page(client: Client) -> None:
    assert "Timeline" in read(client)


def test_the_grid_crosses_domain_and_year_and_leads_into_the_story(client: Client) -> None:
    step("A chip", year=2018, domain="accelerator")
    step("A model", year=2018)

    html = grid(read(client, "?view=grid"))

    assert re.findall(r'columnheader">([^<]+)<', html) == ["Year", "Models", "Accelerators"]
    assert re.findall(r'data-domain="([^"]+)"', html) == ["Models", "Accelerators"]
    anchor = TimelineEvent.objects.get(title="A chip").pk
    assert f'href="/timeline/#step-{anchor}"' in html
    assert f'id="step-{anchor}"' in read(client)


def test_a_method_is_a_step_when_enough_others_build_on_it(client: Client) -> None:
    paper = make.paper("Halting")
    act = Method.objects.create(slug="act", name="ACT", year=2016)
    act.roles.create(paper=paper)
    for number in range(4):
        Method.objects.create(slug=f"m{number}", name=f"M{number}", extends=["act"])

    assert "ACT" not in read(client)
    html = story(read(client, "?built=4"))
    assert "4 methods here build on it." in html
    assert 'href="/papers/' in html


def test_a_method_of_a_hidden_paper_is_no_step(client: Client) -> None:
    act = Method.objects.create(slug="act", name="ACT", year=2016)
    act.roles.create(paper=make.paper("Hidden", state="hidden"))
    for number in range(5):
        Method.objects.create(slug=f"m{number}", name=f"M{number}", extends=["act"])

    assert "ACT" not in read(client)
