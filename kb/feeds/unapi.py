"""unAPI: reference managers fetch the records that a list page marks."""

from __future__ import annotations

from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe

from kb.api.finding import paper_by
from kb.api.machinery.errors import Gone
from kb.feeds.xml import add, xml_response
from papers.formats.registry import FORMATS, export
from papers.models import Paper

SUFFIXES = {"ris": "ris", "bibtex": "bib", "mods": "xml", "csl": "csl.json", "endnote": "enw"}


@require_safe
def unapi(request: HttpRequest) -> HttpResponse:
    """Without parameters the formats; with `id` those of a paper; with both the record.

    `id` is the address of the paper's page, its key, or any identifier.
    """
    identifier, wanted = request.GET.get("id", ""), request.GET.get("format", "")
    if not identifier:
        return _bad_request() if wanted else _formats("", 200)
    try:
        paper = paper_by(_key_of(identifier), request.user)
    except Gone as error:
        raise Http404("This record was withdrawn.") from error
    if not wanted:
        return _formats(identifier, 300)
    if wanted not in SUFFIXES:
        return HttpResponse("Unknown format.", status=406, content_type="text/plain")
    suffix = SUFFIXES[wanted]
    complete = Paper.objects.for_export().filter(pk=paper.pk)
    site = f"{request.scheme}://{request.get_host()}"
    return HttpResponse(
        export(complete, suffix, site),
        content_type=f"{FORMATS[suffix].media_type}; charset=utf-8",
    )


def _bad_request() -> HttpResponse:
    return HttpResponse("Give the id of the record as well.", status=400, content_type="text/plain")


def _formats(identifier: str, status: int) -> HttpResponse:
    root = Element("formats", {"id": identifier} if identifier else {})
    for name, suffix in SUFFIXES.items():
        add(root, "format", name=name, type=FORMATS[suffix].media_type)
    return xml_response(root, "application/xml", status)


def _key_of(identifier: str) -> str:
    """The key in the address of one of our pages; anything else as it is."""
    try:
        place = resolve(urlsplit(identifier).path)
    except (Resolver404, ValueError):
        return identifier
    return place.kwargs["key"] if place.url_name == "paper" else identifier
