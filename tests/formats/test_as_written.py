"""Bibliographies as programs and people write them: each row a kind of slip, with its right value."""

from __future__ import annotations

import pytest

from papers.formats import bibtex, ris
from papers.formats.name_lists import authors_of
from papers.formats.tex import from_tex
from tests.formats.entries import entry


def names(field: str) -> list[str]:
    return [str(author) for author in authors_of(field, from_tex)[0]]


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
        (r"See~\url{https://a.org/~erste/x}, A~Lamp", "See https://a.org/~erste/x, A Lamp"),
        (r"\path{/home/~erste} and \nolinkurl{a.org/~b}", "/home/~erste and a.org/~b"),
        ("A & B at 50%", "A & B at 50%"),
        (r"H\textsubscript{2}O per m\textsuperscript{2}", "H₂O per m²"),
        (r"\verb|lamp_net| and \verb+x^2+", "lamp_net and x^2"),
    ],
)  # fmt: skip
def test_commands_keep_their_text_and_signs_become_signs(tex: str, text: str) -> None:
    assert from_tex(tex) == text


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"Lamps with $p \leq 0.05$ and $2\times$ less", "Lamps with p ≤ 0.05 and 2× less"),
        ("``Quiet'' Lamps and `soft' ones", "“Quiet” Lamps and ‘soft’ ones"),
        (r"Lamps and\protect\footnote{See x} more", "Lamps and more"),
        (r"\raisebox{-2pt}{\includegraphics[width=1em]{x.png}}LampNet", "LampNet"),
        (r"Quiet\hspace{1em}Lamps\vspace*{2pt}", "Quiet Lamps"),
        (r"\textalpha-Lamps", "α-Lamps"),
        (r"\textls[50]{Quiet} \scalebox{0.9}{Lamps}", "Quiet Lamps"),
    ],
)
def test_spaces_pictures_and_signs_of_tex(tex: str, text: str) -> None:
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
        ("Erste A., Zweite B.", ["Erste A.", "Zweite B."]),
        ("Erste A, Zweite B C, Dritte C", ["Erste A", "Zweite B C", "Dritte C"]),
        ("van Erste, Anna M.", ["Anna M. van Erste"]),
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
        ("Anna Erste und Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste y Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("José Ortega y Gasset", ["José Ortega y Gasset"]),
        ("Anna Erste/Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste • Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste*, Bo Zweite*, Carl Dritte†", ["Anna Erste", "Bo Zweite", "Carl Dritte"]),
        ("Anna Erste^1, Bo Zweite^2", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste1, Bo Zweite2", ["Anna Erste", "Bo Zweite"]),
        (r"Anna Erste$^{1}$ and Bo Zweite$^{2,\dagger}$", ["Anna Erste", "Bo Zweite"]),
        ("ERSTE, Anna and ZWEITE, Bo", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste, PhD and Bo Zweite, M.D.", ["Anna Erste", "Bo Zweite"]),
        ("Dr. Anna Erste and Prof. Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste (University of X) and Bo Zweite (ETH)", ["Anna Erste", "Bo Zweite"]),
        ("Robert (Bob) Erste and Anna Zweite", ["Robert (Bob) Erste", "Anna Zweite"]),
        ("Anna Erste <anna@x.org> and Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        (r"Bo\,Zweite and C.\ Dritte", ["Bo Zweite", "C. Dritte"]),
        ("Erste, A.B. and Zweite, C.-D.", ["A. B. Erste", "C.-D. Zweite"]),
        ("family=Erste, given=Anna, given-i=A", ["Anna Erste"]),
        ("王小明，李华，等", ["王小明", "李华"]),
        ("王 小明 and 李 华", ["王小明", "李华"]),
        ("山田 太郎 and 鈴木 花子", ["山田太郎", "鈴木花子"]),
        ("김철수, 이영희", ["김철수", "이영희"]),
        ("Wang, Xiaoming (王小明) and Li, Hua", ["Xiaoming Wang", "Hua Li"]),
        ("Rahman, Md and Al Mamun, Md", ["Md Rahman", "Md Al Mamun"]),
        ("Hossain, Md. and Rahman, Md Mizanur", ["Md. Hossain", "Md Mizanur Rahman"]),
        ("Mu\u0308ller, Ju\u0308rgen", ["J\xfcrgen M\xfcller"]),
        ("Rahman, MD and Zweite, Bo, Ph.D.", ["Rahman", "Bo Zweite"]),
        ("Anna Erste, Bo Zweite, and others", ["Anna Erste", "Bo Zweite"]),
        ("Erste, Anna, and others", ["Anna Erste"]),
        ("王小明 李华 张三", ["王小明", "李华", "张三"]),
        ("Li Wei，Bo Zweite", ["Li Wei", "Bo Zweite"]),
        ("Li Wei、Bo Zweite、王小明", ["Li Wei", "Bo Zweite", "王小明"]),
        ("Erste，Anna；Zweite，Bo", ["Anna Erste", "Bo Zweite"]),
    ],
)
def test_lists_of_authors_in_all_their_forms(field: str, persons: list[str]) -> None:
    assert names(field) == persons


@pytest.mark.parametrize(
    "end",
    [" and others", " and et al.", " et al.", " AND ET AL", " and 等", " and others.", ", et al.",
     " and 10 others"],
)  # fmt: skip
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
        ("year={２０１９}", 2019),
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
        "TY  - JOUR\nTI  - Quiet Lamps\nAU  - Erste, Anna\nDP  - 2021 Mar 1\nER  - \n",
    ],
)
def test_ris_that_is_a_little_off(text: str) -> None:
    (citation,) = ris.read(text).citations

    assert (citation.title, citation.year) == ("Quiet Lamps", 2021)
    assert [str(author) for author in citation.authors] == ["Anna Erste"]


