"""Names are read from first pages as journals, workshops and repositories print them."""

from __future__ import annotations

import pytest

from tests.ingest.front_pages import TITLE, listed, names, paper, read, titled
from tests.ingest.make_pdf import Pdf


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Anna Erste, Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna-Maria d'Erste, Anna Erste", ["Anna-Maria d'Erste", "Anna Erste"]),
        ("Anna Erste, Sukarno", ["Anna Erste", "Sukarno"]),
        ("Sukarno, Anna Erste and Bo Zweite", ["Sukarno", "Anna Erste", "Bo Zweite"]),
        ("The Thrift Team, Anna Erste", ["The Thrift Team", "Anna Erste"]),
        ("Anna Erste and the Thrift Consortium", ["Anna Erste", "the Thrift Consortium"]),
        ("Erste, Anna; Zweite, Bo", ["Anna Erste", "Bo Zweite"]),
        ("Erste, Anna M.; van der Zweite, Bo; Wei, Li",
         ["Anna M. Erste", "Bo van der Zweite", "Li Wei"]),
        ("Anna Erste (University of X), Bo Zweite (Institute Y)", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste [University of X] and Bo Zweite [Institute Y]", ["Anna Erste", "Bo Zweite"]),
        ("By Anna Erste", ["Anna Erste"]),
        ("Authors: Anna Erste, Bo Zweite", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste, PhD, Bo Zweite, MD, and Carl Dritte, M.Sc.",
         ["Anna Erste", "Bo Zweite", "Carl Dritte"]),
        ("Anna Erste, Student Member, IEEE, and Bo Zweite, Fellow, IEEE",
         ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste \u00b7 Bo Zweite \u00b7 Carl Dritte",
         ["Anna Erste", "Bo Zweite", "Carl Dritte"]),
        ("Anna Erste\u00b9, Bo Zweite\u00b2 and Carl Dritte\u00b9",
         ["Anna Erste", "Bo Zweite", "Carl Dritte"]),
        ("Anna Erste1,2, Bo Zweite2,*", ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste1[0000-0002-1825-0097], Bo Zweite2[0000-0001-5109-3700]",
         ["Anna Erste", "Bo Zweite"]),
        ("A. B. Erste, C.-D. Zweite & E. O'Dritte", ["A. B. Erste", "C.-D. Zweite", "E. O'Dritte"]),
        ("Hyun-woo Erste, Bo Zweite, and Jean-luc Dritte",
         ["Hyun-woo Erste", "Bo Zweite", "Jean-luc Dritte"]),
        ("Anna Erste, Bo Zweite, on behalf of the Thrift Collaboration",
         ["Anna Erste", "Bo Zweite"]),
        ("Anna Erste Jr. and Bo Zweite III", ["Anna Erste Jr", "Bo Zweite III"]),
    ],
)  # fmt: skip
def test_lists_of_names_as_people_write_them(line: str, expected: list[str]) -> None:
    result = read(paper(listed(line)))

    assert names(result) == expected
    assert result.title == TITLE


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["Anna Erste a,b,*, Bo Zweite b"], ["Anna Erste", "Bo Zweite"]),
        (["Anna Erste, Berlin, Germany", "Bo Zweite, Utopia"], ["Anna Erste", "Bo Zweite"]),
        (
            ["ANNA ERSTE, Institute of Lamps, Utopia", "BO ZWEITE, University of X, Utopia"],
            ["ANNA ERSTE", "BO ZWEITE"],
        ),
        (["Prof. Anna Erste, Dr. Bo Zweite"], ["Anna Erste", "Bo Zweite"]),
        (["Technical Report", "Anna Erste, Bo Zweite"], ["Anna Erste", "Bo Zweite"]),
        (["Anna Erste <anna@x.org>, Bo Zweite <bo@x.org>"], ["Anna Erste", "Bo Zweite"]),
        (["Anna Erste, Bo Zweite, et al."], ["Anna Erste", "Bo Zweite"]),
        (
            ["Anna Erste, Bo Zweite,", "Carl Dritte and Dora", "Vierte"],
            ["Anna Erste", "Bo Zweite", "Carl Dritte", "Dora Vierte"],
        ),
        (
            ["Anna Erste", "Lamp University", "Bo Zweite", "Glow Labs", "Carl Dritte", "Dusk Inc."],
            ["Anna Erste", "Bo Zweite", "Carl Dritte"],
        ),
        (
            ["Anna Erste", "University of X", "anna@x.org", "Bo Zweite", "University of Y"],
            ["Anna Erste", "Bo Zweite"],
        ),
    ],
)
def test_blocks_of_several_lines(lines: list[str], expected: list[str]) -> None:
    assert names(read(paper(listed(*lines)))) == expected


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            ["Anna Erste", "Department of Testing", "University of X",
             "Bo Zweite", "Department of Lamps", "University of Y"],
            ["Anna Erste", "Bo Zweite"],
        ),
        (
            ["Anna Erste", "Department of Lamps", "University of X", "Townsville, Utopia",
             "Bo Zweite", "School of Night", "University of Y", "Newtown, Utopia",
             "Carl Dritte", "Faculty of Dusk", "University of Z", "Oldtown, Utopia"],
            ["Anna Erste", "Bo Zweite", "Carl Dritte"],
        ),
        (
            ["Anna Erste and Bo Zweite", "Department of Lamps", "University of Y",
             "Carl Dritte and Dora Vierte", "Department of Night", "University of Z"],
            ["Anna Erste", "Bo Zweite", "Carl Dritte", "Dora Vierte"],
        ),
        (
            ["Anna Erste", "Department of Lamps", "University of Y", "New Harbour",
             "Bo Zweite", "Department of Night", "University of Z"],
            ["Anna Erste", "Bo Zweite"],
        ),
        (
            ["Prof. Anna Erste", "Dept. of Lamps, University of Y", "Townsville",
             "Dr. Bo Zweite", "Dept. of Night, University of Z"],
            ["Anna Erste", "Bo Zweite"],
        ),
        (
            ["Anna Erste", "Department of Lamps", "University of Y", "Great Hall", "Dark Harbour"],
            ["Anna Erste"],
        ),
        (["Anna Erste, Bo Zweite", "New England, China"], ["Anna Erste", "Bo Zweite"]),
        (
            ["Anna Erste, Bo Zweite", "Carl Dritte, Dora Vierte"],
            ["Anna Erste", "Bo Zweite", "Carl Dritte", "Dora Vierte"],
        ),
    ],
)  # fmt: skip
def test_blocks_in_one_typeface_below_each_other(lines: list[str], expected: list[str]) -> None:
    assert names(read(paper(listed(*lines)))) == expected


