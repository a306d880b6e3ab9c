"""Collected static files that are lost or damaged: pages are answered, and they are made again."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from kb.site import static_files
from kb.site.static_files import Collected, Keeper, PatientStorage, StaticFiles


@pytest.fixture
def collected(tmp_path: Path) -> Collected:
    found = Collected(tmp_path)
    found.folder.mkdir()
    (found.folder / "site.1234.css").write_text("body{}")
    found.note()
    return found


def _delete(folder: Path) -> None:
    (folder / "site.1234.css").unlink()


def _overwrite(folder: Path) -> None:
    with (folder / "site.1234.css").open("r+b") as file:
        file.write(b"\xff\xff")
    os.utime(folder / "site.1234.css", ns=(1, 1))


def _remove_all(folder: Path) -> None:
    _delete(folder)
    folder.rmdir()


@pytest.mark.parametrize("damage", [_delete, _overwrite, _remove_all])
def test_damage_is_noticed(damage: Any, collected: Collected) -> None:
    assert collected.is_whole()

    damage(collected.folder)

    assert not collected.is_whole()
    assert not collected.is_undamaged()


def test_a_torn_stamp_counts_as_damage(collected: Collected) -> None:
    os.truncate(collected.stamp, 40)

    assert not collected.is_whole()


def test_files_of_older_sources_are_collected_at_the_next_start_alone(
    collected: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(static_files, "_sources", lambda: "newer")

    assert not collected.is_whole()
    assert collected.is_undamaged()


class _Collecting:
    """Collects, when the test says that it has ended."""

    def __init__(self) -> None:
        self.is_at_work, self.started = False, 0
        self.code: int | None = None

    def start(self) -> None:
        self.is_at_work, self.started = True, self.started + 1

    def result(self) -> int | None:
        code, self.code = self.code, None
        if code is not None:
            self.is_at_work = False
        return code


@dataclass
class _Kept:
    """A keeper of collected files, and what it did."""

    keeper: Keeper
    collecting: _Collecting
    said: list[str]


@pytest.fixture
def kept(collected: Collected) -> _Kept:
    collecting, said = _Collecting(), list[str]()
    keeper = Keeper(collected, collecting, said.append)
    return _Kept(keeper, collecting, said)


def test_the_keeper_collects_again_while_nobody_waits(
    kept: _Kept, collected: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.keeper.look()
    _delete(collected.folder)
    kept.keeper.look()
    assert kept.said == []  # not yet

    _pass(monkeypatch, static_files.LOOK_EVERY_SECONDS)
    kept.keeper.look()
    kept.keeper.look()
    assert kept.said == ["The static files are damaged; collecting them again."]
    assert not collected.is_undamaged()  # still at it

    kept.collecting.code = 0
    kept.keeper.look()

    assert len(kept.said) == 1
    assert kept.collecting.started == 1
    assert collected.is_whole()


def test_a_keeper_that_cannot_collect_says_why_and_tries_again_later(
    kept: _Kept, collected: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    _delete(collected.folder)
    _pass(monkeypatch, static_files.LOOK_EVERY_SECONDS)
    kept.keeper.look()

    kept.collecting.code = 1
    kept.keeper.look()
    kept.keeper.look()

    assert len(kept.said) == 2
    assert "ended with 1" in kept.said[1]
    assert not kept.collecting.is_at_work

    _pass(monkeypatch, static_files.LOOK_EVERY_SECONDS + static_files.AFTER_A_FAILURE_SECONDS)
    kept.keeper.look()

    assert kept.collecting.started == 2


def test_a_start_with_damaged_files_waits_for_nothing(kept: _Kept, collected: Collected) -> None:
    _overwrite(collected.folder)

    kept.keeper.begin()

    assert kept.collecting.is_at_work
    assert not any(collected.folder.iterdir())  # no page is dressed in what is damaged
    assert not collected.stamp.exists()


def test_a_start_may_collect_when_all_else_has_begun(
    kept: _Kept, collected: Collected, monkeypatch: pytest.MonkeyPatch
) -> None:
    _delete(collected.folder)
    kept.keeper.begin(after=60)
    assert not any(collected.folder.iterdir())
    _pass(monkeypatch, 59)
    kept.keeper.look()
    assert kept.collecting.started == 0

    _pass(monkeypatch, 2)
    kept.keeper.look()

    assert kept.collecting.started == 1


def test_a_start_with_whole_files_collects_nothing(kept: _Kept, collected: Collected) -> None:
    kept.keeper.begin()

    assert (kept.collecting.started, kept.said) == (0, [])


def _pass(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    later = static_files.time.monotonic() + seconds
    monkeypatch.setattr("kb.site.static_files.time.monotonic", lambda: later)


@pytest.mark.parametrize("manifest", [None, "{", '{"version": "9"}', "\x00"])
def test_pages_have_plain_names_where_the_list_of_names_is_lost(
    manifest: str | None, tmp_path: Path
) -> None:
    if manifest is not None:
        (tmp_path / static_files.MANIFEST).write_text(manifest)

    storage = PatientStorage(location=tmp_path, base_url="/static/")

    assert storage.url("css/site.css", force=True) == "/static/css/site.css"


def _site(root: Path, settings: Any) -> StaticFiles:
    settings.STATIC_ROOT = root
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = False
    return StaticFiles(lambda request: HttpResponse("no such page", status=404))


def test_a_file_that_has_gone_is_answered_with_when_to_come_again(
    tmp_path: Path, settings: Any
) -> None:
    (tmp_path / "a.css").write_text("body{}")
    site = _site(tmp_path, settings)
    there = site(RequestFactory().get("/static/a.css"))
    (tmp_path / "a.css").unlink()

    gone = site(RequestFactory().get("/static/a.css"))

    assert there.status_code == 200
    assert (gone.status_code, gone.headers["Retry-After"]) == (503, "30")


@pytest.mark.parametrize("was_there", [True, False])
def test_meanwhile_the_source_of_a_file_is_answered_and_kept_by_nobody(
    was_there: bool, tmp_path: Path, settings: Any
) -> None:
    hashed = tmp_path / "css" / "site.0123456789ab.css"
    hashed.parent.mkdir()
    if was_there:
        hashed.write_text("body{}")
    site = _site(tmp_path, settings)
    hashed.unlink(missing_ok=True)

    answer = site(RequestFactory().get("/static/css/site.0123456789ab.css"))

    source = Path(settings.STATICFILES_DIRS[0]) / "css" / "site.css"
    assert (answer.status_code, answer.content) == (200, source.read_bytes())
    assert answer.headers["Content-Type"] == "text/css"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "name", ["css/nothing.0123456789ab.css", "css/nothing.css", "../settings.0123456789ab.py"]
)
def test_what_has_no_source_is_not_found(name: str, tmp_path: Path, settings: Any) -> None:
    assert _site(tmp_path, settings)(RequestFactory().get(f"/static/{name}")).status_code == 404


def test_plain_names_are_answered_from_the_sources(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT, settings.WHITENOISE_AUTOREFRESH = tmp_path / "none", False
    site = StaticFiles(lambda request: HttpResponse("no such page", status=404))

    assert site(RequestFactory().get("/static/css/site.css")).status_code == 200


def test_who_serves_knows_what_is_collected_while_it_runs(
    collected: Collected, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    collected.clear()
    assert list(collected.folder.iterdir()) == []  # a missing one is warned of at every start
    storage = PatientStorage(location=collected.folder, base_url="/static/")
    monkeypatch.setattr(static_files, "staticfiles_storage", storage)
    site = _site(collected.folder, settings)
    ask = RequestFactory().get("/static/site.0123456789ab.css")
    assert site(ask).status_code == 404
    assert storage.url("site.css", force=True) == "/static/site.css"

    (collected.folder / "site.0123456789ab.css").write_text("body{}")
    manifest = {"version": "1.1", "hash": "", "paths": {"site.css": "site.0123456789ab.css"}}
    (collected.folder / static_files.MANIFEST).write_text(json.dumps(manifest))
    collected.note()
    _pass(monkeypatch, static_files.FOLLOW_EVERY_SECONDS)

    assert b"".join(site(ask).streaming_content) == b"body{}"
    assert storage.url("site.css", force=True) == "/static/site.0123456789ab.css"
