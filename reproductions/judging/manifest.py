"""Read ``claims.toml``: what a reference program promises, fixed before it runs.

    schema = 1
    title = "Slimmable networks"
    papers = ["yu2019slimmable"]           # the main one first
    topics = ["dynamic-width"]
    idea = "One sentence."
    consulted = ["owner/repository: file"] # code of others read for facts
    datasets = ["mnist"]                   # real data, by its name in reproductions.data_sources

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
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from papers.checked import Location, sentences
from reproductions.judging.claims import Claim, Contradiction
from reproductions.judging.tables import ClaimTable, ContradictionTable, ManifestTable
from reproductions.published import Key

REFERENCE = Path(__file__).resolve().parents[1] / "reference"


class ManifestError(ValueError):
    """A manifest that cannot be used; the text names the file, the place and the remedy."""


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
    datasets: tuple[str, ...]
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
        content = tomllib.loads(raw.decode("utf-8"))
        return read_manifest(slug, content, sha256=promises_sha256(content))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ManifestError) as error:
        raise ManifestError(f"{slug}/claims.toml: {error}") from error


def promises_sha256(content: dict[str, Any]) -> str:
    """One digest over all a manifest promises: everything but explanations and names of data.

    Explanations are written after a run, to say why it came out as it did; the code, which has a
    digest of its own, says what data it reads.  Neither changes a verdict.
    """
    claims = [
        {key: value for key, value in claim.items() if key != "explanation"}
        for claim in content.get("claims", ())
    ]
    promised = {key: value for key, value in content.items() if key != "datasets"}
    plain = json.dumps({**promised, "claims": claims}, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def read_manifest(slug: str, content: dict[str, Any], *, sha256: str) -> Manifest:
    """Check a parsed manifest and make its dataclasses; raises ManifestError."""
    try:
        table = ManifestTable.model_validate(content)
    except ValidationError as error:
        raise ManifestError(sentences(error, lambda place: _place(place, content))) from error
    return Manifest(
        slug=slug,
        title=table.title,
        papers=tuple(table.papers),
        topics=tuple(table.topics),
        idea=table.idea,
        consulted=tuple(table.consulted),
        datasets=tuple(table.datasets),
        scales={
            name: ScaleEntry(
                name=name,
                budget_seconds=scale.budget_seconds,
                seeds=tuple(scale.seeds),
                deviations=tuple(scale.deviations),
                seen_seeds=tuple(scale.seen_seeds),
            )
            for name, scale in table.scales.items()
        },
        claims=tuple(_claim(claim) for claim in table.claims),
        sha256=sha256,
    )


def _place(location: Location, content: dict[str, Any]) -> str:
    """Where a table stands, in words: a claim by its id."""
    if location[:1] == ("claims",) and len(location) > 1:
        claim = content["claims"][location[1]]
        name = claim.get("id", location[1]) if isinstance(claim, dict) else location[1]
        inner = [str(step) for step in location[2:] if step not in ("id", "rule")]
        return ": ".join([f"claim {name}", *inner])
    return ".".join(str(step) for step in location)


def _claim(table: ClaimTable) -> Claim:
    reported = Key(**table.reported.model_dump()) if table.reported else None
    return Claim(
        id=table.id,
        said_by=table.said_by,
        reported=reported,
        statement=table.statement,
        metric=reported.metric if reported else table.metric,
        unit=None if reported else table.unit,
        scale=table.scale,
        convention=table.convention,
        also_tried=tuple(table.also_tried),
        documented_by=table.documented_by,
        rule=table.rule,
        basis=table.basis,
        deviations=tuple(table.deviations),
        printed_inputs=table.printed_inputs,
        precondition=table.precondition,
        contradiction=_contradiction(table.contradiction) if table.contradiction else None,
        explanation=table.explanation,
    )


def _contradiction(table: ContradictionTable) -> Contradiction:
    return Contradiction(
        text=table.text,
        other_value=table.other_value,
        other_source=table.other_source,
        parts=tuple(table.parts),
    )
