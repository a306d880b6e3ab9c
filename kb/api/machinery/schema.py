"""How our views describe themselves in OpenAPI: parameters, pages, problems, headers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ResolvedComponent
from rest_framework.pagination import BasePagination

from kb.api.machinery.errors import MEDIA_TYPE
from kb.api.machinery.parameters import Parameter

_TYPES: dict[str, dict[str, Any]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "flag": {"type": "integer", "enum": [0, 1]},
    "time": {"type": "string", "format": "date-time"},
}
_PROBLEM = {
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message"],
                "properties": {
                    "parameter": {"type": "string", "description": "In the query string."},
                    "pointer": {"type": "string", "description": "In the body, RFC 6901."},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            },
        },
    },
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the record as you last read it, or *.",
    "schema": {"type": "string"},
}
_HEADERS: dict[str, dict[str, Any]] = {
    "POST": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "description": "Sent again with the same key and body, the request is answered as before.",
        "schema": {"type": "string", "maxLength": 255},
    },
    "PUT": _IF_MATCH,
    "PATCH": _IF_MATCH,
    "DELETE": _IF_MATCH,
}


class PageSchema(BasePagination):
    """Describes the answer of ListView, which does its own paging."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        return {
            "type": "object",
            "required": ["results", "next"],
            "properties": {
                "results": schema,
                "next": {
                    "type": ["string", "null"],
                    "format": "uri",
                    "description": "Address of the next page; null on the last one.",
                },
                "count": {"type": "integer", "description": "With with_count=1."},
            },
        }


class ReadSchema(AutoSchema):
    """Describes ReadView: everything that differs from plain DRF."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        if self.method != "GET":
            header = _HEADERS.get(self.method)
            if header and (self.method == "POST" or getattr(self.view, "needs_match", True)):
                operation.setdefault("parameters", []).append(header)
            operation["responses"]["default"] = self._default_response()
            return operation
        declared: Iterable[Parameter] = getattr(self.view, "all_parameters", tuple)()
        path = [p for p in operation.get("parameters", []) if p["in"] != "query"]
        operation["parameters"] = [*path, *(_described(parameter) for parameter in declared)]
        operation["responses"]["304"] = {"description": "You have it: the ETag is still the same."}
        operation["responses"]["default"] = self._default_response()
        return operation

    def get_summary(self) -> str | None:
        """The first sentence of the view's docstring, or of what it serves."""
        return self.get_description().split(".")[0].split(":")[0].strip() or None

    def _is_list_view(self, serializer: object = None) -> bool:
        return self.method == "GET" and getattr(self.view, "is_list", False)

    def _default_response(self) -> dict[str, Any]:
        return {
            "description": "Something is wrong; the body says what.",
            "content": {MEDIA_TYPE: {"schema": self._problem()}},
        }

    def _problem(self) -> dict[str, str]:
        component = ResolvedComponent(
            name="Problem", type=ResolvedComponent.SCHEMA, schema=_PROBLEM, object="Problem"
        )
        self.registry.register_on_missing(component)
        return component.ref


def _described(parameter: Parameter) -> dict[str, Any]:
    kind = dict(_TYPES[parameter.kind])
    if parameter.kind == "integer":
        kind |= {"minimum": parameter.least, "maximum": parameter.most}
    if parameter.choices:
        kind["enum"] = list(parameter.choices)
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": {"type": "array", "items": kind} if parameter.many else kind,
    }
    if parameter.kind != "flag":
        described["allowEmptyValue"] = True  # as forms send what nobody filled in
    if parameter.example:
        described["example"] = parameter.example
    if parameter.many:
        described |= {"style": "form", "explode": False}
    return described
