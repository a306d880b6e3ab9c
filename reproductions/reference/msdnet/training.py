"""Train every exit at once and read off what each of them says."""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from .data import Split
from .model import MSDNet


def train(
    model: MSDNet,
    split: Split,
    *,
    steps: int,
    batch: int,
    rate: float,
    seed: int,
    augment: bool,
    done: Callable[[int], None],
) -> None:
    """Sum of the cross-entropies of all exits; SGD with momentum, rate / 10 at 1/2 and 3/4."""
    device = next(model.parameters()).device
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.SGD(
        model.parameters(), lr=rate, momentum=0.9, weight_decay=1e-4, nesterov=True
    )
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimiser, [steps // 2, steps * 3 // 4])
    model.train()
    for step in range(steps):
        index = torch.randint(len(split.labels), (batch,), generator=generator)
        images, labels = split.images[index], split.labels[index].to(device)
        if augment:
            images = shifted_and_mirrored(images, generator)
        losses = [F.cross_entropy(logits, labels) for logits in model(images.to(device))]
        loss = torch.stack(losses).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 50 == 0 or step == steps - 1:
            done(step + 1)


def shifted_and_mirrored(images: Tensor, generator: torch.Generator) -> Tensor:
    """Each image moved by up to 4 pixels, zeros moving in, and mirrored half of the time."""
    batch, _, height, width = images.shape
    padded = F.pad(images, (4, 4, 4, 4))
    rows = torch.randint(9, (batch,), generator=generator)
    columns = torch.randint(9, (batch,), generator=generator)
    crops = torch.stack(
        [
            padded[n, :, row : row + height, column : column + width]
            for n, (row, column) in enumerate(zip(rows.tolist(), columns.tolist(), strict=True))
        ]
    )
    mirror = torch.rand(batch, generator=generator) < 0.5
    return torch.where(mirror.view(-1, 1, 1, 1), crops.flip(3), crops)


@torch.no_grad()
def read_off(model: MSDNet, split: Split, batch: int = 512) -> tuple[Tensor, Tensor]:
    """Confidence and correctness of every exit, both (exits, images), on the CPU."""
    device = next(model.parameters()).device
    model.eval()
    confidences, correct = [], []
    for start in range(0, len(split.labels), batch):
        labels = split.labels[start : start + batch]
        logits = torch.stack(model(split.images[start : start + batch].to(device))).cpu()
        best = logits.softmax(-1).max(-1)  # values and indices (exits, batch)
        confidences.append(best.values)
        correct.append(best.indices == labels)
    return torch.cat(confidences, dim=1), torch.cat(correct, dim=1)
