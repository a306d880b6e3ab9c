"""The sizes of Tables 2 and 3, and that constant vectors give back an ordinary network."""

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional as F

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count

from .convolutional import (
    UNIT,
    CifarResNet,
    GeneratedConv,
    KernelGenerator,
    MnistKernelGenerator,
    WideResNet,
)
from .model import GATES, CharacterModel, HyperLSTMCell, LSTMCell

CHARACTERS = 50

IMAGES: dict[str, Callable[[], nn.Module]] = {
    "mnist-kernel": lambda: nn.Conv2d(16, 16, 7, bias=False),
    "mnist-generator": MnistKernelGenerator,
    "wrn-40-2": lambda: WideResNet(40, 2),
    "hyper-40-1": lambda: WideResNet(40, 1, generated=True),
    "hyper-40-2": lambda: WideResNet(40, 2, generated=True),
    "resnet-32": lambda: CifarResNet(32),
    "resnet-110": lambda: CifarResNet(110),
    "wrn-40-1": lambda: WideResNet(40, 1),
    "wrn-40-4": lambda: WideResNet(40, 4),
    "wrn-28-10": lambda: WideResNet(28, 10),
}

TEXT: dict[str, Callable[[], nn.Module]] = {
    "lstm-1000": lambda: CharacterModel([LSTMCell(CHARACTERS, 1000)]),
    "lstm-1250": lambda: CharacterModel([LSTMCell(CHARACTERS, 1250)]),
    "lstm-1000-2": lambda: CharacterModel([LSTMCell(CHARACTERS, 1000), LSTMCell(1000, 1000)]),
    "norm-lstm": lambda: CharacterModel([LSTMCell(CHARACTERS, 1000, True)]),
    "hyperlstm": lambda: CharacterModel([HyperLSTMCell(CHARACTERS, 1000)]),
    "norm-hyperlstm": lambda: CharacterModel([HyperLSTMCell(CHARACTERS, 1000, normalised=True)]),
    "norm-hyperlstm-large": lambda: CharacterModel(
        [HyperLSTMCell(CHARACTERS, 1000, embedding=16, normalised=True)]
    ),
    "norm-hyperlstm-2": lambda: CharacterModel(
        [
            HyperLSTMCell(CHARACTERS, 1000, embedding=16, normalised=True),
            HyperLSTMCell(1000, 1000, embedding=16, normalised=True),
        ]
    ),
}


def run(report: Reporter, seed: int) -> None:
    """Eighteen sizes and two identities."""
    for models, where in ((IMAGES, "images"), (TEXT, f"{CHARACTERS} characters")):
        for name, build in models.items():
            with torch.device("meta"):
                count = parameter_count(build())
            report.measure(
                f"{name}-params",
                count,
                metric="params",
                unit="1",
                setting=f"{name}, {where}",
                convention="params:trainable",
            )
    report_kernels(report, seed)
    report_identity(report, seed)


@torch.no_grad()
def report_kernels(report: Reporter, seed: int) -> None:
    """A wide kernel put together from blocks acts as the sum of its blocks on parts of the input.

    Each of the 2 x 3 blocks is generated and applied on its own; nothing else of the layer is used.
    """
    torch.manual_seed(seed)
    generator = KernelGenerator(embedding=8, hidden=8)
    layer = GeneratedConv(3 * UNIT, 2 * UNIT, 1, generator)
    x = torch.randn(2, 3 * UNIT, 9, 9)
    parts = [
        sum(
            F.conv2d(part, generator(z), padding=1)
            for z, part in zip(row, x.split(UNIT, dim=1), strict=True)
        )
        for row in layer.z
    ]
    report.measure(
        "kernels-of-blocks",
        (torch.cat([torch.as_tensor(part) for part in parts], dim=1) - layer(x)).abs().max().item(),
        metric="difference",
        unit="1",
        setting="largest difference, 48 to 32 channels from six generated blocks",
    )


@torch.no_grad()
def report_identity(report: Reporter, seed: int) -> None:
    """Embeddings fixed at one and scales that return one leave the large LSTM alone."""
    torch.manual_seed(seed)
    hyper, plain = HyperLSTMCell(6, 5, small=3, embedding=2), LSTMCell(6, 5)
    for layer in (hyper.embed_h, hyper.embed_x):
        nn.init.zeros_(layer.weight)
        nn.init.ones_(layer.bias)
    nn.init.zeros_(hyper.embed_b.weight)
    for layer in (*hyper.scale_h, *hyper.scale_x):
        nn.init.constant_(layer.weight, 0.5)  # two embedding entries of one give a scale of one
    plain.weights.weight.copy_(torch.cat([hyper.from_input.weight, hyper.from_state.weight], 1))
    for gate, shift in zip(plain.weights.bias.view(GATES, -1), hyper.shift, strict=True):
        gate.copy_(shift.get_parameter("bias"))
    x = torch.randn(4, 7, 6)
    large, small = hyper.start(4), plain.start(4)
    for step in x.unbind(1):
        large, small = hyper(step, large), plain(step, small)
    report.measure(
        "constant-scales-or-lstm",
        (large[0][0] - small[0]).abs().max().item(),
        metric="difference",
        unit="1",
        setting=f"largest difference after 7 steps, {GATES} gates of 5 units",
    )
