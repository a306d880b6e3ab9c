"""Costs of whole vision transformers and of those that keep attentive tokens."""

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import VisionTransformer, keep

COUNTED = "mac:with-products"
SMALL, BASE = (384, 6), (768, 12)  # width, heads of DeiT-S and DeiT-B, ViT-B

RATES = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7)


def run(report: Reporter, seed: int) -> None:
    """Networks on the meta device, then the choice of tokens on random ones."""
    with torch.device("meta"):
        for rate in RATES:
            macs = cost(VisionTransformer(*SMALL, rate))
            measure(report, f"kept-{rate}", macs, f"DeiT-S, keep rate {rate}")
            report.point("MACs against keep rate", rate, macs, label="DeiT-S")
        measure(
            report, "evit-0.7", cost(VisionTransformer(*SMALL, 0.7)), "DeiT-S, EViT, keep rate 0.7"
        )
        for name, shape in (("deit-s", SMALL), ("deit-b", BASE)):
            macs = cost(VisionTransformer(*shape))
            for table in ("frequency", "shift"):
                measure(report, f"{name}-{table}", macs, f"{name}, all tokens")
        tuned = {
            "full": VisionTransformer(*BASE, classes=100),
            "lora": VisionTransformer(*BASE, classes=100),  # merged into the weights
            "adaptformer": VisionTransformer(*BASE, adapter=8, classes=100),
        }
        for name, network in tuned.items():
            measure(report, f"tuned-{name}", cost(network), f"ViT-B/16 for VTAB-1k, {name}")
    report_keeping(report, seed)


def cost(network: VisionTransformer) -> int:
    """Multiply-accumulates of a 224x224 image, both products of attention included."""
    return trace(network.eval(), torch.empty(1, 3, 224, 224)).under(COUNTED)


def measure(report: Reporter, name: str, macs: int, setting: str) -> None:
    """A cost; under flops or macs, as the ledger has it."""
    metric = "macs" if name.startswith(("kept", "evit")) or "frequency" in name else "flops"
    report.measure(
        name, macs, metric=metric, unit="1", setting=f"{setting}, 224x224", convention=COUNTED
    )


def report_keeping(report: Reporter, seed: int) -> None:
    """What is kept is what was attended to most, and nothing that was attended to is lost."""
    torch.manual_seed(seed)
    x, attention = torch.randn(3, 11, 4), torch.rand(3, 10).softmax(-1)
    kept = keep(x, attention, 4)
    whole = (attention.unsqueeze(-1) * x[:, 1:]).sum(1)
    largest = attention.topk(4).values.unsqueeze(-1)
    together = kept[:, 5] + (largest * kept[:, 1:5]).sum(1)
    report.measure(
        "nothing-lost",
        (together - whole).abs().max().item(),
        metric="difference",
        unit="1",
        setting="attention times kept tokens, plus the fused one, against all tokens",
    )
