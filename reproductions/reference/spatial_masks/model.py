"""Convolutions on some pixels only: DynConv (Verelst and Tuytelaars 2020), SACT (Figurnov 2017).

A mask says where an output is wanted.  Two ways to obey it give the same numbers:

    dense     compute everywhere, multiply by the mask          (how one trains)
    gathered  fetch the windows of the kept pixels, multiply    (what inference should cost)
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def masked_dense(x: Tensor, weight: Tensor, bias: Tensor, mask: Tensor) -> Tensor:
    """3x3 convolution everywhere, then zero where mask (batch, 1, h, w) is zero."""
    return F.conv2d(x, weight, bias, padding=1) * mask


def gathered(x: Tensor, weight: Tensor, bias: Tensor, mask: Tensor) -> Tensor:
    """The same numbers, from the windows of the kept pixels alone.

    x: (batch, inputs, h, w); weight: (outputs, inputs, 3, 3); mask: (batch, 1, h, w), 0 or 1.
    Multiply-accumulates: kept pixels x 9 x inputs x outputs.
    """
    batch, inputs, h, w = x.shape
    image, row, column = mask[:, 0].nonzero(as_tuple=True)  # (kept,) each
    padded = F.pad(x, (1, 1, 1, 1)).permute(0, 2, 3, 1)  # (batch, h + 2, w + 2, inputs)
    neighbours = [padded[image, row + dy, column + dx] for dy in range(3) for dx in range(3)]
    windows = torch.cat(neighbours, dim=1)  # (kept, 9 inputs)
    kernel = weight.permute(2, 3, 1, 0).reshape(9 * inputs, -1)  # (9 inputs, outputs)
    out = x.new_zeros(batch, h, w, kernel.shape[1])
    out[image, row, column] = windows @ kernel + bias
    return out.permute(0, 3, 1, 2)  # (batch, outputs, h, w)


def dilate(mask: Tensor) -> Tensor:
    """Pixels within a 3x3 window of a kept one; the first convolution must reach that far."""
    return F.max_pool2d(mask, 3, stride=1, padding=1)


def gumbel_mask(logits: Tensor, *, noisy: bool, temperature: float = 1.0) -> Tensor:
    """Hard mask with the slope of a soft gate (DynConv, section 3.1); noisy: explore."""
    if noisy:
        u = torch.rand_like(logits).clamp(1e-6, 1 - 1e-6)
        logits = logits + torch.log(u) - torch.log1p(-u)
    soft = torch.sigmoid(logits / temperature)
    return (soft > 0.5).to(soft.dtype) + soft - soft.detach()


class ResidualUnit(nn.Module):
    """Two 3x3 convolutions; batch normalisation is left out, so weights are used as they stand."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, padding=1)
        self.two = nn.Conv2d(width, width, 3, padding=1)
        with torch.no_grad():
            self.two.weight.mul_(0.5)  # keeps a deep sum of units tame

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """mask * F(x), computed everywhere."""
        hidden = F.relu(self.one(F.relu(x)))
        return masked_dense(hidden, self.two.weight, _bias(self.two), mask)

    def sparse(self, x: Tensor, mask: Tensor) -> Tensor:
        """The same, computed where needed: the first convolution on the dilated mask."""
        hidden = F.relu(gathered(F.relu(x), self.one.weight, _bias(self.one), dilate(mask)))
        return gathered(hidden, self.two.weight, _bias(self.two), mask)

    def macs(self, mask: Tensor) -> Tensor:
        """Multiply-accumulates of `sparse` for each image; (batch,)."""
        first = dilate(mask).sum(dim=(1, 2, 3)) * self.one.weight.numel()
        return first + mask.sum(dim=(1, 2, 3)) * self.two.weight.numel()


def _bias(layer: nn.Conv2d) -> Tensor:
    assert layer.bias is not None
    return layer.bias


def head(width: int, classes: int) -> nn.Sequential:
    """Scores from features (batch, width, 8, 8), read in four quarters."""
    return nn.Sequential(nn.ReLU(), nn.AvgPool2d(4), nn.Flatten(), nn.Linear(4 * width, classes))


