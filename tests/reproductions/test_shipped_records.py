"""The records that ship: made by the code that ships, complete, and honest about failures."""

import json
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from reproductions import registry
from reproductions.judging.judge import judge_run, state_of
from reproductions.judging.manifest import load_manifest, slugs
from reproductions.judging.rules import Verdict
from reproductions.protocol import Measure
from reproductions.published import published
from reproductions.runs.reproduce import CHEAP

FOLDER: Path = settings.FIXTURES_DIR / "runs"
CHEAP_RUNS = [
    (slug, scale, seed)
    for slug in slugs()
    for scale in CHEAP
    if scale in load_manifest(slug).scales
    for seed in load_manifest(slug).scales[scale].seeds
]
ROOTS = {
    "instance-wise": ("slimmable", "moe_accounting", "msdnet", "dynamic_convolution"),
    "spatial-wise": ("token_reduction", "spatial_masks"),
    "temporal-wise": ("skip_rnn", "act", "pondernet"),
}


def newest(slug, scale, seed):
    path = FOLDER / f"{slug}-{scale}-{seed}.json"
    return json.loads(path.read_text(encoding="utf-8"))[-1]


def judged():
    """Program, claim and judgement for all shipped cheap runs, seeds of a scale together."""
    rows = published()
    for slug in slugs():
        manifest = load_manifest(slug)
        for scale in CHEAP:
            if scale not in manifest.scales:
                continue
            measures = [
                Measure(**{**row, "setting": row["setting"] or ""})
                for seed in manifest.scales[scale].seeds
                for row in newest(slug, scale, seed)["measurements"]
            ]
            for found in judge_run(manifest, rows, measures, scale=scale):
                if found.verdict not in (Verdict.NOT_RUN, Verdict.UNDECIDED):
                    yield slug, manifest.claim(found.claim), found


@pytest.mark.parametrize(("slug", "scale", "seed"), CHEAP_RUNS)
def test_every_cheap_run_ships_a_record_made_by_the_code_of_today(slug, scale, seed):
    record = newest(slug, scale, seed)

    made_by = {name: record["code"][name] for name in registry.hashes(registry.program(slug))}
    assert made_by == registry.hashes(registry.program(slug))
    assert (record["implementation"], record["mode"], record["seed"]) == (slug, scale, seed)
    assert record["time"]["wall_s"] > 0
    assert record["measurements"]


def test_a_record_names_the_one_it_supersedes():
    from reproductions.runs.shipped import digest, read

    for path in FOLDER.glob("*.json"):
        found = read(path)
        named = [record["supersedes"] for record in found]
        assert named == [None, *(digest(record) for record in found[:-1])], path.name


def test_every_claim_that_came_out_outside_is_explained():
    silent = [
        f"{slug}: {claim.id}"
        for slug, claim, found in judged()
        if found.verdict is Verdict.OUTSIDE and not claim.explanation
    ]

    assert silent == []


def test_the_ledger_counts_more_than_250_numbers_tested_under_all_three_roots():
    verdicts: dict = {}
    for slug, claim, found in judged():
        if claim.reported:
            verdicts.setdefault(claim.reported, []).append((slug, found.verdict))
    states = Counter(state_of(verdict for _, verdict in each) for each in verdicts.values())

    assert states.total() > 250
    assert states[Verdict.NOT_RUN] == 0
    tested = {slug for each in verdicts.values() for slug, _ in each}
    assert all(tested.intersection(programs) for programs in ROOTS.values())
