"""Self-consistency with an end: three rules that stop drawing answers before the budget is spent.

Self-consistency draws n answers to one question and takes the commonest.  With v_1 >= v_2 >= ...
votes after k of n draws:

    agreed     P(p_1 > p_2 | v) = int_0^{1/2} x^{v_2} (1 - x)^{v_1} dx / B(v_2 + 1, v_1 + 1) > C
               Adaptive-Consistency (Aggarwal et al. 2023), the Beta rule: a uniform prior over the
               share of the leader among the two first.  For whole numbers this is
               sum_{j <= v_1} C(v_1 + v_2 + 1, j) / 2^{v_1 + v_2 + 1}
    window     the last w answers, a window of its own, are all the same
               Early-Stopping Self-Consistency (Li et al. 2024)
    decided    v_1 - v_2 > n - k: no answer to come can change the outcome
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F


def votes_after(answers: Tensor, kinds: int) -> Tensor:
    """Votes after each draw, (questions, n, kinds), of answers (questions, n) below `kinds`."""
    return F.one_hot(answers, kinds).cumsum(dim=1)


def agreed(votes: Tensor, threshold: float) -> Tensor:
    """Where Adaptive-Consistency stops, (questions, n).  threshold: C, between 1/2 and 1."""
    first, second = votes.topk(2, dim=2).values.unbind(dim=2)
    return leads(votes.shape[1])[first, second] > threshold


def leads(budget: int) -> Tensor:
    """P(p_1 > p_2) for all votes up to `budget`, (v_1, v_2), in double precision."""
    table = torch.zeros(budget + 1, budget + 1, dtype=torch.float64)
    for first in range(budget + 1):
        for second in range(budget + 1):
            n = first + second + 1
            table[first, second] = sum(math.comb(n, j) for j in range(first + 1)) / 2**n
    return table


def window(answers: Tensor, width: int) -> Tensor:
    """Where Early-Stopping Self-Consistency stops, (questions, n); windows do not overlap."""
    stops = torch.zeros_like(answers, dtype=torch.bool)
    for end in range(width, answers.shape[1] + 1, width):
        part = answers[:, end - width : end]
        stops[:, end - 1] = (part == part[:, :1]).all(dim=1)
    return stops


def decided(votes: Tensor) -> Tensor:
    """Where the answers to come cannot change the outcome, (questions, n)."""
    budget = votes.shape[1]
    first, second = votes.topk(2, dim=2).values.unbind(dim=2)
    return first - second > budget - torch.arange(1, budget + 1)


def drawn(stops: Tensor) -> Tensor:
    """Answers drawn for each question, (questions,): up to the first stop, or the whole budget."""
    stops = stops.clone()
    stops[:, -1] = True
    return stops.int().argmax(dim=1) + 1


def outcome(votes: Tensor, count: Tensor) -> Tensor:
    """The commonest answer after `count` draws of each question; of equals the lowest number."""
    return votes[torch.arange(len(votes)), count - 1].argmax(dim=1)


def expected_draws(p: float, threshold: float, budget: int) -> float:
    """Mean number of draws of the Beta rule where there are two answers, one with probability p.

    Exact: the probability of every (v_1, v_2) that is reached without a stop, draw by draw.
    """
    sure = leads(budget)
    alive, mean = {(0, 0): 1.0}, 0.0
    for draw in range(1, budget + 1):
        following: dict[tuple[int, int], float] = {}
        for (a, b), chance in alive.items():
            for votes, share in (((a + 1, b), p), ((a, b + 1), 1 - p)):
                if sure[max(votes), min(votes)] > threshold or draw == budget:
                    mean += draw * chance * share
                else:
                    following[votes] = following.get(votes, 0.0) + chance * share
        alive = following
    return mean
