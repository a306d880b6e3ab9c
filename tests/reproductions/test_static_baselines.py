"""Static networks."""

import pytest
import torch

from reproductions.protocol.cost import parameter_count
from reproductions.reference.static_baselines.model import (
    ChannelAttention,
    ConvNeXt,
    DualPath,
    MobileNetV2,
    ResNet,
)


@pytest.mark.parametrize(
    ("network", "parameters"),
    [
        (lambda: ResNet((2, 2, 2, 2), deep=False), 11_689_512),
        (lambda: ResNet((3, 4, 6, 3), deep=False), 21_797_672),
        (lambda: ResNet((3, 4, 6, 3), deep=True), 25_557_032),
        (MobileNetV2, 3_504_872),
        (ConvNeXt, 28_589_128),
    ],
)
def test_networks_have_their_known_sizes(network, parameters):
    with torch.device("meta"):
        assert parameter_count(network()) == parameters


@torch.no_grad()
def test_a_dual_path_block_keeps_what_it_had_and_grows():
    block, x = DualPath(12, 8, 8, 2, 2, 1, opens=False).eval(), torch.randn(1, 12, 4, 4)

    out = block(x)

    assert out.shape[1] == 14
    assert torch.equal(out[:, 8:12], x[:, 8:])


@torch.no_grad()
def test_attention_scales_whole_channels():
    layer, x = ChannelAttention(), torch.rand(2, 6, 3, 3) + 0.1

    scale = layer(x) / x

    assert torch.allclose(scale, scale[..., :1, :1].expand_as(scale))
    assert ((scale > 0) & (scale < 1)).all()
