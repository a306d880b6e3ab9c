"""Send every address what nobody should send, by every method and in every role: no 5xx.

    python -m benchmarks.fuzz                    # 20,000 calls, drawn with a fixed seed
    python -m benchmarks.fuzz --calls 100000 --seed 7

The site is that of the tests: the world of `tests/leaks`, with something of every kind in every
state, in a database of its own. Each call is taken back. Calls are drawn from addresses × methods ×
kinds of nonsense × roles so that each kind is sent to each pattern by each method as often as the
number of calls allows. The exit code is 1 when anything answered 5xx or raised.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import random
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from django.test import Client

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
HUGE = "x" * 2_600_000  # more than forms may have
DEEP = "[" * 10_000
DIGITS = "9" * 5_000
SURROGATE = "\ud800"
# A part of the site is away, as it is in this world without workers; and oEmbed's own answer to a
# format that is neither JSON nor XML.
EXPECTED = {"/healthz": {503}, "/oembed": {501}}
ACCEPTS = ("text/html", "x/y;q=banana", "application/json; version=9", "*", ",", "text/*;q=2", "é")
TOKENS = ("Bearer x", "Bearer ", "bearer \xff", "Basic e30=", "Bearer lsv_00000000_x", "Digest")
QUERIES = (
    "page",
    "per_page",
    "cursor",
    "q",
    "sort",
    "year",
    "select",
    "from",
    "verb",
    "id",
    "format",
)
WRONG: tuple[Any, ...] = (None, True, -1, 1.5, [], {}, [[]], "", " ", {"a": 1}, 10**30, "٣", "0x1")


@dataclass(frozen=True)
class Call:
    """One request: keyword arguments for Django's client, and what it tries."""

    kind: str
    method: str
    address: str
    sent: dict[str, Any] = field(default_factory=dict)
    checks_forms: bool = False


@dataclass
class Outcome:
    """Counts of answers by status: of each kind, role and method; and the calls that failed."""

    kinds: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    roles: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    methods: dict[str, Counter[int]] = field(default_factory=lambda: defaultdict(Counter))
    failed: list[str] = field(default_factory=list)

    def note(self, call: Call, role: str, status: int) -> None:
        """Count one answer; one of 5xx is a failure unless EXPECTED names it."""
        for counts, name in (
            (self.kinds, call.kind),
            (self.roles, role),
            (self.methods, call.method),
        ):
            counts[name][status] += 1
        if status >= 500 and status not in EXPECTED.get(call.address.partition("?")[0], ()):
            shown = f"{call.address[:90]} {str(call.sent)[:90]}"
            self.failed.append(f"{status} {call.kind}: {role} {call.method} {shown}")


# --- what is sent ---


def _body(kind: str, method: str, address: str, text: str | bytes, media_type: str) -> Call:
    return Call(kind, method, address, {"data": text, "content_type": media_type})


