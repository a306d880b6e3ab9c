"""To activate or not."""

import pytest
import torch
import torch.nn.functional as F

from reproductions.protocol.cost import parameter_count, trace
from reproductions.reference.acon.model import (
    AconC,
    MetaAcon,
    ReLU,
    ResNet,
    ShuffleBlock,
    ShuffleNetV2,
    Swish,
)


@torch.no_grad()
@pytest.mark.parametrize(("beta", "expected"), [(1.0, F.silu), (1e6, F.relu)])
def test_acon_is_swish_and_relu_at_the_ends_of_its_switch(beta, expected):
    layer, x = AconC(2), torch.randn(3, 2, 4, 4)
    layer.p1.fill_(1.0)
    layer.p2.fill_(0.0)
    layer.beta.fill_(beta)

    assert torch.allclose(layer(x), expected(x), atol=1e-5)


@torch.no_grad()
def test_meta_acon_switches_each_image_by_itself():
    torch.manual_seed(0)
    layer = MetaAcon(4, reduction=2).eval()
    images = torch.randn(2, 4, 3, 3) * torch.tensor([0.1, 10.0]).view(2, 1, 1, 1)

    switches = layer.switch(images)

    assert switches.shape == (2, 4, 1, 1)
    assert not torch.allclose(switches[0], switches[1])
    assert torch.allclose(layer(images)[:1], layer(images[:1]), atol=1e-6)


@torch.no_grad()
def test_a_shuffle_block_passes_every_other_channel():
    block, x = ShuffleBlock(8, 8, 1, Swish).eval(), torch.randn(1, 8, 4, 4)

    assert torch.equal(block(x)[:, :4], x[:, ::2])


def test_networks_have_the_published_sizes_and_costs():
    with torch.device("meta"):
        image = torch.empty(1, 3, 224, 224)
        shuffle = ShuffleNetV2((48, 96, 192), ReLU).eval()
        residual = ResNet((3, 4, 6, 3), ReLU).eval()
        shuffle_macs, macs = (
            trace(network, image).under("mac:conv-fc") for network in (shuffle, residual)
        )

    assert parameter_count(residual) == 25_557_032
    assert round(parameter_count(shuffle) / 1e6, 1) == 1.4
    assert (round(shuffle_macs / 1e6), round(macs / 1e9, 1)) == (40, 3.9)
