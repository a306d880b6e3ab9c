"""What a reader means by a name, a year, an identifier; and what ordinary text does not mean."""

from __future__ import annotations

import unicodedata

import pytest

from papers.identifiers import recognise
from papers.search.language.query import PaperQuery
from tests import make
from tests.search.conftest import Find, titles

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> None:
    for title, *authors in [
        ("Multi-scale networks", "Gao Huang", "Kilian Q. Weinberger", "Laurens van der Maaten"),
        ("Zero time", "Bartosz Wójcik", "Maciej Wołczyk"),
        ("Zero waste", "Anna Wojcik"),
        ("Long memory", "Jürgen Schmidhuber"),
        ("Slow and steady", "Erik Learned-Miller", "Gary Chen"),
        ("Other Huang", "Thomas Huang", "Gao Wei"),
    ]:
        make.paper(title, authors=authors)


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("author:wojcik", {"Zero time", "Zero waste"}),
        ("author:wójcik", {"Zero time", "Zero waste"}),
        ("author:" + unicodedata.normalize("NFD", "wójcik"), {"Zero time", "Zero waste"}),
        ('author:"Maciej Wolczyk"', {"Zero time"}),
        ('author:"Maciej Wołczyk"', {"Zero time"}),
        ('author:"Jurgen Schmidhuber"', {"Long memory"}),
        ('author:"' + unicodedata.normalize("NFD", "Jürgen") + ' Schmidhuber"', {"Long memory"}),
        ('author:"G. Huang"', {"Multi-scale networks"}),
        ('author:"Huang, Gao"', {"Multi-scale networks"}),
        ('author:"Huang, G."', {"Multi-scale networks"}),
        ('author:"Huang G."', {"Multi-scale networks"}),
        ("author:huang.g", {"Multi-scale networks"}),
        ("author:g.huang", {"Multi-scale networks"}),
        ('author:"Gao Huang"', {"Multi-scale networks"}),
        ("author:gao-huang", {"Multi-scale networks"}),
        ("author:huang", {"Multi-scale networks", "Other Huang"}),
        ('author:"Kilian Weinberger"', {"Multi-scale networks"}),
        ('author:"K. Q. Weinberger"', {"Multi-scale networks"}),
        ('author:"Erik Learned-Miller"', {"Slow and steady"}),
        ('author:"Learned Miller"', {"Slow and steady"}),
        ("author:learned-miller", {"Slow and steady"}),
        ('author:"van der Maaten, Laurens"', {"Multi-scale networks"}),
        ('author:"Weinberger Maaten"', set()),
        ("author:zero", set()),
    ],
)
def test_a_name_means_whom_a_reader_means(people: None, find: Find, q: str, meant: set) -> None:
    assert set(titles(find(q))) == meant


def test_the_slug_of_a_merged_record_means_the_survivor(people: None, find: Find) -> None:
    survivor = make.person("Gao Huang")
    middle = make.person("G. Huang", slug="g-huang-2", merged_into=survivor)
    make.person("Huang Gao", slug="huang-gao-3", merged_into=middle)

    for old in ("g-huang-2", "huang-gao-3"):
        by_filter, by_query = find(author=old), find(f"author:{old}")
        assert titles(by_filter) == titles(by_query) == ["Multi-scale networks"]
        assert not by_filter.problems
        assert titles(find(f"-author:{old} huang")) == ["Other Huang"]


def test_without_a_name_excludes_every_spelling_of_it(people: None, find: Find) -> None:
    left = titles(find("-author:wojcik"))

    assert "Long memory" in left
    assert not {"Zero time", "Zero waste"} & set(left)


@pytest.mark.parametrize("q", ["Huang 2018", "venue:ICLR 2018", "2018", "gates (2018)"])
def test_a_lone_year_is_a_year(q: str) -> None:
    assert "year: 2018" in [part.label for part in PaperQuery.from_params({"q": q}).parts]


