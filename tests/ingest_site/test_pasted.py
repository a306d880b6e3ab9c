"""What somebody pasted, taken apart."""

from __future__ import annotations

import pytest

from papers.importers.pasted import understand

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.urls("tests.ingest_site.urls"),
    pytest.mark.usefixtures("asked"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1703.09844", ["arXiv:1703.09844"]),
        (
            "1703.09844, 1603.08983v2 10.1109/x.1",
            ["arXiv:1703.09844", "arXiv:1603.08983v2", "doi:10.1109/x.1"],
        ),
        ("see https://arxiv.org/abs/1703.09844 for more", ["arXiv:1703.09844"]),
        ("Read https://openreview.net/forum?id=Hk2aImxAb now", ["openreview:Hk2aImxAb"]),
        ("https://doi.org/10.1109/TPAMI.2021.3117837", ["doi:10.1109/tpami.2021.3117837"]),
        ("N19-1423\n1703.09844\n1703.09844", ["acl:N19-1423", "arXiv:1703.09844"]),
    ],
)
def test_identifiers_are_recognised_in_what_is_pasted(text: str, found: list[str]) -> None:
    asked = understand(text)

    assert [str(one) for one in asked.identifiers] == found
    assert asked.problems == []


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("@article{x, title={Gates}, author={Example, Ada}, year=2020}", "bibtex"),
        ("TY  - JOUR\nTI  - Gates\nAU  - Example, Ada\nPY  - 2020\nER  - ", "ris"),
        (
            '[{"type":"article","title":"Gates","author":[{"given":"Ada","family":"Example"}],'
            '"issued":{"date-parts":[[2020]]}}]',
            "csl",
        ),
    ],
)
def test_bibliography_files_are_read(text: str, origin: str) -> None:
    (work,) = understand(text).candidates

    assert (work.title, work.authors, work.year, work.origin) == (
        "Gates",
        ("Ada Example",),
        2020,
        origin,
    )


def test_identifiers_above_a_bibliography_are_looked_up_as_well() -> None:
    entry = "@misc{a, title={One Work}, author={Ada Example}, year=2020}"

    asked = understand(f"% exported today\n2301.01234\n10.1234/x, 10.1234/y\n\n{entry}")

    assert [str(one) for one in asked.identifiers] == [
        "arXiv:2301.01234",
        "doi:10.1234/x",
        "doi:10.1234/y",
    ]
    assert [one.title for one in asked.candidates] == ["One Work"]


def test_printed_references_are_read_and_the_rest_is_told() -> None:
    asked = understand(
        "[1] G. Huang, T. Li, and D. Chen. Dense networks at many scales. In ICLR, 2018.\n"
        "[2] A. Graves. Adaptive computation time. 2016.\n"
        "hello there\n"
    )

    assert [work.title for work in asked.candidates] == [
        "Dense networks at many scales",
        "Adaptive computation time",
    ]
    assert len(asked.problems) == 1
    assert "hello there" in asked.problems[0]


@pytest.mark.parametrize(
    "text", ["", "   ", "@", "[", "{", "\x00\x00", "TY  - ", "@article{", "9" * 10_000]
)
def test_nonsense_is_answered_and_not_an_error(text: str) -> None:
    asked = understand(text)

    assert asked.identifiers == []


# --- the two steps ---


NAMES = ("G. Huang", "D. Chen", "T. Li")
FULL = ("Gao Huang", "Danlu Chen", "Tianhong Li")


