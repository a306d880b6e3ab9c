"""Review copies, covers, turned pages, titles and forms: the page around the paper varies."""

from __future__ import annotations

import pytest

from papers.pdf.extraction import Extraction
from papers.pdf.limits import Budget, Status
from papers.pdf.understanding import understand_pdf
from tests.ingest import front_pages, make_pdf
from tests.ingest.front_pages import TITLE, finish, numbered, paper, titled
from tests.ingest.make_pdf import ABSTRACT, Pdf


def read(pdf: Pdf | bytes) -> Extraction:
    data = pdf.to_bytes() if isinstance(pdf, Pdf) else pdf
    return understand_pdf(data, Budget())


def names(result: Extraction) -> list[str]:
    return [author.name for author in result.authors]


def plain_front(pdf: Pdf) -> float:
    return pdf.centred(titled(pdf), "Anna Erste, Bo Zweite", size=11)


def fields(result: Extraction) -> tuple[object, ...]:
    titles = [reference.title for reference in result.references]
    return result.title, names(result), result.abstract, titles, result.status


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("first", [0, 1, 998])
def test_line_numbers_of_a_review_copy_change_nothing(columns: int, first: int) -> None:
    plain = read(paper(plain_front, columns=columns))
    copy = read(numbered(paper(plain_front, columns=columns), right=columns == 2, first=first))

    assert fields(copy) == fields(plain)
    assert copy.text == plain.text
    assert copy.coverage == 1.0


def test_numbered_references_are_no_line_numbers() -> None:
    result = read(make_pdf.one_column())

    assert [entry.raw[:4] for entry in result.references] == ["[1] ", "[2] ", "[3] ", "[4] "]


