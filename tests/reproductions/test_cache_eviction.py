"""A cache with room for all changes nothing; each policy keeps what it says."""

import pytest
import torch

from reproductions.reference.cache_eviction import experiment, model


def network():
    torch.manual_seed(0)
    return model.CachingModel(20, width=16, heads=2, blocks=2).eval()


def noise():
    return torch.Generator().manual_seed(0)


@pytest.mark.parametrize("policy", experiment.POLICIES)
def test_with_room_for_all_every_policy_is_the_whole_network(policy):
    net, text = network(), torch.randint(0, 20, (3, 25))

    logits, kept = net.read(text, policy, 25, noise())

    assert torch.allclose(logits, net(text), atol=1e-5)
    assert torch.equal(kept, torch.arange(25).expand_as(kept))


@pytest.mark.parametrize("budget", [1, 2, 7])
def test_a_window_is_a_banded_mask(budget):
    net, text = network(), torch.randint(0, 20, (3, 25))

    logits, kept = net.read(text, "window", budget, noise())

    assert torch.allclose(logits, net(text, window=budget), atol=1e-5)
    assert torch.equal(kept, torch.arange(25 - budget, 25).expand_as(kept))


def test_sinks_are_the_first_four_and_the_rest_is_a_window():
    net, text = network(), torch.randint(0, 20, (3, 25))

    _, kept = net.read(text, "sinks", 10, noise())

    assert torch.equal(kept, torch.tensor([0, 1, 2, 3, *range(19, 25)]).expand_as(kept))


def test_heavy_hitters_are_kept_beside_the_recent_ones():
    attention = torch.tensor([[[0.0, 5.0, 1.0, 4.0, 0.1, 0.2]]])
    cache = model.Cache(
        torch.zeros(1, 1, 6, 2), torch.zeros(1, 1, 6, 2), torch.arange(6)[None, None], attention
    )

    model.evict(cache, "heavy-hitters", 4, noise())

    assert cache.places.tolist() == [[[1, 3, 4, 5]]]
    assert cache.attention.tolist() == [[[5.0, 4.0, pytest.approx(0.1), pytest.approx(0.2)]]]


def test_each_head_forgets_by_itself():
    attention = torch.tensor([[[9.0, 0.0, 0.0, 0.0], [0.0, 9.0, 0.0, 0.0]]])
    places = torch.arange(4).expand(1, 2, 4)
    cache = model.Cache(torch.zeros(1, 2, 4, 2), torch.zeros(1, 2, 4, 2), places, attention)

    model.evict(cache, "heavy-hitters", 2, noise())

    assert cache.places.tolist() == [[[0, 3], [1, 3]]]


def test_attention_is_summed_over_queries():
    net = network()
    caches = None
    x = torch.randn(1, 1, 16)
    for place in range(5):
        _, caches = net.blocks[0].step(x, place, caches)

    assert caches.attention.sum(dim=2).tolist() == [[pytest.approx(5.0)] * 2]
    assert caches.attention[0, 0, 0] > 1  # the first was seen by all five


def test_bits_are_counted_from_where_the_text_is_warm():
    lines = torch.zeros(2, 5, dtype=torch.long)
    logits = torch.zeros(2, 4, 2)
    logits[:, :2, 0] = 50  # sure and right before the third
    assert experiment.bits_of(logits, lines, 2) == pytest.approx(1.0)
