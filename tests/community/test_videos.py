"""Videos through HTTP: added, told apart, moderated, loaded from elsewhere only after a click."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from community.models import State, Video
from papers.search import flags
from tests import make
from tests.community.test_moderation import user
from tests.make import signed_in

pytestmark = pytest.mark.django_db

TALK = {"address": "https://youtu.be/dQw4w9WgXcQ?t=90", "title": "Our talk", "kind": "talk"}


def as_user(name: str, *groups: str) -> Client:
    return signed_in(user(name, *groups))


def page(client: Client, paper) -> str:
    return client.get(paper.get_absolute_url()).content.decode()


def test_a_members_video_waits_and_is_public_once_a_moderator_says_so() -> None:
    paper = make.paper("Skip RNN")
    mia, moe = as_user("mia"), as_user("moe", "moderators")

    answer = mia.post(f"/papers/{paper.key}/videos/add", TALK, follow=True)
    video = Video.objects.get()

    assert "A moderator looks at it" in answer.content.decode()
    assert "waiting for a moderator" in page(mia, paper)
    assert "Our talk" not in page(Client(), paper)
    moe.post(
        f"/moderation/video/{video.pk}/",
        {"decision": "publish", "revision": video.revision, "seen": video.revision},
    )
    assert "Our talk" in page(Client(), paper)


def test_a_curators_video_is_public_at_once() -> None:
    paper = make.paper()

    as_user("cam", "curators").post(f"/papers/{paper.key}/videos/add", TALK)

    assert Video.objects.get().state == State.PUBLISHED


def test_nothing_loads_before_a_click_and_the_policy_allows_the_player_there_alone() -> None:
    paper, other = make.paper("Skip RNN"), make.paper("Other")
    as_user("cam", "curators").post(f"/papers/{paper.key}/videos/add", TALK)

    shown, bare = Client().get(paper.get_absolute_url()), Client().get(other.get_absolute_url())

    assert "<iframe" not in shown.content.decode()
    assert 'href="https://www.youtube.com/watch?v=dQw4w9WgXcQ"' in shown.content.decode()
    assert (
        'data-player="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ?start=90"'
        in shown.content.decode()
    )
    assert "frame-src https://www.youtube-nocookie.com;" in shown["Content-Security-Policy"] + ";"
    assert "frame-src 'none'" in bare["Content-Security-Policy"]


def test_the_second_adder_of_a_video_is_told_under_any_spelling() -> None:
    paper = make.paper()
    as_user("cam", "curators").post(f"/papers/{paper.key}/videos/add", TALK)

    again = TALK | {"address": "https://www.youtube.com/live/dQw4w9WgXcQ", "title": "Mine"}
    answer = as_user("mia").post(f"/papers/{paper.key}/videos/add", again)

    assert answer.status_code == 422
    assert "here already, added by cam as “Our talk”" in answer.content.decode()
    assert Video.objects.count() == 1


def test_the_second_adder_does_not_learn_what_still_waits() -> None:
    paper = make.paper()
    as_user("mia").post(f"/papers/{paper.key}/videos/add", TALK | {"title": "CANARY"})

    answer = as_user("ben").post(f"/papers/{paper.key}/videos/add", TALK)

    assert "CANARY" not in answer.content.decode()
    assert "mia" not in answer.content.decode()


def test_a_withdrawn_video_may_be_added_again() -> None:
    paper, mia = make.paper(), as_user("mia")
    mia.post(f"/papers/{paper.key}/videos/add", TALK)
    mia.post(f"/videos/{Video.objects.get().pk}/withdraw")

    mia.post(f"/papers/{paper.key}/videos/add", TALK)

    assert sorted(Video.objects.values_list("state", flat=True)) == ["pending", "withdrawn"]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("address", "https://example.org/", "not a video that we know"),
        ("title", " ", "Give it a title"),
        ("kind", "spam", "Choose what it is"),
        ("language", "xx", "Choose a language"),
        ("start", "soon", "Give the start"),
        ("speaker", "nobody", "No person here"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_lost(field: str, value: str, told: str) -> None:
    paper = make.paper()

    answer = as_user("mia").post(f"/papers/{paper.key}/videos/add", TALK | {field: value})

    assert (answer.status_code, Video.objects.count()) == (422, 0)
    assert told in answer.content.decode()


def test_a_title_cannot_bring_script_with_it() -> None:
    paper = make.paper()
    title = '"><script>alert(1)</script>'

    as_user("cam", "curators").post(f"/papers/{paper.key}/videos/add", TALK | {"title": title})

    assert "<script>alert(1)" not in page(Client(), paper)


def test_strangers_and_readers_of_hidden_papers_add_nothing() -> None:
    hidden = make.paper(state="hidden")

    assert Client().post(f"/papers/{hidden.key}/videos/add", TALK).status_code == 302
    assert as_user("mia").post(f"/papers/{hidden.key}/videos/add", TALK).status_code == 404
    assert not Video.objects.exists()


def test_a_dead_video_is_reported_once_and_marked() -> None:
    paper, mia = make.paper(), as_user("mia")
    as_user("cam", "curators").post(f"/papers/{paper.key}/videos/add", TALK)

    mia.post(f"/videos/{Video.objects.get().pk}/dead")

    assert "reported as no longer playing" in page(Client(), paper)


def test_has_video_follows_and_the_index_is_told(own_index: Path) -> None:
    paper, other = make.paper("Skip RNN"), make.paper("Other")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM papers_paperchange")

    as_user("cam", "curators").post(f"/papers/{paper.key}/videos/add", TALK)

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT paper_id FROM papers_paperchange")
        assert [row[0] for row in cursor.fetchall()] == [paper.pk]
    assert flags.known()["video"].papers([paper.pk, other.pk]) == {paper.pk}
    listed = Client().get("/papers/?has=video").content.decode()
    assert "Skip RNN" in listed
    assert "Other" not in listed


def test_a_recording_that_a_workshop_lists_appears_by_itself_on_its_paper() -> None:
    paper, workshop = make.paper(), make.workshop()
    workshop.accepted.create(
        position=0,
        title=paper.title,
        paper=paper,
        presentation="oral",
        video="https://youtu.be/dQw4w9WgXcQ",
    )

    answer = Client().get(paper.get_absolute_url())

    assert (
        'data-player="https://www.youtube-nocookie.com/embed/dQw4w9WgXcQ"'
        in answer.content.decode()
    )
    assert "frame-src https://www.youtube-nocookie.com" in answer["Content-Security-Policy"]


def test_a_recording_of_a_talk_stands_on_the_workshops_page() -> None:
    workshop = make.workshop()
    make.talk(workshop.schedule.create(position=0, title="Opening"))
    cam = as_user("cam", "curators")

    refused = cam.post(f"/workshops/{workshop.slug}/videos/add", TALK | {"talk": "No such talk"})
    cam.post(f"/workshops/{workshop.slug}/videos/add", TALK | {"talk": "Opening"})

    assert refused.status_code == 422
    assert "Our talk" in Client().get(workshop.get_absolute_url()).content.decode()