@pytest.mark.parametrize(
    ("q", "excluded"),
    [
        ("depth -2018", ["2018"]),
        ("depth NOT 2018", ["2018"]),
        ("-2018", ["2018"]),
        ("Huang -2018 -2019", ["2018", "2019"]),
        ("-(2018)", ["2018"]),
        ("depth -2018..2019", ["2018–2019"]),
    ],
)
def test_a_year_that_is_excluded_is_a_year_too(q: str, excluded: list[str]) -> None:
    labels = [part.label for part in PaperQuery.from_params({"q": q}).parts]
    years = [label for label in labels if "year" in label]
    assert years == [f"not year: {year}" for year in excluded]


def test_papers_of_an_excluded_year_are_left_out_and_others_that_name_it_are_not(
    find: Find,
) -> None:
    make.paper("Depth of 2018", year=2019)
    make.paper("Depth for all", year=2018)

    assert titles(find("depth -2018")) == ["Depth of 2018"]
    assert titles(find('depth -"2018"')) == ["Depth for all"]


@pytest.mark.parametrize(
    "q",
    [
        "2018 2019",
        "depth -v2018",
        "depth -2618",
        "we lost the contest with many deep nets -2012",
        "v2018",
        "20180",
        "2618",
        '"2018"',
        "we won the contest of 2012 with many deep nets",
    ],
)
def test_other_numbers_stay_words(q: str) -> None:
    labels = [part.label for part in PaperQuery.from_params({"q": q}).parts]
    assert not [label for label in labels if label.startswith("year")]


@pytest.mark.parametrize(
    "pasted",
    [
        "arXiv:1703.09844v2 [cs.LG] 7 Jun 2018", "arXiv 1703.09844", "1703.09844.", "(1703.09844)",
        "[1703.09844]", "arXiv:1703.09844 [cs.LG].", "“1703.09844”", "ARXIV: 1703.09844",
    ],
)  # fmt: skip
def test_a_pasted_stamp_is_an_identifier(pasted: str) -> None:
    assert getattr(recognise(pasted), "value", "") == "1703.09844"


@pytest.mark.parametrize("text", ["arXiv papers", "arXiv", "(early exits)", "7 Jun 2018", "()"])
def test_other_text_is_none(text: str) -> None:
    assert recognise(text) is None


def test_brackets_that_belong_to_a_doi_stay() -> None:
    assert recognise("10.1016/S0004-3702(97)00043-X").value == "10.1016/s0004-3702(97)00043-x"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "q",
    [
        "SE(3)-equivariant networks", "O(n)-time attention", "f(x)-dependent computation",
        "at fixed positions -- the first", "skip --the layers", 'what "early exit"-like heads do',
        "C++ -- and more", "a - b",
    ],
)  # fmt: skip
def test_ordinary_text_excludes_nothing(q: str) -> None:
    assert not [part for part in PaperQuery.from_params({"q": q}).parts if part.kind == "not"]


@pytest.mark.parametrize("q", ["nets -video", "-video nets", "(nets -video)", "a | -video"])
def test_a_sign_before_a_word_still_excludes(q: str) -> None:
    assert "not video" in " ".join(part.label for part in PaperQuery.from_params({"q": q}).parts)


def test_a_quoted_word_in_a_long_question_is_not_required(find: Find) -> None:
    make.paper("Language models that stop when they are trained to")
    make.paper("An early exit")
    for number in range(8):
        make.paper(f"Gates of kind {number}")
    question = 'what does "early exit" mean for language models and how is it trained?'

    assert {"Language models that stop when they are trained to", "An early exit"} <= {
        *titles(find(question))
    }
    assert titles(find('language "early exit"')) == ["An early exit"]


def test_a_word_that_stands_nowhere_is_said_to(find: Find) -> None:
    make.paper("Gates", tldr="Networks with gates.")

    results = find("zzzzqqq")

    assert (results.total, results.hits) == (0, ())
    assert results.notice.startswith("None of these words occurs")
    assert find("gates zzzzqqq").notice == ""


