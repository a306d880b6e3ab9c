"""Table 1: how many epochs mixtures of experts and back-propagation need on four vowels.

Every system is trained 25 times from other initial weights.  Its step size is the paper's: found
by looking at the convergence from one and the same initial weights for a range of sizes.  The test
cases are looked at once, after training.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor

from reproductions.protocol import Reporter

from .model import Hidden, Mixture, Objective, Said, System, descend, parameters
from .vowels import Vowels, peterson_barney

TRAINING, SPEAKERS = 50, 75
"""The first 50 speakers train, the next 25 test; the table has a 76th."""
TARGETS = {"iy": 1.0, "ih": 0.0, "aa": 1.0, "ah": 0.0}
"""[i], [I], [a] and the vowel of "hud"; one output tells the two of each overlapping pair apart."""
SYSTEMS: dict[str, tuple[type[System], int]] = {
    "4-experts": (Mixture, 4),
    "8-experts": (Mixture, 8),
    "bp-6": (Hidden, 6),
    "bp-12": (Hidden, 12),
}
NAMES = {
    "4-experts": "4 experts",
    "8-experts": "8 experts",
    "bp-6": "BP, 6 hidden units",
    "bp-12": "BP, 12 hidden units",
}
FEW = "4-experts"
OTHERS: tuple[Objective, ...] = ("cooperative", "selected")
"""The objectives that the paper argues against, each tried on the small mixture."""
IN_USE = 0.05
"""A mixing proportion that no case exceeds counts as effectively 0."""


@dataclass(frozen=True)
class Recipe:
    """sizes: of steps, explored on one set of initial weights, on the sum over training cases.

    jump: the mean squared error may rise by this from one epoch to the next, not by more.
    criterion: the paper's mean squared error to stop at.  limit: of epochs, explored: while looking
    for the step size.
    """

    simulations: int = 25
    jump: float = 0.01
    limit: int = 10_000
    explored: int = 4000
    criterion: float = 0.08
    sizes: tuple[float, ...] = (0.005, 0.01, 0.015, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1)


RECIPES = {
    "smoke": Recipe(simulations=2, limit=600, criterion=0.24, sizes=(0.02, 0.03), jump=1.0),
    "full": Recipe(),
}


@dataclass(frozen=True)
class Cases:
    """x: the first two formants in kHz, (cases, 2).  d: desired outputs, (cases,)."""

    x: Tensor
    d: Tensor


@dataclass(frozen=True)
class Trained:
    """Systems of one kind, and the epochs each took to the criterion (-1: not in time)."""

    system: System
    epochs: Tensor

    @property
    def arrived(self) -> Tensor:
        """Which simulations reached the criterion."""
        return self.epochs >= 0


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: the four systems of the table, then a mixture under the other two objectives."""
    recipe = RECIPES[args.scale]
    vowels = peterson_barney(args.data)
    parts = len(SYSTEMS) + len(OTHERS)
    train, test = cases(vowels, 1, TRAINING), cases(vowels, TRAINING + 1, SPEAKERS)
    report.log(f"{len(train.d)} cases train, {len(test.d)} test")
    rows: dict[str, Trained] = {}
    for name in SYSTEMS:
        rows[name] = table_row(args.seed, report, name, "competitive", recipe, train)
        told(report, name, rows[name], train, test)
        report.progress(len(rows), parts)
    for objective in OTHERS:
        rows[objective] = table_row(args.seed, report, FEW, objective, recipe, train, id=objective)
        shared(report, objective, rows[objective], train)
        report.progress(len(rows), parts)
    compare(report, rows, train)


def cases(vowels: Vowels, first: int, last: int) -> Cases:
    """The four vowels of speakers `first` to `last`."""
    spoken = torch.tensor([vowel in TARGETS for vowel in vowels.vowels])
    chosen = spoken & (vowels.speakers >= first) & (vowels.speakers <= last)
    d = [TARGETS[vowels.vowels[case]] for case in chosen.nonzero().flatten().tolist()]
    return Cases(vowels.formants[chosen][:, :2] / 1000, torch.tensor(d))


def table_row(
    seed: int,
    report: Reporter,
    name: str,
    objective: Objective,
    recipe: Recipe,
    train: Cases,
    id: str = "",
) -> Trained:
    """Find the step size of one system, train its simulations, report their epochs."""
    make, units = SYSTEMS[name]
    other = f", {objective} objective" if id else ""
    id = id or name
    size = step_size(report, make(1, units, generator(seed)), id, objective, recipe, train)
    system = make(recipe.simulations, units, generator(seed + 1))
    rates = torch.full((recipe.simulations,), size)
    epochs, course = descend(
        system, train.x, train.d,
        rates=rates, objective=objective, criterion=recipe.criterion, limit=recipe.limit,
    )  # fmt: skip
    trained = Trained(system, epochs)
    setting = f"four vowels, {NAMES[name]}{other}"
    draw(report, setting, course)
    if not trained.arrived.any():
        return trained
    taken = epochs[trained.arrived].float()
    for what, value, metric, unit in (
        ("epochs", taken.mean().item(), "epochs", "1"),
        ("epochs-sd", taken.std(correction=len(taken) > 1).item(), "epochs_sd", "1"),
        ("step-size", size, "step_size", "1"),
        ("parameters", parameters(system), "params", "1"),
        ("arrived", 100 * trained.arrived.float().mean().item(), "share", "%"),
    ):
        report.measure(f"{id}-{what}", value, metric=metric, unit=unit, setting=setting)
    return trained


