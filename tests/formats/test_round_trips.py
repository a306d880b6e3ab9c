"""What is exported and read back is the identical record, on a corpus made to break formats."""

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papers.formats import bibtex, csl, ris
from papers.formats.citation import Author, Citation, Kind, author_of, one_line
from papers.formats.tex import from_tex, protect_capitals, to_tex

MANY = tuple(Author(f"Nachname{number}", f"Vorname {number}") for number in range(1200))
CORPUS = [
    Citation("empty", Kind.OTHER, "T"),
    Citation(
        "full",
        Kind.JOURNAL,
        "Adaptive Mixtures of Local Experts",
        (Author("Jacobs", "Robert A."), Author("King", "Martin Luther", "Jr.")),
        year=1991,
        month=3,
        container="Neural Computation & Friends",
        publisher="MIT Press",
        volume="3",
        issue="1",
        pages="79-87",
        doi="10.1162/neco.1991.3.1.79",
        url="https://doi.org/10.1162/neco.1991.3.1.79",
        abstract="50% fewer FLOPs: O(n_i^2) ~ $5 #1 {braces} \\command.",
        keywords=("mixture of experts", "gating"),
        note="Unconfirmed: venue.",
    ),
    Citation(
        "ids",
        Kind.CONFERENCE,
        "γ-MoD and M³ViT: h − 1 Heads of L_0 {a}}b{ -- c --- “q” ``r'' 'T is 100%",
        (Author("Wójcik", "Bartosz"), Author("van der Maaten", "Laurens"), Author("O’Horo", "Brian")),
        year=2018,
        container="Proceedings of the International Conference on Learning Representations",
        arxiv="1703.09844",
        openreview="Hk2aImxAb",
        acl="2022.acl-long.503",
        url="https://openreview.net/forum?id=Hk2aImxAb",
    ),
    Citation("groups", Kind.REPORT, "Model Card", (Author("OpenAI"), Author("Kimi Team")), year=2025),
    Citation("andrew", Kind.BOOK, "And and and", (Author("and Sons", "Smith"), Author("A and B")), and_others=True),
    Citation("han", Kind.CONFERENCE, "动态神经网络：综述", (Author("黄", "高"), Author("欧阳", "修")), year=2021),
    Citation("many", Kind.PREPRINT, "A Large Collaboration", MANY, year=2024, arxiv="2401.00001", url="https://arxiv.org/abs/2401.00001"),
    Citation("accents", Kind.THESIS, "Őszi ñandú ça Łódź ß æ ø å ů ế ő ı", (Author("Hadži Veljković", "Tin"), Author("Giró-i-Nieto", "Xavier"))),
    Citation("chapter", Kind.CHAPTER, "In a Book: ER - TY - %A @article{x, \"quoted\"", container="A, Book = {"),
]  # fmt: skip


@pytest.mark.parametrize("citation", CORPUS, ids=lambda citation: citation.key)
@pytest.mark.parametrize("format", [bibtex, ris, csl], ids=["bibtex", "ris", "csl"])
def test_record_survives_export_and_import(format, citation):
    reading = format.read(format.write([citation]))

    assert reading.problems == []
    assert reading.citations == [citation]


@pytest.mark.parametrize("format", [bibtex, ris, csl], ids=["bibtex", "ris", "csl"])
def test_whole_corpus_survives_in_one_file(format):
    assert format.read(format.write(CORPUS)).citations == CORPUS


WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["C"], exclude_characters="\u00a0"), max_size=30
).map(one_line)


@given(WORDS)
@example("`0'")
@example("` `a' and `b'c'")
def test_any_text_survives_tex(text):
    assert from_tex(to_tex(text)) == text
    assert from_tex(protect_capitals(text)) == text


@given(WORDS.filter(bool), WORDS.map(lambda word: word.replace(",", "")))
def test_any_title_and_group_survive_all_formats(title, group):
    authors = (Author(group),) if group not in ("", "others", "et al.") else ()
    citation = Citation("k", Kind.JOURNAL, title, authors, container=title)

    for format in (bibtex, ris, csl):
        assert format.read(format.write([citation])).citations == [citation]


@given(st.text(max_size=200))
def test_no_file_makes_reading_fail(text):
    for format in (bibtex, ris, csl):
        format.read(text)
        format.read("@article{a, title = {" + text + "}, author = {" + text)
        format.read("TY  - JOUR\nTI  - " + text + "\nAU  - " + text)


