"""Resolution adaptive exits on Fashion-MNIST, beside static networks of the same cost.

The threshold is chosen on 5000 validation images; the 10 000 test images are looked at once.  Two
static networks used at random for a share of the images each reach every point of the line between
them: an adaptive network must lie above that line to be worth its exits.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.datasets import Images, fashion_mnist
from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import SIDES, ResolutionAdaptive, leaving

AT_ONCE = 1000  # images in one forward pass that learns nothing
MAY_LOSE = 0.2
"""Points that the threshold may lose against the last exit, on validation images."""
THRESHOLDS = (*(number / 20 for number in range(8, 20)), 0.97, 0.98, 0.99, 0.995, 0.999, 1.01)
"""Swept; the last is never reached, so that all images go to the last exit."""


@dataclass(frozen=True)
class Recipe:
    """Adam with a rate that falls to 0 evenly."""

    epochs: int
    batch: int = 128
    rate: float = 2e-3
    images: int | None = None


RECIPES = {"smoke": Recipe(epochs=1, images=256), "reduced": Recipe(epochs=5)}


@dataclass(frozen=True)
class Point:
    """What one threshold leads to: accuracy in per cent, mean cost, share of images an exit."""

    accuracy: float
    macs: float
    shares: tuple[float, ...]


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: the adaptive network, and a static one that ends at each resolution."""
    recipe, split = RECIPES[args.scale], fashion_mnist(args.data)
    torch.manual_seed(args.seed)
    adaptive = ResolutionAdaptive()
    static = [ResolutionAdaptive(resolutions) for resolutions in range(1, len(SIDES) + 1)]
    train(
        args, report, adaptive, static, split.train.first(recipe.images or len(split.train)), recipe
    )
    costs = exit_costs(adaptive)
    validation, test = (
        scores_of(adaptive, part, args.device) for part in (split.validation, split.test)
    )
    lines = [
        100 * right(scores_of(network, split.test, args.device)[-1], split.test.y)
        for network in static
    ]
    threshold = chosen(validation, split.validation.y, costs)
    report.log(f"threshold {threshold}, chosen on validation images")
    conclude(report, test, split.test, costs, threshold, lines)
    sweep(report, test, split.test.y, costs, lines, args.seed)


def train(
    args: argparse.Namespace,
    report: Reporter,
    adaptive: ResolutionAdaptive,
    static: list[ResolutionAdaptive],
    images: Images,
    recipe: Recipe,
) -> None:
    """All exits of the adaptive network learn together; a static one learns at its last alone."""
    together = nn.ModuleList([adaptive, *static]).to(args.device).train()
    optimiser = torch.optim.Adam(together.parameters(), lr=recipe.rate)
    updates = recipe.epochs * -(-len(images) // recipe.batch)
    pace = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=updates)
    for epoch in range(1, recipe.epochs + 1):
        for batch in torch.randperm(len(images)).split(recipe.batch):
            x, y = images.x[batch].to(args.device), images.y[batch].to(args.device)
            of_exits = [F.cross_entropy(scores, y) for scores in adaptive(x)]
            of_static = [F.cross_entropy(network(x)[-1], y) for network in static]
            optimiser.zero_grad()
            torch.stack([*of_exits, *of_static]).sum().backward()  # the networks share nothing
            optimiser.step()
            pace.step()
        report.progress(epoch, recipe.epochs)
    together.eval()


@torch.no_grad()
def scores_of(network: ResolutionAdaptive, images: Images, device: str) -> Tensor:
    """Scores of all exits; (exits, n, classes)."""
    return torch.cat([network(x.to(device)).cpu() for x in images.x.split(AT_ONCE)], dim=1)


def right(scores: Tensor, labels: Tensor) -> float:
    """Share of right answers."""
    return (scores.argmax(dim=-1) == labels).float().mean().item()


def exit_costs(network: ResolutionAdaptive) -> list[int]:
    """Multiply-accumulates of an image that leaves at each exit, coarser sub-networks included."""
    with torch.device("meta"):
        image = torch.empty(1, 1, SIDES[-1], SIDES[-1])
        return [
            trace(ResolutionAdaptive(exits), image).under("mac:conv-fc")
            for exits in range(1, len(network.parts) + 1)
        ]


