"""The history of a record, and undoing one change of it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User, Visitor
from accounts.roles import is_curator
from papers.curation.accepted_papers import follow_list
from papers.curation.workshop_blocks import may_edit, note_change
from papers.history import CannotUndo, changes_of, undo, undo_act
from papers.models import Workshop
from papers.records import BY_PLURAL, RecordKind

PAGE_LENGTH = 30


def _record(request: HttpRequest, plural: str, key: str) -> tuple[RecordKind, Any]:
    """The record, if this reader may see it."""
    kind = BY_PLURAL[plural]
    record = kind.find(key, request.user)
    if record is None:
        raise Http404(gettext("There is no {name} “{key}”.").format(name=kind.name, key=key))
    return kind, record


@require_safe
@never_cache
def detail(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Who changed what, when and why; newest first."""
    kind, record = _record(request, plural, key)
    changes = changes_of(record)
    page = Paginator(changes, PAGE_LENGTH).get_page(request.GET.get("page"))
    prefetch_related_objects([change.by for change in page if change.by], "profile")
    context = {
        "section": plural,
        "kind": kind,
        "record": record,
        "key": key,
        "page": page,
        "undoes": _may_undo(record, request.user),
        "curates": is_curator(request.user),
        "undone": {change.why.get("undoes") for change in changes},
    }
    return render(request, "records/history.html", context)


def _may_undo(record: object, user: Visitor) -> bool:
    """Curators; organisers in the history of their workshop."""
    return is_curator(user) or (isinstance(record, Workshop) and may_edit(record, user))


@require_POST
def undo_change(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """Set one change of this record back, or all that its act did to every record."""
    _, record = _record(request, plural, key)
    if not (isinstance(request.user, User) and _may_undo(record, request.user)):
        raise PermissionDenied(gettext("Only curators undo changes. You can suggest a correction."))
    wanted = request.POST.get("change", "")
    change = next((known for known in changes_of(record) if known.key == wanted), None)
    if change is None:
        raise Http404(gettext("There is no such change of this record."))
    reason = request.POST.get("reason", "")[:500]
    try:
        if request.POST.get("scope") == "act" and is_curator(request.user):
            count = undo_act(change, by=request.user, reason=reason)
            messages.success(request, gettext("Set back in {count} records.").format(count=count))
        else:
            undo(record, change, by=request.user, reason=reason)
            if isinstance(record, Workshop):
                follow_list(record)
                note_change(record, "undo", "An earlier state was brought back.")
            messages.success(
                request, gettext("Set back. That is a change of its own and can be undone.")
            )
    except CannotUndo as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(reverse("history", args=[plural, key]))
