"""What is read from small papers whose every glyph we placed ourselves."""

from __future__ import annotations

import pytest

from papers.pdf.extraction import Extraction
from papers.pdf.limits import Budget, Status
from papers.pdf.understanding import understand_pdf
from tests.ingest import make_pdf
from tests.ingest.make_pdf import ABSTRACT, BODY, Pdf


def read(pdf: Pdf | bytes, budget: Budget | None = None) -> Extraction:
    data = pdf.to_bytes() if isinstance(pdf, Pdf) else pdf
    return understand_pdf(data, budget or Budget())


def names(result: Extraction) -> list[str]:
    return [author.name for author in result.authors]


def test_one_column_paper_gives_title_over_two_lines_and_authors_in_order() -> None:
    result = read(make_pdf.one_column())

    assert result.status is Status.OK
    assert result.title == "Gates That Know When to Stop: Spending Less on Easy Inputs"
    assert names(result) == ["Ada Example", "Ben van der Test", "Chen Muster"]


def test_marks_behind_names_point_to_affiliations() -> None:
    result = read(make_pdf.one_column())

    assert [author.affiliations for author in result.authors] == [
        ["University of Somewhere"],
        ["Institute of Elsewhere"],
        ["University of Somewhere"],
    ]


def test_abstract_is_the_text_under_its_heading_and_nothing_more() -> None:
    assert read(make_pdf.one_column()).abstract == ABSTRACT
    assert read(make_pdf.two_columns()).abstract == ABSTRACT


def test_sections_carry_number_level_and_page() -> None:
    result = read(make_pdf.one_column())

    assert [(s.number, s.title, s.level, s.page) for s in result.sections] == [
        ("1", "Introduction", 1, 1),
        ("2", "Method", 1, 2),
        ("2.1", "The gate", 2, 2),
        ("", "References", 1, 3),
    ]


def test_caption_is_told_from_running_text() -> None:
    captions = read(make_pdf.one_column()).captions

    assert [(c.label, c.text) for c in captions] == [
        ("Figure 1", "A gate between two blocks of a network")
    ]


def test_numbered_references_are_split_and_taken_apart() -> None:
    references = read(make_pdf.one_column()).references

    assert [(r.title, r.year) for r in references] == [
        ("Adaptive computation time for recurrent neural networks", 2016),
        ("BranchyNet: Fast inference via early exiting from deep neural networks", 2016),
        ("Multi-scale dense networks for resource efficient image classification", 2018),
        ("Dynamic neural networks: A survey", 2021),
    ]
    assert references[0].arxiv == "1603.08983"
    assert references[3].doi == "10.1109/tpami.2021.3117837"
    assert references[2].authors[4] == "L. van der Maaten"


def test_hanging_references_are_split_and_their_broken_words_joined() -> None:
    references = read(make_pdf.two_columns()).references

    assert [(r.title, r.venue) for r in references] == [
        ("What a column is", "Journal of Layout"),
        ("Where lines end", "Proceedings of Lines"),
        ("Three names", "CoRR"),
    ]


def test_left_column_is_read_before_the_right() -> None:
    text = read(make_pdf.two_columns()).text

    assert text.index("a broken word and then it stops here.") < text.index("The right column")


def test_running_heads_and_page_numbers_stay_out_of_the_text() -> None:
    result = read(make_pdf.two_columns())

    assert "Workshop on Small Tests" not in result.text
    assert "41" not in result.text
    assert result.venue == "Proceedings of the 9th Workshop on Small Tests, 2023"
    assert result.year == 2023


def test_authors_in_a_grid_are_read_row_by_row_with_what_stands_below_each() -> None:
    result = read(make_pdf.author_grid())

    assert [(a.name, a.affiliations[0], a.email) for a in result.authors] == [
        ("Ada Example", "One University", "ada@one.edu"),
        ("Ben Test", "Two Institute", "ben@two.edu"),
        ("Chen Muster", "Three Labs", "chen@three.edu"),
        ("Dora Probe", "Four College", "dora@four.edu"),
    ]


def test_identifiers_of_cited_works_are_not_taken_for_the_papers_own() -> None:
    result = read(make_pdf.author_grid())

    assert (result.doi, result.arxiv) == ("", "")


def test_own_doi_and_arxiv_stamp_are_found() -> None:
    pdf = make_pdf.one_column()
    pages = pdf.pages
    pdf.pages = pages[:1]
    pdf.text(72, 770, "https://doi.org/10.1234/Own.Paper.5", size=7)
    pdf.raw("BT /R 18 Tf 0 1 -1 0 30 250 Tm (arXiv:2302.01234v2 [cs.LG] 3 Feb 2023) Tj ET")
    pdf.pages += pages[1:]

    result = read(pdf)

    assert result.doi == "10.1234/own.paper.5"
    assert result.arxiv == "2302.01234"
    assert result.year == 2023


