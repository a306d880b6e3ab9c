"""Seeds that decide together: the site, the records it writes and their check agree."""

from __future__ import annotations

import json

import pytest
from django.core.management import call_command

from reproductions import registry
from reproductions.models import Run
from reproductions.runs import shipped
from reproductions.runs.outcomes import judge, printed_rows
from reproductions.runs.perform import perform
from reproductions.runs.start import start_run
from reproductions.runs.verification import verify

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _committed(counted, monkeypatch):
    """Runs of committed code, judged by the numbers of the ledger under test."""
    rows = printed_rows(registry.program("counting").manifest)
    code = {"commit": "1" * 40, "dirty": False}
    monkeypatch.setattr("reproductions.runs.perform.commit", lambda: code)
    monkeypatch.setattr("reproductions.runs.verification.published", lambda: rows)


def run_seeds(*seeds, **code):
    """Finished runs of these seeds, of today's code but for what `code` says."""
    runs = []
    for seed in seeds:
        run, _ = start_run(program="counting", scale="toy", seed=seed)
        perform(run.pk)
        run.refresh_from_db()
        if code:
            run.code.update(code)
            run.save(update_fields=["code"])
            judge(run)
        runs.append(run)
    return runs


def verdicts_of(run):
    return [(judgement.verdict, judgement.values) for judgement in run.judgements.all()]


def test_seeds_recorded_anew_beside_older_code_state_what_the_check_finds(tmp_path):
    older = run_seeds(0, 1, 2, 3, datasets_sha256="older")
    shipped.write_all(older, tmp_path)
    newer = run_seeds(0, 1, 2, 3)

    call_command("record_runs", folder=tmp_path)

    assert verdicts_of(newer[0]) == [("undecided", [90.0])]
    assert verdicts_of(newer[3]) == [("direction", [90.0, 91.0, 92.0, 93.0])]
    report = verify(tmp_path, None)
    assert (report.records, report.judged, report.problems) == (8, 4, [])


@pytest.mark.parametrize("is_loaded", [True, False])
def test_one_seed_recorded_anew_rests_on_the_records_beside_it(tmp_path, is_loaded):
    shipped.write_all(run_seeds(0, 1, 2, 3), tmp_path)
    if not is_loaded:
        Run.objects.all().delete()
    (again,) = run_seeds(1)
    again.measurements.update(value=96.0)
    judge(again)

    shipped.write_all([again], tmp_path)

    record = json.loads((tmp_path / "counting-toy-1.json").read_text())[-1]
    assert record["claims"][0]["measured"]["per_seed"] == [90.0, 96.0, 92.0, 93.0]
    assert verify(tmp_path, None).problems == []


def test_a_run_that_is_not_recorded_is_in_no_record(tmp_path):
    (unrecorded,) = run_seeds(0)
    kept = [*run_seeds(1), *run_seeds(0)]
    assert unrecorded in kept[0].judged_with.all()

    call_command("record_runs", folder=tmp_path)

    record = json.loads((tmp_path / "counting-toy-1.json").read_text())[-1]
    assert record["claims"][0]["measured"]["per_seed"] == [91.0]
    assert verify(tmp_path, None).problems == []


def test_a_verdict_does_not_change_with_the_hour_at_which_it_is_judged():
    runs = run_seeds(0, 1, 2, 3)
    before = [verdicts_of(run) for run in runs]

    for run in reversed(runs):
        judge(run)

    assert [verdicts_of(run) for run in runs] == before
