"""Leaving early: anytime prediction and budgeted batch classification (Huang et al. 2018, sec. 3).

Confidence is the largest softmax probability of an exit.  Tensors: confidences (exits, images).
"""

import torch
from torch import Tensor


def exit_distribution(q: float, exits: int) -> Tensor:
    """Share of images that leave at exit k: q^k, normalised over the exits.

    q < 1 sends most images out early, q > 1 most to the end; q = 1 is uniform.
    """
    if q <= 0:
        raise ValueError("q must be above zero")
    shares = torch.tensor([q**k for k in range(1, exits + 1)], dtype=torch.float64)
    return shares / shares.sum()


def solve_thresholds(confidences: Tensor, shares: Tensor) -> Tensor:
    """Thresholds that let the wanted share of these images leave at each exit.

    In exit order: of the images still there, the most confident ones leave.  The last exit takes
    whatever remains.  Set on validation images only.
    confidences: (exits, images).  shares: (exits,), summing to 1.  Returns (exits,).
    """
    exits, images = confidences.shape
    thresholds = torch.full((exits,), float("inf"), dtype=confidences.dtype)
    inside = torch.ones(images, dtype=torch.bool)
    for k in range(exits - 1):
        leaving = min(round(images * shares[k].item()), int(inside.sum()))
        if leaving:
            ranked = confidences[k][inside].sort(descending=True).values
            thresholds[k] = ranked[leaving - 1]
            inside &= confidences[k] < thresholds[k]
    thresholds[exits - 1] = -float("inf")
    return thresholds


def exits_taken(confidences: Tensor, thresholds: Tensor) -> Tensor:
    """The first exit, from 0, whose confidence reaches its threshold.  Returns (images,)."""
    return (confidences >= thresholds.unsqueeze(1)).to(torch.uint8).argmax(0)


def expected_cost(shares: Tensor, costs: Tensor) -> float:
    """Mean cost of an image when `shares` (exits,) leave at exits of `costs` (exits,)."""
    return float((shares * costs).sum())
