"""Gates, policies and block costs against what the three papers define."""

import io
import json
from types import SimpleNamespace

import pytest
import torch

from reproductions.protocol import Reporter
from reproductions.reference.layer_skipping import experiment, model


def network(seed=0, **options):
    torch.manual_seed(seed)
    net = model.GatedResNet(width=6, blocks=4, **options)
    for gate in net.gates:
        torch.nn.init.normal_(gate.open.weight, std=5.0)
        torch.nn.init.zeros_(gate.open.bias)
    return net


def test_skipping_blocks_gives_the_scores_of_the_gated_network():
    net, x = network().eval(), torch.rand(12, 1, 8, 8)

    scores, gates = net(x)
    one_by_one = [net.skip(image[None]) for image in x]

    assert 0 < gates.mean() < 1
    assert [count for _, count in one_by_one] == gates.sum(dim=1).round().int().tolist()
    assert torch.allclose(torch.cat([score for score, _ in one_by_one]), scores, atol=1e-5)


def test_given_gates_switch_blocks_on_and_off():
    net, x = network(), torch.rand(3, 1, 8, 8)

    none, _ = net(x, torch.zeros(3, 4))

    assert torch.allclose(none, net.answer(net.stem(x)))


@pytest.mark.parametrize("gate", [model.hard, model.hard_with_noise])
def test_hard_gates_are_zero_or_one_and_have_a_slope(gate):
    logits = torch.randn(200, requires_grad=True)

    g = gate(logits)
    g.sum().backward()

    assert set(g.detach().round(decimals=5).tolist()) <= {0.0, 1.0}
    assert (logits.grad > 0).all()


def test_gumbel_noise_opens_a_gate_as_often_as_its_probability():
    torch.manual_seed(0)

    opened = model.hard_with_noise(torch.full((40_000,), 1.0)).mean().item()

    assert opened == pytest.approx(torch.sigmoid(torch.tensor(1.0)).item(), abs=0.01)


def test_target_rate_is_met_over_the_batch_not_by_every_image():
    half = torch.tensor([[1.0, 0.0], [0.0, 1.0]])

    assert model.target_rate_loss(half, rate=0.5).item() == 0
    assert model.target_rate_loss(torch.ones(2, 2), rate=0.5).item() == pytest.approx(0.5)


def test_blockdrop_rewards_short_right_answers_and_punishes_wrong_ones():
    kept = torch.tensor([[1.0, 0.0], [1.0, 1.0], [0.0, 0.0]])
    correct = torch.tensor([True, True, False])

    reward = model.blockdrop_reward(kept, correct, penalty=5.0)

    assert reward.tolist() == [0.75, 0.0, -5.0]


def test_policy_never_excludes_a_block_and_never_insists_on_one():
    chance = model.Policy(blocks=4)(1000 * torch.rand(50, 1, 8, 8))

    assert chance.min() >= 0.2 - 1e-6
    assert chance.max() <= 0.8 + 1e-6


def test_policy_gradient_moves_towards_the_better_of_two_sets_of_blocks():
    torch.manual_seed(0)
    chance = torch.tensor([[0.5, 0.5]], requires_grad=True)
    few, many = torch.tensor([[0.0, 1.0]]), torch.tensor([[1.0, 1.0]])
    right = torch.tensor([True])
    gain = model.blockdrop_reward(few, right, 5.0) - model.blockdrop_reward(many, right, 5.0)

    likelihood = (few * chance.log() + (1 - few) * (1 - chance).log()).sum()
    (-(gain * likelihood)).sum().backward()

    assert chance.grad[0, 0] > 0  # descent lowers the chance to keep block 1
    assert chance.grad[0, 1] < 0


def test_resnet_110_costs_what_was_counted_before():
    rest, blocks = model.cifar_resnet_block_macs(18)

    assert len(blocks) == 54
    assert 2 * (rest + sum(blocks)) == 505_775_360
    assert sorted(set(blocks)) == [3_538_944, 4_718_592]


def test_published_cost_of_blockdrop_lies_between_the_two_ways_to_keep_its_blocks():
    stream = io.StringIO()
    with Reporter("layer_skipping", scale="exact", stream=stream) as report:
        experiment.published_costs(report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    cost = {line["id"]: line["value"] / 1e6 for line in lines if line["event"] == "measure"}
    assert cost["blockdrop-cifar-least"] < 181 < cost["blockdrop-cifar-most"] < 186


def test_smoke_run_trains_all_three():
    stream = io.StringIO()
    args = SimpleNamespace(scale="smoke", seed=0, device="cpu", data=None, out=None)

    with Reporter("layer_skipping", scale="smoke", stream=stream) as report:
        experiment.run(args, report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    measured = {line["id"]: line["value"] for line in lines if line["event"] == "measure"}
    for name in ("skipnet", "convnet-aig", "blockdrop"):
        assert 0 <= measured[f"{name}-blocks-used"] <= 100
        assert measured[f"{name}-accuracy-lost"] == pytest.approx(
            measured["dense-accuracy"] - measured[f"{name}-accuracy"]
        )
