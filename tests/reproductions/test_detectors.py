"""Backbones, pyramids, heads."""

import pytest
import torch

from reproductions.protocol.cost import parameter_count, trace
from reproductions.reference.detectors.backbones import Backbone, ChannelAttention, Involution
from reproductions.reference.detectors.model import Masks, Pyramid, RetinaNet, TwoStage, regions


@torch.no_grad()
def test_each_position_has_a_kernel_of_its_own():
    torch.manual_seed(0)
    layer, x = Involution(16, 3).eval(), torch.randn(1, 16, 5, 5)
    moved = x.clone()
    moved[..., 0, 0] += 1

    changed = (layer(moved) - layer(x)).abs().amax(1)[0] > 1e-6

    assert changed[:2, :2].all()
    assert not changed[2:, :].any()
    assert not changed[:, 2:].any()


@torch.no_grad()
def test_channel_attention_mixes_neighbouring_channels_only():
    layer, x = ChannelAttention(3), torch.rand(1, 8, 2, 2)
    moved = x.clone()
    moved[:, 0] += 1

    before, after = layer(x) / x, layer(moved) / moved

    assert not torch.allclose(before[:, :2], after[:, :2])
    assert torch.allclose(before[:, 2:], after[:, 2:])


@pytest.mark.parametrize("coarser", ["pool", "convolve"])
def test_a_pyramid_has_five_maps_each_half_of_the_one_before(coarser):
    with torch.device("meta"):
        scales = Backbone("plain", (1, 1, 1, 1))(torch.empty(1, 3, 256, 256))
        maps = Pyramid(coarser)(scales)

    sides = [x.shape[-1] for x in maps]
    assert sides == ([64, 32, 16, 8, 4] if coarser == "pool" else [32, 16, 8, 4, 2])


def test_detectors_have_the_known_sizes():
    with torch.device("meta"):
        two = TwoStage(Backbone("plain"), masks=False)
        one = RetinaNet(Backbone("plain"))

        assert round(parameter_count(two) / 1e6, 2) == 41.53
        assert round(parameter_count(one) / 1e6, 2) == 37.74


def test_a_mask_costs_what_its_layers_do():
    with torch.device("meta"):
        macs = trace(Masks().eval(), regions(1, 14)).under("mac:conv-fc")

    assert macs == 196 * (4 * 9 * 256**2 + 4 * 256**2) + 784 * 256 * 80
