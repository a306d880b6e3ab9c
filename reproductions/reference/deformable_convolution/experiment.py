"""Deformable convolution: that it is what its equations say, what it costs, what it learns.

`exact` holds the layer against its equations, written as loops, and counts what it adds to the
networks of the papers.  `reduced` trains four small networks on the same scenes of MNIST digits:
regular convolutions, the same with dilation 2, deformable and modulated deformable ones.  The
first two are as large as the third.
"""

import argparse
import itertools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.datasets import Images, Split, mnist
from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count

from . import costs, scenes
from .model import DeformableConv2d, Network, deformable, effective_dilation, plain

BETWEEN, AS_LARGE = 16, 28
"""Channels from the first deformable layer to the second, and of plain layers that make up for
what the fields of offsets have."""

STRIDE = 4  # pixels of a scene from one of their filters to the next
AT_ONCE = 500  # test scenes in one forward pass
SIZES, RANGES = ("small", "medium", "large"), 9  # of the digit's scale
DCN = "deformable"


@dataclass(frozen=True)
class Recipe:
    """How long, and on how many digits; `rate`: of Adam's first update, falling evenly to 0."""

    iterations: int
    batch: int = 64
    rate: float = 3e-3
    digits: int | None = None


RECIPES = {
    "smoke": Recipe(iterations=4, digits=200),
    "reduced": Recipe(iterations=2000),
}


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed at one scale."""
    if args.scale == "exact":
        report_equations(report, args.seed)
        report_costs(report)
    else:
        report_training(report, RECIPES[args.scale], mnist(args.data), args.seed)


# --- what the equations say ---


@torch.no_grad()
def report_equations(report: Reporter, seed: int) -> None:
    """The layer against plain convolution, against shifts, against loops, and its gradient."""
    torch.manual_seed(seed)
    x = torch.randn(2, 4, 7, 6, dtype=torch.double)
    layer, modulated = (
        DeformableConv2d(4, 3, dilation=2, modulated=modulated).double()
        for modulated in (False, True)
    )
    regular = F.conv2d(x, layer.weight, padding=2, dilation=2)
    difference(report, "begins-as-convolution", layer(x) - regular, "new layer, plain convolution")
    half = F.conv2d(x, modulated.weight, padding=2, dilation=2) / 2
    difference(report, "begins-as-half", modulated(x) - half, "new modulated layer, half of it")

    _biases(layer).copy_(torch.tensor([1.0, -2.0]).repeat(layer.samples))
    around = F.conv2d(x, layer.weight, padding=4, dilation=2)  # from place (-2, -2) on
    shifted = around[:, :, 3 : 3 + x.shape[2], : x.shape[3]]  # from place (1, -2) on
    difference(report, "whole-offsets-shift", layer(x) - shifted, "offsets (1, -2), plain shifted")

    for each, id in ((layer, "as-loops"), (modulated, "modulated-as-loops")):
        nn.init.normal_(each.fields.weight, std=0.3)
        nn.init.normal_(_biases(each))
        difference(report, id, each(x) - by_loops(each, x), "layer, its equations as loops")
    difference(report, "gradient", gradient_error(modulated, x), "autograd, finite differences")


def _biases(layer: DeformableConv2d) -> Tensor:
    """Of the fields, each for all places."""
    if layer.fields.bias is None:
        raise ValueError("fields of offsets have a bias each")
    return layer.fields.bias


def difference(report: Reporter, id: str, off: Tensor, between: str) -> None:
    """Measure the largest difference."""
    report.measure(
        id, off.abs().max().item(), metric="difference", unit="1", setting=f"float64: {between}"
    )


def by_loops(layer: DeformableConv2d, x: Tensor) -> Tensor:
    """Equations (2) to (4), and (1) of Zhu et al., one place, sample and pixel after another."""
    offsets, modulation = layer.predicted(x)
    batch, _, height, width = x.shape
    y = x.new_zeros(batch, layer.out_channels, height, width)
    grid, weight = layer.regular_grid(), layer.weight.flatten(2)
    for image, n, row, column in itertools.product(
        range(batch), range(layer.samples), range(height), range(width)
    ):
        p_y, p_x = torch.tensor([row, column]) + grid[n] + offsets[image, n, row, column]
        for q_y, q_x in itertools.product(range(height), range(width)):
            near = _g(q_y, p_y.item()) * _g(q_x, p_x.item())  # G(q, p), equation (4)
            if near > 0:
                seen = near * x[image, :, q_y, q_x] * modulation[image, n, row, column]
                y[image, :, row, column] += weight[:, :, n] @ seen
    return y


def _g(a: float, b: float) -> float:
    return max(0.0, 1 - abs(a - b))


def gradient_error(layer: DeformableConv2d, x: Tensor, step: float = 1e-6) -> Tensor:
    """Of the gradient by the offsets' biases, against central differences; (fields,)."""
    bias = _biases(layer)
    direction = torch.randn_like(layer(x))
    with torch.enable_grad():
        (by_autograd,) = torch.autograd.grad((layer(x) * direction).sum(), bias)
    steps = torch.eye(len(bias), dtype=bias.dtype) * step
    start, ends = bias.clone(), []
    for change in torch.cat((steps, -steps)):
        bias.copy_(start + change)
        ends.append((layer(x) * direction).sum())
    bias.copy_(start)
    up, down = torch.stack(ends).chunk(2)
    return ((up - down) / (2 * step) - by_autograd) / by_autograd.abs().max()


