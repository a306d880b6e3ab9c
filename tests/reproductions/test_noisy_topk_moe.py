"""The gate, the smooth load and the balance losses against what the paper defines."""

import io
import json
from types import SimpleNamespace

import pytest
import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count
from reproductions.reference.noisy_topk_moe import experiment, model


def layer(seed=0, experts=6, k=2):
    torch.manual_seed(seed)
    made = model.MixtureOfExperts(width=5, hidden=7, outputs=3, experts=experts, k=k)
    with torch.no_grad():
        made.gate.clean.normal_()
        made.gate.noise.normal_()
    return made


def test_every_example_has_k_gates_that_sum_to_one():
    gates, _ = layer(k=3).train().gate(torch.randn(50, 5))

    assert (gates > 0).sum(dim=1).tolist() == [3] * 50
    assert torch.allclose(gates.sum(dim=1), torch.ones(50))


def test_output_is_the_gated_sum_over_all_experts():
    mixture, x = layer().eval(), torch.randn(20, 5)

    y, _, _ = mixture(x)

    gates, _ = mixture.gate(x)
    every = torch.einsum(
        "bew,ewo->beo", torch.relu(torch.einsum("bi,eiw->bew", x, mixture.enter)), mixture.leave
    )
    assert torch.allclose(y, torch.einsum("be,beo->bo", gates, every), atol=1e-5)


def test_smooth_load_is_the_chance_to_be_chosen_when_one_noise_is_drawn_again():
    torch.manual_seed(1)
    clean, spread = torch.randn(1, 6), torch.rand(1, 6) + 0.3
    noisy = clean + torch.randn(1, 6) * spread

    load = model.smooth_load(clean, noisy, spread, k=2)

    for expert in range(6):
        again = noisy.repeat(40_000, 1)
        again[:, expert] = clean[0, expert] + spread[0, expert] * torch.randn(40_000)
        share = (again.topk(2, dim=1).indices == expert).any(dim=1).float().mean().item()
        assert load[expert].item() == pytest.approx(share, abs=4 * 0.5 / 200)


def test_smooth_load_has_a_gradient_where_the_hard_count_has_none():
    mixture = layer().train()

    _, _, load = mixture(torch.randn(30, 5))
    model.squared_cv(load).backward()

    assert mixture.gate.clean.grad.abs().sum() > 0
    assert load.sum().item() == pytest.approx(2 * 30, rel=0.35)


def test_squared_cv_is_zero_for_even_load_and_grows_with_the_imbalance():
    assert model.squared_cv(torch.full((4,), 3.0)).item() == pytest.approx(0)
    assert model.squared_cv(torch.tensor([4.0, 0, 0, 0])).item() == pytest.approx(3.0)


def test_parameters_are_two_gate_matrices_and_the_experts():
    counted = parameter_count(layer(experts=6))

    assert counted == model.parameters_in_closed_form(5, 7, 3, 6) == 2 * 5 * 6 + 6 * (5 * 7 + 7 * 3)


def test_untrained_gate_treats_all_experts_alike():
    gate = model.NoisyTopK(width=4, experts=8, k=2).train()

    _, load = gate(torch.randn(4000, 4))

    assert model.squared_cv(load.detach()).sqrt() < 0.1


def test_one_expert_for_all_is_refused():
    with pytest.raises(ValueError, match="runner-up"):
        model.NoisyTopK(width=4, experts=3, k=3)


def test_balance_losses_cut_the_variation_of_the_load():
    stream = io.StringIO()
    args = SimpleNamespace(scale="smoke", seed=0, device="cpu", data=None, out=None)

    with Reporter("noisy_topk_moe", scale="smoke", stream=stream) as report:
        experiment.run(args, report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    measured = {line["id"]: line["value"] for line in lines if line["event"] == "measure"}
    assert measured["w0.1-0.1-cv-load"] < measured["w0-0-cv-load"]
    assert measured["cv-load-ratio"] == pytest.approx(
        measured["w0.1-0.1-cv-load"] / measured["w0-0-cv-load"]
    )
    assert measured["w0.1-0.1-error"] < 1
