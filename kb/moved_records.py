"""Addresses of records that were merged or renamed lead to the same kind of page of the survivor.

An address that was once public keeps working: `/papers/<old>.bib` leads to `/papers/<new>.bib`, and
so do histories, reviews, feeds, PDFs, badges and the API, and lists that are narrowed to a paper
(`?paper=<old>`). It is decided here, behind the views, so that none of them has to think of it.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import NoReverseMatch, ResolverMatch, reverse

from papers.survivors import paper_key_now, person_slug_now

_PAPER_ROUTES = ("papers/", "badges/")
_OTHER_ROUTES = ("topics/", "venues/", "workshops/")
_NAMES = ("key", "slug", "identifier")


class MovedRecords:
    """Turns a 404, or a list of what an old key has, into a redirect to the key of today."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        found_nothing = response.status_code == 404 or "paper" in request.GET
        if not found_nothing or request.method not in ("GET", "HEAD"):
            return response
        address = _address_now(request)
        return HttpResponsePermanentRedirect(address) if address else response


def _address_now(request: HttpRequest) -> str | None:
    """The same address with the keys of today; None when no key in it has changed."""
    match = request.resolver_match
    if match is None or not match.url_name:
        return None
    kwargs = _kwargs_now(match)
    query = request.GET.copy()
    if (old := query.get("paper")) and (new := paper_key_now(old)):
        query["paper"] = new
    if kwargs == match.kwargs and query == request.GET:
        return None
    try:
        path = reverse(match.view_name, kwargs=kwargs)
    except NoReverseMatch:
        return None
    return f"{path}?{query.urlencode()}" if query else path


def _kwargs_now(match: ResolverMatch) -> dict[str, object]:
    kwargs = dict(match.kwargs)
    for name in _NAMES:
        old = str(kwargs.get(name, ""))
        new = _key_now(match, old) if old else None
        if new:  # the file name in /papers/<key>/<key>.pdf is the key once more
            kwargs = {key: new if value == old else value for key, value in kwargs.items()}
    if kwargs != match.kwargs or str(kwargs.get("suffix", "")).islower():
        return kwargs
    return kwargs | ({"suffix": str(kwargs["suffix"]).lower()} if "suffix" in kwargs else {})


def _key_now(match: ResolverMatch, old: str) -> str | None:
    kind = match.kwargs.get("plural") or match.kwargs.get("kind") or ""
    if kind == "people" or "people/" in match.route:
        return person_slug_now(old)
    if kind == "papers" or any(route in match.route for route in _PAPER_ROUTES):
        return paper_key_now(old)
    is_record = any(route in match.route for route in _OTHER_ROUTES)
    return old.lower() if is_record and old != old.lower() else None
