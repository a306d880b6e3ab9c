"""Is it here already, and where do record and source disagree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from papers.curation.deciding import AlreadyDecided, CannotAccept, accept_conflict, decline_conflict
from papers.ingest.candidate import Candidate
from papers.ingest.match import find_match, known_venue
from papers.ingest.paper_keys import free_key, key_stem
from papers.ingest.record import record
from papers.models import Conflict, FieldSource, Paper
from papers.models.paper import AUTHORS_INCOMPLETE
from tests import make

pytestmark = pytest.mark.django_db

MSDNET = "Multi-Scale Dense Networks for Resource Efficient Image Classification"


def pdf(title: str = MSDNET, *authors: str, **fields: Any) -> Candidate:
    """What a PDF says, read with confidence."""
    sure = dict.fromkeys(("title", "authors", "year", "abstract", "arxiv", "doi", "venue"), 0.9)
    fields.setdefault("confidence", sure)
    named = authors or ("Gao Huang", "Danlu Chen")
    return Candidate(title, "pdf", "PDF 0123456789ab", named, **fields).cleaned()


def imported(title: str = MSDNET, *authors: str, **fields: Any) -> Candidate:
    return replace(
        pdf(title, *authors, **fields), origin="crossref", source="Crossref", confidence={}
    )


def msdnet(**fields: Any) -> Paper:
    fields.setdefault("authors", ("Gao Huang", "Danlu Chen"))
    return make.paper(MSDNET, **fields)


@pytest.mark.parametrize(
    "printed",
    [
        MSDNET,
        MSDNET.upper(),
        "Multi Scale Dense Networks For Resource-Efficient Image Classification",
        "Multi‐Scale Dense Networks\u00a0for Resource Efficient Image Classiﬁcation",
        MSDNET + ".",
    ],
)
def test_a_title_matches_in_any_dress(printed: str) -> None:
    paper = msdnet()

    found = find_match(pdf(printed))

    assert found is not None
    assert (found.paper, found.by) == (paper, "title and first author")


def test_titles_in_chinese_are_compared_and_not_folded_away() -> None:
    paper = make.paper("动态神经网络：综述", authors=["韩益增"])
    make.paper("静态神经网络：综述", authors=["韩益增"])

    found = find_match(pdf("动态神经网络 综述", "韩益增"))

    assert found is not None
    assert found.paper == paper


def test_the_same_short_title_by_others_is_another_work() -> None:
    make.paper("Dynamic Convolution", authors=["Yinpeng Chen"])

    assert find_match(pdf("Dynamic Convolution", "Thomas Verelst")) is None


def test_a_long_title_matches_with_the_authors_in_another_order() -> None:
    paper = msdnet()

    found = find_match(pdf(MSDNET, "Danlu Chen", "Gao Huang"))

    assert found is not None
    assert (found.paper, found.by) == (paper, "title and an author")


def test_an_identifier_matches_whatever_the_case() -> None:
    paper = msdnet(doi="10.1109/CVPR.2018.00001")

    found = find_match(imported("Another Title", "Danlu Chen", doi="10.1109/cvpr.2018.00001"))

    assert found is not None
    assert (found.paper, found.by) == (paper, "DOI")


def test_an_identifier_of_another_work_on_the_page_does_not_match() -> None:
    msdnet(arxiv="1703.09844")

    recorded = record(pdf("A Survey of Tea", "Ada Example", arxiv="1703.09844", year=2020))

    assert recorded.is_new
    assert recorded.paper.arxiv is None
    assert recorded.may_be is not None
    notes = {row.field: row.note for row in Conflict.objects.all()}
    assert notes["arxiv"] == f"belongs to “{MSDNET}” here"
    assert "no author in common" in notes["same_as"]


def test_a_merged_record_leads_to_its_survivor() -> None:
    survivor = make.paper("The Survivor of a Merge of Two Records")
    msdnet(state="merged", merged_into=survivor)

    found = find_match(pdf())

    assert found is not None
    assert found.paper == survivor


def test_gaps_are_filled_and_nothing_is_overwritten() -> None:
    paper = msdnet(year=2018, abstract="", arxiv=None)

    recorded = record(pdf(arxiv="1703.09844", abstract="Printed words.", year=2020))

    paper.refresh_from_db()
    assert recorded.filled == ["abstract", "arxiv"]
    assert (paper.abstract, paper.arxiv, paper.year) == ("Printed words.", "1703.09844", 2018)
    conflict = Conflict.objects.get()
    assert (conflict.field, conflict.here, conflict.there) == ("year", 2018, 2020)
    assert paper.versions.filter(identifier="arXiv:1703.09844").exists()


def test_a_preprint_two_years_older_is_no_conflict() -> None:
    msdnet(year=2018)

    assert record(pdf(year=2017)).conflicts == []
    assert record(pdf(year=2020)).conflicts == ["year"]


def test_one_five_years_older_is_kept_apart_and_a_curator_is_asked() -> None:
    paper = msdnet(year=2018)

    recorded = record(pdf(year=2013))

    assert recorded.is_new
    assert (recorded.may_be, Conflict.objects.get().field) == (paper, "same_as")


def test_initials_and_accents_in_author_lists_are_no_conflict() -> None:
    msdnet(authors=("Gao Huang", "Bartosz Wójcik"))

    assert record(pdf(MSDNET, "G. Huang", "Bartosz Wojcik")).conflicts == []
    assert record(pdf(MSDNET, "Gao Huang", "Barbara Other")).conflicts == ["authors"]


def test_what_was_read_with_doubt_fills_nothing() -> None:
    paper = msdnet(abstract="")

    record(pdf(abstract="Smudged.", confidence={"title": 0.9, "abstract": 0.3}))

    paper.refresh_from_db()
    assert paper.abstract == ""
    assert Conflict.objects.get().there == "Smudged."


def test_a_doubt_goes_when_the_paper_itself_prints_it() -> None:
    paper = msdnet(arxiv="1703.09844", unconfirmed=["arxiv", "authors (first names)", "venue"])

    record(pdf(arxiv="1703.09844"))

    paper.refresh_from_db()
    assert paper.unconfirmed == ["venue"]
    assert "PDF 0123456789ab" in paper.sources


def test_initials_do_not_confirm_first_names() -> None:
    paper = msdnet(unconfirmed=["authors (first names)"])

    record(pdf(MSDNET, "G. Huang", "D. Chen"))

    paper.refresh_from_db()
    assert paper.unconfirmed == ["authors (first names)"]


def test_a_list_that_breaks_off_is_known_to_and_is_completed_later() -> None:
    paper = record(imported(MSDNET, "Gao Huang", "Danlu Chen", and_others=True, year=2018)).paper
    broken_off = list(paper.unconfirmed)

    record(imported(MSDNET, "Gao Huang", "Danlu Chen", and_others=True, year=2018))
    again = Paper.objects.get().unconfirmed
    whole = record(imported(MSDNET, "G. Huang", "D. Chen", "Tianhong Li", year=2018))

    paper = Paper.objects.get()
    assert broken_off == again == [AUTHORS_INCOMPLETE]
    assert (whole.filled, whole.conflicts, paper.unconfirmed) == (["authors"], [], [])
    assert list(paper.authorships.values_list("printed_name", flat=True)) == [
        "Gao Huang",
        "Danlu Chen",
        "Tianhong Li",
    ]


def test_the_first_authors_alone_are_no_conflict_and_confirm_nothing() -> None:
    paper = msdnet(
        authors=("Gao Huang", "Danlu Chen", "Tianhong Li"), unconfirmed=["authors (first names)"]
    )

    first = record(imported(MSDNET, "Gao Huang", "Danlu Chen", and_others=True))
    other = record(imported(MSDNET, "Gao Huang", "Barbara Other", and_others=True))

    paper.refresh_from_db()
    assert (first.filled, first.conflicts, other.conflicts) == ([], [], ["authors"])
    assert paper.unconfirmed == ["authors (first names)"]


def test_recording_the_same_again_changes_nothing() -> None:
    msdnet(year=2018)
    first = record(pdf(year=2020, abstract="Printed words."))
    stamp = Paper.objects.get().updated_at

    again = record(pdf(year=2020, abstract="Printed words."))

    assert (first.filled, again.filled) == (["abstract"], [])
    assert Conflict.objects.count() == 1
    assert FieldSource.objects.count() == 1
    assert Paper.objects.get().updated_at == stamp


def test_an_accepted_conflict_changes_the_record_and_keeps_what_it_replaced(
    account: Callable[..., Any],
) -> None:
    curator = account(staff=True)
    paper = msdnet()
    record(pdf(MSDNET, "Gao Huang", "Danlu Chen", "Tianhong Li"))
    conflict = Conflict.objects.get()

    accept_conflict(conflict=conflict, by=curator)

    conflict.refresh_from_db()
    names = [row.printed_name for row in paper.authorships.all()]
    assert names == ["Gao Huang", "Danlu Chen", "Tianhong Li"]
    assert (conflict.replaced, conflict.decided_by) == (["Gao Huang", "Danlu Chen"], curator)
    with pytest.raises(AlreadyDecided):
        decline_conflict(conflict=conflict, by=curator)


def test_a_declined_proposal_is_not_made_again(account: Callable[..., Any]) -> None:
    msdnet(year=2018)
    record(pdf(year=2020))
    decline_conflict(conflict=Conflict.objects.get(), by=account(staff=True))

    record(pdf(year=2020))

    assert [c.decision for c in Conflict.objects.all()] == ["declined"]


def test_an_identifier_that_belongs_to_another_paper_cannot_be_accepted(
    account: Callable[..., Any],
) -> None:
    msdnet(arxiv="1703.09844")
    record(pdf("A Survey of Tea", "Ada Example", arxiv="1703.09844", year=2020))

    with pytest.raises(CannotAccept, match="belongs to"):
        accept_conflict(conflict=Conflict.objects.get(field="arxiv"), by=account(staff=True))

    assert Conflict.objects.get(field="arxiv").decision == "open"
    assert Paper.objects.get(title="A Survey of Tea").arxiv is None


@pytest.mark.parametrize(
    ("title", "authors", "stem"),
    [
        (MSDNET, ["Gao Huang"], "huang2018multi"),
        ("A Theoretical View", ["Cenk Baykal"], "baykal2018theoretical"),
        ("On the Representation", ["Zewen Chi"], "chi2018representation"),
        ("It's Always Personal", ["Ilias Leontiadis"], "leontiadis2018its"),
        ("Über Köpfe", ["Gerard de Melo"], "demelo2018uber"),
        ("动态神经网络", ["韩益增"], "anonymous2018untitled"),
        ("The", [], "anonymous2018untitled"),
    ],
)
def test_keys_are_made_as_the_others_are(title: str, authors: list[str], stem: str) -> None:
    assert key_stem(title, authors, 2018) == stem


def test_a_taken_key_is_continued_with_a_letter() -> None:
    make.paper(key="huang2018multi")
    make.paper(key="huang2018multib")

    assert free_key(MSDNET, ["Gao Huang"], 2018) == "huang2018multic"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Published as a conference paper at ICLR 2018", "ICLR"),
        ("Proceedings of the International Conference on Learning Representations", "ICLR"),
        ("2018 iclr", None),
        ("Proceedings of Machine Learning Research 188", None),
        ("Machine Learning 45(1)", "Machine Learning"),
        ("", None),
    ],
)
def test_a_venue_is_known_by_its_full_name_or_its_printed_acronym(
    line: str, found: str | None
) -> None:
    make.venue("ICLR", full_name="International Conference on Learning Representations")
    make.venue("Machine Learning", kind="journal")

    venue = known_venue(line)

    assert (venue.name if venue else None) == found
