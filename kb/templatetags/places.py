"""What is doubtful in the record of a lab, organisation, course or book, beside the field."""

from __future__ import annotations

from django import template

from papers.models.place import Place

register = template.Library()


@register.inclusion_tag("places/_doubt.html")
def doubt(place: Place, field: str) -> dict[str, str]:
    """The tag beside a field that no source confirms; nothing beside the others."""
    return {"origin": place.origin_of(field), "note": place.doubts.get(field, "")}
