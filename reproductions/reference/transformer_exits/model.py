"""An encoder with a classifier after every layer, and three rules for stopping there."""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class Shape:
    """student: width of the FastBERT classifiers on the way."""

    layers: int
    width: int
    heads: int
    hidden: int
    length: int
    classes: int
    student: int


BERT_BASE = Shape(12, 768, 12, 3072, 256, 2, 128)


class SelfAttention(nn.Module):
    """Four linear maps and two products."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.out = (nn.Linear(width, width) for _ in range(4))

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, time, width)."""
        q, k, v = (
            part(x).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )  # (batch, heads, time, width / heads)
        y = F.scaled_dot_product_attention(q, k, v)
        return self.out(y.transpose(1, 2).flatten(2))


class Layer(nn.Module):
    """norm(x + attention(x)), then norm(x + feed(x)), as in BERT."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.attention = SelfAttention(shape.width, shape.heads)
        self.feed = nn.Sequential(
            nn.Linear(shape.width, shape.hidden), nn.GELU(), nn.Linear(shape.hidden, shape.width)
        )
        self.norms = nn.ModuleList([nn.LayerNorm(shape.width), nn.LayerNorm(shape.width)])

    def forward(self, x: Tensor) -> Tensor:
        x = self.norms[0](x + self.attention(x))
        return self.norms[1](x + self.feed(x))


class StudentClassifier(nn.Module):
    """FastBERT, Fig. 2: narrow, attend at the small width, take the first token, two linear maps.

    pool_first: the first token is taken before the 128 -> 128 map, as in the released code; the
    table of the paper charges that map for every token.
    """

    def __init__(self, shape: Shape, pool_first: bool = True) -> None:
        super().__init__()
        self.pool_first = pool_first
        self.narrow = nn.Linear(shape.width, shape.student)
        self.attention = SelfAttention(shape.student, 1)
        self.dense = nn.Linear(shape.student, shape.student)
        self.out = nn.Linear(shape.student, shape.classes)

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, time, width).  Returns logits (batch, classes)."""
        y = self.attention(torch.tanh(self.narrow(x)))
        y = self.dense(y[:, 0]) if self.pool_first else self.dense(y)[:, 0]
        return self.out(torch.tanh(y))


class ExitingEncoder(nn.Module):
    """Layers with a classifier after each; the last one is the teacher of the others."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.classifiers = nn.ModuleList(StudentClassifier(shape) for _ in range(shape.layers))

    def forward(self, x: Tensor) -> Tensor:
        """x: (batch, time, width).  Returns logits (layers, batch, classes)."""
        logits = []
        for layer, classifier in zip(self.layers, self.classifiers, strict=True):
            x = layer(x)
            logits.append(classifier(x))
        return torch.stack(logits)


# --- rules ---------------------------------------------------------------------------------------


def uncertainty(logits: Tensor) -> Tensor:
    """Entropy of the prediction over its largest possible value (FastBERT, Eq. 7).

    0 is sure, 1 knows nothing.
    logits: (..., classes).  DeeBERT uses the entropy itself, which only rescales the threshold.
    """
    log_p = logits.log_softmax(-1)
    return -(log_p.exp() * log_p).sum(-1) / math.log(logits.shape[-1])


def exits_by_uncertainty(logits: Tensor, threshold: float) -> Tensor:
    """The first layer, from 1, whose uncertainty is below the threshold; else the last.

    logits: (layers, batch, classes).  Returns (batch,).
    """
    sure = uncertainty(logits) < threshold
    sure[-1] = True
    return sure.to(torch.uint8).argmax(0) + 1


def exits_by_patience(logits: Tensor, patience: int) -> Tensor:
    """The first layer after which the answer has stayed the same `patience` times (PABEE).

    logits: (layers, batch, classes).  Returns (batch,), from 1.
    """
    answers = logits.argmax(-1)  # (layers, batch)
    layers, batch = answers.shape
    leaving = torch.full((batch,), layers)
    unchanged = torch.zeros(batch, dtype=torch.long)
    for layer in range(1, layers):
        unchanged = torch.where(answers[layer] == answers[layer - 1], unchanged + 1, 0)
        now = (unchanged >= patience) & (leaving == layers)
        leaving[now] = layer + 1
    return leaving


def expected_saving(leaving: Tensor, layers: int) -> float:
    """DeeBERT, section 4.4: 1 - sum over i of i N_i / (n N); no clock needed.

    leaving: (batch,), layers run for each example, from 1.
    """
    return 1 - leaving.double().mean().item() / layers


@torch.no_grad()
def run_one(model: ExitingEncoder, x: Tensor, threshold: float) -> tuple[Tensor, int]:
    """Really stop: one example through the layers until it is sure enough.

    x: (1, time, width).  Returns logits (1, classes) and the number of layers run.
    """
    ran = 0
    for layer, classifier in zip(model.layers, model.classifiers, strict=True):
        x = layer(x)
        logits = classifier(x)
        ran += 1
        if uncertainty(logits).item() < threshold:
            break
    return logits, ran
