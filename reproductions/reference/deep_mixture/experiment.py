"""Train networks of Table 1 on all 60 000 jittered digits, and see what their gates know.

Every epoch translates every digit anew, and all networks see the same images at the same places in
the same order.  In the first half the gates are held in balance, in the second the constraint is
lifted (section 3).  The test images are translated once per seed, as in the paper, and looked at
once per network, after training.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import Images, mnist
from reproductions.protocol import Reporter

from .jitter import SHIFTS, Jittered, jittered
from .model import (
    CLASSES,
    COLUMNS,
    EXPERTS,
    SHALLOW,
    SMALL,
    WIDE,
    WIDE_AGAIN,
    DeepMixture,
    Plain,
    Size,
    build,
    parameters,
)

CELLS = [
    *((SMALL, column) for column in COLUMNS),
    *((SHALLOW, column) for column in COLUMNS[:3]),
    (WIDE, "single"),
    (WIDE, "concat"),
]
PRINTED_TWICE = {WIDE: WIDE_AGAIN}
"""Without a second gate these rows hold one network, trained once here and held beside both."""
FACTORED = UNHELD = (SMALL, "dmoe")
"""Whose gates are looked at; and what is trained once more without the constraint."""


@dataclass(frozen=True)
class Recipe:
    """What the paper leaves open: m in examples, batch, momentum, epochs; and the rate, which rises
    to `rate` over `rising` epochs and falls to 0."""

    epochs: int
    margin: float = 200.0
    batch: int = 200
    rate: float = 0.1
    rising: int = 1
    momentum: float = 0.9
    images: int | None = None


RECIPES = {"smoke": Recipe(epochs=2, images=1000), "full": Recipe(epochs=60)}

Network = DeepMixture | Plain


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: all cells of the table, and one mixture whose gates nobody holds."""
    recipe = RECIPES[args.scale]
    split = mnist(args.data)
    training = Images(
        torch.cat([split.train.x, split.validation.x])[: recipe.images],
        torch.cat([split.train.y, split.validation.y])[: recipe.images],
    )
    networks = []
    for size, column in (*CELLS, UNHELD):
        torch.manual_seed(args.seed)
        networks.append(build(size, column).to(args.device))
    train(args, report, networks, training, recipe)
    test = jittered(split.test, torch.Generator().manual_seed(args.seed))
    again = jittered(training, torch.Generator().manual_seed(args.seed + 2))
    for (size, column), network in zip(CELLS, networks, strict=False):
        report.log(f"{size.name}, {column}: {parameters(network)} parameters")
        conclude(report, size, column, network, test, "test")
        conclude(report, size, column, network, again, "training")
    factors(report, networks[CELLS.index(FACTORED)], test)
    unheld(report, networks[-1], test)


def train(
    args: argparse.Namespace,
    report: Reporter,
    networks: list[Network],
    images: Images,
    recipe: Recipe,
) -> None:
    """Stochastic gradient descent; the last network is never held, the others for half the time."""
    places = torch.Generator().manual_seed(args.seed + 1)
    together = torch.nn.ModuleList(networks).train()
    optimiser = torch.optim.SGD(
        together.parameters(), lr=recipe.rate, momentum=recipe.momentum, fused=True
    )
    updates = recipe.epochs * -(-len(images) // recipe.batch)
    rising = updates * recipe.rising // recipe.epochs
    pace = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda done: min((done + 1) / rising, (updates - done) / (updates - rising))
    )
    for epoch in range(recipe.epochs):
        for network in networks[:-1]:
            network.constrain(recipe.margin if 2 * epoch < recipe.epochs else None)
        data = jittered(images, places)
        sums = torch.zeros(len(networks))
        for x, y in data.batches(torch.randperm(len(images)), recipe.batch, args.device):
            losses = torch.stack([F.cross_entropy(network(x)[0], y) for network in networks])
            optimiser.zero_grad()
            losses.sum().backward()  # they share nothing: each gets the gradient of its own loss
            optimiser.step()
            pace.step()
            sums += losses.detach().cpu() * len(y)
        for (size, column), total in zip(CELLS, sums.tolist(), strict=False):
            mean = total / len(images)
            curve = f"training loss against epochs, {size.name}"
            report.point(curve, epoch + 1, mean, series=column, seed=args.seed)
        report.progress(epoch + 1, recipe.epochs)
    together.eval()


def conclude(
    report: Reporter, size: Size, column: str, network: Network, data: Jittered, part: str
) -> None:
    """Its error on the test images, or on all training images translated anew."""
    scores, _ = answers(network, data, report.device)
    wrong = (scores.argmax(dim=1) != data.labels).float().mean().item()
    for row in (size, PRINTED_TWICE[size]) if size in PRINTED_TWICE else (size,):
        report.measure(
            f"{stem(row)}-{column}-{part}",
            100 * wrong,
            metric="error",
            unit="%",
            setting=f"jittered MNIST, {row.name}: {column}, {part} images",
            standard_error=100 * (wrong * (1 - wrong) / len(data.labels)) ** 0.5,
        )


