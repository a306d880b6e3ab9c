"""A glance at frames, a look at patches."""

import pytest
import torch

from reproductions.protocol.cost import trace
from reproductions.reference.adafocus.backbones import X3D, MobileNetV2, ResNet50, rounded
from reproductions.reference.adafocus.model import (
    GRU,
    AdaFocusTSM,
    AdaFocusV2,
    MaxPooledClassifiers,
    SpatialPolicy,
    TemporalPolicy,
    patches,
)


def test_a_patch_is_cut_where_its_corner_is():
    image = torch.arange(25.0).view(1, 1, 5, 5)

    top_right = patches(image, torch.tensor([[1.0, 0.0]]), 2)
    between = patches(image, torch.tensor([[0.5, 0.5]]), 2)

    assert torch.allclose(top_right[0, 0], torch.tensor([[3.0, 4.0], [8.0, 9.0]]), atol=1e-4)
    assert torch.allclose(between[0, 0, 0, 0], torch.tensor(9.0), atol=1e-4)  # of 6, 7, 11, 12


@torch.no_grad()
def test_the_gru_is_pytorchs():
    ours, theirs = GRU(5), torch.nn.GRU(5, 5, batch_first=True)
    theirs.weight_ih_l0.copy_(ours.from_input.weight)
    theirs.bias_ih_l0.copy_(ours.from_input.bias)
    theirs.weight_hh_l0.copy_(ours.from_state.weight)
    theirs.bias_hh_l0.copy_(ours.from_state.bias)
    x = torch.randn(2, 4, 5)

    assert torch.allclose(ours(x), theirs(x)[0], atol=1e-6)


def test_backbones_have_the_published_sizes():
    with torch.device("meta"):
        mobile, residual = MobileNetV2(), ResNet50()
        clip = X3D(2.2, 400)

    def count(module):
        return sum(parameter.numel() for parameter in module.parameters())

    assert count(mobile) + 1281 * 1000 == 3_504_872
    assert count(residual) + 2049 * 1000 == 25_557_032
    assert round(count(clip) / 1e6, 1) == 3.8  # Feichtenhofer 2020: X3D-S and X3D-M


@pytest.mark.parametrize(("width", "expected"), [(54 / 16, 8), (12 * 2, 24), (432 / 16, 32)])
def test_widths_are_rounded_to_eights_and_never_far_below(width, expected):
    assert rounded(width) == expected


@torch.no_grad()
def test_a_prediction_rests_on_the_frames_so_far():
    torch.manual_seed(0)
    classifiers, features = MaxPooledClassifiers(3, 0, 4, 2), torch.randn(4, 3)
    changed = features.clone()
    changed[3] += 5

    before, after = classifiers(features)[0], classifiers(changed)[0]

    assert torch.equal(before[:3], after[:3])
    assert not torch.equal(before[3], after[3])


@torch.no_grad()
def test_policies_give_places_inside_and_weights_that_sum_to_one():
    features = torch.randn(6, 8, 3, 3)

    for_each = SpatialPolicy(8, 4, 6, 3, per_frame=True)(features)
    for_all = SpatialPolicy(8, 4, 6, 3, per_frame=False)(features)
    weights = TemporalPolicy(8, 4)(features.mean((2, 3)))

    assert (for_each.shape, for_all.shape) == ((6, 4), (1, 4))
    assert ((for_each > 0) & (for_each < 1)).all()
    assert weights.sum().item() == pytest.approx(1)


def test_a_whole_video_goes_through():
    with torch.device("meta"):
        frames = torch.empty(16, 3, 224, 224)
        network = AdaFocusV2(ResNet50(), 96, 96, 200).eval()
        both, coarse, fine = network(frames)
        voted = AdaFocusTSM(128, 27).eval()(frames[:8], frames[:12])

    assert both.shape == coarse.shape == fine.shape == (16, 200)
    assert voted.shape == (27,)


def test_a_patch_costs_what_the_authors_count_for_it():
    with torch.device("meta"):
        macs = trace(ResNet50().eval(), torch.empty(1, 3, 96, 96)).under("mac:conv-fc")

    assert macs == pytest.approx(750_725_056, rel=1e-4)
