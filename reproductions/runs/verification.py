"""Shipped records held against the history and the rules: `manage.py verify_records`.

A record is believed because the code and the manifest that it names were committed before it, and
because its values, judged again, give the verdicts it states.
"""

from __future__ import annotations

import math
import subprocess
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from reproductions import registry
from reproductions.judging.judge import RULES_VERSION, judge_run
from reproductions.judging.manifest import Manifest, promises_sha256
from reproductions.judging.pooling import Made, Maker, digests_of, pooled, processors_of
from reproductions.judging.rules import Verdict
from reproductions.protocol import Measure
from reproductions.published import Key, Row, published
from reproductions.runs.history import History, lost_commits
from reproductions.runs.shipped import BadRecord, digest, read

Record = dict[str, Any]


@dataclass
class Report:
    """What was found. A problem makes a record doubtful; a note says what could not be checked."""

    records: int = 0
    in_history: int = 0
    judged: int = 0
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def verify(folder: Path, history: History | None) -> Report:
    """Check every record of a folder; history None leaves out what needs one, with a note."""
    report = Report()
    if history is None:
        report.notes.append("no history here: commits were not looked at")
    elif not history.whole:
        report.notes.append("a shallow clone: commits that it lacks were not looked at")
    files: dict[str, list[Record]] = {}
    for path in sorted(folder.glob("*.json")):
        try:
            files[path.name] = read(path)
        except BadRecord as error:
            report.problems.append(str(error))
    for name, records in files.items():
        _check_chain(name, records, report)
        for number, record in enumerate(records, 1):
            report.records += 1
            place = f"{name}, record {number}"
            _check_commit(place, record, history, lost_commits(folder), report)
    _check_verdicts(files, report)
    return report


def _check_chain(name: str, records: list[Record], report: Report) -> None:
    """Each record names the one before it, so that none can be taken out or changed."""
    named = [record.get("supersedes") for record in records]
    if named != [None, *(digest(record) for record in records[:-1])]:
        report.problems.append(f"{name}: a record does not name the one that it supersedes")


def _check_commit(
    place: str,
    record: Record,
    history: History | None,
    lost: Mapping[str, str],
    report: Report,
) -> None:
    code = record["code"]
    commit = code.get("commit")
    if not commit:
        report.problems.append(f"{place}: names no commit")
    elif code.get("dirty"):
        report.problems.append(f"{place}: its code was not committed when it ran")
    elif commit in lost:
        report.notes.append(f"{place}: commit {commit[:12]} is lost ({lost[commit]})")
    elif history is not None and history.knows(commit):
        report.in_history += 1
        try:
            faults = code_faults(record, history.code(commit))
        except (subprocess.SubprocessError, KeyError, tomllib.TOMLDecodeError) as error:
            faults = [f"the code of that commit cannot be read: {error}"]
        report.problems += [f"{place}: {fault}" for fault in faults]
    elif history is not None and history.whole:
        report.problems.append(f"{place}: commit {commit[:12]} is not in the history")


def code_faults(record: Record, files: Mapping[str, bytes]) -> list[str]:
    """Where the hashes of a record differ from the code of the commit that it names.

    files: names below the app's folder with their contents.
    """
    slug, code = record["implementation"], record["code"]
    faults = []
    for name, folder in (
        ("program_sha256", f"reference/{slug}"),
        *registry.SHARED.items(),
    ):
        if name in code and code[name] != registry.files_sha256(_below(folder, files)):
            faults.append(f"{name} is not that of the code in its commit")
    manifest = files.get(f"reference/{slug}/claims.toml")
    if manifest is None:
        faults.append("its commit holds no manifest: it was not committed before the run")
    elif promises_sha256(tomllib.loads(manifest.decode())) != code.get("manifest_sha256"):
        faults.append("manifest_sha256 is not that of the manifest in its commit")
    return faults


