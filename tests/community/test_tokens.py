"""Tokens of the API: what they open, how far they reach, when they end."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from accounts.models import ApiToken, IdempotencyKey
from accounts.permissions import SCOPES
from accounts.roles import NotPossible, is_admin, is_curator, is_moderator
from accounts.tokens import make_token, revoke_token
from community.models import PersonClaim
from kb.api.machinery import idempotency
from papers.models import Paper
from tests import make
from tests.community.test_moderation import user

pytestmark = pytest.mark.django_db


def bearer(by: Any, *scopes: str) -> dict[str, str]:
    """Headers of a new token."""
    _, text = make_token(by, name="test", scopes=scopes or ("read", "contribute"), days=30)
    return {"Authorization": f"Bearer {text}"}


def post(path: str, body: Any, headers: dict[str, str]) -> Any:
    sent = Client(enforce_csrf_checks=True, raise_request_exception=False)
    return sent.post(f"/api/v1/{path}", body, content_type="application/json", headers=headers)


def get(path: str, headers: dict[str, str]) -> Any:
    return Client().get(f"/api/v1/{path}", headers=headers)


def test_only_a_digest_of_the_secret_is_kept() -> None:
    token, text = make_token(user("mia"), name="script", scopes=["read"], days=7)

    stored = [str(value) for value in ApiToken.objects.values().get().values()]

    secret = text.removeprefix(f"lsv_{token.prefix}_")
    assert len(secret) == 43  # 256 bits in base64
    assert not [value for value in stored if secret in value]


def test_a_token_speaks_for_its_owner_and_its_use_is_noted() -> None:
    headers = bearer(user("mia"), "read")

    answer = get("me/", headers)

    assert answer.json() == {
        "username": "mia",
        "role": "member",
        "scopes": ["read"],
        "person": None,
    }
    assert ApiToken.objects.get().last_used_at is not None


@pytest.mark.parametrize("ending", ["revoked", "expired", "closed", "altered"])
def test_a_token_that_ended_opens_nothing(ending: str) -> None:
    mia = user("mia")
    token, text = make_token(mia, name="script", scopes=["read"], days=7)
    if ending == "revoked":
        revoke_token(token, by=mia)
    elif ending == "expired":
        ApiToken.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif ending == "closed":
        mia.is_active = False
        mia.save()
    else:
        text += "x"

    answer = get("me/", {"Authorization": f"Bearer {text}"})

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_whoever_is_unknown_is_told_how_to_become_known() -> None:
    answer = get("tokens/", {})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_scope_beyond_the_role_cannot_be_had() -> None:
    for scope in ("curate", "moderate", "admin"):
        with pytest.raises(NotPossible, match="role"):
            make_token(user(f"mia-{scope}"), name="x", scopes=["read", scope], days=30)


ROLES: dict[str, tuple[str, ...]] = {
    "member": (),
    "curator": ("curators",),
    "moderator": ("moderators",),
    "admin": (),
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("scope", SCOPES)
def test_power_needs_the_role_and_the_scope(role: str, scope: str) -> None:
    """The whole matrix: what a token may is what its scope and its owner's role share."""
    who = user(role, *ROLES[role], is_staff=role == "admin", is_superuser=role == "admin")
    limited = type(who).objects.get(pk=who.pk).limited_to([scope])

    whole = (scope, role) == ("admin", "admin")
    curates = scope == "curate" and role in ("curator", "admin")
    moderates = scope == "moderate" and role in ("moderator", "admin")
    assert is_curator(limited) == (curates or whole)
    assert is_moderator(limited) == (moderates or whole)
    assert is_admin(limited) == whole
    assert limited.has_perm("papers.delete_paper") == whole


def test_a_role_that_was_lost_takes_its_scopes_along() -> None:
    cam = user("cam", "curators")
    limited = type(cam).objects.get(pk=cam.pk).limited_to(["curate"])
    had = is_curator(limited)
    cam.groups.clear()

    assert had
    assert not is_curator(type(cam).objects.get(pk=cam.pk).limited_to(["curate"]))


def test_an_account_limited_to_a_token_is_never_saved() -> None:
    with pytest.raises(RuntimeError):
        user("ada", is_staff=True).limited_to(["read"]).save()


def test_an_admins_reading_token_sees_no_hidden_paper() -> None:
    ada = user("ada", is_staff=True)
    make.paper("Seen", key="seen")
    make.paper("Hidden", key="hidden", state=Paper.State.HIDDEN)

    assert get("papers/hidden/", bearer(ada, "read")).status_code == 404
    assert get("papers/hidden/", bearer(ada, "read", "admin")).status_code == 200


def api_addresses() -> list[str]:
    """Every address of the API, with some number or word in its blanks."""
    routes = [str(pattern.pattern) for pattern in get_resolver("kb.api.urls").url_patterns]
    known = [route for route in routes if not route.startswith("^") and route != "docs/"]
    numbered = [re.sub(r"<uuid:[^>]+>", str(uuid.UUID(int=1)), route) for route in known]
    return [re.sub(r"<[^>]+>", "1", route) for route in numbered]


@pytest.mark.parametrize("address", api_addresses())
def test_a_reading_token_changes_nothing_anywhere(address: str) -> None:
    headers = bearer(user("ada", is_staff=True), "read")

    for method in ("post", "put", "patch", "delete"):
        sent = getattr(Client(), method)
        answer = sent(f"/api/v1/{address}", "{}", content_type="application/json", headers=headers)
        assert answer.status_code in (403, 405), (method, answer.content)


