"""One set of weights, several widths."""

import pytest
import torch

from reproductions.protocol.cost import trace
from reproductions.reference.slimmable.model import (
    MobileNetV1,
    MobileNetV2,
    ResNet50,
    ShuffleNet,
    SlimmableConv2d,
    make_divisible,
)


@pytest.mark.parametrize(
    ("channels", "rounded"), [(32, 32), (24, 24), (12, 16), (4, 8), (35.2, 32), (28.9, 32), (9, 16)]
)
def test_channels_become_multiples_of_eight_and_lose_at_most_a_tenth(channels, rounded):
    assert make_divisible(channels) == rounded


def test_a_narrow_convolution_is_the_leading_part_of_the_wide_one():
    layer = SlimmableConv2d([4, 8], [6, 12], 3)
    layer.switch = 0
    x = torch.randn(2, 4, 5, 5)

    narrow = layer(x)

    padded = torch.cat([x, torch.zeros(2, 4, 5, 5)], dim=1)
    layer.switch = 1
    assert torch.allclose(narrow, layer(padded)[:, :6], atol=1e-6)


def test_groups_are_sliced_inside_each_group():
    layer = SlimmableConv2d([6, 12], [6, 12], 1, groups=3)
    layer.switch = 0
    x = torch.randn(1, 6, 1, 1)

    weight = layer.weight.view(3, 4, 4)[:, :2, :2]

    expected = torch.einsum("goi,bgi->bgo", weight, x.view(1, 3, 2)).flatten(1)
    assert torch.allclose(layer(x).flatten(1), expected, atol=1e-6)


@pytest.mark.parametrize("network", [MobileNetV1, MobileNetV2, ResNet50, ShuffleNet])
def test_the_shared_network_costs_at_a_width_what_it_costs_alone(network):
    with torch.device("meta"):
        shared, alone = network([1.0, 0.5]).eval(), network([0.5]).eval()
        image = torch.empty(1, 3, 64, 64)

    together = trace(shared.use(0.5), image)

    assert together.under("mac:conv-fc") == trace(alone, image).under("mac:conv-fc")


def test_widths_share_all_weights_but_the_normalisation():
    network = MobileNetV1([1.0, 0.25])

    apart = [name for name, _ in network.named_parameters() if ".norms." in name]

    shared = [name for name, _ in network.named_parameters() if ".norms." not in name]
    assert len(apart) == 2 * 2 * 27
    assert len(shared) == 27 + 2
    with pytest.raises(ValueError, match=r"0\.3"):
        network.use(0.3)
