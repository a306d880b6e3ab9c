"""Frames: what is not looked at is not computed, and what is shown of a policy is what it did."""

import pytest
import torch

from reproductions.datasets import Images
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import Reporter, parser
from reproductions.reference.frame_policies import experiment, model, videos


@pytest.mark.parametrize("time", [2, 5, 8, 10])
def test_the_fixed_order_visits_every_frame_once(time):
    order = model.spread(time)

    assert sorted(order) == list(range(time))
    assert order[0] == time // 2


def test_stopping_gives_what_the_classifier_of_that_frame_says():
    torch.manual_seed(0)
    net, frames = model.FrameExit(6), torch.rand(30, 6, 1, 12, 12)
    with torch.no_grad():
        scores, gates = net(frames)
        for gate, logits in zip(net.gates, gates, strict=True):
            gate.bias -= logits.median()  # about half of the videos leave at every frame
        scores, gates = net(frames)

    labels, looked = net.infer(frames)

    fires = gates > 0
    fires[-1] = True
    first = fires.int().argmax(dim=0)
    assert len(first.unique()) > 2
    assert torch.equal(looked, first + 1)
    assert torch.equal(labels, scores.argmax(dim=2).gather(0, first[None])[0])


def test_gates_learn_from_what_the_classifiers_reached():
    scores = torch.tensor(
        [[[9.0, 0.0], [0.0, 9.0]]]
    )  # the first video right and sure, not the second
    gates = torch.zeros(1, 2, requires_grad=True)

    model.frame_exit_loss(scores, gates, torch.tensor([0, 0]), 0.03).backward()

    assert gates.grad[0, 0] < 0 < gates.grad[0, 1]


def test_ar_net_computes_what_it_chose_and_agrees_with_training(monkeypatch):
    torch.manual_seed(3)
    net, frames = model.ARNet(), torch.rand(20, 8, 1, 12, 12)
    chosen = torch.nn.functional.one_hot(torch.randint(0, 3, (20, 8)), 3).float()
    monkeypatch.setattr(net, "decide", lambda frames, noise: chosen)
    seen = []
    net.whole.register_forward_hook(lambda *call: seen.append(len(call[1][0])))

    looked = net.infer(frames)

    actions = looked.actions.argmax(dim=2)
    assert seen == [int((actions == model.WHOLE).sum())]
    assert len(actions.unique()) > 1
    with torch.no_grad():
        assert torch.allclose(net(frames, looked.actions).scores, looked.scores, atol=1e-5)


def test_videos_show_the_digit_where_they_say_so():
    images = Images(torch.ones(40, 1, 8, 8), torch.arange(40) % 10)

    made = videos.drifting_digits(images, 6, torch.Generator().manual_seed(0))

    bright = (made.frames == 1).flatten(2).sum(dim=2)
    assert torch.equal(bright == 64, made.visible)
    assert made.visible.any(dim=1).all()
    assert experiment.first_visible(torch.tensor([[False, True, True]])).tolist() == [1]


def test_a_mean_between_two_numbers_of_frames_is_a_mixture():
    assert experiment.interpolated([10.0, 20.0, 40.0], 2.5) == pytest.approx(30.0)
    assert experiment.interpolated([10.0, 20.0, 40.0], 3.0) == pytest.approx(40.0)


def test_a_smoke_run_measures_every_claim(capsys):
    args = parser("frame_policies", scales=("smoke",)).parse_args([])
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    shown = capsys.readouterr().out
    claims = load_manifest("frame_policies").claims
    assert [claim.id for claim in claims if f'"id": "{claim.id}"' not in shown] == []
