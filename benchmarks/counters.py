"""What networks cost by our count and by PyTorch's own: `python -m benchmarks.counters`.

Both are asked for floating-point operations, two per multiply-accumulate, of convolutions, linear
layers and products of attention (`flop2:with-products`), on the meta device for one image.  The
last column tells what products and sums of elements add, which neither of the two counts.
"""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from reproductions.protocol.cost import trace
from reproductions.reference.branchynet_mnist.model import BLeNet
from reproductions.reference.dynamic_convolution.experiment import NETWORKS
from reproductions.reference.involution.model import RedNet
from reproductions.reference.slimmable.model import MobileNetV1, MobileNetV2, ResNet50, ShuffleNet
from reproductions.reference.token_reduction.model import (
    VisionTransformer,
    deit,
    dynamic_vit,
    evit,
    tome,
)

LARGE = (1, 3, 224, 224)
SAMPLE = (
    "sknet-50",
    "condconv-b0-4",
    "condconv-b0-8",
    "condconv-mobilenet-v1",
    "condconv-mobilenet-v2",
    "condconv-resnet-50",
    "dyconv-resnet-18",
    "dyconv-mobilenet-v2",
    "odconv-baseline-resnet-18",
    "odconv-1-mobilenet-v2-1.0x",
    "odconv-4-mobilenet-v2-1.0x",
    "odconv-4-resnet-18",
)


def networks() -> Iterator[tuple[str, Callable[[], nn.Module], tuple[int, ...]]]:
    """Name, how it is made, and the shape of its input."""
    yield "LeNet with a branch", BLeNet, (1, 1, 28, 28)
    for name, build in (
        ("MobileNet v1", MobileNetV1),
        ("MobileNet v2", MobileNetV2),
        ("ResNet-50", ResNet50),
        ("ShuffleNet", ShuffleNet),
    ):
        yield name, partial(build, [1.0]), LARGE
    for name in SAMPLE:
        yield name, NETWORKS[name][0], LARGE
    yield "RedNet-50", partial(RedNet, 50), LARGE
    small = deit(384)
    yield "DeiT-S", partial(VisionTransformer, small), LARGE
    yield "DynamicViT-S 0.7", partial(dynamic_vit, small, 0.7), LARGE
    yield "EViT-S 0.7", partial(evit, small, 0.7, True), LARGE
    yield "ToMe-S 13", partial(tome, small, 13), LARGE


def counted(build: Callable[[], nn.Module], shape: tuple[int, ...]) -> tuple[int, int, float]:
    """Ours, PyTorch's, and what `mac:with-mixing` adds to `mac:with-products`, relative."""
    with torch.device("meta"):
        network, image = build().eval(), torch.empty(*shape)
        tally = trace(network, image)
        ours = tally.under("flop2:with-products")
        mixing = 2 * tally.under("mac:with-mixing") / ours - 1
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            network(image)
    return ours, int(counter.get_total_flops()), mixing


def main() -> None:
    """One line a network."""
    print(f"{'network':<30} {'ours, GFLOP':>12} {'PyTorch':>12} {'elements add':>14}")
    for name, build, shape in networks():
        ours, torchs, mixing = counted(build, shape)
        print(f"{name:<30} {ours / 1e9:>12.4f} {torchs / 1e9:>12.4f} {mixing:>14.2%}")


if __name__ == "__main__":
    main()
