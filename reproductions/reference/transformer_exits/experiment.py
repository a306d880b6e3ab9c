"""Costs of FastBERT's parts, and exit rules on a small encoder that reads digits row by row."""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from reproductions.protocol import Reporter
from reproductions.protocol.cost import Tally, trace

from .model import (
    BERT_BASE,
    ExitingEncoder,
    Layer,
    Shape,
    StudentClassifier,
    exits_by_patience,
    exits_by_uncertainty,
    expected_saving,
    run_one,
)

COUNTED = "mac:conv-fc"  # Table 1 lists linear maps only
SMALL = Shape(6, 32, 2, 64, 9, 10, 16)  # 8 rows of a digit and a class token
NOISE = 0.25
LOSS_ALLOWED = 1.0  # points of accuracy, on validation images


def run(report: Reporter, scale: str, seed: int, device: str) -> None:
    """exact: costs.  smoke, toy: digits."""
    if scale == "exact":
        report_costs(report)
    else:
        exit_on_digits(report, steps=30 if scale == "smoke" else 150, seed=seed, device=device)


# --- costs ---------------------------------------------------------------------------------------


def report_costs(report: Reporter) -> None:
    """The rows of Table 1, the whole model, and the bounds of any mean cost."""
    with torch.device("meta"):
        wide = torch.empty(1, BERT_BASE.length, BERT_BASE.width)
        narrow = torch.empty(1, BERT_BASE.length, BERT_BASE.student)
        layer = Layer(BERT_BASE)
        student = StudentClassifier(BERT_BASE, pool_first=False)
        released = StudentClassifier(BERT_BASE)
        parts: dict[str, Tally] = {
            "layer-attention": trace(layer.attention, wide),
            "layer-feed-forward": trace(layer.feed, wide),
            "layer": trace(layer, wide),
            "student-narrow": trace(student.narrow, wide),
            "student-attention": trace(student.attention, narrow),
            "student-dense": trace(student.dense, narrow),
            "student": trace(student, wide),
            "student-released": trace(released, wide),
        }
        encoder = ExitingEncoder(BERT_BASE)
        last = nn.Sequential(*encoder.layers, encoder.classifiers[-1])
        parts["whole"] = trace(last, wide)
        parts["leaving-at-once"] = trace(nn.Sequential(layer, released), wide)
        parts["never-leaving"] = trace(encoder, wide)
    for name, tally in parts.items():
        report.measure(
            name,
            tally.under(COUNTED),
            metric="macs",
            unit="1",
            setting=f"BERT-base, {BERT_BASE.length} tokens: {name}",
            convention=COUNTED,
        )
    report.measure(
        "layer-with-products",
        parts["layer"].under("mac:with-products"),
        metric="macs",
        unit="1",
        setting="one layer of BERT-base, 256 tokens, with both attention products",
        convention="mac:with-products",
    )


# --- digits --------------------------------------------------------------------------------------


class RowReader(nn.Module):
    """Rows of an 8x8 image as tokens, then the encoder."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.embed = nn.Linear(8, shape.width)
        self.positions = nn.Parameter(0.02 * torch.randn(1, shape.length, shape.width))
        self.encoder = ExitingEncoder(shape)

    def tokens(self, images: Tensor) -> Tensor:
        """images: (batch, 8, 8).  Returns (batch, 9, width), the class token first."""
        rows = F.pad(self.embed(images), (0, 0, 1, 0))
        return rows + self.positions

    def forward(self, images: Tensor) -> Tensor:
        return self.encoder(self.tokens(images))


def digits(seed: int, device: str) -> list[tuple[Tensor, Tensor]]:
    """Training, validation and test images (n, 8, 8), with noise, and labels (n,): 50, 20, 30%."""
    from sklearn.datasets import load_digits  # a real data set that needs no download

    pixels, targets = load_digits(return_X_y=True)
    generator = torch.Generator().manual_seed(seed)
    order = torch.randperm(len(targets), generator=generator)
    images = torch.tensor(pixels, dtype=torch.float32)[order].view(-1, 8, 8) / 16
    images = images + NOISE * torch.randn(images.shape, generator=generator)
    labels = torch.tensor(targets)[order]
    first, second = int(0.5 * len(labels)), int(0.7 * len(labels))
    cuts = (slice(0, first), slice(first, second), slice(second, None))
    return [(images[cut].to(device), labels[cut].to(device)) for cut in cuts]


def train(model: RowReader, images: Tensor, labels: Tensor, steps: int, report: Reporter) -> None:
    """First backbone and teacher; then the students alone, on the teacher's answers (Eq. 8-9)."""
    students = [*model.encoder.classifiers[:-1].parameters()]
    own = {id(parameter) for parameter in students}
    backbone = [parameter for parameter in model.parameters() if id(parameter) not in own]
    for stage, parameters in enumerate((backbone, students)):
        optimiser = torch.optim.AdamW(parameters, lr=3e-3, weight_decay=0.01)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=steps)
        for step in range(steps):
            batch = torch.randint(len(labels), (64,), device=labels.device)
            logits = model(images[batch])
            if stage == 0:
                loss = F.cross_entropy(logits[-1], labels[batch])
            else:
                teacher = logits[-1].detach().log_softmax(-1)
                answers = logits[:-1].log_softmax(-1)
                loss = (answers.exp() * (answers - teacher)).sum(-1).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            if step % 50 == 0:
                report.progress(stage * steps + step, 2 * steps, f"loss {loss.item():.3f}")


