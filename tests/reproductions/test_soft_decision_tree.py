"""Soft decision tree: paths, walks, the penalty, and that a smoke run measures what is claimed."""

import json

import pytest
import torch

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.soft_decision_tree import experiment, model


def tree(depth=3):
    torch.manual_seed(2)
    return model.SoftTree(depth)


def test_path_probabilities_are_products_of_turns():
    soft, x = tree(), torch.rand(5, model.PIXELS)

    paths, turns = soft.reach(x)

    p = soft.filters(x).sigmoid()
    # leaf 5 is right (node 0), left (node 2), right (node 5)
    assert torch.allclose(paths[:, 5], p[:, 0] * (1 - p[:, 2]) * p[:, 5])
    assert torch.allclose(paths.sum(dim=1), torch.ones(5))
    assert [turn.shape[1] for turn in turns] == [1, 2, 4]
    assert torch.allclose(turns[1][:, 1], p[:, 0] * p[:, 2])


def test_a_walk_of_a_sure_tree_ends_at_its_likeliest_leaf():
    soft, x = tree(4), torch.rand(200, model.PIXELS) - 0.5
    soft.filters.weight.data *= 1000

    assert torch.equal(soft.walk(x), soft.likeliest(x))
    assert soft.walk(x).unique().numel() > 4


def test_a_walk_turns_left_at_every_node_to_the_first_leaf():
    soft = tree()
    soft.filters.bias.data.fill_(-100.0)

    assert soft.walk(torch.rand(3, model.PIXELS)).tolist() == [0, 0, 0]


def test_the_loss_is_that_of_the_leaves_weighted_by_their_paths():
    paths = torch.tensor([[0.25, 0.75]])
    answers = torch.log(torch.tensor([[0.5, 0.5], [0.9, 0.1]]))

    loss = model.tree_loss(paths, answers, torch.tensor([[1.0, 0.0]]))

    expected = -(0.25 * answers[0, 0] + 0.75 * answers[1, 0])
    assert loss.item() == pytest.approx(expected.item())


def test_the_penalty_is_least_where_every_node_divides_what_reaches_it():
    even, torn = tree(2), tree(2)
    for soft, bias in ((even, 0.0), (torn, 3.0)):
        soft.filters.weight.data.zero_()
        soft.filters.bias.data.fill_(bias)
    x = torch.rand(6, model.PIXELS)

    least = model.Balance(2, 1.0)(*even.reach(x))
    more = model.Balance(2, 1.0)(*torn.reach(x))

    # log 2 for the root, half of it for each of two nodes below
    assert least.item() == pytest.approx(2 * torch.log(torch.tensor(2.0)).item(), rel=1e-4)
    assert more > least


def test_the_penalty_remembers_longer_further_down():
    balance, soft = model.Balance(2, 1.0), tree(2)
    soft.filters.weight.data.zero_()

    for bias in (3.0, -3.0):
        soft.filters.bias.data.fill_(bias)
        balance(*soft.reach(torch.rand(8, model.PIXELS)))

    shares = [balance.get_buffer(f"turned_{d}") / balance.get_buffer(f"came_{d}") for d in (0, 1)]
    assert shares[0].item() == pytest.approx(torch.tensor(-3.0).sigmoid().item(), rel=1e-4)
    assert (shares[1] > shares[0]).all()


def test_images_are_moved_whole_and_by_at_most_the_reach():
    torch.manual_seed(3)
    x = torch.zeros(200, 1, 28, 28)
    x[:, 0, 10, 12] = torch.arange(1.0, 201.0)

    moved = experiment.shifted(x, 2)

    assert moved.shape == x.shape
    assert torch.equal(moved.sum(dim=(1, 2, 3)), torch.arange(1.0, 201.0))
    _, _, rows, columns = moved.nonzero(as_tuple=True)
    assert set(rows.tolist()) == set(range(8, 13))
    assert set(columns.tolist()) == set(range(10, 15))


def test_a_smoke_run_measures_every_claim(monkeypatch, capsys):
    some = Images(torch.rand(40, 1, 28, 28), torch.arange(40) % 10)
    monkeypatch.setattr(experiment, "mnist", lambda folder: Split(some, some, some))
    args = parser("soft_decision_tree", scales=("smoke",)).parse_args([])

    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = {event["id"]: event for event in events if event["event"] == "measure"}
    claims = load_manifest("soft_decision_tree").claims
    assert {claim.id for claim in claims} <= set(measured)
    assert [one.id for one in claims if measured[one.id]["metric"] != one.metric] == []
