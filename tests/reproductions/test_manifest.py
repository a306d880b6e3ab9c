"""Manifests: clear errors, and every claim about a number that stands in the ledger."""

import ast
import copy
import dataclasses
import re

import pytest
import yaml

from reproductions.data_sources import SOURCES
from reproductions.judging.claims import Printed, Relative
from reproductions.judging.judge import disagreement
from reproductions.judging.manifest import (
    REFERENCE,
    ManifestError,
    load_manifest,
    promises_sha256,
    read_manifest,
    slugs,
)
from reproductions.published import FOLDER, published, read_rows

GOOD = {
    "schema": 1,
    "title": "Slimmable networks",
    "papers": ["yu2019slimmable"],
    "topics": ["dynamic-width"],
    "idea": "One set of weights, many widths.",
    "scales": {"exact": {"budget_seconds": 60}},
    "claims": [
        {
            "id": "v1-1.0x",
            "reported": {"paper": "yu2019slimmable", "setting": "s", "metric": "macs"},
            "scale": "exact",
            "convention": "mac:conv-fc",
            "rule": {"kind": "printed", "rounding": ["round", "floor"]},
            "basis": "arithmetic",
        }
    ],
}


def changed(**changes):
    found = copy.deepcopy(GOOD)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place = found
        for step in parents:
            place = place[int(step) if step.isdigit() else step]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return found


def test_a_manifest_becomes_dataclasses():
    manifest = read_manifest("slimmable", GOOD, sha256="0")

    (claim,) = manifest.claims
    assert manifest.scales["exact"].seeds == (0,)
    assert manifest.claim("v1-1.0x") is claim
    assert claim.rule.rounding == ("round", "floor")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"schema": 2}, "schema must be 1"),
        ({"title": None}, "'title' is missing"),
        ({"title": ""}, "'title' is empty"),
        ({"papers": []}, "papers: name at least one"),
        ({"papers": "yu2019"}, "'papers' must be list"),
        ({"colour": "red"}, "unknown keys colour"),
        ({"scales": {}}, "scales: name at least one"),
        ({"scales": {"huge": {"budget_seconds": 1}}}, "scales are exact"),
        ({"scales__exact__seeds": []}, "name at least one seed"),
        ({"scales__exact__seeds": [-1]}, "whole numbers from 0 on"),
        ({"scales__exact__budget_seconds": True}, "'budget_seconds' must be int"),
        ({"claims__0__id": "Has Space"}, "an id is lower case"),
        ({"claims__0__scale": "full"}, "has no \\[scales\\] entry"),
        ({"claims__0__scale": "smoke"}, "a smoke run decides nothing"),
        ({"claims__0__convention": "mac:guess"}, "is none of mac:conv-fc"),
        ({"claims__0__convention": None}, "a cost needs a convention"),
        ({"claims__0__basis": None}, "'basis' is missing"),
        ({"claims__0__rule": {"kind": "vague"}}, "rule.kind is one of"),
        ({"claims__0__rule": {"kind": "printed", "rounding": ["up"]}}, "rounding is some of"),
        ({"claims__0__rule": {"kind": "relative"}}, "rule 'relative'"),
        ({"claims__0__rule": {"kind": "relative", "within": -1}}, "must be above zero"),
        ({"claims__0__rule": {"kind": "bound", "than": "~", "bound": 1}}, "than is one of"),
        ({"claims__0__said_by": "them"}, "said_by is"),
        ({"claims__0__said_by": "ours"}, "'statement' is missing"),
        ({"claims__0__also_tried": ["mac:conv-fc"]}, "repeats the convention"),
        ({"claims__0__also_tried": ["x"]}, "no convention 'x'"),
        ({"claims__0__contradiction": {"text": "t"}}, "either other_value or parts"),
        ({"claims__0__contradiction": {"text": "t", "other_value": 1}}, "needs other_source"),
        ({"claims__0__reported__value": 3}, "claim v1-1.0x: reported: unknown keys value"),
        ({"claims__0__rule": {"kind": "relative", "within": "1"}}, "'within' must be float"),
        ({"claims__0__rule": {"kind": "relative", "wihtin": 1}}, "unknown keys wihtin"),
        ({"claims": [3]}, "claim 0: expected a table, got 3"),
        ({"datasets": ["mnits"]}, "no data set 'mnits'; there are digits, mnist"),
        ({"title": None, "idea": ""}, "'title' is missing; 'idea' is empty"),
    ],
)
def test_a_bad_manifest_says_what_is_wrong_and_where(changes, message):
    with pytest.raises(ManifestError, match=message):
        read_manifest("slimmable", changed(**changes), sha256="0")


