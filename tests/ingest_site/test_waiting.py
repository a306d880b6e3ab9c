"""What members send waits: nothing public changes before a curator or another source says so."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from community.corrections import deciding as corrections
from community.corrections.comparing import rows_of, seen_of
from community.members.closing import close_account
from community.models import Correction
from papers.curation import waiting
from papers.importers import confirming
from papers.importers.importing import apply_batch, make_batch, previews
from papers.ingest import pipeline
from papers.ingest.receive import receive
from papers.models import (
    Conflict,
    Document,
    Paper,
    Person,
    Reference,
    Venue,
    WaitingWork,
)
from papers.pdf.extraction import Reference as Printed
from tests import make
from tests.ingest_site.paper_pdf import paper_pdf
from tests.ingest_site.sources import ATOM
from tests.ingest_site.test_pipeline import reads_as

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asked")]
Account = Callable[..., User]
INVENTED = """@article{evil, title={A Wholly Invented Gate}, author={Nobody Atall and Eve Else},
 year={2024}, journal={Journal of Inventions}, abstract={BUY PILLS}, doi={10.66666/evil.0}}"""


def paste(text: str, by: User, **more: Any) -> list[dict[str, Any]]:
    return apply_batch(make_batch(text, by=by), by=by, **more)


def sent(text: str, by: User) -> WaitingWork:
    (row,) = paste(text, by)
    return WaitingWork.objects.get(pk=row["waiting"])


def upload(by: User | None, licence: str = "", **fields: Any) -> Document:
    content = paper_pdf(str(fields.get("title", "Gates")))
    document = receive(io.BytesIO(content), name="a.pdf", by=by, licence=licence).document
    pipeline.ingest(document.pk, read=reads_as(**fields))
    document.refresh_from_db()
    return document


def test_what_a_member_pastes_waits_and_makes_no_paper_person_or_venue(ada: User) -> None:
    (row,) = paste(INVENTED, ada)

    assert (row["effect"], row["key"]) == ("waiting", "")
    assert not Paper.objects.exists()
    assert not Person.objects.exists()
    assert not Venue.objects.exists()
    work = WaitingWork.objects.get()
    assert (work.by, work.state, work.title) == (ada, "waiting", "A Wholly Invented Gate")


def test_pasting_it_again_is_one_waiting_work_and_refused_words_stay_refused(
    ada: User, cam: User
) -> None:
    work = sent(INVENTED, ada)
    assert sent(INVENTED, ada) == work

    waiting.refuse(work, by=cam, reason="Invented.")

    assert sent(INVENTED, ada).state == "refused"


def test_what_a_member_sends_changes_no_public_record_and_gaps_become_a_correction(
    ada: User, cam: User
) -> None:
    paper = make.paper("A Gate That Is Here", authors=["Ada Example"], year=2020, abstract="")
    entry = """@article{e, title={A Gate That Is Here}, author={Ada Example}, year={2021},
      abstract={BUY PILLS}, doi={10.66666/evil.0}}"""

    (row,) = paste(entry, ada)

    paper.refresh_from_db()
    assert (paper.doi, paper.abstract, paper.year) == (None, "", 2020)
    assert (row["effect"], sorted(row["offered"])) == ("offered", ["abstract", "doi"])
    correction = Correction.objects.get()
    assert (correction.author, correction.proposed) == (
        ada,
        {"abstract": "BUY PILLS", "doi": "10.66666/evil.0"},
    )
    assert [conflict.field for conflict in Conflict.objects.all()] == ["year"]
    paste(entry, ada)
    assert Correction.objects.count() == 1
    corrections.accept(correction, by=cam, seen=seen_of(rows_of(correction)))
    paper.refresh_from_db()
    assert paper.doi == "10.66666/evil.0"


def test_doubts_about_a_public_record_are_not_taken_away_by_a_member(ada: User) -> None:
    paper = make.paper("A Doubtful Gate", authors=["Ada Example"], unconfirmed=["title", "authors"])

    paste("@misc{e, title={A Doubtful Gate}, author={Ada Example}, year={2018}}", ada)

    paper.refresh_from_db()
    assert paper.unconfirmed == ["title", "authors"]


def test_curators_and_the_operator_are_public_at_once(cam: User) -> None:
    (row,) = paste(INVENTED, cam)

    assert (row["effect"], row["key"]) == ("new", "atall2024wholly")
    assert not WaitingWork.objects.exists()


def test_what_arxiv_says_of_an_id_is_public_at_once(ada: User, answer: Callable[..., None]) -> None:
    answer("export.arxiv.org", ATOM)

    (row,) = paste("2301.01234", ada)

    assert (row["effect"], row["key"]) == ("new", "muster2023sleeping")


def test_a_pasted_entry_whose_arxiv_id_agrees_is_public_as_arxiv_says(
    ada: User, answer: Callable[..., None]
) -> None:
    answer("export.arxiv.org", ATOM)
    entry = """@misc{e, title={Sleeping Layers That Wake for Hard Inputs}, author={Chen Muster},
      eprint={2301.01234}, archiveprefix={arXiv}, year={2022}, abstract={BUY PILLS}}"""
    work = sent(entry, ada)
    assert not Paper.objects.exists()

    assert confirming.check(work.pk) == "arXiv 2301.01234"

    work.refresh_from_db()
    paper = Paper.objects.get()
    assert (work.state, work.paper, work.confirmed_by) == ("accepted", paper, "arXiv 2301.01234")
    assert (paper.year, paper.abstract) == (2023, "Layers sleep until an input needs them.")
    assert confirming.check(work.pk) == ""


def test_a_pasted_entry_whose_arxiv_id_is_of_another_work_waits_with_the_evidence(
    ada: User, answer: Callable[..., None]
) -> None:
    answer("export.arxiv.org", ATOM)
    entry = """@misc{e, title={A Gate About Something Else}, author={Nobody Atall},
      eprint={2301.01234}, archiveprefix={arXiv}, year={2023}}"""
    work = sent(entry, ada)

    assert confirming.check(work.pk) == ""

    work.refresh_from_db()
    assert not Paper.objects.exists()
    assert work.state == "waiting"
    (said,) = work.evidence
    assert said["title"] == "Sleeping Layers That Wake for Hard Inputs"


def test_a_work_that_a_public_paper_cites_is_confirmed_by_it_and_the_rest_is_a_correction(
    ada: User, cam: User
) -> None:
    upload(
        None,
        title="A Paper That Cites",
        references=[
            Printed(
                raw="r", title="A Wholly Invented Gate", authors=["N. Atall", "E. Else"], year=2024
            )
        ],
    )
    work = sent(INVENTED, ada)

    confirming.check(work.pk)

    paper = Paper.objects.get(title="A Wholly Invented Gate")
    assert (paper.doi, paper.abstract, paper.year) == (None, "", 2024)
    assert Reference.objects.get().cited == paper
    assert Correction.objects.get().proposed == {
        "abstract": "BUY PILLS",
        "doi": "10.66666/evil.0",
    }


def test_the_senders_own_pdf_and_another_account_are_no_second_source(
    ada: User, account: Account
) -> None:
    eve = account("eve")
    work = sent(INVENTED, ada)
    other = sent(INVENTED, eve)
    upload(eve, references=[Printed(raw="r", title=work.title, authors=["N. Atall", "E. Else"])])

    confirming.check(work.pk)
    confirming.check(other.pk)

    assert not Paper.objects.exists()
    assert work.pk != other.pk
    assert list(WaitingWork.objects.visible_to(eve).filter(pk=work.pk)) == []


def test_a_members_pdf_waits_with_its_references_until_a_curator_accepts_it(
    ada: User, cam: User
) -> None:
    cited = make.paper("Something Cited Here", authors=["Gao Huang"])
    document = upload(ada, references=[Printed(raw="r", title="Something Cited Here", year=2018)])

    assert (document.state, document.effect, document.paper) == ("done", "waiting", None)
    assert Paper.objects.get() == cited
    assert not Reference.objects.exists()
    work = WaitingWork.objects.get()

    paper = waiting.accept(work, by=cam)

    document.refresh_from_db()
    assert (document.paper, document.effect) == (paper, "new")
    assert [row.cited for row in paper.references.all()] == [cited]
    assert (work.state, work.decided_by, work.paper) == ("accepted", cam, paper)


def test_a_members_pdf_of_a_public_paper_brings_nothing_before_it_is_accepted(
    ada: User, cam: User
) -> None:
    paper = make.paper("Gates That Know When to Stop", authors=["Ada Example", "Ben Test"])

    document = upload(ada, references=[Printed(raw="made up")])

    assert (document.paper, document.effect) == (paper, "offered")
    assert not Reference.objects.exists()
    work = WaitingWork.objects.get()
    assert work.adds_to == paper
    waiting.accept(work, by=cam)
    assert [row.raw for row in paper.references.all()] == ["made up"]
    waiting.undo(work, by=cam)
    assert not Reference.objects.exists()


def test_a_file_that_a_curator_sends_as_well_is_public(ada: User, cam: User) -> None:
    document = upload(ada)
    assert document.paper is None

    upload(cam)

    document.refresh_from_db()
    assert document.paper == Paper.objects.get()
    assert WaitingWork.objects.get().state == "accepted"


def test_undoing_an_acceptance_hides_the_paper_and_lets_the_work_wait(ada: User, cam: User) -> None:
    work = sent(INVENTED, ada)
    paper = waiting.accept(work, by=cam)

    waiting.undo(work, by=cam)

    paper.refresh_from_db()
    assert (paper.state, work.state, work.decided_by) == ("hidden", "waiting", None)
    assert not Person.objects.visible_to(None).exists()
    confirming.check(work.pk)
    paper.refresh_from_db()
    assert paper.state == "hidden"
    assert waiting.accept(work, by=cam) == paper
    paper.refresh_from_db()
    assert paper.state == "public"


def test_undoing_a_merge_sets_back_what_it_wrote_and_keeps_what_changed_since(
    ada: User, cam: User
) -> None:
    paper = make.paper("Another Gate", authors=["Ada Example"], abstract="", doi=None)
    work = sent(INVENTED, ada)
    waiting.accept(work, by=cam, into=paper)
    paper.refresh_from_db()
    assert (paper.abstract, paper.doi) == ("BUY PILLS", "10.66666/evil.0")
    Paper.objects.filter(pk=paper.pk).update(abstract="A curator's words.")

    waiting.undo(work, by=cam)

    paper.refresh_from_db()
    assert (paper.abstract, paper.doi, paper.state) == ("A curator's words.", None, "public")


def test_a_queue_that_is_behind_is_told_of_each_sender_once(
    ada: User, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    senders = [ada, ada, ada, account("bea")]
    works = [
        sent(INVENTED.replace("Gate}", f"Gate {n}}}").replace("evil.0", f"evil.{n}"), by)
        for n, by in enumerate(senders)
    ]
    long_ago = timezone.now() - 2 * confirming.FORGOTTEN
    WaitingWork.objects.update(checked_at=None, sent_at=long_ago)
    told: list[int] = []
    monkeypatch.setattr(confirming, "tell", lambda task, work: told.append(work))

    assert confirming.ask_again() == len(works)

    assert {WaitingWork.objects.get(pk=pk).by for pk in told} == set(senders)
    assert len(told) == 2
    assert [confirming.check_some(pk) for pk in told] == [3, 1]


def test_of_two_decisions_one_wins_and_the_other_is_told_who_was_first(
    ada: User, cam: User, account: Account
) -> None:
    work = sent(INVENTED, ada)
    waiting.refuse(work, by=cam, reason="Invented.")

    with pytest.raises(waiting.NotPossible, match="cam was first: it is refused"):
        waiting.accept(work, by=account("kim", "curate"))
    with pytest.raises(waiting.NotPossible):
        waiting.refuse(work, by=ada, reason="mine")
    assert not Paper.objects.exists()


def test_taking_back_ones_own_leaves_it_to_others_who_sent_the_same_file(
    ada: User, account: Account
) -> None:
    eve = account("eve")
    work = sent(INVENTED, ada)
    waiting.withdraw(work, by=ada)
    assert work.state == "withdrawn"
    upload(ada)
    upload(eve)
    shared = WaitingWork.objects.get(state="waiting")

    waiting.withdraw(shared, by=ada)

    assert (shared.state, shared.by) == ("waiting", eve)


def test_closing_an_account_takes_its_waiting_works_back(ada: User) -> None:
    work = sent(INVENTED, ada)

    close_account(ada, typed_name="ada")

    work.refresh_from_db()
    assert work.state == "withdrawn"


def test_a_hidden_record_is_not_told_by_an_import_of_the_same_work(
    ada: User, answer: Callable[..., None]
) -> None:
    answer("export.arxiv.org", ATOM)
    make.paper(
        "Sleeping Layers That Wake for Hard Inputs",
        authors=["Chen Muster"],
        arxiv="2301.01234",
        doi="10.1234/sleep.1",
        state="hidden",
        key="secretkey",
    )
    batch = make_batch("2301.01234", by=ada)

    (preview,) = previews(batch)
    (row,) = apply_batch(batch, by=ada)

    assert preview.is_new
    assert not any(line.note for line in preview.rows)
    assert (row["effect"], row["key"]) == ("waiting", "")
    assert Paper.objects.get().state == "hidden"
