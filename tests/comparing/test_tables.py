"""Survey tables: what they ask, their versions, files, and the curators' page."""

from __future__ import annotations

import csv
import html
import io
import re

import pytest
import yaml
from django.conf import settings

from papers.models import Method, MethodPaper, Paper
from reproductions.models import PublishedNumber, SurveyTable, SurveyTableVersion
from reproductions.survey_tables import versions
from reproductions.survey_tables.answer import answer
from reproductions.survey_tables.definition import BadDefinition, read_definition
from tests import make
from tests.comparing.make_points import number, point, text_of

QUESTION = {
    "title": "Slim networks",
    "caption": "What slim networks reach.",
    "select": {"data_sets": ["ImageNet"]},
    "columns": [
        {"show": "network"},
        {"show": "paper"},
        {"metric": "accuracy", "measure": "top-1", "head": "Top-1"},
        {"metric": "operations", "head": "Operations"},
        {"show": "said_by"},
    ],
    "order": ["-Top-1"],
    "known": ["Wider is better."],
    "missing": ["Nobody prints a latency."],
}
FORM = {
    "title": "Slim networks",
    "caption": "What slim networks reach.",
    "question": yaml.safe_dump({k: QUESTION[k] for k in ("select", "columns", "order")}),
    "known": "Wider is better.\n\n",
    "missing": "Nobody prints a latency.",
    "footnotes": "",
    "note": "first",
}


@pytest.fixture
def slim(db):
    paper = make.paper("Slim Networks", key="slim2019", year=2019)
    point(paper, "Slim at 0.25x", "50.2", "41")
    point(paper, "Slim at 1.0x", "71.0", "569", cost={"state": "exact"})
    return paper


@pytest.fixture
def table(slim):
    made = SurveyTable.objects.create(slug="slim-networks", title="Slim networks")
    versions.publish(made, read_definition(QUESTION), by=None)
    return made


@pytest.fixture
def curator(db):
    return make.member("cora", "curators")


def texts(reply):
    return [[cell.text for cell in row.cells] for row in reply.rows]


def asked(**changed):
    return texts(answer(read_definition(QUESTION | changed)))


def test_rows_are_operating_points_in_the_order_asked_for(slim):
    assert asked() == [
        ["Slim at 1.0x", "Slim Networks", "71.0 %", "569 M MACs", "reproduced: macs"],
        ["Slim at 0.25x", "Slim Networks", "50.2 %", "41 M MACs", "reported"],
    ]


def test_an_error_is_turned_round_and_a_quality_says_what_it_is(slim):
    number(slim, "error", "29.0", "%", point="slim2019/x", setting="ImageNet, X, top-1",
           measure="top-1")  # fmt: skip
    number(slim, "mAP", "33.1", "%", point="slim2019/y", setting="COCO, Y, box AP",
           measure="box AP", data_set="COCO")  # fmt: skip

    rows = asked(
        columns=[{"show": "network"}, {"metric": "quality", "head": "Reached"}],
        order=["Network"],
        select={"papers": ["slim2019"]},
    )

    assert ["X", "71.0 % top-1"] in rows and ["Y", "33.1 % box AP"] in rows


def test_second_hand_rows_and_rows_of_others_stand_only_when_asked_for(slim):
    point(slim, "From notes", "72.0", "300", second_hand=True)
    point(slim, "As others ran it", "60.0", "300", table_of="rival2021")

    wide = {"data_sets": ["ImageNet"], "second_hand": True, "others_tables": True}

    assert len(asked()) == 2
    assert len(asked(select=wide)) == 4
    reply = answer(read_definition(QUESTION | {"select": wide}))
    assert {cell.doubt for row in reply.rows for cell in row.cells} == {"", "second-hand"}


def test_needed_columns_and_baselines_leave_rows_out_and_counting_says_what_is_empty(slim):
    number(slim, "accuracy", "70.0", "%", point="slim2019/lone", measure="top-1",
           setting="ImageNet, Lone, top-1")  # fmt: skip
    point(slim, "Plain", "60.0", "100", baseline=True)

    every = answer(read_definition(QUESTION))
    without = {"data_sets": ["ImageNet"], "baselines": False}

    assert "1 of 4 rows say nothing about “Operations”" in every.facts
    assert len(asked(needs=["Operations"])) == 3
    assert len(asked(select=without, needs=["Operations"])) == 2