COVERS = {
    "profiles": [
        (9, "See discussions, stats, and author profiles for this publication at: https://x.org"),
        (20, "Night Walkers of the Quiet Lattice"),
        (10, "Article in Journal of Thrift \u00b7 January 2021"),
        (9, "CITATIONS READS"), (9, "12 345"), (10, "2 authors, including:"),
        (11, "Carl Anderer"), (9, "University of Covers"), (8, "SEE PROFILE"),
        (8, "All content following this page was uploaded by Carl Anderer on 3 May 2022."),
        (8, "The user has requested enhancement of the downloaded file."),
    ],
    "downloaded": [
        (22, "Downloaded from"), (11, "https://academic.example.org/thrift by guest"),
        (10, "on 12 March 2020"),
    ],
    "repository": [
        (14, "University of Covers Research Repository"),
        (12, "Citation for published version (APA):"),
        (10, "Erste, A., & Zweite, B. (2021). Night Walkers. Journal of Thrift, 3, 1-9."),
        (12, "Document version: Accepted manuscript"), (12, "General rights"),
        (9, "Copyright and moral rights are retained by the authors."),
        (12, "Take down policy"),
    ],
    "network": [
        (20, "Night Walkers of the Quiet Lattice"),
        (11, "Electronic copy available at: https://papers.example/abstract=1234"),
    ],
    "archive": [
        (16, "Night Walkers of the Quiet Lattice"), (11, "Carl Anderer"),
        (10, "To cite this version: Carl Anderer. Night Walkers. 2020. hal-01234567"),
        (11, "HAL Id: hal-01234567"),
        (9, "HAL is a multi-disciplinary open access archive for the deposit of documents."),
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(COVERS))
@pytest.mark.parametrize("columns", [1, 2])
def test_cover_of_a_repository_is_skipped(kind: str, columns: int) -> None:
    pdf = Pdf().page()
    y = 80.0
    for size, text in COVERS[kind]:
        y = pdf.text(72, y, text, size=size) + 10
    pdf.page()

    result = read(finish(pdf, plain_front(pdf), columns=columns))

    assert (result.title, names(result)) == (TITLE, ["Anna Erste", "Bo Zweite"])
    assert result.abstract == ABSTRACT


def test_note_of_a_download_in_the_margin_makes_no_cover() -> None:
    pdf = paper(plain_front)
    pages, pdf.pages = pdf.pages, pdf.pages[:1]
    pdf.text(72, 780, "Downloaded from https://academic.example.org by guest", size=7)
    pdf.pages += pages[1:]

    assert read(pdf).title == TITLE


@pytest.mark.parametrize("columns", [1, 2])
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_pages_that_are_shown_turned_are_read_all_the_same(angle: int, columns: int) -> None:
    pdf = paper(plain_front, columns=columns)
    plain = fields(read(pdf))

    assert fields(read(front_pages.turned_page(pdf.to_bytes(), angle))) == plain


@pytest.mark.parametrize("columns", [1, 2])
def test_lying_content_that_is_shown_upright_is_read(columns: int) -> None:
    pdf = paper(plain_front, columns=columns)
    plain = fields(read(pdf))

    assert fields(read(front_pages.turned_content(pdf.to_bytes()))) == plain


def titled_by(*pieces: tuple[float, float, str, float]) -> Pdf:
    """A paper whose title is placed piece by piece: x, y, text, size."""

    def draw(pdf: Pdf) -> float:
        for x, y, text, size in pieces:
            pdf.text(x, y, text, size=size, font="bold")
        return pdf.centred(150, "Anna Erste, Bo Zweite", size=11)

    return paper(draw)


def test_raised_characters_of_a_title_stay_and_footnote_marks_go() -> None:
    squared = titled_by((150, 90, "K", 17), (163.5, 83, "2", 10), (169, 90, "-GNN: Walks", 17))
    marked = titled_by((150, 90, "Walks of the Night", 17), (302, 83, "1", 10))

    assert read(squared).title == "K\u00b2-GNN: Walks"
    assert read(marked).title == "Walks of the Night"


def test_hyphens_at_line_ends_of_a_title() -> None:
    pdf = titled_by(
        (150, 90, "Night Walkers of the Quiet Lat-", 17),
        (150, 110, "tice with Self-", 17),
        (150, 130, "Attention", 17),
    )
    pages, pdf.pages = pdf.pages, pdf.pages[:1]
    pdf.text(90, 700, "Each lattice is quiet.")
    pdf.pages += pages[1:]

    assert read(pdf).title == "Night Walkers of the Quiet Lattice with Self-Attention"


def test_letter_spaced_title_is_words() -> None:
    pieces = (80.0, 90.0, "N I G H T   W A L K E R S   A T   R E S T", 16.0)

    assert read(titled_by(pieces)).title == "NIGHT WALKERS AT REST"


def test_logo_larger_than_the_title_is_not_the_title() -> None:
    pdf = titled_by((72, 50, "ThriftLab", 28), (150, 100, TITLE, 17))

    assert read(pdf).title == TITLE


def test_title_of_one_word_stays() -> None:
    assert read(titled_by((250, 90, "Lamplight", 20))).title == "Lamplight"


def test_supplement_has_its_own_title_and_authors() -> None:
    def draw(pdf: Pdf) -> float:
        y = pdf.centred(80, "Supplementary Material for", size=16, font="bold")
        y = pdf.centred(y, TITLE, size=16, font="bold")
        return pdf.centred(y + 10, "Anna Erste, Bo Zweite", size=11)

    result = read(paper(draw))

    assert result.title == f"Supplementary Material for {TITLE}"
    assert names(result) == ["Anna Erste", "Bo Zweite"]


def test_tax_form_is_no_paper() -> None:
    pdf = Pdf().page()
    y = pdf.text(72, 60, "Return of Income and Lamp Tax", size=18, font="bold")
    y = pdf.text(72, y + 8, "Department of Revenue, Form 1234", size=9)
    y = pdf.text(72, y + 8, "Your First Name   Last Name", size=10, font="bold")
    note = "Enter the sum of all lamps that you kept burning during the year in this column. "
    for number, part in enumerate(["Filing Status", "Income", "Credits", "Payments", "Refund"], 1):
        y = pdf.text(72, y + 14, f"{number} {part}", size=12, font="bold")
        y = pdf.paragraph(72, y, note * 4)

    assert read(pdf).status is Status.NOT_A_PAPER


def chinese(*authors: str) -> Pdf:
    pdf = Pdf().page()
    y = pdf.text(150, 90, "示例网络中的夜间路由方法", size=18)
    for line in authors:
        y = pdf.text(220, y + 6, line, size=12)
    y = pdf.text(200, y + 6, "示例大学 计算机学院，北京 100000", size=9)
    y = pdf.text(
        72,
        y + 16,
        "摘 要：本文研究每个输入需要多少计算。一个小的门在每一层决定继续还是停止，",
        size=10,
    )
    for _ in range(4):
        y = pdf.text(
            72,
            y,
            "在三个数据集上平均代价减半而准确率保持不变，并且门的判断与人的判断一致。",
            size=10,
        )
    y = pdf.text(72, y + 6, "关键词：夜间路由；小型网络", size=10)
    y = pdf.text(72, y + 14, "1 引言", size=14)
    for _ in range(20):
        y = pdf.text(
            72,
            y,
            "并非每张图片都同样困难，清楚的杯子比窗帘后面的杯子需要更少的计算和更少的时间。",
            size=10,
        )
    pdf.page()
    y = pdf.text(72, 90, "参考文献", size=14)
    for entry in (
        "[1] 王小明, 李华. 小型网络中的夜间路由[J]. 示例学报, 2021, 44(3): 1-9.",
        "[2] 张三, 李四, 王五. 门控网络的节省[C]//示例会议论文集. 2019: 10-19.",
    ):
        y = pdf.text(72, y + 4, entry, size=10)
    return pdf


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("王小明 李华 欧阳修文", ["王小明", "李华", "欧阳修文"]),
        ("王小明，李华，欧阳修文", ["王小明", "李华", "欧阳修文"]),
        ("王小明1，李华2，欧阳修文1,2", ["王小明", "李华", "欧阳修文"]),
        ("王小明、李华", ["王小明", "李华"]),
        ("王小明，李 华，张 三", ["王小明", "李华", "张三"]),
    ],
)
def test_chinese_paper(line: str, expected: list[str]) -> None:
    result = read(chinese(line))

    assert result.title == "示例网络中的夜间路由方法"
    assert names(result) == expected
    assert result.abstract.startswith("本文研究每个输入需要多少计算。")
    assert "关键词" not in result.abstract
    assert [entry.title for entry in result.references] == [
        "小型网络中的夜间路由",
        "门控网络的节省",
    ]
    assert result.status in (Status.OK, Status.OK_WITH_WARNINGS)


