"""Train twice on the King James Bible, plainly and by LayerSkip; decode greedily three ways.

Prompts are windows of test chapters.  Times are of one prompt after the other, as decoding is.
"""

import argparse
import statistics
import time
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.datasets import king_james
from reproductions.protocol import Reporter

from .model import (
    WINDOW,
    Decoded,
    DeepModel,
    confident,
    greedy,
    layer_skip_loss,
    self_speculative,
)

LAMBDAS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True)
class Recipe:
    """p_max and e_scale are LayerSkip's; `exit` is E and `drafts` is d when decoding."""

    updates: int = 500
    batch: int = 512
    rate: float = 2e-3
    p_max: float = 0.1
    e_scale: float = 1.0
    exit: int = 2
    drafts: int = 4
    prompts: int = 40
    length: int = 64


RECIPES = {"smoke": Recipe(updates=5, prompts=3, length=8), "reduced": Recipe()}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: both trainings, then what each decodes."""
    recipe = RECIPES[args.scale]
    text = king_james(args.data)
    known = {character: number for number, character in enumerate(sorted(set(text.train)))}
    train_text = torch.tensor([known[character] for character in text.train])
    test_text = torch.tensor([known[each] for each in text.test if each in known])
    accepted = {}
    for number, recipe_name in enumerate(("plain", "layer-skip")):
        report.progress(number, 2, recipe_name)
        model = trained(args, recipe_name, train_text, len(known), recipe)
        accepted[recipe_name] = decode(args, report, model, recipe_name, test_text, recipe)
        early_exit(args, report, model, recipe_name, test_text)
    report.measure(
        "accepted-more",
        accepted["layer-skip"] - accepted["plain"],
        metric="tokens_difference",
        unit="1",
        setting="drafts accepted a round: LayerSkip's training less the plain one",
    )


def trained(
    args: argparse.Namespace, how: str, text: Tensor, characters: int, recipe: Recipe
) -> DeepModel:
    """Adam on J, or on the last layer alone; the same windows in both."""
    torch.manual_seed(args.seed)
    order = torch.Generator().manual_seed(args.seed)
    model = DeepModel(characters)
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    for _ in range(recipe.updates):
        ends = torch.randint(WINDOW, len(text), (recipe.batch,), generator=order)
        windows, y = text[ends[:, None] + torch.arange(-WINDOW, 0)], text[ends]
        if how == "plain":
            loss = F.cross_entropy(model.head(model.states(windows)[-1]), y)
        else:
            loss = layer_skip_loss(model, windows, y, recipe.p_max, recipe.e_scale)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    return model.eval()


def decode(
    args: argparse.Namespace,
    report: Reporter,
    model: DeepModel,
    how: str,
    text: Tensor,
    recipe: Recipe,
) -> float:
    """Speculative against greedy decoding: same text, drafts kept, time; returns drafts kept."""
    starts = torch.linspace(0, len(text) - WINDOW - 1, recipe.prompts).long().tolist()
    same, ratios = 0, []
    kept: list[int] = []
    for start in starts:
        window = text[start : start + WINDOW]
        began = time.perf_counter()
        whole = greedy(model, window, recipe.length)
        between = time.perf_counter()
        decoded = self_speculative(
            model, window, recipe.length, exit=recipe.exit, drafts=recipe.drafts
        )
        ratios.append((between - began) / (time.perf_counter() - between))
        same += whole == decoded.text
        kept += decoded.accepted
    mean = statistics.fmean(kept)
    setting = f"King James Bible, 8 layers, E = {recipe.exit}, d = {recipe.drafts}, {how} training"
    report.measure(
        f"{how}-identical", 100 * same / len(starts), metric="agreement", unit="%", setting=setting
    )
    report.measure(f"{how}-accepted", mean, metric="tokens", unit="1", setting=setting)
    report.measure(
        f"{how}-speedup",
        statistics.median(ratios),
        metric="speedup",
        unit="x",
        setting=f"{setting}; wall clock, one prompt at a time",
    )
    report.measure(
        f"{how}-layers",
        100 * layers_a_token(Decoded([], kept), recipe),
        metric="fraction_used",
        unit="%",
        setting=f"{setting}; layers computed for a character, of {len(model.blocks)}",
    )
    for number in range(recipe.drafts + 1):
        share = kept.count(number) / len(kept)
        report.point("drafts accepted", number, share, series=how, seed=args.seed)
    return mean


def layers_a_token(decoded: Decoded, recipe: Recipe) -> float:
    """Layers computed for a character that stays, relative to all layers.

    A round computes every layer for each of its drafts: the first E to draft, the others to verify.
    """
    drafted = recipe.drafts * len(decoded.accepted)
    written = sum(min(kept + 1, recipe.drafts) for kept in decoded.accepted)
    return drafted / written


@torch.no_grad()
def early_exit(
    args: argparse.Namespace, report: Reporter, model: DeepModel, how: str, text: Tensor
) -> None:
    """CALM at several thresholds on windows of the test text: agreement against layers."""
    ends = torch.arange(WINDOW, len(text), max(1, len(text) // 8000))
    windows = text[ends[:, None] + torch.arange(-WINDOW, 0)]
    whole = model.head(model.states(windows)[-1]).argmax(dim=1)
    for threshold in LAMBDAS:
        tokens, layers = confident(model, windows, threshold)
        agreed = 100 * (tokens == whole).float().mean().item()
        share = 100 * layers.float().mean().item() / len(model.blocks)
        report.point(
            "agreement with all layers against layers computed",
            share,
            agreed,
            series=how,
            seed=args.seed,
            threshold=threshold,
        )
        if threshold == 0.5:
            setting = f"King James Bible, 8 layers, lambda = 0.5, {how} training"
            report.measure(
                f"{how}-calm-agreed", agreed, metric="agreement", unit="%", setting=setting
            )
            report.measure(
                f"{how}-calm-layers", share, metric="fraction_used", unit="%", setting=setting
            )
