"""/api/v1/papers/ as its clients see it."""

import pytest

from kb.api.machinery.paging import encode
from papers.models import AcceptedPaper, Finding, OldKey, Paper
from tests import make

pytestmark = pytest.mark.django_db


def titles(answer):
    assert answer.status_code == 200, answer.content
    return [paper["title"] for paper in answer.json()["results"]]


def test_paper_tells_everything_with_its_origin(get):
    topic = make.topic("Early exiting")
    paper = make.paper(
        "Multi-Scale Dense Networks",
        key="huang2018multi",
        authors=["Gao Huang", "Danlu Chen"],
        topics=[topic],
        code="https://github.com/gaohuang/MSDNet",
        arxiv="1703.09844",
        tldr="Coarse features everywhere.",
        texts_by="curator",
        unconfirmed=["venue"],
    )
    Finding.objects.create(paper=paper, position=0, text="It works.", origin="author")

    body = get("papers/huang2018multi/").json()

    assert body["url"] == "http://testserver/papers/huang2018multi/"
    assert [author["name"] for author in body["authors"]] == ["Gao Huang", "Danlu Chen"]
    assert body["authors"][0]["person"]["slug"] == "gao-huang"
    assert body["venue"]["name"] == "ICLR"
    assert (body["tldr"], body["texts_by"]) == ("Coarse features everywhere.", "curator")
    assert body["findings"] == [{"text": "It works.", "origin": "author"}]
    assert body["topics"][0] == {
        "slug": "early-exiting",
        "name": "Early exiting",
        "path": "early-exiting",
        "origin": "curator",
        "suggested": False,
    }
    assert [(version["kind"], version["confirmed"]) for version in body["versions"]] == [
        ("preprint", True),
        ("conference", False),
    ]
    assert body["links"] == [{"kind": "code", "url": "https://github.com/gaohuang/MSDNet"}]
    assert body["unconfirmed"] == ["venue"]


@pytest.mark.parametrize(
    "identifier",
    [
        "1703.09844",
        "arXiv:1703.09844v3",
        "10.1145/ABC.DEF",
        "10.1145%2Fabc.def",
        "openreview:Hk2aImxAb",
        "2022.acl-long.503",
    ],
)
def test_any_identifier_finds_the_paper(get, identifier):
    make.paper(
        key="skip",
        arxiv="1703.09844",
        doi="10.1145/Abc.Def",
        openreview="Hk2aImxAb",
        acl="2022.acl-long.503",
    )

    answer = get(f"papers/{identifier}/")

    assert answer.json()["key"] == "skip"
    assert answer["Content-Location"] == "/api/v1/papers/skip/"


def test_old_and_merged_keys_redirect_for_good(get):
    survivor = make.paper(key="survivor")
    make.paper(key="merged", state=Paper.State.MERGED, merged_into=survivor)
    OldKey.objects.create(key="old", paper=survivor)

    for key in ("merged", "old"):
        answer = get(f"papers/{key}/?select=key")
        assert (answer.status_code, answer["Location"]) == (
            301,
            "/api/v1/papers/survivor/?select=key",
        )


def test_withdrawn_paper_is_gone_and_hidden_paper_was_never_there(get, staff_get):
    make.paper(key="withdrawn", state=Paper.State.WITHDRAWN)
    make.paper(key="hidden", state=Paper.State.HIDDEN)

    assert get("papers/withdrawn/").status_code == 410
    assert get("papers/hidden/").status_code == 404
    assert get("papers/hidden/").json()["detail"] == "There is no paper “hidden”."
    assert staff_get("papers/hidden/").json()["key"] == "hidden"


def test_default_order_is_newest_first_then_title(get):
    make.paper("B", year=2018)
    make.paper("A", year=2018)
    make.paper("C", year=2020)

    assert titles(get("papers/")) == ["C", "A", "B"]
    assert titles(get("papers/?sort=year")) == ["A", "B", "C"]
    assert titles(get("papers/?sort=name")) == ["A", "B", "C"]


@pytest.mark.parametrize("sort", ["-year", "year", "name", "updated"])
def test_cursors_visit_every_paper_once_although_papers_come_and_go(get, sort):
    for year in (2018, 2019, 2019, 2020, 2018):
        make.paper("Same title", year=year)
    everything = {paper.key for paper in Paper.objects.all()}

    seen, address = [], f"papers/?sort={sort}&per_page=2&select=key&cursor=*"
    while address:
        answer = get(address)
        body = answer.json()
        seen += [paper["key"] for paper in body["results"]]
        if body["next"]:
            assert answer["Link"] == f'<{body["next"]}>; rel="next"'
        address = body["next"] and body["next"].removeprefix("http://testserver/api/v1/")
        Paper.objects.filter(key=seen[0]).delete()  # what was seen may go

    assert len(seen) == len(set(seen)) == 5
    assert set(seen) == everything


