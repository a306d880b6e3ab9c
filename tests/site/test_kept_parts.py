"""Parts of pages kept for readers without an account: made once, never stale, nobody's own."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from accounts.models import User
from kb.site import kept_parts
from kb.site.kept_parts import Later, Shelf, kept, note_state
from papers.models import Paper
from tests import make

PAGES = (
    *("/", "/papers/skip2018/", "/papers/", "/papers/?q=skip", "/topics/early-exiting/"),
    *("/people/", "/people/?q=huang", "/numbers/", "/zh/numbers/"),
)


@pytest.fixture
def paper(transactional_db: None, settings: Any) -> Paper:
    settings.KB_PAGE_CACHE_SECONDS = 60
    topic = make.topic("early-exiting")
    made = make.paper("Skip RNN", key="skip2018", authors=["Gao Huang"], topics=[topic])
    make.review(made, signed=False)
    call_command("index", verbosity=0)
    return made


def stranger() -> Client:
    """Whole answers are not kept for who brings a cookie of a site beside us; parts are."""
    client = Client()
    client.cookies["of-another-site"] = "1"
    return client


def asked(path: str = "/", **headers: str) -> Any:
    request = RequestFactory().get(path, headers=headers)
    note_state(request)
    return request


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_kept_parts_is_the_page_that_is_made(
    paper: Paper, settings: Any, address: str
) -> None:
    kept_of = [stranger().get(address) for _ in range(2)]
    settings.KB_PAGE_CACHE_SECONDS = 0
    made = stranger().get(address)

    assert made.status_code == 200
    for response in kept_of:
        nonces = [getattr(answer.wsgi_request, "_csp_nonce", None) for answer in (response, made)]
        texts = [
            answer.content.replace(str(nonce).encode(), b"")
            for answer, nonce in zip((response, made), nonces, strict=True)
        ]
        assert texts[0] == texts[1]
        assert set(response.headers) == set(made.headers)
        assert response.headers.get("Vary") == made.headers.get("Vary")


@pytest.mark.parametrize("address", PAGES)
def test_what_is_kept_is_not_read_again(paper: Paper, address: str) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            stranger().get(address)
        return len(queries)

    kept_parts.forget()
    first, second = cost(), cost()
    assert second <= first
    assert second < first or address.startswith("/papers/?") or address == "/papers/"


@pytest.mark.parametrize(
    "address", ["/", "/papers/skip2018/", "/papers/", "/topics/early-exiting/"]
)
def test_a_change_shows_with_the_next_request(paper: Paper, address: str) -> None:
    assert b"Skip RNN" in stranger().get(address).content

    Paper.objects.filter(pk=paper.pk).update(title="Skipping states")

    assert b"Skipping states" in stranger().get(address).content


def test_nothing_is_kept_of_who_has_a_session_or_a_token(paper: Paper) -> None:
    client = Client()
    client.force_login(User.objects.create_user("reader", password="a long enough word"))
    for _ in range(2):
        assert b'name="csrfmiddlewaretoken"' in client.get("/papers/").content
    assert b"csrfmiddlewaretoken" not in stranger().get("/papers/").content

    own = asked(Authorization="Bearer abc")
    made = iter("ab")
    assert [kept(own, "letter", lambda: next(made)) for _ in range(2)] == ["a", "b"]


def test_forms_and_nonces_are_never_kept(paper: Paper) -> None:
    made = iter(('<form csrfmiddlewaretoken="1">', "second", "third"))
    parts = [kept(asked(), "form", lambda: next(made)) for _ in range(3)]
    assert parts == ['<form csrfmiddlewaretoken="1">', "second", "second"]


def test_a_part_is_kept_for_its_language_site_and_what_it_depends_on(paper: Paper) -> None:
    made = iter("abcd")

    def part(path: str = "/", host: str = "testserver", of: str = "x") -> str:
        return kept(asked(path, Host=host), "part", lambda: next(made), of)

    assert [part(), part("/elsewhere/"), part(of="y"), part(host="localhost")] == list("aabc")
    with override("zh-hans"):
        assert [part(), part()] == ["d", "d"]


def test_nothing_is_kept_in_a_transaction_that_may_still_be_undone(paper: Paper) -> None:
    made = iter("abc")
    with transaction.atomic():
        assert kept(asked(), "inside", lambda: next(made)) == "a"
    assert kept(asked(), "inside", lambda: next(made)) == "b"


def test_the_oldest_goes_where_there_is_no_room(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_parts, "_parts", Shelf(1500))
    made = iter(range(10))
    request = asked()

    def part(name: str) -> str:
        return kept(request, name, lambda: f"{next(made)}{'-' * 300}")[0]

    assert [part("a"), part("b"), part("a"), part("c"), part("a")] == ["0", "1", "0", "2", "3"]


def test_what_a_part_needs_is_read_once_and_only_for_it(paper: Paper) -> None:
    read: list[int] = []
    kept_parts.forget()

    def words() -> dict[str, str]:
        read.append(1)
        return {"word": f"word {len(read)}"}

    def page() -> str:
        later = Later(words)
        template = Template(
            '{% keep "one" from later %}{{ word }}{% endkeep %}{{ word }}'
            '{% keep "two" from later %}, {{ word }}{% endkeep %}'
        )
        return template.render(Context({"request": asked(), "later": later}))

    assert page() == page() == "word 1, word 1"
    assert len(read) == 1
