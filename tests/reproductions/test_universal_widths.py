"""MobileNets of any width."""

import pytest
import torch

from reproductions.protocol.cost import parameter_count
from reproductions.reference.universal_widths.model import divisible, mobilenet_v1, mobilenet_v2


@pytest.mark.parametrize(("channels", "expected"), [(32, 32), (11, 16), (12, 16), (19, 24), (3, 8)])
def test_channels_are_multiples_of_eight_and_never_far_below(channels, expected):
    assert divisible(channels) == expected


def test_full_width_is_the_network_itself():
    with torch.device("meta"):
        assert parameter_count(mobilenet_v1(1.0)) == 4_231_976
        assert parameter_count(mobilenet_v2(1.0)) == 3_504_872


def test_the_last_layer_of_the_second_keeps_its_channels():
    with torch.device("meta"):
        logits = mobilenet_v2(0.35).eval()(torch.empty(1, 3, 64, 64))
        narrow = mobilenet_v2(0.35).classifier.in_features
        first = mobilenet_v1(0.25).classifier.in_features

    assert (logits.shape, narrow, first) == ((1, 1000), 1280, 256)