def test_count_is_given_when_asked_for(get):
    make.paper()
    make.paper()

    assert "count" not in get("papers/").json()
    assert get("papers/?with_count=1&per_page=1").json()["count"] == 2


def test_select_answers_with_those_fields_alone(get):
    make.paper("Skip RNN")

    assert get("papers/?select=title,year").json()["results"] == [
        {"title": "Skip RNN", "year": 2018}
    ]


def test_words_rank_papers_and_say_why(get):
    topic = make.topic("Early exiting")
    make.paper("Fast early exits", key="fast", topics=[topic])
    make.paper("Something else", key="else")

    body = get("papers/?q=early+exits&with_count=1&select=key,match").json()

    [found] = body["results"]
    assert (found["key"], body["count"], body["next"]) == ("fast", 1, None)
    assert (found["match"]["rank"], found["match"]["lexical_rank"]) == (1, 1)
    assert found["match"]["fields_matched"] == ["title", "topics"]
    assert found["match"]["topics"] == ["early-exiting"]
    assert "notice" not in body


def test_ranking_is_paged_by_cursor_with_the_size_it_began_with(get):
    keys = {make.paper("Early exits").key for _ in range(5)}

    seen, address = [], "papers/?q=exits&per_page=2&select=key"
    while address:
        body = get(address).json()
        seen += [paper["key"] for paper in body["results"]]
        address = body["next"] and body["next"].removeprefix("http://testserver/api/v1/")
        address = address and address.replace("per_page=2", "per_page=3")

    assert (len(seen), set(seen)) == (5, keys)


def test_conditions_of_the_query_language_work_without_words(get):
    make.paper("Skip RNN", authors=["Víctor Campos"], year=2018)
    make.paper("Other", year=2020)

    assert titles(get("papers/?q=author:campos+year:2017..2019")) == ["Skip RNN"]
    assert titles(get("papers/?q=-author:campos&sort=updated")) == ["Other"]


def test_an_identifier_as_query_finds_its_paper_alone(get):
    make.paper("Skip RNN", arxiv="1708.06834")
    make.paper("Other")

    assert titles(get("papers/?q=https://arxiv.org/abs/1708.06834v2")) == ["Skip RNN"]


def test_facet_counts_come_when_asked_for(get):
    make.paper(topics=[make.topic("Early exiting")], code="https://x.org/code")
    make.paper(venue=make.venue("ACL"))

    for query in ("", "q=rnn&"):
        facets = get(f"papers/?{query}facets=1").json()["facets"]
        assert {"value": "early-exiting", "label": "Early exiting", "count": 1} in facets["topic"]
        assert {"value": "acl", "label": "ACL", "count": 1} in facets["venue"]
        assert {"value": "code", "label": "code", "count": 1} in facets["has"]


def test_facets_narrow_the_list(get):
    depth = make.topic("Dynamic depth")
    exiting = make.topic("Early exiting", parent=depth)
    make.paper("In topic", topics=[exiting], code="https://x.org/code", year=2019)
    findings = make.venue("ACL Findings", part_of=make.venue("ACL"))
    make.paper("At venue", venue=findings, authors=["Ada Lovelace"])
    accepted = make.paper("At workshop", year=2022)
    workshop = make.workshop(slug="dynn-2022")
    AcceptedPaper.objects.create(workshop=workshop, position=0, title="x", paper=accepted)

    assert titles(get("papers/?topic=dynamic-depth")) == ["In topic"]
    assert titles(get("papers/?venue=acl")) == ["At venue"]
    assert titles(get("papers/?author=ada-lovelace")) == ["At venue"]
    assert titles(get("papers/?workshop=dynn-2022")) == ["At workshop"]
    assert titles(get("papers/?has=code")) == ["In topic"]
    assert titles(get("papers/?topic=early-exiting&venue=acl")) == []
    assert titles(get("papers/?year_from=2019&year_to=2021")) == ["In topic"]
    assert titles(get("papers/?updated_since=2999-01-01")) == []


