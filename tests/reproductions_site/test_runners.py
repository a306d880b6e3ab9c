"""Machines of members: who may take runs, what is checked, what becomes public, and what does not."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from accounts.roles import NotPossible
from accounts.tokens import make_token
from reproductions import registry
from reproductions.attested import accepting, registering, shapes, signing, taking
from reproductions.attested.crates import crate_of
from reproductions.attested.signing import RunnerKey
from reproductions.models import Attestation, PublishedNumber, Run, Runner
from reproductions.runs import perform, recovery
from reproductions.runs import start as running
from reproductions.runs.start import start_run
from tests import make
from work.job import LeaseLost

pytestmark = pytest.mark.django_db(transaction=True)

HOST = "testserver"


def key_of(name: str) -> RunnerKey:
    return RunnerKey(name.encode().ljust(32, b"."))


def registered(owner: Any, name: str = "lab") -> Runner:
    key = key_of(f"{owner.username} {name}")
    proof = key.sign(signing.registration(HOST))
    runner, _ = registering.register(
        by=owner, name=name, public_key=key.public, proof=proof, host=HOST
    )
    return runner


def equipped(**given: Any) -> taking.Equipment:
    code = {program.slug: registry.hashes(program) for program in registry.programs()}
    return taking.Equipment(**{"scales": ("exact", "toy"), "code": code} | given)


@pytest.fixture
def curator(db):
    return make.member("cora", "curators")


@pytest.fixture
def trusted(db, curator):
    """A runner of mia's that a curator has confirmed, and that has told what it has."""
    runner = registering.trust(runner=registered(make.member("mia")), by=curator)
    taking.take(runner, equipped())
    return runner


def record_of(runner: Runner | None = None, run: Run | None = None, **changes: Any) -> str:
    now = datetime.now(UTC)
    program = changes.pop("program", "counting")
    cost = {"metric": "macs", "unit": "1", "convention": "mac:conv-fc", "seed": 0}
    measured = changes.pop("measured", {"small": 150.2e6, "large": 325.4e6})
    return shapes.written(
        {
            "schema": 1,
            "site": "https://survey.example" if run else None,
            "run": run.pk if run else None,
            "key": runner.public_key if runner else None,
            "program": program,
            "scale": "exact",
            "seed": 0,
            "device": "cpu",
            "state": "finished",
            "cause": "",
            "exit_code": 0,
            "code": registry.hashes(registry.program(program)),
            "environment": {"cpu": "another", "accelerator": None},
            "hardware": {"cores": 64},
            "isolation": {"network": "own namespace"},
            "time": {
                "started": shapes.stamp(now - timedelta(seconds=5)),
                "finished": shapes.stamp(now),
                "wall_s": 5.0,
                "cpu_s": 4.5,
                "peak_memory_bytes": 10**8,
                "limit_s": 80,
            },
            "output_sha256": "ab" * 32,
            "output_bytes": 100,
            "measurements": [
                {"id": name, "setting": name, "value": value, **cost}
                for name, value in measured.items()
            ],
            "curve": [{"curve": "loss", "x": 0.0, "y": 1.0, "label": "step 0"}],
            "log": [{"kind": "log", "text": "half way", "seconds": 1.0}],
            **changes,
        }
    )


def signed(runner: Runner, text: str) -> str:
    return key_of(f"{runner.owner.username} {runner.name}").sign(text)


def attested(runner: Runner, **changes: Any) -> Run:
    text = record_of(runner, **changes)
    made, _ = accepting.hand_in(by=runner.owner, text=text, signature=signed(runner, text))
    assert made.run is not None
    return made.run


def states() -> list[tuple[str, str]]:
    return list(PublishedNumber.objects.order_by("setting").values_list("setting", "state"))


# Registering and confirming.


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


# Giving runs out.


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


# Records.


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


def altered(text: str, **changes: Any) -> str:
    return json.dumps(json.loads(text) | changes)


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


# The API.