def test_two_claims_may_not_share_an_id():
    twice = changed(claims=GOOD["claims"] * 2)

    with pytest.raises(ManifestError, match=r"same id: v1-1\.0x"):
        read_manifest("slimmable", twice, sha256="0")


def test_a_broken_file_names_itself(tmp_path):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "claims.toml").write_text("schema = ")

    with pytest.raises(ManifestError, match=r"x/claims\.toml"):
        load_manifest("x", tmp_path)
    with pytest.raises(ManifestError, match=r"no claims\.toml"):
        load_manifest("y", tmp_path)


@pytest.mark.parametrize("slug", slugs())
def test_every_claim_about_a_paper_refers_to_a_row_of_the_ledger(slug):
    missing = [
        claim.id
        for claim in load_manifest(slug).claims
        if claim.reported and claim.reported not in published()
    ]

    assert missing == []


@pytest.mark.parametrize("slug", slugs())
def test_every_stated_contradiction_is_one(slug):
    false_alarms = [
        claim.id
        for claim in load_manifest(slug).claims
        if claim.contradiction
        and claim.reported
        and not disagreement(claim.contradiction, published()[claim.reported])
    ]

    assert false_alarms == []


def test_no_row_stands_twice_in_the_ledger():
    rows = [row for path in FOLDER.glob("*.yaml") for row in read_rows(path)]

    assert len(published()) == len(rows) > 1000


def test_seeds_that_were_seen_are_kept_apart_from_those_that_decide():
    scales = {"toy": {"budget_seconds": 60, "seeds": [5, 6], "seen_seeds": [0]}}
    claims = [{**GOOD["claims"][0], "scale": "toy"}]

    manifest = read_manifest("p", {**GOOD, "scales": scales, "claims": claims}, sha256="0")

    assert manifest.scales["toy"].seeds == (5, 6)
    assert manifest.scales["toy"].seen_seeds == (0,)
    with pytest.raises(ManifestError, match="none that was seen"):
        both = {"toy": {"budget_seconds": 60, "seeds": [0, 5], "seen_seeds": [0]}}
        read_manifest("p", {**GOOD, "scales": both, "claims": claims}, sha256="0")


@pytest.mark.parametrize("slug", slugs())
def test_a_program_with_seen_seeds_says_so_in_its_readme(slug):
    manifest = load_manifest(slug)
    readme = (REFERENCE / slug / "README.md").read_text(encoding="utf-8")

    seen = [scale for scale in manifest.scales.values() if scale.seen_seeds]

    assert ("**Seeds.**" in readme) == bool(seen)
    for scale in seen:
        assert str(scale.seeds[0]) in readme.split("**Seeds.**")[1]


LOADERS = {
    ("sklearn.datasets", "load_digits"): "digits",
    ("reproductions.datasets", "digits"): "digits",
    ("reproductions.datasets", "mnist"): "mnist",
    ("reproductions.datasets", "fashion_mnist"): "fashion-mnist",
    ("reproductions.datasets", "king_james"): "king-james",
    ("vowels", "peterson_barney"): "peterson-barney",
    ("reproductions.datasets", "cifar10"): "cifar-10",
    ("", "cifar10"): "cifar-10-by-name",
}


