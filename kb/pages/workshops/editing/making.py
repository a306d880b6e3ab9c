"""Making a workshop, handing it in, and inviting those who organise it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import NotPossible, is_curator, signed_in
from accounts.words import Words
from community.models import State
from community.workshops import making, organisers
from kb.pages.workshops.editing import reading
from kb.pages.workshops.editing.forms import FACTS
from kb.pages.workshops.editing.inputs import Form, Input
from kb.pages.workshops.editing.views import ZONES, number_in, own_workshop, to_desk
from papers.curation.editing import CannotWrite
from papers.curation.workshop_blocks import may_edit
from papers.models import Workshop


@require_POST
@login_required
def hand_in(request: HttpRequest, slug: str) -> HttpResponse:
    """Publish it or ask the moderators to; or take it back."""
    workshop = own_workshop(request, slug)
    by = signed_in(request.user)
    try:
        if request.POST.get("do") == "withdraw":
            making.withdraw(workshop, by=by)
            messages.success(request, gettext("Taken back. Everything is kept for its organisers."))
        else:
            handed_in = making.hand_in(workshop, by=by)
            public = handed_in.state == State.PUBLISHED
            messages.success(
                request,
                gettext("It is public now.")
                if public
                else gettext("Handed in. A moderator looks at it first."),
            )
    except (NotPossible, CannotWrite) as problem:
        messages.warning(request, str(problem))
    return to_desk(workshop)


@require_POST
@login_required
def change_organisers(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite one by account name or e-mail, or take the role away."""
    workshop = own_workshop(request, slug)
    by = signed_in(request.user)
    try:
        if pk := number_in(request.POST.get("remove", "")[:9]):
            organisers.remove(workshop, pk, by=by)
            messages.success(request, gettext("Removed."))
        else:
            made = organisers.invite(workshop, request.POST.get("who", "")[:254], by=by)
            messages.success(
                request, gettext("Added.") if made.user_id else gettext("The invitation is sent.")
            )
    except NotPossible as problem:
        messages.warning(request, str(problem))
    if not may_edit(workshop, request.user):
        return HttpResponseRedirect(reverse("workshops"))
    return to_desk(workshop)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: asked on GET, done on POST."""
    waiting = organisers.invitation(token)
    if waiting is None:
        raise Http404(gettext("This invitation was answered or taken back."))
    if request.method == "POST":
        workshop = organisers.accept(token, by=signed_in(request.user))
        messages.success(request, gettext("You are an organiser now."))
        return to_desk(workshop)
    context = {"section": "workshops", "waiting": waiting}
    response = render(request, "workshops/editing/invitation.html", context)
    response.headers["Referrer-Policy"] = "same-origin"  # the address is the key
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Make a workshop; `after` names the edition whose structure it takes over."""
    after = None
    wanted = (request.POST or request.GET).get("after", "")
    if wanted:
        after = Workshop.objects.visible_to(request.user).filter(slug=wanted).first()
    if request.method != "POST":
        return _new_form(request, after, _next_facts(after))
    sheet = reading.sent(Form("", making_inputs()), request.POST, {})
    given = {box.name: sheet.fields.get(box.name) for box in making_inputs()}
    try:
        if sheet.told:
            raise CannotWrite(sheet.told)
        if not given["year"]:
            raise CannotWrite({"year": gettext("Say in which year it takes place.")})
        if given.get("date") and str(given["date"])[:4] != str(given["year"]):
            raise CannotWrite({"date": gettext("This day is not in the year that is given.")})
        values: dict[str, Any] = {name: value or "" for name, value in given.items()}
        made = making.make_workshop(
            making.NewWorkshop(**values | {"year": given["year"]}),
            by=signed_in(request.user),
            after=after,
        )
    except CannotWrite as problem:
        return _new_form(request, after, request.POST, problem.wrong, 422)
    except NotPossible as problem:
        return _new_form(request, after, request.POST, {"": str(problem)}, 429)
    messages.success(
        request, gettext("Made. Only its organisers see it. Fill its parts, then hand it in.")
    )
    return to_desk(made)


def making_inputs() -> tuple[Any, ...]:
    """The boxes of the first form: the facts, and the series."""
    series = Input("series", Words("Series"), help=Words("as the acronym"))
    return (*FACTS[:4], series, *FACTS[4:])


def _next_facts(after: Workshop | None) -> dict[str, str]:
    """What the form of the next edition begins with."""
    if after is None:
        return {"year": str(timezone.now().year)}
    return {
        "name": after.name,
        "acronym": after.acronym,
        "series": after.series,
        "edition": _next_edition(after.edition),
        "year": str(after.year + 1),
    }


def _next_edition(edition: str) -> str:
    """ "3rd" after "2nd", "4" after "3"; nothing after words."""
    digits = "".join(c for c in edition if c.isdecimal())
    if not digits or not edition.startswith(digits) or len(digits) > 3:
        return ""
    number = int(digits) + 1
    if edition == digits:
        return str(number)
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


def _new_form(
    request: HttpRequest,
    after: Workshop | None,
    given: Mapping[str, Any],
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """wrong: sentences by the names of boxes; those of no box stand above the form alone."""
    wrong = wrong or {}
    boxes = [
        reading.Box(box, box.name, str(given.get(box.name) or ""), wrong.get(box.name, ""))
        for box in making_inputs()
    ]
    context = {
        "section": "workshops",
        "boxes": boxes,
        "after": after,
        "told": " ".join(wrong.values()),
        "zones": ZONES,
        "curates": is_curator(request.user),
        "own": Workshop.objects.organised_by(request.user).exclude(state=Workshop.State.PUBLIC),
    }
    return render(request, "workshops/editing/new.html", context, status=status)
