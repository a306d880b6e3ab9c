"""Sizes and costs of RedNet, and involution against its definition."""

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .model import BLOCKS, Involution, RedNet

COUNTED = "mac:with-products"  # the kernels are computed, so applying them is such a product


def run(report: Reporter, seed: int) -> None:
    """Five networks on the meta device, two small involutions on real numbers."""
    with torch.device("meta"):
        image = torch.empty(1, 3, 224, 224)
        for depth in BLOCKS:
            network = RedNet(depth).eval()
            parameters = parameter_count(network)
            macs = trace(network, image).under(COUNTED)
            report.measure(
                f"rednet-{depth}-params",
                parameters,
                metric="params",
                unit="1",
                setting=f"RedNet-{depth}",
                convention="params:trainable",
            )
            report.measure(
                f"rednet-{depth}-macs",
                macs,
                metric="macs",
                unit="1",
                setting=f"RedNet-{depth}, 224x224",
                convention=COUNTED,
            )
            report.point("MACs against parameters", parameters, macs, label=f"RedNet-{depth}")
    report_definition(report, seed)


@torch.no_grad()
def report_definition(report: Reporter, seed: int) -> None:
    """The fast form and the loops, with stride 1 and 2."""
    torch.manual_seed(seed)
    largest = 0.0
    for stride in (1, 2):
        layer = Involution(32, 3, stride).eval()
        x = torch.randn(2, 32, 6, 6)
        largest = max(largest, (layer(x) - layer.by_loops(x)).abs().max().item())
    report.measure(
        "fast-or-loops",
        largest,
        metric="difference",
        unit="1",
        setting="largest difference between involution and its definition by loops",
    )
