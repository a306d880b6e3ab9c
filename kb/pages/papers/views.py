"""Papers: one list page for browsing and searching, and one page a paper."""

from __future__ import annotations

from django.db.models import F, Prefetch, Window
from django.db.models.functions import Abs, RowNumber
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from community.reviews.pages import on_paper as reviews_on_paper
from community.videos.showing import cards_of_paper
from kb.languages.middleware import in_english
from kb.pages.papers.pdf_files import public_pdf_path
from kb.pages.papers.signposting import signposts
from kb.pages.rendering import render_part
from kb.pages.sharing.cards import of_paper
from kb.pages.videos import allow_players
from papers.formats import highwire, jsonld
from papers.formats.registry import FORMATS
from papers.methods.of_papers import introduced_methods
from papers.models import AcceptedPaper, Paper, PaperTopic, Talk
from papers.models.read_along import read_along
from papers.places.pointing import naming_paper
from papers.search import PaperQuery, fields, search, similar_papers, suggest
from papers.search.language.query import SORTS
from papers.watch.shown import with_outside
from reproductions.ledger.summary import numbers_of
from taxonomy.models import Topic

CITE_BOX = ("bib", "ris", "csl.json")
LIST_FORMATS = ("bib", "ris", "csl.json", "csv", "md")
ALONG = (
    *("authorships__person", "versions__venue"),
    *("links", "findings", "names", "documents", "milestones"),
)
"""What a paper's page shows of it, read in the query that reads the paper."""
ANCESTORS = "parent__parent__parent__parent__parent"
"""As deep as the taxonomy is; a deeper topic would cost a query for each further step."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Browse and search. The address is the whole state.

    Buttons send the search with a `change` of it, and forms send long texts as they are: both
    lead on to the address that the search has.
    """
    query = PaperQuery.from_params(request.GET)
    change = request.GET.get("change", "")
    to_be_packed = query.is_packed and "q" in request.GET
    htmx = request.htmx  # type: ignore[attr-defined]
    if change or (to_be_packed and not htmx):
        query = query.with_change(change) if change else query
        return HttpResponseRedirect(f"{request.path}?{query.url_query}")
    results = search(query, user=request.user)
    if results.redirect:
        return HttpResponseRedirect(results.redirect.get_absolute_url())
    response = render_part(
        request,
        page="papers/list.html",
        part="papers/_results.html",
        target="found",
        context={
            "section": "papers",
            "query": query,
            "results": results,
            "sorts": _sorts(query),
            "fields": fields.FIELDS,
            "list_formats": [FORMATS[name] for name in LIST_FORMATS],
        },
    )
    if to_be_packed:
        response["HX-Push-Url"] = f"{request.path}?{query.url_query}"
    return response


def _sorts(query: PaperQuery) -> list[tuple[str, str, bool, str]]:
    """Orders to choose from: value, label, whether chosen, query string (of a long one: none)."""
    shown = [name for name in SORTS if name != "relevance" or query.is_ranked]
    return [
        (
            *(name, SORTS[name], query.order == name),
            "" if query.is_long else query.changed(sort=name).url_query,
        )
        for name in shown
    ]


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """What the search box may mean; as a fragment, or as JSON for browsers' search bars."""
    text = request.GET.get("q", "")[:200]
    offered = suggest(text, user=request.user)
    if request.GET.get("format") == "opensearch":
        return JsonResponse(
            [text, [item.value for item in offered]],
            safe=False,
            content_type="application/x-suggestions+json",
        )
    return render(request, "papers/_suggestions.html", {"suggestions": offered})


