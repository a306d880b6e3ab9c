"""Bibliographies as programs and people write them: each row a kind of slip, with its right value."""

from __future__ import annotations

import json
import time
import tracemalloc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papers.formats import bibtex, csl, ris
from papers.formats.name_lists import authors_of
from papers.formats.tex import from_tex
from papers.identifiers import all_in, arxiv_ids_in, dois_in, recognise

SICI = "10.1002/(sici)1098-2736(199908)36:6<637::aid-tea4>3.0.co;2-9"


def names(field: str) -> list[str]:
    return [str(author) for author in authors_of(field, from_tex)[0]]


def entry(fields: str, kind: str = "article") -> Any:
    text = f"@{kind}{{k, title={{Night Routing}}, author={{Anna Erste}}, {fields}}}"
    (citation,) = bibtex.read(text).citations
    return citation


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"\texttt{dynet}: Leaving \mbox{Early} with p {\textless} 0.05", "dynet: Leaving Early with p < 0.05"),
        (r"\textsf{ICML} 2020", "ICML 2020"),
        (r"\textup{Up} \textmd{Mid} \textsc{Small}", "Up Mid Small"),
        (r"a {\textgreater} b \textbar{} c \textbardbl{} d", "a > b | c ‖ d"),
        (r"\LaTeX{} and \TeX{} and \BibTeX{}", "LaTeX and TeX and BibTeX"),
        (r"\pounds{}5 \S{}3 \P{} \copyright{} {\euro}7 a\slash{}b \SS{}", "£5 §3 ¶ © €7 a/b SS"),
        (r"Night Routing\footnote{Equal contribution, see {here}.}", "Night Routing"),
        (r"Erste\thanks{Now at \emph{X}.}", "Erste"),
        (r"See \href{https://x.org}{code}.", "See code."),
        (r"\textcolor{red}{hot} and \colorbox{blue}{cold}", "hot and cold"),
        (r"CO$_2$, K$^{2}$-GNN, $x_i$", "CO₂, K²-GNN, x_i"),
        (r"L$_0$-Night: Erd\H{o}s meets \emph{Routing} in $\mathcal{O}(n)$ &amp; 50\% less",
         "L₀-Night: Erdős meets Routing in 𝒪(n) & 50% less"),
        (r"\url{https://a.org/b_c}", "https://a.org/b_c"),
        ("A & B at 50%", "A & B at 50%"),
    ],
)  # fmt: skip
def test_commands_keep_their_text_and_signs_become_signs(tex: str, text: str) -> None:
    assert from_tex(tex) == text


@pytest.mark.parametrize("command", ["verb", "sqrt", "input", "include", "footnote", "colorbox",
                                     "textcolor", "href", "frac", "texttt", "ensuremath", "\\"])  # fmt: skip
def test_a_command_without_its_argument_costs_no_word(command: str) -> None:
    assert from_tex(f"Second Lamp \\{command}").startswith("Second Lamp")


def test_braces_beyond_reason_keep_what_they_hold() -> None:
    assert from_tex("{" * 5000 + "lamp" + "}" * 5000) == "lamp"


