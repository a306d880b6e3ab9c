"""Suggesting a correction, one's own corrections, and the curators' page."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import is_curator, signed_in
from community.corrections import alarms, deciding, proposing
from community.corrections.comparing import record_of, rows_of, seen_of
from community.models import Alarm, Correction
from kb.pages.corrections import forms
from kb.pages.deciding import curator_of
from papers.curation.editing import CannotWrite, fields_of
from papers.records import BY_PLURAL, KINDS

PAGE_LENGTH = 30


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """For curators all proposals and alarms; for everybody their own."""
    state = request.GET.get("state", "open")
    state = state if state in Correction.State.values else "open"
    visible = Correction.objects.visible_to(request.user)
    rows = visible.filter(state=state).with_names()
    rows = rows if state == "open" else rows.order_by("-decided_at")
    page = Paginator(rows, PAGE_LENGTH).get_page(request.GET.get("page"))
    curates = is_curator(request.user)
    alarming = Alarm.objects.filter(seen_at=None).select_related("account")
    context = {
        "section": "corrections",
        "page": page,
        "lines": forms.lines(page),
        "state": state,
        "states": Correction.State.choices,
        "curates": curates,
        "alarms": alarming if curates else [],
    }
    return render(request, "corrections/index.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """The record's fields as a form; a POST proposes what was changed in it."""
    kind = BY_PLURAL[plural]
    record = kind.find(key, request.user)
    if record is None:
        raise Http404(gettext("There is no {name} “{key}”.").format(name=kind.name, key=key))
    if request.method != "POST":
        inputs = forms.inputs(kind.name, fields_of(record))
        into = request.GET.get("into", "")
        return _form(request, kind, record, inputs, {"into": into})
    given, wrong = forms.read(kind.name, request.POST)
    try:
        if wrong:
            raise proposing.CannotPropose(**wrong)
        correction = _propose(request, record, given)
    except proposing.CannotPropose as problem:
        inputs = forms.given_inputs(kind.name, request.POST, fields_of(record))
        return _form(request, kind, record, inputs, request.POST, problem.wrong, 422)
    return _proposed(request, correction)


def _propose(request: HttpRequest, record: Any, given: forms.Given) -> Correction:
    sent_by: dict[str, Any] = {"by": request.user, "reason": given.reason, "source": given.source}
    if given.into:
        kind = forms.kind_named(record)
        into = kind.find(forms.key_in(given.into), request.user)
        return proposing.propose_merge(record, into=into, **sent_by)
    return proposing.propose_change(record, fields=given.fields, base=given.base, **sent_by)


def _proposed(request: HttpRequest, correction: Correction) -> HttpResponse:
    """Curators may have it applied at once; the same checks hold as for anybody's."""
    if request.POST.get("apply") and is_curator(request.user):
        try:
            deciding.accept(correction, by=request.user, seen=seen_of(rows_of(correction)))
            messages.success(
                request, gettext("Applied. It can be set back from the record's history.")
            )
        except (deciding.NotDecided, CannotWrite) as problem:
            messages.error(request, str(problem))
    else:
        messages.success(request, gettext("Thank you. A curator looks at it."))
    return HttpResponseRedirect(correction.get_absolute_url())


def _form(
    request: HttpRequest,
    kind: Any,
    record: object,
    inputs: object,
    given: object,
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "section": kind.plural if kind else "papers",
        "kind": kind or KINDS["paper"],
        "record": record,
        "inputs": inputs,
        "given": given,
        "wrong": wrong or {},
        "merges": record is not None and kind.name in ("paper", "person"),
        "curates": is_curator(request.user),
    }
    return render(request, "corrections/form.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_paper(request: HttpRequest) -> HttpResponse:
    """Propose a paper that is not here."""
    if request.method != "POST":
        return _form(request, None, None, forms.inputs("paper", {}), {})
    given, wrong = forms.read("paper", request.POST)
    try:
        if wrong:
            raise proposing.CannotPropose(**wrong)
        correction = proposing.propose_paper(
            by=signed_in(request.user),
            fields=given.fields,
            reason=given.reason,
            source=given.source,
        )
    except proposing.CannotPropose as problem:
        inputs = forms.given_inputs("paper", request.POST, {})
        return _form(request, None, None, inputs, request.POST, problem.wrong, 422)
    return _proposed(request, correction)


def _visible(request: HttpRequest, pk: int) -> Correction:
    seen = Correction.objects.visible_to(request.user).select_related(
        "author__profile", "decided_by__profile"
    )
    return get_object_or_404(seen, pk=pk)


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal: the difference, three ways where the record changed since, and what to do."""
    return _detail(request, _visible(request, pk))


def _detail(
    request: HttpRequest, correction: Correction, told: str = "", status: int = 200
) -> HttpResponse:
    rows = rows_of(correction)
    record = record_of(correction)
    merge = correction.kind == Correction.Kind.MERGE
    kind = KINDS[correction.record_kind]
    context = {
        "section": "corrections",
        "correction": correction,
        "record": record,
        "plural": kind.plural,
        "key": kind.key_of(record) if record is not None else "",
        "into": kind.find(correction.proposed["into"], request.user) if merge else None,
        "choices": [] if merge else forms.choices(correction.record_kind, rows, request.POST),
        "rows": [] if merge else rows,
        "is_stale": any(row.is_stale for row in rows) and correction.is_open and not merge,
        "seen": seen_of(rows),
        "told": told,
        "own": correction.author_id == request.user.pk,
        "curates": is_curator(request.user),
    }
    return render(request, "corrections/detail.html", context, status=status)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept (as proposed, or as chosen and edited) or decline."""
    if not is_curator(request.user):
        raise PermissionDenied(gettext("Only curators decide about corrections."))
    correction = _visible(request, pk)
    answer = request.POST.get("answer", "")[: proposing.LONGEST]
    try:
        if request.POST.get("decision") == "accept":
            values = forms.chosen(correction, request.POST)
            seen = request.POST.get("seen", "")
            deciding.accept(correction, by=request.user, seen=seen, values=values, answer=answer)
            messages.success(
                request, gettext("Accepted. It can be set back from the record's history.")
            )
        else:
            deciding.decline(correction, by=request.user, answer=answer)
            messages.success(request, gettext("Declined. Its author can read why."))
    except deciding.AlreadyDecided as problem:
        messages.info(request, str(problem))
    except (deciding.NotDecided, CannotWrite, ValueError) as problem:
        correction = _visible(request, pk)
        return _detail(request, correction, str(problem), status=409)
    return HttpResponseRedirect(correction.get_absolute_url())


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own proposal back."""
    correction = _visible(request, pk)
    try:
        proposing.withdraw_correction(correction, by=signed_in(request.user))
        messages.success(request, gettext("Withdrawn."))
    except proposing.CannotPropose as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(correction.get_absolute_url())


@login_required
@require_POST
def see_alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """A curator has looked into an alarm."""
    curator = curator_of(request)
    if not alarms.see(get_object_or_404(Alarm, pk=pk), by=curator):
        messages.info(request, gettext("Another curator looked before."))
    return HttpResponseRedirect(reverse("corrections"))
