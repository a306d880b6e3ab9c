"""What happened when: months, clocks of topics, years; followed methods; ages on the health page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from community.following import follows
from community.models import Appearance
from papers.models import Method, MethodPaper, Source
from papers.search.words import index
from tests import make

pytestmark = pytest.mark.django_db


def entered(title: str, at: dt.datetime, **fields):
    paper = make.paper(title, **fields)
    Appearance.objects.update_or_create(paper=paper, defaults={"at": at})
    return paper


def test_a_month_has_what_entered_in_it_and_nothing_else(client) -> None:
    topic = make.topic("Early exiting")
    entered("In November", dt.datetime(2025, 11, 30, 23, tzinfo=dt.UTC), topics=[topic])
    entered("In December", dt.datetime(2025, 12, 1, tzinfo=dt.UTC))
    entered("Hidden One", dt.datetime(2025, 11, 3, tzinfo=dt.UTC), state="hidden")
    page = client.get(reverse("month", args=[2025, 11])).content.decode()
    assert "In November" in page and "1 paper entered" in page and "Early exiting" in page
    assert "In December" not in page and "Hidden One" not in page
    assert client.get(reverse("this-month")).status_code == 200


@pytest.mark.parametrize("wrong", [(2025, 13), (2025, 0), (3025, 1), (1, 1), (99999, 1)])
def test_there_is_no_page_for_a_month_that_is_none(client, wrong) -> None:
    assert client.get(reverse("month", args=wrong)).status_code == 404


def test_the_clock_of_a_topic_counts_what_is_below_it_and_how_fast(client) -> None:
    topic = make.topic("Dynamic depth")
    below = make.topic("Early exiting", parent=topic)
    at = dt.datetime(2025, 3, 2, tzinfo=dt.UTC)
    entered("One", at, topics=[below], arxiv="2501.00001")
    entered("Two", at, topics=[topic], arxiv="2412.00002")
    entered("Elsewhere", at, topics=[make.topic("Routing")])
    page = client.get(reverse("clock", args=[topic.slug])).content.decode()
    assert "All 2 papers" in page
    cells = [text.split("<")[0].strip() for text in page.split('class="number">')[1:]]
    assert "2.5" in cells
    assert "2025-03" in page


def test_a_topic_in_which_nothing_happened_says_so(client) -> None:
    topic = make.topic("Early exiting")
    page = client.get(reverse("clock", args=[topic.slug])).content.decode()
    assert "Nothing has entered" in page


def test_a_year_is_asked_for_anew(client) -> None:
    topic = make.topic("Early exiting")
    make.paper("Of the Year", year=2018, topics=[topic], awards=["Best paper"])
    make.paper("Of Another", year=2019)
    page = client.get(reverse("year-in-review", args=[2018])).content.decode()
    assert "1 paper of 2018" in page and "Best paper" in page and "Early exiting" in page
    assert "Of Another" not in page
    assert client.get(reverse("year-in-review", args=[1871])).status_code == 404


def test_a_followed_method_tells_of_papers_that_name_it(client) -> None:
    mia = make.member("mia")
    first = make.paper("The First")
    method = Method.objects.create(slug="msdnet", name="MSDNet")
    MethodPaper.objects.create(method=method, paper=first, role=MethodPaper.Role.INTRODUCES)
    follows.follow(mia, "method", "msdnet")
    assert ("method", "msdnet") in follows.followed(mia)
    since = timezone.now() - dt.timedelta(days=1)
    now = timezone.now()
    Appearance.objects.update_or_create(paper=first, defaults={"at": now - dt.timedelta(hours=1)})
    entered("Another", now - dt.timedelta(hours=1))
    news = follows.news(mia, since=since, until=now)
    assert [(item.title, [paper.title for paper in item.papers]) for item in news] == [
        ("MSDNet", ["The First"])
    ]
    client.force_login(mia)
    assert "Following" in client.get(method.get_absolute_url()).content.decode()


def test_the_health_page_names_ages_of_sources_and_programs(client) -> None:
    index.rebuild_index()
    Source.objects.create(slug="a", name="Secret words", kind="arxiv", query="x")
    page = client.get(reverse("health-of-survey")).content.decode()
    assert "arXiv, by query" in page and "never" in page
    assert "Secret words" not in page
    assert "When each program last ran well here" in page
    assert "addresses outside that do not answer" in page
