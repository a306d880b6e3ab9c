"""The address /oai: one answer a verb."""

from __future__ import annotations

import datetime as dt
from email.utils import parseaddr
from xml.etree.ElementTree import Element

from django.conf import settings
from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from community.following.gone import once_public
from kb.feeds.oai.records import (
    FORMATS,
    OAI,
    XSI,
    datestamp,
    header,
    identifier_of,
    record,
)
from kb.feeds.oai.requests import (
    ProtocolError,
    Selection,
    arguments,
    known_prefix,
    selection,
)
from kb.feeds.xml import add, xml_response
from papers.models import Paper, Venue
from papers.models.paper import PaperQuerySet
from papers.search import PaperQuery, matching
from taxonomy.models import Topic

RECORDS_A_PAGE = 100
_SCHEMA = "http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd"
_SILENT = ("badVerb", "badArgument")  # after these the request is shown without its arguments


@csrf_exempt  # harvesters may POST; nothing is written
@require_http_methods(["GET", "HEAD", "POST"])
def oai(request: HttpRequest) -> HttpResponse:
    """OAI-PMH 2.0. Errors of the protocol are answers like others, with status 200."""
    root = Element("OAI-PMH", {"xmlns": OAI, "xmlns:xsi": XSI, "xsi:schemaLocation": _SCHEMA})
    add(root, "responseDate", datestamp(dt.datetime.now(dt.UTC)))
    address = request.build_absolute_uri(request.path)
    given: dict[str, str] = {}
    try:
        given = arguments(request.POST if request.method == "POST" else request.GET)
        answer = _ANSWERS[given["verb"]](request, given)
        add(root, "request", address, **given)
        root.append(answer)
    except ProtocolError as error:
        shown = {} if error.code in _SILENT else given
        add(root, "request", address, **shown)
        add(root, "error", str(error), code=error.code)
    return xml_response(root, "text/xml")


def _identify(request: HttpRequest, given: dict[str, str]) -> Element:
    answer = Element("Identify")
    earliest = _announced().aggregate(first=Min("updated_at"))["first"]
    for tag, text in (
        ("repositoryName", "The Living Survey of Dynamic Neural Networks"),
        ("baseURL", request.build_absolute_uri(request.path)),
        ("protocolVersion", "2.0"),
        ("adminEmail", _address_of(settings.DEFAULT_FROM_EMAIL)),
        ("earliestDatestamp", datestamp(earliest or dt.datetime(1970, 1, 1, tzinfo=dt.UTC))),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ):
        add(answer, tag, text)
    return answer


def _address_of(sender: str) -> str:
    """The mail address alone, in a shape that the protocol's schema takes: a host with a dot."""
    address = parseaddr(sender)[1]
    name, _, host = address.partition("@")
    return address if "." in host else f"{name or 'survey'}@{host or 'localhost'}.localdomain"


def _list_metadata_formats(request: HttpRequest, given: dict[str, str]) -> Element:
    if "identifier" in given:
        _paper(request, given["identifier"])
    answer = Element("ListMetadataFormats")
    for prefix, (schema, namespace) in FORMATS.items():
        entry = add(answer, "metadataFormat")
        add(entry, "metadataPrefix", prefix)
        add(entry, "schema", schema)
        add(entry, "metadataNamespace", namespace)
    return answer


def _list_sets(request: HttpRequest, given: dict[str, str]) -> Element:
    if "resumptionToken" in given:
        raise ProtocolError("badResumptionToken", "The list of sets comes in one piece.")
    answer = Element("ListSets")
    pairs = [("topic", "Topics"), ("venue", "Venues")]
    topics = Topic.objects.values_list("path", "name")
    pairs += [("topic:" + path.replace("/", ":"), name) for path, name in topics]
    pairs += [(f"venue:{venue.slug}", venue.name) for venue in Venue.objects.all()]
    for spec, name in pairs:
        entry = add(answer, "set")
        add(entry, "setSpec", spec)
        add(entry, "setName", name)
    return answer


def _list_identifiers(request: HttpRequest, given: dict[str, str]) -> Element:
    papers, token = _page(selection(given))
    answer = Element("ListIdentifiers")
    answer.extend(header(paper, _host(request)) for paper in papers)
    answer.extend([token] if token is not None else [])
    return answer


