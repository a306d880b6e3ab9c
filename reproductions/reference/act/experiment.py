"""Parity: does pondering let a small recurrent network solve what one update cannot?

The paper's first task (section 3.1).  A vector holds a random number of -1 and +1 and zeros
elsewhere; the answer is whether the number of +1 is odd.  Everything is shown at once, so that
only repeated updates can count.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .model import ACT


@dataclass(frozen=True)
class Recipe:
    """Size of the task and of the training."""

    bits: int
    units: int
    updates: int
    batch: int
    rate: float
    seeds: int
    taus: tuple[float, ...]


RECIPES = {
    "smoke": Recipe(bits=4, units=32, updates=150, batch=64, rate=3e-3, seeds=1, taus=(1e-3,)),
    "toy": Recipe(bits=6, units=64, updates=1500, batch=64, rate=2e-3, seeds=3, taus=(1e-3,)),
    "reduced": Recipe(
        bits=8, units=128, updates=10_000, batch=128, rate=1e-3, seeds=5, taus=(1e-3,)
    ),
    "full": Recipe(
        bits=64,
        units=128,
        updates=1_000_000,
        batch=128,
        rate=1e-4,
        seeds=20,
        taus=(1e-1, 1e-2, 1e-3, 1e-4),
    ),
}


def parity(batch: int, bits: int, noise: torch.Generator) -> tuple[Tensor, Tensor, Tensor]:
    """x (batch, bits) in {-1, 0, 1}, whether the count of +1 is odd (batch,), and how many are set.

    Between 1 and all bits are set, each to -1 or +1, the others are zero.
    """
    count = torch.randint(1, bits + 1, (batch, 1), generator=noise)
    rank = torch.rand(batch, bits, generator=noise).argsort(dim=1).argsort(dim=1)
    sign = 2.0 * torch.randint(0, 2, (batch, bits), generator=noise) - 1
    x = sign * (rank < count)
    return x, (x > 0).sum(dim=1) % 2, count[:, 0]


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Every seed without ACT, then with it at every time penalty."""
    recipe = RECIPES[args.scale]
    for number in range(recipe.seeds):
        seed = args.seed + number
        plain = train(args, report, recipe, seed, tau=None)
        found = [train(args, report, recipe, seed, tau=tau) for tau in recipe.taus]
        report.measure(
            "error-ratio",
            min(found) / max(plain, 1e-4),
            metric="ratio",
            unit="1",
            setting=f"parity of {recipe.bits} bits: best error with ACT over error without",
            seed=seed,
        )


def train(
    args: argparse.Namespace, report: Reporter, recipe: Recipe, seed: int, tau: float | None
) -> float:
    """Train one network, tau=None without pondering; return its error on fresh vectors."""
    torch.manual_seed(seed)
    noise = torch.Generator().manual_seed(seed)
    net = ACT(recipe.bits, recipe.units, 1, ponders=tau is not None).to(args.device)
    name = "no-act" if tau is None else f"act-{tau:g}"
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    for step in range(1, recipe.updates + 1):
        x, odd, _ = parity(recipe.batch, recipe.bits, noise)
        thought = net(x.to(args.device), net.start(recipe.batch))
        loss = F.binary_cross_entropy_with_logits(thought.answer[:, 0], odd.float().to(args.device))
        loss = loss + (tau or 0.0) * thought.ponder.mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % max(1, recipe.updates // 10) == 0:
            error, steps = check(args, net, recipe, seed)
            report.progress(step, recipe.updates, f"{name}, seed {seed}: {error:.1%} wrong")
            report.point("error while training", step, error, series=name, seed=seed)
            report.point("ponder steps while training", step, steps, series=name, seed=seed)
    return conclude(args, report, net, recipe, seed, name)


@torch.no_grad()
def check(args: argparse.Namespace, net: ACT, recipe: Recipe, seed: int) -> tuple[float, float]:
    """Share of wrong answers and mean number of updates on 4096 fresh vectors."""
    x, odd, _ = parity(4096, recipe.bits, torch.Generator().manual_seed(10_000 + seed))
    thought = net(x.to(args.device), net.start(4096))
    wrong = (thought.answer[:, 0].cpu() > 0).long() != odd
    return wrong.float().mean().item(), thought.steps.mean().item()


@torch.no_grad()
def conclude(
    args: argparse.Namespace, report: Reporter, net: ACT, recipe: Recipe, seed: int, name: str
) -> float:
    """Report error and ponder steps, in all and by the number of bits that are set."""
    x, odd, count = parity(8192, recipe.bits, torch.Generator().manual_seed(20_000 + seed))
    thought = net(x.to(args.device), net.start(8192))
    wrong = ((thought.answer[:, 0].cpu() > 0).long() != odd).float()
    steps = thought.steps.cpu()
    setting = f"parity of {recipe.bits} bits, {recipe.units} units, {recipe.updates} updates"
    error = wrong.mean().item()
    report.measure(
        f"{name}-error", 100 * error, metric="error", unit="%", setting=setting, seed=seed
    )
    report.measure(
        f"{name}-steps",
        steps.mean().item(),
        metric="steps",
        unit="steps",
        setting=setting,
        seed=seed,
    )
    for bits in range(1, recipe.bits + 1):
        here = count == bits
        report.point(
            "ponder steps against difficulty",
            bits,
            steps[here].mean().item(),
            series=name,
            seed=seed,
        )
        report.point(
            "error against difficulty", bits, wrong[here].mean().item(), series=name, seed=seed
        )
    report.point("error against ponder steps", steps.mean().item(), error, series=name, seed=seed)
    return error
