"""Editing a public list by forms: sections, entries, their order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.roles import NotPossible, signed_in
from accounts.words import Words
from community.models import ListPlacement, ListSection, PublicList
from community.public_lists import editing, suggestions, taking_in
from community.public_lists.naming import links_as_text, links_from, named_paper
from community.public_lists.reading import EntryShown, read_list
from kb.pages.public_lists.keeping import kept_list, section_of
from kb.pages.public_lists.views import ROWS_A_PAGE, contents, frame, page_number, paged
from papers.models import Paper

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@never_cache
@login_required
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """The whole list with buttons to move, edit and add."""
    chosen = kept_list(request, slug)
    problem = ""
    if request.method == "POST":
        try:
            anchor = _act(request, chosen)
            query = f"?page={request.POST['page']}" if request.POST.get("page") else ""
            address = reverse("public-list-edit", args=[slug])
            return HttpResponseRedirect(f"{address}{query}{anchor}")
        except NotPossible as error:
            problem = str(error)
    shown = read_list(chosen, request.user)
    pages = paged(shown, ROWS_A_PAGE)
    number = page_number(request, len(pages))
    context = frame(request, chosen) | {
        "parts": pages[number - 1],
        "contents": contents(shown, pages),
        "number": number,
        "numbers": range(1, len(pages) + 1),
        "count": len(shown.entries),
        "absent": sum(entry.paper is None for entry in shown.entries),
        "waiting": suggestions.suggestions_for(chosen, request.user).count(),
        "problem": problem,
        "values": request.POST,
    }
    return render(request, "public_lists/edit.html", context, status=422 if problem else 200)


def _act(request: HttpRequest, chosen: PublicList) -> str:
    """Carry out what a button asks for; returns the anchor of what was changed."""
    by, given = signed_in(request.user), request.POST
    for name, step in (("up", -1), ("down", 1)):
        if given.get(name):
            editing.step_entry(_row(chosen, given[name]), step, by=by)
            return f"#e-{given[name]}"
        if given.get(f"section_{name}"):
            editing.step_section(_section(chosen, given[f"section_{name}"]), step, by=by)
            return f"#s-{given[f'section_{name}']}"
    if given.get("place"):
        before = given.get("before", "")
        known = int(before) if before.isdecimal() and len(before) < 18 else None
        editing.place_entry(_row(chosen, given["place"]), before=known, by=by)
        return f"#e-{given['place']}"
    if "arrived" in given:
        tied = taking_in.link_arrived(chosen)
        messages.success(
            request, gettext("{tied} entries are tied to papers that came since.").format(tied=tied)
        )
        return ""
    paper, values = named_paper(given.get("text", ""), by)
    section = section_of(chosen, given.get("section", ""))
    for name in ("focus", "notes"):
        if given.get(name, "").strip():
            values[name] = given[name]
    made = editing.add_entry(chosen, by=by, section=section, paper=paper, **values)
    where = "here" if paper else Words("not in the survey yet")
    messages.success(
        request,
        gettext("Added “{title}” ({where}).").format(title=EntryShown(made).title, where=where),
    )
    return f"#e-{made.pk}"


def _row(chosen: PublicList, key: str) -> ListPlacement:
    known = key.isdecimal() and len(key) < 18
    row = chosen.placements.filter(pk=int(key)).first() if known else None
    if row is None:
        raise NotPossible(gettext("This entry is no longer in the list."))
    return row


def _section(chosen: PublicList, key: str) -> ListSection:
    row = section_of(chosen, key)
    if row is None:
        raise NotPossible(gettext("This section is no longer in the list."))
    return row


@FORM
@never_cache
@login_required
def new_section(request: HttpRequest, slug: str) -> HttpResponse:
    """A section at the top or inside another one."""
    chosen = kept_list(request, slug)
    problem = ""
    if request.method == "POST":
        try:
            values = _section_values(request, chosen)
            editing.add_section(chosen, by=signed_in(request.user), **values)
            return HttpResponseRedirect(reverse("public-list-edit", args=[slug]))
        except NotPossible as error:
            problem = str(error)
    return _section_form(request, chosen, None, request.POST, problem)


@FORM
@never_cache
@login_required
def section(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change a section, or take it out with all in it."""
    chosen = kept_list(request, slug)
    row = get_object_or_404(chosen.sections.all(), pk=pk)
    by, problem = signed_in(request.user), ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "remove":
                editing.remove_section(row, by=by)
                messages.success(
                    request, gettext("Taken out; the history of the list can bring it back.")
                )
            else:
                editing.change_section(row, by=by, **_section_values(request, chosen))
            return HttpResponseRedirect(reverse("public-list-edit", args=[slug]))
        except NotPossible as error:
            problem = str(error)
    names = ("title", "title_zh", "introduction", "focus_name", "parent_id")
    values = request.POST if problem else {name: getattr(row, name) for name in names}
    return _section_form(request, chosen, row, values, problem)


