"""Methods: a list with facets, one page each, and how they come from each other."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.words import Words
from kb.languages.middleware import in_english
from kb.pages.methods import drawing
from kb.pages.papers.linked_data import embedded
from kb.pages.rendering import render_part
from papers.methods import words
from papers.methods.export import FIELDS, as_row, as_term, as_text_row
from papers.methods.lineage import Lineage
from papers.methods.listing import (
    BY_NAME,
    FACETS,
    SORTS,
    Facet,
    MethodQuery,
    list_methods,
)
from papers.methods.wording import definition, labels
from papers.models import Method, Paper
from reproductions.models import PublishedNumber
from reproductions.papers_with import having, programs_of
from taxonomy.models import Topic

PER_PAGE = 40
MOST_VALUES = 30
SHOWN_VALUES = 8
SUFFIXES = {
    "csv": "text/csv",
    "json": "application/json",
    "jsonld": "application/ld+json",
}
NUMBERS_SHOWN = 8


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All methods, to be narrowed by what adapts, who decides and so on."""
    query = MethodQuery.from_params(request.GET)
    listing = list_methods(query, request.user, having(request.user))
    page = Paginator(listing.methods, PER_PAGE).get_page(request.GET.get("page"))
    return render_part(
        request,
        page="methods/index.html",
        part="methods/_results.html",
        target="methods",
        context={
            "section": "methods",
            "query": query,
            "page": page,
            "rows": [(method, definition(method)) for method in page.object_list],
            "total_here": listing.total_here,
            "facets": [_facet(facet, listing.counts[facet.name], query) for facet in FACETS],
            "chosen": _chosen(query),
            "sorts": [
                (name, label, _address(query.sorted_by(name))) for name, label in SORTS.items()
            ],
            "more": _address(query),
            "suffixes": SUFFIXES,
            "params": urlencode(query.params()),
        },
    )


def _address(query: MethodQuery) -> str:
    return f"?{urlencode(query.params())}"


def _facet(facet: Facet, counts: dict[str, int], query: MethodQuery) -> dict[str, Any]:
    chosen = query.values(facet.name)
    values = [
        {
            "label": facet.label(value),
            "count": count,
            "current": value in chosen,
            "href": _address(query.toggled(facet.name, value)),
        }
        for place, (value, count) in enumerate(counts.items())
        if place < MOST_VALUES or value in chosen
    ]
    return {
        "name": facet.name,
        "title": facet.title,
        "first": values[:SHOWN_VALUES],
        "rest": values[SHOWN_VALUES:],
        "most": max(counts.values(), default=0),
        "left_out": max(len(counts) - MOST_VALUES, 0),
    }


def _chosen(query: MethodQuery) -> list[dict[str, str]]:
    return [
        {
            "label": f"{BY_NAME[name].title}: {BY_NAME[name].label(value)}",
            "href": _address(query.toggled(name, value)),
        }
        for name, values in query.chosen
        for value in values
    ]


@require_safe
def export(request: HttpRequest, suffix: str) -> HttpResponse:
    """The methods asked for as a file."""
    if suffix not in SUFFIXES:
        raise Http404(
            gettext("There is no export “.{suffix}”. There are {suffixes}.").format(
                suffix=suffix, suffixes=", ".join(SUFFIXES)
            )
        )
    query = MethodQuery.from_params(request.GET)
    methods = list_methods(query, request.user, having(request.user)).methods
    return _file(request, methods, suffix, "methods")


