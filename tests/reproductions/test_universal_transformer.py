"""One block again and again, halting position by position, and strings that are what they say."""

import math

import pytest
import torch

from reproductions.judging.manifest import load_manifest
from reproductions.protocol import Reporter, parser
from reproductions.reference.universal_transformer import experiment, model, tasks

SLUG = "universal_transformer"


def network(**changes):
    """A small one with random weights."""
    torch.manual_seed(0)
    given = {"words": 12, "units": 8, "heads": 2, "steps": 3, "shared": True, **changes}
    return model.SequenceTransformer(**given).eval()


def strings():
    return tasks.examples("copy", 5, 6, torch.Generator().manual_seed(0))


def always(net, p):
    """Every position halts with probability p at each step."""
    with torch.no_grad():
        for stack in (net.encoder, net.decoder):
            stack.halt.weight.zero_()
            stack.halt.bias.fill_(math.log(p / (1 - p)))
    return net


def test_coordinates_are_equations_6_and_7():
    places, d, t = torch.tensor([[3.0, 11.0]]), 6, 2

    found = model.coordinates(places, t, d)

    for row, i in enumerate((3, 11)):
        for j in range(d // 2):
            wave = 10000 ** (2 * j / d)
            sine = math.sin(i / wave) + math.sin(t / wave)
            cosine = math.cos(i / wave) + math.cos(t / wave)
            assert found[0, row, 2 * j].item() == pytest.approx(sine, abs=1e-5)
            assert found[0, row, 2 * j + 1].item() == pytest.approx(cosine, abs=1e-5)


def test_attention_is_equations_1_to_3_written_out():
    torch.manual_seed(0)
    attend, h, seen = model.MultiHead(8, 2), torch.randn(3, 4, 8), torch.randn(3, 5, 8)

    q, k, v = attend.w_q(h), attend.w_k(seen), attend.w_v(seen)
    heads = [
        torch.softmax(q[..., part] @ k[..., part].mT / 4**0.5, dim=-1) @ v[..., part]
        for part in (slice(0, 4), slice(4, 8))
    ]
    assert torch.allclose(attend(h, seen), attend.w_o(torch.cat(heads, dim=-1)), atol=1e-6)


def test_the_same_block_is_applied_at_every_step_with_the_steps_own_signal():
    net, places = network(), torch.arange(4.0)[None]
    h = torch.randn(2, 4, 8)

    found = net.encoder(h, places)[0]

    for t in (1, 2, 3):
        h = net.encoder.blocks[0](h + model.coordinates(places, t, 8), None)
    assert torch.allclose(found, h)


def test_more_steps_need_no_more_parameters_and_more_layers_do():
    def size(**changes):
        return sum(each.numel() for each in network(**changes).parameters())

    assert size(steps=2) == size(steps=6)
    layers = [size(steps=steps, shared=False) for steps in (1, 2, 3)]
    assert layers[0] == size()
    assert layers[2] - layers[1] == layers[1] - layers[0] > 0


@pytest.mark.parametrize("kind", ["universal", "halting", "layers", "lstm"])
def test_no_target_sees_itself_or_a_later_one(kind):
    net = {
        "universal": network,
        "halting": lambda: network(halts=True),
        "layers": lambda: network(shared=False),
        "lstm": lambda: model.SequenceLSTM(12, 8),
    }[kind]()
    x, y = strings()
    other = y.clone()
    other[:, 3] = (other[:, 3] + 1) % 10

    one, two = net(x, y).scores, net(x, other).scores

    assert torch.allclose(one[:, :4], two[:, :4], atol=1e-6)
    assert not torch.isclose(one[:, 4], two[:, 4]).all()


def test_an_offset_moves_the_places_of_both_sides():
    net, (x, y) = network(), strings()

    assert torch.equal(net(x, y).scores, net(x, y, torch.zeros(5)).scores)
    assert not torch.allclose(net(x, y).scores, net(x, y, torch.full((5,), 7.0)).scores)


@pytest.mark.parametrize(("p", "steps", "left"), [(0.995, 1, 1.0), (0.6, 2, 0.4), (0.4, 3, 0.2)])
def test_a_position_halts_when_its_probabilities_add_up(p, steps, left):
    net = always(network(halts=True, steps=6), p)
    places, h = torch.arange(4.0)[None], torch.randn(2, 4, 8)

    found, n, ponder = net.encoder(h, places)

    mixed = torch.zeros_like(h)
    for t in range(1, steps + 1):
        h = net.encoder.blocks[0](h + model.coordinates(places, t, 8), None)
        mixed = mixed + (left if t == steps else p) * h
    assert torch.allclose(found, mixed, atol=1e-5)
    assert n.unique().tolist() == [steps]
    assert ponder.flatten().tolist() == pytest.approx([steps + left] * 8, abs=1e-5)


def test_the_last_step_ends_what_did_not_halt():
    net = always(network(halts=True, steps=4), 0.01)

    _, n, ponder = net.encoder(torch.randn(1, 3, 8), torch.arange(3.0)[None])

    assert n.unique().tolist() == [4]
    assert ponder[0, 0].item() == pytest.approx(4 + 1 - 0.03, abs=1e-4)


def test_positions_halt_for_themselves_and_weights_add_up_to_one():
    net = network(halts=True, steps=5)
    torch.nn.init.normal_(net.encoder.halt.weight, std=2.0)
    h, places = torch.randn(4, 6, 8), torch.arange(6.0)[None]

    n = net.encoder(h, places)[1]

    first = torch.sigmoid(net.encoder.halt(h))[..., 0]
    assert torch.equal(n == 1, first > 0.99)
    assert len(n.unique()) > 1


def test_ponder_cost_pushes_towards_earlier_halting():
    net, (x, y) = always(network(halts=True, steps=6), 0.3), strings()

    net(x, y).ponder.mean().backward()

    assert net.encoder.halt.bias.grad.item() < 0
    assert net.decoder.halt.bias.grad.item() < 0


def test_copy_and_reverse_end_where_their_strings_end():
    noise = torch.Generator().manual_seed(0)
    x, y = tasks.examples("copy", 9, 5, noise)
    assert torch.equal(x, y)
    x, y = tasks.examples("reverse", 9, 5, noise)
    assert torch.equal(x[:, :5].flip(1), y[:, :5])
    assert (y[:, 5] == tasks.END).all()


@pytest.mark.parametrize("length", [3, 4, 7, 16])
def test_sums_are_right_lowest_digit_first(length):
    noise = torch.Generator().manual_seed(length)
    for _ in range(10):
        x, y = tasks.examples("addition", 30, length, noise)
        assert x.shape == (30, length + 1)
        assert y.shape[1] <= length + 1
        for given, wanted in zip(x.tolist(), y.tolist(), strict=True):
            text = "".join("0123456789+"[word] for word in given[:-1])
            first, second = (int(number[::-1]) for number in text.split("+"))
            end = wanted.index(tasks.END)
            answer = "".join(map(str, wanted[:end]))
            assert answer == str(first + second)[::-1]
            assert set(wanted[end + 1 :]) <= {tasks.NOTHING}


def test_a_sequence_right_after_true_characters_is_right_after_its_own():
    net, (x, y) = network(), strings()
    torch.nn.init.normal_(net.o.weight, std=3.0)
    said = net(x, y).scores.argmax(dim=2)

    own = torch.full_like(y, 0)
    for place in range(y.shape[1]):
        own[:, place] = net(x, own).scores[:, place].argmax(dim=1)
    again = net(x, own).scores.argmax(dim=2)

    assert torch.equal(own, again)
    assert ((said == y).all(dim=1) == (own == y).all(dim=1)).all()


def test_accuracies_leave_out_what_stands_after_the_end():
    class Knows(torch.nn.Module):
        def forward(self, x, y, offset=None):
            wrong_after_end = torch.nn.functional.one_hot(y, 12).float()
            steps = torch.ones(len(x), x.shape[1] + y.shape[1])
            return model.Output(wrong_after_end, steps, steps)

    args = parser(SLUG, scales=("smoke",)).parse_args([])
    right, asked, _ = experiment.tested(args, Knows(), "addition", 7, 40)

    assert asked.shape == (40, 9)
    assert torch.equal(right, asked)
    assert 0 < asked.float().mean() < 1


def test_a_smoke_run_measures_every_claim(capsys):
    args = parser(SLUG, scales=("smoke",)).parse_args(["--scale", "smoke"])
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    shown = capsys.readouterr().out
    claims = load_manifest(SLUG).claims
    assert [claim.id for claim in claims if f'"id": "{claim.id}"' not in shown] == []
