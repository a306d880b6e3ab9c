"""Reading digits step by step: the gate, random skipping, what is read, and what it costs."""

import json

import pytest
import torch

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.skip_rnn_mnist import experiment, model

SLUG = "skip_rnn_mnist"


def wishing(network, probability):
    """The network whose gate wishes for an update by the same amount at every step."""
    torch.nn.init.zeros_(network.wish.weight)
    torch.nn.init.constant_(network.wish.bias, torch.logit(torch.tensor(probability)).item())
    return network


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize(
    ("wish", "updates"),
    [(0.9, [1, 1, 1, 1, 1, 1]), (0.3, [1, 0, 1, 0, 1, 0]), (0.2, [1, 0, 0, 1, 0, 0])],
)
def test_wish_adds_up_over_skipped_steps_until_it_passes_one_half(cell, wish, updates):
    network = wishing(model.SequenceClassifier(cell, 2, 4), wish)

    _, used = network(torch.randn(3, 6, 2))

    assert used.tolist() == [updates] * 3


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_a_gate_that_always_opens_is_the_cell_alone(cell):
    torch.manual_seed(0)
    gated = wishing(model.SequenceClassifier(cell, 2, 5), 0.9)
    plain = model.SequenceClassifier(cell, 2, 5, "never")
    plain.load_state_dict(gated.state_dict(), strict=False)
    x = torch.randn(4, 7, 2)

    assert torch.allclose(gated(x)[0], plain(x)[0], atol=1e-6)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_random_skipping_drops_about_its_share_and_what_it_drops_is_not_read(cell):
    torch.manual_seed(0)
    network = model.SequenceClassifier(cell, 2, 8, "random", p_skip=0.25)
    x = torch.randn(50, 40, 2)

    scores, u = network(x, torch.Generator().manual_seed(3))

    assert u.unique().tolist() == [0, 1]
    assert u.mean().item() == pytest.approx(0.75, abs=0.03)
    other = torch.where(u[:, :, None] == 1, x, torch.randn_like(x))
    assert torch.equal(network(other, torch.Generator().manual_seed(3))[0], scores)
    moved = torch.where(u[:, :, None] == 0, x, x + 1)
    assert not torch.allclose(network(moved, torch.Generator().manual_seed(3))[0], scores)


def test_what_is_read_at_each_scale():
    images = torch.arange(2 * 784.0).view(2, 1, 28, 28)

    pixels = experiment.sequences(images, "784")
    rows = experiment.sequences(images, "rows")
    fours = experiment.sequences(images, "fours")

    assert pixels[1, :, 0].tolist() == list(range(784, 2 * 784))
    assert rows.shape == (2, 28, 28)
    assert torch.equal(rows.flatten(1), pixels.flatten(1))
    assert fours.shape == (2, 49, 4)
    assert fours[0, 4, 1].item() == images[0, 0, 2:4, 6:8].mean().item()  # pixel 17 = 14 + 3


@pytest.mark.parametrize(("cell", "gates", "printed"), [("lstm", 4, 38.3), ("gru", 3, 28.7)])
def test_cost_of_784_updates_is_the_paper_s(cell, gates, printed):
    plain = model.SequenceClassifier(cell, 1, 110, "never")

    whole = model.inference_macs(plain, 784, 1.0)

    assert whole == 784 * gates * 110 * 111
    assert whole / 1e6 == pytest.approx(printed, abs=0.06)
    gated = model.SequenceClassifier(cell, 1, 110)
    assert model.inference_macs(gated, 784, 0.5) == whole / 2 + 784 * 110


def test_budget_loss_pushes_the_wish_down():
    network = model.SequenceClassifier("gru", 2, 4)
    _, updates = network(torch.randn(5, 10, 2))

    model.budget_loss(updates, 0.1).backward()

    assert network.wish.bias.grad.item() > 0


def test_programs_need_mnist_and_measure_what_they_promise(monkeypatch, capsys):
    args = parser(SLUG, scales=("smoke",)).parse_args([])
    monkeypatch.setattr(
        experiment, "mnist", lambda folder: (_ for _ in ()).throw(DataMissing("MNIST"))
    )
    with Reporter.from_args(args) as report:
        experiment.run(args, report)
    assert '"status": "needs-data"' in capsys.readouterr().out

    some = Images(torch.rand(40, 1, 28, 28), torch.arange(40) % 10)
    monkeypatch.setattr(experiment, "mnist", lambda folder: Split(some, some, some))
    measured = set()
    for reads in ("rows", "fours", "784"):
        recipe = experiment.Recipe(reads=reads, units=4, updates=2, batch=4)
        monkeypatch.setitem(experiment.RECIPES, "smoke", recipe)
        with Reporter.from_args(args) as report:
            experiment.run(args, report)
        events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert events[-1]["status"] == "ok"
        measured |= {event["id"] for event in events if event["event"] == "measure"}

    assert {claim.id for claim in load_manifest(SLUG).claims} <= measured
