"""Records that machines of members sign: what is checked, what becomes public, and what does not."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from accounts.roles import NotPossible
from reproductions.attested import accepting, registering, taking
from reproductions.models import Attestation, PublishedNumber, Run
from reproductions.runs import perform
from reproductions.runs.start import start_run
from tests import make
from tests.reproductions_site.attesting import (
    altered,
    attested,
    equipped,
    record_of,
    registered,
    signed,
    states,
)

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_delivered_record_is_a_judged_run_beside_ours_and_changes_no_state(
    counted, trusted, curator
):
    own, _ = start_run(program="counting", scale="exact")
    perform.perform(own.pk)
    before = states()
    run, _ = start_run(program="counting", scale="exact", by=curator, elsewhere=True)
    held = taking.take(trusted, equipped()).run
    text = record_of(trusted, run, measured={"small": 99e6, "large": 317e6})

    accepting.deliver(run=held, runner=trusted, text=text, signature=signed(trusted, text))
    accepting.deliver(run=held, runner=trusted, text=text, signature=signed(trusted, text))

    run.refresh_from_db()
    assert (run.state, run.origin, run.runner) == ("finished", "attested", trusted)
    assert [(j.claim.identifier, j.verdict) for j in run.judgements.all()] == [
        ("small", "outside"),
        ("large", "within"),
    ]
    assert before == states() == [("large network", "outside"), ("small network", "exact")]
    assert set(PublishedNumber.objects.values_list("judgement__run", flat=True)) == {own.pk}
    assert run.attestation.record == text
    assert [line.text for line in run.lines.all()] == ["half way"]
    assert [(p.x, p.more) for p in run.points.all()] == [(0.0, {"label": "step 0"})]


def test_an_attested_record_alone_makes_no_number_met(counted, trusted):
    run = attested(trusted)

    assert run.judgements.get(claim__identifier="small").verdict == "exact"
    assert {state for _, state in states()} == {"not-run"}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"program": "sleeping", "scale": "full"}, "has no full scale"),
        ({"seed": -1}, "seed"),
        ({"measured": {}}, "holds no measurement"),
        ({"state": "failed"}, "only finished runs"),
        ({"schema": 7}, "schema"),
        ({"surprise": 1}, "surprise"),
        ({"scale": "huge"}, "scale"),
    ],
)
def test_records_that_cannot_be_are_refused_in_words(counted, trusted, changes, words):
    text = record_of(trusted, **changes)

    with pytest.raises(accepting.RecordRefused, match=words):
        accepting.hand_in(by=trusted.owner, text=text, signature=signed(trusted, text))
    assert (Run.objects.count(), Attestation.objects.count()) == (0, 0)


def test_records_of_other_code_seeds_and_times_are_refused(counted, trusted):
    text = record_of(trusted)
    content = json.loads(text)
    code = content["code"] | {"program_sha256": "1" * 64}
    twice = content["measurements"] * 2
    strange = [row | {"seed": 77} for row in content["measurements"]]
    future = content["time"] | {"finished": "2999-01-01T00:00:00+00:00"}
    cases = {
        "its program has the digest 111111111111…": {"code": code},
        "stands in this record twice": {"measurements": twice},
        "Measured with seed 77": {"measurements": strange},
        "times of this record cannot be": {"time": future},
    }

    for words, change in cases.items():
        changed = altered(text, **change)
        with pytest.raises(accepting.RecordRefused, match=words):
            accepting.hand_in(by=trusted.owner, text=changed, signature=signed(trusted, changed))
    for broken in ("", "[]", "{", '{"a": NaN}', "[" * 100_000, text.replace("150200000.0", "NaN")):
        with pytest.raises(accepting.RecordRefused, match="no record of a run"):
            accepting.hand_in(by=trusted.owner, text=broken)
    assert Run.objects.count() == 0


def test_a_changed_record_and_the_key_of_another_do_not_pass(counted, trusted):
    ben = make.member("ben")
    text = record_of(trusted)
    signature = signed(trusted, text)

    with pytest.raises(accepting.RecordRefused, match="signature does not belong"):
        changed = text.replace("150200000.0", "150000000.0")
        accepting.hand_in(by=trusted.owner, text=changed, signature=signature)
    with pytest.raises(accepting.RecordRefused, match="not that of a runner of yours"):
        accepting.hand_in(by=ben, text=text, signature=signature)


def test_a_record_of_another_run_does_not_close_this_one(counted, trusted, curator):
    run, _ = start_run(program="counting", scale="exact", by=curator, elsewhere=True)
    held = taking.take(trusted, equipped()).run
    for change in (
        {"run": run.pk + 1},
        {"scale": "toy", "run": run.pk},
        {"seed": 3, "run": run.pk},
    ):
        text = altered(record_of(trusted, run), **change)
        with pytest.raises(accepting.RecordRefused, match="another run"):
            accepting.deliver(run=held, runner=trusted, text=text, signature=signed(trusted, text))
    run.refresh_from_db()
    assert run.state == "running"


def test_nothing_of_a_strangers_record_is_public_before_a_curator_accepts_it(counted, curator):
    mia = make.member("mia")
    text = record_of(
        measured={"small": 150.2e6}, log=[{"kind": "log", "text": "CANARY", "seconds": 0}]
    )
    made, new = accepting.hand_in(by=mia, text=text)

    assert (new, made.state, made.run) == (True, "waiting", None)
    assert accepting.hand_in(by=mia, text=text) == (made, False)
    assert Run.objects.count() == 0
    assert Attestation.objects.visible_to(None).count() == 0
    assert Client().get(f"/api/v1/hand-ins/{made.pk}/").status_code == 404
    with pytest.raises(NotPossible, match="Curators"):
        accepting.accept(attestation=made, by=mia)

    accepting.accept(attestation=made, by=curator)
    assert made.run.origin == "attested" and made.run.lines.get().text == "CANARY"
    with pytest.raises(NotPossible):
        accepting.refuse(attestation=made, by=curator, reason="late")
    with pytest.raises(accepting.RecordRefused, match="here already"):
        accepting.hand_in(by=make.member("ben"), text=text)


def test_a_declined_record_stays_unpublished_with_the_reason(counted, curator):
    mia = make.member("mia")
    made, _ = accepting.hand_in(by=mia, text=record_of())

    with pytest.raises(NotPossible, match="Say why"):
        accepting.refuse(attestation=made, by=curator, reason=" ")
    accepting.refuse(attestation=made, by=curator, reason="Which machine?")

    assert (made.state, made.reason, Run.objects.count()) == ("refused", "Which machine?", 0)


def test_records_of_different_machines_and_members_are_not_pooled(counted, curator):
    members = [make.member(name) for name in ("mia", "ben")]
    runners = [registering.trust(runner=registered(member), by=curator) for member in members]
    rows = [
        {"id": "often-right", "metric": "accuracy", "unit": "%", "value": 90.0, "seed": seed}
        for seed in range(4)
    ]
    for seed, runner in ((0, runners[0]), (1, runners[0]), (2, runners[1]), (3, runners[1])):
        last = attested(runner, scale="toy", seed=seed, measurements=[rows[seed]])

    assert last.judgements.get().verdict == "undecided"
    assert last.judged_with.count() == 2
