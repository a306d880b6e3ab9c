"""Tokens that pass by a block are left alone, and the chosen see each other only."""

import pytest
import torch

from reproductions.reference.mixture_of_depths import experiment, model


def routed_block(capacity=0.5):
    torch.manual_seed(0)
    return model.RoutedBlock(8, 2, capacity).eval()


def test_only_the_tokens_with_the_largest_weights_are_changed():
    block, x = routed_block(), torch.randn(3, 10, 8)

    with torch.no_grad():
        after = block(x, "learned", False, model.Routed())
        places = block.router(x)[..., 0].topk(5, dim=1).indices

    changed = (after != x).any(dim=2)
    assert torch.equal(changed, torch.zeros(3, 10, dtype=torch.bool).scatter(1, places, True))


def test_the_chosen_are_computed_without_the_others():
    block, x = routed_block(), torch.randn(2, 10, 8)
    routed = model.Routed()
    with torch.no_grad():
        after = block(x, "learned", False, routed)
        for line, chosen, said in zip(x, routed.chosen[0], after, strict=True):
            alone = line[chosen][None]
            weights = block.router(alone)
            assert torch.allclose(alone + weights * block.block(alone), said[chosen], atol=1e-6)


def test_choosing_by_mask_and_by_gathering_are_the_same():
    """In use the tokens are chosen by a head; where it says what the weights say, nothing differs."""
    block, x = routed_block(), torch.randn(4, 12, 8)

    class Says(torch.nn.Module):
        def forward(self, tokens):
            weights = block.router(tokens)[..., 0]
            chosen = torch.zeros_like(weights).scatter(1, weights.topk(6, dim=1).indices, 1.0)
            return (2 * chosen - 1)[..., None]

    block.predictor = Says()
    with torch.no_grad():
        gathered = block(x, "learned", False, model.Routed())
        masked = block(x, "learned", True, model.Routed())

    assert torch.allclose(gathered, masked, atol=1e-6)


def test_no_token_sees_a_later_one_in_use():
    torch.manual_seed(1)
    network = model.DepthModel(20, 16, width=16, heads=2, capacity=0.5).eval()
    text = torch.randint(0, 20, (3, 16))
    changed = text.clone()
    changed[:, 10:] = torch.randint(0, 20, (3, 6))

    with torch.no_grad():
        before, _ = network(text, "learned", causal=True)
        after, _ = network(changed, "learned", causal=True)

    assert torch.allclose(before[:, :10], after[:, :10], atol=1e-6)


def test_the_causal_heads_move_nothing_else():
    torch.manual_seed(1)
    network = model.DepthModel(20, 16, width=16, heads=2, capacity=0.5)
    _, routed = network(torch.randint(0, 20, (3, 16)), "learned")
    torch.stack(routed.predictor_losses).sum().backward()

    moved = {name for name, weights in network.named_parameters() if weights.grad is not None}
    assert moved and all(".predictor." in name for name in moved)


def test_every_second_block_is_routed():
    network = model.DepthModel(20, 16, capacity=0.25)

    assert [isinstance(each, model.RoutedBlock) for each in network.blocks] == [False, True] * 2


@pytest.mark.parametrize("tokens", [1, 7, 64])
def test_the_cost_of_a_block_is_that_of_its_products(tokens):
    width, heads = 16, 2
    block = model.Block(width, heads)
    layers = sum(
        each.weight.numel() for each in block.modules() if isinstance(each, torch.nn.Linear)
    )
    pairs = tokens * (tokens + 1) // 2  # of a query with itself and every earlier key

    assert model.block_macs(width, tokens) == layers * tokens + 2 * pairs * width


def test_the_relative_cost_is_that_of_two_kinds_of_block():
    recipe = experiment.Recipe(length=64, width=64, capacity=0.25)
    whole, part = model.block_macs(64, 64), model.block_macs(64, 16)

    assert experiment.relative_cost(recipe) == pytest.approx((2 * whole + 2 * part) / (4 * whole))
