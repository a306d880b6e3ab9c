"""Numbers and runs as JSON."""

from __future__ import annotations

import pytest
from django.test import Client

from reproductions.models import Run
from reproductions.runs.perform import perform
from reproductions.runs.start import start_run

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _mounted(settings):
    settings.ROOT_URLCONF = "tests.reproductions_site.mounted"


def test_a_number_tells_paper_setting_value_state_and_run(counted, client):
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)

    rows = client.get("/api/v1/numbers/?paper=counted2020").json()["results"]

    wanted = ("paper", "setting", "metric", "value", "unit", "table", "convention", "scale")
    large = next(row for row in rows if row["setting"] == "large network")
    assert [large[name] for name in wanted] == [
        "counted2020", "large network", "macs", 317.0, "M", "Table 3", "mac:conv-fc", "exact",
    ]  # fmt: skip
    assert (large["state"], large["measured"], large["run"]) == ("outside", 325.4, run.pk)


def test_numbers_are_read_page_by_page_and_selected(counted, client):
    first = client.get("/api/v1/numbers/?per_page=1&select=id&with_count=1").json()
    second = client.get(first["next"]).json()

    assert first["count"] == 2
    assert [row["id"] for row in first["results"] + second["results"]] == [
        "counted2020-large-network",
        "counted2020-small-network",
    ]
    assert second["next"] is None


def test_an_unknown_parameter_is_a_problem(counted, client):
    answer = client.get("/api/v1/numbers/?stat=exact")

    assert answer.status_code == 400
    assert "Did you mean “state”?" in answer.json()["detail"]


def test_a_run_is_started_once_and_read_with_its_verdicts(counted, operator, sent):
    client = Client()
    client.force_login(operator)
    wanted = {"program": "counting", "scale": "exact"}

    first = client.post("/api/v1/runs/", wanted, content_type="application/json")
    second = client.post("/api/v1/runs/", wanted, content_type="application/json")
    run = Run.objects.get()
    perform(run.pk)
    whole = client.get(first["Location"]).json()
    lines = client.get(f"/api/v1/runs/{run.pk}/lines/?after=1&per_page=2").json()

    assert (first.status_code, second.status_code) == (201, 200)
    assert sent == [run.pk]
    assert [(j["claim"], j["verdict"]) for j in whole["judgements"]] == [
        ("small", "exact"),
        ("large", "outside"),
    ]
    assert [line["number"] for line in lines["results"]] == [2, 3]


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ({"program": "absent", "scale": "exact"}, 400),
        ({"program": "counting", "scale": "full"}, 400),
        ({"program": "counting", "scale": "exact", "seed": -1}, 400),
        ({}, 400),
    ],
)
def test_a_run_that_cannot_be_started_is_a_problem(counted, operator, wanted, status):
    client = Client()
    client.force_login(operator)

    answer = client.post("/api/v1/runs/", wanted, content_type="application/json")

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert Run.objects.count() == 0


def test_strangers_cannot_start_or_cancel(counted, client):
    run, _ = start_run(program="counting", scale="exact")
    wanted = {"program": "counting", "scale": "toy"}

    answers = [
        client.post("/api/v1/runs/", wanted, content_type="application/json"),
        client.post(f"/api/v1/runs/{run.pk}/cancel/"),
    ]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert Run.objects.get().state == "queued"


def test_a_run_costs_a_fixed_number_of_queries(counted, client, django_assert_num_queries):
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)

    with django_assert_num_queries(3):
        client.get(f"/api/v1/runs/{run.pk}/")
    with django_assert_num_queries(2):
        client.get("/api/v1/numbers/")
