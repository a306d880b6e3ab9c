"""Local experts: three objectives, descent of many simulations side by side, the vowels."""

import json

import pytest
import torch

from reproductions.datasets import files
from reproductions.judging.manifest import load_manifest
from reproductions.protocol import DataMissing, parser
from reproductions.protocol.reporter import Reporter
from reproductions.reference.local_experts import experiment, fetch, model, vowels


def generator():
    return torch.Generator().manual_seed(5)


def spoken(speakers=76):
    """Two vowels of each pair, told apart by the first formant, by every speaker."""
    names = ("iy", "ih", "aa", "ah", "uw")
    rows = [(s, v) for s in range(1, speakers + 1) for v in range(len(names))]
    high = {"iy": 300.0, "ih": 500.0, "aa": 900.0, "ah": 700.0, "uw": 320.0}
    formants = torch.tensor([[high[names[v]], 2000.0 - 300 * v, 2500.0] for _, v in rows])
    return vowels.Vowels(
        formants, torch.tensor([s for s, _ in rows]), tuple(names[v] for _, v in rows)
    )


def test_what_the_objectives_ask_of_an_expert():
    o = torch.tensor([[[0.9], [0.1]]], requires_grad=True)
    p = torch.tensor([[[0.5], [0.5]]])
    said, d = model.Said((p * o).sum(dim=1), o, p), torch.tensor([1.0])

    pulls = {}
    for objective in ("cooperative", "selected", "competitive"):
        (pulls[objective],) = torch.autograd.grad(
            model.errors(said, d, objective).sum(), o, retain_graph=True
        )

    # Eq. 1 pulls both by what the blend lacks, Eq. 2 each by its own error, Eq. 3 the better more
    assert pulls["cooperative"].flatten().tolist() == pytest.approx([-0.5, -0.5])
    assert pulls["selected"].flatten().tolist() == pytest.approx([-0.1, -0.9])
    near, far = torch.exp(torch.tensor([-0.1, -0.9]) ** 2 * -0.5).tolist()
    expected = [-0.1 * near / (near + far), -0.9 * far / (near + far)]
    assert pulls["competitive"].flatten().tolist() == pytest.approx(expected)


def test_systems_of_a_pair_have_about_as_many_parameters():
    counts = [
        model.parameters(make(2, units, generator())) for make, units in experiment.SYSTEMS.values()
    ]

    assert counts == [24, 48, 25, 49]


@pytest.mark.parametrize("make", [model.Mixture, model.Hidden])
def test_a_simulation_learns_as_it_would_alone_and_rests_where_it_arrives(make):
    train = experiment.cases(spoken(), 1, 20)
    options = {"objective": "competitive", "criterion": 0.24, "limit": 1500}
    both, alone = make(2, 3, generator()), make(2, 3, generator())
    for weights in alone.weights:
        weights.data = weights.data[1:].clone()

    slow_and_fast = torch.tensor([1e-5, 0.02])
    epochs, course = model.descend(both, train.x, train.d, rates=slow_and_fast, **options)
    once, _ = model.descend(alone, train.x, train.d, rates=slow_and_fast[1:], **options)

    assert epochs[0] == -1
    assert epochs[1] == once[0] > 0
    assert course[-1, 1] <= 0.24 < course[epochs[1] - 1, 1]
    for one, other in zip(both.weights, alone.weights, strict=True):
        assert torch.allclose(one[1], other[0], atol=1e-5)


def test_the_first_fifty_speakers_train_and_the_last_is_left_out():
    everybody = spoken()

    train, test = experiment.cases(everybody, 1, 50), experiment.cases(everybody, 51, 75)

    assert (len(train.d), len(test.d)) == (200, 100)
    assert train.d[:4].tolist() == [1, 0, 1, 0]
    assert train.x[0].tolist() == pytest.approx([0.3, 2.0])


def test_experts_a_case_are_counted_by_entropy():
    one, even = torch.eye(4)[:1, :, None].expand(1, 4, 6), torch.full((1, 4, 6), 0.25)

    assert experiment.experts_a_case(torch.cat([one, even])).tolist() == pytest.approx([1, 4])


def test_a_smoke_run_measures_every_claim(monkeypatch, capsys):
    args = parser("local_experts", scales=("smoke",)).parse_args([])
    monkeypatch.setattr(experiment, "peterson_barney", lambda folder: spoken())

    with Reporter.from_args(args) as report:
        experiment.run(args, report)

    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    measured = {event["id"]: event for event in events if event["event"] == "measure"}
    claims = load_manifest("local_experts").claims
    assert {claim.id for claim in claims} <= set(measured)
    assert [one.id for one in claims if measured[one.id]["metric"] != one.metric] == []


def test_vowels_are_read_in_the_order_of_their_table(tmp_path, monkeypatch):
    content = (
        "Type\tSex\tSpeaker\tVowel\tIPA\tF0\tF1\tF2\tF3\n"
        "m\tm\t1\tiy\ti\t160\t240\t2280\t2850\n"
        "c\tf\t76\tah\t\\vt\t286\t740\t1520\t3300\n"
    )
    (tmp_path / "peterson-barney-1952.tsv").write_text(content)
    with pytest.raises(DataMissing, match="other content"):
        vowels.peterson_barney(tmp_path)
    monkeypatch.setattr(vowels, "PETERSON_BARNEY_MD5", files.digest(content.encode()))

    read = vowels.peterson_barney(tmp_path)

    assert read.formants.tolist() == [[240, 2280, 2850], [740, 1520, 3300]]
    assert (read.speakers.tolist(), read.vowels) == ([1, 76], ("iy", "ah"))


def test_without_praat_the_vowels_are_left_out_and_that_is_no_failure(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(fetch.shutil, "which", lambda name: None)
    monkeypatch.setattr("sys.argv", ["fetch", str(tmp_path)])

    assert fetch.main() == 0
    assert "left out without praat" in capsys.readouterr().out
