"""One template source, two uses: the whole page, or the part that htmx asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def render_part(
    request: HttpRequest, *, page: str, part: str, context: dict[str, Any], target: str = ""
) -> HttpResponse:
    """Render `part` when htmx asks for it (for `target`, if given), else the whole `page`."""
    htmx = request.htmx  # type: ignore[attr-defined]
    wants_part = htmx and not htmx.boosted and not htmx.history_restore_request
    if wants_part and target and htmx.target != target:
        wants_part = False
    response = render(request, part if wants_part else page, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
