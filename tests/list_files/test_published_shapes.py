"""Awesome lists in the shapes in which people publish them: each with the entries that it holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from community.list_files.html_blocks import as_markdown
from community.list_files.markdown import read_markdown

PUBLISHED = Path(__file__).parent / "published"
ENTRIES: dict[str, list[dict[str, Any]]] = yaml.safe_load(
    (PUBLISHED / "entries.yaml").read_text("utf-8")
)


def test_every_list_has_its_entries() -> None:
    assert sorted(ENTRIES) == sorted(file.stem for file in PUBLISHED.glob("*.md"))


@pytest.mark.parametrize("name", ENTRIES)
def test_a_list_is_read_as_its_reader_sees_it(name: str) -> None:
    papers = read_markdown((PUBLISHED / f"{name}.md").read_text("utf-8")).papers

    read = [
        {"title": p.title, "authors": list(p.authors), "year": p.year, "venue": p.venue}
        for p in papers
    ]
    assert read == ENTRIES[name]


def test_entries_of_html_know_their_line_and_their_links() -> None:
    rows = "".join(
        f'<tr><td><a href="https://arxiv.org/abs/210{n}.0000{n}">Lamp {n} | a [draft]</a></td>'
        f"<td>ICLR</td><td>202{n}</td></tr>\n"
        for n in (1, 2)
    )
    text = (
        f"# List\n\n<table>\n<tr><th>Title</th><th>Venue</th><th>Year</th></tr>\n{rows}</table>\n"
    )

    papers = read_markdown(text).papers

    assert [(p.title, p.line, p.venue) for p in papers] == [
        ("Lamp 1 | a [draft]", 5, "ICLR"),
        ("Lamp 2 | a [draft]", 6, "ICLR"),
    ]
    assert [p.links[0].url for p in papers] == [
        "https://arxiv.org/abs/2101.00001",
        "https://arxiv.org/abs/2102.00002",
    ]


def test_scripts_in_html_are_no_text() -> None:
    assert as_markdown("<ul><li>A<script>alert(1)</script></li></ul>").text == "- A"


@pytest.mark.parametrize("name", ["Neural Networks", "Machine Learning", "Pattern Recognition"])
def test_the_words_of_a_journal_are_nobodys_name(name: str) -> None:
    (entry,) = read_markdown(
        f"- [Quiet Lamps for Nets](https://arxiv.org/abs/2101.00001), {name}, 2021\n"
    ).papers

    assert (entry.authors, entry.venue, entry.year) == ((), name, 2021)


def test_a_title_that_lists_things_is_no_reference() -> None:
    (entry,) = read_markdown(
        "- Early Exits, Late Exits and Night Exits. ICLR 2021 [pdf](https://arxiv.org/abs/2101.00001)\n"
    ).papers

    assert (entry.title, entry.authors) == ("Early Exits, Late Exits and Night Exits", ())


@pytest.mark.parametrize(
    "piece", ["A. B, ", "2021 ", "(", "Anna Erste, ", "《", ":a", "<li>", "<td>", "['’21 ", "- * "]
)
def test_long_lines_of_one_kind_are_read(piece: str) -> None:
    """And what stands behind them is not lost."""
    read = read_markdown(
        f"# List\n- **Lamps** {piece * 4000}\n\n<table>{piece * 2000}</table>\n\n## Later\n"
        "- **Night Routing in Depth** (ICLR 2021) [paper](https://arxiv.org/abs/2101.00001)\n"
    )

    assert read.papers[-1].title == "Night Routing in Depth"
