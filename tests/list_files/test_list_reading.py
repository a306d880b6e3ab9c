"""Reading lists as people keep them: each row a shape or a trap, with what it means."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.list_files.data_yaml import read_yaml
from community.list_files.folder import is_list, read_files
from community.list_files.markdown import read_markdown
from community.list_files.shapes import Entry, Kind, ListFile

DATE_TABLE = "| **Date** | **Paper** | **Focused On** | **Notes** |\n| --- | --- | --- | --- |\n"


def only(text: str) -> Entry:
    (entry,) = read_markdown(text).papers
    return entry


def why_left(read: ListFile) -> list[str]:
    return [left.why for left in read.left]


# --- shapes ---


def test_a_table_with_year_and_venue_in_one_cell() -> None:
    entry = only(
        f"## 跳层\n{DATE_TABLE}| 2018 ECCV  |  Gates for Nets | Gating，减少20%计算 | read |\n"
    )
    assert (entry.title, entry.year, entry.venue) == ("Gates for Nets", 2018, "ECCV")
    assert (entry.focus, entry.notes, entry.section) == ("Gating，减少20%计算", "read", ("跳层",))


def test_links_that_are_glued_to_a_title() -> None:
    row = "| 2020 MICRO | Fast Nets[[paper]](https://a.org/p.pdf) [[video]](https://youtu.be/x) | PIM | |"
    entry = only(f"# L\n{DATE_TABLE}{row}\n")
    assert entry.title == "Fast Nets"
    assert [(link.kind, link.url) for link in entry.links] == [
        ("paper", "https://a.org/p.pdf"),
        ("video", "https://youtu.be/x"),
    ]


def test_a_padded_table_that_begins_with_the_year() -> None:
    entry = only(
        "|   Publication Year | Title | Main contribution | Type | Code |\n"
        "|---:|:---|:---|:---|:---|\n"
        "| 2025 | [Calm: Exits](http://arxiv.org/abs/2502.00745)   | Reuse   | Method | "
        "[:octocat:](https://github.com/a/b) |\n"
    )
    assert (entry.title, entry.year, entry.focus) == ("Calm: Exits", 2025, "Reuse Method")
    assert [link.kind for link in entry.links] == ["paper", "code"]


def test_a_table_with_abbreviation_and_materials() -> None:
    entry = only(
        "| Title | Abbreviation | Venue | Year | Materials |\n|---|---|---|---|---|\n"
        "| Dense Nets of Scales | N/A | EMDL@MobiSys | 2021 | [[PAGE](https://dl.acm.org/x)] "
        "[[PDF](https://arxiv.org/pdf/2106.05022)] |\n"
    )
    assert (entry.venue, entry.year, entry.abbreviation) == ("EMDL@MobiSys", 2021, "")
    assert [link.kind for link in entry.links] == ["paper", "paper"]


def test_a_table_under_a_year_with_empty_addresses() -> None:
    entry = only(
        "### 2019\n| Title | Venue | Type | Code |\n|:--|:--:|:--:|:--:|\n| [Paths in Nets]() | UnKnown | R | - |\n"
    )
    assert (entry.title, entry.year, entry.venue) == ("Paths in Nets", 2019, "")
    assert entry.links == ()


def test_rows_without_a_bar_at_their_beginning() -> None:
    read = read_markdown(
        "| Title | Year | Paper | Code | Keywords |\n|---|---|---|---|---|\n"
        "Growing Nets|2026|[Paper](https://arxiv.org/abs/2506.11706)||Control|\n"
        "Splitting Nets |2020| [paper](https://arxiv.org/abs/1910.03103)|[Github](https://github.com/a/b)||\n"
    )
    assert [(e.title, e.year) for e in read.papers] == [
        ("Growing Nets", 2026),
        ("Splitting Nets", 2020),
    ]
    assert [link.kind for link in read.papers[1].links] == ["paper", "code"]


def test_a_bullet_with_authors_on_its_next_line() -> None:
    entry = only(
        "* **Exits: Fast inference** (ICPR2016) [[pdf]](https://a.org/x.pdf?casa_token=6Rw) "
        "[[chainer]](https://github.com/a/b)  \nTeerapittayanon S, McDanel B, Kung HT \n"
    )
    assert (entry.title, entry.venue, entry.year) == ("Exits: Fast inference", "ICPR", 2016)
    assert entry.authors == ("Teerapittayanon S", "McDanel B", "Kung HT")
    assert [link.url for link in entry.links] == ["https://a.org/x.pdf", "https://github.com/a/b"]


@pytest.mark.parametrize(
    ("told", "venue", "year"),
    [
        ("ACL 2020.", "ACL", 2020),
        ("Preprint Feb 2021.", "Preprint", 2021),
        ("Findings of ACL 2022.", "Findings of ACL", 2022),
        ("ICML 2022 Workshop", "ICML Workshop", 2022),
    ],
)
def test_a_numbered_item_with_italic_authors(told: str, venue: str, year: int) -> None:
    entry = only(
        f"1. **Leaving Early with Exits.** {told}\n\n   *Ji Xin, Raphael Tang, and Jimmy Lin.* "
        r"\[[pdf](https://arxiv.org/abs/2004.12993)] \[[code](https://github.com/a/b) ⭐ 67 | 🐛 0 | 🌐 Python | 📅 2024-09-28]"
    )
    assert (entry.title, entry.venue, entry.year) == ("Leaving Early with Exits", venue, year)
    assert entry.authors == ("Ji Xin", "Raphael Tang", "Jimmy Lin")
    assert "⭐" not in entry.notes


def test_a_plain_title_with_full_stops_of_its_own() -> None:
    text = "1. Dynamic Networks. A Survey. TPAMI 2021.\n\n   *Canwen Xu, Julian McAuley.*\n"
    assert only(text).title == "Dynamic Networks. A Survey"
    assert only(text).authors == ("Canwen Xu", "Julian McAuley")


@pytest.mark.parametrize(
    ("prefix", "venue", "year", "notes"),
    [
        ("2015-NIPS-", "NIPS", 2015, ""),
        ("2015.12-", "", 2015, ""),
        ("2018-NIPSw-", "NIPS Workshop", 2018, ""),
        ("2020-CVPRo-", "CVPR", 2020, "oral"),
        ("2017-Proceedings of the IEEE-", "Proceedings of the IEEE", 2017, ""),
    ],
)
def test_a_prefix_of_year_and_venue(prefix: str, venue: str, year: int, notes: str) -> None:
    entry = only(f"- {prefix}[Pruning at Depth]() [[Code](https://github.com/a/b)]\n")
    assert (entry.title, entry.venue, entry.year) == ("Pruning at Depth", venue, year)
    assert entry.notes == notes


def test_a_paragraph_with_name_place_and_authors_and_a_quoted_note() -> None:
    read = read_markdown(
        "## Experts\n\nWords before.\n\n🌟 **DynGate, CUHK: Guo et al (2024)**\n"
        "[pdf](https://arxiv.org/pdf/2405.14297),\n[official code](https://github.com/a/b)\n\n"
        "> A note that cites [another](https://arxiv.org/abs/2403.07652).\n"
    )
    (entry,) = read.papers
    assert (entry.title, entry.year, entry.authors) == ("DynGate", 2024, ("Guo",))
    assert entry.and_others and entry.notes.startswith("A note that cites")
    assert [link.kind for link in entry.links] == ["paper", "code"]
    assert read.sections[0].introduction == "Words before."


# --- traps ---


def test_rows_of_the_template_are_left_and_told() -> None:
    read = read_markdown(
        f"# L\n{DATE_TABLE}| 2021 |  |  |  |\n"
        "| 5.12 | Template Paper Title [[paper]](paper link) | Your Name | Any |\n"
    )
    assert read.papers == []
    assert why_left(read) == ["a row of the template, without a paper"] * 2


def test_declared_counts_stand_beside_real_ones() -> None:
    rows = "| 2021 ISCA | Nets One |  |  |\n| 2021 ISCA | Nets Two |  |  |\n"
    (left,) = read_markdown(f"## A\n(num) 2021 = 16,\n{DATE_TABLE}{rows}").left
    assert "there are 2" in left.why
    (left,) = read_markdown(f"## A\n(num) 2021 = 2,\n{DATE_TABLE}{rows}").left
    assert "as here" in left.why


def test_two_titles_with_one_identifier_are_a_conflict_on_both() -> None:
    read = read_markdown(
        "- [Growing Tiny Networks](https://arxiv.org/abs/2201.05125) 2024\n"
        "- [Maximal Gradients for Width](https://arxiv.org/abs/2201.05125v2) 2022\n"
    )
    assert all("is also the address of" in entry.warnings[0] for entry in read.papers)


def test_one_paper_in_two_sections_is_no_conflict() -> None:
    line = "- [Growing Tiny Networks](https://arxiv.org/abs/2201.05125) 2024\n"
    read = read_markdown(f"## A\n{line}## B\n{line}")
    assert [entry.section for entry in read.papers] == [("A",), ("B",)]
    assert all(not entry.warnings for entry in read.papers)


@pytest.mark.parametrize(
    "line",
    [
        "- [AutoML info](http://automl.example.org/) and more",
        "- [Awesome-Pruning](https://github.com/he-y/Awesome-Pruning)",
        "- Alibaba: [MNN](https://github.com/alibaba/MNN)",
        "- [2018-ICML Workshop](https://openreview.net/group?id=ICML.cc/2018/ECA): Credit",
        "- Make your awesome changes and submit a request.",
        "+ **Tutel: An implementation** [[github](https://github.com/microsoft/tutel)] MSRA",
        "| **Domain** | **2014** | **2015** |\n| --- | --- | --- |\n| DL | Diannao | |",
        "- [Papers](#papers)",
    ],
)
def test_what_is_no_paper_becomes_none(line: str) -> None:
    read = read_markdown(f"# L\n\n## Tools\n{line}\n")
    assert read.papers == []
    assert read.left


@pytest.mark.parametrize(
    ("address", "tidied"),
    [
        ("https://a.org/p?casa_token=x&id=3&utm_source=y", "https://a.org/p?id=3"),
        ("https://a.org/1701.pdf%22%20%5Ct%20%22_blank", "https://a.org/1701.pdf"),
        ("nan", None),
    ],
)
def test_addresses_lose_what_was_glued_to_them(address: str, tidied: str | None) -> None:
    read = read_markdown(f"* **Deep Nets Indeed** (ICLR 2017) [[pdf]]({address})\n")
    assert [link.url for link in read.papers[0].links] == ([tidied] if tidied else [])
    assert len(read.left) == 1


def test_brackets_and_address_that_are_written_apart() -> None:
    entry = only("* **Quantised Nets of Width** (CVPR2022) [[pdf]] (https://a.org/x.pdf)\n")
    assert [link.url for link in entry.links] == ["https://a.org/x.pdf"]


def test_a_row_that_is_broken_over_two_lines() -> None:
    read = read_markdown(
        f"# L\n{DATE_TABLE}| 2021 arxiv |Suite: Enabling\nAlgebra | Mining |  |\n\n- [x](#y)\n"
    )
    assert [entry.title for entry in read.papers] == ["Suite: Enabling Algebra"]
    assert read.left[0].line == 7


def test_windows_line_ends_and_headings_without_a_space() -> None:
    entry = only(f"##早退\r\n{DATE_TABLE}| 2018 ICML | Nets |  |  |\r\n".replace("\n", "\r\n"))
    assert (entry.section, entry.title) == (("早退",), "Nets")


def test_nested_bullets_under_classification_are_topics() -> None:
    read = read_markdown("# Classification\n* 结构\n  * 深度\n    * 早退机制\n  * 宽度\n")
    assert read.classification == [(0, "结构"), (1, "深度"), (2, "早退机制"), (1, "宽度")]
    assert read.entries == []


def test_people_books_conferences_and_companies_are_what_they_are() -> None:
    read = read_markdown(
        "# Book\n* [Accelerators](https://www.morganclaypool.com/doi/10.2200/S01)\n"
        "# People & Lab\n* [Bo Qian](http://a.edu/)(钱波) Graphs, Learning\n"
        "# Conference\n* MICRO\n"
        "# Company\n* Huawei\n  * 2021 [[Ascend]](https://ieeexplore.ieee.org/document/9407221/)\n"
    )
    assert read.papers == []
    kinds = [(entry.kind, entry.title) for entry in read.entries]
    assert kinds == [
        (Kind.BOOK, "Accelerators"),
        (Kind.PERSON, "Bo Qian"),
        (Kind.VENUE, "MICRO"),
        (Kind.ORGANISATION, "Huawei"),
        (Kind.LINK, "Ascend"),
    ]
    assert read.entries[1].notes == "(钱波) Graphs, Learning"


def test_a_reading_log_has_days_and_presenters() -> None:
    entry = only(
        "## 2021 Presentation Paper List\n| **Date** | **Paper** | **Presenter** | **Notes** |\n"
        "| --- | --- | --- | --- |\n| 5.12 | Memory of Nets [[paper]](https://a.org/1.pdf) | Xin | Micro '20 |\n"
    )
    assert (entry.date, entry.presenter, entry.venue, entry.year) == ("5.12", "Xin", "Micro", 2020)


def test_comments_are_told_and_hide_what_they_hold() -> None:
    read = read_markdown("<!-- main-start -->\n<!-- - 2015-NIPS-[Hidden](x) -->\ntext\n")
    assert read.papers == []
    assert why_left(read)[:2] == ["a comment", "a comment"]


# --- data.yaml and folders ---

YAML = """
Survey:
  category: "0. Survey"
  list:
    - title: "Networks that adapt"
      abbr: "N/A"
      venue: "TPAMI"
      year: "2022"
      links:
        PDF: "https://arxiv.org/pdf/2102.04906"
    - venue: "ICLR"
