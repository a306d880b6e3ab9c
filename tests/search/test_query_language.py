"""The query language: what is read, how it is shown, what is complained about. No database."""

from __future__ import annotations

from urllib.parse import parse_qsl

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from papers.search.language.clauses import Word
from papers.search.language.grammar import LONGEST_QUERY, parse
from papers.search.language.query import PaperQuery


def labels(q: str) -> list[str]:
    return [part.label for part in PaperQuery.from_params({"q": q}).parts]


def codes(q: str) -> list[str]:
    return [problem.code for problem in PaperQuery.from_params({"q": q}).problems]


READINGS = [
    # odd ones first
    ("", []),
    ("   \x00\t ", []),
    ("- + — · …", []),
    ("(((((((((((((x", ["x"]),
    ("a - b", ["a", "b"]),
    ("--x", ["x"]),
    ("-(c d)", ["not c", "not d"]),
    ("NOT NOT x", ["x"]),
    ("x OR", ["x"]),
    ("OR x", ["x"]),
    ("“curly quotes”", ["“curly quotes”"]),
    ("「早退」 网络", ["“早退”", "网络"]),
    ("作者：黄高", ["author: 黄高"]),
    ("SkipNet: Learning Dynamic Routing", ["SkipNet:", "Learning", "Dynamic", "Routing"]),
    ("Once-for-All (OFA): Train", ["Once-for-All", "OFA", "Train"]),
    ("https://example.org/a:b", ["https://example.org/a:b"]),
    ("frozen at -80 °C", ["frozen", "at", "80", "°C"]),
    ("+1 nucleosomes", ["1", "nucleosomes"]),
    ("gains of +2.5%", ["gains", "of", "2.5%"]),
    ("depth -2018", ["depth", "not year: 2018"]),
    ("clouds -3d", ["clouds", "not 3d"]),
    ("(+)-catechin (+/-) x", ["catechin", "x"]),
    # the language
    ("dynamic depth", ["dynamic", "depth"]),
    ('"early exit"', ["“early exit”"]),
    ("a OR b c", ["a or b", "c"]),
    ("a | b", ["a or b"]),
    ("a AND b", ["must contain “a”", "must contain “b”"]),
    ("(a OR b) c", ["a or b", "c"]),
    ("(a b) OR c", ["(a and b) or c"]),
    ("+dynamic -video", ["must contain “dynamic”", "not video"]),
    ("ICLR'18", ["ICLR", "year: 2018"]),
    ("gates -ICLR'18", ["gates", "not (ICLR and year: 2018)"]),
    ("CVPR ’98 masks", ["CVPR", "year: 1998", "masks"]),
    ("gates 2019..2021", ["gates", "year: 2019–2021"]),
    ("2021-2019", ["year: 2019–2021"]),
    ("LaMDA'18b", ["LaMDA'18b"]),
    ("author:huang", ["author: huang"]),
    ("author: huang", ["author: huang"]),
    ('-author:"gao huang"', ["not author: “gao huang”"]),
    ("Author:Huang TITLE:net", ["author: Huang", "title: net"]),
    ("venue:ICLR,CVPR", ["venue: ICLR or CVPR"]),
    ('venue:(ICLR OR "Neural Networks")', ["venue: “ICLR” or “Neural Networks”"]),
    ("year:2019", ["year: 2019"]),
    ("year:2018..2021", ["year: 2018–2021"]),
    ("year:2018-2021", ["year: 2018–2021"]),
    ("year:2018..", ["year: from 2018"]),
    ("year:..2021", ["year: until 2021"]),
    ("year:>=2018", ["year: from 2018"]),
    ("year:<2018", ["year: until 2017"]),
    ("year:2016,2019..2020", ["year: 2016 or 2019–2020"]),
]


@pytest.mark.parametrize(("q", "expected"), READINGS)
def test_a_query_is_read_as(q: str, expected: list[str]) -> None:
    assert labels(q) == expected


COMPLAINTS = [
    ("x OR", ["nothing-to-join"]),
    ("AND x", ["nothing-to-join"]),
    ("x OR OR y", ["nothing-to-join"]),
    ('"open', ["unclosed-quote"]),
    ('""', ["empty-phrase"]),
    ("(open", ["unclosed"]),
    ("shut)", ["unopened"]),
    ("()", ["empty-group"]),
    ("author:", ["empty-field"]),
    ("year:soon", ["bad-year"]),
    ("year:20180", ["bad-year"]),
    ("year:2021..2018", ["bad-year"]),
    ("autor:huang", ["unknown-field"]),
    ("colour:red", ["unknown-field"]),
    ("(" * 20 + "x", ["too-deep", "unclosed"]),
    ("word " * 1000, ["too-long"]),
    # no complaint
    ("alpha (+)- thalassemia trait", []),
    ("SkipNet: learning", []),
    ("a - b", []),
    ("BERT: pre-training (2019)", []),
]


@pytest.mark.parametrize(("q", "expected"), COMPLAINTS)
def test_bad_syntax_is_named(q: str, expected: list[str]) -> None:
    assert codes(q) == expected


def test_a_misspelt_field_comes_with_the_query_that_was_meant() -> None:
    (problem,) = PaperQuery.from_params({"q": "dynamic autor:huang 2019"}).problems

    assert problem.instead == "dynamic author:huang 2019"
    assert "author" in problem.message


def test_an_unknown_field_is_searched_as_words() -> None:
    query = PaperQuery.from_params({"q": "colour:red"})

    assert query.said == "colour red"


