"""The sensor sees what lies there, and labels and rewards each train what the paper says."""

import json

import pytest
import torch
from torch.nn import functional as F

from reproductions.datasets import Images, Split
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.recurrent_attention import experiment, model

SLUG = "recurrent_attention"


def noise(seed=0):
    return torch.Generator().manual_seed(seed)


def network(glimpses=3):
    torch.manual_seed(0)
    return model.RAM(model.Sensor(8, 1), glimpses, 0.15)


def digits(count):
    return Images(torch.rand(count, 1, 28, 28), torch.arange(count) % 10)


def test_a_glimpse_is_the_window_around_its_place():
    sensor, images = model.Sensor(8, 1), torch.rand(3, 28, 28)
    places = torch.tensor([[0.0, 0.0], [-1.0, -1.0], [1.0, 0.0]])

    seen = sensor(F.pad(images, (sensor.margin,) * 4), places).view(3, 8, 8)

    assert torch.equal(seen[0], images[0, 10:18, 10:18])
    assert torch.equal(seen[1, 4:, 4:], images[1, :4, :4])
    assert seen[1, :4].count_nonzero() == seen[1, :, :4].count_nonzero() == 0
    assert torch.equal(seen[2, :4], images[2, 24:, 10:18])


def test_each_window_is_twice_as_wide_and_has_as_many_pixels():
    sensor, images = model.Sensor(12, 3), torch.rand(2, 60, 60)

    seen = sensor(F.pad(images, (sensor.margin,) * 4), torch.zeros(2, 2)).view(2, 3, 12, 12)

    assert sensor.size == 3 * 144
    for scale, window in enumerate(seen.unbind(dim=1)):
        reach = 6 * 2**scale
        around = images[:, 30 - reach : 30 + reach, 30 - reach : 30 + reach]
        expected = around.view(2, 12, 2**scale, 12, 2**scale).mean(dim=(2, 4))
        assert torch.allclose(window, expected, atol=1e-6)


def test_without_exploring_it_looks_where_the_location_network_says():
    net, images = network(), torch.rand(5, 28, 28)

    looks = net(images, noise(), explore=False)

    state = torch.zeros(5, model.UNITS)
    padded = F.pad(images, (4,) * 4)
    for before, after in zip(looks.locations, looks.locations[1:], strict=False):
        state = net.step(net.sensor(padded, before), before, state)
        assert torch.allclose(after, net.location(state).clamp(-1, 1))
    state = net.step(net.sensor(padded, looks.locations[-1]), looks.locations[-1], state)
    assert torch.allclose(looks.scores, net.action(state))
    assert looks.log_pi.count_nonzero() == 0


def test_exploring_draws_with_the_given_spread():
    net, images = network(glimpses=2), torch.rand(4000, 28, 28)

    drawn = net(images, noise(), explore=True)
    aimed = net(images, noise(), explore=False)

    off = (drawn.locations[1] - aimed.locations[1]).std().item()
    assert off == pytest.approx(0.15, rel=0.05)


def test_labels_do_not_reach_the_location_network_and_rewards_nothing_else():
    net, labels = network(), torch.arange(6)
    looks = net(torch.rand(6, 28, 28), noise(), explore=True)

    F.cross_entropy(looks.scores, labels).backward(retain_graph=True)
    assert net.location.weight.grad is None and net.baseline.weight.grad is None
    assert net.core.weight.grad.abs().sum() > 0
    net.zero_grad()
    looks.log_pi.sum().backward()
    touched = {name for name, value in net.named_parameters() if value.grad is not None}
    assert touched == {"location.weight", "location.bias"}


def test_places_that_led_to_a_right_answer_become_likelier():
    scores = torch.zeros(2, 10)
    scores[:, 3] = 5.0
    log_pi = torch.zeros(1, 2, requires_grad=True)
    baselines = torch.full((1, 2), 0.5, requires_grad=True)
    looks = model.Looks(scores, torch.zeros(2, 2, 2), log_pi, baselines)

    model.hybrid_loss(looks, torch.tensor([3, 4])).backward()

    assert log_pi.grad[0].tolist() == pytest.approx([-0.25, 0.25])  # -(R - b) / M
    assert baselines.grad[0].tolist() == pytest.approx([-0.5, 0.5])  # 2 (b - R) / M


def test_a_bandit_is_won_by_reward_alone():
    """One digit is right only if looked at in the upper left corner: the mean moves there."""
    net, images = network(glimpses=2), torch.zeros(200, 28, 28)
    optimiser = torch.optim.Adam(net.location.parameters(), lr=0.02)
    there, source = torch.tensor([-0.4, -0.4]), noise()
    start = (net(images, source, explore=False).locations[1].mean(0) - there).norm()
    for _ in range(60):
        looks = net(images, source, explore=True)
        near = ((looks.locations[1] - there).norm(dim=1) < start).float()
        loss = -(looks.log_pi[0] * (near - near.mean())).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()

    end = (net(images, source, explore=False).locations[1].mean(0) - there).norm()
    assert end < start / 2


def test_glimpses_anywhere_ask_nobody():
    net, images = network(glimpses=3), torch.rand(4000, 28, 28)
    net.chooses = False

    looks = net(images, noise(), explore=False)

    assert looks.locations.abs().mean().item() == pytest.approx(0.5, abs=0.01)
    assert len(looks.locations[1].unique(dim=0)) == len(images)


@pytest.mark.parametrize(
    ("ranks", "expected"),
    [([5, 4, 3, 2, 1, 0], -1.0), ([5, 3, 4, 2, 1, 0], 1 - 6 * 68 / 210), ([0, 1, 2, 3, 4, 5], 1.0)],
)
def test_errors_that_fall_with_the_number_of_glimpses_correlate_with_it(ranks, expected):
    assert experiment.rank_correlation(torch.tensor(ranks)) == pytest.approx(expected)


def test_costs_follow_from_the_layers():
    step = 64 * 128 + 2 * 128 + 256 * 256 + 512 * 256

    assert experiment.macs(3) == 3 * step + 2 * 256 * 2 + 256 * 10


def test_ink_is_the_brightness_of_the_window():
    images = torch.zeros(2, 28, 28)
    images[:, 10:18, 10:18] = 0.5
    places = torch.tensor([[0.0, 0.0], [-1.0, 1.0]])

    assert experiment.ink(images, places).tolist() == [0.5, 0.0]


def test_a_smoke_run_measures_every_claim_and_needs_mnist(monkeypatch, capsys):
    def missing(folder):
        raise DataMissing("MNIST")

    args = parser(SLUG, scales=("smoke",)).parse_args([])
    monkeypatch.setattr(experiment, "mnist", missing)
    with Reporter.from_args(args) as report:
        experiment.run(args, report)
    assert '"status": "needs-data"' in capsys.readouterr().out

    monkeypatch.setattr(experiment, "mnist", lambda folder: Split(*(digits(40),) * 3))
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = {event["id"] for event in events if event["event"] == "measure"}
    assert {claim.id for claim in load_manifest(SLUG).claims} <= measured
