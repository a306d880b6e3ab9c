"""How pages are handed out: whole, or the part htmx asked for, and back to where a form stood."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme


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


def back(request: HttpRequest, default: str) -> HttpResponse:
    """A redirect to the form's `next` if it is an address of this site, else to `default`."""
    wanted = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(wanted if ours else default)
