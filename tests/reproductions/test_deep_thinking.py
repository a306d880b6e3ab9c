"""The recurrent block, the progressive loss and the sizes of the paper's network."""

import io
import json
from types import SimpleNamespace

import pytest
import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import parameter_count, trace
from reproductions.reference.deep_thinking import experiment, model


def test_prefix_sums_are_running_parities():
    x, y = experiment.prefix_sums(50, 9, torch.Generator().manual_seed(0))

    for bits, sums in zip(x[:, 0].int().tolist(), y.tolist(), strict=True):
        assert sums == [sum(bits[: place + 1]) % 2 for place in range(9)]


@pytest.mark.parametrize("recall", [True, False])
def test_thinking_in_two_sittings_is_thinking_in_one(recall):
    torch.manual_seed(0)
    net, x = model.DeepThinking(8, recall=recall), torch.rand(3, 1, 6)

    later = net.think(x, 2, net.think(x, 3))

    assert torch.allclose(later, net.think(x, 5), atol=1e-6)


def test_only_recall_can_notice_that_the_input_changed_on_the_way():
    torch.manual_seed(0)
    x, other = torch.rand(3, 1, 6), torch.rand(3, 1, 6)

    for recall in (True, False):
        net = model.DeepThinking(8, recall=recall)
        thought = net.think(x, 2)
        same = torch.equal(net.think(x, 2, thought), net.think(other, 2, thought))
        assert same is not recall


def test_no_gradient_reaches_the_projection_once_a_thought_is_taken_over():
    torch.manual_seed(0)
    net = model.DeepThinking(8)
    x, y = experiment.prefix_sums(4, 6, torch.Generator().manual_seed(0))
    grown = []

    for seed in range(12):
        net.zero_grad()
        draw = torch.Generator().manual_seed(seed)
        first = int(torch.randint(0, 5, (), generator=torch.Generator().manual_seed(seed)))
        model.progressive_loss(net, x, y, most=5, alpha=1.0, draw=draw).backward()
        grown.append((first, net.projection[0].weight.grad is not None))

    assert {first > 0 for first, _ in grown} == {True, False}
    assert all(reached == (first == 0) for first, reached in grown)


def test_fully_unrolled_loss_is_that_of_the_last_pass():
    torch.manual_seed(0)
    net = model.DeepThinking(8)
    x, y = experiment.prefix_sums(4, 6, torch.Generator().manual_seed(0))

    loss = model.progressive_loss(net, x, y, 5, alpha=0.0, draw=torch.Generator())

    last = torch.nn.functional.cross_entropy(net.head(net.think(x, 5)), y)
    assert loss.item() == pytest.approx(last.item())


def test_network_of_the_paper_has_its_size_and_cost():
    with torch.device("meta"):
        net = model.DeepThinking(400).eval()
        x, thought = torch.empty(1, 1, 32), torch.empty(1, 400, 32)

    counted = trace(lambda: net.head(net.think(x, 1, thought))).under("mac:conv-fc")

    assert parameter_count(net) == 3_123_600
    assert counted == model.macs_per_pass(net, 32) == 99_916_800


def test_smoke_run_learns_and_reports_accuracy_after_each_pass():
    stream = io.StringIO()
    args = SimpleNamespace(scale="smoke", seed=0, device="cpu", data=None, out=None)

    with Reporter("deep_thinking", scale="smoke", stream=stream) as report:
        experiment.run(args, report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    measured = {line["id"]: line["value"] for line in lines if line["event"] == "measure"}
    passes = [line["x"] for line in lines if line.get("curve") == "accuracy against passes, 8 bits"]
    losses = [line["y"] for line in lines if line.get("curve") == "loss while training"]
    assert measured["parameters"] == 3_123_600
    assert passes[:8] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert min(losses) < 0.6
    assert measured["recall-progressive-longer-peak"] >= measured["recall-progressive-longer"]