def test_a_table_of_papers_shows_words_by_hand_as_unread(slim):
    reply = answer(
        read_definition(
            {
                "title": "Estimators",
                "caption": "Which estimator.",
                "rows": "papers",
                "select": {"papers": ["slim2019"]},
                "columns": [{"cell": "Estimator"}, {"show": "year"}, {"show": "met"}],
                "cells": {"slim2019": {"Estimator": "none"}},
            }
        )
    )

    assert texts(reply) == [["none", "2019", "1"]]
    assert reply.rows[0].cells[0].doubt == "from knowledge"


def test_a_table_of_methods_shows_their_words_and_marks_those_from_memory(slim):
    method = Method.objects.create(
        slug="slim", name="Slim", training=["gumbel", "stages"], decision=["learned-gate"],
        batching="friendly", from_memory=["training"],
    )  # fmt: skip
    MethodPaper.objects.create(method=method, paper=slim)
    Method.objects.create(slug="other", name="Other", training=["gumbel"])
    question = {
        "title": "Estimators",
        "caption": "Which estimator.",
        "rows": "methods",
        "select": {"training": ["gumbel", "straight-through"]},
        "columns": [
            {"show": "method"},
            {"show": "paper"},
            {"show": "training", "head": "Estimator"},
            {"show": "decision"},
            {"show": "batching"},
        ],
    }

    reply = answer(read_definition(question))

    assert texts(reply) == [
        ["Slim", "Slim Networks", "Gumbel softmax", "learned gate", "batches well"]
    ]
    assert [cell.doubt for cell in reply.rows[0].cells] == ["", "", "from knowledge", "", ""]
    assert reply.rows[0].cells[0].href == "/methods/slim/"
    Paper.objects.update(state=Paper.State.HIDDEN)
    assert answer(read_definition(question)).rows == []


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"columns": [{"show": "colour"}]}, "show is one of"),
        ({"columns": [{"show": "year", "metric": "macs"}]}, "names one of show, metric and cell"),
        ({"order": ["Latency"]}, "there is no column 'Latency'"),
        ({"select": {}}, "select at least one of topics, papers, tasks, data_sets, backbones"),
        ({"rows": "papers"}, "a table of papers cannot show"),
        ({"colour": "red"}, "unknown keys colour"),
        ({"most": 1000}, "most"),
        ({"columns": [{"show": "year"}, {"show": "venue", "head": "Year"}]}, "the same head"),
    ],
)
def test_a_slip_in_a_definition_is_named(changed, words):
    with pytest.raises(BadDefinition, match=re.escape(words)):
        read_definition(QUESTION | changed)


def test_a_version_keeps_its_rows_while_the_table_follows_the_ledger(table, slim, client):
    point(slim, "Slim at 0.5x", "64.0", "149")

    today = text_of(client.get("/tables/slim-networks/"))
    then = text_of(client.get("/tables/slim-networks/v1/"))

    assert "Slim at 0.5x" in today and "Slim at 0.5x" not in then
    assert "with the rows as they were" in then
    assert "http://testserver/tables/slim-networks/v1/" in today
    assert "Wider is better." in today and "Nobody prints a latency." in today


def test_rows_of_a_paper_that_is_hidden_later_leave_old_versions_too(table, slim, client):
    Paper.objects.update(state=Paper.State.HIDDEN)

    for address in ("/tables/slim-networks/", "/tables/slim-networks/v1/",
                    "/tables/slim-networks/v1.csv", "/api/v1/tables/slim-networks/?version=1"):  # fmt: skip
        assert "Slim at" not in client.get(address).content.decode(), address


