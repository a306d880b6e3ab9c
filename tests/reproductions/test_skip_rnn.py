"""The update gate against its equations, the tasks against their definitions, the cost formula."""

import io
import json
from types import SimpleNamespace

import pytest
import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace
from reproductions.reference.skip_rnn import experiment, model, tasks


def constant_wish(network, probability):
    """Make the gate wish for an update by the same amount at every step."""
    torch.nn.init.zeros_(network.wish.weight)
    torch.nn.init.constant_(network.wish.bias, torch.logit(torch.tensor(probability)).item())


@pytest.mark.parametrize(
    ("wish", "updates"),
    [(0.9, [1, 1, 1, 1, 1, 1]), (0.3, [1, 0, 1, 0, 1, 0]), (0.2, [1, 0, 0, 1, 0, 0])],
)
def test_wish_adds_up_over_skipped_steps_until_it_passes_one_half(wish, updates):
    network = model.SkipRNN("lstm", 2, 4, 1)
    constant_wish(network, wish)

    _, used = network(torch.randn(3, 6, 2))

    assert used.tolist() == [updates] * 3


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_skipped_inputs_cannot_change_the_answer(cell):
    network = model.SkipRNN(cell, 2, 8, 1)
    constant_wish(network, 0.3)
    x = torch.randn(4, 6, 2)
    other = x.clone()
    other[:, [1, 3, 5]] = torch.randn(4, 3, 2)  # the steps that are skipped

    answer, _ = network(x)

    assert torch.equal(answer, network(other)[0])
    other[:, 4] += 1
    assert not torch.equal(answer, network(other)[0])


@pytest.mark.parametrize(("cell", "theirs"), [("lstm", torch.nn.LSTMCell)])
def test_lstm_without_gate_is_the_lstm_of_pytorch(cell, theirs):
    network = model.SkipRNN(cell, 2, 5, 1, skips=False)
    reference = theirs(2, 5)
    i, g, f, o = network.cell.mix.weight.detach().chunk(4)  # (units, inputs + units)
    stacked = torch.cat([i, f, g, o])  # the order PyTorch uses
    bias = network.cell.mix.bias.detach().chunk(4)
    with torch.no_grad():
        reference.weight_ih.copy_(stacked[:, :2])
        reference.weight_hh.copy_(stacked[:, 2:])
        reference.bias_ih.copy_(torch.cat([bias[0], bias[2], bias[1], bias[3]]))
        reference.bias_hh.zero_()
    x = torch.randn(3, 7, 2)

    answer, used = network(x)

    hidden = memory = torch.zeros(3, 5)
    for t in range(7):
        hidden, memory = reference(x[:, t], (hidden, memory))
    assert torch.allclose(answer, network.answer(hidden), atol=1e-6)
    assert used.min() == 1


def test_rounding_passes_the_gradient_straight_through():
    wish = torch.tensor([0.2, 0.5, 0.9], requires_grad=True)

    used = model.Round.apply(wish)
    (used * torch.tensor([1.0, 2.0, 3.0])).sum().backward()

    assert used.tolist() == [0, 1, 1]
    assert wish.grad.tolist() == [1, 2, 3]


def test_budget_loss_pushes_the_wish_down():
    network = model.SkipRNN("gru", 2, 4, 1)
    _, updates = network(torch.randn(5, 10, 2))

    model.budget_loss(updates, cost_per_update=0.1).backward()

    assert network.wish.bias.grad.item() > 0


@pytest.mark.parametrize(("cell", "gates"), [("lstm", 4), ("gru", 3)])
def test_cost_formula_is_what_the_tracer_counts_when_every_step_updates(cell, gates):
    network = model.SkipRNN(cell, 2, 110, 1)
    head = network.answer.weight.numel()

    counted = trace(network, torch.zeros(1, 50, 2)).under("mac:conv-fc")

    formula = model.inference_macs(network, steps=50, used=1.0)
    assert formula == 50 * (gates * 110 * 112 + 110)
    assert counted - head == formula


def test_adding_task_marks_one_value_early_and_one_late():
    x, total = tasks.adding(2000, 50, torch.Generator().manual_seed(0))

    values, marks = x[:, :, 0], x[:, :, 1]
    assert marks[:, :5].sum(dim=1).tolist() == [1] * 2000
    assert marks[:, 25:].sum(dim=1).tolist() == [1] * 2000
    assert marks[:, 5:25].sum() == 0
    assert torch.allclose(total[:, 0], (values * marks).sum(dim=1))
    assert total.var().item() == pytest.approx(1 / 6, rel=0.1)


def test_half_of_the_waves_have_a_period_of_five_to_six_milliseconds():
    x, label = tasks.frequency(64, 200, 0.5, torch.Generator().manual_seed(0))

    assert x.shape == (64, 200, 1)
    assert label.tolist() == [0] * 32 + [1] * 32
    spectrum = torch.fft.rfft(x[:32, :, 0]).abs()[:, 1:].argmax(dim=1) + 1  # cycles in 100 ms
    assert ((spectrum >= 16) & (spectrum <= 20)).all()


def test_smoke_run_reports_costs_and_a_training():
    stream = io.StringIO()
    args = SimpleNamespace(scale="smoke", seed=0, device="cpu", data=None, out=None)

    with Reporter("skip_rnn", scale="smoke", stream=stream) as report:
        experiment.run(args, report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    measured = {line["id"]: line for line in lines if line["event"] == "measure"}
    assert measured["cost-lstm"]["value"] == 2_464_000
    assert measured["cost-skip-gru-1e-5"]["value"] == pytest.approx(942_436)
    assert 0 < measured["toy-skip-lstm-0-used"]["value"] <= 100
    errors = [line["y"] for line in lines if line.get("curve") == "squared error while training"]
    assert errors[-1] < 0.3
    assert lines[-1]["status"] == "ok"