def test_a_token_without_read_reads_nothing() -> None:
    answer = get("tokens/", bearer(user("mia"), "contribute"))

    assert answer.status_code == 403
    assert 'scope="read"' in answer.headers["WWW-Authenticate"]


def test_sessions_still_need_the_csrf_token_and_bearers_do_not() -> None:
    mia = user("mia")
    make.person("Gao Huang")
    session = Client(enforce_csrf_checks=True)
    session.force_login(mia)
    body = {"person": "gao-huang"}

    forged = session.post("/api/v1/claims/", body, content_type="application/json")
    honest = post("claims/", body, bearer(mia))

    assert (forged.status_code, honest.status_code) == (403, 201)


def test_tokens_are_listed_without_secrets_and_revoked_by_their_owner_alone() -> None:
    mia, eve = user("mia"), user("eve")
    token, text = make_token(mia, name="script", scopes=["read"], days=7)
    client, thief = Client(), Client()
    client.force_login(mia)
    thief.force_login(eve)

    stolen = thief.delete(f"/api/v1/tokens/{token.prefix}/")
    listed = client.get("/api/v1/tokens/").content.decode()
    revoked = client.delete(f"/api/v1/tokens/{token.prefix}/")

    assert (stolen.status_code, revoked.status_code) == (404, 204)
    assert token.prefix in listed
    assert text not in listed
    assert token.secret_sha256 not in listed
    assert get("me/", {"Authorization": f"Bearer {text}"}).status_code == 401


def test_no_token_makes_a_token() -> None:
    ada = user("ada", is_staff=True)

    answer = post("tokens/", {"name": "x"}, bearer(ada, *SCOPES))

    assert answer.status_code == 405


# --- Idempotency-Key ---


def test_a_repeated_post_is_answered_as_the_first_was() -> None:
    make.person("Gao Huang")
    headers = bearer(user("mia")) | {"Idempotency-Key": "k1"}

    first, second = (post("claims/", {"person": "gao-huang"}, headers) for _ in range(2))

    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second.headers["Location"] == first.headers["Location"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert PersonClaim.objects.count() == 1


def test_the_key_belongs_to_one_body_and_to_one_member() -> None:
    make.person("Gao Huang")
    make.person("Le Yang")
    key = {"Idempotency-Key": "k1"}
    mia, eve = bearer(user("mia")) | key, bearer(user("eve")) | key
    post("claims/", {"person": "gao-huang"}, mia)

    other_body = post("claims/", {"person": "le-yang"}, mia)
    other_member = post("claims/", {"person": "le-yang"}, eve)

    assert (other_body.status_code, other_member.status_code) == (422, 201)
    assert other_body.json()["detail"].startswith("This Idempotency-Key")


def test_a_refusal_is_not_kept_and_its_key_can_be_used_again() -> None:
    headers = bearer(user("mia")) | {"Idempotency-Key": "k1"}

    refused = post("claims/", {"person": "gao-huang"}, headers)
    make.person("Gao Huang")
    done = post("claims/", {"person": "gao-huang"}, headers)

    assert (refused.status_code, done.status_code) == (400, 201)


def test_a_day_later_the_key_is_free() -> None:
    make.person("Gao Huang")
    make.person("Le Yang")
    headers = bearer(user("mia")) | {"Idempotency-Key": "k1"}
    post("claims/", {"person": "gao-huang"}, headers)
    IdempotencyKey.objects.update(made_at=timezone.now() - timedelta(hours=25))

    again = post("claims/", {"person": "le-yang"}, headers)

    assert again.status_code == 409  # a new request, refused for a reason of its own
    assert "one account is one person" in again.json()["detail"]


def test_a_crash_between_act_and_answer_leaves_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    make.person("Gao Huang")
    headers = bearer(user("mia")) | {"Idempotency-Key": "k1"}

    def crash(*args: Any) -> None:
        raise ConnectionError("the machine went away")

    with monkeypatch.context() as patch:
        patch.setattr(idempotency, "_store", crash)
        broken = post("claims/", {"person": "gao-huang"}, headers)
    left = (PersonClaim.objects.count(), IdempotencyKey.objects.count())
    again = post("claims/", {"person": "gao-huang"}, headers)

    assert (broken.status_code, left, again.status_code) == (500, (0, 0), 201)


@pytest.mark.django_db(transaction=True)
def test_while_the_first_is_at_work_the_second_is_told_to_wait() -> None:
    make.person("Gao Huang")
    mia = user("mia")
    headers = bearer(mia) | {"Idempotency-Key": "k1"}
    held, done = threading.Event(), threading.Event()

    def first_request() -> None:
        with idempotency.transaction.atomic():
            idempotency._take_lock(mia.pk, "k1")
            held.set()
            done.wait(300)
        connections.close_all()

    other = threading.Thread(target=first_request)
    other.start()
    held.wait(300)
    meanwhile = post("claims/", {"person": "gao-huang"}, headers)
    done.set()
    other.join()
    later = post("claims/", {"person": "gao-huang"}, headers)

    assert (meanwhile.status_code, meanwhile.headers["Retry-After"]) == (409, "1")
    assert later.status_code == 201
