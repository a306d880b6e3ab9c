"""Glance and Focus (Wang et al. 2020): a small view of the whole, then patches, until sure.

    x_1: the image scaled down;  x_t: a patch of the same size at the place l_t     (t = 2 .. T)
    e_1 = f_G(x_1),  e_t = f_L(x_t)                      global and local encoder
    p_t = f_C(e_1, ..., e_t)                             a recurrent classifier
    l_{t+1} ~ N(pi(e_1, ..., e_t), sigma)                the patch proposal network
    ends at the first t with max_j p_tj >= eta

Training in three stages (section 3.2 of the paper):

    I     f_G, f_L, f_C by (1/T) sum_t L(p_t, y), patches at random places
    II    pi alone, to raise sum_t gamma^(t-2) r_t,  r_t = p_ty - p_(t-1)y
    III   f_G, f_L, f_C once more, patches where pi looks
"""

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from .scenes import CANVAS, cropped

PATCH = 12
FEATURES = 32


class Encoder(nn.Module):
    """f_G or f_L: (n, 1, 12, 12) to a map (n, 288) and features (n, 32)."""

    def __init__(self) -> None:
        super().__init__()
        self.map = nn.Sequential(
            nn.Conv2d(1, 16, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(16, 32, 3, padding=1),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
        )
        self.features = nn.Linear(288, FEATURES)

    def forward(self, view: Tensor) -> tuple[Tensor, Tensor]:
        """The map, which keeps what is where, and the features."""
        seen = self.map(view)
        return seen, torch.relu(self.features(seen))


@dataclass(frozen=True)
class Looks:
    """scores: (T, batch, classes).  corners: upper left pixels of the patches, (T - 1, batch, 2).

    log_p: log density of the places drawn, (T - 1, batch); zeros where none was drawn.
    """

    scores: Tensor
    corners: Tensor
    log_p: Tensor


class GlanceFocus(nn.Module):
    """One glance and up to `patches` patches."""

    def __init__(self, patches: int = 2, classes: int = 10, sigma: float = 0.2) -> None:
        super().__init__()
        self.f_g, self.f_l = Encoder(), Encoder()
        self.f_c = nn.GRUCell(FEATURES, FEATURES)
        self.classify = nn.Linear(FEATURES, classes)
        self.pi = nn.GRUCell(288, FEATURES)
        self.place = nn.Linear(FEATURES, 2)
        self.patches, self.sigma = patches, sigma

    def networks(self) -> list[nn.Parameter]:
        """What stages I and III train."""
        parts = (self.f_g, self.f_l, self.f_c, self.classify)
        return [parameter for part in parts for parameter in part.parameters()]

    def policy(self) -> list[nn.Parameter]:
        """What stage II trains."""
        return [*self.pi.parameters(), *self.place.parameters()]

    def forward(self, images: Tensor, where: str, noise: torch.Generator | None = None) -> Looks:
        """All T looks at images (batch, 1, 24, 24).

        where: patches at "random" places, "sampled" around what pi proposes, or exactly "proposed".
        """
        batch = len(images)
        known = seen_by_pi = images.new_zeros(batch, FEATURES)
        view, encoder = F.avg_pool2d(images, CANVAS // PATCH), self.f_g
        scores, corners, log_ps = [], [], []
        for number in range(self.patches + 1):
            seen, features = encoder(view)
            known = self.f_c(features, known)
            scores.append(self.classify(known))
            if number == self.patches:
                break
            seen_by_pi = self.pi(seen.detach(), seen_by_pi)
            mean = torch.sigmoid(self.place(seen_by_pi))  # (batch, 2), 0 to 1 over possible corners
            place, log_p = self._placed(mean, where, noise)
            corner = (place * (CANVAS - PATCH)).round().long()
            corners.append(corner)
            log_ps.append(log_p)
            view, encoder = cropped(images, corner, PATCH), self.f_l
        return Looks(torch.stack(scores), torch.stack(corners), torch.stack(log_ps))

    def _placed(
        self, mean: Tensor, where: str, noise: torch.Generator | None
    ) -> tuple[Tensor, Tensor]:
        if where == "proposed":
            return mean, mean.new_zeros(len(mean))
        if where == "random":
            return torch.rand(mean.shape, generator=noise), mean.new_zeros(len(mean))
        drawn = mean.detach() + self.sigma * torch.randn(mean.shape, generator=noise)
        log_p = -((drawn - mean) ** 2).sum(dim=1) / (2 * self.sigma**2)
        return drawn.clamp(0, 1), log_p

    @torch.no_grad()
    def infer(self, images: Tensor, eta: float) -> tuple[Tensor, Tensor]:
        """Labels and number of looks, (batch,); whoever is sure enough is looked at no more."""
        waiting = torch.arange(len(images), device=images.device)
        labels, looks = torch.zeros_like(waiting), torch.zeros_like(waiting)
        known = seen_by_pi = images.new_zeros(len(images), FEATURES)
        view, encoder = F.avg_pool2d(images, CANVAS // PATCH), self.f_g
        for number in range(1, self.patches + 2):
            seen, features = encoder(view)
            known = self.f_c(features, known)
            p = self.classify(known).softmax(dim=1)
            ends = (p.max(dim=1).values >= eta) | (number == self.patches + 1)
            labels[waiting[ends]] = p[ends].argmax(dim=1)
            looks[waiting[ends]] = number
            waiting, known = waiting[~ends], known[~ends]
            if not len(waiting):
                break
            seen_by_pi = self.pi(seen[~ends], seen_by_pi[~ends])
            corner = (torch.sigmoid(self.place(seen_by_pi)) * (CANVAS - PATCH)).round().long()
            view, encoder = cropped(images[waiting], corner, PATCH), self.f_l
        return labels, looks


def anytime_loss(looks: Looks, y: Tensor) -> Tensor:
    """Stages I and III: the mean cross-entropy over all looks; a scalar."""
    return torch.stack([F.cross_entropy(scores, y) for scores in looks.scores]).mean()


def policy_loss(looks: Looks, y: Tensor, gamma: float) -> Tensor:
    """Stage II by REINFORCE: rewards to go, less their mean over the batch; a scalar."""
    p = looks.scores.detach().softmax(dim=2)  # (T, batch, classes)
    of_label = p.gather(2, y.expand(len(p), -1)[..., None])[..., 0]  # p_ty, (T, batch)
    reward = of_label[1:] - of_label[:-1]  # r_t, (T - 1, batch)
    to_go = torch.zeros_like(reward)
    following = torch.zeros_like(reward[0])
    for t in reversed(range(len(reward))):
        following = reward[t] + gamma * following
        to_go[t] = following
    advantage = to_go - to_go.mean(dim=1, keepdim=True)
    return -(advantage * looks.log_p).sum(dim=0).mean()