def test_raised_marks_of_a_chinese_list_stay_with_their_names() -> None:
    def draw(pdf: Pdf) -> float:
        y = pdf.text(150, 90, "示例网络中的夜间路由方法", size=18) + 6
        for x, name, mark in ((180, "王小明", "1,2"), (260, "李四光", "2"), (340, "欧阳修文", "1")):
            pdf.text(x, y, name, size=12)
            pdf.text(x + 12 * len(name) + 1, y - 4, mark, size=8)
        return pdf.text(150, y + 18, "（1. 示例大学 计算机学院；2. 示例研究院）", size=9)

    result = read(paper(draw))

    assert (result.title, names(result)) == (
        "示例网络中的夜间路由方法",
        ["王小明", "李四光", "欧阳修文"],
    )


@pytest.mark.parametrize("heading", ["References", "5 References", "REFERENCES", "Bibliography"])
@pytest.mark.parametrize("font", ["bold", "regular"])
@pytest.mark.parametrize(
    ("y", "gap", "foot"), [(700, 30, True), (734, 40, False), (745, 30, False)]
)
def test_a_heading_at_the_very_end_of_a_page_begins_the_list(
    heading: str, font: str, y: float, gap: float, foot: bool
) -> None:
    pdf = Pdf().page()
    end = pdf.centred(plain_front(pdf) + 20, "Abstract", size=12, font="bold")
    end = pdf.paragraph(120, end, ABSTRACT, columns=75)
    pdf.text(90, end + 20, "1 Introduction", size=12, font="bold")
    pdf.text(300, 770, "1" if foot else "", size=9)
    pdf.page()
    above = pdf.paragraph(90, 90, make_pdf.BODY, columns=88)
    while above < y - gap:
        above = pdf.text(90, above, "More of the same, said once more in other words.")
    pdf.text(90, y, heading, size=12, font=font)
    pdf.text(300, 770, "2" if foot else "", size=9)
    pdf.page()
    below = 90.0
    for entry in make_pdf.REFERENCES:
        below = pdf.paragraph(90, below + 4, entry, columns=88)
    pdf.text(300, 770, "3" if foot else "", size=9)

    assert len(read(pdf).references) == len(make_pdf.REFERENCES)