@pytest.mark.parametrize(
    ("field", "persons"),
    [
        ("Erste, Anna AND Zweite, Bo", ["Anna Erste", "Bo Zweite"]),
        ("Erste, Anna; Zweite, Bo; Wei, Li", ["Anna Erste", "Bo Zweite", "Li Wei"]),
        ("Anna Erste, Bo Zweite, Li Wei", ["Anna Erste", "Bo Zweite", "Li Wei"]),
        ("Zweite, O., and Wei, L.", ["O. Zweite", "L. Wei"]),
        ("Dritte, Carl, Jr.", ["Carl Dritte Jr."]),
        ("Dritte, Jr., Carl and Vierte, III, Dora", ["Carl Dritte Jr.", "Dora Vierte III"]),
        ("Erste, A., Zweite, B.", ["A. Erste", "B. Zweite"]),
        ("Anna Erste and and Bo Zweite and", ["Anna Erste", "Bo Zweite"]),
        ("王小明;李华;", ["王小明", "李华"]),
        ("王小明, 李华, 张三", ["王小明", "李华", "张三"]),
        ("王小明、李华 and 张三", ["王小明", "李华", "张三"]),
        ("黄, 高 and 欧阳, 修", ["黄高", "欧阳修"]),
        (r"\mbox{Li-Wei} Chen and Anna Erste", ["Li-Wei Chen", "Anna Erste"]),
        ("{The Thrift Consortium} and Erste, Anna", ["The Thrift Consortium", "Anna Erste"]),
        ("given=Anna, prefix=von, family=Erste", ["Anna von Erste"]),
        ("van der Erste, Anna", ["Anna van der Erste"]),
        ("Anna Erste, Bo Zweite and Li Wei", ["Anna Erste", "Bo Zweite", "Li Wei"]),
        (
            "Maria de la Cruz, Ludwig van Drei, and Anna Erste",
            ["Maria de la Cruz", "Ludwig van Drei", "Anna Erste"],
        ),
        ("Anna Erste & Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        (r"Erste, Anna \& Zweite, Bo", ["Anna Erste", "Bo Zweite"]),
        ("Sukarno", ["Sukarno"]),
    ],
)
def test_lists_of_authors_in_all_their_forms(field: str, persons: list[str]) -> None:
    assert names(field) == persons


@pytest.mark.parametrize("end", [" and others", " and et al.", " et al.", " AND ET AL", " and 等"])
def test_a_list_that_goes_on_makes_nobody_of_its_end(end: str) -> None:
    authors, and_others = authors_of(f"Erste, Anna{end}")

    assert [str(author) for author in authors] == ["Anna Erste"]
    assert and_others


def test_numbers_of_namesakes_are_no_part_of_the_name() -> None:
    authors, _ = authors_of("Lei Wang 0001 and Wei Liu 0005")

    assert [(str(author), author.namesake) for author in authors] == [
        ("Lei Wang", "0001"),
        ("Wei Liu", "0005"),
    ]


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={arXiv:1703.09844}",
        "eprint={1703.09844v2}, archiveprefix={arXiv}",
        "journal={CoRR}, volume={abs/1703.09844}",
        "journal={ArXiv}, volume={abs/1703.09844}",
        "journal={arXiv preprint arXiv:1703.09844}",
        "note={arXiv: 1703.09844}",
        r"url={\url{https://arxiv.org/abs/1703.09844}}",
        "ee={https://arxiv.org/abs/1703.09844}",
        "pages={arXiv:1703.09844}",
        "howpublished={arXiv:1703.09844 [cs.LG]}",
        "doi={10.48550/arXiv.1703.09844}",
    ],
)
def test_arxiv_ids_are_found_where_people_write_them(fields: str) -> None:
    assert entry(fields).arxiv == "1703.09844"


@pytest.mark.parametrize(
    ("field", "doi"),
    [
        ("10.1002/(SICI)1098-2736(199908)36:6<637::AID-TEA4>3.0.CO;2-9", SICI),
        (r"10.1002/1097-0142(1994)73:1{\textless}3::AID-CNCR28{\textgreater}3.0.CO;2-Z",
         "10.1002/1097-0142(1994)73:1<3::aid-cncr28>3.0.co;2-z"),
        ("DOI: 10.1145/3698767", "10.1145/3698767"),
        ("doi.org/10.1145/3698767", "10.1145/3698767"),
        ("https://doi.org/10.1145/3698767.", "10.1145/3698767"),
        (r"10.1145/zero\_width", "10.1145/zero_width"),
        ("10.1145/3698767, 10.1145/1111111", "10.1145/3698767"),
        ("n/a", ""),
    ],
)  # fmt: skip
def test_dois_in_all_their_forms(field: str, doi: str) -> None:
    assert entry(f"doi={{{field}}}").doi == doi


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (SICI.upper().replace("AID", "AID"), f"doi:{SICI}"),
        ("https://doi.org/10.1002/(SICI)1098-2736(199908)36:6%3C637::AID-TEA4%3E3.0.CO;2-9", f"doi:{SICI}"),
        ("10.5555/zero.width\u200b", "doi:10.5555/zero.width"),
        ("10.5555/soft\u00adhyphen/", "doi:10.5555/softhyphen"),
        ("10.5555/dagger†", "doi:10.5555/dagger"),
        ("10.5555/escaped&lt;", "doi:10.5555/escaped"),
        ("urn:doi:10.1145/3698767", "doi:10.1145/3698767"),
        ("info:doi/10.1145/3698767", "doi:10.1145/3698767"),
        ("(10.1016/0004-3702(94)90002-7)", "doi:10.1016/0004-3702(94)90002-7"),
        ("arXiv:1703.09844v2 [cs.LG] 7 Jun 2018", "arXiv:1703.09844v2"),
        ("arXiv 1703.09844", "arXiv:1703.09844"),
        ("1703.09844.", "arXiv:1703.09844"),
        ("(1703.09844)", "arXiv:1703.09844"),
        ("hep-th/1601.07616", "arXiv:1601.07616"),
        ("cs.LG/9901001", "arXiv:cs/9901001"),
        ("xxx.lanl.gov/abs/1703.09844", "arXiv:1703.09844"),
        ("https://www.semanticscholar.org/arXiv:1703.09844", "arXiv:1703.09844"),
        ("https://dblp.org/rec/journals/corr/abs-1703-09844", "arXiv:1703.09844"),
        ("https://aclanthology.org/2020.acl-main.1v2.pdf", "acl:2020.acl-main.1"),
        ("https://openreview.net/forum?id=Hk2aImxAb&noteId=x", "openreview:Hk2aImxAb"),
        ("10.1145/3698767?via=ihub", "doi:10.1145/3698767"),
        ("https://www.doi.org/10.1145/3698767#sec1", "doi:10.1145/3698767"),
        ("1703.9844", "None"),
        ("0301.12345", "None"),
        ("ResNet-50", "None"),
        ("MobileNet", "None"),
    ],
)  # fmt: skip
def test_identifiers_as_they_are_pasted(text: str, known: str) -> None:
    assert str(recognise(text)) == known


