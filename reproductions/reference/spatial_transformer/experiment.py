"""Train the fully connected rows of Table 1 (left) on digits distorted as in Appendix A.4.

Three networks of as many parameters see the same images in the same order: FCN, ST-FCN with affine
transformations, and ST-FCN held at the identity, which has its layers but transforms nothing.
Training digits are distorted anew each time; the 10 000 test digits are distorted once per seed
and looked at once per network, after training.
"""

import argparse
import math
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.datasets import Images, mnist
from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .distortion import DISTORTIONS, Distortion, Pose, distorted, drawn
from .model import CLASSES, FCN, STFCN, angle_of, parameters, zoom_of

PARTS = 3  # of the training in the paper, each with a tenth of the rate before
AT_ONCE = 1000  # test images in one forward pass

GRID_PRODUCTS, SAMPLER_PRODUCTS = 4, 8
"""Of a pixel: A_theta times (x, y, 1); four neighbours' weights, and each times its pixel."""


@dataclass(frozen=True)
class Recipe:
    """How long and how fast.  `linear`: the rate falls to 0 evenly, else in the paper's steps."""

    iterations: int
    batch: int
    rate: float
    momentum: float
    linear: bool
    digits: int | None = None


RECIPES = {
    "smoke": Recipe(iterations=6, batch=256, rate=0.03, momentum=0.9, linear=True, digits=300),
    "reduced": Recipe(iterations=6000, batch=256, rate=0.03, momentum=0.9, linear=True),
    "full": Recipe(iterations=150_000, batch=256, rate=0.01, momentum=0.0, linear=False),
}


