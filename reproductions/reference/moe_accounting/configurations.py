"""Shapes of published models, from their papers, model cards and configuration files."""

from collections.abc import Callable

from torch import nn

from .layers import Attention, FeedForward, LatentAttention, MixtureOfExperts
from .model import Block, EncoderDecoder, LanguageModel

# --- language models with a mixture in (almost) every layer --------------------------------------


def mixtral_8x7b() -> LanguageModel:
    """Jiang et al. 2024, Table 1."""
    return _mixtral(width=4096, layers=32, heads=32, hidden=14336, vocabulary=32000)


def mixtral_8x22b() -> LanguageModel:
    """Configuration file of the release."""
    return _mixtral(width=6144, layers=56, heads=48, hidden=16384, vocabulary=32768)


def _mixtral(width: int, layers: int, heads: int, hidden: int, vocabulary: int) -> LanguageModel:
    blocks = (
        Block(width, Attention(width, heads, 8), MixtureOfExperts(width, hidden, 8, 2))
        for _ in range(layers)
    )
    return LanguageModel(vocabulary, width, blocks)


def deepseekmoe_16b() -> LanguageModel:
    """Dai et al. 2024, section 5: the first layer is dense, two of the experts are shared."""
    mixing = _deepseek_mixing(2048, 1, 10944, 1408, count=64, active=6, shared=2)
    return LanguageModel(
        102400, 2048, (Block(2048, Attention(2048, 16), mixing(layer)) for layer in range(28))
    )


def deepseekmoe_145b() -> LanguageModel:
    """Dai et al. 2024, section 7; the expert width is not printed and 1408 is our assumption."""
    mixing = _deepseek_mixing(4096, 1, 8 * 1408, 1408, count=128, active=12, shared=4)
    return LanguageModel(
        102400, 4096, (Block(4096, Attention(4096, 32), mixing(layer)) for layer in range(62))
    )


def deepseek_v2() -> LanguageModel:
    """DeepSeek-AI 2024, section 3.1.2."""
    mixing = _deepseek_mixing(5120, 1, 12288, 1536, count=160, active=6, shared=2)
    return LanguageModel(
        102400,
        5120,
        (Block(5120, LatentAttention(5120, 128, 1536), mixing(layer)) for layer in range(60)),
    )


def deepseek_v2_lite() -> LanguageModel:
    """DeepSeek-AI 2024, appendix B: queries are not compressed."""
    mixing = _deepseek_mixing(2048, 1, 10944, 1408, count=64, active=6, shared=2)
    return LanguageModel(
        102400,
        2048,
        (Block(2048, LatentAttention(2048, 16, 0), mixing(layer)) for layer in range(27)),
    )


def deepseek_v3() -> LanguageModel:
    """DeepSeek-AI 2024b, section 4.2, without the module for multi-token prediction."""
    mixing = _deepseek_mixing(7168, 3, 18432, 2048, count=256, active=8, shared=1, router_bias=True)
    return LanguageModel(
        129280,
        7168,
        (Block(7168, LatentAttention(7168, 128, 1536), mixing(layer)) for layer in range(61)),
    )


def _deepseek_mixing(
    width: int,
    dense_layers: int,
    dense_hidden: int,
    hidden: int,
    count: int,
    active: int,
    shared: int,
    router_bias: bool = False,
) -> Callable[[int], nn.Module]:
    def mixing(layer: int) -> nn.Module:
        if layer < dense_layers:
            return FeedForward(width, dense_hidden)
        return MixtureOfExperts(
            width, hidden, count, active, shared=shared * hidden, router_bias=router_bias
        )

    return mixing


def olmoe() -> LanguageModel:
    """Muennighoff et al. 2025, Table 1; queries and keys are normalised over all heads."""
    blocks = (
        Block(2048, Attention(2048, 16, qk_norm=2048), MixtureOfExperts(2048, 1024, 64, 8))
        for _ in range(16)
    )
    return LanguageModel(50304, 2048, blocks)


def gpt_oss_120b() -> LanguageModel:
    """OpenAI 2025, model card."""
    return _gpt_oss(layers=36, count=128)


def gpt_oss_20b() -> LanguageModel:
    """OpenAI 2025, model card."""
    return _gpt_oss(layers=24, count=32)


def _gpt_oss(layers: int, count: int) -> LanguageModel:
    blocks = (
        Block(
            2880,
            Attention(2880, 64, 8, head_width=64, bias="all", sinks=True),
            MixtureOfExperts(2880, 2880, count, 4, router_bias=True, expert_bias=True),
        )
        for _ in range(layers)
    )
    return LanguageModel(201088, 2880, blocks)


def qwen15_moe() -> LanguageModel:
    """Qwen1.5-MoE-A2.7B: 60 routed experts and a gated shared one of four times their width."""
    blocks = (
        Block(
            2048,
            Attention(2048, 16, bias="qkv"),
            MixtureOfExperts(2048, 1408, 60, 4, shared=5632, shared_gate=True),
        )
        for _ in range(24)
    )
    return LanguageModel(151936, 2048, blocks)


