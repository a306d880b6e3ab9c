"""The API's own description: OpenAPI 3.1 for programs, and one page rendered from it for people.

The page is plain HTML: Swagger UI weighs 1.6 MB, needs JavaScript and fails the site's
accessibility bar. Trying an address out is a form with GET.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView

from kb.api.machinery.errors import MEDIA_TYPE
from kb.api.machinery.views import Conditional
from kb.api.titles import in_groups, title
from kb.languages.offered import of_path
from kb.pages.rendering import render_part


@extend_schema(exclude=True)
class Schema(Conditional, SpectacularAPIView):
    """OpenAPI 3.1 as JSON, or as YAML for `Accept: application/vnd.oai.openapi`."""

    renderer_classes = [OpenApiJsonRenderer2, OpenApiYamlRenderer]


@dataclass(frozen=True)
class Field:
    """A field of an answer; `depth` is 0 at the top."""

    name: str
    type: str
    description: str
    depth: int


@dataclass(frozen=True)
class Operation:
    """One address of the API."""

    method: str
    path: str
    anchor: str
    description: str
    parameters: list[dict[str, Any]]
    fields: list[Field]

    @property
    def can_be_tried(self) -> bool:
        """Whether a form can ask it: reading, at an address without blanks."""
        return self.method == "GET" and "{" not in self.path


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The API for people; with `address`, parameters and answer of a single one."""
    if "address" in request.GET:
        return _one(request, request.GET["address"])
    found = operations()
    with override(of_path("zh").code):
        chinese = in_groups(found)
    context = {
        "operations": [(operation, title(operation.method, operation.path)) for operation in found],
        "in_chinese": chinese,
        "problem": MEDIA_TYPE,
        "rate": settings.KB_API_RATE,
        "site": f"{request.scheme}://{request.get_host()}",
    }
    return render(request, "api/docs.html", context)


def _one(request: HttpRequest, anchor: str) -> HttpResponse:
    for operation in operations():
        if operation.anchor == anchor:
            return render_part(
                request,
                page="api/operation.html",
                part="api/_operation.html",
                context={"operation": operation},
            )
    raise Http404(f"The API has no address called “{anchor[:80]}”.")


@cache
def operations() -> list[Operation]:
    """All addresses, as the OpenAPI description has them. Constant while the process lives."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    components = schema["components"]["schemas"]
    return [
        _operation(method.upper(), path, described, components)
        for path, methods in schema["paths"].items()
        for method, described in methods.items()
    ]


def _operation(
    method: str, path: str, described: dict[str, Any], components: dict[str, Any]
) -> Operation:
    answers = [body for code, body in described["responses"].items() if code.startswith("2")]
    answer = answers[0].get("content", {}).get("application/json", {}).get("schema", {})
    parameters = [
        {
            "name": parameter["name"],
            "where": parameter["in"],
            "type": _type(parameter["schema"]),
            "choices": _choices(parameter["schema"]),
            "description": parameter.get("description", ""),
        }
        for parameter in described.get("parameters", [])
    ]
    return Operation(
        method=method,
        path=path,
        anchor=described["operationId"],
        description=described.get("description", ""),
        parameters=parameters,
        fields=list(_fields(answer, components, depth=0)),
    )


def _fields(schema: dict[str, Any], components: dict[str, Any], depth: int) -> list[Field]:
    """The fields of an answer, nested ones indented; objects that repeat are not unfolded twice."""
    fields: list[Field] = []
    target = _resolved(schema, components)
    for name, value in target.get("properties", {}).items():
        inner = _resolved(value, components)
        fields.append(Field(name, _type(value), value.get("description", ""), depth))
        if depth < 2 and inner.get("properties"):
            fields += _fields(inner, components, depth + 1)
    return fields


def _resolved(schema: dict[str, Any], components: dict[str, Any]) -> dict[str, Any]:
    """The object schema behind references, arrays and `oneOf … null`."""
    while True:
        choices = [option for option in schema.get("oneOf", []) if option.get("type") != "null"]
        if reference := schema.get("$ref"):
            schema = components[reference.rsplit("/", 1)[-1]]
        elif schema.get("allOf"):
            schema = schema["allOf"][0]
        elif len(choices) == 1:
            schema = choices[0]
        elif schema.get("type") == "array":
            schema = schema["items"]
        else:
            return schema


def _type(schema: dict[str, Any]) -> str:
    if reference := schema.get("$ref"):
        return str(reference.rsplit("/", 1)[-1])
    for key in ("allOf", "oneOf", "anyOf"):
        if parts := schema.get(key):
            return " or ".join(dict.fromkeys(_type(part) for part in parts))
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    kinds = schema.get("type", "any")
    kind = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{kind} ({schema['format']})" if schema.get("format") else kind


def _choices(schema: dict[str, Any]) -> list[Any]:
    return list(schema.get("enum") or schema.get("items", {}).get("enum") or [])
