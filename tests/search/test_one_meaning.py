"""One query means the same papers on the page, in the API, in an export and in a feed."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from papers.formats.registry import FORMATS, Format
from papers.models import Paper
from papers.models.paper import PaperQuerySet
from papers.search import PaperQuery, matching

QUERIES: list[dict[str, Any]] = [
    {"q": q}
    for q in (
        # names
        "author:li", "author:huang", 'author:"Gao Huang"', 'author:"G. Huang"',
        'author:"Huang, Gao"', "author:wójcik", "author:wojcik", "-author:wojcik",
        'author:"' + unicodedata.normalize("NFD", "Jürgen") + ' Schmidhuber"',
        'author:"Kilian Weinberger"', "author:gao-huang", "author:zzzzqqq",
        # words, phrases, exclusion
        "early exits", "dynamic depth", '"early exit"', "-depth year:2020", "-dynamic",
        "+token -video", "(routing OR gating) networks", "title:dynamic -title:network",
        "abstract:halting", 'title:"dynamic convolution"', "-(depth width)",
        "SE(3)-equivariant networks",
        'what does "early exit" mean for language models and how is it trained?',
        # Chinese
        "早退", "早退机制", "動態神經網絡", "动态神经网络", "-早退", "MSDNet", "topic:早退机制",
        # names of methods
        "MSD Net", "msd net year:2018", "dcn", "token merging (ToMe)", '"msd net"', "name:msd-net",
        "-name:msdnet", "AdaFocus", "moe -topic:moe-llm", "zzzz (ToMe)",
        # years
        "2020", "Huang 2018", "venue:ICLR 2018", "year:2018..2019 attention", "year:..2015",
        "-year:2020..", "depth -2018", "-2018 -2019",
        # flags, kinds, places
        "has:code", "has:code -has:findings", "is:survey", "-is:survey early exits",
        "venue:NeurIPS,ICML", "topic:early-exiting -venue:ICLR", "workshop:dynn-2022",
        # identifiers
        "1703.09844", "arXiv:1703.09844v2 [cs.LG] 7 Jun 2018", "arxiv:1703.09844", "-arxiv:1703.09844",
        # nonsense, nothing, everything
        "zzzzqqq", "zzzzqqq -depth", "the of and", "", "- + —",
    )
] + [
    {"topic": "early-exiting"},
    {"topic": ["early-exiting", "spatial-wise"], "has": "code"},
    {"venue": "neurips", "year_from": "2019"},
    {"q": "routing", "is": "survey"},
    {"q": "early exits", "sort": "-year"},
    {"author": "gao-huang", "year_to": "2019"},
]  # fmt: skip


FEW = 200
"""So many papers are exported as they are; of more, their keys alone: which papers a file holds is
asked here, and what it says of each, elsewhere."""


@pytest.fixture
def ask(whole_field: None, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Client:
    """The site over the whole field; nothing changes, so nothing need be followed."""
    settings.KB_SEARCH_FOLLOW = "off"
    monkeypatch.setitem(FORMATS, "keys", Format("keys", "Keys", "text/plain", _keys))
    return Client()


def _keys(papers: Iterable[Paper], base_url: str = "") -> str:
    return "".join(f"{paper.key}\n" for paper in papers)


def on_page(ask: Client, query: str) -> int:
    answer = ask.get(f"/papers/?{query}")
    if answer.status_code == 302:  # straight to the one paper
        return 1
    return answer.context["results"].total


def in_api(ask: Client, query: str) -> int:
    answer = ask.get(f"/api/v1/papers/?with_count=1&per_page=1&select=key&{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["count"]


def in_export(ask: Client, query: str, total: int) -> int:
    if total <= FEW:
        return len(json.loads(ask.get(f"/papers.csl.json?{query}").getvalue()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PaperQuerySet, "for_export", lambda papers: papers)
        return len(set(ask.get(f"/papers.keys?{query}").getvalue().split()))


def in_feed(ask: Client, query: str) -> int:
    answer = ask.get(f"/feeds/papers.atom?{query}")
    assert answer.status_code == 200, answer.content
    total = re.search(rb"totalResults>(\d+)<", answer.content)
    assert total is not None
    return int(total[1])


@pytest.mark.parametrize("asked", QUERIES, ids=lambda asked: urlencode(asked, doseq=True)[:60])
def test_page_api_export_and_feed_count_the_same(ask: Client, asked: dict[str, Any]) -> None:
    query = urlencode(asked, doseq=True)
    of_feed = urlencode({k: v for k, v in asked.items() if k != "sort"}, doseq=True)

    total = on_page(ask, query)

    assert (in_api(ask, query), in_export(ask, query, total)) == (total, total)
    if query == of_feed:
        assert in_feed(ask, query) == total
    assert len(matching(PaperQuery.from_params(asked))) == total


def test_what_is_excluded_and_what_is_not_are_everything(ask: Client) -> None:
    everything = Paper.objects.visible_to().count()
    for condition in ("author:wojcik", "early", '"early exit"', "has:code", "year:2020", "早退"):
        without = matching(PaperQuery.from_params({"q": f"-{condition}"}))
        required = condition if ":" in condition or condition.startswith('"') else f"+{condition}"
        with_it = matching(PaperQuery.from_params({"q": required}))

        assert not set(without) & set(with_it)
        assert len(without) + len(with_it) == everything
