"""Cost of the 14 sub-networks, and that choosing per image changes nothing but the width."""

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import CHOICES, DSMobileNet, widths

COUNTED = "mac:conv-fc"


def run(report: Reporter, seed: int) -> None:
    """All sub-networks on the meta device, then the gate on random images."""
    with torch.device("meta"):
        network, image = DSMobileNet().eval(), torch.empty(1, 3, 224, 224)
        for choice in range(CHOICES):
            macs = trace(network.run, image, choice).under(COUNTED)
            report.measure(
                f"sub-network-{choice}",
                macs,
                metric="macs",
                unit="1",
                setting=f"DS-MBNet, sub-network {choice}, 224x224, without gate",
                convention=COUNTED,
            )
            report.point("MACs of the sub-networks", widths(choice)["5"], macs, label=str(choice))
        gate = trace(network.gate, torch.empty(1, 96, 28, 28)).under(COUNTED)
        report.measure(
            "gate-share",
            100 * gate / trace(network.run, image, 0).under(COUNTED),
            metric="cost",
            unit="% of the smallest sub-network",
            setting="DS-MBNet, the gate itself",
        )
    report_routing(report, seed)


@torch.no_grad()
def report_routing(report: Reporter, seed: int) -> None:
    """A batch through the gate equals each image alone through the sub-network it was given."""
    torch.manual_seed(seed)
    network = DSMobileNet(classes=10).eval()
    images = torch.randn(6, 3, 64, 64) * torch.linspace(0.2, 3, 6).view(-1, 1, 1, 1)
    _, scores = network.gate(network.narrow(images))
    network.gate.slimming.bias.sub_(scores.mean(0))  # an untrained gate would choose alike for all
    together, chosen = network(images)
    attended, _ = network.gate(network.narrow(images))
    alone = torch.cat(
        [
            network.wide(attended[index : index + 1], choice)
            for index, choice in enumerate(chosen.tolist())
        ]
    )
    report.measure(
        "routed-or-alone",
        (together - alone).abs().max().item(),
        metric="difference",
        unit="1",
        setting="largest difference between a routed batch and each image alone",
    )
    report.measure(
        "routed-choices",
        len(chosen.unique()),
        metric="choices",
        unit="1",
        setting="different sub-networks chosen in that batch of six",
    )
