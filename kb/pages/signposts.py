"""Signposting: typed links by which machines find what a page is, on two levels.

Level 1 stands in the header of the page (a few links, no further question to the database); level 2
is a link set (RFC 9264) of everything, at /linksets/, to which the header leads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from community.models import PublicList
from kb.pages.papers.pdf_files import public_pdf_path, servable
from papers.formats.registry import FORMATS
from papers.models import Paper, Person, Workshop

JSON_TYPE, TEXT_TYPE = "application/linkset+json", "application/linkset"
DESCRIBED_IN = ("bib", "ris", "csl.json", "jsonld", "xml")
SCHEMA = "https://schema.org/"


@dataclass(frozen=True)
class Link:
    """One typed link; `type` is the media type of what it leads to."""

    rel: str
    href: str
    type: str = ""


@dataclass
class Signposts:
    """All typed links of one page. back: what leads to the page from its records and files."""

    anchor: str
    links: list[Link] = field(default_factory=list)

    def add(self, rel: str, href: str, type: str = "") -> None:
        self.links.append(Link(rel, href, type))

    def back(self) -> Iterable[tuple[str, Link]]:
        """For each record and file, the link that leads back to the page."""
        rels = {"describedby": "describes", "item": "collection"}
        for link in self.links:
            if link.rel in rels:
                yield link.href, Link(rels[link.rel], self.anchor, "text/html")

    def as_json(self) -> dict[str, Any]:
        """RFC 9264, application/linkset+json."""
        contexts: dict[str, dict[str, Any]] = {}
        every = [(self.anchor, link) for link in self.links] + list(self.back())
        for anchor, link in every:
            context = contexts.setdefault(anchor, {"anchor": anchor})
            target = {"href": link.href} | ({"type": link.type} if link.type else {})
            context.setdefault(link.rel, []).append(target)
        return {"linkset": list(contexts.values())}

    def as_text(self) -> str:
        """RFC 9264, application/linkset: the links of a header, each with its anchor."""
        every = [(self.anchor, link) for link in self.links] + list(self.back())
        return ",\n".join(_in_header(link, anchor) for anchor, link in every) + "\n"


def _in_header(link: Link, anchor: str = "") -> str:
    text = f'<{link.href}>; rel="{link.rel}"'
    text += f'; type="{link.type}"' if link.type else ""
    return text + (f'; anchor="{anchor}"' if anchor else "")


def header_of(kind: str, slug: str, site: str) -> str:
    """Links that a page of this kind sends in its header, without asking the database."""
    links = [Link("type", SCHEMA + _TYPES[kind]), Link("type", SCHEMA + "AboutPage")]
    if kind in _API:
        record = site + reverse(f"api:{_API[kind]}", args=[slug])
        links.insert(0, Link("describedby", record, "application/json"))
    for suffix, media_type in (("json", JSON_TYPE), ("txt", TEXT_TYPE)):
        links.append(
            Link("linkset", site + reverse("linkset", args=[kind, slug, suffix]), media_type)
        )
    return ", ".join(_in_header(link) for link in links)


@require_safe
def linkset(request: HttpRequest, kind: str, slug: str, suffix: str) -> HttpResponse:
    """The link set of a paper, person, workshop or list, as JSON or as text."""
    if kind not in _MAKERS or suffix not in ("json", "txt"):
        raise Http404("Papers, people, workshops and lists have link sets, as .json and .txt.")
    site = f"{request.scheme}://{request.get_host()}"
    posts = _MAKERS[kind](slug, site)
    if suffix == "txt":
        return HttpResponse(posts.as_text(), content_type=TEXT_TYPE)
    text = json.dumps(posts.as_json(), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=JSON_TYPE)


def _of_paper(slug: str, site: str) -> Signposts:
    rows = Paper.objects.visible_to(None).for_bylines().prefetch_related("documents")
    paper = get_object_or_404(rows, key=slug)
    posts = Signposts(site + paper.get_absolute_url())
    posts.add("cite-as", f"https://doi.org/{paper.doi}" if paper.doi else posts.anchor)
    people = [row.person for row in paper.authorships.all() if row.person is not None]
    for person in people:
        posts.add("author", _of_them(person, site))
    for suffix in DESCRIBED_IN:
        address = site + reverse("paper-export", args=[paper.key, suffix])
        posts.add("describedby", address, FORMATS[suffix].media_type)
    posts.add("describedby", site + reverse("api:paper", args=[paper.key]), "application/json")
    if path := public_pdf_path(paper):
        posts.add("item", site + path, "application/pdf")
        posts.add("license", _licence(paper))
    return _typed(posts, "ScholarlyArticle")


def _of_person(slug: str, site: str) -> Signposts:
    person = get_object_or_404(Person.objects.visible_to(None), slug=slug)
    posts = Signposts(site + person.get_absolute_url())
    posts.add("cite-as", _of_them(person, site))
    _described(posts, site, "person", slug)
    papers = Paper.objects.visible_to(None).filter(authorships__person=person).distinct()
    for paper in papers.order_by("key"):
        posts.add("item", site + paper.get_absolute_url(), "text/html")
    return _typed(posts, "Person")


def _of_workshop(slug: str, site: str) -> Signposts:
    workshop = get_object_or_404(Workshop.objects.visible_to(), slug=slug)
    posts = Signposts(site + workshop.get_absolute_url())
    posts.add("cite-as", posts.anchor)
    _described(posts, site, "workshop", slug)
    address = site + reverse("workshop-calendar", args=[slug])
    posts.add("describedby", address, "text/calendar")
    shown = Paper.objects.visible_to(None).filter(accepted_at__workshop=workshop).distinct()
    for paper in shown.order_by("key"):
        posts.add("item", site + paper.get_absolute_url(), "text/html")
    return _typed(posts, "Event")


def _of_list(slug: str, site: str) -> Signposts:
    chosen = get_object_or_404(PublicList.objects.public(), slug=slug)
    posts = Signposts(site + chosen.get_absolute_url())
    posts.add("cite-as", posts.anchor)
    _described(posts, site, "public-list", slug)
    for suffix in ("bib", "csl.json"):
        address = site + reverse("public-list-export", args=[slug, suffix])
        posts.add("describedby", address, FORMATS[suffix].media_type)
    placed = chosen.placements.visible_to(None).values("paper")
    for paper in Paper.objects.visible_to(None).filter(pk__in=placed).order_by("key"):
        posts.add("item", site + paper.get_absolute_url(), "text/html")
    return _typed(posts, "Collection")


def _described(posts: Signposts, site: str, route: str, slug: str) -> None:
    posts.add("describedby", site + reverse(f"api:{route}", args=[slug]), "application/json")


def _typed(posts: Signposts, kind: str) -> Signposts:
    posts.add("type", SCHEMA + kind)
    posts.add("type", SCHEMA + "AboutPage")
    return posts


def _of_them(person: Person, site: str) -> str:
    """Their ORCID where it is known, else their page here."""
    return f"https://orcid.org/{person.orcid}" if person.orcid else site + person.get_absolute_url()


def _licence(paper: Paper) -> str:
    document = servable(paper)
    return f"https://spdx.org/licenses/{document.licence}" if document else ""


_MAKERS: dict[str, Callable[[str, str], Signposts]] = {
    "papers": _of_paper,
    "people": _of_person,
    "workshops": _of_workshop,
    "lists": _of_list,
}
KINDS = tuple(_MAKERS)
_TYPES = {
    "papers": "ScholarlyArticle",
    "people": "Person",
    "workshops": "Event",
    "lists": "Collection",
}
_API = {"people": "person", "workshops": "workshop", "lists": "public-list"}
