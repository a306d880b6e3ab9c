"""The queue, reports, helpful marks and answers through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.tokens import make_token
from community.members.identity import claim_person, decide_claim, withdraw_claim
from community.models import Reply, Report, Review, State, Video
from community.reviews import threads, writing
from papers.models import Paper, Person
from tests import make

pytestmark = pytest.mark.django_db
QUEUE = "/api/v1/moderation/"


def sender(by: Any, *scopes: str) -> Any:
    """Sends requests with a token of `by`."""
    _, text = make_token(by, name="t", scopes=scopes or ("read", "contribute"), days=30)

    def send(method: str, path: str, body: Any = None, **headers: str) -> Any:
        headers |= {"Authorization": f"Bearer {text}"}
        kind = "application/json"
        return getattr(Client(), method)(path, body, content_type=kind, headers=headers)

    return send


def moderating(name: str) -> Any:
    return sender(make.member(name, "moderators"), "read", "moderate")


def decide(send: Any, entry: dict[str, Any], decision: str, reason: str = "") -> Any:
    seen = {"If-Match": f'"{entry["revision"]}"'}
    body = {"decision": decision, "reason": reason}
    return send("post", entry["decision_url"].removeprefix("http://testserver"), body, **seen)


def test_the_queue_needs_the_role_and_the_scope() -> None:
    review, moe = make.review(state=State.PENDING), make.member("moe", "moderators")
    path = f"{QUEUE}review/{review.pk}/decision/"
    body, seen = {"decision": "publish"}, {"If-Match": '"2"'}

    unable = {
        "visitor": (Client().get(QUEUE), Client().post(path, body, "application/json")),
        "member": [sender(make.member("mia"))("get", QUEUE)],
        "reading": [sender(moe, "read")("get", QUEUE)],
        "contributing": [sender(moe, "read", "contribute")("post", path, body, **seen)],
    }
    seen_by_moderator = sender(moe, "read", "moderate")("get", QUEUE)

    codes = {who: {answer.status_code for answer in answers} for who, answers in unable.items()}
    assert codes == {"visitor": {401}, "member": {403}, "reading": {403}, "contributing": {403}}
    assert 'scope="moderate"' in unable["reading"][0]["WWW-Authenticate"]
    assert [one["id"] for one in seen_by_moderator.json()["results"]] == [review.pk]
    assert Review.objects.get().state == State.PENDING


def test_who_lost_the_role_keeps_a_token_that_moderates_nothing() -> None:
    make.review(state=State.PENDING)
    moe = make.member("moe", "moderators")
    send = sender(moe, "read", "moderate")
    [entry] = send("get", QUEUE).json()["results"]
    moe.groups.clear()

    assert send("get", QUEUE).status_code == 403
    assert decide(send, entry, "publish").status_code == 403
    assert Review.objects.get().state == State.PENDING


def test_of_two_moderators_the_second_gets_409_and_the_name_of_the_first() -> None:
    make.review(state=State.PENDING)
    ann, bob = moderating("ann"), moderating("bob")
    [entry] = ann("get", QUEUE).json()["results"]

    first = decide(ann, entry, "publish")
    second = decide(bob, entry, "decline", "Not about the paper.")

    assert (first.status_code, first.json()["done"]) == (200, "Published")
    assert first.json()["acts"][-1]["by"] == "ann"
    assert second.status_code == 409
    assert second["Content-Type"] == "application/problem+json"
    assert second.json()["detail"].startswith("ann was first: it is published")
    assert Review.objects.get().state == State.PUBLISHED
    assert ann("get", QUEUE).json()["results"] == []


def test_a_text_that_was_changed_since_it_was_read_is_not_decided_about() -> None:
    review, send = make.review(state=State.PENDING), moderating("moe")
    [entry] = send("get", QUEUE).json()["results"]
    writing.hand_in(review, make.content(summary="New."), by=review.author, sequence=1)

    answer = decide(send, entry, "publish")

    assert answer.status_code == 409
    assert "changed since you looked" in answer.json()["detail"]
    assert Review.objects.get().state == State.PENDING


@pytest.mark.parametrize("given", ["", "*", "2", '"x"', '"99999999999"'])
def test_a_decision_names_the_revision_that_was_read(given: str) -> None:
    review, send = make.review(state=State.PENDING), moderating("moe")
    headers = {"If-Match": given} if given else {}

    path = f"{QUEUE}review/{review.pk}/decision/"
    answer = send("post", path, {"decision": "publish"}, **headers)

    assert answer.status_code == 428
    assert Review.objects.get().state == State.PENDING


@pytest.mark.parametrize(
    ("decision", "reason", "pointer"),
    [("decline", "  ", "/reason"), ("keep", "", "/decision"), ("publish", "", None)],
)
def test_what_a_decision_lacks_is_pointed_at(
    decision: str, reason: str, pointer: str | None
) -> None:
    make.review(state=State.PENDING)
    send = moderating("moe")
    [entry] = send("get", QUEUE).json()["results"]

    answer = decide(send, entry, decision, reason)

    told = answer.json().get("errors", [{"pointer": None}])
    assert (answer.status_code, told[0]["pointer"]) == (422 if pointer else 200, pointer)


def test_nobody_decides_about_their_own_or_about_nothing() -> None:
    moe = make.member("moe", "moderators")
    make.review(by=moe, state=State.PENDING)
    send = sender(moe, "read", "moderate")
    [entry] = send("get", QUEUE).json()["results"]

    assert entry["own"] is True
    assert decide(send, entry, "publish").status_code == 409
    for place in ("review/1", "nothing/1"):
        path = f"{QUEUE}{place}/decision/"
        gone = send("post", path, {"decision": "publish"}, **{"If-Match": '"1"'})
        assert gone.status_code == 404


def test_pages_of_the_queue_hold_every_entry_once_whatever_its_kind() -> None:
    mia, moment = make.member("mia"), timezone.now()
    for number in range(3):  # some wait since the same moment, and carry the same number
        review = make.review(by=mia, state=State.PENDING)
        video = Video.objects.create(
            paper=review.paper, author=mia, state=State.PENDING, provider="other", title="Talk",
            provider_id=str(number), address=f"https://example.org/{number}",
        )  # fmt: skip
        public = make.review(by=mia)
        Reply.objects.create(
            pk=video.pk, review=public, author=mia, state=State.PENDING, text="Yes."
        )
    for model in (Review, Video, Reply):
        model._default_manager.update(state_since=moment - timedelta(days=1))
    send, address, got = moderating("moe"), f"{QUEUE}?per_page=2&with_count=1", []

    while address:
        page = send("get", address.removeprefix("http://testserver")).json()
        got += [(one["kind"], one["id"]) for one in page["results"]]
        address = page["next"]

    assert len(got) == len(set(got)) == page["count"] == 9
    kinds = send("get", f"{QUEUE}?kind=reply").json()["results"]
    assert {one["kind"] for one in kinds} == {"reply"} and len(kinds) == 3


@pytest.mark.parametrize("values", ['["waiting",1,2,3]', '["waiting","2026-01-01",1,"x"]', "[]"])
def test_a_damaged_cursor_of_the_queue_is_refused(values: str) -> None:
    import base64

    cursor = base64.urlsafe_b64encode(values.encode()).decode().rstrip("=")

    assert moderating("moe")("get", f"{QUEUE}?cursor={cursor}").status_code == 400


def test_a_report_is_made_once_and_reaches_the_queue() -> None:
    review, send = make.review(), sender(make.member("ann"))
    body = {"kind": "review", "id": review.pk, "reason": "Spam."}

    made, again = send("post", "/api/v1/reports/", body), send("post", "/api/v1/reports/", body)
    moderator = moderating("moe")
    [entry] = moderator("get", f"{QUEUE}?kind=report").json()["results"]
    hidden = decide(moderator, entry, "hide", "An advertisement.")

    assert (made.status_code, made.json()) == (201, body)
    assert (again.status_code, Report.objects.count()) == (409, 1)
    assert "Spam." in entry["html"]
    assert hidden.json()["done"] == "Hidden"
    assert Review.objects.get().state == State.HIDDEN


def test_what_one_may_not_see_cannot_be_reported() -> None:
    mia, send = make.member("mia"), sender(make.member("ann"))
    hidden = make.paper("Secret title", state=Paper.State.HIDDEN)
    video = Video.objects.create(
        paper=hidden, author=mia, state=State.PUBLISHED, provider="other", provider_id="1",
        title="Secret talk", address="https://example.org/1",
    )  # fmt: skip
    waiting = make.review(state=State.PENDING)
    browser = Client()
    browser.force_login(make.member("bob"))

    for kind, pk in (("video", video.pk), ("review", waiting.pk), ("review", 1)):
        body = {"kind": kind, "id": pk, "reason": "Spam."}
        answer = send("post", "/api/v1/reports/", body)
        assert answer.status_code == 422
        assert "Secret" not in answer.content.decode()
        assert browser.get(f"/report/{kind}/{pk}/").status_code == 404
    assert Report.objects.count() == 0


def test_helpful_marks_are_put_and_taken_back_as_often_as_one_likes() -> None:
    review, send = make.review(), sender(make.member("ann"))
    path = f"/api/v1/reviews/{review.pk}/helpful/"

    put = [send("put", path).json() for _ in range(2)]
    codes = [send("delete", path).status_code for _ in range(2)]
    own = sender(review.author)("put", path)

    assert put == [{"helpful": 1, "marked": True}] * 2
    assert codes == [204, 204]
    assert send("get", path).json() == {"helpful": 0, "marked": False}
    assert (own.status_code, review.marks.count()) == (409, 0)
    assert Client().put(path).status_code == 401


def test_an_answer_is_taken_back_and_comes_back_where_it_stood() -> None:
    review, ann = make.review(), make.member("ann")
    made = threads.reply(review, "I disagree.", by=ann)
    make.settle(made, State.PUBLISHED)
    send, path = sender(ann), f"/api/v1/replies/{made.pk}/"
    thread = f"/api/v1/reviews/{review.pk}/replies/"

    withdrawn = send("post", f"{path}withdraw/").json()
    for_all, for_her = Client().get(thread).json(), send("get", thread).json()
    stolen = sender(make.member("eve"))("post", f"{path}restore/")
    restored = send("post", f"{path}restore/").json()
    again = send("post", f"{path}restore/")

    assert (withdrawn["state"], restored["state"]) == ("withdrawn", "published")
    assert for_all["results"] == []
    assert [one["id"] for one in for_her["results"]] == [made.pk]
    assert (stolen.status_code, again.status_code) == (404, 409)
    assert Client().get(thread).json()["results"][0]["text"] == "I disagree."


@pytest.mark.parametrize("confirmed", [True, False])
def test_taking_a_claim_back_opens_no_review_of_ones_own_paper(confirmed: bool) -> None:
    review = make.review(make.paper(authors=["Moe Author"]), state=State.PENDING)
    other, moe = moderating("other"), make.member("moe", "moderators")
    [entry] = other("get", QUEUE).json()["results"]
    claim = claim_person(Person.objects.get(), by=moe)
    if confirmed:
        decide_claim(claim, confirm=True, by=make.member("ann", "moderators"))
    withdraw_claim(claim, by=moe)
    send = sender(moe, "read", "moderate")

    assert send("get", QUEUE).json()["results"] == []
    assert decide(send, entry, "decline", "I dislike it.").status_code == 404
    assert send("post", f"{QUEUE}review/{review.pk}/name/").status_code == 404
    assert Review.objects.get().state == State.PENDING


def test_a_declined_claim_bars_nobody_from_moderating() -> None:
    make.review(make.paper(authors=["Moe Author"]), state=State.PENDING)
    moe = make.member("moe", "moderators")
    claim = claim_person(Person.objects.get(), by=moe)
    decide_claim(claim, confirm=False, by=make.member("ann", "moderators"), reason="Another.")
    send = sender(moe, "read", "moderate")

    [entry] = send("get", QUEUE).json()["results"]
    assert decide(send, entry, "publish").status_code == 200
