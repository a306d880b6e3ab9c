"""Draw every estimator many times and lay mean and variance beside the closed forms.

A second part follows the estimators downhill: gradient descent on the expected gradients shows
where each of them comes to rest, and a crowd of stochastic runs shows that they really do.
"""

import argparse
import math

import torch

from reproductions.protocol import Reporter

from . import model

DRAWS = {"smoke": 20_000, "toy": 500_000}
STEPS = {"smoke": 400, "toy": 4_000}
TARGETS = (0.45, 0.2)
OPENINGS = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
TEMPERATURES = (1.0, 0.5, 0.1)
WORKED_EXAMPLE = {"p": 0.3, "t": 0.45}  # the gate should shut; straight-through opens it


def estimators() -> dict[str, model.Estimator]:
    """Every estimator under the name its measurements carry."""
    named: dict[str, model.Estimator] = {
        "reinforce": model.reinforce,
        "reinforce-baseline": model.reinforce_with_baseline,
        "straight-through": model.straight_through,
    }
    for temperature in TEMPERATURES:
        named[f"gumbel-softmax-{temperature}"] = model.gumbel_softmax(temperature)
        named[f"gumbel-st-{temperature}"] = model.gumbel_softmax(temperature, hard=True)
    return named


def analytic(name: str, p: float, t: float) -> tuple[float, float]:
    """Mean and variance the estimator must have."""
    if name == "reinforce":
        return model.true_gradient(p, t), model.reinforce_variance(p, t)
    if name == "reinforce-baseline":
        return model.true_gradient(p, t), 0.0
    if name == "straight-through":
        return model.straight_through_mean(p, t), model.straight_through_variance(p, t)
    kind, temperature = name.rsplit("-", 1)
    return model.gumbel_softmax_moments(p, t, float(temperature), hard=kind == "gumbel-st")


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Moments on a grid, one worked example, then the resting points."""
    draws = DRAWS[args.scale]
    named = estimators()
    for done, (name, estimator) in enumerate(named.items()):
        report.progress(done, len(named) + 1, f"{name}: {draws} draws per gate")
        compare_on_grid(report, name, estimator, draws, args.seed)
    report.progress(len(named), len(named) + 1, "descent")
    worked_example(report, named, draws, args.seed)
    descend(report, STEPS[args.scale], args.seed)


def compare_on_grid(
    report: Reporter, name: str, estimator: model.Estimator, draws: int, seed: int
) -> None:
    """Worst distance of the sampled from the analytic mean and variance, in standard errors."""
    worst_mean = worst_variance = 0.0
    for row, t in enumerate(TARGETS):
        for column, p in enumerate(OPENINGS):
            pair = seed * 1000 + row * len(OPENINGS) + column  # every pair draws for itself
            sample = model.gradient_samples(estimator, p, t, draws, pair)
            mean, variance = analytic(name, p, t)
            centred = sample - sample.mean()
            spread = centred.square().mean().item()
            if variance > 1e-20:
                mean_error = math.sqrt(spread / draws)
                variance_error = math.sqrt(
                    max(centred.pow(4).mean().item() - spread**2, 1e-12 * spread**2) / draws
                )
                worst_mean = max(worst_mean, abs(sample.mean().item() - mean) / mean_error)
                worst_variance = max(worst_variance, abs(spread - variance) / variance_error)
            bias = mean - model.true_gradient(p, t)
            report.point(
                f"bias, t={t}",
                p,
                sample.mean().item() - model.true_gradient(p, t),
                series=name,
                analytic=bias,
            )
            report.point(f"variance, t={t}", p, spread, series=name, analytic=variance)
    setting = f"{name}, one gate, {len(TARGETS) * len(OPENINGS)} pairs of p and t"
    report.measure(
        f"{name}-worst-mean",
        worst_mean,
        metric="distance",
        unit="standard errors",
        setting=setting,
        convention="sampled mean from closed form",
    )
    report.measure(
        f"{name}-worst-variance",
        worst_variance,
        metric="distance",
        unit="standard errors",
        setting=setting,
        convention="sampled variance from closed form",
    )


def worked_example(
    report: Reporter, named: dict[str, model.Estimator], draws: int, seed: int
) -> None:
    """Mean and variance of every estimator at one gate, as numbers one can check by hand."""
    p, t = WORKED_EXAMPLE["p"], WORKED_EXAMPLE["t"]
    for name, estimator in named.items():
        sample = model.gradient_samples(estimator, p, t, draws, seed)
        report.measure(
            f"{name}-example-mean",
            sample.mean().item(),
            metric="gradient",
            unit="1",
            setting=f"{name}, p={p}, t={t}",
            convention="mean over draws",
            standard_error=sample.std().item() / math.sqrt(draws),
        )
        report.measure(
            f"{name}-example-variance",
            sample.var().item(),
            metric="variance",
            unit="1",
            setting=f"{name}, p={p}, t={t}",
            convention="variance over draws",
        )


def descend(report: Reporter, steps: int, seed: int, rate: float = 1.0, crowd: int = 256) -> None:
    """Follow REINFORCE and straight-through from p = 1/2 with a crowd of noisy runs each."""
    t = WORKED_EXAMPLE["t"]
    for name, estimator in (
        ("reinforce", model.reinforce),
        ("straight-through", model.straight_through),
    ):
        noise = torch.Generator().manual_seed(seed)
        theta = torch.zeros(crowd, dtype=torch.float64, requires_grad=True)
        for step in range(steps):
            # a falling step size, so that noise dies out and the resting point is seen
            step_size = rate / math.sqrt(1 + step / 20)
            (gradient,) = torch.autograd.grad(estimator(theta, t, noise).sum(), theta)
            with torch.no_grad():
                theta -= step_size * gradient
            if step % (steps // 40) == 0:
                opening = torch.sigmoid(theta).mean().item()
                report.point(
                    "descent",
                    step,
                    opening,
                    series=name,
                    expected_loss=model.expected_loss(opening, t),
                )
        reached = torch.sigmoid(theta.detach())
        error = reached.std().item() / math.sqrt(crowd)
        setting = f"{name}, descent from p=0.5, t={t}, mean of {crowd} runs of {steps} steps"
        report.measure(
            f"{name}-resting-opening",
            reached.mean().item(),
            metric="probability",
            unit="1",
            setting=setting,
            standard_error=error,
        )
        level = model.expected_loss(reached.mean().item(), t)
        report.measure(
            f"{name}-excess-loss",
            level - min(t, 1 - t) ** 2,
            metric="loss",
            unit="1",
            setting=setting,
            convention="above the best gate",
        )
