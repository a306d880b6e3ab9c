"""Papers: one list page for browsing and searching, and one page a paper."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db.models import F, Prefetch, QuerySet, Window
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

from accounts.roles import is_curator
from accounts.words import Words
from community.reviews.pages import on_paper as reviews_on_paper
from community.videos.showing import cards_of_paper, frame_hosts
from kb.languages.middleware import in_english
from kb.pages.papers.pdf_files import public_pdf_path
from kb.pages.papers.signposting import signposts
from kb.pages.rendering import render_part
from kb.pages.sharing.cards import Card, of_paper
from kb.pages.videos import allow_frames
from kb.site.kept_parts import Later, kept
from papers.formats import highwire, jsonld
from papers.formats.registry import FORMATS
from papers.methods.of_papers import introduced_methods
from papers.models import AcceptedPaper, Paper, PaperTopic, Talk
from papers.models.asked_often import STAND_INS, TEXT_STAND_IN, AskedOften
from papers.models.paper import PaperQuerySet
from papers.models.read_along import put, read_along
from papers.places.pointing import naming_paper
from papers.search import PaperQuery, fields, search, similar_papers, suggest
from papers.search.language.query import SORTS
from papers.watch.shown import with_outside
from reproductions.ledger.summary import numbers_of
from taxonomy.models import Topic

CITE_BOX = ("bib", "ris", "csl.json")
SUGGESTED = (Words("operator"), Words("lab"), Words("organisation"), Words("course"), Words("book"))
"""Kinds of suggestions, which the template says in the language of the page; others are said so
elsewhere."""
LIST_FORMATS = ("bib", "ris", "csl.json", "csv", "md")
ALONG = (
    *("authorships__person", "versions__venue"),
    *("links", "findings", "names", "documents", "milestones"),
)
"""What a paper's page shows of it, read in the query that reads the paper."""
ANCESTORS = "parent__parent__parent__parent__parent"
MOST_TOPICS, MOST_NEIGHBOURS = 4, 4  # topics beside a paper, and papers of each
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
    query = results.query
    response = render_part(
        request,
        page="papers/list.html",
        part="papers/_results.html",
        target="found",
        context={
            "section": "papers",
            "query": query,
            "results": results,
            # What facets depend on: long texts are not in the address that a search has.
            "narrowing": request.GET.urlencode() + "&" + query.changed(page=1).url_query
            if query.is_long
            else query.changed(page=1).url_query,
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


@dataclass(frozen=True)
class _Head:
    """What a paper's page says outside of its content: texts alone, so that it can be kept.

    frames: hosts of the players that the page shows. signposts: value of the Link header.
    """

    title: str
    address: str
    abstract: str
    card: Card
    meta_tags: list[tuple[str, str]]
    json_ld: str
    frames: list[str]
    signposts: str


class _Elsewhere(Exception):
    """The paper is gone; what stands in its place."""

    def __init__(self, answer: HttpResponse) -> None:
        super().__init__()
        self.answer = answer


@require_safe
def detail(request: HttpRequest, key: str) -> HttpResponse:
    """Everything this base knows about one paper."""
    page = Later(lambda: _everything(request, key))
    try:
        head = kept(request, "head of a paper", lambda: page.values()["head"], key)
    except _Elsewhere as elsewhere:
        return elsewhere.answer
    context = {
        "section": "papers",
        "key": key,
        "head": head,
        "card": head.card,
        "formats": FORMATS.values(),
        "page": page,
    }
    response = render(request, "papers/detail.html", context)
    response.headers["Link"] = head.signposts
    return allow_frames(response, head.frames)


def _everything(request: HttpRequest, key: str) -> dict[str, Any]:
    """All that is shown of a paper. Raises _Elsewhere, Http404."""
    paper = _paper_or_elsewhere(request, key)
    if isinstance(paper, HttpResponse):
        raise _Elsewhere(paper)
    site = f"{request.scheme}://{request.get_host()}"
    pdf = public_pdf_path(paper)
    appearances = list(paper.accepted_at.all())
    cards = cards_of_paper(paper, appearances, request.user)
    return {
        "head": _Head(
            title=paper.title,
            address=paper.get_absolute_url(),
            abstract=paper.abstract,
            card=of_paper(paper),
            meta_tags=list(in_english(highwire.tags)(paper, site, pdf)),
            json_ld=in_english(jsonld.script_text)(paper, site),
            frames=frame_hosts(cards),
            signposts=signposts(paper, site, pdf),
        ),
        "paper": paper,
        "cards": cards,
        "authorships": list(paper.authorships.all()),
        "paths": _paths(paper),
        "suggested": {row.topic_id for row in paper.placements.all() if row.is_suggested},
        "neighbours": _neighbours(request, paper),
        "appearances": appearances,
        "mentions": naming_paper(paper),
        "methods": paper.introduced,  # type: ignore[attr-defined]
        "citations": [
            (FORMATS[name], FORMATS[name].write([paper], site)) for name in _cited(paper)
        ],
        **numbers_of(paper),
        **reviews_on_paper(paper, request.user),
    }


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
    if is_curator(request.user):
        paper = _with_everything().filter(key=key).first()
    else:
        paper = _PUBLIC.first(key)
    if paper is not None:
        put(paper, "placements", _PLACEMENTS.of(paper.pk))
        put(paper, "accepted_at", _APPEARANCES.of(paper.pk))
        return paper
    known = Paper.objects.filter(key=key).first()
    if known and known.state == Paper.State.WITHDRAWN:
        return render(request, "papers/withdrawn.html", {"paper": known}, status=410)
    raise Http404(gettext("No paper here has the key “{key}”.").format(key=key))


@cache
def _with_everything() -> PaperQuerySet:
    """All papers with what their pages show. To put this query together takes as long as to ask it,
    so it is done once."""
    papers = Paper.objects.select_related("venue").annotate(introduced=introduced_methods())
    return read_along(with_outside(papers), *ALONG)


_PUBLIC: AskedOften[Paper] = AskedOften(
    lambda key: _with_everything().visible_to().filter(key=key), TEXT_STAND_IN
)
_PLACEMENTS: AskedOften[PaperTopic] = AskedOften(
    lambda paper: PaperTopic.objects.select_related(f"topic__{ANCESTORS}").filter(paper=paper)
)
_APPEARANCES: AskedOften[AcceptedPaper] = AskedOften(
    lambda paper: (
        AcceptedPaper.objects.select_related("workshop")
        .filter(paper=paper)
        .prefetch_related(Prefetch("talks", Talk.objects.select_related("slot")))
    )
)


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
    topics = [placement.topic for placement in paper.placements.all()][:MOST_TOPICS]
    by_topic: dict[int, list[Paper]] = {topic.pk: [] for topic in topics}
    if not topics:
        return []
    last = topics[-1].pk
    ids = [*by_topic, *[last] * (MOST_TOPICS - len(topics))]
    if is_curator(request.user):
        nearest = list(_nearest_in_time(Paper.objects.all(), paper.pk, paper.year, *ids))
    else:
        nearest = _NEAREST_PUBLIC.of(paper.pk, paper.year, *ids)
    for placement in nearest:
        by_topic[placement.topic_id].append(placement.paper)
    return [(topic, by_topic[topic.pk]) for topic in topics]


def _nearest_in_time(
    visible: PaperQuerySet, paper: int, year: int, *topics: int
) -> QuerySet[PaperTopic, PaperTopic]:
    rank = Window(
        RowNumber(), partition_by="topic", order_by=[Abs(F("paper__year") - year), "paper__title"]
    )
    placements = PaperTopic.objects.filter(topic__in=topics, paper__in=visible.exclude(pk=paper))
    near = placements.annotate(rank=rank).filter(rank__lte=MOST_NEIGHBOURS)
    return near.select_related("paper").order_by("rank")


_NEAREST_PUBLIC: AskedOften[PaperTopic] = AskedOften(
    lambda *values: _nearest_in_time(Paper.objects.visible_to(), *values),
    *STAND_INS[: 2 + MOST_TOPICS],
)