def test_hidden_papers_are_in_no_list(get, staff_get):
    topic = make.topic()
    hidden = make.paper("Canary", topics=[topic], state=Paper.State.HIDDEN, arxiv="1703.09844")
    make.topic("Other", slug="other")

    for query in ("", "?q=canary", "?q=1703.09844", "?topic=early-exiting", "?with_count=1"):
        assert b"Canary" not in get(f"papers/{query}").content
    assert get("papers/?with_count=1").json()["count"] == 0
    assert get("topics/early-exiting/").json()["paper_count"] == 0
    assert get("venues/iclr/").json()["paper_count"] == 0
    assert get("people/").json()["results"] == []
    assert get("people/gao-huang/").status_code == 404
    assert titles(staff_get("papers/")) == [hidden.title]


@pytest.mark.parametrize(
    ("sort", "place"),
    [
        ("title", ["\ud800", 1]),
        ("title", ["a\x00", 1]),
        ("title", ["a", True]),
        ("updated", ["0001-01-01T00:00:00+23:59", 1]),
        ("updated", ["9999-12-31T23:59:59-23:59", 1]),
        ("updated", ["yesterday", 1]),
        ("updated", [5, 1]),
    ],
)
def test_a_place_that_no_record_can_have_is_no_cursor(get, sort, place):
    make.paper()

    answer = get(f"papers/?sort={sort}&cursor={encode(sort, tuple(place))}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["code"] == "invalid_cursor"


@pytest.mark.parametrize(
    ("query", "parameter", "code", "hint"),
    [
        ("selct=key", "selct", "unknown_parameter", "Did you mean “select”?"),
        ("select=titel", "select", "unknown_field", "Did you mean “title”?"),
        ("topic=early-exit", "topic", "unknown_value", "did you mean topic:early-exiting?"),
        ("cursor=nonsense", "cursor", "invalid_cursor", "damaged"),
        ("cursor=W10", "cursor", "invalid_cursor", "damaged"),
        ("cursor=WyIteWVhciJd", "cursor", "invalid_cursor", "damaged"),
        ("cursor=WyIteWVhciIsIngiLCJ5Iiwiel0", "cursor", "invalid_cursor", "damaged"),
        ("cursor=WyIteWVhciIsIngiLCJ5IiwieiJd", "cursor", "invalid_cursor", "damaged"),
        ("per_page=101", "per_page", "invalid_value", "from 1 to 100"),
        ("per_page=0", "per_page", "invalid_value", "from 1 to 100"),
        ("per_page=１", "per_page", "invalid_value", "whole number"),
        ("with_count=yes", "with_count", "invalid_value", "1 or 0"),
        ("updated_since=yesterday", "updated_since", "invalid_value", "such as 2025"),
        ("updated_since=", "updated_since", "invalid_value", "is empty"),
        ("updated_since=2025-02-31", "updated_since", "invalid_value", "not a time"),
        ("year_from=99999", "year_from", "invalid_value", "0 to 9999"),
        ("sort=popularity", "sort", "invalid_value", "none of"),
        ("sort=year&sort=name", "sort", "invalid_value", "given once"),
        ("q=%00", "q", "invalid_value", "NUL"),
        ("author=gao-huan", "author", "unknown_value", "did you mean author:gao-huang?"),
        ("has=cod", "has", "unknown_value", "did you mean has:code?"),
        ("q=venue:nips", "q", "unknown_value", "There is no venue"),
        ('q="never closed', "q", "invalid_query", "never closed"),
        ("q=words&cursor=WyJyZWxldmFuY2UiLDAsMTBd", "cursor", "invalid_cursor", "damaged"),
        ("q=words&cursor=WyJyZWxldmFuY2UiLDEsIngiXQ", "cursor", "invalid_cursor", "damaged"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_hint(get, query, parameter, code, hint):
    make.paper(topics=[make.topic("Early exiting")])

    answer = get(f"papers/?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    [error] = answer.json()["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)
    assert hint in error["message"]


def test_cursor_of_another_order_is_refused(get):
    make.paper()
    make.paper()
    cursor = get("papers/?per_page=1").json()["next"].split("cursor=")[1]

    answer = get(f"papers/?sort=name&cursor={cursor}")

    assert "another order" in answer.json()["detail"]


def test_cursor_with_absurd_numbers_is_only_a_place_far_away(get):
    make.paper()
    cursor = encode("year", (10**12, "y", 10**25))

    assert titles(get(f"papers/?sort=year&cursor={cursor}")) == []


def test_everything_that_is_wrong_is_told_at_once(get):
    assert len(get("papers/?a=1&b=2&per_page=x").json()["errors"]) == 3


def test_empty_values_of_a_form_mean_nothing(get):
    make.paper("Skip RNN")

    assert titles(get("papers/?q=&topic=&per_page=&with_count=&cursor=&select=&sort=")) == [
        "Skip RNN"
    ]
