"""Corrections through HTTP: proposed, compared three ways, decided once, kept by the next load."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

from community.corrections.comparing import rows_of, seen_of
from community.models import Correction
from papers.data_files import load_catalogue
from papers.models import Paper
from tests import make
from tests.community.proposing import as_user, decide, propose

pytestmark = pytest.mark.django_db


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
