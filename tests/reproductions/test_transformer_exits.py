"""When an example leaves an encoder."""

import math

import pytest
import torch

from reproductions.reference.transformer_exits.model import (
    ExitingEncoder,
    Shape,
    exits_by_patience,
    exits_by_uncertainty,
    expected_saving,
    run_one,
    uncertainty,
)


def answers(*layers: list[int], classes: int = 3) -> torch.Tensor:
    """Logits (layers, batch, classes) that answer like this."""
    return 5 * torch.nn.functional.one_hot(torch.tensor(layers), classes).float()


def test_uncertainty_runs_from_sure_to_ignorant():
    logits = torch.tensor([[0.0, 0.0, 0.0, 0.0], [100.0, 0.0, 0.0, 0.0]])

    assert uncertainty(logits).tolist() == pytest.approx([1.0, 0.0])
    assert uncertainty(torch.tensor([0.0, 0.0])).item() == pytest.approx(1.0)
    entropy = torch.tensor([0.25, 0.75]).log()
    expected = -(0.25 * math.log(0.25) + 0.75 * math.log(0.75)) / math.log(2)
    assert uncertainty(entropy).item() == pytest.approx(expected)


def test_examples_leave_at_the_first_sure_layer_and_all_at_the_last():
    unsure = torch.zeros(1, 3, 3)
    logits = torch.cat([unsure, answers([0, 1, 2]), unsure])
    logits[1, 2] = 0

    assert exits_by_uncertainty(logits, 0.5).tolist() == [2, 2, 3]
    assert exits_by_uncertainty(logits, 0.0).tolist() == [3, 3, 3]


@pytest.mark.parametrize(("patience", "leaving"), [(1, [2, 3, 5]), (2, [3, 4, 5]), (4, [5, 5, 5])])
def test_patience_counts_answers_that_stay_the_same(patience, leaving):
    logits = answers([0, 0, 0], [0, 1, 1], [0, 1, 0], [1, 1, 1], [1, 1, 2])

    assert exits_by_patience(logits, patience).tolist() == leaving


def test_the_expected_saving_is_the_share_of_layers_not_run():
    assert expected_saving(torch.tensor([1, 2, 3, 4]), 4) == 1 - 10 / 16
    assert expected_saving(torch.tensor([4, 4]), 4) == 0


@torch.no_grad()
def test_stopping_for_real_gives_the_answer_the_rule_predicts():
    torch.manual_seed(0)
    encoder = ExitingEncoder(Shape(4, 8, 2, 16, 5, 3, 4)).eval()
    x = 3 * torch.randn(20, 5, 8)
    logits = encoder(x)
    threshold = uncertainty(logits).median().item()

    leaving = exits_by_uncertainty(logits, threshold)

    assert len(leaving.unique()) > 1
    for example, layers in enumerate(leaving.tolist()):
        answer, ran = run_one(encoder, x[example : example + 1], threshold)
        assert ran == layers
        assert torch.allclose(answer[0], logits[layers - 1, example], atol=1e-5)
