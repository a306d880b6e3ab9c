"""Loading numbers and records: idempotent, honest about edits, nothing half done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from papers.models import Paper
from reproductions.ledger.load import load_numbers
from reproductions.ledger.states import refresh_states
from reproductions.models import Judgement, PublishedNumber, Run
from reproductions.published import PLACEMENT, published
from reproductions.runs import shipped
from reproductions.runs.history import lost_commits
from reproductions.runs.perform import perform
from reproductions.runs.start import start_run
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

ROW = {
    "setting": "small network",
    "metric": "macs",
    "value": 150,
    "unit": "M",
    "table_or_section": "Table 3",
    "source": "paper full text",
    "confidence": "high",
    "needs": "exact-cost",
}


def folder_with(tmp_path, *rows, paper="counted2020", text=None):
    (tmp_path / "numbers").mkdir(exist_ok=True)
    content = text if text is not None else yaml.safe_dump([{**ROW, **row} for row in rows])
    (tmp_path / "numbers" / f"{paper}.yaml").write_text(content)
    return tmp_path


@pytest.fixture
def paper(db):
    return make.paper("Counted Networks", key="counted2020")


def test_every_published_number_of_the_field_is_loaded_and_loading_again_changes_nothing(db):
    names = {path.stem for path in (settings.FIXTURES_DIR / "numbers").glob("*.yaml")}
    Paper.objects.bulk_create(Paper(key=name, title=name, year=2020) for name in names)

    first = load_numbers(settings.FIXTURES_DIR)
    before = list(PublishedNumber.objects.order_by("pk").values())
    second = load_numbers(settings.FIXTURES_DIR)

    entries = yaml.safe_load((settings.FIXTURES_DIR / "disagreements.yaml").read_text())
    assert (first.problems, first.new, first.disagreements) == ([], len(before), len(entries))
    assert len(before) == len(published())
    assert (second.new, second.changed, second.same) == (0, 0, len(before))
    assert list(PublishedNumber.objects.order_by("pk").values()) == before


def test_a_number_that_was_loaded_before_placements_were_kept_gains_them(paper, tmp_path):
    placed = {"point": "counted2020/imagenet/small", "second_hand": True, "baseline": True}
    folder = folder_with(tmp_path, placed)
    load_numbers(folder)
    number = PublishedNumber.objects.get()
    old = {name: value for name, value in number.from_file.items() if name not in PLACEMENT}
    PublishedNumber.objects.update(point="", second_hand=False, baseline=False, from_file=old)

    report = load_numbers(folder)

    number.refresh_from_db()
    assert (report.changed, report.kept) == (1, [])
    assert (number.point, number.second_hand, number.baseline) == tuple(placed.values())
    assert not number.trusted


def test_printed_digits_survive(paper, tmp_path):
    text = yaml.safe_dump([ROW]).replace("value: 150", "value: 2.10")

    load_numbers(folder_with(tmp_path, text=text))

    number = PublishedNumber.objects.get()
    assert (number.printed, number.decimals, float(number.value)) == ("2.10", 2, 2.1)


@pytest.mark.parametrize(
    ("fields", "confirmed"),
    [
        ({}, True),
        ({"source": "memory; agrees with our own count"}, False),
        ({"confidence": "low"}, False),
        ({"confidence": "medium"}, True),
    ],
)
def test_a_number_from_memory_or_of_low_confidence_is_unconfirmed(
    paper, tmp_path, fields, confirmed
):
    load_numbers(folder_with(tmp_path, fields))

    assert PublishedNumber.objects.get().confirmed is confirmed


def test_an_edit_on_the_site_is_kept_and_reported_until_the_file_may_win(paper, tmp_path):
    folder = folder_with(tmp_path, {"source": "memory"})
    load_numbers(folder)
    PublishedNumber.objects.update(confirmed=True, table="Table 4")

    kept = load_numbers(folder)
    unchanged = PublishedNumber.objects.get()
    load_numbers(folder, overwrite=True)

    assert (unchanged.confirmed, unchanged.table) == (True, "Table 4")
    assert sorted(line.split(": ")[1] for line in kept.kept) == ["confirmed", "table"]
    assert PublishedNumber.objects.get().table == "Table 3"


def test_a_row_that_left_its_file_is_withdrawn_and_comes_back(paper, tmp_path):
    other = {"setting": "large network"}
    load_numbers(folder_with(tmp_path, {}, other))
    report = load_numbers(folder_with(tmp_path, other))

    assert len(report.withdrawn) == 1
    assert [n.setting for n in PublishedNumber.objects.visible_to()] == ["large network"]
    load_numbers(folder_with(tmp_path, {}, other))
    assert PublishedNumber.objects.visible_to().count() == 2


def test_a_file_with_a_problem_leaves_the_ledger_as_it_was(paper, tmp_path):
    folder = folder_with(tmp_path, {})
    load_numbers(folder)
    folder_with(tmp_path, {"value": 151})
    folder_with(tmp_path, {}, paper="absent2020")

    report = load_numbers(folder)

    assert report.problems == ["absent2020.yaml: no paper absent2020 is loaded"]
    assert PublishedNumber.objects.get().printed == "150"


def test_states_are_rebuilt_from_judgements_alone(counted):
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)
    PublishedNumber.objects.update(state="reproduced", judgement=None)

    refresh_states()

    assert list(PublishedNumber.objects.values_list("state", flat=True)) == ["exact", "outside"]
    assert refresh_states() == 0


def test_a_later_run_decides_and_a_smoke_run_does_not(counted):
    first, _ = start_run(program="counting", scale="exact")
    perform(first.pk)
    second, _ = start_run(program="counting", scale="exact")
    perform(second.pk)
    Judgement.objects.filter(run=second, claim__identifier="small").update(verdict="outside")
    smoke, _ = start_run(program="counting", scale="smoke")
    perform(smoke.pk)

    assert PublishedNumber.objects.get(setting="small network").state == "outside"


def committed(dirty=False):
    return {"commit": "1" * 40, "dirty": dirty}


def test_a_record_is_written_once_and_read_back_as_a_recorded_run(counted, tmp_path, monkeypatch):
    monkeypatch.setattr("reproductions.runs.perform.commit", committed)
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)
    run.refresh_from_db()
    call_command("record_runs", folder=tmp_path)
    call_command("record_runs", folder=tmp_path)
    Run.objects.all().delete()
    refresh_states()

    count, problems = shipped.load(tmp_path)
    again, _ = shipped.load(tmp_path)

    recorded = Run.objects.get()
    assert (count, problems, again) == (1, [], 0)
    assert len(json.loads((tmp_path / "counting-exact-0.json").read_text())) == 1
    assert (recorded.origin, recorded.state, recorded.finished_at) == (
        "recorded",
        "finished",
        run.finished_at.replace(microsecond=run.finished_at.microsecond // 1000 * 1000),
    )
    assert list(PublishedNumber.objects.values_list("state", "judgement__run")) == [
        ("exact", recorded.pk),
        ("outside", recorded.pk),
    ]


def test_no_record_is_written_of_code_that_is_not_committed(counted, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("reproductions.runs.perform.commit", lambda: committed(dirty=True))
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)

    call_command("record_runs", folder=tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_record_that_says_the_same_follows_one_whose_commit_is_lost(
    counted, tmp_path, monkeypatch
):
    monkeypatch.setattr("reproductions.runs.perform.commit", committed)
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)
    call_command("record_runs", folder=tmp_path)
    (tmp_path / "lost_commits.txt").write_text(f"{'1' * 40} rewritten\n")
    lost_commits.cache_clear()

    call_command("record_runs", folder=tmp_path)

    assert len(json.loads((tmp_path / "counting-exact-0.json").read_text())) == 2


def test_a_record_is_only_ever_added_to(counted, tmp_path):
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)
    shipped.write_all([run], tmp_path)
    run.measurements.filter(identifier="small").update(value=151e6)
    shipped.write_all([run], tmp_path)

    first, second = json.loads((tmp_path / "counting-exact-0.json").read_text())
    assert first["measurements"][0]["value"] == 150.2e6
    assert second["supersedes"] == shipped.digest(first)


def test_a_record_names_no_place_of_the_machine(counted, tmp_path, settings):
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)
    run.isolation = {"covered": f"/tmp, {settings.BASE_DIR}, {settings.KB_DATA_DIR}/runs"}

    shipped.write_all([run], tmp_path)

    (record,) = json.loads((tmp_path / "counting-exact-0.json").read_text())
    assert record["isolation"]["covered"] == "/tmp, the repository, the data folder/runs"


def test_a_damaged_record_is_named_and_the_others_are_loaded(counted, tmp_path):
    run, _ = start_run(program="counting", scale="exact")
    perform(run.pk)
    shipped.write_all([run], tmp_path)
    (tmp_path / "broken.json").write_text("{")
    Run.objects.all().delete()

    count, problems = shipped.load(tmp_path)

    assert count == 1
    assert problems[0].startswith("broken.json: ")


def test_records_that_ship_are_readable():
    for path in sorted((Path(settings.FIXTURES_DIR) / "runs").glob("*.json")):
        assert shipped.read(path)
