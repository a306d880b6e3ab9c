"""A kernel for every position."""

import pytest
import torch

from reproductions.protocol.cost import trace
from reproductions.reference.involution.model import Involution


@pytest.mark.parametrize(("size", "stride"), [(3, 1), (3, 2), (5, 1)])
@torch.no_grad()
def test_unfolding_gives_what_the_definition_gives(size, stride):
    torch.manual_seed(0)
    layer, x = Involution(32, size, stride).eval(), torch.randn(2, 32, 6, 6)

    assert torch.allclose(layer(x), layer.by_loops(x), atol=1e-5)


def test_channels_of_a_group_share_their_kernel():
    layer = Involution(32, 3).eval()
    x = torch.randn(1, 1, 5, 5).expand(1, 32, 5, 5)

    y = layer(x)

    assert torch.allclose(y[:, 0], y[:, 15], atol=1e-6)
    assert not torch.allclose(y[:, 0], y[:, 16], atol=1e-3)


def test_generating_and_applying_kernels_is_counted():
    layer = Involution(32, 3).to("meta").eval()

    found = trace(layer, torch.empty(1, 32, 4, 4, device="meta")).counts

    assert found["convolution"] == 16 * (32 * 8 + 8 * 9 * 2)
    assert found["product"] == 16 * 32 * 9
