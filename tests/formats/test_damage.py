"""No text makes a reader of bibliographies fail, take its time or fill the memory."""

from __future__ import annotations

import time
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.formats import bibtex, csl, ris
from papers.formats.name_lists import authors_of
from papers.formats.tex import from_tex
from papers.identifiers import all_in

MARKS = "@{}(),=#\"\\%$&~^_-–[]<>;:'`/ \n\t0123456789abcdeinortuvxyAER中\u0301\u200b\ud800"
FRAGMENTS = st.lists(
    st.sampled_from(
        ["@article{", "@string{", "title={", 'title="', "author={", " and ", "}", "{", '"', "\\texttt",
         "\\href{", "$", "TY  - JOUR\n", "AU  - ", "ER  - \n", '[{"title":"', '"}]', '"author":[{',
         "crossref={a}", "#", "10.1145/", "arXiv:", "1703.09844", "\\verb", "&lt;", "<i>", "等", "\n"]
    ) | st.text(MARKS, max_size=8),
    max_size=60,
).map("".join)  # fmt: skip


@given(FRAGMENTS)
@settings(max_examples=400, deadline=None)
def test_no_text_makes_a_reader_fail(text: str) -> None:
    for reader in (bibtex, ris, csl):
        for citation in reader.read(text).citations:
            assert isinstance(citation.title, str)
    from_tex(text)
    authors_of(text, from_tex)
    all_in(text)


GROWING = {
    "groups": lambda n: "@a{k,t={\n" * n,
    "quotes": lambda n: '@a{k,t="\n' * n,
    "braces": lambda n: "{" * 10 * n,
    "signs behind a name": lambda n: "@a{k, title={T}, author={a " + "*" * n + "x}}",
    "lines": lambda n: "@" + "\n" * 10 * n + "x",
    "authors": lambda n: "@a{k, author={" + "A and " * n + "}}",
    "commas": lambda n: "@a{k, author={" + "A B, " * n + "}}",
    "dollars": lambda n: "@a{k, title={" + "$" * n + "}}",
    "notes": lambda n: "@a{k, title={" + "\\footnote{" * n + "}" * n + "}}",
    "semicolons": lambda n: "TY  - JOUR\nAU  - " + "A, B; " * n + "\nER  - \n",
    "tags": lambda n: "TY  - JOUR\n" + "AU  - A, B\n" * n + "ER  - \n",
    "items": lambda n: "[" + ",".join(['{"title": "<i>a</i> &amp; $b_1$"}'] * (n // 10)) + "]",
}


@pytest.mark.parametrize("kind", GROWING)
def test_work_grows_with_the_length_of_a_text(kind: str) -> None:
    """Twice the text takes about twice the processor's time; a quadratic reader takes four times."""
    once, twice = (min(_seconds(GROWING[kind](n)) for _ in range(3)) for n in (8_000, 16_000))

    assert twice < 3 * once + 0.02


def _seconds(text: str) -> float:
    before = time.process_time()
    for reader in (bibtex, ris, csl):
        reader.read(text)
    return time.process_time() - before


def test_a_chain_of_macros_cannot_fill_the_memory() -> None:
    chain = "".join(f"@string{{a{n}=a{n - 1}#a{n - 1}}}" for n in range(1, 60))
    text = "@string{a0={xxxxxxxxxx}}" + chain + "@a{k,title=a59} @a{l,title={Lamp}}"
    tracemalloc.start()
    reading = bibtex.read(text)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < 50_000_000
    assert [one.title for one in reading.citations if one.key == "l"] == ["Lamp"]
    assert "longer than" in str(reading.problems[0])


def test_an_entry_that_is_never_closed_is_told_at_its_own_line() -> None:
    text = "@misc{a, title={Lamp},}\n@misc{b, title={Open, year=2020}\n\n@misc{c, title={Night}}\n"
    reading = bibtex.read(text)

    assert [one.title for one in reading.citations] == ["Lamp", "Night"]
    (problem,) = reading.problems
    assert problem.line == 2
