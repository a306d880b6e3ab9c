"""Masked convolutions give the dense numbers on the kept pixels, at the cost of those pixels.

``exact``  equality and cost on random masks; dense costs of the published networks.
``toy``    trains DynConv dense and at half the cost, and SACT at two prices on digits.
"""

import argparse
import copy
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .model import (
    DynConvNet,
    ResidualUnit,
    SactNet,
    budget_loss,
    cifar_resnet_macs,
    gathered,
    imagenet_resnet_macs,
    masked_dense,
)

KEEP = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)
BUDGETS = (1.0, 0.5)
PRICES = (0.0, 0.1)
BEARABLE_LOSS = 3.0  # points of accuracy; a saving at a higher loss counts as none


@dataclass(frozen=True)
class Recipe:
    """Length of a training run on digits."""

    epochs: int
    seeds: int
    batch: int = 64
    rate: float = 3e-3


RECIPES = {"smoke": Recipe(epochs=1, seeds=1), "toy": Recipe(epochs=12, seeds=5)}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Equality and costs at exact scale, training at toy scale, a little of both for smoke."""
    if args.scale in ("exact", "smoke"):
        published_costs(report)
        equality(report, args.seed)
    if args.scale == "exact":
        return
    recipe = RECIPES[args.scale]
    for number in range(recipe.seeds):
        report.progress(number, recipe.seeds, "training on digits")
        on_digits(report, recipe, args.seed + number)
    speed(report)


def published_costs(report: Reporter) -> None:
    """Dense costs that the two papers start from."""
    for name, blocks in (("resnet101", (3, 4, 23, 3)), ("resnet50", (3, 4, 6, 3))):
        report.measure(
            f"{name}-dense",
            2 * imagenet_resnet_macs(blocks),
            metric="flops",
            unit="1",
            setting=f"{name} at 224x224, stride on the 3x3 convolution",
            convention="flop2:conv-fc",
        )
    report.measure(
        "resnet32-dense",
        cifar_resnet_macs(32),
        metric="macs",
        unit="1",
        setting="ResNet-32 at 32x32 with projection shortcuts",
        convention="mac:conv-fc",
    )


def equality(report: Reporter, seed: int) -> None:
    """Largest difference between gathered and masked dense results; cost per kept pixel."""
    torch.manual_seed(seed)
    unit, x = ResidualUnit(16), torch.randn(8, 16, 14, 14)
    weight, bias = unit.one.weight, unit.one.bias
    assert bias is not None
    worst_layer = worst_unit = worst_cost = 0.0
    with torch.no_grad():
        for keep in KEEP:
            mask = (torch.rand(8, 1, 14, 14) < keep).float()
            layer = gathered(x, weight, bias, mask) - masked_dense(x, weight, bias, mask)
            worst_layer = max(worst_layer, layer.abs().max().item())
            both = unit.sparse(x, mask) - unit(x, mask)
            worst_unit = max(worst_unit, both.abs().max().item())
            kept, dense = mask.mean().item(), 2 * 14 * 14 * weight.numel()
            share = unit.macs(mask).mean().item() / dense
            layer_share = mask.sum().item() * weight.numel() / (8 * 14 * 14 * weight.numel())
            worst_cost = max(worst_cost, abs(layer_share - kept))
            report.point("cost against kept pixels", kept, share, series="unit of two layers")
            report.point("cost against kept pixels", kept, layer_share, series="one layer")
    for id, value, setting in (
        ("layer-difference", worst_layer, "one 3x3 convolution, six random masks"),
        ("unit-difference", worst_unit, "residual unit of two convolutions, six random masks"),
        ("layer-cost-difference", worst_cost, "cost share minus kept share, six random masks"),
    ):
        report.measure(id, value, metric="difference", unit="1", setting=setting)


@dataclass(frozen=True)
class Digits:
    """Training and test images (n, 1, 8, 8) with labels."""

    x: Tensor
    y: Tensor
    x_test: Tensor
    y_test: Tensor


def digits(seed: int) -> Digits:
    """1257 images to train and 540 to test, stratified."""
    pixels, labels = load_digits(return_X_y=True)
    x, y = torch.tensor(pixels / 16, dtype=torch.float32).view(-1, 1, 8, 8), torch.tensor(labels)
    train, test = train_test_split(np.arange(len(y)), test_size=540, stratify=y, random_state=seed)
    return Digits(x[train], y[train], x[test], y[test])


def on_digits(report: Reporter, recipe: Recipe, seed: int) -> None:
    """One seed: DynConv at every budget, SACT at every price."""
    data = digits(seed)
    torch.manual_seed(seed)
    dense = train_dynconv(DynConvNet(dense=True), data, recipe, 1.0)
    hits = {budget: one_budget(report, recipe, data, dense, budget, seed) for budget in BUDGETS}
    free, priced = (one_price(report, recipe, data, price, seed) for price in PRICES)
    report.measure(
        "dynconv-0.5-accuracy-lost",
        hits[1.0] - hits[0.5],
        metric="accuracy_difference",
        unit="%",
        setting="budget 0.5 against dense",
        seed=seed,
    )
    setting = f"tau={PRICES[1]:g} against tau={PRICES[0]:g}"
    lost = free.accuracy - priced.accuracy
    report.measure(
        "sact-accuracy-lost",
        lost,
        metric="accuracy_difference",
        unit="%",
        setting=setting,
        seed=seed,
    )
    report.measure(
        "sact-units-saved",
        free.units - priced.units if lost <= BEARABLE_LOSS else 0.0,
        metric="steps",
        unit="units",
        setting=f"units per pixel, {setting}; none if more than {BEARABLE_LOSS:g} points are lost",
        seed=seed,
    )


def one_budget(
    report: Reporter, recipe: Recipe, data: Digits, dense: DynConvNet, budget: float, seed: int
) -> float:
    """DynConv from the dense network to one budget; returns its accuracy (%)."""
    torch.manual_seed(seed)
    net = copy.deepcopy(dense)
    if budget < 1:
        net.dense = False
        train_dynconv(net, data, replace(recipe, epochs=2 * recipe.epochs), budget)
    with torch.no_grad():
        scores, masks = net(data.x_test)
        sparse_scores, _ = net(data.x_test, sparse=True)
        share = net.shares(masks).mean().item()
    hits = accuracy(scores, data)
    setting = f"DynConv on digits, budget {budget:g}, 540 test images"
    gap = (scores - sparse_scores).abs().max().item()
    for id, metric, unit, value in (
        ("accuracy", "accuracy", "%", hits),
        ("cost-share", "fraction_used", "1", share),
        ("sparse-difference", "difference", "1", gap),
    ):
        report.measure(
            f"dynconv-{budget:g}-{id}", value, metric=metric, unit=unit, setting=setting, seed=seed
        )
    report.point("accuracy against cost share", share, hits, series=f"seed {seed}", budget=budget)
    if seed == report.seed and budget < 1:  # one figure, of the first seed
        heat_map(report, f"pixels kept, budget {budget:g}", torch.stack(masks).mean((0, 1, 2)))
    return hits


class Pondered(NamedTuple):
    """What SACT reaches at one price: percent right, and units used per pixel."""

    accuracy: float
    units: float


def one_price(report: Reporter, recipe: Recipe, data: Digits, price: float, seed: int) -> Pondered:
    """SACT at one price per unit of pondering."""
    torch.manual_seed(seed)
    net = train_sact(SactNet(), data, recipe, price)
    with torch.no_grad():
        scores, _, used = net(data.x_test)
    setting = f"SACT on digits, tau={price:g}, 540 test images"
    found = Pondered(accuracy(scores, data), used.mean().item())
    for id, metric, unit, value in (
        ("accuracy", "accuracy", "%", found.accuracy),
        ("units", "steps", "units", found.units),
    ):
        report.measure(
            f"sact-{price:g}-{id}", value, metric=metric, unit=unit, setting=setting, seed=seed
        )
    if seed == report.seed:
        heat_map(report, f"units per pixel, tau={price:g}", used.mean((0, 1)))
    return found


def accuracy(scores: Tensor, data: Digits) -> float:
    """Percent right on the test images."""
    return 100 * (scores.argmax(dim=1) == data.y_test).float().mean().item()


def heat_map(report: Reporter, name: str, values: Tensor) -> None:
    """values: (h, w), rows from the top."""
    for row, line in enumerate(values.tolist()):
        for column, value in enumerate(line):
            report.point(name, column, row, weight=value)


def train_dynconv(
    net: DynConvNet, data: Digits, recipe: Recipe, budget: float, weight: float = 10.0
) -> DynConvNet:
    """Cross-entropy plus the budget loss, whose bounds widen over the first half of training.

    Masks explore with noise in that half, too, and decide as they will at test in the other.
    """

    def loss(images: Tensor, labels: Tensor, progress: float) -> Tensor:
        net.noisy = progress < 0.5
        scores, masks = net(images)
        if net.dense:
            return F.cross_entropy(scores, labels)
        slack = max(0.0, 1 - 2 * progress)
        return F.cross_entropy(scores, labels) + weight * budget_loss(
            net.shares(masks), budget, slack
        )

    _train(net, data, recipe, loss)
    return net


def train_sact(net: SactNet, data: Digits, recipe: Recipe, price: float) -> SactNet:
    """Cross-entropy plus tau times the mean ponder cost."""

    def loss(images: Tensor, labels: Tensor, progress: float) -> Tensor:
        scores, ponder, _ = net(images)
        return F.cross_entropy(scores, labels) + price * ponder.mean()

    _train(net, data, recipe, loss)
    return net


def _train(
    net: nn.Module,
    data: Digits,
    recipe: Recipe,
    loss_of: Callable[[Tensor, Tensor, float], Tensor],
) -> None:
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    net.train()
    for epoch in range(recipe.epochs):
        for rows in torch.randperm(len(data.y)).split(recipe.batch):
            loss = loss_of(data.x[rows], data.y[rows], epoch / recipe.epochs)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    net.eval()


@torch.no_grad()
def speed(report: Reporter, repeats: int = 20) -> None:
    """Theoretical against measured speed-up of one layer on this machine; median of repeats."""
    x, weight, bias = torch.randn(1, 64, 28, 28), torch.randn(64, 64, 3, 3), torch.zeros(64)
    dense = _median_seconds(lambda: F.conv2d(x, weight, bias, padding=1), repeats)
    for keep in KEEP[1:]:
        mask = (torch.rand(1, 1, 28, 28) < keep).float()
        spent = _median_seconds(partial(gathered, x, weight, bias, mask), repeats)
        report.point(
            "measured against theoretical speed-up",
            1 / mask.mean().item(),
            dense / spent,
            keep=keep,
            batch=1,
            repeats=repeats,
        )


def _median_seconds(call: Callable[[], Tensor], repeats: int) -> float:
    call()
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)
