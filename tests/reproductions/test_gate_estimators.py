"""The estimators against closed forms that are derived here a second time."""

import math

import pytest
import torch

from reproductions.reference.gate_estimators import model
from reproductions.reference.gate_estimators.experiment import analytic, estimators

GATES = [(0.05, 0.45), (0.3, 0.45), (0.5, 0.2), (0.8, 0.2), (0.95, 0.7)]


@pytest.mark.parametrize("name", estimators())
@pytest.mark.parametrize(("p", "t"), GATES)
def test_sampled_mean_and_variance_agree_with_the_closed_form(name, p, t):
    sample = model.gradient_samples(estimators()[name], p, t, samples=40_000, seed=3)

    mean, variance = analytic(name, p, t)
    assert abs(sample.mean().item() - mean) <= 4 * math.sqrt(variance / 40_000) + 1e-12
    fourth = (sample - sample.mean()).pow(4).mean().item()
    slack = 4.5 * math.sqrt(max(fourth - variance**2, 0) / 40_000)
    assert sample.var().item() == pytest.approx(variance, abs=slack + 1e-12)


@pytest.mark.parametrize(("p", "t"), GATES)
def test_true_gradient_is_the_slope_of_the_expected_loss(p, t):
    step = 1e-6
    here = model.logit(p)

    def loss_at(theta):
        return model.expected_loss(1 / (1 + math.exp(-theta)), t)

    slope = (loss_at(here + step) - loss_at(here - step)) / (2 * step)

    assert model.true_gradient(p, t) == pytest.approx(slope, abs=1e-9)


def test_straight_through_points_the_wrong_way_between_the_target_and_the_shut_gate():
    for p in (0.05, 0.2, 0.4):
        assert model.true_gradient(p, t=0.45) > 0 > model.straight_through_mean(p, t=0.45)


def test_straight_through_rests_where_the_gate_opens_as_often_as_the_target_says():
    for t in (0.1, 0.45, 0.8):
        assert model.straight_through_mean(t, t) == 0
        assert (
            model.straight_through_mean(t + 0.05, t) > 0 > model.straight_through_mean(t - 0.05, t)
        )


def test_gumbel_softmax_at_temperature_one_has_a_closed_form():
    # z = a u / (a u + 1 - u) for uniform u; its moments are elementary in a = exp(theta)
    def soft_loss(theta, t):
        a = math.exp(theta)
        k = a - 1
        first = a * (1 / k - math.log(a) / k**2)
        second = a**2 * (1 - 2 * math.log(a) / k + 1 / a) / k**2
        return second - 2 * t * first + t * t

    for p, t in GATES:
        if p != 0.5:
            theta, step = model.logit(p), 1e-5
            slope = (soft_loss(theta + step, t) - soft_loss(theta - step, t)) / (2 * step)
            mean, _ = model.gumbel_softmax_moments(p, t, temperature=1.0)
            assert mean == pytest.approx(slope, abs=1e-6)


def test_gumbel_softmax_trades_bias_for_variance_as_it_cools():
    moments = [model.gumbel_softmax_moments(0.3, 0.45, tau) for tau in (1.0, 0.5, 0.2, 0.05)]

    biases = [abs(mean - model.true_gradient(0.3, 0.45)) for mean, _ in moments]
    variances = [variance for _, variance in moments]
    assert biases[-1] < 0.2 * biases[0]
    assert variances == sorted(variances)


def test_best_baseline_leaves_no_scatter():
    sample = model.gradient_samples(model.reinforce_with_baseline, 0.3, 0.45, samples=1000)

    assert torch.allclose(sample, torch.full_like(sample, model.true_gradient(0.3, 0.45)))
