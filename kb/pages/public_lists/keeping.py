"""Making a public list, its settings, keepers, suggestions and history."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import NotPossible, is_curator, is_moderator, signed_in
from accounts.words import Words
from community.models import ListKeeper, ListSection, ListSuggestion, PublicList, State
from community.models.public_list import LICENCES
from community.moderation import transitions
from community.public_lists import editing, rights, suggestions
from community.public_lists import history as list_history
from kb.pages.public_lists.views import frame, visible_list

FORM = require_http_methods(["GET", "HEAD", "POST"])
CHANGES_A_PAGE = 30


def kept_list(request: HttpRequest, slug: str) -> PublicList:
    """The list, if the reader may change it; else 403, or 404 where they may not even see it."""
    chosen = visible_list(request, slug)
    if not rights.may_edit(chosen, request.user):
        raise PermissionDenied(gettext("Only the keepers of this list change it."))
    return chosen


@FORM
@never_cache
@login_required
def new(request: HttpRequest) -> HttpResponse:
    """An empty public list, seen by nobody else until it is made public."""
    problem = ""
    if request.method == "POST":
        try:
            made = editing.make_list(
                signed_in(request.user), slug=request.POST.get("slug", ""), **_values(request)
            )
            return HttpResponseRedirect(reverse("public-list-edit", args=[made.slug]))
        except NotPossible as error:
            problem = str(error)
    context = {"section": "lists", "problem": problem, "values": request.POST, "licences": LICENCES}
    return render(request, "public_lists/new.html", context, status=422 if problem else 200)


@FORM
@never_cache
@login_required
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Titles, introduction, licence, order and classification."""
    chosen = kept_list(request, slug)
    problem = ""
    if request.method == "POST":
        try:
            values = _values(request) | {
                "newest_first": request.POST.get("order") == "newest",
                "classification": nodes_from(request.POST.get("classification", "")),
            }
            editing.change_list(chosen, by=signed_in(request.user), **values)
            messages.success(request, gettext("Saved."))
            return HttpResponseRedirect(reverse("public-list-edit", args=[slug]))
        except NotPossible as error:
            problem = str(error)
    values = request.POST if problem else _as_values(chosen)
    context = frame(request, chosen) | {
        "problem": problem,
        "values": values,
        "licences": LICENCES,
    }
    return render(request, "public_lists/settings.html", context, status=422 if problem else 200)


def _values(request: HttpRequest) -> dict[str, Any]:
    names = ("title", "title_zh", "introduction", "licence", "source")
    return {name: request.POST.get(name, "") for name in names}


def _as_values(chosen: PublicList) -> dict[str, Any]:
    names = ("title", "title_zh", "introduction", "licence", "source")
    return {name: getattr(chosen, name) for name in names} | {
        "order": "newest" if chosen.newest_first else "hand",
        "classification": nodes_as_text(chosen.classification),
    }


def nodes_from(text: str) -> list[dict[str, Any]]:
    """The classification from its lines: two spaces a level, "= topic" at the end."""
    nodes = []
    for line in text.splitlines():
        words, _, topic = line.partition(" = ")
        if words.strip():
            depth = (len(words) - len(words.lstrip(" "))) // 2
            nodes.append({"depth": depth, "text": words.strip(), "topic": topic.strip()})
    return nodes


def nodes_as_text(nodes: list[dict[str, Any]]) -> str:
    """The inverse of nodes_from."""
    lines = []
    for node in nodes:
        topic = f" = {node['topic']}" if node["topic"] else ""
        lines.append(f"{'  ' * node['depth']}{node['text']}{topic}")
    return "\n".join(lines)


@require_POST
@login_required
def state(request: HttpRequest, slug: str) -> HttpResponse:
    """Make the list public, or take it back."""
    chosen = visible_list(request, slug)
    by, act = signed_in(request.user), request.POST.get("act", "")
    try:
        if act == "publish":
            editing.submit(chosen, by=by)
            is_public = chosen.state == State.PUBLISHED
            words = (
                Words("The list is public.")
                if is_public
                else Words("A moderator looks at it before others.")
            )
            messages.success(request, words)
        elif act == "withdraw":
            transitions.move(chosen, State.WITHDRAWN, by=by)
            messages.success(request, gettext("Only its keepers see the list now."))
    except NotPossible as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(chosen.get_absolute_url())


@FORM
@never_cache
@login_required
def keepers(request: HttpRequest, slug: str) -> HttpResponse:
    """Who keeps the list; owners invite and remove, everybody may leave."""
    chosen = kept_list(request, slug)
    by, problem = signed_in(request.user), ""
    if request.method == "POST":
        try:
            _change_keepers(request, chosen)
            if not rights.may_edit(chosen, by):
                return HttpResponseRedirect(reverse("public-lists"))
            return HttpResponseRedirect(reverse("public-list-keepers", args=[slug]))
        except NotPossible as error:
            problem = str(error)
    rows = chosen.keepers.select_related("user__profile", "invited_by__profile")
    context = frame(request, chosen) | {"rows": rows, "problem": problem, "values": request.POST}
    return render(request, "public_lists/keepers.html", context, status=422 if problem else 200)


