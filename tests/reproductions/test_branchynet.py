"""Early exits: who leaves where, what it costs, and that nothing of it touches the test images."""

import io
import json
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from reproductions.datasets import Images, Split, digits
from reproductions.protocol import DataMissing, Reporter
from reproductions.protocol.cost import trace
from reproductions.reference.branchynet import experiment, model


def small_network(seed=0):
    torch.manual_seed(seed)
    return model.small_lenet().eval()


def test_images_leave_exactly_where_their_entropy_falls_below_the_threshold():
    network, images = small_network(), torch.rand(64, 1, 8, 8)
    with torch.no_grad():
        first, last = network(images)
    threshold = model.entropy(first).median().item()

    labels, taken = network.infer(images, [threshold])

    left = model.entropy(first) < threshold
    assert 0 < left.sum() < 64
    assert torch.equal(taken, (~left).long())
    assert torch.equal(labels[left], first[left].argmax(dim=1))
    assert torch.equal(labels[~left], last[~left].argmax(dim=1))


def test_later_stages_see_only_the_images_that_stay():
    network, images = small_network(), torch.rand(64, 1, 8, 8)
    seen = []
    network.stages[1].register_forward_hook(lambda *call: seen.append(len(call[1][0])))
    threshold = model.entropy(network(images)[0]).median().item()
    seen.clear()

    _, taken = network.infer(images, [threshold])

    assert seen == [int((taken == 1).sum())]


def test_zero_threshold_keeps_everybody_and_a_huge_one_lets_everybody_leave():
    network, images = small_network(), torch.rand(10, 1, 8, 8)

    assert network.infer(images, [0.0])[1].tolist() == [1] * 10
    assert network.infer(images, [10.0])[1].tolist() == [0] * 10


def test_entropy_is_log_of_classes_for_even_scores_and_zero_for_a_sure_answer():
    scores = torch.stack([torch.zeros(10), torch.eye(10)[3] * 100])

    assert model.entropy(scores).tolist() == pytest.approx([np.log(10), 0.0], abs=1e-6)


def test_joint_loss_is_the_weighted_sum_of_cross_entropies():
    scores, labels = [torch.randn(5, 10), torch.randn(5, 10)], torch.arange(5)
    one = [torch.nn.functional.cross_entropy(each, labels) for each in scores]

    assert torch.allclose(model.joint_loss(scores, labels, [0.3, 1.0]), 0.3 * one[0] + one[1])


@pytest.mark.parametrize(
    ("build", "shape"),
    [(model.small_lenet, (1, 8, 8)), (model.b_alexnet, (3, 32, 32))],
)
def test_cost_of_the_last_exit_is_what_the_tracer_counts(build, shape):
    network, image = build().eval(), torch.zeros(1, *shape)

    spent = model.macs_to_exit(network, image)

    assert spent == sorted(spent)
    assert spent[-1] == trace(network, image).under("mac:conv-fc")


def test_the_network_of_the_paper_has_the_sizes_of_the_released_code():
    assert len(model.b_alexnet().exits) == 3
    assert [each[-1].in_features for each in list(model.b_alexnet().exits)[:2]] == [512, 128]


def test_threshold_loses_nothing_on_the_images_it_was_chosen_on():
    split = digits(seed=0)
    torch.manual_seed(0)
    network = experiment.train(
        model.small_lenet(), split.train, experiment.SMOKE, [1.0, 1.0], "cpu"
    )

    threshold = experiment.knee(network, split.validation)

    outcome = experiment.classify(network, split.validation, [threshold])
    assert outcome.correct.sum() >= outcome.last_correct.sum()
    assert (outcome.taken == 0).sum() > 0


def test_full_scale_names_what_it_needs_and_opens_no_pickle(tmp_path):
    (tmp_path / "cifar-10-batches-py").mkdir()
    args = SimpleNamespace(scale="full", seed=0, device="cpu", data=tmp_path, out=None)

    with pytest.raises(DataMissing, match="pickles, which run the code"):
        experiment.run(args, Reporter("branchynet", scale="full", stream=io.StringIO()))


def test_colours_are_standardised_by_the_training_images_alone():
    parts = [Images(torch.rand(50, 3, 4, 4) * scale, torch.zeros(50)) for scale in (1.0, 2.0, 3.0)]

    split = experiment.standardised(Split(*parts))

    assert torch.allclose(split.train.x.mean((0, 2, 3)), torch.zeros(3), atol=1e-5)
    assert torch.allclose(split.train.x.std((0, 2, 3)), torch.ones(3), atol=1e-5)
    assert split.test.x.std() > split.validation.x.std() > 1.5


def test_smoke_run_reports_every_measurement_of_the_toy_claims():
    stream = io.StringIO()
    args = SimpleNamespace(scale="smoke", seed=0, device="cpu", data=None, out=None)

    with Reporter("branchynet", scale="smoke", stream=stream) as report:
        experiment.run(args, report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    measured = {line["id"]: line["value"] for line in lines if line["event"] == "measure"}
    assert lines[-1] == {"event": "end", "status": "ok"}
    assert measured["digits-accuracy"] > 60
    assert 0 <= measured["digits-leave-at-first-exit"] <= 100
    assert measured["digits-accuracy-lost"] == pytest.approx(
        measured["digits-last-exit-accuracy"] - measured["digits-accuracy"]
    )
