"""Read ``claims.toml``: what a reference program promises, fixed before it runs.

    schema = 1
    title = "Slimmable networks"
    papers = ["yu2019slimmable"]           # the main one first
    topics = ["dynamic-width"]
    idea = "One sentence."
    consulted = ["owner/repository: file"] # code of others read for facts

    [scales.exact]
    budget_seconds = 60
    seeds = [0]
    deviations = []                        # departures from the paper at this scale
    seen_seeds = []                        # looked at before a bound was fixed: they decide nothing

    [[claims]]
    id = "mobilenet-v1-1.0x"               # the id of the measurement
    reported = { paper = "yu2019slimmable", setting = "...", metric = "macs" }
    scale = "exact"                        # the scale at which the claim is stated
    convention = "mac:conv-fc"
    rule = { kind = "printed", rounding = ["round"] }
    basis = "why this tolerance"

A claim of our own has ``said_by = "ours"``, a ``statement``, a ``metric`` and a ``unit`` instead
of ``reported``.  See :class:`Claim` for the other keys.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reproductions.judging.claims import RULES, Claim, Contradiction, Rule
from reproductions.judging.tables import ManifestError, Table
from reproductions.protocol import SCALES
from reproductions.protocol.conventions import CONVENTIONS
from reproductions.published import Key

REFERENCE = Path(__file__).resolve().parents[1] / "reference"


@dataclass(frozen=True)
class ScaleEntry:
    """How a program runs at one scale, and where that departs from the paper.

    seeds: of the runs that decide.  seen_seeds: those whose results were known when a bound or
    the size of the task was chosen; what they measure is shown and decides nothing.
    """

    name: str
    budget_seconds: int
    seeds: tuple[int, ...]
    deviations: tuple[str, ...] = ()
    seen_seeds: tuple[int, ...] = ()


@dataclass(frozen=True)
class Manifest:
    """One program: what it is, at which scales it runs, what it claims."""

    slug: str
    title: str
    papers: tuple[str, ...]
    topics: tuple[str, ...]
    idea: str
    consulted: tuple[str, ...]
    scales: Mapping[str, ScaleEntry]
    claims: tuple[Claim, ...]
    sha256: str

    def claim(self, id: str) -> Claim:
        """The claim with that id; KeyError if there is none."""
        for claim in self.claims:
            if claim.id == id:
                return claim
        raise KeyError(id)


def slugs(folder: Path = REFERENCE) -> list[str]:
    """Programs that have a manifest, sorted."""
    return sorted(path.parent.name for path in folder.glob("*/claims.toml"))


def load_manifest(slug: str, folder: Path = REFERENCE) -> Manifest:
    """Read and check the manifest of one program; raises ManifestError."""
    path = folder / slug / "claims.toml"
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"{slug}: no claims.toml ({error})") from error
    try:
        found = tomllib.loads(raw.decode("utf-8"))
        return read_manifest(slug, found, sha256=promises_sha256(found))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ManifestError) as error:
        raise ManifestError(f"{slug}/claims.toml: {error}") from error


def promises_sha256(found: dict[str, Any]) -> str:
    """One digest over all a manifest promises: everything but explanations.

    Those are written after a run, to say why it came out as it did; they change no verdict.
    """
    claims = [
        {key: value for key, value in claim.items() if key != "explanation"}
        for claim in found.get("claims", ())
    ]
    plain = json.dumps({**found, "claims": claims}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def read_manifest(slug: str, found: dict[str, Any], *, sha256: str) -> Manifest:
    """Check a parsed manifest and make its dataclasses; raises ManifestError."""
    top = Table(found, "top level")
    if top.take("schema", int) != 1:
        raise ManifestError("schema must be 1")
    manifest = Manifest(
        slug=slug,
        title=top.take("title", str),
        papers=top.texts("papers"),
        topics=top.texts("topics"),
        idea=top.take("idea", str),
        consulted=top.texts("consulted", ()),
        scales=_scales(top.take("scales", dict)),
        claims=tuple(_claim(entry) for entry in top.take("claims", list)),
        sha256=sha256,
    )
    top.done()
    _check_whole(manifest)
    return manifest


def _check_whole(manifest: Manifest) -> None:
    ids = [claim.id for claim in manifest.claims]
    twice = sorted({id for id in ids if ids.count(id) > 1})
    if twice:
        raise ManifestError(f"claims with the same id: {', '.join(twice)}")
    if not manifest.papers:
        raise ManifestError("papers: name at least one")
    for claim in manifest.claims:
        if claim.scale not in manifest.scales:
            raise ManifestError(f"claim {claim.id}: scale {claim.scale!r} has no [scales] entry")


def _scales(found: dict[str, Any]) -> dict[str, ScaleEntry]:
    scales = {}
    for name, entry in found.items():
        if name not in SCALES:
            raise ManifestError(f"scales.{name}: scales are {', '.join(SCALES)}")
        table = Table(entry, f"scales.{name}")
        seeds, seen = table.seeds("seeds", [0]), table.seeds("seen_seeds", [])
        if not seeds or set(seeds) & set(seen):
            raise ManifestError(f"scales.{name}: name at least one seed, and none that was seen")
        scales[name] = ScaleEntry(
            name=name,
            budget_seconds=table.take("budget_seconds", int),
            seeds=seeds,
            deviations=table.texts("deviations", ()),
            seen_seeds=seen,
        )
        table.done()
    if not scales:
        raise ManifestError("scales: name at least one")
    return scales


def _claim(entry: Any) -> Claim:
    table = Table(entry, "claims")
    id = table.take("id", str)
    table.place = f"claim {id}"
    if not re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", id):
        raise ManifestError(f"{table.place}: an id is lower case, digits, '-', '.' and '+'")
    said_by = table.take("said_by", str, "paper")
    if said_by not in ("paper", "ours"):
        raise ManifestError(f"{table.place}: said_by is 'paper' or 'ours'")
    reported = _reported(table) if said_by == "paper" else None
    claim = Claim(
        id=id,
        said_by=said_by,
        reported=reported,
        statement=table.take("statement", str, "" if reported else ...),
        metric=reported.metric if reported else table.take("metric", str),
        unit=None if reported else table.take("unit", str),
        scale=table.one_of("scale", SCALES),
        convention=table.one_of("convention", ("", *CONVENTIONS), ""),
        also_tried=table.texts("also_tried", ()),
        documented_by=table.take("documented_by", str, ""),
        rule=_rule(table),
        basis=table.take("basis", str),
        deviations=table.texts("deviations", ()),
        precondition=table.take("precondition", str, ""),
        contradiction=_contradiction(table),
        explanation=table.take("explanation", str, ""),
    )
    table.done()
    _check_claim(claim)
    return claim


def _check_claim(claim: Claim) -> None:
    place = f"claim {claim.id}"
    for name in claim.also_tried:
        if name not in CONVENTIONS:
            raise ManifestError(f"{place}: also_tried: no convention {name!r}")
        if name == claim.convention:
            raise ManifestError(f"{place}: also_tried repeats the convention itself")
    if claim.scale == "smoke":
        raise ManifestError(f"{place}: a smoke run decides nothing, so no claim is stated at it")
    if claim.said_by == "ours" and claim.rule.kind == "printed":
        raise ManifestError(f"{place}: 'printed' needs a published number")
    if claim.metric in ("macs", "flops", "params") and not claim.convention:
        raise ManifestError(f"{place}: a cost needs a convention")


def _reported(table: Table) -> Key:
    inner = Table(table.take("reported", dict), f"{table.place}: reported")
    key = Key(inner.take("paper", str), inner.take("setting", str), inner.take("metric", str))
    inner.done()
    return key


def _rule(table: Table) -> Rule:
    found = dict(table.take("rule", dict))
    kind = found.pop("kind", None)
    if kind not in RULES:
        raise ManifestError(f"{table.place}: rule.kind is one of {', '.join(RULES)}, got {kind!r}")
    if "rounding" in found:
        found["rounding"] = tuple(found["rounding"])
    try:
        return RULES[kind](**found)
    except (TypeError, ValueError) as error:
        raise ManifestError(f"{table.place}: rule {kind!r}: {error}") from error


def _contradiction(table: Table) -> Contradiction | None:
    found = table.take("contradiction", dict, None)
    if found is None:
        return None
    inner = Table(found, f"{table.place}: contradiction")
    made = Contradiction(
        text=inner.take("text", str),
        other_value=inner.take("other_value", float, None),
        other_source=inner.take("other_source", str, ""),
        parts=tuple(inner.take("parts", list, [])),
    )
    inner.done()
    if (made.other_value is None) == (not made.parts):
        raise ManifestError(f"{inner.place}: give either other_value or parts")
    if made.other_value is not None and not made.other_source:
        raise ManifestError(f"{inner.place}: other_value needs other_source")
    return made