@require_safe
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Everything this base knows about one paper."""
    paper = _paper_or_elsewhere(request, key)
    if isinstance(paper, HttpResponse):
        return paper
    site = f"{request.scheme}://{request.get_host()}"
    pdf = public_pdf_path(paper)
    appearances = list(paper.accepted_at.all())
    cards = cards_of_paper(paper, appearances, request.user)
    context = {
        "section": "papers",
        "paper": paper,
        "card": of_paper(paper),
        "cards": cards,
        "authorships": list(paper.authorships.all()),
        "paths": _paths(paper),
        "suggested": {row.topic_id for row in paper.placements.all() if row.is_suggested},
        "neighbours": _neighbours(request, paper),
        "appearances": appearances,
        "mentions": naming_paper(paper),
        "methods": paper.introduced,  # type: ignore[attr-defined]
        "formats": FORMATS.values(),
        "citations": [
            (FORMATS[name], FORMATS[name].write([paper], site)) for name in _cited(paper)
        ],
        "meta_tags": in_english(highwire.tags)(paper, site, pdf),
        **numbers_of(paper),
        **reviews_on_paper(paper, request.user),
        "json_ld": in_english(jsonld.script_text)(paper, site),
    }
    response = render(request, "papers/detail.html", context)
    response.headers["Link"] = signposts(paper, site, pdf)
    return allow_players(response, cards)


def _cited(paper: Paper) -> tuple[str, ...]:
    """The citations that stand on the page; of one with hundreds of authors only the first."""
    return CITE_BOX[:1] if len(paper.authorships.all()) > jsonld.MANY_AUTHORS else CITE_BOX


@require_safe
def similar(request: HttpRequest, key: str) -> HttpResponse:
    """Papers like this one: a page, or the part that the paper's own page asks for once shown."""
    paper = get_object_or_404(Paper.objects.visible_to(request.user), key=key)
    return render_part(
        request,
        page="papers/similar.html",
        part="papers/_similar.html",
        context={
            "section": "papers",
            "paper": paper,
            "similar": similar_papers(paper, user=request.user, most=6),
        },
    )


@require_safe
def export(request: HttpRequest, key: str, suffix: str) -> HttpResponse:
    """The paper as a bibliographic file: `.bib`, `.ris`, `.csl.json` and others."""
    if suffix not in FORMATS:
        names = ", ".join(f".{name}" for name in FORMATS)
        raise Http404(
            gettext("There is no export “.{suffix}”. There are {names}.").format(
                suffix=suffix, names=names
            )
        )
    paper = _paper_or_elsewhere(request, key)
    if isinstance(paper, HttpResponse):
        return paper
    chosen = FORMATS[suffix]
    content = chosen.write([paper], f"{request.scheme}://{request.get_host()}")
    response = HttpResponse(content, content_type=f"{chosen.media_type}; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{paper.key}.{suffix}"'
    return response


def _paper_or_elsewhere(request: HttpRequest, key: str) -> Paper | HttpResponse:
    """The paper that this reader may see; else a tombstone, or Http404."""
    everything = Paper.objects.visible_to(request.user).select_related("venue")
    everything = with_outside(everything.annotate(introduced=introduced_methods()))
    paper = (
        read_along(everything.filter(key=key), *ALONG)
        .prefetch_related(
            Prefetch("placements", PaperTopic.objects.select_related(f"topic__{ANCESTORS}")),
            Prefetch("accepted_at", AcceptedPaper.objects.select_related("workshop")),
            Prefetch("accepted_at__talks", Talk.objects.select_related("slot")),
        )
        .first()
    )
    if paper is not None:
        return paper
    known = Paper.objects.filter(key=key).first()
    if known and known.state == Paper.State.WITHDRAWN:
        return render(request, "papers/withdrawn.html", {"paper": known}, status=410)
    raise Http404(gettext("No paper here has the key “{key}”.").format(key=key))


def _paths(paper: Paper) -> list[list[Topic]]:
    """For each of the paper's topics, the way to it from its root."""
    paths = []
    for placement in paper.placements.all():
        path = [placement.topic]
        while path[0].parent is not None:
            path.insert(0, path[0].parent)
        paths.append(path)
    return paths


def _neighbours(request: HttpRequest, paper: Paper) -> list[tuple[Topic, list[Paper]]]:
    """For each topic, the papers there that are nearest in time."""
    topics = [placement.topic for placement in paper.placements.all()][:4]
    visible = Paper.objects.visible_to(request.user).exclude(pk=paper.pk)
    rank = Window(
        RowNumber(),
        partition_by="topic",
        order_by=[Abs(F("paper__year") - paper.year), "paper__title"],
    )
    placements = PaperTopic.objects.filter(topic__in=topics, paper__in=visible)
    nearest = placements.annotate(rank=rank).filter(rank__lte=4).select_related("paper")
    by_topic: dict[int, list[Paper]] = {topic.pk: [] for topic in topics}
    for placement in nearest.order_by("rank"):
        by_topic[placement.topic_id].append(placement.paper)
    return [(topic, by_topic[topic.pk]) for topic in topics]
