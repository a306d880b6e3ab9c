"""Awesome lists in the shapes in which people publish them: each with the entries that it holds."""

from __future__ import annotations

import pytest

from community.list_files.html_blocks import as_markdown
from community.list_files.markdown import read_markdown

# name, file, and of each entry: title, authors, year, venue.
Wanted = tuple[str, tuple[str, ...], int, str]
LISTS: list[tuple[str, str, list[Wanted]]] = [
    (
        "bold-title-italic-venue",
        """\
# Awesome Thrift
## Early exit
- **Quiet Lamps for Small Nets** *(ICLR 2021)* - Anna Erste, Bo Zweite. [[paper]](https://arxiv.org/abs/2101.00001) [[code]](https://github.com/a/b)
- **Night Routing** *(NeurIPS 2022)* - Carl Dritte et al. [[paper]](https://arxiv.org/abs/2201.00002)
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing", ("Carl Dritte",), 2022, "NeurIPS"),
        ],
    ),
    (
        "badges",
        """\
# List
## Papers
- [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) ![Stars](https://img.shields.io/github/stars/a/b?style=social) [![arXiv](https://img.shields.io/badge/arXiv-2101.00001-b31b1b.svg)](https://arxiv.org/abs/2101.00001) (ICML 2021)
- [Night Routing in Depth](https://openreview.net/forum?id=abcDEF123) ![](https://img.shields.io/badge/NeurIPS-2022-blue) 
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICML"),
            ("Night Routing in Depth", (), 2022, "NeurIPS"),
        ],
    ),
    (
        "badge-code-after",
        """\
## Papers
* Quiet Lamps for Small Nets, CVPR 2020. [![Paper](https://img.shields.io/badge/Paper-PDF-red)](https://arxiv.org/pdf/2001.00001.pdf) [![Code](https://img.shields.io/badge/Code-PyTorch-green)](https://github.com/a/lamps)
* Night Routing in Depth, ECCV 2022. [![Paper](https://img.shields.io/badge/Paper-PDF-red)](https://arxiv.org/pdf/2201.00002.pdf)
""",
        [
            ("Quiet Lamps for Small Nets", (), 2020, "CVPR"),
            ("Night Routing in Depth", (), 2022, "ECCV"),
        ],
    ),
    (
        "html-details",
        """\
# List
<details>
<summary><b>2021</b></summary>

- [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001), Anna Erste, Bo Zweite, ICLR 2021
- [Night Routing in Depth](https://arxiv.org/abs/2101.00002), Carl Dritte, Dora Vierte, ICML 2021

</details>
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("Carl Dritte", "Dora Vierte"), 2021, "ICML"),
        ],
    ),
    (
        "html-anchors",
        """\
# List
<h2 id="exit">Early exit</h2>
<ul>
<li><a href="https://arxiv.org/abs/2101.00001">Quiet Lamps for Small Nets</a> (ICLR 2021)</li>
<li><a href="https://arxiv.org/abs/2201.00002">Night Routing in Depth</a> (ICML 2022)</li>
</ul>
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "html-table",
        """\
# List
<table>
<tr><th>Title</th><th>Venue</th><th>Year</th><th>Code</th></tr>
<tr><td><a href="https://arxiv.org/abs/2101.00001">Quiet Lamps for Small Nets</a></td><td>ICLR</td><td>2021</td><td><a href="https://github.com/a/b">code</a></td></tr>
<tr><td>Night Routing in Depth</td><td>ICML</td><td>2022</td><td>-</td></tr>
</table>
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "footnotes",
        """\
# List
## Papers
- Quiet Lamps for Small Nets[^1]. Anna Erste, Bo Zweite. ICLR 2021.
- Night Routing in Depth[^2]. Carl Dritte. ICML 2022.

[^1]: https://arxiv.org/abs/2101.00001
[^2]: https://arxiv.org/abs/2201.00002
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("Carl Dritte",), 2022, "ICML"),
        ],
    ),
    (
        "reference-links",
        """\
# List
## Papers
- [Quiet Lamps for Small Nets][lamps], ICLR 2021
- [Night Routing in Depth][], ICML 2022

[lamps]: https://arxiv.org/abs/2101.00001
[Night Routing in Depth]: https://arxiv.org/abs/2201.00002 "a title"
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "emoji",
        """\
# 🔥 List
## 📄 Papers
- 🌟 [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) — ICLR'21 🏆 Best Paper
- :fire: [Night Routing in Depth](https://arxiv.org/abs/2201.00002) — NeurIPS'22 :star:
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "NeurIPS"),
        ],
    ),
    (
        "full-width",
        """\
# 动态网络论文列表
## 早退
- **Quiet Lamps for Small Nets**（ICLR 2021）：Anna Erste，Bo Zweite。［[论文](https://arxiv.org/abs/2101.00001)］
- **Night Routing in Depth**（ICML 2022）：Carl Dritte，Dora Vierte。［[论文](https://arxiv.org/abs/2201.00002)］［[代码](https://github.com/a/b)］
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("Carl Dritte", "Dora Vierte"), 2022, "ICML"),
        ],
    ),
    (
        "chinese-titles",
        """\
# 列表
## 综述
- 《动态神经网络综述》，王小明，李华，计算机学报，2021
- 《夜间路由方法》，张三，自动化学报，2022
""",
        [
            ("动态神经网络综述", ("王小明", "李华"), 2021, "计算机学报"),
            ("夜间路由方法", ("张三",), 2022, "自动化学报"),
        ],
    ),
    (
        "venue-prefix-brackets",
        """\
# List
## Papers
- [ICLR 2021] Quiet Lamps for Small Nets [[Paper]](https://arxiv.org/abs/2101.00001)
- [NeurIPS 2022] [Night Routing in Depth](https://arxiv.org/abs/2201.00002)
- [arXiv 2023.05] [Lamps at Noon](https://arxiv.org/abs/2305.00003)
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "NeurIPS"),
            ("Lamps at Noon", (), 2023, "arXiv"),
        ],
    ),
    (
        "venue-prefix-paren",
        """\
# List
## Papers
- (ICLR2021) [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001)
- (NeurIPS'22, oral) [Night Routing in Depth](https://arxiv.org/abs/2201.00002)
- `CVPR 2023` [Lamps at Noon](https://arxiv.org/abs/2305.00003)
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "NeurIPS"),
            ("Lamps at Noon", (), 2023, "CVPR"),
        ],
    ),
    (
        "heading-year",
        """\
# List
## 2021
- [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) (ICLR)
- [Night Routing in Depth](https://arxiv.org/abs/2101.00002) (ICML, oral)
## 2022
- [Lamps at Noon](https://arxiv.org/abs/2205.00003)
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2021, "ICML"),
            ("Lamps at Noon", (), 2022, ""),
        ],
    ),
    (
        "table-basic",
        """\
# List
| Year | Venue | Title | Code |
|:---:|:---:|---|---|
| 2021 | ICLR | [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) | [link](https://github.com/a/b) |
| 2022 | ICML | **[Night Routing in Depth](https://arxiv.org/abs/2201.00002)** | ✗ |
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "table-pub-authors",
        """\
# List
| Paper | Authors | Published in | Links |
|---|---|---|---|
| Quiet Lamps for Small Nets | Anna Erste, Bo Zweite | ICLR 2021 | [pdf](https://arxiv.org/pdf/2101.00001) |
| Night Routing in Depth | C. Dritte et al. | arXiv, Jan 2022 | [pdf](https://arxiv.org/pdf/2201.00002) |
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("C. Dritte",), 2022, "arXiv"),
        ],
    ),
    (
        "table-chinese",
        """\
# 列表
| 论文 | 会议/期刊 | 年份 | 代码 | 一句话总结 |
|---|---|---|---|---|
| [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) | ICLR | 2021 | [代码](https://github.com/a/b) | 小网络 |
| [Night Routing in Depth](https://arxiv.org/abs/2201.00002) | ICML（口头报告） | 2022 | 无 | 夜间 |
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "code-block",
        """\
# List
To add a paper:
```
- [Title](link) (Venue Year)
```
    - [Example paper title](https://arxiv.org/abs/0000.00000)

## Papers
- [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) (ICLR 2021)
""",
        [("Quiet Lamps for Small Nets", (), 2021, "ICLR")],
    ),
    (
        "numbered-quotes",
        """\
# List
1. A. Erste and B. Zweite, "Quiet Lamps for Small Nets," ICLR, 2021. [PDF](https://arxiv.org/pdf/2101.00001.pdf)
2. C. Dritte, "Night Routing in Depth," in Proc. ICML, 2022. [PDF](https://arxiv.org/pdf/2201.00002.pdf)
""",
        [
            ("Quiet Lamps for Small Nets", ("A. Erste", "B. Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("C. Dritte",), 2022, "ICML"),
        ],
    ),
    (
        "authors-first-year",
        """\
# List
- Anna Erste, Bo Zweite. Quiet Lamps for Small Nets. ICLR 2021. [[pdf](https://arxiv.org/pdf/2101.00001)]
- Dritte et al., Night Routing in Depth, ICML 2022. [[pdf](https://arxiv.org/pdf/2201.00002)]
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("Dritte",), 2022, "ICML"),
        ],
    ),
    (
        "sub-bullets",
        """\
# List
- Quiet Lamps for Small Nets
  - Authors: Anna Erste, Bo Zweite
  - Venue: ICLR 2021
  - Paper: https://arxiv.org/abs/2101.00001
  - Code: https://github.com/a/b
- Night Routing in Depth
  - Authors: Carl Dritte
  - Venue: ICML 2022
  - Paper: https://arxiv.org/abs/2201.00002
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("Carl Dritte",), 2022, "ICML"),
        ],
    ),
    (
        "checkbox",
        """\
# Reading list
- [x] [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) (ICLR 2021)
- [ ] [Night Routing in Depth](https://arxiv.org/abs/2201.00002) (ICML 2022)
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "plain-url",
        """\
# List
- Quiet Lamps for Small Nets (ICLR 2021) https://arxiv.org/abs/2101.00001
- Night Routing in Depth, ICML 2022: <https://arxiv.org/abs/2201.00002>
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "strike-and-math",
        """\
# List
- [~~Old name~~ Quiet Lamps for $k$-Small Nets](https://arxiv.org/abs/2101.00001), ICLR 2021
- [*Night* Routing in `Depth`](https://arxiv.org/abs/2201.00002), ICML 2022
""",
        [
            ("Quiet Lamps for $k$-Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "name-colon",
        """\
# List
- **LampNet**: Quiet Lamps for Small Nets. [[ICLR 2021](https://arxiv.org/abs/2101.00001)] [[code](https://github.com/a/b)]
- **NightNet**: Night Routing in Depth. [[ICML 2022](https://arxiv.org/abs/2201.00002)]
""",
        [
            ("LampNet: Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("NightNet: Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "hard-breaks",
        """\
# List
**Quiet Lamps for Small Nets**<br>
*Anna Erste, Bo Zweite*<br>
ICLR 2021. [[paper](https://arxiv.org/abs/2101.00001)]

**Night Routing in Depth**\\
*Carl Dritte, Dora Vierte*\\
ICML 2022. [[paper](https://arxiv.org/abs/2201.00002)]
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("Carl Dritte", "Dora Vierte"), 2022, "ICML"),
        ],
    ),
    (
        "html-p",
        """\
# List
<p><b>Quiet Lamps for Small Nets</b>, ICLR 2021 <a href="https://arxiv.org/abs/2101.00001">[paper]</a></p>
<p><b>Night Routing in Depth</b>, ICML 2022 <a href="https://arxiv.org/abs/2201.00002">[paper]</a></p>
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "html-table-head",
        """\
# List
<table><thead><tr><th>Date</th><th>Paper</th><th>Venue</th></tr></thead><tbody>
<tr><td>2021-01</td><td><a href='https://arxiv.org/abs/2101.00001'>Quiet Lamps for Small Nets</a></td><td>ICLR</td></tr>
<tr><td>2022-01</td><td><a href='https://arxiv.org/abs/2201.00002'>Night Routing in Depth</a></td><td>ICML</td></tr>
</tbody></table>
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "fullwidth-brackets",
        """\
# 列表
- 【ICLR 2021】Quiet Lamps for Small Nets  [论文](https://arxiv.org/abs/2101.00001)
- 【ICML2022】[Night Routing in Depth](https://arxiv.org/abs/2201.00002)｜[代码](https://github.com/a/b)
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "dash-authors",
        """\
# List
- [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) - Anna Erste, Bo Zweite, `ICLR 2021`
- [Night Routing in Depth](https://arxiv.org/abs/2201.00002) - Carl Dritte et al., `arXiv 2022`
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("Carl Dritte",), 2022, "arXiv"),
        ],
    ),
    (
        "sub-bullets-cn",
        """\
# 列表
- **Quiet Lamps for Small Nets**
  - 作者：Anna Erste，Bo Zweite
  - 会议：ICLR 2021
  - 链接：https://arxiv.org/abs/2101.00001
- **Night Routing in Depth**
  - 作者：Carl Dritte
  - 会议：ICML 2022
  - 链接：https://arxiv.org/abs/2201.00002
""",
        [
            ("Quiet Lamps for Small Nets", ("Anna Erste", "Bo Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("Carl Dritte",), 2022, "ICML"),
        ],
    ),
    (
        "heading-venue",
        """\
# List
## ICLR 2021
- [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001)
## ICML 2022
- [Night Routing in Depth](https://arxiv.org/abs/2201.00002)
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "quoted-title",
        """\
# List
- Erste, A., Zweite, B.: "Quiet Lamps for Small Nets", ICLR (2021) [arXiv](https://arxiv.org/abs/2101.00001)
- Dritte, C.: “Night Routing in Depth”, ICML (2022) [arXiv](https://arxiv.org/abs/2201.00002)
""",
        [
            ("Quiet Lamps for Small Nets", ("A. Erste", "B. Zweite"), 2021, "ICLR"),
            ("Night Routing in Depth", ("C. Dritte",), 2022, "ICML"),
        ],
    ),
    (
        "todo-emoji",
        """\
# List
- ✅ Quiet Lamps for Small Nets | ICLR 2021 | [Paper](https://arxiv.org/abs/2101.00001) | [Code](https://github.com/a/b)
- ⬜ Night Routing in Depth | ICML 2022 | [Paper](https://arxiv.org/abs/2201.00002)
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "oral",
        """\
# List
- [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001), ICLR 2021 (Oral)
- [Night Routing in Depth](https://arxiv.org/abs/2201.00002), ICML 2022 Spotlight
""",
        [
            ("Quiet Lamps for Small Nets", (), 2021, "ICLR"),
            ("Night Routing in Depth", (), 2022, "ICML"),
        ],
    ),
    (
        "table-model",
        """\
# List
| Model | Paper | Date | Code |
| - | - | - | - |
| LampNet | [Quiet Lamps for Small Nets](https://arxiv.org/abs/2101.00001) | 2021-01-05 | [![star](https://img.shields.io/github/stars/a/b)](https://github.com/a/b) |
| NightNet | [Night Routing in Depth](https://arxiv.org/abs/2201.00002) | Jan. 2022 | N/A |
""",
        [("Quiet Lamps for Small Nets", (), 2021, ""), ("Night Routing in Depth", (), 2022, "")],
    ),
]


@pytest.mark.parametrize(
    ("text", "wanted"), [row[1:] for row in LISTS], ids=[row[0] for row in LISTS]
)
def test_a_list_is_read_as_its_reader_sees_it(text: str, wanted: list[Wanted]) -> None:
    papers = read_markdown(text).papers

    assert [(p.title, p.authors, p.year, p.venue) for p in papers] == wanted


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
    read_markdown(f"# List\n- **Lamps** {piece * 4000}\n<table>{piece * 2000}</table>\n")
