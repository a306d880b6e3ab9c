"""Cost against the share of tokens kept, and what dropping them costs on digits."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .model import (
    LV_VIT_M,
    LV_VIT_S,
    VIT_LARGE,
    KeepAttended,
    KeepRandom,
    MergeSimilar,
    Shape,
    VisionTransformer,
    deit,
    dynamic_vit,
    evit,
    tome,
)

COUNTED = "mac:with-products"
TINY = Shape(8, 2, 32, 4, 2, classes=10, colours=1)  # 16 patches of 2x2 pixels


def run(report: Reporter, scale: str, seed: int, device: str) -> None:
    """exact: costs.  smoke, toy: digits."""
    if scale == "exact":
        report_costs(report)
    else:
        reduce_on_digits(report, steps=20 if scale == "smoke" else 200, seed=seed, device=device)


# --- costs ---------------------------------------------------------------------------------------


def report_costs(report: Reporter) -> None:
    """Every network of the four papers, one image each."""
    with torch.device("meta"):
        for name, shape in (("deit-s", deit(384)), ("deit-b", deit(768)), ("vit-l", VIT_LARGE)):
            report_network(report, name, shape, VisionTransformer(shape))
            if name != "vit-l":
                report_as_fvcore(report, name, shape)
        for name, shape in (("lv-vit-s", LV_VIT_S), ("lv-vit-m", LV_VIT_M)):
            report_network(report, name, shape, VisionTransformer(shape))
        for name, shape, rhos in (
            ("deit-256", Shape(224, 16, 256, 12, 4), (0.7,)),
            ("deit-s", deit(384), (0.9, 0.8, 0.7)),
            ("deit-b", deit(768), (0.7,)),
            ("deit-s-384px", deit(384, 384), (0.7, 0.5)),
            ("lv-vit-s", LV_VIT_S, (0.7, 0.5)),
            ("lv-vit-m", LV_VIT_M, (0.8, 0.7)),
        ):
            for rho in rhos:
                network = dynamic_vit(shape, rho)
                report_network(report, f"dynamicvit-{name}-{rho}", shape, network, rho)
                if name == "deit-b":  # the paper and the repository print different numbers
                    report_network(report, f"dynamicvit-{name}-{rho}-paper", shape, network)
        report_network(
            report, "dynamicvit-deit-s-baseline", deit(384), VisionTransformer(deit(384))
        )
        for rate in (0.9, 0.8, 0.7, 0.6, 0.5):
            for fuse in (True, False):
                name = f"evit-{rate}-{'fused' if fuse else 'dropped'}"
                report_network(report, name, deit(384), evit(deit(384), rate, fuse), rate)
        report_network(report, "tome-deit-s-13", deit(384), tome(deit(384), 13))
        report_network(report, "tome-vit-l-8", VIT_LARGE, tome(VIT_LARGE, 8))
        for name, shape in (("t", deit(192)), ("s", deit(384))):
            report_halting_bounds(report, name, shape)


def report_network(
    report: Reporter, name: str, shape: Shape, network: nn.Module, kept: float | None = None
) -> None:
    """Parameters and multiply-accumulates; `kept` is the abscissa of the plot, if there is one."""
    image = torch.empty(1, shape.colours, shape.image, shape.image)
    macs = trace(network.eval(), image).under(COUNTED)
    _measure(report, f"{name}-macs", "macs", macs, name, COUNTED)
    _measure(report, f"{name}-params", "params", parameter_count(network), name)
    if kept is not None:
        family = name.rsplit(f"-{kept}", 1)[0]
        report.point("MACs against share of tokens kept", kept, macs, label=name, series=family)


def report_as_fvcore(report: Reporter, name: str, shape: Shape) -> None:
    """The same forward pass as the counter of fvcore sees it."""
    image = torch.empty(1, 3, shape.image, shape.image)
    counted = "mac:fvcore"
    macs = trace(VisionTransformer(shape).eval(), image).under(counted)
    _measure(report, f"{name}-fvcore-macs", "macs", macs, name, counted)


def report_halting_bounds(report: Reporter, name: str, shape: Shape) -> None:
    """A-ViT halts each token at some layer: between all after the first one and none at all.

    The halting score is an existing channel, so there is no further parameter.
    """
    image = torch.empty(1, 3, shape.image, shape.image)
    whole = VisionTransformer(shape).eval()
    upper = trace(whole, image).under(COUNTED)
    one = VisionTransformer(Shape(shape.image, shape.patch, shape.width, 1, shape.heads)).eval()
    lower = trace(one, image).under(COUNTED)
    _measure(report, f"avit-{name}-params", "params", parameter_count(whole), f"A-ViT-{name}")
    _measure(report, f"avit-{name}-none-halts", "macs", upper, f"A-ViT-{name}, dense", COUNTED)
    _measure(
        report, f"avit-{name}-all-halt", "macs", lower, f"A-ViT-{name}, one layer only", COUNTED
    )


def _measure(
    report: Reporter,
    id: str,
    metric: str,
    value: int,
    setting: str,
    convention: str = "params:trainable",
) -> None:
    report.measure(id, value, metric=metric, unit="1", setting=setting, convention=convention)


# --- digits --------------------------------------------------------------------------------------


def digits(seed: int, device: str) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and test images (n, 1, 8, 8) in -1..1 and labels (n,); 70 to 30 by chance."""
    from sklearn.datasets import load_digits  # a real data set that needs no download

    pixels, labels = load_digits(return_X_y=True)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    x = torch.tensor(pixels, dtype=torch.float32)[order].view(-1, 1, 8, 8).to(device) / 8 - 1
    y = torch.tensor(labels)[order].to(device)
    cut = int(0.7 * len(y))
    return x[:cut], y[:cut], x[cut:], y[cut:]