def point(scores: Tensor, labels: Tensor, costs: list[int], threshold: float) -> Point:
    """What a threshold leads to on these images."""
    exits = leaving(scores, threshold)
    answers = scores.argmax(dim=2).gather(0, exits[None])[0]
    shares = torch.bincount(exits, minlength=len(costs)) / len(labels)
    macs = sum(share * cost for share, cost in zip(shares.tolist(), costs, strict=True))
    accuracy = 100 * (answers == labels).float().mean().item()
    return Point(accuracy, macs, tuple(shares.tolist()))


def chosen(scores: Tensor, labels: Tensor, costs: list[int]) -> float:
    """The cheapest threshold that loses at most `MAY_LOSE` points against the last exit."""
    last = 100 * right(scores[-1], labels)
    points = {threshold: point(scores, labels, costs, threshold) for threshold in THRESHOLDS}
    kept = [one for one, found in points.items() if found.accuracy >= last - MAY_LOSE]
    return min(kept, key=lambda one: points[one].macs)


def between(costs: list[int], accuracies: list[float], macs: float) -> float:
    """Accuracy of two neighbouring static networks, mixed at random to cost that much."""
    for number in range(1, len(costs)):
        if macs <= costs[number] or number == len(costs) - 1:
            share = (macs - costs[number - 1]) / (costs[number] - costs[number - 1])
            return accuracies[number - 1] + share * (accuracies[number] - accuracies[number - 1])
    return accuracies[0]


def conclude(
    report: Reporter,
    scores: Tensor,
    test: Images,
    costs: list[int],
    threshold: float,
    lines: list[float],
) -> None:
    """Shares, cost and accuracy at the chosen threshold, and which images go on."""
    at = point(scores, test.y, costs, threshold)
    setting = "Fashion-MNIST, threshold chosen on validation images"
    for side, share, accuracy, scored in zip(SIDES, at.shares, lines, scores, strict=True):
        report.measure(
            f"share-{side}",
            100 * share,
            metric="share",
            unit="%",
            setting=f"{setting}: images that leave at {side}x{side}",
        )
        for id, value, what in (
            (f"exit-{side}", 100 * right(scored, test.y), "exit"),
            (f"static-{side}", accuracy, "static network"),
        ):
            report.measure(
                id,
                value,
                metric="accuracy",
                unit="%",
                setting=f"Fashion-MNIST, {what} at {side}x{side}, all test images",
                standard_error=(value * (100 - value) / len(test)) ** 0.5,
            )
    last = 100 * right(scores[-1], test.y)
    for id, value, metric, what in (
        ("lost", last - at.accuracy, "accuracy_difference", "last exit less exits"),
        ("cost", 100 * at.macs / costs[-1], "cost_share", "mean cost against the last exit's"),
        (
            "over-static",
            at.accuracy - between(costs, lines, at.macs),
            "accuracy_difference",
            "exits less static networks mixed to the same cost",
        ),
        ("detail", detail_ratio(test.x, leaving(scores, threshold)), "ratio", "detail lost at 7x7"),
    ):
        unit = "x" if metric == "ratio" else "%"
        report.measure(id, value, metric=metric, unit=unit, setting=f"{setting}: {what}")


def detail_ratio(images: Tensor, exits: Tensor) -> float:
    """Detail that 7x7 pixels lose, of images that go on against those that leave there.

    Mean squared difference between an image and its averages, enlarged again.
    """
    size = SIDES[-1] // SIDES[0]
    coarse = F.interpolate(F.avg_pool2d(images, size), scale_factor=size)
    lost = (images - coarse).square().mean(dim=(1, 2, 3))  # (n,)
    leaves = exits == 0
    if leaves.all() or not leaves.any():
        return 1.0
    return (lost[~leaves].mean() / lost[leaves].mean()).item()


def sweep(
    report: Reporter,
    scores: Tensor,
    labels: Tensor,
    costs: list[int],
    lines: list[float],
    seed: int,
) -> None:
    """Accuracy against cost over all thresholds, and of the static networks."""
    curve = "accuracy against multiply-accumulates"
    for threshold in THRESHOLDS:
        at = point(scores, labels, costs, threshold)
        report.point(curve, at.macs, at.accuracy, series="resolution adaptive", seed=seed)
        for side, share in zip(SIDES, at.shares, strict=True):
            of = "share of images against threshold"
            report.point(of, threshold, 100 * share, series=f"{side}x{side}", seed=seed)
    for side, cost, accuracy in zip(SIDES, costs, lines, strict=True):
        label = f"{side}x{side}"
        report.point(
            curve, cost, accuracy, series="static networks", label=label, static=True, seed=seed
        )
