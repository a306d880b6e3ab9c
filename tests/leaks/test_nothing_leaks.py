"""No word reaches a reader it is not for: every address, for every role, read and written to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.messages import get_messages
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings

from accounts.models import User
from papers.search.words import reader
from tests.addresses import LEFT_OUT, fill, parameters, routes
from tests.leaks import world as worlds
from tests.leaks.canaries import ROLES, SCRIPT, STRANGER, VISITOR
from tests.leaks.world import World

pytestmark = pytest.mark.django_db

# What the admin shows is for administrators; its addresses are asked for as all others are.
WRITERS = (VISITOR, STRANGER)


@pytest.fixture(scope="module")
def _built(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[World, Path]]:
    """The world with its index, made once: every test is a savepoint of the transaction it is in."""
    index = tmp_path_factory.mktemp("world") / "index"
    with django_db_blocker.unblock(), transaction.atomic():
        world = worlds.build()
        with override_settings(KB_INDEX_DIR=index, KB_SEARCH_FOLLOW="inline"):
            call_command("index", verbosity=0)
        yield world, index
        transaction.set_rollback(True)


@pytest.fixture
def world(_built: tuple[World, Path], db: None, own_index: Path) -> World:
    """The world, and an index of its own, which a test that writes makes follow."""
    built, index = _built
    shutil.copytree(index, own_index)
    reader.forget()
    return built


def client_of(world: World, role: str) -> Client:
    client = Client(raise_request_exception=False)
    if role != VISITOR:
        client.force_login(world.users[role])
    return client


def addresses(world: World) -> list[str]:
    found = [
        address
        for route in routes()
        if not LEFT_OUT.match(route)
        for address in fill(route, world.examples)
        if not address.startswith("/admin/") or "kanari" not in address
    ]
    return [*dict.fromkeys(found), *world.queries]


def everything_said(response: HttpResponse) -> str:
    """Body, headers, cookies and messages of an answer as one text."""
    body = (
        b"".join(response.streaming_content)  # type: ignore[attr-defined]
        if response.streaming
        else response.content
    )
    said = [body.decode("utf-8", "replace"), str(response.headers), str(response.cookies)]
    said += [str(message) for message in get_messages(response.wsgi_request)]  # type: ignore
    return "\n".join(said)


def runs_what_was_written(response: HttpResponse, said: str) -> bool:
    """Whether a page for browsers holds the planted markup as markup."""
    markup = ("html", "xml", "svg")
    return SCRIPT[:10] in said and any(
        kind in response.headers.get("Content-Type", "") for kind in markup
    )


def is_for_whoever_is_signed_in(response: HttpResponse) -> bool:
    """Whether an answer to somebody with an account was made without a look at whose it is.

    Who it is stands in the session alone. Where nothing of the session was read, another account
    is answered by the same steps with the same values.
    """
    session = getattr(response.wsgi_request, "session", None)  # type: ignore[attr-defined]
    return session is not None and not session.accessed


def test_every_address_is_in_the_matrix(world: World) -> None:
    missing = [
        route
        for route in routes()
        if not LEFT_OUT.match(route)
        and not route.startswith("admin/")
        and parameters(route)
        and not fill(route, world.examples)
    ]

    assert missing == [], "give tests/leaks/world.py examples for these"


def test_reading_every_address_tells_no_role_what_it_may_not_know(world: World) -> None:
    """And each word is met by somebody, so that the matrix looks where it should."""
    leaks, broken, met, answers = [], [], set[str](), 0
    of_all: dict[str, str] = {}
    for role in ROLES:
        client = client_of(world, role)
        for address in addresses(world):
            if role != VISITOR and address in of_all:
                leaks += [f"{role} {address}: {p}" for p in world.cage.met(role, of_all[address])]
                continue
            response = client.get(address)
            said = everything_said(response)
            answers += 1
            words = world.cage.words_in(said)
            met |= words
            if role != VISITOR and is_for_whoever_is_signed_in(response):
                of_all[address] = " ".join(words)
            leaks += [f"{role} {address}: {place}" for place in world.cage.met(role, said)]
            if response.status_code >= 500 and address != "/healthz":  # no scheduler runs here
                broken.append(f"{role} {address}")
            if runs_what_was_written(response, said):
                broken.append(f"{role} {address}: a script that somebody wrote would run")

    unmet = [c.place for c in world.cage.canaries if c.readers and c.shown and c.text not in met]
    assert not leaks, "\n".join(leaks)
    assert not broken, "\n".join(broken)
    assert not unmet, "\n".join(unmet)
    print(
        f"{answers} answers to {len(ROLES)} roles, {len(of_all)} of them the same for every account,"
        f" {len(world.cage.canaries)} words: no leak"
    )


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("role", WRITERS)
def test_writing_to_every_address_tells_and_changes_nothing(
    world: World, role: str, method: str
) -> None:
    client = client_of(world, role)
    before = owned_rows(world)
    leaks, broken = [], []

    for address in addresses(world):
        if address.startswith("/accounts/"):
            continue  # one's own account
        with transaction.atomic():
            point = transaction.savepoint()
            response = getattr(client, method)(address)
            if response.status_code >= 500:
                broken.append(address)
            leaks += [
                f"{address}: {place}" for place in world.cage.met(role, everything_said(response))
            ]
            changed = response.status_code < 400 and owned_rows(world) != before
            transaction.savepoint_rollback(point)
        if changed:
            leaks.append(f"{address} changed what belongs to others")

    assert not leaks, "\n".join(leaks)
    assert not broken, "\n".join(broken)


def owned_rows(world: World) -> dict[str, str]:
    """A hash of all rows that a stranger must not change: the owner's, and those of nobody."""
    hashes = []
    for model in apps.get_models():
        if model._meta.app_label not in {"taxonomy", "papers", "reproductions", "community"}:
            continue
        table, mine = model._meta.db_table, owners_column(model)
        where = f"WHERE {mine} = {world.owner.pk}" if mine else ""
        rows = "string_agg(t::text, '|' ORDER BY t::text)"
        hashes.append(f"SELECT '{table}', md5({rows}) FROM {table} t {where}")
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(hashes))  # one question is quicker than a hundred
        return dict(cursor.fetchall())


def owners_column(model: type[Model]) -> str:
    """The column that says whose a row is, or "" where rows are nobody's own."""
    for name in ("author", "user", "owner", "by", "requested_by"):
        if name in {field.name for field in model._meta.fields}:
            field = model._meta.get_field(name)
            if field.related_model is User:
                return field.column
    return ""


@pytest.mark.parametrize(("address", "is_so"), [("/robots.txt", True), ("/about/", False)])
def test_what_looks_at_the_reader_is_asked_for_every_reader(address: str, is_so: bool) -> None:
    client = Client()
    client.force_login(User.objects.create_user("somebody"))

    assert is_for_whoever_is_signed_in(client.get(address)) is is_so
