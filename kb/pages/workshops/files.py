"""Handing out pictures, papers and posters of workshops: typed by us, sandboxed, never sniffed."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from community.workshops.files import is_public, may_have
from papers.models import WorkshopFile


@require_safe
def file(request: HttpRequest, slug: str, name: str) -> FileResponse:
    """/workshops/<slug>/files/<name>: to everybody while the public page leads to it."""
    rows = WorkshopFile.objects.select_related("workshop")
    row = get_object_or_404(rows, workshop__slug=slug, name=name)
    if not may_have(row, request.user):
        raise Http404(gettext("There is no such file."))
    return served(row, public=is_public(row))


def served(row: WorkshopFile, *, public: bool) -> FileResponse:
    """The file with headers under which it can do nothing but be shown."""
    try:
        content = default_storage.open(row.stored_as, "rb")
    except OSError as problem:
        raise Http404(gettext("The stored file is missing.")) from problem
    response = FileResponse(content, content_type=row.media_type)
    disposition = content_disposition_header(False, row.name)
    response.headers["Content-Disposition"] = disposition or "inline"
    response.headers["Content-Length"] = str(row.size_bytes)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    # Public today may be a draft tomorrow: whoever keeps a copy asks again soon.
    response.headers["Cache-Control"] = "public, max-age=300" if public else "private, no-store"
    return response
