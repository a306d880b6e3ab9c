"""What Skip RNN costs, and whether it still solves its tasks with fewer updates.

``exact``  turns the published update rates into the published costs.
``toy``    trains on the adding task at two fifths of its length, at two prices per update.
``reduced`` the paper's length and width at ten times its learning rate, one model per row.
``full``   the paper's protocol; days on a CPU.
"""

import argparse
from dataclasses import dataclass

import torch
from torch.nn import functional as F

from reproductions.protocol import Reporter

from . import tasks
from .model import SkipRNN, budget_loss, inference_macs

SOLVED = 1 / 6 / 100  # mean squared error two orders of magnitude below the variance of the sum
SOLVED_ACCURACY = 0.99


@dataclass(frozen=True)
class Row:
    """One line of a published table: a cell, a price per update, and its printed update rate."""

    id: str
    cell: str
    skips: bool
    price: float  # lambda
    used: float  # printed share of updates, or number of updates for frequencies and MNIST


ADDING = (
    Row("lstm", "lstm", False, 0.0, 1.0),
    Row("lstm-random-0.2", "lstm", False, 0.0, 0.80),
    Row("lstm-random-0.5", "lstm", False, 0.0, 0.501),
    Row("skip-lstm-0", "lstm", True, 0.0, 0.811),
    Row("skip-lstm-1e-5", "lstm", True, 1e-5, 0.539),
    Row("gru", "gru", False, 0.0, 1.0),
    Row("gru-random-0.02", "gru", False, 0.0, 0.98),
    Row("gru-random-0.5", "gru", False, 0.0, 0.499),
    Row("skip-gru-0", "gru", True, 0.0, 0.979),
    Row("skip-gru-1e-5", "gru", True, 1e-5, 0.507),
)
MNIST = (
    Row("mnist-lstm", "lstm", False, 0.0, 784.0),
    Row("mnist-skip-lstm", "lstm", True, 1e-4, 379.38),
    Row("mnist-gru", "gru", False, 0.0, 784.0),
    Row("mnist-skip-gru", "gru", True, 1e-4, 392.62),
)
UNITS = 110


@dataclass(frozen=True)
class Recipe:
    """Size of a training run; the paper's is the default."""

    length: int = 50
    units: int = UNITS
    updates: int = 30_000
    batch: int = 256
    rate: float = 1e-4
    check_every: int = 300
    settles: bool = False  # let the learning rate fall to zero


SMOKE = Recipe(length=10, units=16, updates=60, batch=32, rate=3e-3, check_every=30)
TOY = Recipe(length=20, units=40, updates=1200, batch=64, rate=5e-3, check_every=100, settles=True)
REDUCED = Recipe(updates=1200, rate=1e-3)
TOY_PRICES = (("skip-lstm-0", 0.0), ("skip-lstm-1e-4", 1e-4))


def run(args: argparse.Namespace, report: Reporter) -> None:
    """Costs at exact scale; otherwise whatever the scale trains."""
    if args.scale in ("exact", "smoke"):
        costs(report)
    if args.scale == "smoke":
        train_adding(args, report, SMOKE, "toy-skip-lstm-0", "lstm", True, 0.0)
    elif args.scale == "toy":
        train_adding(args, report, TOY, "toy-lstm", "lstm", False, 0.0)
        used = [
            train_adding(args, report, TOY, f"toy-{name}", "lstm", True, price)
            for name, price in TOY_PRICES
        ]
        report.measure(
            "toy-saved-by-price",
            100 * (used[0] - used[1]),
            metric="fraction_used",
            unit="%",
            setting="adding task, length 20: updates used at lambda=0 minus at lambda=1e-4",
        )
    elif args.scale in ("reduced", "full"):
        recipe = REDUCED if args.scale == "reduced" else Recipe()
        for row in ADDING:
            if "random" not in row.id:
                train_adding(args, report, recipe, row.id, row.cell, row.skips, row.price)
        if args.scale == "full":
            frequencies(args, report, recipe)


def costs(report: Reporter) -> None:
    """The printed update rates, put through the cost of the cell that was built."""
    for row in ADDING:
        model = SkipRNN(row.cell, 2, UNITS, 1, skips=row.skips)
        macs = inference_macs(model, 50, row.used)
        setting = f"adding task, 50 steps, {row.used:.1%} of them updates"
        report.measure(
            f"cost-{row.id}",
            macs,
            metric="macs",
            unit="1",
            setting=setting,
            convention="mac:gates-only",
        )
    for row in MNIST:
        model = SkipRNN(row.cell, 1, UNITS, 10, skips=row.skips)
        macs = inference_macs(model, 784, row.used / 784)
        setting = f"sequential MNIST, 784 steps, {row.used:g} updates"
        report.measure(
            f"cost-{row.id}",
            macs,
            metric="macs",
            unit="1",
            setting=setting,
            convention="mac:gates-only",
        )


