"""Long files and tables of programs come in parts that a page bears."""

from __future__ import annotations

import re

from kb.pages.reproductions import listing
from kb.pages.reproductions.listing import COLOURED, highlighted
from tests.environment import ROOT


def test_a_long_block_is_cut_and_no_line_is_lost_or_doubled() -> None:
    text = "\n".join(f"value_{number} = {number}" for number in range(500))

    parts = listing.parts(listing.blocks("long.py", text), 220)

    numbers = [number for part in parts for block in part for number, _ in block.lines]
    assert numbers == list(range(1, 501))
    assert [sum(len(block.lines) for block in part) for part in parts] == [220, 220, 60]


def test_blocks_stay_whole_where_they_can() -> None:
    text = "\n\n".join(f"def f{number}():\n    return {number}" for number in range(4))

    parts = listing.parts(listing.blocks("short.py", text), 5)

    assert [[block.name for block in part] for part in parts] == [["f0", "f1"], ["f2", "f3"]]


def test_an_empty_file_has_one_part() -> None:
    assert listing.parts([], 220) == [[]]


def test_only_what_is_drawn_in_another_way_has_a_class() -> None:
    drawn = set(re.findall(r"\.code \.(\w+)", (ROOT / "static/css/reproductions.css").read_text()))

    (line,) = highlighted("model.py", "exits = [self.exit(x) for x in range(3)]  # one < two\n")

    assert set(COLOURED.split("|")) == drawn - {"ln"}
    assert set(re.findall('class="(.*?)"', line)) <= drawn
    assert line.startswith("exits = [") and "one &lt; two" in line
