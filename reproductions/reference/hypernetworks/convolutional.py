"""Residual networks for CIFAR, with their own kernels or with kernels from one small network.

The hypernetwork of Ha et al. 2017 (section 3.1) knows one vector z for each block of 16 x 16
kernels; wider layers are put together from several such blocks:

    a_i = W_i z + B_i              Eq. 2
    K_i = W_out a_i + B_out

W_i and B_i belong to one of the 16 input channels; W_out and B_out serve all of them.

Plain networks: He et al. 2016 (ReLU last, shortcuts without parameters) and Zagoruyko and
Komodakis 2016 (ReLU first, 1x1 shortcuts where the width changes).
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F

UNIT, SIZE = 16, 3  # channels and width of a generated block of kernels


class KernelGenerator(nn.Module):
    """From z (embedding,) to kernels (outputs, inputs, size, size)."""

    def __init__(
        self,
        inputs: int = UNIT,
        outputs: int = UNIT,
        size: int = SIZE,
        embedding: int = 64,
        hidden: int = 64,
    ) -> None:
        super().__init__()
        self.shape = (inputs, outputs, size, size)
        self.per_input = nn.Linear(embedding, inputs * hidden)  # all W_i, B_i
        self.kernels = nn.Linear(hidden, outputs * size * size)  # W_out, B_out

    def forward(self, z: Tensor) -> Tensor:
        """z: (embedding,).  Returns (outputs, inputs, size, size)."""
        hidden = self.per_input(z).view(self.shape[0], -1)  # (inputs, hidden)
        return self.kernels(hidden).view(self.shape).transpose(0, 1)


class MnistKernelGenerator(nn.Module):
    """Section 4.1: the 7x7 kernels between 16 and 16 channels, from a vector of 4.

    One map to 16 vectors of 4, one for each input channel, and one from each to its kernels.
    """

    def __init__(self, embedding: int = 4, channels: int = 16, size: int = 7) -> None:
        super().__init__()
        self.spread = nn.Linear(embedding, embedding * channels)
        self.kernels = nn.Linear(embedding, channels * size * size)
        self.shape = (channels, channels, size, size)

    def forward(self, z: Tensor) -> Tensor:
        """z: (embedding,).  Returns (outputs, inputs, size, size)."""
        parts = self.spread(z).view(self.shape[0], -1)
        return self.kernels(parts).view(self.shape).transpose(0, 1)


class GeneratedConv(nn.Module):
    """A 3x3 convolution whose kernels are made from learned vectors by a shared generator."""

    def __init__(self, inputs: int, outputs: int, stride: int, generator: KernelGenerator) -> None:
        super().__init__()
        embedding = generator.per_input.in_features
        self.z = nn.Parameter(torch.randn(outputs // UNIT, inputs // UNIT, embedding))
        self.stride, self.generator = stride, generator

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, inputs, h, w)."""
        rows = [torch.cat([self.generator(z) for z in row], dim=1) for row in self.z]
        return F.conv2d(x, torch.cat(rows), stride=self.stride, padding=SIZE // 2)


class WideBlock(nn.Module):
    """Normalise, ReLU, convolve, twice; a 1x1 shortcut where the width changes."""

    def __init__(
        self, inputs: int, outputs: int, stride: int, generator: KernelGenerator | None
    ) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.BatchNorm2d(inputs), nn.BatchNorm2d(outputs)
        self.conv1 = conv3x3(inputs, outputs, stride, generator)
        self.conv2 = conv3x3(outputs, outputs, 1, generator)
        self.shortcut = (
            nn.Conv2d(inputs, outputs, 1, stride, bias=False) if inputs != outputs else None
        )

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, inputs, h, w)."""
        ready = F.relu(self.norm1(x))
        out = self.conv2(F.relu(self.norm2(self.conv1(ready))))
        return out + (self.shortcut(ready) if self.shortcut else x)


def conv3x3(inputs: int, outputs: int, stride: int, generator: KernelGenerator | None) -> nn.Module:
    """A convolution with its own kernels, or with generated ones."""
    if generator:
        return GeneratedConv(inputs, outputs, stride, generator)
    return nn.Conv2d(inputs, outputs, SIZE, stride, SIZE // 2, bias=False)


class WideResNet(nn.Module):
    """WRN-depth-widen for 32x32 images; with `generated`, the Hyper Residual Network."""

    def __init__(self, depth: int, widen: int, generated: bool = False, classes: int = 10) -> None:
        super().__init__()
        generator = KernelGenerator() if generated else None
        self.stem = nn.Conv2d(3, 16, 3, padding=1, bias=False)
        blocks, inputs = [], 16
        for stage in range(3):
            outputs = 16 * widen * 2**stage
            for index in range((depth - 4) // 6):
                stride = 2 if stage and not index else 1
                blocks.append(WideBlock(inputs, outputs, stride, generator))
                inputs = outputs
        self.blocks = nn.Sequential(*blocks)
        self.norm, self.head = nn.BatchNorm2d(inputs), nn.Linear(inputs, classes)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, 32, 32).  Returns (batch, classes)."""
        x = F.relu(self.norm(self.blocks(self.stem(images))))
        return self.head(x.mean(dim=(2, 3)))


class PlainBlock(nn.Module):
    """Convolve, normalise, twice; ReLU after the sum; the shortcut pads with empty channels."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.conv1 = conv3x3(inputs, outputs, stride, None)
        self.conv2 = conv3x3(outputs, outputs, 1, None)
        self.norm1, self.norm2 = nn.BatchNorm2d(outputs), nn.BatchNorm2d(outputs)
        self.stride, self.missing = stride, outputs - inputs

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, inputs, h, w)."""
        out = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        passed = F.pad(x[:, :, :: self.stride, :: self.stride], (0, 0, 0, 0, 0, self.missing))
        return F.relu(out + passed)


class CifarResNet(nn.Module):
    """ResNet of 6n + 2 layers for 32x32 images."""

    def __init__(self, depth: int, classes: int = 10) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16))
        blocks, inputs = [], 16
        for stage in range(3):
            for index in range((depth - 2) // 6):
                outputs = 16 * 2**stage
                blocks.append(PlainBlock(inputs, outputs, 2 if stage and not index else 1))
                inputs = outputs
        self.blocks, self.head = nn.Sequential(*blocks), nn.Linear(inputs, classes)

    def forward(self, images: Tensor) -> Tensor:
        """images: (batch, 3, 32, 32).  Returns (batch, classes)."""
        return self.head(self.blocks(F.relu(self.stem(images))).mean(dim=(2, 3)))
