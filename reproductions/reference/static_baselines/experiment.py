"""Costs and sizes of static networks and of ECA on small ones, by the table they stand in."""

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .model import ConvNeXt, DualPathNetwork, MobileNetV2, ResNet

MACS, THOP, SIZE = "mac:conv-fc", "mac:thop", "params:trainable"


def run(report: Reporter, seed: int) -> None:
    """All on the meta device; the seed is not used."""
    with torch.device("meta"):
        image = torch.empty(1, 3, 224, 224)
        networks = {
            "resnet-18": ResNet((2, 2, 2, 2), deep=False),
            "resnet-34": ResNet((3, 4, 6, 3), deep=False),
            "resnet-50": ResNet((3, 4, 6, 3), deep=True),
            "convnext-t": ConvNeXt(),
            "mobilenetv2-1.0x": MobileNetV2(),
            "mobilenetv2-0.5x": MobileNetV2(0.5),
            "dpn-92": DualPathNetwork(64, 96, 32, (3, 4, 20, 3), (16, 32, 24, 128)),
            "dpn-98": DualPathNetwork(96, 160, 40, (3, 6, 20, 3), (16, 32, 32, 128)),
            "eca-resnet-18": ResNet((2, 2, 2, 2), deep=False, attention=True),
            "eca-resnet-34": ResNet((3, 4, 6, 3), deep=False, attention=True),
            "eca-mobilenetv2": MobileNetV2(attention=True),
        }
        for name, network in networks.items():
            tally, size = trace(network.eval(), image), parameter_count(network)
            setting = f"{name}, 224x224"
            in_table = name.startswith("eca")
            report.measure(
                f"{name}-params",
                size / 2**20 if in_table else size,
                metric="params",
                unit="Mi (2^20)" if in_table else "1",
                setting=setting,
                convention=SIZE,
            )
            report.point("parameters against MACs", tally.under(MACS), size, label=name)
            if in_table:
                power = 20 if "mobile" in name else 30
                report.measure(
                    f"{name}-flops",
                    tally.under(THOP) / 2**power,
                    metric="flops",
                    unit=f"{'Mi' if power == 20 else 'Gi'} (2^{power}), thop",
                    setting=setting,
                    convention=THOP,
                )
            else:
                metric = "flops" if name in ("resnet-34", "resnet-50") else "macs"
                report.measure(
                    f"{name}-{metric}",
                    tally.under(MACS),
                    metric=metric,
                    unit="1",
                    setting=setting,
                    convention=MACS,
                )
