"""FrameExit (Ghodrati et al. 2021) and AR-Net (Meng et al. 2020) on one small backbone.

FrameExit looks at frames in a fixed order and stops when a gate says that enough was seen:

    z_t = max(z_{t-1}, Phi(x_t))                 what has been seen so far
    f_t(z_t)                                     a classifier after every frame
    g_t(z_{t-1}, z_t)                            a gate after every frame; above 1/2 it exits
    y_t = 1 if L(f_t(z_t), y) <= eps_t else 0    what the gate learns, eps_t = beta exp(t / 2)
    L = 1/T sum_t [ L(f_t(z_t), y) + BCE(g_t, y_t) ]

AR-Net looks at all frames in passing, at low resolution, and decides for each how closely to look:

    h_t = LSTM(small(x_t), h_{t-1}),  p_t = softmax(W h_t)    whole, halved, or skipped
    a_t by Gumbel-softmax, straight through
    prediction = mean over frames that are not skipped of Phi_{a_t}(x_t)
    L = L_acc + lambda mean_t cost(a_t)
"""

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

FEATURES = 32
WHOLE, HALVED, SKIPPED = 0, 1, 2


class Backbone(nn.Module):
    """Phi: frames (n, 1, side, side) to features (n, 32), none of them negative."""

    def __init__(self, side: int, width: int) -> None:
        super().__init__()
        last = (side + 3) // 4
        self.layers = nn.Sequential(
            nn.Conv2d(1, width, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(2 * width * last * last, FEATURES),
            nn.ReLU(),
        )

    def forward(self, frames: Tensor) -> Tensor:
        """(n, 32)."""
        return self.layers(frames)


class FrameExit(nn.Module):
    """One backbone; a classifier and a gate after every frame."""

    def __init__(self, time: int, classes: int = 10) -> None:
        super().__init__()
        self.phi = Backbone(12, 16)
        self.classifiers = nn.ModuleList(nn.Linear(FEATURES, classes) for _ in range(time))
        self.gates = nn.ModuleList(nn.Linear(2 * FEATURES, 1) for _ in range(time))
        self.order = spread(time)

    def forward(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Scores (time, batch, classes) and gate logits (time, batch), in the order of looking."""
        features = self.phi(frames[:, self.order].flatten(0, 1)).unflatten(0, frames.shape[:2])
        z = torch.cummax(features, dim=1).values  # (batch, time, 32)
        before = F.pad(z, (0, 0, 1, 0))[:, :-1]  # z_{t-1}; features are not negative
        both = torch.cat([before, z], dim=2)
        scores = [each(z[:, t]) for t, each in enumerate(self.classifiers)]
        gates = [each(both[:, t])[:, 0] for t, each in enumerate(self.gates)]
        return torch.stack(scores), torch.stack(gates)

    @torch.no_grad()
    def infer(self, frames: Tensor) -> tuple[Tensor, Tensor]:
        """Labels, and frames looked at of each video; no others are computed; (batch,)."""
        count = len(frames)
        waiting = torch.arange(count, device=frames.device)
        labels, looked = torch.zeros_like(waiting), torch.zeros_like(waiting)
        z = frames.new_zeros(count, FEATURES)
        for t, place in enumerate(self.order):
            before, z = z, torch.maximum(z, self.phi(frames[waiting, place]))
            leaves = self.gates[t](torch.cat([before, z], dim=1))[:, 0] > 0
            if t == len(self.order) - 1:
                leaves = torch.ones_like(leaves)
            labels[waiting[leaves]] = self.classifiers[t](z[leaves]).argmax(dim=1)
            looked[waiting[leaves]] = t + 1
            z, waiting = z[~leaves], waiting[~leaves]
            if not len(waiting):
                break
        return labels, looked


def spread(time: int) -> list[int]:
    """The fixed order: the middle, then the ends, then the middle of each widest gap."""
    order = [time // 2]
    for place in (0, time - 1):
        if place not in order:
            order.append(place)
    while len(order) < time:
        known = sorted(order)
        _, left = max((b - a, -a) for a, b in itertools.pairwise(known))
        right = known[known.index(-left) + 1]
        order.append((-left + right) // 2)
    return order


def frame_exit_loss(scores: Tensor, gates: Tensor, y: Tensor, beta: float) -> Tensor:
    """Classifiers by the labels, gates by what the classifiers reached; a scalar."""
    time = len(scores)
    targets = y.expand(time, -1)
    losses = F.cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction="none")
    losses = losses.view(time, -1)  # L(f_t(z_t), y), (time, batch)
    eps = beta * torch.exp(torch.arange(1, time + 1, device=y.device) / 2)[:, None]
    enough = (losses.detach() <= eps).float()  # y_t
    return losses.mean() + F.binary_cross_entropy_with_logits(gates, enough)


@dataclass(frozen=True)
class Looked:
    """scores: (batch, classes).  actions: one-hot over whole, halved, skipped; (batch, time, 3)."""

    scores: Tensor
    actions: Tensor


class ARNet(nn.Module):
    """Two backbones, one for whole and one for halved frames, and a policy on halved ones."""

    def __init__(self, classes: int = 10, units: int = 16) -> None:
        super().__init__()
        self.whole = nn.Sequential(Backbone(12, 16), nn.Linear(FEATURES, classes))
        self.halved = nn.Sequential(Backbone(6, 8), nn.Linear(FEATURES, classes))
        self.small = nn.Linear(36, units)
        self.policy = nn.LSTM(units, units, batch_first=True)
        self.choose = nn.Linear(units, 3)

    def decide(self, frames: Tensor, noise: torch.Generator | None, tau: float = 1.0) -> Tensor:
        """One-hot actions (batch, time, 3), straight through; without noise the likeliest."""
        low = F.avg_pool2d(frames.flatten(0, 1), 2).flatten(1).unflatten(0, frames.shape[:2])
        logits = self.choose(self.policy(torch.relu(self.small(low)))[0])
        if noise is None:
            return F.one_hot(logits.argmax(dim=2), 3).float()
        uniform = torch.rand(logits.shape, generator=noise).clamp(1e-9, 1 - 1e-9)
        gumbel = -torch.log(-torch.log(uniform)).to(logits.device)
        soft = F.softmax((logits + gumbel) / tau, dim=2)
        hard = F.one_hot(soft.argmax(dim=2), 3).float()
        return hard + soft - soft.detach()

    def forward(self, frames: Tensor, actions: Tensor) -> Looked:
        """Training: both backbones on all frames (batch, time, 1, 12, 12), weighted by actions."""
        flat = frames.flatten(0, 1)
        whole = self.whole(flat).unflatten(0, frames.shape[:2])
        halved = self.halved(F.avg_pool2d(flat, 2)).unflatten(0, frames.shape[:2])
        used = actions[..., :SKIPPED]  # (batch, time, 2)
        scores = used[..., :1] * whole + used[..., 1:] * halved
        return Looked(scores.sum(dim=1) / used.sum(dim=(1, 2)).clamp_min(1.0)[:, None], actions)

    @torch.no_grad()
    def infer(self, frames: Tensor) -> Looked:
        """Use: only what the policy chose is computed."""
        actions = self.decide(frames, None)
        chosen = actions.argmax(dim=2)  # (batch, time)
        scores = frames.new_zeros(*chosen.shape, 10)
        halves = F.avg_pool2d(frames.flatten(0, 1), 2).unflatten(0, frames.shape[:2])
        for action, net, seen in ((WHOLE, self.whole, frames), (HALVED, self.halved, halves)):
            rows = chosen == action
            if rows.any():
                scores[rows] = net(seen[rows])
        used = (chosen != SKIPPED).sum(dim=1).clamp_min(1)
        return Looked(scores.sum(dim=1) / used[:, None], actions)


def ar_net_loss(looked: Looked, y: Tensor, cost: Tensor, weight: float) -> Tensor:
    """L_acc + lambda mean cost; cost: of the three actions relative to a whole frame, (3,)."""
    return F.cross_entropy(looked.scores, y) + weight * (looked.actions @ cost).mean()
