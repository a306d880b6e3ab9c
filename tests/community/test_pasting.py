"""Reviews pasted from OpenReview: both shapes of a note, the page's text, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from community.models import Review
from community.reviews import pages, reading, writing
from community.reviews.content import Content
from community.reviews.pasting import NotTaken, Pasted, recognise
from papers.models import Paper
from tests import make

pytestmark = pytest.mark.django_db

FORUM, NOTE = "HkwVAXyCW", "rJ4qXnCxG"
LINK = f"https://openreview.net/forum?id={FORUM}&noteId={NOTE}"
PAGE_2024 = """\
Official Review of Submission123 by Reviewer ab12
Official ReviewReviewer ab1202 Nov 2023, 05:12 (modified: 22 Nov 2023, 17:10)EveryoneRevisions
Summary:
The paper learns when to stop.

It does so per token.
Soundness: 3 good
Presentation: 3 good
Contribution: 2 fair
Strengths:
- Rating of experts is honest
Weaknesses:
- small data
Questions:
Why?
Flag For Ethics Review: No ethics review needed.
Rating: 6: marginally above the acceptance threshold
Confidence: 4: You are confident in your assessment, but not absolutely certain.
Code Of Conduct: Yes"""
PAGE_2020 = """\
Official Blind Review #1
ICLR 2020 Conference Paper123 AnonReviewer1
23 Oct 2019 (modified: 05 Nov 2019)ICLR 2020 Conference Paper123 Official ReviewReaders: Everyone
Rating: 3: Weak Reject
Experience Assessment: I have read many papers in this area.
Review Assessment: Thoroughness In Paper Reading: N/A
Review: It is good.
Strengths: many"""


def paper(**fields: Any) -> Paper:
    return make.paper(**{"openreview": FORUM, "year": 2018} | fields)


def api1(**content: Any) -> str:
    note = {
        "id": NOTE,
        "forum": FORUM,
        "invitation": "ICLR.cc/2018/Conference/-/Paper5/Official_Review",
        "readers": ["everyone"],
        "content": {"title": "Fine", "review": "Clear.", **content},
    }
    return json.dumps(note)


def api2(**fields: Any) -> str:
    note = {
        "id": NOTE,
        "forum": FORUM,
        "domain": "NeurIPS.cc/2023/Conference",
        "invitations": [
            "NeurIPS.cc/2023/Conference/Submission1/-/Official_Review",
            "NeurIPS.cc/2023/Conference/-/Edit",
        ],
        "readers": ["everyone"],
        "content": {"summary": {"value": "S"}, "rating": {"value": 7}, "odd": {"value": "x"}},
    }
    return json.dumps(note | fields)


def read(text: str, link: str = LINK, of: Paper | None = None, **more: Any) -> Pasted:
    return recognise(text, link, of or paper(), **more)


def test_a_note_of_the_first_api_is_recognised() -> None:
    found = read(api1(rating="7: Good paper, accept", confidence="4"))

    assert (found.form.key, found.year) == ("iclr-2017", 2018)
    assert found.values == {"title": "Fine", "review": "Clear.", "rating": "7", "confidence": "4"}
    assert found.checked


def test_a_note_of_the_second_api_is_recognised_and_the_rest_is_told() -> None:
    found = read(api2())

    assert (found.form.key, found.year) == ("neurips-2023", 2023)
    assert found.values == {"summary": "S", "rating": "7"}
    assert found.unplaced == "odd: x"


@pytest.mark.parametrize(
    ("printed", "value"),
    [
        (8, "8"),
        ("8: Top 50% of accepted papers, clear accept", "8"),
        ("8.0", "8"),
        ("N/A", ""),
        (float("nan"), ""),
        ("42", ""),
    ],
)
def test_ratings_keep_what_was_printed_and_its_number(printed: Any, value: str) -> None:
    found = read(api1(rating=printed))

    shown = "NaN" if printed != printed else str(printed)
    assert found.values.get("rating", "") == value
    assert found.printed["rating"] == shown
    assert ("rating" in found.unread) == (not value)


def test_a_rating_off_the_scale_is_handed_in_as_it_was_printed_and_not_counted() -> None:
    found = read(api1(rating="N/A", confidence="3"))
    mia = make.member("mia")
    content = Content(values=found.values, name="anonymous", conflict="none")
    of = Paper.objects.get()
    review = writing.start(
        of, found.form, found.year, by=mia, content=content, printed=found.printed, origin="pasted"
    )

    writing.hand_in(review, content, by=mia, sequence=0)
    make.settle(review, "published")

    item = reading.shown(reading.published(of), None)[0]
    assert item.rating is not None and item.rating.printed == "N/A"
    assert pages.distributions(of)[0].most == 0


def test_the_text_of_the_page_is_recognised() -> None:
    found = read(PAGE_2024, of=paper(year=2024), is_public=True)

    assert (found.form.key, found.year) == ("iclr-2024", 2024)
    assert found.values["summary"] == "The paper learns when to stop.\n\nIt does so per token."
    assert found.values["strengths"] == "- Rating of experts is honest"
    assert (found.values["rating"], found.values["soundness"]) == ("6", "3")
    assert found.unplaced == ""


def test_an_older_page_is_recognised_and_headings_inside_a_text_stay_in_it() -> None:
    found = read(PAGE_2020, of=paper(year=2019))

    assert (found.form.key, found.year) == ("iclr-2020", 2020)
    assert found.values["review"] == "It is good.\nStrengths: many"
    assert found.values["thoroughness"] == "n/a"


@pytest.mark.parametrize(
    ("text", "link", "told"),
    [
        (api2(readers=["NeurIPS.cc/2023/Conference/Program_Chairs"]), LINK, "not public"),
        (json.dumps({"content": {"review": "x"}}), LINK, "not public"),
        (api2(ddate=1700000000000), LINK, "deleted"),
        (api2(invitations=["X/-/Meta_Review"]), LINK, "meta review"),
        (PAGE_2020.replace("Everyone", "Program Chairs"), LINK, "Readers: Program Chairs"),
        (PAGE_2024, LINK, "Confirm that everybody can read"),
        (api1(), "https://openreview.net/forum?id=anotherOne1", "another paper"),
        (api1(), "https://openreview.net.example.org/forum?id=HkwVAXyCW", "Give the address"),
        (api1(), "javascript:alert(1)", "Give the address"),
        (api1(), f"https://openreview.net/forum?id={FORUM}&noteId=another1", "another id"),
        ("I liked it.\nReaders: Everyone", LINK, "No field was recognised"),
        ("", LINK, "Paste your review"),
        ('{"notes": [{}, {}]}', LINK, "several notes"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_a_reason(text: str, link: str, told: str) -> None:
    with pytest.raises(NotTaken, match=told):
        read(text, link)


def test_without_a_known_forum_the_link_stays_unverified() -> None:
    found = read(api1(rating="6"), of=paper(openreview=None))

    assert not found.checked


def test_a_draft_from_a_paste_says_where_it_came_from(client: Any) -> None:
    of, mia = paper(openreview=None), make.member("mia")
    client.force_login(mia)
    posted = {"text": api1(rating="6"), "link": LINK, "action": "keep"}

    page = client.post(f"/papers/{of.key}/reviews/paste/", posted, follow=True)

    review = Review.objects.get()
    assert (review.origin, review.source_url, review.source_checked) == ("pasted", LINK, False)
    assert "unverified" in page.content.decode()
