"""One document with all that was read from it, and the curators' desk."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import is_curator, is_member
from kb.pages.deciding import curator_of
from kb.pages.uploads.views import with_counts
from papers.curation import deciding
from papers.curation.waiting import confirm_licence
from papers.ingest import citations, pipeline
from papers.models import (
    Conflict,
    Decision,
    Document,
    Find,
    Paper,
    Reading,
    TopicSuggestion,
    WaitingWork,
)

ON_DESK = 100
_FIELDS = ("title", "authors", "year", "venue", "abstract", "doi", "arxiv", "references")


def _visible(request: HttpRequest, pk: int) -> Document:
    """The document, if this reader may see it."""
    return get_object_or_404(with_counts(Document.objects.visible_to(request.user)), pk=pk)


def _back(request: HttpRequest, otherwise: str) -> HttpResponseRedirect:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return HttpResponseRedirect(wanted if safe else otherwise)


@require_safe
@never_cache
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What was read, how surely, and what became of it."""
    document = _visible(request, pk)
    reading = Reading.objects.filter(document=document).first()
    context = {
        "document": document,
        "reading": reading,
        "fields": _fields(reading),
        "conflicts": document.conflicts.select_related("paper", "decided_by"),
        "suggestions": _suggestions(document),
        "waiting": document.waiting_works.select_related("paper", "adds_to", "decided_by"),
        "references": document.references.prefetch_related(
            Prefetch("cited", Paper.objects.visible_to(request.user))
        ),
        "licences": Document.Licence.choices,
        "curates": is_curator(request.user),
    }
    return render(request, "uploads/document.html", context)


def _fields(reading: Reading | None) -> list[dict[str, Any]]:
    """Field, value and confidence of what was read, as the page shows them."""
    if reading is None:
        return []
    extraction = reading.extraction
    values = {name: extraction.get(name) for name in _FIELDS}
    values["authors"] = ", ".join(author["name"] for author in extraction.get("authors", []))
    values["references"] = len(extraction.get("references", [])) or ""
    sure = extraction.get("confidence", {})
    return [
        {"name": name, "value": value, "percent": round(100 * sure.get(name, 0.0))}
        for name, value in values.items()
        if value
    ]


def _suggestions(document: Document) -> object:
    if document.paper is None:
        return []
    return document.paper.topic_suggestions.filter(decision=Decision.OPEN).select_related("topic")


@require_safe
@never_cache
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for a curator: failed documents, conflicts, suggested topics."""
    curator_of(request)
    failed = Document.objects.filter(state=Document.State.FAILED).order_by("-finished_at")
    conflicts = Conflict.objects.filter(decision=Decision.OPEN).select_related("paper", "document")
    suggestions = TopicSuggestion.objects.filter(decision=Decision.OPEN)
    context = {
        "failed": failed[:ON_DESK],
        "failed_count": failed.count(),
        "conflicts": conflicts.order_by("-found_at")[:ON_DESK],
        "conflict_count": conflicts.count(),
        "suggestions": suggestions.select_related("paper", "topic").order_by(
            "-paper", "-confidence"
        )[:ON_DESK],
        "suggestion_count": suggestions.count(),
        "claimed": _claimed_licences()[:ON_DESK],
        "waiting_count": WaitingWork.objects.waiting().count(),
        "found_count": Find.objects.waiting().count(),
        "active": Document.objects.active().values("state").annotate(n=Count("pk")),
    }
    return render(request, "uploads/desk.html", context)


def _claimed_licences() -> QuerySet[Document]:
    """Files of papers here whose licence is a sender's word, without those that wait themselves."""
    waiting = WaitingWork.objects.waiting().exclude(document=None).values("document")
    claimed = Document.objects.filter(
        licence__in=Document.SERVABLE, licence_confirmed_at=None, state=Document.State.DONE
    )
    return claimed.exclude(paper=None).exclude(pk__in=waiting).select_related("paper", "licence_by")


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a failed document again."""
    curator_of(request)
    document = get_object_or_404(Document, pk=pk)
    if pipeline.retry(document):
        messages.success(request, gettext("{name} is read again.").format(name=document.name))
    return _back(request, document.get_absolute_url())


@require_POST
def set_licence(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what the copyright holder allows, and so confirm what the sender said."""
    curator = curator_of(request)
    document = get_object_or_404(Document, pk=pk)
    try:
        confirm_licence(document, request.POST.get("licence", ""), by=curator)
    except ValueError:
        messages.error(request, gettext("That licence is not in the list."))
    return _back(request, document.get_absolute_url())


@require_POST
def decide_conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline what a source says of a field."""
    curator = curator_of(request)
    conflict = get_object_or_404(Conflict.objects.select_related("paper"), pk=pk)
    try:
        if request.POST.get("decision") == "accept":
            deciding.accept_conflict(conflict=conflict, by=curator)
        else:
            deciding.decline_conflict(conflict=conflict, by=curator)
    except deciding.AlreadyDecided:
        messages.info(request, gettext("Somebody has decided that already."))
    except deciding.CannotAccept as reason:
        messages.error(request, str(reason))
    return _back(request, conflict.paper.get_absolute_url())


@require_POST
def decide_topic(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept or decline a suggested topic, in one click."""
    curator = curator_of(request)
    suggestion = get_object_or_404(TopicSuggestion.objects.select_related("paper", "topic"), pk=pk)
    act = deciding.decline_topic
    if request.POST.get("decision") == "accept":
        act = deciding.accept_topic  # type: ignore[assignment]
    try:
        act(suggestion=suggestion, by=curator)
    except deciding.AlreadyDecided:
        messages.info(request, gettext("Somebody has decided that already."))
    return _back(request, suggestion.paper.get_absolute_url())


@require_safe
def missing(request: HttpRequest) -> HttpResponse:
    """Works that papers here cite most and that are not here themselves."""
    context = {
        "works": citations.missing_works(100, user=request.user),
        "paper_count": Paper.objects.visible_to(request.user)
        .filter(references__isnull=False)
        .distinct()
        .count(),
        "may_import": is_member(request.user),
        "import_url": reverse("import"),
    }
    return render(request, "uploads/missing.html", context)
