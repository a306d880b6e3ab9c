"""Does a recurrent network that skips inputs read digits as well as one that reads them all?

The paper reads 784 pixels for 600 epochs (``full``).  ``reduced`` halves the image's sides and
reads its 196 pixels four at a time, ``toy`` reads 28 rows.  A shorter reading has dearer steps, and
a shorter training a higher price, since the gate begins by updating always.
"""

import argparse
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from reproductions.datasets import Images, mnist
from reproductions.protocol import Reporter

from .model import SequenceClassifier, budget_loss, inference_macs

CELLS = ("lstm", "gru")
PRICE = 784 * 1e-4
"""The paper's, of a sequence in which every step updates: lambda = 1e-4 at each of 784 pixels."""


@dataclass(frozen=True)
class Recipe:
    """How the images are read, and how long is trained; the paper's recipe is the default.

    reads: "784" pixels, "fours" of 196 pixels, or "rows" of 28.  price: of a whole reading, in
    units of PRICE.  settles: the rate falls to zero.
    """

    reads: str = "784"
    units: int = 110
    updates: int = 600 * 55_000 // 256
    batch: int = 256
    rate: float = 1e-4
    price: float = 1.0
    settles: bool = False


RECIPES = {
    "smoke": Recipe(reads="rows", units=8, updates=3, batch=8),
    "toy": Recipe(reads="rows", updates=500, batch=128, rate=3e-3, price=3.0, settles=True),
    "reduced": Recipe(reads="fours", updates=800, batch=64, rate=2e-3, price=5.0, settles=True),
    "full": Recipe(),
}


@dataclass(frozen=True)
class Network:
    """One row of the table: a cell, and how it skips."""

    cell: str
    skips: str

    @property
    def name(self) -> str:
        """Such as lstm, random-lstm, skip-lstm."""
        return {"never": "", "random": "random-", "learned": "skip-"}[self.skips] + self.cell


def sequences(images: Tensor, reads: str) -> Tensor:
    """Images (n, 1, 28, 28) as (n, time, inputs), from the upper left to the lower right."""
    if reads == "rows":
        return images.squeeze(1)  # (n, 28, 28)
    if reads == "fours":
        return F.avg_pool2d(images, 2).view(-1, 49, 4)  # (n, 1, 14, 14) before
    return images.flatten(1)[:, :, None]  # (n, pixels, 1)


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed: both cells, each updating always, at random (p_skip = 0.5), and when it wants."""
    recipe = RECIPES[args.scale]
    split = mnist(args.data)
    for cell in CELLS:
        accuracy = {}
        for skips in ("never", "random", "learned"):
            network = Network(cell, skips)
            model = train(args, report, recipe, network, split.train)
            accuracy[skips] = conclude(args, report, recipe, network, model, split.test)
        compare(report, recipe, cell, accuracy)


def train(
    args: argparse.Namespace, report: Reporter, recipe: Recipe, network: Network, images: Images
) -> SequenceClassifier:
    """Adam on cross-entropy and, where the gate is learned, on what its updates cost."""
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    inputs = {"rows": 28, "fours": 4, "784": 1}[recipe.reads]
    model = SequenceClassifier(network.cell, inputs, recipe.units, network.skips).to(args.device)
    optimiser = torch.optim.Adam(model.parameters(), lr=recipe.rate)
    for update in range(recipe.updates):
        if recipe.settles:
            optimiser.param_groups[0]["lr"] = recipe.rate * (1 - update / recipe.updates)
        chosen = torch.randint(len(images), (recipe.batch,), generator=noise)
        x = sequences(images.x[chosen], recipe.reads).to(args.device)
        scores, u = model(x, noise)
        loss = F.cross_entropy(scores, images.y[chosen].to(args.device))
        if network.skips == "learned":
            loss = loss + budget_loss(u, recipe.price * PRICE / x.shape[1])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        if (update + 1) % max(1, recipe.updates // 20) == 0:
            used = u.mean().item()
            report.progress(update + 1, recipe.updates, f"{network.name}: loss {loss.item():.3f}")
            report.point(
                "updates used while training",
                update + 1,
                used,
                series=network.name,
                seed=args.seed,
            )
    return model


@torch.no_grad()
def tested(
    args: argparse.Namespace, recipe: Recipe, model: SequenceClassifier, images: Images
) -> tuple[Tensor, Tensor]:
    """Whether each image is named rightly (images,), and where its steps updated (images, time)."""
    noise = torch.Generator().manual_seed(10_000 + args.seed)
    right, updates = [], []
    for x, y in zip(images.x.split(1000), images.y.split(1000), strict=True):
        scores, u = model(sequences(x, recipe.reads).to(args.device), noise)
        right.append(scores.argmax(dim=1).cpu() == y)
        updates.append(u.cpu())
    return torch.cat(right), torch.cat(updates)


def conclude(
    args: argparse.Namespace,
    report: Reporter,
    recipe: Recipe,
    network: Network,
    model: SequenceClassifier,
    images: Images,
) -> float:
    """Accuracy, updates and cost on the test images; returns the accuracy in %."""
    right, updates = tested(args, recipe, model, images)
    share, used, steps = right.float().mean().item(), updates.mean().item(), updates.shape[1]
    id, setting = f"{recipe.reads}-{network.name}", f"MNIST read as {recipe.reads}, {network.name}"
    report.measure(
        f"{id}-accuracy",
        100 * share,
        metric="accuracy",
        unit="%",
        setting=setting,
        standard_error=100 * (share * (1 - share) / len(right)) ** 0.5,
    )
    report.measure(f"{id}-used", 100 * used, metric="fraction_used", unit="%", setting=setting)
    report.measure(f"{id}-updates", steps * used, metric="steps", unit="updates", setting=setting)
    macs = inference_macs(model, steps, used)
    report.measure(
        f"{id}-macs", macs, metric="macs", unit="1", setting=setting, convention="mac:gates-only"
    )
    report.point("accuracy against cost", macs, 100 * share, series=network.name, seed=args.seed)
    if network.skips == "learned":
        for step, part in enumerate(updates.mean(dim=0).tolist()):
            report.point("updates by position", step, part, series=network.name, seed=args.seed)
    return 100 * share


def compare(report: Reporter, recipe: Recipe, cell: str, accuracy: dict[str, float]) -> None:
    """Points of accuracy that skipping loses, and by which a learned gate leads a random one."""
    for id, one, other in (
        (f"skip-{cell}-lost", "never", "learned"),
        (f"random-{cell}-lost", "never", "random"),
        (f"skip-{cell}-over-random", "learned", "random"),
    ):
        report.measure(
            f"{recipe.reads}-{id}",
            accuracy[one] - accuracy[other],
            metric="accuracy_difference",
            unit="%",
            setting=f"MNIST read as {recipe.reads}, {cell}: updates {one} less {other}",
        )
