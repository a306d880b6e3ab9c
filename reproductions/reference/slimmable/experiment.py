"""What a slimmable network costs at every width, and whether one really serves all of them."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .model import (
    MobileNetV1,
    MobileNetV2,
    ResNet50,
    ShuffleNet,
    SlimmableLinear,
    SlimmableNetwork,
    make_divisible,
    unit,
)

COUNTED = "mac:conv-fc-pool"  # what the authors' own profiler counts

SLIMMABLE = {  # switches of Table 3 of Yu et al. 2019
    "mobilenet-v1": (MobileNetV1, (1.0, 0.75, 0.5, 0.25)),
    "mobilenet-v2": (MobileNetV2, (1.0, 0.75, 0.5, 0.35)),
    "resnet-50": (ResNet50, (1.0, 0.75, 0.5, 0.25)),
    "shufflenet": (ShuffleNet, (2.0, 1.0, 0.5)),
}
UNIVERSAL = {  # widths of Yu & Huang 2019
    "mobilenet-v1": (
        MobileNetV1,
        (1.0, 0.975, 0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.4, 0.35, 0.3, 0.25),
    ),
    "mobilenet-v2": (MobileNetV2, (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.425, 0.4, 0.35)),
}


def run(report: Reporter, scale: str, seed: int, device: str) -> None:
    """Costs at every scale; training on digits at the smoke and toy scales."""
    if scale == "exact":
        report_costs(report)
    else:
        train_on_digits(report, steps=20 if scale == "smoke" else 150, seed=seed, device=device)


# --- costs ---------------------------------------------------------------------------------------


def report_costs(report: Reporter) -> None:
    """MACs of a 224x224 image at each width; parameters alone and with all switches."""
    with torch.device("meta"):
        image = torch.empty(1, 3, 224, 224)
        for name, (network, widths) in SLIMMABLE.items():
            shared = network(widths).eval()
            report_widths(report, f"slimmable-{name}", shared, image, curve=f"slimmable {name}")
            report_size(report, f"slimmable-{name}-all-switches", shared)
            for width in widths:
                report_size(report, f"individual-{name}-{width}x", network([width]))
        for name, (network, widths) in UNIVERSAL.items():
            shared = network(widths).eval()
            report_widths(report, f"universal-{name}", shared, image, curve=f"universal {name}")
        report_mobilenets(report, image)
        # The table of TensorFlow-Slim has one class more, for the background.
        for width in (1.0, 0.75):
            report_size(report, f"tf-slim-mobilenet-v1-{width}x", MobileNetV1([width], 1001))
        tally = trace(MobileNetV1([0.75], 1001).eval(), image)
        report.measure(
            "tf-slim-mobilenet-v1-0.75x-macs",
            tally.under(COUNTED),
            metric="macs",
            unit="1",
            setting="MobileNet v1 0.75x, 1001 classes, 224x224",
            convention=COUNTED,
        )
        tally = trace(MobileNetV1([1.0], 1001).eval(), image)
        report.measure(
            "tf-slim-mobilenet-v1-1.0x-macs",
            tally.under(COUNTED),
            metric="macs",
            unit="1",
            setting="MobileNet v1 1.0x, 1001 classes, 224x224",
            convention=COUNTED,
        )


def report_mobilenets(report: Reporter, image: Tensor) -> None:
    """MobileNets, Table 6: the width multiplier, each network by itself with 1000 classes."""
    for width in (1.0, 0.75, 0.5, 0.25):
        network = MobileNetV1([width]).eval()
        name = f"mobilenet-v1-{width}x"
        report.measure(
            f"{name}-macs",
            trace(network, image).under(COUNTED),
            metric="macs",
            unit="1",
            setting=f"MobileNet v1 {width}x, 1000 classes, 224x224",
            convention=COUNTED,
        )
        report_size(report, name, network)


def report_widths(
    report: Reporter, name: str, network: SlimmableNetwork, image: Tensor, curve: str
) -> None:
    """One measurement and one point of the curve MACs against width for each switch."""
    for width in network.widths:
        macs = trace(network.use(width), image).under(COUNTED)
        report.measure(
            f"{name}-{width}x",
            macs,
            metric="macs",
            unit="1",
            setting=f"{name} at width {width}x, 224x224",
            convention=COUNTED,
        )
        if name == "slimmable-mobilenet-v1" and width == 0.75:
            report.measure(  # the paper's table and the repository print different numbers
                f"{name}-{width}x-paper",
                macs,
                metric="macs",
                unit="1",
                setting=f"{name} at width {width}x, 224x224",
                convention=COUNTED,
            )
        report.point(f"MACs against width, {curve}", width, macs, label=f"{width}x")


def report_size(report: Reporter, id: str, network: nn.Module) -> None:
    """Trainable parameters of a network."""
    report.measure(
        f"{id}-params",
        parameter_count(network),
        metric="params",
        unit="1",
        setting=id,
        convention="params:trainable",
    )


# --- training on digits --------------------------------------------------------------------------


class DigitsNetwork(SlimmableNetwork):
    """Three convolutions for 8x8 images, slimmable like the large ones."""

    def __init__(self, widths: tuple[float, ...]) -> None:
        super().__init__()
        self.widths = list(widths)
        channels = [[make_divisible(count * width) for width in widths] for count in (32, 64, 64)]
        self.features = nn.Sequential(
            unit([1] * len(widths), channels[0], 3),
            unit(channels[0], channels[1], 3, 2),
            unit(channels[1], channels[2], 3),
        )
        self.classifier = SlimmableLinear(channels[2], 10)


def digits(seed: int, device: str) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Training and test images (n, 1, 8, 8) in 0..1 and labels (n,); 70 to 30 by chance."""
    from sklearn.datasets import load_digits  # a real data set that needs no download

    images, labels = load_digits(return_X_y=True)
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    x = torch.tensor(images, dtype=torch.float32)[order].view(-1, 1, 8, 8).to(device) / 16
    y = torch.tensor(labels)[order].to(device)
    cut = int(0.7 * len(y))
    return x[:cut], y[:cut], x[cut:], y[cut:]


