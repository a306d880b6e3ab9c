"""Where the parameters of addresses come from: "this parameter comes from that queryset".

A pattern whose parameters have no source here is a KeyError, so that nothing is shipped that the
crawl does not know how to open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise, product
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Manager, Q, QuerySet

from accounts.models import ApiToken
from community.models import (
    Alarm,
    Correction,
    Follow,
    ListChange,
    ListEntry,
    ListImport,
    ListKeeper,
    ListPlacement,
    ListSection,
    ListSuggestion,
    PersonClaim,
    PublicList,
    ReadingList,
    ReadingSession,
    Reply,
    Review,
    ReviewVersion,
    Subscription,
    Video,
    WorkshopRequest,
)
from kb.backup.dump import dates, manifest_of
from kb.feeds.oai.requests import PREFIXES
from kb.feeds.sitemap import sections
from kb.feeds.unapi import SUFFIXES
from kb.figures import FIGURES
from kb.pages.places.views import SECTIONS, Section
from kb.pages.public_lists.log import WRITERS as LOG_WRITERS
from kb.pages.reproductions.plots import LIBRARY, plots_of_program, plots_of_runs
from kb.pages.tables.files import TYPES as TABLE_TYPES
from kb.pages.workshops.giving import TYPES as PROCEEDINGS
from kb.urls.records import PLURALS
from papers.formats.registry import FORMATS
from papers.models import (
    Conflict,
    Document,
    Find,
    ImportBatch,
    Method,
    Paper,
    PaperVersion,
    PathStep,
    Person,
    ReadingPath,
    Source,
    TopicSuggestion,
    Venue,
    WaitingWork,
    Workshop,
    WorkshopFile,
    WorkshopImport,
    WorkshopOrganiser,
)
from papers.workshops.blocks import BLOCKS
from reproductions import registry
from reproductions.comparing.quantities import COSTS
from reproductions.models import (
    Attestation,
    Judgement,
    PublishedNumber,
    Run,
    Runner,
    SurveyTable,
    SurveyTableVersion,
)
from taxonomy.models import Topic
from tests.addresses import parameters

Rows = Iterable[tuple[Any, ...]]
PLOT_KINDS = ("svg", "csv", "json", "html")
CONTRIBUTIONS = {
    "review": Review,
    "reply": Reply,
    "video": Video,
    "workshop": WorkshopRequest,
    "list": PublicList,
}


def _columns(rows: QuerySet[Any] | Manager[Any], *names: str) -> Callable[[], Rows]:
    """In an order that two databases with the same rows share: a sample of them is then the same."""
    return lambda: rows.order_by(*names).values_list(*names)


def _column(rows: QuerySet[Any] | Manager[Any], name: str = "pk") -> Callable[[], Rows]:
    return _columns(rows, name)


PAPERS = Paper.objects.filter(state=Paper.State.PUBLIC)
LISTS = PublicList.objects.public()
PEOPLE = Person.objects.visible_to(None)


def _keys() -> list[str]:
    return list(PAPERS.order_by("key").values_list("key", flat=True))


def _identifiers() -> Rows:
    """Every key, arXiv id and DOI: what the API recognises without being told the kind."""
    names = ("key", "arxiv", "doi")
    for row in PAPERS.order_by("key").values_list(*names):
        yield from ((value,) for value in row if value)


def _with_pdf_somewhere() -> Rows:
    elsewhere = Q(arxiv__isnull=False) | Q(doi__isnull=False) | Q(openreview__isnull=False)
    rows = PAPERS.filter(elsewhere).order_by("key")
    return ((key, key) for key in rows.values_list("key", flat=True))


def _cards() -> Rows:
    """Kind and slug of all that can be framed elsewhere."""
    kinds: dict[str, QuerySet[Any]] = {
        "topics": Topic.objects.order_by("slug").values_list("slug", flat=True),
        "numbers": PublishedNumber.objects.visible_to(None).order_by("slug").values_list("slug", flat=True),
        "tables": SurveyTable.objects.order_by("slug").values_list("slug", flat=True),
    }  # fmt: skip
    yield from product(("papers",), _keys())
    for kind, slugs in kinds.items():
        yield from product((kind,), slugs)


def _linksets() -> Rows:
    """Kind, slug and suffix of the link sets."""
    kinds = {
        "papers": _keys(),
        "people": PEOPLE.order_by("slug").values_list("slug", flat=True),
        "workshops": Workshop.objects.visible_to().order_by("slug").values_list("slug", flat=True),
        "lists": LISTS.order_by("slug").values_list("slug", flat=True),
    }
    for kind, slugs in kinds.items():
        yield from ((kind, slug, "json") for slug in slugs)


def _editions() -> Rows:
    """Venue and year of every paper, and of every version of one."""
    own = PAPERS.exclude(venue=None).values_list("venue__slug", "year")
    versions = PaperVersion.objects.filter(paper__in=PAPERS).exclude(venue=None)
    return sorted({*own, *versions.values_list("venue__slug", "year")})


def _records() -> Rows:
    """(plural, key) of every record that has a history."""
    kinds = (
        ("papers", PAPERS, "key"),
        ("people", PEOPLE, "slug"),
        ("venues", Venue.objects.all(), "slug"),
        ("workshops", Workshop.objects.visible_to(), "slug"),
        ("topics", Topic.objects.all(), "slug"),
        ("methods", Method.objects.all(), "slug"),
        *((plural, of.model.objects.all(), "slug") for plural, of in SECTIONS.items()),
    )
    for plural, rows, name in kinds:
        yield from ((plural, key) for key in rows.order_by(name).values_list(name, flat=True))


def _files_of(section: Section) -> Callable[[], Rows]:
    rows = section.model._default_manager.order_by("slug")
    return lambda: product(rows.values_list("slug", flat=True), section.suffixes)


def _program_files() -> Rows:
    return ((one.slug, path.name) for one in registry.programs() for path in one.files)


def _program_plots() -> Rows:
    for slug in registry.slugs():
        for plot, kind in product(plots_of_program(slug), PLOT_KINDS):
            yield slug, f"{plot.slug}.{kind}"


def _run_plots() -> Rows:
    for run in Run.objects.order_by("pk"):
        for plot, kind in product(plots_of_runs([run]), PLOT_KINDS):
            yield run.pk, f"{plot.slug}.{kind}"


def _run_pairs() -> Rows:
    """Every run beside the one before it of the same program."""
    runs = Run.objects.order_by("program", "scale", "pk").values_list("program", "pk")
    return ((a[1], b[1]) for a, b in pairwise(runs) if a[0] == b[0])


def _review_pairs() -> Rows:
    versions = ReviewVersion.objects.order_by("review", "number").values_list("review", "number")
    return ((a[0], a[1], b[1]) for a, b in pairwise(versions) if a[0] == b[0])


def _contributions() -> Rows:
    for kind, model in CONTRIBUTIONS.items():
        yield from ((kind, pk) for (pk,) in _column(model._default_manager)())


def _tables() -> list[str]:
    return list(SurveyTable.objects.order_by("slug").values_list("slug", flat=True))


def _sitemaps() -> Rows:
    return ((name,) for name in sections())


def _dump_files() -> Rows:
    return ((date, name) for date in dates() for name in (manifest_of(date) or {})["files"])


def _of_lists(model: Any, **only: Any) -> Callable[[], Rows]:
    """(slug, key) of every row of public lists."""
    rows = model.objects.filter(public_list__in=LISTS, **only)
    return lambda: rows.order_by("pk").values_list("public_list__slug", "pk")


def _of(*rows: Any) -> Callable[[], Rows]:
    return lambda: [(row,) for row in rows]


SOURCES: dict[str, Callable[[], Rows]] = {
    "papers.<str:suffix>": _of(*FORMATS),
    "papers/<slug:key>": _column(PAPERS, "key"),
    "papers/<slug:key>.<str:suffix>": lambda: product(_keys(), FORMATS),
    "papers/<slug:key>/<slug:name>.pdf": _with_pdf_somewhere,
    "papers/<path:identifier>": _identifiers,
    "topics/<slug:slug>": _column(Topic.objects.all(), "slug"),
    "paths/<slug:slug>": _column(ReadingPath.objects.all(), "slug"),
    "paths/<slug:slug>/<slug:step>/tick": _columns(PathStep.objects, "path__slug", "slug"),
    "figures/<slug:slug>": lambda: ((slug,) for slug in FIGURES),
    "methods.<str:suffix>": _of("csv", "json", "jsonld"),
    "methods/<slug:slug>": _column(Method.objects.all(), "slug"),
    "methods/<slug:slug>.<str:suffix>": lambda: (
        (slug, "json") for (slug,) in _column(Method.objects, "slug")()
    ),
    **{
        pattern: rows
        for plural, of in SECTIONS.items()
        for pattern, rows in (
            (f"{plural}.<str:suffix>", _of(*of.suffixes)),
            (f"{plural}/<slug:slug>", _column(of.model.objects.all(), "slug")),
            (f"{plural}/<slug:slug>.<str:suffix>", _files_of(of)),
        )
    },
    "people/<slug:slug>": _column(PEOPLE, "slug"),
    "venues/<slug:slug>": _column(Venue.objects.all(), "slug"),
    "venues/<slug:slug>/<int:year>": _editions,
    "workshops/<slug:slug>": _column(Workshop.objects.visible_to(), "slug"),
    "workshops/<slug:slug>/proceedings.<str:suffix>": lambda: product(
        Workshop.objects.visible_to().order_by("slug").values_list("slug", flat=True), PROCEEDINGS
    ),
    "<slug:slug>/blocks/<slug:code>": lambda: product(
        Workshop.objects.visible_to().order_by("slug").values_list("slug", flat=True), BLOCKS
    ),
    "workshops/<slug:slug>/edit/<slug:code>": lambda: product(
        Workshop.objects.visible_to().order_by("slug").values_list("slug", flat=True), BLOCKS
    ),
    "workshops/papers/<str:token>": lambda: [],  # the links of authors are kept as hashes
    "workshops/papers/<str:token>/<str:name>": lambda: [],
    "workshops/<slug:slug>/files/<str:name>": _columns(
        WorkshopFile.objects, "workshop__slug", "name"
    ),
    "workshops/<slug:slug>/import/<int:pk>": _columns(
        WorkshopImport.objects, "workshop__slug", "pk"
    ),
    "workshops/invitations/<str:token>": _column(
        WorkshopOrganiser.objects.filter(user=None), "token"
    ),
    "abs/(?P<identifier>.+?)": _column(PAPERS.exclude(arxiv=None), "arxiv"),
    "doi/(?P<identifier>.+?)": _column(PAPERS.exclude(doi=None), "doi"),
    "openreview/<str:identifier>": _column(PAPERS.exclude(openreview=None), "openreview"),
    "acl/<str:identifier>": _column(PAPERS.exclude(acl=None), "acl"),
    "papers/<slug:key>/v<int:version>": lambda: ((key, 1) for key in _keys()),
    "numbers/<slug:slug>": _column(PublishedNumber.objects.visible_to(None), "slug"),
    "tables/<slug:slug>": _column(SurveyTable.objects.all(), "slug"),
    "tables/<slug:slug>.<str:suffix>": lambda: product(_tables(), TABLE_TYPES),
    "tables/<slug:slug>/v<int:number>": _columns(
        SurveyTableVersion.objects, "table__slug", "number"
    ),
    "tables/<slug:slug>/v<int:number>.<str:suffix>": lambda: (
        (slug, 1, suffix) for slug, suffix in product(_tables(), TABLE_TYPES)
    ),
    "compare.<str:suffix>": _of("svg", "csv", "tex"),
    "reproductions/<slug:slug>": lambda: ((slug,) for slug in registry.slugs()),
    "reproductions/<slug:slug>/code/<str:file>": _program_files,
    "reproductions/<slug:slug>/plots/<str:name>": _program_plots,
    "runs/<int:pk>": _column(Run.objects.all()),
    "runs/<int:pk>/verdicts/<str:claim>": _columns(
        Judgement.objects, "run_id", "claim__identifier"
    ),
    "runs/<int:pk>/plots/<str:name>": _run_plots,
    "runs/<int:first>/diff/<int:second>": _run_pairs,
    "runners/<int:pk>": _column(Runner.objects.all()),
    "runners/<int:pk>/runs/<int:run>": lambda: [],  # for the machines of members
    "hand-ins/<int:pk>": _column(Attestation.objects.all()),
    "badges/<slug:key>": _column(PAPERS, "key"),
    "papers/<slug:key>/read/": lambda: [],  # no PDF is shipped
    "papers/<slug:key>/read/<str:name>": lambda: [],
    "documents/<int:pk>/read/<str:name>": lambda: [],
    "cards/<str:kind>/<slug:slug>": _cards,
    "pictures/<str:kind>/<slug:slug>.png": _cards,
    "linksets/<str:kind>/<slug:slug>.<str:suffix>": _linksets,
    "charts/<str:name>": _of(LIBRARY),
    "sitemaps/<slug:section>": _sitemaps,
    "<slug:plural>/<slug:key>": _records,
    f"(?P<plural>{PLURALS})/(?P<key>[-\\w]+)": _records,
    f"(?P<plural>{PLURALS})/(?P<key>[-\\w]+)/videos/add": lambda: (
        row for row in _records() if row[0] in ("papers", "workshops")
    ),
    "documents/<int:pk>": _column(Document.objects.all()),
    "upload/<int:pk>": _column(Document.objects.all()),
    "conflicts/<int:pk>": _column(Conflict.objects.all()),
    "suggestions/<int:pk>": _column(TopicSuggestion.objects.all()),
    "import/<int:pk>": _column(ImportBatch.objects.all()),
    "waiting/<int:pk>": _column(WaitingWork.objects.all()),
    "inbox/<int:pk>": _column(Find.objects.all()),
    "months/<int:year>/<int:month>": lambda: [(2026, 11), (2026, 10), (2018, 1)],
    "clock/<slug:slug>": _column(Topic.objects.all(), "slug"),
    "years/<int:year>": lambda: PAPERS.order_by("year").values_list("year").distinct(),
    "inbox/undo/<uuid:batch>": lambda: [],  # only posted to
    "sources/<slug:slug>": _column(Source.objects.all(), "slug"),
    "reviews/<int:pk>": _column(Review.objects.all()),
    "reviews/<int:pk>/versions/<int:first>/<int:second>": _review_pairs,
    "replies/<int:pk>": _column(Reply.objects.all()),
    "<slug:kind>/<int:pk>": _contributions,
    "videos/<int:pk>": _column(Video.objects.all()),
    "corrections/<int:pk>": _column(Correction.objects.all()),
    "alarms/<int:pk>": _column(Alarm.objects.all()),
    "tokens/<slug:prefix>": _column(ApiToken.objects.all(), "prefix"),
    "sessions/<int:pk>": lambda: [],  # one's own browsers
    "members/<str:name>": _column(get_user_model()._default_manager.all(), "username"),
    "claims/<int:pk>": _column(PersonClaim.objects.all()),
    "lists/<int:pk>": _column(ReadingList.objects.all()),
    "lists/<int:pk>/entries/<int:entry_pk>": _columns(ListEntry.objects, "reading_list", "pk"),
    "lists/<int:pk>/entries/<slug:key>": _columns(ListEntry.objects, "reading_list", "paper__key"),
    "lists/<int:pk>/list.<str:suffix>": lambda: product(
        ReadingList.objects.order_by("pk").values_list("pk", flat=True), FORMATS
    ),
    "lists/<str:key>.atom": _column(ReadingList.objects.filter(is_shared=True), "share_key"),
    "lists/<str:key>.json": _column(ReadingList.objects.filter(is_shared=True), "share_key"),
    "shared/<slug:key>": _column(ReadingList.objects.filter(is_shared=True), "share_key"),
    "shared/<slug:key>/list.<str:suffix>": lambda: product(
        ReadingList.objects.filter(is_shared=True)
        .order_by("share_key")
        .values_list("share_key", flat=True),
        FORMATS,
    ),
    "lists/<slug:slug>": _column(LISTS, "slug"),
    "public-lists/<slug:slug>": _column(LISTS, "slug"),
    "lists/<slug:slug>.<str:suffix>": lambda: product(
        LISTS.order_by("slug").values_list("slug", flat=True), ("md", *FORMATS)
    ),
    "lists/<slug:slug>/sections/<int:pk>": _of_lists(ListSection),
    "lists/<slug:slug>/entries/<int:pk>": _of_lists(ListPlacement),
    "lists/<slug:slug>/entries/<int:pk>/import": _of_lists(ListPlacement, paper=None),
    "lists/<slug:slug>/suggestions/<int:pk>": _of_lists(ListSuggestion),
    "lists/<slug:slug>/history/<int:pk>": _of_lists(ListChange),
    "lists/<slug:slug>/log/<int:pk>": _of_lists(ReadingSession),
    "lists/<slug:slug>/log.<str:suffix>": lambda: product(
        LISTS.order_by("slug").values_list("slug", flat=True), LOG_WRITERS
    ),
    "lists/import/<int:pk>": _column(ListImport.objects.all()),
    "lists/invitations/<slug:token>": _column(ListKeeper.objects.all(), "token"),
    "marks/<slug:key>": _column(PAPERS, "key"),
    "follows/<int:pk>": _column(Follow.objects.all()),
    "following/<str:token>": _column(Subscription.objects.all(), "feed_token"),
    "following/webhooks/<int:pk>": lambda: [],  # one's own
    "following/webhooks/<int:pk>/deliveries/<int:delivery>": lambda: [],
    "unsubscribe/<slug:token>": _column(Subscription.objects.all(), "mail_token"),
    "accounts/2fa/webauthn/keys/<int:pk>": lambda: [],  # one's own keys
    "dumps/<str:date>/<path:name>": _dump_files,
}
"""By a piece of the pattern that holds all its parameters; the longest that fits counts."""


def values_for(route: str) -> Rows:
    """What to put for the parameters of a pattern, in their order.

    Raises KeyError when there is no source for them.
    """
    names = parameters(route)
    if not names:
        return [()]
    fitting = [piece for piece in SOURCES if piece in route and parameters(piece) == names]
    if not fitting:
        raise KeyError(f"give tests/crawl/sources.py a source for {route}")
    return SOURCES[max(fitting, key=len)]()


def _sets() -> list[str]:
    topics = Topic.objects.order_by("path").values_list("path", flat=True)
    venues = Venue.objects.order_by("slug").values_list("slug", flat=True)
    specs = [f"topic:{path.replace('/', ':')}" for path in topics]
    return ["topic", "venue", *specs, *(f"venue:{slug}" for slug in venues)]


def _oai() -> Iterable[str]:
    """All verbs; whole lists in all formats; every set and every record, its format by turns."""
    yield from ("verb=Identify", "verb=ListMetadataFormats", "verb=ListSets")
    for prefix in PREFIXES:
        yield f"verb=ListIdentifiers&metadataPrefix={prefix}"
        yield f"verb=ListRecords&metadataPrefix={prefix}"
    for place, spec in enumerate(_sets()):
        yield f"verb=ListRecords&metadataPrefix={PREFIXES[place % len(PREFIXES)]}&set={spec}"
    for place, key in enumerate(_keys()):
        prefix = PREFIXES[place % len(PREFIXES)]
        yield f"verb=GetRecord&metadataPrefix={prefix}&identifier=oai:testserver:{key}"


def _unapi() -> Iterable[str]:
    yield ""
    for place, key in enumerate(_keys()):
        yield f"id={key}"
        yield f"id={key}&format={list(SUFFIXES)[place % len(SUFFIXES)]}"


QUERIES: dict[str, Callable[[], Iterable[str]]] = {
    "oai": _oai,
    "unapi": _unapi,
    "papers/suggest/": lambda: ("q=skip", "q=author:hu", "q=skip&format=opensearch"),
    "oembed": lambda: (f"url=http%3A//testserver/papers/{key}/" for key in _keys()[:50]),
    "disagreements/": lambda: ("", "page=2", "page=3", "kind=convention", "kind=none"),
    "compare/": lambda: (
        "",
        "second_hand=1&mix=1",
        "second_hand=1",
        *(f"cost={cost}&second_hand=1" for cost in COSTS if cost != "operations"),
        "data_set=nowhere&until=1990",
        "cost=weight&since=new",
    ),
    # Of the whole, only a started site can tell.
    "healthz": lambda: ("part=database", "part=index", "part=encoder"),
    "feeds/reviews.atom": lambda: ("", *(f"paper={key}" for key in _keys())),
    "feeds/reviews.json": lambda: ("",),
}
"""Addresses whose subject stands behind the question mark."""
