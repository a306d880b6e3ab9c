"""Train FrameExit and AR-Net on drifting digits; compare them with frames taken evenly.

The static baseline is FrameExit's own network without gates: its classifier after the first k
frames of the fixed order, for every k.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import digits
from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import (
    SKIPPED,
    ARNet,
    FrameExit,
    ar_net_loss,
    frame_exit_loss,
)
from .videos import Videos, drifting_digits


@dataclass(frozen=True)
class Recipe:
    """Length of videos, and how long each network trains; `warm`: updates with random actions."""

    time: int = 8
    updates: int = 500
    warm: int = 250
    batch: int = 64
    rate: float = 3e-3
    beta: float = 0.03
    weight: float = 0.15
    tests: int = 4


RECIPES = {"smoke": Recipe(updates=6, warm=3, tests=1), "toy": Recipe()}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: both policies on the same videos of test digits."""
    recipe = RECIPES[args.scale]
    split = digits(args.seed)
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    made = [drifting_digits(split.test, recipe.time, noise) for _ in range(recipe.tests)]
    test = Videos(
        torch.cat([each.frames for each in made]),
        torch.cat([each.y for each in made]),
        torch.cat([each.visible for each in made]),
    )
    training = [drifting_digits(split.train, recipe.time, noise) for _ in range(8)]
    frames = torch.cat([each.frames for each in training])
    y = torch.cat([each.y for each in training])
    early_exit(args, report, recipe, frames, y, test)
    resolutions(args, report, recipe, frames, y, test, noise)


def early_exit(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    frames: Tensor,
    y: Tensor,
    test: Videos,
) -> None:
    """FrameExit against its own classifiers after a fixed number of frames."""
    net = FrameExit(recipe.time)
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    for update in range(recipe.updates):
        rows = torch.randint(0, len(y), (recipe.batch,))
        scores, gates = net(frames[rows])
        loss = frame_exit_loss(scores, gates, y[rows], recipe.beta)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        report.progress(update + 1, 2 * recipe.updates + recipe.warm, "FrameExit")
    labels, looked = net.infer(test.frames)
    with torch.no_grad():
        right = net(test.frames)[0].argmax(dim=2) == test.y  # (time, videos)
    fixed = [100 * each.float().mean().item() for each in right]
    mean = looked.float().mean().item()
    accuracy = 100 * (labels == test.y).float().mean().item()
    setting = f"digits drifting over {recipe.time} frames, FrameExit"
    measure(report, "frame-exit-accuracy", accuracy, "accuracy", setting)
    measure(report, "frame-exit-all-frames-accuracy", fixed[-1], "accuracy", setting)
    measure(report, "frame-exit-lost", fixed[-1] - accuracy, "accuracy_difference", setting)
    measure(report, "frame-exit-frames", 100 * mean / recipe.time, "fraction_used", setting)
    gain = accuracy - interpolated(fixed, mean)
    measure(report, "frame-exit-over-fixed", gain, "accuracy_difference", setting)
    for count, reached in enumerate(fixed, start=1):
        report.point(
            "accuracy against frames", count, reached, series="fixed number", seed=args.seed
        )
    report.point("accuracy against frames", mean, accuracy, series="FrameExit", seed=args.seed)
    for count in range(1, recipe.time + 1):
        share = (looked == count).float().mean().item()
        report.point("frames looked at", count, share, series=f"seed {args.seed}")
    first = first_visible(test.visible[:, net.order])
    for place in range(recipe.time):
        rows = first == place
        if rows.sum() >= 5:
            report.point(
                "frames looked at against the first that shows the digit",
                place + 1,
                looked[rows].float().mean().item(),
                series=f"seed {args.seed}",
            )


def interpolated(fixed: list[float], frames: float) -> float:
    """What looking at a fixed number of frames reaches at a mean of `frames`, between two of them.

    That is a mixture of videos with the lower and with the upper number.
    """
    low = min(int(frames), len(fixed) - 1)
    share = frames - low
    return (1 - share) * fixed[low - 1] + share * fixed[low]


def first_visible(visible: Tensor) -> Tensor:
    """Place of the first frame that shows the digit, in the order given; (videos,)."""
    return visible.int().argmax(dim=1)


def costs(net: ARNet) -> tuple[Tensor, float]:
    """Of whole, halved and skipped frames relative to a whole one, and that of the policy."""
    meta = ARNet().to("meta").eval()
    whole = trace(meta.whole, torch.empty(1, 1, 12, 12, device="meta")).under("mac:conv-fc")
    halved = trace(meta.halved, torch.empty(1, 1, 6, 6, device="meta")).under("mac:conv-fc")
    units = net.policy.hidden_size
    policy = net.small.weight.numel() + 8 * units * units + net.choose.weight.numel()
    return torch.tensor([1.0, halved / whole, 0.0]), policy / whole


def resolutions(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    frames: Tensor,
    y: Tensor,
    test: Videos,
    noise: torch.Generator,
) -> None:
    """AR-Net: both backbones first learn from frames taken at random, then the policy joins."""
    net = ARNet()
    cost, policy = costs(net)
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    for update in range(recipe.warm + recipe.updates):
        rows = torch.randint(0, len(y), (recipe.batch,))
        if update < recipe.warm:
            chance = torch.randint(0, 3, (recipe.batch, recipe.time), generator=noise)
            actions = F.one_hot(chance, 3).float()
        else:
            actions = net.decide(frames[rows], noise)
        weight = recipe.weight if update >= recipe.warm else 0.0
        loss = ar_net_loss(net(frames[rows], actions), y[rows], cost, weight)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        report.progress(recipe.updates + update + 1, 2 * recipe.updates + recipe.warm, "AR-Net")
    looked = net.infer(test.frames)
    everything = F.one_hot(torch.zeros(test.frames.shape[:2], dtype=torch.long), 3).float()
    with torch.no_grad():
        whole = net(test.frames, everything).scores.argmax(dim=1) == test.y
    accuracy = 100 * (looked.scores.argmax(dim=1) == test.y).float().mean().item()
    baseline = 100 * whole.float().mean().item()
    chosen = looked.actions.argmax(dim=2)
    skipped = chosen == SKIPPED
    spent = (looked.actions @ cost).mean().item() + policy
    hidden = (~test.visible & skipped).sum().item() / max(1, skipped.sum().item())
    setting = f"digits drifting over {recipe.time} frames, AR-Net"
    measure(report, "ar-net-accuracy", accuracy, "accuracy", setting)
    measure(report, "ar-net-all-whole-accuracy", baseline, "accuracy", setting)
    measure(report, "ar-net-gained", accuracy - baseline, "accuracy_difference", setting)
    measure(report, "ar-net-cost", 100 * spent, "fraction_used", setting)
    measure(report, "ar-net-skipped-hidden", 100 * hidden, "fraction_used", setting)
    for name, rows in (("shows the digit", test.visible), ("hides it", ~test.visible)):
        for action in range(3):
            share = (chosen[rows] == action).float().mean().item()
            report.point("whole, halved, skipped", action, share, series=name, seed=args.seed)


def measure(report: Reporter, id: str, value: float, metric: str, setting: str) -> None:
    """One percentage."""
    report.measure(id, value, metric=metric, unit="%", setting=setting)