@dataclass(frozen=True)
class Networks:
    """Trained side by side; they share nothing but the images."""

    fcn: FCN
    st: STFCN
    held: STFCN

    @property
    def named(self) -> tuple[tuple[str, nn.Module], ...]:
        """With the names of the table's rows."""
        return (
            ("FCN", self.fcn),
            ("ST-FCN Aff", self.st),
            ("ST-FCN at the identity", self.held),
        )


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: both distortions."""
    recipe = RECIPES[args.scale]
    split = mnist(args.data)
    digits = Images(
        torch.cat([split.train.x, split.validation.x])[: recipe.digits],
        torch.cat([split.train.y, split.validation.y])[: recipe.digits],
    )
    for distortion in DISTORTIONS:
        torch.manual_seed(args.seed)
        networks = Networks(FCN(distortion), STFCN(distortion), STFCN(distortion, transforms=False))
        for name, network in networks.named:
            report.log(f"{distortion.name}, {name}: {parameters(network)} parameters")
        noise = torch.Generator().manual_seed(args.seed + 1)
        train(args, report, networks, distortion, digits, recipe, noise)
        pose = drawn(distortion, len(split.test), torch.Generator().manual_seed(args.seed))
        conclude(report, networks, distortion, split.test, pose, args.seed)


def train(
    args: argparse.Namespace,
    report: Reporter,
    networks: Networks,
    distortion: Distortion,
    digits: Images,
    recipe: Recipe,
    noise: torch.Generator,
) -> None:
    """Stochastic gradient descent, all networks on the same batches."""
    together = nn.ModuleList(network for _, network in networks.named).to(args.device).train()
    optimiser = torch.optim.SGD(
        together.parameters(), lr=recipe.rate, momentum=recipe.momentum, fused=True
    )
    updates, steps = recipe.iterations, torch.optim.lr_scheduler
    pace = (
        steps.LinearLR(optimiser, 1.0, 0.0, total_iters=updates)
        if recipe.linear
        else steps.StepLR(optimiser, step_size=updates // PARTS, gamma=0.1)
    )
    shown = max(1, recipe.iterations // 18)
    sums = torch.zeros(len(together))
    for iteration in range(1, recipe.iterations + 1):
        chosen = torch.randint(len(digits), (recipe.batch,), generator=noise)
        images = distorted(digits.x[chosen], distortion, drawn(distortion, recipe.batch, noise))
        images, labels = images.to(args.device), digits.y[chosen].to(args.device)
        losses = torch.stack([F.cross_entropy(network(images), labels) for network in together])
        optimiser.zero_grad()
        losses.sum().backward()  # they share nothing: each gets the gradient of its own loss
        optimiser.step()
        pace.step()
        sums += losses.detach().cpu()
        if iteration % shown == 0:
            for (name, _), total in zip(networks.named, sums.tolist(), strict=True):
                curve = f"training loss against iterations, {distortion.name}"
                report.point(curve, iteration, total / shown, series=name, seed=args.seed)
            sums.zero_()
            done = DISTORTIONS.index(distortion) * recipe.iterations + iteration
            report.progress(done, len(DISTORTIONS) * recipe.iterations, distortion.name)
    together.eval()


def conclude(
    report: Reporter,
    networks: Networks,
    distortion: Distortion,
    test: Images,
    pose: Pose,
    seed: int,
) -> None:
    """Errors beside costs, what the transformer gains, and whether it undoes the distortion."""
    images, stem = distorted(test.x, distortion, pose), distortion.name.lower()
    errors = {}
    for id, name, network in (
        ("fcn", "FCN", networks.fcn),
        ("st-fcn-aff", "ST-FCN Aff", networks.st),
        ("held", "ST-FCN at the identity", networks.held),
    ):
        errors[id] = error(report, f"{stem}-{id}", name, network, images, test.y)
        report.point(
            "test error against multiply-accumulates",
            macs(distortion, network),
            errors[id],
            series=f"{distortion.name}, {name}",
            label=name,
            seed=seed,
        )
    bypassed = "ST-FCN Aff, trained, then without its transformer"
    errors["bypassed"] = error(
        report, f"{stem}-bypassed", bypassed, networks.st.read, images, test.y
    )
    for id, less, more, setting in (
        ("gain", "st-fcn-aff", "fcn", "FCN less ST-FCN Aff"),
        ("gain-over-held", "st-fcn-aff", "held", "ST-FCN at the identity less ST-FCN Aff"),
        ("needs-transformer", "st-fcn-aff", "bypassed", "without its transformer less with it"),
    ):
        report.measure(
            f"{stem}-{id}",
            errors[more] - errors[less],
            metric="error_difference",
            unit="%",
            setting=f"distorted MNIST {distortion.name}: {setting}",
        )
    with_st, without = (macs(distortion, network) for network in (networks.st, networks.fcn))
    report.measure(
        f"{stem}-cost",
        100 * with_st / without,
        metric="cost_share",
        unit="%",
        setting=f"distorted MNIST {distortion.name}: multiply-accumulates of ST-FCN Aff, grid and "
        f"sampler included, against FCN's {without}",
    )
    poses(report, networks.st, distortion, images, test.y, pose)


@torch.no_grad()
def error(
    report: Reporter,
    id: str,
    name: str,
    scores: Callable[[Tensor], Tensor],
    images: Tensor,
    labels: Tensor,
) -> float:
    """Measure what share of the images gets a wrong class, and return it; in per cent."""
    found = [scores(part.to(report.device)).argmax(dim=1).cpu() for part in images.split(AT_ONCE)]
    wrong = (torch.cat(found) != labels).float().mean().item()
    report.measure(
        id,
        100 * wrong,
        metric="error",
        unit="%",
        setting=f"distorted MNIST {id.split('-')[0].upper()}, {name}",
        standard_error=100 * (wrong * (1 - wrong) / len(labels)) ** 0.5,
    )
    return 100 * wrong


def macs(distortion: Distortion, network: FCN | STFCN) -> int:
    """Multiply-accumulates of one image: linear layers, and the products of grid and sampler."""
    side = distortion.side
    image, counted = torch.empty(1, 1, side, side, device="meta"), deepcopy(network).to("meta")
    if isinstance(counted, FCN):
        return trace(counted, image).under("mac:conv-fc")
    reading = trace(counted.read, image).under("mac:conv-fc")
    if counted.transformer is None:
        return reading
    localisation = trace(counted.transformer.localisation, image).under("mac:conv-fc")
    return reading + localisation + side * side * (GRID_PRODUCTS + SAMPLER_PRODUCTS)


@torch.no_grad()
def poses(
    report: Reporter,
    network: STFCN,
    distortion: Distortion,
    images: Tensor,
    labels: Tensor,
    pose: Pose,
) -> None:
    """How the transformation that each image gets follows the one that was applied to it.

    Nobody says what upright is, and each class may have a pose of its own: correlations and what
    is left of the angle are within classes.
    """
    if network.transformer is None:
        raise ValueError("a network without transformer predicts no pose")
    found = [network.transformer(part.to(report.device))[1] for part in images.split(AT_ONCE)]
    theta = torch.cat(found).cpu()
    stem, setting = distortion.name.lower(), f"distorted MNIST {distortion.name}, ST-FCN Aff"
    pairs = [("angle", angle_of(theta), pose.angle)]
    if distortion.moves:
        pairs += [
            ("scale", zoom_of(theta), pose.scale),
            ("column", theta[:, 0, 2], pose.place[:, 0]),
            ("row", theta[:, 1, 2], pose.place[:, 1]),
        ]
    for id, predicted, applied in pairs:
        report.measure(
            f"{stem}-{id}",
            correlation(within(predicted, labels), within(applied, labels)),
            metric="correlation",
            unit="1",
            setting=f"{setting}: {id} predicted and applied, within classes",
        )
    left = within(turned_by(pose.angle, -angle_of(theta)), labels)
    report.measure(
        f"{stem}-angle-left",
        100 * (left.std() / within(pose.angle, labels).std()).item(),
        metric="spread_left",
        unit="%",
        setting=f"{setting}: spread of what is left of the angle against that of the angle applied",
    )
    draw(report, distortion, pose.angle, angle_of(theta))


def turned_by(angle: Tensor, more: Tensor) -> Tensor:
    """Sum of angles, from -pi to pi."""
    return torch.remainder(angle + more + math.pi, 2 * math.pi) - math.pi


def within(values: Tensor, labels: Tensor) -> Tensor:
    """Values (n,) less the mean of their class; (n,)."""
    sums = torch.zeros(CLASSES).index_add(0, labels, values)
    return values - (sums / torch.bincount(labels, minlength=CLASSES).clamp_min(1))[labels]


def correlation(one: Tensor, other: Tensor) -> float:
    """Pearson's r, 0 where one of them does not vary."""
    spread = one.std() * other.std()
    return (one * other).mean().item() / max(spread.item(), 1e-12)


def draw(report: Reporter, distortion: Distortion, applied: Tensor, predicted: Tensor) -> None:
    """Mean predicted angle of the test digits in each of 18 ranges of the applied one."""
    steps = 18
    low = -distortion.turn
    span = 2 * distortion.turn / steps
    ranges = ((applied.rad2deg() - low) / span).long().clamp(0, steps - 1)
    for number in range(steps):
        chosen = predicted[ranges == number].rad2deg()
        if len(chosen):
            report.point(
                "predicted angle against applied angle",
                low + span * (number + 0.5),
                chosen.mean().item(),
                series=distortion.name,
                seed=report.seed,
            )
