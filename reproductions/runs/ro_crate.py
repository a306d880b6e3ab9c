"""A run as an RO-Crate: what ran, on what, with which values, in terms that other tools read.

Process Run Crate 0.6 on RO-Crate 1.3: the run is a CreateAction, the program its instrument, the
options its objects, the measured values its results.
"""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from django.utils import timezone

from reproductions import registry
from reproductions.attested import shapes
from reproductions.attested.crates import (
    CRATE,
    LICENCE,
    METADATA,
    PROCESS,
    RECORD,
    SIGNATURE,
    packed,
)
from reproductions.models import Run
from reproductions.runs.shipped import placeless

STATUS = {
    "finished": "CompletedActionStatus",
    "queued": "PotentialActionStatus",
    "running": "ActiveActionStatus",
}


def files(run: Run) -> dict[str, str]:
    """The crate's files by name, without its metadata."""
    texts = {
        "log.txt": "".join(f"{line.seconds:9.2f}  {line.text}\n" for line in run.lines.all()),
        "measurements.csv": _measurements(run),
        "curves.jsonl": "".join(
            json.dumps({"curve": p.curve, "x": p.x, "y": p.y, **p.more}, ensure_ascii=False) + "\n"
            for p in run.points.all()
        ),
        **_record(run),
    }
    try:
        for path in registry.program(run.program).files:
            texts[f"program/{path.name}"] = path.read_text(encoding="utf-8")
    except LookupError:
        pass  # the program is no longer listed; its hashes are in the metadata
    return {name: text for name, text in texts.items() if text}


def _record(run: Run) -> dict[str, str]:
    """The whole record: of an attested run as it was signed; of an ended one of ours unsigned."""
    attestation = getattr(run, "attestation", None)
    if attestation is not None:
        signature = attestation.signature
        signed = {SIGNATURE: signature + "\n"} if signature else {}
        return {RECORD: attestation.record} | signed
    code = run.code
    if run.finished_at is None or run.started_at is None or "program_sha256" not in code:
        return {}
    return {RECORD: shapes.written(_whole(run))}


def _whole(run: Run) -> dict[str, Any]:
    """A run of ours in the shape in which members hand records in."""
    columns = ("setting", "metric", "value", "unit", "convention", "seed", "standard_error")
    names = ("program", "scale", "seed", "device", "state", "exit_code", "environment", "hardware")
    return {
        "schema": shapes.SCHEMA,
        **{name: getattr(run, name) for name in names},
        "cause": run.exit_cause,
        "code": run.code,
        "isolation": {name: placeless(value) for name, value in run.isolation.items()},
        "time": {
            "started": shapes.stamp(run.started_at),  # type: ignore[arg-type]
            "finished": shapes.stamp(run.finished_at),  # type: ignore[arg-type]
            "wall_s": run.wall_seconds or 0.0,
            "cpu_s": run.cpu_seconds or 0.0,
            "peak_memory_bytes": run.peak_memory_bytes or 0,
            "limit_s": run.limit_seconds,
        },
        "output_sha256": run.output_sha256,
        "output_bytes": run.output_bytes,
        "measurements": [
            {"id": row["identifier"], **{name: row[name] for name in columns}}
            for row in run.measurements.values("identifier", *columns)
        ],
        "curve": [
            {**point.more, "curve": point.curve, "x": point.x, "y": point.y}
            for point in run.points.all()
        ],
        "log": [
            {"kind": line.kind, "text": line.text, "seconds": line.seconds}
            for line in run.lines.all()
        ],
    }


def _measurements(run: Run) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    names = ("identifier", "setting", "metric", "value", "unit", "convention", "seed")
    writer.writerow((*names, "standard_error"))
    writer.writerows(run.measurements.values_list(*names, "standard_error"))
    return text.getvalue()


