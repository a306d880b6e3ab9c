"""Sending PDFs: one page with and without scripts, and what became of each file."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import is_curator, is_member, signed_in
from accounts.words import Words
from kb.pages.uploads.limits import CappedUpload, cap_uploads
from papers.ingest.receive import (
    DailyLimitReached,
    Received,
    Refused,
    largest_bytes,
    plain_name,
    receive,
    too_large,
)
from papers.models import Conflict, Decision, Document, Paper, Reference, Upload, WaitingWork

SHOWN = 250
_TIED = Q(cited__state=Paper.State.PUBLIC)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """The page; and the plain form, which sends all files at once. CSRF is checked below."""
    if request.method == "POST":
        return _send_all(request, cap_uploads(request, largest_bytes()))
    return _page(request)


def _page(request: HttpRequest, status: int = 200) -> HttpResponse:
    context = {
        "section": "upload",
        "allowed": is_member(request.user),
        "login_url": f"{reverse('account_login')}?next={reverse('upload')}",
        "largest_megabytes": largest_bytes() // 2**20,
        "most_files": settings.DATA_UPLOAD_MAX_NUMBER_FILES,
        "most_a_day": 0 if is_curator(request.user) else settings.KB_DAILY_UPLOADS,
        "licences": [choice for choice in Document.Licence.choices if choice[0]],
        **_yours(request),
    }
    return render(request, "uploads/upload.html", context, status=status)


@csrf_protect
def _send_all(request: HttpRequest, watch: CappedUpload) -> HttpResponse:
    if not is_member(request.user):
        return _page(request, status=403)
    files = request.FILES.getlist("files")
    taken = 0
    for file in files:
        try:
            _receive(request, file)
            taken += 1
        except DailyLimitReached as reason:
            messages.error(
                request,
                gettext("{plain_name} and what followed: {reason}").format(
                    plain_name=plain_name(file.name or ""), reason=reason
                ),
            )
            break
        except Refused as reason:
            messages.error(request, f"{plain_name(file.name or '')}: {reason}")
    for name in watch.refused:
        messages.error(request, f"{plain_name(name)}: {too_large()}")
    if taken:
        messages.success(
            request,
            gettext("{taken} file{word} received.").format(
                taken=taken, word="s" if taken > 1 else ""
            ),
        )
    elif not files and not watch.refused:
        messages.error(request, gettext("No file was chosen."))
    return HttpResponseRedirect(reverse("upload"))


@csrf_exempt
@require_POST
def upload_file(request: HttpRequest) -> HttpResponse:
    """One file of the scripted page; answers JSON with a sentence. CSRF is checked below."""
    return _send_one(request, cap_uploads(request, largest_bytes()))


@csrf_protect
def _send_one(request: HttpRequest, watch: CappedUpload) -> JsonResponse:
    if not is_member(request.user):
        return _refusal("not-allowed", Words("Sign in to upload."), 403)
    file = request.FILES.get("file")
    if file is None:
        reason = too_large() if watch.refused else Refused("empty", Words("No file arrived."))
        return _refusal(reason.code, str(reason), 413 if watch.refused else 400)
    try:
        received = _receive(request, file)
    except DailyLimitReached as reason:
        return _refusal(reason.code, str(reason), HTTPStatus.TOO_MANY_REQUESTS)
    except Refused as reason:
        return _refusal(reason.code, str(reason), HTTPStatus.UNPROCESSABLE_ENTITY)
    document = received.document
    return JsonResponse(
        {
            "document": document.pk,
            "address": document.get_absolute_url(),
            "message": "Received." if received.is_new else Words("Here already."),
        }
    )


def _refusal(code: str, message: str, status: int) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


def _receive(request: HttpRequest, file: UploadedFile) -> Received:
    licence = request.POST.get("licence", "")
    return receive(
        file.file,  # type: ignore[arg-type]
        name=file.name or "",
        by=signed_in(request.user),
        via=Upload.Via.PAGE,
        licence=licence if licence in Document.Licence.values else "",
    )


@require_safe
@never_cache
def yours(request: HttpRequest) -> HttpResponse:
    """The reader's uploads as a fragment; it asks for itself again only while work goes on."""
    return render(request, "uploads/_yours.html", _yours(request))


@require_safe
@never_cache
def status(request: HttpRequest, pk: int) -> HttpResponse:
    """Where one document is; polls until it has nothing more to say."""
    document = get_object_or_404(with_counts(Document.objects.visible_to(request.user)), pk=pk)
    return render(request, "uploads/_status.html", {"document": document})


def _yours(request: HttpRequest) -> dict[str, Any]:
    if not request.user.is_authenticated:
        return {"documents": []}
    sent = Upload.objects.filter(by=request.user)
    mine = Document.objects.annotate(
        sent=Subquery(sent.filter(document=OuterRef("pk")).values("at")[:1])
    ).exclude(sent=None)
    documents = list(with_counts(mine).order_by("-sent", "-pk")[:SHOWN])  # type: ignore[misc]
    return {
        "documents": documents,
        "active_count": sum(document.is_active for document in documents),
        "failed_count": sum(document.has_failed for document in documents),
        "done_count": sum(document.is_done for document in documents),
    }


def with_counts(documents: QuerySet[Document]) -> QuerySet[Document]:
    """With the paper, its references, those that lead to papers here, and open conflicts."""
    references = Reference.objects.filter(document=OuterRef("pk")).order_by().values("document")
    conflicts = Conflict.objects.filter(document=OuterRef("pk"), decision=Decision.OPEN).values(
        "document"
    )
    waiting = WaitingWork.objects.waiting().filter(document=OuterRef("pk"))
    return documents.select_related("paper").annotate(
        waiting_title=Subquery(waiting.values("title")[:1]),
        reference_count=Coalesce(Subquery(references.annotate(n=Count("pk")).values("n")), 0),
        tied_count=Coalesce(
            Subquery(references.annotate(n=Count("pk", filter=_TIED)).values("n")),
            0,
        ),
        conflict_count=Coalesce(Subquery(conflicts.annotate(n=Count("pk")).values("n")), 0),
    )