@pytest.mark.parametrize(
    "pasted",
    [
        "Abstract: We show that networks may stop early and save work",
        "Title: Networks that stop Abstract: We show that they may save work",
        "NETWORKS THAT DO NOT STOP AND NEVER SAVE ANY WORK OR TIME",
        "Dwell times of the +1 and -1 states grow with 0.5 molar salt",
    ],
)
def test_a_pasted_sentence_asks_for_nothing_but_its_words(pasted: str) -> None:
    query = PaperQuery.from_params({"q": pasted})

    assert all(clause == Word(clause.text) for clause in query.clauses)  # type: ignore[union-attr]
    assert not query.problems


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("RNN OR LSTM", ["RNN or LSTM"]),
        ("CNN AND GATES NOT VIDEO", ["must contain “CNN”", "must contain “GATES”", "not VIDEO"]),
        ("author: huang early exits", ["author: huang", "early", "exits"]),
    ],
)
def test_a_short_question_in_capitals_or_with_a_label_keeps_its_operators(
    q: str, expected: list[str]
) -> None:
    assert labels(q) == expected


def test_a_part_is_removed_by_its_own_link() -> None:
    query = PaperQuery.from_params({"q": 'depth "early exit" -video', "topic": "a", "page": "3"})

    left = [dict(parse_qsl(part.without)) for part in query.parts]

    assert left == [
        {"q": '"early exit" -video', "topic": "a"},
        {"q": "depth -video", "topic": "a"},
        {"q": 'depth "early exit"', "topic": "a"},
        {"q": 'depth "early exit" -video'},
    ]


def test_many_bare_words_are_shown_as_one_part() -> None:
    q = "one two three four five six seven eight nine year:2020"

    assert labels(q) == ["any of 9 words", "year: 2020"]


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"sort": "relevence"}, "bad-sort"),
        ({"page": "0"}, "bad-page"),
        ({"page": "-1"}, "bad-page"),
        ({"page": "²"}, "bad-page"),
        ({"page": "9" * 400}, "bad-page"),
        ({"year_from": "soon"}, "bad-year"),
        ({"year_from": "٢٠٢٠"}, "bad-year"),
        ({"year_from": "2021", "year_to": "2018"}, "bad-year"),
        ({"topic": [f"t{n}" for n in range(60)]}, "too-many"),
    ],
)
def test_bad_parameters_are_named_and_left_out(params: dict, code: str) -> None:
    query = PaperQuery.from_params(params)

    assert [problem.code for problem in query.problems] == [code]


def test_parameters_are_read_from_a_query_string_as_from_a_mapping() -> None:
    text = "q=depth&topic=a&topic=b&has=code&year_from=2018&sort=-year&page=2&utm_source=x"

    query = PaperQuery.from_params(QueryDict(text))

    assert query.to_params() == [
        ("q", "depth"), ("topic", "a"), ("topic", "b"), ("has", "code"),
        ("year_from", "2018"), ("sort", "-year"), ("page", "2"),
    ]  # fmt: skip


def test_taking_and_letting_go_a_value_returns_to_the_first_page() -> None:
    query = PaperQuery.from_params({"topic": ["a"], "page": "4"})

    assert query.toggled("topic", "b").to_params() == [("topic", "a"), ("topic", "b")]
    assert query.toggled("topic", "a").to_params() == []


@pytest.mark.parametrize(
    ("params", "order"),
    [
        ({}, "-year"),
        ({"topic": "a"}, "-year"),
        ({"q": "author:huang"}, "-year"),
        ({"q": "depth"}, "relevance"),
        ({"q": "depth", "sort": "name"}, "name"),
        ({"sort": "relevance"}, "-year"),
    ],
)
def test_the_order_follows_from_what_is_asked(params: dict, order: str) -> None:
    assert PaperQuery.from_params(params).order == order


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("2102.04906", "arXiv:2102.04906"),
        ("https://arxiv.org/pdf/2102.04906v3.pdf", "arXiv:2102.04906v3"),
        ("10.1109/TPAMI.2021.3117837", "doi:10.1109/tpami.2021.3117837"),
        ("https://openreview.net/forum?id=Hk2aImxAb", "openreview:Hk2aImxAb"),
        ("2102.04906 dynamic", None),
        ("dynamic networks", None),
    ],
)
def test_an_identifier_is_recognised_when_it_is_the_whole_query(q: str, found: str | None) -> None:
    identifier = PaperQuery.from_params({"q": q}).identifier

    assert (identifier and str(identifier)) == found


ALPHABET = st.sampled_from(
    ['"', "(", ")", "-", "+", ":", "：", "OR", "AND", "NOT", " ", "year", "author", "topic", ",",
     "..", "2018", "20x8", "a", "É", "早退", "\x00", "\ud800", "“", "」", "|", "🦆", "title:", "'"]
)  # fmt: skip


@given(st.lists(ALPHABET, max_size=40).map("".join) | st.text(max_size=80))
def test_no_text_raises_and_every_query_survives_its_own_address(q: str) -> None:
    query = PaperQuery.from_params({"q": q})

    assert PaperQuery.from_params(query.to_params()) == query
    for part in query.parts:
        shorter = PaperQuery.from_params(parse_qsl(part.without))
        assert shorter.q != query.q or not query.q
        assert len(shorter.q) <= len(query.q)  # a space may take the place of what went


@given(st.text(max_size=200))
def test_reading_twice_gives_the_same_clauses(q: str) -> None:
    once = parse(q)

    assert parse(once.text).clauses == once.clauses


def test_a_very_long_query_is_cut_and_said_so() -> None:
    query = PaperQuery.from_params({"q": "x" * (LONGEST_QUERY + 10)})

    assert len(query.q) == LONGEST_QUERY
    assert "4,000" in query.problems[0].message
