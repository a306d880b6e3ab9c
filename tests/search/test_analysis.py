"""From text to terms and back to marked text. No database."""

from __future__ import annotations

import pytest

from papers.search.meaning.passages import sentences, split
from papers.search.words import analysis


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        # odd ones first
        ("", []),
        ("…—·", []),
        ("早退", []),
        ("the of and", ["the", "of", "and"]),
        ("Ｆｕｌｌ width", ["full", "width"]),
        ("Wo\u0301jcik naïve Größe", ["wojcik", "naiv", "gross"]),
        ("the networks of exits", ["network", "exit"]),
        ("RNNs and rnns", ["rnn"]),
        ("GPUs gpus", ["gpu"]),
        ("LLMs", ["llm"]),
        ("class analysis", ["class", "analysi"]),
        ("β-VAE", ["beta", "vae", "betava"]),
        ("ResNet-50", ["resnet", "50", "resnet50"]),
        ("exit exit exits", ["exit"]),
    ],
)
def test_text_becomes_terms_worth_ranking_by(text: str, terms: list[str]) -> None:
    assert analysis.content_words(text) == terms


@pytest.mark.parametrize(
    ("name", "terms"),
    [("黄高", ["黄高"]), ("Łukasz Kaiser", ["lukasz", "kaiser"]), ("O’Neill", ["o", "neill"])],
)
def test_names_are_folded_and_never_stemmed(name: str, terms: list[str]) -> None:
    assert analysis.name_words(name) == terms


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("", ""),
        ("early exit", ""),
        ("早", "早 |"),
        ("早退机制", "早退 退机 机制 | 早 退 机 制"),
        ("早退, 网络", "早退 | 网络 | 早 退 网 络"),
    ],
)
def test_chinese_becomes_pairs_of_neighbours(text: str, grams: str) -> None:
    assert analysis.indexed_grams(text) == grams


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("One only", ["One only"]),
        (
            "We propose gates for depth. They save a third of the work, e.g. on ImageNet. Short.",
            [
                "We propose gates for depth.",
                "They save a third of the work, e.g. on ImageNet. Short.",
            ],
        ),
    ],
)
def test_sentences_keep_short_ones_together(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_passages_begin_with_the_title_and_are_limited() -> None:
    long = " ".join(f"Sentence number {n} says something of length." for n in range(60))

    found = split("Title", [long])

    assert found[0] == "Title"
    assert len(found) == 24