def metadata(run: Run, base: str) -> dict[str, Any]:
    """The JSON-LD document. base: address of the site, with a slash at its end."""
    parts = files(run)
    results = _results(run)
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": CRATE},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "conformsTo": {"@id": PROCESS},
            "name": f"Run {run.pk} of {run.program}",
            "description": f"{run.program} at {run.scale} scale, seed {run.seed}, {run.device}: "
            f"{run.get_state_display()}",
            "datePublished": (run.finished_at or run.requested_at or timezone.now()).isoformat(),
            "license": {"@id": LICENCE},
            "hasPart": [{"@id": name} for name in parts],
            "mentions": {"@id": "#run"},
        },
        {"@id": PROCESS, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.6"},
        {"@id": LICENCE, "@type": "CreativeWork", "name": "CC0 1.0 Universal"},
        _action(run, base, results),
        _program(run, base),
        {"@id": "#agent", "@type": "Organization", "name": "The Living Survey", "url": base},
        *_options(run),
        *results,
    ]
    graph += [
        {
            "@id": name,
            "@type": "File",
            "name": name,
            "encodingFormat": _format(name),
            "contentSize": str(len(text.encode())),
        }
        for name, text in parts.items()
    ]
    return {"@context": f"{CRATE}/context", "@graph": graph}


def _action(run: Run, base: str, results: list[dict[str, Any]]) -> dict[str, Any]:
    action: dict[str, Any] = {
        "@id": "#run",
        "@type": "CreateAction",
        "name": f"Run {run.pk}",
        "url": f"{base}runs/{run.pk}/",
        "instrument": {"@id": "#program"},
        "agent": {"@id": "#agent"},
        "object": [{"@id": option["@id"]} for option in _options(run) if "value" in option],
        "result": [{"@id": result["@id"]} for result in results] + [{"@id": "measurements.csv"}],
        "actionStatus": {"@id": f"http://schema.org/{STATUS.get(run.state, 'FailedActionStatus')}"},
        "description": json.dumps(
            {"code": run.code, "hardware": run.hardware, "isolation": run.isolation}
        ),
    }
    if run.started_at:
        action["startTime"] = run.started_at.isoformat()
    if run.finished_at:
        action["endTime"] = run.finished_at.isoformat()
    if run.exit_cause:
        action["error"] = run.exit_cause
    if not run.measurements.exists():
        action["result"] = action["result"][:-1]
    return action


def _program(run: Run, base: str) -> dict[str, Any]:
    versions = {k: v for k, v in run.environment.items() if k in ("python", "torch", "numpy")}
    return {
        "@id": "#program",
        "@type": "SoftwareApplication",
        "name": run.program,
        "url": f"{base}reproductions/{run.program}/",
        "version": run.code.get("program_sha256", "unknown"),
        "softwareRequirements": ", ".join(f"{name} {v}" for name, v in versions.items()),
    }


def _options(run: Run) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = []
    for name in ("scale", "seed", "device"):
        options.append(
            {
                "@id": f"#option-{name}",
                "@type": "PropertyValue",
                "name": name,
                "value": getattr(run, name),
                "exampleOfWork": {"@id": f"#parameter-{name}"},
            }
        )
        options.append(
            {
                "@id": f"#parameter-{name}",
                "@type": "FormalParameter",
                "name": name,
                "additionalType": "Integer" if name == "seed" else "Text",
                "valueRequired": False,
            }
        )
    return options


def _results(run: Run) -> list[dict[str, Any]]:
    return [
        {
            "@id": f"#measured-{row.position}",
            "@type": "PropertyValue",
            "propertyID": f"{row.identifier}/{row.metric}",
            "name": row.setting or row.identifier,
            "value": row.value,
            "unitText": row.unit,
            **({"measurementMethod": row.convention} if row.convention else {}),
        }
        for row in run.measurements.all()
    ]


def _format(name: str) -> str:
    kinds = {"csv": "text/csv", "py": "text/x-python", "md": "text/markdown", "txt": "text/plain"}
    kinds |= {"jsonl": "application/jsonl", "toml": "application/toml", "json": "application/json"}
    return kinds.get(name.rpartition(".")[2], "application/octet-stream")


def crate_json(run: Run, base: str) -> str:
    """The metadata as text."""
    return json.dumps(metadata(run, base), indent=1, ensure_ascii=False)


def crate_zip(run: Run, base: str) -> bytes:
    """The whole crate as a zip; the same run gives the same bytes."""
    return packed({METADATA: crate_json(run, base), **files(run)})
