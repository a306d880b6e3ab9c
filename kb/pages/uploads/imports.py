"""Importing without a PDF: paste, look at the merge field by field, then write it."""

from __future__ import annotations

import re

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import is_curator, is_member, signed_in
from community.list_files.folder import is_list
from papers.importers.decoding import UnknownEncoding, decode
from papers.importers.importing import Preview, apply_batch, make_batch, previews
from papers.importers.pasted import LONGEST
from papers.ingest.receive import Refused
from papers.models import ImportBatch

_FILE_BYTES = 2 * 2**20
_DIGITS = 6  # of the number of a work in its batch
_SHOWN_AGAIN = 50_000  # characters of what was sent that fit a page
_TOLD_BY = 20_000  # characters by which a reading list is told from a bibliography
_LINE = re.compile(r"^line (\d{1,7})\b")


@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """The form; a POST looks everything up and leads to the preview."""
    if request.method == "POST":
        return _look_up(request)
    context = {
        "section": "upload",
        "asked": request.GET.get("asked", "")[:LONGEST],
        "allowed": is_member(request.user),
        "login_url": f"{reverse('account_login')}?next={reverse('import')}",
        "earlier": _earlier(request),
    }
    return render(request, "imports/index.html", context)


def _earlier(request: HttpRequest) -> object:
    if not request.user.is_authenticated:
        return []
    return ImportBatch.objects.filter(by=request.user)[:10]


def _look_up(request: HttpRequest) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect_to_login(reverse("import"))
    if not is_member(request.user):
        return render(request, "imports/index.html", {"allowed": False}, status=403)
    text = request.POST.get("asked", "")
    file = request.FILES.get("file")
    encoding = ""
    if file is not None and file.size and file.size <= _FILE_BYTES:
        try:
            decoded = decode(file.read())
        except UnknownEncoding as problem:
            messages.error(request, str(problem))
            return HttpResponseRedirect(reverse("import"))
        text, encoding = decoded.text, decoded.encoding if decoded.is_guess else ""
    elif file is not None and file.size:
        messages.error(request, gettext("The file is larger than 2 MB; split it."))
        return HttpResponseRedirect(reverse("import"))
    if not text.strip():
        messages.error(request, gettext("Paste something, or choose a file."))
        return HttpResponseRedirect(reverse("import"))
    if is_list(text[:_TOLD_BY]):
        context = {"section": "upload", "allowed": True, "is_list": True}
        return render(request, "imports/index.html", context, status=422)
    batch = make_batch(text, by=request.user, encoding=encoding)
    return HttpResponseRedirect(reverse("import-preview", args=[batch.pk]))


def _batch(request: HttpRequest, pk: int) -> ImportBatch:
    """The batch, if this reader made it or may curate."""
    batches = ImportBatch.objects.all()
    if not is_curator(request.user):
        owner = request.user if request.user.is_authenticated else None
        batches = batches.filter(by=owner).exclude(by=None)
    return get_object_or_404(batches, pk=pk)


@require_safe
@never_cache
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """What each work would change; nothing has been written. Afterwards: what was done."""
    batch = _batch(request, pk)
    works = [] if batch.applied_at else previews(batch)
    context = {
        "section": "upload",
        "batch": batch,
        "works": works,
        "new_count": sum(work.is_new for work in works),
        "waiting_count": _waiting(batch, works),
        "question_count": sum(work.asks for work in works),
        "curates": is_curator(request.user),
        "marked": [] if batch.applied_at else _marked(batch),
        "sent": batch.asked if len(batch.asked) <= _SHOWN_AGAIN else "",
    }
    return render(request, "imports/preview.html", context)


def _waiting(batch: ImportBatch, works: list[Preview]) -> int:
    """How many works are, or would be, public only when they are confirmed."""
    if batch.applied_at:
        return sum(row.get("effect") == "waiting" for row in batch.results)
    return sum(work.is_new and work.waits for work in works)


def _marked(batch: ImportBatch) -> list[tuple[int, str]]:
    """The lines of what was sent that the problems name, with their numbers."""
    lines = batch.asked.splitlines()
    numbers = {int(match[1]) for match in map(_LINE.match, batch.problems) if match}
    return [(number, lines[number - 1][:200]) for number in sorted(numbers) if number <= len(lines)]


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Write what was chosen. A second click changes nothing."""
    batch = _batch(request, pk)
    chosen, same = _numbers(request, "work"), _numbers(request, "same")
    wins: dict[int, set[str]] = {}
    for value in request.POST.getlist("take"):
        number, _, name = value.partition(":")
        if number.isdecimal():
            wins.setdefault(int(number), set()).add(name)
    if not chosen and not batch.applied_at:
        messages.error(request, gettext("Nothing was chosen, so nothing was written."))
    else:
        try:
            apply_batch(batch, by=signed_in(request.user), chosen=chosen, wins=wins, same=same)
        except Refused as reason:
            messages.error(request, gettext("Nothing was written. {reason}").format(reason=reason))
    return HttpResponseRedirect(reverse("import-preview", args=[batch.pk]))


def _numbers(request: HttpRequest, name: str) -> set[int]:
    given = request.POST.getlist(name)
    return {int(value) for value in given if value.isdecimal() and len(value) <= _DIGITS}
