"""PDFs made to hurt a reader, one family after another, each reproducible from its name."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.hostile_objects import HELLO, PAGE, assemble, page_with, stream


@dataclass(frozen=True)
class HostileFile:
    """One file with the family it belongs to."""

    family: str
    name: str
    data: bytes


def filter_bombs() -> Iterator[tuple[str, bytes]]:
    """Small files that unpack to a lot."""
    zeros = zlib.compress(bytes(64 << 20), 9)
    twice = zlib.compress(zeros, 9)
    flate, double = b"/Filter/FlateDecode", b"/Filter[/FlateDecode/FlateDecode]"
    yield "one-64m", assemble(page_with(zeros, flate))
    yield "twice-packed", assemble(page_with(twice, double))
    thrice = zlib.compress(zlib.compress(zlib.compress(bytes(900 << 20), 9), 9), 9)
    yield "thrice-packed", assemble(page_with(thrice, b"/Filter[" + b"/FlateDecode" * 3 + b"]"))
    many = page_with(HELLO)
    many[3] = PAGE.replace(b"4 0 R", b"[" + b" ".join(b"%d 0 R" % n for n in range(10, 210)) + b"]")
    many |= {number: stream(zeros, flate) for number in range(10, 210)}
    yield "two-hundred-64m", assemble(many)
    spaces = zlib.compress(b" " * (200 << 20), 9)
    yield "spaces-200m", assemble(page_with(spaces, flate))
    operators = zlib.compress(b"0 0 m 1 1 l S\n" * 4_000_000, 9)
    yield "lines-56m", assemble(page_with(operators, flate))
    text = zlib.compress(b"BT /F 9 Tf (aaaaaaaaaa bbbbbbbbbb) Tj ET\n" * 1_000_000, 9)
    yield "text-22m-glyphs", assemble(page_with(text, flate))
    run = (b"\x81\x20" * 500_000) + b"\x80"
    yield "run-length", assemble(page_with(run, b"/Filter/RunLengthDecode"))
    hexes = b"/Filter[" + b"/ASCIIHexDecode" * 60 + b"]"
    yield "sixty-filters", assemble(page_with(b"20" * 100_000 + b">", hexes))
    yield (
        "packed-objects",
        assemble(page_with(HELLO, o9=stream(zeros, flate + b"/Type/ObjStm/N 1000000/First 10"))),
    )


def cross_reference_loops() -> Iterator[tuple[str, bytes]]:
    """Tables that point at themselves, each other, or nowhere."""
    plain = assemble(page_with(HELLO))
    start = int(plain.rsplit(b"startxref\n", 1)[1].split(b"\n", 1)[0])
    for name, entry in (
        ("to-self", b"/Prev %d" % start),
        ("stream-to-self", b"/XRefStm %d" % start),
        ("negative", b"/Prev -1"),
        ("beyond", b"/Prev 99999999999"),
        ("into-text", b"/Prev 20"),
    ):
        yield name, plain.replace(b"/Root 1 0 R", b"/Root 1 0 R" + entry)
    chain = bytearray(plain)
    for _ in range(3_000):
        place = len(chain)
        chain += b"xref\n0 0\ntrailer\n<</Size 6/Root 1 0 R/Prev %d>>\n" % start
        start = place
    yield "chain-of-3000", bytes(chain + b"startxref\n%d\n%%%%EOF" % start)
    yield "no-table", plain[: plain.rfind(b"xref\n0")] + b"trailer<</Root 1 0 R>>"
    yield "huge-size", plain.replace(b"/Size 6", b"/Size 2147483647")
    yield "huge-section", plain.replace(b"xref\n0 6", b"xref\n0 999999999")


def page_trees() -> Iterator[tuple[str, bytes]]:
    """Loops, depths and numbers of pages that no paper has."""
    yield "own-child", assemble(page_with(HELLO, o2=b"<</Type/Pages/Kids[2 0 R]/Count 1>>"))
    yield (
        "count-lies",
        assemble(page_with(HELLO, o2=b"<</Type/Pages/Kids[3 0 R]/Count 2147483647>>")),
    )
    yield "count-negative", assemble(page_with(HELLO, o2=b"<</Type/Pages/Kids[3 0 R]/Count -7>>"))
    million = b"<</Type/Pages/Kids[" + b"3 0 R " * 1_000_000 + b"]/Count 1000000>>"
    yield "million-pages", assemble(page_with(HELLO, o2=million))
    some = b"<</Type/Pages/Kids[" + b"3 0 R " * 4_000 + b"]/Count 4000>>"
    yield "four-thousand-pages", assemble(page_with(HELLO, o2=some))
    deep = page_with(HELLO)
    for number in range(10, 5_010):
        child = number + 1 if number < 5_009 else 3
        deep[number] = b"<</Type/Pages/Kids[%d 0 R]/Count 1/Parent %d 0 R>>" % (child, number - 1)
    deep[2] = b"<</Type/Pages/Kids[10 0 R]/Count 1>>"
    yield "five-thousand-deep", assemble(deep)
    laughing = page_with(HELLO)
    for number in range(10, 20):
        child = number + 1 if number < 19 else 3
        kids = b"%d 0 R " % child * 10
        laughing[number] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, 10 ** (20 - number))
    laughing[2] = b"<</Type/Pages/Kids[10 0 R]/Count 10000000000>>"
    yield "ten-to-the-ten", assemble(laughing)
    parents = page_with(HELLO, o2=b"<</Type/Pages/Kids[3 0 R]/Count 1/Parent 2 0 R>>")
    parents[3] = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R>>"
    yield "parent-of-itself", assemble(parents)


def outlines() -> Iterator[tuple[str, bytes]]:
    """Bookmarks without end, and metadata without measure."""
    deep = page_with(HELLO, o1=b"<</Type/Catalog/Pages 2 0 R/Outlines 10 0 R>>")
    for number in range(10, 30_010):
        deep[number] = b"<</Title(x)/First %d 0 R/Last %d 0 R/Count 1>>" % (number + 1, number + 1)
    yield "thirty-thousand-deep", assemble(deep)
    loop = page_with(HELLO, o1=b"<</Type/Catalog/Pages 2 0 R/Outlines 10 0 R>>")
    loop[10] = b"<</First 11 0 R/Last 11 0 R>>"
    loop[11] = b"<</Title(x)/Next 11 0 R/Prev 11 0 R/First 10 0 R>>"
    yield "loop", assemble(loop)
    title = b"<</Title(" + b"A" * 10_000_000 + b")>>"
    yield "ten-megabyte-title", assemble(page_with(HELLO, o9=title), b"/Info 9 0 R")
    yield "info-is-itself", assemble(page_with(HELLO, o9=b"9 0 R"), b"/Info 9 0 R")
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
    xmp = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">' + entities + b"]><x>&e11;</x>"
    changes = {
        "o1": b"<</Type/Catalog/Pages 2 0 R/Metadata 9 0 R>>",
        "o9": stream(xmp, b"/Type/Metadata/Subtype/XML"),
    }
    yield "xmp-entities", assemble(page_with(HELLO, **changes))
    for action in (b"JavaScript/JS(app.alert\\(1\\))", b"Launch/F(cmd.exe)", b"URI/URI(http://x/)"):
        root = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/%s>>>>" % action
        yield "opens-" + action.split(b"/")[0].decode(), assemble(page_with(HELLO, o1=root))


def unicode_maps() -> Iterator[tuple[str, bytes]]:
    """ToUnicode maps that grow, loop, or give characters a database refuses."""
    head, tail = b"/CIDInit /ProcSet findresource begin begincmap\n", b"\nendcmap end"
    everything = b"1 beginbfrange\n<0000> <FFFF> <0041>\nendbfrange"
    long_target = b"1 beginbfrange\n<00> <FF> <" + b"0041" * 100_000 + b">\nendbfrange"
    maps = {
        "whole-plane": everything * 200,
        "long-target": long_target,
        "million-entries": b"1000000 beginbfchar\n" + b"<48> <0041>\n" * 1_000_000 + b"endbfchar",
        "surrogates": b"1 beginbfrange\n<00> <FF> <D800>\nendbfrange",
        "nul": b"1 beginbfrange\n<00> <FF> <0000>\nendbfrange",
        "bidi": b"1 beginbfrange\n<00> <FF> <202E>\nendbfrange",
        "beyond-unicode": b"1 beginbfrange\n<00> <FF> <FFFFFFFF>\nendbfrange",
        "uses-itself": b"/Own usecmap",
        "unfinished": b"100 beginbfchar\n<48> <00",
        "backwards": b"1 beginbfrange\n<FF> <00> <0041>\nendbfrange",
    }
    content = b"BT /F 12 Tf 72 700 Td (" + b"Hello world " * 200 + b") Tj ET"
    for name, body in maps.items():
        font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 9 0 R>>"
        yield name, assemble(page_with(content, o5=font, o9=stream(head + body + tail)))


def long_pages() -> Iterator[tuple[str, bytes]]:
    """One page with far too much to do."""
    flate = b"/Filter/FlateDecode"
    million = 1_000_000
    contents = {
        "million-shows": b"BT /F 9 Tf " + b"1 0 Td (a) Tj " * million + b"ET",
        "million-in-one-array": b"BT /F 9 Tf [" + b"(a) -9 " * million + b"] TJ ET",
        "million-saves": b"q " * million + HELLO,
        "million-restores": b"Q " * million + HELLO,
        "million-rectangles": b"0 0 9 9 re f " * million,
        "one-path-of-a-million": b"0 0 m " + b"1 2 l " * million + b"S",
        "million-curves-clipped": b"0 0 m " + b"1 2 3 4 5 6 c " * (million // 2) + b"W n " + HELLO,
        "million-fonts": b"BT " + b"/F 9 Tf (a) Tj /F 8 Tf (b) Tj " * (million // 4) + b"ET",
        "million-marks": b"/P BMC " * million + HELLO,
        "unknown-operators": b"foo bar baz " * million,
        "deep-arrays": b"[" * million + b"] TJ",
        "deep-dictionaries": b"/P " + b"<</A " * 200_000 + b" BDC",
        "long-string": b"BT /F 9 Tf (" + b"a" * (4 * million) + b") Tj ET",
        "open-parentheses": b"BT /F 9 Tf " + b"(" * million,
        "inline-picture": b"BI /W 99999 /H 99999 /BPC 8 /CS /RGB ID " + b"x" * 1000 + b" EI",
        "huge-numbers": b"BT /F 99999999999999999999 Tf 1e999 -1e999 Td (a) Tj ET" * 1000,
    }
    for name, content in contents.items():
        yield name, assemble(page_with(zlib.compress(content), flate))


def nested_forms() -> Iterator[tuple[str, bytes]]:
    """Forms, patterns and fonts that contain themselves or each other many times."""
    resources = b"/Resources<</Font<</F 5 0 R>>/XObject<</X %d 0 R>>>>"
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]"
    page = PAGE.replace(b"/Resources<<", b"/Resources<</XObject<</X 10 0 R>>")
    self_made = stream(b"/X Do", form + resources % 10)
    yield "draws-itself", assemble(page_with(b"/X Do", o3=page, o10=self_made))
    for width, depth in ((10, 7), (50, 6), (2, 40)):
        objects = page_with(b"/X Do", o3=page)
        for level in range(10, 10 + depth):
            objects[level] = stream(b"/X Do " * width, form + resources % (level + 1))
        objects[10 + depth] = stream(HELLO, form + resources % 10)
        yield f"{width}-to-the-{depth}", assemble(objects)
    type3 = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 72"
        b"/LastChar 72/Widths[9]/Encoding<</Differences[72/a]>>/CharProcs<</a 9 0 R>>"
        b"/Resources<</Font<</F 5 0 R>>>>>>"
    )
    yield "glyph-in-glyph", assemble(page_with(HELLO, o5=type3, o9=stream(HELLO)))
    yield "font-is-itself", assemble(page_with(HELLO, o5=b"5 0 R"))
    descendant = (
        b"<</Type/Font/Subtype/Type0/BaseFont/X/Encoding/Identity-H/DescendantFonts[5 0 R]>>"
    )
    yield "own-descendant", assemble(page_with(HELLO, o5=descendant))
    contents = PAGE.replace(b"4 0 R", b"[" + b"4 0 R " * 100_000 + b"]")
    yield "same-content-100000-times", assemble(page_with(HELLO + b"\n", o3=contents))


def odd_objects() -> Iterator[tuple[str, bytes]]:
    """Wrong types, wrong lengths, wrong sizes, wrong passwords."""
    good = page_with(HELLO)
    for number, wrong in ((1, b"[]"), (2, b"null"), (3, b"(page)"), (4, b"7"), (5, b"[5 0 R]")):
        yield f"object-{number}-is-other", assemble(good | {number: wrong})
    for length in (b"-1", b"999999999", b"4 0 R", b"9 0 R", b"(x)"):
        body = b"<</Length %s>>stream\n%s\nendstream" % (length, HELLO)
        yield f"length-{length.decode()}", assemble(good | {4: body, 9: b"9 0 R"})
    for box in (b"0 0 0 0", b"0 0 1e30 1e30", b"9 9 1 1", b"a b c d", b"", b"0 0 -5 -5"):
        page = PAGE.replace(b"0 0 612 792", box)
        yield f"box-{box.decode().replace(' ', '-')}", assemble(good | {3: page})
    for entry in (b"/Rotate 45", b"/Rotate 1e9", b"/UserUnit 1e12", b"/Rotate(x)"):
        page = PAGE.replace(b"/Contents", entry + b"/Contents")
        yield entry.decode().strip("/").replace(" ", "-"), assemble(good | {3: page})
    for matrix in (b"0 0 0 0 0 0", b"1e20 0 0 1e20 0 0", b"1e-20 0 0 1e-20 0 0"):
        content = b"BT /F 12 Tf %s Tm (Hello) Tj ET" % matrix
        yield f"matrix-{matrix.decode().replace(' ', '-')}", assemble(page_with(content))
    key = b"/O(" + b"o" * 32 + b")/U(" + b"u" * 32 + b")/P -4"
    for version in (
        b"1/R 2",
        b"2/R 3/Length 128",
        b"5/R 6",
        b"4/R 4",
        b"9/R 99",
        b"2/R 3/Length -8",
    ):
        encrypt = b"<</Filter/Standard/V %s%s>>" % (version, key)
        name = "locked-" + version.decode().replace("/", "-").replace(" ", "")
        yield name, assemble(good | {9: encrypt}, b"/Encrypt 9 0 R/ID[(a)(a)]")


def not_pdfs() -> Iterator[tuple[str, bytes]]:
    """Things people upload by mistake, or on purpose."""
    page = assemble(page_with(HELLO))
    yield "empty", b""
    yield "one-byte", b"%"
    yield "mark-only", b"%PDF-1.7"
    yield "html", b"<!doctype html><title>Log in</title><p>Please log in to download." * 50
    yield "html-then-pdf", b"<script>alert(1)</script>" + page
    yield "mark-late", b" " * 1020 + page
    yield "mark-too-late", b" " * 5000 + page
    yield "zip", b"PK\x03\x04" + bytes(5000)
    yield "png", b"\x89PNG\r\n\x1a\n" + bytes(5000)
    yield "zeros", bytes(1 << 20)
    yield "mark-and-zeros", b"%PDF-1.7\n" + bytes(4 << 20)
    yield "mark-and-noise", b"%PDF-1.7\n" + random.Random(7).randbytes(4 << 20)
    yield "mark-and-objects", b"%PDF-1.7\n" + b"1 0 obj<<>>endobj\n" * 400_000
    yield "mark-and-streams", b"%PDF-1.7\n" + b"1 0 obj<<>>stream\n" * 400_000
    yield "seventy-megabytes", b"%PDF-1.7\n" + bytes(70 << 20)


FAMILIES: dict[str, Callable[[], Iterator[tuple[str, bytes]]]] = {
    "filter bombs": filter_bombs,
    "cross-reference loops": cross_reference_loops,
    "page trees": page_trees,
    "outlines and metadata": outlines,
    "unicode maps": unicode_maps,
    "long pages": long_pages,
    "nested forms": nested_forms,
    "odd objects": odd_objects,
    "not PDFs": not_pdfs,
}


def made_files() -> Iterator[HostileFile]:
    """Every file of every family above that needs no paper to start from."""
    for family, make in FAMILIES.items():
        for name, data in make():
            yield HostileFile(family, name, data)