def test_every_identifier_of_a_sentence_counts() -> None:
    sentence = "Please add arXiv:1703.09844, arXiv:1603.08983 and 10.1145/3698767."
    links = '<a href="https://arxiv.org/abs/1703.09844">x</a> <a href="https://doi.org/10.1145/3698767">'

    assert [str(one) for one in all_in(sentence)] == [
        "arXiv:1703.09844", "arXiv:1603.08983", "doi:10.1145/3698767",
    ]  # fmt: skip
    assert [str(one) for one in all_in(links)] == ["arXiv:1703.09844", "doi:10.1145/3698767"]
    assert dois_in("see doi 10.1145/1111, and doi:10.1145/2222") == ["10.1145/1111", "10.1145/2222"]
    assert arxiv_ids_in("12345.678901 and 2020") == []


def test_a_child_takes_year_and_proceedings_from_its_parent() -> None:
    text = (
        "@inproceedings{kid, author={Anna Erste}, title={A Child}, crossref={par}, pages={1--8}}\n"
        "@proceedings{par, editor={Bo Zweite}, title={Proceedings of the Fourth Symposium on Thrift},"
        " booktitle={Fourth Symposium on Thrift}, year={2018}}"
    )
    reading = bibtex.read(text)

    (child,) = reading.citations
    assert (child.year, child.container) == (2018, "Fourth Symposium on Thrift")
    assert [str(author) for author in child.authors] == ["Anna Erste"]
    assert ["a volume of proceedings" in str(problem) for problem in reading.problems] == [True]


def test_shared_data_and_missing_parents() -> None:
    text = (
        "@xdata{shared, year={2021}, journal={Lamps}}\n"
        "@article{a, xdata={shared}, title={T}, author={Anna Erste}, year={2022}}\n"
        "@article{b, crossref={nowhere}, title={U}, author={Anna Erste}}"
    )
    reading = bibtex.read(text)

    assert [(one.key, one.year, one.container) for one in reading.citations] == [
        ("a", 2022, "Lamps"),
        ("b", None, ""),
    ]
    assert "refers to “nowhere”" in str(reading.problems[0])


@pytest.mark.parametrize(
    ("fields", "year"),
    [
        ("year={in press}, date={2022}", 2022),
        ("date={2021-05-03}", 2021),
        ("issue_date={May 2020}", 2020),
        ("year={2019a}", 2019),
        ("year={forthcoming}", None),
    ],
)
def test_years_from_where_they_stand(fields: str, year: int | None) -> None:
    assert entry(fields).year == year


def test_addresses_lose_their_tex() -> None:
    assert entry(r"url={https://a.org/x\_y\&f=\#g~{\~{}}z}").url == "https://a.org/x_y&f=#g~~z"
    assert entry(r"url={\url{https://a.org/x%20y}}").url == "https://a.org/x%20y"


