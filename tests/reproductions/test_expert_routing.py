"""Routing: who goes where, who is turned away, and what pulls the loads together."""

import math

import pytest
import torch

from reproductions.datasets.text import Text
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import Reporter, parser
from reproductions.reference.expert_routing import experiment, model

TABLE = torch.arange(16) % 4


def layer(routing: str, count: int = 4) -> model.Experts:
    torch.manual_seed(0)
    return model.Experts(6, 8, count, routing, TABLE)


def test_each_token_gets_its_expert_times_its_gate():
    experts, x = layer("switch"), torch.rand(20, 6)

    routed = experts(x, torch.zeros(20, dtype=torch.long), factor=4.0)

    p = experts.router(x).softmax(dim=1)
    gate, chosen = p.max(dim=1)
    for row in range(20):
        expected = gate[row] * experts.experts[chosen[row]](x[row])
        assert torch.allclose(routed.y[row], expected, atol=1e-6)
    assert routed.dropped == 0
    assert routed.load.tolist() == torch.bincount(chosen, minlength=4).tolist()


def test_who_comes_after_the_capacity_is_dropped_and_keeps_x():
    experts, x = layer("hash"), torch.rand(20, 6)
    last = torch.zeros(20, dtype=torch.long)  # all of them to one expert

    routed = experts(x, last, factor=1.0)

    assert routed.dropped == pytest.approx(15 / 20)
    assert (routed.y[:5].abs().sum(dim=1) > 0).all()
    assert (routed.y[5:] == 0).all()


def test_the_balance_loss_is_one_when_even_and_its_gradient_evens_out():
    experts = layer("switch")
    with torch.no_grad():
        experts.router.weight.zero_()
        experts.router.weight[0] += 1
    x = torch.ones(12, 6)

    balance = experts(x, torch.zeros(12, dtype=torch.long), 4.0).balance
    balance.backward()

    p = experts.router(x).softmax(dim=1)[0, 0].item()
    assert balance.item() == pytest.approx(4 * p)
    assert experts.router.weight.grad[0].sum() > 0 > experts.router.weight.grad[1].sum()


def test_the_bias_moves_against_the_load_and_decides_who_is_chosen():
    experts, x = layer("bias"), torch.rand(20, 6)
    last = torch.zeros(20, dtype=torch.long)
    before = experts(x, last, 4.0)

    experts.rebalance(before.load, 0.5)

    assert torch.equal(experts.bias.sign(), torch.sign(before.load.mean() - before.load))
    after = experts(x, last, 4.0)
    assert after.load[before.load.argmax()] < before.load.max()


def test_a_dense_layer_is_one_expert_with_gate_one():
    dense = model.CharacterModel(16, "dense", TABLE, units=6, inner=8)
    contexts = torch.randint(0, 16, (10, 8))

    _, routed = dense(contexts, 1.25)

    assert len(dense.layer.experts) == 1
    assert routed.dropped == 0
    assert routed.balance.item() == pytest.approx(1.0)


def test_the_most_frequent_characters_go_to_the_emptiest_bucket():
    table = model.balanced_table([50, 1, 30, 20, 10], 2)

    filled = [
        sum(c for c, e in zip([50, 1, 30, 20, 10], table, strict=True) if e == k) for k in (0, 1)
    ]
    assert table[0] != table[2]
    assert abs(filled[0] - filled[1]) <= 10


def test_experts_that_choose_take_their_best_and_leave_the_rest():
    experts, x = layer("expert-choice"), torch.rand(20, 6)

    routed = experts(x, torch.zeros(20, dtype=torch.long), factor=1.25)

    p = experts.router(x).softmax(dim=1)
    taken = [p[:, expert].topk(5).indices for expert in range(4)]
    expected = torch.zeros_like(x)
    for expert, rows in enumerate(taken):
        for row in rows:
            expected[row] += p[row, expert] * experts.experts[expert](x[row])
    assert torch.allclose(routed.y, expected, atol=1e-6)
    assert routed.load.tolist() == [5, 5, 5, 5]
    assert routed.dropped == pytest.approx(1 - len(torch.cat(taken).unique()) / 20)


def test_the_z_loss_is_the_squared_logarithm_of_the_normaliser():
    experts = layer("switch-z")
    with torch.no_grad():
        experts.router.weight.zero_()

    z = experts(torch.rand(12, 6), torch.zeros(12, dtype=torch.long), 4.0).z

    assert z.item() == pytest.approx(math.log(4) ** 2)


def test_a_smoke_run_measures_every_claim(monkeypatch, capsys):
    text = Text(*("in the beginning was the word, and the word was with god\n" * 60,) * 3)
    monkeypatch.setattr(experiment, "king_james", lambda folder: text)
    args = parser("expert_routing", scales=("smoke",)).parse_args([])
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    shown = capsys.readouterr().out
    claims = load_manifest("expert_routing").claims
    assert [claim.id for claim in claims if f'"id": "{claim.id}"' not in shown] == []
