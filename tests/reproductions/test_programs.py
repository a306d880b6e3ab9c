"""Programs against their manifests: what is promised is measured, as promised."""

import runpy
import sys
from dataclasses import replace

import pytest

from reproductions.judging.claims import Bracket
from reproductions.judging.judge import Judgement, judge_run
from reproductions.judging.manifest import REFERENCE, load_manifest, slugs
from reproductions.judging.rules import Verdict
from reproductions.protocol import End, Log, Measure, Start, read_events
from reproductions.published import published
from reproductions.runs.reproduce import judge_program, main, run_program, table

MNIST = replace(load_manifest("branchynet").claims[0], id="mnist", scale="full")
EXACT = [slug for slug in slugs() if "exact" in load_manifest(slug).scales]
WITH_DIGITS = ["msdnet", "slimmable", "token_reduction", "transformer_exits"]


def lines_of(slug: str, scale: str, monkeypatch, capsys) -> list[str]:
    """What the program prints, run in this process."""
    monkeypatch.setattr(sys, "argv", [slug, "--scale", scale])
    runpy.run_module(f"reproductions.reference.{slug}", run_name="__main__")
    return capsys.readouterr().out.splitlines()


def wanted(claims) -> set[str]:
    """Ids of the measurements that the claims need."""
    ids = set()
    for claim in claims:
        rule = claim.rule
        ids |= {rule.lower, rule.upper} if isinstance(rule, Bracket) else {claim.id}
    return ids


@pytest.mark.parametrize("slug", EXACT)
def test_an_exact_run_decides_every_exact_claim_and_explains_what_is_outside(
    slug, monkeypatch, capsys
):
    manifest = load_manifest(slug)

    lines = lines_of(slug, "exact", monkeypatch, capsys)

    events = list(read_events(lines))
    exact = [claim for claim in manifest.claims if claim.scale == "exact"]
    assert isinstance(events[0], Start)
    assert events[-1] == End("ok")
    measured = {event.id for event in events if isinstance(event, Measure)}
    assert wanted(exact) - measured == set()
    judged = {found.claim: found for found in judge_program(slug, lines)}
    verdicts = {id: found.verdict for id, found in judged.items()}
    undecided = (Verdict.UNDECIDED, Verdict.NOT_RUN)
    open_claims = [claim.id for claim in exact if verdicts[claim.id] in undecided]
    assert [id for id in open_claims if "too wide to test" not in judged[id].reason] == []
    outside = [claim for claim in exact if verdicts[claim.id] is Verdict.OUTSIDE]
    assert [claim.id for claim in outside if not claim.explanation] == []


@pytest.mark.parametrize("slug", WITH_DIGITS)
def test_a_smoke_run_measures_what_the_toy_claims_need_and_decides_nothing(
    slug, monkeypatch, capsys
):
    manifest = load_manifest(slug)

    lines = lines_of(slug, "smoke", monkeypatch, capsys)

    measures = [event for event in read_events(lines) if isinstance(event, Measure)]
    toy = [claim for claim in manifest.claims if claim.scale == "toy"]
    assert toy
    assert wanted(toy) - {measure.id for measure in measures} == set()
    as_toy = judge_run(manifest, published(), measures, scale="toy")
    reasons = [found.reason for found in as_toy if "claimed" in found.reason]
    assert reasons == []
    judged = {found.verdict for found in judge_program(slug, lines)}
    assert judged <= {Verdict.UNDECIDED, Verdict.NOT_RUN}


def test_lines_of_two_scales_are_not_judged_together():
    start = '{"event": "start", "program": "p", "scale": "%s", "seed": 0, "device": "cpu"}'

    with pytest.raises(ValueError, match="one scale"):
        judge_program("slimmable", [start % "exact", start % "toy"])
    with pytest.raises(ValueError, match="none"):
        judge_program("slimmable", ["nothing at all"])


def test_garbage_between_the_lines_does_no_harm():
    start = '{"event": "start", "program": "p", "scale": "exact", "seed": 0, "device": "cpu"}'
    line = (
        '{"event": "measure", "id": "slimmable-mobilenet-v1-1.0x", "setting": "", "metric": '
        '"macs", "value": 568790528, "unit": "1", "convention": "mac:conv-fc-pool", "seed": 0}'
    )

    found = judge_program("slimmable", [start, "UserWarning: \x1b[31mred", line, '{"event":'])

    decided = [each for each in found if each.verdict is not Verdict.NOT_RUN]
    assert [(each.claim, each.verdict) for each in decided] == [
        ("slimmable-mobilenet-v1-1.0x", Verdict.EXACT)
    ]
    assert "568.791  M" in table(decided, load_manifest("slimmable"), "exact")
    assert isinstance(next(read_events(["UserWarning"])), Log)


def test_the_command_runs_judges_and_keeps_the_lines(tmp_path, capsys):
    code = main(["hypernetworks", "--keep", str(tmp_path)])

    shown = capsys.readouterr().out
    kept = (tmp_path / "hypernetworks-exact-0.jsonl").read_text().splitlines()
    assert code == 0
    assert "lstm-1000-params" in shown
    assert "claims judged" in shown
    assert judge_program("hypernetworks", kept)[0].verdict is Verdict.EXACT


def test_the_table_shows_spread_and_no_toy_number_beside_the_paper_s():
    small = Judgement("mnist", Verdict.UNDECIDED, "", "%", 99.25, 93.5, (93.0, 94.0), -5.75, -0.06)
    manifest = replace(load_manifest("branchynet"), claims=(MNIST,))

    toy, full = (table([small], manifest, scale) for scale in ("toy", "full"))

    assert "93.5 ± 0.7 (2 seeds)" in toy
    assert "99.25" not in toy and "-6.00%" not in toy
    assert "99.25" in full and "-6.00%" in full


def test_programs_obey_the_setting_of_threads(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "2")

    start = next(read_events(run_program("skip_rnn", scale="exact", seed=0)))

    assert isinstance(start, Start)
    assert start.environment["threads"] == 2


def test_a_program_started_by_hand_takes_one_thread_like_the_site(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)

    start = next(read_events(run_program("skip_rnn", scale="exact", seed=0)))

    assert isinstance(start, Start)
    assert start.environment["threads"] == 1


@pytest.mark.parametrize("slug", slugs())
def test_no_program_sets_its_own_number_of_threads(slug):
    code = [path.read_text(encoding="utf-8") for path in (REFERENCE / slug).rglob("*.py")]

    assert not any("set_num_threads" in text for text in code)
