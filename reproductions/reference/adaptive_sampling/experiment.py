"""Draw answers to generated questions; hold three rules for stopping against the whole budget."""

import argparse
import math
from dataclasses import dataclass

import torch
from torch import Tensor

from reproductions.protocol import Reporter

from .model import agreed, decided, drawn, expected_draws, outcome, votes_after, window

BUDGET, KINDS, RIGHT = 40, 10, 0
THRESHOLD, WIDTH = 0.95, 5
THRESHOLDS = (0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
WIDTHS = (2, 3, 4, 5, 8, 10)
TWO = (0.5, 0.6, 0.75, 0.9)
SETTING = f"generated questions with {KINDS} answers, at most {BUDGET} draws"


@dataclass(frozen=True)
class Drawn:
    """answers: (questions, budget).  votes: (questions, budget, kinds).

    share: probability of the right answer, (questions,).
    """

    answers: Tensor
    votes: Tensor
    share: Tensor

    @property
    def whole(self) -> Tensor:
        """What self-consistency says of each question with the whole budget."""
        return outcome(self.votes, torch.full((len(self.votes),), self.votes.shape[1]))


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed."""
    torch.manual_seed(args.seed)
    count = {"smoke": 200, "toy": 20_000}[args.scale]
    questions = asked(count)
    fixed = [
        right(outcome(questions.votes, torch.full((count,), draws)))
        for draws in range(1, BUDGET + 1)
    ]
    rules = {
        "agreed": agreed(questions.votes, THRESHOLD),
        "window": window(questions.answers, WIDTH),
        "decided": decided(questions.votes),
    }
    for name, stops in rules.items():
        conclude(report, name, questions, stops, fixed)
    for draws, reached in enumerate(fixed, start=1):
        report.point(
            "accuracy against draws",
            draws,
            reached,
            series="fixed number",
            seed=args.seed,
            static=True,
        )
    sweep(report, questions, args.seed)
    calibrated(report, count)
    against_exact(report, count)


def asked(count: int) -> Drawn:
    """Questions whose right answer has a share from Beta(1.6, 0.8); few others take the rest."""
    share = torch.distributions.Beta(1.6, 0.8).sample((count,))
    others = torch.distributions.Dirichlet(torch.full((KINDS - 1,), 0.5)).sample((count,))
    chances = torch.cat([share[:, None], (1 - share[:, None]) * others], dim=1)
    answers = torch.multinomial(chances, BUDGET, replacement=True)
    return Drawn(answers, votes_after(answers, KINDS), share)


def right(answers: Tensor) -> float:
    """Per cent of the questions."""
    return 100 * (answers == RIGHT).float().mean().item()


def conclude(
    report: Reporter, name: str, questions: Drawn, stops: Tensor, fixed: list[float]
) -> None:
    """Draws, agreement with the whole budget, accuracy, and what a fixed number would reach."""
    count = drawn(stops)
    said, mean = outcome(questions.votes, count), count.float().mean().item()
    reached = right(said)
    low = int(mean)
    between = (1 - (mean - low)) * fixed[low - 1] + (mean - low) * fixed[min(low, BUDGET - 1)]
    for id, value, metric in (
        ("draws", 100 * mean / BUDGET, "fraction_used"),
        ("agreement", 100 * (said == questions.whole).float().mean().item(), "agreement"),
        ("lost", fixed[-1] - reached, "accuracy_difference"),
        ("over-fixed", reached - between, "accuracy_difference"),
    ):
        report.measure(f"{name}-{id}", value, metric=metric, unit="%", setting=SETTING)
    for tenth in range(10):
        rows = (questions.share * 10).long().clamp(max=9) == tenth
        if rows.any():
            report.point(
                "draws against share of the right answer",
                (tenth + 0.5) / 10,
                count[rows].float().mean().item(),
                series=name,
            )


def sweep(report: Reporter, questions: Drawn, seed: int) -> None:
    """Accuracy against mean draws along the threshold and along the width."""
    for series, stops in (
        *(("agreed", agreed(questions.votes, each)) for each in THRESHOLDS),
        *(("window", window(questions.answers, each)) for each in WIDTHS),
        ("decided", decided(questions.votes)),
    ):
        count = drawn(stops)
        reached = right(outcome(questions.votes, count))
        mean = count.float().mean().item()
        report.point("accuracy against draws", mean, reached, series=series, seed=seed)


def calibrated(report: Reporter, count: int) -> None:
    """Two answers, p uniform as the rule believes: is the leader at a stop the likelier one?"""
    p = torch.rand(count)
    answers = (torch.rand(count, BUDGET) < p[:, None]).long()
    votes = votes_after(answers, 2)
    stops = agreed(votes, THRESHOLD)
    early = stops.any(dim=1)
    leader = outcome(votes, drawn(stops))
    good = (leader == (p > 0.5).long())[early].float().mean().item()
    report.measure(
        "stopped-right",
        100 * good,
        metric="accuracy",
        unit="%",
        setting="two answers, p uniform, questions stopped early",
    )


def against_exact(report: Reporter, count: int) -> None:
    """Mean draws of the Beta rule for two answers, sampled, less the exact mean."""
    for p in TWO:
        answers = (torch.rand(count, BUDGET) < p).long()
        draws = drawn(agreed(votes_after(answers, 2), THRESHOLD)).double()
        exact = expected_draws(p, THRESHOLD, BUDGET)
        report.measure(
            f"draws-less-exact-{p}",
            draws.mean().item() - exact,
            metric="steps",
            unit="1",
            setting=f"two answers, p = {p}: draws less {exact:.4f}",
            standard_error=draws.std().item() / math.sqrt(count),
        )
        report.point("mean draws against p, two answers", p, exact, series="exact", analytic=True)
        report.point("mean draws against p, two answers", p, draws.mean().item(), series="sampled")
