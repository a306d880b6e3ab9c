"""Train B-LeNet on MNIST by the paper's recipe, choose its threshold, count and time who leaves.

LeNet is trained alone first; that is the baseline.  Then both exits are trained together, from
there.  The threshold is the largest one at which the 5000 validation images are classified no
worse than by the last exit: the "knee" of the paper, found without looking at the test images.
"""

import argparse
import copy
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import Images, mnist
from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import BLeNet, entropy, joint_loss

SETTING = "MNIST, B-LeNet, 10 000 test images"
SWEEP = (0.0, 1e-4, 1e-3, 5e-3, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.5)


@dataclass(frozen=True)
class Recipe:
    """Epochs of LeNet alone, then of both exits; `images` that train (all if None)."""

    alone: int
    joint: int
    batch: int = 512
    rate: float = 1e-3
    images: int | None = None


RECIPES = {
    "smoke": Recipe(alone=1, joint=1, images=2048),
    "reduced": Recipe(alone=2, joint=3),
    "full": Recipe(alone=50, joint=100),
}


@dataclass(frozen=True)
class Answers:
    """Of a network on images: entropy at the branch, and whether each exit is right; (images,)."""

    doubt: Tensor
    first: Tensor
    last: Tensor

    def at(self, threshold: float) -> tuple[Tensor, Tensor]:
        """Whether each image leaves at the branch, and whether its answer is right."""
        leaves = self.doubt < threshold
        return leaves, torch.where(leaves, self.first, self.last)


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: train, choose, test, time."""
    recipe = RECIPES[args.scale]
    split = mnist(args.data)
    torch.manual_seed(args.seed)
    network = BLeNet().to(args.device)
    network.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    training = Images(split.train.x[: recipe.images], split.train.y[: recipe.images])
    train(network, training, recipe, report, alone=True)
    baseline = copy.deepcopy(network).eval()
    train(network, training, recipe, report, alone=False)
    network.eval()
    threshold = knee(answers(network, split.validation))
    report.log(f"threshold {threshold:.4g} nats, chosen on {len(split.validation)} images")
    tested = answers(network, split.test)
    cost = macs(network)
    conclude(report, tested, answers(baseline, split.test), threshold, cost)
    draw(report, args.seed, tested, split.test, cost)
    timed(report, network, baseline, split.test.x.to(args.device), threshold)


def train(
    network: BLeNet, images: Images, recipe: Recipe, report: Reporter, *, alone: bool
) -> None:
    """Adam on the last exit alone, or on both exits."""
    epochs = recipe.alone if alone else recipe.joint
    device = next(network.parameters()).device
    optimiser = torch.optim.Adam(network.parameters(), lr=recipe.rate)
    network.train()
    for epoch in range(epochs):
        for batch in torch.randperm(len(images)).split(recipe.batch):
            x, y = images.x[batch].to(device), images.y[batch].to(device)
            if alone:
                loss = F.cross_entropy(network.without_branch(x), y)
            else:
                loss = joint_loss(network(x), y)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        done = epoch + 1 + (0 if alone else recipe.alone)
        report.progress(done, recipe.alone + recipe.joint, f"loss {loss.item():.4f}")


@torch.no_grad()
def answers(network: BLeNet, images: Images) -> Answers:
    """What both exits say of all images."""
    device = next(network.parameters()).device
    scores = [network(part.to(device)) for part in images.x.split(1000)]
    first, last = (torch.cat([part[exit] for part in scores]).cpu() for exit in (0, 1))
    return Answers(entropy(first), first.argmax(dim=1) == images.y, last.argmax(dim=1) == images.y)


def knee(validation: Answers) -> float:
    """The largest threshold (nats) at which no validation image is lost against the last exit.

    With the images in order of their entropy, the first k leave: what the branch then has right
    among them, and the last exit among the others, must be what the last exit has right of all.
    """
    doubt, order = validation.doubt.sort()
    gained = (validation.first.int() - validation.last.int())[order].cumsum(dim=0)
    kept = (gained >= 0).nonzero().flatten()
    if not len(kept):
        return 0.0
    largest = int(kept[-1])  # images 0 .. largest leave
    following = doubt[largest + 1] if largest + 1 < len(doubt) else doubt[largest] + 1
    return float(doubt[largest] + following) / 2


def macs(network: BLeNet) -> tuple[int, int, int]:
    """Multiply-accumulates of one image: leaving at the branch, at the end, and without branch."""
    plain = copy.deepcopy(network).to("meta")
    image = torch.empty(1, 1, 28, 28, device="meta")
    to_branch = trace(lambda x: plain.branch(plain.first(x)), image).under("mac:conv-fc")
    both = trace(plain, image).under("mac:conv-fc")
    return to_branch, both, trace(plain.without_branch, image).under("mac:conv-fc")


def conclude(
    report: Reporter,
    tested: Answers,
    baseline: Answers,
    threshold: float,
    cost: tuple[int, int, int],
) -> None:
    """Accuracies, who left, what it cost; accuracies with their binomial standard errors."""
    leaves, right = tested.at(threshold)
    to_branch, both, plain = cost
    shares = {
        "accuracy": (right, "accuracy"),
        "last-exit-accuracy": (tested.last, "accuracy"),
        "baseline-accuracy": (baseline.last, "accuracy"),
        "leave-at-first-exit": (leaves, "fraction_used"),
    }
    for id, (which, metric) in shares.items():
        share = which.float().mean().item()
        report.measure(
            f"mnist-b-lenet-{id}",
            100 * share,
            metric=metric,
            unit="%",
            setting=SETTING,
            standard_error=100 * (share * (1 - share) / len(which)) ** 0.5,
        )
    lost = (tested.last.float().mean() - right.float().mean()).item()
    left = leaves.float().mean().item()
    mean = left * to_branch + (1 - left) * both
    for id, percent, metric in (
        ("accuracy-lost", 100 * lost, "accuracy_difference"),
        ("mean-cost", 100 * mean / plain, "fraction_used"),
    ):
        report.measure(f"mnist-b-lenet-{id}", percent, metric=metric, unit="%", setting=SETTING)
    report.measure(
        "mnist-b-lenet-mean-macs",
        mean,
        metric="macs",
        unit="1",
        setting=SETTING,
        convention="mac:conv-fc",
    )


def draw(
    report: Reporter, seed: int, tested: Answers, images: Images, cost: tuple[int, int, int]
) -> None:
    """Accuracy against mean cost along the threshold, and who leaves by digit."""
    to_branch, both, _ = cost
    for threshold in SWEEP:
        leaves, right = tested.at(threshold)
        left = leaves.float().mean().item()
        report.point(
            "accuracy against mean MACs",
            left * to_branch + (1 - left) * both,
            100 * right.float().mean().item(),
            series="B-LeNet",
            seed=seed,
            threshold=threshold,
            first_exit=left,
        )
    leaves, _ = tested.at(0.05)
    for digit in range(10):
        share = leaves[images.y == digit].float().mean().item()
        report.point("leaving at exit 1, by digit", digit, share, series="T = 0.05", seed=seed)


@torch.no_grad()
def timed(
    report: Reporter, network: BLeNet, baseline: BLeNet, images: Tensor, threshold: float
) -> None:
    """Speed-up over LeNet without a branch on this machine: median of nine interleaved rounds."""
    for batch, count in ((1, 400), (100, 4000)):
        parts = images[:count].split(batch)
        ratios = sorted(_ratio(network, baseline, parts, threshold) for _ in range(9))
        report.measure(
            f"mnist-b-lenet-speedup-batch-{batch}",
            statistics.median(ratios),
            metric="speedup",
            unit="x",
            setting=f"{SETTING}; wall clock, batches of {batch}",
        )
        report.log(f"batch {batch}: ratios {', '.join(f'{each:.2f}' for each in ratios)}")


def _ratio(network: BLeNet, baseline: BLeNet, parts: Sequence[Tensor], threshold: float) -> float:
    """Seconds of LeNet for all batches over those of B-LeNet."""
    plain = _seconds(lambda: [baseline.without_branch(part) for part in parts])
    return plain / _seconds(lambda: [network.infer(part, threshold) for part in parts])


def _seconds(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