# --- what it costs ---


def report_costs(report: Reporter) -> None:
    """Parameters and multiply-accumulates of the papers' networks, with and without."""
    plain101 = costs.of(101)
    for layers in (1, 2, 3, 6):
        whole = costs.of(101, layers)
        report.point(
            "parameters added against deformable layers",
            layers,
            100 * (whole.params - plain101.params) / plain101.params,
            series="ResNet-101",
            label=f"{layers}",
        )
        if layers == 3:
            report_added(report, "dcn-resnet101", plain101, whole, "ResNet-101, last 3 layers")
    stages = (3, 4, 5)
    layers, plain50 = costs.layers_of(50, *stages), costs.of(50)
    report.measure(
        "dcnv2-layers",
        layers,
        metric="layers",
        unit="1",
        setting="3x3 convolutions in stages conv3 to conv5 of ResNet-50",
    )
    whole = costs.of(50, layers, modulated=True)
    report_added(report, "dcnv2-resnet50", plain50, whole, "ResNet-50, conv3 to conv5, modulated")


def report_added(
    report: Reporter, id: str, without: costs.Cost, whole: costs.Cost, network: str
) -> None:
    """What the fields of offsets and the sampler add to a network's body on 224x224 pixels."""
    report.measure(
        f"{id}-params",
        whole.params - without.params,
        metric="params",
        unit="1",
        setting=f"{network}: added to {without.params}",
        convention="params:trainable",
    )
    added = whole.macs - without.macs + whole.sampling
    report.measure(
        f"{id}-macs",
        100 * added / without.macs,
        metric="cost_share",
        unit="%",
        setting=f"{network}: added to {without.macs}, {whole.sampling} products of the sampler "
        "included",
    )


# --- what it learns ---


def report_training(report: Reporter, recipe: Recipe, split: Split, seed: int) -> None:
    """Train all networks side by side, then compare them on the same test scenes."""
    digits = Images(
        torch.cat([split.train.x, split.validation.x])[: recipe.digits],
        torch.cat([split.train.y, split.validation.y])[: recipe.digits],
    )
    torch.manual_seed(seed)
    networks = {
        "plain": plain(AS_LARGE),
        "dilated": plain(AS_LARGE, dilation=2),
        DCN: deformable(BETWEEN),
        "modulated": deformable(BETWEEN, modulated=True),
    }
    for name, network in networks.items():
        report.log(f"{name}: {parameter_count(network)} parameters")
    train(report, networks, digits, recipe, torch.Generator().manual_seed(seed + 1))
    seen = scenes.drawn(split.test.x, torch.Generator().manual_seed(seed))
    report_errors(report, networks, seen, split.test.y)
    for name in (DCN, "modulated"):
        report_dilation(report, name, networks[name], seen)


