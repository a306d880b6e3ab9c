"""ACT spends one in all, PonderNet halts once; both read the same steps."""

import pytest
import torch
from torch.nn import functional as F

from reproductions.reference.halting import experiment, model


def steps(*halting, answers=None):
    """One example whose halting units are given."""
    units = torch.tensor(halting)[:, None]
    said = torch.arange(1.0, len(halting) + 1)[:, None] if answers is None else answers
    return model.Steps(said, units)


@pytest.mark.parametrize(
    ("halting", "p", "count", "remainder"),
    [
        ([0.3, 0.5, 0.6, 0.9], [0.3, 0.5, 0.2, 0.0], 3, 0.2),
        ([0.995, 0.5, 0.5], [1.0, 0.0, 0.0], 1, 1.0),  # less than epsilon is left
        ([0.1, 0.1, 0.1], [0.1, 0.1, 0.8], 3, 0.8),  # the limit takes what is left
    ],
)
def test_act_spends_one_in_all(halting, p, count, remainder):
    halted = model.act(steps(*halting))

    assert halted.p[:, 0].tolist() == pytest.approx(p)
    assert halted.steps.item() == count
    assert halted.ponder.item() == pytest.approx(count + remainder)


def test_act_answers_with_a_mixture_of_its_steps():
    said = steps(0.3, 0.5, 0.6)

    assert model.act(said).answer(said).item() == pytest.approx(0.3 * 1 + 0.5 * 2 + 0.2 * 3)


def test_only_the_remainder_of_act_has_a_gradient():
    halting = torch.tensor([[0.3], [0.5], [0.6], [0.9]], requires_grad=True)
    model.act(model.Steps(torch.zeros(4, 1), halting)).ponder.sum().backward()

    assert halting.grad[:, 0].tolist() == [-1, -1, 0, 0]  # R = 1 - h_1 - h_2


def test_chances_of_pondernet_sum_to_one():
    p = model.chances(steps(0.5, 0.5, 0.2))[:, 0]

    assert p.tolist() == pytest.approx([0.5, 0.25, 0.25])
    assert model.chances(model.Steps(torch.zeros(6, 40), torch.rand(6, 40))).sum(
        dim=0
    ).tolist() == pytest.approx([1] * 40)


def test_a_halting_that_is_the_prior_costs_nothing_but_the_answers():
    said = model.Steps(torch.zeros(4, 1), torch.tensor([[0.2]] * 4))
    prior = torch.tensor([0.2 * 0.8**n for n in range(4)])
    prior /= prior.sum()
    p = model.chances(said)[:, 0]

    loss = model.ponder_loss(said, torch.ones(1), 0.2, beta=1.0)

    kl = (p * (p / prior).log()).sum()
    assert loss.item() == pytest.approx(F.softplus(torch.zeros(1)).item() + kl.item())


def test_what_is_drawn_follows_the_chances():
    said = model.Steps(
        torch.arange(1.0, 4)[:, None].expand(3, 20_000),
        torch.tensor([[0.5], [0.5], [0.0]]).expand(3, 20_000),
    )

    answers, taken = model.halted_by_chance(said, torch.Generator().manual_seed(0))

    assert torch.equal(answers, taken.float())
    shares = torch.bincount(taken, minlength=4)[1:] / 20_000
    assert shares.tolist() == pytest.approx([0.5, 0.25, 0.25], abs=0.02)


def test_parity_counts_plus_ones():
    x, odd, count = experiment.parity(500, 8, 3, 5, torch.Generator().manual_seed(0))

    assert set(count.tolist()) == {3, 4, 5}
    assert torch.equal((x != 0).sum(dim=1), count)
    assert torch.equal(odd, ((x == 1).sum(dim=1) % 2).float())


def test_all_ways_start_from_the_same_weights_but_for_the_halting_bias():
    recipe = experiment.Recipe()
    networks = []
    for way in experiment.ways(recipe):
        torch.manual_seed(3)
        networks.append(model.Thinker(recipe.bits, 8, 3, way.first_bias))

    first = dict(networks[0].named_parameters())
    for other in networks[1:]:
        for name, weights in other.named_parameters():
            assert name == "halt.bias" or torch.equal(weights, first[name])
