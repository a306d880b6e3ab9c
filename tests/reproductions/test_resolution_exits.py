"""Resolution adaptive exits: what leaves where, what it costs, and the line it must lie above."""

import json

import pytest
import torch

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.resolution_exits import experiment, model


def test_an_image_leaves_at_the_first_exit_that_is_sure_enough_or_at_the_last():
    probabilities = torch.tensor(
        [
            [[0.9, 0.1], [0.6, 0.4], [0.5, 0.5]],
            [[0.5, 0.5], [0.2, 0.8], [0.5, 0.5]],
        ]
    )  # (exits, images, classes)

    assert model.leaving(probabilities.log(), 0.75).tolist() == [0, 1, 1]
    assert model.leaving(probabilities.log(), 0.5).tolist() == [0, 0, 0]
    assert model.leaving(probabilities.log(), 1.01).tolist() == [1, 1, 1]


def test_a_coarse_exit_sees_coarse_pixels_alone():
    torch.manual_seed(0)
    network, images = model.ResolutionAdaptive(), torch.rand(2, 1, 28, 28)
    flipped = images.unfold(2, 4, 4).unfold(3, 4, 4).flip(4, 5)  # within each 4x4 block
    flipped = flipped.permute(0, 1, 2, 4, 3, 5).reshape(2, 1, 28, 28)

    before, after = network(images), network(flipped)

    assert torch.allclose(before[0], after[0], atol=1e-5)
    assert not torch.allclose(before[2], after[2], atol=1e-3)


def test_a_finer_sub_network_starts_from_what_the_coarser_has_found():
    part, images = model.ResolutionAdaptive().parts[1], torch.rand(2, 1, 28, 28)

    without, found = (part(images, torch.full((2, 16, 7, 7), value))[1] for value in (0.0, 1.0))

    assert not torch.allclose(without, found)


def test_costs_are_those_of_the_layers_and_grow_with_each_exit():
    first, *_ = costs = experiment.exit_costs(model.ResolutionAdaptive())

    cells = model.GRID**2
    assert first == cells * 9 * (model.STEM + model.STEM * 16) + 16 * cells * 10
    assert sorted(set(costs)) == costs


def test_the_threshold_is_the_cheapest_that_loses_little():
    torch.manual_seed(1)
    labels = torch.arange(1000) % 10
    sure = torch.nn.functional.one_hot(labels, 10) * 9.0
    guess = torch.rand(1000, 10)
    guess[:500] = sure[:500]  # the first exit knows half of the images, and is sure of these alone

    threshold = experiment.chosen(torch.stack([guess, sure]), labels, [1, 10])
    found = experiment.point(torch.stack([guess, sure]), labels, [1, 10], threshold)

    assert found.accuracy == pytest.approx(100)
    assert found.macs == pytest.approx(5.5, abs=0.05)
    assert found.shares == pytest.approx((0.5, 0.5), abs=0.01)


@pytest.mark.parametrize(("macs", "accuracy"), [(10, 80), (15, 85), (20, 90), (60, 92), (100, 94)])
def test_static_networks_mixed_at_random_reach_the_line_between_them(macs, accuracy):
    assert experiment.between([10, 20, 100], [80, 90, 94], macs) == pytest.approx(accuracy)


def test_detail_is_what_averages_of_blocks_do_not_show():
    flat, checked = (
        torch.full((1, 28, 28), 0.3),
        torch.arange(28)[None, :] % 2 * torch.ones(1, 28, 28),
    )
    shaded = flat + 0.1 * checked
    images = torch.stack([shaded, checked])

    assert experiment.detail_ratio(images, torch.tensor([0, 2])) == pytest.approx(100, rel=1e-3)
    assert experiment.detail_ratio(images, torch.tensor([0, 0])) == 1.0


def test_a_smoke_run_measures_every_claim_and_needs_fashion_mnist(monkeypatch, capsys):
    args = parser("resolution_exits", scales=("smoke",)).parse_args([])
    monkeypatch.setattr(
        experiment, "fashion_mnist", lambda folder: (_ for _ in ()).throw(DataMissing("Fashion"))
    )
    with Reporter.from_args(args) as report:
        experiment.run(args, report)
    assert '"status": "needs-data"' in capsys.readouterr().out

    some = Images(torch.rand(40, 1, 28, 28), torch.arange(40) % 10)
    monkeypatch.setattr(experiment, "fashion_mnist", lambda folder: Split(some, some, some))
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = {event["id"]: event for event in events if event["event"] == "measure"}
    claims = load_manifest("resolution_exits").claims
    assert {claim.id for claim in claims} <= set(measured)
    assert [one.id for one in claims if measured[one.id]["metric"] != one.metric] == []
