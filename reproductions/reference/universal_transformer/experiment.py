"""Copy, reverse and addition: trained on short strings, tested on longer ones.

The paper's protocol (Table 4) trains at lengths up to 40 and tests at 400.  The Universal
Transformer alone is trained with positions that start at a random offset; here a Transformer is
too, so that one sees what the offsets do and what the shared weights do.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .model import Output, SequenceLSTM, SequenceTransformer
from .tasks import NOTHING, TASKS, WORDS, examples

MODELS = ("lstm", "transformer", "transformer-offsets", "ut", "ut-halting")


@dataclass(frozen=True)
class Recipe:
    """Sizes of tasks and networks, and how long each trains.

    length: longest string in training.  tested: of those that test.  steps: T, and the number of
    layers of the Transformer.  tau: weight of the ponder cost.
    """

    length: int = 8
    tested: int = 16
    units: int = 48
    heads: int = 4
    steps: int = 3
    updates: int = 1600
    batch: int = 48
    rate: float = 3e-3
    tau: float = 0.01
    cases: int = 1000


RECIPES = {
    "smoke": Recipe(length=4, tested=6, units=16, steps=2, updates=4, batch=8, cases=20),
    "reduced": Recipe(),
    "full": Recipe(
        length=40, tested=400, units=256, heads=8, steps=6, updates=200_000, rate=3e-4, cases=1000
    ),
}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: every network on every task."""
    recipe = RECIPES[args.scale]
    done = 0
    for task in TASKS:
        accuracy: dict[str, float] = {}
        for name in MODELS:
            report.progress(done, len(TASKS) * len(MODELS), f"{task}: {name}")
            net = train(args, recipe, task, name)
            accuracy[name] = conclude(args, report, recipe, net, task, name)
            done += 1
        compare(report, recipe, task, accuracy)


def build(recipe: Recipe, name: str) -> nn.Module:
    """The network of that name; the LSTM has half as many units again."""
    words = WORDS - 1  # NOTHING is no answer
    if name == "lstm":
        return SequenceLSTM(words, 3 * recipe.units // 2)
    shared, halts = name.startswith("ut"), name == "ut-halting"
    return SequenceTransformer(
        words, recipe.units, recipe.heads, recipe.steps, shared=shared, halts=halts
    )


def train(args: argparse.Namespace, recipe: Recipe, task: str, name: str) -> nn.Module:
    """Adam; the rate rises over the first updates and falls to zero over the last third."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    net = build(recipe, name).to(args.device)
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    shape = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda update: min(1, (update + 1) / 100, 3 * (1 - update / recipe.updates))
    )
    with_offsets = name not in ("lstm", "transformer")
    furthest = recipe.tested - recipe.length  # so that every place of the test occurs in training
    for _ in range(recipe.updates):
        shortest = 3 if task == "addition" else 1
        length = int(torch.randint(shortest, recipe.length + 1, (1,), generator=noise))
        x, y = examples(task, recipe.batch, length, noise)
        offset = torch.randint(0, furthest + 1, (recipe.batch,), generator=noise)
        output = forward(net, args, x, y, offset if with_offsets else None)
        loss = F.cross_entropy(
            output.scores.flatten(0, 1), y.flatten().to(args.device), ignore_index=NOTHING
        )
        if name == "ut-halting":
            loss = loss + recipe.tau * output.ponder.mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        shape.step()
    return net


def forward(
    net: nn.Module, args: argparse.Namespace, x: Tensor, y: Tensor, offset: Tensor | None = None
) -> Output:
    """Scores of all targets; what stands after END is read as anything, and nobody asks for it."""
    known = y.clamp(max=WORDS - 2).to(args.device)
    output: Output = net(
        x.to(args.device), known, offset.to(args.device) if offset is not None else None
    )
    return output


@torch.no_grad()
def tested(
    args: argparse.Namespace, net: nn.Module, task: str, length: int, cases: int
) -> tuple[Tensor, Tensor, Tensor]:
    """On fresh strings of that length: which characters are right, and which are asked for.

    Both (cases, m), END among them; then the steps N of all positions.  Characters are predicted
    after the true ones before them; a sequence that is right then is right without them.
    """
    noise = torch.Generator().manual_seed(10_000 * (args.seed + 1) + length)
    parts = []
    for _ in range(4):
        x, y = examples(task, cases // 4, length, noise)
        output = forward(net, args, x, y)
        width = length + 2 - y.shape[1]  # sums are of several lengths
        right = F.pad(output.scores.argmax(dim=2).cpu() == y, (0, width))
        asked = F.pad(y != NOTHING, (0, width))
        steps = F.pad(output.steps.cpu(), (0, width), value=float("nan"))
        parts.append((right & asked, asked, steps))
    right, asked, steps = (torch.cat(part) for part in zip(*parts, strict=True))
    return right, asked, steps


def conclude(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    net: nn.Module,
    task: str,
    name: str,
) -> float:
    """Accuracies at the trained and at the tested length; returns the characters' at the latter."""
    shown = {recipe.length, recipe.tested}
    shown |= {round(recipe.tested * part / 8) for part in range(1, 9)}
    characters = 0.0
    for length in sorted(each for each in shown if each >= 3):
        right, asked, steps = tested(args, net, task, length, recipe.cases)
        characters = (right.sum() / asked.sum()).item()
        sequences = (right | ~asked).all(dim=1).float().mean().item()
        for what, value in (("character", characters), ("sequence", sequences)):
            report.point(
                f"{what} accuracy against length, {task}",
                length,
                value,
                series=name,
                seed=args.seed,
            )
            if length in (recipe.length, recipe.tested):
                seen = "" if length == recipe.tested else "-trained-length"
                report.measure(
                    f"{task}-{name}-{what}{seen}",
                    value,
                    metric="accuracy",
                    unit="fraction",
                    setting=f"{task} at length {length}, trained up to {recipe.length}",
                    standard_error=(value * (1 - value) / recipe.cases) ** 0.5,
                )
        if name == "ut-halting":
            mean = steps.nanmean().item()
            report.point("steps against length", length, mean, series=task, seed=args.seed)
            if length == recipe.tested:
                report.measure(
                    f"{task}-steps",
                    mean,
                    metric="steps",
                    unit="1",
                    setting=f"{task} at length {length}, all places, at most {recipe.steps}",
                )
    return characters


def compare(report: Reporter, recipe: Recipe, task: str, accuracy: dict[str, float]) -> None:
    """Points of character accuracy at the tested length by which one network leads another."""
    for id, better, other in (
        ("ut-over-lstm", "ut", "lstm"),
        ("ut-over-transformer", "ut", "transformer"),
        ("shared-weights", "ut", "transformer-offsets"),
        ("offsets", "transformer-offsets", "transformer"),
        ("halting", "ut-halting", "ut"),
    ):
        report.measure(
            f"{task}-{id}",
            100 * (accuracy[better] - accuracy[other]),
            metric="accuracy_difference",
            unit="%",
            setting=f"{task}, characters at length {recipe.tested}: {better} less {other}",
        )