@pytest.mark.parametrize(
    ("reference", "authors", "title"),
    [
        ("Huang, G., Chen, D., & Li, T. (2018). Lanterns that dim. In ICLR.", NAMES, ""),
        ("Huang, G., Chen, D., Li, T.: Lanterns that dim. In: ICLR (2018)", NAMES, ""),
        ("Huang, G., Chen, D. and Li, T., 2018. Lanterns that dim. In ICLR.", NAMES, ""),
        ("Huang G, Chen D, Li T. Lanterns that dim. In: ICLR; 2018.", NAMES, ""),
        ("[1] HUANG G, CHEN D, LI T, et al. Lanterns that dim[C]//ICLR. 2018.", NAMES, ""),
        (
            "Huang, Gao, Danlu Chen, and Tianhong Li. “Lanterns that dim.” In ICLR, 2018.",
            FULL,
            "",
        ),
        (
            "王小明, 李华. 会变暗的街灯[J]. 计算机学报, 2018, 44(3): 1-9.",
            ("王小明", "李华"),
            "会变暗的街灯",
        ),
    ],
)
def test_references_of_every_style_give_authors_as_they_are_read(
    reference: str, authors: tuple[str, ...], title: str
) -> None:
    (work,) = understand(reference).candidates

    assert (work.authors, work.title, work.year) == (authors, title or "Lanterns that dim", 2018)


@pytest.mark.parametrize(
    ("reference", "goes_on"),
    [
        ("[1] HUANG G, CHEN D, LI T, et al. Lanterns that dim[C]//ICLR. 2018.", True),
        ("Huang, G., Chen, D., et al. (2018). Lanterns that dim. In ICLR.", True),
        ("Gao Huang et al., “Lanterns that dim,” in ICLR, 2018.", True),
        ("王小明, 李华, 等. 会变暗的街灯[J]. 计算机学报, 2018, 44(3): 1-9.", True),
        ("Huang, G., Chen, D. (2018). Lanterns that dim, et al. In ICLR.", False),
        ("Huang, G., Chen, D. (2018). Lanterns that dim. In ICLR.", False),
    ],
)
def test_a_list_of_authors_that_goes_on_is_known_to(reference: str, goes_on: bool) -> None:
    (work,) = understand(reference).candidates

    assert work.and_others is goes_on
    assert any("goes on" in said for said in work.warnings) is goes_on


def test_wrapped_references_and_markdown_are_one_work_each() -> None:
    quoted = '[1] I. Erste, "Night routing in\n    small nets," in ICML, 2021.\n[2] O. Zweite, "Days,\nand nights," in ICLR, 2022.'
    bold = "- **Lamps of the Quiet North**, *Anna Erste, Bo Zweite*, ICLR 2018"

    assert [one.title for one in understand(quoted).candidates] == [
        "Night routing in small nets",
        "Days, and nights",
    ]
    (work,) = understand(bold).candidates
    assert (work.title, work.authors) == ("Lamps of the Quiet North", ("Anna Erste", "Bo Zweite"))


def test_a_line_broken_behind_an_abbreviation_goes_on() -> None:
    asked = understand(
        "[1] A. Erste, “Night routing in small nets,” in Proc.\nICML, 2021, pp. 1–9.\n"
        "[2] B. Zweite, “Idle gates,” 2020."
    )

    assert [(work.title, work.year) for work in asked.candidates] == [
        ("Night routing in small nets", 2021),
        ("Idle gates", 2020),
    ]
    assert asked.problems == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("%0 Journal Article\n%T Lamps\n%A Erste, Anna\n", "EndNote"),
        ("Reference Type: Journal Article\nTitle: Lamps\nAuthor: Erste, Anna\n", "EndNote"),
        ("PMID- 12345\nTI  - Lamps\nAU  - Erste A\n", "PubMed"),
        ("FN Clarivate\nVR 1.0\nPT J\nAU Erste, A\nTI Lamps\nER\n", "Web of Science"),
    ],
)
def test_formats_that_are_not_read_are_named_in_one_sentence(text: str, name: str) -> None:
    pasted = understand(text)

    (problem,) = pasted.problems
    assert name in problem
    assert pasted.candidates == []


def test_letters_that_were_read_in_another_encoding_before_are_told() -> None:
    (work,) = understand("@misc{a, title={MÃ¼ller and the StraÃŸe}, year=2019}").candidates

    assert any("looks like “Müller and the Straße”" in warning for warning in work.warnings)
