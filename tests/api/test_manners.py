"""What every address of the API does: problems, ETags, rate headers, schema, documentation."""

import json
import re
from inspect import isabstract
from pathlib import Path

import jsonschema
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver
from rest_framework import serializers

from accounts.tokens import make_token
from kb.api import papers as api_papers
from kb.api.machinery.errors import problem_response
from kb.api.machinery.throttling import network, parse_rate
from kb.api.machinery.views import ListView
from kb.api.reviews import ReviewStep
from kb.api.urls import urlpatterns as api_patterns
from tests import make

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).resolve().parents[2] / "docs" / "api.md"


def problem(answer):
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == answer.status_code
    assert set(body) >= {"type", "title", "status", "detail", "instance"}
    return body


def test_unknown_address_is_a_problem_with_a_hint(get):
    body = problem(get("paper/"))

    assert body["status"] == 404
    assert "Did you mean “papers”?" in body["detail"]


def test_missing_slash_is_added(get):
    answer = get("papers?select=key")

    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/papers/?select=key")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_writing_is_refused_as_a_problem(method):
    answer = getattr(Client(), method)("/api/v1/papers/", data="{}", content_type="text/plain")

    assert problem(answer)["title"] == "Method Not Allowed"


def test_other_media_types_are_refused_as_a_problem(get):
    assert problem(get("papers/", accept="application/xml"))["status"] == 406


def test_unexpected_error_is_a_problem_that_tells_nothing_of_the_inside(monkeypatch, caplog):
    def broken(*args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(api_papers.finding, "query_of", broken)

    body = problem(Client(raise_request_exception=False).get("/api/v1/papers/"))

    assert body["status"] == 500
    assert "secret" not in json.dumps(body)
    assert "secret detail" in caplog.text


def test_unsupported_body_is_a_problem():
    from django.test import RequestFactory
    from rest_framework.response import Response
    from rest_framework.views import APIView

    class Echo(APIView):
        def post(self, request):
            return Response(request.data)

    Echo.permission_classes = []
    request = RequestFactory().post("/x", data="a", content_type="text/plain")

    answer = Echo.as_view()(request).render()

    assert json.loads(answer.content)["status"] == 415


def test_refused_fields_of_a_body_are_told_one_by_one():
    class Body(serializers.Serializer):
        seed = serializers.IntegerField()
        device = serializers.ChoiceField(choices=["cpu"])

    body = Body(data={"seed": "x"})
    with pytest.raises(serializers.ValidationError) as refused:
        body.is_valid(raise_exception=True)

    told = problem_response(refused.value, {}).data

    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [
        ("/seed", "invalid"),
        ("/device", "required"),
    ]
    assert told["detail"].startswith("seed: A valid integer is required.")


def test_unchanged_answer_is_not_sent_again(get):
    make.paper("Skip RNN", key="skip")
    first = get("papers/skip/")

    again = get("papers/skip/", if_none_match=first["ETag"])

    assert not first["ETag"].startswith("W/")
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert "RateLimit" in again


def test_changed_answer_has_another_etag(get):
    paper = make.paper("Skip RNN", key="skip")
    first = get("papers/skip/")
    paper.title = "Skip RNN 2"
    paper.save()

    assert get("papers/skip/", if_none_match=first["ETag"]).status_code == 200


def test_rate_is_told_and_kept(get, settings):
    settings.KB_API_RATE = "2/h"

    first, second, third = (get("venues/") for _ in range(3))

    assert first["RateLimit-Policy"] == '"default";q=2;w=3600'
    assert re.fullmatch(r'"default";r=1;t=\d+', first["RateLimit"])
    assert re.fullmatch(r'"default";r=0;t=\d+', second["RateLimit"])
    assert problem(third)["status"] == 429
    assert 1 <= int(third["Retry-After"]) <= 3600
    assert re.fullmatch(r'"default";r=0;t=\d+', third["RateLimit"])


def test_made_up_forwarding_headers_do_not_buy_more_requests(settings):
    settings.KB_API_RATE = "1/h"

    codes = [
        Client().get("/api/v1/venues/", headers={"x-forwarded-for": f"10.0.0.{n}"}).status_code
        for n in range(3)
    ]

    assert codes == [200, 429, 429]


def test_broken_cache_does_not_close_the_api(get, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "kb.site.cache.PatientCache",
            "LOCATION": "redis://127.0.0.1:1",
        }
    }

    assert get("venues/").status_code == 200


def test_rates_and_networks_are_read():
    assert (parse_rate("600/min"), parse_rate("5 / s")) == ((600, 60), (5, 1))
    with pytest.raises(ImproperlyConfigured):
        parse_rate("many")
    assert network("2001:db8:1:2:3::4") == "2001:db8:1:2::/64"
    assert network("fe80::1%eth0") == "fe80::/64"
    assert network("192.0.2.7") == "192.0.2.7"


