"""Pages of what waits: the sender's list, the curators' desk, and the API beside them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from papers.ingest.candidate import Candidate
from papers.ingest.trust import hold
from papers.models import Paper, WaitingWork
from tests import make
from tests.ingest_site.test_waiting import upload
from tests.markup import flat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asked")]
Account = Callable[..., User]


def waiting(by: User, title: str = "A Gate That Waits", **more: object) -> WaitingWork:
    candidate = Candidate(
        title, "bibtex", "BibTeX e", ("Ada Example",), year=2024, abstract="It waits.", **more
    )
    return hold(candidate, by=by)


def page(client: Client, address: str) -> str:
    return flat(client.get(address).content.decode())


def test_a_sender_sees_what_waits_and_why_something_was_refused_and_others_see_nothing(
    client: Client, ada: User, cam: User, account: Account
) -> None:
    work, other = waiting(ada), waiting(ada, "A Refused Gate")
    client.force_login(cam)
    client.post(f"/waiting/{other.pk}/decide", {"decision": "refuse", "words": "Invented."})

    client.force_login(ada)
    assert "A Gate That Waits" in page(client, "/waiting/")
    assert "1 work of yours was decided since you last looked" in page(client, "/waiting/")
    assert "Invented." in page(client, "/waiting/?state=refused")
    assert "A Gate That Waits" in page(client, "/waiting/?q=example+waits")
    assert "A Gate That Waits" not in page(client, "/waiting/?q=elsewhere")
    client.post("/waiting/seen")
    assert "since you last looked" not in page(client, "/waiting/")
    client.force_login(account("eve"))
    assert client.get(f"/waiting/{work.pk}/").status_code == 404
    assert client.post(f"/waiting/{work.pk}/withdraw").status_code == 404
    assert client.post(f"/waiting/{work.pk}/decide", {"decision": "accept"}).status_code == 403
    assert client.get("/waiting/desk/").status_code == 403
    client.logout()
    assert client.get(f"/waiting/{work.pk}/").status_code == 302
    assert not Paper.objects.exists()


def test_the_desk_shows_sent_and_here_side_by_side_and_every_kind_of_decision_works(
    client: Client, ada: User, cam: User
) -> None:
    here = make.paper("A Gate That Is Here", key="here2018", authors=["Ada Example"], abstract="")
    new, same, wrong = waiting(ada), waiting(ada, "Something Else"), waiting(ada, "Spam")
    WaitingWork.objects.filter(pk=same.pk).update(may_be=here, may_be_reason="the same title")
    client.force_login(cam)

    html = page(client, "/waiting/desk/")
    assert "May be <a" in html
    assert "It waits." in html
    client.post(f"/waiting/{new.pk}/decide", {"decision": "accept"})
    refused = client.post(f"/waiting/{same.pk}/decide", {"decision": "accept"}, follow=True)
    assert "Say whether it is the paper that is here" in refused.content.decode()
    client.post(f"/waiting/{same.pk}/decide", {"decision": "merge"})
    client.post(f"/waiting/{wrong.pk}/decide", {"decision": "refuse", "reason": "It is spam."})

    states = dict(WaitingWork.objects.values_list("title", "state"))
    assert states == {
        "A Gate That Waits": "accepted",
        "Something Else": "accepted",
        "Spam": "refused",
    }
    here.refresh_from_db()
    assert here.abstract == "It waits."
    assert client.get(Paper.objects.get(title="A Gate That Waits").get_absolute_url()).status_code
    assert "Undo" in page(client, "/waiting/desk/")
    client.post(f"/waiting/{wrong.pk}/undo")
    assert "Spam" in page(client, "/waiting/desk/")


def test_a_paper_that_is_typed_is_the_one_it_is_merged_with(
    client: Client, ada: User, cam: User
) -> None:
    here = make.paper("Elsewhere Named", key="here2018", authors=["Bo Zweite"], abstract="")
    work = waiting(ada)
    client.force_login(cam)

    decide = f"/waiting/{work.pk}/decide"
    answer = client.post(decide, {"decision": "merge", "into": "nowhere"}, follow=True)
    assert "There is no public paper “nowhere” here." in answer.content.decode()
    client.post(decide, {"decision": "merge", "into": "https://x.org/papers/here2018/"})

    here.refresh_from_db()
    assert here.abstract == "It waits."


def test_what_is_ticked_is_decided_and_what_needs_a_word_is_left(
    client: Client, ada: User, cam: User
) -> None:
    here = make.paper("A Gate That Is Here", authors=["Ada Example"])
    works = [waiting(ada, f"Gate {number}") for number in range(3)]
    WaitingWork.objects.filter(pk=works[2].pk).update(may_be=here)
    client.force_login(cam)

    ticked = {"decision": "accept", "work": [work.pk for work in works]}
    answer = client.post("/waiting/desk/decide", ticked, follow=True)

    html = answer.content.decode()
    assert "2 works decided." in html
    assert "“Gate 2” was left" in html
    assert WaitingWork.objects.waiting().get() == works[2]


def test_a_key_press_gets_a_fragment_with_undo(client: Client, ada: User, cam: User) -> None:
    work = waiting(ada)
    client.force_login(cam)
    headers = {"HX-Request": "true"}

    done = client.post(f"/waiting/{work.pk}/decide", {"decision": "accept"}, headers=headers)
    again = client.post(f"/waiting/{work.pk}/decide", {"decision": "accept"}, headers=headers)
    back = client.post(f"/waiting/{work.pk}/undo", headers=headers)

    assert f"/waiting/{work.pk}/undo" in done.content.decode()
    assert "cam was first" in again.content.decode()
    assert f"/waiting/{work.pk}/decide" in back.content.decode()


def test_the_desk_takes_as_many_queries_for_one_work_as_for_many(
    client: Client, ada: User, cam: User, django_assert_max_num_queries: Callable[..., object]
) -> None:
    here = make.paper("A Gate That Is Here", authors=["Ada Example"])
    upload(ada)
    for number in range(12):
        waiting(ada, f"Gate {number}")
    WaitingWork.objects.update(may_be=here)
    client.force_login(cam)

    with django_assert_max_num_queries(16):
        assert client.get("/waiting/desk/").status_code == 200


def test_an_import_tells_that_its_new_works_wait_and_a_search_finds_them_nowhere(
    client: Client, ada: User
) -> None:
    client.force_login(ada)
    entry = "@misc{a, title={A Quiet Lamp That Waits}, author={Anna Erste}, year={2020}}"

    shown = client.post("/import/", {"asked": entry}, follow=True).content.decode()
    assert "not public until another source or a curator confirms it" in flat(shown)
    batch = ada.imports.get()
    client.post(f"/import/{batch.pk}/apply", {"work": "0"})

    assert "wait" in page(client, f"/import/{batch.pk}/")
    for address in ("/papers/?q=quiet+lamp", "/people/?q=Erste", "/api/v1/papers/?q=quiet+lamp"):
        assert "A Quiet Lamp That Waits" not in client.get(address).content.decode()


def test_the_api_lists_ones_own_and_lets_curators_decide(
    client: Client, ada: User, cam: User, account: Account
) -> None:
    work = waiting(ada, arxiv="2301.01234")
    address = f"/api/v1/waiting/{work.pk}/"

    assert client.get("/api/v1/waiting/").status_code in (401, 403)
    client.force_login(account("eve"))
    assert client.get("/api/v1/waiting/").json()["results"] == []
    assert client.get(address).status_code == 404
    client.force_login(ada)
    (row,) = client.get("/api/v1/waiting/?state=waiting&q=waits").json()["results"]
    assert (row["title"], row["arxiv"], row["paper"]) == ("A Gate That Waits", "2301.01234", None)
    decide = {"path": f"{address}decision/", "content_type": "application/json"}
    assert client.post(data={"decision": "accept"}, **decide).status_code == 403
    client.force_login(cam)
    assert client.post(data={"decision": "refuse"}, **decide).status_code == 409
    accepted = client.post(data={"decision": "accept"}, **decide).json()
    assert (accepted["state"], accepted["decided_by"]) == ("accepted", "curator")
    assert accepted["paper"] == Paper.objects.get().key
    assert client.post(data={"decision": "undo"}, **decide).json()["state"] == "waiting"
    client.force_login(ada)
    assert client.delete(address).status_code == 204
    assert client.get(address).json()["state"] == "withdrawn"
