"""Train the character model seven times on the King James Bible: dense, and routed six ways.

All have the same active parameters and see the same batches in the same order; a token passes
through one expert of the size of the dense layer.
"""

import argparse
import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import king_james
from reproductions.protocol import Reporter

from .model import ROUTINGS, CharacterModel, balanced_table

CONTEXT, EXPERTS = 8, 8


@dataclass(frozen=True)
class Recipe:
    """alpha, z: weights of the losses.  pace: u of the bias.  factor: of the capacity."""

    updates: int = 900
    batch: int = 1024
    rate: float = 3e-3
    alpha: float = 0.01
    z: float = 0.001
    pace: float = 0.001
    factor: float = 1.25
    tested: int = 40_000


RECIPES = {"smoke": Recipe(updates=10, tested=2000), "reduced": Recipe()}


@dataclass(frozen=True)
class Parts:
    """Characters as numbers, in order; and how often each occurs in training."""

    train: Tensor
    test: Tensor
    counts: list[int]


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed, all routings."""
    recipe = RECIPES[args.scale]
    parts = characters(args)
    table = balanced_table(parts.counts, EXPERTS)
    bits: dict[str, float] = {}
    for number, routing in enumerate(ROUTINGS):
        report.progress(number, len(ROUTINGS), routing)
        torch.manual_seed(args.seed)
        model = CharacterModel(len(parts.counts), routing, table, experts=EXPERTS)
        train(args, report, model, routing, parts.train, recipe)
        bits[routing] = conclude(report, model, routing, parts.test, recipe)
    for routing in ROUTINGS[1:]:
        report.measure(
            f"{routing}-bits-saved",
            bits["dense"] - bits[routing],
            metric="bits_difference",
            unit="bit",
            setting="bits per character below the dense layer's, equal active parameters",
        )
    report.measure(
        "bias-against-switch",
        bits["switch"] - bits["bias"],
        metric="bits_difference",
        unit="bit",
        setting="bits per character: balance loss less bias",
    )
    report.measure(
        "z-loss-lost",
        bits["switch-z"] - bits["switch"],
        metric="bits_difference",
        unit="bit",
        setting="bits per character: balance loss and z-loss less balance loss alone",
    )


def characters(args: argparse.Namespace) -> Parts:
    """The text as numbers; characters that training never saw are read as the commonest one."""
    text = king_james(args.data)
    known = {character: number for number, character in enumerate(sorted(set(text.train)))}
    train = torch.tensor([known[character] for character in text.train])
    counts = torch.bincount(train, minlength=len(known)).tolist()
    commonest = counts.index(max(counts))
    test = torch.tensor([known.get(character, commonest) for character in text.test])
    return Parts(train, test, counts)


def contexts(text: Tensor, ends: Tensor) -> tuple[Tensor, Tensor]:
    """The eight characters before each of the places `ends`, and the character there."""
    offsets = torch.arange(-CONTEXT, 0)
    return text[ends[:, None] + offsets], text[ends]


def train(
    args: argparse.Namespace,
    report: Reporter,
    model: CharacterModel,
    routing: str,
    text: Tensor,
    recipe: Recipe,
) -> None:
    """Adam; the losses for "switch" and "switch-z", the bias for "bias", for others nothing."""
    order = torch.Generator().manual_seed(args.seed)
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    alpha = recipe.alpha if routing in ("switch", "switch-z") else 0.0
    z = recipe.z if routing == "switch-z" else 0.0
    for update in range(1, recipe.updates + 1):
        ends = torch.randint(CONTEXT, len(text), (recipe.batch,), generator=order)
        seen, following = contexts(text, ends)
        scores, routed = model(seen, recipe.factor)
        loss = F.cross_entropy(scores, following) + alpha * routed.balance + z * routed.z
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if routing == "bias":
            model.layer.rebalance(routed.load, recipe.pace)
        if update % max(1, recipe.updates // 30) == 0 and routing != "dense":
            report.point(
                "largest load while training",
                update,
                (routed.load.max() / routed.load.mean()).item(),
                series=routing,
                seed=args.seed,
            )


@torch.no_grad()
def conclude(
    report: Reporter, model: CharacterModel, routing: str, text: Tensor, recipe: Recipe
) -> float:
    """Bits per character, loads and dropped tokens on the test chapters; returns the bits."""
    losses, dropped, z = [], [], []
    load = torch.zeros(len(model.layer.experts))
    ends = torch.arange(CONTEXT, len(text), max(1, len(text) // recipe.tested))
    for part in ends[torch.randperm(len(ends))].split(recipe.batch):
        seen, following = contexts(text, part)
        scores, routed = model(seen, recipe.factor)
        losses.append(F.cross_entropy(scores, following, reduction="none"))
        dropped.append(routed.dropped * len(part))
        z.append(routed.z.item() * len(part))
        load += routed.load
    each = torch.cat(losses) / math.log(2)
    bits = each.mean().item()
    setting = f"King James Bible, 8 experts, {recipe.updates} updates, {routing}"
    report.measure(
        f"{routing}-bits",
        bits,
        metric="bits_per_character",
        unit="bit",
        setting=setting,
        standard_error=each.std().item() / math.sqrt(len(each)),
    )
    if routing != "dense":
        largest = (load.max() / load.mean()).item()
        share = 100 * sum(dropped) / len(ends)
        report.measure(
            f"{routing}-largest-load", largest, metric="load_ratio", unit="1", setting=setting
        )
        report.measure(
            f"{routing}-dropped", share, metric="fraction_used", unit="%", setting=setting
        )
        report.measure(
            f"{routing}-z", sum(z) / len(ends), metric="router_z", unit="1", setting=setting
        )
        for expert, sent in enumerate((load / load.mean()).sort(descending=True).values.tolist()):
            report.point("load by expert, sorted", expert + 1, sent, series=routing)
    return bits
