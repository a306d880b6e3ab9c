"""Deep mixture of experts: the blend, the balance of its gates, jitter, and what gates know."""

import json

import pytest
import torch

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.deep_mixture import experiment, model
from reproductions.reference.deep_mixture.jitter import jittered


def test_a_layer_blends_its_experts_by_the_gate():
    torch.manual_seed(0)
    layer, x = model.Layer(12, 5, "mixture", 3).eval(), torch.rand(7, 12)

    z, g = layer(x)

    weights = layer.experts.maps.weight.view(4, 5, 12)
    biases = layer.experts.maps.bias.view(4, 5)
    blend = sum(g[:, i, None] * (x @ weights[i].T + biases[i]).relu() for i in range(4))
    assert torch.allclose(z, blend, atol=1e-6)
    assert torch.allclose(g.sum(dim=1), torch.ones(7))


def test_side_by_side_and_single_layers_have_no_gate():
    x = torch.rand(2, 12)

    assert [model.Layer(12, 5, how, 3)(x)[0].shape[1] for how in ("concat", "single")] == [20, 5]
    assert model.Layer(12, 5, "single", 3).gate is None


def favouring(expert):
    """A gate that gives nearly everything to one expert, held with m = 10."""
    gate = model.Gate(3, 2, 4)
    torch.nn.init.zeros_(gate.scores[2].weight)
    gate.scores[2].bias.data = torch.zeros(4).index_fill(0, torch.tensor([expert]), 6.0)
    gate.margin = 10
    return gate


def test_an_expert_that_is_far_ahead_is_shut_out_until_the_others_are_near():
    gate, x = favouring(2), torch.rand(8, 3)
    used = torch.stack([gate(x)[0].detach() for _ in range(40)])  # (batches, experts)

    shut = used[:, 2] == 0
    assert shut.any()
    assert not shut[0]
    assert torch.allclose(used.sum(dim=1), torch.ones(40), atol=1e-5)
    # never further ahead than the margin and one batch
    assert (gate.total - gate.total.mean()).max() <= 10 + 8


@pytest.mark.parametrize("free", ["evaluating", "lifted"])
def test_nothing_is_shut_out_when_evaluating_or_once_the_constraint_is_lifted(free):
    gate, x = favouring(1), torch.rand(8, 3)
    gate.total[1] = 1000.0
    if free == "evaluating":
        gate.eval()
    else:
        gate.margin = None

    assert gate(x)[0, 1] > 0.9
    assert gate.total[1] == 1000.0


def test_the_plain_network_has_the_parameters_of_its_mixture():
    for size in (model.SMALL, model.WIDE):
        mixture = model.parameters(model.build(size, "dmoe"))
        plain = model.parameters(model.build(size, "dnn"))
        assert abs(plain - mixture) <= (model.PIXELS + 1 + size.hidden[1]) / 2
    with pytest.raises(ValueError, match="one-layer"):
        model.build(model.SHALLOW, "dnn")


def test_jitter_moves_each_digit_whole_and_by_the_place_that_it_names():
    images = Images(torch.ones(300, 1, 28, 28) * 200 / 255, torch.arange(300) % 10)

    data = jittered(images, torch.Generator().manual_seed(3))

    pictures = data.pixels.view(300, 36, 36)
    assert (pictures.sum(dim=(1, 2)) == 28 * 28 * 200).all()
    for picture, place in zip(pictures[:50], data.places[:50], strict=True):
        corner = picture.nonzero()[0]
        assert corner.tolist() == list(divmod(int(place), 9))
    assert data.places.unique().numel() > 70


def test_information_is_that_of_gates_that_know_all_or_nothing():
    groups = torch.arange(40) % 4
    knows, even = torch.eye(4)[groups], torch.full((40, 4), 0.25)

    assert experiment.information(knows, groups, 4) == pytest.approx(2.0, abs=1e-5)
    assert experiment.information(even, groups, 4) == pytest.approx(0.0, abs=1e-5)


def test_a_smoke_run_measures_every_claim_and_needs_mnist(monkeypatch, capsys):
    args = parser("deep_mixture", scales=("smoke",)).parse_args([])
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
    claims = load_manifest("deep_mixture").claims
    assert {claim.id for claim in claims} <= set(measured)
    assert [one.id for one in claims if measured[one.id]["metric"] != one.metric] == []
