"""Train a BranchyNet, choose its threshold on validation images, count who leaves where.

The threshold is the largest at which the validation images are classified no worse than by the
last exit: the "knee" of the paper, found without looking at the test images.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from reproductions.datasets import Images, Split, cifar10, digits
from reproductions.protocol import Reporter

from .model import BranchyNet, b_alexnet, entropy, joint_loss, macs_to_exit, small_lenet

SWEEP = (0.0, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5)


@dataclass(frozen=True)
class Recipe:
    """How long to train: epochs of the trunk alone, then of all exits together."""

    alone: int
    joint: int
    batch: int
    rate: float


SMOKE = Recipe(alone=1, joint=4, batch=64, rate=3e-3)
TOY = Recipe(alone=0, joint=25, batch=64, rate=3e-3)
PAPER = Recipe(alone=50, joint=100, batch=512, rate=1e-3)


@dataclass(frozen=True)
class Outcome:
    """What happened to each image: exit taken, label given, and what the last exit says."""

    taken: Tensor  # (images,)
    correct: Tensor  # (images,)
    last_correct: Tensor  # (images,)


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Five seeds on digits; at full scale the paper's second network on real data."""
    if args.scale == "full":
        full(args, report)
        return
    recipe, repeats = (SMOKE, 1) if args.scale == "smoke" else (TOY, 5)
    for number in range(repeats):
        report.progress(number, repeats, "training on digits")
        on_digits(args, report, recipe, args.seed + number)


def on_digits(args: argparse.Namespace, report: Reporter, recipe: Recipe, seed: int) -> None:
    """One seed: split, train with and without the branch, choose, test."""
    split = digits(seed)
    torch.manual_seed(seed)
    plain = train(small_lenet(), split.train, recipe, [0.0, 1.0], args.device)
    torch.manual_seed(seed)
    network = train(small_lenet(), split.train, recipe, [1.0, 1.0], args.device)
    threshold = knee(network, split.validation)
    outcome = classify(network, split.test, [threshold])
    spent = macs_to_exit(network.cpu(), torch.zeros(1, 1, 8, 8))
    mean_macs = sum(spent[exit] for exit in outcome.taken.tolist()) / len(split.test.y)
    setting = "digits 8x8, LeNet with one branch, 540 test images"

    def percent(id: str, value: float, metric: str) -> None:
        report.measure(id, 100 * value, metric=metric, unit="%", setting=setting, seed=seed)

    last = outcome.last_correct.float().mean().item()
    joint = outcome.correct.float().mean().item()
    first = (outcome.taken == 0).float().mean().item()
    baseline = classify(plain, split.test, [0.0]).last_correct.float().mean().item()
    percent("digits-leave-at-first-exit", first, "fraction_used")
    percent("digits-accuracy", joint, "accuracy")
    percent("digits-last-exit-accuracy", last, "accuracy")
    percent("digits-baseline-accuracy", baseline, "accuracy")
    percent("digits-accuracy-lost", last - joint, "accuracy_difference")
    percent("digits-macs-of-last-exit", mean_macs / spent[-1], "fraction_used")
    report.measure(
        "digits-mean-macs",
        mean_macs,
        metric="macs",
        unit="1",
        setting=setting,
        convention="mac:conv-fc",
        seed=seed,
    )
    report.log(f"seed {seed}: threshold {threshold:.4f} nats, chosen on 305 validation images")
    draw(report, network, split.test, outcome, spent, baseline, seed)


def draw(
    report: Reporter,
    network: BranchyNet,
    test: Images,
    outcome: Outcome,
    spent: list[int],
    baseline: float,
    seed: int,
) -> None:
    """Accuracy against mean cost, who leaves where, and whether exit 1 knows what it knows."""
    for threshold in SWEEP:
        swept = classify(network, test, [threshold])
        first = (swept.taken == 0).float().mean().item()
        cost = first * spent[0] + (1 - first) * spent[1]
        accuracy = 100 * swept.correct.float().mean().item()
        report.point(
            "accuracy against mean MACs",
            cost,
            accuracy,
            series=f"seed {seed}",
            threshold=threshold,
            first_exit=first,
        )
    unbranched = BranchyNet([nn.Sequential(*network.stages)], [network.exits[-1]])
    (plain_macs,) = macs_to_exit(unbranched, torch.zeros(1, 1, 8, 8))
    report.point(
        "accuracy against mean MACs", plain_macs, 100 * baseline, series="no branch", static=True
    )
    for exit in range(len(spent)):
        left = (outcome.taken == exit).float().mean().item()
        report.point("exit histogram", exit + 1, left, series=f"seed {seed}")
    for label in range(10):
        left = (outcome.taken[test.y == label] == 0).float().mean().item()
        report.point("leaving at exit 1, by digit", label, left, series=f"seed {seed}")
    with torch.no_grad():
        sure, guess = network(test.x)[0].softmax(dim=1).max(dim=1)  # (images,)
    for low in (0.0, 0.5, 0.6, 0.7, 0.8, 0.9):
        inside = (sure > low) & (sure <= low + (0.5 if low == 0.0 else 0.1))
        if inside.sum() >= 5:
            hit = (guess[inside] == test.y[inside]).float().mean().item()
            report.point(
                "reliability of exit 1",
                sure[inside].mean().item(),
                hit,
                series=f"seed {seed}",
                images=int(inside.sum()),
            )


