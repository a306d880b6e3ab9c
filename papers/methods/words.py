"""The words in which methods are described, one list for each attribute. Pure.

Data files, forms, facets, the API and the pages all take them from here; a new value is one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

ADAPTS = {
    "depth": "depth",
    "layers-per-token": "layers for each token",
    "width": "width",
    "experts": "experts",
    "weights": "weights",
    "features": "features",
    "pixels": "pixels",
    "regions": "regions",
    "resolution": "resolution",
    "tokens": "tokens",
    "frames": "frames",
    "time-steps": "time steps",
    "kv-cache": "key-value cache",
    "drafts": "drafts",
    "reasoning-length": "length of reasoning",
    "modality": "modality",
}
"""What adapts."""

GRANULARITY = {
    "sample": "sample",
    "request": "request or user",
    "token": "token",
    "pixel": "pixel",
    "region": "region",
    "frame": "frame",
    "step": "step",
    "channel": "channel",
}
"""For what a decision is made each time."""

DECISION = {
    "confidence": "confidence",
    "entropy": "entropy",
    "patience": "patience",
    "halting-score": "halting score",
    "learned-gate": "learned gate",
    "router-top-k": "router, top k",
    "policy-network": "policy network",
    "attention-score": "attention score",
    "similarity": "similarity",
    "budget-solver": "budget solver",
    "rule": "rule",
}
"""Who or what decides."""

TRAINING = {
    "none": "none, works on a trained model",
    "end-to-end": "end to end",
    "joint-exits": "exits trained together",
    "straight-through": "straight-through estimator",
    "gumbel": "Gumbel softmax",
    "reinforcement": "reinforcement learning",
    "soft-then-hard": "soft, then hard",
    "distillation": "distillation",
    "load-balancing": "load-balancing loss",
    "ponder-cost": "ponder cost",
    "cost-penalty": "penalty on cost or sparsity",
    "supervised-predictor": "predictor with labels",
    "sandwich-rule": "sandwich rule",
    "fine-tuning": "fine-tuning",
    "stages": "in stages",
    "separate": "parts trained apart",
    "search": "search",
}
"""How the decision is trained."""

NEEDS_TRAINING = {
    "trained-model": "a trained model",
    "teacher": "a teacher or deeper exits as teacher",
    "exit-losses": "a loss at every exit",
    "reward": "a reward that weighs accuracy against cost",
    "balance-loss": "a loss that keeps experts busy",
    "decision-labels": "labels for decisions",
    "relaxed-gates": "relaxed gates with a temperature",
}
"""What training needs beyond the task's own data and loss."""

NEEDS_INFERENCE = {
    "threshold": "a threshold, set on held-out data",
    "extra-network": "a small network that runs first",
    "gate-modules": "gates inside the network",
    "all-experts": "all experts in memory",
    "scores-at-hand": "scores that the network computes anyway",
    "solver": "a solver for a budget",
    "draft-and-verify": "drafts, and their verification",
}
"""What inference needs beyond the network itself."""

BATCHING = {
    "friendly": "batches well",
    "needs-grouping": "batches after regrouping",
    "unfriendly": "batches badly",
}
"""Whether several inputs run together without loss; friendly: same shapes for all of a batch."""

FAMILIES = {
    "resnet": ("ResNet and its kin", r"resnet|resnext|densenet|regnet|rednet|srresnet|redn"),
    "mobile": (
        "MobileNet, ShuffleNet",
        r"mobilenet|shufflenet|ghostnet|efficientnet|ofa\b|shiftnet",
    ),
    "cnn": (
        "other convolutional networks",
        r"\bcnn|vgg|alexnet|\blenet|inception|googlenet|\bnin\b|hrnet|u-net|fcn|yolo|r-cnn|retinanet"
        r"|deeplab|fsrcnn|carn|rcan|edsr|rdn|convnext|x3d|tsm|tsn|fpn|efficientdet|swiftnet|bagnet"
        r"|sniper|r-fcn|fcos",
    ),
    "vit": (
        "vision Transformers",
        r"\b(?:vit|deit|lv-vit|swin|t2t|pvt|levit|pit|mae|mvit|vivit|videoswin|u-vit)\b"
        r"|vision trans|vit-style|swinv2",
    ),
    "bert": ("BERT and encoders", r"bert|electra|xlnet|encoder router|clip"),
    "seq2seq": (
        "encoder and decoder Transformers",
        r"\bm?t5|bart|nllb|encoder-decoder|^transformer",
    ),
    "llm": (
        "language models (decoders)",
        r"llama|gpt|opt\b|mistral|mixtral|vicuna|qwen|pythia|falcon|gemma|phi|decoder|llm|glm|yi\b"
        r"|mpt|command-r|longchat|internlm|lamda|chinchilla|deepseek|qwq|xgen|marco|deepscaler|mamba"
        r"|byte|recurrent-depth|looped|recursive",
    ),
    "vlm": ("vision and language models", r"llava|blip|qwen.*vl|flamingo|video-llava"),
    "diffusion": (
        "diffusion models",
        r"\bdit\b|diffusion|ldm|ddpm|sora|latte|pixart|flux|hunyuan|emu\b",
    ),
    "rnn": ("recurrent networks", r"lstm|gru\b|rnn|recurrent|sequence-to-sequence"),
    "moe": ("mixtures of experts", r"moe|switch transformer|expert|mixtral"),
    "mlp": ("perceptrons and trees", r"\bmlp|tree|capsule|linear"),
    "graph": ("points and graphs", r"graph|point|dgcnn|3d cnn|gnn"),
}
"""Families of backbones, and how one is told by the name of a backbone, which may belong to
several ("ResNet and LSTM")."""

CHOICES: dict[str, dict[str, str]] = {
    "adapts": ADAPTS,
    "granularity": GRANULARITY,
    "decision": DECISION,
    "training": TRAINING,
    "needs_training": NEEDS_TRAINING,
    "needs_inference": NEEDS_INFERENCE,
}
"""The attributes that hold several of their words."""

LABELS = {
    "name_zh": "Name in Chinese",
    "adapts": "What adapts",
    "granularity": "Decided for each",
    "decision": "Decided by",
    "training": "How the decision is trained",
    "needs_training": "Training needs",
    "needs_inference": "Inference needs",
    "batching": "Batches",
    "backbones": "Backbones",
    "tasks": "Tasks",
    "code": "Code",
    "extends": "Extends",
    "answers": "Answers",
    "compared_with": "Compared with",
}
"""Attributes as pages call them, in the order in which they stand there."""


@lru_cache(maxsize=2048)
def _families_of(backbone: str) -> tuple[str, ...]:
    written = backbone.casefold()
    return tuple(name for name, (_, fits) in FAMILIES.items() if re.search(fits, written))


def families(backbones: Iterable[str]) -> list[str]:
    """Families to which the backbones belong, each once, in the order of FAMILIES."""
    own = {name for backbone in backbones for name in _families_of(backbone)}
    return [name for name in FAMILIES if name in own]