def as_member(member: Any, *scopes: str) -> Client:
    _, text = make_token(member, name="runner", scopes=scopes, days=7)
    return Client(headers={"authorization": f"Bearer {text}"})


def test_the_api_needs_a_token_with_the_scope_of_runners(counted, trusted):
    good, other = as_member(trusted.owner, "run"), as_member(trusted.owner, "read", "contribute")
    code = {"counting": registry.hashes(registry.program("counting"))}
    body = {"devices": ["cpu"], "scales": ["exact"], "code": code}
    address = f"/api/v1/runners/{trusted.pk}/take/"

    statuses = [
        client.post(address, body, content_type="application/json").status_code
        for client in (good, other, Client(), as_member(make.member("ben"), "run"))
    ]

    assert statuses == [200, 403, 401, 404]


def test_a_crate_is_handed_in_and_exported_with_its_signature(counted, trusted):
    text = record_of(trusted)
    crate = SimpleUploadedFile("crate.zip", crate_of(text, signed(trusted, text)))
    client = as_member(trusted.owner, "run", "read")

    answer = client.post("/api/v1/hand-ins/", {"crate": crate})

    body = answer.json()
    assert (answer.status_code, body["state"]) == (201, "accepted")
    run = Run.objects.get()
    packed = Client().get(f"/runs/{run.pk}/crate").content
    crate.seek(0)
    assert client.post("/api/v1/hand-ins/", {"crate": crate}).status_code == 200
    from reproductions.attested.crates import read_crate

    again = read_crate(packed, most_bytes=10**7)
    assert (again.record, signing.is_signed(again.record, again.signature, trusted.public_key)) == (
        text,
        True,
    )


def test_a_run_of_ours_leaves_as_a_crate_that_another_site_takes(counted, curator):
    run, _ = start_run(program="counting", scale="exact")
    perform.perform(run.pk)
    packed = Client().get(f"/runs/{run.pk}/crate").content
    Run.objects.all().delete()
    mia = make.member("mia")

    answer = as_member(mia, "run").post(
        "/api/v1/hand-ins/", {"crate": SimpleUploadedFile("c.zip", packed)}
    )

    assert (answer.status_code, answer.json()["state"]) == (201, "waiting")
    made = Attestation.objects.get()
    accepting.accept(attestation=made, by=curator)
    assert [m.value for m in made.run.measurements.all()] == [150.2e6, 325.4e6]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"x" * 1000])
def test_what_is_no_crate_is_refused_in_words(counted, content):
    client = as_member(make.member("mia"), "run")

    answer = client.post("/api/v1/hand-ins/", {"crate": SimpleUploadedFile("c.zip", content)})

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith(("This is no crate", "crate: send a file"))


def test_a_run_needs_no_second_attestation_by_the_same_member(counted, trusted, curator):
    attested(trusted)
    start_run(program="counting", scale="exact", by=curator, elsewhere=True)

    assert "waits for the machine of another member" in taking.take(trusted, equipped()).why[0]


# Pages.


def page(user: Any, address: str, status: int = 200) -> str:
    client = Client()
    if user is not None:
        client.force_login(user)
    answer = client.get(address)
    assert answer.status_code == status, address
    return answer.content.decode()


def test_the_page_of_runners_tells_each_role_what_is_its(counted, trusted, curator):
    waiting = registered(make.member("ben"), "secret lab")

    assert "secret lab" not in page(None, "/runners/")
    assert "lab" in page(None, "/runners/") and "None yet" not in page(None, "/runners/")
    assert "secret lab" in page(waiting.owner, "/runners/")
    assert "Runners that wait for a curator" in page(curator, "/runners/")
    page(None, waiting.get_absolute_url(), 404)
    assert "Trust it" not in page(waiting.owner, waiting.get_absolute_url())
    assert "Trust it" in page(curator, waiting.get_absolute_url())


