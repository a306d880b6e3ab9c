"""A width for each image."""

import pytest
import torch

from reproductions.reference.ds_net.model import CHOICES, DSMobileNet, SlicedConv2d, widths


def test_later_stages_grow_by_thirty_two_channels_a_choice():
    assert [widths(choice)["4"] for choice in (0, 1, 13)] == [224, 256, 640]
    assert all(widths(choice)["3"] == 96 for choice in range(CHOICES))
    with pytest.raises(ValueError, match="0 to 13"):
        widths(14)


def test_a_slice_uses_the_leading_weights():
    layer, x = SlicedConv2d(8, 6, 1), torch.randn(1, 4, 2, 2)

    expected = torch.einsum("oi,bihw->bohw", layer.weight[:3, :4, 0, 0], x)

    assert torch.allclose(layer(x, 3), expected, atol=1e-6)


@torch.no_grad()
def test_each_image_gets_what_its_sub_network_gives_it_alone():
    torch.manual_seed(0)
    network = DSMobileNet(classes=3).eval()
    images = torch.randn(4, 3, 32, 32) * torch.tensor([0.1, 1, 2, 4]).view(4, 1, 1, 1)
    _, scores = network.gate(network.narrow(images))
    network.gate.slimming.bias.sub_(scores.mean(0))

    logits, chosen = network(images)

    attended, _ = network.gate(network.narrow(images))
    assert len(chosen.unique()) > 1
    for index, choice in enumerate(chosen.tolist()):
        alone = network.wide(attended[index : index + 1], choice)
        assert torch.allclose(logits[index], alone[0], atol=1e-4)
