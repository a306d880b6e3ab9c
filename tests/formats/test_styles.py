"""References as text: what styles print, and what the processor gets wrong by itself."""

from __future__ import annotations

import re

import pytest

from papers.formats.citation import Author, Citation, Kind
from papers.formats.styles import STYLES, formatted

MSDNET = Citation(
    "huang-etal-2018-multi",
    Kind.CONFERENCE,
    "Multi-Scale Dense Networks",
    (Author("Huang", "Gao"), Author("van der Maaten", "Laurens"), Author("King", "M. L.", "Jr.")),
    year=2018,
    container="Proceedings of the International Conference on Learning Representations",
    url="https://openreview.net/forum?id=Hk2aImxAb",
)
GROUP = Citation(
    "deepseek-2024-deepseek",
    Kind.PREPRINT,
    "Is It a Report?",
    (Author("DeepSeek-AI"),),
    year=2024,
    arxiv="2412.19437",
    url="https://arxiv.org/abs/2412.19437",
)
CHINESE = Citation(
    "huang-2021-survey",
    Kind.JOURNAL,
    "动态神经网络综述",
    (Author("黄", "高"), Author("王", "语霖"), Author("宋", "士吉"), Author("李", "四")),
    year=2021,
    container="自动化学报",
    volume="47",
    issue="3",
    pages="1--20",
    url="https://example.org/1",
)
CUT = Citation(
    "lee-2020-some",
    Kind.CONFERENCE,
    "Some Work of Others",
    (Author("Lee", "Ann"), Author("Qwen Team")),
    and_others=True,
    year=2020,
    container="Proceedings of the Conference",
)


@pytest.mark.parametrize(
    ("citation", "style", "text"),
    [
        (
            MSDNET,
            "apa",
            "Huang, G., van der Maaten, L., & King, M. L., Jr. (2018). Multi-Scale Dense Networks."
            " Proceedings of the International Conference on Learning Representations."
            " https://openreview.net/forum?id=Hk2aImxAb",
        ),
        (
            MSDNET,
            "acl",
            "Gao Huang, Laurens van der Maaten, and M. L. King Jr. 2018. Multi-Scale Dense"
            " Networks. In Proceedings of the International Conference on Learning"
            " Representations.",
        ),
        (
            GROUP,
            "apa",
            "DeepSeek-AI. (2024). Is It a Report? (arXiv:2412.19437). arXiv."
            " https://arxiv.org/abs/2412.19437",
        ),
        (GROUP, "acl", "DeepSeek-AI. 2024. Is It a Report? Preprint, arXiv:2412.19437."),
        (
            CHINESE,
            "gb7714",
            "黄高, 王语霖, 宋士吉, 等. 动态神经网络综述[J/OL]. 自动化学报, 2021, 47(3): 1-20. https://example.org/1.",
        ),
        (
            CHINESE,
            "mla",
            "黄高, et al. “动态神经网络综述”. 自动化学报, vol. 47, no. 3, 2021, pp. 1–20, https://example.org/1.",
        ),
        (
            CUT,
            "lncs",
            "Lee, A., Qwen Team et al.: Some Work of Others. In: Proceedings of the Conference"
            " (2020).",
        ),
    ],
)
def test_a_reference_reads_as_its_style_prints_it(
    citation: Citation, style: str, text: str
) -> None:
    assert formatted(citation, style) == text


def test_works_in_english_are_cut_with_et_al_in_gb_t_7714() -> None:
    many = Citation(
        "a", Kind.JOURNAL, "Title", tuple(Author(name, "Ann") for name in "ABCDE"), year=2020
    )

    assert ", et al. Title" in formatted(many, "gb7714")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("citation", [MSDNET, GROUP, CHINESE, CUT], ids=lambda one: one.key)
def test_no_style_leaves_marks_of_what_is_missing(citation: Citation, style: str) -> None:
    text = formatted(citation, style)

    assert citation.title.lower() in text.lower()
    assert not re.search(
        r"\s\.|[.?]\.(?!\.)|,\s*[,:.]|^\[?1[\].]|\bothers\b(?!$)(?! *[.“”(,])", text
    )


def test_a_work_without_anything_but_a_title_is_its_title() -> None:
    assert "A Title" in formatted(Citation("x", Kind.OTHER, "A Title"), "ieee")
