"""Reading public lists: the index, one list as table or cards, its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.roles import is_member
from community.list_files.own_format import write_own
from community.models import PublicList, ReadingSession
from community.public_lists import rights, showing
from community.public_lists.naming import as_bibtex
from community.public_lists.reading import (
    EntryShown,
    ListShown,
    SectionShown,
    file_of,
    read_list,
    tell_differences,
)
from community.text.markdown import html
from papers.formats.registry import FORMATS
from papers.models import Authorship, PaperTopic
from taxonomy.models import Topic

ROWS_A_PAGE, CARDS_A_PAGE, LISTS_A_PAGE = 60, 20, 60


@dataclass
class Part:
    """What stands of a section on one page.

    is_first: whether its entries begin here. behind: the key of the first entry of the next page
    that belongs to it.
    """

    section: SectionShown
    entries: list[EntryShown]
    is_first: bool
    behind: int | None = None

    @property
    def introduction(self) -> SafeString | str:
        row = self.section.section
        return html(row.introduction) if row and row.introduction and self.is_first else ""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All public lists, and those that the reader keeps."""
    page = Paginator(showing.public_lists(), LISTS_A_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    counts = showing.sizes(rows, request.user)
    own = rights.lists_kept_by(request.user) if is_member(request.user) else []
    invitations = rights.invitations_of(request.user) if is_member(request.user) else []
    context = {
        "section": "lists",
        "page": page,
        "lists": [(row, counts.get(row.pk, 0)) for row in rows],
        "own": own,
        "invitations": invitations,
    }
    return render(request, "public_lists/index.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One list, as the table that awesome lists have, or as cards."""
    chosen = visible_list(request, slug)
    as_cards = request.GET.get("view") == "cards"
    shown = read_list(chosen, request.user)
    pages = paged(shown, CARDS_A_PAGE if as_cards else ROWS_A_PAGE)
    number = page_number(request, len(pages))
    parts = pages[number - 1]
    prepare(parts, as_cards=as_cards)
    context = frame(request, chosen) | {
        "shown": shown,
        "parts": parts,
        "contents": contents(shown, pages),
        "as_cards": as_cards,
        "number": number,
        "numbers": range(1, len(pages) + 1),
        "introduction": html(chosen.introduction) if chosen.introduction else "",
        "years": dict(shown.years),
        "keepers": rights.keepers_of(chosen),
        "session_count": ReadingSession.objects.public(request.user)
        .filter(public_list=chosen)
        .count(),
        "nodes": nodes_of(chosen),
        "formats": [form for form in FORMATS.values() if form.suffix != "md"],
    }
    return render(request, "public_lists/detail.html", context)


def visible_list(request: HttpRequest, slug: str) -> PublicList:
    """The list, if this reader may see it."""
    rows = PublicList.objects.visible_to(request.user).select_related("author__profile")
    return get_object_or_404(rows, slug=slug)


def frame(request: HttpRequest, chosen: PublicList) -> dict[str, Any]:
    """What every page of a list shows."""
    return {
        "section": "lists",
        "chosen": chosen,
        "may_edit": rights.may_edit(chosen, request.user),
        "may_own": rights.may_own(chosen, request.user),
        "is_author": chosen.author_id is not None and chosen.author_id == request.user.pk,
    }


def paged(shown: ListShown, most: int) -> list[list[Part]]:
    """The list cut into pages of at most `most` entries; headings stand with what follows them."""
    pages: list[list[Part]] = [[]]
    room = most
    for section in shown.sections:
        rest, is_first = section.entries, True
        while rest or is_first:
            if room == 0 and rest:
                pages.append([])
                room = most
            taken = min(room, len(rest))
            behind = rest[taken].row.pk if taken < len(rest) else None
            pages[-1].append(Part(section, rest[:taken], is_first, behind))
            rest, room, is_first = rest[taken:], room - taken, False
    return pages


def page_number(request: HttpRequest, last: int) -> int:
    wanted = request.GET.get("page", "1")
    number = int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1
    return min(max(number, 1), last)


def contents(shown: ListShown, pages: list[list[Part]]) -> list[tuple[SectionShown, int]]:
    """Each section with the page on which it begins."""
    of = {
        id(part.section): n
        for n, parts in enumerate(pages, start=1)
        for part in parts
        if part.is_first
    }
    return [(section, of[id(section)]) for section in shown.sections if section.section]


def prepare(parts: list[Part], *, as_cards: bool) -> None:
    """What a page of entries shows beyond their own rows."""
    entries = [entry for part in parts for entry in part.entries]
    tell_differences(entries)
    if as_cards:
        papers = [entry.paper for entry in entries if entry.paper]
        prefetch_related_objects(
            papers,
            Prefetch("authorships", Authorship.objects.select_related("person")),
            Prefetch("placements", PaperTopic.objects.select_related("topic")),
        )


def nodes_of(chosen: PublicList) -> list[dict[str, Any]]:
    """The classification of the list with the topics here that its terms mean."""
    slugs = {node["topic"] for node in chosen.classification if node.get("topic")}
    topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    return [node | {"meant": topics.get(node.get("topic"))} for node in chosen.classification]


@require_safe
def export(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """The list as Markdown (`form=bullets` for bullets), or its papers as a bibliography."""
    chosen = visible_list(request, slug)
    site = f"{request.scheme}://{request.get_host()}"
    if suffix == "md":
        read = file_of(chosen, read_list(chosen, request.user))
        text = write_own(read, bullets=request.GET.get("form") == "bullets", site=site)
        return _download(text, "text/markdown", f"{slug}.md")
    if suffix not in FORMATS:
        raise Http404(gettext("There is no export “.{suffix}”.").format(suffix=suffix))
    shown = read_list(chosen, request.user, for_export=True)
    papers = {entry.paper.pk: entry.paper for entry in shown.entries if entry.paper}
    form = FORMATS[suffix]
    content = form.write(list(papers.values()), site)
    return _download(content, form.media_type, f"{slug}.{suffix}")


def _download(content: object, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = format_html('attachment; filename="{}"', name)
    return response


@require_safe
def bring(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """To the import of papers, with what the list prints of a work that is not here."""
    chosen = visible_list(request, slug)
    rows = chosen.placements.filter(paper=None).exclude(title="")
    row = get_object_or_404(rows, pk=pk)
    query = urlencode({"asked": as_bibtex(row)})
    return HttpResponseRedirect(f"{reverse('import')}?{query}")
