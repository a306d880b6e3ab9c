"""Corrections through HTTP: proposed, compared three ways, decided once, kept by the next load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core import mail
from django.test import Client

from community.corrections import alarms
from community.corrections.comparing import rows_of, seen_of
from community.models import Alarm, Correction
from kb.models import User
from papers.catalogue import load_catalogue
from papers.history import act, changes_of
from papers.models import Paper
from tests import make
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


def as_user(name: str, *groups: str, **fields: Any) -> Client:
    client = Client()
    client.force_login(user(name, *groups, **fields))
    return client


@pytest.fixture
def mia() -> Client:
    return as_user("mia")


@pytest.fixture
def cam() -> Client:
    return as_user("cam", "curators")


def propose(client: Client, address: str, was: dict, now: dict, **more: str) -> Correction:
    sent = {f"was-{name}": text for name, text in was.items()}
    sent |= {f"field-{name}": text for name, text in (was | now).items()}
    answer = client.post(f"{address}correct/", {"reason": "as printed", **sent, **more})
    assert answer.status_code == 302, answer.content.decode()
    return Correction.objects.latest("pk")


def decide(client: Client, correction: Correction, decision: str = "accept", **more: str) -> Any:
    sent = {"decision": decision, "seen": seen_of(rows_of(correction)), **more}
    return client.post(f"/corrections/{correction.pk}/decide", sent, follow=True)


def test_an_accepted_correction_is_on_the_page_and_in_the_history(mia: Client, cam: Client) -> None:
    paper = make.paper("Skip RNN", tldr="Skips.")

    correction = propose(
        mia,
        f"/papers/{paper.key}/",
        {"title": "Skip RNN"},
        {"title": "Skip RNN: Learning"},
        source="arXiv page",
    )
    decide(cam, correction)

    assert "Skip RNN: Learning" in Client().get(f"/papers/{paper.key}/").content.decode()
    history = Client().get(f"/papers/{paper.key}/history/").content.decode()
    assert "by cam" in history
    assert "as printed" in history
    assert "<ins>" in history
    paper.refresh_from_db()
    assert paper.sources == ["a test", "arXiv page"]


def test_only_changed_fields_are_proposed(mia: Client) -> None:
    paper = make.paper("Skip RNN", abstract="About\nrecurrent networks.")

    correction = propose(
        mia,
        f"/papers/{paper.key}/",
        {"title": "Skip RNN", "abstract": "About\r\nrecurrent networks.", "year": "2018"},
        {"year": "2017"},
    )

    assert correction.proposed == {"year": 2017}
    assert correction.base == {"year": 2018}


def test_a_corrected_field_survives_the_next_load(tmp_path: Path, mia: Client, cam: Client) -> None:
    def write(**fields: Any) -> None:
        venue = {"slug": "iclr", "name": "ICLR", "kind": "conference"}
        topics = [{"slug": "skipping", "name": "Skipping", "definition": "Leaves out."}]
        paper = {
            "key": "campos2018skip",
            "title": "Skip RNN",
            "authors": ["Victor Campos"],
            "year": 2017,
            "venue": "iclr",
            "topics": ["skipping"],
            "sources": ["arXiv"],
            **fields,
        }
        for place, content in (
            ("venues/iclr", [venue]),
            ("taxonomy/all", topics),
            ("papers/a", paper),
        ):
            target = tmp_path / f"{place}.yaml"
            target.parent.mkdir(exist_ok=True)
            target.write_text(yaml.safe_dump(content))

    write()
    assert load_catalogue(tmp_path).problems == []
    was = {"year": "2017", "authors": "Victor Campos", "doi": ""}
    now = {
        "year": "2018",
        "authors": "Víctor Campos\nBrendan Jou",
        "doi": "https://doi.org/10.1109/Skip",
    }
    decide(cam, propose(mia, "/papers/campos2018skip/", was, now))

    write(tldr="Skips state updates.")
    report = load_catalogue(tmp_path)

    paper = Paper.objects.get()
    assert (paper.year, paper.doi, paper.tldr) == (2018, "10.1109/skip", "Skips state updates.")
    assert [a.printed_name for a in paper.authorships.all()] == ["Víctor Campos", "Brendan Jou"]
    assert {"paper campos2018skip: year", "paper campos2018skip: doi"} <= set(report.kept)


def test_of_two_curators_one_wins_and_the_other_is_told(mia: Client, cam: Client) -> None:
    paper, eve = make.paper("Skip RNN"), as_user("eve", "curators")
    correction = propose(mia, f"/papers/{paper.key}/", {"year": "2018"}, {"year": "2017"})

    decide(cam, correction)
    second = decide(eve, correction, "decline", answer="No.")

    correction.refresh_from_db()
    assert (correction.state, correction.decided_by.username) == ("accepted", "cam")
    assert "cam was first" in second.content.decode()


def test_a_double_click_proposes_once(mia: Client) -> None:
    paper = make.paper("Skip RNN")
    propose(mia, f"/papers/{paper.key}/", {"year": "2018"}, {"year": "2017"})

    sent = {"reason": "again", "was-year": "2018", "field-year": "2017"}
    again = mia.post(f"/papers/{paper.key}/correct/", sent)

    assert again.status_code == 422
    assert "You have proposed just this" in again.content.decode()
    assert Correction.objects.count() == 1


def test_a_stale_field_is_shown_three_ways_and_never_overwritten_unseen(
    mia: Client, cam: Client
) -> None:
    paper = make.paper("Skip RNN")
    correction = propose(
        mia, f"/papers/{paper.key}/", {"title": "Skip RNN"}, {"title": "Skip RNNs"}
    )
    Paper.objects.update(title="Skipping RNN")

    page = cam.get(f"/corrections/{correction.pk}/").content.decode()
    without = decide(cam, correction)

    assert "Changed since" in page
    assert without.status_code == 409
    paper.refresh_from_db()
    assert paper.title == "Skipping RNN"

    decide(cam, correction, **{"choice-title": "edit", "edit-title": "Skipping RNNs"})

    paper.refresh_from_db()
    correction.refresh_from_db()
    assert paper.title == "Skipping RNNs"
    assert (correction.proposed, correction.written) == (
        {"title": "Skip RNNs"},
        {"title": "Skipping RNNs"},
    )


def test_a_change_between_look_and_click_stops_the_acceptance(mia: Client, cam: Client) -> None:
    paper = make.paper("Skip RNN")
    correction = propose(
        mia, f"/papers/{paper.key}/", {"title": "Skip RNN"}, {"title": "Skip RNNs"}
    )
    looked_at = seen_of(rows_of(correction))
    Paper.objects.update(title="Skipping RNN")

    answer = decide(cam, correction, seen=looked_at, **{"choice-title": "proposed"})

    paper.refresh_from_db()
    assert answer.status_code == 409
    assert "changed while you looked" in answer.content.decode()
    assert paper.title == "Skipping RNN"


def test_lists_that_both_changed_are_offered_together(mia: Client) -> None:
    early, late = make.topic("Early exiting"), make.topic("Layer skipping")
    paper = make.paper(topics=[early])
    correction = propose(
        mia,
        f"/papers/{paper.key}/",
        {"topics": "early-exiting"},
        {"topics": "early-exiting\nlayer-skipping"},
    )
    other = make.topic("Spatial")
    paper.placements.create(topic=other, position=1)

    assert rows_of(correction)[0].merged == ["early-exiting", other.slug, late.slug]


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


def test_members_see_their_own_corrections_only_and_decide_nothing(
    mia: Client, cam: Client
) -> None:
    paper, ben = make.paper("Skip RNN"), as_user("ben")
    correction = propose(
        mia, f"/papers/{paper.key}/", {"year": "2018"}, {"year": "2017"}, source="CANARY"
    )
    page = f"/corrections/{correction.pk}/"

    assert [c.get(page).status_code for c in (mia, cam, ben, Client())] == [200, 200, 404, 302]
    assert ben.post(f"{page}decide", {"decision": "accept"}).status_code == 403
    assert "CANARY" not in ben.get("/corrections/").content.decode()
    mia.post(f"{page}withdraw")
    correction.refresh_from_db()
    assert correction.state == "withdrawn"
    assert "withdrawn it" in decide(cam, correction).content.decode()


def test_declining_needs_words_and_its_author_reads_them(mia: Client, cam: Client) -> None:
    paper = make.paper("Skip RNN")
    correction = propose(mia, f"/papers/{paper.key}/", {"year": "2018"}, {"year": "2017"})

    assert decide(cam, correction, "decline").status_code == 409
    decide(cam, correction, "decline", answer="The proceedings say 2018.")

    assert "The proceedings say 2018." in mia.get(f"/corrections/{correction.pk}/").content.decode()


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


def test_mass_changes_raise_one_alarm_that_is_mailed_and_shown(settings: Any, cam: Client) -> None:
    settings.KB_ALARM_HOUR = 3
    user("ada", is_staff=True)
    papers = [make.paper(f"Paper {n}") for n in range(4)]
    for paper in papers:
        cam.post(
            f"/papers/{paper.key}/correct/",
            {"reason": "spam", "was-year": "2018", "field-year": "2001", "apply": "1"},
        )

    raised = alarms.watch()
    again = alarms.watch()

    assert [(alarm.account.username, alarm.record_count) for alarm in raised] == [("cam", 4)]
    assert again == []
    assert "cam changed 4 records" in cam.get("/corrections/").content.decode()
    cam.post(f"/alarms/{Alarm.objects.get().pk}/seen")
    assert "cam changed 4 records" not in cam.get("/corrections/").content.decode()


def test_an_alarm_is_mailed_to_the_administrators(
    settings: Any, cam: Client, django_capture_on_commit_callbacks: Any
) -> None:
    settings.KB_ALARM_HOUR = 1
    user("ada", is_staff=True)
    paper = make.paper()
    cam.post(
        f"/papers/{paper.key}/correct/",
        {"reason": "x", "was-year": "2018", "field-year": "2001", "apply": "1"},
    )

    with django_capture_on_commit_callbacks(execute=True):
        alarms.watch()

    assert [(m.to, m.subject) for m in mail.outbox] == [
        (["ada@example.org"], "cam changed 1 records")
    ]


def test_only_curators_undo(mia: Client, cam: Client) -> None:
    paper = make.paper("Skip RNN")
    with act(reason="spam"):
        Paper.objects.update(title="Spam")
    sent = {"change": changes_of(paper)[0].key, "reason": "spam"}

    assert mia.post(f"/papers/{paper.key}/history/undo", sent).status_code == 403
    cam.post(f"/papers/{paper.key}/history/undo", sent)

    paper.refresh_from_db()
    assert paper.title == "Skip RNN"
    assert "sets a change back" in Client().get(f"/papers/{paper.key}/history/").content.decode()


def test_the_history_of_a_hidden_paper_is_hidden(mia: Client) -> None:
    paper = make.paper("CANARY", state="hidden")

    for client in (Client(), mia):
        assert client.get(f"/papers/{paper.key}/history/").status_code == 404


def test_a_closed_account_has_no_name_in_the_history(cam: Client) -> None:
    paper = make.paper("Skip RNN")
    cam.post(
        f"/papers/{paper.key}/correct/",
        {"reason": "x", "was-year": "2018", "field-year": "2001", "apply": "1"},
    )
    assert "by cam" in Client().get(f"/papers/{paper.key}/history/").content.decode()

    User.objects.filter(username="cam").update(is_active=False)

    page = Client().get(f"/papers/{paper.key}/history/").content.decode()
    assert "by a former member" in page
    assert "by cam" not in page
