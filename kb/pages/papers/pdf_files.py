"""Handing out PDFs: to everybody where the licence allows it, else a way to the publisher.

A PDF is never trusted: it is served sandboxed, with its type fixed, and to this site only.
"""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from papers.ingest.storing import FileLost, open_file
from papers.models import Document, Paper
from papers.versions import published_address


def servable(paper: Paper) -> Document | None:
    """The document of `paper` that anybody may have, the latest first."""
    fitting = [
        document
        for document in paper.documents.all()
        if document.state == Document.State.DONE and document.may_be_handed_out
    ]
    return max(fitting, key=lambda document: (document.received_at, document.pk), default=None)


def public_pdf_path(paper: Paper) -> str:
    """Path of the PDF that anybody may have; empty when there is none."""
    return reverse("paper-pdf", args=[paper.key, paper.key]) if servable(paper) else ""


def outside_pdf(paper: Paper) -> str:
    """Where else the PDF, or at least the published paper, is found; empty if nowhere."""
    if paper.arxiv:
        return f"https://arxiv.org/pdf/{paper.arxiv}"
    return published_address(paper)[1]


@require_safe
def paper_pdf(request: HttpRequest, key: str, name: str) -> HttpResponse | FileResponse:
    """/papers/<key>/<key>.pdf: the file, or a redirect to where it is published."""
    if name != key:
        raise Http404(gettext("The PDF of a paper is named after its key."))
    paper = get_object_or_404(Paper.objects.visible_to(request.user), key=key)
    document = servable(paper)
    if document is not None:
        return _served(document, f"{paper.key}.pdf", public=True)
    if address := outside_pdf(paper):
        return HttpResponseRedirect(address)
    raise Http404(
        gettext("No PDF of this paper may be handed out here, and no other address is known.")
    )


@require_safe
def document_file(request: HttpRequest, pk: int) -> FileResponse:
    """The uploaded file, for those who sent it and for curators."""
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    return _served(document, document.name, public=False)


def _served(document: Document, name: str, *, public: bool) -> FileResponse:
    try:
        file = open_file(document)
    except FileLost as problem:
        raise Http404(gettext("The stored file is missing.")) from problem
    response = FileResponse(file, content_type="application/pdf")
    disposition = content_disposition_header(False, name)
    response.headers["Content-Disposition"] = disposition or "inline"
    response.headers["Content-Length"] = str(document.size_bytes)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "public, max-age=3600" if public else "private, no-store"
    return response