class DynConvNet(nn.Module):
    """Stem, residual units that each choose their pixels, classifier.

    dense: keep every pixel; the network the others are compared with.
    noisy: whether masks explore in training; switched off towards its end.
    """

    def __init__(
        self, width: int = 12, units: int = 3, classes: int = 10, *, dense: bool = False
    ) -> None:
        super().__init__()
        self.dense, self.noisy = dense, True
        self.stem = nn.Conv2d(1, width, 3, padding=1)
        self.units = nn.ModuleList(ResidualUnit(width) for _ in range(units))
        choices = [nn.Conv2d(width, 1, 1) for _ in range(units)]
        for layer in choices:
            nn.init.constant_(_bias(layer), 2.0)  # start with most pixels kept
        self.choose = nn.ModuleList(choices)
        self.answer = head(width, classes)

    def forward(self, x: Tensor, *, sparse: bool = False) -> tuple[Tensor, list[Tensor]]:
        """x: (batch, 1, 8, 8) -> scores (batch, classes), one mask per unit (batch, 1, h, w)."""
        x, masks = self.stem(x), []
        for unit, choose in zip(self.residual_units(), self.choose, strict=True):
            mask = gumbel_mask(choose(x), noisy=self.noisy and self.training)
            mask = torch.ones_like(mask) if self.dense else mask
            x = x + (unit.sparse(x, mask) if sparse else unit(x, mask))
            masks.append(mask)
        return self.answer(x), masks

    def shares(self, masks: list[Tensor]) -> Tensor:
        """Cost of each unit over its dense cost, differentiable; (units,)."""
        pairs = list(zip(self.residual_units(), masks, strict=True))
        dense = [unit.macs(torch.ones_like(mask)) for unit, mask in pairs]
        spent = [unit.macs(mask) for unit, mask in pairs]
        return torch.stack([s.sum() / d.sum() for s, d in zip(spent, dense, strict=True)])

    def residual_units(self) -> list[ResidualUnit]:
        """The units, in order."""
        return [unit for unit in self.units if isinstance(unit, ResidualUnit)]


def budget_loss(shares: Tensor, budget: float, slack: float) -> Tensor:
    """Distance of the network's cost from its budget, and of each unit's from widening bounds.

    slack: 1 at the start, when every unit must meet the budget, falling to 0, when only the
    whole network must (DynConv, section 3.3).
    """
    network = (shares.mean() - budget) ** 2
    lower = F.relu(slack * budget - shares).square().mean()
    upper = F.relu(shares - (1 - slack * (1 - budget))).square().mean()
    return network + lower + upper


class SactNet(nn.Module):
    """Spatially adaptive computation time: each pixel stops when its halting scores reach 1.

    Within the block of units, h_l(pixel) is a halting score; a pixel takes part until the sum of
    its scores passes 1 - epsilon; the block's output is the halting-weighted mean of its states.
    """

    def __init__(self, width: int = 12, units: int = 3, classes: int = 10) -> None:
        super().__init__()
        self.stem = nn.Conv2d(1, width, 3, padding=1)
        self.units = nn.ModuleList(ResidualUnit(width) for _ in range(units))
        near = [nn.Conv2d(width, 1, 3, padding=1) for _ in range(units - 1)]
        for layer in near:
            nn.init.constant_(_bias(layer), -3.0)  # start by using all units
        self.near = nn.ModuleList(near)
        self.wide = nn.ModuleList(nn.Linear(width, 1, bias=False) for _ in range(units - 1))
        self.answer = head(width, classes)

    def forward(self, x: Tensor, epsilon: float = 0.01) -> tuple[Tensor, Tensor, Tensor]:
        """x: (batch, 1, 8, 8) -> scores (batch, classes), ponder cost and units used, per pixel.

        ponder: N + R, the differentiable stand-in for N; (batch, 1, 8, 8), as `used` = N.
        """
        x = self.stem(x)
        total = x.new_zeros(len(x), 1, *x.shape[2:])  # halting scores so far
        active = torch.ones_like(total)
        used, ponder, out = torch.zeros_like(total), torch.zeros_like(total), torch.zeros_like(x)
        last = len(self.units) - 1
        for number, unit in enumerate(self.units):
            x = x + unit(x, active)  # inactive pixels keep their value
            used = used + active
            if number < last:
                pooled = self.wide[number](x.mean(dim=(2, 3)))[:, :, None, None]
                halt = torch.sigmoid(self.near[number](x) + pooled)
            else:
                halt = torch.ones_like(total)  # nobody goes on after the last unit
            stops = active * (total + halt >= 1 - epsilon).to(x.dtype)
            remainder = 1 - total
            out = out + (stops * remainder + (active - stops) * halt) * x
            ponder = ponder + active + stops * remainder
            total = total + active * halt
            active = active - stops
        return self.answer(out), ponder, used


# ---- published networks, dense ---------------------------------------------------------------


def imagenet_resnet_macs(blocks: tuple[int, int, int, int]) -> int:
    """Bottleneck ResNet at 224x224, stride on the 3x3 convolution; convolutions and the head."""
    total, inputs = 112 * 112 * 7 * 7 * 3 * 64, 64
    for stage, count in enumerate(blocks):
        width, size = 64 * 2**stage, 56 // 2**stage
        for block in range(count):
            before = size * 2 if block == 0 and stage > 0 else size
            total += before**2 * inputs * width + size**2 * width * (9 * width + 4 * width)
            if block == 0:
                total += size**2 * inputs * 4 * width  # projection shortcut
            inputs = 4 * width
    return total + inputs * 1000


def cifar_resnet_macs(depth: int) -> int:
    """Basic-block ResNet at 32x32 with 1x1 projections where the width changes."""
    total, inputs = 32 * 32 * 9 * 3 * 16, 16
    for stage in range(3):
        width, size = 16 * 2**stage, 32 // 2**stage
        for _ in range((depth - 2) // 6):
            total += size**2 * 9 * width * (inputs + width)
            total += size**2 * inputs * width if inputs != width else 0
            inputs = width
    return total + 64 * 10
