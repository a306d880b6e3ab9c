"""B-LeNet: what leaves at the branch, and that the threshold is the largest that loses nothing."""

import json

import pytest
import torch

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.branchynet_mnist import experiment, model


def network():
    torch.manual_seed(0)
    return model.BLeNet().eval()


def test_inference_gives_each_image_the_answer_of_the_exit_it_takes():
    net, images = network(), torch.rand(40, 1, 28, 28)
    with torch.no_grad():
        first, last = net(images)
    threshold = model.entropy(first).median().item()

    labels, left = net.infer(images, threshold)

    assert torch.equal(left, model.entropy(first) < threshold)
    expected = torch.where(left, first.argmax(dim=1), last.argmax(dim=1))
    assert torch.equal(labels, expected)


def test_the_knee_is_the_largest_threshold_at_which_nothing_is_lost():
    torch.manual_seed(1)
    answers = experiment.Answers(torch.rand(60), torch.rand(60) < 0.8, torch.rand(60) < 0.85)
    whole = answers.last.sum()

    found = experiment.knee(answers)

    higher = answers.doubt[answers.doubt >= found].sort().values
    assert answers.at(found)[1].sum() >= whole
    assert all(answers.at(each.item() + 1e-6)[1].sum() < whole for each in higher)


def test_nobody_leaves_when_the_branch_is_always_wrong():
    always = torch.ones(5, dtype=torch.bool)

    assert experiment.knee(experiment.Answers(torch.rand(5), ~always, always)) == 0.0


def test_costs_follow_from_the_layers():
    to_branch, both, plain = experiment.macs(network())

    first, branch = 30 * 30 * 5 * 25, 15 * 15 * 10 * 5 * 9 + 640 * 10
    trunk = 17 * 17 * 10 * 5 * 25 + 11 * 11 * 20 * 10 * 25 + 720 * 84 + 84 * 10
    assert (to_branch, both, plain) == (first + branch, first + branch + trunk, first + trunk)


def test_a_smoke_run_measures_every_claim_and_needs_mnist(monkeypatch, capsys):
    args = parser("branchynet_mnist", scales=("smoke",)).parse_args([])
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
    measured = {event["id"] for event in events if event["event"] == "measure"}
    assert {claim.id for claim in load_manifest("branchynet_mnist").claims} <= measured


@pytest.mark.parametrize("classes", [10])
def test_entropy_is_that_of_even_scores(classes):
    even = model.entropy(torch.zeros(1, classes)).item()

    assert even == pytest.approx(torch.tensor(float(classes)).log().item())
