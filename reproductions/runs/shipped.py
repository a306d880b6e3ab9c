"""Records of finished runs that ship with the repository: written from rows, read back as runs.

One file `<program>-<scale>-<seed>.json` holds a list of records, the oldest first. A record is
only ever added, and names the one it supersedes. Verdicts in it tell what was concluded then;
a site that loads it judges the measurements itself.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reproductions import registry
from reproductions.judging.judge import RULES_VERSION
from reproductions.judging.manifest import ManifestError
from reproductions.models import CurvePoint, Judgement, Measurement, Run
from reproductions.runs.history import lost_commits
from reproductions.runs.outcomes import judge, judgements_among

SCHEMA = 1


class BadRecord(ValueError):
    """A record that cannot be read; the text names the file and what is wrong."""


def file_name(run: Run) -> str:
    """Where the record of this run stands in its folder."""
    device = "" if run.device == "cpu" else f"-{run.device}"
    return f"{run.program}-{run.scale}-{run.seed}{device}.json"


def record_of(run: Run, judgements: Iterable[Judgement] | None = None) -> dict[str, Any]:
    """Everything that makes the run's numbers checkable, as plain JSON.

    judgements: the verdicts that it states; without them those stored.
    """
    if judgements is None:
        judgements = run.judgements.select_related("claim__number__paper")
    program = registry.program(run.program)
    entry = program.manifest.scales.get(run.scale)
    return {
        "schema": SCHEMA,
        "implementation": run.program,
        "mode": run.scale,
        "seed": run.seed,
        "device": run.device,
        "deviations": list(entry.deviations) if entry else [],
        "verdict_rule": RULES_VERSION,
        "claims": [_claim(judgement) for judgement in judgements],
        "measurements": [
            {
                "id": row.identifier,
                "setting": row.setting,
                "metric": row.metric,
                "value": row.value,
                "unit": row.unit,
                "convention": row.convention,
                "seed": row.seed,
                "standard_error": row.standard_error,
            }
            for row in run.measurements.all()
        ],
        "curve": [
            {"curve": point.curve, "x": point.x, "y": point.y, **point.more}
            for point in run.points.all()
        ],
        "code": run.code,
        "environment": run.environment,
        "hardware": run.hardware,
        "isolation": {name: placeless(value) for name, value in run.isolation.items()},
        "time": {
            "started": _stamp(run.started_at),
            "finished": _stamp(run.finished_at),
            "wall_s": run.wall_seconds,
            "cpu_s": run.cpu_seconds,
            "peak_memory_bytes": run.peak_memory_bytes,
            "budget_s": entry.budget_seconds if entry else None,
            "limit_s": run.limit_seconds,
        },
        "output_sha256": run.output_sha256,
        "output_bytes": run.output_bytes,
        "supersedes": None,
    }


def _claim(judgement: Judgement) -> dict[str, Any]:
    number = judgement.claim.number
    return {
        "claim": judgement.claim.identifier,
        "verdict": judgement.verdict,
        "reason": judgement.reason,
        "convention": judgement.claim.convention,
        "deviations": judgement.claim.deviations,
        "reported": {
            "paper": number.paper.key,
            "setting": number.setting,
            "metric": number.metric,
            "value": float(number.value),
            "printed": number.printed,
            "unit": number.unit,
            "source": number.table,
        }
        if number
        else None,
        "measured": {
            "value": judgement.measured,
            "unit": judgement.unit,
            "per_seed": judgement.values,
        },
        "difference": {"absolute": judgement.difference, "relative": judgement.relative},
    }


def _stamp(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None


def digest(record: dict[str, Any]) -> str:
    """SHA-256 of a record, whatever the spacing of its file."""
    plain = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def write_all(runs: Sequence[Run], folder: Path) -> dict[str, bool]:
    """Append the records of runs; by file, False where the last record says the same.

    What a record states rests on the records beside it and on the runs written with it, and on
    nothing else that this site has run: whoever reads the folder comes to the same verdicts.
    Records that this site does not know are loaded first.
    """
    names = [file_name(run) for run in runs]
    beside = [path for run in runs for path in folder.glob(f"{run.program}-{run.scale}-*.json")]
    _, problems = load_files(sorted(set(beside)))
    if problems:
        raise BadRecord("; ".join(problems))
    known = [digest(record) for path in set(beside) for record in read(path)]
    ours = Q(pk__in=[run.pk for run in runs]) | Q(record_sha256__in=known)
    among = Run.objects.filter(ours)
    records = [record_of(run, judgements_among(run, among)) for run in runs]
    return {
        name: _append(record, folder / name) for name, record in zip(names, records, strict=True)
    }


def _append(record: dict[str, Any], path: Path) -> bool:
    """False if the file's last record says the same.

    Two records say the same when program, shared code, manifest and measured values agree, and
    the commit that the older one names can still be found.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    records = read(path) if path.exists() else []
    if records:
        lost = records[-1]["code"].get("commit") in lost_commits(path.parent)
        if _essence(records[-1]) == _essence(record) and not lost:
            return False
        record["supersedes"] = digest(records[-1])
    text = json.dumps([*records, record], indent=1, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")
    return True


def placeless(value: object) -> object:
    """A text without the places of this machine: a record goes out to others."""
    if not isinstance(value, str):
        return value
    value = value.replace(str(settings.KB_DATA_DIR), "the data folder")
    return value.replace(str(settings.BASE_DIR), "the repository")


def _essence(record: dict[str, Any]) -> object:
    code = {name: value for name, value in record["code"].items() if name.endswith("_sha256")}
    return code, record["measurements"]


def read(path: Path) -> list[dict[str, Any]]:
    """The records of a file, oldest first.  Raises BadRecord."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadRecord(f"{path.name}: {error}") from error
    if not isinstance(written, list) or not all(isinstance(record, dict) for record in written):
        raise BadRecord(f"{path.name}: expected a list of records")
    for record in written:
        if record.get("schema") != SCHEMA:
            raise BadRecord(f"{path.name}: schema {record.get('schema')!r} is not {SCHEMA}")
    return written


def load(folder: Path) -> tuple[int, list[str]]:
    """Load all records as runs shown as recorded, and judge them; returns how many are new.

    Safe to repeat: a record is known by its digest. The second value lists problems.
    """
    return load_files(sorted(folder.glob("*.json")))


def load_files(paths: Iterable[Path]) -> tuple[int, list[str]]:
    """The same of these files."""
    count, problems, fresh = 0, [], []
    for path in paths:
        try:
            for record in read(path):
                run = _load_one(record)
                if run:
                    fresh.append(run)
                    count += 1
        except (BadRecord, KeyError, TypeError, ValueError) as error:
            problems.append(f"{path.name}: {error}")
    for run in fresh:
        try:
            judge(run)
        except (registry.UnknownProgram, ManifestError, ValueError) as error:
            problems.append(f"{run}: could not be judged: {error}")
    return count, problems


@transaction.atomic
def _load_one(record: dict[str, Any]) -> Run | None:
    key = digest(record)
    if Run.objects.filter(record_sha256=key).exists():
        return None
    time = record["time"]
    run = Run.objects.create(
        program=record["implementation"],
        scale=record["mode"],
        seed=record["seed"],
        device=record["device"],
        state=Run.State.FINISHED,
        origin=Run.Origin.RECORDED,
        record_sha256=key,
        requested_at=_moment(time["started"]),
        started_at=_moment(time["started"]),
        finished_at=_moment(time["finished"]),
        limit_seconds=time.get("limit_s") or 0,
        exit_code=0,
        wall_seconds=time["wall_s"],
        cpu_seconds=time["cpu_s"],
        peak_memory_bytes=time["peak_memory_bytes"],
        code=record["code"],
        environment=record["environment"],
        hardware=record["hardware"],
        isolation=record["isolation"],
        output_sha256=record["output_sha256"],
        output_bytes=record["output_bytes"],
    )
    Measurement.objects.bulk_create(
        Measurement(
            run=run,
            position=position,
            identifier=row["id"],
            **{name: row[name] for name in row if name != "id"},
        )
        for position, row in enumerate(record["measurements"], 1)
    )
    CurvePoint.objects.bulk_create(
        CurvePoint(
            run=run,
            position=position,
            curve=point["curve"],
            x=point["x"],
            y=point["y"],
            more={name: point[name] for name in point if name not in ("curve", "x", "y")},
        )
        for position, point in enumerate(record["curve"], 1)
    )
    return run


def _moment(text: str | None) -> datetime:
    return datetime.fromisoformat(text) if text else timezone.now()
