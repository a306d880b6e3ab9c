"""Figures of our own in a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.safestring import mark_safe

from kb.figures import Figure

register = template.Library()


@register.inclusion_tag("learning/_figure.html")
def figure(chosen: Figure) -> dict[str, Any]:
    """The drawing, its caption, and what it shows in words."""
    return {"figure": chosen, "svg": mark_safe(chosen.svg())}  # noqa: S308 (drawn by us)
