"""/compare/: what stands together, what is refused and why, lines, lists and files."""

from __future__ import annotations

import csv
import io
import re

import pytest

from papers.models import Method, MethodPaper
from reproductions.comparing.comparison import compare
from reproductions.comparing.query import CompareQuery
from tests import make
from tests.comparing.make_points import number, point, text_of


@pytest.fixture
def slim(db):
    """Four points of one paper; the third is beaten by the second."""
    paper = make.paper("Slim Networks", key="slim2019", year=2019)
    for name, top1, macs in (
        ("Slim at 0.25x", "50.2", "41"),
        ("Slim at 0.5x", "64.0", "149"),
        ("Slim at 0.6x", "63.0", "200"),
        ("Slim at 1.0x", "71.0", "569"),
    ):
        point(paper, name, top1, macs)
    return paper


def labels(points):
    return [item.label for item in points]


def asked(**params):
    return compare(CompareQuery.from_params(params))


def test_points_stand_by_cost_and_the_line_leaves_out_what_is_beaten(slim):
    comparison = asked()

    assert labels(comparison.drawn)[0] == "Slim at 0.25x"
    assert labels(comparison.front("reported")) == ["Slim at 0.25x", "Slim at 0.5x", "Slim at 1.0x"]


def test_the_best_within_a_bound_are_listed_the_best_first(slim):
    assert labels(asked().best) == ["Slim at 0.5x", "Slim at 0.6x", "Slim at 0.25x"]
    assert labels(asked(under="100 M").best) == ["Slim at 0.25x"]
    assert labels(asked(under="1 G").best)[0] == "Slim at 1.0x"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"data_set": "CIFAR-10"}, "data set: CIFAR-10"),
        ({"split": "test-dev"}, "split: test-dev"),
        ({"measure": "top-5"}, "measure: top-5"),
        ({"metric": "flops"}, "counting: FLOPs as printed"),
        ({"cost": {"convention": "op_counter"}}, "counting: op_counter"),
        ({"unit": "% of the full model"}, "counting: multiply-adds, of the full model"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name_until_it_is_asked_for(slim, fields, reason):
    other = make.paper("Other Networks", key="other2020")
    point(other, "Other", "70.0", "50", **fields)

    strict = asked()
    mixed = asked(mix="1")

    assert "Other" not in labels(strict.drawn)
    assert [(left.count, left.reasons) for left in strict.left_out] == [(1, [reason])]
    assert strict.left_out[0].papers == ["other2020"]
    same_axis = "unit" not in fields
    assert ("Other" in labels(mixed.drawn)) is same_axis


def test_times_of_two_machines_do_not_compare(db):
    for key, times in (("fast2020", ("10", "12")), ("slow2020", ("30",))):
        paper = make.paper(key, key=key)
        for place, time in enumerate(times):
            point(paper, f"net {place}", "70.0", time, metric="latency", unit="ms")

    comparison = asked(cost="latency")

    assert comparison.group.by == "fast2020"
    assert comparison.left_out[0].reasons == ["counted or timed by slow2020 alone"]


def test_speed_is_better_when_there_is_more_of_it(db):
    paper = make.paper("Fast", key="fast2020")
    for name, top1, speed in (("slow", "80", "100"), ("fast", "75", "300"), ("bad", "74", "200")):
        point(paper, name, top1, speed, metric="throughput", unit="img/s")

    comparison = asked(cost="throughput", under="150")

    assert labels(comparison.front("reported")) == ["slow", "fast"]
    assert labels(comparison.best) == ["fast", "bad"]


def test_second_hand_and_unconfirmed_numbers_are_off_until_asked_for(slim):
    point(slim, "From notes", "72.0", "300", second_hand=True)
    point(slim, "From memory", "73.0", "310", cost={"confirmed": False})

    strict, all_of_them = asked(), asked(second_hand="1")

    assert strict.doubtful_count == 2 and len(strict.drawn) == 4
    assert {"From notes", "From memory"} <= set(labels(all_of_them.drawn))
    doubts = {item.label: item.doubt for item in all_of_them.drawn if item.doubt}
    assert doubts == {"From notes": "second-hand", "From memory": "unconfirmed"}


def test_a_row_of_anothers_table_is_on_no_line_of_the_method(slim):
    point(slim, "Slim, as others ran it", "90.0", "40", table_of="rival2021")

    comparison = asked()

    assert comparison.counts["other"] == 1
    lines = [item for kind in ("reported", "static") for item in comparison.front(kind)]
    assert "Slim, as others ran it" not in labels(lines)


def test_kinds_are_told_apart(slim):
    point(slim, "Plain", "60.0", "100", baseline=True)
    point(slim, "Counted", "62.0", "100", cost={"state": "exact"})

    comparison = asked()

    assert comparison.counts == {"reproduced": 1, "reported": 4, "static": 1}
    assert next(p for p in comparison.drawn if p.label == "Counted").reproduced == "cost"


def test_one_may_ask_by_topic_paper_backbone_and_years(slim):
    topic = make.topic("Slimming")
    other = make.paper("Other", key="other2023", year=2023, topics=[topic])
    point(other, "Other", "75.0", "300", backbone="DeiT-S")

    method = Method.objects.create(slug="other-net", name="Other Net")
    MethodPaper.objects.create(method=method, paper=other)
    for question in ({"topic": "slimming"}, {"method": "other-net"}, {"paper": "other2023"}, {"backbone": "deit"},
                     {"since": "2020"}):  # fmt: skip
        assert labels(asked(**question).drawn) == ["Other"], question
    assert "Other" not in labels(asked(until="2019").drawn)
    assert asked(topic="nowhere").drawn == asked(method="nowhere").drawn == []
    assert asked().methods == [("other-net", "Other Net")]


def test_the_page_says_the_same_without_the_picture(slim, client):
    page = client.get("/compare/?task=image+classification").content.decode()
    words = text_of(client.get("/compare/?task=image+classification"))

    assert page.count('<circle class="reported"') == 4 + 1  # one in the legend
    assert "4 points: top-1 on ImageNet against multiply-adds" in words
    assert words.count("Slim at 0.25x") >= 2  # among the best, and in the table
    assert "The best under 300 M" in words
    assert '<option value="image classification" selected>' in re.sub(r"\s+", " ", page)


def test_every_point_leads_to_its_number_and_every_address_is_the_question(slim, client):
    page = client.get("/compare/?data_set=ImageNet").content.decode()

    first = slim.numbers.get(setting="ImageNet, Slim at 0.25x, top-1")
    assert f'<a href="/numbers/{first.slug}/"' in page
    assert "/compare.csv?data_set=ImageNet" in page


def test_the_refusal_names_what_is_left_out_and_offers_it(slim, client):
    point(make.paper("Other", key="other2020"), "Other", "70.0", "50", data_set="CIFAR-10")

    page = text_of(client.get("/compare/"))
    mixed = text_of(client.get("/compare/?mix=1"))

    assert "1 point : data set: CIFAR-10" in page or "1 point: data set: CIFAR-10" in page
    assert "other2020" in page and "Draw them together all the same" in page
    assert "not comparable, drawn together because you asked" in mixed
    assert "Lines join" in page and "Lines join" not in mixed and "The best" not in mixed


def test_htmx_gets_the_result_alone(slim, client):
    part = client.get("/compare/", headers={"HX-Request": "true", "HX-Target": "compared"})

    text = part.content.decode()
    assert "<html" not in text and 'id="compared"' in text and 'id="choose-task"' in text
    assert part.headers["HX-Push-Url"] == "/compare/"


@pytest.mark.parametrize(
    ("sent", "address"),
    [
        ("task=&data_set=&cost=operations&since=&under=", ""),
        ("task=&cost=latency&topic=&since=2020&mix=1", "?since=2020&cost=latency&mix=1"),
        ("mix=on&backbone=+DeiT-S+", "?backbone=DeiT-S&mix=1"),
        ("page=1&utm_source=mail", ""),
        ("page=10&measure=", "?page=10"),
        ("since=soon&task=", "?since=soon"),
    ],
)
def test_a_question_has_one_short_address_whatever_a_form_sends(slim, client, sent, address):
    answer = client.get(f"/compare/?{sent}")

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/compare/{address}"
    assert client.get(f"/compare/{address}").status_code == 200


def test_a_question_without_points_says_what_to_do(slim, client):
    point(slim, "Doubtful", "70.0", "50", data_set="CIFAR-10", second_hand=True)

    none = text_of(client.get("/compare/?data_set=nowhere"))
    doubtful = text_of(client.get("/compare/?data_set=CIFAR-10"))
    wrong = text_of(client.get("/compare/?cost=operation&since=soon"))

    assert "Leave a choice out" in none
    assert "1 would, if second-hand and unconfirmed numbers counted" in doubtful
    assert "did you mean operations?" in wrong and "is no year" in wrong
    assert client.get("/compare.svg?data_set=nowhere").status_code == 404


def test_files_hold_what_is_drawn(slim, client):
    point(slim, "Slim & Sons 50%", "72.0", "600")

    rows = list(csv.DictReader(io.StringIO(client.get("/compare.csv").content.decode())))
    drawing = client.get("/compare.svg").content.decode()
    table = client.get("/compare.tex").content.decode()

    assert [row["cost"] for row in rows] == ["41", "149", "200", "569", "600"]
    assert drawing.count("<title>") == 5 and "var(" not in drawing
    assert 'href="http://testserver/numbers/' in drawing
    assert r"Slim \& Sons 50\%" in table and r"\toprule" in table
    assert client.get("/compare.csv?cost=weight").status_code == 400


def test_the_api_answers_with_the_points_and_what_was_left_out(slim, client):
    point(make.paper("Other", key="other2020"), "Other", "70.0", "50", data_set="CIFAR-10")

    answer = client.get("/api/v1/compare/?task=image+classification").json()
    wrong = client.get("/api/v1/compare/?cost=weight")

    assert answer["count"] == len(answer["points"]) == 4
    assert answer["group"]["counting"] == "multiply-adds"
    assert answer["left_out"][0]["reasons"] == ["data set: CIFAR-10"]
    assert len(answer["pareto"]["reported"]) == 3
    assert wrong.status_code == 400


def test_one_and_many_points_cost_the_same_queries(slim, client, django_assert_num_queries):
    client.get("/compare/")
    with django_assert_num_queries(3):
        client.get("/compare/")
    for place in range(30):
        point(slim, f"more {place}", f"{60 + place / 10:.1f}", str(100 + place))
    with django_assert_num_queries(3):
        client.get("/compare/?mix=1")


def test_one_point_is_drawn_and_hundreds_fit_into_a_page(db, client):
    paper = make.paper("Many", key="many2020")
    point(paper, "alone", "70.0", "300")
    alone = client.get("/compare/").content.decode()
    for place in range(400):
        point(paper, f"a network with a rather long name {place}", f"{50 + place / 20}",
              str(50 + place * place % 977))  # fmt: skip
    page = client.get("/compare/")
    whole = client.get("/compare.svg").content.decode()

    assert alone.count('<circle class="reported"') == 2
    assert len(page.content) < 100_000
    assert "left out of the picture here" in text_of(page)
    assert whole.count("<title>") == 401


def test_a_cost_of_nothing_and_equal_points_are_drawn(db, client):
    paper = make.paper("Odd", key="odd2020")
    point(paper, "free", "10", "0")
    point(paper, "twin a", "20", "5")
    point(paper, "twin b", "20", "5")

    assert client.get("/compare/").status_code == 200
    assert client.get("/compare.svg").content.decode().count("<title>") == 3


def test_a_number_leads_to_what_is_printed_for_the_same_network(slim, client):
    quality = slim.numbers.get(setting="ImageNet, Slim at 0.5x, top-1")
    number(slim, "params", "1.3", "M", point=quality.point, setting="ImageNet, Slim at 0.5x")

    page = text_of(client.get(quality.get_absolute_url()))

    assert "Printed for the same network" in page and "149" in page and "1.3" in page
