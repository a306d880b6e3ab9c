"""What is doubtful in the record of a lab, organisation, course or book, beside the field."""

from __future__ import annotations

import re

from django import template
from django.urls import reverse
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe

from papers.models.place import Place

register = template.Library()
_RECORD = re.compile(r"(?<=the record of )([a-z]+\d{4}[a-z0-9]*)")


@register.inclusion_tag("places/_doubt.html")
def doubt(place: Place, field: str) -> dict[str, str]:
    """The tag beside a field that no source confirms; nothing beside the others."""
    return {"origin": place.origin_of(field), "note": place.doubts.get(field, "")}


@register.simple_tag
def sourced(source: str) -> SafeString:
    """A source with its addresses, and the record that it names, as links."""
    html = urlize(source, autoescape=True)
    return mark_safe(_RECORD.sub(_linked, html))  # noqa: S308 (urlize escapes)


def _linked(match: re.Match[str]) -> str:
    return format_html('<a href="{}">{}</a>', reverse("paper", args=[match[1]]), match[1])
