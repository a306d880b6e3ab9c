"""Logic, addition and sort: the same LSTM with and without Adaptive Computation Time."""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .model import Pondered, PonderingLSTM
from .tasks import GATES, Batch, addition, logic, sort

TASKS = ("logic", "addition", "sort")


@dataclass(frozen=True)
class Recipe:
    """Sizes of tasks and networks, and how long each trains.

    vectors, gates: of a logic sequence.  numbers, digits: of a sum.  sorted: numbers to sort, from
    2 on.  limit: most updates at one input.  tau: the time penalty.
    """

    vectors: int = 3
    gates: int = 3
    numbers: int = 3
    digits: int = 2
    sorted: int = 5
    units: int = 64
    logic_units: int = 64
    updates: int = 3000
    batch: int = 64
    rate: float = 3e-3
    limit: int = 8
    tau: float = 1e-3
    cases: int = 2000


RECIPES = {
    "smoke": Recipe(
        vectors=2, gates=2, sorted=3, units=8, logic_units=8, updates=3, batch=8, limit=3, cases=40
    ),
    "reduced": Recipe(),
    "full": Recipe(
        vectors=10,
        gates=10,
        numbers=5,
        digits=5,
        sorted=15,
        units=512,
        logic_units=128,
        updates=1_000_000,
        batch=16,
        rate=1e-4,
        limit=100,
        cases=10_000,
    ),
}


@dataclass(frozen=True)
class Shape:
    """What a network must have for a task: inputs, answers at each time, classes of each."""

    inputs: int
    answers: int
    classes: int


def shape(recipe: Recipe, task: str) -> Shape:
    """Sizes of the vectors of a task."""
    return {
        "logic": Shape(2 + len(GATES) * recipe.gates, 1, 2),
        "addition": Shape(10 * recipe.digits, recipe.digits + len(str(recipe.numbers)), 11),
        "sort": Shape(2, 1, recipe.sorted),
    }[task]


def batch_of(recipe: Recipe, task: str, size: int, noise: torch.Generator) -> Batch:
    """Fresh sequences, all of one length, which is drawn evenly."""

    def drawn(least: int, most: int) -> int:
        return int(torch.randint(least, most + 1, (1,), generator=noise))

    if task == "logic":
        return logic(size, drawn(1, recipe.vectors), recipe.gates, noise)
    if task == "addition":
        return addition(size, drawn(2, recipe.numbers), recipe.digits, noise)
    return sort(size, drawn(2, recipe.sorted), noise)


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: each task without ACT, then with it."""
    recipe = RECIPES[args.scale]
    for number, task in enumerate(TASKS):
        error: dict[str, float] = {}
        for name, limit in (("no-act", 1), ("act", recipe.limit)):
            report.progress(2 * number + len(error), 2 * len(TASKS), f"{task}: {name}")
            net = train(args, report, recipe, task, name, limit)
            error[name] = conclude(args, report, recipe, net, task, name)
        report.measure(
            f"{task}-saved",
            error["no-act"] - error["act"],
            metric="error_difference",
            unit="%",
            setting=f"{task}: sequence error without ACT less with it",
        )


def train(
    args: argparse.Namespace, report: Reporter, recipe: Recipe, task: str, name: str, limit: int
) -> PonderingLSTM:
    """Adam on the loss of what is asked for, and on tau times the ponder cost of all inputs."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    sizes = shape(recipe, task)
    units = recipe.logic_units if task == "logic" else recipe.units
    net = PonderingLSTM(sizes.inputs, units, sizes.answers * sizes.classes, limit=limit)
    net.to(args.device)
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    falls = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda update: min(1.0, 3 * (1 - update / recipe.updates))
    )
    for update in range(1, recipe.updates + 1):
        given = batch_of(recipe, task, recipe.batch, noise)
        pondered = net(given.x.to(args.device))
        scores = by_class(pondered, sizes)[given.asked]
        loss = F.cross_entropy(
            scores.flatten(0, 1), given.target[given.asked].flatten().to(args.device)
        )
        if limit > 1:
            loss = loss + recipe.tau * pondered.ponder.sum(dim=0).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        falls.step()
        if update % max(1, recipe.updates // 15) == 0:
            with torch.no_grad():
                wrong = ~right(pondered, given, sizes)
            report.point(
                f"sequence error while training, {task}",
                update,
                100 * wrong.float().mean().item(),
                series=name,
                seed=args.seed,
            )
    return net


def by_class(pondered: Pondered, sizes: Shape) -> Tensor:
    """Scores (time, batch, answers, classes)."""
    return pondered.y.unflatten(2, (sizes.answers, sizes.classes))


def right(pondered: Pondered, given: Batch, sizes: Shape) -> Tensor:
    """Whether every answer of the sequence is right, (batch,): the paper's sequence error."""
    hit = by_class(pondered, sizes).argmax(dim=3).cpu() == given.target  # (time, batch, answers)
    return (hit.all(dim=2) | ~given.asked).all(dim=0)


@torch.no_grad()
def conclude(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    net: PonderingLSTM,
    task: str,
    name: str,
) -> float:
    """Sequence error in per cent on fresh sequences; for ACT its steps, also by difficulty."""
    noise = torch.Generator().manual_seed(20_000 + args.seed)
    sizes, parts = shape(recipe, task), 20
    wrong, steps, effort = [], [], []
    for _ in range(parts):
        given = batch_of(recipe, task, recipe.cases // parts, noise)
        pondered = net(given.x.to(args.device))
        wrong.append(~right(pondered, given, sizes))
        steps.append(pondered.steps.flatten().cpu())
        effort.append(given.effort.flatten())
    error = torch.cat(wrong).float().mean().item()
    report.measure(
        f"{task}-{name}-error",
        100 * error,
        metric="error",
        unit="%",
        setting=f"{task}, whole sequences, {recipe.updates} updates",
        standard_error=100 * (error * (1 - error) / recipe.cases) ** 0.5,
    )
    if name == "act":
        by_effort(args, report, task, torch.cat(steps), torch.cat(effort))
    return 100 * error


def by_effort(
    args: argparse.Namespace, report: Reporter, task: str, steps: Tensor, effort: Tensor
) -> None:
    """Steps at all inputs, and by how much there is to do."""
    mean: dict[int, float] = {}
    for each in effort.unique().tolist():
        mean[each] = steps[effort == each].mean().item()
        report.point(
            f"ponder steps against difficulty, {task}",
            each,
            mean[each],
            series="ACT",
            seed=args.seed,
        )
    for id, value in (
        (f"{task}-steps", steps.mean().item()),
        (f"{task}-steps-rise", mean[max(mean)] - mean[min(mean)]),
    ):
        report.measure(id, value, metric="steps", unit="steps", setting=f"{task}: updates an input")
