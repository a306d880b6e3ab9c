"""Vectors in files of this machine: the same answers as PostgreSQL's, and never a stale one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from papers.models import Paper, PaperEmbedding
from papers.search.meaning import encoder, nearest, vector_file
from papers.search.meaning.comparing import Compared
from papers.search.meaning.embedding import embed_papers
from tests import make
from tests.search.conftest import Find, titles

pytestmark = pytest.mark.django_db
QUESTION = "gates that stop early"


@pytest.fixture(autouse=True)
def fresh(index_folder: Path) -> None:
    vector_file.forget()


@pytest.fixture
def papers() -> list[int]:
    for title in ("Gates that stop", "Early exits", "Routing of tokens", "Nothing alike"):
        make.paper(title, abstract=f"{title} are shown. They are measured in many ways here.")
    embed_papers()
    return list(Paper.objects.order_by("pk").values_list("pk", flat=True))


def question() -> Any:
    return encoder.encode_query(QUESTION)


def file() -> vector_file.VectorFile:
    vector_file.forget()
    opened = vector_file.vector_file(encoder.load().dimensions)
    assert opened is not None
    return opened


def compared(ids: list[int]) -> tuple[dict[int, float], dict[int, float]]:
    both = Compared(question())
    return both.cosines(ids), both.best_passages(ids)


def by_postgresql(ids: list[int]) -> tuple[dict[int, float], dict[int, float]]:
    return nearest.cosines(question(), ids), nearest.best_passages(question(), ids)


def same(ones: Any, others: Any) -> bool:
    return all(a == pytest.approx(b, abs=1e-6) for a, b in zip(ones, others, strict=True))


def test_nothing_is_there_before_it_is_filled(papers: list[int]) -> None:
    assert vector_file.vector_file(encoder.load().dimensions) is None
    assert same(compared(papers), by_postgresql(papers))


def test_it_compares_as_postgresql_does(papers: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    expected = by_postgresql(papers)
    assert vector_file.fill(anew=True) == len(papers)
    file()

    def asked(*what: object, **more: object) -> None:
        raise AssertionError("PostgreSQL was asked for vectors")

    monkeypatch.setattr(nearest, "cosines", asked)
    monkeypatch.setattr(nearest, "best_passages", asked)

    assert same(compared(papers), expected)


def test_many_are_added_a_part_at_a_time(papers: list[int]) -> None:
    assert [vector_file.fill(most=3, anew=True) for _ in range(3)] == [3, 1, 0]
    assert same(compared(papers), by_postgresql(papers))
    assert len(file().records) == len(papers)


def test_filled_again_it_adds_nothing(papers: list[int]) -> None:
    vector_file.fill(anew=True)

    assert vector_file.fill(anew=True) == 0


def test_what_changed_comes_from_postgresql_until_it_is_added(papers: list[int]) -> None:
    vector_file.fill(anew=True)
    file()
    Paper.objects.filter(pk=papers[1]).update(abstract="Gates that stop early, and more of them.")
    make.paper("Gates that stop early")
    embed_papers()
    ids = list(Paper.objects.values_list("pk", flat=True))

    assert same(compared(ids), by_postgresql(ids))
    assert vector_file.fill(anew=True) == 2
    assert len(file().records) == 5
    assert same(compared(ids), by_postgresql(ids))


def test_a_paper_without_passages_or_vector_has_none(papers: list[int]) -> None:
    PaperEmbedding.objects.filter(paper=papers[0]).update(passages=None)
    PaperEmbedding.objects.filter(paper=papers[1]).delete()
    vector_file.fill(anew=True)
    file()

    cosines, passages = compared(papers)

    assert (set(cosines), set(passages)) == (set(papers) - {papers[1]}, set(papers[2:]))


def test_what_does_not_agree_with_its_checksum_is_not_used(papers: list[int]) -> None:
    expected = by_postgresql(papers)
    vector_file.fill(anew=True)
    path = file().folder / "vectors"
    data = bytearray(path.read_bytes())
    data[100] ^= 0xFF
    path.write_bytes(data)
    opened = file()

    texts = nearest.texts_read(papers)

    assert len(opened.places(texts)) == len(papers) - 1
    assert same(compared(papers), expected)


@pytest.mark.parametrize("name", ["papers", "vectors"])
def test_a_shortened_file_is_not_read(papers: list[int], name: str) -> None:
    expected = by_postgresql(papers)
    vector_file.fill(anew=True)
    opened = file()
    path = opened.folder / name
    path.write_bytes(path.read_bytes()[: opened.sizes[name] // 2])

    assert same(compared(papers), expected)


def test_after_a_writer_that_was_killed_it_goes_on_at_a_whole_row(papers: list[int]) -> None:
    vector_file.fill(anew=True)
    for name in ("papers", "vectors"):
        with (file().folder / name).open("ab") as left:
            left.write(b"torn")
    make.paper("Gates that stop early")
    embed_papers()
    ids = list(Paper.objects.values_list("pk", flat=True))

    vector_file.fill(anew=True)
    file()

    assert same(compared(ids), by_postgresql(ids))
    assert len(file().places(nearest.texts_read(ids))) == len(ids)


def test_files_that_are_mostly_of_former_texts_are_written_anew(
    papers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vector_file, "BATCH", 2)
    vector_file.fill(anew=True)
    first = file().folder
    for round_ in range(3):
        for pk in papers:
            Paper.objects.filter(pk=pk).update(abstract=f"Text {round_} of paper {pk}.")
        embed_papers()
        vector_file.fill(anew=True)

    opened = file()
    assert opened.folder != first
    assert not first.exists()
    assert (opened.folder / "papers").stat().st_size <= 2 * len(papers) * 40 + 80
    assert same(compared(papers), by_postgresql(papers))


def test_another_encoder_has_files_of_its_own(papers: list[int], settings: Any) -> None:
    vector_file.fill(anew=True)
    file()

    settings.KB_ENCODER = "another"

    assert vector_file.vector_file(len(question_of_fake())) is None


def question_of_fake() -> Any:
    return np.zeros(encoder.FakeEncoder.dimensions, np.float32)


def test_a_search_finds_the_same_with_and_without_it(papers: list[int], find: Find) -> None:
    without = find(QUESTION)
    vector_file.fill(anew=True)
    file()

    having = find(QUESTION)

    assert titles(having) == titles(without)
    assert [hit.reasons for hit in having.hits] == [hit.reasons for hit in without.hits]
    assert having.facets == without.facets
