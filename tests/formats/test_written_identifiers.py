"""arXiv ids, DOIs and others as programs and people write them, each with its right value."""

from __future__ import annotations

import pytest

from papers.identifiers import all_in, arxiv_ids_in, dois_in, recognise
from tests.formats.entries import entry

SICI = "10.1002/(sici)1098-2736(199908)36:6<637::aid-tea4>3.0.co;2-9"


@pytest.mark.parametrize(
    "fields",
    [
        "eprint={arXiv:1703.09844}",
        "eprint={1703.09844v2}, archiveprefix={arXiv}",
        "journal={CoRR}, volume={abs/1703.09844}",
        "journal={ArXiv}, volume={abs/1703.09844}",
        "journal={arXiv preprint arXiv:1703.09844}",
        "note={arXiv: 1703.09844}",
        r"url={\url{https://arxiv.org/abs/1703.09844}}",
        "ee={https://arxiv.org/abs/1703.09844}",
        "pages={arXiv:1703.09844}",
        "howpublished={arXiv:1703.09844 [cs.LG]}",
        "doi={10.48550/arXiv.1703.09844}",
        "arxivid={1703.09844}",
        "journal={arXiv}, number={1703.09844}",
        "bdsk-url-1={https://arxiv.org/abs/1703.09844}",
        "eid={arXiv:1703.09844}",
        "pages={arXiv--1703.09844}",
        "annote={arXiv ID: 1703.09844}",
        "url={https://www.semanticscholar.org/arxiv/1703.09844}",
    ],
)
def test_arxiv_ids_are_found_where_people_write_them(fields: str) -> None:
    assert entry(fields).arxiv == "1703.09844"


@pytest.mark.parametrize(
    ("field", "doi"),
    [
        ("10.1002/(SICI)1098-2736(199908)36:6<637::AID-TEA4>3.0.CO;2-9", SICI),
        (r"10.1002/1097-0142(1994)73:1{\textless}3::AID-CNCR28{\textgreater}3.0.CO;2-Z",
         "10.1002/1097-0142(1994)73:1<3::aid-cncr28>3.0.co;2-z"),
        ("DOI: 10.1145/3698767", "10.1145/3698767"),
        ("doi.org/10.1145/3698767", "10.1145/3698767"),
        ("https://doi.org/10.1145/3698767.", "10.1145/3698767"),
        (r"10.1145/zero\_width", "10.1145/zero_width"),
        ("10.1145/3698767, 10.1145/1111111", "10.1145/3698767"),
        ("n/a", ""),
        ("10.1145 / 3698767", "10.1145/3698767"),
        ("10.1145/3698767;10.1145/1111111", "10.1145/3698767"),
        ("10.1145/foo\u2010bar", "10.1145/foo-bar"),
    ],
)  # fmt: skip
def test_dois_in_all_their_forms(field: str, doi: str) -> None:
    assert entry(f"doi={{{field}}}").doi == doi


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (SICI.upper().replace("AID", "AID"), f"doi:{SICI}"),
        ("https://doi.org/10.1002/(SICI)1098-2736(199908)36:6%3C637::AID-TEA4%3E3.0.CO;2-9", f"doi:{SICI}"),
        ("10.5555/zero.width\u200b", "doi:10.5555/zero.width"),
        ("10.5555/soft\u00adhyphen/", "doi:10.5555/softhyphen"),
        ("10.5555/dagger†", "doi:10.5555/dagger"),
        ("10.5555/escaped&lt;", "doi:10.5555/escaped"),
        ("urn:doi:10.1145/3698767", "doi:10.1145/3698767"),
        ("info:doi/10.1145/3698767", "doi:10.1145/3698767"),
        ("(10.1016/0004-3702(94)90002-7)", "doi:10.1016/0004-3702(94)90002-7"),
        ("arXiv:1703.09844v2 [cs.LG] 7 Jun 2018", "arXiv:1703.09844v2"),
        ("arXiv 1703.09844", "arXiv:1703.09844"),
        ("1703.09844.", "arXiv:1703.09844"),
        ("(1703.09844)", "arXiv:1703.09844"),
        ("hep-th/1601.07616", "arXiv:1601.07616"),
        ("cs.LG/9901001", "arXiv:cs/9901001"),
        ("xxx.lanl.gov/abs/1703.09844", "arXiv:1703.09844"),
        ("https://www.semanticscholar.org/arXiv:1703.09844", "arXiv:1703.09844"),
        ("https://dblp.org/rec/journals/corr/abs-1703-09844", "arXiv:1703.09844"),
        ("https://aclanthology.org/2020.acl-main.1v2.pdf", "acl:2020.acl-main.1"),
        ("https://openreview.net/forum?id=Hk2aImxAb&noteId=x", "openreview:Hk2aImxAb"),
        ("10.1145/3698767?via=ihub", "doi:10.1145/3698767"),
        ("https://www.doi.org/10.1145/3698767#sec1", "doi:10.1145/3698767"),
        ("1703.9844", "None"),
        ("0301.12345", "None"),
        ("ResNet-50", "None"),
        ("MobileNet", "None"),
    ],
)  # fmt: skip
def test_identifiers_as_they_are_pasted(text: str, known: str) -> None:
    assert str(recognise(text)) == known


def test_a_note_that_begins_with_a_doi_gives_it_and_one_that_speaks_of_another_does_not() -> None:
    assert entry("note={doi: 10.1145/3698767}").doi == "10.1145/3698767"
    assert entry("note={Extended version of doi 10.1145/3698767}").doi == ""
    address = "https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0123456"
    assert entry(f"url={{{address}}}").doi == "10.1371/journal.pone.0123456"


def test_every_identifier_of_a_sentence_counts() -> None:
    sentence = "Please add arXiv:1703.09844, arXiv:1603.08983 and 10.1145/3698767."
    links = '<a href="https://arxiv.org/abs/1703.09844">x</a> <a href="https://doi.org/10.1145/3698767">'

    assert [str(one) for one in all_in(sentence)] == [
        "arXiv:1703.09844", "arXiv:1603.08983", "doi:10.1145/3698767",
    ]  # fmt: skip
    assert [str(one) for one in all_in(links)] == ["arXiv:1703.09844", "doi:10.1145/3698767"]
    assert dois_in("see doi 10.1145/1111, and doi:10.1145/2222") == ["10.1145/1111", "10.1145/2222"]
    assert arxiv_ids_in("12345.678901 and 2020") == []
