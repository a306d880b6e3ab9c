"""The API and the pages of members' machines: who may do what, and what each role is told."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from reproductions import registry
from reproductions.attested import accepting, registering, signing, taking
from reproductions.attested.crates import crate_of
from reproductions.models import Attestation, PublishedNumber, Run, Runner
from reproductions.runs import perform
from reproductions.runs.start import start_run
from tests import make
from tests.reproductions_site.attesting import (
    HOST,
    as_member,
    attested,
    equipped,
    key_of,
    page,
    record_of,
    registered,
    signed,
)

pytestmark = pytest.mark.django_db(transaction=True)


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