def test_what_may_be_an_author_or_a_town_above_a_place_is_told() -> None:
    result = read(
        paper(listed("Anna Erste", "Department of Lamps", "University of Y", "Dora Vierte"))
    )

    assert names(result) == ["Anna Erste"]
    assert any("\u201cDora Vierte\u201d was not read" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Sun, Y., Moon, X., and Star, Z.", ["Y. Sun", "X. Moon", "Z. Star"]),
        ("Sun, Y. and Moon, X.", ["Y. Sun", "X. Moon"]),
        ("Erste, A. B., Zweite, C., & van der Dritte, D.-E.",
         ["A. B. Erste", "C. Zweite", "D.-E. van der Dritte"]),
        ("SUN, Y., LI, X., AND STAR, Z.", ["Y. SUN", "X. LI", "Z. STAR"]),
        ("Sun, Y.1, Moon, X.2, Star, Z.1,2", ["Y. Sun", "X. Moon", "Z. Star"]),
        ("Sun, Y., Moon, X., and Z. Star", ["Y. Sun", "X. Moon", "Z. Star"]),
        ("Sun, Y.", ["Y. Sun"]),
        ("Sun Y., Moon X. Q., Star Z.", ["Y. Sun", "X. Q. Moon", "Z. Star"]),
        ("Sun Y, Moon XQ, Star Z", ["Y Sun", "XQ Moon", "Z Star"]),
        ("Anna E., Bo Z.", ["Anna E", "Bo Z"]),
        ("Ärste, Ö., Åweite, Ü.-É.", ["Ö. Ärste", "Ü.-É. Åweite"]),
        ("Gao XU, Yi WU and Bo LI", ["Gao XU", "Yi WU", "Bo LI"]),
        ("Washington, D.C.", []),
    ],
)  # fmt: skip
def test_initials_behind_a_family_name_come_to_its_front(line: str, expected: list[str]) -> None:
    assert names(read(paper(listed(line)))) == expected


@pytest.mark.parametrize(
    ("line", "expected", "is_doubted"),
    [
        ("Christian Science, Anna Erste", ["Christian Science", "Anna Erste"], False),
        ("Anna France, Bo Google, Carl Dritte", ["Anna France", "Bo Google", "Carl Dritte"], False),
        ("April Version and Bo Zweite", ["April Version", "Bo Zweite"], False),
        ("Christian Science", ["Christian Science"], True),
        ("Jim Berkeley, Ann Cambridge", ["Jim Berkeley", "Ann Cambridge"], True),
        ("J. Paper and P. Page", ["J. Paper", "P. Page"], False),
        ("Anna Erste, Maria Spain", ["Anna Erste"], True),
        ("Anna Erste, Google Research", ["Anna Erste"], False),
        ("Anna Erste, South Korea", ["Anna Erste"], False),
        ("Data Science", [], True),
    ],
)
def test_names_that_look_like_places_are_read_or_doubted(
    line: str, expected: list[str], is_doubted: bool
) -> None:
    result = read(paper(listed(line)))

    assert names(result) == expected
    assert bool(result.warnings) == is_doubted