def test_schema_is_valid_and_without_warnings(tmp_path):
    file = tmp_path / "schema.yml"

    call_command("spectacular", validate=True, fail_on_warn=True, file=str(file))

    assert "openapi: 3.1.0" in file.read_text()


@pytest.fixture
def schema(get):
    return get("schema/", accept="application/json").json()


def routes():
    """Addresses of the API as documents write them: /papers/{identifier}/."""
    included = next(one for one in get_resolver("kb.api.urls").url_patterns if one.name == "root")
    assert included is not None
    patterns = [str(one.pattern) for one in get_resolver("kb.api.urls").url_patterns]
    shown = [pattern for pattern in patterns if not pattern.startswith("^")]
    return ["/" + re.sub(r"<\w+:(\w+)>", r"{\1}", pattern) for pattern in shown]


def test_every_route_has_a_line_in_the_documentation():
    text = DOCS.read_text()

    assert [route for route in routes() if f"`/api/v1{route}`" not in text] == []


def test_every_parameter_has_its_name_in_the_documentation(schema):
    text = DOCS.read_text()
    names = {
        parameter["name"]
        for path in schema["paths"].values()
        for parameter in path.get("get", {}).get("parameters", [])
        if parameter["in"] == "query"
    }

    assert [name for name in sorted(names) if f"`{name}`" not in text] == []


@pytest.mark.parametrize(
    ("address", "component"),
    [
        ("", "Root"),
        ("papers/", "PaginatedPaperList"),
        ("papers/skip/", "Paper"),
        ("people/", "PaginatedPersonList"),
        ("people/gao-huang/", "PersonDetail"),
        ("venues/", "PaginatedVenueList"),
        ("topics/", "PaginatedTopicList"),
        ("workshops/", "PaginatedWorkshopList"),
        ("workshops/dynn/", "WorkshopDetail"),
        ("timeline/", "PaginatedTimelineList"),
        ("nothing/", "Problem"),
        ("papers/?nothing=1", "Problem"),
    ],
)
def test_answers_are_as_the_schema_says(get, schema, address, component):
    make.paper("Skip RNN", key="skip", topics=[make.topic()], arxiv="1708.06834")
    make.workshop(slug="dynn")

    body = get(address).json()

    wanted = {"$ref": f"#/components/schemas/{component}", "components": schema["components"]}
    jsonschema.Draft202012Validator(wanted).validate(body)


def test_documentation_page_shows_every_address_without_scripts_of_its_own(get, schema):
    page = get("docs/")

    text = page.content.decode()
    assert page.status_code == 200
    assert [path for path in schema["paths"] if f"<code>{path}</code>" not in text] == []
    assert "style=" not in text


def test_options_answers_where_something_can_be_put(db, django_user_model):
    make.paper(key="skip")
    client = Client()
    client.force_login(django_user_model.objects.create_user("mia"))

    for address in ("marks/skip/", "lists/", "papers/skip/"):
        answer = client.options(f"/api/v1/{address}")
        assert answer.status_code == 200
        assert "OPTIONS" in answer["Allow"]


def test_options_answers_a_token_at_every_address(db, django_user_model, schema):
    make.paper(key="skip")
    _, text = make_token(
        django_user_model.objects.create_user("mia"), name="x", scopes=("read",), days=30
    )
    client = Client(headers={"Authorization": f"Bearer {text}"})

    answers = {
        path: client.options(re.sub(r"\{[^}]*\}", "1", path)).status_code
        for path in schema["paths"]
    }

    assert len(answers) > 100
    assert {path for path, status in answers.items() if status >= 500} == set()


def test_parameters_and_answer_of_an_address_are_a_page_and_a_part_of_one(get):
    page = get("docs/?address=papers_list").content.decode()
    part = get("docs/?address=papers_list", **{"HX-Request": "true"}).content.decode()

    for text in (page, part):
        assert "<code>updated_since</code>" in text and "<code>results</code>" in text
        assert "Ask" in text
    assert "<title>" in page and "<title>" not in part
    assert get("docs/?address=poems").status_code == 404


def test_the_schema_says_one_record_where_one_is_made(client: Client) -> None:
    paths = client.get("/api/v1/schema/?format=json").json()["paths"]

    for address, operations in paths.items():
        answers = operations.get("post", {}).get("responses", {})
        for status, answer in answers.items():
            for content in answer.get("content", {}).values():
                assert "Paginated" not in str(content["schema"]), f"POST {address} {status}"


def test_every_address_has_a_view_that_is_whole():
    views = {pattern.callback.cls for pattern in api_patterns if hasattr(pattern.callback, "cls")}

    assert len(views) > 80
    assert {view.__name__ for view in views if isabstract(view)} == set()


@pytest.mark.parametrize(("base", "left"), [(ListView, "rows"), (ReviewStep, "act")])
def test_what_lacks_a_part_cannot_be_made(base, left):
    half = type("Half", (base,), {})

    with pytest.raises(TypeError, match=left):
        half()
