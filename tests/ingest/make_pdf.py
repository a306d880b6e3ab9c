"""Small PDFs for tests, written by hand so that every glyph stands where the test wants it."""

from __future__ import annotations

import io
import textwrap
import zlib
from dataclasses import dataclass, field

from pypdf import PdfReader, PdfWriter

FONTS = {"regular": b"Times-Roman", "bold": b"Times-Bold", "italic": b"Times-Italic"}
_LIGATURES = b"<</Type/Encoding/BaseEncoding/WinAnsiEncoding/Differences[27/f_i 28/f_f_i 29/f_f]>>"

_HAN_FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts["
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)"
    b"/Ordering(GB1)/Supplement 2>>/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName"
    b"/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900/Descent -200"
    b"/CapHeight 900/StemV 80>>>>]>>"
)


def width(text: str, size: float) -> float:
    """Rough width of Times text in points; enough to centre a line."""
    narrow = sum(character in "iljtfrI.,;:'()[] " for character in text)
    return size * (0.27 * narrow + 0.52 * (len(text) - narrow))


@dataclass
class Pdf:
    """Pages of placed text. y is counted from the top of a 612 by 792 point page."""

    pages: list[list[str]] = field(default_factory=list)
    info: dict[str, str] = field(default_factory=dict)

    def page(self) -> Pdf:
        """Begin a page."""
        self.pages.append([])
        return self

    def text(
        self, x: float, y: float, text: str, *, size: float = 10, font: str = "regular"
    ) -> float:
        """Place one line; returns the y of the next one."""
        if any("\u2e80" < character < "\uffff" for character in text):
            raw = text.encode("utf-16-be").hex()
            self.pages[-1].append(f"BT /H {size} Tf 1 0 0 1 {x} {792 - y} Tm <{raw}> Tj ET")
            return y + 1.2 * size
        name = {"regular": "R", "bold": "B", "italic": "I"}[font]
        raw = text.encode("cp1252", "replace").decode("latin-1")
        raw = raw.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
        self.pages[-1].append(f"BT /{name} {size} Tf 1 0 0 1 {x} {792 - y} Tm ({raw}) Tj ET")
        return y + 1.2 * size

    def centred(self, y: float, text: str, *, size: float = 10, font: str = "regular") -> float:
        """One line in the middle of the page."""
        return self.text(306 - width(text, size) / 2, y, text, size=size, font=font)

    def paragraph(
        self, x: float, y: float, text: str, *, columns: int = 90, size: float = 10
    ) -> float:
        """Lines of at most `columns` characters; returns the y of the next one."""
        for line in textwrap.wrap(text, columns, break_on_hyphens=False):
            y = self.text(x, y, line, size=size)
        return y

    def lines(self, x: float, y: float, lines: list[str], *, size: float = 10) -> float:
        """Lines exactly as given."""
        for line in lines:
            y = self.text(x, y, line, size=size)
        return y

    def raw(self, operators: str) -> None:
        """Put drawing operators on the page."""
        self.pages[-1].append(operators)

    def to_bytes(self) -> bytes:
        """The finished file."""
        objects: list[bytes] = [b"", b""]
        fonts = []
        for letter, name in zip(b"RBI", FONTS.values(), strict=True):
            body = b"<</Type/Font/Subtype/Type1/BaseFont/%s/Encoding %s>>" % (name, _LIGATURES)
            objects.append(body)
            fonts.append(b"/%c %d 0 R" % (letter, len(objects)))
        objects.append(_HAN_FONT)
        fonts.append(b"/H %d 0 R" % len(objects))
        resources = b"<</Font<<" + b"".join(fonts) + b">>>>"
        kids = []
        for operators in self.pages:
            packed = zlib.compress("\n".join(operators).encode("latin-1"))
            entries = b"<</Filter/FlateDecode/Length %d>>" % len(packed)
            objects.append(entries + b"stream\n" + packed + b"\nendstream")
            contents = len(objects)
            objects.append(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources %s>>"
                % (contents, resources)
            )
            kids.append(b"%d 0 R" % len(objects))
        objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
        objects[1] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (b" ".join(kids), len(kids))
        entries = b"".join(
            b"/%s(%s)" % (key.encode(), value.encode()) for key, value in self.info.items()
        )
        objects.append(b"<<" + entries + b">>")
        return _assemble(objects)


