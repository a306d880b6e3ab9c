"""What a start must do before it answers pages, and what it may leave to the time after."""

from __future__ import annotations

import gc
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from kb.management.commands import prepare
from kb.site import gunicorn, prepared
from kb.site.prepared import Prepared
from papers.ingest import follow_up
from papers.models import Paper
from papers.search.meaning import encoder
from papers.search.meaning.embedding import embed_papers, is_wanting
from tests import make


@pytest.fixture
def level(tmp_path: Path) -> Prepared:
    """A field of one file, as it was prepared."""
    for name in ("postgres", "field"):
        (tmp_path / name).mkdir()
    (tmp_path / "field" / "a.yaml").write_text("title: A")
    stamp = Prepared(tmp_path / "postgres", tmp_path / "field")
    stamp.note()
    return stamp


def _change(stamp: Prepared) -> None:
    (stamp.field / "a.yaml").write_text("title: Another")


def _add(stamp: Prepared) -> None:
    (stamp.field / "b.yaml").write_text("title: B")


def _tear(stamp: Prepared) -> None:
    os.truncate(stamp.stamp, 20)


def _spoil(stamp: Prepared) -> None:
    stamp.stamp.write_bytes(b"\xff" * 64)


@pytest.mark.parametrize("act", [_change, _add, _tear, _spoil, Prepared.forget])
def test_what_changed_since_is_prepared_first(
    act: Callable[[Prepared], None], level: Prepared
) -> None:
    assert level.is_level()

    act(level)

    assert not level.is_level()


def test_new_migrations_are_prepared_first(
    level: Prepared, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "constraints.txt").write_text("")
    (tmp_path / "papers" / "migrations").mkdir(parents=True)
    monkeypatch.setattr(prepared, "BASE_DIR", tmp_path)
    level.note()
    assert level.is_level()

    (tmp_path / "papers" / "migrations" / "0002_more.py").write_text("")

    assert not level.is_level()


def _steps(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> list[str]:
    """Which steps `prepare` takes with these arguments."""
    taken: list[str] = []
    monkeypatch.setattr(prepare, "call_command", lambda name, *rest, **more: taken.append(name))
    monkeypatch.setattr(prepare.encoder, "is_converted", lambda: True)
    call_command("prepare", *arguments, stdout=io.StringIO())
    return taken


@pytest.mark.django_db
def test_search_is_left_to_who_serves_where_every_paper_has_its_vectors(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.paper("Skip RNN")
    whole = _steps(monkeypatch)
    assert _steps(monkeypatch, "--pages-first") == whole  # the first time
    assert whole[-2:] == ["embed", "index"]

    embed_papers()
    assert _steps(monkeypatch, "--pages-first") == whole[:-2]
    assert _steps(monkeypatch) == whole

    Paper.objects.update(abstract="It skips.")
    assert is_wanting()
    assert _steps(monkeypatch, "--pages-first") == whole


@pytest.mark.django_db
def test_nobody_waits_behind_a_paper_whose_encoder_is_made_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper = make.paper("Skip RNN")

    def wait(seconds: float) -> Any:
        raise encoder.Unavailable("the encoder is still being loaded")

    monkeypatch.setattr(follow_up, "within", wait)
    assert not follow_up.follow_up_paper(paper.pk)
    assert paper.embeddings.count() == 0

    monkeypatch.undo()
    assert follow_up.follow_up_paper(paper.pk)
    assert paper.embeddings.count() == 1


def test_a_process_of_the_web_server_looks_for_garbage_when_it_has_loaded_what_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gunicorn, "die_with_parent", lambda number: None)
    try:
        gunicorn.post_fork(None, None)
        assert not gc.isenabled()

        gunicorn.settle()
        assert gc.isenabled()
    finally:
        gc.enable()
        gc.unfreeze()
