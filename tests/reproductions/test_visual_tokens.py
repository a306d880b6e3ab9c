"""Fewer visual tokens in a language model."""

import pytest
import torch

from reproductions.protocol.cost import trace
from reproductions.reference.visual_tokens.model import (
    LLAMA_7B,
    DecoderLayer,
    Shape,
    fastv,
    kept_by_attention,
    prefill,
    pyramid,
    run,
    whole,
)


@pytest.mark.parametrize(("kv_width", "gated"), [(16, True), (4, True), (16, False)])
def test_a_layer_costs_what_the_formula_says(kv_width, gated):
    n, d, m = 10, 16, 40
    with torch.device("meta"):
        layer = DecoderLayer(Shape(d, m, 1, 4, kv_width, gated))
        macs = trace(layer, torch.empty(n, d)).under("mac:with-products")

    matrices = 3 if gated else 2
    assert macs == n * d * (2 * d + 2 * kv_width) + 2 * n * n * d + matrices * n * d * m


def test_schedules_keep_what_they_say():
    assert fastv(LLAMA_7B, 576) == [576] * 2 + [288] * 30
    assert pyramid(LLAMA_7B, 576) == [576] * 8 + [288] * 8 + [144] * 8 + [72] * 8
    assert prefill(whole(LLAMA_7B, 7), lambda tokens: tokens) == 7 * 32


@torch.no_grad()
def test_kept_tokens_are_those_the_last_one_attends_to():
    torch.manual_seed(0)
    layer, x = DecoderLayer(Shape(8, 16, 1, 2, 8)), torch.randn(6, 8)
    x[3] = 20 * torch.linalg.pinv(layer.key.weight) @ layer.query(x[-1])

    kept = kept_by_attention(layer, x, 2)

    assert 3 in kept.tolist()
    assert kept.tolist() == sorted(kept.tolist())


@torch.no_grad()
def test_dropped_tokens_leave_the_later_layers():
    torch.manual_seed(0)
    layers = [DecoderLayer(Shape(8, 16, 3, 2, 4)) for _ in range(3)]
    x = torch.randn(9, 8)

    assert len(run(layers, x, after=1, count=4)) in (4, 5)  # the last token always stays
    assert run(layers, x, after=1, count=9).shape == (9, 8)