def _below(folder: str, files: Mapping[str, bytes]) -> Iterable[tuple[str, bytes]]:
    for name, content in files.items():
        if name.startswith(f"{folder}/") and name.endswith(".py"):
            yield name.removeprefix(f"{folder}/"), content


def _check_verdicts(files: Mapping[str, list[Record]], report: Report) -> None:
    """The newest records of today's manifests, judged again with the seeds known at their time."""
    rows = published()
    everything = [record for records in files.values() for record in records]
    for record in [records[-1] for records in files.values() if records]:
        try:
            program = registry.program(record["implementation"])
        except registry.UnknownProgram:
            report.notes.append(f"{record['implementation']}: no such program any more")
            continue
        hashes = registry.hashes(program)
        place = f"{record['implementation']}, {record['mode']}, seed {record['seed']}"
        if any(record["code"].get(name) != value for name, value in hashes.items()):
            report.notes.append(f"{place}: made by other code than today's")
            continue
        if record["verdict_rule"] != RULES_VERSION:
            report.notes.append(f"{place}: judged by the rules of {record['verdict_rule']}")
            continue
        report.judged += 1
        faults = verdict_faults(record, everything, program.manifest, rows)
        report.problems += [f"{place}: {fault}" for fault in faults]
        if stale := [claim["claim"] for claim in record["claims"] if corrected(claim, rows)]:
            report.notes.append(f"{place}: printed numbers corrected since: {', '.join(stale)}")


def corrected(claim: Mapping[str, Any], rows: Mapping[Key, Row]) -> bool:
    """Whether the printed number of a stated verdict has been mended or confirmed since.

    Such a verdict was right when it was stated; a site that loads the record judges anew.
    """
    reported = claim.get("reported")
    if not reported:
        return False
    row = rows.get(Key(reported["paper"], reported["setting"], reported["metric"]))
    if row is None or (row.value, row.unit) != (reported["value"], reported["unit"]):
        return True
    return row.confirmed and claim["reason"].endswith("the published number is quoted from memory")


def made(record: Record) -> Made:
    """How the run of a record came about, for the rule of pooling."""
    by = Maker(
        program=record["implementation"],
        scale=record["mode"],
        device=record["device"],
        digests=digests_of(record["code"]),
        machine=processors_of(record["environment"]),
    )
    return Made(by, record["seed"], datetime.fromisoformat(record["time"]["finished"]))


def verdict_faults(
    record: Record, others: Iterable[Record], manifest: Manifest, rows: Mapping[Key, Row]
) -> list[str]:
    """Where the verdicts that a record states are not what its values give.

    others: all records, the overtaken ones too; those of its own kind are judged with it.
    """
    promised = manifest.scales[record["mode"]].seeds
    together = pooled(record, others, promised, made)
    further = None if record["seed"] in promised else record["seed"]
    measures = [Measure(**row) for each in together for row in each["measurements"]]
    judged = {
        judgement.claim: judgement
        for judgement in judge_run(
            manifest, rows, measures, scale=record["mode"], further_seed=further
        )
        if judgement.verdict is not Verdict.NOT_RUN
    }
    stated = {claim["claim"]: claim for claim in record["claims"]}
    faults = [f"states nothing about {id}" for id in judged.keys() - stated.keys()]
    for id, claim in stated.items():
        judgement = judged.get(id)
        if corrected(claim, rows):
            continue
        if judgement is None:
            faults.append(f"states a verdict on {id}, which its values do not touch")
        elif claim["verdict"] != str(judgement.verdict):
            faults.append(f"{id} is stated {claim['verdict']} and comes out {judgement.verdict}")
        elif not _equal(claim["measured"]["value"], judgement.measured):
            faults.append(f"{id} is stated as another value than its measurements give")
    return faults


def _equal(stated: float | None, measured: float | None) -> bool:
    if stated is None or measured is None:
        return stated is measured
    return math.isclose(stated, measured, rel_tol=1e-12, abs_tol=0.0)