def train_adding(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    name: str,
    cell: str,
    skips: bool,
    price: float,
) -> float:
    """Train one model on the adding task; return the share of updates."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    model = SkipRNN(cell, 2, recipe.units, 1, skips=skips).to(args.device)
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    for step in range(1, recipe.updates + 1):
        if recipe.settles:
            optimiser.param_groups[0]["lr"] = recipe.rate * (1 - step / (recipe.updates + 1))
        x, total = tasks.adding(recipe.batch, recipe.length, noise)
        guess, updates = model(x.to(args.device))
        error = F.mse_loss(guess, total.to(args.device))
        # the released code minimises half the squared error, which doubles the price per update
        loss = error / 2 + budget_loss(updates, price)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % recipe.check_every == 0:
            error_now, used = check_adding(args, model, recipe)
            report.progress(step, recipe.updates, f"{name}: error {error_now:.5f}, {used:.1%} used")
            report.point("updates used while training", step, used, series=name)
            report.point("squared error while training", step, error_now, series=name)
    error_now, used = check_adding(args, model, recipe)
    setting = f"adding task, length {recipe.length}, {recipe.units} units, lambda={price:g}"
    report.measure(f"{name}-error", error_now, metric="mse", unit="1", setting=setting)
    report.measure(f"{name}-used", 100 * used, metric="fraction_used", unit="%", setting=setting)
    report.measure(
        f"{name}-solved",
        float(error_now <= SOLVED),
        metric="solved",
        unit="1",
        setting=setting,
        convention="error at most 1/600",
    )
    report.point(
        "error against cost", inference_macs(model, recipe.length, used), error_now, series=name
    )
    where_updates_fall(args, report, model, recipe, name)
    return used


@torch.no_grad()
def check_adding(
    args: argparse.Namespace, model: SkipRNN, recipe: Recipe, batches: int = 15
) -> tuple[float, float]:
    """Squared error and share of updates on fresh sequences, always the same ones."""
    noise = torch.Generator().manual_seed(10_000 + args.seed)
    error = used = 0.0
    for _ in range(batches):
        x, total = tasks.adding(recipe.batch, recipe.length, noise)
        guess, updates = model(x.to(args.device))
        error += F.mse_loss(guess, total.to(args.device)).item() / batches
        used += updates.mean().item() / batches
    return error, used


@torch.no_grad()
def where_updates_fall(
    args: argparse.Namespace, report: Reporter, model: SkipRNN, recipe: Recipe, name: str
) -> None:
    """Share of sequences that update at each step, for the plot."""
    x, _ = tasks.adding(1000, recipe.length, torch.Generator().manual_seed(20_000 + args.seed))
    _, updates = model(x.to(args.device))  # (1000, length)
    for step, share in enumerate(updates.mean(dim=0).tolist()):
        report.point("updates by position", step, share, series=name)


def frequencies(args: argparse.Namespace, report: Reporter, recipe: Recipe) -> None:
    """Table 4: every cell and price at both sampling periods."""
    for period, length in ((1.0, 100), (0.5, 200)):
        for cell in ("lstm", "gru"):
            train_frequency(
                args, report, recipe, f"{cell}-{period}", cell, False, 0.0, period, length
            )
            for price in (0.0, 1e-5, 1e-4):
                name = f"skip-{cell}-{price:g}-{period}"
                train_frequency(args, report, recipe, name, cell, True, price, period, length)


def train_frequency(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    name: str,
    cell: str,
    skips: bool,
    price: float,
    period: float,
    length: int,
) -> None:
    """Train one model to tell periods of 5 to 6 ms from others; report accuracy and updates."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    model = SkipRNN(cell, 1, recipe.units, 2, skips=skips).to(args.device)
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    for step in range(1, recipe.updates + 1):
        x, label = tasks.frequency(recipe.batch, length, period, noise)
        scores, updates = model(x.to(args.device))
        loss = F.cross_entropy(scores, label.to(args.device)) + budget_loss(updates, price)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if step % recipe.check_every == 0:
            report.progress(step, recipe.updates, f"frequency {name}: loss {loss.item():.4f}")
    with torch.no_grad():
        x, label = tasks.frequency(15 * recipe.batch, length, period, noise)
        scores, updates = model(x.to(args.device))
    accuracy = (scores.argmax(dim=1).cpu() == label).float().mean().item()
    setting = f"frequency discrimination, Ts={period} ms, {length} samples, lambda={price:g}"
    report.measure(
        f"frequency-{name}-accuracy", 100 * accuracy, metric="accuracy", unit="%", setting=setting
    )
    report.measure(
        f"frequency-{name}-updates",
        updates.sum(dim=1).mean().item(),
        metric="steps",
        unit="updates",
        setting=setting,
    )
    report.measure(
        f"frequency-{name}-solved",
        float(accuracy > SOLVED_ACCURACY),
        metric="solved",
        unit="1",
        setting=setting,
        convention="accuracy above 99%",
    )
