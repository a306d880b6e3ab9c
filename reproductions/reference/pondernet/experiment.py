"""Parity with PonderNet: solve it, think longer for more bits, and go beyond what was trained.

A vector holds a random number of -1 and +1 and zeros elsewhere; the answer is whether the number
of +1 is odd (section 3.1 of the paper, 64 bits there).
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .model import PonderNet, ponder_loss


@dataclass(frozen=True)
class Recipe:
    """Size of the task and of the training; the last two columns are the paper's Eq. 4."""

    bits: int
    units: int
    updates: int
    batch: int
    rate: float
    seeds: int
    limit: int
    priors: tuple[float, ...] = (0.2,)
    beta: float = 0.01


RECIPES = {
    "smoke": Recipe(bits=4, units=32, updates=150, batch=64, rate=3e-3, seeds=1, limit=5),
    "toy": Recipe(bits=5, units=48, updates=1000, batch=64, rate=3e-3, seeds=3, limit=8),
    "reduced": Recipe(
        bits=8, units=128, updates=8000, batch=128, rate=1e-3, seeds=5, limit=20, priors=(0.1, 0.3)
    ),
    "full": Recipe(
        bits=64,
        units=128,
        updates=500_000,
        batch=128,
        rate=3e-4,
        seeds=30,
        limit=20,
        priors=(0.1,),
    ),
}


def parity(
    batch: int, bits: int, least: int, most: int, noise: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """x (batch, bits) in {-1, 0, 1}, whether the count of +1 is odd (batch,), and how many are set.

    Between `least` and `most` bits are set, each to -1 or +1, the others are zero.
    """
    count = torch.randint(least, most + 1, (batch, 1), generator=noise)
    rank = torch.rand(batch, bits, generator=noise).argsort(dim=1).argsort(dim=1)
    sign = 2.0 * torch.randint(0, 2, (batch, bits), generator=noise) - 1
    x = sign * (rank < count)
    return x, (x > 0).sum(dim=1) % 2, count[:, 0]


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Interpolation for every seed and prior; at reduced and full scale extrapolation too."""
    recipe = RECIPES[args.scale]
    for number in range(recipe.seeds):
        seed = args.seed + number
        for prior in recipe.priors:
            name = f"prior-{prior:g}"
            net = train(args, report, recipe, seed, prior, recipe.bits, recipe.bits)
            conclude(args, report, net, recipe, seed, name, 1, recipe.bits, recipe.bits)
        if args.scale in ("reduced", "full"):
            bits = 96 if args.scale == "full" else recipe.bits
            net = train(args, report, recipe, seed, recipe.priors[0], bits // 2, bits)
            conclude(args, report, net, recipe, seed, "inside", 1, bits // 2, bits)
            conclude(args, report, net, recipe, seed, "beyond", bits // 2 + 1, bits, bits)


def train(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    seed: int,
    prior: float,
    most: int,
    bits: int,
) -> PonderNet:
    """Train on vectors with 1 to `most` of `bits` bits set."""
    torch.manual_seed(seed)
    noise = torch.Generator().manual_seed(seed)
    net = PonderNet(bits, recipe.units, 1, recipe.limit).to(args.device)
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    for step in range(1, recipe.updates + 1):
        x, odd, _ = parity(recipe.batch, bits, 1, most, noise)
        pondered = net(x.to(args.device))
        answers = pondered.answers[:, :, 0]  # (steps, batch)
        target = odd.float().to(args.device).expand_as(answers)
        losses = F.binary_cross_entropy_with_logits(answers, target, reduction="none")
        loss = ponder_loss(pondered, losses, prior, recipe.beta)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % max(1, recipe.updates // 10) == 0:
            steps = pondered.expected_steps().mean().item()
            report.progress(step, recipe.updates, f"seed {seed}: loss {loss.item():.4f}")
            report.point("ponder steps while training", step, steps, series=f"seed {seed}")
            report.point("loss while training", step, loss.item(), series=f"seed {seed}")
    return net


@torch.no_grad()
def conclude(
    args: argparse.Namespace,
    report: Reporter,
    net: PonderNet,
    recipe: Recipe,
    seed: int,
    name: str,
    least: int,
    most: int,
    bits: int,
) -> None:
    """Halt by the coin on 8192 fresh vectors; report error and steps, also by bits set."""
    noise = torch.Generator().manual_seed(20_000 + seed)
    x, odd, count = parity(8192, bits, least, most, noise)
    answers, steps = net.infer(x.to(args.device), noise)
    wrong = ((answers[:, 0].cpu() > 0).long() != odd).float()
    error, mean_steps = wrong.mean().item(), steps.float().mean().item()
    setting = f"parity of {bits} bits, {least} to {most} set, {recipe.updates} updates"
    report.measure(
        f"{name}-error",
        100 * error,
        metric="error",
        unit="%",
        setting=setting,
        seed=seed,
        standard_error=100 * (error * (1 - error) / 8192) ** 0.5,
    )
    report.measure(
        f"{name}-accuracy",
        100 - 100 * error,
        metric="accuracy",
        unit="%",
        setting=setting,
        seed=seed,
    )
    report.measure(
        f"{name}-steps", mean_steps, metric="steps", unit="steps", setting=setting, seed=seed
    )
    for number in range(least, most + 1):
        here = count == number
        report.point(
            "ponder steps against difficulty",
            number,
            steps[here].float().mean().item(),
            series=name,
            seed=seed,
        )
        report.point(
            "error against difficulty", number, wrong[here].mean().item(), series=name, seed=seed
        )
    report.point("error against ponder steps", mean_steps, error, series=name, seed=seed)
    for number in range(1, net.limit + 1):
        report.point(
            "halting times", number, (steps == number).float().mean().item(), series=name, seed=seed
        )
