"""The page on what is missing: its figures are what the lists behind them hold."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from papers.models import PaperTopic
from papers.search.words import index
from tests import make

pytestmark = pytest.mark.django_db
ROW = re.compile(r'<a href="([^"]+)">([^<]+)</a>\s*</th>\s*<td class="number">(\d+) of (\d+)</td>')


@pytest.fixture
def rows() -> dict[str, tuple[str, int, int]]:
    topic = make.topic("Early exiting")
    make.paper("Sure", key="sure2018", doi="10.1145/1", tldr="Says it.", topics=[topic])
    unsure = make.paper("Unsure", key="unsure2019", unconfirmed=["authors"], topics=[topic])
    PaperTopic.objects.filter(paper=unsure).update(origin=PaperTopic.Origin.MACHINE)
    make.paper("Hidden", key="hidden2020", state="hidden", unconfirmed=["year"])
    index.rebuild_index()
    page = Client().get(reverse("health-of-survey")).content.decode()
    return {
        label: (address.replace("&amp;", "&"), int(count), int(total))
        for address, label, count, total in ROW.findall(page)
    }


def test_figures_count_what_this_reader_may_see(rows) -> None:
    assert rows["with a field that no source confirmed"][1:] == (1, 2)
    assert rows["with a topic that only a machine suggests"][1:] == (1, 2)
    assert rows["without a DOI"][1:] == (1, 2)
    assert rows["without a sentence of our own"][1:] == (1, 2)


def test_every_figure_opens_a_list(rows) -> None:
    for address, _, _ in rows.values():
        assert Client().get(address).status_code == 200, address
    page = Client().get(rows["with a field that no source confirmed"][0]).content.decode()
    assert "Unsure" in page
    assert "Sure" not in page.replace("Unsure", "")
