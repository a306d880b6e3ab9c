"""Long questions stand packed in addresses."""

from __future__ import annotations

import base64
import zlib
from urllib.parse import parse_qsl

import pytest

from papers.search import PaperQuery
from papers.search.language.packing import pack, unpack

ENGLISH = "Networks whose depth follows the input save work on easy samples (by 30 %). " * 26
SIMPLIFIED = "动态网络根据输入调整深度与宽度，从而在简单样本上节省计算。" * 70
TRADITIONAL = "動態網路依輸入調整深度與寬度，於簡單樣本上節省計算。" * 70
MIXED = "ε-greedy 早退 𝒪(n log n) 🙂 naïve Ångström; +a & b=c? #1 100%"


@pytest.mark.parametrize("text", [ENGLISH, SIMPLIFIED, TRADITIONAL, MIXED, "", "x", "字" * 4000])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    packed = pack(text)

    assert unpack(packed) == text
    assert set(packed) <= set(base64.urlsafe_b64encode(bytes(range(256))).decode()) | set("-_")


@pytest.mark.parametrize(
    "damaged",
    ["%", "早退", "AAAA", pack(ENGLISH)[:-9], pack(ENGLISH)[4:], "a" * 3001, "====", "\x00", "a b"],
)
def test_what_is_damaged_is_no_text(damaged: str) -> None:
    assert unpack(damaged) in (None, "")


def test_a_few_bytes_do_not_unfold_to_gigabytes() -> None:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    bomb = deflate.compress(b"x" * 50_000_000) + deflate.flush()

    assert unpack(base64.urlsafe_b64encode(bomb).decode()) is None


@pytest.mark.parametrize("text", [ENGLISH, SIMPLIFIED, TRADITIONAL, MIXED * 20])
def test_the_address_of_a_long_question_is_short_and_is_the_question(text: str) -> None:
    query = PaperQuery.from_params({"q": text[:2000], "topic": ["a", "b"], "year_from": "2019"})
    again = PaperQuery.from_params(parse_qsl(query.url_query))

    assert again == query
    assert query.q
    assert len(query.url_query) < 8000
    assert again.url_query == query.url_query


def test_a_short_question_stays_readable() -> None:
    assert PaperQuery.from_params({"q": "early exit"}).url_query == "q=early+exit"


def test_a_damaged_question_is_told_and_the_rest_is_kept() -> None:
    query = PaperQuery.from_params({"text": "%%%", "topic": "a"})

    assert [problem.code for problem in query.problems] == ["bad-text"]
    assert query.chosen("topic") == ("a",)


@pytest.mark.parametrize(
    ("change", "then"),
    [
        ("topic=b", "q=exits&topic=b&year_from=2019&sort=year"),
        ("topic=a&topic=b", "q=exits&topic=a&topic=b&year_from=2019&sort=year"),
        ("topic=", "q=exits&year_from=2019&sort=year"),
        ("sort=name", "q=exits&topic=a&year_from=2019&sort=name"),
        ("year_from=&year_to=", "q=exits&topic=a&sort=year"),
        ("page=2", "q=exits&topic=a&year_from=2019&sort=year&page=2"),
        ("without=0-5", "topic=a&year_from=2019&sort=year"),
        ("", "q=exits&topic=a&year_from=2019&sort=year"),
        ("without=x", "q=exits&topic=a&year_from=2019&sort=year"),
        ("nonsense", "q=exits&topic=a&year_from=2019&sort=year"),
    ],
)
def test_a_change_replaces_the_parameters_that_it_names(change: str, then: str) -> None:
    query = PaperQuery.from_params(
        {"q": "exits", "topic": "a", "year_from": "2019", "sort": "year", "page": "3"}
    )

    assert query.with_change(change).url_query == then