@require_safe
def export_one(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """One method as a file."""
    if suffix not in SUFFIXES:
        raise Http404(
            gettext("There is no export “.{suffix}”. There are {suffixes}.").format(
                suffix=suffix, suffixes=", ".join(SUFFIXES)
            )
        )
    rows = Method.objects.visible_to(request.user).with_papers(request.user)
    method = rows.filter(slug=slug).first()
    if method is None:
        raise Http404(gettext("There is no method “{slug}”.").format(slug=slug))
    return _file(request, [method], suffix, slug)


def _file(request: HttpRequest, methods: list[Method], suffix: str, name: str) -> HttpResponse:
    site = f"{request.scheme}://{request.get_host()}"
    if suffix == "csv":
        text = io.StringIO()
        writer = csv.DictWriter(text, FIELDS)
        writer.writeheader()
        writer.writerows({k: _safe(v) for k, v in as_text_row(m).items()} for m in methods)
        content = text.getvalue()
    elif suffix == "json":
        rows = [as_row(method) for method in methods]
        content = json.dumps({"count": len(rows), "methods": rows}, ensure_ascii=False, indent=1)
    else:
        graph = [as_term(method, site) for method in methods]
        document = {"@context": "https://schema.org", "@graph": graph}
        content = json.dumps(document, ensure_ascii=False, indent=1)
    response = HttpResponse(content, content_type=f"{SUFFIXES[suffix]}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.{suffix}"'
    return response


def _safe(text: str) -> str:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything this base knows about one method."""
    seen = Method.objects.visible_to(request.user).with_papers(request.user)
    method = seen.filter(slug=slug).first()
    if method is None:
        raise Http404(gettext("There is no method “{slug}”.").format(slug=slug))
    picture = Lineage(request.user).around(slug)
    papers = method.introduced_by
    numbers = PublishedNumber.objects.visible_to(request.user).filter(paper__in=papers)
    site = f"{request.scheme}://{request.get_host()}"
    term = {"@context": "https://schema.org", **in_english(as_term)(method, site)}
    return render(
        request,
        "methods/detail.html",
        {
            "section": "methods",
            "method": method,
            "definition": definition(method),
            "attributes": _attributes(method),
            "topic": next(node.topic for node in picture.nodes if node.method == method),
            "paper_groups": [
                (Words("Introduced by"), papers),
                (Words("Improved by"), method.improved_by),
            ],
            "extends_origin": method.origin_of("extends"),
            "compared_origin": method.origin_of("compared_with"),
            "picture": picture,
            "drawing": drawing.svg(picture, here=slug) if len(picture.nodes) > 1 else "",
            "numbers": numbers.for_rows()[:NUMBERS_SHOWN],
            "number_count": numbers.count(),
            "programs": programs_of({paper.key for paper in papers}),
            "with_numbers": _with_numbers(papers, numbers),
            "code": [(url, url.split("://", 1)[-1].rstrip("/")) for url in method.code],
            "suffixes": SUFFIXES,
            "json_ld": embedded(term),
        },
    )


def _with_numbers(papers: list[Paper], numbers: QuerySet[PublishedNumber]) -> list[Paper]:
    """Those of the papers of which the ledger has a number."""
    if not papers:
        return []
    having_some = set(numbers.order_by().values_list("paper_id", flat=True))
    return [paper for paper in papers if paper.pk in having_some]


def _attributes(method: Method) -> list[dict[str, Any]]:
    """Rows of the table: what it is called, its words with links into the list, where they come
    from."""
    rows = []
    for name, title in words.LABELS.items():
        if name in ("code", "extends", "answers", "compared_with"):
            continue
        value = getattr(method, name)
        values = value if isinstance(value, list) else [value] if value else []
        if not values:
            continue
        facet = {"tasks": "task"}.get(name, name)
        links = [f"?{urlencode({facet: v})}" if facet in BY_NAME else "" for v in values]
        rows.append(
            {
                "title": title,
                "words": list(zip(labels(method, name), links, strict=True)),
                "note": method.training_note if name == "training" else "",
                "origin": method.origin_of(name),
                "lang": "zh" if name == "name_zh" else "",
            }
        )
    return rows


@require_safe
def lineage(request: HttpRequest) -> HttpResponse:
    """Small pictures of all topics; with ?topic= the one of a topic with names."""
    everything = Lineage(request.user)
    wanted = request.GET.get("topic", "").replace("\x00", "")[:80]
    topic = Topic.objects.filter(slug=wanted).first() if wanted else None
    if wanted and (topic is None or not everything.has(topic)):
        raise Http404(
            gettext("No method here stands under a topic “{wanted}”.").format(wanted=wanted)
        )
    if topic is not None:
        picture = everything.under(topic)
        context: dict[str, Any] = {
            "topic": topic,
            "picture": picture,
            "drawing": drawing.svg(picture) if picture.nodes else "",
            "lanes": drawing.lanes_of(picture),
        }
        return render(request, "methods/topic.html", {"section": "methods", **context})
    panels = [
        {
            "topic": panel,
            "drawing": drawing.small(picture),
            "sentence": drawing.describe(picture),
            "count": count,
            "address": f"{reverse('methods-lineage')}?{urlencode({'topic': panel.slug})}",
        }
        for panel, picture, count in everything.panels()
    ]
    context = {"panels": panels, "method_count": len(everything.by_slug)}
    return render(request, "methods/lineage.html", {"section": "methods", **context})
