"""Sizes and costs of the published networks, and two identities behind dynamic kernels."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import nn

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .backbones import EfficientNetB0, MobileNetV1, MobileNetV2, ResNet, Routed
from .model import (
    DyConv2d,
    EfficientChannelAttention,
    MixedConv2d,
    ODConv2d,
    SqueezeExcitation,
    per_image_convolution,
)


def squeeze(channels: int) -> nn.Module:
    """SE with reduction 16."""
    return SqueezeExcitation(channels, channels // 16)


def with_odconv(count: int) -> Callable[..., nn.Module]:
    """ODConv with that many kernels."""
    return partial(ODConv2d, count=count)


def resnext(depth: int, **options: Any) -> nn.Module:
    """ResNeXt 32x4d."""
    return ResNet(depth, width=128, groups=32, **options)


PLAIN, MIXED, THOP = "mac:conv-fc", "mac:with-mixing", "mac:thop"

NETWORKS: dict[str, tuple[Callable[[], nn.Module], str]] = {  # what to build, how its paper counts
    **{
        f"se-baseline-resnet-{depth}": (partial(ResNet, depth, early_stride=True), PLAIN)
        for depth in (50, 101, 152)
    },
    **{
        f"se-resnet-{depth}": (partial(ResNet, depth, attention=squeeze, early_stride=True), PLAIN)
        for depth in (50, 101, 152)
    },
    **{
        f"eca-resnet-{depth}": (partial(ResNet, depth, attention=EfficientChannelAttention), THOP)
        for depth in (50, 101, 152)
    },
    "eca-mobilenet-v2": (partial(MobileNetV2, attention=EfficientChannelAttention), THOP),
    **{f"sk-baseline-resnext-{depth}": (partial(resnext, depth), PLAIN) for depth in (50, 101)},
    **{
        f"sk-senet-{depth}": (partial(resnext, depth, attention=squeeze), PLAIN)
        for depth in (50, 101)
    },
    **{f"sknet-{depth}": (partial(resnext, depth, selective=True), PLAIN) for depth in (50, 101)},
    "condconv-baseline-b0": (EfficientNetB0, PLAIN),
    "condconv-b0-4": (partial(EfficientNetB0, 4), PLAIN),
    "condconv-b0-8": (partial(EfficientNetB0, 8), PLAIN),
    "condconv-b0-8-deep": (partial(EfficientNetB0, 8, 1.1), PLAIN),
    "condconv-mobilenet-v1": (partial(MobileNetV1, routed=6), PLAIN),
    "condconv-mobilenet-v2": (partial(MobileNetV2, conv=Routed, first=11), PLAIN),
    "condconv-resnet-50": (partial(ResNet, 50, conv=Routed, first=13), PLAIN),
    "dyconv-resnet-18": (partial(ResNet, 18, DyConv2d, DyConv2d), PLAIN),
    "dyconv-resnet-50": (partial(ResNet, 50, DyConv2d, DyConv2d), PLAIN),
    "dyconv-mobilenet-v2": (partial(MobileNetV2, conv=DyConv2d), PLAIN),  # as a second paper has it
    "dy-mobilenet-v2": (partial(MobileNetV2, conv=DyConv2d), PLAIN),  # as its own paper has it
    **{
        f"odconv-baseline-mobilenet-v2-{width}x": (partial(MobileNetV2, width), PLAIN)
        for width in (1.0, 0.75, 0.5)
    },
    **{
        f"odconv-{count}-mobilenet-v2-{width}x": (
            partial(MobileNetV2, width, with_odconv(count)),
            MIXED,
        )
        for width in (1.0, 0.75, 0.5)
        for count in (1, 4)
    },
    "odconv-baseline-resnet-18": (partial(ResNet, 18), PLAIN),
    "odconv-1-resnet-18": (partial(ResNet, 18, with_odconv(1)), MIXED),
    "odconv-4-resnet-18": (partial(ResNet, 18, with_odconv(4)), MIXED),
    "odconv-baseline-resnet-50": (partial(ResNet, 50, early_stride=True), PLAIN),
    "odconv-1-resnet-50": (partial(ResNet, 50, with_odconv(1), early_stride=True), MIXED),
    "odconv-4-resnet-50": (partial(ResNet, 50, with_odconv(4), early_stride=True), MIXED),
    "odconv-baseline-resnet-101": (partial(ResNet, 101, early_stride=True), PLAIN),
    "odconv-1-resnet-101": (partial(ResNet, 101, with_odconv(1), early_stride=True), MIXED),
    "odconv-2-resnet-101": (partial(ResNet, 101, with_odconv(2), early_stride=True), MIXED),
}


def run(report: Reporter, seed: int) -> None:
    """Everything there is; half a minute."""
    report_identities(report, seed)
    with torch.device("meta"):
        image = torch.empty(1, 3, 224, 224)
        for done, (name, (build, counted)) in enumerate(NETWORKS.items(), start=1):
            network = build().eval()
            parameters = parameter_count(network)
            operations = trace(network, image).under(counted)
            report.measure(
                f"{name}-params",
                parameters,
                metric="params",
                unit="1",
                setting=name,
                convention="params:trainable",
            )
            report.measure(
                f"{name}-{'ops' if counted == THOP else 'macs'}",
                operations,
                metric="flops" if counted == THOP else "macs",
                unit="1",
                setting=f"{name}, 224x224",
                convention=counted,
            )
            report.point("operations against parameters", parameters, operations, label=name)
            report.progress(done, len(NETWORKS), name)


@torch.no_grad()
def report_identities(report: Reporter, seed: int) -> None:
    """Mixing kernels is mixing outputs; per-image kernels in one call are one call an image."""
    generator = torch.Generator().manual_seed(seed)
    torch.manual_seed(seed)
    layer = MixedConv2d(8, 12, 3, stride=2, groups=4, count=5)
    x = torch.randn(6, 8, 9, 9, generator=generator)
    mixture = torch.rand(6, 5, generator=generator)
    apart = layer.by_mixing_outputs(x, mixture)
    report.measure(
        "mixing-kernels-or-outputs",
        (layer(x, mixture) - apart).abs().max().item(),
        metric="difference",
        unit="1",
        setting="largest difference between one mixed convolution and a mixture of convolutions",
    )
    kernels = torch.randn(6, 12, 2, 3, 3, generator=generator)
    together = per_image_convolution(x, kernels, 1, 1, 4)
    single = torch.cat(
        [
            torch.nn.functional.conv2d(image.unsqueeze(0), kernel, padding=1, groups=4)
            for image, kernel in zip(x, kernels, strict=True)
        ]
    )
    report.measure(
        "grouped-or-one-by-one",
        (together - single).abs().max().item(),
        metric="difference",
        unit="1",
        setting="largest difference between one grouped convolution and one call an image",
    )
