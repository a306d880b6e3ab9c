"""Cost of every exit, and what early exits buy on digits (or, with data, on CIFAR-10)."""

import statistics
from pathlib import Path

import torch
from torch import Tensor

from reproductions.protocol import Reporter
from reproductions.protocol.cost import Tracer

from . import data
from .exits import exit_distribution, exits_taken, expected_cost, solve_thresholds
from .model import CIFAR100, DIGITS, IMAGENET, MSDNet, Shape, parameters_up_to
from .training import read_off, train

COUNTED = "op_counter"  # the counter that comes with the released code
QS = (0.25, 0.5, 0.7, 0.85, 1.0, 1.2, 1.5, 2.0, 4.0)  # exit distributions, from early to late
CIFAR10_ANYTIME = Shape((4, *(2,) * 9), 16, 6, (1, 2, 4), 10, "cifar")


def run(report: Reporter, scale: str, seed: int, device: str, folder: Path | None) -> None:
    """exact: costs.  smoke, toy: digits.  full: CIFAR-10 with the training of the paper."""
    if scale == "exact":
        report_costs(report)
    elif scale == "full":
        train_on_cifar10(report, seed, device, folder)
    else:
        train_on_digits(report, steps=20 if scale == "smoke" else 150, seed=seed, device=device)


# --- costs ---------------------------------------------------------------------------------------


def exit_costs(model: MSDNet, image: Tensor) -> list[int]:
    """Operations up to each exit, all earlier classifiers included, for one image."""
    costs = []
    with torch.no_grad(), Tracer() as tracer:
        x = image
        for block, classifier in zip(model.blocks, model.classifiers, strict=True):
            x = block(x)
            classifier(x)
            costs.append(tracer.snapshot().under(COUNTED))
    return costs


def report_costs(report: Reporter) -> None:
    """The ImageNet network with 5 exits and the CIFAR-100 network with 7."""
    for name, shape, size in (("imagenet", IMAGENET, 224), ("cifar-100", CIFAR100, 32)):
        with torch.device("meta"):
            model, image = MSDNet(shape).eval(), torch.empty(1, 3, size, size)
        for number, cost in enumerate(exit_costs(model, image), start=1):
            setting = f"{name}, exit {number} of {len(shape.steps)}"
            parameters = parameters_up_to(model, number)
            report.measure(
                f"{name}-exit-{number}-ops",
                cost,
                metric="flops",
                unit="1",
                setting=setting,
                convention=COUNTED,
            )
            report.measure(
                f"{name}-exit-{number}-params",
                parameters,
                metric="params",
                unit="1",
                setting=setting,
                convention="params:trainable",
            )
            report.point(f"cost of each exit, {name}", number, cost, label=f"exit {number}")


# --- early exits ---------------------------------------------------------------------------------


def train_on_digits(report: Reporter, steps: int, seed: int, device: str) -> None:
    """Four exits on 8x8 images: anytime curve, budgeted curve, and how well budgets are met."""
    training, validation, test = data.digits(seed)
    torch.manual_seed(seed)
    model = MSDNet(DIGITS).to(device)
    train(
        model,
        training,
        steps=steps,
        batch=64,
        rate=0.1,
        seed=seed,
        augment=False,
        done=lambda step: report.progress(step, steps, "training on digits"),
    )
    with torch.device("meta"):
        costs = exit_costs(MSDNet(DIGITS).eval(), torch.empty(1, 1, 8, 8))
    valid_confidences, _ = read_off(model, validation)
    confidences, correct = read_off(model, test)
    anytime = report_anytime(report, "digits", costs, correct)
    budgets = report_budgets(report, "digits", costs, valid_confidences, confidences, correct)
    report.measure(
        "digits-budget-deviation",
        statistics.median(budget.deviation for budget in budgets),
        metric="deviation",
        unit="standard errors",
        setting="digits, realised against wanted mean cost on test images, median of nine budgets",
    )
    report.measure(
        "digits-saving",
        100 * cheapest_as_good(budgets, anytime[-1]) / costs[-1],
        metric="cost",
        unit="% of the whole network",
        setting="digits, cheapest budget at most 1 point below the last exit",
    )


