"""/dumps/: all that is public, as of each night, for whoever wants to mirror it."""

from __future__ import annotations

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kb.backup.dump import FOLDER, MANIFEST, dates, manifest_of

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_TYPES = {".json": "application/json", ".jsonl": "application/jsonl"}


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The dumps that are kept, with what the newest holds."""
    kept = dates()
    context = {"dates": kept, "manifest": manifest_of(kept[0]) if kept else None}
    return render(request, "dumps.html", context)


@require_safe
def file(request: HttpRequest, date: str, name: str) -> FileResponse:
    """One file of a dump."""
    manifest = manifest_of(date) if _DATE.fullmatch(date) else None
    if manifest is None or name not in (MANIFEST, *manifest["files"]):
        raise Http404(gettext("There is no such file in the dumps that are kept."))
    kind = next((_TYPES[end] for end in _TYPES if name.endswith(end)), "text/plain; charset=utf-8")
    response = FileResponse(default_storage.open(f"{FOLDER}/{date}/{name}", "rb"))
    response.headers["Content-Type"] = kind
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
