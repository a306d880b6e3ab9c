"""Multiply-accumulates of both MobileNets at the widths of the authors' table."""

from itertools import pairwise

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import mobilenet_v1, mobilenet_v2

COUNTED = "mac:conv-fc-pool"  # what the authors' own profiler counts

STEPS = tuple(index / 40 for index in range(10, 41))  # 0.25 to 1 in steps of 0.025
NETWORKS = {
    "mobilenet-v1": (mobilenet_v1, STEPS),
    "mobilenet-v2": (mobilenet_v2, STEPS[4:]),  # from 0.35 on
}


def run(report: Reporter, seed: int) -> None:
    """Every width on the meta device; the seed is not used."""
    with torch.device("meta"):
        image = torch.empty(1, 3, 224, 224)
        for name, (network, widths) in NETWORKS.items():
            costs = []
            for width in widths:
                macs = trace(network(width).eval(), image).under(COUNTED)
                costs.append(macs)
                report.measure(
                    f"{name}-{width:g}x",
                    macs,
                    metric="macs",
                    unit="1",
                    setting=f"US-{name} at width {width:g}x, 224x224",
                    convention=COUNTED,
                )
                report.point("MACs against width", width, macs, series=name)
            shrinking = sum(after < before for before, after in pairwise(costs))
            report.measure(
                f"{name}-shrinking",
                shrinking,
                metric="steps",
                unit="1",
                setting=f"{name}: steps of the width at which the cost falls",
            )
