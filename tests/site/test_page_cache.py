"""Answers kept for readers without an account: never stale, nothing personal, 304 at once."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from kb.site import public_changes
from kb.site.page_cache import Kept
from papers.models import Document, Paper
from tests import make

NONCE = re.compile(rb'nonce="([^"]+)"')


@pytest.fixture
def paper(transactional_db: None, settings: Any) -> Paper:
    settings.KB_PAGE_CACHE_SECONDS = 60
    made = make.paper("Skip RNN", key="skip2018", authors=["Gao Huang"])
    make.review(made, signed=False)
    call_command("index", verbosity=0)
    return made


def queries_of(client: Client, address: str, **asked: Any) -> tuple[Any, int]:
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address, **asked)
    return response, len(queries)


@pytest.mark.parametrize("address", ["/papers/skip2018/", "/", "/api/v1/papers/skip2018/"])
def test_the_second_reader_costs_one_query_and_gets_the_same(paper: Paper, address: str) -> None:
    plain = Client().get(address, headers={"X-Other": "1"})
    first, _ = queries_of(Client(), address)
    second, cost = queries_of(Client(), address)

    assert cost == 1
    blank = [NONCE.sub(b"", response.content) for response in (plain, first, second)]
    assert blank[0] == blank[1] == blank[2]
    assert second.headers["Content-Type"] == first.headers["Content-Type"]


@pytest.mark.parametrize("address", ["/papers/skip2018/", "/papers/", "/api/v1/papers/skip2018/"])
def test_a_head_has_the_headers_of_the_get_and_keeps_nothing(paper: Paper, address: str) -> None:
    told_first = Client().head(address).headers["ETag"]
    answer = Client().get(address)
    told = Client().head(address)

    assert answer.content
    assert (told_first, told.headers["ETag"]) == (answer.headers["ETag"],) * 2
    assert told.content == b""
    assert Client().head(address, headers={"If-None-Match": told_first}).status_code == 304


def test_a_nonce_is_drawn_for_each_reader_and_agrees_with_the_policy(paper: Paper) -> None:
    answers = [Client().get("/papers/skip2018/") for _ in range(3)]
    nonces = [set(NONCE.findall(answer.content)) for answer in answers]

    assert all(len(drawn) == 1 for drawn in nonces)
    assert len(set.union(*nonces)) == 3
    for answer, drawn in zip(answers, nonces, strict=True):
        assert f"'nonce-{drawn.pop().decode()}'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/papers/skip2018/", "/api/v1/papers/skip2018/"])
def test_who_has_it_is_told_so_before_any_work(paper: Paper, address: str) -> None:
    etag = Client().get(address).headers["ETag"]
    response, cost = queries_of(Client(), address, headers={"If-None-Match": etag})

    assert (response.status_code, cost, response.content) == (304, 1, b"")
    cache.clear()
    assert Client().get(address, headers={"If-None-Match": etag}).status_code == 304


def test_every_change_that_readers_see_shows_at_once(paper: Paper) -> None:
    client = Client()
    assert b"Skip RNN" in client.get("/papers/skip2018/").content

    Paper.objects.filter(pk=paper.pk).update(title="Skipping states")

    assert b"Skipping states" in client.get("/papers/skip2018/").content
    with connection.cursor() as cursor:
        cursor.execute("UPDATE papers_paper SET title = 'By hand'")
    assert b"By hand" in client.get("/papers/skip2018/").content


def test_what_nobody_sees_changes_no_state(paper: Paper) -> None:
    job = Document.objects.create(sha256="0" * 64, size_bytes=1, name="a.pdf", state="queued")
    before = public_changes.state()

    Paper.objects.filter(pk=0).update(title="Nobody")
    Document.objects.filter(pk=job.pk).update(attempts=3, worker="here")
    User.objects.update(last_login=None)
    make.review(paper, state="draft").draft.save()
    assert public_changes.state() != before  # a draft is a row of a table with public ones

    before = public_changes.state()
    Document.objects.filter(pk=job.pk).update(attempts=4)
    assert public_changes.state() == before
    Document.objects.filter(pk=job.pk).update(state="done")
    assert public_changes.state() != before


def test_forgetting_old_changes_makes_a_state_that_never_was(paper: Paper) -> None:
    states = {public_changes.state()}
    for title in ("One", "Two", "Three"):
        Paper.objects.filter(pk=paper.pk).update(title=title)
        states.add(public_changes.state())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE public_change SET at = at - interval '1 day'")

    assert public_changes.forget_old() > 2
    assert public_changes.state() not in states


def test_nothing_personal_is_kept(paper: Paper, monkeypatch: Any) -> None:
    kept: list[Kept] = []
    monkeypatch.setattr(
        "kb.site.page_cache.cache.set", lambda key, made, seconds: kept.append(made)
    )
    mia = make.member("mia-canary")
    member = Client()
    member.force_login(mia)

    member.get("/papers/skip2018/")
    Client().get("/accounts/login/")
    Client().get("/papers/skip2018/", headers={"Authorization": "Bearer x"})
    assert kept == []
    answer = Client().get("/papers/skip2018/")
    Client().get("/api/v1/papers/")

    assert len(kept) == 2 and not answer.cookies
    for made in kept:
        assert b"csrf" not in made.body.lower() and b"canary" not in made.body
        assert not {"Set-Cookie", "RateLimit"} & set(dict(made.headers))
        assert not set(NONCE.findall(made.body)) & set(NONCE.findall(answer.content))


def test_another_theme_is_another_answer(paper: Paper) -> None:
    dark = Client()
    dark.cookies["theme"] = "dark"

    Client().get("/papers/skip2018/")

    assert b'data-theme="dark"' in dark.get("/papers/skip2018/").content
    assert b'data-theme="auto"' in Client().get("/papers/skip2018/").content
