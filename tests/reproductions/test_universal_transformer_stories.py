"""Stories against an independent solver, the networks against their equations."""

import math
from collections import Counter
from dataclasses import replace
from random import Random

import pytest
import torch

from reproductions.judging.manifest import load_manifest
from reproductions.protocol import parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.universal_transformer_stories import experiment, model
from reproductions.reference.universal_transformer_stories.stories import KINDS, Story
from tests.reproductions.stories import answer

SLUG = "universal_transformer_stories"


def network(**changes):
    """A small one with random weights."""
    torch.manual_seed(0)
    given = {"units": 8, "heads": 2, "steps": 3, "shared": True, **changes}
    return model.StoryTransformer(20, 5, 7, **given).eval()


def padded():
    """Two stories of 6 and 4 sentences of at most 5 words."""
    torch.manual_seed(1)
    stories = torch.randint(1, 20, (2, 6, 5))
    stories[1, :2] = 0
    return stories


def always(net, p):
    """Every sentence halts with probability p at each step."""
    with torch.no_grad():
        net.halt.weight.zero_()
        net.halt.bias.fill_(math.log(p / (1 - p)))
    return net


@pytest.mark.parametrize("kind", KINDS)
def test_every_answer_follows_from_the_sentences_alone(kind):
    draw = Random(kind)

    stories = [KINDS[kind](draw) for _ in range(300)]

    wrong = [each for each in stories if answer(each.facts, each.question) != each.answer]
    assert wrong == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_kind_is_answered_well_by_its_commonest_answer(kind):
    draw = Random(kind)
    counts = Counter(KINDS[kind](draw).answer for _ in range(600))

    assert len(counts) > 1
    assert counts.most_common(1)[0][1] < 0.7 * 600


def test_the_solver_finds_a_planted_fault():
    facts = ("anna went to the attic", "boris went to the cellar", "anna took the lamp")

    assert answer(facts, "where is the lamp") == "attic"
    assert answer((*facts, "anna ran to the studio"), "where is the lamp") == "studio"
    with pytest.raises(AssertionError):
        answer(
            ("the bridge is east of the school", "the school is west of the market"),
            "what is east of the school",
        )


def test_stories_with_one_two_and_three_facts_are_equally_long():
    lengths = {}
    for kind in experiment.BY_FACTS:
        draw = Random(kind)
        lengths[kind] = {len(KINDS[kind](draw).facts) for _ in range(300)}

    assert lengths["one-fact"] == lengths["two-facts"] == lengths["three-facts"]


def test_stories_of_a_seed_are_the_same_and_those_that_test_are_others():
    one, again, other = (experiment.drawn(["time"], 20, seed) for seed in (1, 1, 2))

    assert one == again
    assert one != other


def test_the_question_stands_last_and_padding_before_the_story():
    long = Story(("anna ran to the attic", "boris ran to the attic"), "where is anna", "attic")
    short = Story(("anna ran to the cellar",), "where is anna", "cellar")
    told = experiment.language([("one-fact", long), ("yes-no", short)])

    found = told.encoded([("one-fact", long), ("yes-no", short)])

    names = {number: word for word, number in told.words.items()}
    read = [[names[word] for word in sentence if word] for sentence in found.words[1].tolist()]
    assert read == [[], ["anna", "ran", "to", "the", "cellar"], ["where", "is", "anna"]]
    assert found.answers.tolist() == [told.answers["attic"], told.answers["cellar"]]
    assert found.kinds.tolist() == [0, 5]


def test_a_sentence_is_the_masked_sum_of_its_words():
    read = model.Sentences(9, 4, 6)
    torch.nn.init.normal_(read.mask)
    words = torch.tensor([[[3, 5, 0, 0]]])

    found = read(words)[0, 0]

    e = read.embed.weight
    assert torch.allclose(found, read.mask[0] * e[3] + read.mask[1] * e[5], atol=1e-6)


