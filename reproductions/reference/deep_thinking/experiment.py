"""Learn the running parity of short bit strings, then think longer about longer ones."""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor

from reproductions.protocol import Reporter

from .model import DeepThinking, macs_per_pass, progressive_loss


@dataclass(frozen=True)
class Recipe:
    """Trained on `bits` with at most `passes`; tested on `longer` with `more` passes."""

    bits: int
    passes: int
    longer: int
    more: int
    width: int
    updates: int
    batch: int
    rate: float
    seeds: int


RECIPES = {
    "smoke": Recipe(4, 4, 8, 8, width=16, updates=60, batch=64, rate=3e-3, seeds=1),
    "toy": Recipe(8, 8, 16, 24, width=32, updates=800, batch=48, rate=2e-3, seeds=3),
    "reduced": Recipe(16, 15, 32, 60, width=64, updates=8000, batch=100, rate=1e-3, seeds=3),
    "full": Recipe(32, 30, 512, 500, width=400, updates=15_000, batch=100, rate=1e-3, seeds=1),
}
BOTH, NEITHER = ("recall-progressive", True, 1.0), ("plain", False, 0.0)
ABLATIONS = (BOTH, ("recall", True, 0.0), ("progressive", False, 1.0), NEITHER)


def prefix_sums(batch: int, bits: int, draw: torch.Generator) -> tuple[Tensor, Tensor]:
    """Random bits x (batch, 1, bits) as numbers, and the parity of every prefix (batch, bits)."""
    found = torch.randint(0, 2, (batch, bits), generator=draw)
    return found[:, None, :].float(), found.cumsum(dim=1) % 2


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Sizes at exact scale; else every variant for every seed."""
    if args.scale in ("exact", "smoke"):
        sizes(report)
    if args.scale == "exact":
        return
    recipe = RECIPES[args.scale]
    variants = ABLATIONS if args.scale in ("reduced", "full") else (BOTH, NEITHER)
    for number in range(recipe.seeds):
        seed = args.seed + number
        found = {each[0]: train(args, report, recipe, seed, *each) for each in variants}
        for id, column, when in (("gained", 0, "last pass"), ("gained-at-peak", 1, "best pass")):
            report.measure(
                f"{id}-on-longer-strings",
                found[BOTH[0]][column] - found[NEITHER[0]][column],
                metric="accuracy_difference",
                unit="%",
                setting=f"{recipe.longer} bits, recall and progressive loss against neither",
                convention=f"whole string right, {when}",
                seed=seed,
            )


def sizes(report: Reporter) -> None:
    """Parameters and cost of the network of the paper."""
    net = DeepThinking(400)
    counted = sum(parameter.numel() for parameter in net.parameters())
    report.measure(
        "parameters",
        counted,
        metric="params",
        unit="1",
        setting="prefix sums, recall, width 400",
        convention="params:trainable",
    )
    report.measure(
        "macs-per-pass",
        macs_per_pass(net, 32),
        metric="macs",
        unit="1",
        setting="one pass and one reading at 32 bits",
        convention="mac:conv-fc",
    )


def train(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    seed: int,
    name: str,
    recall: bool,
    alpha: float,
) -> tuple[float, float]:
    """Train one variant; return its accuracy (%) on longer strings, last pass and best pass."""
    torch.manual_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    net = DeepThinking(recipe.width, recall=recall).to(args.device)
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    for step in range(1, recipe.updates + 1):
        x, y = prefix_sums(recipe.batch, recipe.bits, draw)
        loss = progressive_loss(
            net, x.to(args.device), y.to(args.device), recipe.passes, alpha, draw
        )
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        if step % max(1, recipe.updates // 10) == 0:
            report.progress(step, recipe.updates, f"{name}, seed {seed}: loss {loss.item():.4f}")
            report.point("loss while training", step, loss.item(), series=name, seed=seed)
    inside = by_pass(args, report, net, recipe.bits, recipe, name, seed)
    longer = by_pass(args, report, net, recipe.longer, recipe, name, seed)
    for id, bits, curve in (("trained", recipe.bits, inside), ("longer", recipe.longer, longer)):
        setting = f"prefix sums, {name}, trained on {recipe.bits} bits, tested on {bits}"
        report.measure(
            f"{name}-{id}",
            curve[-1],
            metric="accuracy",
            unit="%",
            setting=setting,
            convention=f"whole string right, after {recipe.more} passes",
            seed=seed,
        )
        report.measure(
            f"{name}-{id}-peak",
            max(curve),
            metric="accuracy",
            unit="%",
            setting=setting,
            convention="whole string right, best pass",
            seed=seed,
        )
    return longer[-1], max(longer)


def by_pass(
    args: argparse.Namespace,
    report: Reporter,
    net: DeepThinking,
    bits: int,
    recipe: Recipe,
    name: str,
    seed: int,
) -> list[float]:
    """Share (%) of 1000 fresh strings with every bit right, after each pass."""
    x, y = prefix_sums(1000, bits, torch.Generator().manual_seed(20_000 + seed))
    found = net.answers(x.to(args.device), recipe.more).cpu()  # (passes, 1000, bits)
    right = 100 * (found == y).all(dim=2).float().mean(dim=1)  # (passes,)
    for number, share in enumerate(right.tolist(), start=1):
        report.point(f"accuracy against passes, {bits} bits", number, share, series=name, seed=seed)
    return right.tolist()
