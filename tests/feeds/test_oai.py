"""OAI-PMH as a harvester meets it: answers checked against the protocol's structure."""

import datetime as dt
import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from kb.feeds.oai import views
from kb.feeds.oai.requests import Selection
from papers.models import Paper
from tests import make

pytestmark = pytest.mark.django_db
O = "{http://www.openarchives.org/OAI/2.0/}"  # noqa: E741
SECOND = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
SET_SPEC = r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*"
CHILDREN = {  # element: its children in order, ? optional, * any number, + at least one
    "OAI-PMH": "responseDate request (error+|Identify|ListMetadataFormats|ListSets|ListIdentifiers|ListRecords|GetRecord)",
    "Identify": "repositoryName baseURL protocolVersion adminEmail+ earliestDatestamp deletedRecord granularity",
    "ListMetadataFormats": "metadataFormat+",
    "metadataFormat": "metadataPrefix schema metadataNamespace",
    "ListSets": "set+ resumptionToken?",
    "set": "setSpec setName",
    "ListIdentifiers": "header+ resumptionToken?",
    "ListRecords": "record+ resumptionToken?",
    "GetRecord": "record",
    "record": "header metadata?",
    "header": "identifier datestamp setSpec*",
}  # fmt: skip
TEXTS = {
    "responseDate": SECOND,
    "datestamp": SECOND,
    "earliestDatestamp": SECOND,
    "setSpec": SET_SPEC,
    "adminEmail": r"\S+@\S+",
    "baseURL": r"http://testserver/oai",
    "protocolVersion": r"2\.0",
    "deletedRecord": "persistent",
    "identifier": r"oai:testserver:\S+",
}


def check(node):
    """The node and all below it in the protocol's namespace are as the protocol wants them."""
    name = node.tag.removeprefix(O)
    if wanted := CHILDREN.get(name):
        pattern = re.sub(r"([A-Za-z]+)", r"(?:\1 )", wanted).replace(") (", ")(").replace(" (", "(")
        pattern = re.sub(r"\)([?*+]) ", r")\1", pattern)
        children = "".join(child.tag.removeprefix(O) + " " for child in node)
        assert re.fullmatch(pattern, children), f"{name} has {children}"
    if name in TEXTS:
        assert re.fullmatch(TEXTS[name], node.text or ""), f"{name} is {node.text}"
    for child in node:
        if child.tag.startswith(O):
            check(child)


def ask(query, expect_error=None):
    answer = Client().get(f"/oai?{query}")
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/xml; charset=utf-8")
    root = ElementTree.fromstring(answer.content)
    check(root)
    errors = [error.get("code") for error in root.findall(f"{O}error")]
    assert errors == ([expect_error] if expect_error else [])
    return root


def keys(root):
    return [node.text.split(":")[-1] for node in root.iter(f"{O}identifier")]


def at(paper, moment):
    """Pretend that the paper was last changed at this moment."""
    stamp = dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)
    Paper.objects.filter(pk=paper.pk).update(updated_at=stamp)


def test_repository_describes_itself():
    make.paper()

    root = ask("verb=Identify")

    assert root.find(f"{O}request").get("verb") == "Identify"
    assert root.findtext(f"{O}Identify/{O}granularity") == "YYYY-MM-DDThh:mm:ssZ"


def test_formats_and_sets_are_listed():
    depth = make.topic("Depth")
    make.topic("Early exiting", parent=depth)
    make.venue("ICLR")
    make.paper(key="skip")

    formats = ask("verb=ListMetadataFormats&identifier=oai:testserver:skip")
    sets = ask("verb=ListSets")

    prefixes = [node.text for node in formats.iter(f"{O}metadataPrefix")]
    assert prefixes == ["oai_dc", "mods", "oai_datacite"]
    assert [node.text for node in sets.iter(f"{O}setSpec")] == [
        "topic",
        "venue",
        "topic:depth",
        "topic:depth:early-exiting",
        "venue:iclr",
    ]


@pytest.mark.parametrize("prefix", ["oai_dc", "mods", "oai_datacite"])
@pytest.mark.parametrize("verb", ["GetRecord", "ListRecords"])
def test_record_comes_in_every_format(prefix, verb):
    make.paper("Früh & spät", key="skip", authors=["Gao Huang", "OpenAI"], arxiv="1708.06834", topics=[make.topic()])  # fmt: skip
    which = "&identifier=oai:testserver:skip" if verb == "GetRecord" else ""

    root = ask(f"verb={verb}&metadataPrefix={prefix}{which}")

    assert keys(root) == ["skip"]
    text = ElementTree.tostring(root.find(f".//{O}metadata"), encoding="unicode")
    for expected in ("Früh &amp; spät", "Huang", "OpenAI", "2018", "Early exiting", "1708.06834"):
        assert expected in text