def test_coordinates_are_equations_6_and_7_counted_back_from_the_question():
    found = model.coordinates(4, 2, 6)

    for row, i in enumerate((3, 2, 1, 0)):
        for j in range(3):
            wave = 10000 ** (2 * j / 6)
            sine, cosine = (f(i / wave) + f(2 / wave) for f in (math.sin, math.cos))
            assert found[row, 2 * j].item() == pytest.approx(sine, abs=1e-5)
            assert found[row, 2 * j + 1].item() == pytest.approx(cosine, abs=1e-5)


@pytest.mark.parametrize("halts", [False, True])
def test_padding_changes_no_answer_and_takes_no_step(halts):
    net, stories = network(halts=halts), padded()

    both, alone = net(stories), net(stories[1:, 2:])

    assert torch.allclose(both.scores[1], alone.scores[0], atol=1e-5)
    assert both.steps[1, :2].tolist() == [0, 0]
    assert (both.steps[1, 2:] > 0).all()


def test_shared_steps_need_no_more_parameters_and_layers_do():
    def size(**changes):
        return sum(each.numel() for each in network(**changes).parameters())

    assert size(steps=2) == size(steps=6)
    layers = [size(steps=steps, shared=False) for steps in (1, 2, 3)]
    assert layers[0] == size()
    assert layers[2] - layers[1] == layers[1] - layers[0] > 0


@pytest.mark.parametrize(("p", "steps", "left"), [(0.995, 1, 1.0), (0.6, 2, 0.4), (0.4, 3, 0.2)])
def test_a_sentence_halts_when_its_probabilities_add_up(p, steps, left):
    net, stories = always(network(halts=True, steps=6), p), padded()[:1]

    output = net(stories)

    h = net.sentences(stories)
    there, mixed = torch.ones(1, 6, dtype=torch.bool), 0
    for t in range(1, steps + 1):
        h = net.blocks[0](h + model.coordinates(6, t, 8), there)
        mixed = mixed + (left if t == steps else p) * h
    assert torch.allclose(output.scores, net.o(mixed[:, -1]), atol=1e-5)
    assert output.steps.unique().tolist() == [steps]
    assert output.ponder.flatten().tolist() == pytest.approx([steps + left] * 6, abs=1e-5)


def test_ponder_cost_pushes_towards_earlier_halting():
    net = always(network(halts=True, steps=6), 0.3)

    net(padded()).ponder.mean().backward()

    assert net.halt.bias.grad.item() < 0


def test_the_error_is_the_mean_over_kinds_and_a_kind_fails_above_five_per_cent(capsys):
    kinds = ("one-fact", "two-facts")
    order = [list(KINDS).index(kind) for kind in kinds]
    test = experiment.Stories(
        torch.zeros(60, 1, 1), torch.zeros(60), torch.tensor([order[0]] * 40 + [order[1]] * 20)
    )
    right = torch.tensor([True] * 38 + [False] * 2 + [True] * 18 + [False] * 2)
    args = parser(SLUG, scales=("smoke",)).parse_args([])

    with Reporter.from_args(args) as report:
        mean, failed = experiment.conclude(args, report, "joint", "ut", kinds, test, right)

    assert mean == pytest.approx((5 + 10) / 2)
    assert failed == 1


@pytest.mark.parametrize("scale", ["reduced", "full"])
def test_small_runs_measure_every_claim(scale, monkeypatch, capsys):
    small = {"examples": 20, "units": 8, "heads": 2, "steps": 2, "updates": 2, "cases": 5}
    recipes = tuple(replace(recipe, **small) for recipe in experiment.RECIPES[scale])
    monkeypatch.setitem(experiment.RECIPES, scale, recipes)
    args = parser(SLUG, scales=("reduced", "full")).parse_args(["--scale", scale])

    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    shown = capsys.readouterr().out
    claims = [claim for claim in load_manifest(SLUG).claims if claim.scale == scale]
    assert claims
    assert [claim.id for claim in claims if f'"id": "{claim.id}"' not in shown] == []
