"""Three ways to decide which residual blocks an image passes.

    x_{l+1} = x_l + g_l F_l(x_l),   g_l in {0, 1}

SkipNet (Wang et al. 2018)       a gate before each block looks at x_l
ConvNet-AIG (Veit, Belongie 2018) the same, noised by Gumbel, and pulled to a target rate
BlockDrop (Wu et al. 2018)       one policy network looks at the image and decides on all blocks
"""

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class Block(nn.Module):
    """F_l: two 3x3 convolutions."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.one = nn.Conv2d(width, width, 3, padding=1)
        self.two = nn.Conv2d(width, width, 3, padding=1)
        with torch.no_grad():
            self.two.weight.mul_(0.5)  # keeps a deep sum of blocks tame

    def forward(self, x: Tensor) -> Tensor:
        """(batch, width, h, w) -> the same shape."""
        return self.two(F.relu(self.one(F.relu(x))))


class Gate(nn.Module):
    """What SkipNet and ConvNet-AIG put before a block: pooled features, one hidden layer."""

    def __init__(self, width: int, hidden: int = 8) -> None:
        super().__init__()
        self.hidden = nn.Linear(width, hidden)
        self.open = nn.Linear(hidden, 1)
        nn.init.constant_(self.open.bias, 2.0)  # start by running nearly every block

    def forward(self, x: Tensor) -> Tensor:
        """(batch, width, h, w) -> logit of running the block, (batch,)."""
        return self.open(F.relu(self.hidden(x.mean(dim=(2, 3)))))[:, 0]


def hard(logits: Tensor) -> Tensor:
    """SkipNet's supervised phase: round forwards, sigmoid's slope backwards (section 3.3)."""
    soft = torch.sigmoid(logits)
    return (logits > 0).to(soft.dtype) + soft - soft.detach()


def hard_with_noise(logits: Tensor, temperature: float = 1.0) -> Tensor:
    """ConvNet-AIG: the same with Gumbel noise (section 3.2), which keeps both choices alive."""
    u = torch.rand_like(logits).clamp(1e-6, 1 - 1e-6)
    soft = torch.sigmoid((logits + torch.log(u) - torch.log1p(-u)) / temperature)
    return (soft > 0.5).to(soft.dtype) + soft - soft.detach()


class GatedResNet(nn.Module):
    """Stem, gated blocks of one width, classifier.  noisy: ConvNet-AIG; else SkipNet."""

    def __init__(
        self, width: int = 16, blocks: int = 6, classes: int = 10, *, noisy: bool = False
    ) -> None:
        super().__init__()
        self.noisy = noisy
        self.stem = nn.Conv2d(1, width, 3, stride=2, padding=1)
        self.blocks = nn.ModuleList(Block(width) for _ in range(blocks))
        self.gates = nn.ModuleList(Gate(width) for _ in range(blocks))
        self.answer = nn.Sequential(
            nn.ReLU(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(4 * width, classes)
        )

    def forward(self, x: Tensor, given: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """x: (batch, 1, 8, 8) -> scores (batch, classes), gates (batch, blocks).

        given: gates decided elsewhere, (batch, blocks); ones make the plain residual network.
        """
        x, used = self.stem(x), []  # (batch, width, 4, 4)
        for number, (block, gate) in enumerate(zip(self.blocks, self.gates, strict=True)):
            if given is not None:
                g = given[:, number]
            else:
                logits = gate(x)
                g = hard_with_noise(logits) if self.noisy and self.training else hard(logits)
            x = x + g[:, None, None, None] * block(x)
            used.append(g)
        return self.answer(x), torch.stack(used, dim=1)

    @torch.no_grad()
    def skip(self, x: Tensor) -> tuple[Tensor, int]:
        """Inference that computes only the blocks that are wanted, one image at a time.

        x: (1, 1, 8, 8) -> scores (1, classes) and the number of blocks computed.
        """
        x, count = self.stem(x), 0
        for block, gate in zip(self.blocks, self.gates, strict=True):
            if gate(x).item() > 0:
                x = x + block(x)
                count += 1
        return self.answer(x), count


def mean_use_loss(gates: Tensor) -> Tensor:
    """SkipNet: the mean share of blocks that run; weighted by alpha (section 3.2)."""
    return gates.mean()


def target_rate_loss(gates: Tensor, rate: float) -> Tensor:
    """ConvNet-AIG: sum over blocks of (share of the batch that runs it - rate)^2 (section 3.3)."""
    return (gates.mean(dim=0) - rate).square().sum()


class Policy(nn.Module):
    """BlockDrop's policy network: from the image to the chance of keeping each block."""

    def __init__(self, blocks: int = 6, width: int = 8) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(width, width, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        )  # fmt: skip
        self.keep = nn.Linear(width * 4, blocks)
        nn.init.constant_(self.keep.bias, 2.0)

    def forward(self, x: Tensor) -> Tensor:
        """(batch, 1, 8, 8) -> probabilities (batch, blocks), kept off 0 and 1 (Eq. 8)."""
        s = torch.sigmoid(self.keep(self.features(x)))
        return 0.8 * s + (1 - 0.8) * (1 - s)


def blockdrop_reward(kept: Tensor, correct: Tensor, penalty: float) -> Tensor:
    """1 - (share of blocks kept)^2 if the answer is right, -penalty if not (Eq. 3); (batch,)."""
    return torch.where(correct, 1 - kept.mean(dim=1) ** 2, -penalty)


# ---- published networks ----------------------------------------------------------------------


def cifar_resnet_block_macs(blocks_per_stage: int) -> tuple[int, list[int]]:
    """CIFAR ResNet with parameter-free shortcuts: (stem and head, one entry per block)."""
    blocks, inputs = [], 16
    for stage in range(3):
        width, size = 16 * 2**stage, 32 // 2**stage
        for _ in range(blocks_per_stage):
            blocks.append(size**2 * 9 * width * (inputs + width))
            inputs = width
    return 32 * 32 * 27 * 16 + 64 * 10, blocks


def imagenet_resnet_block_macs(stages: tuple[int, ...]) -> tuple[int, list[int]]:
    """Bottleneck ResNet at 224x224, stride on the 3x3 convolution, projections in the openers."""
    blocks, inputs = [], 64
    for stage, count in enumerate(stages):
        width, size = 64 * 2**stage, 56 // 2**stage
        for block in range(count):
            before = size * 2 if block == 0 and stage > 0 else size
            macs = before**2 * inputs * width + size**2 * (9 + 4) * width**2
            blocks.append(macs + (size**2 * inputs * 4 * width if block == 0 else 0))
            inputs = 4 * width
    return 112 * 112 * 7 * 7 * 3 * 64 + inputs * 1000, blocks


def basic_resnet10_macs(size: int, outputs: int) -> int:
    """ResNet-10 (one basic block per stage), the policy network for ImageNet."""
    total, inputs, side = (size // 2) ** 2 * 147 * 64, 64, size // 4
    for stage in range(4):
        width = 64 * 2**stage
        side = side if stage == 0 else -(-side // 2)
        total += side**2 * 9 * width * (inputs + width)
        total += side**2 * inputs * width if inputs != width else 0
        inputs = width
    return total + inputs * outputs
