"""Costs of the released models, and that a patch is cut where the policy points."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from reproductions.protocol import Reporter
from reproductions.protocol.cost import Tally, trace

from .backbones import MobileNetV2, ResNet50
from .model import (
    AdaFocusTSM,
    AdaFocusV2,
    UniAdaFocus,
    UniAdaFocusTSM,
    UniAdaFocusX3D,
    patches,
)

COUNTED = "mac:conv-fc"

CLASSES = {
    "activitynet": 200,
    "fcvid": 239,
    "mini-kinetics": 200,
    "sthv1": 174,
    "sthv2": 174,
    "jester": 27,
}
Released = dict[str, tuple[int, ...]]

# Global network and the side it sees; data sets and patch sizes of the released models.
V2: dict[str, tuple[type[MobileNetV2] | type[ResNet50], int, Released]] = {
    "mobilenet": (MobileNetV2, 224, {"activitynet": (96, 128, 160), "fcvid": (128,)}),
    "resnet": (ResNet50, 96, {"activitynet": (96, 128, 160), "fcvid": (128,)}),
}
TSM = {"sthv1": (128, 144, 160, 176), "sthv2": (128, 144, 160, 176), "jester": (128, 176)}
UNI_TSM = {  # patch size, focused frames
    "sthv1": ((96, 8), (96, 12), (128, 12), (128, 16)),
    "sthv2": ((96, 8), (96, 12), (128, 12), (128, 16)),
    "jester": ((128, 12),),
}


def run(report: Reporter, seed: int) -> None:
    """All released models on the meta device, then a check of the cutting."""
    with torch.device("meta"):
        report_v2(report)
        report_tsm(report)
        report_uni(report)
        report_networks(report)
    report_cutting(report, seed)


def frames(count: int, side: int = 224) -> Tensor:
    """So many frames, or patches, of one video."""
    return torch.empty(count, 3, side, side)


def report_v2(report: Reporter) -> None:
    """16 frames of a video; the two global networks at three patch sizes."""
    for name, (network, glance, released) in V2.items():
        for data_set, sizes in (released | {"mini-kinetics": (128,)}).items():
            for patch in sizes:
                model = AdaFocusV2(network(), glance, patch, CLASSES[data_set]).eval()
                tally = whole_v2(model)
                measure(report, f"v2-{name}-{data_set}-{patch}", tally, "AdaFocusV2, 16 frames")
                if data_set == "activitynet":
                    macs = tally.under(COUNTED)
                    report.point("MACs against patch side", patch, macs, series=f"V2, {name}")


def whole_v2(model: AdaFocusV2) -> Tally:
    """The parts of a pass in turn; cutting a patch interpolates and multiplies no weights."""
    return together(
        (model.global_network, frames(16, model.glance)),
        (model.policy, torch.empty(16, model.global_network.WIDTH, *[model.glance // 32] * 2)),
        (model.local_network, frames(16, model.patch)),
        (model.classifiers, torch.empty(16, model.global_network.WIDTH + ResNet50.WIDTH)),
        (model.global_classifier, torch.empty(16, model.global_network.WIDTH)),
        (model.local_classifier, torch.empty(16, ResNet50.WIDTH)),
    )


def report_tsm(report: Reporter) -> None:
    """AdaFocusV2-TSM: 8 glanced frames, 12 focused."""
    for data_set, sizes in TSM.items():
        for patch in sizes:
            model = AdaFocusTSM(patch, CLASSES[data_set]).eval()
            tally = together(
                (model.global_network, frames(8)),
                (model.policy, torch.empty(8, MobileNetV2.WIDTH, 7, 7)),
                (model.local_network, frames(12, patch)),
                *((layer, torch.empty(8, MobileNetV2.WIDTH)) for layer in model.global_classifiers),
                *((layer, torch.empty(12, ResNet50.WIDTH)) for layer in model.local_classifiers),
            )
            measure(report, f"v2-tsm-{data_set}-{patch}", tally, "AdaFocusV2-TSM, 8 + 12 frames")
            if data_set == "sthv1":
                report.point(
                    "MACs against patch side", patch, tally.under(COUNTED), series="V2-TSM"
                )


def report_uni(report: Reporter) -> None:
    """Uni-AdaFocus alone, on TSM, and on X3D."""
    for data_set in ("activitynet", "fcvid", "mini-kinetics"):
        network = UniAdaFocus(128, CLASSES[data_set]).eval()
        tally = trace(network, frames(16), frames(16, 128))
        measure(report, f"uni-{data_set}-128", tally, "Uni-AdaFocus, 16 + 16 frames")
    for data_set, released in UNI_TSM.items():
        shifted = UniAdaFocusTSM(CLASSES[data_set]).eval()
        for patch, focused in released:
            tally = trace(shifted, frames(8), frames(focused, patch))
            name = f"uni-tsm-{data_set}-{patch}-{focused}"
            measure(report, name, tally, f"Uni-AdaFocus-TSM, 8 + {focused} frames")
    clips = torch.empty(1, 3, 16, 160, 160), torch.empty(1, 3, 32, 128, 128)
    macs = trace(UniAdaFocusX3D().eval(), *clips).under(COUNTED)
    for views in (1, 3):
        report.measure(
            f"uni-x3d-{views}-views",
            macs / 1e9,
            metric="flops",
            unit="G x views",
            setting="Uni-AdaFocus-X3D, 16 + 32 frames, one view",
            convention=COUNTED,
        )


def report_networks(report: Reporter) -> None:
    """What a frame costs in each part, which is where the savings of a patch come from."""
    parts: dict[str, tuple[Callable[..., object], Tensor]] = {
        "glance at a frame, MobileNetV2": (MobileNetV2().eval(), frames(1)),
        "look at a frame, ResNet-50": (ResNet50().eval(), frames(1)),
        "look at a patch of 128, ResNet-50": (ResNet50().eval(), frames(1, 128)),
    }
    for name, (part, image) in parts.items():
        report.log(f"{name}: {trace(part, image).under(COUNTED) / 1e9:.4f} G")
    model = AdaFocusV2(MobileNetV2(), 224, 128, 200).eval()
    whole = whole_v2(model).under(COUNTED)
    policy = trace(model.policy, torch.empty(16, MobileNetV2.WIDTH, 7, 7)).under(COUNTED)
    report.measure(
        "policy-share",
        100 * policy / whole,
        metric="cost",
        unit="% of the whole",
        setting="AdaFocusV2, MobileNetV2 and ResNet-50, patch 128: the policy alone",
    )
    dense = 16 * trace(ResNet50().eval(), frames(1)).under(COUNTED)
    report.measure(
        "dense-ratio",
        dense / whole,
        metric="ratio",
        unit="x",
        setting="ResNet-50 on 16 whole frames against AdaFocusV2 with patches of 128",
    )


def together(*calls: tuple[nn.Module, Tensor]) -> Tally:
    """One tally over several calls."""
    total = Tally()
    for module, given in calls:
        total.counts.update(trace(module, given).counts)
    return total


def measure(report: Reporter, name: str, tally: Tally, setting: str) -> None:
    """Multiply-accumulates of a whole video; the papers print them as FLOPs."""
    report.measure(
        name,
        tally.under(COUNTED),
        metric="flops",
        unit="1",
        setting=f"{setting}, {name}",
        convention=COUNTED,
    )


def report_cutting(report: Reporter, seed: int) -> None:
    """A corner on a pixel gives the pixels themselves; between pixels, their mean."""
    torch.manual_seed(seed)
    image = torch.randn(2, 3, 33, 33, dtype=torch.float64)
    cut = patches(image, torch.tensor([[0.25, 0.5], [1.0, 0.0]], dtype=torch.float64), 17)
    expected = torch.stack([image[0, :, 8:25, 4:21], image[1, :, :17, 16:]])
    report.measure(
        "cut-or-copied",
        (cut - expected).abs().max().item(),
        metric="difference",
        unit="1",
        setting="largest difference between a patch cut bilinearly and the pixels there",
    )
    corner = torch.full((1, 2), 0.5, dtype=torch.float64, requires_grad=True)
    patches(image[:1], corner, 17).square().sum().backward()
    gradient = corner.grad
    report.measure(
        "gradient-of-the-corner",
        0.0 if gradient is None else gradient.abs().min().item(),
        metric="gradient",
        unit="1",
        setting="smaller of the two parts of the gradient that reaches the corner",
    )