@pytest.mark.parametrize(
    "text",
    [
        "TY  -JOUR\nTI  -Quiet Lamps\nAU  -Erste, Anna\nPY  -2021\nER  -\n",
        "TY - JOUR\nTI - Quiet Lamps\nAU - Erste, Anna\nPY - 2021\nER -\n",
        "\ufeffTY\t- JOUR\nTI\t- Quiet Lamps\nAU\t- Erste, Anna\nDA\t- 2021/03/01\n",
        "  TY  – JOUR\n  TI  – Quiet Lamps\n  AU  – Erste, Anna\n  Y1  – 2021\n",
        "TY\u00a0\u00a0- JOUR\nBT\u00a0\u00a0- Quiet Lamps\nA1\u00a0\u00a0- Erste, Anna\nYR\u00a0\u00a0- 2021\n",
    ],
)
def test_ris_that_is_a_little_off(text: str) -> None:
    (citation,) = ris.read(text).citations

    assert (citation.title, citation.year) == ("Quiet Lamps", 2021)
    assert [str(author) for author in citation.authors] == ["Anna Erste"]


@pytest.mark.parametrize(
    ("lines", "persons"),
    [
        (["Zweite, Bo; Wei, Li"], ["Bo Zweite", "Li Wei"]),
        (["Erste, Anna and Zweite, Bo"], ["Anna Erste", "Bo Zweite"]),
        (["Huang G", "Chen DL"], ["G. Huang", "D. L. Chen"]),
        (["王小明；李华"], ["王小明", "李华"]),
        (["Kimi Team"], ["Kimi Team"]),
    ],
)
def test_authors_of_ris(lines: list[str], persons: list[str]) -> None:
    text = "TY  - JOUR\nTI  - T\n" + "".join(f"AU  - {line}\n" for line in lines) + "ER  - \n"
    (citation,) = ris.read(text).citations

    assert [str(author) for author in citation.authors] == persons


def test_a_line_of_an_abstract_that_looks_like_a_tag_stays_text() -> None:
    (citation,) = ris.read("TY  - JOUR\nTI  - T\nAB  - Long\nAI - based\nER  - \n").citations

    assert citation.abstract == "Long AI - based"


ITEM = {"title": "Night Routing", "author": [{"family": "Erste", "given": "Anna", "suffix": None}]}


@pytest.mark.parametrize(
    "issued",
    [{"date-parts": [["2021-03"]]}, {"date-parts": [2021, 3]}, "2021-03-01", 2021,
     {"literal": "Spring 2021"}, {"year": 2021}, [{"date-parts": [[2021]]}],
     {"date-parts": [["2021", "3"]]}, {"raw": "c. 2021"}],
)  # fmt: skip
def test_dates_of_csl(issued: object) -> None:
    (citation,) = csl.read(json.dumps([ITEM | {"issued": issued}])).citations

    assert citation.year == 2021
    assert [str(author) for author in citation.authors] == ["Anna Erste"]


@pytest.mark.parametrize("issued", [{"date-parts": [["²"]]}, {"date-parts": [[10**30]]}, {}, None])
def test_a_date_that_is_none_is_left_out(issued: object) -> None:
    assert csl.read(json.dumps([ITEM | {"issued": issued}])).citations[0].year is None


def test_numbers_of_any_length_cost_their_item_alone() -> None:
    text = '[{"title": "A", "issued": {"date-parts": [[' + "9" * 5000 + "]]}}, " + json.dumps(ITEM)

    assert [one.title for one in csl.read(text + "]").citations] == ["A", "Night Routing"]


@pytest.mark.parametrize(
    ("author", "persons"),
    [
        ([{"name": "The Thrift Consortium"}], ["The Thrift Consortium"]),
        (["Anna Erste", "Zweite, Bo"], ["Anna Erste", "Bo Zweite"]),
        ({"family": "Erste", "given": "Anna"}, ["Anna Erste"]),
        ("Anna Erste and Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ([{"family": "Erste", "given": "Anna", "suffix": 3}], ["Anna Erste 3"]),
        ([None, 7, {}], []),
    ],
)
def test_authors_of_csl(author: object, persons: list[str]) -> None:
    (citation,) = csl.read(json.dumps([{"title": "T", "author": author}])).citations

    assert [str(one) for one in citation.authors] == persons


@pytest.mark.parametrize("wrap", [lambda x: x, lambda x: {"items": [x]}, lambda x: {"message": x},
                                  lambda x: {"message": {"items": [x]}}])  # fmt: skip
def test_answers_of_services_are_unwrapped(wrap: Any) -> None:
    item = {
        "title": ['Night <i>Routing</i> in CO<sub>2</sub> &amp; <span class="nocase">MSDNet</span>']
    }

    assert csl.read(json.dumps(wrap(item))).citations[0].title == "Night Routing in CO₂ & MSDNet"


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
