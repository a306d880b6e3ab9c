"""Fusing words and meaning, by tables. No database."""

from __future__ import annotations

import pytest

from papers.search.fusion import LEAST_SPREAD, WORDS_WEIGHT, Fused, fuse, weights


def order(found: list[Fused]) -> list[int]:
    return [one.paper_id for one in found]


@pytest.mark.parametrize(
    ("words", "whole", "passage", "expected"),
    [
        # odd ones first
        ({}, {}, {}, []),
        ({}, {1: 0.3, 2: 0.6}, {}, [2, 1]),
        ({1: 2.0, 2: 9.0}, {}, {}, [2, 1]),
        ({1: 0.0, 2: 0.0}, {1: 0.1, 2: 0.2}, {}, [2, 1]),
        ({7: 3.0, 3: 3.0}, {}, {}, [3, 7]),  # ties: the smaller id
        ({1: 1.0, 2: 1.0}, {1: -0.5, 2: -0.9}, {}, [1, 2]),
        # each side can carry a paper alone
        ({1: 10.0}, {2: 0.9, 1: 0.2}, {}, [2, 1]),
        ({1: 10.0}, {2: 0.5, 1: 0.4}, {}, [1, 2]),
        # the best passage counts for more than the whole
        ({}, {1: 0.6, 2: 0.4}, {1: 0.4, 2: 0.8}, [2, 1]),
    ],
)
def test_papers_are_ordered_by_both(
    words: dict, whole: dict, passage: dict, expected: list[int]
) -> None:
    assert order(fuse(words, whole, passage)) == expected


def test_each_paper_says_where_either_side_alone_would_put_it() -> None:
    found = fuse({1: 5.0, 2: 9.0, 4: 0.0}, {1: 0.9, 3: 0.5, 4: 0.1})

    places = {one.paper_id: (one.lexical_rank, one.semantic_rank) for one in found}

    assert places == {1: (2, 1), 2: (1, None), 3: (None, 2), 4: (None, 3)}


def test_when_meaning_says_nothing_words_decide() -> None:
    words = {1: 1.0, 2: 3.0, 3: 2.0}
    alike = {1: 0.1, 2: 0.1, 3: 0.1}

    assert order(fuse(words, alike)) == [2, 3, 1]


def test_a_paper_without_a_vector_is_neither_buried_nor_pushed() -> None:
    words = {1: 2.0, 2: 2.0, 3: 2.0}

    assert order(fuse(words, {1: 0.9, 2: 0.1, 4: 0.8})) == [1, 3, 4, 2]


def test_papers_looked_at_closely_stand_first() -> None:
    found = fuse({}, {1: 0.9, 2: 0.5, 3: 0.4}, {2: 0.6, 3: 0.8}, first=[2, 3])

    assert order(found) == [3, 2, 1]


def test_ranks_begin_at_one_and_ties_go_to_the_smaller_id() -> None:
    found = fuse({5: 0.2, 9: 0.8, 2: 0.2, 1: 0.0}, {9: 0.1, 7: 0.4, 3: 0.4})

    assert {one.paper_id: one.lexical_rank for one in found if one.lexical_rank} == {
        9: 1,
        2: 2,
        5: 3,
    }
    assert {one.paper_id: one.semantic_rank for one in found if one.semantic_rank} == {
        3: 1, 7: 2, 9: 3
    }  # fmt: skip


def test_a_passage_without_a_whole_says_nothing() -> None:
    assert fuse({4: 1.0}, {}, {4: 0.9}) == [Fused(4, WORDS_WEIGHT / LEAST_SPREAD, 1, None, None)]


def test_words_weigh_more_where_one_paper_stands_out() -> None:
    alike = weights([9.0] * 150 + [8.0] * 150)
    apart = weights([9.0] + [2.0] * 299)

    lead_alike, lead_apart = alike.slope * (9 - 8), apart.slope * (9 - 2)

    assert lead_apart > 3 * lead_alike


def test_words_weigh_less_where_the_best_paper_has_few_of_them() -> None:
    scores = [6.0, 5.0, 4.0]

    assert weights(scores, full=6.0) == weights(scores, full=3.0) == weights(scores)
    assert weights(scores, full=24.0).slope == pytest.approx(weights(scores).slope / 2)


def test_papers_that_words_hardly_tell_apart_leave_room_for_meaning() -> None:
    scores = [5.0 + 0.0001 * place for place in range(400)]

    assert weights(scores).slope * max(scores) == pytest.approx(WORDS_WEIGHT / LEAST_SPREAD)


def test_no_words_weigh_nothing() -> None:
    assert weights([]).slope == weights([0.0, 0.0]).slope == 0.0


def test_a_passage_counts_for_less_under_a_long_question() -> None:
    whole, passage = {1: 0.6, 2: 0.45}, {1: 0.5, 2: 0.7}

    assert order(fuse({}, whole, passage, weigh=weights([]))) == [2, 1]
    assert order(fuse({}, whole, passage, weigh=weights([], length=1.5))) == [1, 2]


def test_its_words_count_for_more_the_longer_it_is() -> None:
    scores = [6.0, 5.0, 4.0]

    slopes = [weights(scores, length=length).slope for length in (0.2, 1.0, 1.5, 2.0, 9.0)]

    assert slopes[0] == slopes[1] < slopes[2] < slopes[3] < slopes[4] < 3 * slopes[0]
