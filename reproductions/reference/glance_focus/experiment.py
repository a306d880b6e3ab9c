"""Train in three stages on cluttered digits: what focusing gains, where it looks, when it ends."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from reproductions.datasets import Images, digits
from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import FEATURES, PATCH, Encoder, GlanceFocus, Looks, anytime_loss, policy_loss
from .scenes import CANVAS, DIGIT, Scenes, cluttered

ETAS = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 1.01)
SETTING = "8x8 digits among fragments on 24x24, one glance and two patches of 12x12"


@dataclass(frozen=True)
class Recipe:
    """Updates and learning rates of the three stages; `copies`: scenes of each training digit."""

    first: int = 2500
    second: int = 400
    third: int = 800
    rates: tuple[float, float, float] = (3e-3, 3e-3, 1.5e-3)
    batch: int = 64
    gamma: float = 0.7
    copies: int = 12


RECIPES = {"smoke": Recipe(first=4, second=4, third=4, copies=1), "toy": Recipe()}


@dataclass(frozen=True)
class Stages:
    """What the three stages have in common."""

    net: GlanceFocus
    training: Scenes
    recipe: Recipe
    noise: torch.Generator

    def fit(
        self,
        parameters: Sequence[nn.Parameter],
        where: str,
        loss_of: Callable[[Looks, Tensor], Tensor],
        updates: int,
        rate: float,
    ) -> None:
        """One stage: Adam on some of the parameters, with patches at the places `where` names."""
        optimiser = torch.optim.Adam(parameters, lr=rate)
        for _ in range(updates):
            rows = torch.randint(
                0, len(self.training.y), (self.recipe.batch,), generator=self.noise
            )
            looks = self.net(self.training.x[rows], where, self.noise)
            loss = loss_of(looks, self.training.y[rows])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()


def run(args: argparse.Namespace, report: Reporter) -> None:
    """One seed."""
    recipe = RECIPES[args.scale]
    split = digits(args.seed)
    torch.manual_seed(args.seed)
    noise = torch.Generator().manual_seed(args.seed)
    training, validation, test = (
        scenes(part, copies, noise)
        for part, copies in ((split.train, recipe.copies), (split.validation, 2), (split.test, 4))
    )
    net = GlanceFocus()
    total = recipe.first + recipe.second + recipe.third
    stages = Stages(net, training, recipe, noise)
    stages.fit(net.networks(), "random", anytime_loss, recipe.first, recipe.rates[0])
    report.progress(recipe.first, total, "stage I: patches at random places")
    at_random = accuracies(net, test, "random", noise)

    def reward(looks: Looks, y: Tensor) -> Tensor:
        return policy_loss(looks, y, recipe.gamma)

    stages.fit(net.policy(), "sampled", reward, recipe.second, recipe.rates[1])
    report.progress(recipe.first + recipe.second, total, "stage II: where to look")
    learned = accuracies(net, test, "proposed", noise)
    stages.fit(net.networks(), "sampled", anytime_loss, recipe.third, recipe.rates[2])
    report.progress(total, total, "stage III: what is seen there")
    conclude(args, report, net, test, at_random, learned)
    exits(args, report, net, validation, test)


def scenes(images: Images, copies: int, noise: torch.Generator) -> Scenes:
    """Several scenes of each image."""
    made = [cluttered(images, noise) for _ in range(copies)]
    return Scenes(
        torch.cat([each.x for each in made]),
        torch.cat([each.y for each in made]),
        torch.cat([each.corner for each in made]),
    )


@torch.no_grad()
def accuracies(net: GlanceFocus, test: Scenes, where: str, noise: torch.Generator) -> list[float]:
    """Per cent right after each look."""
    right = net(test.x, where, noise).scores.argmax(dim=2) == test.y  # (T, n)
    return [100 * each.float().mean().item() for each in right]


def covered(corner: Tensor, test: Scenes) -> Tensor:
    """Share of the digit's pixels that lie in the patch; (n,)."""
    low = torch.maximum(corner, test.corner)
    high = torch.minimum(corner + PATCH, test.corner + DIGIT)
    return (high - low).clamp(min=0).prod(dim=1) / DIGIT**2


