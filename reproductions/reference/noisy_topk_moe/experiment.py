"""Train a mixture of experts on a regression that wants several experts, with and without balance.

The data are generated: an input belongs to one of eight clusters, and each cluster has its own
linear map to the output.  One network must interpolate; a mixture can give each cluster its own.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .model import (
    MixtureOfExperts,
    macs_per_example,
    parameters_in_closed_form,
    squared_cv,
)

CLUSTERS = 8
WIDTH, HIDDEN, OUTPUTS, EXPERTS, K = 16, 16, 4, 8, 2
WEIGHTS = ((0.0, 0.0), (0.1, 0.0), (0.0, 0.1), (0.1, 0.1))  # (importance, load)


@dataclass(frozen=True)
class Recipe:
    """Length of a training run."""

    steps: int
    seeds: int
    batch: int = 256
    rate: float = 3e-3


RECIPES = {"smoke": Recipe(steps=60, seeds=1), "toy": Recipe(steps=400, seeds=5)}


class Clusters:
    """Gaussian clusters with a linear map each; draws are endless."""

    def __init__(self, seed: int) -> None:
        self.noise = torch.Generator().manual_seed(seed)
        self.centres = 2 * torch.randn(CLUSTERS, WIDTH, generator=self.noise)
        self.maps = torch.randn(CLUSTERS, WIDTH, OUTPUTS, generator=self.noise) / WIDTH**0.5

    def draw(self, batch: int) -> tuple[Tensor, Tensor, Tensor]:
        """x (batch, WIDTH), y (batch, OUTPUTS) and the cluster of each row (batch,)."""
        cluster = torch.randint(0, CLUSTERS, (batch,), generator=self.noise)
        x = self.centres[cluster] + torch.randn(batch, WIDTH, generator=self.noise)
        y = torch.einsum("bw,bwo->bo", x, self.maps[cluster])
        return x, y, cluster


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Sizes first, then every seed with every pair of loss weights."""
    sizes(report)
    recipe = RECIPES[args.scale]
    for number in range(recipe.seeds):
        report.progress(number, recipe.seeds, "training with four pairs of loss weights")
        seed = args.seed + number
        spread = {weights: one_training(report, recipe, weights, seed) for weights in WEIGHTS}
        for kind in ("importance", "load"):
            without, both = spread[(0.0, 0.0)][kind], spread[(0.1, 0.1)][kind]
            report.measure(
                f"cv-{kind}-ratio",
                both / without,
                metric="ratio",
                unit="1",
                setting="both losses at 0.1 against none",
                seed=seed,
            )


def sizes(report: Reporter) -> None:
    """Parameters of the layer that was built, beside the formula."""
    layer = MixtureOfExperts(WIDTH, HIDDEN, OUTPUTS, EXPERTS, K)
    counted = sum(parameter.numel() for parameter in layer.parameters())
    formula = parameters_in_closed_form(WIDTH, HIDDEN, OUTPUTS, EXPERTS)
    setting = f"{EXPERTS} experts {WIDTH}-{HIDDEN}-{OUTPUTS}, top {K}"
    report.measure(
        "parameters-counted-minus-formula",
        counted - formula,
        metric="difference",
        unit="1",
        setting=setting,
    )
    report.measure(
        "macs-per-example",
        macs_per_example(WIDTH, HIDDEN, OUTPUTS, EXPERTS, K),
        metric="macs",
        unit="1",
        setting=setting,
        convention="mac:conv-fc",
    )
    for experts in (2**power for power in range(2, 13)):
        total = parameters_in_closed_form(512, 1024, 512, experts)
        active = macs_per_example(512, 1024, 512, experts, 4)
        report.point("active against total", total, active, experts=experts)


def one_training(
    report: Reporter, recipe: Recipe, weights: tuple[float, float], seed: int
) -> dict[str, float]:
    """Train once; report error and balance on fresh data; return the two coefficients."""
    torch.manual_seed(seed)
    data = Clusters(seed)
    layer = MixtureOfExperts(WIDTH, HIDDEN, OUTPUTS, EXPERTS, K).train()
    optimiser = torch.optim.Adam(layer.parameters(), lr=recipe.rate)
    name = f"importance {weights[0]:g}, load {weights[1]:g}"
    for step in range(recipe.steps):
        x, y, _ = data.draw(recipe.batch)
        guess, importance, load = layer(x)
        loss = F.mse_loss(guess, y)
        loss = loss + weights[0] * squared_cv(importance) + weights[1] * squared_cv(load)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if step % (recipe.steps // 20) == 0 and seed == report.seed:
            now = squared_cv(load.detach()).sqrt().item()
            report.point("variation of load while training", step, now, series=name)
    return judge_balance(report, layer, data, weights, seed)


@torch.no_grad()
def judge_balance(
    report: Reporter,
    layer: MixtureOfExperts,
    data: Clusters,
    weights: tuple[float, float],
    seed: int,
) -> dict[str, float]:
    """Error, importance and load of 4096 fresh examples, gated without noise."""
    layer.eval()
    x, y, cluster = data.draw(4096)
    guess, importance, load = layer(x)
    found = {
        "importance": squared_cv(importance).sqrt().item(),
        "load": squared_cv(load).sqrt().item(),
    }
    stem = f"w{weights[0]:g}-{weights[1]:g}"
    setting = f"w_importance={weights[0]:g}, w_load={weights[1]:g}, 4096 fresh examples"
    for id, metric, value in (
        ("cv-importance", "cv", found["importance"]),
        ("cv-load", "cv", found["load"]),
        ("max-over-mean-load", "ratio", (load.max() / load.mean()).item()),
        ("error", "mse", F.mse_loss(guess, y).item() / y.var().item()),
    ):
        report.measure(f"{stem}-{id}", value, metric=metric, unit="1", setting=setting, seed=seed)
    if seed == report.seed:  # one figure, of the first seed
        share = layer.gate(x)[0]
        for expert in range(EXPERTS):
            report.point("load of each expert", expert, load[expert].item(), series=setting)
            for group in range(CLUSTERS):
                weight = share[cluster == group, expert].mean().item()
                report.point(f"who serves whom, {stem}", group, expert, weight=weight)
    return found
