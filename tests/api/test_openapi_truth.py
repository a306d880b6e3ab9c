"""What OpenAPI says of each address is what the address answers, on the field that is shipped.

Every documented GET is opened with values of the field and, one by one, with the example of each of
its parameters; what comes back must have a status, a media type and a shape that are declared. With
a token of a curator what anybody may read is opened once more, and what needs an account as well.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any
from urllib.parse import quote

import jsonschema
import pytest
from django.test import Client
from drf_spectacular.generators import SchemaGenerator

from tests import make
from tests.addresses import filled, parameters, routes
from tests.crawl.sources import values_for

pytestmark = [pytest.mark.usefixtures("whole_field", "db")]
A_ROUTE = 2  # addresses opened of each pattern
ROUTES = [
    route
    for route in routes()
    if route.startswith("api/v1/") and "<" not in route.split("/")[-1] and route != "api/v1/.*"
]


FORMATS = jsonschema.FormatChecker()


@FORMATS.checks("uri")
def _is_address(value: object) -> bool:
    """jsonschema looks at addresses only with a package more."""
    return not isinstance(value, str) or re.match(r"[a-z][a-z+.-]*:\S+$", value) is not None


@cache
def schema() -> dict[str, Any]:
    return json.loads(
        json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
    )


def documented(route: str) -> dict[str, Any] | None:
    """The description of GET at a pattern; None where it is not documented."""
    path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route)
    paths = schema()["paths"]
    return (paths.get(path) or paths.get(path.replace("{pk}", "{id}"), {})).get("get")


DOCUMENTED = [route for route in ROUTES if documented(route)]


def addresses(route: str) -> Iterator[str]:
    """Addresses of the pattern, plain and with each example of a parameter."""
    for values in islice(values_for(route), A_ROUTE):
        yield filled(route, [quote(str(value), safe="/:") for value in values])
    first = next(iter(values_for(route)), None)
    operation = documented(route)
    if first is None or operation is None:
        return
    place = filled(route, [quote(str(value), safe="/:") for value in first])
    for parameter in operation.get("parameters", ()):
        example = parameter.get("example", parameter.get("schema", {}).get("example"))
        if parameter["in"] == "query" and example not in (None, ""):
            yield f"{place}?{parameter['name']}={quote(str(example))}"
    if any(parameter["name"] == "per_page" for parameter in operation.get("parameters", ())):
        yield f"{place}?per_page=3&with_count=1"


def mistakes(answer: Any, operation: dict[str, Any]) -> list[str]:
    """How an answer differs from what is declared of it."""
    declared = operation["responses"].get(str(answer.status_code))
    if answer.status_code in (401, 403, 404, 410):
        problem = answer["Content-Type"].startswith("application/problem+json")
        return [] if problem else ["an error that is no problem in JSON"]
    if declared is None:
        return [f"{answer.status_code} is not declared"]
    media_type = answer["Content-Type"].partition(";")[0]
    content = declared.get("content", {})
    if media_type not in content:
        return [f"{media_type} is not declared"] if content else []
    shape = {**content[media_type]["schema"], "components": schema()["components"]}
    checker = jsonschema.Draft202012Validator(shape, format_checker=FORMATS)
    return [
        f"{'/'.join(map(str, error.absolute_path))}: {error.message[:160]}"
        for error in islice(checker.iter_errors(answer.json()), 5)
    ]


@pytest.mark.parametrize("route", DOCUMENTED)
def test_each_documented_address_answers_as_it_is_described(route: str) -> None:
    operation = documented(route)
    assert operation is not None
    curator = Client()
    curator.force_login(make.member("cam", "curators"))
    faults = []
    for address in addresses(route):
        for client in (Client(), curator):
            answer = client.get(address)
            faults += [f"{address}: {fault}" for fault in mistakes(answer, operation)]

    assert not faults, "\n".join(faults[:20])


def test_nothing_that_can_be_read_is_left_out_of_the_description() -> None:
    undocumented = {route for route in ROUTES if documented(route) is None}

    only_written = {route for route in undocumented if _takes_no_get(route)}
    assert undocumented - only_written <= {"api/v1/docs/", "api/v1/schema/"}


def _takes_no_get(route: str) -> bool:
    """Whether the address refuses GET: 405, or 404 for a subject that nobody has."""
    if parameters(route):
        given = dict.fromkeys(parameters(route), "1")
        address = filled(route, list(given.values()))
    else:
        address = filled(route, [])
    return Client().get(address).status_code in (401, 403, 404, 405)


def test_a_wrong_answer_would_be_seen() -> None:
    operation = documented("api/v1/papers/<path:identifier>/")
    assert operation is not None

    class Answer:
        status_code = 200
        headers = {"Content-Type": "application/json"}

        def __getitem__(self, name: str) -> str:
            return self.headers[name]

        def json(self) -> dict[str, Any]:
            return {"key": 7}

    assert any("key" in fault for fault in mistakes(Answer(), operation))
