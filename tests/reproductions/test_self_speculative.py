"""Speculation changes the time, never the text."""

import pytest
import torch

from reproductions.reference.self_speculative import experiment, model


def network(seed=0):
    torch.manual_seed(seed)
    return model.DeepModel(20, units=16, layers=4).eval()


@pytest.mark.parametrize("exit", [1, 2, 3, 4])
@pytest.mark.parametrize("drafts", [1, 3, 5])
def test_the_text_is_that_of_the_whole_network(exit, drafts):
    net = network(exit)
    window = torch.randint(0, 20, (model.WINDOW,))

    decoded = model.self_speculative(net, window, 17, exit=exit, drafts=drafts)

    assert decoded.text == model.greedy(net, window, 17)
    assert all(0 <= kept <= drafts for kept in decoded.accepted)
    if exit == 4:  # a draft by all layers is always right
        assert set(decoded.accepted) == {drafts}


def test_calm_at_a_threshold_nobody_reaches_is_the_whole_network():
    net, windows = network(), torch.randint(0, 20, (30, model.WINDOW))

    tokens, layers = model.confident(net, windows, 1.1)

    assert layers.tolist() == [4] * 30
    assert torch.equal(tokens, net.head(net.states(windows)[-1]).argmax(dim=1))


def test_calm_leaves_at_the_first_sure_layer():
    net, windows = network(), torch.randint(0, 20, (30, model.WINDOW))
    with torch.no_grad():
        sure = torch.stack(
            [net.head(x).softmax(dim=1).max(dim=1).values for x in net.states(windows)]
        )
    threshold = sure[0].median().item()

    _, layers = model.confident(net, windows, threshold)

    fires = sure >= threshold
    fires[-1] = True
    assert torch.equal(layers, fires.int().argmax(dim=0) + 1)


def test_the_last_layer_weighs_most_and_the_first_nothing(monkeypatch):
    net, windows, y = network(), torch.randint(0, 20, (8, model.WINDOW)), torch.zeros(8).long()
    losses = iter([torch.tensor(each) for each in (2.0, 3.0, 5.0)])
    monkeypatch.setattr(model.F, "cross_entropy", lambda scores, labels: next(losses))

    loss = model.layer_skip_loss(net, windows, y, 0.0, 1.0)

    weights = [1, 3, 3 + (0 + 1 + 2)]  # e(1), e(2), e(3); e(0) is zero
    expected = sum(w * each for w, each in zip(weights, (2.0, 3.0, 5.0), strict=True)) / sum(
        weights
    )
    assert loss.item() == pytest.approx(expected)


def test_layers_are_dropped_more_often_the_deeper_and_right_on_average():
    net, windows = network(), torch.randint(0, 20, (1, model.WINDOW)).expand(6000, -1)
    with torch.no_grad():
        whole = net.states(windows[:1])
        first = net.states(windows, p_max=0.5)[0]
        second = torch.stack([net.states(windows, p_max=0.5)[1].mean(dim=0)])

    assert torch.allclose(first, whole[0].expand_as(first), atol=1e-6)  # D(0) = 0
    assert torch.allclose(second, whole[1], atol=0.05)


def test_a_round_computes_every_layer_for_each_draft():
    recipe = experiment.Recipe(drafts=4)

    assert experiment.layers_a_token(model.Decoded([], [4, 4]), recipe) == pytest.approx(1.0)
    assert experiment.layers_a_token(model.Decoded([], [0, 1]), recipe) == pytest.approx(8 / 3)
