"""Pondering over sequences against its definition, and three tasks that ask what they say."""

import math

import pytest
import torch

from reproductions.judging.manifest import load_manifest
from reproductions.protocol import Reporter, parser
from reproductions.reference.act_sequences import experiment, model, tasks

SLUG = "act_sequences"


def always(h, limit=9):
    """A network whose halting unit says h whatever it sees."""
    torch.manual_seed(0)
    net = model.PonderingLSTM(3, 5, 4, limit=limit)
    with torch.no_grad():
        net.halt.weight.zero_()
        net.halt.bias.fill_(math.log(h / (1 - h)))
    return net


@pytest.mark.parametrize(("h", "steps", "left"), [(0.995, 1, 1.0), (0.6, 2, 0.4), (0.3, 4, 0.1)])
def test_states_and_answers_are_halting_weighted_means_along_the_sequence(h, steps, left):
    net, x = always(h), torch.randn(3, 2, 3)

    found = net(x)

    state = (torch.zeros(2, 5), torch.zeros(2, 5))
    for t in range(3):
        mixed, y = [torch.zeros(2, 5), torch.zeros(2, 5)], torch.zeros(2, 4)
        for n in range(1, steps + 1):
            flag = torch.full((2, 1), float(n == 1))
            state = net.transition(torch.cat([x[t], flag], dim=1), state)
            p = left if n == steps else h
            mixed = [total + p * part for total, part in zip(mixed, state, strict=True)]
            y = y + p * net.answer(state[0])
        state = tuple(mixed)
        assert torch.allclose(found.y[t], y, atol=1e-5)
    assert found.steps.unique().tolist() == [steps]
    assert found.ponder.flatten().tolist() == pytest.approx([steps + left] * 6, abs=1e-4)


def test_with_one_update_it_is_an_lstm():
    net, x = always(0.3, limit=1), torch.randn(4, 2, 3)

    found = net(x)

    state = None
    for t in range(4):
        state = net.transition(torch.cat([x[t], torch.ones(2, 1)], dim=1), state)
        assert torch.allclose(found.y[t], net.answer(state[0]), atol=1e-6)
    assert found.steps.unique().tolist() == [1]


def test_examples_ponder_for_themselves():
    net = always(0.3)
    torch.nn.init.normal_(net.halt.weight, std=4.0)
    x = torch.randn(3, 12, 3)

    together = net(x)

    alone = [net(x[:, row : row + 1]) for row in range(12)]
    assert len(together.steps.unique()) > 1
    assert torch.equal(together.steps, torch.cat([one.steps for one in alone], dim=1))
    assert torch.allclose(together.y, torch.cat([one.y for one in alone], dim=1), atol=1e-5)


def test_ponder_cost_pushes_towards_earlier_halting():
    net = always(0.3)

    net(torch.randn(3, 4, 3)).ponder.sum().backward()

    assert net.halt.bias.grad.item() < 0


def test_gates_are_applied_in_order_and_carry_over():
    python = {
        "NOR": lambda p, q: not (p or q),
        "Xq": lambda p, q: not p and q,
        "ABJ": lambda p, q: p and not q,
        "XOR": lambda p, q: p != q,
        "NAND": lambda p, q: not (p and q),
        "AND": lambda p, q: p and q,
        "XNOR": lambda p, q: p == q,
        "if/then": lambda p, q: not p or q,
        "then/if": lambda p, q: p or not q,
        "OR": lambda p, q: p or q,
    }
    names = list(tasks.GATES)
    given = tasks.logic(60, 3, 4, torch.Generator().manual_seed(0))

    for row in range(60):
        b = bool(given.x[0, row, 0])
        for t in range(3):
            older, newer = b, bool(given.x[t, row, 1])
            chosen = given.x[t, row, 2:].view(4, 10)
            assert chosen.sum().item() == given.effort[t, row].item()
            for gate in chosen[: given.effort[t, row]].argmax(dim=1).tolist():
                older, newer = newer, bool(python[names[gate]](newer, older))
            assert given.target[t, row, 0].item() == newer
            b = newer
    assert (given.x[1:, :, 0] == 0).all()


def test_sums_are_those_of_the_numbers_so_far():
    given = tasks.addition(40, 4, 3, torch.Generator().manual_seed(1))

    for row in range(40):
        total = 0
        for t in range(4):
            places = given.x[t, row].view(3, 10)
            shown = [int(each.argmax()) for each in places if each.sum()]
            assert len(shown) == given.effort[t, row]
            total += int("".join(map(str, shown)))
            said = [each for each in given.target[t, row].tolist() if each != 10]
            assert "".join(map(str, said)) == str(total)
    assert given.asked[0].sum() == 0
    assert given.asked[1:].all()


def test_places_are_asked_for_in_rising_order_after_the_flag():
    given = tasks.sort(20, 5, torch.Generator().manual_seed(2))

    numbers = given.x[:5, :, 0]
    ordered = numbers.gather(0, given.target[5:, :, 0])
    assert (ordered.diff(dim=0) > 0).all()
    assert torch.equal(given.x[:, 0, 1].nonzero()[:, 0], torch.tensor([4]))
    assert given.asked.sum(dim=0).unique().tolist() == [5]
    assert (given.x[5:] == 0).all()


def test_a_sequence_with_one_wrong_answer_is_wrong_and_unasked_answers_do_not_matter():
    given = tasks.addition(4, 2, 1, torch.Generator().manual_seed(3))
    sizes = experiment.Shape(10, 2, 11)
    scores = torch.nn.functional.one_hot(given.target, 11).float()  # (time, batch, answers, 11)
    scores[0] = scores[0].roll(1, dims=2)
    scores[1, 2, 0] = scores[1, 2, 0].roll(1)
    pondered = model.Pondered(scores.flatten(2), torch.ones(2, 4), torch.ones(2, 4))

    assert experiment.right(pondered, given, sizes).tolist() == [True, True, False, True]


def test_a_smoke_run_measures_every_claim(capsys):
    args = parser(SLUG, scales=("smoke",)).parse_args(["--scale", "smoke"])
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    shown = capsys.readouterr().out
    claims = load_manifest(SLUG).claims
    assert [claim.id for claim in claims if f'"id": "{claim.id}"' not in shown] == []
