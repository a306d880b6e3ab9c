"""A workshop as files that outlive the site: static pages, styles, calendar, data, PDFs.

Everything lies in one folder, every link among its files is relative, and each is checked to lead
to a file and a place in it. What leads to the rest of the survey keeps its full address.
"""

from __future__ import annotations

import html
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils.timezone import now
from django.views.decorators.http import require_safe
from rest_framework.renderers import JSONRenderer

from community.workshops.files import is_public
from kb.api.workshops import WorkshopDetailSerializer, complete
from kb.pages.papers.pdf_files import servable
from kb.pages.workshops.programme import paper_anchor
from kb.pages.workshops.views import context_of, written_at
from papers.formats.registry import FORMATS
from papers.ingest.storing import FileLost, open_file
from papers.models import AcceptedPaper, Paper, Workshop, WorkshopFile
from papers.workshops.calendar import workshop_calendar

Files = dict[str, bytes]
STYLES = ("css/site.css", "css/workshops.css", "css/records.css", "img/mark.svg")
_LINK = re.compile(r'\b(href|src)="([^"]*)"')
_ID = re.compile(r'\bid="([^"]+)"')


class CannotFreeze(Exception):
    """Some link leads nowhere; `broken` names page and link."""

    def __init__(self, broken: Sequence[str]) -> None:
        super().__init__("These links lead nowhere: " + "; ".join(broken))
        self.broken = broken


def frozen(slug: str, site: str = "") -> Files:
    """All files of a public workshop by their paths in the folder.

    site: scheme and host of the survey. Raises Http404, and CannotFreeze.
    """
    site = (site or settings.KB_SITE_URL).rstrip("/")
    request = _visitor(site, f"/workshops/{slug}/")
    workshop = get_object_or_404(Workshop.objects.visible_to(), slug=slug)
    context = context_of(request, slug) | {"is_preview": True, "site": site, "made_at": now()}
    accepted: list[AcceptedPaper] = list(context["workshop"].accepted.all())
    papers = _papers(accepted)
    files: Files = {name: _static(name) for name in STYLES}
    files |= _data(workshop, request, site, list(papers.values()))
    files |= open_pdfs(list(papers.values()))
    places = {
        f"/workshops/{slug}.ics": "programme.ics",
        f"/workshops/{slug}/": "index.html",
        **{f"/papers/{paper.key}/": f"papers/{paper.key}.html" for paper in papers.values()},
    }
    for file in own_files(workshop):
        files[f"files/{file.name}"] = file_bytes(file)
        places[file.get_absolute_url()] = f"files/{file.name}"
    context["data_files"] = sorted(name for name in files if "/" not in name)
    files["index.html"] = _page("workshops/frozen.html", context, request, site, places, "")
    for entry in accepted:
        if paper := papers.get(entry.paper_id or 0):
            own = {**context, "paper": paper, "entry": entry, "anchor": paper_anchor(entry)}
            own["pdf"] = f"pdf/{paper.key}.pdf" if f"pdf/{paper.key}.pdf" in files else ""
            page = _page("workshops/frozen_paper.html", own, request, site, places, "../")
            files[f"papers/{paper.key}.html"] = page
    if broken := broken_links(files):
        raise CannotFreeze(broken)
    return files


def broken_links(files: Mapping[str, bytes]) -> list[str]:
    """Relative links of the pages that lead to no file, or to no place in it."""
    pages = {name: text.decode() for name, text in files.items() if name.endswith(".html")}
    ids = {name: set(map(html.unescape, _ID.findall(text))) for name, text in pages.items()}
    broken = []
    for name, text in pages.items():
        for _, link in _LINK.findall(text):
            target = urlsplit(html.unescape(link))
            if target.scheme or target.netloc:
                continue
            path = _from(name, target.path) if target.path else name
            lost = path not in files or target.path.startswith("/")
            missing = target.fragment and path in ids and target.fragment not in ids[path]
            if lost or missing:
                broken.append(f"{name}: {link}")
    return broken


