"""Whether two descriptions are of one work: a table of cases."""

from __future__ import annotations

import pytest

from papers.same_work import Work, compatible_names, same_work

LONG = "Lanterns That Dim Themselves When Nobody Walks the Street"
SHORT = "Thrifty Lanterns"


def work(text: str) -> Work:
    """From "title | authors; authors | year | scheme=value scheme=value"."""
    title, authors, year, ids = (part.strip() for part in (text + "|||").split("|")[:4])
    return Work(
        {"L": LONG, "S": SHORT}.get(title, title),
        tuple(name.strip() for name in authors.split(";") if name.strip()),
        int(year) if year else None,
        dict(word.split("=") for word in ids.split()),
    )


SAME = [
    # an identifier speaks for itself
    ("L | Ada Erste | 2019 | doi=10.1/a", "L | Ada Erste | 2019 | doi=10.1/a"),
    ("L | Ada Erste | 2019 | doi=10.1/A", "L | Ada Erste | 2019 | doi=10.1/a"),
    ("L | Ada Erste | 2019 | arxiv=1901.00001", "S | A. Erste | 2021 | arxiv=1901.00001"),
    ("L | Ada Erste | 2019 | arxiv=1901.00001", "L | | | arxiv=1901.00001"),
    ("L | Ada Erste | 2019 | acl=2019.acl-long.1", " | | | acl=2019.acl-long.1"),
    ("L | Ada Erste | 2015 | arxiv=1501.00001", "L | Ada Erste | 2021 | arxiv=1501.00001"),
    (
        "L | Ada Erste | 2019 | arxiv=1901.00001 doi=10.1/a",
        "L | Ada Erste | 2020 | arxiv=1901.00001 doi=10.2/b",
    ),
    ("Dim Lanterns | Ada Erste | 2019 | doi=10.1/a", "Dim Lanterns at Night | | | doi=10.1/a"),
    # a preprint and the paper it became
    ("L | Ada Erste; Bo Zweite | 2019 | arxiv=1901.00001", "L | A. Erste; B. Zweite | 2020"),
    ("L | Ada Erste | 2019 | arxiv=1901.00001", "L | Ada Erste | 2021 | doi=10.1/a"),
    ("L | Ada Erste | 2022 | arxiv=1901.00001", "L | Ada Erste | 2018"),
    ("S | Ada Erste | 2019", "S | A. Erste | 2020"),
    ("S | Ada Erste | 2019", "S | Ada B. Erste | 2019"),
    ("S | Ada Erste; Bo Zweite | 2019", "S | A. Erste; B. Zweite; Carl Dritte | 2019"),
    ("S | Ada Erste | 2019", "S | Ada Erste |"),
    # titles in any dress
    ("Thrifty Lanterns | Ada Erste | 2019", "THRIFTY LANTERNS. | Ada Erste | 2019"),
    ("Thrifty-Lanterns | Ada Erste | 2019", "Thrifty Lanterns | Ada Erste | 2019"),
    ("Über Köpfe | Ada Erste | 2019", "Uber Kopfe | Ada Erste | 2019"),
    ("街灯的节俭 | 王小明 | 2019", "街灯的节俭 | 王小明; 李华 | 2019"),
    # names in any order and spelling
    ("S | Gao Huang; Danlu Chen | 2018", "S | Huang, G.; Chen, D. | 2018"),
    ("S | Gao Huang; Danlu Chen | 2018", "S | Huang G; Chen D | 2018"),
    ("S | Gao Huang; Danlu Chen | 2018", "S | HUANG G; CHEN D; et al. | 2018"),
    ("S | Gao Huang | 2018", "S | Huang Gao | 2018"),
    ("S | Jian-Guo Zhang | 2018", "S | Jianguo Zhang | 2018"),
    ("S | Jian-Guo Zhang | 2018", "S | Zhang JG | 2018"),
    ("S | Laurens van der Maaten | 2018", "S | van der Maaten, L. | 2018"),
    ("S | Laurens van der Maaten | 2018", "S | Maaten, L. van der | 2018"),
    ("S | Erik Learned-Miller | 2018", "S | Erik Learned Miller | 2018"),
    ("S | Jürgen Müller | 2018", "S | Juergen Mueller | 2018"),
    ("S | Bartosz Wójcik | 2018", "S | Bartosz Wojcik | 2018"),
    ("S | Anna Erste Jr. | 2020", "S | Erste, Anna | 2020"),
    ("S | Erste, Jr., Anna | 2020", "S | Anna Erste, Jr. | 2020"),
    # a long title needs less
    ("L | Ada Erste; Bo Zweite | 2019", "L | Bo Zweite; Ada Erste | 2019"),
    ("L | Tom Erste; Bo Zweite | 2019", "L | Thomas Erste; Bo Zweite | 2019"),
    ("L | Ada Erste; Bo Zweite | 2019", "L | Ada Erste; Carl Dritte | 2019"),
    ("L | | 2019", "L | Ada Erste | 2019"),
    ("Editorial | Ada Smith | 2019", "Editorial | Ada Smith | 2019"),
    ("Lanterns 2.0 | Ada Erste | 2019", "LANTERNS 2.0 | A. Erste | 2020"),
    ("Lanterns in C++ | Ada Erste | 2019", "Lanterns in c++. | A. Erste | 2020"),
    ("Lanterns+Fog | Ada Erste | 2019", "Lanterns + Fog | A. Erste | 2020"),
]
ASK = [
    # an identifier that may be another's
    ("L | Ada Erste | 2019 | doi=10.1/a", "A Data Set of Tea | Carl Dritte | 2020 | doi=10.1/a"),
    ("L | Ada Erste | 2019 | doi=10.1/a", "A Data Set of Tea | | 2020 | doi=10.1/a"),
    (
        "L | Ada Erste | 2019 | doi=10.1/a arxiv=1901.00001",
        "Tea | Ada Erste | 2019 | doi=10.1/a arxiv=1902.00002",
    ),
    # identifiers of one scheme that differ
    ("L | Ada Erste | 2019 | doi=10.1/a", "L | Ada Erste | 2019 | doi=10.2/b"),
    ("L | Ada Erste | 2019 | arxiv=1901.00001", "L | Ada Erste | 2019 | arxiv=1901.00002"),
    ("L | Ada Erste | 2019 | openreview=abcdEFGH1", "L | Ada Erste | 2020 | openreview=abcdEFGH2"),
    ("S | Ada Erste | 2019 | doi=10.1/a", "S | A. Erste | 2020 | doi=10.2/b"),
    ("L | | 2019 | doi=10.1/a", "L | Ada Erste | 2019 | doi=10.2/b"),
    # years apart
    ("L | Ada Erste; Bo Zweite | 2018", "L | Ada Erste; Bo Zweite | 2023"),
    ("S | Ada Erste | 2018", "S | Ada Erste | 2021"),
    ("L | | 2018", "L | Ada Erste | 2023"),
    # authors who differ
    ("L | Ada Erste; Bo Zweite | 2019", "L | A. Erste; Carl Dritte | 2019"),
    ("L | Ada Erste; Bo Zweite | 2019", "L | Carl Dritte; Dora Vierte | 2019"),
    ("L | 王小明 | 2019", "L | Xiaoming Wang | 2019"),
    ("L | Ada Erste; Bo Zweite; Eva Neun | 2019", "L | Carl Dritte; Finn Elf; Eva Neun | 2019"),
    ("S | Ada Erste; Bo Zweite | 2019", "S | Bo Zweite; Ada Erste | 2019"),
    ("S | Ada Erste; Bo Zweite | 2019", "S | Ada Erste; Carl Dritte | 2019"),
    ("L | J. Lee; Bo Chen; Mi Park | 2019", "L | J. Lee; Su Kim; Ana Gomez | 2019"),
    # a sign that folding drops
    ("Lanterns in C++ and Fog | Ada Erste | 2019", "Lanterns in C and Fog | Ada Erste | 2019"),
    ("Lanterns in F# | Ada Erste | 2019", "Lanterns in F | Ada Erste | 2019"),
    ("Lanterns 2.0 | Ada Erste | 2019", "Lanterns 20 | Ada Erste | 2019"),
    ("Fog-3.5 in Lanterns | Ada Erste | 2019", "Fog-35 in Lanterns | Ada Erste | 2019"),
    # too little to say
    ("S | | 2019", "S | Ada Erste | 2019"),
    ("S | | 2019", "S | | 2019"),
    ("Editorial | Ada Smith | 2019", "Editorial | Ada Smith |"),
]
DIFFERENT = [
    (
        "Adaptive Thrift | Wang, A.; Chen, B. | 2019 | doi=10.1234/t",
        "Adaptive Thrift | Wang, C.; Huang, D. | 2024 | doi=10.9999/o",
    ),
    ("L | Finn Sechste; Hui Zhang | 2018", "L | Eva Fünfte; Min Zhang | 2023"),
    ("L | | 2024 | doi=10.9999/o", "L | Ada Erste | 2018 | doi=10.1/a"),
    ("Editorial | Ada Smith | 2019", "Editorial | Ada Smith | 2021"),
    ("Editorial | Ada Smith | 2021", "Editorial | Ada Smith | 2023"),
    ("Guest Editorial | Ada Smith | 2021", "Guest editorial | Ada Smith | 2022"),
    (
        "Guest Editors' Introduction | Ada Smith | 2019",
        "Guest Editors’ introduction | A. Smith | 2020",
    ),
    (
        "Introduction to the Special Issue | Ada Smith | 2019",
        "Introduction to the special issue | Ada Smith | 2020",
    ),
    ("Preface | Ada Smith | 2019", "Preface | Ada Smith | 2020"),
    (
        "Message from the Program Chairs | Ada Smith | 2019",
        "Message from the Program Chairs | Ada Smith | 2021",
    ),
    (
        "Introduction to the Special Issue on Lanterns | Ada Smith | 2019",
        "Introduction to the special issue on lanterns | Ada Smith | 2020",
    ),
    (
        "Preface to the Special Section on Lanterns of the Night | Ada Smith | 2020",
        "Preface to the Special Section on Lanterns of the Night | Ada Smith | 2021",
    ),
    ("S | Anna Erste Jr. | 2020", "S | Bo Zweite Jr. | 2024"),
    ("S | Erste, Jr., Anna | 2020", "S | Zweite, Jr., Bo | 2020"),
    ("S | Yinpeng Chen | 2019", "S | Thomas Verelst | 2020"),
    ("S | Hui Zhang | 2019", "S | Min Zhang | 2019"),
    ("S | H. Zhang | 2019", "S | M. Zhang | 2019"),
    ("L | Ada Erste | 2019 | doi=10.1/a", "L | Carl Dritte | 2019 | doi=10.2/b"),
    ("L | Ada Erste | 2019", "S | Ada Erste | 2019"),
    ("街灯的节俭综述 | 王小明 | 2019", "路灯的节俭综述 | 王小明 | 2019"),
    ("AI | Ada Erste | 2019", "AI | Ada Erste | 2019"),
    (" | Ada Erste | 2019", " | Ada Erste | 2019"),
    ("S | | 2015", "S | Ada Erste | 2019"),
]
TABLE = [
    (answer, one, other)
    for answer, rows in (("same", SAME), ("ask", ASK), ("different", DIFFERENT))
    for one, other in rows
]


@pytest.mark.parametrize(("answer", "one", "other"), TABLE)
def test_works_are_told_apart(answer: str, one: str, other: str) -> None:
    verdict = same_work(work(one), work(other))

    assert (verdict.answer, bool(verdict.reason)) == (answer, True), verdict.reason
    assert same_work(work(other), work(one)) == verdict


@pytest.mark.parametrize(
    ("one", "other", "fit"),
    [
        ("Kilian Weinberger", "Kilian Q. Weinberger", True),
        ("K. Q. Weinberger", "Kilian Weinberger", True),
        ("K. R. Weinberger", "Kilian Q. Weinberger", False),
        ("Chen DX", "Dong Xu Chen", True),
        ("Jian WU", "Jian Wu", True),
        ("Wei Li", "Li Wei", True),
        ("Wei Li", "Wen Li", False),
        ("Ada Erste III", "Ada Erste", True),
        ("Huang", "Gao Huang", True),
        ("王小明", "王大明", False),
    ],
)
def test_names_that_may_be_one_persons(one: str, other: str, fit: bool) -> None:
    assert compatible_names(one, other) is fit
    assert compatible_names(other, one) is fit
