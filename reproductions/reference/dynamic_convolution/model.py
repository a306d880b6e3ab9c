"""Attention over channels and over kernels, one class an idea.

Kernels are made per image: a batch of B images with its own kernels each is one convolution with
B times as many groups.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SqueezeExcitation(nn.Module):
    """Scale channel c by sigmoid(W2 relu(W1 mean(x)))_c (Hu et al. 2018, Eq. 2-4).

    hidden: width between the two layers, both with bias.
    """

    def __init__(self, channels: int, hidden: int, activation: type[nn.Module] = nn.ReLU) -> None:
        super().__init__()
        self.scale = nn.Sequential(
            nn.Linear(channels, hidden), activation(), nn.Linear(hidden, channels), nn.Sigmoid()
        )

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, channels, height, width)."""
        return x * self.scale(x.mean((2, 3)))[..., None, None]


class EfficientChannelAttention(nn.Module):
    """As SE, with one short convolution across channels instead of two layers (Wang et al. 2020).

    Its length grows with log2 of the channels (Eq. 12) and is odd; it has no bias.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        length = int(abs(math.log2(channels) / 2 + 0.5))
        self.mix = nn.Conv1d(1, 1, length | 1, padding=(length | 1) // 2, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        weights = self.mix(x.mean((2, 3)).unsqueeze(1)).squeeze(1)  # (batch, channels)
        return x * torch.sigmoid(weights)[..., None, None]


class SelectiveKernel(nn.Module):
    """Two grouped convolutions, 3x3 and dilated 3x3, mixed channel by channel (Li et al. 2019).

    s = mean(U1 + U2), z = relu(bn(W s)), a = softmax over branches of A z, V = a1 U1 + a2 U2.
    """

    def __init__(
        self, channels: int, stride: int, groups: int = 32, reduction: int = 16, least: int = 32
    ) -> None:
        super().__init__()
        hidden = max(channels // reduction, least)
        self.branches = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(channels, channels, 3, stride, rate, rate, groups, bias=False),
                nn.BatchNorm2d(channels),
                nn.ReLU(inplace=True),
            )
            for rate in (1, 2)
        )
        self.squeeze = nn.Sequential(
            nn.Conv2d(channels, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU()
        )
        self.choose = nn.ModuleList(nn.Conv2d(hidden, channels, 1) for _ in self.branches)

    def forward(self, x: Tensor) -> Tensor:
        outputs = torch.stack([branch(x) for branch in self.branches], dim=1)  # (batch, 2, c, h, w)
        squeezed = self.squeeze(outputs.sum(1).mean((2, 3), keepdim=True))
        scores = torch.stack([choose(squeezed) for choose in self.choose], dim=1)
        return (scores.softmax(1) * outputs).sum(1)


def per_image_convolution(
    x: Tensor, kernels: Tensor, stride: int, padding: int, groups: int
) -> Tensor:
    """Convolve each image with kernels of its own.

    x: (batch, ins, height, width).  kernels: (batch, outs, ins / groups, k, k).
    """
    batch, outs = kernels.shape[:2]
    y = F.conv2d(
        x.flatten(0, 1).unsqueeze(0),  # (1, batch * ins, height, width)
        kernels.flatten(0, 1),
        stride=stride,
        padding=padding,
        groups=batch * groups,
    )
    return y.squeeze(0).unflatten(0, (batch, outs))


class MixedConv2d(nn.Module):
    """A convolution whose kernel is a weighted sum of `count` kernels; weights come with the call.

    W(x) = sum over k of r_k(x) W_k: one convolution, whatever the number of kernels.
    """

    def __init__(
        self, ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1, count: int = 4
    ) -> None:
        super().__init__()
        self.stride, self.padding, self.groups = stride, kernel // 2, groups
        self.weight = nn.Parameter(torch.empty(count, outs, ins // groups, kernel, kernel))
        nn.init.kaiming_normal_(self.weight.view(-1, *self.weight.shape[2:]))

    def forward(self, x: Tensor, mixture: Tensor) -> Tensor:
        """mixture: (batch, count)."""
        kernels = (mixture @ self.weight.flatten(1)).unflatten(1, self.weight.shape[1:])
        return per_image_convolution(x, kernels, self.stride, self.padding, self.groups)

    def by_mixing_outputs(self, x: Tensor, mixture: Tensor) -> Tensor:
        """The same function by `count` convolutions, whose outputs are mixed."""
        outputs = [
            F.conv2d(x, weight, None, self.stride, self.padding, 1, self.groups)
            for weight in self.weight
        ]
        return torch.einsum("bk,kbohw->bohw", mixture, torch.stack(outputs))


class CondRouting(nn.Module):
    """r(x) = sigmoid(W mean(x) + b): weights do not sum to one (Yang et al. 2019, Eq. 2)."""

    def __init__(self, channels: int, count: int) -> None:
        super().__init__()
        self.linear = nn.Linear(channels, count)

    def forward(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.linear(x.mean((2, 3))))


class DyConv2d(nn.Module):
    """Mixture weights from two layers and a softmax with temperature (Chen et al. 2020, Eq. 4)."""

    def __init__(
        self, ins: int, outs: int, kernel: int, stride: int = 1, groups: int = 1, count: int = 4
    ) -> None:
        super().__init__()
        hidden = int(ins * 0.25) + 1
        self.attend = nn.Sequential(
            nn.Linear(ins, hidden, bias=False), nn.ReLU(), nn.Linear(hidden, count)
        )
        self.convolution = MixedConv2d(ins, outs, kernel, stride, groups, count)
        self.temperature = 1.0  # 30 at the start of training

    def forward(self, x: Tensor) -> Tensor:
        scores = self.attend(x.mean((2, 3)))  # (batch, count)
        return self.convolution(x, (scores / self.temperature).softmax(-1))


class ODConv2d(nn.Module):
    """Attention along all four dimensions of the kernel space (Li et al. 2022, Eq. 3).

    y = (sum over k of a_w[k] * a_f * a_c * a_s * W_k) conv x, with sigmoid attentions for filters
    f, input channels c and positions s, and a softmax over the `count` kernels.  The attention on
    input channels is applied to x and that on filters to y, which is the same and cheaper.
    """

    def __init__(
        self,
        ins: int,
        outs: int,
        kernel: int,
        stride: int = 1,
        groups: int = 1,
        count: int = 1,
        reduction: float = 1 / 16,
    ) -> None:
        super().__init__()
        hidden = max(int(ins * reduction), 16)
        self.stride, self.padding, self.groups = stride, kernel // 2, groups
        self.weight = nn.Parameter(torch.empty(count, outs, ins // groups, kernel, kernel))
        nn.init.kaiming_normal_(self.weight.view(-1, *self.weight.shape[2:]))
        self.squeeze = nn.Sequential(
            nn.Conv2d(ins, hidden, 1, bias=False), nn.BatchNorm2d(hidden), nn.ReLU()
        )
        self.channel = nn.Linear(hidden, ins)
        depthwise = ins == groups == outs
        self.filter = None if depthwise else nn.Linear(hidden, outs)
        self.position = None if kernel == 1 else nn.Linear(hidden, kernel * kernel)
        self.kernel = None if count == 1 else nn.Linear(hidden, count)

    def forward(self, x: Tensor) -> Tensor:
        batch, size = len(x), self.weight.shape[-1]
        z = self.squeeze(x.mean((2, 3), keepdim=True)).flatten(1)  # (batch, hidden)
        if self.kernel is None:
            kernels = self.weight.expand(batch, -1, -1, -1, -1)  # (batch, outs, ins / groups, k, k)
        else:
            mixture = self.kernel(z).softmax(-1).view(batch, -1, 1, 1, 1, 1)
            kernels = (mixture * self.weight).sum(1)
        if self.position is not None:  # the same for all kernels, so it may come after the sum
            kernels = kernels * torch.sigmoid(self.position(z)).view(batch, 1, 1, size, size)
        x = x * torch.sigmoid(self.channel(z))[..., None, None]
        y = per_image_convolution(x, kernels, self.stride, self.padding, self.groups)
        if self.filter is not None:
            y = y * torch.sigmoid(self.filter(z))[..., None, None]
        return y
