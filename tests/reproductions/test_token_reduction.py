"""Fewer tokens: which stay, which merge, and that the class token does."""

import dataclasses
import math

import pytest
import torch

from reproductions.protocol.cost import trace
from reproductions.reference.token_reduction.experiment import TINY
from reproductions.reference.token_reduction.model import (
    LV_VIT_M,
    LV_VIT_S,
    KeepAttended,
    KeepPredicted,
    KeepRandom,
    MergeSimilar,
    Seen,
    VisionTransformer,
    deit,
    dynamic_vit,
    evit,
    tome,
)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def seen(batch: int, tokens: int) -> Seen:
    return Seen(torch.rand(batch, tokens), torch.randn(batch, tokens, 4))


def test_the_attended_tokens_stay_and_the_class_token_comes_first():
    x = torch.arange(6.0).view(1, 6, 1)
    attention = torch.tensor([[0.0, 0.1, 0.5, 0.2, 0.4, 0.3]])

    kept, _ = KeepAttended(0.5, fuse=False)(x, None, Seen(attention, x))

    assert kept.flatten().tolist() == [0, 2, 4, 5]


def test_fusing_adds_the_sum_of_the_dropped_weighted_by_attention():
    x = torch.tensor([[[9.0], [1.0], [2.0], [4.0]]])
    attention = torch.tensor([[0.0, 0.5, 0.2, 0.1]])

    kept, _ = KeepAttended(0.3, fuse=True)(x, None, Seen(attention, x))

    assert kept.flatten().tolist() == pytest.approx([9.0, 1.0, 0.2 * 2 + 0.1 * 4])


@pytest.mark.parametrize("tokens", [2, 5, 17])
def test_merging_keeps_the_weighted_sum_and_the_number_of_patches(tokens):
    x, size = torch.randn(2, tokens, 3), torch.rand(2, tokens) + 1
    merged, grown = MergeSimilar(2)(x, size, seen(2, tokens))

    assert merged.shape[1] == tokens - min(2, (tokens - 1) // 2)
    assert torch.allclose(grown.sum(1), size.sum(1), atol=1e-5)
    before, after = (x * size.unsqueeze(-1)).sum(1), (merged * grown.unsqueeze(-1)).sum(1)
    assert torch.allclose(before, after, atol=1e-4)
    assert torch.allclose(merged[:, 0], x[:, 0])


def test_identical_tokens_are_merged_first():
    x = torch.eye(6).unsqueeze(0)
    x[0, 3] = x[0, 2]

    merged, size = MergeSimilar(1)(x, None, Seen(torch.zeros(1, 6), x))

    assert size.sort().values.flatten().tolist() == [1, 1, 1, 1, 2]
    assert torch.equal(merged[0, size[0] == 2], x[0, 2:3])


def test_predicted_tokens_stay_in_number():
    x = torch.randn(2, 10, 8)

    kept = KeepPredicted(8, 4)(x)

    assert kept.shape == (2, 5, 8)
    assert torch.equal(kept[:, 0], x[:, 0])


def test_random_keeping_keeps_the_same_number_as_attended():
    x = torch.randn(2, 10, 8)

    by_chance, _ = KeepRandom(0.7)(x, None, seen(2, 10))

    assert by_chance.shape[1] == 1 + math.ceil(0.7 * 9)


def test_merging_nothing_changes_nothing():
    network, images = VisionTransformer(TINY).eval(), torch.randn(2, 1, 8, 8)
    plain = network(images)
    for block in network.blocks:
        block.reducer = MergeSimilar(0)

    assert torch.allclose(network(images), plain, atol=1e-5)


@pytest.mark.parametrize(
    "reduced", [dynamic_vit(deit(192), 0.7), evit(deit(192), 0.7, True), tome(deit(192), 8)]
)
def test_every_way_of_reducing_costs_less_than_all_tokens(reduced):
    image = torch.empty(1, 3, 224, 224, device="meta")

    less = trace(reduced.to("meta").eval(), image).under("mac:with-products")

    dense = VisionTransformer(deit(192)).to("meta").eval()
    assert less < 0.8 * trace(dense, image).under("mac:with-products")


@pytest.mark.parametrize(("shape", "macs"), [(LV_VIT_S, 6_551_485_440), (LV_VIT_M, 12_678_045_696)])
def test_the_dense_head_of_lv_vit_works_at_inference_too(shape, macs):
    with torch.device("meta"):
        network = VisionTransformer(shape).eval()
        counted = trace(network, torch.empty(1, 3, 224, 224)).under("mac:with-products")

    assert counted == macs
    assert shape.patches * shape.width * shape.classes == (counted - _without_dense_head(shape))


def _without_dense_head(shape):
    with torch.device("meta"):
        network = VisionTransformer(dataclasses.replace(shape, dense_head=False)).eval()
        return trace(network, torch.empty(1, 3, 224, 224)).under("mac:with-products")


def test_the_dense_head_adds_half_of_the_largest_score_over_tokens():
    shape = dataclasses.replace(TINY, dense_head=True)
    network = VisionTransformer(shape).eval()
    images = torch.randn(2, 1, 8, 8)
    seen = []
    network.norm.register_forward_hook(lambda layer, given, out: seen.append(out))

    logits = network(images)

    tokens = seen[0]
    largest = network.dense_head(tokens[:, 1:]).max(dim=1).values
    assert torch.allclose(logits, network.head(tokens[:, 0]) + largest / 2, atol=1e-6)
