"""Train RAM on MNIST with 2 to 7 glimpses of 8x8 pixels: Table 1a of Mnih et al. (2014).

50 000 digits train, the other 10 000 of the training set tell how it goes, and the 10 000 test
digits are looked at once.  A test digit's first glimpse is drawn, the others go where the location
network says, without noise.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import Images, Split, mnist
from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import RAM, UNITS, Sensor, anywhere, hybrid_loss

SENSOR = Sensor(width=8, scales=1)
SIGMA = 0.15
"""Of the location network, in half widths of the image: two pixels.  The paper searched for it."""

TRAINING = 50_000
"""Digits that train; the paper's number."""


@dataclass(frozen=True)
class Recipe:
    """Which networks are trained, and how long; `rate`: of Adam's first update."""

    glimpses: tuple[int, ...]
    epochs: int
    batch: int = 100
    rate: float = 1e-3
    digits: int | None = None


RECIPES = {
    "smoke": Recipe(glimpses=(2, 3, 4, 5, 6, 7), epochs=1, digits=200),
    "reduced": Recipe(glimpses=(2, 3), epochs=20),
    "full": Recipe(glimpses=(2, 3, 4, 5, 6, 7), epochs=200),
}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: each number of glimpses."""
    recipe, split = RECIPES[args.scale], divided(mnist(args.data))
    digits = split.train.first(recipe.digits or len(split.train))
    errors: dict[int, float] = {}
    for number, glimpses in enumerate(recipe.glimpses):
        report.progress(number, len(recipe.glimpses), f"{glimpses} glimpses")
        torch.manual_seed(args.seed)
        noise = torch.Generator().manual_seed(args.seed)
        network = RAM(SENSOR, glimpses, SIGMA)
        for epoch in train(network, digits, recipe, noise):
            if epoch % 4 == 0:
                wrong = 100 * judged(network, split.validation.first(2000), noise).error
                series = f"{glimpses} glimpses"
                report.point(
                    "validation error against epochs", epoch, wrong, series=series, seed=args.seed
                )
        tested = judged(network, split.test, noise)
        errors[glimpses] = tested.error
        conclude(report, glimpses, tested, len(split.test), args.seed)
    report.measure(
        "third-glimpse-gains",
        100 * (errors[2] - errors[3]),
        metric="error_difference",
        unit="%",
        setting="MNIST, RAM, 2 glimpses less 3",
    )
    report.progress(len(recipe.glimpses), len(recipe.glimpses), "all numbers of glimpses")


def divided(split: Split) -> Split:
    """The paper's 50 000 digits to train, the other 10 000 of the training set to watch."""
    x = torch.cat((split.train.x, split.validation.x))
    y = torch.cat((split.train.y, split.validation.y))
    kept = min(TRAINING, len(x) * 5 // 6)
    return Split(Images(x[:kept], y[:kept]), Images(x[kept:], y[kept:]), split.test)


def train(network: RAM, digits: Images, recipe: Recipe, noise: torch.Generator) -> Iterator[int]:
    """The hybrid loss by Adam, the rate annealed linearly to 0; yields epochs as they end."""
    optimiser = torch.optim.Adam(network.parameters(), lr=recipe.rate)
    updates = recipe.epochs * -(-len(digits) // recipe.batch)
    annealed = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=updates)
    for epoch in range(1, recipe.epochs + 1):
        for batch in torch.randperm(len(digits), generator=noise).split(recipe.batch):
            looks = network(digits.x[batch, 0], noise, explore=True)
            loss = hybrid_loss(looks, digits.y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            annealed.step()
        yield epoch


@dataclass(frozen=True)
class Tested:
    """Share of wrong answers; ink in a chosen window and in one at a random place, mean pixels."""

    error: float
    chosen_ink: float
    random_ink: float


@torch.no_grad()
def judged(network: RAM, digits: Images, noise: torch.Generator) -> Tested:
    """Look at all digits without exploring."""
    images = digits.x[:, 0]
    looks = network(images, noise, explore=False)
    error = (looks.scores.argmax(dim=1) != digits.y).float().mean().item()
    chosen = torch.stack([ink(images, place) for place in looks.locations[1:]]).mean().item()
    return Tested(error, chosen, ink(images, anywhere(len(images), noise)).mean().item())


def ink(images: Tensor, location: Tensor) -> Tensor:
    """Mean brightness of what the sensor sees there; (n,)."""
    return SENSOR(F.pad(images, (SENSOR.margin,) * 4), location).mean(dim=1)


def macs(glimpses: int) -> int:
    """Multiply-accumulates of one digit, those of the location network included."""
    with torch.device("meta"):
        network, state = RAM(SENSOR, glimpses, SIGMA), torch.empty(1, UNITS)
        seen, place = torch.empty(1, SENSOR.size), torch.empty(1, 2)
    parts = (
        (glimpses, trace(network.step, seen, place, state)),
        (glimpses - 1, trace(network.location, state)),
        (1, trace(network.action, state)),
    )
    return sum(times * part.under("mac:conv-fc") for times, part in parts)


def conclude(report: Reporter, glimpses: int, tested: Tested, digits: int, seed: int) -> None:
    """Error, cost, and whether the places chosen hold more of the digit than random ones."""
    setting = f"MNIST, RAM, {glimpses} glimpses, 8x8, 1 scale"
    error = tested.error
    report.measure(
        f"ram-{glimpses}",
        100 * error,
        metric="error",
        unit="%",
        setting=setting,
        standard_error=100 * (error * (1 - error) / digits) ** 0.5,
    )
    report.measure(
        f"ink-{glimpses}",
        tested.chosen_ink / max(tested.random_ink, 1e-9),
        metric="ratio",
        unit="x",
        setting=f"{setting}; brightness of chosen windows over that of random ones",
    )
    cost = macs(glimpses)
    report.point(
        "test error against multiply-accumulates",
        cost,
        100 * error,
        series="RAM",
        label=f"{glimpses}",
        seed=seed,
    )
    report.point("test error against glimpses", glimpses, 100 * error, series="RAM", seed=seed)
