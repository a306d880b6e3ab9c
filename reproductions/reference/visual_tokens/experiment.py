"""Prefill of the visual tokens under the ways of counting of four tables."""

from functools import cache

import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace

from .model import (
    LLAMA_7B,
    QWEN2_7B,
    QWEN2_7B_BY_FASTV,
    DecoderLayer,
    Shape,
    fastv,
    prefill,
    pyramid,
    whole,
)
from .model import run as run_layers

MACS, FLOPS = "mac:with-products", "flop2:with-products"

IMAGE = 576  # LLaVA-1.5: 24 x 24 patches
VIDEO = 32 * 196  # LLaVA-OneVision: 32 frames of 14 x 14
LONG_VIDEO = 64 * 169  # LLaVA-Video: 64 frames of 13 x 13


def run(report: Reporter, seed: int) -> None:
    """Costs by table, then a small model that drops tokens."""
    report_images(report)
    report_fastvid(report)
    report_formula(report)
    report_merging(report)
    report_dropping(report, seed)


@cache
def layer_cost(shape: Shape, tokens: int) -> int:
    """Multiply-accumulates of one layer with so many tokens."""
    with torch.device("meta"):
        return trace(DecoderLayer(shape).eval(), torch.empty(tokens, shape.width)).under(MACS)


def cost(shape: Shape, tokens: list[int]) -> int:
    """Multiply-accumulates of all layers."""
    return prefill(tokens, lambda count: layer_cost(shape, count))


def measure(report: Reporter, name: str, value: float, setting: str, kind: str = MACS) -> None:
    """A cost; the tables print it as FLOPs."""
    report.measure(name, value, metric="flops", unit="1", setting=setting, convention=kind)


def report_images(report: Reporter) -> None:
    """LLaVA-1.5 7B: 576 tokens of one picture, all of them and under two schedules."""
    schedules = {
        "llava": whole(LLAMA_7B, IMAGE),
        "fastv": fastv(LLAMA_7B, IMAGE),
        "pdrop": pyramid(LLAMA_7B, IMAGE),
    }
    for name, tokens in schedules.items():
        macs = cost(LLAMA_7B, tokens)
        for data_set in ("scienceqa", "pope", "mmbench"):
            measure(report, f"image-{name}-{data_set}", macs, f"LLaVA-1.5 7B, {name}")
        for index, count in enumerate(tokens):
            report.point("visual tokens against layer", index + 1, count, series=name)


def between(
    report: Reporter, name: str, shape: Shape, tokens: int, share: tuple[float, float]
) -> None:
    """Costs at both ends of a share in per cent that was rounded before it was printed."""
    for end, part in zip(("lower", "upper"), share, strict=True):
        kept = round(tokens * part / 100)
        setting = f"{kept} of {tokens} tokens"
        measure(report, f"{name}-{end}", cost(shape, whole(shape, kept)), setting)


def report_fastvid(report: Reporter) -> None:
    """LLaVA-OneVision 7B, 32 frames: as Qwen2 really computes."""
    for data_set in ("mvbench", "videomme"):
        everything = cost(QWEN2_7B, whole(QWEN2_7B, VIDEO))
        measure(report, f"video-whole-{data_set}", everything, f"{VIDEO} tokens")
    between(report, "video-9.7", QWEN2_7B, VIDEO, (9.65, 9.75))
    between(report, "video-10.1", QWEN2_7B, VIDEO, (10.05, 10.15))
    for share in (0.05, 0.1, 0.25, 0.5, 0.75, 1.0):
        tokens = round(VIDEO * share)
        report.point("MACs against tokens kept", tokens, cost(QWEN2_7B, whole(QWEN2_7B, tokens)))


def report_formula(report: Reporter) -> None:
    """The same model and LLaVA-Video by FastV's formula, which knows neither groups nor gates."""
    shape = QWEN2_7B_BY_FASTV
    measure(report, "formula-ov-whole", cost(shape, whole(shape, VIDEO)), f"{VIDEO} tokens")
    between(report, "formula-ov-10", shape, VIDEO, (9.5, 10.5))
    measure(
        report, "formula-video-whole", cost(shape, whole(shape, LONG_VIDEO)), f"{LONG_VIDEO} tokens"
    )
    between(report, "formula-video-25", shape, LONG_VIDEO, (24.5, 25.5))


def report_merging(report: Reporter) -> None:
    """AIM: the text beside the video follows from the printed cost of everything."""
    printed = 99.63e12
    text = 0
    while 2 * cost(QWEN2_7B, whole(QWEN2_7B, VIDEO + text)) < printed:
        text += 1
    report.log(f"text beside the video: {text} tokens")
    for share in (50.0, 25.0, 12.5, 3.1):
        tokens = round(VIDEO * share / 100) + text
        flops = 2 * cost(QWEN2_7B, whole(QWEN2_7B, tokens))
        measure(report, f"merged-{share:g}", flops, f"{tokens} tokens", FLOPS)


@torch.no_grad()
def report_dropping(report: Reporter, seed: int) -> None:
    """A small model: dropping nothing changes nothing, and kept tokens are the attended ones."""
    torch.manual_seed(seed)
    layers = [DecoderLayer(Shape(32, 64, 4, 4, 16)).double().eval() for _ in range(4)]
    x = torch.randn(12, 32, dtype=torch.float64)
    plain = x
    for layer in layers:
        plain = layer(plain)
    report.measure(
        "dropping-nothing",
        (run_layers(layers, x, after=2, count=12) - plain).abs().max().item(),
        metric="difference",
        unit="1",
        setting="largest difference when all twelve tokens are kept",
    )
