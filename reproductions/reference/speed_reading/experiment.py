"""Jump to the number that is asked for; skim all digits but the marked one.

Each network is trained beside an LSTM of its size that reads everything, with as many updates.
"""

import argparse
import math
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .jump import LSTMJump, jump_loss
from .skim import PlainLSTM, SkimLSTM, skim_loss
from .tasks import DIGITS, MARK, marked_digit, number_prediction

TESTED = 4000


@dataclass(frozen=True)
class Recipe:
    """Sizes of tasks and networks, and how long each trains."""

    length: int = 10
    units: int = 32
    small: int = 4
    batch: int = 128
    rate: float = 5e-3
    jump_updates: int = 800
    skim_updates: int = 500
    gamma: float = 0.1


RECIPES = {"smoke": Recipe(jump_updates=30, skim_updates=20), "toy": Recipe()}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: both networks, each with its baseline."""
    recipe = RECIPES[args.scale]
    jumping(args, report, recipe)
    skimming(args, report, recipe)


def jumping(args: argparse.Namespace, report: Reporter, recipe: Recipe) -> None:
    """LSTM-Jump with one jump, one token read before it and one after: N = 1, R = 1, K = length."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    length = recipe.length
    net = LSTMJump(length, recipe.units, length, jumps=1, longest=length - 1, between=1)
    plain = PlainLSTM(length, recipe.units, length)
    optimiser = torch.optim.Adam([*net.parameters(), *plain.parameters()], lr=recipe.rate)
    for update in range(1, recipe.jump_updates + 1):
        text, label = number_prediction(recipe.batch, length, noise)
        loss = jump_loss(net(text, noise), label) + F.cross_entropy(plain(text), label)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if update % max(1, recipe.jump_updates // 20) == 0:
            with torch.no_grad():
                right = net(text).scores.argmax(dim=1) == label
                other = plain(text).argmax(dim=1) == label
            for series, hit in (("LSTM-Jump", right), ("LSTM", other)):
                accuracy = 100 * hit.float().mean().item()
                report.point(
                    "accuracy while training, jumping",
                    update,
                    accuracy,
                    series=series,
                    seed=args.seed,
                )
            report.progress(update, recipe.jump_updates, "learning to jump")
    text, label = number_prediction(TESTED, length, noise)
    with torch.no_grad():
        reading, scores = net(text), plain(text)
    setting = f"number prediction, {length} numbers, {recipe.jump_updates} updates"
    read = 100 * reading.read.float().mean().item() / length
    _accuracy(report, "jump-accuracy", reading.scores.argmax(dim=1) == label, setting)
    _accuracy(report, "jump-lstm-accuracy", scores.argmax(dim=1) == label, setting)
    report.measure("jump-read", read, metric="fraction_used", unit="%", setting=setting)


def skimming(args: argparse.Namespace, report: Reporter, recipe: Recipe) -> None:
    """Skim-LSTM; the temperature falls from 1 to a half, as max(0.5, exp(-r n)) of the paper."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    length = 2 * recipe.length
    net = SkimLSTM(DIGITS + 1, recipe.units, recipe.small, DIGITS)
    plain = PlainLSTM(DIGITS + 1, recipe.units, DIGITS)
    optimiser = torch.optim.Adam([*net.parameters(), *plain.parameters()], lr=recipe.rate)
    for update in range(1, recipe.skim_updates + 1):
        text, label, _ = marked_digit(recipe.batch, length, noise)
        tau = max(0.5, math.exp(-update * math.log(2) / (recipe.skim_updates / 2)))
        skimmed = net(text, tau, noise)
        loss = skim_loss(skimmed, label, recipe.gamma) + F.cross_entropy(plain(text), label)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if update % max(1, recipe.skim_updates // 20) == 0:
            read = 100 * skimmed.read.float().mean().item()
            report.point("full updates while training", update, read, series=f"seed {args.seed}")
            report.progress(update, recipe.skim_updates, "learning to skim")
    conclude_skimming(args, report, recipe, net, plain, noise)


def conclude_skimming(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    net: SkimLSTM,
    plain: PlainLSTM,
    noise: torch.Generator,
) -> None:
    """Accuracy, how much is read and where, and the gates' cost against the LSTM that reads all."""
    length = 2 * recipe.length
    text, label, place = marked_digit(TESTED, length, noise)
    skimmed = net.infer(text)
    with torch.no_grad():
        scores = plain(text)
    setting = f"digit after the mark, {length} words, {recipe.skim_updates} updates"
    read = skimmed.read.float()  # (time, batch)
    share = read.mean().item()
    _accuracy(report, "skim-accuracy", skimmed.scores.argmax(dim=1) == label, setting)
    _accuracy(report, "skim-lstm-accuracy", scores.argmax(dim=1) == label, setting)
    answer = read.gather(0, (place + 1)[None]).mean().item()
    whole = 4 * recipe.units * 2 * recipe.units
    for id, value in (
        ("skim-read", share),
        ("skim-read-answer", answer),
        ("skim-cost", net.macs(share) / whole),
    ):
        report.measure(id, 100 * value, metric="fraction_used", unit="%", setting=setting)
    for offset in range(-6, 7):
        at = place + offset
        inside = (at >= 0) & (at < length)
        here = read.gather(0, at.clamp(0, length - 1)[None])[0][inside].mean().item()
        report.point(
            "full updates against words from the mark",
            offset,
            100 * here,
            series=f"seed {args.seed}",
        )
    example = [f"{'#' if word == MARK else word}" for word in text[0].tolist()]
    shown = [
        f"[{w}]" if r else w for w, r in zip(example, skimmed.read[:, 0].tolist(), strict=True)
    ]
    report.log(f"read in brackets, the others skimmed: {' '.join(shown)}")


def _accuracy(report: Reporter, id: str, right: torch.Tensor, setting: str) -> None:
    share = right.float().mean().item()
    report.measure(
        id,
        100 * share,
        metric="accuracy",
        unit="%",
        setting=setting,
        standard_error=100 * (share * (1 - share) / len(right)) ** 0.5,
    )
