"""The words in which methods are described, one list for each attribute. Pure.

Data files, forms, facets, the API and the pages all take them from here; a new value is one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from accounts.words import Words

ADAPTS = {
    "depth": Words("depth"),
    "layers-per-token": Words("layers for each token"),
    "width": Words("width"),
    "experts": Words("experts"),
    "weights": Words("weights"),
    "features": Words("features"),
    "pixels": Words("pixels"),
    "regions": Words("regions"),
    "resolution": Words("resolution"),
    "tokens": Words("tokens"),
    "frames": Words("frames"),
    "time-steps": Words("time steps"),
    "kv-cache": Words("key-value cache"),
    "drafts": Words("drafts"),
    "reasoning-length": Words("length of reasoning"),
    "modality": Words("modality"),
}
"""What adapts."""

GRANULARITY = {
    "sample": Words("sample"),
    "request": Words("request or user"),
    "token": Words("token"),
    "pixel": Words("pixel"),
    "region": Words("region"),
    "frame": Words("frame"),
    "step": Words("step"),
    "channel": Words("channel"),
}
"""For what a decision is made each time."""

DECISION = {
    "confidence": Words("confidence"),
    "entropy": Words("entropy"),
    "patience": Words("patience"),
    "halting-score": Words("halting score"),
    "learned-gate": Words("learned gate"),
    "router-top-k": Words("router, top k"),
    "policy-network": Words("policy network"),
    "attention-score": Words("attention score"),
    "similarity": Words("similarity"),
    "budget-solver": Words("budget solver"),
    "rule": Words("rule"),
}
"""Who or what decides."""

TRAINING = {
    "none": Words("none, works on a trained model"),
    "end-to-end": Words("end to end"),
    "joint-exits": Words("exits trained together"),
    "straight-through": Words("straight-through estimator"),
    "gumbel": Words("Gumbel softmax"),
    "reinforcement": Words("reinforcement learning"),
    "soft-then-hard": Words("soft, then hard"),
    "distillation": Words("distillation"),
    "load-balancing": Words("load-balancing loss"),
    "ponder-cost": Words("ponder cost"),
    "cost-penalty": Words("penalty on cost or sparsity"),
    "supervised-predictor": Words("predictor with labels"),
    "sandwich-rule": Words("sandwich rule"),
    "fine-tuning": Words("fine-tuning"),
    "stages": Words("in stages"),
    "separate": Words("parts trained apart"),
    "search": Words("search"),
}
"""How the decision is trained."""

NEEDS_TRAINING = {
    "trained-model": Words("a trained model"),
    "teacher": Words("a teacher or deeper exits as teacher"),
    "exit-losses": Words("a loss at every exit"),
    "reward": Words("a reward that weighs accuracy against cost"),
    "balance-loss": Words("a loss that keeps experts busy"),
    "decision-labels": Words("labels for decisions"),
    "relaxed-gates": Words("relaxed gates with a temperature"),
}
"""What training needs beyond the task's own data and loss."""

NEEDS_INFERENCE = {
    "threshold": Words("a threshold, set on held-out data"),
    "extra-network": Words("a small network that runs first"),
    "gate-modules": Words("gates inside the network"),
    "all-experts": Words("all experts in memory"),
    "scores-at-hand": Words("scores that the network computes anyway"),
    "solver": Words("a solver for a budget"),
    "draft-and-verify": Words("drafts, and their verification"),
}
"""What inference needs beyond the network itself."""

BATCHING = {
    "friendly": Words("batches well"),
    "needs-grouping": Words("batches after regrouping"),
    "unfriendly": Words("batches badly"),
}
"""Whether several inputs run together without loss; friendly: same shapes for all of a batch."""

FAMILIES = {
    "resnet": (Words("ResNet and its kin"), r"resnet|resnext|densenet|regnet|rednet|srresnet|redn"),
    "mobile": (
        Words("MobileNet, ShuffleNet"),
        r"mobilenet|shufflenet|ghostnet|efficientnet|ofa\b|shiftnet",
    ),
    "cnn": (
        Words("other convolutional networks"),
        r"\bcnn|vgg|alexnet|\blenet|inception|googlenet|\bnin\b|hrnet|u-net|fcn|yolo|r-cnn|retinanet"
        r"|deeplab|fsrcnn|carn|rcan|edsr|rdn|convnext|x3d|tsm|tsn|fpn|efficientdet|swiftnet|bagnet"
        r"|sniper|r-fcn|fcos",
    ),
    "vit": (
        Words("vision Transformers"),
        r"\b(?:vit|deit|lv-vit|swin|t2t|pvt|levit|pit|mae|mvit|vivit|videoswin|u-vit)\b"
        r"|vision trans|vit-style|swinv2",
    ),
    "bert": (Words("BERT and encoders"), r"bert|electra|xlnet|encoder router|clip"),
    "seq2seq": (
        Words("encoder and decoder Transformers"),
        r"\bm?t5|bart|nllb|encoder-decoder|^transformer",
    ),
    "llm": (
        Words("language models (decoders)"),
        r"llama|gpt|opt\b|mistral|mixtral|vicuna|qwen|pythia|falcon|gemma|phi|decoder|llm|glm|yi\b"
        r"|mpt|command-r|longchat|internlm|lamda|chinchilla|deepseek|qwq|xgen|marco|deepscaler|mamba"
        r"|byte|recurrent-depth|looped|recursive",
    ),
    "vlm": (Words("vision and language models"), r"llava|blip|qwen.*vl|flamingo|video-llava"),
    "diffusion": (
        Words("diffusion models"),
        r"\bdit\b|diffusion|ldm|ddpm|sora|latte|pixart|flux|hunyuan|emu\b",
    ),
    "rnn": (Words("recurrent networks"), r"lstm|gru\b|rnn|recurrent|sequence-to-sequence"),
    "moe": (Words("mixtures of experts"), r"moe|switch transformer|expert|mixtral"),
    "mlp": (Words("perceptrons and trees"), r"\bmlp|tree|capsule|linear"),
    "graph": (Words("points and graphs"), r"graph|point|dgcnn|3d cnn|gnn"),
}
"""Families of backbones, and how one is told by the name of a backbone, which may belong to
several ("ResNet and LSTM")."""

CHOICES: Mapping[str, Mapping[str, str]] = {
    "adapts": ADAPTS,
    "granularity": GRANULARITY,
    "decision": DECISION,
    "training": TRAINING,
    "needs_training": NEEDS_TRAINING,
    "needs_inference": NEEDS_INFERENCE,
}
"""The attributes that hold several of their words."""

LABELS = {
    "name_zh": Words("Name in Chinese"),
    "adapts": Words("What adapts"),
    "granularity": Words("Decided for each"),
    "decision": Words("Decided by"),
    "training": Words("How the decision is trained"),
    "needs_training": Words("Training needs"),
    "needs_inference": Words("Inference needs"),
    "batching": Words("Batches"),
    "backbones": Words("Backbones"),
    "tasks": Words("Tasks"),
    "code": Words("Code"),
    "extends": Words("Extends"),
    "answers": Words("Answers"),
    "compared_with": Words("Compared with"),
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
