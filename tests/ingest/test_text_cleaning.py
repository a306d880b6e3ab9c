"""Text from PDFs made fit to store and to read."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papers.pdf.text_cleaning import clean_text, fold, join_lines, vocabulary


@pytest.mark.parametrize(
    ("dirty", "clean"),
    [
        ("", ""),
        ("e\ufb03cient \ufb01nding", "efficient finding"),
        ("a\0b\x07c", "abc"),
        ("safe\u202eevil\u2066", "safeevil"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("soft\u00adhyphen", "softhyphen"),
        ("wide\u00a0 \u2003space", "wide space"),
        ("Poincar\u00b4e", "Poincar\u00e9"),
        ("M\u00a8uller", "M\u00fcller"),
        ("\u02c7Cernohorsk\u00b4a", "\u010cernohorsk\u00e1"),
        ("5\u00b0 and \u00a8 alone", "5\u00b0 and \u00a8 alone"),
        ("\u6df1\u5ea6\u5b66\u4e60", "\u6df1\u5ea6\u5b66\u4e60"),
    ],
)
def test_text_is_cleaned(dirty: str, clean: str) -> None:
    assert clean_text(dirty) == clean


@given(st.text(st.characters(exclude_categories=())))
@example("\u00af\U000e0000A")
def test_cleaned_text_can_always_be_stored_and_is_stable(text: str) -> None:
    once = clean_text(text)

    once.encode("utf-8")
    assert "\0" not in once
    assert clean_text(once) == once


def test_text_is_capped() -> None:
    assert len(clean_text("ab " * 1000, limit=100)) <= 100


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["a bro-", "ken word"], "a broken word"),
        (["self-", "supervised"], "self-supervised"),
        (["state-of-the-", "art"], "state-of-the-art"),
        (["Jean-", "Paul"], "Jean-Paul"),
        (["see https://example.org/", "page"], "see https://example.org/page"),
        (["doi: 10.1016/j.", "cogpsych.2007"], "doi: 10.1016/j.cogpsych.2007"),
        (["2015\u2013", "2020"], "2015\u20132020"),
        (["", "  ", "word"], "word"),
        (["-", "dash"], "- dash"),
    ],
)
def test_lines_are_joined(lines: list[str], joined: str) -> None:
    assert join_lines(lines) == joined


def test_hyphen_stays_when_the_document_writes_the_word_with_one() -> None:
    words = vocabulary(["a topic-aware model", "convolutional layers"])

    assert join_lines(["topic-", "aware"], words) == "topic-aware"
    assert join_lines(["convolu-", "tional"], words) == "convolutional"


def test_folding_takes_off_case_accents_and_punctuation() -> None:
    assert fold("Ein \u00dcber-Na\u00efve Titel!") == "einubernaivetitel"
