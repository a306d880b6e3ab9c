"""The halting distribution, the prior and the loss against the paper's equations."""

import io
import json
from types import SimpleNamespace

import pytest
import torch

from reproductions.protocol import Reporter
from reproductions.reference.pondernet import experiment, model


def coin(probability, limit=5):
    """A network that stops with the same probability at every step."""
    torch.manual_seed(0)
    net = model.PonderNet(4, 6, 1, limit)
    torch.nn.init.zeros_(net.stop.weight)
    torch.nn.init.constant_(net.stop.bias, torch.logit(torch.tensor(probability)).item())
    return net


def test_halting_probabilities_are_geometric_for_a_constant_coin_and_sum_to_one():
    pondered = coin(0.3)(torch.randn(7, 4))

    expected = [0.3, 0.3 * 0.7, 0.3 * 0.49, 0.3 * 0.343, 0.7**4]
    assert pondered.halting[:, 0].tolist() == pytest.approx(expected, abs=1e-6)
    assert torch.allclose(pondered.halting.sum(dim=0), torch.ones(7))
    by_hand = sum(n * p for n, p in enumerate(expected, start=1))
    assert pondered.expected_steps()[0].item() == pytest.approx(by_hand, abs=1e-5)


def test_sampled_halting_follows_the_probabilities():
    net = coin(0.3)

    _, steps = net.infer(torch.randn(20_000, 4), torch.Generator().manual_seed(1))

    share = torch.bincount(steps, minlength=6)[1:] / 20_000
    expected = net(torch.randn(1, 4)).halting[:, 0]
    assert torch.allclose(share, expected, atol=4 * 0.5 / 20_000**0.5)


def test_sampled_answer_is_the_answer_of_the_step_it_stopped_at():
    net, x = coin(0.3), torch.randn(50, 4)

    answers, steps = net.infer(x, torch.Generator().manual_seed(2))

    every = net(x).answers[:, :, 0]  # (steps, batch)
    assert torch.allclose(answers[:, 0], every[steps - 1, torch.arange(50)], atol=1e-6)


def test_prior_is_normalised_and_falls_geometrically():
    prior = model.geometric(0.2, 8)

    assert prior.sum().item() == pytest.approx(1)
    assert (prior[1:] / prior[:-1]).tolist() == pytest.approx([0.8] * 7)


def test_loss_is_the_expected_loss_when_halting_follows_the_prior():
    losses = torch.rand(5, 3)
    halting = model.geometric(0.2, 5)[:, None].expand(5, 3)
    pondered = model.Pondered(torch.zeros(5, 3, 1), halting)

    loss = model.ponder_loss(pondered, losses, lambda_p=0.2, beta=10.0)

    assert loss.item() == pytest.approx((halting * losses).sum(dim=0).mean().item(), abs=1e-6)


def test_divergence_from_the_prior_is_penalised():
    surely_first = torch.tensor([1.0, 0, 0, 0, 0])[:, None]
    pondered = model.Pondered(torch.zeros(5, 1, 1), surely_first)

    loss = model.ponder_loss(pondered, torch.zeros(5, 1), lambda_p=0.2, beta=0.5)

    expected = 0.5 * -torch.log(model.geometric(0.2, 5)[0]).item()
    assert loss.item() == pytest.approx(expected, abs=1e-5)


def test_extrapolation_vectors_have_more_bits_set_than_training_vectors():
    noise = torch.Generator().manual_seed(0)

    x, odd, count = experiment.parity(300, 8, least=5, most=8, noise=noise)

    assert sorted(set(count.tolist())) == [5, 6, 7, 8]
    assert ((x == 1).sum(dim=1) % 2).tolist() == odd.tolist()


def test_smoke_run_learns_something():
    stream = io.StringIO()
    args = SimpleNamespace(scale="smoke", seed=0, device="cpu", data=None, out=None)

    with Reporter("pondernet", scale="smoke", stream=stream) as report:
        experiment.run(args, report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    measured = {line["id"]: line["value"] for line in lines if line["event"] == "measure"}
    losses = [line["y"] for line in lines if line.get("curve") == "loss while training"]
    assert measured["prior-0.2-error"] < 50
    assert 1 <= measured["prior-0.2-steps"] <= 5
    assert losses[-1] < losses[0]
