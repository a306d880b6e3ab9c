"""Sources of every kind, asked over HTTP on this machine, with what goes wrong there."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from papers.importers import fetching
from papers.models import Find, Source, SourceAnswer, SourceVisit
from papers.watch import asking, listed
from papers.watch.protocols import arxiv_query, crossref_venue, dblp_venue
from tests import make
from tests.watch.server import Work
from work import job

pytestmark = pytest.mark.django_db


def works(count: int) -> list[Work]:
    return [
        Work(
            f"Sleeping Layers That Wake, Part {number}",
            arxiv=f"2611.0000{number}",
            doi=f"10.1234/wake.{number}",
            forum=f"AbCdEfGh1{number}",
            updated=f"2026-11-2{number}T10:00:00Z",
        )
        for number in range(1, count + 1)
    ]


KINDS = [
    ("arxiv", "arxiv", "arxiv"),
    ("arxiv-oai", "oai", "arxiv"),
    ("openreview", "notes", "openreview"),
    ("crossref", "crossref", "doi"),
    ("dblp", "dblp", "doi"),
    ("semantic-scholar", "scholar", "arxiv"),
    ("feed", "rss", "arxiv"),
    ("feed", "atom", "arxiv"),
    ("survey", "oai", "arxiv"),
]


@pytest.mark.parametrize(("kind", "path", "identifier"), KINDS)
def test_all_pages_of_each_kind_are_read(
    kind, path, identifier, source, speaker, settings, monkeypatch
) -> None:
    settings.KB_SEMANTIC_SCHOLAR_KEY = "secret"
    monkeypatch.setattr(crossref_venue, "PAGE", 2)
    speaker.works = works(5)
    speaker.page = 2 if path != "atom" else 10
    outcome = asking.ask(source(kind, path).pk)
    assert outcome is not None
    assert (outcome.problem, outcome.fresh, outcome.is_whole) == ("", 5, True)
    finds = Find.objects.order_by("title")
    assert [find.title for find in finds] == [work.title for work in speaker.works]
    assert all(getattr(find, identifier) for find in finds)
    assert {len(find.candidate["authors"]) for find in finds} <= ({2} if path != "rss" else {0})
    now = Source.objects.get()
    assert now.succeeded_at is not None
    assert now.next_at > timezone.now()


@pytest.mark.parametrize(("kind", "path", "identifier"), KINDS)
@pytest.mark.parametrize("fault", ["busy", "error", "html", "half", "cut"])
def test_a_fault_is_named_loses_nothing_and_is_tried_again_later(
    kind, path, identifier, fault, source, speaker, settings, monkeypatch
) -> None:
    settings.KB_SEMANTIC_SCHOLAR_KEY = "secret"
    monkeypatch.setattr(crossref_venue, "PAGE", 2)
    speaker.works, speaker.fault, speaker.good = works(3), fault, 1
    speaker.page = 2 if path != "atom" else 10
    row = source(kind, path)
    first = asking.ask(row.pk)
    if len(speaker.asked) == 1:  # all came at once; the fault meets the next asking
        first = asking.ask(row.pk, at_once=True)
    assert first is not None
    assert first.problem
    kept = Find.objects.count()
    row.refresh_from_db()
    assert (row.state, row.failures, row.problem) == ("waiting", 1, first.problem)
    if fault == "busy":
        assert row.next_at > timezone.now() + dt.timedelta(seconds=7000)
    speaker.fault = ""
    SourceVisit.objects.all().delete()  # as if the time had passed for which it asked to be left
    second = asking.ask(row.pk, at_once=True)
    assert second is not None
    assert (second.problem, Find.objects.count()) == ("", 3)
    assert second.fresh == 3 - kept
    assert [answer.problem for answer in SourceAnswer.objects.all()[:2]] == ["", first.problem]
    row.refresh_from_db()
    assert row.failures == 0


def test_a_silent_and_a_dripping_source_are_left(source, speaker, monkeypatch) -> None:
    row = source("feed", "rss")
    monkeypatch.setattr(fetching, "TIMEOUT_SECONDS", 0.2)
    monkeypatch.setattr(fetching, "LONGEST_SECONDS", 0.1)
    speaker.fault = "silent"
    assert "did not answer" in asking.ask(row.pk).problem
    speaker.fault = "drip"
    assert "too slowly" in asking.ask(row.pk, at_once=True).problem


def test_arxiv_is_read_back_to_what_was_seen_before(source, speaker) -> None:
    speaker.works, speaker.page = works(3), 100
    row = source("arxiv", "arxiv")
    asking.ask(row.pk)
    speaker.asked.clear()
    speaker.works.append(
        Work("A New One That Wakes", arxiv="2611.00009", updated="2026-11-29T00:00:00Z")
    )
    outcome = asking.ask(row.pk, at_once=True)
    assert outcome.fresh == 1
    assert len(speaker.asked) == 1
    row.refresh_from_db()
    assert row.cursor == {"since": "2026-11-29T00:00:00"}


def test_an_empty_page_of_arxiv_is_no_end(source, speaker) -> None:
    speaker.works, speaker.fault = works(2), "empty"
    assert "sent none" in asking.ask(source("arxiv", "arxiv").pk).problem


def test_a_token_that_the_other_side_forgot_begins_the_list_anew(source, speaker) -> None:
    speaker.works, speaker.forgotten = works(3), {"99"}
    row = source("arxiv-oai", "oai", cursor={"from": "2026-11-01", "token": "99", "began": "x"})
    outcome = asking.ask(row.pk)
    assert (outcome.problem, outcome.fresh) == ("", 3)
    row.refresh_from_db()
    assert row.cursor == {"from": "2026-11-29"}
    assert speaker.asked[1][1]["from"] == "2026-11-01"


def test_a_feed_that_did_not_change_is_not_sent_again(source, speaker) -> None:
    speaker.works = works(2)
    row = source("feed", "rss")
    asking.ask(row.pk)
    outcome = asking.ask(row.pk, at_once=True)
    assert (outcome.works, outcome.problem) == (0, "")
    assert speaker.asked[1][2]["If-None-Match"] == '"2"'


def test_a_key_that_is_not_set_is_named_and_nobody_is_asked(source, speaker, settings) -> None:
    settings.KB_SEMANTIC_SCHOLAR_KEY = ""
    assert "KB_SEMANTIC_SCHOLAR_KEY" in asking.ask(source("semantic-scholar", "scholar").pk).problem
    assert speaker.asked == []


def test_two_workers_never_ask_one_source(source, speaker) -> None:
    row = source("feed", "rss")
    free = Source.objects.waiting()
    first = job.lease(free, row.pk, lasting=asking.LEASE, state=Source.State.ASKING)
    assert first is not None
    assert asking.ask(row.pk, at_once=True) is None
    assert speaker.asked == []


def test_what_a_dead_worker_held_is_asked_again_from_its_last_page(
    source, speaker, settings, monkeypatch
) -> None:
    monkeypatch.setattr(crossref_venue, "PAGE", 2)
    speaker.works = works(5)
    row = source("crossref", "crossref")
    leased = job.lease(Source.objects.waiting(), row.pk, lasting=asking.LEASE, state="asking")
    pages = crossref_venue.PROTOCOL.pages
    asker = crossref_venue.PROTOCOL.asker(row.address)
    asking._take(leased, next(iter(pages(asker, "q", {}))), asking.Outcome("x"))
    Source.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    settings.KB_WATCH = True
    monkeypatch.setattr(listed, "read_lists", lambda: 0)
    told: list[int] = []
    monkeypatch.setattr(asking, "tell", lambda task, pk: told.append(pk))
    asking.tell_due()
    assert told == [row.pk]
    outcome = asking.ask(row.pk)
    assert (outcome.fresh, Find.objects.count()) == (3, 5)
    with pytest.raises(job.LeaseLost):  # the dead one comes back
        asking._take(leased, next(iter(pages(asker, "q", {}))), asking.Outcome("x"))


def test_nobody_is_asked_while_watching_is_off(source, settings, monkeypatch) -> None:
    source("feed", "rss")
    monkeypatch.setattr(asking, "tell", lambda task, pk: pytest.fail("told"))
    settings.KB_WATCH = False
    assert asking.tell_due() == 0


def test_a_source_that_is_off_is_not_due(source, settings) -> None:
    row = source("feed", "rss", is_on=False)
    assert not Source.objects.due().exists()
    assert asking.ask(row.pk) is None


def test_pauses_grow_and_end() -> None:
    minutes = [asking.pause(n, 1440).total_seconds() / 60 for n in (1, 2, 3, 20)]
    assert minutes == [5, 10, 20, 1440]
    assert asking.pause(5, 30) == dt.timedelta(minutes=30)
    assert asking.pause(1, 1440, 9000) == dt.timedelta(seconds=9000)


def test_a_long_list_goes_on_soon(source, speaker, monkeypatch) -> None:
    monkeypatch.setattr(asking, "MOST_PAGES", 2)
    monkeypatch.setattr(dblp_venue, "PAGE", 2)
    speaker.works = works(5)
    row = source("dblp", "dblp")
    outcome = asking.ask(row.pk)
    assert (outcome.fresh, outcome.is_whole) == (4, False)
    row.refresh_from_db()
    assert row.next_at < timezone.now() + dt.timedelta(minutes=2)
    assert asking.ask(row.pk, at_once=True).fresh == 1


# --- what is here already ---


def test_a_paper_that_is_here_is_no_find(source, speaker) -> None:
    make.paper("Sleeping Layers That Wake, Part 1", arxiv="2611.00001", year=2026)
    speaker.works = works(2)
    outcome = asking.ask(source("arxiv", "arxiv").pk)
    assert (outcome.known, outcome.fresh) == (1, 1)


def test_one_work_of_two_sources_is_one_find_that_names_both(source, speaker) -> None:
    speaker.works = works(2)
    asking.ask(source("dblp", "dblp").pk)
    outcome = asking.ask(source("arxiv", "arxiv").pk)
    assert outcome.fresh == 0
    find = Find.objects.order_by("title").first()
    assert (find.also, find.arxiv, find.doi) == (["arxiv here"], "2611.00001", "10.1234/wake.1")
    assert find.abstract_licence == arxiv_query.CC0
    assert find.candidate["abstract"] == "Networks leave early."


def test_what_was_refused_never_comes_back(source, speaker) -> None:
    speaker.works = works(2)
    asking.ask(source("dblp", "dblp").pk)
    Find.objects.update(state=Find.State.REFUSED)
    outcome = asking.ask(source("arxiv", "arxiv").pk)  # another source, another identifier
    assert (outcome.fresh, outcome.refused) == (0, 2)
    assert Find.objects.count() == 2


# --- the command and the lists ---


def test_the_command_asks_and_prints_a_line_a_source(source, speaker, monkeypatch) -> None:
    monkeypatch.setattr(listed, "OWN", listed.OWN.with_name("__none__.yaml"))
    monkeypatch.setattr(listed, "read_lists", lambda: 0)
    speaker.works = works(2)
    source("feed", "rss")
    out = StringIO()
    call_command("watch", "--once", "--json", stdout=out)
    row = json.loads(out.getvalue())
    assert (row["source"], row["fresh"], row["problem"]) == ("feed-rss", 2, "")
    out = StringIO()
    call_command("watch", "--once", stdout=out)  # nothing is due any more
    assert out.getvalue() == ""
    speaker.fault, speaker.good = "error", 0
    with pytest.raises(CommandError, match="1 gave no answer"):
        call_command("watch", "--once", "--source", "feed-rss", stdout=StringIO())
    with pytest.raises(CommandError, match="No source is called nothing"):
        call_command("watch", "--once", "--source", "nothing")


def test_the_sites_own_list_is_whole_and_pages_have_the_say(db) -> None:
    made = listed.read_lists()
    assert made == Source.objects.count() > 5
    Source.objects.update(name="Renamed", is_on=False)
    assert listed.read_lists() == 0
    assert set(Source.objects.values_list("name", "is_on")) == {("Renamed", False)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- name: A\n  kind: arxiv\n", "needs a query"),
        ("- name: A\n  kind: gopher\n", "kind is one of"),
        ("- name: A\n  kind: feed\n", "needs an address"),
        ("- name: A\n  kind: feed\n  nmae: b\n", "no field is called nmae"),
        ("name: A", "a list of sources"),
    ],
)
def test_a_bad_list_is_named_with_its_place(text, message, tmp_path, settings) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    settings.KB_WATCH_SOURCES = str(path)
    with pytest.raises(listed.BadList, match=message):
        listed.read_lists()
