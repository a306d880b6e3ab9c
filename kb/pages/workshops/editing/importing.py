"""Taking files into a workshop: the form, the preview, and the drafts that they become."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.roles import NotPossible, signed_in
from community.workshops import taking_in
from kb.pages.workshops.editing.forms import ROLES
from kb.pages.workshops.editing.views import own_workshop, to_desk
from papers.importers.workshop_files.writing import PARTS
from papers.models import Workshop, WorkshopImport

TOLD_SHOWN, DRAFTS_SHOWN, ROWS_SHOWN = 200, 40, 150
FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@never_cache
@login_required
def start(request: HttpRequest, slug: str) -> HttpResponse:
    """Files, a ZIP or a pasted text; a POST reads them and leads to the preview."""
    workshop = own_workshop(request, slug)
    problem = ""
    if request.method == "POST":
        try:
            sent = taking_in.start(workshop, _files(request), by=signed_in(request.user))
            return _to_preview(workshop, sent)
        except NotPossible as error:
            problem = str(error)
    context = {
        "section": "workshops",
        "workshop": workshop,
        "problem": problem,
        "text": request.POST.get("text", "")[:100_000],
        "role": request.POST.get("role", ""),
        "roles": ROLES[1:],
        "earlier": workshop.imports.select_related("by")[:8],
    }
    status = 422 if problem else 200
    return render(request, "workshops/editing/import.html", context, status=status)


def _files(request: HttpRequest) -> dict[str, bytes]:
    """What was sent by name; a pasted text is a file, under a heading that says the role."""
    files: dict[str, bytes] = {}
    for sent in request.FILES.getlist("files"):
        if (sent.size or 0) > taking_in.MOST_BYTES:
            raise NotPossible(gettext("“{name}” is larger than 10 MB.").format(name=sent.name))
        files[str(sent.name)] = sent.read()
    text = request.POST.get("text", "").strip()[: taking_in.MOST_BYTES]
    role = request.POST.get("role", "")
    if text and role in dict(ROLES[1:]):
        text = f"{role.replace('_', ' ')}s:\n{text}"
    return files | ({"pasted.txt": text.encode()} if text else {})


def _to_preview(workshop: Workshop, sent: WorkshopImport) -> HttpResponse:
    return HttpResponseRedirect(reverse("workshop-import-preview", args=[workshop.slug, sent.pk]))


@FORM
@never_cache
@login_required
def preview(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """What is new, changed, the same, in conflict, and what was left; a POST keeps it."""
    workshop = own_workshop(request, slug)
    sent = get_object_or_404(WorkshopImport, pk=pk, workshop=workshop)
    if request.method == "POST":
        return _take(request, workshop, sent)
    looked = taking_in.look(sent)
    context = {
        "section": "workshops",
        "workshop": workshop,
        "sent": sent,
        "counts": looked.counts,
        "parts": [
            (part, title, rows, [row for row in rows if row.status != "same"][:ROWS_SHOWN])
            for part, title, rows in looked.by_part
        ],
        "drafts": list(enumerate(looked.read.drafts))[:DRAFTS_SHOWN],
        "told": looked.read.told[:TOLD_SHOWN],
        "told_more": max(0, len(looked.read.told) - TOLD_SHOWN),
    }
    return render(request, "workshops/editing/import_preview.html", context)


def _take(request: HttpRequest, workshop: Workshop, sent: WorkshopImport) -> HttpResponse:
    drafts = {int(place) for place in request.POST.getlist("draft") if place.isdecimal()}
    parts = [part for part in request.POST.getlist("part") if part in PARTS]
    try:
        changes = taking_in.take(
            sent,
            by=signed_in(request.user),
            parts=parts,
            drafts=drafts,
            theirs=set(request.POST.getlist("theirs")),
        )
    except NotPossible as error:
        raise Http404(str(error)) from error
    written = sum(change.status in ("new", "changed") for change in changes)
    if written or drafts:
        messages.success(
            request,
            gettext(
                "{written} taken in as drafts. Look at each part, then choose who sees it."
            ).format(written=written),
        )
    else:
        messages.info(request, gettext("Nothing in it was new. Nothing changed."))
    return to_desk(workshop)