def test_title_in_the_metadata_raises_confidence_but_a_wrong_one_changes_nothing() -> None:
    agreeing, wrong = make_pdf.one_column(), make_pdf.one_column()
    agreeing.info["Title"] = "Gates That Know When to Stop: Spending Less on Easy Inputs"
    wrong.info["Title"] = "Template for Authors of the Conference"

    right = read(agreeing)

    assert right.confidence["title"] > read(wrong).confidence["title"]
    assert read(wrong).title == right.title


def test_ligatures_the_font_names_by_their_letters_become_letters() -> None:
    pdf = make_pdf.one_column()
    pages, pdf.pages = pdf.pages, pdf.pages[:1]
    pdf.text(90, 700, "An e\x1dective and su\x1ccient \x1bnding", size=10)
    pdf.pages += pages[1:]

    assert "An effective and sufficient finding" in read(pdf).text


def test_coverage_is_whole_when_every_glyph_is_known() -> None:
    assert read(make_pdf.one_column()).coverage == 1.0


def test_pages_without_text_but_with_a_picture_are_image_only() -> None:
    assert read(make_pdf.picture_only()).status is Status.IMAGE_ONLY


def test_password_is_asked_for_only_when_one_is_needed() -> None:
    plain = make_pdf.one_column().to_bytes()

    assert read(make_pdf.encrypted(plain, "secret")).status is Status.ENCRYPTED
    assert read(make_pdf.encrypted(plain, "")).status is Status.OK


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"<html>Log in</html>", b"PK\x03\x04" * 99])
def test_what_is_no_pdf_is_malformed(data: bytes) -> None:
    assert read(data).status is Status.MALFORMED


def test_truncated_paper_is_classified_at_every_length() -> None:
    data = make_pdf.one_column().to_bytes()

    statuses = {read(data[: len(data) * part // 20]).status for part in range(20)}

    assert statuses <= {Status.MALFORMED, Status.NOT_A_PAPER, Status.OK, Status.OK_WITH_WARNINGS}
    assert Status.MALFORMED in statuses


def test_shopping_list_is_not_a_paper() -> None:
    pdf = Pdf().page()
    pdf.lines(72, 100, ["milk", "bread", "two hundred and fifty grams of butter"] * 10)

    assert read(pdf).status is Status.NOT_A_PAPER


def test_paper_without_references_is_read_with_a_warning() -> None:
    pdf = make_pdf.one_column()
    del pdf.pages[2]

    result = read(pdf)

    assert result.status is Status.OK_WITH_WARNINGS
    assert result.warnings == ["No reference list found."]


@pytest.mark.parametrize(
    ("limits", "warning"),
    [
        ({"file_bytes": 500}, "The file is larger than 0 MiB."),
        ({"pages_listed": 2}, "The file claims to have 3 pages."),
        ({"glyphs": 1000}, "The pages hold more than 1000 characters."),
        ({"decoded_bytes": 1000}, "The file unpacks to more than 0 MiB."),
    ],
)
def test_each_limit_of_the_budget_ends_reading(limits: dict[str, int], warning: str) -> None:
    result = read(make_pdf.one_column(), Budget(**limits))

    assert result.status is Status.OVER_BUDGET
    assert result.warnings == [warning]


def test_pages_beyond_the_budget_are_left_out_and_said_so() -> None:
    result = read(make_pdf.one_column(), Budget(pages_read=2))

    assert "Only the first 2 of 3 pages were read." in result.warnings
    assert result.page_count == 3


def test_extraction_survives_the_way_through_json() -> None:
    result = read(make_pdf.one_column())

    assert Extraction.from_json(result.to_json()) == result


@pytest.mark.parametrize(
    "change", [{"title": 7}, {"authors": ["x"]}, {"unknown": 1}, {"status": "fine"}, {"year": "x"}]
)
def test_answers_of_another_shape_are_refused(change: dict[str, object]) -> None:
    plain = read(make_pdf.picture_only()).to_json() | change

    with pytest.raises((TypeError, ValueError)):
        Extraction.from_json(plain)


def test_texts_a_database_refuses_do_not_pass_from_json() -> None:
    plain = read(make_pdf.picture_only()).to_json() | {"title": "a\0b\ud800c"}

    assert Extraction.from_json(plain).title == "abc"


def test_body_is_there_once() -> None:
    text = read(make_pdf.author_grid()).text

    assert text.count(BODY[:60]) == BODY.count(BODY[:60])