def stem(size: Size) -> str:
    """The size in a measurement's id: 100-20-gates-50-20."""
    hidden, gates = ("-".join(map(str, part)) for part in (size.hidden, size.gates))
    return f"{hidden}-gates-{gates}"


@torch.no_grad()
def answers(network: Network, data: Jittered, device: str) -> tuple[Tensor, list[Tensor]]:
    """Scores (n, classes) of all images, and each gate's weights (n, experts)."""
    found = [network(x) for x, _ in data.batches(torch.arange(len(data.labels)), 1000, device)]
    scores = torch.cat([part for part, _ in found]).cpu()
    layers = zip(*(gates for _, gates in found), strict=True)
    return scores, [torch.cat(parts).cpu() for parts in layers]


def bits(shares: Tensor) -> Tensor:
    """Entropy in bits of distributions along the last dimension."""
    return -torch.xlogy(shares, shares).sum(dim=-1) / torch.log(torch.tensor(2.0))


def means_by(weights: Tensor, groups: Tensor, count: int) -> Tensor:
    """Mean gating weights of each group of images, as in Fig. 2; (count, experts)."""
    sums = torch.zeros(count, weights.shape[1]).index_add(0, groups, weights)
    return sums / torch.bincount(groups, minlength=count).clamp_min(1)[:, None]


def information(weights: Tensor, groups: Tensor, count: int) -> float:
    """Bits that an expert, drawn by the gate, tells about the image's group.

    I(expert; group) = H(mean of g) - sum_k p(k) H(mean of g within group k)
    """
    shares = torch.bincount(groups, minlength=count) / len(groups)
    within = bits(means_by(weights, groups, count))  # (count,)
    return (bits(weights.mean(dim=0)) - (shares * within).sum()).item()


def factors(report: Reporter, network: Network, test: Jittered) -> None:
    """What the two gates know of place and class (Fig. 2), and how combinations are used."""
    _, gates = answers(network, test, report.device)
    setting = f"jittered MNIST, {FACTORED[0].name}: gates on the test images"
    for layer, weights in enumerate(gates, start=1):
        place = information(weights, test.places, SHIFTS * SHIFTS)
        digit = information(weights, test.labels, CLASSES)
        own = place if layer == 1 else digit
        for id, value, metric, unit in (
            (f"layer-{layer}-bits-of-place", place, "information", "bit"),
            (f"layer-{layer}-bits-of-class", digit, "information", "bit"),
            (
                "layer-1-share-of-place" if layer == 1 else "layer-2-share-of-class",
                100 * own / (place + digit),
                "information_share",
                "%",
            ),
            (f"layer-{layer}-busiest", 100 * weights.mean(dim=0).max().item(), "load", "%"),
        ):
            report.measure(id, value, metric=metric, unit=unit, setting=setting)
        draw(report, layer, weights, test)
    first, second = gates
    joint = (first[:, :, None] * second[:, None, :]).mean(dim=0)  # (experts, experts)
    report.measure(
        "combinations-bits",
        bits(joint.flatten()).item(),
        metric="entropy",
        unit="bit",
        setting=f"{setting}; 4 bits if all 16 combinations are used alike",
    )


def draw(report: Reporter, layer: int, weights: Tensor, test: Jittered) -> None:
    """Fig. 2: mean gating weight by translation, one map an expert, and by class."""
    by_place = means_by(weights, test.places, SHIFTS * SHIFTS)
    by_class = means_by(weights, test.labels, CLASSES)
    for digit in range(CLASSES):
        for expert in range(EXPERTS):
            curve = f"expert against class, layer {layer}"
            report.point(curve, digit, expert + 1, weight=by_class[digit, expert].item())
    for place in range(SHIFTS * SHIFTS):
        down, right = divmod(place, SHIFTS)
        curve = f"rows down against columns right, layer {layer}, expert 1"
        report.point(curve, right - 4, down - 4, weight=by_place[place, 0].item())


def unheld(report: Reporter, network: Network, test: Jittered) -> None:
    """The degenerate minimum: how much the busiest expert of a layer gets if nobody holds it."""
    size, _ = UNHELD
    _, gates = answers(network, test, report.device)
    for layer, weights in enumerate(gates, start=1):
        report.measure(
            f"unheld-layer-{layer}-busiest",
            100 * weights.mean(dim=0).max().item(),
            metric="load",
            unit="%",
            setting=f"jittered MNIST, {size.name}: trained without the constraint",
        )
