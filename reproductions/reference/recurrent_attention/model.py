"""The recurrent attention model, RAM (Mnih et al. 2014).

    rho(x, l)                       glimpse sensor, section 3.1: k windows around l, each twice as
                                    wide as the one before, all of as many pixels as the first
    g_t = Rect(Linear(Rect(Linear(rho))) + Linear(Rect(Linear(l))))   glimpse network, section 4
    h_t = Rect(Linear(h_{t-1}) + Linear(g_t))                         core network, section 4
    l_t ~ N(Linear(h_t), sigma^2)                                     location network, section 4
    p(a | h_T) = softmax(Linear(h_T))                                 action network, section 4

What is seen is recognised by backpropagation; where to look is learned from reward alone,

    grad J = 1/M sum_i sum_t grad log pi(l_t | h_t) (R - b_t)         equation (3), R_t - b_t of (4)

with R = 1 for a right answer and 0 else, and b_t = Linear(h_t) fitted to R.
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

WHAT = WHERE = 128  # units of h_g and h_l
UNITS = 256  # of g and h
CLASSES = 10


@dataclass(frozen=True)
class Sensor:
    """Windows of `width` pixels, `scales` of them: the next is twice as wide, as many pixels."""

    width: int
    scales: int

    @property
    def margin(self) -> int:
        """Zeros around an image, so that windows may hang over its edge."""
        return self.width * 2 ** (self.scales - 1) // 2

    @property
    def size(self) -> int:
        """Values of a glimpse."""
        return self.scales * self.width**2

    def __call__(self, padded: Tensor, location: Tensor) -> Tensor:
        """rho(x, l); (batch, size).

        padded: (batch, side, side), images with their margin.  location: (batch, 2), row and column
        from -1 to 1 across the image without it.
        """
        side = padded.shape[1]
        centre = self.margin + (location + 1) / 2 * (side - 2 * self.margin)
        windows = []
        for scale in range(self.scales):
            reach = self.width * 2**scale
            corner = (centre - reach / 2).round().long().clamp(0, side - reach)
            seen = window(padded, corner, reach)
            windows.append(F.avg_pool2d(seen, 2**scale).flatten(1) if scale else seen.flatten(1))
        return torch.cat(windows, dim=1)


def window(images: Tensor, corner: Tensor, reach: int) -> Tensor:
    """The reach x reach pixels of each image (batch, side, side) from its corner (batch, 2) on."""
    side, step = images.shape[1], torch.arange(reach, device=images.device)
    rows, columns = corner[:, :1] + step, corner[:, 1:] + step
    places = rows[:, :, None] * side + columns[:, None, :]  # (batch, reach, reach)
    return images.flatten(1).gather(1, places.flatten(1)).view(-1, reach, reach)


@dataclass(frozen=True)
class Looks:
    """What T glimpses led to.

    scores: of the classes after the last glimpse, (batch, 10).
    locations: l_0 .. l_{T-1}, where the glimpses were taken, (T, batch, 2).
    log_pi: log density of l_1 .. l_{T-1} up to a constant, (T - 1, batch).
    baselines: b_t beside each of them, (T - 1, batch).
    """

    scores: Tensor
    locations: Tensor
    log_pi: Tensor
    baselines: Tensor


class RAM(nn.Module):
    """T glimpses at an image, then an answer.

    chooses: False to draw every place evenly, whatever the location network says: the control of
    Table 2.
    """

    def __init__(
        self, sensor: Sensor, glimpses: int, sigma: float, *, chooses: bool = True
    ) -> None:
        super().__init__()
        self.sensor, self.glimpses, self.sigma, self.chooses = sensor, glimpses, sigma, chooses
        self.what, self.where = nn.Linear(sensor.size, WHAT), nn.Linear(2, WHERE)
        self.glimpse = nn.Linear(WHAT + WHERE, UNITS)  # Linear(h_g) + Linear(h_l), side by side
        self.core = nn.Linear(UNITS + UNITS, UNITS)  # Linear(h_{t-1}) + Linear(g_t)
        self.location, self.baseline = nn.Linear(UNITS, 2), nn.Linear(UNITS, 1)
        self.action = nn.Linear(UNITS, CLASSES)

    def forward(self, images: Tensor, noise: torch.Generator, *, explore: bool) -> Looks:
        """Look at images (batch, side, side).

        explore: draw the next place around what the location network says, else go right there.
        """
        batch, margin = len(images), self.sensor.margin
        padded = F.pad(images, (margin,) * 4)
        location = anywhere(batch, noise)  # l_0: nothing has been seen yet
        state = images.new_zeros(batch, UNITS)
        locations, log_pi, baselines = [location], [], []
        for t in range(self.glimpses):
            state = self.step(self.sensor(padded, location), location, state)
            if t + 1 == self.glimpses:
                break
            known = state.detach()  # rewards train the location network, and nothing below it
            mean = self.location(known)
            aim = mean.detach()
            if explore:
                aim = aim + self.sigma * torch.randn(aim.shape, generator=noise)
            log_pi.append(-((aim - mean) ** 2).sum(dim=1) / (2 * self.sigma**2))
            baselines.append(self.baseline(known)[:, 0])
            location = aim.clamp(-1, 1) if self.chooses else anywhere(batch, noise)
            locations.append(location)
        return Looks(
            self.action(state),
            torch.stack(locations),
            torch.stack(log_pi),
            torch.stack(baselines),
        )

    def step(self, seen: Tensor, location: Tensor, state: Tensor) -> Tensor:
        """h_t from h_{t-1}, what the sensor saw at l_{t-1}, and where that was; (batch, 256)."""
        h_g = torch.relu(self.what(seen))
        h_l = torch.relu(self.where(location))
        g = torch.relu(self.glimpse(torch.cat((h_g, h_l), dim=1)))
        return torch.relu(self.core(torch.cat((state, g), dim=1)))


def anywhere(batch: int, noise: torch.Generator) -> Tensor:
    """Places drawn evenly from -1 to 1; (batch, 2)."""
    return 2 * torch.rand(batch, 2, generator=noise) - 1


def hybrid_loss(looks: Looks, labels: Tensor) -> Tensor:
    """Cross-entropy of the answer, REINFORCE for the places, squared error of the baseline.

    Section 3.2: the action network is trained by what the label says, the location network by
    reward.  A scalar.
    """
    reward = (looks.scores.argmax(dim=1) == labels).float()  # R, (batch,)
    reinforce = -(looks.log_pi * (reward - looks.baselines.detach())).sum(dim=0).mean()  # (3)
    fitted = ((looks.baselines - reward) ** 2).sum(dim=0).mean()
    return F.cross_entropy(looks.scores, labels) + reinforce + fitted