def conclude(
    args: argparse.Namespace,
    report: Reporter,
    net: GlanceFocus,
    test: Scenes,
    at_random: list[float],
    learned: list[float],
) -> None:
    """What focusing gains, what choosing the place gains, and whether the patch holds the digit."""
    with torch.no_grad():
        looks = net(test.x, "proposed")
    right = (looks.scores.argmax(dim=2) == test.y).float()
    final = [100 * each.mean().item() for each in right]
    first = 100 * covered(looks.corners[0], test).mean().item()
    chance = torch.randint(0, CANVAS - PATCH + 1, looks.corners[0].shape)
    for id, value, metric in (
        ("glance-accuracy", final[0], "accuracy"),
        ("focus-accuracy", final[-1], "accuracy"),
        ("focus-gained", final[-1] - final[0], "accuracy_difference"),
        ("policy-over-random", learned[-1] - at_random[-1], "accuracy_difference"),
        ("first-patch-covers", first, "fraction_used"),
        ("random-patch-covers", 100 * covered(chance, test).mean().item(), "fraction_used"),
    ):
        report.measure(id, value, metric=metric, unit="%", setting=SETTING)
    for series, values in (
        ("random places, stage I", at_random),
        ("chosen places, stage II", learned),
        ("chosen places, stage III", final),
    ):
        for number, value in enumerate(values, start=1):
            report.point("accuracy against looks", number, value, series=series, seed=args.seed)


def exits(
    args: argparse.Namespace, report: Reporter, net: GlanceFocus, validation: Scenes, test: Scenes
) -> None:
    """The lowest eta that loses nothing on validation scenes, then its looks on the test scenes."""
    whole = judged(net, validation, ETAS[-1])[0]
    kept = [eta for eta in ETAS if judged(net, validation, eta)[0] >= whole]
    eta = min(kept)
    accuracy, looks = judged(net, test, eta)
    everything = judged(net, test, ETAS[-1])[0]
    share = looks / (net.patches + 1)
    report.measure(
        "exit-lost",
        100 * (everything - accuracy),
        metric="accuracy_difference",
        unit="%",
        setting=SETTING,
    )
    report.measure("exit-looks", 100 * share, metric="fraction_used", unit="%", setting=SETTING)
    report.measure(
        "exit-cost",
        100 * looks * look_macs() / full_macs(),
        metric="fraction_used",
        unit="%",
        setting=f"{SETTING}; relative to the encoder on all 24x24 pixels",
    )
    report.log(f"eta {eta} chosen on {len(validation.y)} validation scenes")
    for each in ETAS:
        reached, mean = judged(net, test, each)
        cost = mean * look_macs()
        report.point(
            "accuracy against mean MACs", cost, 100 * reached, series=f"seed {args.seed}", eta=each
        )


def judged(net: GlanceFocus, test: Scenes, eta: float) -> tuple[float, float]:
    """Share that is right and mean number of looks at that threshold."""
    labels, looks = net.infer(test.x, eta)
    return (labels == test.y).float().mean().item(), looks.float().mean().item()


def look_macs() -> int:
    """One look: encoder, classifier step, and the step of the policy that proposes the next."""
    with torch.device("meta"):
        net, view = GlanceFocus().eval(), torch.empty(1, 1, PATCH, PATCH)

        def look(x: Tensor) -> None:
            seen, features = net.f_g(x)
            net.classify(net.f_c(features, features))
            net.place(net.pi(seen, features))

        return trace(look, view).under("mac:conv-fc")


def full_macs() -> int:
    """The encoder's convolutions on the whole canvas, with a linear layer that fits."""
    with torch.device("meta"):
        encoder, image = Encoder().eval(), torch.empty(1, 1, CANVAS, CANVAS)
        side = CANVAS // 4
        whole = nn.Sequential(encoder.map, nn.Linear(32 * side * side, FEATURES))
        return trace(whole, image).under("mac:conv-fc")
