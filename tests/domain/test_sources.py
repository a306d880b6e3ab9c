"""Sources of facts in words."""

from __future__ import annotations

import pytest

from papers.history.wording import source_in_words


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("memory", "memory: no stored source confirms every fact"),
        ("stored-index:42", "text index of public repositories, file 42"),
        ("owner/name:README.md", "owner/name: README.md"),
        ("https://arxiv.org/abs/1603.08983", "https://arxiv.org/abs/1603.08983"),
        ("Table 2 of the paper", "Table 2 of the paper"),
    ],
)
def test_a_source_is_told_in_words(source: str, words: str) -> None:
    assert source_in_words(source) == words
