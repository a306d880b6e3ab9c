"""Pages that hold nothing say so in the site's words and lead on."""

from __future__ import annotations

import pytest
from django.test import Client

from kb.pages.nearby import nearby, words_of
from tests import make

pytestmark = pytest.mark.django_db


def test_the_words_of_an_address_are_what_was_looked_for() -> None:
    assert words_of("/topics/Early-exitng/") == ["early", "exitng"]
    assert words_of("/papers/caf%C3%A9-nets") == ["café", "nets"]
    assert words_of("/") == []


def test_a_slip_in_an_address_leads_to_what_is_spelled_nearly_alike(client: Client) -> None:
    topic = make.topic("Early exiting")
    paper = make.paper("Adaptive depth", key="byron2020adaptive")
    person = make.person("Ada Byron")

    slips = {
        "/topics/early-exitng/": topic,
        "/papers/byron2020adaptiv/": paper,
        "/people/ada-bryon/": person,
    }
    for address, meant in slips.items():
        answer = client.get(address)
        assert answer.status_code == 404
        assert f'href="{meant.get_absolute_url()}"' in answer.content.decode(), address


def test_papers_come_near_by_the_words_of_their_titles(client: Client) -> None:
    meant = make.paper("Adaptive depth for transformers", key="a")
    make.paper("Adaptive width", key="b")

    page = client.get("/adaptive-depth").content.decode()

    assert meant.get_absolute_url() in page and "/papers/b/" not in page
    assert 'value="adaptive depth"' in page


def test_hidden_papers_are_not_told_by_addresses_that_come_near() -> None:
    make.paper("Adaptive depth", key="hidden", state="withdrawn")

    assert nearby("/adaptive-depth/", None) == []


def test_any_address_is_answered(client: Client) -> None:
    for address in ("/%00x/", "/(((/", "/people/.*/", "/" + "a" * 3000, "/%F0%9F%A6%8A/"):
        assert client.get(address).status_code == 404


def test_a_form_without_its_token_is_explained() -> None:
    strict = Client(enforce_csrf_checks=True)

    answer = strict.post("/accounts/login/", {"login": "mia"})

    assert answer.status_code == 403
    assert "This form was not sent" in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "address", "allowed"),
    [
        ("post", "/feeds/papers.atom", "GET, HEAD"),
        ("put", "/papers.csv", "GET, HEAD"),
        ("delete", "/", "GET, HEAD"),
        ("patch", "/upload/", "GET, HEAD, POST"),
        ("put", "/lists/add", "POST"),
    ],
)
def test_a_method_that_an_address_does_not_take_is_told_before_the_token(
    method: str, address: str, allowed: str
) -> None:
    answer = getattr(Client(enforce_csrf_checks=True), method)(address)

    assert (answer.status_code, answer["Allow"]) == (405, allowed)


def test_a_view_that_wants_a_password_again_is_not_asked_for_its_methods() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make.member(password="quiet-lamps-of-the-north"))

    assert client.delete("/accounts/2fa/webauthn/keys/1/remove/").status_code in (403, 405)
    assert client.post("/accounts/2fa/webauthn/keys/1/remove/").status_code == 403


@pytest.mark.parametrize("page", ["/documents/", "/tables/new/", "/waiting/desk/"])
def test_who_has_not_signed_in_is_led_to_do_so_and_back(client: Client, page: str) -> None:
    answer = client.get(f"{page}?state=failed")
    assert answer.status_code == 302
    assert answer["Location"] == f"/accounts/login/?next={page}%3Fstate%3Dfailed"

    chinese = client.get(f"/zh{page}")
    assert chinese["Location"] == f"/zh/accounts/login/?next=/zh{page}"


@pytest.mark.parametrize("page", ["/documents/", "/tables/new/"])
def test_who_has_another_role_is_told_so(client: Client, page: str) -> None:
    client.force_login(make.member("mia"))

    answer = client.get(page)

    assert answer.status_code == 403
    assert "Your account may not do this" in answer.content.decode()


def test_a_form_sent_after_the_session_ended_is_kept(client: Client) -> None:
    headers = {"Accept": "text/html", "Referer": "http://testserver/tables/new/"}
    answer = client.post("/tables/new/", {"columns": "what I wrote"}, headers=headers)

    assert answer["Location"] == "/accounts/login/?next=/tables/new/"
    assert client.session["kept_post"]["page"] == "/tables/new/"
    assert "what I wrote" in str(client.session["kept_post"]["texts"])


def test_a_script_and_a_fragment_are_refused_in_place(client: Client) -> None:
    assert client.post("/tables/new/", {"save": "1"}).status_code == 403
    fragment = client.get("/documents/", headers={"HX-Request": "true"})
    assert fragment.status_code == 403
    page = fragment.content.decode()
    assert "This needs an account" in page and "/accounts/login/?next=/documents/" in page