def reduce_on_digits(report: Reporter, steps: int, seed: int, device: str) -> None:
    """Train without reduction, then drop or merge without further training."""
    x, y, x_test, y_test = digits(seed, device)
    torch.manual_seed(seed)
    network = VisionTransformer(TINY).to(device)
    optimiser = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.05)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
    for step in range(steps):
        batch = torch.randint(len(y), (64,), device=device)
        loss = F.cross_entropy(network(x[batch]), y[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 50 == 0:
            report.progress(step, steps, f"training, loss {loss.item():.3f}")
    dense = report_reduced(report, network, "dense", None, 1.0, x_test, y_test)
    for rate in (0.9, 0.8, 0.7, 0.6, 0.5):
        for name, reducer in (
            ("attended", KeepAttended(rate, fuse=False)),
            ("attended and fused", KeepAttended(rate, fuse=True)),
            ("random", KeepRandom(rate)),
        ):
            found = report_reduced(report, network, name, reducer, rate, x_test, y_test)
            if rate == 0.5 and name == "attended":
                attended = found
            elif rate == 0.5 and name == "random":
                by_chance = found
    for count in (1, 2, 3, 4):
        found = report_reduced(
            report, network, "merged", MergeSimilar(count), float(count), x_test, y_test
        )
        if count == 2:
            merged = found
    for id, value, setting in (
        ("digits-attended-over-random", attended - by_chance, "keep half: attended minus random"),
        ("digits-loss-by-merging", dense - merged, "dense minus two tokens merged per layer"),
    ):
        report.measure(
            id, value, metric="accuracy_gap", unit="points", setting=f"digits, {setting}"
        )


@torch.no_grad()
def report_reduced(
    report: Reporter,
    network: VisionTransformer,
    name: str,
    reducer: nn.Module | None,
    amount: float,
    x: Tensor,
    y: Tensor,
) -> float:
    """Accuracy in percent with this reducer in every block but the first, and its cost.

    The mean of ten draws when the reducer drops by chance.
    """
    network.eval().reduce_by(reducer)
    draws = 10 if isinstance(reducer, KeepRandom) else 1
    hits = sum((network(x).argmax(1) == y).double().mean().item() for _ in range(draws))
    accuracy = 100 * hits / draws
    macs = trace(network, x[:1]).under(COUNTED)
    network.reduce_by(None)
    report.point("accuracy against MACs on digits", macs, accuracy, series=name, label=f"{amount}")
    return accuracy