def exit_on_digits(report: Reporter, steps: int, seed: int, device: str) -> None:
    """Sweep each rule's parameter; choose it on validation images; report on test images."""
    (images, labels), (valid, valid_labels), (test, test_labels) = digits(seed, device)
    torch.manual_seed(seed)
    model = RowReader(SMALL).to(device)
    train(model, images, labels, steps, report)
    model.eval()
    with torch.no_grad():
        valid_logits, logits = model(valid).cpu(), model(test).cpu()
    valid_labels, test_labels = valid_labels.cpu(), test_labels.cpu()
    for number, answer in enumerate(logits.argmax(-1), start=1):
        accuracy = 100 * (answer == test_labels).double().mean().item()
        report.point("accuracy of each layer's classifier", number, accuracy, label=str(number))
    thresholds = [0.0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0]
    rules: dict[str, tuple[Callable[[Tensor, Any], Tensor], list[Any]]] = {
        "uncertainty": (exits_by_uncertainty, thresholds),
        "patience": (exits_by_patience, list(range(1, SMALL.layers + 1))),
    }
    for name, (rule, settings) in rules.items():
        full = accuracy_after(valid_logits, valid_labels, exits_by_uncertainty(valid_logits, 0.0))
        best, saving = settings[0], -1.0
        for setting in settings:
            leaving = rule(valid_logits, setting)
            kept = accuracy_after(valid_logits, valid_labels, leaving) >= full - LOSS_ALLOWED
            if kept and expected_saving(leaving, SMALL.layers) > saving:
                best, saving = setting, expected_saving(leaving, SMALL.layers)
            report_point(report, name, rule(logits, setting), logits, test_labels, str(setting))
        report_choice(report, name, rule(logits, best), logits, test_labels)
    report_identity(report, model, test, logits, threshold=0.3)


def accuracy_after(logits: Tensor, labels: Tensor, leaving: Tensor) -> float:
    """Percent correct when example n answers with layer leaving[n]."""
    chosen = logits.argmax(-1)[leaving - 1, torch.arange(len(labels))]
    return 100 * (chosen == labels).double().mean().item()


def report_point(
    report: Reporter, name: str, leaving: Tensor, logits: Tensor, labels: Tensor, setting: str
) -> None:
    """One point of the sweep."""
    report.point(
        "accuracy against mean layers",
        leaving.double().mean().item(),
        accuracy_after(logits, labels, leaving),
        series=name,
        label=setting,
    )


def report_choice(
    report: Reporter, name: str, leaving: Tensor, logits: Tensor, labels: Tensor
) -> None:
    """Saving and loss on test images at the setting chosen on validation images; exit histogram."""
    everyone = torch.full_like(leaving, SMALL.layers)
    loss = accuracy_after(logits, labels, everyone) - accuracy_after(logits, labels, leaving)
    report.measure(
        f"digits-{name}-saving",
        100 * expected_saving(leaving, SMALL.layers),
        metric="saving",
        unit="% of the layers",
        setting=f"digits, {name}, setting chosen for at most 1 point of loss on validation images",
    )
    report.measure(
        f"digits-{name}-loss",
        loss,
        metric="accuracy_gap",
        unit="points",
        setting=f"digits, {name}, accuracy of the last layer minus accuracy with exits",
    )
    shares = torch.bincount(leaving, minlength=SMALL.layers + 1)[1:].double() / len(leaving)
    for number, share in enumerate(shares.tolist(), start=1):
        report.point("exit histogram on digits", number, share, series=name)


@torch.no_grad()
def report_identity(
    report: Reporter, model: RowReader, images: Tensor, logits: Tensor, threshold: float
) -> None:
    """The formula for the saving against layers that were really run, one example at a time."""
    leaving = exits_by_uncertainty(logits, threshold)
    ran = [run_one(model.encoder, tokens, threshold)[1] for tokens in model.tokens(images).split(1)]
    report.measure(
        "formula-or-really-stopped",
        expected_saving(leaving, SMALL.layers) - expected_saving(torch.tensor(ran), SMALL.layers),
        metric="saving",
        unit="1",
        setting="digits, expected saving from all logits minus saving of layers really run",
    )
