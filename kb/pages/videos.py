"""Adding, withdrawing and reporting videos; and letting a page's policy load their players."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.roles import NotPossible, signed_in
from community.models import State, Video
from community.models.video import LANGUAGES
from community.videos.adding import (
    CannotAdd,
    Wanted,
    add_video,
    report_dead,
    talks_of,
    withdraw_video,
)
from community.videos.providers import KNOWN
from community.videos.showing import Card, frame_hosts
from papers.models import Paper, Person, Workshop

FIELDS = ("address", "title", "kind", "language", "start", "speaker", "talk")


def allow_players(response: HttpResponse, cards: Iterable[Card]) -> HttpResponse:
    """Widen the policy of this one answer to the players of the videos that it shows."""
    return allow_frames(response, frame_hosts(cards))


def allow_frames(response: HttpResponse, hosts: list[str]) -> HttpResponse:
    """Widen the policy of this one answer to frames of these hosts."""
    if hosts:
        response._csp_replace = {"frame-src": hosts}  # type: ignore[attr-defined]
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, plural: str, key: str) -> HttpResponse:
    """The form; a POST adds the video or says, field by field, what to do."""
    of = _paper_or_workshop(request, plural, key)
    if request.method != "POST":
        return _form(request, of, {"kind": Video.Kind.TALK})
    given = {name: request.POST.get(name, "")[:600] for name in FIELDS}
    try:
        video = add_video(by=signed_in(request.user), wanted=Wanted(**given), **of)
    except CannotAdd as problem:
        return _form(request, of, given, problem.wrong, status=422)
    except NotPossible as problem:
        return _form(request, of, given, {"": str(problem)}, status=429)
    public = video.state == State.PUBLISHED
    messages.success(
        request,
        gettext("Added.")
        if public
        else gettext("Thank you. A moderator looks at it before it is public."),
    )
    return HttpResponseRedirect(video.get_absolute_url())


def _paper_or_workshop(request: HttpRequest, plural: str, key: str) -> dict[str, Any]:
    if plural == "papers":
        return {"paper": get_object_or_404(Paper.objects.visible_to(request.user), key=key)}
    if plural == "workshops":
        return {"workshop": get_object_or_404(Workshop.objects.visible_to(), slug=key)}
    raise Http404(gettext("Videos belong to papers and workshops."))


def _form(
    request: HttpRequest,
    of: dict[str, Any],
    given: dict[str, str],
    wrong: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    record = of.get("paper") or of["workshop"]
    speakers = Person.objects.visible_to(request.user)
    speakers = speakers.filter(authorships__paper=record) if "paper" in of else speakers.none()
    context = {
        "section": "papers" if "paper" in of else "workshops",
        "record": record,
        "given": given,
        "wrong": wrong or {},
        "kinds": Video.Kind.choices,
        "languages": LANGUAGES,
        "speakers": speakers.distinct(),
        "talks": talks_of(record) if "workshop" in of else [],
        "known": KNOWN,
    }
    return render(request, "videos/form.html", context, status=status)


def _visible(request: HttpRequest, pk: int) -> Video:
    seen = Video.objects.visible_to(request.user)
    return get_object_or_404(seen.select_related("paper", "workshop"), pk=pk)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own video back."""
    video = _visible(request, pk)
    try:
        withdraw_video(video, by=signed_in(request.user))
        messages.success(request, gettext("Withdrawn."))
    except NotPossible as problem:
        messages.error(request, str(problem))
    of = video.paper or video.workshop
    return HttpResponseRedirect(of.get_absolute_url() if of else reverse("home"))


@login_required
@require_POST
def dead(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the moderators that a video does not play any more."""
    video = _visible(request, pk)
    try:
        report_dead(video, by=signed_in(request.user))
        messages.success(request, gettext("Thank you. A moderator will look."))
    except NotPossible as problem:
        messages.error(request, str(problem))
    return HttpResponseRedirect(video.get_absolute_url())
