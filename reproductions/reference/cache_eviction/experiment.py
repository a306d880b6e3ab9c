"""Train once on the King James Bible, then read test text with caches of several kinds."""

import argparse
import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import king_james
from reproductions.protocol import Reporter

from .model import CachingModel, Policy

POLICIES: tuple[Policy, ...] = ("window", "sinks", "heavy-hitters", "drawn")


@dataclass(frozen=True)
class Recipe:
    """budgets: sizes of the cache.  Characters are counted from `warm` on."""

    length: int = 96
    updates: int = 900
    batch: int = 24
    rate: float = 3e-3
    budgets: tuple[int, ...] = (16, 8, 32)
    streams: int = 48
    read: int = 192
    warm: int = 64


RECIPES = {"smoke": Recipe(updates=5, streams=4, read=40, warm=20), "reduced": Recipe()}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: one training, the identities, then every policy with every budget."""
    recipe = RECIPES[args.scale]
    text = king_james(args.data)
    known = {character: number for number, character in enumerate(sorted(set(text.train)))}
    train_text = torch.tensor([known[character] for character in text.train])
    test_text = torch.tensor([known[each] for each in text.test if each in known])
    model = train(args, report, train_text, len(known), recipe)
    starts = torch.linspace(0, len(test_text) - recipe.read - 1, recipe.streams).long()
    lines = test_text[starts[:, None] + torch.arange(recipe.read + 1)]
    identities(report, model, lines, recipe, args.seed)
    conclude(args, report, model, lines, recipe)


def train(
    args: argparse.Namespace, report: Reporter, text: Tensor, characters: int, recipe: Recipe
) -> CachingModel:
    """Adam, without any cache."""
    torch.manual_seed(args.seed)
    order = torch.Generator().manual_seed(args.seed)
    model = CachingModel(characters)
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    for update in range(1, recipe.updates + 1):
        starts = torch.randint(len(text) - recipe.length, (recipe.batch,), generator=order)
        lines = text[starts[:, None] + torch.arange(recipe.length + 1)]
        loss = F.cross_entropy(model(lines[:, :-1]).transpose(1, 2), lines[:, 1:])
        if update % max(1, recipe.updates // 30) == 0:
            report.progress(update, recipe.updates, f"{loss.item() / math.log(2):.2f} bits")
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


def bits_of(logits: Tensor, lines: Tensor, warm: int) -> float:
    """Bits per character after the first `warm`; logits of lines[:, :-1]."""
    losses = F.cross_entropy(logits.transpose(1, 2), lines[:, 1:], reduction="none")
    return losses[:, warm:].mean().item() / math.log(2)


@torch.no_grad()
def identities(
    report: Reporter, model: CachingModel, lines: Tensor, recipe: Recipe, seed: int
) -> None:
    """A cache with room for all computes what no cache computes; the window, what a band does."""
    some, noise = lines[:4, :-1], torch.Generator().manual_seed(seed)
    whole, _ = model.read(some, "heavy-hitters", recipe.read, noise)
    banded, _ = model.read(some, "window", recipe.budgets[0], noise)
    for name, got, expected in (
        ("whole-identical", whole, model(some)),
        ("window-identical", banded, model(some, window=recipe.budgets[0])),
    ):
        same = (got.argmax(dim=2) == expected.argmax(dim=2)) & torch.isclose(
            got, expected, atol=1e-3
        ).all(dim=2)
        report.measure(
            name,
            100 * same.float().mean().item(),
            metric="agreement",
            unit="%",
            setting="King James Bible; logits the same to a thousandth, and their likeliest",
        )


@torch.no_grad()
def conclude(
    args: argparse.Namespace, report: Reporter, model: CachingModel, lines: Tensor, recipe: Recipe
) -> None:
    """Bits lost by each policy at each budget, against the whole cache."""
    whole = bits_of(model(lines[:, :-1]), lines, recipe.warm)
    setting = f"King James Bible, characters {recipe.warm} to {recipe.read} of a text"
    report.measure(
        "whole-bits",
        whole,
        metric="bits_per_character",
        unit="bit",
        setting=f"{setting}, whole cache",
    )
    lost: dict[tuple[Policy, int], float] = {}
    for number, policy in enumerate(POLICIES):
        report.progress(number, len(POLICIES), policy)
        for budget in recipe.budgets:
            noise = torch.Generator().manual_seed(args.seed)
            logits, kept = model.read(lines[:, :-1], policy, budget, noise)
            lost[policy, budget] = bits_of(logits, lines, recipe.warm) - whole
            report.point(
                "bits lost against tokens kept",
                budget,
                lost[policy, budget],
                series=policy,
                seed=args.seed,
            )
            if budget == recipe.budgets[0]:
                ages(report, policy, kept, recipe, args.seed)
    for (policy, budget), bits in lost.items():
        report.measure(
            f"{policy}-{budget}-lost",
            bits,
            metric="bits_difference",
            unit="bit",
            setting=f"{setting}, {policy}, {budget} tokens kept, above the whole cache",
        )
    for better, worse in (
        ("heavy-hitters", "drawn"),
        ("heavy-hitters", "window"),
        ("sinks", "window"),
    ):
        for budget in recipe.budgets:
            report.measure(
                f"{better}-below-{worse}-{budget}",
                lost[worse, budget] - lost[better, budget],  # type: ignore[index]
                metric="bits_difference",
                unit="bit",
                setting=f"{setting}, {budget} tokens kept: {worse} less {better}",
            )


def ages(report: Reporter, policy: Policy, kept: Tensor, recipe: Recipe, seed: int) -> None:
    """How old the tokens are that a policy still keeps at the end of a text."""
    old = (recipe.read - 1 - kept).flatten().float()
    for share in (10, 25, 50, 75, 90):
        age = torch.quantile(old, share / 100).item()
        report.point("age of the tokens kept at the end", share, age, series=policy, seed=seed)
