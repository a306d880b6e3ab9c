"""Scenes hold their digit, whole and where it was laid, and every row of the tables is trained."""

import json

import torch

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.recurrent_attention_static import experiment, model, scenes

SLUG = "recurrent_attention_static"


def digits(count):
    return Images(torch.rand(count, 1, 28, 28), torch.arange(count) % 10)


def test_a_translated_digit_lies_whole_on_an_empty_canvas():
    some = digits(50)

    made = scenes.Task("", side=60).scenes(some, torch.Generator().manual_seed(0))

    assert made.shape == (50, 1, 60, 60)
    for scene, digit in zip(made, some.x, strict=True):
        row, column = scene[0].nonzero().amin(dim=0).tolist()
        # Random digits have no zeros, so the first pixel that is not empty is their corner.
        assert torch.equal(scene[:, row : row + 28, column : column + 28], digit)
        assert scene.count_nonzero() == digit.count_nonzero()


def test_translated_digits_reach_every_edge():
    made = scenes.Task("", side=60).scenes(digits(2000), torch.Generator().manual_seed(0))

    reached = (made > 0).any(dim=0)[0]
    assert reached[0].any() and reached[-1].any() and reached[:, 0].any() and reached[:, -1].any()


def test_clutter_adds_pieces_of_others_and_hides_nothing():
    some = digits(40)

    plain, cluttered = (
        scenes.Task("", side=60, pieces=pieces).scenes(some, torch.Generator().manual_seed(3))
        for pieces in (0, 4)
    )

    assert (cluttered >= plain).all()
    added = (cluttered > plain).flatten(1).sum(dim=1)
    assert (added > 0).all() and (added <= 4 * 8 * 8).all()


def test_an_epoch_shows_every_digit_once_each_time_elsewhere():
    task, some = scenes.Task("", side=60), digits(30)
    noise = torch.Generator().manual_seed(0)

    first, second = (list(task.batches(some, 20, noise)) for _ in range(2))

    for epoch in (first, second):
        assert [len(labels) for _, labels in epoch] == [20, 10]
        sums = torch.cat([x.flatten(1).sum(dim=1) for x, _ in epoch]).sort().values
        assert torch.allclose(sums, some.x.flatten(1).sum(dim=1).sort().values)
    assert not torch.equal(first[0][0], second[0][0])


def test_networks_have_the_sizes_of_the_paper():
    def sizes(network):
        return [tuple(layer.weight.shape) for layer in network if hasattr(layer, "weight")]

    assert sizes(model.fully_connected(60, 64)) == [(64, 3600), (64, 64), (10, 64)]
    assert sizes(model.convolutional(60)) == [(8, 1, 10, 10), (256, 8 * 11 * 11), (10, 256)]
    for side in (28, 60, 100):
        assert model.convolutional(side)(torch.rand(2, 1, side, side)).shape == (2, 10)


def test_the_rate_falls_to_zero_and_training_learns(monkeypatch):
    torch.manual_seed(0)
    some, noise = digits(60), torch.Generator().manual_seed(0)
    row, rates = experiment.ROWS[0], []
    network = row.network()
    before = experiment.share_wrong(network, row.task, some, noise)
    make = torch.optim.SGD

    def kept(*args, **options):
        optimiser = make(*args, **options)
        optimiser.register_step_post_hook(lambda it, *_: rates.append(it.param_groups[0]["lr"]))
        return optimiser

    monkeypatch.setattr(torch.optim, "SGD", kept)
    monkeypatch.setattr(experiment, "RATE", 0.1)

    ended = list(experiment.train(network, row.task, some, 40, noise))

    assert ended == list(range(1, 41))
    steps = torch.tensor(rates).diff()
    assert len(rates) == 40 * 3
    assert torch.allclose(steps, torch.full_like(steps, -0.1 / 120), atol=1e-6)
    assert experiment.share_wrong(network, row.task, some, noise) < before / 2


def test_fifty_thousand_train_and_the_rest_of_the_training_set_watches():
    full = Split(digits(55), digits(5), digits(10))

    split = experiment.divided(full)

    assert [len(part) for part in (split.train, split.validation, split.test)] == [50, 10, 10]
    assert torch.equal(split.validation.x[-5:], full.validation.x)


def test_a_smoke_run_measures_every_claim_and_needs_mnist(monkeypatch, capsys):
    def missing(folder):
        raise DataMissing("MNIST")

    args = parser(SLUG, scales=("smoke",)).parse_args([])
    monkeypatch.setattr(experiment, "mnist", missing)
    with Reporter.from_args(args) as report:
        experiment.run(args, report)
    assert '"status": "needs-data"' in capsys.readouterr().out

    monkeypatch.setattr(experiment, "mnist", lambda folder: Split(*(digits(40),) * 3))
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = {event["id"] for event in events if event["event"] == "measure"}
    assert {claim.id for claim in load_manifest(SLUG).claims} == measured
