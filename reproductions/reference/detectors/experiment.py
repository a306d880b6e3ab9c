"""Costs and sizes of detectors on one 1280x800 picture."""

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .backbones import Backbone, Involution
from .model import RetinaNet, TwoStage, regions

COUNTED = "mac:with-products"
PROPOSALS, MASKS = 1000, 100  # regions that get a class and a box, and a mask

DEEP = (3, 4, 23, 3)


def run(report: Reporter, seed: int) -> None:
    """Both papers' detectors on the meta device; involution against its definition."""
    with torch.device("meta"):
        for depth, counts in ((50, (3, 4, 6, 3)), (101, DEEP)):
            for masks, name in ((False, "faster"), (True, "mask")):
                measure(report, f"eca{depth}-{name}", TwoStage(Backbone("eca", counts), masks))
            measure(report, f"eca{depth}-retina", RetinaNet(Backbone("eca", counts)))
        for masks, name in ((False, "faster"), (True, "mask")):
            for neck, head in ((False, False), (True, False), (True, True)):
                where = "-head" if head else "-neck" if neck else ""
                detector = TwoStage(Backbone("rednet"), masks, neck, head)
                measure(report, f"rednet-{name}{where}", detector)
        for neck in (False, True):
            measure(
                report,
                f"rednet-retina{'-neck' if neck else ''}",
                RetinaNet(Backbone("rednet"), neck),
            )
    report_definition(report, seed)


def measure(report: Reporter, name: str, detector: TwoStage | RetinaNet) -> None:
    """Multiply-accumulates, printed as FLOPs, and trainable parameters."""
    image = torch.empty(1, 3, 800, 1280)
    given = [regions(PROPOSALS, 7), regions(MASKS, 14)] if isinstance(detector, TwoStage) else []
    macs, size = trace(detector.eval(), image, *given).under(COUNTED), parameter_count(detector)
    setting = f"{name}, 1280x800"
    report.measure(
        f"{name}-flops", macs, metric="flops", unit="1", setting=setting, convention=COUNTED
    )
    report.measure(
        f"{name}-params",
        size,
        metric="params",
        unit="1",
        setting=f"{setting}; stem and first stage are frozen",
        convention="params:trainable",
    )
    report.point("parameters against MACs", macs, size, label=name, series=name.split("-")[0])


@torch.no_grad()
def report_definition(report: Reporter, seed: int) -> None:
    """One output position by the definition: its kernel times its neighbourhood."""
    torch.manual_seed(seed)
    layer, x = Involution(32, 3).eval(), torch.randn(1, 32, 6, 6)
    out = layer(x)
    kernel = layer.span(layer.reduce(x))[0, :, 2, 3].view(2, 9)
    window = x[0, :, 1:4, 2:5].flatten(1).view(2, 16, 9)
    expected = (kernel.unsqueeze(1) * window).sum(-1).flatten()
    report.measure(
        "involution-by-definition",
        (out[0, :, 2, 3] - expected).abs().max().item(),
        metric="difference",
        unit="1",
        setting="one position of a 3x3 involution against its definition",
    )
