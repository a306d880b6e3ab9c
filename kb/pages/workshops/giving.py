"""A workshop to take along: its proceedings, and the data of a Jekyll site."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from community.workshops.files import name_of
from kb.pages.workshops.freezing import file_bytes, open_pdfs, own_files
from kb.pages.workshops.views import site_of
from papers.curation.editing import fields_of
from papers.curation.workshop_blocks import may_edit, with_names, working_copy
from papers.models import Paper, Workshop
from papers.workshops.out import proceedings
from papers.workshops.out.jekyll import jekyll

Files = dict[str, bytes]
TYPES = {
    "bib": "application/x-bibtex; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "zip": "application/zip",
}


def what_it_says(workshop: Workshop, site: str) -> dict[str, Any]:
    """The fields of a workshop; of one that is not public, as its organisers last saved them."""
    fields = with_names(fields_of(workshop)) if workshop.is_public else working_copy(workshop)
    return {name: with_site(value, site) for name, value in fields.items()} | {
        "slug": workshop.slug
    }


def with_site(value: object, site: str) -> object:
    """The same with full addresses of files of ours."""
    if isinstance(value, dict):
        return {name: with_site(part, site) for name, part in value.items()}
    if isinstance(value, list):
        return [with_site(part, site) for part in value]
    if isinstance(value, str) and name_of(value):
        return site + value
    return value


def _given(request: HttpRequest, slug: str) -> Workshop:
    """A public workshop, or a draft of those who edit it."""
    workshop = get_object_or_404(Workshop.objects.visible_to(request.user), slug=slug)
    if not (workshop.is_public or may_edit(workshop, request.user)):
        raise Http404(gettext("There is no public workshop at this address."))
    return workshop


@require_safe
def as_jekyll(request: HttpRequest, slug: str) -> HttpResponse:
    """/workshops/<slug>/jekyll.zip: `_data` and `_config.yml`."""
    workshop = _given(request, slug)
    files = jekyll(what_it_says(workshop, site_of(request)))
    return _download(workshop, f"{slug}-jekyll.zip", zipped(files, slug), "zip")


@require_safe
def as_proceedings(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """/workshops/<slug>/proceedings.<suffix>: the accepted papers."""
    if suffix not in TYPES:
        raise Http404(gettext("Proceedings come as {types}.").format(types=", ".join(TYPES)))
    workshop = _given(request, slug)
    texts = written(workshop, site_of(request))
    name = f"{slug}-proceedings.{suffix}"
    if suffix != "zip":
        return _download(workshop, name, texts[suffix].encode(), suffix)
    files = {f"proceedings.{kind}": text.encode() for kind, text in texts.items()}
    pks = workshop.accepted.exclude(paper=None).values("paper")
    papers = Paper.objects.visible_to(None).filter(pk__in=pks).prefetch_related("documents")
    files |= open_pdfs(list(papers))
    if workshop.is_public:
        files |= {f"files/{file.name}": file_bytes(file) for file in own_files(workshop)}
    return _download(workshop, name, zipped(files, slug), suffix)


def written(workshop: Workshop, site: str) -> dict[str, str]:
    """The proceedings by suffix."""
    fields = what_it_says(workshop, site)
    visible = Paper.objects.visible_to(None)
    tied = workshop.accepted.filter(paper__in=visible).select_related("paper")
    pages = {
        entry.number: site + entry.paper.get_absolute_url()
        for entry in tied
        if entry.number and entry.paper
    }
    rows = proceedings.entries(fields, pages)
    return {
        "bib": proceedings.as_bibtex(fields, rows),
        "csv": proceedings.as_csv(rows),
        "json": proceedings.as_json(fields, rows),
    }


def zipped(files: Files, folder: str) -> bytes:
    """A ZIP with everything in one folder; the same bytes for the same files."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            entry = zipfile.ZipInfo(f"{folder}/{name}", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return content.getvalue()


def _download(workshop: Workshop, name: str, content: bytes, suffix: str) -> HttpResponse:
    response = HttpResponse(content, content_type=TYPES[suffix])
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    if not workshop.is_public:
        response["Cache-Control"] = "private, no-store"
    return response
