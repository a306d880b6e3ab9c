"""Verdicts: what decides one, its address, its version and how it is cited."""

from __future__ import annotations

import re

import pytest

from papers.formats import bibtex
from reproductions.ledger.states import refresh_states
from reproductions.models import PublishedNumber, Run
from tests.reproductions_site.test_pages import performed, text_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _mounted(settings):
    settings.ROOT_URLCONF = "tests.reproductions_site.mounted"


def test_a_claim_that_flips_between_machines_is_ambiguous_and_shows_both(counted, client):
    first, second = performed(), performed()
    Run.objects.filter(pk=first.pk).update(environment={"cpu": "Another Processor"})
    first.judgements.filter(claim__identifier="small").update(verdict="outside")
    refresh_states()

    small = PublishedNumber.objects.get(setting="small network")
    page = text_of(client.get("/reproductions/counting/"))

    assert (small.state, small.judgement.run_id) == ("ambiguous", second.pk)
    assert "on Another Processor: outside" in page


def test_another_machine_with_older_code_decides_nothing(counted):
    first, _ = performed(), performed()
    first.environment = {"cpu": "Another Processor"}
    first.code = {**first.code, "program_sha256": "0" * 64}
    first.save()
    first.judgements.filter(claim__identifier="small").update(verdict="outside")
    refresh_states()

    assert PublishedNumber.objects.get(setting="small network").state == "exact"


def test_a_record_whose_commit_is_lost_says_so(counted, client):
    run = performed()
    run.code = {**run.code, "commit": "09d60cb5039a4ed27dca063b9af47da738225f65"}
    run.save()

    assert "is not in the history any more" in text_of(client.get(f"/runs/{run.pk}/"))


def test_a_verdict_has_an_address_a_version_and_bibtex(counted, client):
    run = performed()
    page = text_of(client.get(f"/runs/{run.pk}/verdicts/small/"))
    entry = client.get(f"/runs/{run.pk}/verdicts/small/?format=bibtex")

    assert "Reproduced exactly, to the printed precision" in page and "1 seed" in page
    assert entry["Content-Type"] == "application/x-bibtex"
    (read,) = bibtex.read(entry.content.decode()).citations
    assert read.title == "Counted Networks: small network, macs: exact"
    version = re.search(r"version ([0-9a-f]{12})", entry.content.decode())[1]
    assert f"Version {version}." in page
    assert f"http://testserver/runs/{run.pk}/verdicts/small/" in page
    assert (
        f"/runs/{run.pk}/verdicts/small/#cite"
        in client.get(f"/numbers/{run.judgements.first().claim.number.slug}/").content.decode()
    )


def test_the_version_of_a_verdict_changes_with_its_values_and_not_by_itself(counted, client):
    run = performed()

    def version():
        page = client.get(f"/runs/{run.pk}/verdicts/small/?format=bibtex").content.decode()
        return re.search(r"version ([0-9a-f]{12})", page)[1]

    first = version()
    assert version() == first
    run.judgements.filter(claim__identifier="small").update(values=[150.3])
    assert version() != first


def test_a_run_can_be_cited_and_an_older_verdict_names_the_newer(counted, client):
    first, second = performed(), performed()

    entry = client.get(f"/runs/{first.pk}/?format=bibtex").content.decode()
    page = client.get(f"/runs/{first.pk}/verdicts/small/").content.decode()

    assert entry.startswith(f"@misc{{survey-run-{first.pk},")
    assert "Another run decides this claim now" in page
    assert f'href="/runs/{second.pk}/verdicts/small/"' in page
    assert client.get(f"/runs/{first.pk}/verdicts/nothing/").status_code == 404


def test_a_verdict_on_a_number_of_a_hidden_paper_is_nowhere(counted, client):
    run = performed()
    counted.state = "hidden"
    counted.save()

    assert client.get(f"/runs/{run.pk}/verdicts/small/").status_code == 404
