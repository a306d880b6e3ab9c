"""Shapes of the models compared, from their papers, model cards and configuration files."""

from collections.abc import Callable
from functools import partial

from torch import nn

from .model import (
    Attention,
    AttentionExperts,
    Decoder,
    Experts,
    FeedForward,
    LatentAttention,
)


def llama(
    width: int, layers: int, heads: int, hidden: int, vocabulary: int = 32000, kv_width: int = 0
) -> Decoder:
    """Touvron et al. 2023: gated feed-forward, rotary positions, no biases."""
    return Decoder(
        vocabulary,
        width,
        layers,
        lambda _: Attention(width, heads, kv_width),
        lambda _: FeedForward(width, hidden),
    )


def gpt(
    width: int, layers: int, heads: int, vocabulary: int, positions: int = 2048, tied: bool = True
) -> Decoder:
    """Brown et al. 2020: a hidden width of four times the width, biases everywhere."""
    return Decoder(
        vocabulary,
        width,
        layers,
        lambda _: Attention(width, heads, bias="all"),
        lambda _: FeedForward(width, 4 * width, gated=False, bias=True),
        nn.LayerNorm,
        positions,
        tied,
    )


def gemma_2b() -> Decoder:
    """Gemma Team 2024, Table 1: eight query heads of 256 share one key; the head is tied."""
    return Decoder(
        256000,
        2048,
        18,
        lambda _: Attention(2048, 8, 256),
        lambda _: FeedForward(2048, 16384),
        tied=True,
    )


def jetmoe() -> Decoder:
    """Shen et al. 2024, Table 1: two of eight experts in attention and in feed-forward."""
    return Decoder(
        32000,
        2048,
        24,
        lambda _: AttentionExperts(2048, 16, 8, 2),
        lambda _: Experts(2048, 5632, 8, 2),
        tied=True,
    )


def llama_moe(pieces: int, active: int) -> Decoder:
    """Zhu et al. 2024, Table 1: the feed-forward layers of LLaMA-2 7B in equal pieces."""
    return Decoder(
        32000,
        4096,
        32,
        lambda _: Attention(4096, 32),
        lambda _: Experts(4096, 11008 // pieces, pieces, active),
    )


def alternating(
    vocabulary: int, width: int, layers: int, heads: int, hidden: int, bias: str, gated: bool
) -> Decoder:
    """Lin et al. 2024, Table 1: every other feed-forward layer becomes four experts, two active."""

    def mixing(layer: int) -> nn.Module:
        if layer % 2:
            return FeedForward(width, hidden, gated, bias=not gated)
        return Experts(width, hidden, 4, 2, gated=gated, bias=not gated)

    norm: Callable[[int], nn.Module] = nn.RMSNorm if gated else nn.LayerNorm
    return Decoder(
        vocabulary, width, layers, lambda _: Attention(width, heads, bias=bias), mixing, norm
    )


def deepseek(
    width: int,
    layers: int,
    attention: Callable[[], nn.Module],
    dense: int,
    hidden: int,
    count: int,
) -> Decoder:
    """Dai et al. 2024, DeepSeek-AI 2024: a dense first layer, six active and two shared experts."""

    def mixing(layer: int) -> nn.Module:
        if layer == 0:
            return FeedForward(width, dense)
        return Experts(width, hidden, count, 6, shared=2 * hidden)

    return Decoder(102400, width, layers, lambda _: attention(), mixing)


MODELS: dict[str, Callable[[], Decoder]] = {
    "llama2-7b": partial(llama, 4096, 32, 32, 11008),
    "llama-13b": partial(llama, 5120, 40, 40, 13824),
    "deepseek-7b": partial(llama, 4096, 30, 32, 11008, 102400),
    "open-llama-3b": partial(llama, 3200, 26, 32, 8640),
    "sheared-llama-2.7b": partial(llama, 2560, 32, 20, 6912),
    "tinyllama-1.1b": partial(llama, 2048, 22, 32, 5632, 32000, 256),
    "gemma-2b": gemma_2b,
    "opt-2.7b": partial(gpt, 2560, 32, 32, 50272, 2050),
    "pythia-2.8b": partial(gpt, 2560, 32, 32, 50304, 0, False),
    "incite-3b": partial(gpt, 2560, 32, 32, 50432, 0, False),
    "gpt-j-6b": partial(gpt, 4096, 28, 16, 50400, 0, False),
    "gpt-350m": partial(gpt, 1024, 24, 16, 50257),
    "gpt-1.3b": partial(gpt, 2048, 24, 16, 50257),
    "gpt-6.7b": partial(gpt, 4096, 32, 32, 50257),
    "jetmoe-8b": jetmoe,
    "llama-moe-2-16": partial(llama_moe, 16, 2),
    "llama-moe-4-16": partial(llama_moe, 16, 4),
    "llama-moe-2-8": partial(llama_moe, 8, 2),
    "moe-llava-stablelm": partial(alternating, 100352, 2048, 24, 32, 5632, "qkv", True),
    "moe-llava-qwen": partial(alternating, 151936, 2048, 24, 16, 5504, "qkv", True),
    "moe-llava-phi2": partial(alternating, 51200, 2560, 32, 32, 10240, "all", False),
    "deepseekmoe-16b": partial(deepseek, 2048, 28, partial(Attention, 2048, 16), 10944, 1408, 64),
    "deepseek-v2": partial(
        deepseek, 5120, 60, partial(LatentAttention, 5120, 128, 1536), 12288, 1536, 160
    ),
    "deepseek-v2-lite": partial(
        deepseek, 2048, 27, partial(LatentAttention, 2048, 16), 10944, 1408, 64
    ),
}
