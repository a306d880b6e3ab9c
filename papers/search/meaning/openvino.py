"""A sentence-transformers model compiled for this processor by OpenVINO, kept in the data folder.

    <KB_DATA_DIR>/encoders/<name>-<fingerprint>/   model.xml, model.bin, tokenizer.json, about.json

Converting takes PyTorch and seconds; the converted model needs neither. So the first process that
wants a model converts it, and every other one only reads it. What is damaged is converted again.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import logging
import os
import re
import shutil
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Tokens = list[list[int]]

_FILES = ("model.xml", "model.bin", "tokenizer.json")
_FORMAT = 1


@dataclass
class CompiledModel:
    """From token ids to unit vectors. Safe to call from several threads, which take turns."""

    dimensions: int
    most_tokens: int
    _padding: int
    _tokenizer: Any
    _model: Any
    _requests: dict[int, Any] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def tokens(self, texts: Sequence[str]) -> Tokens:
        """Ids of each text, cut to what the model reads."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]

    def vectors(self, batch: Tokens, *, threads: int) -> Vectors:
        """(texts, dimensions) of a batch, not normalised; shorter texts are padded and masked."""
        shape = (len(batch), max(map(len, batch)))
        ids, mask = np.full(shape, self._padding, np.int64), np.zeros(shape, np.int64)
        for row, own in enumerate(batch):
            ids[row, : len(own)], mask[row, : len(own)] = own, 1
        with self._lock:
            output: Vectors = self._request(threads).infer({0: ids, 1: mask})[0]
            return output.copy()  # the request uses its memory again

    def _request(self, threads: int) -> Any:
        """Compiled for so many threads, when first asked for; bfloat16 where it is native."""
        if threads not in self._requests:
            options = {
                "PERFORMANCE_HINT": "LATENCY",
                "INFERENCE_NUM_THREADS": threads,
                "ENABLE_CPU_PINNING": False,  # several processes share the processors
            }
            compiled = _openvino().Core().compile_model(self._model, "CPU", options)
            self._requests[threads] = compiled.create_infer_request()
        return self._requests[threads]


def compiled_model(name: str, place: str) -> CompiledModel:
    """The model of that name, which sentence-transformers finds at `place` without a network.

    Raises whatever sentence-transformers or OpenVINO raise if it is not there or not usable.
    """
    return _read(ensure(name, place))


def is_converted(name: str, place: str) -> bool:
    """Whether the converted model lies ready; loads nothing."""
    return _whole(_folder(name, place))


def _folder(name: str, place: str) -> Path:
    return _home() / f"{_slug(name)}-{_fingerprint(name, place)}"


def ensure(name: str, place: str) -> Path:
    """The folder of the converted model, converted if it is not yet; loads nothing otherwise."""
    folder = _folder(name, place)
    if not _whole(folder):
        with _one_converts():
            if not _whole(folder):  # nobody was quicker
                for left in folder.parent.glob("part-*"):  # by a process that was killed
                    shutil.rmtree(left, ignore_errors=True)
                _convert(place, folder)
                _remove_older(folder, _slug(name))
    return folder


@contextmanager
def _one_converts() -> Iterator[None]:
    """The others wait: the work would be the same."""
    _home().mkdir(parents=True, exist_ok=True)
    with (_home() / "convert.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _read(folder: Path) -> CompiledModel:
    from tokenizers import Tokenizer

    about = json.loads((folder / "about.json").read_text())
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(about["most_tokens"])
    return CompiledModel(
        dimensions=about["dimensions"],
        most_tokens=about["most_tokens"],
        _padding=about["padding"],
        _tokenizer=tokenizer,
        _model=_openvino().Core().read_model(folder / "model.xml"),
    )


def _convert(place: str, folder: Path) -> None:
    """Write the folder in one step, in place of what is damaged."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging as words

    openvino = _openvino()
    words.disable_progress_bar()  # type: ignore[no-untyped-call]
    words.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    model = SentenceTransformer(place, device="cpu", local_files_only=True).eval()
    tokenizer: Any = model.tokenizer
    example = torch.tensor([[tokenizer.pad_token_id] * 4] * 2)
    with torch.inference_mode(), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # tracing complains of branches that never change here
        converted = openvino.convert_model(
            _whole_module(model), example_input=(example, torch.ones_like(example))
        )
    part = Path(tempfile.mkdtemp(prefix="part-", dir=folder.parent))
    try:
        openvino.save_model(converted, part / "model.xml", compress_to_fp16=False)
        (part / "tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str())
        about = {
            "dimensions": int(model.get_embedding_dimension() or 0),
            "most_tokens": int(model.max_seq_length or 512),
            "padding": int(tokenizer.pad_token_id),
            "sizes": _sizes(part),
            "sums": _sums(part),
        }
        (part / "about.json").write_text(json.dumps(about))
        _write_through(part)
        shutil.rmtree(folder, ignore_errors=True)
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _whole_module(model: Any) -> Any:
    """All of the model, pooling included, as one module of (ids, mask)."""
    import torch

    typed = "token_type_ids" in model.tokenizer.model_input_names

    class Whole(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> object:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            if typed:
                features["token_type_ids"] = torch.zeros_like(input_ids)
            return self.model(features)["sentence_embedding"]

    return Whole().eval()


def _openvino() -> Any:
    """OpenVINO without its telemetry, which would report every import to its makers."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    import openvino

    return openvino


def _home() -> Path:
    return Path(settings.KB_DATA_DIR) / "encoders"


def _slug(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.]+", "_", name)[-60:]


def _fingerprint(name: str, place: str) -> str:
    """Changes with the model's files and with the code that converts them."""
    digest = hashlib.sha256(f"{_FORMAT} {name} {place}".encode())
    for package in ("openvino", "sentence-transformers", "transformers", "torch"):
        digest.update(f" {package} {version(package)}".encode())
    if Path(place).is_dir():
        for file in sorted(Path(place).rglob("*")):
            state = file.stat()
            digest.update(f" {file.name} {state.st_size} {state.st_mtime_ns}".encode())
    return digest.hexdigest()[:16]


def _sizes(folder: Path) -> dict[str, int]:
    return {name: (folder / name).stat().st_size for name in _FILES}


def _sums(folder: Path) -> dict[str, str]:
    sums = {}
    for name in _FILES:
        with (folder / name).open("rb") as file:
            sums[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return sums


def _whole(folder: Path) -> bool:
    """Whether every file is there as it was written: a cut one is never mapped, and one with other
    numbers inside, which would give wrong vectors without a word, never used."""
    try:
        about = json.loads((folder / "about.json").read_text())
        return bool(about["sizes"] == _sizes(folder) and about["sums"] == _sums(folder))
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _write_through(folder: Path) -> None:
    """Have the bytes on the disk before the folder gets its name."""
    for file in folder.iterdir():
        with file.open("rb") as opened:
            os.fsync(opened.fileno())


def _remove_older(kept: Path, slug: str) -> None:
    for old in kept.parent.glob(f"{slug}-*"):
        if old != kept:
            shutil.rmtree(old, ignore_errors=True)