def train(network: SlimmableNetwork, x: Tensor, y: Tensor, steps: int, seed: int) -> None:
    """Algorithm 1 of Yu et al. 2019: gradients of all switches are summed before each update."""
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.SGD(
        network.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4, nesterov=True
    )
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    network.train()
    for _ in range(steps):
        batch = torch.randint(len(y), (64,), generator=generator).to(x.device)
        optimiser.zero_grad()
        for width in network.widths:
            F.cross_entropy(network.use(width)(x[batch]), y[batch]).backward()
        optimiser.step()
        schedule.step()


@torch.no_grad()
def accuracy(network: SlimmableNetwork, width: float, x: Tensor, y: Tensor) -> float:
    """Percent correct at one width."""
    network.eval()
    return 100 * (network.use(width)(x).argmax(1) == y).double().mean().item()


def train_on_digits(report: Reporter, steps: int, seed: int, device: str) -> None:
    """One network for four widths against four networks, and against a network merely cut."""
    widths = (1.0, 0.75, 0.5, 0.25)
    x, y, x_test, y_test = digits(seed, device)
    torch.manual_seed(seed)
    shared = DigitsNetwork(widths).to(device)
    train(shared, x, y, steps, seed)
    report.progress(1, 1 + len(widths), "the slimmable network is trained")
    gaps = []
    for done, width in enumerate(widths, start=2):
        torch.manual_seed(seed)
        alone = DigitsNetwork((width,)).to(device)
        train(alone, x, y, steps, seed)
        report.progress(done, 1 + len(widths), f"the individual network at {width}x is trained")
        together, separate = (
            accuracy(shared, width, x_test, y_test),
            accuracy(alone, width, x_test, y_test),
        )
        gaps.append(separate - together)
        with torch.device("meta"):
            network = DigitsNetwork((width,)).eval()
            macs = trace(network, torch.empty(1, 1, 8, 8)).under(COUNTED)
        report.point("accuracy against MACs on digits", macs, together, series="slimmable")
        report.point("accuracy against MACs on digits", macs, separate, series="individual")
        report.measure(
            f"digits-accuracy-{width}x",
            together,
            metric="accuracy",
            unit="%",
            setting=f"digits, slimmable at {width}x",
        )
    report.measure(
        "digits-largest-gap",
        max(gaps),
        metric="accuracy_gap",
        unit="points",
        setting="digits, individual minus slimmable accuracy, worst of four widths",
    )
    cut = truncated_accuracy(x, y, x_test, y_test, steps, seed)
    report.measure(
        "digits-gain-over-cut",
        accuracy(shared, 0.25, x_test, y_test) - cut,
        metric="accuracy_gap",
        unit="points",
        setting="digits at 0.25x, slimmable minus a full network merely cut to 0.25x",
    )


def truncated_accuracy(
    x: Tensor, y: Tensor, x_test: Tensor, y_test: Tensor, steps: int, seed: int
) -> float:
    """Accuracy of a network trained at full width only, then run at a quarter of it.

    Its batch statistics at the small width are measured on the training images, without which
    the comparison would be unfair.
    """
    torch.manual_seed(seed)
    network = DigitsNetwork((1.0, 0.25)).to(x.device)
    network.widths = [1.0]
    train(network, x, y, steps, seed)
    network.widths = [1.0, 0.25]
    network.use(0.25).train()
    with torch.no_grad():
        for _ in range(50):
            network(x)
    return accuracy(network, 0.25, x_test, y_test)