class Budget:
    """One exit distribution, solved on validation images and applied to test images."""

    def __init__(
        self, q: float, costs: Tensor, valid: Tensor, confidences: Tensor, correct: Tensor
    ) -> None:
        self.q = q
        shares = exit_distribution(q, len(costs))
        self.wanted = expected_cost(shares, costs)
        taken = exits_taken(confidences, solve_thresholds(valid, shares))
        self.histogram = torch.bincount(taken, minlength=len(costs)).double() / len(taken)
        self.realised = expected_cost(self.histogram, costs)
        images = torch.arange(len(taken))
        self.accuracy = 100 * correct[taken, images].double().mean().item()
        # Both the thresholds and the mean are estimates from finite samples.
        spread = (shares * (costs - self.wanted).square()).sum().sqrt().item()
        error = spread * (1 / valid.shape[1] + 1 / len(taken)) ** 0.5
        self.deviation = abs(self.realised - self.wanted) / error


def report_anytime(report: Reporter, name: str, costs: list[int], correct: Tensor) -> list[float]:
    """Accuracy if everyone leaves at exit k.  Returns percent per exit."""
    accuracies = (100 * correct.double().mean(1)).tolist()
    for number, (cost, accuracy) in enumerate(zip(costs, accuracies, strict=True), start=1):
        report.measure(
            f"{name}-exit-{number}-accuracy",
            accuracy,
            metric="accuracy",
            unit="%",
            setting=f"{name}, everyone leaves at exit {number}",
        )
        report.point(f"anytime, {name}", cost, accuracy, label=f"exit {number}")
    return accuracies


def report_budgets(
    report: Reporter,
    name: str,
    costs: list[int],
    valid: Tensor,
    confidences: Tensor,
    correct: Tensor,
) -> list[Budget]:
    """Accuracy against mean cost, and the exit histogram, for each distribution."""
    prices = torch.tensor(costs, dtype=torch.float64)
    budgets = [Budget(q, prices, valid, confidences, correct) for q in QS]
    for budget in budgets:
        report.point(f"budgeted batch, {name}", budget.realised, budget.accuracy, label=budget.q)
        report.point(f"realised against wanted cost, {name}", budget.wanted, budget.realised)
        for number, share in enumerate(budget.histogram.tolist(), start=1):
            report.point(f"exit histogram, {name}", number, share, series=f"q = {budget.q}")
    return budgets


def cheapest_as_good(budgets: list[Budget], accuracy: float) -> float:
    """Lowest realised cost among budgets at most one point below `accuracy`."""
    good = [budget.realised for budget in budgets if budget.accuracy >= accuracy - 1]
    return min(good, default=max(budget.realised for budget in budgets))


def train_on_cifar10(report: Reporter, seed: int, device: str, folder: Path | None) -> None:
    """Ten exits, 300 epochs of 64 images: hours on an accelerator."""
    training, validation, test = data.cifar10(folder)
    torch.manual_seed(seed)
    model = MSDNet(CIFAR10_ANYTIME).to(device)
    steps = 300 * len(training.labels) // 64
    train(
        model,
        training,
        steps=steps,
        batch=64,
        rate=0.1,
        seed=seed,
        augment=True,
        done=lambda step: report.progress(step, steps, "training on CIFAR-10"),
    )
    with torch.device("meta"):
        costs = exit_costs(MSDNet(CIFAR10_ANYTIME).eval(), torch.empty(1, 3, 32, 32))
    valid_confidences, _ = read_off(model, validation)
    confidences, correct = read_off(model, test)
    report_anytime(report, "cifar-10", costs, correct)
    report_budgets(report, "cifar-10", costs, valid_confidences, confidences, correct)
