"""Costs and sizes of five networks under four activations, and what ACON is at its ends."""

from collections.abc import Callable
from functools import partial

import torch
import torch.nn.functional as F
from torch import nn

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .model import AconC, Activation, MetaAcon, ReLU, ResNet, ShuffleNetV2, Swish

COUNTED = "mac:conv-fc"

NETWORKS: dict[str, Callable[[Activation], nn.Module]] = {
    "shufflenetv2-0.5x": partial(ShuffleNetV2, (48, 96, 192)),
    "shufflenetv2-1.5x": partial(ShuffleNetV2, (176, 352, 704)),
    "resnet-50": partial(ResNet, (3, 4, 6, 3)),
    "resnet-101": partial(ResNet, (3, 4, 23, 3)),
    "resnet-152": partial(ResNet, (3, 8, 36, 3)),
}
ACTIVATIONS: dict[str, Activation] = {
    "relu": ReLU,
    "swish": Swish,
    "acon": AconC,
    "meta-acon": MetaAcon,
}
NARROWEST = {"shufflenetv2-0.5x": 8}  # reduction of meta-ACON, 16 elsewhere


def run(report: Reporter, seed: int) -> None:
    """All networks with all activations on the meta device, then the limits of the formula."""
    with torch.device("meta"):
        image = torch.empty(1, 3, 224, 224)
        for name, network in NETWORKS.items():
            for kind, activation in ACTIVATIONS.items():
                if kind == "meta-acon" and name in NARROWEST:
                    activation = partial(MetaAcon, reduction=NARROWEST[name])
                model = network(activation).eval()
                setting = f"{name} with {kind}, 224x224"
                macs, size = trace(model, image).under(COUNTED), parameter_count(model)
                report.measure(
                    f"{name}-{kind}-macs",
                    macs,
                    metric="macs",
                    unit="1",
                    setting=setting,
                    convention=COUNTED,
                )
                report.measure(
                    f"{name}-{kind}-params",
                    size,
                    metric="params",
                    unit="1",
                    setting=setting,
                    convention="params:trainable",
                )
                report.point("parameters against MACs", macs, size, series=kind, label=name)
    report_limits(report, seed)


@torch.no_grad()
def report_limits(report: Reporter, seed: int) -> None:
    """ACON-C with p1 = 1, p2 = 0: beta 1 is Swish, a large beta ReLU, beta 0 half the input."""
    torch.manual_seed(seed)
    x = torch.randn(4, 3, 8, 8, dtype=torch.float64)
    layer = AconC(3).double()
    layer.p1.fill_(1.0)
    layer.p2.fill_(0.0)
    limits = {"swish": (1.0, F.silu(x)), "relu": (1e6, F.relu(x)), "line": (0.0, x / 2)}
    for name, (beta, expected) in limits.items():
        layer.beta.fill_(beta)
        report.measure(
            f"limit-{name}",
            (layer(x) - expected).abs().max().item(),
            metric="difference",
            unit="1",
            setting=f"largest difference between ACON-C with beta {beta:g} and {name}",
        )
