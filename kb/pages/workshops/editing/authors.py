"""What authors send by private links: their page, and the organisers' table of it."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from accounts.roles import NotPossible, signed_in
from community.workshops import author_links, files
from kb.pages.workshops.editing.views import number_in, own_workshop
from kb.pages.workshops.files import served
from papers.curation.workshop_blocks import working_copy
from papers.models import AuthorLink, Workshop, WorkshopFile

FORM = require_http_methods(["GET", "HEAD", "POST"])


@FORM
@never_cache
@login_required
def table(request: HttpRequest, slug: str) -> HttpResponse:
    """Links of every paper, and what came by them; secrets of new ones are shown this once."""
    workshop = own_workshop(request, slug)
    made: list[tuple[str, str, str]] = []
    if request.method == "POST":
        try:
            made = _act(request, workshop, signed_in(request.user))
        except NotPossible as problem:
            messages.warning(request, str(problem))
        if not made:
            return HttpResponseRedirect(reverse("workshop-authors", args=[workshop.slug]))
    links: dict[str, AuthorLink] = {}
    for link in reversed(workshop.author_links.all()):
        links[link.number] = link
    papers = working_copy(workshop)["accepted_papers"]
    answers, sent = author_links.waiting(workshop)
    site = settings.KB_SITE_URL.rstrip("/") or f"{request.scheme}://{request.get_host()}"
    context = {
        "section": "workshops",
        "workshop": workshop,
        "rows": [
            (number, paper["title"], links.get(number))
            for paper in papers
            if (number := str(paper.get("id") or ""))
        ],
        "unnumbered": sum(not paper.get("id") for paper in papers),
        "answers": answers,
        "files": sent,
        "made": [
            (number, title, site + reverse("workshop-author", args=[token]))
            for number, title, token in made
        ],
        "days": author_links.DAYS,
    }
    response = render(request, "workshops/editing/authors.html", context)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def _act(request: HttpRequest, workshop: Workshop, by: User) -> list[tuple[str, str, str]]:
    """Make, end, accept or refuse, as the button says; secrets of what was made."""
    act, _, which = request.POST.get("do", "").partition(" ")
    days = number_in(request.POST.get("days", "")) or author_links.DAYS
    if act == "make-all":
        return author_links.make_all(workshop, by=by, days=days)
    if act == "make":
        _, token = author_links.make(workshop, which, by=by, days=days)
        paper = author_links.paper_of(workshop, which) or {}
        return [(which, str(paper.get("title") or ""), token)]
    acts: dict[str, Callable[[int], None]] = {
        "end": lambda pk: author_links.revoke(workshop, pk, by=by),
        "take": lambda pk: author_links.accept_answer(_link(workshop, pk), by=by),
        "leave": lambda pk: author_links.settle(_link(workshop, pk)),
        "show": lambda pk: files.show_paper_file(_file(workshop, pk), by=by),
        "refuse": lambda pk: files.refuse(_file(workshop, pk), by=by),
    }
    if act in acts and which.isdecimal() and len(which) < 10:
        acts[act](int(which))
        messages.success(request, gettext("Done."))
    return []


def _link(workshop: Workshop, pk: int) -> AuthorLink:
    return get_object_or_404(workshop.author_links.select_related("workshop"), pk=pk)


def _file(workshop: Workshop, pk: int) -> WorkshopFile:
    return get_object_or_404(workshop.files.select_related("workshop", "link"), pk=pk)


@FORM
@never_cache
def author(request: HttpRequest, token: str) -> HttpResponse:
    """The page of one author: confirm title and names, send paper and poster. No account."""
    link, paper = _opened(token)
    problem = ""
    if request.method == "POST":
        try:
            _receive(request, link)
        except NotPossible as error:
            problem = str(error)
        else:
            messages.success(
                request, gettext("Received. An organiser looks at it before it is public.")
            )
            return HttpResponseRedirect(reverse("workshop-author", args=[token]))
    names = link.authors or paper.get("authors") or []
    context = {
        "section": "workshops",
        "link": link,
        "token": token,
        "paper": paper,
        "title": request.POST.get("title") or link.title or paper["title"],
        "authors": request.POST.get("authors") or "\n".join(names),  # type: ignore[arg-type]
        "note": request.POST.get("note") or link.note,
        "files": link.files.all(),
        "problem": problem,
    }
    status = 422 if problem else 200
    response = render(request, "workshops/editing/author.html", context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"  # the address is the key
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _opened(token: str) -> tuple[AuthorLink, dict[str, object]]:
    link = author_links.link_of(token)
    paper = author_links.paper_of(link.workshop, link.number) if link else None
    if link is None or paper is None:
        raise Http404(
            gettext("This link has ended. Ask the organisers of the workshop for a new one.")
        )
    return link, paper


def _receive(request: HttpRequest, link: AuthorLink) -> None:
    """Files first: what is wrong with one is told before anything else is said."""
    for kind in ("pdf", "poster"):
        if (sent := request.FILES.get(kind)) and sent.file:
            author_links.send_file(link, kind, sent.file)
    author_links.answer(
        link,
        title=request.POST.get("title", ""),
        authors=request.POST.get("authors", ""),
        note=request.POST.get("note", ""),
    )


@require_safe
@never_cache
def author_file(request: HttpRequest, token: str, name: str) -> FileResponse:
    """A file that this author sent, for the author."""
    link, _ = _opened(token)
    return served(get_object_or_404(link.files.all(), name=name), public=False)
