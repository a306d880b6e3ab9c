"""Train the static networks of Tables 1 and 2 on digits and on scenes made of them.

By the paper's recipe: stochastic gradient descent with momentum 0.9 and a learning rate that falls
in a straight line to 0.  50 000 digits train, the other 10 000 of the training set tell how it
goes, and the 10 000 test digits are looked at once, each in one scene.
"""

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.datasets import Images, Split, mnist
from reproductions.protocol import Reporter

from .model import convolutional, fully_connected
from .scenes import Task

MOMENTUM = 0.9
TRAINING = 50_000
"""Digits that train; the paper's number."""

BATCH = 20
"""Digits an update; the paper's number."""

RATE = 0.02
"""Learning rate of the first update; ours, since the paper does not print its own."""

SMOKE_DIGITS = 200

MNIST = Task("MNIST", side=28)
TRANSLATED = Task("translated MNIST 60x60", side=60)
CLUTTERED = Task("cluttered translated MNIST 60x60", side=60, pieces=4)


@dataclass(frozen=True)
class Row:
    """One row of a table: `id` of its measurement, on which scenes, which network, how long."""

    id: str
    task: Task
    name: str
    network: Callable[[], nn.Module]
    epochs: int


ROWS = (
    Row("mnist-fc-256", MNIST, "FC 256", lambda: fully_connected(28, 256), epochs=16),
    Row("mnist-conv", MNIST, "convolutional", lambda: convolutional(28), epochs=16),
    Row("translated-conv", TRANSLATED, "convolutional", lambda: convolutional(60), epochs=24),
    Row("cluttered-conv", CLUTTERED, "convolutional", lambda: convolutional(60), epochs=24),
)
"""Of Tables 1a, 1b and 2a."""


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: every network of the tables."""
    split = divided(mnist(args.data))
    errors: dict[str, float] = {}
    total = len(ROWS)
    for number, row in enumerate(ROWS):
        report.progress(number, total, f"{row.task.name}: {row.name}")
        torch.manual_seed(args.seed)
        noise = torch.Generator().manual_seed(args.seed)
        network = row.network()
        digits, epochs = split.train, row.epochs
        if args.scale == "smoke":
            digits, epochs = split.train.first(SMOKE_DIGITS), 1
        for epoch in train(network, row.task, digits, epochs, noise):
            if epoch % 4 == 0:
                error = share_wrong(network, row.task, split.validation.first(2000), noise)
                report.point(
                    f"validation error against epochs, {row.task.name}",
                    epoch,
                    100 * error,
                    series=row.name,
                    seed=args.seed,
                )
        errors[row.id] = error = share_wrong(network, row.task, split.test, noise)
        report.measure(
            row.id,
            100 * error,
            metric="error",
            unit="%",
            setting=f"{row.task.name}, {row.name}, {epochs} epochs",
            standard_error=100 * (error * (1 - error) / len(split.test)) ** 0.5,
        )
    report.measure(
        "clutter-costs-conv",
        100 * (errors["cluttered-conv"] - errors["translated-conv"]),
        metric="error_difference",
        unit="%",
        setting="convolutional, cluttered less translated MNIST 60x60",
    )
    report.progress(total, total, "all rows")


def divided(split: Split) -> Split:
    """The paper's 50 000 digits to train, the other 10 000 of the training set to watch."""
    x = torch.cat((split.train.x, split.validation.x))
    y = torch.cat((split.train.y, split.validation.y))
    kept = min(TRAINING, len(x) * 5 // 6)
    return Split(Images(x[:kept], y[:kept]), Images(x[kept:], y[kept:]), split.test)


def train(
    network: nn.Module,
    task: Task,
    digits: Images,
    epochs: int,
    noise: torch.Generator,
) -> Iterator[int]:
    """Section 4.1: SGD with momentum, the rate annealed linearly to 0 over all updates.

    Yields the number of each epoch that has ended.
    """
    optimiser = torch.optim.SGD(network.parameters(), lr=RATE, momentum=MOMENTUM)
    updates = epochs * -(-len(digits) // BATCH)
    annealed = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=updates)
    for epoch in range(1, epochs + 1):
        for scenes, labels in task.batches(digits, BATCH, noise):
            loss = F.cross_entropy(network(scenes), labels)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            annealed.step()
        yield epoch


@torch.no_grad()
def share_wrong(network: nn.Module, task: Task, digits: Images, noise: torch.Generator) -> float:
    """Of one scene of each digit, from 0 to 1."""
    wrong = [
        (network(scenes).argmax(dim=1) != labels).sum()
        for scenes, labels in task.batches(digits, 500, noise)
    ]
    return float(Tensor(wrong).sum() / len(digits))
