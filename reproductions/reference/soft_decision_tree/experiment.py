"""Train a network, trees on labels and on what the network says of them, and walk the trees.

All trees start from the same weights and see the same images in the same order.  The test images
are looked at once, after training.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import Images, mnist
from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import CLASSES, PIXELS, Balance, SoftTree, Teacher, tree_loss

TREES = ("labels", "distilled", "unbalanced")
"""Trained on labels, on their mean with the network's answers, on labels without the penalty."""


@dataclass(frozen=True)
class Recipe:
    """What the paper leaves open: batches, rates that rise and fall or fall, epochs, strength.

    reach: pixels by which the network's images are moved at most, anew each time they are seen.
    """

    teacher_epochs: int
    tree_epochs: int
    depth: int = 8
    teacher_batch: int = 128
    teacher_rate: float = 4e-3
    reach: int = 2
    tree_batch: int = 256
    tree_rate: float = 0.01
    strength: float = 0.1
    images: int | None = None


@dataclass(frozen=True)
class Found:
    """right: share of test images of which the likeliest leaf says the class.  leaves: used."""

    right: float
    leaves: int


RECIPES = {
    "smoke": Recipe(teacher_epochs=1, tree_epochs=1, depth=3, images=1000),
    "full": Recipe(teacher_epochs=10, tree_epochs=24),
}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: the network, the three trees, what they answer and what an answer costs."""
    recipe = RECIPES[args.scale]
    split = mnist(args.data)
    training = Images(
        torch.cat([split.train.x, split.validation.x])[: recipe.images],
        torch.cat([split.train.y, split.validation.y])[: recipe.images],
    )
    torch.manual_seed(args.seed)
    teacher = taught(training, recipe, report)
    trees = grown(args.seed, training, soft_answers(teacher, training), recipe, report)
    with torch.no_grad():
        answers = torch.cat([teacher(x).argmax(dim=1) for x in split.test.x.split(1000)])
        told(report, "teacher", answers == split.test.y, "accuracy", "network")
        found = {name: conclude(report, name, trees[name], split.test) for name in TREES}
    compare(report, found)
    costs(report, recipe.depth)


def taught(images: Images, recipe: Recipe, report: Reporter) -> Teacher:
    """The network, trained by Adam on labels of moved images; its rate rises and falls once."""
    teacher = Teacher()
    optimiser = torch.optim.Adam(teacher.parameters(), fused=True)
    updates = recipe.teacher_epochs * -(-len(images) // recipe.teacher_batch)
    pace = torch.optim.lr_scheduler.OneCycleLR(optimiser, recipe.teacher_rate, total_steps=updates)
    for epoch in range(recipe.teacher_epochs):
        for batch in torch.randperm(len(images)).split(recipe.teacher_batch):
            moved = shifted(images.x[batch], recipe.reach)
            loss = F.cross_entropy(teacher(moved), images.y[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            pace.step()
        report.progress(epoch + 1, recipe.teacher_epochs + recipe.tree_epochs, "network")
    return teacher.eval()


def shifted(x: Tensor, reach: int) -> Tensor:
    """Each image moved by up to `reach` pixels down or up and right or left, zeros let in.

    x: (batch, 1, height, width); returns the same shape.
    """
    height, width = x.shape[2:]
    windows = F.pad(x, [reach] * 4).unfold(2, height, 1).unfold(3, width, 1)
    down, right = torch.randint(2 * reach + 1, (2, len(x)))
    return windows[torch.arange(len(x)), :, down, right]


@torch.no_grad()
def soft_answers(teacher: Teacher, images: Images) -> Tensor:
    """What the network says of its training images, (n, classes)."""
    return torch.cat([teacher(x).softmax(dim=1) for x in images.x.split(1000)])


def grown(
    seed: int, images: Images, soft: Tensor, recipe: Recipe, report: Reporter
) -> dict[str, SoftTree]:
    """The trees, trained side by side by Adam with a rate that falls to 0."""
    labels = F.one_hot(images.y, CLASSES).float()
    targets = {"labels": labels, "distilled": (labels + soft) / 2, "unbalanced": labels}
    trees, penalties = {}, {}
    for name in TREES:
        torch.manual_seed(seed + 1)
        trees[name] = SoftTree(recipe.depth)
        penalties[name] = Balance(recipe.depth, 0.0 if name == "unbalanced" else recipe.strength)
    together = torch.nn.ModuleList(trees.values())
    optimiser = torch.optim.Adam(together.parameters(), lr=recipe.tree_rate, fused=True)
    updates = recipe.tree_epochs * -(-len(images) // recipe.tree_batch)
    pace = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda done: 1 - done / updates)
    pixels = images.x.flatten(start_dim=1)
    for epoch in range(recipe.tree_epochs):
        sums = dict.fromkeys(TREES, 0.0)
        for batch in torch.randperm(len(images)).split(recipe.tree_batch):
            x = pixels[batch]
            total = x.new_zeros(())
            for name, tree in trees.items():
                paths, turns = tree.reach(x)
                loss = tree_loss(paths, tree.answers(), targets[name][batch])
                sums[name] += loss.item() * len(batch)
                total = total + loss + penalties[name](paths, turns)
            optimiser.zero_grad()
            total.backward()  # the trees share nothing
            optimiser.step()
            pace.step()
        for name, value in sums.items():
            mean = value / len(images)
            report.point("training loss against epochs", epoch + 1, mean, series=name, seed=seed)
        done = recipe.teacher_epochs + epoch + 1
        report.progress(done, recipe.teacher_epochs + recipe.tree_epochs, "trees")
    return trees


def told(report: Reporter, id: str, right: Tensor, metric: str, who: str) -> None:
    """A share of the test images, with its binomial standard error."""
    share = right.float().mean().item()
    report.measure(
        id,
        100 * share,
        metric=metric,
        unit="%",
        setting=f"MNIST, {who}, {len(right)} test images",
        standard_error=100 * (share * (1 - share) / len(right)) ** 0.5,
    )


def conclude(report: Reporter, name: str, tree: SoftTree, test: Images) -> Found:
    """Accuracy by the likeliest leaf, by all leaves and by walking; and which leaves are used."""
    x = test.x.flatten(start_dim=1)
    answers = tree.answers().argmax(dim=1)  # (leaves,)
    likeliest, walked = tree.likeliest(x), tree.walk(x)
    best, all_leaves, walk = (
        found == test.y for found in (answers[likeliest], tree(x).argmax(dim=1), answers[walked])
    )
    told(report, f"{name}-likeliest", best, "accuracy", f"tree on {name}, likeliest leaf")
    told(report, f"{name}-all", all_leaves, "accuracy", f"tree on {name}, mixture of all leaves")
    told(report, f"{name}-walk", walk, "accuracy", f"tree on {name}, walked")
    told(report, f"{name}-same-leaf", likeliest == walked, "share", f"tree on {name}, walked")
    counts = torch.bincount(likeliest, minlength=len(answers)).float()
    shares = counts / counts.sum()
    setting = f"MNIST, tree on {name}, {len(test)} test images"
    lost = 100 * (all_leaves.float().mean() - walk.float().mean()).item()
    for id, value, metric, unit in (
        ("walk-loses", lost, "accuracy_difference", "%"),
        ("leaves-used", float((counts > 0).sum()), "leaves", "1"),
        ("leaves-even", torch.exp(-torch.xlogy(shares, shares).sum()).item(), "leaves", "1"),
    ):
        report.measure(f"{name}-{id}", value, metric=metric, unit=unit, setting=setting)
    for rank, count in enumerate(counts.sort(descending=True).values.tolist(), start=1):
        if count:
            report.point("images against leaf by rank", rank, count, series=name)
    return Found(best.float().mean().item(), int((counts > 0).sum()))


def compare(report: Reporter, found: dict[str, Found]) -> None:
    """What distilling and the penalty gain, by the likeliest leaf."""
    labels, distilled, unbalanced = (found[name] for name in TREES)
    for id, value, metric, unit, which in (
        ("distilling-gains", 100 * (distilled.right - labels.right), "accuracy_difference", "%",
         "tree on distilled less tree on labels"),
        ("penalty-gains", 100 * (labels.right - unbalanced.right), "accuracy_difference", "%",
         "tree on labels with less without penalty"),
        ("penalty-adds-leaves", labels.leaves - unbalanced.leaves, "leaves_difference", "1",
         "tree on labels with less without penalty"),
    ):  # fmt: skip
        report.measure(id, value, metric=metric, unit=unit, setting=f"MNIST, {which}")


def costs(report: Reporter, depth: int) -> None:
    """Multiply-accumulates of one image: the network, all filters of a tree, one walk.

    A walk picks its filters by the image: one product with one filter at each of `depth` nodes.
    """
    image = torch.empty(1, 1, 28, 28, device="meta")
    pixels = image.flatten(start_dim=1)
    counted = {
        "teacher-macs": trace(Teacher().eval().to("meta"), image),
        "whole-macs": trace(SoftTree(depth).to("meta").filters, pixels),
        "node-macs": trace(torch.nn.Linear(PIXELS, 1).to("meta"), pixels),
    }
    macs = {id: float(tally.under("mac:conv-fc")) for id, tally in counted.items()}
    macs["walk-macs"] = depth * macs.pop("node-macs")
    for id, value in macs.items():
        report.measure(
            id,
            value,
            metric="macs",
            unit="1",
            setting=f"MNIST, one image, {id.removesuffix('-macs')}",
            convention="mac:conv-fc",
        )
    for id, other in (("walk-of-whole", "whole-macs"), ("walk-of-teacher", "teacher-macs")):
        report.measure(
            id,
            100 * macs["walk-macs"] / macs[other],
            metric="cost_share",
            unit="%",
            setting=f"MNIST, one image: a walk against {other.removesuffix('-macs')}",
        )
