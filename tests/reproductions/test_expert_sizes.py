"""Decoders with experts, and what one token uses of them."""

import pytest
import torch

from reproductions.protocol.cost import parameter_count, trace
from reproductions.reference.expert_sizes.model import (
    Attention,
    AttentionExperts,
    Decoder,
    Experts,
    FeedForward,
    LatentAttention,
    idle,
)
from reproductions.reference.expert_sizes.shapes import MODELS


@pytest.mark.parametrize(
    "layer",
    [
        lambda: Experts(16, 24, count=4, active=2),
        lambda: Experts(16, 24, count=4, active=1, gated=False),
        lambda: Experts(16, 24, count=8, active=3, shared=8),
    ],
)
def test_a_token_multiplies_what_is_called_active(layer):
    with torch.device("meta"):
        module = layer()
        macs = trace(module, torch.empty(1, 16)).under("mac:with-products")

    assert macs == parameter_count(module) - idle(module)


@torch.no_grad()
def test_a_mixture_of_equal_experts_is_one_of_them():
    torch.manual_seed(0)
    mixture, dense = Experts(8, 12, count=3, active=2), FeedForward(8, 12)
    for bank, linear in zip(
        (mixture.gate, mixture.up, mixture.down), (dense.gate, dense.up, dense.down), strict=True
    ):
        bank.weight.copy_(linear.weight.t().expand_as(bank.weight))
    x = torch.randn(5, 8)

    assert torch.allclose(mixture(x), dense(x), atol=1e-5)


@torch.no_grad()
@pytest.mark.parametrize(
    "attention",
    [
        lambda: Attention(32, 4, 16, bias="qkv"),
        lambda: AttentionExperts(32, 4, count=3, active=2),
        lambda: LatentAttention(32, 2, 8),
        lambda: LatentAttention(32, 2),
    ],
)
def test_no_token_sees_a_later_one(attention):
    torch.manual_seed(0)
    decoder = Decoder(11, 32, 1, lambda _: attention(), lambda _: FeedForward(32, 16))
    for parameter in decoder.parameters():
        parameter.normal_(std=0.1)
    tokens = torch.tensor([1, 2, 3, 4])

    before, after = decoder(tokens), decoder(torch.tensor([1, 2, 3, 9]))

    assert torch.allclose(before[:3], after[:3], atol=1e-5)
    assert not torch.allclose(before[3], after[3])


@pytest.mark.parametrize(
    ("name", "billions"), [("llama2-7b", 6.738), ("tinyllama-1.1b", 1.1), ("gemma-2b", 2.506)]
)
def test_dense_models_have_their_known_sizes(name, billions):
    with torch.device("meta"):
        assert parameter_count(MODELS[name]()) / 1e9 == pytest.approx(billions, abs=1e-3)
