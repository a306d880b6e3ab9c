"""Reviews through the browser: writing, handing in, publishing, answering, withdrawing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from community.models import Reply, Review, ReviewDraft, State
from community.moderation import transitions
from community.reviews import pages
from tests import make
from tests.make import signed_in
from tests.markup import flat

pytestmark = pytest.mark.django_db

POSTED = {f"f-{name}": text for name, text in make.ANSWERS.items()} | {
    "name": "anonymous",
    "conflict": "none",
}


def test_the_account_page_lists_a_review_once() -> None:
    mia = make.member("mia")
    review = make.review(make.paper("Skip RNN"), by=mia)

    listed = signed_in(mia).get("/account/").content.decode()

    assert listed.count(f'<a href="{review.get_absolute_url()}"') == 1


def test_a_review_goes_from_the_form_to_the_paper_page() -> None:
    paper, author, reader = make.paper("Skip RNN"), signed_in(make.member("mia")), Client()
    moderator = signed_in(make.member("moe", "moderators"))

    begun = author.post(f"/papers/{paper.key}/reviews/new/", {"form": "house"})
    review = Review.objects.get()
    handed = author.post(
        begun["Location"], POSTED | {"sequence": "0", "action": "hand-in"}, follow=True
    )
    unseen = reader.get(paper.get_absolute_url()).content.decode()
    waiting = moderator.get("/moderation/").content.decode()
    review.refresh_from_db()
    moderator.post(
        f"/moderation/review/{review.pk}/", {"decision": "publish", "revision": review.revision}
    )
    seen = reader.get(paper.get_absolute_url()).content.decode()

    assert "Handed in." in handed.content.decode()
    assert "It learns when to stop." not in unseen
    assert "No public review yet" in unseen
    assert "It learns when to stop." in waiting
    assert "It learns when to stop." in seen
    assert "Anonymous reviewer" in seen
    assert "mia" not in seen


def test_an_incomplete_review_is_shown_again_with_what_is_missing() -> None:
    mia = make.member("mia")
    review = make.review(by=mia, state=State.DRAFT)
    posted = POSTED | {"f-summary": "", "f-support": "11", "name": "", "action": "hand-in"}

    response = signed_in(mia).post(f"/reviews/{review.pk}/edit/", posted | {"sequence": "0"})

    page = flat(response.content.decode())
    assert response.status_code == 422
    assert "3 answers need your attention" in page
    assert "This is needed." in page
    assert "Choose one of the given answers." in page
    assert Review.objects.get().state == State.DRAFT


def test_a_stale_tab_never_overwrites_a_newer_draft() -> None:
    mia = make.member("mia")
    review, browser = make.review(by=mia, state=State.DRAFT), signed_in(mia)
    autosave = f"/reviews/{review.pk}/autosave"
    fields = POSTED | {"sequence": "0"}

    first = browser.post(autosave, fields | {"tab": "one", "f-summary": "Newer."})
    stale = browser.post(autosave, fields | {"tab": "two", "f-summary": "Older."})
    plain = browser.post(
        f"/reviews/{review.pk}/edit/", fields | {"tab": "two", "f-summary": "Older."}
    )
    again = browser.post(autosave, fields | {"tab": "one", "f-summary": "Newest."})

    assert "Draft saved" in first.content.decode()
    assert "This tab saves nothing more" in stale.content.decode()
    assert plain.status_code == 422
    assert "Older." in plain.content.decode() and "Newer." in plain.content.decode()
    assert "Draft saved" in again.content.decode()  # its own answer may have been lost
    assert ReviewDraft.objects.get().content["values"]["summary"] == "Newest."


def test_a_draft_is_its_authors_alone() -> None:
    review = make.review(by=make.member("mia"), state=State.DRAFT)
    for other in (make.member("moe", "moderators"), make.member("ada", is_staff=True)):
        for path in ("", "edit/"):
            assert signed_in(other).get(f"/reviews/{review.pk}/{path}").status_code == 404
    assert Client().get(f"/reviews/{review.pk}/").status_code == 404


def test_authors_of_a_paper_cannot_review_it_and_their_answers_are_marked() -> None:
    paper = make.paper("Skip RNN", authors=["Gao Huang"])
    gao = make.member("gao")
    claim(gao, "Gao Huang")
    review = make.review(paper)

    refused = signed_in(gao).post(f"/papers/{paper.key}/reviews/new/", {"form": "house"})
    signed_in(gao).post(f"/reviews/{review.pk}/answer", {"text": "We measured it."})
    make.settle(Reply.objects.get(), State.PUBLISHED)
    page = Client().get(f"/reviews/{review.pk}/").content.decode()

    assert refused.status_code == 422
    assert "You wrote this paper." in refused.content.decode()
    assert "We measured it." in page
    assert "author of the paper" in page


def claim(user: Any, name: str) -> None:
    from community.models import PersonClaim

    PersonClaim.objects.create(user=user, person=make.person(name), state="confirmed")


def test_an_answer_below_a_withdrawn_one_stays() -> None:
    review = make.review()
    first = reply(review, "First.", make.member("ann"))
    reply(review, "Second.", make.member("bob"), parent=first)

    signed_in(first.author).post(f"/replies/{first.pk}/withdraw")
    page = Client().get(f"/reviews/{review.pk}/").content.decode()

    assert "First." not in page
    assert "An answer was taken away." in page
    assert "Second." in page


def test_a_withdrawn_answer_comes_back_by_a_click() -> None:
    review = make.review()
    made = reply(review, "First.", make.member("ann"))
    browser, path = signed_in(made.author), f"/reviews/{review.pk}/"

    browser.post(f"/replies/{made.pk}/withdraw")
    own, others = browser.get(path).content.decode(), Client().get(path).content.decode()
    signed_in(make.member("eve")).post(f"/replies/{made.pk}/restore")
    still_gone = "First." not in Client().get(path).content.decode()
    browser.post(f"/replies/{made.pk}/restore")

    assert f"/replies/{made.pk}/restore" in own
    assert "First." not in own and "First." not in others
    assert "You took your answer" not in others
    assert still_gone
    assert "First." in Client().get(path).content.decode()


def reply(review: Review, text: str, by: Any, parent: Reply | None = None) -> Reply:
    from community.reviews import threads

    made = threads.reply(review, text, by=by, parent=parent)
    make.settle(made, State.PUBLISHED)
    return made


def test_a_helpful_mark_is_one_a_member_and_can_be_taken_back() -> None:
    review, mia = make.review(), make.member("mia")
    browser = signed_in(mia)

    browser.post(f"/reviews/{review.pk}/helpful")
    marked = review.marks.count()
    browser.post(f"/reviews/{review.pk}/helpful")
    own = signed_in(review.author).post(f"/reviews/{review.pk}/helpful", follow=True)

    assert (marked, review.marks.count()) == (1, 0)
    assert "This is your own review." in own.content.decode()


def test_a_withdrawn_review_comes_back_where_it_stood() -> None:
    review = make.review(by=make.member("mia"))
    browser, reader = signed_in(review.author), Client()

    browser.post(f"/reviews/{review.pk}/withdraw")
    gone = reader.get(f"/reviews/{review.pk}/").status_code
    browser.post(f"/reviews/{review.pk}/restore")
    back = reader.get(f"/reviews/{review.pk}/").status_code

    assert (gone, back) == (404, 200)


def test_a_declined_review_can_be_appealed_with_a_reason() -> None:
    review = make.review(by=make.member("mia"), state=State.DECLINED)
    browser = signed_in(review.author)

    page = browser.get(f"/reviews/{review.pk}/").content.decode()
    browser.post(f"/reviews/{review.pk}/appeal", {"reason": "The tables agree with me."})
    queue = signed_in(make.member("mod2", "moderators")).get("/moderation/").content.decode()

    review.refresh_from_db()
    assert "A test." in page
    assert review.state == State.PENDING
    assert "The tables agree with me." in queue
    assert ">appeal<" in queue


def test_a_change_of_a_public_review_waits_and_the_public_text_stays() -> None:
    review = make.review(by=make.member("mia"), summary="Old words.")
    browser, reader = signed_in(review.author), Client()
    posted = POSTED | {"f-summary": "New words.", "action": "hand-in", "sequence": "1"}

    browser.post(f"/reviews/{review.pk}/edit/", posted)
    before = reader.get(f"/reviews/{review.pk}/").content.decode()
    moderator = signed_in(make.member("mod2", "moderators"))
    queue = moderator.get("/moderation/?kind=change").content.decode()
    review.refresh_from_db()
    moderator.post(
        f"/moderation/change/{review.pk}/", {"decision": "accept", "revision": review.revision}
    )
    after = reader.get(f"/reviews/{review.pk}/").content.decode()
    difference = browser.get(f"/reviews/{review.pk}/versions/1/2/").content.decode()

    assert "Old words." in before and "New words." not in before
    assert "New words." in queue and "Old words." in queue
    assert "New words." in after and "Old words." not in after
    assert "<ins " in difference and "<del " in difference


def test_ratings_are_counted_on_their_own_scale() -> None:
    paper = make.paper()
    iclr = {"rating": "6", "review": "Fine.", "title": "Fine"}
    make.review(paper, support="4")
    make.review(paper, support="4")
    make.review(paper, form="iclr-2020", year=2020, values=iclr)

    shown = pages.on_paper(paper, None)["review_groups"]

    assert [(group.distribution.heading, group.distribution.sentence) for group in shown] == [
        ("Claims and evidence", "2 × 4: The main claims are well supported"),
        ("ICLR 2020", "1 × 6: Weak Accept"),
    ]


def test_one_review_an_author_paper_and_form() -> None:
    mia, paper = make.member("mia"), make.paper()
    first = make.review(paper, by=mia)

    again = signed_in(mia).post(f"/papers/{paper.key}/reviews/new/", {"form": "house"})

    assert again["Location"] == f"/reviews/{first.pk}/edit/"
    with pytest.raises(transitions.NotPossible, match="already"):
        make.review(paper, by=mia)


@pytest.mark.parametrize("count", [1, 100])
def test_queries_of_the_paper_page_do_not_grow_with_its_reviews(
    count: int, django_assert_num_queries: Any
) -> None:
    paper = make.paper()
    cited = make.number(paper)
    for number in range(count):
        review = make.review(
            paper, signed=number % 2 == 0, weaknesses=f"See [[number:{cited.pk}]]."
        )
        reply(review, "Thank you.", review.author)

    with django_assert_num_queries(9):
        pages.on_paper(paper, None)
    with django_assert_num_queries(10):
        pages.of_paper(paper, None, "1")
