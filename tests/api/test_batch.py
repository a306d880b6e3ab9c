"""Look-ups by the hundred, what is gone, lists as lines and tables, references as text."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.test import Client

from papers.models import OldKey, Paper
from tests import make

pytestmark = pytest.mark.django_db


def look_up(ids: list[Any], query: str = "") -> Any:
    return Client().post(
        f"/api/v1/papers/batch/{query}", {"ids": ids}, content_type="application/json"
    )


@pytest.fixture
def papers() -> dict[str, Paper]:
    kept = make.paper("Kept", key="kept2018", arxiv="1703.09844", doi="10.1145/AbC")
    merged = make.paper("Merged", key="merged2018", state="merged", merged_into=kept)
    make.paper("Hidden", key="hidden2018", state="hidden")
    make.paper("Withdrawn", key="withdrawn2018", state="withdrawn")
    OldKey.objects.create(key="old2018", paper=kept)
    return {"kept": kept, "merged": merged}


def test_every_way_to_name_a_paper_finds_it_in_the_order_asked(papers) -> None:
    asked = [
        "old2018",
        "nothing",
        "https://arxiv.org/abs/1703.09844v3",
        "10.1145/aBc",
        "merged2018",
    ]

    body = look_up([*asked, "kept2018", "hidden2018", "withdrawn2018"]).json()

    found = [(row["id"], row["paper"] and row["paper"]["key"]) for row in body["results"]]
    assert found[:5] == [(name, None if name == "nothing" else "kept2018") for name in asked]
    assert body["missing"] == ["nothing", "hidden2018", "withdrawn2018"]


def test_a_batch_takes_the_same_number_of_queries_whatever_its_size(
    papers, django_assert_max_num_queries
) -> None:
    for number in range(30):
        make.paper(f"Paper {number}", key=f"paper{number}")

    with django_assert_max_num_queries(16):
        body = look_up([f"paper{number}" for number in range(30)], "?select=title").json()

    assert len(body["results"]) == 30
    assert body["results"][0]["paper"] == {"key": "paper0", "title": "Paper 0"}


@pytest.mark.parametrize(
    "ids", [["x"] * 201, "kept2018", [{"a": 1}], ["x" * 301], ["a\x00b"]], ids=str
)
def test_a_batch_that_cannot_be_looked_up_is_refused_in_words(ids: Any) -> None:
    answer = look_up(ids)

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"


def test_what_is_gone_is_told_to_those_who_keep_a_copy(papers, get) -> None:
    rows = get("papers/gone/").json()["results"]

    told = {(row["key"], row["state"], row["merged_into"]) for row in rows}
    assert told == {("merged2018", "merged", "kept2018"), ("withdrawn2018", "withdrawn", None)}
    assert get("papers/gone/?updated_since=2999-01-01").json()["results"] == []


def test_a_paper_that_was_public_and_is_hidden_is_gone_and_a_secret_one_never_was(get) -> None:
    seen = make.paper(key="seen2019")
    seen.state = Paper.State.HIDDEN
    seen.save()
    make.paper(key="secret2019", state=Paper.State.HIDDEN)

    rows = get("papers/gone/").json()["results"]

    assert [(row["key"], row["state"]) for row in rows] == [("seen2019", "hidden")]


def test_lists_come_as_lines_and_the_next_page_as_a_link(papers, get) -> None:
    make.paper("Another", key="another2019")

    answer = get("papers/?per_page=1&select=key,year", accept="application/x-ndjson")

    assert answer["Content-Type"] == "application/x-ndjson; charset=utf-8"
    assert [set(json.loads(line)) for line in answer.content.splitlines()] == [{"key", "year"}]
    assert 'rel="next"' in answer["Link"]


def test_lists_come_as_tables_that_no_spreadsheet_runs(get) -> None:
    make.paper("=HYPERLINK(1)", key="formula2018", authors=("Ann Lee", "Bo Li"))

    answer = get("papers/?select=key,title,authors,venue", accept="text/csv")

    (row,) = csv.DictReader(io.StringIO(answer.content.decode(), newline=""))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert (row["key"], row["title"]) == ("formula2018", "'=HYPERLINK(1)")
    assert row["authors"] == "Ann Lee; Bo Li"


def test_a_refusal_stays_a_problem_whatever_was_accepted(get) -> None:
    answer = get("papers/?select=nothing", accept="text/csv")

    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["errors"][0]["code"] == "unknown_field"


def test_another_version_of_the_api_is_refused(get, papers) -> None:
    assert get("papers/", accept="application/json; version=1").status_code == 200
    assert get("papers/", accept="application/json; version=9").status_code == 406


def test_references_come_in_the_styles_that_were_asked_for(papers, get) -> None:
    body = get("papers/1703.09844/references/?style=apa,gb7714").json()

    assert [row["style"] for row in body["references"]] == ["apa", "gb7714"]
    assert all("Kept" in row["text"] for row in body["references"])
    unknown = get("papers/kept2018/references/?style=apq").json()
    assert "Did you mean “apa”?" in unknown["detail"]


def test_the_page_of_references_has_each_style_and_gives_it_alone(papers) -> None:
    page = Client().get("/papers/kept2018/cite/").content.decode()
    alone = Client().get("/papers/kept2018/cite/?style=ieee")

    assert "GB/T 7714" in page
    assert alone["Content-Type"] == "text/plain; charset=utf-8"
    assert alone.content.decode().strip() in page.replace("&amp;", "&")
    assert Client().get("/papers/kept2018/cite/?style=none").status_code == 404
    assert Client().get("/papers/hidden2018/cite/").status_code == 404


def test_authors_carry_the_parts_of_their_names(get) -> None:
    make.paper("Parts", key="parts2018", authors=("Laurens van der Maaten", "Kimi Team"))

    authors = get("papers/parts2018/?select=authors").json()["authors"]

    assert [(one["family"], one["given"]) for one in authors] == [
        ("van der Maaten", "Laurens"),
        ("Kimi Team", ""),
    ]
