"""The moderators' queue and log, and the page where members report something."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.roles import is_moderator, signed_in
from community.moderation import log as moderation_log
from community.moderation import queue, reports, transitions

LOG_LENGTH = 50


def _moderator(request: HttpRequest) -> User:
    """The account, if it may decide about contributions."""
    if not is_moderator(request.user):
        raise PermissionDenied(gettext("This is for moderators."))
    return signed_in(request.user)


def _kind(name: str) -> queue.Kind:
    if name not in queue.kinds():
        raise Http404(gettext("Nothing of the kind “{name}” is moderated here.").format(name=name))
    return queue.kinds()[name]


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Everything that waits, the longest waiting first."""
    by = _moderator(request)
    only = request.GET.get("kind", "")
    counts = queue.counts(by)
    context = {
        "section": "moderation",
        "entries": queue.entries(by=by, only=only),
        "only": only if only in counts else "",
        "kinds": [(kind, counts[name]) for name, kind in queue.kinds().items()],
        "total": sum(counts.values()),
    }
    return render(request, "moderation/queue.html", context)


@require_POST
@login_required
def decide(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Publish or decline; whoever comes second is told who was first."""
    by = _moderator(request)
    chosen = _kind(kind)
    entry = queue.entry(chosen, pk, by=by)
    if entry is None:
        raise Http404(gettext("There is nothing under this number."))
    seen = request.POST.get("revision", "")
    try:
        done = queue.decide(
            chosen,
            entry.contribution,
            request.POST.get("decision", ""),
            by=by,
            seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            reason=request.POST.get("reason", ""),
        )
        message, refused = f"{done.done}: {entry.summary}", False
    except transitions.NotPossible as error:
        message, refused = str(error), True
    if request.htmx:  # type: ignore[attr-defined]
        context = {"entry": entry, "told": message, "refused": refused}
        return render(request, "moderation/_decided.html", context)
    (messages.warning if refused else messages.success)(request, message)
    return HttpResponseRedirect(reverse("moderation"))


@require_POST
@login_required
def name(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Tell which account wrote something anonymous, and put on record who asked."""
    by = _moderator(request)
    entry = queue.entry(_kind(kind), pk, by=by)
    if entry is None:
        raise Http404(gettext("There is nothing under this number."))
    try:
        account = queue.name_behind(entry.contribution, by=by)
        message, refused = f"Written by {account}. That you looked is on record.", False
    except transitions.NotPossible as error:
        message, refused = str(error), True
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "moderation/_name.html", {"told": message})
    (messages.warning if refused else messages.success)(request, message)
    return HttpResponseRedirect(reverse("moderation"))


@require_safe
@never_cache
@login_required
def log(request: HttpRequest) -> HttpResponse:
    """Every act, the newest first."""
    by = _moderator(request)
    page = Paginator(moderation_log.log(by), LOG_LENGTH).get_page(request.GET.get("page"))
    context = {"section": "moderation", "page": page, "lines": moderation_log.lines(page)}
    return render(request, "moderation/log.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Tell the moderators what is wrong with something public."""
    chosen = _kind(kind)
    contribution = reports.reported(chosen, pk, by=signed_in(request.user))
    if contribution is None:
        raise Http404(gettext("There is nothing to report under this number."))
    reason, problem = request.POST.get("reason", ""), ""
    if request.method == "POST":
        try:
            reports.report(contribution, by=signed_in(request.user), reason=reason)
            messages.success(request, gettext("Thank you. A moderator will look at it."))
            return HttpResponseRedirect(chosen.url(contribution))
        except transitions.NotPossible as error:
            problem = str(error)
    context = {
        "kind": chosen,
        "summary": chosen.summary(contribution),
        "back": chosen.url(contribution),
        "reason": reason,
        "told": problem,
        "longest": reports.LONGEST_REASON,
    }
    return render(request, "moderation/report.html", context, status=422 if problem else 200)


@require_POST
@login_required
def appeal(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Ask for another look at a contribution of one's own that was declined or hidden."""
    contribution = reports.own_contribution(kind, pk, by=signed_in(request.user))
    if contribution is None:
        raise Http404(gettext("You have no contribution under this number."))
    try:
        transitions.appeal(
            contribution, by=signed_in(request.user), reason=request.POST.get("reason", "")[:2000]
        )
        messages.success(request, gettext("It waits for a moderator again."))
    except transitions.NotPossible as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(f"{reverse('account')}#contributions")
