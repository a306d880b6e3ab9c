"""Exits, thresholds and budgets."""

import numpy as np
import pytest
import torch

from reproductions.protocol import DataMissing
from reproductions.reference.msdnet import data
from reproductions.reference.msdnet.exits import (
    exit_distribution,
    exits_taken,
    expected_cost,
    solve_thresholds,
)
from reproductions.reference.msdnet.experiment import exit_costs
from reproductions.reference.msdnet.model import DIGITS, MSDNet, growing_steps, parameters_up_to


@pytest.mark.parametrize(
    ("q", "shares"),
    [(1.0, [1 / 3] * 3), (2.0, [1 / 7, 2 / 7, 4 / 7]), (0.5, [4 / 7, 2 / 7, 1 / 7])],
)
def test_exits_follow_a_geometric_distribution(q, shares):
    assert exit_distribution(q, 3).tolist() == pytest.approx(shares)
    with pytest.raises(ValueError, match="above zero"):
        exit_distribution(0, 3)


@pytest.mark.parametrize("q", [0.3, 1.0, 3.0])
def test_thresholds_let_the_wanted_share_leave_at_each_exit(q):
    confidences = torch.rand(4, 1000, generator=torch.Generator().manual_seed(0))
    shares = exit_distribution(q, 4)

    taken = exits_taken(confidences, solve_thresholds(confidences, shares))

    counts = torch.bincount(taken, minlength=4)
    assert (counts[:3] - 1000 * shares[:3]).abs().max() <= 1
    assert counts.sum() == 1000


def test_the_most_confident_leave_first_and_the_last_exit_takes_all():
    confidences = torch.tensor([[0.9, 0.2, 0.8, 0.1], [0.1, 0.3, 0.1, 0.2]])

    taken = exits_taken(confidences, solve_thresholds(confidences, torch.tensor([0.5, 0.5])))

    assert taken.tolist() == [0, 1, 0, 1]


def test_an_exit_nobody_should_take_is_not_taken():
    confidences = torch.tensor([[0.9, 1.0], [0.5, 0.6]])

    taken = exits_taken(confidences, solve_thresholds(confidences, torch.tensor([0.0, 1.0])))

    assert taken.tolist() == [1, 1]
    assert expected_cost(torch.tensor([0.25, 0.75]), torch.tensor([4.0, 8.0])) == 7.0


def test_costs_grow_from_exit_to_exit_and_the_last_is_the_whole_network():
    with torch.device("meta"):
        model = MSDNet(DIGITS).eval()
        costs = exit_costs(model, torch.empty(1, 1, 8, 8))

    whole = sum(parameter.numel() for parameter in model.parameters())
    assert costs == sorted(set(costs))
    assert parameters_up_to(model, len(costs)) == whole


def test_blocks_grow_by_one_layer():
    assert growing_steps(7) == (1, 2, 3, 4, 5, 6, 7)


def test_cifar_is_read_from_its_binary_version_and_missing_files_are_named(tmp_path):
    with pytest.raises(DataMissing, match="cifar-10-batches-bin"):
        data.cifar10(None)
    with pytest.raises(DataMissing, match="CIFAR-10"):
        data.cifar10(tmp_path)
    folder = tmp_path / "cifar-10-batches-bin"
    folder.mkdir()
    for index, name in enumerate([f"data_batch_{n}.bin" for n in range(1, 6)] + ["test_batch.bin"]):
        records = np.full((2, data.RECORD), 255, dtype=np.uint8)
        records[:, 0] = index
        (folder / name).write_bytes(records.tobytes())

    training, validation, test = data.cifar10(tmp_path)

    assert (training.images.shape, validation.labels.tolist()) == ((9, 3, 32, 32), [4])
    assert test.labels.tolist() == [5, 5]
    white = (1 - data.MEAN) / data.DEVIATION
    assert torch.allclose(test.images[0, :, :1, :1], white[0])
