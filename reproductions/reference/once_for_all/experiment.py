"""What the released sub-networks cost, alone; and that sharing their weights changes nothing."""

from __future__ import annotations

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import SPACES, ElasticKernel, OnceForAll, deployed_parameters, extracted, subnets
from .settings import RELEASED

COUNTED = "mac:conv-fc"  # what the authors' own profiler counts
COMPARED = ("note10-22", "595m", "v100-11")  # one of each space, fixed before any was compared


def run(report: Reporter, seed: int) -> None:
    """Costs on the meta device, then one sub-network of each space inside and outside."""
    with torch.device("meta"):
        report_released(report)
        report_shared(report)
    report_copies(report, seed)


def report_released(report: Reporter) -> None:
    """Parameters and multiply-accumulates of every released network at its own image size."""
    for name, setting in RELEASED.items():
        network = OnceForAll.alone(setting).eval()
        image = torch.empty(1, 3, setting.image_size, setting.image_size)
        macs = trace(network, image, setting.stages).under(COUNTED)
        params = deployed_parameters(network)
        shown = f"ofa-{name}, {setting.space}, {setting.image_size}x{setting.image_size}"
        report.measure(
            f"{name}-params",
            params,
            metric="params",
            unit="1",
            setting=shown,
            convention="params:trainable",
        )
        report.measure(
            f"{name}-macs", macs, metric="macs", unit="1", setting=shown, convention=COUNTED
        )
        report.point("MACs against parameters", params, macs, series=setting.space, label=name)
        report.point("MACs against image size", setting.image_size, macs, series=setting.space)
    different = {(setting.space, setting.stages) for setting in RELEASED.values()}
    report.measure(
        "distinct-networks",
        len(different),
        metric="networks",
        unit="1",
        setting=f"different networks among {len(RELEASED)}, whatever their image size",
    )


def report_shared(report: Reporter) -> None:
    """What all sub-networks of a space take together, and how many there are."""
    for name, space in SPACES.items():
        params = deployed_parameters(OnceForAll.supernet(space))
        report.log(f"{name}: all sub-networks share {params:,} parameters")
        if name == "mobilenet-v3-1.0":
            report.measure(
                "shared-params",
                params,
                metric="params",
                unit="1",
                setting="the supernet of the MobileNetV3 space, width 1.0",
                convention="params:trainable",
            )
    report.log(f"sub-networks of five units, section 3.2: {subnets((2, 3, 4), 3, 3, 5):.2e}")
    matrices = ElasticKernel(8).matrices
    report.measure(
        "matrices-params",
        sum(matrix.numel() for matrix in matrices.values()),
        metric="params",
        unit="1",
        setting="25 x 25 and 9 x 9 values",
        convention="params:trainable",
    )


@torch.no_grad()
def report_copies(report: Reporter, seed: int) -> None:
    """A sub-network run inside the shared weights against the same network copied out of them."""
    torch.manual_seed(seed)
    worst = 0.0
    for name in COMPARED:
        setting = RELEASED[name]
        supernet = OnceForAll.supernet(SPACES[setting.space], classes=10).eval()
        unsettle(supernet)
        images = torch.randn(2, 3, 96, 96)
        inside = supernet(images, setting.stages)
        outside = extracted(supernet, setting)(images, setting.stages)
        worst = max(worst, (inside - outside).abs().max().item())
    report.measure(
        "shared-or-alone",
        worst,
        metric="difference",
        unit="1",
        setting="largest difference of a logit, three networks, two images each",
    )


def unsettle(network: OnceForAll) -> None:
    """Statistics, scales and matrices unlike their initial values, so that a wrong slice shows."""
    for name, value in network.named_parameters():
        if ".matrices." in name:
            value.add_(0.05 * torch.randn_like(value))
        elif value.dim() == 1:
            value.add_(0.2 * torch.rand_like(value))
    for name, statistic in network.named_buffers():
        if name.endswith("running_mean"):
            statistic.add_(0.1 * torch.randn_like(statistic))
        elif name.endswith("running_var"):
            statistic.mul_(0.5 + torch.rand_like(statistic))