def _assemble(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"trailer\n<</Size %d/Root 1 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out + trailer % (len(objects) + 1, len(objects), start))


ABSTRACT = (
    "We study networks that decide for each input how much of themselves to run. A small gate "
    "looks at the features of a layer and either goes on or stops, and the price of looking is "
    "part of the loss. On three data sets the mean cost falls by half while the accuracy stays "
    "within the noise of five runs, and the gates agree with what people find easy."
)
BODY = (
    "Not every picture is equally hard. A clear view of a cup needs less work than a cup behind "
    "a curtain, and a network that spends the same on both wastes most of what it spends. "
) * 6
REFERENCES = [
    "[1] A. Graves. Adaptive computation time for recurrent neural networks. arXiv preprint "
    "arXiv:1603.08983, 2016.",
    "[2] S. Teerapittayanon, B. McDanel, and H. T. Kung. BranchyNet: Fast inference via early "
    "exiting from deep neural networks. In ICPR, pages 2464-2469, 2016.",
    "[3] G. Huang, D. Chen, T. Li, F. Wu, L. van der Maaten, and K. Weinberger. Multi-scale "
    "dense networks for resource efficient image classification. In ICLR, 2018.",
    "[4] Y. Han, G. Huang, S. Song, L. Yang, H. Wang, and Y. Wang. Dynamic neural networks: A "
    "survey. IEEE TPAMI, 2021. doi: 10.1109/TPAMI.2021.3117837.",
]


def one_column() -> Pdf:
    """A paper as most workshops print it."""
    pdf = Pdf().page()
    y = pdf.centred(90, "Gates That Know When to Stop:", size=17, font="bold")
    y = pdf.centred(y, "Spending Less on Easy Inputs", size=17, font="bold")
    pdf.text(170, y + 12, "Ada Example", size=11)
    pdf.text(228, y + 8, "1", size=7)
    pdf.text(240, y + 12, "Ben van der Test", size=11)
    pdf.text(316, y + 8, "2", size=7)
    pdf.text(328, y + 12, "Chen Muster", size=11)
    pdf.text(386, y + 8, "1", size=7)
    pdf.text(200, y + 26, "1", size=7)
    pdf.text(204, y + 30, "University of Somewhere", size=10)
    pdf.text(200, y + 40, "2", size=7)
    y = pdf.text(204, y + 44, "Institute of Elsewhere", size=10)
    y = pdf.centred(y + 20, "Abstract", size=12, font="bold")
    y = pdf.paragraph(120, y, ABSTRACT, columns=75)
    y = pdf.text(90, y + 20, "1 Introduction", size=12, font="bold")
    y = pdf.paragraph(90, y + 4, BODY, columns=88)
    y = pdf.text(90, y + 12, "Figure 1: A gate between two blocks of a network.", size=9)
    pdf.text(300, 760, "1")
    pdf.page()
    y = pdf.text(90, 90, "2 Method", size=12, font="bold")
    y = pdf.paragraph(90, y + 4, BODY, columns=88)
    y = pdf.text(90, y + 16, "2.1 The gate", size=11, font="bold")
    y = pdf.paragraph(90, y + 4, BODY, columns=88)
    pdf.text(300, 760, "2")
    pdf.page()
    y = pdf.text(90, 90, "References", size=12, font="bold")
    for entry in REFERENCES:
        lines = textwrap.wrap(entry, 80)
        y = pdf.text(90, y + 4, lines[0])
        y = pdf.lines(105, y, lines[1:])
    pdf.text(300, 760, "3")
    return pdf


def two_columns() -> Pdf:
    """A paper in two columns, with running heads, hyphens and author-year references."""
    pdf = Pdf().page()
    pdf.text(72, 40, "Proceedings of the 9th Workshop on Small Tests, 2023", size=8)
    y = pdf.centred(90, "Reading Two Columns in the Right Order", size=16, font="bold")
    y = pdf.centred(y + 10, "Dora Probe, Emil Specimen, and Fay Sample", size=11)
    pdf.centred(y, "Laboratory of Page Layout, Testing University", size=10)
    pdf.text(150, 170, "Abstract", size=11, font="bold")
    y = pdf.paragraph(72, 186, ABSTRACT, columns=46)
    y = pdf.text(72, y + 14, "1 Introduction", size=11, font="bold")
    pdf.lines(72, y + 4, ["The left column ends with a bro-", "ken word and then it stops here."])
    y = pdf.lines(330, 170, ["The right column begins at once."])
    pdf.paragraph(330, y, BODY, columns=46)
    pdf.text(300, 765, "41")
    pdf.page()
    pdf.text(72, 40, "Proceedings of the 9th Workshop on Small Tests, 2023", size=8)
    y = pdf.text(72, 90, "2 Results", size=11, font="bold")
    pdf.paragraph(72, y + 4, BODY, columns=46)
    y = pdf.text(330, 90, "References", size=11, font="bold")
    for entry in (
        ["Dora Probe and Emil Specimen. 2019. What a col-", "umn is. Journal of Layout, 3:1-9."],
        ["Fay Sample. 2021. Where lines end. In Proceed-", "ings of Lines, pages 10-19."],
        ["Gus Trial, Hal Attempt, and Ida Essay. 2022. Three", "names. CoRR, abs/2201.01234."],
    ):
        y = pdf.text(330, y + 4, entry[0])
        y = pdf.lines(341, y, entry[1:])
    pdf.text(300, 765, "42")
    return pdf


def author_grid() -> Pdf:
    """Names side by side, each above an own affiliation, in two rows."""
    pdf = Pdf().page()
    pdf.centred(90, "A Grid of Authors Without Any Marks", size=17, font="bold")
    people = [("Ada Example", "One University"), ("Ben Test", "Two Institute")]
    people += [("Chen Muster", "Three Labs"), ("Dora Probe", "Four College")]
    for place, (name, where) in enumerate(people):
        x, y = 120.0 + 220 * (place % 2), 130.0 + 60 * (place // 2)
        pdf.text(x, y, name, size=10, font="bold")
        pdf.text(x, y + 12, where, size=10)
        pdf.text(x, y + 24, name.split()[0].lower() + "@" + where.split()[0].lower() + ".edu")
    y = pdf.centred(270, "Abstract", size=12, font="bold")
    y = pdf.paragraph(140, y, ABSTRACT, columns=70)
    y = pdf.text(90, y + 16, "1 Introduction", size=12, font="bold")
    y = pdf.paragraph(90, y, BODY, columns=88)
    y = pdf.text(90, y + 16, "References", size=12, font="bold")
    for entry in REFERENCES:
        y = pdf.paragraph(90, y + 4, entry, columns=88)
    return pdf


def picture_only() -> bytes:
    """A scanned page: one picture, no text."""
    pixels = zlib.compress(bytes([200]) * 100)
    picture = (
        b"<</Type/XObject/Subtype/Image/Width 10/Height 10/BitsPerComponent 8"
        b"/ColorSpace/DeviceGray/Filter/FlateDecode/Length %d>>stream\n%s\nendstream"
        % (len(pixels), pixels)
    )
    content = b"<</Length 27>>stream\nq 600 0 0 780 6 6 cm /P Do Q\nendstream"
    page = (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</XObject<</P 5 0 R>>>>>>"
    )
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return _assemble([b"<</Type/Catalog/Pages 2 0 R>>", pages, page, content, picture, b"<<>>"])


def encrypted(data: bytes, password: str) -> bytes:
    """The same document behind a password for opening ("" for none)."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
