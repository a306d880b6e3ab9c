"""Absolute addresses of pages in JSON."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from community.members.profiles import shown_name


@extend_schema_field(OpenApiTypes.URI)
class PageAddress(serializers.Field):
    """The address of the page that shows the object to people."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("source", "*")
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> str:
        return address_of(self, value.get_absolute_url())


@extend_schema_field(OpenApiTypes.STR)
class MemberName(serializers.Field):
    """How the site names an account; closed accounts have no name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, **options)

    def to_representation(self, value: Any) -> str:
        return shown_name(value)


def address_of(field: Any, path: str) -> str:
    """`path` on this site, absolute."""
    context = field.context
    if "site" not in context:
        request = context["request"]
        context["site"] = f"{request.scheme}://{request.get_host()}"
    return str(context["site"]) + path
