"""What happens to a run, whatever its program does."""

from __future__ import annotations

import pytest
from django.utils import timezone

from confinement.process import Limits
from reproductions.models import PublishedNumber, Run
from reproductions.registry import UnknownProgram
from reproductions.runs import confined, recovery
from reproductions.runs import start as running
from reproductions.runs.perform import perform
from reproductions.runs.start import start_run

pytestmark = pytest.mark.django_db(transaction=True)


def run_of(program, scale="smoke", **options):
    run, _ = start_run(program=program, scale=scale, **options)
    perform(run.pk)
    run.refresh_from_db()
    return run


def said(run):
    return [line.text for line in run.lines.all()]


def test_a_finished_run_leaves_measurements_verdicts_and_states(counted):
    run = run_of("counting", "exact")

    assert (run.state, run.exit_code, run.exit_cause) == ("finished", 0, "")
    assert [(m.identifier, m.value) for m in run.measurements.all()] == [
        ("small", 150.2e6),
        ("large", 325.4e6),
    ]
    assert [(j.claim.identifier, j.verdict) for j in run.judgements.all()] == [
        ("small", "exact"),
        ("large", "outside"),
    ]
    assert list(PublishedNumber.objects.values_list("setting", "state", "judgement__run")) == [
        ("small network", "exact", run.pk),
        ("large network", "outside", run.pk),
    ]
    assert [(p.x, p.more["label"]) for p in run.points.all()[:1]] == [(0.0, "step 0")]
    assert (run.progress_done, run.progress_total) == (2, 2)
    assert list(run.lines.values_list("text", flat=True)).count("half way") == 1
    assert run.wall_seconds > 0 and run.peak_memory_bytes > 1e6 and len(run.output_sha256) == 64
    assert {"program_sha256", "protocol_sha256", "manifest_sha256"} <= set(run.code)


def test_a_smoke_run_decides_nothing(counted):
    run = run_of("counting", "smoke")

    assert {j.verdict for j in run.judgements.all()} == {"undecided"}
    assert set(PublishedNumber.objects.values_list("state", flat=True)) == {"not-run"}


def test_seeds_are_judged_together_once_enough_of_them_have_run(counted):
    first = [run_of("counting", "toy", seed=seed) for seed in range(3)]
    last = run_of("counting", "toy", seed=3)

    assert [run.judgements.get().verdict for run in first] == ["undecided"] * 3
    assert last.judgements.get().verdict == "direction"
    assert last.judgements.get().values == [90.0, 91.0, 92.0, 93.0]
    assert set(last.judged_with.all()) == {*first, last}


def test_seeds_that_were_chosen_afterwards_are_shown_and_never_pooled(counted):
    promised = [run_of("counting", "toy", seed=seed) for seed in range(4)]
    further = run_of("counting", "toy", seed=7)
    again = run_of("counting", "toy", seed=0)

    judgement = further.judgements.get()
    assert judgement.verdict == "undecided" and "does not name seed 7" in judgement.reason
    assert further not in again.judged_with.all()
    assert again.judgements.get().values == promised[-1].judgements.get().values


def test_seeds_of_another_machine_are_not_pooled(counted):
    first = [run_of("counting", "toy", seed=seed) for seed in range(3)]
    Run.objects.filter(pk__in=[run.pk for run in first]).update(environment={"cpu": "another"})

    last = run_of("counting", "toy", seed=3)

    assert list(last.judged_with.all()) == [last]
    assert last.judgements.get().verdict == "undecided"


def test_performing_a_run_twice_changes_nothing(counted):
    run = run_of("counting", "exact")
    before = (run.finished_at, run.lines.count(), run.judgements.count())

    assert perform(run.pk) is None

    run.refresh_from_db()
    assert (run.finished_at, run.lines.count(), run.judgements.count()) == before


def test_the_program_sees_no_network_no_secret_and_no_other_process(counted):
    run = run_of("prying")

    assert run.state == "finished"
    if run.isolation["network"] != "own namespace":
        pytest.skip(f"no namespaces here: {run.isolation}")
    lines = dict(line.split(": ", 1) for line in said(run))
    assert lines["network"].startswith("refused")
    assert lines["write"] == "refused (Read-only file system)"
    assert lines["scratch"] == "1"
    assert lines["secrets"] == "[]"
    assert int(lines["processes"]) <= 3


def test_the_program_sees_no_answers(counted):
    run = run_of("prying")

    assert run.state == "finished"
    if run.isolation["mounts"] != "own namespace":
        pytest.skip(f"no mounts of our own here: {run.isolation}")
    lines = dict(line.split(": ", 1) for line in said(run))
    missing = "refused (No such file or directory)"
    assert [lines[name] for name in ("own claims", "other claims")] == [missing, missing]
    assert [lines[name] for name in ("printed numbers", "earlier results")] == [missing, missing]
    assert (lines["shipped claims"], lines["history"]) == ("0", missing)


