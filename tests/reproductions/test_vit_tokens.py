"""Attentive tokens go on, the others are fused."""

import torch

from reproductions.protocol.cost import parameter_count, trace
from reproductions.reference.vit_tokens.model import Block, VisionTransformer, keep


def test_the_attended_tokens_are_kept_in_front_of_the_fused_one():
    x = torch.arange(5.0).view(1, 5, 1)
    attention = torch.tensor([[0.1, 0.4, 0.2, 0.3]])

    kept = keep(x, attention, 2)

    expected = torch.tensor([0.0, 2.0, 4.0, 0.1 * 1 + 0.2 * 3])
    assert torch.allclose(kept[0, :, 0], expected)


def test_a_network_that_keeps_everything_is_plain():
    with torch.device("meta"):
        network, image = VisionTransformer(384, 6).eval(), torch.empty(1, 3, 224, 224)
        macs = trace(network, image).under("mac:with-products")
        adapted = VisionTransformer(384, 6, adapter=8).eval()
        more = trace(adapted, image).under("mac:with-products") - macs

    assert parameter_count(network) == 22_050_664  # Touvron et al. 2021: 22 M
    assert round(macs / 1e9, 1) == 4.6
    assert more == 12 * 197 * 2 * 384 * 8


@torch.no_grad()
def test_tokens_leave_between_attention_and_feed_forward():
    torch.manual_seed(0)
    block, x = Block(8, 2, rate=0.5), torch.randn(2, 11, 8)

    assert block(x).shape == (2, 1 + 5 + 1, 8)
