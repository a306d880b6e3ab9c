"""The index follows the database, heals itself, and has one writer at a time."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from papers.models import Authorship, Finding, Paper, PaperTopic, Person
from papers.search import PaperQuery, search
from papers.search.words import changes, following, index, reader
from taxonomy.models import Topic
from tests import make
from tests.search.conftest import titles

pytestmark = pytest.mark.django_db


def found(q: str, **params: Any) -> list[str]:
    return titles(search(PaperQuery.from_params({"q": q, **params})))


def has(q: str) -> bool:
    """Whether the words alone find something: a `+word` asks for it."""
    return bool(found(f"+{q}"))


CHANGES = {
    "a new title": lambda paper: Paper.objects.filter(pk=paper.pk).update(title="Zebrafish"),
    "an author": lambda paper: Authorship.objects.create(
        paper=paper, position=9, printed_name="Ana Zebrafish"
    ),
    "a person's name": lambda paper: Person.objects.update(name="Zebrafish"),
    "a finding": lambda paper: Finding.objects.create(
        paper=paper, position=0, text="It finds the zebrafish."
    ),
    "a topic": lambda paper: PaperTopic.objects.create(paper=paper, topic=make.topic("Zebrafish")),
    "a topic's name": lambda paper: Topic.objects.update(name="Zebrafish"),
    "the venue's name": lambda paper: type(paper.venue).objects.update(name="Zebrafish"),
    "SQL by hand": lambda paper: connection.cursor().execute(
        "UPDATE papers_paper SET abstract = 'zebrafish' WHERE id = %s", [paper.pk]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_one_look_of_the_follower_finds_any_change(change: Any, settings: Any) -> None:
    paper = make.paper("Skip RNN", topics=[make.topic("Skipping")])
    index.rebuild_index()
    settings.KB_SEARCH_FOLLOW = "off"
    assert not has("zebrafish")

    change(paper)
    index.catch_up()

    assert has("zebrafish")


def test_a_deleted_paper_leaves_the_index() -> None:
    make.paper("Skip RNN")
    gone = make.paper("Zebrafish")
    assert has("zebrafish")

    gone.delete()

    assert not has("zebrafish")


def test_a_follower_looks_more_often_than_the_promised_two_seconds() -> None:
    assert following.PERIOD_SECONDS <= 1.0


def test_a_follower_does_nothing_while_another_was_there_a_moment_ago(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "PERIOD_SECONDS", 3600.0)
    make.paper("Skip RNN")
    index.rebuild_index()
    settings.KB_SEARCH_FOLLOW = "off"

    assert following.step() is False


def test_a_follower_that_was_long_away_takes_over(settings: Any) -> None:
    index.rebuild_index()
    settings.KB_SEARCH_FOLLOW = "off"
    where = index.current_folder()
    index.write_follow(where, {**index.read_follow(where), "at": 0.0})
    make.paper("Zebrafish")

    assert following.step() is True
    assert has("zebrafish")


def _delete(home: Path) -> None:
    shutil.rmtree(home)


def _overwrite(file: Path, content: bytes) -> None:
    """Put another file in its place: cutting one that a thread has mapped would kill the process."""
    damaged = file.with_name(f"{file.name}.damaged")
    damaged.write_bytes(content)
    damaged.replace(file)


def _empty_list(home: Path) -> None:
    _overwrite(index.current_folder() / "meta.json", b"{}")


def _shorten(home: Path) -> None:
    for file in list(index.current_folder().glob("*.term")):
        _overwrite(file, file.read_bytes()[:-20])


def _shorten_to_nothing(home: Path) -> None:
    for file in list(index.current_folder().glob("*.*")):
        _overwrite(file, b"")


def _flip(home: Path) -> None:
    for file in list(index.current_folder().glob("*.idx")):
        data = bytearray(file.read_bytes())
        data[len(data) // 3] ^= 0xFF
        _overwrite(file, bytes(data))
    index._checked.clear()  # as a process that has not looked at these files yet


def _pointer_to_nowhere(home: Path) -> None:
    (home / "current").write_text("g-nowhere")


def _other_fields(home: Path) -> None:
    where = index.current_folder()
    state = index.read_follow(where)
    (where / "follow.json").write_text(json.dumps({**state, "shape": "another"}))


DAMAGE = [_delete, _empty_list, _shorten, _shorten_to_nothing, _flip, _pointer_to_nowhere]


@pytest.mark.parametrize(
    "damage", [*DAMAGE, _other_fields], ids=lambda one: one.__name__.strip("_")
)
def test_a_damaged_index_heals(damage: Any, index_folder: Path, settings: Any) -> None:
    make.paper("Zebrafish")
    index.rebuild_index()
    settings.KB_SEARCH_FOLLOW = "off"
    reader.view()

    damage(index_folder)
    reader.forget()
    meanwhile = search(PaperQuery.from_params({"q": "zebrafish"}))
    following.step()
    healed = search(PaperQuery.from_params({"q": "zebrafish"}))

    assert titles(meanwhile) == titles(healed) == ["Zebrafish"]
    assert healed.notice == ""
    assert healed.total == 1


def test_a_shortened_index_is_noticed_by_a_process_that_has_it_open(settings: Any) -> None:
    make.paper("Zebrafish")
    index.rebuild_index()
    settings.KB_SEARCH_FOLLOW = "off"
    found("zebrafish")

    _shorten(Path())

    assert not search(PaperQuery.from_params({"q": "zebrafish"})).is_ready


def test_an_index_that_other_code_filled_answers_until_it_is_built_anew(settings: Any) -> None:
    make.paper("Zebrafish")
    index.rebuild_index()
    settings.KB_SEARCH_FOLLOW = "off"
    before = index.current_folder()
    index.write_follow(before, {})
    state = {**index.read_follow(before), "fingerprint": "another"}
    (before / "follow.json").write_text(json.dumps(state))

    assert found("zebrafish") == ["Zebrafish"]
    assert following.step()

    assert index.current_folder() != before
    assert found("zebrafish") == ["Zebrafish"]


def test_of_two_writers_one_waits() -> None:
    def try_to_write() -> bool:
        with index.writer_lock() as mine:
            return mine

    with index.writer_lock() as first, ThreadPoolExecutor(1) as other:
        second = other.submit(try_to_write).result()
    with ThreadPoolExecutor(1) as other:
        third = other.submit(try_to_write).result()

    assert (first, second, third) == (True, False, True)


def test_a_follower_leaves_the_index_to_a_writer_at_work(settings: Any) -> None:
    index.rebuild_index()
    settings.KB_SEARCH_FOLLOW = "off"
    where = index.current_folder()
    index.write_follow(where, {**index.read_follow(where), "at": 0.0})

    with index.writer_lock():
        assert following.step() is False


def test_an_index_that_was_followed_by_a_clock_ahead_is_followed_at_once(settings: Any) -> None:
    index.rebuild_index()
    settings.KB_SEARCH_FOLLOW = "thread"
    where = index.current_folder()
    position = changes.now().to_json()
    index.write_follow(where, {**position, "at": float(str(position["at"])) + 86_400})

    followed = following.step()

    assert followed
    assert index.seconds_behind(where) is not None
