"""Deformable convolution: sampling, effective dilation, scenes, and what is measured of them."""

import json
import math

import pytest
import torch
from torch.nn import functional as F

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.cost import parameter_count
from reproductions.protocol.reporter import Reporter
from reproductions.reference.deformable_convolution import costs, experiment, model, scenes

SLUG = "deformable_convolution"


def noise(seed=0):
    return torch.Generator().manual_seed(seed)


def test_a_sample_between_pixels_is_their_mean_and_outside_is_nothing():
    x = torch.arange(12.0).view(1, 1, 3, 4)
    places = torch.tensor(
        [[1.0, 2.0], [0.5, 1.0], [1.0, 2.25], [0.0, -0.5], [-1.0, 0.0], [2.0, 3.5]]
    )

    seen = model.bilinear(x, places.view(1, 6, 1, 1, 2)).flatten()

    assert seen.tolist() == pytest.approx([6.0, 3.0, 6.25, 0.0, 0.0, 5.5], abs=1e-5)


def test_each_place_has_offsets_of_its_own():
    """One sample of one place is moved: nothing else changes."""
    torch.manual_seed(0)
    layer, x = model.DeformableConv2d(2, 3), torch.randn(1, 2, 5, 5)
    offsets, modulation = layer.predicted(x)
    offsets[0, 4, 2, 3] = torch.tensor([1.0, -2.0])
    layer.predicted = lambda x: (offsets, modulation)

    changed = layer(x) - F.conv2d(x, layer.weight, padding=1)

    expected = layer.weight[:, :, 1, 1] @ (x[0, :, 3, 1] - x[0, :, 2, 3])
    assert torch.allclose(changed[0, :, 2, 3], expected, atol=1e-5)
    changed[0, :, 2, 3] = 0
    assert changed.abs().max() < 1e-5


def test_effective_dilation_is_the_dilation_of_a_plain_filter_and_grows_with_it():
    for dilation in (1, 2):
        layer = model.DeformableConv2d(1, 1, dilation=dilation)
        offsets, _ = layer.predicted(torch.zeros(2, 1, 4, 5))
        places = layer.places(offsets)

        assert torch.allclose(
            model.effective_dilation(places), torch.full((2, 4, 5), dilation * 1.0)
        )
        assert torch.allclose(
            model.effective_dilation(places * 1.5), torch.full((2, 4, 5), dilation * 1.5)
        )


def test_the_compared_networks_are_as_large():
    regular, deformable = model.plain(experiment.AS_LARGE), model.deformable(experiment.BETWEEN)

    assert parameter_count(regular) == pytest.approx(parameter_count(deformable), rel=0.002)


def test_without_offsets_a_new_network_answers_as_before():
    torch.manual_seed(0)
    network, images = model.deformable(4).eval(), torch.rand(3, 1, 40, 40)
    regular = experiment.without_offsets(network).eval()

    assert torch.allclose(network(images), regular(images), atol=1e-5)
    torch.nn.init.normal_(network[6].fields.bias, std=3.0)
    assert not torch.allclose(network(images), regular(images), atol=1e-3)


def test_digits_lie_where_their_boxes_say_and_clutter_does_not_count():
    digits = torch.zeros(200, 1, 28, 28)
    digits[:, :, 4:24, 9:19] = 1.0

    seen = scenes.drawn(digits, noise())

    assert seen.images.shape == (200, 1, scenes.SIDE, scenes.SIDE)
    assert (seen.images >= seen.digits).all()
    assert (seen.images > seen.digits).any()
    assert seen.scale.min() >= scenes.SMALLEST
    assert seen.scale.max() <= scenes.LARGEST
    ink = seen.digits.sum(dim=(1, 2, 3))
    assert torch.allclose(ink, 200 * seen.scale**2, rtol=0.1)  # none is cut off


def test_a_filter_is_on_the_digit_if_its_centre_is_in_the_box():
    digits = torch.zeros(1, 1, 40, 40)
    digits[0, 0, 9, 12] = digits[0, 0, 20, 30] = 1.0

    on = scenes.on_digit(digits, stride=4)[0]

    assert on.shape == (10, 10)
    rows, columns = on.nonzero().T
    assert (rows.min(), rows.max()) == (2, 4)  # centres 10 and 18 lie in 9 .. 20
    assert (columns.min(), columns.max()) == (3, 7)
    assert on.sum() == 15


def test_resnets_are_those_of_the_paper():
    assert costs.of(101).params == 42_500_160
    assert costs.of(50).params == 23_508_032
    assert costs.layers_of(50, 5) == 3


def test_what_is_added_follows_from_the_fields():
    three, plain = costs.of(101, 3), costs.of(101)

    assert three.macs - plain.macs == 3 * 14 * 14 * 512 * 9 * 18
    assert three.sampling == 3 * 14 * 14 * 512 * 9 * 4


def test_the_loops_notice_a_layer_that_samples_the_nearest_pixel(monkeypatch):
    torch.manual_seed(0)
    layer, x = model.DeformableConv2d(2, 2).double(), torch.randn(1, 2, 4, 4, dtype=torch.double)
    torch.nn.init.normal_(layer.fields.bias)
    right = experiment.by_loops(layer, x)
    assert torch.allclose(layer(x), right)
    exact = model.bilinear
    monkeypatch.setattr(model, "bilinear", lambda x, p: exact(x, p.round()))
    assert (layer(x) - right).abs().max() > 0.1


def test_a_smoke_run_measures_every_claim_of_training_and_needs_mnist(monkeypatch, capsys):
    def missing(folder):
        raise DataMissing("MNIST")

    args = parser(SLUG, scales=("smoke",)).parse_args([])
    monkeypatch.setattr(experiment, "mnist", missing)
    with Reporter.from_args(args) as report:
        experiment.run(args, report)
    assert '"status": "needs-data"' in capsys.readouterr().out

    some = Images(torch.rand(60, 1, 28, 28), torch.arange(60) % 10)
    monkeypatch.setattr(experiment, "mnist", lambda folder: Split(some, some, some))
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = {event["id"]: event for event in events if event["event"] == "measure"}
    claims = [claim for claim in load_manifest(SLUG).claims if claim.scale == "reduced"]
    assert {claim.id for claim in claims} <= set(measured)
    assert [one.id for one in claims if measured[one.id]["metric"] != one.metric] == []
    assert all(math.isfinite(event["value"]) for event in measured.values())