def test_dublin_core_has_its_fields():
    make.paper("Skip RNN", key="skip", doi="10.1145/1", unconfirmed=["venue"])

    root = ask("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:testserver:skip")

    dc = root.find(".//{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")
    found = [(node.tag.split("}")[1], node.text) for node in dc]
    assert ("creator", "Huang, Gao") in found
    assert ("identifier", "http://testserver/papers/skip/") in found
    assert ("identifier", "https://doi.org/10.1145/1") in found
    assert not any("Unconfirmed" in (text or "") for _, text in found)


def test_dates_select_inclusively_in_both_granularities():
    for key, moment in (
        ("a", "2025-01-01T10:00:00"),
        ("b", "2025-01-02T10:00:00.500000"),
        ("c", "2025-01-03T10:00:00"),
    ):
        at(make.paper(key=key), moment)
    lists = "verb=ListIdentifiers&metadataPrefix=oai_dc"

    assert keys(ask(f"{lists}&from=2025-01-02")) == ["b", "c"]
    assert keys(ask(f"{lists}&until=2025-01-02")) == ["a", "b"]
    assert keys(ask(f"{lists}&from=2025-01-02&until=2025-01-02")) == ["b"]
    assert keys(ask(f"{lists}&until=2025-01-02T10:00:00Z")) == ["a", "b"]
    assert keys(ask(f"{lists}&from=2025-01-03T10:00:00Z")) == ["c"]
    ask(f"{lists}&from=2025-01-04", expect_error="noRecordsMatch")


def test_sets_select_topics_with_all_below_and_venues():
    depth = make.topic("Depth")
    exiting = make.topic("Early exiting", parent=depth)
    make.paper(key="inside", topics=[exiting])
    make.paper(key="outside", venue=make.venue("ACL"))
    lists = "verb=ListIdentifiers&metadataPrefix=oai_dc"

    assert keys(ask(f"{lists}&set=topic:depth")) == ["inside"]
    assert keys(ask(f"{lists}&set=topic")) == ["inside"]
    assert keys(ask(f"{lists}&set=venue:acl")) == ["outside"]
    assert keys(ask(f"{lists}&set=venue")) == ["inside", "outside"]
    ask(f"{lists}&set=topic:dep", expect_error="noRecordsMatch")
    ask(f"{lists}&set=nothing", expect_error="noRecordsMatch")
    ask(f"{lists}&set=topic:", expect_error="noRecordsMatch")
    ask(f"{lists}&set=venue:", expect_error="noRecordsMatch")


def test_list_in_pieces_gives_every_record_once_although_records_change(monkeypatch):
    monkeypatch.setattr(views, "RECORDS_A_PAGE", 2)
    made = [make.paper(key=f"p{number}") for number in range(5)]

    seen, query = [], "verb=ListRecords&metadataPrefix=oai_dc"
    cursors = []
    while query:
        root = ask(query)
        seen += keys(root)
        token = root.find(f".//{O}resumptionToken")
        cursors.append((token.get("cursor"), token.get("completeListSize")))
        query = f"verb=ListRecords&resumptionToken={token.text}" if token.text else None
        if len(seen) == 2:
            made[0].save()  # a record that was seen changes, and comes again at the end

    assert seen == ["p0", "p1", "p2", "p3", "p4", "p0"]
    assert cursors == [("0", "5"), ("2", "5"), ("4", "6")]


def test_a_token_goes_on_with_the_list_of_its_own_verb(monkeypatch):
    monkeypatch.setattr(views, "RECORDS_A_PAGE", 1)
    make.paper(), make.paper()

    root = ask("verb=ListIdentifiers&metadataPrefix=mods")
    token = root.find(f".//{O}resumptionToken").text

    ask(f"verb=ListRecords&resumptionToken={token}", expect_error="badResumptionToken")
    assert len(keys(ask(f"verb=ListIdentifiers&resumptionToken={token}"))) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"done": -1},
        {"done": 2**63},
        {"after_id": -1},
        {"set": "topic:\ud800"},
        {"set": "\x00"},
        {"prefix": "marc"},
        {"after_time": "0001-01-01T00:00:00+23:59"},
        {"after_time": "9999-12-31T23:59:59-23:59"},
        {"after_time": "2026-01-01T00:00:00"},
        {"after_time": ""},
        {"since": "2026-02-30"},
    ],
)
def test_a_token_with_a_place_that_cannot_be_is_refused(change):
    make.paper()
    good = Selection("ListRecords", "oai_dc", after_time="2020-01-01T00:00:00+00:00")
    assert keys(ask(f"verb=ListRecords&resumptionToken={good.to_token()}"))

    token = replace(good, **change).to_token()

    ask(f"verb=ListRecords&resumptionToken={token}", expect_error="badResumptionToken")


