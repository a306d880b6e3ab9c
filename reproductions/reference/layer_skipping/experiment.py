"""What skipped blocks save: published block usage turned into cost, and gates trained on digits.

``exact``  dense costs, and brackets for BlockDrop's cost from its printed number of blocks.
``toy``    SkipNet, ConvNet-AIG and BlockDrop on digits, three seeds.
"""

import argparse
import copy
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .model import (
    GatedResNet,
    Policy,
    basic_resnet10_macs,
    blockdrop_reward,
    cifar_resnet_block_macs,
    imagenet_resnet_block_macs,
    mean_use_loss,
    target_rate_loss,
)

BLOCKS = 6
BLOCKDROP_KEPT = {"cifar": 16.933, "imagenet": 24.77}  # printed means of blocks used


@dataclass(frozen=True)
class Recipe:
    """Length of a training run on digits."""

    epochs: int
    seeds: int
    batch: int = 64
    rate: float = 3e-3


RECIPES = {"smoke": Recipe(epochs=1, seeds=1), "toy": Recipe(epochs=12, seeds=3)}


@dataclass(frozen=True)
class Digits:
    """Training and test images (n, 1, 8, 8) with labels."""

    x: Tensor
    y: Tensor
    x_test: Tensor
    y_test: Tensor


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Costs at exact scale, training at toy scale, a little of both for smoke."""
    if args.scale in ("exact", "smoke"):
        published_costs(report)
    if args.scale == "exact":
        return
    recipe = RECIPES[args.scale]
    for number in range(recipe.seeds):
        report.progress(number, recipe.seeds, "training on digits")
        on_digits(report, recipe, args.seed + number)


def published_costs(report: Reporter) -> None:
    """Two operations per multiply-accumulate, convolutions and linear layers."""

    def flops(id: str, macs: float, setting: str) -> None:
        report.measure(
            id, 2 * macs, metric="flops", unit="1", setting=setting, convention="flop2:conv-fc"
        )

    for depth in (38, 74, 110):
        rest, blocks = cifar_resnet_block_macs((depth - 2) // 6)
        flops(f"resnet{depth}-dense", rest + sum(blocks), f"CIFAR ResNet-{depth}")
    rest, blocks = cifar_resnet_block_macs(18)
    policy_rest, policy_blocks = cifar_resnet_block_macs(1)
    policy = policy_rest + sum(policy_blocks) + 64 * (54 - 10)  # ResNet-8 with 54 outputs
    kept, plain, opener = BLOCKDROP_KEPT["cifar"], blocks[0], blocks[18]
    least = rest + policy + 2 * opener + (kept - 2) * plain
    flops("blockdrop-cifar-least", least, "16.933 blocks kept, both stage openers always")
    flops("blockdrop-cifar-most", rest + policy + kept * plain, "16.933 blocks kept, no opener")
    rest, blocks = imagenet_resnet_block_macs((3, 4, 23, 3))
    openers = [blocks[0], blocks[3], blocks[7], blocks[30]]
    kept, plain = BLOCKDROP_KEPT["imagenet"], blocks[1]
    total = rest + sum(openers) + (kept - 4) * plain + basic_resnet10_macs(112, 33)
    flops("blockdrop-imagenet", total, "24.77 blocks kept, openers always, ResNet-10 policy at 112")
    for used in range(0, 55, 6):
        rest, blocks = cifar_resnet_block_macs(18)
        report.point(
            "cost against blocks kept",
            used,
            2 * (rest + used * blocks[0]) / 1e6,
            series="ResNet-110, no policy network",
        )


def digits(seed: int) -> Digits:
    """1257 images to train and 540 to test, stratified."""
    pixels, labels = load_digits(return_X_y=True)
    x, y = torch.tensor(pixels / 16, dtype=torch.float32).view(-1, 1, 8, 8), torch.tensor(labels)
    train, test = train_test_split(np.arange(len(y)), test_size=540, stratify=y, random_state=seed)
    return Digits(x[train], y[train], x[test], y[test])


def on_digits(report: Reporter, recipe: Recipe, seed: int) -> None:
    """One seed: the plain network, SkipNet, ConvNet-AIG, and BlockDrop on top of the plain one."""
    data = digits(seed)
    torch.manual_seed(seed)
    plain = GatedResNet(blocks=BLOCKS)
    everything = torch.ones(len(data.y), BLOCKS)
    train(plain, data, recipe, lambda x, y: F.cross_entropy(plain(x, everything[: len(y)])[0], y))
    dense = accuracy(plain(data.x_test, torch.ones(540, BLOCKS))[0], data)

    # the three methods start from the plain network
    torch.manual_seed(seed)
    skipnet, aig = copy.deepcopy(plain), copy.deepcopy(plain)
    train(skipnet, data, recipe, lambda x, y: skipnet_loss(skipnet, x, y, alpha=0.3))
    aig.noisy = True
    half = Recipe(recipe.epochs // 2 + 1, 1, recipe.batch, recipe.rate)
    train(aig, data, half, lambda x, y: aig_loss(aig, x, y, rate=0.5))
    aig.noisy = False  # the noise has done its work; let the gates decide as they will at test
    train(aig, data, half, lambda x, y: aig_loss(aig, x, y, rate=0.5))
    policy = train_blockdrop(plain, data, recipe, seed)

    with torch.no_grad():
        chosen = (policy(data.x_test) > 0.5).float()
        outcomes = {
            "skipnet": skipnet(data.x_test),
            "convnet-aig": aig(data.x_test),
            "blockdrop": plain(data.x_test, chosen),
        }
    report.measure(
        "dense-accuracy",
        dense,
        metric="accuracy",
        unit="%",
        seed=seed,
        setting="digits, all six blocks, 540 test images",
    )
    for name, (scores, gates) in outcomes.items():
        one_outcome(report, name, accuracy(scores, data), dense, gates, data, seed)


def one_outcome(
    report: Reporter,
    name: str,
    hits: float,
    dense: float,
    gates: Tensor,
    data: Digits,
    seed: int,
) -> None:
    """Accuracy, share of blocks run, and which blocks run for which digit."""
    share = gates.mean().item()
    setting = f"{name} on digits, six blocks, 540 test images"
    for id, metric, unit, value in (
        ("accuracy", "accuracy", "%", hits),
        ("accuracy-lost", "accuracy_difference", "%", dense - hits),
        ("blocks-used", "fraction_used", "%", 100 * share),
    ):
        report.measure(f"{name}-{id}", value, metric=metric, unit=unit, setting=setting, seed=seed)
    report.point("accuracy against blocks used", share, hits, series=name, seed=seed)
    report.point("accuracy against blocks used", 1.0, dense, series="all blocks", seed=seed)
    if seed == report.seed:  # one figure, of the first seed
        for label in range(10):
            for block, rate in enumerate(gates[data.y_test == label].mean(dim=0).tolist()):
                report.point(f"who runs what, {name}", block + 1, label, weight=rate)


def accuracy(scores: Tensor, data: Digits) -> float:
    """Percent right on the test images."""
    return 100 * (scores.argmax(dim=1) == data.y_test).float().mean().item()


def skipnet_loss(net: GatedResNet, x: Tensor, y: Tensor, alpha: float) -> Tensor:
    """Cross-entropy plus alpha times the share of blocks that run."""
    scores, gates = net(x)
    return F.cross_entropy(scores, y) + alpha * mean_use_loss(gates)


def aig_loss(net: GatedResNet, x: Tensor, y: Tensor, rate: float) -> Tensor:
    """Cross-entropy plus the pull of every block to its target rate."""
    scores, gates = net(x)
    return F.cross_entropy(scores, y) + target_rate_loss(gates, rate)


def train(
    net: nn.Module, data: Digits, recipe: Recipe, loss_of: Callable[[Tensor, Tensor], Tensor]
) -> None:
    """Adam over shuffled batches; leaves the network in eval mode."""
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    net.train()
    for _ in range(recipe.epochs):
        for rows in torch.randperm(len(data.y)).split(recipe.batch):
            loss = loss_of(data.x[rows], data.y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    net.eval()


def train_blockdrop(
    net: GatedResNet, data: Digits, recipe: Recipe, seed: int, penalty: float = 5.0
) -> Policy:
    """Policy gradient with a self-critical baseline (Eq. 6), then policy and network together."""
    torch.manual_seed(seed)
    policy = Policy(BLOCKS)

    def loss(x: Tensor, y: Tensor) -> Tensor:
        chance = policy(x)  # (batch, blocks)
        sampled = torch.bernoulli(chance.detach())
        greedy = (chance.detach() > 0.5).to(chance.dtype)
        scores, _ = net(x, sampled)
        with torch.no_grad():
            base = blockdrop_reward(greedy, net(x, greedy)[0].argmax(dim=1) == y, penalty)
            gain = blockdrop_reward(sampled, scores.argmax(dim=1) == y, penalty) - base
        likelihood = sampled * chance.log() + (1 - sampled) * (1 - chance).log()
        return F.cross_entropy(scores, y) - (gain * likelihood.sum(dim=1)).mean()

    both = nn.ModuleList([policy, net])
    train(both, data, recipe, loss)
    return policy