def qwen3_30b() -> LanguageModel:
    """Yang et al. 2025, Qwen3-30B-A3B."""
    return _qwen3(width=2048, layers=48, heads=32, hidden=768)


def qwen3_235b() -> LanguageModel:
    """Yang et al. 2025, Qwen3-235B-A22B."""
    return _qwen3(width=4096, layers=94, heads=64, hidden=1536)


def _qwen3(width: int, layers: int, heads: int, hidden: int) -> LanguageModel:
    blocks = (
        Block(
            width, Attention(width, heads, 4, qk_norm=128), MixtureOfExperts(width, hidden, 128, 8)
        )
        for _ in range(layers)
    )
    return LanguageModel(151936, width, blocks)


def grok_1() -> LanguageModel:
    """xAI 2024, the released code: four norms a block, embedding and head tied."""
    blocks = (
        Block(6144, Attention(6144, 48, 8), MixtureOfExperts(6144, 32768, 8, 2), post_norms=True)
        for _ in range(64)
    )
    return LanguageModel(131072, 6144, blocks, tied=True)


def glam(
    width: int, layers: int, hidden: int, heads: int, head_width: int, count: int
) -> LanguageModel:
    """Du et al. 2022: every other layer is a mixture, top 2; only dense layers are gated."""
    blocks = (
        Block(
            width,
            Attention(width, heads, head_width=head_width),
            MixtureOfExperts(width, hidden, count, 2, gated=False)
            if layer % 2
            else FeedForward(width, hidden),
        )
        for layer in range(layers)
    )
    return LanguageModel(256_000, width, blocks, tied=True)


# --- T5 and Switch -------------------------------------------------------------------------------


def t5(width: int, hidden: int, heads: int, layers: int) -> EncoderDecoder:
    """T5 v1.1: gated feed-forward layers, no biases, embedding and head apart."""
    return EncoderDecoder(32128, width, heads, 64, layers, lambda _: FeedForward(width, hidden))


def switch(
    width: int, hidden: int, heads: int, layers: int, count: int, every: int, gated: bool
) -> EncoderDecoder:
    """Fedus et al. 2022, Table 9: a mixture with one active expert in every `every`-th layer."""

    def mixing(layer: int) -> nn.Module:
        if layer % every == every - 1:
            return MixtureOfExperts(width, hidden, count, 1, gated)
        return FeedForward(width, hidden, gated)

    return EncoderDecoder(32128, width, heads, 64, layers, mixing)


LANGUAGE_MODELS: dict[str, Callable[[], LanguageModel]] = {
    "mixtral-8x7b": mixtral_8x7b,
    "mixtral-8x22b": mixtral_8x22b,
    "deepseekmoe-16b": deepseekmoe_16b,
    "deepseekmoe-145b": deepseekmoe_145b,
    "deepseek-v2": deepseek_v2,
    "deepseek-v2-lite": deepseek_v2_lite,
    "deepseek-v3": deepseek_v3,
    "olmoe-1b-7b": olmoe,
    "gpt-oss-120b": gpt_oss_120b,
    "gpt-oss-20b": gpt_oss_20b,
    "qwen1.5-moe": qwen15_moe,
    "qwen3-30b": qwen3_30b,
    "qwen3-235b": qwen3_235b,
    "grok-1": grok_1,
    "glam-64b-64e": lambda: glam(8192, 64, 32768, 128, 128, 64),
    "glam-8b-64e": lambda: glam(4096, 32, 16384, 32, 128, 64),
    "glam-1.7b-64e": lambda: glam(2048, 24, 8192, 16, 128, 64),
    "glam-1.7b-256e": lambda: glam(2048, 24, 8192, 16, 128, 256),
    "glam-0.1b-64e": lambda: glam(768, 12, 3072, 12, 64, 64),
}

ENCODER_DECODERS: dict[str, Callable[[], EncoderDecoder]] = {
    "t5-base": lambda: t5(768, 2048, 12, 12),
    "t5-large": lambda: t5(1024, 2816, 16, 24),
    "t5-xxl": lambda: t5(4096, 10240, 64, 24),
    "switch-base": lambda: switch(768, 2048, 12, 12, 128, 2, True),
    "switch-large": lambda: switch(1024, 2816, 16, 24, 128, 2, True),
    "switch-xxl": lambda: switch(4096, 10240, 64, 24, 64, 2, True),
    "switch-xxl-128-experts": lambda: switch(4096, 10240, 64, 24, 128, 2, True),
    "switch-c": lambda: switch(2080, 6144, 32, 15, 2048, 1, False),
}

# Experts and first-level branching of Shazeer et al. 2017, appendices C.1 and D.
NOISY_TOP_K: dict[str, tuple[int, int]] = {
    "moe-4": (4, 0),
    "moe-32": (32, 0),
    "moe-256": (256, 0),
    "moe-256-h": (256, 16),
    "moe-1024-h": (1024, 16),
    "moe-4096-h": (4096, 16),
    "moe-16384-h": (16384, 128),
    "moe-65536-h": (65536, 256),
    "moe-131072-h": (131072, 256),
}