Broken: 3
"""


def test_a_data_yaml() -> None:
    read = read_yaml(YAML)
    (entry,) = read.papers
    assert (entry.section, entry.title, entry.venue, entry.year) == (
        ("0. Survey", "Survey"),
        "Networks that adapt",
        "TPAMI",
        2022,
    )
    assert [left.why for left in read.left] == [
        "a work without a title",
        "a topic without a list of works",
    ]


@pytest.mark.parametrize(
    "text", ["a: [", "- 1\n- 2", "a: &x [1]\nb: *x", "", "a: !!python/name:os.system"]
)
def test_a_yaml_of_another_shape_is_told(text: str) -> None:
    read = read_yaml(text)
    assert read.entries == []
    assert read.left


def test_a_readme_beside_its_data_yaml_is_not_read_twice() -> None:
    readme = b"# Nets\n- [Networks that adapt](https://arxiv.org/pdf/2102.04906) 2022\n"
    read = read_files({"data.yaml": YAML.encode(), "README.md": readme})
    assert len(read.papers) == 1
    assert read.title == "Nets"


def test_folders_are_sections_and_their_files_are_compared() -> None:
    one = b"- [Growing Tiny Networks](https://arxiv.org/abs/2201.05125) 2024\n"
    two = b"- [Maximal Gradients for Width](https://arxiv.org/abs/2201.05125) 2022\n"
    read = read_files({"growing/README.md": one, "grow-and-prune/README.md": two})
    assert [entry.section for entry in read.papers] == [("Grow and prune",), ("Growing",)]
    assert all(entry.warnings for entry in read.papers)


@given(st.text(alphabet="#*-|[]()<>!`_ \n\t1.:&abZ9é早ÿ", max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_text_stops_the_reader(text: str) -> None:
    for entry in (*read_markdown(text).entries, *read_yaml(text).entries):
        assert entry.title.strip()


@pytest.mark.parametrize(
    "hostile",
    [
        lambda n: "\n" * n + "x",
        lambda n: " " * n + "x",
        lambda n: "|" * n + "\nx",
        lambda n: "|\n" * n,
        lambda n: "a|b\n" + "-" * n + "x",
        lambda n: " list:\n" * n,
        lambda n: "- *" * n,
    ],
)
def test_telling_lists_apart_takes_time_that_grows_with_the_text_alone(
    hostile: Callable[[int], str],
) -> None:
    """Sixteen times the text may cost a hundred times the work at most; squares would cost 256."""

    def seconds(length: int) -> float:
        before = time.process_time()
        assert not is_list(hostile(length))
        return time.process_time() - before

    assert seconds(64_000) < 100 * seconds(4_000) + 0.05
