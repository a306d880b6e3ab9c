"""Spatial transformers: distortions that can be undone, sizes, and what is measured of poses."""

import json
import math

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.spatial_transformer import experiment, model
from reproductions.reference.spatial_transformer.distortion import (
    DISTORTIONS,
    RTS,
    Pose,
    R,
    distorted,
    drawn,
    undoing,
)


def blob(column=14, row=14):
    """A smooth spot around a pixel of a 28x28 image; (1, 1, 28, 28)."""
    steps = torch.arange(28.0)
    square = (steps[None, :] - column) ** 2 + (steps[:, None] - row) ** 2
    return torch.exp(-square / 8)[None, None]


def centre(image):
    """Column and row of the brightest pixel."""
    row, column = divmod(int(image.flatten().argmax()), image.shape[-1])
    return column, row


def posed(angle=0.0, scale=1.0, place=(0.0, 0.0)):
    """One pose; angle in degrees."""
    return Pose(torch.tensor([math.radians(angle)]), torch.tensor([scale]), torch.tensor([place]))


def test_a_quarter_turn_moves_what_is_right_of_the_middle_below_or_above_it():
    column, row = centre(distorted(blob(column=22, row=14), R, posed(angle=90)))

    assert abs(column - 14) <= 1
    assert abs(row - 14) >= 7


def test_a_digit_of_rts_keeps_its_size_and_lies_where_the_pose_says():
    column, row = centre(distorted(blob(), RTS, posed(place=(0.25, -0.125))))

    assert abs(column - (0.25 + 1) * 42 / 2) <= 1
    assert abs(row - (-0.125 + 1) * 42 / 2) <= 1


@pytest.mark.parametrize("distortion", DISTORTIONS)
def test_poses_are_drawn_from_the_whole_range_and_leave_the_frame_in_the_image(distortion):
    pose = drawn(distortion, 4000, torch.Generator().manual_seed(0))

    low, high = distortion.scale
    turn = pose.angle.abs().max().rad2deg().item()
    assert 0.98 * distortion.turn < turn <= distortion.turn + 1e-4
    assert low <= pose.scale.min()
    assert pose.scale.max() <= high
    reach = pose.place.abs().max(dim=1).values + pose.scale * 28 / distortion.side
    assert reach.max() <= 1 + 1e-6
    assert (pose.place.abs().max() > 0.2) == distortion.moves


@pytest.mark.parametrize("distortion", DISTORTIONS)
def test_a_transformation_with_the_applied_angle_scale_and_place_restores_the_digit(distortion):
    """The inverse map is what a perfect transformer would find; its parts are those of the pose."""
    pose = Pose(torch.tensor([0.6]), torch.tensor([1.0]), torch.tensor([[0.2, -0.1]]))
    if not distortion.moves:
        pose = posed(angle=math.degrees(0.6))
    inverse = torch.eye(3)
    inverse[:2] = undoing(distortion, pose)[0]
    theta = torch.linalg.inv(inverse)[None, :2]
    image = distorted(blob(column=18), distortion, pose)

    restored = F.grid_sample(
        image, F.affine_grid(theta, [1, 1, 28, 28], align_corners=False), align_corners=False
    )

    assert centre(restored) == (18, 14)
    assert model.angle_of(theta).item() == pytest.approx(pose.angle.item(), abs=1e-5)
    assert model.zoom_of(theta).item() == pytest.approx(28 / distortion.side, abs=1e-5)
    assert torch.allclose(theta[0, :, 2], pose.place[0], atol=1e-5)


def test_a_new_transformer_changes_nothing():
    images = torch.rand(3, 1, 28, 28)

    seen, theta = model.SpatialTransformer(28)(images)

    assert torch.allclose(seen, images, atol=1e-5)
    assert torch.equal(theta, model.identity(3))


@pytest.mark.parametrize("distortion", DISTORTIONS)
def test_all_networks_have_about_as_many_parameters(distortion):
    plain, st = model.FCN(distortion), model.STFCN(distortion)
    held = model.STFCN(distortion, transforms=False)

    assert model.parameters(plain) == pytest.approx(model.PARAMETERS, rel=0.003)
    assert model.parameters(st) == pytest.approx(model.PARAMETERS, rel=0.003)
    assert model.parameters(held) == model.parameters(st.classifier)
    assert st(torch.rand(2, 1, distortion.side, distortion.side)).shape == (2, 10)


def test_cost_is_that_of_the_linear_layers_grid_and_sampler():
    st = model.STFCN(RTS)
    linear = [part for part in st.modules() if isinstance(part, nn.Linear)]
    products = sum(layer.in_features * layer.out_features for layer in linear)

    assert experiment.macs(RTS, st) == products + 12 * 42 * 42
    assert experiment.macs(RTS, model.STFCN(RTS, transforms=False)) < products


def test_a_pose_of_its_own_for_each_class_does_not_hide_that_angles_follow():
    labels = torch.arange(400) % 10
    applied = torch.linspace(-1.5, 1.5, 400)
    predicted = applied + labels * 0.7

    within = [experiment.within(values, labels) for values in (predicted, applied)]

    assert experiment.correlation(*within) == pytest.approx(1.0, abs=0.01)
    assert experiment.correlation(predicted, applied) < 0.9
    assert experiment.correlation(torch.zeros(400), applied) == 0.0


def test_what_is_left_of_an_angle_is_taken_round_the_circle():
    left = experiment.turned_by(torch.tensor([3.0]), torch.tensor([1.0]))

    assert left.item() == pytest.approx(4.0 - 2 * math.pi, abs=1e-5)


def test_a_smoke_run_measures_every_claim_and_needs_mnist(monkeypatch, capsys):
    args = parser("spatial_transformer", scales=("smoke",)).parse_args([])
    monkeypatch.setattr(
        experiment, "mnist", lambda folder: (_ for _ in ()).throw(DataMissing("MNIST"))
    )
    with Reporter.from_args(args) as report:
        experiment.run(args, report)
    assert '"status": "needs-data"' in capsys.readouterr().out

    some = Images(torch.rand(40, 1, 28, 28), torch.arange(40) % 10)
    monkeypatch.setattr(experiment, "mnist", lambda folder: Split(some, some, some))
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = {event["id"]: event for event in events if event["event"] == "measure"}
    claims = load_manifest("spatial_transformer").claims
    assert {claim.id for claim in claims} <= set(measured)
    assert [one.id for one in claims if measured[one.id]["metric"] != one.metric] == []