def test_one_word_alone_is_taken_for_a_name_with_a_warning() -> None:
    result = read(paper(listed("Sukarno")))

    assert names(result) == ["Sukarno"]
    assert result.confidence["authors"] < 0.5
    assert any("author" in warning for warning in result.warnings)


def test_a_group_that_signs_alone_is_taken_for_the_author_with_a_warning() -> None:
    result = read(paper(listed("Lantern Team, Glow Labs")))

    assert names(result) == ["Lantern Team"]
    assert result.warnings == ["A group was taken for the author.", "The authors may be wrong."]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("The Lamp Guild, Anna Erste", ["The Lamp Guild", "Anna Erste"]),
        ("The Lantern Alliance and Anna Erste", ["The Lantern Alliance", "Anna Erste"]),
        ("Anna Erste, Bo Zweite, The Dusk Watch", ["Anna Erste", "Bo Zweite", "The Dusk Watch"]),
        ("Anna Erste, The University of X", ["Anna Erste"]),
    ],
)
def test_a_group_of_any_name_loses_nobody_beside_it(line: str, expected: list[str]) -> None:
    assert names(read(paper(listed(line)))) == expected


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["Anna Erste, Bo Zweite, et al."], "et al"),
        (["Anna Erste, Bo Zweite et al"], "et al"),
        (["Anna Erste and Bo Zweite, and 12 others"], "and 12 others"),
        (["Anna Erste, Bo Zweite, and others"], "and others"),
        (["Anna Erste, Bo Zweite", "et al."], "et al"),
    ],
)
def test_a_list_of_authors_that_goes_on_is_told(lines: list[str], said: str) -> None:
    result = read(paper(listed(*lines)))

    assert names(result) == ["Anna Erste", "Bo Zweite"]
    assert f"The list of authors goes on: the page says \u201c{said}\u201d." in result.warnings


def test_a_whole_list_of_authors_is_not_said_to_go_on() -> None:
    result = read(paper(listed("Anna Erste, Bo Zweite", "Anna Erste et al. wrote this before")))

    assert not [warning for warning in result.warnings if "goes on" in warning]


def test_a_chinese_list_that_goes_on_is_told() -> None:
    result = read(paper(listed("张三，李四等")))

    assert names(result) == ["张三", "李四"]
    assert any("等" in warning for warning in result.warnings)


def test_family_and_given_names_that_stand_apart_are_one_name() -> None:
    def draw(pdf: Pdf) -> float:
        y = titled(pdf)
        for x, text in ((180, "山田"), (208, "太郎"), (270, "鈴木"), (298, "花子")):
            pdf.text(x, y, text, size=11)
        for x, mark in ((231, "1"), (321, "2")):
            pdf.text(x, y - 4, mark, size=7)
        return pdf.centred(y + 16, "University of Examples", size=10)

    assert names(read(paper(draw))) == ["山田太郎", "鈴木花子"]


def test_affiliation_in_brackets_belongs_to_the_name_before_it() -> None:
    result = read(paper(listed("Anna Erste (University of X), Bo Zweite (Institute Y)")))

    assert [author.affiliations for author in result.authors] == [
        ["University of X"],
        ["Institute Y"],
    ]


def test_very_long_list_of_names_is_read_to_its_end() -> None:
    people = [f"Anna Erste{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(120)]
    lines = [", ".join(people[i : i + 5]) + "," for i in range(0, 120, 5)]

    assert names(read(paper(listed(*lines)))) == people


def test_name_and_address_on_one_line() -> None:
    def draw(pdf: Pdf) -> float:
        y = titled(pdf)
        for name, mail in (("Anna Erste", "anna@x.org"), ("Bo van Zweite", "bz@research.y.com"),
                           ("Carl Dritte", "carl.dritte@z.edu")):  # fmt: skip
            pdf.text(90, y, name, size=11, font="bold")
            pdf.text(400, y, mail, size=9)
            y = pdf.text(90, y + 13, "Department of Testing", size=10, font="italic")
            y = pdf.text(90, y, "Townsville, Utopia", size=10, font="italic") + 4
        return y

    result = read(paper(draw))

    assert names(result) == ["Anna Erste", "Bo van Zweite", "Carl Dritte"]
    assert [author.email for author in result.authors][::2] == ["anna@x.org", "carl.dritte@z.edu"]


def test_more_addresses_than_names_are_told() -> None:
    result = read(paper(listed("Anna Erste", "{anna, bo, carl}@x.org")))

    assert result.confidence["authors"] < 0.5
    assert any("may be missing" in warning for warning in result.warnings)


def test_list_that_reads_cleanly_raises_no_warning() -> None:
    assert read(paper(listed("Anna Erste, Bo Zweite, and Carl Dritte"))).warnings == []
