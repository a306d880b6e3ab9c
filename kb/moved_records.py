"""Addresses of records that were merged or renamed lead to the same kind of page of the survivor.

An address that was once public keeps working: `/papers/<old>.bib` leads to `/papers/<new>.bib`, and
so do histories, reviews, feeds, PDFs, badges and the API. It is decided here, after a view found
nothing, so that no view has to think of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import NoReverseMatch, ResolverMatch, reverse

from papers.models import OldKey, Paper, Person

Record = TypeVar("Record", Paper, Person)

_PAPER_ROUTES = ("papers/", "badges/")
_OTHER_ROUTES = ("topics/", "venues/", "workshops/")
_NAMES = ("key", "slug", "identifier")


class MovedRecords:
    """Turns a 404 into a redirect where the record lives on under another key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
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
    if (old := query.get("paper")) and (new := _paper_key(old)):
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
        return _person_slug(old)
    if kind == "papers" or any(route in match.route for route in _PAPER_ROUTES):
        return _paper_key(old)
    is_record = any(route in match.route for route in _OTHER_ROUTES)
    return old.lower() if is_record and old != old.lower() else None


def _paper_key(old: str) -> str | None:
    """The key under which a paper that was merged, renamed, or typed in capitals, is found."""
    if renamed := OldKey.objects.filter(key=old).select_related("paper__merged_into").first():
        return _survivor(renamed.paper).key
    paper = Paper.objects.filter(key=old).select_related("merged_into").first()
    if paper is not None:
        return _survivor(paper).key if paper.merged_into_id else None
    lower = old.lower()
    if lower == old or not Paper.objects.filter(key=lower).exists():
        return None
    return _paper_key(lower) or lower


def _person_slug(old: str) -> str | None:
    person = Person.objects.filter(slug=old).select_related("merged_into").first()
    if person is not None:
        return _survivor(person).slug if person.merged_into_id else None
    lower = old.lower()
    if lower == old or not Person.objects.filter(slug=lower).exists():
        return None
    return _person_slug(lower) or lower


def _survivor(record: Record) -> Record:
    """The record that this one was merged into, and so on to the end."""
    seen = {record.pk}
    while record.merged_into is not None and record.merged_into_id not in seen:
        record = record.merged_into
        seen.add(record.pk)
    return record
