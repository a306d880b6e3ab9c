""" "This person is me": the claim, and the moderators' page of claims."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import NotPossible, is_moderator, signed_in
from accounts.words import Words
from community.members.identity import claim_person, decide_claim, waiting_claims, withdraw_claim
from community.members.profiles import connected_orcid
from community.models import PersonClaim
from papers.models import Person


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def claim(request: HttpRequest, slug: str) -> HttpResponse:
    """Say that this person is you."""
    person = get_object_or_404(Person.objects.visible_to(request.user), slug=slug)
    statement, problem = request.POST.get("statement", ""), ""
    if request.method == "POST":
        try:
            made = claim_person(person, by=signed_in(request.user), statement=statement)
        except NotPossible as error:
            problem = str(error)
        else:
            done = made.state == PersonClaim.State.CONFIRMED
            word = (
                Words("Confirmed by your ORCID iD.")
                if done
                else Words("A moderator will look at it.")
            )
            messages.success(
                request,
                gettext("You claim to be {person}. {word}").format(person=person, word=word),
            )
            return HttpResponseRedirect(reverse("account"))
    context = {
        "section": "people",
        "person": person,
        "statement": statement,
        "told": problem,
        "orcid": connected_orcid(signed_in(request.user)),
    }
    return render(request, "members/claim.html", context, status=422 if problem else 200)


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """Claims that wait; for moderators."""
    if not is_moderator(request.user):
        raise PermissionDenied(gettext("This is for moderators."))
    context = {"section": "moderation", "claims": waiting_claims().select_related("user__profile")}
    return render(request, "members/claims.html", context)


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or decline; whoever comes second is told."""
    if not is_moderator(request.user):
        raise PermissionDenied(gettext("This is for moderators."))
    person_claim = get_object_or_404(PersonClaim.objects.select_related("user", "person"), pk=pk)
    confirm = request.POST.get("decision") == "confirm"
    try:
        decide_claim(
            person_claim,
            confirm=confirm,
            by=request.user,
            reason=request.POST.get("reason", "")[:2000],
        )
        messages.success(
            request,
            gettext("{user} and {person}: {get_state_display}.").format(
                user=person_claim.user,
                person=person_claim.person,
                get_state_display=person_claim.get_state_display(),
            ),
        )
    except NotPossible as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("claims"))


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own claim."""
    member = signed_in(request.user)
    person_claim = get_object_or_404(PersonClaim.objects.filter(user=member), pk=pk)
    try:
        withdraw_claim(person_claim, by=signed_in(request.user))
        messages.success(request, gettext("The claim is withdrawn."))
    except NotPossible as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("account"))
