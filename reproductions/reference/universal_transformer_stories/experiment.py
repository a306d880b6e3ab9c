"""Questions about generated stories: one kind at a time, or all at once.

The paper's Table 1 has the mean error over the twenty bAbI tasks, and how many fail, after training
on 10 000 or 1000 examples of each, of one task or of all.  Here the same is measured on stories of
our own: what comes out says nothing on bAbI itself.  ``reduced`` trains on the kinds with one, two
and three supporting facts singly, and on 1000 stories of all kinds, ``full`` on 10 000 of all.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.protocol import Reporter

from .model import Output, StoryLSTM, StoryTransformer
from .stories import KINDS, Story

MODELS = ("lstm", "transformer", "ut", "ut-halting")
BY_FACTS = ("one-fact", "two-facts", "three-facts")
FAILED = 5.0
"""Error in % above which a task counts as failed, as in the paper."""


@dataclass(frozen=True)
class Recipe:
    """Sizes of the networks, and how long each trains.

    setup: "joint-..." trains all kinds together, "single-..." those of BY_FACTS one by one.
    examples: stories of each kind.  steps: T, and the Transformer's layers.  tau: weight of the
    ponder cost.  cases: stories of each kind that test.
    """

    setup: str
    examples: int
    units: int = 48
    heads: int = 4
    steps: int = 5
    updates: int = 1200
    batch: int = 64
    rate: float = 2e-3
    tau: float = 0.005
    cases: int = 500


RECIPES = {
    "smoke": (Recipe("single-10k", 40, units=8, steps=2, updates=2, batch=4, cases=8),),
    "reduced": (
        Recipe("single-10k", 10_000, batch=32),
        Recipe("joint-1k", 1000, updates=1000),
    ),
    "full": (
        Recipe("joint-10k", 10_000, units=128, heads=8, updates=60_000, batch=128, rate=5e-4),
    ),
}


@dataclass(frozen=True)
class Stories:
    """words: (stories, sentences, longest), the question last, 0 pads.

    answers and kinds: (stories,); kinds are numbered as in KINDS.
    """

    words: Tensor
    answers: Tensor
    kinds: Tensor

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True)
class Language:
    """The words and answers that occur, and the longest story and sentence."""

    words: dict[str, int]
    answers: dict[str, int]
    sentences: int
    longest: int

    def encoded(self, stories: Sequence[tuple[str, Story]]) -> Stories:
        """Stories with their kinds as numbers, padded in front and each sentence at its end."""
        words = torch.zeros(len(stories), self.sentences, self.longest, dtype=torch.long)
        for row, (_, story) in enumerate(stories):
            told = (*story.facts, story.question)
            for place, sentence in enumerate(told, self.sentences - len(told)):
                ids = [self.words[word] for word in sentence.split()]
                words[row, place, : len(ids)] = torch.tensor(ids)
        answers = torch.tensor([self.answers[story.answer] for _, story in stories])
        order = list(KINDS)
        return Stories(words, answers, torch.tensor([order.index(kind) for kind, _ in stories]))


def drawn(kinds: Sequence[str], count: int, seed: int) -> list[tuple[str, Story]]:
    """`count` stories of each kind."""
    stories = []
    for kind in kinds:
        draw = Random(f"{seed} {kind}")  # noqa: S311 - no secret is drawn
        stories += [(kind, KINDS[kind](draw)) for _ in range(count)]
    return stories


def language(stories: Sequence[tuple[str, Story]]) -> Language:
    """Of all stories, those that test among them."""
    told = [(*story.facts, story.question) for _, story in stories]
    words = sorted({word for story in told for sentence in story for word in sentence.split()})
    return Language(
        {word: number for number, word in enumerate(words, 1)},
        {answer: i for i, answer in enumerate(sorted({story.answer for _, story in stories}))},
        max(len(story) for story in told),
        max(len(sentence.split()) for story in told for sentence in story),
    )


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: every network on each kind by itself, and on all at once."""
    for recipe in RECIPES[args.scale]:
        joint = recipe.setup.startswith("joint")
        steps: dict[str, float] = {}
        for kinds in [tuple(KINDS)] if joint else [(kind,) for kind in BY_FACTS]:
            learned = drawn(kinds, recipe.examples, args.seed)
            asked = drawn(kinds, recipe.cases, 10_000 + args.seed)
            told = language([*learned, *asked])
            training, test = told.encoded(learned), told.encoded(asked)
            name = recipe.setup if joint else f"{recipe.setup}-{kinds[0]}"
            steps |= taught(args, report, recipe, name, kinds, told, training, test)
        pondered(report, recipe.setup, steps)


def taught(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    setup: str,
    kinds: Sequence[str],
    told: Language,
    training: Stories,
    test: Stories,
) -> dict[str, float]:
    """Train and test every network; returns the steps of halting by kind."""
    error: dict[str, float] = {}
    failed: dict[str, int] = {}
    for done, name in enumerate(MODELS):
        report.progress(done, len(MODELS), f"{setup}: {name}")
        net = train(args, report, recipe, setup, name, told, training)
        right, steps = tested(args, net, test)
        error[name], failed[name] = conclude(args, report, setup, name, kinds, test, right)
    compare(report, setup, error, failed)
    order = list(KINDS)  # steps are those of the last network, which halts
    by_kind = {kind: steps[test.kinds == order.index(kind)] for kind in kinds}
    found = {kind: part.sum().item() / (part > 0).sum().item() for kind, part in by_kind.items()}
    for kind, mean in found.items():
        report.point(
            f"steps by kind, {setup}" if len(kinds) > 1 else "steps by kind",
            order.index(kind) + 1,
            mean,
            series="ut-halting",
            label=kind,
            seed=args.seed,
        )
    return found