def _change_keepers(request: HttpRequest, chosen: PublicList) -> None:
    by, gone = signed_in(request.user), request.POST.get("remove", "")
    if gone:
        known = gone.isdecimal() and len(gone) < 18
        rows = ListKeeper.objects.filter(public_list=chosen)
        rights.remove(get_object_or_404(rows, pk=int(gone) if known else 0), by=by)
        messages.success(request, gettext("Removed."))
        return
    role = request.POST.get("role", "keeper")
    rights.invite(chosen, by=by, whom=request.POST.get("whom", ""), role=role)
    messages.success(request, gettext("Invited. They become a keeper when they accept."))


@FORM
@never_cache
@login_required
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept, or decline, to keep a list."""
    row = get_object_or_404(ListKeeper.objects.select_related("public_list"), token=token)
    by = signed_in(request.user)
    if row.user_id not in (None, by.pk):
        raise PermissionDenied(gettext("This invitation is somebody else's."))
    if request.method == "POST":
        if request.POST.get("act") == "decline" and row.accepted_at is None:
            row.delete()
            messages.success(request, gettext("The invitation is declined."))
            return HttpResponseRedirect(reverse("public-lists"))
        try:
            chosen = rights.accept(token, by=by)
            messages.success(request, gettext("You keep “{title}” now.").format(title=chosen.title))
            return HttpResponseRedirect(reverse("public-list-edit", args=[chosen.slug]))
        except NotPossible as error:
            messages.warning(request, str(error))
            return HttpResponseRedirect(reverse("public-lists"))
    return render(request, "public_lists/invitation.html", {"section": "lists", "row": row})


@FORM
@never_cache
@login_required
def suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """Suggest a paper; keepers see here what waits."""
    chosen = visible_list(request, slug)
    by, problem = signed_in(request.user), ""
    if request.method == "POST":
        section = section_of(chosen, request.POST.get("section", ""))
        try:
            suggestions.suggest(
                chosen,
                by=by,
                text=request.POST.get("text", ""),
                reason=request.POST.get("reason", ""),
                section=section,
            )
            messages.success(
                request, gettext("Thank you. The keepers of the list decide about it.")
            )
            return HttpResponseRedirect(reverse("list-suggest", args=[slug]))
        except NotPossible as error:
            problem = str(error)
    context = frame(request, chosen) | {
        "rows": suggestions.suggestions_for(chosen, by),
        "sections": chosen.sections.all(),
        "problem": problem,
        "values": request.POST,
    }
    return render(request, "public_lists/suggest.html", context, status=422 if problem else 200)


@require_POST
@login_required
def decide(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take a suggestion into the list, or decline it with a reason."""
    chosen = kept_list(request, slug)
    rows = ListSuggestion.objects.filter(public_list=chosen)
    row, by = get_object_or_404(rows, pk=pk), signed_in(request.user)
    try:
        if request.POST.get("act") == "take":
            suggestions.take(row, by=by)
            messages.success(request, gettext("It is in the list, with credit."))
        else:
            suggestions.decline(row, by=by, answer=request.POST.get("answer", ""))
            messages.success(request, gettext("Declined."))
    except NotPossible as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("list-suggest", args=[slug]))


def section_of(chosen: PublicList, wanted: str) -> ListSection | None:
    """The section that a form names by its key; None for none."""
    known = wanted.isdecimal() and len(wanted) < 18
    return chosen.sections.filter(pk=int(wanted)).first() if known else None


@require_safe
@never_cache
@login_required
def history(request: HttpRequest, slug: str) -> HttpResponse:
    """Every change, the newest first; for keepers, curators and moderators."""
    chosen = visible_list(request, slug)
    may_read = rights.may_edit(chosen, request.user) or is_moderator(request.user)
    if not may_read and not is_curator(request.user):
        raise PermissionDenied(gettext("The history of a list is for its keepers."))
    rows = chosen.changes.select_related("by__profile")
    page = Paginator(rows, CHANGES_A_PAGE).get_page(request.GET.get("page"))
    context = frame(request, chosen) | {
        "page": page,
        "changes": list_history.shown(list(page.object_list), request.user),
    }
    return render(request, "public_lists/history.html", context)


@require_POST
@login_required
def undo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Write back what a change found."""
    chosen = kept_list(request, slug)
    change = get_object_or_404(chosen.changes.all(), pk=pk)
    try:
        stayed = list_history.undo(change, by=signed_in(request.user))
        words = (
            gettext(" {stayed} parts were changed again since and stay.").format(stayed=stayed)
            if stayed
            else ""
        )
        messages.success(request, gettext("Undone.{words}").format(words=words))
    except NotPossible as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(reverse("public-list-history", args=[slug]))