def _list_records(request: HttpRequest, given: dict[str, str]) -> Element:
    selected = selection(given)
    papers, token = _page(selected)
    answer = Element("ListRecords")
    answer.extend(
        record(paper, selected.prefix, _host(request), _site(request)) for paper in papers
    )
    answer.extend([token] if token is not None else [])
    return answer


def _get_record(request: HttpRequest, given: dict[str, str]) -> Element:
    prefix = known_prefix(given["metadataPrefix"])
    paper = _paper(request, given["identifier"])
    answer = Element("GetRecord")
    answer.append(record(paper, prefix, _host(request), _site(request)))
    return answer


_ANSWERS = {
    "Identify": _identify,
    "ListMetadataFormats": _list_metadata_formats,
    "ListSets": _list_sets,
    "ListIdentifiers": _list_identifiers,
    "ListRecords": _list_records,
    "GetRecord": _get_record,
}


def _with_sets(papers: PaperQuerySet) -> PaperQuerySet:
    """With what a record and its header name: the sets of a venue are its own and its series'."""
    return papers.for_cards().select_related("venue__part_of")


def _announced() -> PaperQuerySet:
    """Public records, and those that were public and no longer are."""
    return Paper.objects.filter(once_public())


def _paper(request: HttpRequest, identifier: str) -> Paper:
    key = identifier.rpartition(":")[2]
    paper = _with_sets(_announced()).filter(key=key).first() if "\x00" not in key else None
    if paper is None or identifier != identifier_of(paper, _host(request)):
        raise ProtocolError("idDoesNotExist", f"There is no record “{identifier[:100]}”.")
    return paper


def _page(chosen: Selection) -> tuple[list[Paper], Element | None]:
    """The next records of a selection, and the resumption token where the protocol wants one.

    The place in the list is the last record's time and id, so nothing is skipped while records
    change: a changed record only moves to the end.
    """
    selected = _selected(chosen)
    remaining = selected
    if chosen.after_time:
        time = dt.datetime.fromisoformat(chosen.after_time)
        behind = Q(updated_at=time, pk__gt=chosen.after_id)
        remaining = selected.filter(Q(updated_at__gt=time) | behind)
    papers = list(_with_sets(remaining).order_by("updated_at", "pk")[: RECORDS_A_PAGE + 1])
    if not papers:
        raise ProtocolError("noRecordsMatch", "No record matches.")
    more, papers = len(papers) > RECORDS_A_PAGE, papers[:RECORDS_A_PAGE]
    if not more and not chosen.after_time:
        return papers, None
    size = max(selected.count(), chosen.done + len(papers))
    token = Element("resumptionToken", {"completeListSize": str(size), "cursor": str(chosen.done)})
    if more:
        token.text = chosen.behind(papers[-1].updated_at, papers[-1].pk, len(papers)).to_token()
    return papers, token


def _selected(selected: Selection) -> PaperQuerySet:
    papers = _announced()
    if selected.since_time:
        papers = papers.filter(updated_at__gte=selected.since_time)
    if selected.until_time:
        papers = papers.filter(updated_at__lt=selected.until_time)
    return papers.numbered(_members(selected.set)) if selected.set else papers


def _members(spec: str) -> list[int]:
    """Ids of the papers in a set, by the site's own search; none for a set that does not exist."""
    kind, colon, value = spec.partition(":")
    keys: list[str] = []
    if colon and not value:
        return []
    if kind == "venue":
        keys = [
            *Venue.objects.filter(**{"slug": value} if value else {}).values_list("slug", flat=True)
        ]
    elif kind == "topic":
        path = value.replace(":", "/")
        topics = Topic.objects.filter(path=path) if value else Topic.objects.roots()
        keys = [*topics.values_list("slug", flat=True)]
    if not keys:
        return []
    query = PaperQuery.from_params({"q": f"{kind}:{','.join(keys)}"})
    return matching(query, states=tuple(Paper.State), level=True)


def _host(request: HttpRequest) -> str:
    return request.get_host().split(":")[0]


def _site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"