def _section_values(request: HttpRequest, chosen: PublicList) -> dict[str, Any]:
    names = ("title", "title_zh", "introduction", "focus_name")
    values: dict[str, Any] = {name: request.POST.get(name, "") for name in names}
    values["parent"] = section_of(chosen, request.POST.get("parent", ""))
    return values


def _section_form(
    request: HttpRequest,
    chosen: PublicList,
    row: ListSection | None,
    values: Mapping[str, object],
    problem: str,
) -> HttpResponse:
    others = chosen.sections.exclude(pk=row.pk) if row else chosen.sections.all()
    context = frame(request, chosen) | {
        "row": row,
        "values": values,
        "others": others,
        "problem": problem,
        "size": row.placements.count() if row else 0,
    }
    return render(request, "public_lists/section.html", context, status=422 if problem else 200)


@FORM
@never_cache
@login_required
def entry(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Everything that a list says of one entry."""
    chosen = kept_list(request, slug)
    rows = chosen.placements.visible_to(request.user).select_related("paper")
    row = get_object_or_404(rows, pk=pk)
    by, problem = signed_in(request.user), ""
    if request.method == "POST":
        try:
            if request.POST.get("act") == "remove":
                editing.remove_entry(row, by=by)
                messages.success(
                    request, gettext("Taken out; the history of the list can bring it back.")
                )
                anchor = ""
            else:
                editing.change_entry(row, by=by, **_entry_values(request, chosen))
                anchor = f"#e-{row.pk}"
            return HttpResponseRedirect(f"{reverse('public-list-edit', args=[slug])}{anchor}")
        except NotPossible as error:
            problem = str(error)
    context = frame(request, chosen) | {
        "entry": EntryShown(row),
        "values": request.POST if problem else _as_values(row),
        "sections": chosen.sections.all(),
        "problem": problem,
    }
    return render(request, "public_lists/entry.html", context, status=422 if problem else 200)


def _entry_values(request: HttpRequest, chosen: PublicList) -> dict[str, Any]:
    given = request.POST
    values: dict[str, Any] = {
        name: given.get(name, "") for name in ("title", "date_text", "focus", "notes", "venue")
    }
    year = given.get("year", "")
    values["year"] = int(year) if year.isdecimal() and len(year) == 4 else None
    values["authors"] = given.get("authors", "").replace("\n", ",").split(",")
    values["links"] = links_from(given.get("links", ""))
    values["section"] = section_of(chosen, given.get("section", ""))
    if key := given.get("paper", "").strip():
        paper = Paper.objects.visible_to(request.user).filter(key=key).first()
        if paper is None:
            raise NotPossible(gettext("There is no paper “{value}” here.").format(value=key[:60]))
        values["paper"] = paper
    else:
        values["paper"] = None
    return values


def _as_values(row: ListPlacement) -> dict[str, Any]:
    names = ("title", "date_text", "focus", "notes", "venue", "year", "section_id")
    return {name: getattr(row, name) or "" for name in names} | {
        "authors": ", ".join(row.authors),
        "links": links_as_text(row.links),
        "paper": row.paper.key if row.paper else "",
    }