def _from(page: str, link: str) -> str:
    """The file that a relative link of a page names."""
    parts = page.split("/")[:-1]
    for part in link.split("/"):
        if part == "..":
            parts = parts[:-1] if parts else ["..", ""]
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _page(
    template: str,
    context: dict[str, Any],
    request: HttpRequest,
    site: str,
    places: Mapping[str, str],
    up: str,
) -> bytes:
    text = render_to_string(template, context | {"up": up}, request)

    def relative(match: re.Match[str]) -> str:
        name, link = match[1], html.unescape(match[2])
        if not link.startswith("/") or link.startswith("//"):
            return match[0]
        path, hash_sign, fragment = link.partition("#")
        if path in places:
            here = "" if up == "" and places[path] == "index.html" and fragment else places[path]
            target = f"{up if here else ''}{here}{hash_sign}{fragment}"
        else:
            target = site + link
        return f'{name}="{html.escape(target)}"'

    return _LINK.sub(relative, text).encode()


def _visitor(site: str, path: str) -> HttpRequest:
    """A request as of a reader without an account; full addresses begin with `site`."""
    parts = urlsplit(site)
    request = RequestFactory().get(path, secure=parts.scheme == "https")
    request.user = AnonymousUser()
    request.__dict__["_current_scheme_host"] = site  # where Django keeps it, once it is known
    request.__dict__["get_host"] = lambda: parts.netloc  # a command is asked by no host
    return request


def _papers(accepted: Sequence[AcceptedPaper]) -> dict[int, Paper]:
    """The papers of the survey among the accepted ones."""
    pks = [entry.paper_id for entry in accepted if entry.paper_id]
    rows = Paper.objects.visible_to(None).filter(pk__in=pks).for_export()
    return {paper.pk: paper for paper in rows.prefetch_related("documents")}


def _static(name: str) -> bytes:
    path = finders.find(name)
    if not path:
        raise CannotFreeze([name])
    with open(str(path), "rb") as file:  # noqa: PTH123 (finders give text)
        return file.read()


def _data(workshop: Workshop, request: HttpRequest, site: str, papers: list[Paper]) -> Files:
    """The calendar, all facts as JSON, the papers as BibTeX and CSV."""
    whole = complete(None).prefetch_related("notices").get(pk=workshop.pk)
    written = WorkshopDetailSerializer(whole, context={"request": request}).data
    facts = json.loads(JSONRenderer().render(written))
    stamp = written_at("workshop", workshop.slug)
    files = {
        "programme.ics": workshop_calendar(whole, site=site, stamp=stamp),
        "workshop.json": json.dumps(facts, ensure_ascii=False, indent=2).encode(),
    }
    if papers:
        files |= {f"papers.{s}": FORMATS[s].write(papers, site).encode() for s in ("bib", "csv")}
    return files


def own_files(workshop: Workshop) -> list[WorkshopFile]:
    """Pictures, papers and posters that the public page leads to, and that are there."""
    rows = [file for file in workshop.files.select_related("workshop") if is_public(file)]
    return [file for file in rows if default_storage.exists(file.stored_as)]


def file_bytes(file: WorkshopFile) -> bytes:
    with default_storage.open(file.stored_as, "rb") as content:
        data: bytes = content.read()
    return data


def open_pdfs(papers: list[Paper]) -> Files:
    """PDFs that anybody may have."""
    files: Files = {}
    for paper in papers:
        document = servable(paper)
        if document is None:
            continue
        try:
            with open_file(document) as file:
                files[f"pdf/{paper.key}.pdf"] = file.read()
        except FileLost:
            continue
    return files


@require_safe
def as_zip(request: HttpRequest, slug: str) -> HttpResponse:
    """The same as one ZIP."""
    try:
        files = frozen(slug, f"{request.scheme}://{request.get_host()}")
    except CannotFreeze as problem:
        raise Http404(str(problem)) from problem
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(f"{slug}/{name}", data)
    response = HttpResponse(content.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{slug}.zip"'
    return response