@pytest.mark.parametrize(
    "q", ["MSDNet", "msdnet-v2", "動態神經網絡", "动态神经网络", "动态", "topic:動態深度"]
)
def test_names_in_chinese_texts_and_of_code_are_found(find: Find, q: str) -> None:
    depth = make.topic("Dynamic depth", slug="depth", zh="动态深度")
    make.paper(
        "Multi-scale networks",
        tldr_zh="MSDNet 是一种动态神经网络。",
        code="https://github.com/someone/msdnet-v2",
        topics=[depth],
    )
    make.paper("Another one")

    assert titles(find(q)) == ["Multi-scale networks"]


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("ICLR2018", {"Gates of depth"}),
        ("iclr2018", {"Gates of depth"}),
        ("ICLR18", {"Gates of depth"}),
        ("NIPS17", {"Routing"}),
        ("NeurIPS2017", {"Routing"}),
        ("gates ICLR2018", {"Gates of depth"}),
        ("gates NIPS2017", set()),
        ("gates -ICLR2018", {"Gates of time"}),
        ("gates -ICLR'18", {"Gates of time"}),
        ("-ICLR2018 -NIPS17 year:..2019", {"Gates of time", "ICLR201, a code word"}),
        ("ICLR2018 OR NIPS17", {"Gates of depth", "Routing"}),
        ("gates -(ICLR2018 COCO2017)", {"Gates of time"}),
        ("-width ICLR2019", {"Gates of time"}),
        ("COCO2017", {"Boxes of COCO2017"}),
        ("VOC2012", {"Masks of VOC2012"}),
        ("LN2018", {"Normal LN2018"}),
        ("ICLR201", {"ICLR201, a code word"}),
    ],
)
def test_a_venue_and_a_year_may_stand_without_a_space(find: Find, q: str, meant: set) -> None:
    iclr, neurips = make.venue("ICLR"), make.venue("NeurIPS", aliases=["NIPS"])
    make.paper("Gates of depth", venue=iclr, year=2018)
    make.paper("Gates of time", venue=iclr, year=2019)
    make.paper("Routing", venue=neurips, year=2017)
    for title in ("Boxes of COCO2017", "Masks of VOC2012", "Normal LN2018"):
        make.paper(title, year=2020)
    make.paper("ICLR201, a code word", year=2016)

    assert set(titles(find(q))) == meant


def test_parts_of_a_venue_and_year_are_taken_away_one_by_one(find: Find) -> None:
    make.paper("Gates of depth", venue=make.venue("ICLR"), year=2018)

    parts = find("gates ICLR2018").query.parts

    assert [(part.label, part.without) for part in parts] == [
        ("gates", "q=ICLR2018"),
        ("venue: ICLR", "q=gates+2018"),
        ("year: 2018", "q=gates+ICLR"),
    ]


@pytest.mark.parametrize(
    ("q", "title"),
    [
        ("動態網路", "Mainland"),
        ("dynamic 網路", "Mainland"),
        ("動態網絡", "Mainland"),
        ("动态网络", "Mainland"),
        ("資料集", "Mainland"),
        ("數據集", "Mainland"),
        ("影像", "Mainland"),
        ("硬體", "Mainland"),
        ("神經網路模型", "Taiwan"),
        ("topic:神經網路", "Mainland"),
    ],
)
def test_words_of_taiwan_find_what_the_mainland_calls_otherwise(
    find: Find, q: str, title: str
) -> None:
    topic = make.topic("Neural networks", slug="nets", zh="神经网络")
    make.paper(
        "Mainland",
        abstract="Dynamic nets.",
        tldr_zh="动态网络在图像识别数据集上，硬件友好。",
        topics=[topic],
    )
    make.paper("Taiwan", tldr_zh="這是神經網路模型。")

    assert title in titles(find(q))
