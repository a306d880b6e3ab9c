"""Batches of the encoder: texts of like length together, never more than the processor likes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.search.encoder import DEFAULT, SentenceEncoder, batches_by_length


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


def test_vectors_do_not_depend_on_the_company_of_a_text() -> None:
    encoder = SentenceEncoder(DEFAULT)
    texts = ["Early exits.", "A gate decides for each token. " * 60, "", "早退网络"]

    together = encoder.encode(texts)
    alone = np.concatenate([encoder.encode([text]) for text in texts])

    assert together.shape == (4, 384)
    assert (together * alone).sum(axis=1) == pytest.approx(1.0, abs=2e-3)
    assert encoder.encode([]).shape == (0, 384)
