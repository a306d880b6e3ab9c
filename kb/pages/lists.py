"""Reading lists and marks, for their owner; shared lists, for whoever has the address."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import NotPossible, signed_in
from community import lists
from community.members.profiles import shown_name
from community.models import ListEntry, Mark, ReadingList
from kb.pages.rendering import back
from papers.formats.registry import FORMATS
from papers.models import Paper

PAPERS_A_PAGE = 15


@require_safe
@never_cache
@login_required
def index(request: HttpRequest) -> HttpResponse:
    """The member's lists, and what they read or mean to."""
    marked = {
        kind: Paginator(
            lists.marked_papers(signed_in(request.user), kind).for_cards(), PAPERS_A_PAGE
        ).get_page(request.GET.get(kind))
        for kind in Mark.Kind.values
    }
    context = {
        "section": "lists",
        "lists": lists.lists_of(signed_in(request.user)),
        "to_read": marked["to_read"],
        "read": marked["read"],
    }
    return render(request, "lists/index.html", context)


@require_POST
@login_required
def make(request: HttpRequest) -> HttpResponse:
    """A new list, with a first paper if one is named."""
    try:
        made = lists.make_list(signed_in(request.user), name=request.POST.get("name", ""))
    except NotPossible as error:
        messages.warning(request, str(error))
        return back(request, reverse("lists"))
    return HttpResponseRedirect(made.get_absolute_url())


@require_POST
@login_required
def add(request: HttpRequest) -> HttpResponse:
    """Put a paper into a list, or into a new one."""
    papers = Paper.objects.visible_to(request.user)
    paper = get_object_or_404(papers, key=request.POST.get("paper", ""))
    wanted, name = request.POST.get("list", ""), request.POST.get("name", "")
    try:
        if name.strip():
            chosen = lists.make_list(signed_in(request.user), name=name)
        else:
            chosen = _own(request, int(wanted) if wanted.isdecimal() and len(wanted) < 18 else 0)
        lists.add_paper(chosen, paper)
        messages.success(
            request,
            gettext("“{title}” is in the list “{name}”.").format(
                title=paper.title, name=chosen.name
            ),
        )
    except NotPossible as error:
        messages.warning(request, str(error))
    return back(request, paper.get_absolute_url())


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own list: its order, notes and address."""
    chosen = _own(request, pk)
    return render(request, "lists/detail.html", _shown(request, chosen) | {"own": True})


@require_POST
@login_required
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, description, and whether the list is shared."""
    chosen = _own(request, pk)
    share = request.POST.get("share", "")
    try:
        lists.change_list(
            chosen,
            name=request.POST.get("name"),
            description=request.POST.get("description"),
            is_shared={"on": True, "off": False}.get(share),
        )
    except NotPossible as error:
        messages.warning(request, str(error))
    return HttpResponseRedirect(chosen.get_absolute_url())


@require_POST
@login_required
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """The list goes; its papers are not touched."""
    chosen = _own(request, pk)
    if request.POST.get("sure") != "yes":
        messages.warning(request, gettext("Tick “I am sure” to delete the list."))
        return HttpResponseRedirect(chosen.get_absolute_url())
    chosen.delete()
    messages.success(request, gettext("The list “{name}” is deleted.").format(name=chosen.name))
    return HttpResponseRedirect(reverse("lists"))


@require_POST
@login_required
def entry(request: HttpRequest, pk: int, entry_pk: int) -> HttpResponse:
    """Move a paper, write its note, or take it out."""
    chosen = _own(request, pk)
    row = get_object_or_404(ListEntry.objects.filter(reading_list=chosen), pk=entry_pk)
    act = request.POST.get("act", "")
    if act in ("up", "down"):
        lists.step_entry(row, -1 if act == "up" else 1)
    elif act == "place":
        _place(request, row)
    elif act == "remove":
        lists.remove_entry(row)
    elif act == "note":
        lists.write_note(row, request.POST.get("note", ""))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "lists/_entries.html", _shown(request, chosen) | {"own": True})
    query = request.META["QUERY_STRING"]  # the page on which the reader was
    address = chosen.get_absolute_url()
    return HttpResponseRedirect(f"{address}?{query}#entries" if query else f"{address}#entries")


def _place(request: HttpRequest, entry: ListEntry) -> None:
    """Before the entry that the form names; when that is gone, the list is shown as it is."""
    below = request.POST.get("before", "")
    known = below.isdecimal() and len(below) < 18
    with suppress(NotPossible):
        lists.place_entry(entry, before=int(below) if known else None)


@require_safe
@never_cache
@login_required
def export(request: HttpRequest, pk: int, suffix: str) -> HttpResponse:
    """One's own list as a bibliographic file."""
    return _file(request, _own(request, pk), suffix)


@require_safe
def shared(request: HttpRequest, key: str) -> HttpResponse:
    """A list that its owner gave the address of."""
    chosen = _shared(key)
    context = _shown(request, chosen) | {"owner_name": shown_name(chosen.owner)}
    response = render(request, "lists/shared.html", context)
    response.headers["Referrer-Policy"] = "same-origin"  # the address is the key
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def shared_export(request: HttpRequest, key: str, suffix: str) -> HttpResponse:
    """A shared list as a bibliographic file."""
    return _file(request, _shared(key), suffix)


@require_POST
@login_required
def mark(request: HttpRequest, key: str) -> HttpResponse:
    """Read, to read, or neither."""
    paper = get_object_or_404(Paper.objects.visible_to(request.user), key=key)
    kind = request.POST.get("mark", "")
    try:
        lists.set_mark(signed_in(request.user), paper, kind)
    except NotPossible as error:
        messages.warning(request, str(error))
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "lists/_marked.html", {"paper": paper})
    return back(request, paper.get_absolute_url())


def _own(request: HttpRequest, pk: int) -> ReadingList:
    return get_object_or_404(ReadingList.objects.visible_to(request.user), pk=pk)


def _shared(key: str) -> ReadingList:
    chosen = ReadingList.objects.shared_at(key).select_related("owner__profile").first()
    if chosen is None:
        raise Http404(
            gettext("There is no shared list here. Its owner may have stopped sharing it.")
        )
    return chosen


def _shown(request: HttpRequest, chosen: ReadingList) -> dict[str, Any]:
    entries = lists.entries_for(chosen, request.user)
    page = Paginator(entries, PAPERS_A_PAGE).get_page(request.GET.get("page"))
    return {
        "section": "lists",
        "chosen": chosen,
        "entries": page,
        "behind": entries[page.end_index()] if page.has_next() else None,
        "hidden_count": chosen.entries.count() - len(entries),
        "formats": FORMATS.values(),
        "address": request.build_absolute_uri(chosen.shared_address),
    }


def _file(request: HttpRequest, chosen: ReadingList, suffix: str) -> HttpResponse:
    if suffix not in FORMATS:
        raise Http404(gettext("There is no export “.{suffix}”.").format(suffix=suffix))
    papers = [row.paper for row in lists.entries_for(chosen, request.user)]
    form = FORMATS[suffix]
    content = form.write(papers, f"{request.scheme}://{request.get_host()}")
    response = HttpResponse(content, content_type=f"{form.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="list.{suffix}"'
    return response