def test_a_curator_decides_on_the_page_and_a_member_cannot(counted, curator):
    runner = registered(make.member("mia"))
    address = f"/runners/{runner.pk}/decide"
    client = Client()

    client.force_login(runner.owner)
    assert client.post(address, {"decision": "trust"}).status_code == 403
    client.force_login(curator)
    client.post(address, {"decision": "trust"})
    runner.refresh_from_db()
    assert (runner.state, runner.decided_by) == ("trusted", curator)
    client.post(address, {"decision": "refuse", "reason": ""})
    runner.refresh_from_db()
    assert runner.state == "trusted"
    client.post(address, {"decision": "refuse", "reason": "key leaked"})
    runner.refresh_from_db()
    assert (runner.state, runner.reason) == ("refused", "key leaked")


def test_a_member_registers_by_hand_and_retires(counted):
    mia = make.member("mia")
    client = Client()
    client.force_login(mia)
    key = key_of("by hand")
    form = {"name": "GPU", "public_key": key.public, "proof": "nonsense"}

    refused = client.post("/runners/", form)
    assert refused.status_code == 422 and "proof does not belong" in refused.content.decode()
    form["proof"] = key.sign(signing.registration(HOST))
    made = client.post("/runners/", form)
    runner = Runner.objects.get()
    assert made["Location"] == runner.get_absolute_url()
    client.post(f"/runners/{runner.pk}/retire")
    runner.refresh_from_db()
    assert runner.state == "withdrawn"


def test_a_crate_is_handed_in_on_the_page_and_decided_there(counted, curator):
    mia = make.member("mia")
    client = Client()
    client.force_login(mia)
    crate = SimpleUploadedFile("crate.zip", crate_of(record_of(), ""))

    assert (
        "no zip"
        in client.post(
            "/runners/hand-in/", {"crate": SimpleUploadedFile("x.zip", b"x")}
        ).content.decode()
    )
    made = client.post("/runners/hand-in/", {"crate": crate})
    row = Attestation.objects.get()
    assert made["Location"] == row.get_absolute_url()
    page(None, row.get_absolute_url(), 404)
    page(make.member("ben"), row.get_absolute_url(), 404)
    assert "Nobody but you" in page(mia, row.get_absolute_url())
    assert "Accept it as attested" in page(curator, row.get_absolute_url())
    client.force_login(curator)
    client.post(f"/hand-ins/{row.pk}/decide", {"decision": "accept"})
    row.refresh_from_db()
    assert row.run is not None
    assert "Attested by mia" in page(None, row.run.get_absolute_url())


def test_members_who_agree_and_who_do_not_are_told_apart_from_ours(counted, curator):
    own, _ = start_run(program="counting", scale="exact")
    perform.perform(own.pk)
    lab, other = (
        registering.trust(runner=registered(make.member(name)), by=curator)
        for name in ("mia", "ben")
    )
    number = PublishedNumber.objects.get(setting="small network")

    assert "Attested by members" not in page(None, number.get_absolute_url())
    attested(lab)
    once = page(None, number.get_absolute_url())
    assert "Attested by one member" in once and "as found here" in once
    attested(other)
    assert "Attested by members who agree" in page(None, "/reproductions/counting/")
    attested(other, measured={"small": 99e6, "large": 325.4e6})
    told = page(None, number.get_absolute_url())
    assert "Members disagree" in told and told.count("not what was found here") == 1
    assert "Members disagree" in page(None, "/runners/")
    number.refresh_from_db()
    assert (number.state, number.judgement.run) == ("exact", own)
    registering.distrust(runner=other, by=curator, reason="another network")
    after = page(None, number.get_absolute_url())
    assert "Members disagree" not in after and "Attested by one member" in after
    assert "not trusted any more" in page(None, other.runs.first().get_absolute_url())


def test_a_closed_account_leaves_no_name_and_no_runner_at_work(counted, trusted):
    from community.members.closing import close_account

    run = attested(trusted)
    close_account(trusted.owner, typed_name="mia")

    trusted.refresh_from_db()
    assert trusted.state == "retired"
    assert "mia" not in page(None, run.get_absolute_url())