def test_a_table_is_taken_away_in_four_forms(table, client):
    rows = list(csv.reader(io.StringIO(client.get("/tables/slim-networks.csv").content.decode())))
    tex = client.get("/tables/slim-networks.tex").content.decode()
    markdown = client.get("/tables/slim-networks/v1.md").content.decode()
    page = client.get("/tables/slim-networks.html").content.decode()

    assert rows[1][2] == "71.0 %" and rows[0][-1] == "key"
    assert r"\toprule" in tex and r"71.0 \%" in tex and "Version 1" in tex
    assert "| Slim at 1.0x | Slim Networks | 71.0 % |" in markdown
    assert "## What is missing" in markdown
    assert "<caption>What slim networks reach.</caption>" in page
    assert client.get("/tables/slim-networks.pdf").status_code == 404


def test_loading_keeps_what_curators_changed_and_makes_a_version_when_rows_change(
    slim, curator, tmp_path
):
    (tmp_path / "01-slim-networks.yaml").write_text(yaml.safe_dump(QUESTION))
    first = versions.load_tables(tmp_path)
    again = versions.load_tables(tmp_path)
    point(slim, "Slim at 0.5x", "64.0", "149")
    grown = versions.load_tables(tmp_path)
    table = SurveyTable.objects.get()
    edited = read_definition(QUESTION | {"title": "Slimmer networks"})
    versions.publish(table, edited, by=curator)
    (tmp_path / "01-slim-networks.yaml").write_text(
        yaml.safe_dump(QUESTION | {"caption": "Other."})
    )
    kept = versions.load_tables(tmp_path)

    assert first[0] == ["table slim-networks: new"] and again == ([], [])
    assert grown[0] == ["table slim-networks: its rows changed"]
    assert kept[0] == ["table slim-networks: kept as edited here"]
    assert [v.number for v in table.versions.all()] == [3, 2, 1]
    assert versions.newest(table).definition["title"] == "Slimmer networks"


def test_a_file_with_a_slip_is_a_problem_and_loads_nothing(slim, tmp_path):
    (tmp_path / "01-bad.yaml").write_text("title: 3\n")

    lines, problems = versions.load_tables(tmp_path)

    assert lines == [] and "01-bad.yaml" in problems[0]
    assert not SurveyTable.objects.exists()


def test_a_curator_looks_first_then_saves_then_goes_back(slim, client, curator):
    client.force_login(curator)

    looked = text_of(client.post("/tables/new/", FORM | {"preview": "1"}))
    assert "As it will stand" in looked and "Slim at 1.0x" in looked
    assert not SurveyTable.objects.exists()

    saved = client.post("/tables/new/", FORM | {"save": "1"})
    assert saved.headers["Location"] == "/tables/slim-networks/"
    changed = FORM | {"known": "Narrower is cheaper.", "save": "1", "base": "1"}
    client.post("/tables/slim-networks/edit/", changed)
    assert "Narrower is cheaper." in text_of(client.get("/tables/slim-networks/"))

    client.post("/tables/slim-networks/v1/restore")
    page = text_of(client.get("/tables/slim-networks/"))
    assert "Wider is better." in page and "as in version 1" in page
    assert [v.number for v in SurveyTableVersion.objects.all()] == [3, 2, 1]


def test_a_slip_and_a_newer_version_keep_what_was_typed(table, client, curator):
    client.force_login(curator)
    versions.publish(table, read_definition(QUESTION), by=None)

    slip = client.post("/tables/slim-networks/edit/", FORM | {"question": "rows: [", "save": "1"})
    late = client.post("/tables/slim-networks/edit/", FORM | {"save": "1", "base": "1"})
    twice = client.post("/tables/new/", FORM | {"save": "1"})

    assert slip.status_code == late.status_code == twice.status_code == 422
    assert "is no YAML" in text_of(slip) and "rows: [" in slip.content.decode()
    assert "Version 2 was made meanwhile" in text_of(late)
    assert "already" in text_of(twice)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"select": {"data_sets": ["Imagenet"]}}, "'Imagenet' is not here; did you mean ImageNet?"),
        ({"select": {"topics": ["slimmming"]}}, "'slimmming' is not here; did you mean slimming?"),
        ({"select": {"papers": ["slim2018"]}}, "did you mean slim2019?"),
        ({"columns": [{"metric": "acuracy"}], "order": []}, "did you mean accuracy?"),
        ({"columns": [{"metric": "accuracy", "measure": "mAP"}], "order": []}, "measure: 'mAP'"),
        ({"select": {"backbones": ["zzz"]}}, "nothing here has a name like it"),
        ({"footnotes": ["x"]}, "footnotes: written in the fields"),
        ({"columns": []}, "'columns' is empty"),
    ],
)
def test_a_question_for_what_is_not_here_is_no_empty_table(slim, client, curator, changed, words):
    make.topic("Slimming")
    client.force_login(curator)
    question = yaml.safe_dump(
        {key: QUESTION[key] for key in ("select", "columns", "order")} | changed
    )

    answer = client.post("/tables/new/", FORM | {"question": question, "save": "1"})

    assert answer.status_code == 422 and words in text_of(answer)
    assert not SurveyTable.objects.exists()


