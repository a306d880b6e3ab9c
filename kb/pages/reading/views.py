"""The viewer of a PDF: /papers/<key>/read/ and /documents/<pk>/read/.

Whoever may have the file may read it here, and nobody else: each address asks anew, by the same
rule as the file's own address. Pages are pictures made by this site, so that nothing of a file
that is not trusted reaches the reader's browser but pixels and words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from kb.pages.papers.pdf_files import servable
from kb.pages.reading.shown import WIDTHS, CannotShow, contents, picture
from papers.ingest.storing import FileLost
from papers.models import Document, Paper

MOST_HITS = 200
AROUND = 60  # characters of a passage on each side of what was looked for


@dataclass(frozen=True)
class Readable:
    """A file that this reader may have, and the addresses around it."""

    document: Document
    title: str
    back: str
    file: str
    place: str
    is_public: bool


def _of_paper(request: HttpRequest, key: str) -> Readable:
    paper = get_object_or_404(Paper.objects.visible_to(request.user), key=key)
    document = servable(paper)
    if document is None:
        raise Http404(gettext("No PDF of this paper may be handed out here."))
    return Readable(
        document,
        paper.title,
        paper.get_absolute_url(),
        reverse("paper-pdf", args=[key, key]),
        reverse("paper-read", args=[key]),
        is_public=True,
    )


def _of_document(request: HttpRequest, pk: int) -> Readable:
    document = get_object_or_404(Document.objects.visible_to(request.user), pk=pk)
    return Readable(
        document,
        document.paper.title if document.paper else document.name,
        document.get_absolute_url(),
        reverse("document-file", args=[pk]),
        reverse("document-read", args=[pk]),
        is_public=False,
    )


@require_safe
def paper(request: HttpRequest, key: str) -> HttpResponse:
    """The viewer of a paper's PDF."""
    return _viewer(request, _of_paper(request, key))


@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """The viewer of an uploaded file, for those who sent it and for curators."""
    return _viewer(request, _of_document(request, pk))


@require_safe
def paper_part(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """A page as a picture, or the words of all pages."""
    return _part(_of_paper(request, key), name)


@require_safe
def document_part(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """The same for an uploaded file."""
    return _part(_of_document(request, pk), name)


def _viewer(request: HttpRequest, readable: Readable) -> HttpResponse:
    context: dict[str, Any] = {"readable": readable, "section": "papers"}
    try:
        shown = contents(readable.document)
    except (CannotShow, FileLost) as problem:
        reason = str(problem) if isinstance(problem, CannotShow) else "The stored file is missing."
        return _private(
            render(request, "reading/problem.html", context | {"reason": reason}), readable
        )
    words = request.GET.get("q", "").strip()[:200]
    context |= {
        "pages": [
            {"number": number, "width": round(page["width"]), "height": round(page["height"])}
            for number, page in enumerate(shown["pages"], start=1)
        ],
        "page_count": shown["page_count"],
        "outline": [entry for entry in shown["outline"] if entry["title"]],
        "widths": WIDTHS,
        "asked": words,
        "hits": list(find(shown["pages"], words)) if words else [],
    }
    return _private(render(request, "reading/viewer.html", context), readable)


def find(pages: list[dict[str, Any]], words: str) -> list[dict[str, Any]]:
    """Where the words stand: page, and the passage before, of and after them."""
    wanted = " ".join(words.casefold().split())
    hits: list[dict[str, Any]] = []
    for number, page in enumerate(pages, start=1):
        text = " ".join(word[4] for word in page["words"])
        folded = text.casefold()
        start = folded.find(wanted)
        while wanted and start >= 0 and len(hits) < MOST_HITS:
            end = start + len(wanted)
            hits.append(
                {
                    "page": number,
                    "before": text[max(0, start - AROUND) : start],
                    "found": text[start:end],
                    "after": text[end : end + AROUND],
                }
            )
            start = folded.find(wanted, end)
    return hits


def _part(readable: Readable, name: str) -> HttpResponse:
    try:
        response = _PARTS[name](readable) if name in _PARTS else _page(readable, name)
    except CannotShow as problem:
        raise Http404(str(problem)) from problem
    except FileLost as problem:
        raise Http404(gettext("The stored file is missing.")) from problem
    return _private(response, readable, seconds=86_400)


def _words(readable: Readable) -> HttpResponse:
    shown = contents(readable.document)
    return JsonResponse({"pages": [page["words"] for page in shown["pages"]]})


_PARTS: dict[str, Callable[[Readable], HttpResponse]] = {"words.json": _words}


def _page(readable: Readable, name: str) -> HttpResponse:
    """`3-900.png`: the third page, 900 pixels wide."""
    number, _, width = name.removesuffix(".png").partition("-")
    fits = name.endswith(".png") and number.isdecimal() and len(number) < 5
    if not fits or width not in map(str, WIDTHS):
        raise Http404(gettext("A page is named <number>-<width>.png."))
    made = picture(readable.document, int(number), int(width))
    return HttpResponse(made, content_type="image/png")


def _private(response: HttpResponse, readable: Readable, seconds: int = 0) -> HttpResponse:
    """Public files may be kept for a while by anybody, one's own by nobody."""
    if not readable.is_public:
        response["Cache-Control"] = "private, no-store"
    elif seconds:
        response["Cache-Control"] = f"public, max-age={seconds}"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
