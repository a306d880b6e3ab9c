"""Masked equals dense on the kept pixels, the cost is theirs, and the losses do what they say."""

import io
import json
from types import SimpleNamespace

import pytest
import torch

from reproductions.protocol import Reporter
from reproductions.protocol.cost import trace
from reproductions.reference.spatial_masks import experiment, model


def random_mask(keep, shape=(3, 1, 9, 7), seed=0):
    return (torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < keep).float()


@pytest.mark.parametrize("keep", [0.0, 0.02, 0.3, 1.0])
def test_gathered_windows_give_the_masked_dense_convolution(keep):
    torch.manual_seed(0)
    x, weight, bias = torch.randn(3, 4, 9, 7), torch.randn(6, 4, 3, 3), torch.randn(6)
    mask = random_mask(keep)

    sparse = model.gathered(x, weight, bias, mask)

    assert torch.allclose(sparse, model.masked_dense(x, weight, bias, mask), atol=1e-5)


@pytest.mark.parametrize("keep", [0.05, 0.5])
def test_residual_unit_is_the_same_on_the_dilated_mask(keep):
    torch.manual_seed(0)
    unit, x, mask = model.ResidualUnit(4), torch.randn(3, 4, 9, 7), random_mask(keep)

    assert torch.allclose(unit.sparse(x, mask), unit(x, mask), atol=1e-5)


def test_undilated_first_layer_would_be_wrong():
    torch.manual_seed(0)
    unit, x, mask = model.ResidualUnit(4), torch.randn(3, 4, 9, 7), random_mask(0.3)
    one, two = unit.one, unit.two

    hidden = torch.relu(model.gathered(torch.relu(x), one.weight, one.bias, mask))
    short = model.gathered(hidden, two.weight, two.bias, mask)

    assert not torch.allclose(short, unit(x, mask), atol=1e-2)


def test_cost_of_a_gathered_convolution_is_counted_for_its_kept_pixels_only():
    x, weight, bias = (
        torch.randn(3, 4, 9, 7),
        torch.nn.Parameter(torch.randn(6, 4, 3, 3)),
        torch.zeros(6),
    )
    mask = random_mask(0.3)

    counted = trace(model.gathered, x, weight, bias, mask)

    assert counted.under("mac:conv-fc") == int(mask.sum()) * 9 * 4 * 6


def test_cost_of_a_unit_is_dilated_pixels_and_pixels():
    unit, mask = model.ResidualUnit(4), torch.zeros(1, 1, 9, 7)
    mask[0, 0, 4, 3] = 1

    assert unit.macs(mask).item() == (9 + 1) * 9 * 4 * 4


def test_dense_network_and_sparse_execution_agree_after_the_masks_were_chosen():
    torch.manual_seed(0)
    net = model.DynConvNet(width=6, units=3).eval()
    for choose in net.choose:
        torch.nn.init.normal_(choose.weight)
        torch.nn.init.zeros_(choose.bias)
    x = torch.rand(5, 1, 8, 8)

    scores, masks = net(x)
    sparse, _ = net(x, sparse=True)

    assert 0.05 < torch.stack(masks).mean().item() < 0.95
    assert torch.allclose(scores, sparse, atol=1e-5)


def test_budget_loss_is_zero_on_the_budget_and_bounds_relax_with_time():
    met = torch.tensor([0.5, 0.5])
    uneven = torch.tensor([0.9, 0.1])

    assert model.budget_loss(met, 0.5, slack=1.0).item() == pytest.approx(0)
    assert model.budget_loss(uneven, 0.5, slack=1.0).item() > 0.1
    assert model.budget_loss(uneven, 0.5, slack=0.0).item() == pytest.approx(0, abs=1e-12)


def test_hard_mask_has_the_slope_of_the_soft_gate():
    logits = torch.randn(1, 1, 4, 4, requires_grad=True)

    mask = model.gumbel_mask(logits, noisy=True)
    mask.sum().backward()

    assert set(mask.detach().round(decimals=5).unique().tolist()) <= {0.0, 1.0}
    assert (logits.grad > 0).all()


def test_sact_without_early_halting_is_the_plain_residual_network():
    torch.manual_seed(0)
    net, x = model.SactNet(width=6, units=3).eval(), torch.rand(2, 1, 8, 8)
    for layer in net.near:
        torch.nn.init.constant_(layer.bias, -40.0)  # nobody halts before the last unit

    scores, ponder, used = net(x)

    features = net.stem(x)
    for unit in net.units:
        features = features + unit(features, torch.ones(2, 1, 8, 8))
    plain = net.answer(features)
    assert torch.allclose(scores, plain, atol=1e-5)
    assert used.unique().tolist() == [3]
    assert torch.allclose(ponder, torch.full_like(ponder, 4.0), atol=1e-5)  # N + R = 3 + 1


def test_sact_pixels_that_halt_at_once_use_one_unit():
    torch.manual_seed(0)
    net, x = model.SactNet(width=6, units=3).eval(), torch.rand(2, 1, 8, 8)
    for layer in net.near:
        torch.nn.init.constant_(layer.bias, 40.0)

    scores, _, used = net(x)

    features = net.stem(x)
    features = features + net.units[0](features, torch.ones(2, 1, 8, 8))
    assert used.unique().tolist() == [1]
    assert torch.allclose(scores, net.answer(features), atol=1e-5)


def test_published_networks_have_their_published_cost():
    assert 2 * model.imagenet_resnet_macs((3, 4, 23, 3)) == 15_602_810_880
    assert 2 * model.imagenet_resnet_macs((3, 4, 6, 3)) == 8_178_368_512
    assert model.cifar_resnet_macs(32) == 69_124_736


def test_exact_run_finds_no_difference_and_smoke_run_trains():
    stream = io.StringIO()
    args = SimpleNamespace(scale="smoke", seed=0, device="cpu", data=None, out=None)

    with Reporter("spatial_masks", scale="smoke", stream=stream) as report:
        experiment.run(args, report)

    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    measured = {line["id"]: line["value"] for line in lines if line["event"] == "measure"}
    assert measured["unit-difference"] < 1e-5
    assert measured["layer-cost-difference"] < 1e-6
    assert measured["dynconv-1-cost-share"] == pytest.approx(1)
    assert 0 < measured["dynconv-0.5-cost-share"] < 1
    assert 1 <= measured["sact-0.1-units"] <= 3
