"""What is found, how much of it, and what is said about that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from papers.models import Paper, Term
from papers.search import PaperQuery, matching
from papers.search.language import chinese
from papers.search.meaning import nearest
from papers.search.words.engine import IndexEngine
from tests import make
from tests.search.conftest import Find, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def field() -> None:
    """Papers that share words with each other to different degrees."""
    exits = make.topic("Early exiting", slug="early-exiting", zh="早退机制")
    make.paper("Early exits for depth", year=2017, topics=[exits])
    make.paper("Early stopping of training", year=2019)
    make.paper("Exits of evacuation", year=2021)
    make.paper("Attention in language", year=2020)


def test_of_two_words_both_are_needed_and_nearness_adds_the_rest(field: None, find: Find) -> None:
    results = find("early exits")

    assert titles(results)[0] == "Early exits for depth"
    assert "Attention in language" not in titles(results)
    assert results.total == len(results.hits)


@pytest.mark.parametrize("typed", ["Skip RNN", "skip rnn: learning to", "SKIP RNN"])
def test_a_paper_whose_title_was_begun_stands_first(find: Find, typed: str) -> None:
    make.paper("Skipping RNN skips: when the skip RNN may skip", tldr="Skip RNN, a skip RNN.")
    make.paper("Skip RNN: Learning to Skip State Updates in Recurrent Neural Networks")
    make.paper("On whether to skip an RNN", tldr="The Skip RNN.")

    assert titles(find(typed))[0].startswith("Skip RNN:")


def test_the_beginning_of_many_titles_means_none_of_them(find: Find) -> None:
    for name in ("pruning", "widths", "depths", "kernels"):
        make.paper(f"Dynamic {name}")
    make.paper("What is dynamic is dynamic", tldr="Dynamic, dynamic, dynamic.")

    assert titles(find("dynamic"))[0] == "What is dynamic is dynamic"


def test_a_long_question_needs_any_of_its_words(field: None, find: Find) -> None:
    results = find("do networks with early exits save work on easy images at equal depth")

    assert titles(results)[0] == "Early exits for depth"


def nothing_near(*asked: object) -> Callable[[], list[object]]:
    """As if no paper were near in meaning."""
    return list


def test_a_common_word_alone_makes_no_result(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest.Comparing, "nearest", nothing_near)
    for number in range(8):
        make.paper(f"Networks of kind {number}")
    make.paper("Recurrent cells")

    results = find("recurrent networks that skip much")

    assert titles(results) == ["Recurrent cells"]


@pytest.mark.parametrize("sort", ["year", "-year", "name"])
def test_other_orders_list_papers_with_every_word(field: None, find: Find, sort: str) -> None:
    results = find("early exits", sort=sort)

    assert titles(results) == ["Early exits for depth"]
    assert results.total == 1
    assert "every word" in results.notice


def test_other_orders_fall_back_to_any_word_and_say_so(field: None, find: Find) -> None:
    results = find("early language", sort="year")

    assert titles(results) == [
        "Early exits for depth",
        "Early stopping of training",
        "Attention in language",
    ]
    assert "at least one" in results.notice


def test_one_word_needs_no_explanation(field: None, find: Find) -> None:
    assert find("early", sort="year").notice == ""


@pytest.mark.parametrize("q", ["早退", "早退机制", "topic:早退机制", "主题：早退机制"])
def test_a_topic_is_found_by_its_chinese_name(field: None, find: Find, q: str) -> None:
    results = find(q)

    assert titles(results)[0] == "Early exits for depth"


def test_a_topic_is_found_by_what_the_glossary_says_it_is_also_called(find: Find) -> None:
    topic = make.topic("Speculative decoding", slug="speculative-decoding", zh="投机解码")
    make.paper("Drafts", key="drafts", topics=[topic])
    make.paper("Other", key="other")
    Term.objects.create(
        slug="speculation", en="speculation", zh="投机解码", variants_zh=["推测解码"]
    )

    assert [hit.paper.key for hit in find("推测解码").hits] == ["drafts"]


def test_a_chinese_name_names_the_topic(field: None, find: Find) -> None:
    assert [topic.slug for topic in find("早退").topics] == ["early-exiting"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("atention", "attention"), ("erly exits", "early exits"), ("langauge", "language")],
)
def test_a_slip_of_the_finger_is_corrected(field: None, find: Find, typed: str, meant: str) -> None:
    assert find(typed).did_you_mean == meant


def test_a_pasted_text_is_not_corrected(field: None, find: Find) -> None:
    text = "Networks whose depth adapts to each input stop early where an exit is confident. " * 3

    assert find(f"{text} newtorks").did_you_mean == ""


@pytest.mark.parametrize("q", ["attention", "early exits", "早退", "", "2017"])
def test_known_words_are_not_corrected(field: None, find: Find, q: str) -> None:
    assert find(q).did_you_mean == ""


@pytest.mark.parametrize("part", ["ranked", "scores", "counts"])
def test_an_index_that_fails_while_answering_gives_way_to_the_newest_papers(
    field: None, find: Find, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    def broken(*asked: object) -> None:
        raise ValueError("a damaged segment")

    monkeypatch.setattr(IndexEngine, part, broken)

    results = find("early exits")

    assert titles(results)[0] == "Exits of evacuation"
    assert (results.is_ready, results.total) == (False, 0)
    assert "being built" in results.notice
    assert Paper.objects.count() > 0  # the connection is usable again


def test_what_a_search_finds_is_what_it_counts(field: None, find: Find) -> None:
    for params in ({"q": "early exits"}, {"q": "-early"}, {"topic": "early-exiting"}, {}):
        results = find(**params)
        assert len(matching(PaperQuery.from_params(params))) == results.total


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("视觉词元剪枝", "vision token pruning"),
        ("視覺詞元剪枝", "vision token pruning"),
        ("如何让视觉 Transformer 更快", "vision Transformer"),
        ("早退 early exit", "early exit early exit"),
        ("視覺網路", "vision network"),
        ("某某", ""),
        ("early exit", ""),
    ],
)
def test_chinese_is_read_word_by_word(text: str, english: str) -> None:
    known = {
        "视觉": "vision",
        "词元": "token",
        "词元剪枝": "token pruning",
        "早退": "early exit",
        "网络": "network",
    }

    assert chinese.translated(text, known) == english


def test_a_chinese_question_finds_papers_that_say_nothing_in_chinese(find: Find) -> None:
    make.paper("Token pruning for video", key="video", year=2024)
    make.paper("Speech recognition", key="speech", year=2023)
    Term.objects.create(slug="token-pruning", en="token pruning", zh="词元剪枝")

    results = find("视频理解里的词元剪枝", sort="year")

    assert [hit.paper.key for hit in results.hits] == ["video"]
    assert results.total == 1
    assert "None of these words" not in results.notice


@pytest.mark.parametrize("q", ["xyzzy-exits", "xyzzy–exits", "ε-exits"])
def test_of_a_hyphenated_word_that_stands_nowhere_the_parts_are_found(
    field: None, find: Find, q: str
) -> None:
    results = find(q, sort="year")

    assert "Early exits for depth" in titles(results)
    assert "None of these words" not in results.notice


def test_words_in_full_width_are_found_as_the_others_are(field: None, find: Find) -> None:
    assert find("ｅｘｉｔｓ").total == find("exits").total
