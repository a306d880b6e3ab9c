"""Lists, marks and follows over the API: whose they are, and changes nobody overwrites unseen."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from community.lists import add_paper, make_list
from community.models import Follow, Mark, ReadingList
from papers.models import Paper
from tests import make
from tests.community.test_moderation import user
from tests.community.test_tokens import bearer

pytestmark = pytest.mark.django_db


class Api:
    """A member's program."""

    def __init__(self, name: str = "mia") -> None:
        self.user = user(name)
        self.headers = bearer(self.user)

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        return getattr(Client(), method)(
            f"/api/v1/{path}",
            body if body is not None else None,
            content_type="application/json",
            headers={**self.headers, **headers},
        )


def test_a_list_is_made_filled_ordered_shared_and_deleted() -> None:
    api = Api()
    for key in ("one", "two"):
        make.paper(key.title(), key=key)

    made = api("post", "lists/", {"name": "Exits", "owner": 1, "is_shared": True})
    pk = made.json()["id"]
    for key in ("one", "two"):
        api("post", f"lists/{pk}/entries/", {"paper": key, "note": f"on {key}"})
    etag = Client().get(f"/api/v1/lists/{pk}/entries/two/", headers=api.headers).headers["ETag"]
    moved = api("patch", f"lists/{pk}/entries/two/", {"position": 1}, **{"If-Match": etag})
    order = [
        row["paper"]["key"]
        for row in Client()
        .get(f"/api/v1/lists/{pk}/entries/", headers=api.headers)
        .json()["results"]
    ]
    shared = api("patch", f"lists/{pk}/", {"is_shared": True}, **{"If-Match": "*"})
    deleted = api("delete", f"lists/{pk}/", **{"If-Match": "*"})

    assert made.status_code == 201
    assert made.json()["is_shared"] is False
    assert moved.json()["position"] == 1
    assert order == ["two", "one"]
    assert "/shared/" in shared.json()["shared_url"]
    assert deleted.status_code == 204
    assert not ReadingList.objects.exists()


def test_a_change_needs_the_state_that_it_is_based_on() -> None:
    api = Api()
    pk = make_list(api.user, name="Exits").pk
    address = f"/api/v1/lists/{pk}/"
    etag = Client().get(address, headers=api.headers).headers["ETag"]

    unseen = api("patch", f"lists/{pk}/", {"name": "x"})
    first = api("patch", f"lists/{pk}/", {"name": "first"}, **{"If-Match": etag})
    second = api("patch", f"lists/{pk}/", {"name": "second"}, **{"If-Match": etag})

    assert [unseen.status_code, first.status_code, second.status_code] == [428, 200, 412]
    assert ReadingList.objects.get().name == "first"


def test_the_etag_of_a_compressed_answer_serves_as_well() -> None:
    api = Api()
    chosen = make_list(api.user, name="Exits", description="words " * 200)
    zipped = Client().get(
        f"/api/v1/lists/{chosen.pk}/", headers={**api.headers, "Accept-Encoding": "gzip"}
    )

    changed = api(
        "patch", f"lists/{chosen.pk}/", {"name": "x"}, **{"If-Match": zipped.headers["ETag"]}
    )

    assert zipped.headers["ETag"].startswith("W/")
    assert changed.status_code == 200


@pytest.mark.parametrize("method", ["get", "patch", "delete"])
@pytest.mark.parametrize(
    "path", ["lists/{list}/", "lists/{list}/entries/skip/", "follows/{follow}/"]
)
def test_nobody_reaches_what_another_keeps(method: str, path: str) -> None:
    mia, eve = Api("mia"), Api("eve")
    chosen = make_list(mia.user, name="CANARY")
    add_paper(chosen, make.paper(key="skip"), note="CANARY")
    pk = mia("post", "follows/", {"kind": "paper", "target": "skip"}).json()["id"]

    answer = eve(method, path.format(list=chosen.pk, follow=pk), {}, **{"If-Match": "*"})

    assert answer.status_code in (404, 405)
    assert "CANARY" not in answer.content.decode()
    assert (ReadingList.objects.count(), Follow.objects.count()) == (1, 1)


def test_an_entry_is_not_put_into_the_list_of_another() -> None:
    mia, eve = Api("mia"), Api("eve")
    chosen = make_list(mia.user, name="mine")
    make.paper(key="skip")

    answer = eve("post", f"lists/{chosen.pk}/entries/", {"paper": "skip"})

    assert answer.status_code == 404
    assert not chosen.entries.exists()


def test_marks_are_put_and_taken_away_again() -> None:
    api = Api()
    make.paper(key="skip")

    put = [api("put", "marks/skip/", {"kind": kind}) for kind in ("to_read", "read", "read")]
    listed = Client().get("/api/v1/marks/?kind=read", headers=api.headers).json()["results"]
    gone = [api("delete", "marks/skip/").status_code for _ in range(2)]

    assert [answer.json()["kind"] for answer in put] == ["to_read", "read", "read"]
    assert [row["paper"]["key"] for row in listed] == ["skip"]
    assert gone == [204, 204]
    assert not Mark.objects.exists()


def test_hidden_papers_cannot_be_marked_followed_or_listed() -> None:
    api = Api()
    make.paper(key="hidden", state=Paper.State.HIDDEN)
    pk = make_list(api.user, name="x").pk

    answers = [
        api("put", "marks/hidden/", {"kind": "read"}),
        api("post", "follows/", {"kind": "paper", "target": "hidden"}),
        api("post", f"lists/{pk}/entries/", {"paper": "hidden"}),
    ]

    assert [answer.status_code for answer in answers] == [404, 409, 404]


def test_follows_are_made_listed_and_ended() -> None:
    api = Api()
    make.topic("Early exiting")

    made = [
        api("post", "follows/", {"kind": "search", "target": "q=exit&sort=year"}) for _ in range(2)
    ]
    pk = made[0].json()["id"]
    ended = api("delete", f"follows/{pk}/")

    assert [answer.status_code for answer in made] == [201, 201]
    assert made[0].json()["target"] == "q=exit"
    assert made[0].json()["id"] == made[1].json()["id"]
    assert ended.status_code == 204
    assert not Follow.objects.exists()
