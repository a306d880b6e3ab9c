"""Parity, trained on few bits and asked about more: ACT at several prices, PonderNet at priors.

A vector of `bits` places holds -1 or +1 at some places and 0 elsewhere; is the number of +1 odd?
Training sets 1 to half of the places, the test (section 3.1 of PonderNet) also those beyond.
"""

import argparse
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from reproductions.protocol import Reporter

from .model import Steps, Thinker, act, act_loss, halted_by_chance, ponder_loss

TESTED = 8192


@dataclass(frozen=True)
class Recipe:
    """Task, training, and what is tried: prices tau of ACT, priors lambda_p of PonderNet."""

    bits: int = 8
    units: int = 64
    updates: int = 3000
    batch: int = 128
    rate: float = 2e-3
    limit: int = 10
    prices: tuple[float, ...] = (0.001, 0.01, 0.1)
    priors: tuple[float, ...] = (0.1, 0.2, 0.4)
    beta: float = 0.01


RECIPES = {"smoke": Recipe(updates=20), "reduced": Recipe()}


@dataclass(frozen=True)
class Way:
    """How to halt: its name, its loss, and how it answers: logits and steps, (batch,) each."""

    name: str
    first_bias: float
    loss: Callable[[Steps, Tensor], Tensor]
    answer: Callable[[Steps, torch.Generator], tuple[Tensor, Tensor]]


def ways(recipe: Recipe) -> list[Way]:
    """All that are compared; ACT's halting bias begins at 1, as in its paper."""

    def by_act(steps: Steps, noise: torch.Generator) -> tuple[Tensor, Tensor]:
        halted = act(steps)
        return halted.answer(steps), halted.steps

    def priced(tau: float) -> Way:
        return Way(f"act-{tau:g}", 1.0, lambda steps, t: act_loss(steps, t, tau), by_act)

    def prior(lambda_p: float) -> Way:
        return Way(
            f"ponder-{lambda_p:g}",
            0.0,
            lambda steps, t: ponder_loss(steps, t, lambda_p, recipe.beta),
            halted_by_chance,
        )

    return [priced(tau) for tau in recipe.prices] + [prior(each) for each in recipe.priors]


def parity(
    batch: int, bits: int, least: int, most: int, noise: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """x (batch, bits), whether its +1 are odd in number (batch,), and how many places are set."""
    count = torch.randint(least, most + 1, (batch, 1), generator=noise)
    rank = torch.rand(batch, bits, generator=noise).argsort(dim=1).argsort(dim=1)
    sign = 2.0 * torch.randint(0, 2, (batch, bits), generator=noise) - 1
    x = sign * (rank < count)
    return x, ((x > 0).sum(dim=1) % 2).float(), count[:, 0]


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: every way on the same vectors from the same first weights; then what they share."""
    recipe = RECIPES[args.scale]
    inside: dict[str, float] = {}
    beyond: dict[str, float] = {}
    every = ways(recipe)
    for number, way in enumerate(every):
        report.progress(number, len(every), way.name)
        thinker = train(args, report, way, recipe)
        half = recipe.bits // 2
        inside[way.name] = conclude(args, report, thinker, way, "inside", (1, half), recipe)
        beyond[way.name] = conclude(
            args, report, thinker, way, "beyond", (half + 1, recipe.bits), recipe
        )
    for name, errors in (("inside", inside), ("beyond", beyond)):
        best = {
            kind: min(error for way, error in errors.items() if way.startswith(kind))
            for kind in ("act", "ponder")
        }
        worst = max(error for way, error in errors.items() if way.startswith("ponder"))
        setting = f"parity of {recipe.bits} places, {name} the numbers of bits trained on"
        report.measure(
            f"{name}-best-difference",
            best["act"] - best["ponder"],
            metric="accuracy_difference",
            unit="point",
            setting=f"{setting}: error of the best ACT less that of the best PonderNet",
        )
        report.measure(
            f"{name}-worst-prior",
            worst,
            metric="error",
            unit="%",
            setting=f"{setting}: error of PonderNet with its worst prior",
        )


def train(args: argparse.Namespace, report: Reporter, way: Way, recipe: Recipe) -> Thinker:
    """Adam on vectors with 1 to half of the places set."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    thinker = Thinker(recipe.bits, recipe.units, recipe.limit, way.first_bias)
    optimiser = torch.optim.Adam(thinker.parameters(), lr=recipe.rate)
    for update in range(1, recipe.updates + 1):
        x, odd, _ = parity(recipe.batch, recipe.bits, 1, recipe.bits // 2, noise)
        steps = thinker(x)
        loss = way.loss(steps, odd)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if update % max(1, recipe.updates // 20) == 0:
            with torch.no_grad():
                taken = way.answer(steps, torch.Generator().manual_seed(update))[1]
            mean = taken.float().mean().item()
            report.point("steps while training", update, mean, series=way.name, seed=args.seed)
    return thinker.eval()


@torch.no_grad()
def conclude(
    args: argparse.Namespace,
    report: Reporter,
    thinker: Thinker,
    way: Way,
    where: str,
    span: tuple[int, int],
    recipe: Recipe,
) -> float:
    """Error and steps on fresh vectors with `span` places set; the error in %."""
    noise = torch.Generator().manual_seed(20_000 + args.seed)
    x, odd, count = parity(TESTED, recipe.bits, *span, noise)
    logits, taken = way.answer(thinker(x), noise)
    wrong = ((logits > 0).float() != odd).float()
    error = wrong.mean().item()
    setting = f"parity of {recipe.bits} places, {span[0]} to {span[1]} set, {way.name}"
    report.measure(
        f"{way.name}-{where}-error",
        100 * error,
        metric="error",
        unit="%",
        setting=setting,
        standard_error=100 * (error * (1 - error) / TESTED) ** 0.5,
    )
    report.measure(
        f"{way.name}-{where}-steps",
        taken.float().mean().item(),
        metric="steps",
        unit="steps",
        setting=setting,
    )
    report.point(
        "error against ponder steps",
        taken.float().mean().item(),
        error,
        series=f"{way.name}, {where}",
        seed=args.seed,
    )
    for number in range(span[0], span[1] + 1):
        here = count == number
        report.point(
            "steps against bits set",
            number,
            taken[here].float().mean().item(),
            series=way.name,
            seed=args.seed,
        )
        report.point(
            "error against bits set",
            number,
            wrong[here].mean().item(),
            series=way.name,
            seed=args.seed,
        )
    return 100 * error