def test_what_was_public_and_went_is_announced_as_deleted_for_good():
    paper = make.paper(key="seen", topics=[make.topic("Early exiting")])
    paper.state = Paper.State.HIDDEN
    paper.save()

    root = ask("verb=ListRecords&metadataPrefix=oai_dc&set=topic:early-exiting")

    assert keys(root) == ["seen"]
    assert [node.get("status") for node in root.iter(f"{O}header")] == ["deleted"]
    assert root.find(f".//{O}metadata") is None


def test_withdrawn_and_merged_records_are_announced_and_those_never_public_are_not():
    make.paper(key="withdrawn", state=Paper.State.WITHDRAWN)
    make.paper(key="merged", state=Paper.State.MERGED)
    make.paper("Canary", key="canary", state=Paper.State.HIDDEN)

    root = ask("verb=ListRecords&metadataPrefix=oai_dc")

    assert keys(root) == ["withdrawn", "merged"]
    assert [node.get("status") for node in root.iter(f"{O}header")] == ["deleted", "deleted"]
    assert root.find(f".//{O}metadata") is None
    ask("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:testserver:canary", expect_error="idDoesNotExist")  # fmt: skip


def test_harvesters_may_post():
    make.paper(key="skip")

    answer = Client(enforce_csrf_checks=True).post(
        "/oai", {"verb": "ListIdentifiers", "metadataPrefix": "oai_dc"}
    )

    assert keys(ElementTree.fromstring(answer.content)) == ["skip"]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=Nope", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&x=1", "badArgument"),
        ("verb=GetRecord", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marc", "cannotDisseminateFormat"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-02-31", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-01-01&until=2025-01-01T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2025-01-02&until=2025-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=", "badArgument"),
        ("verb=ListIdentifiers&metadataPrefix=oai_dc&until=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=", "badArgument"),
        ("verb=ListRecords&metadataPrefix=", "badArgument"),
        ("verb=ListMetadataFormats&identifier=", "badArgument"),
        ("verb=ListRecords&resumptionToken=x&metadataPrefix=oai_dc", "badArgument"),
        ("verb=ListRecords&resumptionToken=nonsense", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=W10", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:testserver:nothing", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:elsewhere:skip", "idDoesNotExist"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=%00", "badArgument"),
        ("verb=ListMetadataFormats&identifier=oai:testserver:nothing", "idDoesNotExist"),
    ],
)  # fmt: skip
def test_mistakes_have_the_codes_of_the_protocol(query, code):
    make.paper(key="skip")

    ask(query, expect_error=code)


@pytest.mark.parametrize("prefix", ["oai_dc", "mods", "oai_datacite"])
def test_list_costs_the_same_number_of_queries_for_one_and_three(prefix):
    counts = []
    for number in (1, 2):
        for _ in range(number):
            place = Paper.objects.count()
            venue = make.venue(f"Track {place}", part_of=make.venue(f"Series {place}"))
            make.paper(topics=[make.topic(f"Topic {place}")], venue=venue, code="https://x.org")
        with CaptureQueriesContext(connection) as queries:
            ask(f"verb=ListRecords&metadataPrefix={prefix}")
        counts.append(len(queries))

    assert counts == [1, 1]


@pytest.mark.parametrize(
    "wrong",
    [
        "<ListSets/>",
        "<header><datestamp>2025-01-01T00:00:00Z</datestamp><identifier>oai:testserver:a</identifier></header>",
        "<header><identifier>oai:testserver:a</identifier><datestamp>2025-01-01</datestamp></header>",
        "<set><setSpec>a b</setSpec><setName>x</setName></set>",
        "<record><metadata/></record>",
    ],
)
def test_the_check_of_structure_finds_mistakes(wrong):
    node = ElementTree.fromstring(f'<x xmlns="{O[1:-1]}">{wrong}</x>')[0]

    with pytest.raises(AssertionError):
        check(node)
