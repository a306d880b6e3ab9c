"""Jumps go where they say, and skimming touches no more than its small part."""

import pytest
import torch

from reproductions.judging.manifest import load_manifest
from reproductions.protocol import Reporter, parser
from reproductions.reference.speed_reading import experiment, jump, skim, tasks


def test_a_jump_of_j_reads_the_jth_token_after_the_last_one_read():
    net = jump.LSTMJump(10, 8, 10, jumps=1, longest=9, between=1)
    with torch.no_grad():
        net.jump.bias.copy_(torch.eye(10)[4] * 100)
    text = torch.randint(0, 10, (6, 10))

    reading = net(text)

    direct = text[:, [0, 4]]  # what remains when the tokens between are not there at all
    with torch.no_grad():
        net.jump.bias.copy_(torch.eye(10)[1] * 100)
    assert torch.allclose(reading.scores, net(direct).scores)
    assert reading.read.tolist() == [2] * 6


def test_a_jump_of_zero_and_one_beyond_the_end_stop_reading():
    net = jump.LSTMJump(10, 8, 10, jumps=2, longest=9, between=1)
    text = torch.randint(0, 10, (3, 5))
    for step, read in ((0, 1), (9, 1), (2, 3)):
        with torch.no_grad():
            net.jump.weight.zero_()
            net.jump.bias.copy_(torch.eye(10)[step] * 100)
        assert net(text).read.tolist() == [read] * 3


def test_the_loss_makes_a_rewarded_jump_likelier_and_a_useless_one_less_likely():
    for right in (True, False):
        log_p = torch.tensor([[-1.0]], requires_grad=True)
        scores = torch.tensor([[5.0, 0.0]] if right else [[0.0, 5.0]])
        reading = jump.Reading(
            scores, torch.ones(1), log_p, torch.zeros(1, 1), torch.ones(1, 1, dtype=torch.bool)
        )
        jump.jump_loss(reading, torch.tensor([0])).backward()
        assert (log_p.grad.item() < 0) is right


def always(net: skim.SkimLSTM, choice: int) -> skim.SkimLSTM:
    with torch.no_grad():
        net.alpha.weight.zero_()
        net.alpha.bias.copy_(torch.eye(2)[choice] * 50)
    return net


def test_a_network_that_reads_everything_is_an_lstm():
    torch.manual_seed(0)
    net = always(skim.SkimLSTM(11, 8, 2, 10), 0)
    text = torch.randint(0, 11, (5, 7))

    h = c = torch.zeros(5, 8)
    for x in net.embed(text).unbind(dim=1):
        h, c = net.f(x, (h, c))

    assert torch.allclose(net.infer(text).scores, net.answer(h), atol=1e-6)


def test_skimming_changes_the_small_part_alone():
    torch.manual_seed(0)
    net = skim.SkimLSTM(11, 8, 2, 10)
    state = (torch.rand(5, 8), torch.rand(5, 8))

    h, c = net._skim(torch.rand(5, 8), state)

    for new, old in ((h, state[0]), (c, state[1])):
        assert torch.equal(new[:, 2:], old[:, 2:])
        assert not torch.isclose(new[:, :2], old[:, :2]).any()


def test_each_text_gets_the_update_it_chose():
    torch.manual_seed(1)
    net = skim.SkimLSTM(11, 8, 2, 10)
    text = torch.randint(0, 11, (12, 9))

    together = net.infer(text)
    alone = [net.infer(row[None]) for row in text]

    assert 0 < together.read.float().mean() < 1
    assert torch.allclose(together.scores, torch.cat([each.scores for each in alone]), atol=1e-5)


def test_costs_count_gates_and_decision():
    net = skim.SkimLSTM(11, 8, 2, 10)
    whole = sum(weight.numel() for weight in (net.f.weight_ih, net.f.weight_hh))
    small = sum(weight.numel() for weight in (net.f_small.weight_ih, net.f_small.weight_hh))

    assert net.macs(1.0) == whole + net.alpha.weight.numel()
    assert net.macs(0.0) == small + net.alpha.weight.numel()


def test_the_tasks_ask_what_they_say():
    noise = torch.Generator().manual_seed(0)
    text, label = tasks.number_prediction(50, 10, noise)
    marked, digit, place = tasks.marked_digit(50, 20, noise)

    assert all(row[row[0]] == y for row, y in zip(text.tolist(), label.tolist(), strict=True))
    assert ((marked == tasks.MARK).sum(dim=1) == 1).all()
    rows = zip(marked.tolist(), place.tolist(), digit.tolist(), strict=True)
    assert all(row[at] == tasks.MARK and row[at + 1] == y for row, at, y in rows)


@pytest.mark.parametrize("slug", ["speed_reading"])
def test_a_smoke_run_measures_every_claim(slug, capsys):
    args = parser(slug, scales=("smoke",)).parse_args([])
    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    shown = capsys.readouterr().out
    assert [c.id for c in load_manifest(slug).claims if f'"id": "{c.id}"' not in shown] == []
