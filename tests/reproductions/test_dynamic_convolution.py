"""Attention over channels and kernels."""

import pytest
import torch
import torch.nn.functional as F

from reproductions.protocol.cost import parameter_count, trace
from reproductions.reference.dynamic_convolution.backbones import ResNet, RoutedLinear
from reproductions.reference.dynamic_convolution.model import (
    DyConv2d,
    EfficientChannelAttention,
    MixedConv2d,
    ODConv2d,
    SelectiveKernel,
    SqueezeExcitation,
)


@pytest.fixture(autouse=True)
def _seed():
    torch.manual_seed(0)


def test_a_mixture_of_kernels_is_a_mixture_of_outputs():
    layer, x, mixture = MixedConv2d(4, 6, 3, 2, 2, 5), torch.randn(3, 4, 7, 7), torch.rand(3, 5)

    assert torch.allclose(layer(x, mixture), layer.by_mixing_outputs(x, mixture), atol=1e-5)


def test_more_kernels_cost_one_convolution_and_one_product_a_weight():
    with torch.device("meta"):
        x = torch.empty(1, 4, 7, 7)
        two, eight = (
            trace(MixedConv2d(4, 6, 3, count=count), x, torch.empty(1, count)) for count in (2, 8)
        )

    assert two.counts["convolution"] == eight.counts["convolution"] == 49 * 6 * 4 * 9
    assert (two.counts["linear"], eight.counts["linear"]) == (2 * 216, 8 * 216)


@pytest.mark.parametrize("layer", [DyConv2d(4, 6, 3), ODConv2d(4, 6, 3, count=3)])
def test_an_image_is_treated_alike_alone_and_in_a_batch(layer):
    layer, x = layer.eval(), torch.randn(3, 4, 5, 5)

    alone = torch.cat([layer(image) for image in x.split(1)])

    assert torch.allclose(layer(x), alone, atol=1e-5)


def test_odconv_attends_along_the_four_dimensions_of_its_kernel():
    layer, x = ODConv2d(4, 6, 3, count=2).eval(), torch.randn(1, 4, 5, 5)
    z = layer.squeeze(x.mean((2, 3), keepdim=True)).flatten(1)
    kernels, channels, filters, positions = (
        layer.kernel(z).softmax(-1)[0],
        torch.sigmoid(layer.channel(z))[0],
        torch.sigmoid(layer.filter(z))[0],
        torch.sigmoid(layer.position(z)).view(3, 3),
    )

    kernel = torch.einsum(
        "k,i,o,uv,koiuv->oiuv", kernels, channels, filters, positions, layer.weight
    )

    assert torch.allclose(layer(x), F.conv2d(x, kernel, padding=1), atol=1e-5)


def test_odconv_leaves_out_attentions_that_would_say_nothing():
    depthwise, pointwise = ODConv2d(8, 8, 3, groups=8), ODConv2d(8, 4, 1)

    assert (depthwise.filter, depthwise.kernel) == (None, None)
    assert pointwise.position is None
    assert pointwise.filter is not None


def test_squeeze_and_excitation_scales_whole_channels():
    layer, x = SqueezeExcitation(8, 2), torch.rand(2, 8, 3, 3) + 1

    scale = layer(x) / x

    assert torch.allclose(scale, scale[..., :1, :1].expand_as(scale), atol=1e-6)
    assert 0 < scale.min() <= scale.max() < 1


@pytest.mark.parametrize(("channels", "length"), [(64, 3), (256, 5), (512, 5), (2048, 7)])
def test_the_convolution_across_channels_grows_with_their_logarithm(channels, length):
    assert parameter_count(EfficientChannelAttention(channels)) in {length, length - 2}
    assert EfficientChannelAttention(channels)(torch.rand(1, channels, 1, 1)).shape[1] == channels


def test_selective_kernels_mix_two_receptive_fields_to_one():
    layer, x = SelectiveKernel(32, 1, groups=4).eval(), torch.randn(1, 32, 6, 6)
    with torch.no_grad():
        branches = torch.stack([branch(x) for branch in layer.branches])
        y = layer(x)

    assert (y <= branches.max(0).values + 1e-5).all()
    assert (y >= branches.min(0).values - 1e-5).all()


def test_the_place_of_the_stride_is_worth_six_per_cent():
    with torch.device("meta"):
        image = torch.empty(1, 3, 224, 224)
        late, early = (
            trace(ResNet(50, early_stride=early).eval(), image).under("mac:conv-fc")
            for early in (False, True)
        )

    assert 1.05 < late / early < 1.07


def test_a_routed_classifier_mixes_eight():
    layer = RoutedLinear(4, 3)

    y = layer(torch.randn(5, 4))

    assert y.shape == (5, 3)
    assert layer.routed.convolution.weight.shape == (8, 3, 4, 1, 1)
