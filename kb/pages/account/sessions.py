"""Where one's account is signed in, and ending that."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import signed_in
from accounts.sessions import NO_ADDRESS, device_of, end_sessions, sessions_of
from accounts.words import Words


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Every session that opens the account, this one marked."""
    rows = [
        {
            "pk": row.pk,
            "device": device_of(row.user_agent),
            "said": row.user_agent,
            "address": row.ip if row.ip != NO_ADDRESS else "",
            "began": row.created_at,
            "seen": row.last_seen_at,
            "here": row.session_key == request.session.session_key,
        }
        for row in sessions_of(signed_in(request.user))
    ]
    context = {
        "section": "account",
        "sessions": sorted(rows, key=lambda row: not row["here"]),
        "other_count": sum(not row["here"] for row in rows),
    }
    return render(request, "account_pages/sessions.html", context)


@require_POST
@login_required
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one session; ending this one signs out."""
    rows = [row for row in sessions_of(signed_in(request.user)) if row.pk == pk]
    if not rows:
        raise Http404(gettext("This session has ended already."))
    here = rows[0].session_key == request.session.session_key
    end_sessions(rows)
    if here:
        logout(request)
        return HttpResponseRedirect(reverse("home"))
    messages.success(
        request,
        gettext("{device_of} is signed out.").format(device_of=device_of(rows[0].user_agent)),
    )
    return HttpResponseRedirect(reverse("sessions"))


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """End every session but this one."""
    here = request.session.session_key
    count = end_sessions(
        row for row in sessions_of(signed_in(request.user)) if row.session_key != here
    )
    message = (
        Words("You are signed in nowhere else.")
        if not count
        else Words("You are signed in only here now.")
    )
    messages.success(request, message)
    return HttpResponseRedirect(reverse("sessions"))
