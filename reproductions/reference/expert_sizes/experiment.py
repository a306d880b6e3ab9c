"""Parameters that one token uses, for the models that papers on experts put side by side."""

from dataclasses import dataclass

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace

from .model import Decoder, Experts, idle
from .shapes import MODELS

WHOLE, ACTIVE = "params:trainable", "params:active"
UNEMBEDDED = "params:active-no-input-embedding"


@dataclass(frozen=True)
class PrintedTable:
    """A table that prints one size of a model beside each of its results.

    unit: as the ledger has it; a B is 1e9 and an M 1e6 parameters.
    """

    name: str
    unit: str
    convention: str
    models: tuple[str, ...]
    rows: tuple[str, ...]


MOE_LLAVA = ("moe-llava-stablelm", "moe-llava-qwen", "moe-llava-phi2")
GPT = ("350m", "1.3b", "6.7b")
ZERO_SHOT = ("lambada", "piqa", "boolq", "race-h", "triviaqa")
LEADERBOARD = ("average", "mmlu", "gsm8k", "hellaswag")
DEEPSEEK = ("mmlu", "bbh", "humaneval", "gsm8k")
BASE = "dense base model, from the row name"

TABLES = (
    PrintedTable(
        "moe-llava",
        "B activated",
        ACTIVE,
        MOE_LLAVA,
        ("average", "vqav2", "gqa", "textvqa", "mmbench"),
    ),
    PrintedTable(  # another size of the images, the same language models
        "moe-llava-384",
        "B activated",
        ACTIVE,
        (MOE_LLAVA[0], MOE_LLAVA[2]),
        ("average", "vqav2", "gqa", "textvqa", "mmbench"),
    ),
    PrintedTable("moe-llava-dense", "B activated", ACTIVE, ("llama2-7b",), ("average",)),
    PrintedTable(
        "jetmoe",
        "B activated",
        ACTIVE,
        ("llama2-7b", "llama-13b", "gemma-2b", "jetmoe-8b", "deepseekmoe-16b"),
        LEADERBOARD,
    ),
    PrintedTable(
        "llama-moe",
        "B activated",
        ACTIVE,
        ("llama-moe-2-16", "llama-moe-4-16", "llama-moe-2-8"),
        ("average", "mmlu", "hellaswag"),
    ),
    PrintedTable(
        "llama-moe-dense",
        "B, from the model name",
        WHOLE,
        ("opt-2.7b", "pythia-2.8b", "incite-3b", "open-llama-3b", "sheared-llama-2.7b"),
        ("average",),
    ),
    PrintedTable("deepseek-dense", "B, from the model name", WHOLE, ("deepseek-7b",), DEEPSEEK),
    PrintedTable("deepseek-v2", "B activated", ACTIVE, ("deepseek-v2",), DEEPSEEK),
    PrintedTable("deepseek-v2-lite", "B activated", UNEMBEDDED, ("deepseek-v2-lite",), DEEPSEEK),
    PrintedTable(
        "openmoe-dense",
        "B at inference, as printed",
        WHOLE,
        ("gpt-j-6b", "tinyllama-1.1b", "open-llama-3b"),
        ("mt-bench",),
    ),
    PrintedTable("deepspeed", f"M {BASE}", WHOLE, ("gpt-350m",), ZERO_SHOT),
    PrintedTable("deepspeed", f"B {BASE}", WHOLE, ("gpt-1.3b", "gpt-6.7b"), ZERO_SHOT),
    PrintedTable("deepspeed-moe", f"M {BASE}", WHOLE, ("gpt-350m",), ZERO_SHOT),
    PrintedTable("deepspeed-moe", f"B {BASE}", WHOLE, ("gpt-1.3b",), ZERO_SHOT),
)


def run(report: Reporter, seed: int) -> None:
    """Every model once on the meta device, then a row of each table; a small one runs a token."""
    with torch.device("meta"):
        sizes = {name: under_conventions(model()) for name, model in MODELS.items()}
        for name, counts in sizes.items():
            report.point(
                "active against total parameters", counts[WHOLE], counts[ACTIVE], label=name
            )
    for table in TABLES:
        for model in table.models:
            value = sizes[model][table.convention] / (1e9 if table.unit.startswith("B") else 1e6)
            for row in table.rows:
                report.measure(
                    f"{table.name}-{model}-{row}",
                    value,
                    metric="params",
                    unit=table.unit,
                    setting=f"{model}, as printed beside {row}",
                    convention=table.convention,
                )
    report_token(report)


def under_conventions(model: Decoder) -> dict[str, int]:
    """Parameters of one model: all, what a token uses, and that without the input embedding."""
    total = parameter_count(model)
    active = total - idle(model)
    embedding = model.embedding.weight
    tied = model.head.weight is embedding
    return {WHOLE: total, ACTIVE: active, UNEMBEDDED: active - (0 if tied else embedding.numel())}


def report_token(report: Reporter) -> None:
    """What the counter sees of one token's expert layers is what the sizes call active."""
    with torch.device("meta"):
        layer = Experts(64, 96, count=8, active=2, shared=32).eval()
        seen = trace(layer, torch.empty(1, 64))
        active = parameter_count(layer) - idle(layer)
    report.measure(
        "token-against-sizes",
        float(seen.under("mac:with-products") - active),
        metric="difference",
        unit="1",
        setting="multiply-accumulates of a token less active parameters, a layer without biases",
    )
