"""Machines of members: who may take runs, and how runs are given out and come back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.roles import NotPossible
from reproductions import registry
from reproductions.attested import accepting, registering, signing, taking
from reproductions.models import Attestation, Run, Runner
from reproductions.runs import perform, recovery
from reproductions.runs import start as running
from reproductions.runs.start import start_run
from tests import make
from tests.reproductions_site.attesting import HOST, equipped, key_of, record_of, registered, signed
from work.job import LeaseLost

pytestmark = pytest.mark.django_db(transaction=True)


def test_nobody_registers_the_key_of_others():
    mia, ben = make.member("mia"), make.member("ben")
    runner = registered(mia)
    key = key_of("mia lab")

    with pytest.raises(NotPossible, match="proof does not belong"):
        registering.register(
            by=ben, name="x", public_key=key.public, proof=key_of("ben").sign("x"), host=HOST
        )
    elsewhere = key.sign(signing.registration("another.example"))
    with pytest.raises(NotPossible, match="proof does not belong"):
        registering.register(by=ben, name="x", public_key=key.public, proof=elsewhere, host=HOST)
    again = registered(mia)
    assert (again.pk, Runner.objects.count()) == (runner.pk, 1)


@pytest.mark.parametrize("key", ["", "no base64!", "AAAA", "A" * 44])
def test_what_is_no_key_is_refused_in_words(key):
    with pytest.raises(NotPossible, match="key"):
        registering.register(by=make.member("mia"), name="x", public_key=key, proof="", host=HOST)


def test_only_another_curator_confirms_a_runner(curator):
    mia = make.member("mia")
    mine, theirs = registered(mia), registered(curator)

    with pytest.raises(NotPossible, match="Curators decide"):
        registering.trust(runner=mine, by=mia)
    with pytest.raises(NotPossible, match="Another curator"):
        registering.trust(runner=theirs, by=curator)
    assert registering.trust(runner=mine, by=curator).state == "trusted"


def test_a_runner_that_waits_gets_no_run_and_is_seen_by_nobody_else(counted, curator):
    runner = registered(make.member("mia"))

    with pytest.raises(NotPossible, match="not trusted"):
        taking.take(runner, equipped())

    seen = [Runner.objects.visible_to(user).count() for user in (None, make.member("ben"))]
    assert seen == [0, 0]
    assert Runner.objects.visible_to(runner.owner).get() == runner
    assert Runner.objects.visible_to(curator).get() == runner


def test_a_run_is_given_to_one_runner_that_has_what_it_needs(counted, trusted, curator):
    run, _ = start_run(program="counting", scale="exact", by=curator, elsewhere=True)

    assert perform.perform(run.pk) is None
    small = taking.take(trusted, equipped(scales=("toy",)))
    assert (small.run, small.why) == (
        None,
        ["counting waits for a machine that takes exact scale."],
    )
    given = taking.take(trusted, equipped())
    assert given.run == run and given.run.state == "running"
    assert taking.take(trusted, equipped()).run is None


def test_runs_for_here_are_not_given_out(counted, trusted):
    start_run(program="counting", scale="exact")

    assert taking.take(trusted, equipped()).run is None


def test_other_code_gets_no_run_and_is_told_why(counted, trusted, curator):
    start_run(program="counting", scale="exact", by=curator, elsewhere=True)
    code = {"counting": registry.hashes(registry.program("counting"))}
    code["counting"]["manifest_sha256"] = "0" * 64

    given = taking.take(trusted, equipped(code=code))

    assert given.run is None
    assert "its manifest has the digest 000000000000… there and" in given.why[0]
    assert "Bring your copy to the version that this site runs" in given.why[0]


def test_nothing_waits_for_machines_that_are_not_there(counted, operator):
    with pytest.raises(running.NobodyHasIt, match="no trusted runner has cuda"):
        start_run(program="counting", scale="exact", device="cuda", by=operator, elsewhere=True)


def test_lines_come_once_in_order_whatever_is_sent_again(counted, trusted, curator):
    run, _ = start_run(program="counting", scale="exact", by=curator, elsewhere=True)
    held = taking.take(trusted, equipped()).run
    one, two, three = (taking.Said(n, "log", f"line {n}\x1b[31m", float(n)) for n in (1, 2, 3))

    assert taking.hear(held, [one, two], done=1, total=2, note="half").next_line == 3
    assert taking.hear(held, [one, two]).next_line == 3
    assert taking.hear(held, [taking.Said(5, "log", "gap", 5.0)]).next_line == 3
    assert taking.hear(held, [two, three]).next_line == 4
    assert [line.text for line in run.lines.all()] == ["line 1", "line 2", "line 3"]


def test_a_silent_runner_loses_its_run_which_is_queued_again(counted, trusted, curator, sent):
    run, _ = start_run(program="counting", scale="exact", by=curator, elsewhere=True)
    held = taking.take(trusted, equipped()).run
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(seconds=1))

    assert recovery.sweep()["lost"] == 1

    fresh = Run.objects.get(state="queued")
    assert (fresh.again_of, fresh.attempt, fresh.origin) == (run, 2, "attested")
    assert sent == []
    with pytest.raises(LeaseLost):
        taking.hear(held, [])
    text = record_of(trusted, run)
    with pytest.raises(LeaseLost):
        accepting.deliver(run=held, runner=trusted, text=text, signature=signed(trusted, text))
    assert taking.take(trusted, equipped()).run == fresh
    assert Attestation.objects.count() == 0


def test_a_run_that_was_cancelled_stops_there_and_is_not_queued_again(counted, trusted, curator):
    run, _ = start_run(program="counting", scale="exact", by=curator, elsewhere=True)
    held = taking.take(trusted, equipped()).run
    running.cancel_run(run=run, by=curator)

    assert taking.hear(held, []).stop == "on request"
    held.refresh_from_db()
    taking.give_back(held)
    assert [(r.pk, r.state) for r in Run.objects.all()] == [(run.pk, "cancelled")]


def test_a_run_that_is_given_back_waits_again(counted, trusted, curator):
    run, _ = start_run(program="counting", scale="exact", by=curator, elsewhere=True)
    held = taking.take(trusted, equipped()).run
    taking.hear(held, [taking.Said(1, "log", "begun", 0.0)])

    taking.give_back(held)

    run.refresh_from_db()
    assert (run.state, run.runner, run.lines.count()) == ("queued", None, 0)
    assert taking.take(trusted, equipped()).run == run


def test_a_run_without_its_data_waits_for_a_machine_that_has_it(counted, trusted, curator):
    run, _ = start_run(program="counting", scale="exact", by=curator, elsewhere=True)
    held = taking.take(trusted, equipped()).run
    text = record_of(trusted, run, state="needs-data", cause="needs data: MNIST", measured={})

    accepting.deliver(run=held, runner=trusted, text=text, signature=signed(trusted, text))

    run.refresh_from_db()
    assert run.state == "queued"
    assert taking.take(trusted, equipped()).why == [
        "counting at exact scale found no data here before."
    ]
    assert taking.take(trusted, equipped(data_sets=("MNIST",))).run == run