def bad_token(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    headers = {"Authorization": draw.choice(TOKENS), "Accept": draw.choice(ACCEPTS)}
    return Call("bad token", method, address, {"headers": headers})


def odd_accept(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    headers = {"Accept": draw.choice(ACCEPTS), "Accept-Language": "zz-\xff", "Range": "bytes=9-1"}
    return Call("odd Accept", method, address, {"headers": headers})


def nul(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    if draw.random() < 0.4:
        cut = draw.randint(1, len(address))
        return Call("NUL", method, f"{address[:cut]}%00{address[cut:]}")
    if draw.random() < 0.5:
        return _body("NUL", method, address, _fields(names, "a\x00b"), JSON)
    text = "&".join(f"{name}=a%00b" for name in (*names, *QUERIES))
    return _body("NUL", method, address, text, FORM)


def lone_surrogate(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    if draw.random() < 0.4:
        queries = "&".join(f"{name}=%ED%A0%80" for name in QUERIES)
        return Call("lone surrogate", method, f"{address.partition('?')[0]}?{queries}")
    text = json.dumps(dict.fromkeys(names, SURROGATE) | {"kind": SURROGATE})
    return _body("lone surrogate", method, address, text, JSON)


def deep_json(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    text = DEEP if draw.random() < 0.5 else '{"a":' * 10_000 + "1" + "}" * 10_000
    return _body("10,000 deep", method, address, text, JSON)


def long_number(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    choice = draw.random()
    if choice < 0.35:
        path = re.sub(r"\d+(?=/|$)", DIGITS, address.partition("?")[0], count=1)
        return Call("5,000 digits", method, path)
    if choice < 0.65:
        queries = "&".join(f"{name}={DIGITS}" for name in draw.sample(QUERIES, 3))
        return Call("5,000 digits", method, f"{address.partition('?')[0]}?{queries}")
    numbers = ",".join(f"{json.dumps(name)}:{DIGITS}" for name in names or ["year"])
    return _body("5,000 digits", method, address, "{" + numbers + "}", JSON)


def wrong_types(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    sent = {name: draw.choice(WRONG) for name in names if draw.random() < 0.8}
    text = json.dumps(draw.choice((sent, sent, sent, [sent], "x", 1, None)))
    return _body("wrong types", method, address, text, JSON)


def odd_query(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    values = (
        "-1",
        "0",
        "",
        "%",
        "%FF",
        "1e9",
        "*",
        "a:b:c",
        '"',
        "(",
        "[]",
        "NaN",
        "\u202e",
        "%2500",
    )
    queries = "&".join(f"{name}={quote(draw.choice(values), safe='%')}" for name in QUERIES)
    return Call("odd query", method, f"{address.partition('?')[0]}?{queries}")


def huge(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    if draw.random() < 0.5:
        return _body(
            "huge", method, address, json.dumps(dict.fromkeys(names[:1] or ["a"], HUGE)), JSON
        )
    return _body("huge", method, address, f"{(names or ['a'])[0]}={HUGE}", FORM)


def empty(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    media_type = draw.choice((JSON, FORM, "multipart/form-data", "", "application/pdf", "x"))
    return _body("empty", method, address, b"", media_type)


def torn(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    text = draw.choice((b'{"a": "', b"\xff\xfe", b"--x\r\nContent-Disposition: form-data", b"a=%"))
    media_type = draw.choice((JSON, "multipart/form-data; boundary=x", FORM))
    return _body("torn body", method, address, text, media_type)


def wrong_csrf(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    text = f"csrfmiddlewaretoken={draw.choice(('x', '', '%00', 'é' * 64))}"
    sent = {"data": text.encode(), "content_type": FORM, "headers": {"Referer": "http://[x"}}
    return Call("wrong CSRF", method, address, sent, checks_forms=True)


def odd_headers(draw: random.Random, method: str, address: str, names: list[str]) -> Call:
    headers = {
        "If-Match": draw.choice(('"9999999999999"', "*", "x", "W/", DIGITS)),
        "If-None-Match": draw.choice(("*", "\xff", '"')),
        "If-Modified-Since": "Mon, 99 Foo 9999 99:99:99 GMT",
        "Idempotency-Key": draw.choice(("x" * 300, "a b", "é", "ok")),
        "HX-Request": "true",
        "HX-Current-URL": "http://[",
        "Host": draw.choice(("testserver", "testserver:99999", "[::1", "a\\b")),
        "Cookie": draw.choice(("theme=x", "sessionid=%00", "=;;", "messages=x:y")),
    }
    sent = {"data": _fields(names, "x"), "content_type": JSON, "headers": headers}
    return Call("odd headers", method, address, sent)


KINDS: tuple[Callable[[random.Random, str, str, list[str]], Call], ...] = (
    bad_token, odd_accept, nul, lone_surrogate, deep_json, long_number, wrong_types, odd_query,
    huge, empty, torn, wrong_csrf, odd_headers,
)  # fmt: skip


def _fields(names: list[str], value: str) -> str:
    return json.dumps(dict.fromkeys(names or ["a"], value))


# --- sending it ---


def calls(
    addresses: list[str], names: dict[str, list[str]], count: int, seed: int
) -> Iterator[Call]:
    """`count` calls. names: of each address, the fields that its bodies have."""
    draw = random.Random(seed)
    places = [
        (address, method, kind) for address in addresses for method in METHODS for kind in KINDS
    ]
    sent = 0
    while sent < count:
        draw.shuffle(places)
        for address, method, kind in places[: count - sent]:
            yield kind(draw, method, address, names.get(address.partition("?")[0], []))
            sent += 1


def send(call: Call, client: Client) -> int:
    """The status of the answer; 599 when an exception came through. The call is taken back."""
    from django.db import transaction

    client.handler.enforce_csrf_checks = call.checks_forms
    with transaction.atomic():
        point = transaction.savepoint()
        try:
            response = client.generic(call.method, call.address, **_fit(call.sent))
            if response.streaming:
                b"".join(response.streaming_content)  # type: ignore[attr-defined]
            status = response.status_code
        except Exception:
            status = 599
        transaction.savepoint_rollback(point)
    return status


def _fit(sent: dict[str, Any]) -> dict[str, Any]:
    """Headers as WSGI servers hand them over: latin-1 texts."""
    headers = {
        name: value.encode("latin-1", "replace").decode("latin-1")
        for name, value in sent.get("headers", {}).items()
    }
    return {**sent, "headers": headers} if headers else sent


def fuzz(clients: dict[str, Client], wanted: Iterator[Call], seed: int) -> Outcome:
    """Send all calls, each in a role that is drawn."""
    draw = random.Random(seed)
    outcome = Outcome()
    for call in wanted:
        role = draw.choice(list(clients))
        outcome.note(call, role, send(call, clients[role]))
    return outcome


def body_fields(addresses: list[str]) -> dict[str, list[str]]:
    """The names of the fields that the API's document gives the bodies of each address."""
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)
    shapes = schema["components"]["schemas"]
    patterns = []
    for path, operations in schema["paths"].items():
        names = {name for operation in operations.values() for name in _named(operation, shapes)}
        pattern = re.compile(re.sub(r"\\?\{[^}]*\\?\}", "[^/]+", re.escape(path)))
        patterns.append((pattern, sorted(names)))
    plain = {address.partition("?")[0] for address in addresses}
    return {
        address: names
        for address in plain
        for pattern, names in patterns
        if names and pattern.fullmatch(address)
    }


def _named(operation: Any, shapes: dict[str, Any]) -> Iterator[str]:
    if not isinstance(operation, dict):
        return
    for content in operation.get("requestBody", {}).get("content", {}).values():
        reference = content["schema"].get("$ref", "").rpartition("/")[2]
        yield from shapes.get(reference, content["schema"]).get("properties", {})


def world() -> tuple[list[str], dict[str, Client]]:
    """The addresses of the tests' world, and a client for each role."""
    from django.core.management import call_command

    from tests.leaks import world as worlds
    from tests.leaks.canaries import ROLES
    from tests.leaks.test_nothing_leaks import addresses, client_of

    made = worlds.build()
    call_command("index", verbosity=0)
    clients: dict[str, Client] = {role: client_of(made, role) for role in ROLES}
    return addresses(made), clients


@contextmanager
def database_of_its_own() -> Iterator[None]:
    """Django with a fresh copy of the tests' tables; what is written there is gone afterwards."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    django.setup()
    from django.conf import settings
    from django.db import transaction
    from django.test.utils import setup_test_environment

    from tests import databases

    logging.disable(logging.CRITICAL)  # refusals are the rule here; failures are printed
    settings.KB_SEARCH_FOLLOW, settings.KB_API_RATE = "inline", "1000000/s"
    setup_test_environment()
    databases.begin()
    try:
        with transaction.atomic():
            yield
            transaction.set_rollback(True)
    finally:
        databases.end()


def print_table(heading: str, counts: dict[str, Counter[int]]) -> None:
    """Calls and answers of each row, as Markdown."""
    print(f"\n| {heading} | calls | 2xx | 3xx | 4xx | 5xx |\n|---|---|---|---|---|---|")
    for name, statuses in sorted(counts.items()):
        hundreds = [
            sum(n for s, n in statuses.items() if s // 100 == hundred) for hundred in (2, 3, 4, 5)
        ]
        cells = (sum(statuses.values()), *hundreds)
        print(f"| {name} | " + " | ".join(f"{n:,}" for n in cells) + " |")


def main() -> int:
    """Fuzz and print; 0 when nothing answered 5xx."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    import tests.environment  # noqa: F401 (before Django's settings)

    with database_of_its_own():
        addresses, clients = world()
        began = time.monotonic()
        drawn = calls(addresses, body_fields(addresses), wanted.calls, wanted.seed)
        outcome = fuzz(clients, drawn, wanted.seed)
        seconds = time.monotonic() - began
    print(f"{wanted.calls:,} calls to {len(addresses)} addresses in {len(clients)} roles, ", end="")
    print(f"seed {wanted.seed}, {seconds:.0f} s")
    for heading in ("kind", "role", "method"):
        print_table(heading, getattr(outcome, f"{heading}s"))
    print(f"\n{len(outcome.failed)} unexpected 5xx", *outcome.failed[:60], sep="\n  ")
    return 1 if outcome.failed else 0


if __name__ == "__main__":
    sys.exit(main())
