"""The programme beside its form: moving entries, named versions, ways in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from accounts.roles import NotPossible, signed_in
from community.workshops import programmes
from kb.pages.workshops.editing.views import moment_in, own_workshop
from papers.curation.editing import CannotWrite
from papers.curation.workshop_blocks import working_copy
from papers.models import Workshop
from papers.workshops.clocks import oddities
from papers.workshops.programme import zone_of
from papers.workshops.versions import neighbour


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def board(request: HttpRequest, slug: str) -> HttpResponse:
    """The order of the day, its versions and its ways in. Every button works without script."""
    workshop = own_workshop(request, slug)
    if request.method == "POST":
        try:
            _act(request, workshop, signed_in(request.user))
        except (NotPossible, CannotWrite) as problem:
            messages.warning(request, str(problem))
        where = request.POST.get("at", "")
        anchor = f"#at-{where}" if where.replace("-", "").isalnum() else ""
        address = reverse("workshop-board", args=[workshop.slug])
        return HttpResponseRedirect(address + anchor)
    schedule = working_copy(workshop)["schedule"]
    zone = zone_of(workshop)
    context = {
        "section": "workshops",
        "workshop": workshop,
        "entries": [_shown(item) for item in schedule],
        "oddities": oddities(schedule),
        "versions": programmes.versions(workshop),
        "links": workshop.attend_links.all(),
        "names": {item["code"]: item.get("title") or item.get("label") for item in schedule},
        "zone": zone.key if zone else "UTC",
        "local": zone,
    }
    return render(request, "workshops/editing/board.html", context)


def _shown(item: dict[str, Any]) -> dict[str, Any]:
    """An entry with everything that the page asks for, and what to call it."""
    names = ("code", "start", "end", "day", "room", "speaker", "withdrawn")
    title = item.get("title") or item.get("label") or item.get("kind") or "An entry"
    return {name: item.get(name) or "" for name in names} | {"title": title}


def _act(request: HttpRequest, workshop: Workshop, by: User) -> None:
    """What the button says: "up CODE", "down CODE", "move", "name", "back PK" …"""
    act, _, which = request.POST.get("do", "").partition(" ")
    if act in ("up", "down", "move"):
        _move(request, workshop, act, which, by)
    elif act == "name":
        tell = bool(request.POST.get("tell"))
        words = programmes.name_version(workshop, request.POST.get("name", ""), by=by, tell=tell)
        messages.success(
            request, gettext("Kept. Since the version before: {words}.").format(words=words)
        )
    elif act == "link":
        programmes.add_link(
            workshop,
            label=request.POST.get("label", ""),
            url=request.POST.get("url", "").strip(),
            entry=request.POST.get("entry", ""),
            show_from=moment_in(request.POST.get("show_from", ""), workshop),
            hide_after=moment_in(request.POST.get("hide_after", ""), workshop),
            by=by,
        )
        messages.success(
            request, gettext("Kept. It is told between its two moments, and only then.")
        )
    else:
        _act_on(act, which, workshop, by)
        messages.success(request, gettext("Done."))


def _move(request: HttpRequest, workshop: Workshop, act: str, code: str, by: User) -> None:
    if act == "move":
        code, before = request.POST.get("code", ""), request.POST.get("before", "")
    else:
        schedule = working_copy(workshop)["schedule"]
        place = neighbour(schedule, code, -1 if act == "up" else 1)
        if place is None:
            raise NotPossible(gettext("It is the first or the last of its day and room."))
        before = place
    programmes.move(workshop, code, before, by=by)


def _act_on(act: str, which: str, workshop: Workshop, by: User) -> None:
    acts: dict[str, Callable[[int], None]] = {
        "back": lambda pk: programmes.bring_back(workshop, pk, by=by),
        "forget": lambda pk: programmes.forget_version(workshop, pk, by=by),
        "unlink": lambda pk: programmes.remove_link(workshop, pk, by=by),
    }
    if act not in acts or not which.isdecimal() or len(which) > 9:
        raise Http404(gettext("There is no such button."))
    acts[act](int(which))