PRINTED = [
    ("", Author("")),
    ("OpenAI", Author("OpenAI")),
    ("Kimi Team", Author("Kimi Team")),
    ("ATLAS Collaboration", Author("ATLAS Collaboration")),
    ("Gao Huang", Author("Huang", "Gao")),
    ("Kilian Q. Weinberger", Author("Weinberger", "Kilian Q.")),
    ("Laurens van der Maaten", Author("van der Maaten", "Laurens")),
    ("Diego de Las Casas", Author("de Las Casas", "Diego")),
    ("Martin Luther King Jr.", Author("King", "Martin Luther", "Jr.")),
    ("William Gates III", Author("Gates", "William", "III")),
    ("黄高", Author("黄", "高")),
    ("欧阳修", Author("欧阳", "修")),
    ("清华大学自动化系", Author("清华大学自动化系")),
    ("Maaten, Laurens van der", Author("Maaten", "Laurens van der")),
    ("King, Jr., Martin", Author("King", "Martin", "Jr.")),
    ("Henry Ford, Sr.", Author("Ford", "Henry", "Sr.")),
    ("Ann Smith, Ph.D.", Author("Smith", "Ann")),
    ("Ann Smith, PhD, Jr.", Author("Smith", "Ann", "Jr.")),
    ("de la Cruz, Jr., Maria", Author("de la Cruz", "Maria", "Jr.")),
    ("Al Mamun, Md", Author("Al Mamun", "Md")),
]


@pytest.mark.parametrize(("printed", "author"), PRINTED)
def test_printed_name_is_taken_apart(printed, author):
    assert author_of(printed) == author


@pytest.mark.parametrize(
    "printed", ["Laurens van der Maaten", "Martin Luther King Jr.", "黄高", "OpenAI"]
)
def test_author_prints_as_printed(printed):
    assert str(author_of(printed)) == printed


FOREIGN = r"""
@string{iclr = "Int. Conf. on " # {Learning Representations}}
Free text between entries is a comment, even with an @ in it.
@comment{ @article{hidden, title={no}} }
@InProceedings(huang18,
  Title     = "Multi-Scale {Dense} Networks for 50% less",
  AUTHOR    = {Huang, Gao and Laurens van der Maaten and {Kimi Team} and Garc{\'\i}a, Jr., Ana and others},
  booktitle = iclr # { 2018},
  month     = APR, year = 2018,
  pages     = {1--14}, eprint={1703.09844v2}, archivePrefix = {arXiv},
)
@article{broken, title = {never closed, year = 2020,
@article{scholar, title={Skip {RNN}}, journal={arXiv preprint arXiv:1708.06834}, year={2017}}
@misc{last, title={Caf\'e}, url={https://doi.org/10.1145/3698767}}
"""


def test_bibtex_of_others_is_read_and_damage_stays_local():
    reading = bibtex.read(FOREIGN)

    huang, skip_rnn, last = reading.citations
    assert huang == Citation(
        "huang18",
        Kind.CONFERENCE,
        "Multi-Scale Dense Networks for 50% less",
        (
            Author("Huang", "Gao"),
            Author("van der Maaten", "Laurens"),
            Author("Kimi Team"),
            Author("García", "Ana", "Jr."),
        ),
        and_others=True,
        year=2018,
        month=4,
        container="Int. Conf. on Learning Representations 2018",
        pages="1-14",
        arxiv="1703.09844",
    )
    assert (skip_rnn.kind, skip_rnn.arxiv) == (Kind.PREPRINT, "1708.06834")
    assert (last.title, last.doi) == ("Café", "10.1145/3698767")
    assert [problem.line for problem in reading.problems] == [12]


def test_ris_of_others_is_read():
    text = (
        "\ufeffTY  - CPAPER\r\nT1  - Title\r\nA1  - Huang, Gao\r\nY1  - 2018/04/30/\r\n"
        "JF  - Journal\r\nN2  - Abstract\r\nDO  - https://doi.org/10.1145/3698767\r\n"
        "ER  - \r\n\r\nTY  - JOUR\r\nTI  - Second, without an end\r\n"
    )

    first, second = ris.read(text).citations
    assert first == Citation(
        "",
        Kind.CONFERENCE,
        "Title",
        (Author("Huang", "Gao"),),
        year=2018,
        month=4,
        container="Journal",
        abstract="Abstract",
        doi="10.1145/3698767",
    )
    assert second.title == "Second, without an end"


def test_files_of_another_kind_are_refused_with_a_line():
    assert str(ris.read("@article{x}").problems[0]).startswith("line 1: no record")
    assert str(csl.read("[{]").problems[0]).startswith("line 1: not JSON")
    assert csl.read(json.dumps([1, {"title": 2}])).citations == []


GOES_ON = Citation(
    "k", Kind.JOURNAL, "Lamps", (Author("Quill", "Nora"),), and_others=True, note="Seen."
)


@pytest.mark.parametrize("format", [bibtex, ris, csl])
def test_a_list_that_goes_on_comes_back_as_one(format):
    assert format.read(format.write([GOES_ON])).citations == [GOES_ON]


def test_ris_has_no_author_called_et_al():
    written = ris.write([GOES_ON])

    assert re.findall("AU  - (.*)", written.replace("\r", "")) == ["Quill, Nora"]
    assert "N1  - Seen.\r\nN1  - The list of authors goes on.\r\n" in written
