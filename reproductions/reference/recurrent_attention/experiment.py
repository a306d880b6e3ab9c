"""Train RAM on MNIST with 2 to 7 glimpses of 8x8 pixels: Table 1a of Mnih et al. (2014).

Beside them one network whose six glimpses are taken anywhere: what choosing the place gains.

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

GLIMPSES = (2, 3, 4, 5, 6, 7)
"""The rows of Table 1a."""

ANYWHERE = 6
"""Glimpses of the network that does not choose; the table's best but one."""


@dataclass(frozen=True)
class Recipe:
    """How long the networks are trained; `rate`: of Adam's first update."""

    epochs: int
    batch: int
    rate: float
    digits: int | None = None


RECIPES = {
    "smoke": Recipe(epochs=1, batch=100, rate=1e-3, digits=200),
    "reduced": Recipe(epochs=24, batch=250, rate=2e-3),
    "full": Recipe(epochs=200, batch=100, rate=1e-3),
}


@dataclass(frozen=True)
class Tested:
    """Share of wrong answers; ink in a chosen window and in one at a random place, mean pixels."""

    error: float
    chosen_ink: float
    random_ink: float


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: each number of glimpses, and glimpses anywhere."""
    recipe, split = RECIPES[args.scale], divided(mnist(args.data))
    errors = {
        glimpses: conclude(
            report, glimpses, trained(report, split, recipe, glimpses), len(split.test)
        )
        for glimpses in GLIMPSES
    }
    control = trained(report, split, recipe, ANYWHERE, chooses=False)
    report.progress(len(GLIMPSES) + 1, len(GLIMPSES) + 1, "all networks")
    anywhere_error = report_error(
        report, "anywhere-6", control, f"{_setting(ANYWHERE)}, anywhere", len(split.test)
    )
    curve = "test error against glimpses"
    report.point(curve, ANYWHERE, anywhere_error, series="glimpses anywhere", seed=args.seed)
    for id, gain, setting in (
        ("third-glimpse-gains", errors[2] - errors[3], "2 glimpses less 3"),
        ("later-glimpses-gain", errors[3] - errors[6], "3 glimpses less 6"),
        ("choosing-gains", anywhere_error - errors[ANYWHERE], "6 glimpses anywhere less chosen"),
    ):
        report.measure(
            id, gain, metric="error_difference", unit="%", setting=f"MNIST, RAM, {setting}"
        )
    ranks = torch.tensor([errors[glimpses] for glimpses in GLIMPSES]).argsort().argsort()
    report.measure(
        "error-falls",
        rank_correlation(ranks),
        metric="rank_correlation",
        unit="1",
        setting="MNIST, RAM: number of glimpses, 2 to 7, and error",
    )


def trained(
    report: Reporter, split: Split, recipe: Recipe, glimpses: int, *, chooses: bool = True
) -> Tested:
    """Train one network, watch it on held-out digits, look at the test digits once."""
    series = f"{glimpses} glimpses" if chooses else f"{glimpses} glimpses anywhere"
    number = GLIMPSES.index(glimpses) if chooses else len(GLIMPSES)
    report.progress(number, len(GLIMPSES) + 1, series)
    torch.manual_seed(report.seed)
    noise = torch.Generator().manual_seed(report.seed)
    network = RAM(SENSOR, glimpses, SIGMA, chooses=chooses)
    for epoch in train(network, split.train.first(recipe.digits or TRAINING), recipe, noise):
        if epoch % 4 == 0:
            wrong = 100 * judged(network, split.validation.first(2000), noise).error
            curve = "validation error against epochs"
            report.point(curve, epoch, wrong, series=series, seed=report.seed)
    return judged(network, split.test, noise)


def rank_correlation(ranks: Tensor) -> float:
    """Spearman's, of ranks (n,) from 0 on, each once, with their own order."""
    count = len(ranks)
    squares = ((ranks - torch.arange(count)) ** 2).sum().item()
    return 1 - 6 * squares / (count * (count**2 - 1))


def divided(split: Split) -> Split:
    """The paper's 50 000 digits to train, the other 10 000 of the training set to watch."""
    x = torch.cat((split.train.x, split.validation.x))
    y = torch.cat((split.train.y, split.validation.y))
    kept = min(TRAINING, len(x) * 5 // 6)
    return Split(Images(x[:kept], y[:kept]), Images(x[kept:], y[kept:]), split.test)


def train(network: RAM, digits: Images, recipe: Recipe, noise: torch.Generator) -> Iterator[int]:
    """The hybrid loss by Adam, the rate annealed linearly to 0; yields epochs as they end."""
    optimiser = torch.optim.Adam(network.parameters(), lr=recipe.rate, fused=True)
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


def conclude(report: Reporter, glimpses: int, tested: Tested, digits: int) -> float:
    """Error, cost, and whether the places chosen hold more of the digit than random ones.

    Returns the error in per cent.
    """
    error = report_error(report, f"ram-{glimpses}", tested, _setting(glimpses), digits)
    report.measure(
        f"ink-{glimpses}",
        tested.chosen_ink / max(tested.random_ink, 1e-9),
        metric="ratio",
        unit="x",
        setting=f"{_setting(glimpses)}; brightness of chosen windows over that of random ones",
    )
    for curve, x in (
        ("test error against multiply-accumulates", macs(glimpses)),
        ("test error against glimpses", glimpses),
    ):
        report.point(curve, x, error, series="RAM", label=f"{glimpses}", seed=report.seed)
    return error


def report_error(report: Reporter, id: str, tested: Tested, setting: str, digits: int) -> float:
    """Measure what share of so many digits got a wrong answer, and return it; in per cent."""
    wrong = tested.error
    report.measure(
        id,
        100 * wrong,
        metric="error",
        unit="%",
        setting=setting,
        standard_error=100 * (wrong * (1 - wrong) / digits) ** 0.5,
    )
    return 100 * wrong


def _setting(glimpses: int) -> str:
    return f"MNIST, RAM, {glimpses} glimpses, 8x8, 1 scale"