def test_the_name_of_a_database_is_no_date() -> None:
    (citation,) = ris.read("TY  - JOUR\nTI  - T\nDP  - Crossref 2023\nER  - \n").citations

    assert citation.year is None


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


@pytest.mark.parametrize(
    "text",
    [
        "ty  - JOUR\nti  - Quiet Lamps\nau  - Erste, Anna\npy  - 2021\nDOI  - 10.1145/3698767\ner  - \n",
        "TY  - JOUR\nST  - Quiet Lamps\nAU  - Erste, Anna\nPY  - 2021\nM3  - doi: 10.1145/3698767\nER  - \n",
        "TY  - JOUR\nTI  - Quiet Lamps\nAU  - Erste A.\nPY  - 2021\nLK  - https://doi.org/10.1145/3698767\n",
    ],
)
def test_ris_with_small_tags_short_titles_and_dois_elsewhere(text: str) -> None:
    (citation,) = ris.read(text).citations

    assert (citation.title, citation.year, citation.doi) == ("Quiet Lamps", 2021, "10.1145/3698767")


@pytest.mark.parametrize(
    "entry_text", ["@misc{title={Lamp}, year=2020}", "@misc{my key, title={Lamp}}"]
)
def test_keys_that_are_missing_or_have_spaces(entry_text: str) -> None:
    reading = bibtex.read(entry_text)

    assert ([one.title for one in reading.citations], reading.problems) == (["Lamp"], [])


@pytest.mark.parametrize("more", ["others", "et al.", "Others", "等"])
def test_a_list_of_ris_that_goes_on_names_nobody_called_others(more):
    (read,) = ris.read(
        f"TY  - JOUR\nTI  - Lamps\nAU  - Quill, Nora\nAU  - {more}\nER  - \n"
    ).citations

    assert ([str(author) for author in read.authors], read.and_others) == (["Nora Quill"], True)


def test_surnames_with_initials_are_known_in_a_list_of_ris_that_goes_on():
    (read,) = ris.read("TY  - JOUR\nTI  - Lamps\nAU  - Quill N\nAU  - et al.\nER  - \n").citations

    assert ([str(author) for author in read.authors], read.and_others) == (["N. Quill"], True)


def test_accents_written_apart_are_joined_with_tex_and_without():
    for title in ("Mu\u0308ller", "{Mu\u0308ller}"):
        (read,) = bibtex.read(f"@article{{a, title={{{title}}}, author={{{title}, B}}}}").citations

        assert (read.title, read.authors[0].family) == ("M\xfcller", "M\xfcller")


@pytest.mark.parametrize(
    ("month", "number"), [('"15~" # jun', 6), ("{3--5 June}", 6), ("{Sept.}", 9), ("{32}", None)]
)
def test_a_day_in_front_of_a_month_is_no_month(month: str, number: int | None) -> None:
    (read,) = bibtex.read(f"@article{{a, title={{Lamps}}, year=2021, month={month}}}").citations

    assert read.month == number


def test_functions_keep_the_space_behind_them():
    assert from_tex(r"$n \log n$ and $\max x$") == "n log n and max x"