def test_what_is_edited_stands_as_it_is_written_by_hand(table, client, curator):
    client.force_login(curator)

    page = html.unescape(client.get("/tables/slim-networks/edit/").content.decode())

    written = "rows: points\nselect:\n  data_sets: [ImageNet]\ncolumns:\n- {show: network}\n"
    assert written in page
    assert "- {metric: accuracy, measure: top-1, head: Top-1}" in page and "order: [-Top-1]" in page


def test_the_first_cell_of_a_row_is_its_header(table, client):
    page = client.get("/tables/slim-networks/").content.decode()

    assert page.count('<th scope="row"') == 2 and page.count('<th scope="col"') == 5


def test_only_curators_make_and_change_tables(table, client):
    addresses = ("/tables/new/", "/tables/slim-networks/edit/")
    for login in (False, True):
        if login:
            client.force_login(make.member("mia"))
        for address in addresses:
            assert client.get(address).status_code == (403 if login else 302)
            assert client.post(address, FORM | {"save": "1"}).status_code == 403
        assert client.post("/tables/slim-networks/v1/restore").status_code == 403
    assert "Change this table" not in text_of(client.get("/tables/slim-networks/"))


def test_the_list_and_the_api_name_every_table(table, client):
    page = text_of(client.get("/tables/"))
    rows = client.get("/api/v1/tables/").json()["results"]
    one = client.get("/api/v1/tables/slim-networks/").json()

    assert "What slim networks reach. 2 rows, version 1" in page
    assert [row["slug"] for row in rows] == ["slim-networks"]
    assert one["heads"][2] == "Top-1" and len(one["rows"]) == 2
    assert client.get("/api/v1/tables/absent/").status_code == 404
    assert client.get("/tables/absent/").status_code == 404


def test_no_table_and_no_rows_say_what_to_do(slim, client):
    assert "There is no table yet" in text_of(client.get("/tables/"))
    made = SurveyTable.objects.create(slug="none", title="None")
    empty = read_definition(QUESTION | {"select": {"data_sets": ["nowhere"]}})
    versions.publish(made, empty, by=None)
    assert "No row answers this table yet" in text_of(client.get("/tables/none/"))


def test_every_shipped_table_can_be_read_and_asks_for_topics_and_papers_that_are_here():
    folder = settings.FIXTURES_DIR
    papers = {path.stem for path in (folder / "papers").glob("*.yaml")}
    topics = {
        entry["slug"]
        for path in (folder / "taxonomy").glob("*.yaml")
        for entry in yaml.safe_load(path.read_text())
    }
    methods = {path.stem for path in (folder / "methods").glob("*.yaml")}
    paths = sorted((folder / "tables").glob("*.yaml"))

    assert len(paths) >= 10
    for path in paths:
        definition = read_definition(yaml.safe_load(path.read_text()))
        assert definition.known and definition.missing, path.name
        assert set(definition.select.topics) <= topics, path.name
        assert {*definition.select.papers, *definition.cells} <= papers, path.name
        assert set(definition.select.methods) <= methods, path.name


def test_one_row_and_many_cost_the_same_queries(table, slim, client, django_assert_max_num_queries):
    with django_assert_max_num_queries(12):
        client.get("/tables/slim-networks/")
    for place in range(90):
        point(slim, f"more {place}", f"{60 + place / 10:.1f}", str(100 + place))
    with django_assert_max_num_queries(12):
        page = client.get("/tables/slim-networks/")
    assert len(page.content) < 100_000
    assert PublishedNumber.objects.count() == 184