def build(recipe: Recipe, name: str, told: Language) -> nn.Module:
    """The network of that name; the LSTM has twice as many units."""
    sizes = (len(told.words) + 1, told.longest, len(told.answers))
    if name == "lstm":
        return StoryLSTM(*sizes, units=2 * recipe.units)
    return StoryTransformer(
        *sizes,
        units=recipe.units,
        heads=recipe.heads,
        steps=recipe.steps,
        shared=name != "transformer",
        halts=name == "ut-halting",
    )


def train(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    setup: str,
    name: str,
    told: Language,
    stories: Stories,
) -> nn.Module:
    """Adam; the rate rises over the first updates and falls to zero over the last third."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    net = build(recipe, name, told).to(args.device)
    optimiser = torch.optim.Adam(net.parameters(), lr=recipe.rate)
    shape = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda update: min(1, (update + 1) / 100, 3 * (1 - update / recipe.updates))
    )
    for update in range(recipe.updates):
        chosen = torch.randint(len(stories), (recipe.batch,), generator=noise)
        output: Output = net(stories.words[chosen].to(args.device))
        answers = stories.answers[chosen].to(args.device)
        loss = F.cross_entropy(output.scores, answers)
        if name == "ut-halting":
            loss = loss + recipe.tau * output.ponder[output.steps > 0].mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        shape.step()
        if (update + 1) % max(1, recipe.updates // 15) == 0:
            report.point(
                f"loss while training, {setup}",
                update + 1,
                loss.item(),
                series=name,
                seed=args.seed,
            )
    return net


@torch.no_grad()
def tested(args: argparse.Namespace, net: nn.Module, stories: Stories) -> tuple[Tensor, Tensor]:
    """Whether each story is answered rightly, (stories,); steps of its sentences, 0 for padding."""
    right, steps = [], []
    for words, answers in zip(stories.words.split(500), stories.answers.split(500), strict=True):
        output: Output = net(words.to(args.device))
        right.append(output.scores.argmax(dim=1).cpu() == answers)
        steps.append(output.steps.cpu())
    return torch.cat(right), torch.cat(steps)


def conclude(
    args: argparse.Namespace,
    report: Reporter,
    setup: str,
    name: str,
    kinds: Sequence[str],
    test: Stories,
    right: Tensor,
) -> tuple[float, int]:
    """Mean error over the kinds in %, and how many fail."""
    order = list(KINDS)
    errors = {
        kind: 100 * (~right[test.kinds == order.index(kind)]).double().mean().item()
        for kind in kinds
    }
    for kind, error in errors.items():
        report.point(
            f"error by kind, {setup}" if len(kinds) > 1 else "error by kind, single-10k",
            order.index(kind) + 1,
            error,
            series=name,
            label=kind,
            seed=args.seed,
        )
    mean, failed = (
        sum(errors.values()) / len(errors),
        sum(each > FAILED for each in errors.values()),
    )
    share = mean / 100
    report.measure(
        f"{setup}-{name}-error",
        mean,
        metric="error",
        unit="%",
        setting=f"generated stories, {setup}, {name}",
        standard_error=100 * (share * (1 - share) / len(right)) ** 0.5,
    )
    report.measure(
        f"{setup}-{name}-failed",
        failed,
        metric="failures",
        unit="tasks",
        setting=f"generated stories, {setup}, {name}: kinds of {len(kinds)} with over 5% error",
    )
    return mean, failed


def compare(report: Reporter, setup: str, error: dict[str, float], failed: dict[str, int]) -> None:
    """Points of error by which one network is better than another; kinds that it fails less."""
    for id, better, other in (
        ("ut-below-transformer", "ut", "transformer"),
        ("ut-below-lstm", "ut", "lstm"),
        ("halting-below-ut", "ut-halting", "ut"),
    ):
        report.measure(
            f"{setup}-{id}",
            error[other] - error[better],
            metric="error_difference",
            unit="%",
            setting=f"generated stories, {setup}: error of {other} less that of {better}",
        )
    report.measure(
        f"{setup}-ut-fails-fewer",
        failed["transformer"] - failed["ut"],
        metric="failures",
        unit="tasks",
        setting=f"generated stories, {setup}: kinds that the Transformer fails less those of ut",
    )


def pondered(report: Reporter, setup: str, steps: dict[str, float]) -> None:
    """Steps of halting, mean over all sentences, by the number of supporting facts."""
    for kind in BY_FACTS:
        report.measure(
            f"{setup}-{kind}-steps",
            steps[kind],
            metric="steps",
            unit="1",
            setting=f"generated stories, {setup}, {kind}: all sentences",
        )
    for id, more, fewer in (
        ("two-over-one", "two-facts", "one-fact"),
        ("three-over-two", "three-facts", "two-facts"),
    ):
        report.measure(
            f"{setup}-steps-{id}",
            steps[more] - steps[fewer],
            metric="steps",
            unit="1",
            setting=f"generated stories, {setup}: steps of {more} less those of {fewer}",
        )
