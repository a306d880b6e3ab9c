"""Values with their spread, in digits that say something."""

import pytest

from reproductions.judging.shown import with_spread


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((93.5185,), "93.5185"),
        ((93.1, 93.9, 93.4, 93.6, 93.5), "93.5 ± 0.3 (5 seeds)"),
        ((97.12, 98.33), "97.7 ± 0.9 (2 seeds)"),
        ((0.0123, 0.0145), "0.0134 ± 0.0016 (2 seeds)"),
        ((1200.0, 1400.0, 1100.0), "1233 ± 153 (3 seeds)"),
        ((5.0, 5.0), "5 (2 seeds, all equal)"),
    ],
)
def test_a_mean_has_as_many_digits_as_its_spread_leaves(values, words):
    assert with_spread(sum(values) / len(values), values) == words
