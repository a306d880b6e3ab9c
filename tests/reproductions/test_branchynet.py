"""Early exits: who leaves where, what it costs, and that nothing of it touches the test images."""

import io
import json
import pickle
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from reproductions.protocol import DataMissing, Reporter
from reproductions.protocol.cost import trace
from reproductions.reference.branchynet import data, experiment, model


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
    [(model.small_lenet, (1, 8, 8)), (model.b_lenet, (1, 28, 28)), (model.b_alexnet, (3, 32, 32))],
)
def test_cost_of_the_last_exit_is_what_the_tracer_counts(build, shape):
    network, image = build().eval(), torch.zeros(1, *shape)

    spent = model.macs_to_exit(network, image)

    assert spent == sorted(spent)
    assert spent[-1] == trace(network, image).under("mac:conv-fc")


def test_networks_of_the_paper_have_the_sizes_of_the_released_code():
    assert [len(model.b_lenet().exits), len(model.b_alexnet().exits)] == [2, 3]
    assert model.b_lenet().exits[0][-1].in_features == 640
    assert [each[-1].in_features for each in list(model.b_alexnet().exits)[:2]] == [512, 128]


def test_digits_are_split_without_overlap_and_with_every_class_everywhere():
    split = data.digits(seed=1)

    sizes = [len(part.y) for part in (split.train, split.validation, split.test)]
    rows = torch.cat([part.x.flatten(1) for part in (split.train, split.validation, split.test)])
    assert sizes == [952, 305, 540]
    assert len(torch.unique(rows, dim=0)) == len(torch.unique(data_rows(), dim=0))
    assert min(torch.bincount(split.test.y, minlength=10).tolist()) >= 50


def data_rows():
    from sklearn.datasets import load_digits

    return torch.tensor(load_digits().data / 16, dtype=torch.float32)


def test_threshold_loses_nothing_on_the_images_it_was_chosen_on():
    split = data.digits(seed=0)
    torch.manual_seed(0)
    network = experiment.train(
        model.small_lenet(), split.train, experiment.SMOKE, [1.0, 1.0], "cpu"
    )

    threshold = experiment.knee(network, split.validation)

    outcome = experiment.classify(network, split.validation, [threshold])
    assert outcome.correct.sum() >= outcome.last_correct.sum()
    assert (outcome.taken == 0).sum() > 0


def test_missing_data_are_named_with_their_layout(tmp_path):
    with pytest.raises(DataMissing, match="train-images-idx3-ubyte"):
        data.mnist(tmp_path)
    with pytest.raises(DataMissing, match="cifar-10-batches-py"):
        data.cifar10(None)


def test_cifar_and_mnist_files_are_read_in_their_usual_layout(tmp_path):
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    pixels = np.random.default_rng(0).integers(0, 256, (2000, 3072), dtype=np.uint8)
    batch = {b"data": pixels, b"labels": list(range(10)) * 200}
    for name in [f"data_batch_{number}" for number in range(1, 6)] + ["test_batch"]:
        (folder / name).write_bytes(pickle.dumps(batch))
    for name, count in (("train", 6000), ("t10k", 10)):
        header = bytes([0, 0, 8, 3]) + np.array([count, 28, 28], ">i4").tobytes()
        (tmp_path / f"{name}-images-idx3-ubyte").write_bytes(header + bytes(count * 784))
        header = bytes([0, 0, 8, 1]) + np.array([count], ">i4").tobytes()
        (tmp_path / f"{name}-labels-idx1-ubyte").write_bytes(header + bytes([7]) * count)

    colours, digits = data.cifar10(tmp_path), data.mnist(tmp_path)

    assert colours.train.x.shape == (5000, 3, 32, 32)
    assert colours.test.y[:3].tolist() == [0, 1, 2]
    assert (digits.train.x.shape, digits.test.y.tolist()) == ((1000, 1, 28, 28), [7] * 10)


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