def train(
    report: Reporter,
    networks: dict[str, Network],
    digits: Images,
    recipe: Recipe,
    noise: torch.Generator,
) -> None:
    """Adam, all networks on the same batches; each scene is drawn anew."""
    together = nn.ModuleList(networks.values()).train()
    optimiser = torch.optim.Adam(together.parameters(), lr=recipe.rate, fused=True)
    pace = torch.optim.lr_scheduler.LinearLR(optimiser, 1.0, 0.0, total_iters=recipe.iterations)
    shown = max(1, recipe.iterations // 20)
    sums = torch.zeros(len(networks))
    for iteration in range(1, recipe.iterations + 1):
        chosen = torch.randint(len(digits), (recipe.batch,), generator=noise)
        images = scenes.drawn(digits.x[chosen], noise).images
        labels = digits.y[chosen]
        losses = torch.stack([F.cross_entropy(network(images), labels) for network in together])
        optimiser.zero_grad()
        losses.sum().backward()  # they share nothing: each gets the gradient of its own loss
        optimiser.step()
        pace.step()
        sums += losses.detach()
        if iteration % shown == 0:
            for name, total in zip(networks, sums.tolist(), strict=True):
                curve = "training loss against iterations"
                report.point(curve, iteration, total / shown, series=name, seed=report.seed)
            sums.zero_()
            report.progress(iteration, recipe.iterations, "training")
    together.eval()


def report_errors(
    report: Reporter, networks: dict[str, Network], seen: scenes.Scenes, labels: Tensor
) -> None:
    """Errors, what deformation gains, and what is left without the learned offsets."""
    wrong = {name: answers(network, seen) != labels for name, network in networks.items()}
    without = without_offsets(networks[DCN])
    wrong["offsets at 0"] = answers(without, seen) != labels
    for name, each in wrong.items():
        share = each.float().mean().item()
        report.measure(
            f"error-{name.replace(' ', '-')}",
            100 * share,
            metric="error",
            unit="%",
            setting=f"scenes of MNIST digits, {name}",
            standard_error=100 * math.sqrt(share * (1 - share) / len(labels)),
        )
    error = {name: 100 * each.float().mean().item() for name, each in wrong.items()}
    for id, more, less in (
        ("gain", "plain", DCN),
        ("gain-over-dilated", "dilated", DCN),
        ("gain-of-modulation", DCN, "modulated"),
        ("needs-offsets", "offsets at 0", DCN),
    ):
        report.measure(
            id,
            error[more] - error[less],
            metric="error_difference",
            unit="%",
            setting=f"scenes of MNIST digits: {more} less {less}",
        )
    curve = "test error against scale of the digit"
    for scale, chosen in ranges(seen):
        for name in networks:
            error_there = 100 * wrong[name][chosen].float().mean().item()
            report.point(curve, scale, error_there, series=name, seed=report.seed)


@torch.no_grad()
def answers(network: nn.Module, seen: scenes.Scenes) -> Tensor:
    """The class that a network sees in each scene; (n,)."""
    return torch.cat([network(part).argmax(dim=1) for part in seen.images.split(AT_ONCE)])


def without_offsets(network: Network) -> nn.Module:
    """A copy whose filters have become regular ones; its weights are those that were trained."""
    return nn.Sequential(*(_regular(part) for part in network))


def _regular(part: nn.Module) -> nn.Module:
    if not isinstance(part, DeformableConv2d):
        return part
    regular = nn.Conv2d(part.in_channels, part.out_channels, 3, padding=1, bias=False)
    regular.weight = part.weight
    return regular


def size_of(seen: scenes.Scenes) -> Tensor:
    """0 for the smallest third of the scales that are drawn, 2 for the largest; (n,)."""
    share = (seen.scale - scenes.SMALLEST) / (scenes.LARGEST - scenes.SMALLEST)
    return (len(SIZES) * share).long().clamp(0, len(SIZES) - 1)


def ranges(seen: scenes.Scenes) -> Iterator[tuple[float, Tensor]]:
    """The middle of each of nine ranges of the digit's scale, and which scenes lie in it; (n,)."""
    step = (scenes.LARGEST - scenes.SMALLEST) / RANGES
    for number in range(RANGES):
        low = scenes.SMALLEST + number * step
        chosen = (seen.scale >= low) & (seen.scale < low + step)
        if chosen.any():
            yield low + step / 2, chosen


def report_dilation(report: Reporter, name: str, network: Network, seen: scenes.Scenes) -> None:
    """Mean effective dilation of filters on digits by their size, and of those beside them."""
    on_digit, sizes = scenes.on_digit(seen.digits, STRIDE), size_of(seen)
    for layer, found in enumerate(dilations(network, seen), start=1):
        means = {
            size: found[on_digit & (sizes == number)[:, None, None]].mean().item()
            for number, size in enumerate(SIZES)
        }
        means["background"] = found[~on_digit].mean().item()
        for where, mean in means.items():
            report.measure(
                f"dilation-{name}-{layer}-{where}",
                mean,
                metric="effective_dilation",
                unit="1",
                setting=f"{name}, layer {layer}, {where}",
            )
        report.measure(
            f"dilation-{name}-{layer}-follows-size",
            means["large"] / means["small"],
            metric="ratio",
            unit="x",
            setting=f"{name}, layer {layer}: effective dilation on large digits over small ones",
        )
        report.measure(
            f"dilation-{name}-{layer}-background-between",
            min(means["large"] - means["background"], means["background"] - means["medium"]),
            metric="difference",
            unit="1",
            setting=f"{name}, layer {layer}: how far background lies within medium and large",
        )
        curve = f"effective dilation against scale of the digit, {name}"
        for scale, chosen in ranges(seen):
            for where, there in (("on it", on_digit), ("beside it", ~on_digit)):
                filters = found[chosen][there[chosen]]
                if len(filters):
                    series, mean = f"layer {layer}, {where}", filters.mean().item()
                    report.point(curve, scale, mean, series=series, seed=report.seed)


@torch.no_grad()
def dilations(network: Network, seen: scenes.Scenes) -> list[Tensor]:
    """Effective dilation of every filter of each deformable layer; (n, h, w) each."""
    found: list[list[Tensor]] = []
    for part in seen.images.split(AT_ONCE):
        x, of_part = part, []
        for layer in network:
            if isinstance(layer, DeformableConv2d):
                of_part.append(effective_dilation(layer.places(layer.predicted(x)[0])))
            x = layer(x)
        found.append(of_part)
    return [torch.cat(each) for each in zip(*found, strict=True)]