def test_escape_sequences_markup_and_endless_lines_become_plain_text(counted):
    run = run_of("shouting")

    lines = said(run)
    assert run.state == "finished"
    assert "red" in lines
    assert "<script>alert('log')</script>" in lines
    assert not any("\x1b" in line or "\u202e" in line or "\x07" in line for line in lines)
    assert max(map(len, lines)) <= 2000
    assert "after" in lines
    assert [line.text for line in run.lines.filter(kind="error")] == ["<b>standard error</b>"]
    assert run.measurements.count() == 0


@pytest.mark.parametrize(
    ("program", "state", "cause"),
    [
        ("lacking", "needs-data", "needs data: CIFAR-10 as cifar-10-batches-py/"),
        ("crashing", "failed", "exit code 1"),
    ],
)
def test_the_cause_of_an_end_is_on_the_run(counted, program, state, cause):
    run = run_of(program)

    assert (run.state, run.exit_cause) == (state, cause)


def test_a_program_that_takes_too_much_memory_is_ended(counted, settings):
    settings.REPRODUCTIONS_MEMORY_BYTES = 200 * 2**20

    run = run_of("hungry")

    assert run.state in ("stopped", "failed")
    assert "memory" in run.exit_cause or "MemoryError" in " ".join(said(run))
    assert run.peak_memory_bytes < 300 * 2**20


def test_a_program_that_floods_the_log_is_stopped(counted):
    run = run_of("flooding")

    assert run.state == "stopped"
    assert run.exit_cause.startswith("stopped at the output limit")


def test_a_program_that_outlives_its_time_is_stopped(counted, monkeypatch):
    limits = Limits(wall_seconds=1.5, cpu_seconds=20)
    monkeypatch.setattr(confined, "limits_of", lambda program, scale, machine: limits)

    run = run_of("sleeping")

    assert (run.state, run.exit_cause) == ("stopped", "stopped at the time limit of 2 s")


def test_a_program_that_is_not_listed_cannot_be_started(counted, tmp_path):
    for name in ("absent", "../counting", "os", "counting/../sleeping", ""):
        with pytest.raises(UnknownProgram):
            start_run(program=name, scale="smoke")


@pytest.mark.parametrize(
    "options",
    [{"scale": "full"}, {"scale": "smoke", "device": "cuda"}, {"scale": "smoke", "seed": -1}],
)
def test_what_is_not_offered_is_refused(counted, options):
    with pytest.raises(running.NotOffered):
        start_run(program="sleeping", **options)


def test_only_those_who_may_can_start_and_cancel(counted, django_user_model, operator):
    reader = django_user_model.objects.create_user("reader", password="x")
    run, _ = start_run(program="counting", scale="smoke", by=operator)

    with pytest.raises(running.NotAllowed):
        start_run(program="counting", scale="exact", by=reader)
    with pytest.raises(running.NotAllowed):
        running.cancel_run(run=run, by=reader)
    assert Run.objects.get().state == "queued"


def test_a_waiting_run_is_cancelled_at_once_and_never_performed(counted, operator):
    run, _ = start_run(program="counting", scale="smoke", by=operator)

    running.cancel_run(run=run, by=operator)

    assert perform(run.pk) is None
    run.refresh_from_db()
    assert (run.state, run.cancelled_by) == ("cancelled", operator)


def test_an_ended_run_is_not_cancelled(counted, operator):
    run = run_of("counting", "smoke")

    running.cancel_run(run=run, by=operator)

    assert run.state == "finished"


def test_a_queue_that_cannot_be_reached_costs_a_delay_and_nothing_else(counted, monkeypatch, sent):
    def unreachable(task, run):
        raise ConnectionError("no broker")

    with monkeypatch.context() as patch:
        patch.setattr("work.tell.send", unreachable)
        run, new = start_run(program="counting", scale="smoke")

    assert new
    assert recovery.sweep() == {"lost": 0, "sent again": 1}
    assert sent == [run.pk]
    assert recovery.sweep() == {"lost": 0, "sent again": 0}


def test_the_estimate_is_the_median_of_earlier_runs(counted):
    for seed, took in enumerate((5.0, 100.0, 7.0)):
        Run.objects.create(
            program="counting",
            scale="toy",
            seed=seed,
            device="cpu",
            state="finished",
            wall_seconds=took,
            finished_at=timezone.now(),
        )

    assert running.estimated_seconds("counting", "toy") == 7.0
    assert running.estimated_seconds("counting", "exact") is None
