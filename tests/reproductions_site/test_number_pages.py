"""Pages of the ledger: numbers, how they are found, their plots and badges."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client

from reproductions.models import PublishedNumber
from tests import make
from tests.reproductions_site.conftest import number
from tests.reproductions_site.test_pages import performed, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _mounted(settings):
    settings.ROOT_URLCONF = "tests.reproductions_site.mounted"


def test_the_ledger_is_filtered_sorted_and_taken_away(counted, client):
    performed()

    page = text_of(client.get("/numbers/?state=outside"))
    rows = list(
        csv.DictReader(io.StringIO(b"".join(client.get("/numbers.csv?state=outside")).decode()))
    )
    document = client.get("/numbers.json?order=difference").json()

    assert "large network" in page and "small network" not in page
    assert [(r["paper"], r["setting"], r["value"], r["measured"]) for r in rows] == [
        ("counted2020", "large network", "317.0", "325.4")
    ]
    assert [row["setting"] for row in document["numbers"]] == ["large network", "small network"]


def test_a_filter_that_does_not_exist_is_named_with_the_nearest_one(counted, client):
    assert "state: there is no 'outsid'; did you mean outside?" in text_of(
        client.get("/numbers/?state=outsid")
    )
    assert client.get("/numbers.csv?state=outsid").status_code == 400


def test_a_chosen_metric_is_named_in_words_in_both_languages(counted, client):
    english = text_of(client.get("/numbers/?metric=epochs_sd&program=counting"))
    chinese = text_of(client.get("/zh/numbers/?metric=epochs_sd"))

    assert "Metric: standard deviation of the epochs" in english
    assert "Program: counting" in english
    assert "轮数的标准差" in chinese
    assert "epochs_sd" not in english + chinese


def test_numbers_of_hidden_papers_are_nowhere(counted, client, operator):
    hidden = make.paper("Secret Network Canary", key="secret2020", state="hidden")
    number(hidden, "canary setting", "42", metric="params")
    staff = Client()
    staff.force_login(operator)

    for address in (
        "/numbers/",
        "/numbers.json",
        "/reproductions/",
        "/api/v1/numbers/",
        "/numbers/?metric=params",
    ):
        assert "canary" not in client.get(address).content.decode().lower()
    assert client.get("/numbers/secret2020-canary-setting/").status_code == 404
    assert client.get("/badges/secret2020.svg").status_code == 404
    assert "canary" in staff.get("/numbers/").content.decode()


def test_an_unconfirmed_number_says_so(counted, client):
    PublishedNumber.objects.update(confirmed=False, source="memory")

    page = client.get("/numbers/").content.decode()

    assert page.count('class="unconfirmed" title="Unconfirmed: memory"') == 2
    assert "paper 150 M (unconfirmed), not run: needs arithmetic" in page


def test_a_second_hand_number_says_so_wherever_it_stands(counted, client):
    chosen = PublishedNumber.objects.get(setting="small network")
    PublishedNumber.objects.filter(pk=chosen.pk).update(
        second_hand=True, table_of="others2021", source="notes of a reader"
    )

    ledger = client.get("/numbers/").content.decode()
    page = text_of(client.get(chosen.get_absolute_url()))
    only = client.get("/numbers.json?source=second-hand").json()
    kept = client.get(f"/api/v1/numbers/{chosen.slug}/").json()

    assert ledger.count('title="Second-hand: notes of a reader"') == 1
    assert "paper 150 M (second-hand)" in ledger
    assert "second-hand read in notes of third parties" in page
    assert "others2021 prints this row" in page
    assert [row["setting"] for row in only["numbers"]] == ["small network"]
    assert (kept["second_hand"], kept["table_of"]) == (True, "others2021")


def test_numbers_are_found_by_task_and_data_set(counted, client):
    PublishedNumber.objects.filter(setting="small network").update(
        task="image classification", data_set="CIFAR-10"
    )

    page = text_of(client.get("/numbers/?task=image+classification&data_set=CIFAR-10"))
    rows = client.get("/api/v1/numbers/?data_set=CIFAR-10").json()["results"]

    assert "small network" in page and "large network" not in page
    assert [row["setting"] for row in rows] == ["small network"]


def test_what_cannot_be_tested_here_is_not_held_against_what_is_met(counted, client):
    PublishedNumber.objects.filter(setting="large network").update(needs="needs-weights")
    performed()

    page = text_of(client.get("/reproductions/"))

    assert "2 were tested and 1 met" in page
    assert "2 numbers are kept in all; 1 of them can be tested without" in page


def test_a_badge_says_how_much_was_met_and_at_which_scale(counted, client):
    before = client.get("/badges/counted2020.svg").content.decode()
    performed()
    after = client.get("/badges/counted2020.svg").content.decode()

    assert "none of 2 run" in before
    assert "1 of 2 met, exact scale, 1 outside" in after


def test_a_month_and_a_year_count_printed_numbers_once(counted, client):
    first, second = performed(), performed()

    month = text_of(client.get(f"/months/{first.finished_at:%Y/%-m}/"))
    year = text_of(client.get("/years/2020/"))

    assert first.pk != second.pk
    assert "1 printed number was borne out by a run, 1 was not." in month
    assert "of the numbers that they print, 1 was borne out by a run here, 1 was not." in year
