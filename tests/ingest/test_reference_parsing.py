"""References in the styles of the field, taken apart."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.pdf.reference_parsing import parse_reference

CASES = [
    (
        "Rubin, V. C., Ford, Jr., W. K., & Thonnard, N. (1978). Extended rotation curves. ApJ, 225.",
        "Extended rotation curves",
        1978,
    ),
    (
        "Jacob Devlin, Ming-Wei Chang, Kenton Lee, and Kristina Toutanova. 2019. BERT: Pre-training"
        " of deep transformers. In Proceedings of NAACL, pages 4171-4186.",
        "BERT: Pre-training of deep transformers",
        2019,
    ),
    (
        "[7] X. Wang and Y. Li, \u201cSkipping layers on easy inputs,\u201d in Proc. ECCV, 2018, pp. 1-9.",
        "Skipping layers on easy inputs",
        2018,
    ),
    (
        "Figurnov, M., Collins, M.D.: Spatially adaptive computation time. In: CVPR (2017)",
        "Spatially adaptive computation time",
        2017,
    ),
    (
        "12. Sun Q, Ye Z, Wang X. Cadmium in plants. J Plant Physiol. 2007;164:1489-98.",
        "Cadmium in plants",
        2007,
    ),
    (
        "Argo Data Management Team. (2019). Argo user\u2019s manual. https://doi.org/10.13155/29825",
        "Argo user\u2019s manual",
        2019,
    ),
    (
        "\u2014\u2014. 1973. Social Justice and the City. London: Arnold.",
        "Social Justice and the City",
        1973,
    ),
    (
        "Maxwell Shinn, Norman H Lam, and John D. Murray. A flexible framework. eLife, 9, 2020.",
        "A flexible framework",
        2020,
    ),
    (
        "A. Graves. Adaptive computation time. arXiv preprint arXiv:1603.08983, 2016.",
        "Adaptive computation time",
        2016,
    ),
    (
        "Erste, A., Zweite, B. and Dritte, C., 2019, May. Quiet lamps: A study. In International"
        " conference on lamps (pp. 3301-3310). PMLR.",
        "Quiet lamps: A study",
        2019,
    ),
    (
        "Erste A. Quiet lamps [Internet]. 2020 [cited 2024 Jan 3]. Available from: https://x.org/a",
        "Quiet lamps",
        2020,
    ),
    (
        "A. Erste, \u201cQuiet lamps at night,\u201d 2020. [Online]. Available: https://x.org."
        " [Accessed: 03-Jan-2024].",
        "Quiet lamps at night",
        2020,
    ),
    (
        "王小明. 夜间网络的路由[EB/OL]. (2020-03-01)[2024-01-03]. https://x.org/a.",
        "夜间网络的路由",
        2020,
    ),
]


@pytest.mark.parametrize(("raw", "title", "year"), CASES)
def test_title_and_year_are_found_in_every_style(raw: str, title: str, year: int) -> None:
    reference = parse_reference(raw)

    assert (reference.title, reference.year) == (title, year)


@pytest.mark.parametrize(
    ("raw", "authors"),
    [
        (CASES[0][0], ["Rubin, V. C.", "Ford, Jr., W. K.", "Thonnard, N."]),
        (CASES[2][0], ["X. Wang", "Y. Li"]),
        (CASES[4][0], ["Sun Q", "Ye Z", "Wang X"]),
        (CASES[6][0], []),
        (
            "山田太郎，鈴木花子，「動的ネットワークの研究」，情報処理学会論文誌，2021.",
            ["山田太郎", "鈴木花子"],
        ),
        (CASES[7][0], ["Maxwell Shinn", "Norman H Lam", "John D. Murray"]),
    ],
)
def test_authors_are_told_from_the_title(raw: str, authors: list[str]) -> None:
    assert parse_reference(raw).authors == authors


@pytest.mark.parametrize(
    ("raw", "last", "title"),
    [
        ("Y. Han and H. Li. Adaptive depth for all. In CVPR, 2020.", "H. Li", "Adaptive depth"),
        ("X. Qi, G. Xu. Learned gates. ICCV 2019.", "G. Xu", "Learned gates"),
        ("J. Lin and J. Wu. A network that prunes itself. NIPS, 2017.", "J. Wu", "A network"),
        ("L. Bao, K. Ma. SCAN: A scalable network. NeurIPS 2019.", "K. Ma", "SCAN: A scalable"),
        ("M. Tan, Q. V. Le. EfficientNet: Rethinking it. ICML 2019.", "Q. V. Le", "EfficientNet"),
        ("Wang, X., & Wu, Z. Deep routing for all. ICML 2019.", "Wu, Z.", "Deep routing"),
        ("Li, H. and Xu, W. Dense networks learn. ICML, 2020.", "Xu, W.", "Dense networks"),
        ("Li H, Xu W. Della is a name too. ICML, 2020.", "Xu W", "Della is a name"),
        ("Bo Li. Skip Nets. 2019.", "Bo Li", "Skip Nets"),
        ("Zuxuan Wu and Li. BlockDrop: Dynamic paths. CVPR, 2018.", "Li", "BlockDrop"),
        ("Wang, Y. and Xu. Deep networks learn. ICML, 2020.", "Xu", "Deep networks"),
        ("F. Yu. Dilated residual networks. In CVPR, 2017.", "F. Yu", "Dilated residual"),
        ("Yu. V. Prokhorov and Ch. Li. Limits. 1956.", "Ch. Li", "Limits"),
        ("C. De Sa and L. van der Maaten. Dense nets. 2018.", "L. van der Maaten", "Dense nets"),
        ("Huang, G. and Maaten, L. van der. Dense nets. 2018.", "Maaten, L. van der", "Dense nets"),
    ],
)
def test_a_short_last_surname_takes_no_word_of_the_title(raw: str, last: str, title: str) -> None:
    reference = parse_reference(raw)

    assert reference.authors[-1] == last
    assert reference.title.startswith(title)


@pytest.mark.parametrize(
    ("raw", "title", "venue"),
    [
        ("Erste, A. and Zweite, B. (2021). Do lamps dream? A study of quiet light. Journal of Lamps, 3.",
         "Do lamps dream? A study of quiet light", "Journal of Lamps"),
        ("A. Erste. Can you trust your lamp? Evaluating light under shift. NeurIPS, 2019.",
         "Can you trust your lamp? Evaluating light under shift", "NeurIPS"),
        ("A. Erste. How deep? How wide? Choosing networks. arXiv preprint arXiv:2101.00001, 2021.",
         "How deep? How wide? Choosing networks", "arXiv"),
        ("A. Erste. Help! My lamp went out. In ICML, 2021.", "Help! My lamp went out", "ICML"),
        ("Erste A, Zweite B. Quiet lamps of the north. InInternational conference on lamps 2019 May 24.",
         "Quiet lamps of the north", "International conference on lamps"),
        ("Erste A. Quiet lamps of the north. InProceedings of ICML 2019 (pp. 1-9).",
         "Quiet lamps of the north", "Proceedings of ICML"),
        ("赵六，钱七。动态卷积网络研究[D]。北京：清华大学，2022。", "动态卷积网络研究", "北京:清华大学"),
        ("D. Siebte, \u201cQuiet lamps of the north,\u201d 2020.", "Quiet lamps of the north", ""),
        ("Erste A. What is a lamp? Nat Lamps. 2021;3(2):1-9.", "What is a lamp?", "Nat Lamps"),
        ("Erste A. What is a lamp? Journal of Lamps. Springer, 2021.",
         "What is a lamp?", "Journal of Lamps"),
        ("Erste, A. (2020). Is light all you need? arXiv preprint arXiv:2001.00001.",
         "Is light all you need?", "arXiv"),
        ('A. Erste, B. Zweite, "Why "night" matters: a lamp study," IEEE Trans. Lamps, vol. 3, 2021.',
         'Why "night" matters: a lamp study', "IEEE Trans. Lamps"),
        ('Erste, Anna, and Bo Zweite. "The "Quiet" Lamps of the North." Journal of Lamps 3 (2021): 1.',
         'The "Quiet" Lamps of the North', "Journal of Lamps"),
        ('A. Erste. "Who said "halt"?" In Proceedings of ICML, 2021.',
         'Who said "halt"?', "Proceedings of ICML"),
        ('A. Erste. "Learning to say "halt"," Journal of Lamps, 2021.',
         'Learning to say "halt"', "Journal of Lamps"),
        ('A. Erste. ""Halt" as a word," Journal of Lamps, 2021.',
         '"Halt" as a word', "Journal of Lamps"),
        ("A. Erste, \u201cWhy \u2018night\u2019 matters,\u201d Journal of Lamps, 2021.",
         "Why \u2018night\u2019 matters", "Journal of Lamps"),
        ("A. Erste, \u201cWhy \u201cnight\u201d matters,\u201d Journal of Lamps, 2021.",
         "Why \u201cnight\u201d matters", "Journal of Lamps"),
        ("A. Erste, \u2018Don\u2019t stop the lamps\u2019, Journal of Lamps, 2021.",
         "Don\u2019t stop the lamps", "Journal of Lamps"),
    ],
)  # fmt: skip
def test_marks_inside_a_title_do_not_end_it(raw: str, title: str, venue: str) -> None:
    reference = parse_reference(raw)

    assert (reference.title, reference.venue) == (title, venue)


@pytest.mark.parametrize(
    ("raw", "doi", "arxiv"),
    [
        ("A. B. T. doi: 10.1000/J.X(99)1.", "10.1000/j.x(99)1", ""),
        ("A. B. T. (https://doi.org/10.1000/abc).", "10.1000/abc", ""),
        ("A. B. T. CoRR, abs/2201.01234v3, 2022.", "", "2201.01234"),
        ("A. B. T. arXiv:cs/0301012, 2003.", "", "cs/0301012"),
        ("A. B. T. 2020.", "", ""),
    ],
)
def test_identifiers_are_found_and_tidied(raw: str, doi: str, arxiv: str) -> None:
    reference = parse_reference(raw)

    assert (reference.doi, reference.arxiv) == (doi, arxiv)


@given(st.text(max_size=400))
def test_any_text_is_parsed_without_complaint(text: str) -> None:
    parse_reference(text)


def test_long_runs_of_name_like_words_do_not_take_forever() -> None:
    reference = parse_reference("A. " * 1500 + "Van De La " * 300)

    assert reference.year is None


@pytest.mark.parametrize(
    ("raw", "authors", "title", "venue", "year"),
    [
        (
            "A. Author and B. Second, Sparse Gates: An Introduction, Lamp Press, 1991",
            ["A. Author", "B. Second"], "Sparse Gates: An Introduction", "Lamp Press", 1991,
        ),
        (
            "A. One, M. Two Jr., Z. Three, and Y. Four. Title of thrift here. In Proc. X, 2001.",
            ["A. One", "M. Two Jr.", "Z. Three", "Y. Four"], "Title of thrift here", "Proc. X",
            2001,
        ),
        (
            "One D, Two JL. Thrift of small nets. J Cheap Comput (2003) 12(4): 51-60.",
            ["One D", "Two JL"], "Thrift of small nets", "J Cheap Comput", 2003,
        ),
        (
            "A. Erste, B. Zweite, Phys. Gate Lett. A12, 345 (1997)",
            ["A. Erste", "B. Zweite"], "", "Phys. Gate Lett", 1997,
        ),
        (
            "A. Erste, B. Zweite and C. Dritte, Nets Lett. 5 (1999) 77",
            ["A. Erste", "B. Zweite", "C. Dritte"], "", "Nets Lett", 1999,
        ),
        ("A. Erste and B. Zweite, in preparation.", ["A. Erste", "B. Zweite"], "", "", None),
        ("A. Erste, private communication (2004).", ["A. Erste"], "", "", 2004),
        (
            "A. Erste, Ph.D. thesis, University of Lamps, 1999.",
            ["A. Erste"], "", "University of Lamps", 1999,
        ),
        (
            "A. Erste, Master\u2019s thesis, University of Lamps, 2011.",
            ["A. Erste"], "", "University of Lamps", 2011,
        ),
        (
            "Erste, A. and Zweite, B., 1997, LampJ, 475, 163",
            ["Erste, A.", "Zweite, B."], "", "LampJ", 1997,
        ),
        (
            "Erste A, Zweite B: Proc Small Nets USA 1999, 96:1234-1239.",
            ["Erste A", "Zweite B"], "", "Proc Small Nets USA", 1999,
        ),
        (
            "Erste A. Growing nets by skipping layers 1994 Neural Letters 3 71--90",
            ["Erste A."], "Growing nets by skipping layers", "Neural Letters", 1994,
        ),
        (
            "A Erste, B Zweite. Growing small nets. XYZ 1987, 1903",
            ["A Erste", "B Zweite"], "Growing small nets", "XYZ", 1987,
        ),
        (
            "A Erste, B Zweite. Growing small nets. Thrift Letters, pp 1951-1963, 1987",
            ["A Erste", "B Zweite"], "Growing small nets", "Thrift Letters", 1987,
        ),
        (
            "Anna Erste. Growing small nets. in D. Editor (ed.), Handbook of Thrift, 1999.",
            ["Anna Erste"], "Growing small nets", "Handbook of Thrift", 1999,
        ),
        (
            "Erste, A., Zweite, B.: Growing nets at night. In: Letzte, C. (ed.) Thrift Days, "
            "vol. 1, pp. 1-9. Lamp (2018)",
            ["Erste, A.", "Zweite, B."], "Growing nets at night", "Thrift Days", 2018,
        ),
        (
            "Erste, M. S. and Zweite, J. H., 'Growing small nets,' J. Thrift, Vol. 3, 2003.",
            ["Erste, M. S.", "Zweite, J. H."], "Growing small nets", "J. Thrift", 2003,
        ),
        (
            "Anna Erste and Bo Zweite. 2019. Do nets sleep? A study of night routing. In ICML.",
            ["Anna Erste", "Bo Zweite"], "Do nets sleep? A study of night routing", "ICML", 2019,
        ),
        (
            "\u738b\u5c0f\u660e\uff0c\u674e\u534e\uff0e\u591c\u95f4\u8def\u7531\uff3b\uff2a\uff3d\uff0e\u793a\u4f8b\u5b66\u62a5"
            "\uff0c2021\uff0c44\uff083\uff09\uff1a1-9\uff0e",
            ["\u738b\u5c0f\u660e", "\u674e\u534e"], "\u591c\u95f4\u8def\u7531", "\u793a\u4f8b\u5b66\u62a5", 2021,
        ),
        (
            "\uae40\ubbfc\uc218, \uc774\uc815\ud76c. \uc791\uc740 \ub9dd\uc758 \uc131\uc7a5. \ud55c\uad6d\ud559\ud68c\uc9c0, 3(2), 2003.",
            ["\uae40\ubbfc\uc218", "\uc774\uc815\ud76c"], "\uc791\uc740 \ub9dd\uc758 \uc131\uc7a5", "\ud55c\uad6d\ud559\ud68c\uc9c0", 2003,
        ),
        (
            "R. R. Erste and C. H. Zweite, ``Message Gates,'' Thrift Commun 23(9), pp. 2-4 (1985).",
            ["R. R. Erste", "C. H. Zweite"], "Message Gates", "Thrift Commun", 1985,
        ),
        (
            "A. Erste, B. Zweite, arXiv:1203.1234 (2012)",
            ["A. Erste", "B. Zweite"], "", "arXiv", 2012,
        ),
        (
            "Weiss, A. (1993). Optimized Lamp Induction. Thrift Expert, 8 (6), 61-69.",
            ["Weiss, A."], "Optimized Lamp Induction", "Thrift Expert", 1993,
        ),
        (
            "[12] \"Night routing in small nets,\" I. Erste and O. Zweite, ICML 2021.",
            ["I. Erste", "O. Zweite"], "Night routing in small nets", "ICML", 2021,
        ),
        (
            "王小明、李华：《小型网络中的夜间路由》，《示例学报》2021年第3期。",
            ["王小明", "李华"], "小型网络中的夜间路由", "示例学报", 2021,
        ),
        (
            "山田太郎，鈴木花子：「小型ネットワークの夜間」，示例学会論文誌 (2020)",
            ["山田太郎", "鈴木花子"], "小型ネットワークの夜間", "示例学会論文誌", 2020,
        ),
        (
            "Erste A. et al. Night routing in small nets // Lamp Letters. \u2013 2018.",
            ["Erste A."], "Night routing in small nets", "Lamp Letters", 2018,
        ),
        (
            "Иванов И. И., Петров П. П. Ночные лампы малых сетей // Вестник ламп. 2019. Т. 5.",
            ["Иванов И. И.", "Петров П. П."], "Ночные лампы малых сетей", "Вестник ламп", 2019,
        ),
        (
            "García Márquez, J. y López, M. (2019). Sobre la luz de las lámparas. Luz, 12, 10-20.",
            ["García Márquez, J.", "López, M."], "Sobre la luz de las lámparas", "Luz", 2019,
        ),
        (
            "(Huang et al., 2018) Anna Erste, Bo Zweite. Night Routing at Scale. ICLR 2018.",
            ["Anna Erste", "Bo Zweite"], "Night Routing at Scale", "ICLR", 2018,
        ),
    ],
)  # fmt: skip
def test_kinds_of_references(
    raw: str, authors: list[str], title: str, venue: str, year: int | None
) -> None:
    entry = parse_reference(raw)

    assert (entry.authors, entry.title, entry.venue, entry.year) == (authors, title, venue, year)


@pytest.mark.parametrize(
    "piece",
    ["A. ", "A., ", "Aa ", "Aa, ", "A.-", "van ", "1999 ", "Aa-", "de la Aa, A. ", "J. Aa ",
     "\u201c a", "10.1234/ ", "http :// ", "Aaa. In ", "(A ", "a.b "],
)  # fmt: skip
def test_work_grows_with_the_length_of_a_reference_and_no_faster(piece: str) -> None:
    """Four times the text may cost ten times the work at most; squares would cost sixteen."""

    def steps(length: int) -> float:
        text = (piece * length)[:length]
        return min(_processor_seconds(text) for _ in range(3))

    assert steps(3600) < 10 * steps(900) + 0.02


def _processor_seconds(text: str) -> float:
    before = time.process_time()
    parse_reference(text)
    return time.process_time() - before