@pytest.mark.parametrize("slug", slugs())
def test_a_manifest_names_the_data_sets_that_its_code_reads(slug):
    trees = [ast.parse(path.read_text("utf-8")) for path in (REFERENCE / slug).rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    names = {(node.module, alias.name) for node in imports for alias in node.names}
    names |= {("", node.name) for node in nodes if isinstance(node, ast.FunctionDef)}

    read = {LOADERS[name] for name in names if name in LOADERS}

    assert set(load_manifest(slug).datasets) == read


@pytest.mark.parametrize("source", [one for one in SOURCES.values() if one.checked_in])
def test_a_data_set_that_is_known_by_digests_has_them_where_it_says(source):
    text = (REFERENCE.parents[1] / source.checked_in).read_text("utf-8")

    assert source.name in text
    assert re.search(r'"[0-9a-f]{32}"', text)


@pytest.mark.parametrize("source", SOURCES.values(), ids=lambda one: one.name)
def test_the_documents_tell_the_same_origin_and_licence_of_a_data_set(source):
    table = (REFERENCE.parents[1] / "docs/reproductions.md").read_text("utf-8")
    row = next(line for line in table.splitlines() if line.startswith(f"| {source.name}"))

    assert source.licence in row


def test_the_digest_of_a_manifest_changes_with_its_promises_and_not_with_explanations():
    named = changed(datasets=["mnist"])
    explained = changed(claims__0__explanation="one layer more")
    looser = changed(claims__0__rule={"kind": "relative", "within": 0.5})

    assert promises_sha256(explained) == promises_sha256(GOOD)
    assert promises_sha256(named) == promises_sha256(GOOD)
    assert promises_sha256(looser) != promises_sha256(GOOD)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("value: '150'", "value '150' is not a number"),
        ("value: true", "value True is not a number"),
        ("confidence: hgih", "confidence 'hgih' is none of high, medium, low"),
        ("metrik: macs", "unknown keys metrik"),
        ("setting: ''", "'setting' is empty"),
    ],
)
def test_a_bad_number_names_file_line_and_row(tmp_path, change, message):
    good = {"setting": "s", "metric": "m", "value": 1, "table_or_section": "T", "source": "x"}
    good |= {"confidence": "high", "needs": "exact-cost"}
    bad = yaml.safe_dump([good, good | yaml.safe_load(change)], sort_keys=False)
    (tmp_path / "x2020.yaml").write_text(bad)

    with pytest.raises(ValueError, match=f"^x2020.yaml:8, row 2: .*{message}"):
        list(read_rows(tmp_path / "x2020.yaml"))


def test_a_table_of_a_paper_has_one_rule():
    """Of static networks one, of the paper's own networks one: no tolerance is made for one row."""
    rows, rules = published(), {}
    for slug in slugs():
        for claim in load_manifest(slug).claims:
            if claim.reported and isinstance(claim.rule, Printed | Relative):
                row = rows[claim.reported]
                # Zeros that a number file lost are stated by row; they change no tolerance.
                rule = (
                    dataclasses.replace(claim.rule, decimals=None)
                    if isinstance(claim.rule, Printed)
                    else claim.rule
                )
                place = (slug, row.key.paper, row.table, row.key.metric, row.placement.baseline)
                rules.setdefault(place, set()).add(rule)

    assert {place: found for place, found in rules.items() if len(found) > 1} == {}


def test_printed_inputs_need_a_published_number():
    content = copy.deepcopy(GOOD)
    content["claims"] = [
        {
            "id": "ours",
            "said_by": "ours",
            "statement": "Updates are left out.",
            "metric": "fraction_used",
            "unit": "%",
            "scale": "exact",
            "rule": {"kind": "equal", "expected": 50.0},
            "printed_inputs": "a share",
            "basis": "arithmetic",
        }
    ]

    with pytest.raises(ManifestError, match="printed_inputs needs a published number"):
        read_manifest("x", content, sha256="")
