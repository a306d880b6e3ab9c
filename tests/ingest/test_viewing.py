"""What a viewer is told of a PDF: pictures, words in their places, outlines that lead in circles."""

from __future__ import annotations

import base64
import struct
import zlib

import pytest

from papers.pdf import viewing
from papers.pdf.glyphs import UnreadablePdf

BOOK = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/Outlines 7 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 600]/Contents 4 0 R"
    b"/Resources<</Font<</F 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 48>>stream\n1 0 0 rg BT /F 24 Tf 30 300 Td (Halfway down) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
    b"7 0 obj<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>endobj\n"
    b"8 0 obj<</Title(One)/Parent 7 0 R/Dest[3 0 R/Fit]/First 9 0 R/Last 9 0 R/Next 8 0 R>>endobj\n"
    b"9 0 obj<</Title(Below)/Parent 8 0 R/Next 8 0 R>>endobj\n"
    b"trailer<</Root 1 0 R/Size 10>>\n%%EOF\n"
)


def test_an_outline_is_read_with_levels_and_ends_though_it_leads_in_circles() -> None:
    told = viewing.view(BOOK, {"what": "contents"})

    assert told["page_count"] == 1
    assert told["outline"] == [
        {"level": 0, "title": "One", "page": 1},
        {"level": 1, "title": "Below", "page": 0},
    ]


def test_words_have_shares_of_the_page() -> None:
    (page,) = viewing.view(BOOK, {"what": "contents"})["pages"]

    assert (page["width"], page["height"]) == (300.0, 600.0)
    first, second = page["words"]
    assert (first[4], second[4]) == ("Halfway", "down")
    assert first[0] == pytest.approx(0.1, abs=0.01)
    assert 0.4 < first[1] < 0.5
    assert first[0] + first[2] < second[0]


def test_a_page_is_drawn_in_colour_and_no_wider_than_allowed() -> None:
    png = base64.b64decode(viewing.view(BOOK, {"what": "page", "page": 1, "width": 150})["png"])

    width, height, depth, colour = struct.unpack(">IIBB", png[16:26])
    assert (width, height, depth, colour) == (150, 300, 8, 2)
    start = png.index(b"IDAT")
    (size,) = struct.unpack(">I", png[start - 4 : start])
    pixels = zlib.decompress(png[start + 4 : start + 4 + size])
    assert len(pixels) == height * (1 + 3 * width)
    rows = [pixels[y * (1 + 3 * width) + 1 : (y + 1) * (1 + 3 * width)] for y in range(height)]
    red = [(row[x], row[x + 2]) for row in rows for x in range(0, 3 * width, 3)]
    assert any(redness > 200 > 120 > blue for redness, blue in red)
    assert not any(blue > 200 > 120 > redness for redness, blue in red)
    reds = [y for y, row in enumerate(rows) if row.count(0xFF) < 3 * width]
    assert reds
    assert 135 < min(reds) < max(reds) < 165  # the words, where they are told to be
    wide = viewing.view(BOOK, {"what": "page", "page": 1, "width": 10**6})["png"]
    assert struct.unpack(">I", base64.b64decode(wide)[16:20]) == (viewing.WIDEST,)


@pytest.mark.parametrize("page", [0, 2, -1])
def test_a_page_that_is_not_there_is_refused(page: int) -> None:
    with pytest.raises(ValueError, match="no such page"):
        viewing.view(BOOK, {"what": "page", "page": page, "width": 100})


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(UnreadablePdf):
        viewing.view(b"%PDF-1.7 nothing", {"what": "contents"})