def full(args: argparse.Namespace, report: Reporter) -> None:
    """B-AlexNet on CIFAR-10; B-LeNet on MNIST is the program ``branchynet_mnist``."""
    split = standardised(cifar10(args.data))
    report.log(f"{len(split.train)} training images")
    torch.manual_seed(args.seed)
    exits = len(b_alexnet().exits)
    alone = Recipe(PAPER.alone, 0, PAPER.batch, PAPER.rate)
    plain = train(b_alexnet(), split.train, alone, [1.0] * exits, args.device)
    network = train(b_alexnet(), split.train, PAPER, [1.0] * exits, args.device)
    threshold = knee(network, split.validation)
    outcome = classify(network, split.test, [threshold] * (exits - 1))
    baseline = classify(plain, split.test, [0.0] * (exits - 1)).last_correct
    for id, metric, value in (
        ("accuracy", "accuracy", outcome.correct),
        ("baseline-accuracy", "accuracy", baseline),
        ("leave-at-first-exit", "fraction_used", outcome.taken == 0),
    ):
        report.measure(
            f"cifar10-b-alexnet-{id}",
            100 * value.float().mean().item(),
            metric=metric,
            unit="%",
            setting="CIFAR-10, B-AlexNet",
        )


def standardised(split: Split) -> Split:
    """Each colour less its mean over the training images, divided by its deviation there."""
    mean = split.train.x.mean((0, 2, 3), keepdim=True)
    deviation = split.train.x.std((0, 2, 3), keepdim=True)
    train, validation, test = (
        Images((part.x - mean) / deviation, part.y)
        for part in (split.train, split.validation, split.test)
    )
    return Split(train, validation, test)


def train(
    network: BranchyNet, images: Images, recipe: Recipe, weights: list[float], device: str
) -> BranchyNet:
    """Adam on the last exit alone, then on the weighted sum over exits; returns it in eval mode."""
    network = network.to(device).train()
    optimiser = torch.optim.Adam(network.parameters(), lr=recipe.rate)
    only_last = [0.0] * (len(weights) - 1) + [1.0]
    for epoch in range(recipe.alone + recipe.joint):
        goal = only_last if epoch < recipe.alone else weights
        for batch in torch.randperm(len(images.y)).split(recipe.batch):
            loss = joint_loss(network(images.x[batch].to(device)), images.y[batch].to(device), goal)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return network.eval()


def knee(network: BranchyNet, validation: Images) -> float:
    """Largest threshold (nats) at which no accuracy is lost on the validation images.

    Candidates lie between the entropies that occur; one threshold serves all exits.
    """
    device = next(network.parameters()).device
    with torch.no_grad():
        scores = [network(part.to(device)) for part in validation.x.split(1000)]
    every = [torch.cat([part[exit].cpu() for part in scores]) for exit in range(len(scores[0]))]
    right = torch.stack([each.argmax(dim=1) == validation.y for each in every])  # (exits, images)
    doubt = torch.stack([entropy(each) for each in every[:-1]])  # (exits - 1, images)
    best = 0.0
    for candidate in torch.cat([torch.zeros(1), doubt.flatten().sort().values[::3]]).tolist():
        leaves = torch.cat([doubt < candidate, torch.ones(1, doubt.shape[1], dtype=torch.bool)])
        first = leaves.int().argmax(dim=0)  # (images,)
        kept = right.gather(0, first[None])[0].sum()
        if kept >= right[-1].sum():
            best = candidate
    return best


def classify(network: nn.Module, images: Images, thresholds: list[float]) -> Outcome:
    """Run with early exits, and once more with none."""
    assert isinstance(network, BranchyNet)
    device = next(network.parameters()).device
    taken, correct, last = [], [], []
    for x, y in zip(images.x.split(1000), images.y.split(1000), strict=True):
        labels, exits = network.infer(x.to(device), thresholds)
        with torch.no_grad():
            scores = network(x.to(device))[-1]
        taken.append(exits.cpu())
        correct.append(labels.cpu() == y)
        last.append(scores.argmax(dim=1).cpu() == y)
    return Outcome(torch.cat(taken), torch.cat(correct), torch.cat(last))
