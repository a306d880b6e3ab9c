"""Words of a question, marked in texts."""

from __future__ import annotations

import re

import pytest

from papers.search import highlight
from papers.search.highlight import Marker


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("", ""),
        ("<b>exits</b> & more", "&lt;b&gt;<mark>exits</mark>&lt;/b&gt; &amp; more"),
        ("Early-exiting RNNs", "Early-<mark>exiting</mark> <mark>RNNs</mark>"),
        ("带早退的网络", "带<mark>早退</mark>的网络"),
        ("nothing here", "nothing here"),
        ("exitless exits", "exitless <mark>exits</mark>"),
    ],
)
def test_found_words_are_marked_and_the_rest_is_escaped(text: str, html: str) -> None:
    found = Marker({"exit", "rnn"}, {"早退"}).whole(text)

    assert found.html == html


def test_a_stretch_is_where_most_terms_stand() -> None:
    text = "Nothing of note. " * 30 + "Gates decide depth and width. " + "More of the same. " * 30

    found = Marker({"gate", "depth", "width"}).stretch(text, width=120)

    assert found.found == 3
    assert "… <mark>Gates</mark> decide <mark>depth</mark>" in found.html
    assert found.html.endswith(" …")


def test_a_short_text_is_its_own_stretch() -> None:
    assert Marker({"gate"}).stretch("A gate.", width=120).html == "A <mark>gate</mark>."


def test_a_stretch_is_cut_between_words_and_marks_no_part_of_one() -> None:
    text = "A gate opens. " + "The depth follows it closely, word after word. " * 20

    for width in range(60, 110):
        shown = re.sub("</?mark>", "", Marker({"gate", "word"}).stretch(text, width).html)
        assert shown.endswith(" …")
        last = shown.removesuffix(" …")
        assert text.startswith(last) and not text[len(last)].isalnum()


def test_words_are_marked_though_spellings_were_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["Gates choose.", "Gates and skips", "Skips choose gates"]
    before = [Marker({"gate", "skip"}).whole(text) for text in texts]
    monkeypatch.setattr(highlight, "MOST_SPELLINGS", 0)

    shared = Marker({"gate", "skip"})

    assert [shared.whole(text) for text in (*texts, "Gates that skip")][:3] == before
    assert shared.whole("New gates").html == "New <mark>gates</mark>"


def test_one_marker_marks_every_text_as_one_of_its_own_does() -> None:
    texts = ["Gates choose.", "A gate & a skip; gated layers, skips", "Skipping layers", "", "GATE"]
    shared = Marker({"gate", "skip"})

    for text in texts:
        assert shared.whole(text) == Marker({"gate", "skip"}).whole(text)
    assert shared.whole(texts[1]).found == 2