def generator(seed: int) -> torch.Generator:
    """Random numbers of their own for each purpose."""
    return torch.Generator().manual_seed(seed)


def step_size(
    report: Reporter,
    system: System,
    id: str,
    objective: Objective,
    recipe: Recipe,
    train: Cases,
) -> float:
    """The size with which the squared error falls to the criterion soonest, without a jump up.

    system: one simulation, whose initial weights are copied for every size.  Raises RuntimeError
    if no size gets there.
    """
    for weights in system.weights:
        copies = (len(recipe.sizes), *[1] * (weights.dim() - 1))
        weights.data = weights.data.repeat(copies).clone()
    epochs, course = descend(
        system, train.x, train.d,
        rates=torch.tensor(recipe.sizes), objective=objective,
        criterion=recipe.criterion, limit=recipe.explored,
    )  # fmt: skip
    arrived = epochs >= 0
    for size, taken in zip(recipe.sizes, epochs.tolist(), strict=True):
        if taken >= 0:
            report.point("epochs to the criterion against step size", size, taken, series=id)
    rises = course.diff(dim=0).amax(dim=0)
    steady = arrived & (rises <= recipe.jump)
    if not steady.any():
        raise RuntimeError(f"{id}: no step size of {recipe.sizes} reaches the criterion steadily")
    return recipe.sizes[int(epochs.where(steady, recipe.explored + 1).argmin())]


def told(report: Reporter, name: str, trained: Trained, train: Cases, test: Cases) -> None:
    """Per cent correct on both parts, over the simulations that reached the criterion."""
    for part, data in (("training", train), ("test", test)):
        right = correct(trained.system(data.x), data.d)[trained.arrived]
        if not len(right):
            continue
        report.measure(
            f"{name}-{part}",
            100 * right.mean().item(),
            metric="accuracy",
            unit="%",
            setting=f"four vowels, {NAMES[name]}: {part} cases",
            standard_error=100 * (right.var(correction=0) / len(right)).sqrt().item(),
        )
    if isinstance(trained.system, Mixture):
        shared(report, name, trained, train)


def correct(said: Said, d: Tensor) -> Tensor:
    """Share of cases that each simulation has right, (simulations,)."""
    return ((said.y > 0.5) == (d > 0.5)).float().mean(dim=1)


def shared(report: Reporter, id: str, trained: Trained, train: Cases) -> None:
    """How far the experts are decoupled: how many are used, and what one is worth alone."""
    said = trained.system(train.x)
    if said.o is None or said.p is None or not trained.arrived.any():
        return
    here = trained.arrived
    used = (said.p.amax(dim=2) > IN_USE).sum(dim=1).float()  # (simulations,)
    favourite = said.p.argmax(dim=1, keepdim=True)  # (simulations, 1, cases)
    alone = correct(Said(said.o.gather(1, favourite)[:, 0]), train.d)
    lost = correct(said, train.d) - alone
    for what, values, metric, unit in (
        ("experts-in-use", used, "experts", "1"),
        ("experts-a-case", experts_a_case(said.p), "experts", "1"),
        ("lost-alone", 100 * lost, "accuracy_difference", "%"),
    ):
        report.measure(
            f"{id}-{what}",
            values[here].mean().item(),
            metric=metric,
            unit=unit,
            setting=f"four vowels, {id.replace('-', ' ')}: training cases",
        )


def experts_a_case(p: Tensor) -> Tensor:
    """exp of the mean entropy of the mixing proportions, (simulations,): 1 if one gets all."""
    return (-torch.xlogy(p, p).sum(dim=1).mean(dim=1)).exp()


def compare(report: Reporter, rows: dict[str, Trained], train: Cases) -> None:
    """What the paper says of pairs of systems; nothing is said if one of a pair never arrived."""
    if not all(row.arrived.any() for row in rows.values()):
        return
    taken = {name: row.epochs[row.arrived].float().mean().item() for name, row in rows.items()}
    for id, one, other in (
        ("epochs-of-4-against-bp-6", "4-experts", "bp-6"),
        ("epochs-of-8-against-bp-12", "8-experts", "bp-12"),
        ("epochs-against-selected", FEW, "selected"),
        ("epochs-against-cooperative", FEW, "cooperative"),
    ):
        report.measure(
            id,
            taken[one] / taken[other],
            metric="epochs_ratio",
            unit="1",
            setting=f"four vowels: epochs of {one}, over {other}",
        )
    a_case = {}
    for name in (FEW, "cooperative"):
        p = rows[name].system(train.x).p
        if p is not None:
            a_case[name] = experts_a_case(p)[rows[name].arrived].mean().item()
    report.measure(
        "cooperation-adds",
        a_case["cooperative"] - a_case[FEW],
        metric="experts_difference",
        unit="1",
        setting="four vowels, 4 experts: experts a case, cooperative less competitive objective",
    )


def draw(report: Reporter, setting: str, course: Tensor) -> None:
    """Mean squared error of the simulations against epochs, a point every 50 epochs."""
    for epoch in range(0, len(course), 50):
        report.point(
            "squared error against epochs",
            epoch,
            course[epoch].mean().item(),
            series=setting.removeprefix("four vowels, "),
        )
