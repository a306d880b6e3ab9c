"""Train on the King James Bible with blocks for all tokens, for chosen ones, and for drawn ones.

All see the same batches in the same order.  "shallow" leaves the routed blocks out altogether: it
is what the other blocks can do alone, for a little less work than Mixture-of-Depths.
"""

import argparse
import math
import statistics
import time
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import king_james
from reproductions.protocol import Reporter

from .model import DepthModel, Routing, block_macs


@dataclass(frozen=True)
class Recipe:
    """capacity: the share of the tokens that a routed block takes."""

    length: int = 64
    width: int = 64
    blocks: int = 4
    capacity: float = 0.25
    updates: int = 600
    batch: int = 32
    rate: float = 3e-3
    tested: int = 400


RECIPES = {"smoke": Recipe(updates=5, tested=8), "reduced": Recipe()}

KINDS: dict[str, Routing] = {
    "dense": "dense",
    "shallow": "dense",
    "learned": "learned",
    "random": "random",
}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: four trainings, then bits, choices, costs, and time."""
    recipe = RECIPES[args.scale]
    text = king_james(args.data)
    known = {character: number for number, character in enumerate(sorted(set(text.train)))}
    train_text = torch.tensor([known[character] for character in text.train])
    test_text = torch.tensor([known[each] for each in text.test if each in known])
    models, bits = {}, {}
    for number, (kind, routing) in enumerate(KINDS.items()):
        report.progress(number, len(KINDS), kind)
        models[kind] = train(args, report, kind, train_text, len(known), recipe)
        bits[kind] = tested_bits(models[kind], routing, test_text, recipe)
    chosen_before = choices(models["learned"], test_text, recipe)
    bits["causal"] = tested_bits(models["learned"], "learned", test_text, recipe, causal=True)
    setting = f"King James Bible, {recipe.blocks} blocks, {recipe.updates} updates"
    for kind, each in bits.items():
        report.measure(
            f"{kind}-bits",
            each,
            metric="bits_per_character",
            unit="bit",
            setting=f"{setting}, {kind}",
        )
    for name, less, more in (
        ("below-random", "learned", "random"),
        ("below-shallow", "learned", "shallow"),
        ("above-dense", "dense", "learned"),
        ("causal-lost", "learned", "causal"),
    ):
        report.measure(
            name,
            bits[more] - bits[less],
            metric="bits_difference",
            unit="bit",
            setting=f"{setting}: {more} less {less}",
        )
    report.measure(
        "predicted",
        100 * chosen_before,
        metric="agreement",
        unit="%",
        setting=f"{setting}: tokens of which the causal head says rightly whether they pass",
    )
    report.measure(
        "cost", 100 * relative_cost(recipe), metric="relative_cost", unit="%", setting=setting
    )
    report.measure(
        "speedup",
        speedup(models["dense"], models["learned"], test_text, recipe),
        metric="speedup",
        unit="x",
        setting=f"{setting}: forward pass of 32 sequences against the dense one, wall clock",
    )
    shares(report, models["learned"], test_text, recipe, sorted(known), args.seed)


def train(
    args: argparse.Namespace,
    report: Reporter,
    kind: str,
    text: Tensor,
    characters: int,
    recipe: Recipe,
) -> DepthModel:
    """Adam; the causal heads' losses are added, and move nothing but these heads."""
    torch.manual_seed(args.seed)
    order = torch.Generator().manual_seed(args.seed)
    model = DepthModel(
        characters,
        recipe.length,
        width=recipe.width,
        blocks=recipe.blocks // 2 if kind == "shallow" else recipe.blocks,
        capacity=recipe.capacity if kind in ("learned", "random") else None,
    )
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    for update in range(1, recipe.updates + 1):
        starts = torch.randint(len(text) - recipe.length, (recipe.batch,), generator=order)
        lines = text[starts[:, None] + torch.arange(recipe.length + 1)]
        logits, routed = model(lines[:, :-1], KINDS[kind])
        loss = F.cross_entropy(logits.flatten(0, 1), lines[:, 1:].flatten())
        if update % max(1, recipe.updates // 30) == 0:
            bits = loss.item() / math.log(2)
            report.point("bits while training", update, bits, series=kind, seed=args.seed)
        optimiser.zero_grad()
        torch.stack([loss, *routed.predictor_losses]).sum().backward()
        optimiser.step()
    return model.eval()


def lines_of(text: Tensor, recipe: Recipe) -> Tensor:
    """Test lines (tested, length + 1) that lie evenly over the text."""
    starts = torch.linspace(0, len(text) - recipe.length - 1, recipe.tested).long()
    return text[starts[:, None] + torch.arange(recipe.length + 1)]


@torch.no_grad()
def tested_bits(
    model: DepthModel, routing: Routing, text: Tensor, recipe: Recipe, *, causal: bool = False
) -> float:
    """Bits per character over the test lines."""
    losses = []
    for lines in lines_of(text, recipe).split(recipe.batch):
        logits, _ = model(lines[:, :-1], routing, causal=causal)
        losses.append(F.cross_entropy(logits.transpose(1, 2), lines[:, 1:], reduction="none"))
    return torch.cat(losses).mean().item() / math.log(2)


@torch.no_grad()
def choices(model: DepthModel, text: Tensor, recipe: Recipe) -> float:
    """How often the causal heads say what the C largest weights say."""
    agreed = []
    for lines in lines_of(text, recipe).split(recipe.batch):
        _, routed = model(lines[:, :-1], "learned")
        agreed += [
            (chosen == predicted).float().mean().item()
            for chosen, predicted in zip(routed.chosen, routed.predicted, strict=True)
        ]
    return statistics.fmean(agreed)


def relative_cost(recipe: Recipe) -> float:
    """Multiply-accumulates of all blocks with routing, relative to those without."""
    whole = block_macs(recipe.width, recipe.length)
    part = block_macs(recipe.width, int(recipe.capacity * recipe.length))
    return (whole + part) / (2 * whole)


@torch.no_grad()
def speedup(dense: DepthModel, routed: DepthModel, text: Tensor, recipe: Recipe) -> float:
    """Time of a forward pass of the dense model over that of the routed one; median of 15 pairs."""
    lines = lines_of(text, recipe)[:32, :-1]
    ratios = []
    for _ in range(15):
        began = time.perf_counter()
        dense(lines)
        between = time.perf_counter()
        routed(lines, "learned")
        ratios.append((between - began) / (time.perf_counter() - between))
    return statistics.median(ratios)


@torch.no_grad()
def shares(
    report: Reporter,
    model: DepthModel,
    text: Tensor,
    recipe: Recipe,
    characters: list[str],
    seed: int,
) -> None:
    """How often each of the commoner characters passes through the routed blocks."""
    passed, seen = torch.zeros(len(characters)), torch.zeros(len(characters))
    for lines in lines_of(text, recipe).split(recipe.batch):
        _, routed = model(lines[:, :-1], "learned")
        for chosen in routed.chosen:
            passed += torch.bincount(lines[:, :-1][chosen], minlength=len(characters))
            seen += torch.bincount(lines[:, :-1].flatten(), minlength=len(characters))
    common = seen.argsort(descending=True)[:12]
    for place, number in enumerate(common.tolist(), start=1):
        character = {" ": "space", "\n": "new line"}.get(characters[number], characters[number])
        report.point(
            "share of a character's tokens that pass",
            place,
            (passed[number] / seen[number]).item(),
            series="learned",
            seed=seed,
            character=character,
        )
