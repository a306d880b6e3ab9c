"""What can be corrected: every kind of record, merges, papers that are missing."""

from __future__ import annotations

import pytest
from django.test import Client

from community.models import Correction
from papers.history import changes_of
from papers.models import Method, Paper
from tests import make
from tests.community.proposing import decide, propose

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("field", "was", "text", "told"),
    [
        ("arxiv", "", "not an id", "is not such an identifier"),
        ("doi", "", "10.1109/taken", "belongs to"),
        ("doi", "", "10.48550/arXiv.1603.08983", "leads to arXiv:1603.08983"),
        ("year", "2018", "soon", "write a whole number"),
        ("year", "2018", "1066", "must lie between"),
        ("title", "Skip RNN", " ", "has no title"),
        ("topics", "", "no-such-topic", "there is no"),
        ("venue", "iclr", "no-such-venue", "there is no"),
    ],
)
def test_a_wrong_value_is_named_and_what_was_typed_stays(
    mia: Client, field: str, was: str, text: str, told: str
) -> None:
    paper = make.paper("Skip RNN")
    make.paper("Other", doi="10.1109/taken")

    sent = {"reason": "KEPT WORDS", f"was-{field}": was, f"field-{field}": text}
    answer = mia.post(f"/papers/{paper.key}/correct/", sent)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert "KEPT WORDS" in answer.content.decode()


def test_an_identifier_of_a_hidden_paper_does_not_tell_its_title(mia: Client) -> None:
    paper = make.paper("Skip RNN")
    make.paper("CANARY", doi="10.1109/taken", state="hidden")

    sent = {"reason": "x", "was-doi": "", "field-doi": "10.1109/taken"}
    answer = mia.post(f"/papers/{paper.key}/correct/", sent).content.decode()
    new = mia.post(
        "/corrections/paper/",
        {
            "reason": "x",
            "field-title": "Canary",
            "field-authors": "Gao Huang",
            "field-year": "2018",
            "field-venue": "iclr",
        },
    ).content.decode()

    assert "CANARY" not in answer + new
    assert "a record that is not public" in answer
    assert "a record that is not public" in new


def test_a_method_is_corrected_and_its_past_is_told(mia: Client, cam: Client) -> None:
    method = Method.objects.create(
        slug="gatenet", name="GateNet", adapts=["depth"], from_memory=["adapts"]
    )
    form = mia.get("/methods/gatenet/correct/")
    correction = propose(
        mia,
        "/methods/gatenet/",
        {"adapts": "depth"},
        {"adapts": "depth\nwidth"},
        source="its paper",
    )
    strange = {"reason": "x", "was-adapts": "depth", "field-adapts": "colour"}

    decide(cam, correction)

    method.refresh_from_db()
    assert form.status_code == 200
    assert "layers-per-token" in form.content.decode()
    assert (method.adapts, method.origin_of("adapts")) == (["depth", "width"], "source")
    assert method.sources == ["its paper"]
    assert "width" in mia.get("/methods/gatenet/history/").content.decode()
    assert mia.post("/methods/gatenet/correct/", strange).status_code == 422


def test_names_of_a_paper_are_corrected(mia: Client, cam: Client) -> None:
    paper = make.paper("Gates")
    said = "- name: GateNet\n  origin: title"
    correction = propose(mia, paper.get_absolute_url(), {"names": ""}, {"names": said})

    decide(cam, correction)

    assert [(row.name, row.key) for row in paper.names.all()] == [("GateNet", "gatenet")]


def test_a_merge_of_people_is_proposed_accepted_and_undone(mia: Client, cam: Client) -> None:
    keeping, leaving = make.person("Gao Huang"), make.person("G. Huang")
    paper = make.paper(authors=["G. Huang"])
    correction = propose(
        mia, f"/people/{leaving.slug}/", {}, {}, into=f"http://x/people/{keeping.slug}/"
    )

    decide(cam, correction)
    assert Client().get(f"/people/{leaving.slug}/").status_code == 301
    change = changes_of(leaving)[0]
    cam.post(f"/people/{leaving.slug}/history/undo", {"change": change.key, "scope": "act"})

    assert Client().get(f"/people/{leaving.slug}/").status_code == 200
    assert paper.authorships.get().person == leaving


def test_a_new_paper_is_proposed_and_made_once(mia: Client, cam: Client) -> None:
    make.venue()
    sent = {
        "reason": "missing",
        "field-title": "Skip RNN",
        "field-authors": "Víctor Campos",
        "field-year": "2018",
        "field-venue": "iclr",
        "field-arxiv": "arXiv:1708.06834v5",
    }
    mia.post("/corrections/paper/", sent)
    correction = Correction.objects.get()
    assert not Paper.objects.exists()

    decide(cam, correction)

    paper = Paper.objects.get()
    assert (paper.key, paper.arxiv) == ("campos2018skip", "1708.06834")
    again = mia.post("/corrections/paper/", sent)
    assert "belongs to “Skip RNN” (campos2018skip)" in again.content.decode()


@pytest.mark.parametrize("plural", ["people", "venues", "workshops", "topics"])
def test_other_records_are_corrected_too(plural: str, mia: Client, cam: Client) -> None:
    record, field, was = {
        "people": lambda: (make.person("Gao Huang"), "affiliation", ""),
        "venues": lambda: (make.venue(), "full_name", ""),
        "workshops": lambda: (make.workshop(), "location", ""),
        "topics": lambda: (make.topic(), "name_zh", ""),
    }[plural]()

    correction = propose(mia, f"/{plural}/{record.slug}/", {field: was}, {field: "Said so"})
    decide(cam, correction)

    record.refresh_from_db()
    assert getattr(record, field) == "Said so"
    assert getattr(record, "curated", False) is False
    assert "Said so" in Client().get(f"/{plural}/{record.slug}/history/").content.decode()


def test_the_programme_of_a_workshop_is_corrected_as_yaml(mia: Client, cam: Client) -> None:
    workshop = make.workshop()
    dates = "- label: Deadline\n  date: 2022-05-01\n"

    broken = mia.post(
        f"/workshops/{workshop.slug}/correct/",
        {"reason": "x", "was-important_dates": "", "field-important_dates": "- label: ["},
    )
    decide(
        cam,
        propose(
            mia, f"/workshops/{workshop.slug}/", {"important_dates": ""}, {"important_dates": dates}
        ),
    )

    assert "not valid YAML" in broken.content.decode()
    assert [(d.label, str(d.date)) for d in workshop.dates.all()] == [("Deadline", "2022-05-01")]


def test_authors_that_stay_keep_their_person_and_affiliation(mia: Client, cam: Client) -> None:
    paper = make.paper(authors=["Gao Huang", "Yizeng Han"])
    other = make.person("Gao Huang the Second")
    paper.authorships.filter(position=0).update(affiliation="Tsinghua", person=other)

    decide(
        cam,
        propose(
            mia,
            f"/papers/{paper.key}/",
            {"authors": "Gao Huang\nYizeng Han"},
            {"authors": "Gao Huang\nShiji Song\nYizeng Han"},
        ),
    )

    first = paper.authorships.get(position=0)
    assert (first.affiliation, first.person) == ("Tsinghua", other)
    assert paper.authorships.count() == 3
