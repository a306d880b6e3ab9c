"""How a run and a verdict are cited: a permanent address, a version, and BibTeX.

The address names the run and the claim; the version is a digest of what it rests on, so that
whoever follows a citation sees whether code, values or rules have changed since.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from papers.formats.tex import to_tex
from reproductions.models import Judgement, Run

SITE = "The Living Survey of Dynamic Neural Networks"
DIGITS = 12


@dataclass(frozen=True)
class Reference:
    """What a citation says. `address` is absolute."""

    key: str
    title: str
    year: int
    address: str
    version: str
    note: str

    @property
    def bibtex(self) -> str:
        """One @misc entry; every style of BibTeX knows its fields."""
        fields = {
            "author": f"{{{SITE}}}",
            "title": to_tex(self.title),
            "year": str(self.year),
            "howpublished": f"\\url{{{self.address}}}",
            "note": to_tex(f"{self.note}; version {self.version}"),
        }
        lines = [f"  {name} = {{{value}}}," for name, value in fields.items()]
        return "\n".join([f"@misc{{{self.key},", *lines, "}"])

    @property
    def text(self) -> str:
        """The reference as a sentence."""
        return (
            f"{SITE}: {self.title} ({self.year}). {self.note}. "
            f"Version {self.version}. {self.address}"
        )


def of_run(run: Run, address: str) -> Reference:
    """A run: program, scale, seed and machine; the version rests on code and output."""
    return Reference(
        key=f"survey-run-{run.pk}",
        title=f"Run {run.pk} of {run.program}",
        year=_year(run),
        address=address,
        version=_digest([_code(run), run.output_sha256]),
        note=f"{run.scale} scale, seed {run.seed}, {_machine(run)}",
    )


def of_verdict(judgement: Judgement, address: str) -> Reference:
    """A verdict: what was claimed, how it came out; the version rests on code, values and rules."""
    run, claim = judgement.run, judgement.claim
    subject = f"{run.program}: {claim.statement}"
    if claim.number:
        subject = f"{claim.number.paper.title}: {claim.number.setting}, {claim.metric}"
    seeds = len(judgement.values)
    return Reference(
        key=f"survey-run-{run.pk}-{claim.identifier}",
        title=f"{subject}: {judgement.get_verdict_display()}",
        year=_year(run),
        address=address,
        version=_digest(
            [
                _code(run),
                claim.identifier,
                judgement.verdict,
                judgement.values,
                judgement.rules_version,
            ]
        ),
        note=f"{run.scale} scale, {seeds} seed{'' if seeds == 1 else 's'}, {_machine(run)}",
    )


def _year(run: Run) -> int:
    return (run.finished_at or run.requested_at).year


def _machine(run: Run) -> str:
    named = run.environment.get("accelerator") or run.environment.get("cpu")
    return str(named or "machine not recorded")


def _code(run: Run) -> dict[str, Any]:
    return {name: value for name, value in run.code.items() if name.endswith("_sha256")}


def _digest(facts: list[Any]) -> str:
    plain = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(plain.encode()).hexdigest()[:DIGITS]
