"""Halting, remainder and mixing against the definitions, and the parity task."""

import io
import json
from types import SimpleNamespace

import pytest
import torch

from reproductions.protocol import Reporter
from reproductions.reference.act import experiment, model


def pondering(halting, limit=20, epsilon=0.01):
    """A network whose halting unit always says the same."""
    torch.manual_seed(0)
    net = model.ACT(3, 5, 1, limit=limit, epsilon=epsilon)
    torch.nn.init.zeros_(net.halt.weight)
    torch.nn.init.constant_(net.halt.bias, torch.logit(torch.tensor(halting)).item())
    return net


@pytest.mark.parametrize(
    ("halting", "steps", "remainder"), [(0.995, 1, 1.0), (0.6, 2, 0.4), (0.3, 4, 0.1)]
)
def test_pondering_ends_when_the_scores_reach_one(halting, steps, remainder):
    net = pondering(halting)

    thought = net(torch.randn(7, 3), net.start(7))

    assert thought.steps.tolist() == [steps] * 7
    assert thought.ponder.tolist() == pytest.approx([steps + remainder] * 7, abs=1e-5)


def test_answer_and_state_are_the_halting_weighted_means():
    net, x = pondering(0.3), torch.randn(4, 3)

    thought = net(x, net.start(4))

    state, states = net.start(4), []
    for n in range(4):
        flag = torch.full((4, 1), float(n == 0))
        state = torch.tanh(net.read(torch.cat([x, flag], dim=1)) + net.carry(state))
        states.append(state)
    mixed = 0.3 * (states[0] + states[1] + states[2]) + 0.1 * states[3]
    assert torch.allclose(thought.state, mixed, atol=1e-5)
    assert torch.allclose(thought.answer, net.answer(mixed), atol=1e-5)


def test_limit_ends_every_thought():
    net = pondering(0.01, limit=6)

    thought = net(torch.randn(2, 3), net.start(2))

    assert thought.steps.tolist() == [6, 6]
    assert thought.ponder.tolist() == pytest.approx([6.95] * 2, abs=1e-4)


def test_examples_in_a_batch_ponder_for_themselves():
    torch.manual_seed(0)
    net = model.ACT(3, 5, 1)
    torch.nn.init.normal_(net.halt.weight, std=3.0)
    torch.nn.init.constant_(net.halt.bias, -2.0)
    x = torch.randn(16, 3)

    together = net(x, net.start(16))

    alone = [net(row[None], net.start(1)) for row in x]
    assert len(set(together.steps.tolist())) > 1
    assert together.steps.tolist() == [one.steps.item() for one in alone]
    assert torch.allclose(together.answer, torch.cat([one.answer for one in alone]), atol=1e-5)


def test_ponder_cost_pushes_towards_earlier_halting():
    net = pondering(0.3)

    net(torch.randn(4, 3), net.start(4)).ponder.mean().backward()

    assert net.halt.bias.grad.item() < 0  # descent raises the halting scores


def test_without_pondering_there_is_one_update():
    torch.manual_seed(0)
    net, x = model.ACT(3, 5, 1, ponders=False), torch.randn(4, 3)

    thought = net(x, net.start(4))

    state = torch.tanh(net.read(torch.cat([x, torch.ones(4, 1)], dim=1)))
    assert thought.steps.tolist() == [1] * 4
    assert torch.allclose(thought.answer, net.answer(state), atol=1e-6)


def test_parity_vectors_have_the_announced_number_of_bits_and_the_right_answer():
    x, odd, count = experiment.parity(500, 6, torch.Generator().manual_seed(0))

    assert (x != 0).sum(dim=1).tolist() == count.tolist()
    assert ((x == 1).sum(dim=1) % 2).tolist() == odd.tolist()
    assert sorted(set(count.tolist())) == [1, 2, 3, 4, 5, 6]
    assert 0.4 < odd.float().mean() < 0.6


def test_smoke_run_learns_something_and_reports_steps_by_difficulty():
    stream = io.StringIO()
    args = SimpleNamespace(scale="smoke", seed=0, device="cpu", data=None, out=None)

    with Reporter("act", scale="smoke", stream=stream) as report:
        experiment.run(args, report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    measured = {line["id"]: line["value"] for line in lines if line["event"] == "measure"}
    by_bits = [line for line in lines if line.get("curve") == "ponder steps against difficulty"]
    assert measured["no-act-steps"] == 1
    assert measured["act-0.001-steps"] > 1
    assert measured["act-0.001-error"] < 45
    assert {line["x"] for line in by_bits} == {1, 2, 3, 4}
