"""Patches lie where they say, exits compute no further, and the policy follows its rewards."""

import torch

from reproductions.datasets import Images
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import Reporter, parser
from reproductions.reference.glance_focus import experiment, model, scenes


def test_a_patch_is_the_window_at_its_corner():
    images = torch.rand(3, 1, 24, 24)
    corner = torch.tensor([[0, 0], [12, 5], [7, 12]])

    patches = scenes.cropped(images, corner, 12)

    for image, patch, (row, column) in zip(images, patches, corner.tolist(), strict=True):
        assert torch.equal(patch, image[:, row : row + 12, column : column + 12])


def test_the_digit_of_a_scene_is_at_its_corner():
    images = Images(torch.rand(20, 1, 8, 8) * 0.5 + 0.5, torch.arange(20) % 10)

    made = scenes.cluttered(images, torch.Generator().manual_seed(0))

    assert (scenes.cropped(made.x, made.corner, 8) >= images.x).all()
    inside = experiment.covered(made.corner.clamp(max=12), made)
    assert (inside <= 1).all()
    assert (inside[(made.corner <= 12).all(dim=1)] == 1).all()


def test_without_an_exit_inference_is_the_last_look_of_training():
    torch.manual_seed(0)
    net, images = model.GlanceFocus(), torch.rand(9, 1, 24, 24)

    labels, looks = net.infer(images, 1.01)

    with torch.no_grad():
        scores = net(images, "proposed").scores
    assert torch.equal(labels, scores[-1].argmax(dim=1))
    assert looks.tolist() == [3] * 9


def test_whoever_is_sure_is_looked_at_no_more():
    torch.manual_seed(0)
    net, images = model.GlanceFocus(), torch.rand(30, 1, 24, 24)
    with torch.no_grad():
        sure = net(images, "proposed").scores.softmax(dim=2).max(dim=2).values
    eta = sure[0].median().item()
    seen = []
    net.f_l.register_forward_hook(lambda *call: seen.append(len(call[1][0])))

    _, looks = net.infer(images, eta)

    assert torch.equal(looks == 1, sure[0] >= eta)
    assert seen[0] == int((looks > 1).sum()) > 0


def test_places_that_made_the_answer_likelier_become_likelier():
    scores = torch.zeros(2, 2, 2)
    scores[1, 0, 0] = 4.0  # after the patch the first scene is recognised
    scores[1, 1, 1] = 4.0  # the second is not
    log_p = torch.zeros(1, 2, requires_grad=True)
    looks = model.Looks(scores, torch.zeros(1, 2, 2), log_p)

    model.policy_loss(looks, torch.tensor([0, 0]), 0.7).backward()

    assert log_p.grad[0, 0] < 0 < log_p.grad[0, 1]


def test_the_policy_alone_learns_in_its_stage():
    torch.manual_seed(0)
    net, y = model.GlanceFocus(), torch.tensor([0, 1, 2, 3])
    looks = net(torch.rand(4, 1, 24, 24), "sampled", torch.Generator().manual_seed(0))

    model.policy_loss(looks, y, 0.7).backward()

    assert all(parameter.grad is None for parameter in net.networks())
    assert any(parameter.grad.abs().sum() > 0 for parameter in net.policy())


def test_a_smoke_run_measures_every_claim(capsys):
    args = parser("glance_focus", scales=("smoke",)).parse_args([])
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    shown = capsys.readouterr().out
    claims = load_manifest("glance_focus").claims
    assert [claim.id for claim in claims if f'"id": "{claim.id}"' not in shown] == []
