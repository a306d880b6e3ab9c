"""Stopping rules: closed form against integral, stops where they should be, and no outcome lost."""

import itertools

import pytest
import torch

from reproductions.judging.manifest import load_manifest
from reproductions.protocol import Reporter, parser
from reproductions.reference.adaptive_sampling import experiment, model


@pytest.mark.parametrize(("first", "second"), [(0, 0), (1, 0), (4, 0), (7, 3), (20, 20)])
def test_the_lead_is_the_integral_of_the_posterior(first, second):
    x = (torch.arange(200_000, dtype=torch.float64) + 0.5) / 200_000
    posterior = x**second * (1 - x) ** first

    expected = posterior[x < 0.5].sum() / posterior.sum()

    assert model.leads(20)[first, second].item() == pytest.approx(expected.item(), abs=1e-9)


def test_unanimous_answers_end_after_four_draws_and_even_ones_never():
    answers = torch.tensor([[3] * 8, [0, 1] * 4])

    stops = model.agreed(model.votes_after(answers, 5), 0.95)

    assert model.drawn(stops).tolist() == [4, 8]
    assert stops[0].tolist() == [False] * 3 + [True] * 5


def test_windows_do_not_overlap():
    answers = torch.tensor([[0, 1, 1, 1, 2, 2, 2, 0], [1, 1, 0, 0, 0, 0, 0, 0]])

    assert model.drawn(model.window(answers, 3)).tolist() == [8, 6]


def test_what_is_decided_stays_so_whatever_comes():
    for answers in itertools.product(range(3), repeat=5):
        drawn = torch.tensor([answers])
        votes = model.votes_after(drawn, 3)
        count = model.drawn(model.decided(votes))

        assert torch.equal(model.outcome(votes, count), model.outcome(votes, torch.tensor([5])))
        if count < 5:  # and not a draw later than it is
            others = [
                torch.tensor([(*answers[: count - 1], *rest)])
                for rest in itertools.product(range(3), repeat=6 - int(count))
            ]
            outcomes = {
                int(model.outcome(model.votes_after(other, 3), torch.tensor([5])))
                for other in others
            }
            ties = {tuple(sorted(other[0].bincount(minlength=3).tolist())) for other in others}
            assert len(outcomes) > 1 or any(tie[-1] == tie[-2] for tie in ties)


def test_expected_draws_sum_over_all_ways_to_the_stop():
    p, budget = 0.7, 8
    expected = 0.0
    for answers in itertools.product((0, 1), repeat=budget):
        chance = p ** answers.count(0) * (1 - p) ** answers.count(1)
        votes = model.votes_after(torch.tensor([answers]), 2)
        expected += chance * int(model.drawn(model.agreed(votes, 0.9)))

    assert model.expected_draws(p, 0.9, budget) == pytest.approx(expected)


def test_a_smoke_run_measures_every_claim(capsys):
    args = parser("adaptive_sampling", scales=("smoke",)).parse_args([])
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    shown = capsys.readouterr().out
    claims = load_manifest("adaptive_sampling").claims
    assert [claim.id for claim in claims if f'"id": "{claim.id}"' not in shown] == []
