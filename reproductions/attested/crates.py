"""Records in packed RO-Crates (Process Run Crate 0.6 on RO-Crate 1.3): written, and read back.

Standard library only, as runners write them too.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORD, SIGNATURE, METADATA = "record.json", "record.json.sig", "ro-crate-metadata.json"
CRATE = "https://w3id.org/ro/crate/1.3"
PROCESS = "https://w3id.org/ro/wfrun/process/0.6"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"
FIXED = (1980, 1, 1, 0, 0, 0)
"""Time inside the zip, so that the same files give the same bytes."""


def packed(files: dict[str, str]) -> bytes:
    """Files by name as a zip; the same files give the same bytes."""
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, FIXED), text, zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def crate_of(record: str, signature: str) -> bytes:
    """The crate of one record, signed or not ("")."""
    files = {RECORD: record} | ({SIGNATURE: signature + "\n"} if signature else {})
    metadata = json.dumps(_metadata(json.loads(record), files), indent=1, ensure_ascii=False)
    return packed({METADATA: metadata, **files})


def packed_folder(folder: Path) -> bytes:
    """A crate that lies in a folder, as a zip: its metadata, its record, its signature.

    Raises FileNotFoundError when the first two are not there.
    """
    files = {name: (folder / name).read_text("utf-8") for name in (METADATA, RECORD)}
    if (folder / SIGNATURE).is_file():
        files[SIGNATURE] = (folder / SIGNATURE).read_text("ascii")
    return packed(files)


class BadCrate(ValueError):
    """No crate with a record; the text says what is missing."""


@dataclass(frozen=True)
class Crate:
    """What is read of a crate: the record's text as it was signed, and the signature or ""."""

    record: str
    signature: str


def read_crate(content: bytes, *, most_bytes: int) -> Crate:
    """The record in a packed crate, which may lie in one folder inside the zip.

    Nothing is unpacked onto a disk, and no other file is looked at. The metadata has to describe a
    run whose program has the digest that the record names.
    most_bytes: of each file, unpacked.  Raises BadCrate.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [name for name in archive.namelist() if name.split("/")[-1] == METADATA]
            if not names:
                raise BadCrate(f"a crate holds {METADATA}")
            folder = min(names, key=len).removesuffix(METADATA)
            metadata = _text(archive, folder + METADATA, most_bytes)
            record = _text(archive, folder + RECORD, most_bytes)
            has_signature = folder + SIGNATURE in archive.namelist()
            signature = _text(archive, folder + SIGNATURE, 1000) if has_signature else ""
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BadCrate(f"no zip that can be read: {error}") from error
    _check_described(metadata, record)
    return Crate(record, signature.strip())


def _text(archive: zipfile.ZipFile, name: str, most_bytes: int) -> str:
    """A file of the archive, read no further than it may be long."""
    try:
        with archive.open(name) as file:
            content = file.read(most_bytes + 1)
    except KeyError as error:
        raise BadCrate(
            f"the crate holds no {name.split('/')[-1]}, the record of its run"
        ) from error
    if len(content) > most_bytes:
        raise BadCrate(f"{name.split('/')[-1]} is larger than {most_bytes // 2**20} MiB")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadCrate(f"{name.split('/')[-1]} is no UTF-8") from error


def _check_described(metadata: str, record: str) -> None:
    """Whether the crate is about the run of its record.  Raises BadCrate."""
    try:
        graph = {part["@id"]: part for part in json.loads(metadata)["@graph"]}
        action = graph[graph["./"]["mentions"]["@id"]]
        program = graph[action["instrument"]["@id"]]
        described = program["name"], program["version"]
        code = json.loads(record)
        made = code["program"], code["code"]["program_sha256"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadCrate(
            f"{METADATA} does not tell which program the run is of, or {RECORD} does not: {error!r}"
        ) from error
    if described != made:
        raise BadCrate(f"{METADATA} and {RECORD} are of different programs")


def _metadata(record: dict[str, Any], files: dict[str, str]) -> dict[str, Any]:
    name = f"{record['program']} at {record['scale']} scale, seed {record['seed']}"
    graph: list[dict[str, Any]] = [
        {
            "@id": METADATA,
            "@type": "CreativeWork",
            "conformsTo": {"@id": CRATE},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "conformsTo": {"@id": PROCESS},
            "name": f"A run of {name}",
            "description": f"{name}, {record['device']}: {record['state']}",
            "datePublished": record["time"]["finished"],
            "license": {"@id": LICENCE},
            "hasPart": [{"@id": part} for part in files],
            "mentions": {"@id": "#run"},
        },
        {"@id": PROCESS, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.6"},
        {"@id": LICENCE, "@type": "CreativeWork", "name": "CC0 1.0 Universal"},
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": f"Run of {name}",
            "instrument": {"@id": "#program"},
            "agent": {"@id": "#agent"},
            "result": [{"@id": RECORD}],
            "startTime": record["time"]["started"],
            "endTime": record["time"]["finished"],
            "actionStatus": {"@id": "http://schema.org/CompletedActionStatus"},
        },
        {"@id": "#agent", "@type": "Organization", "name": "A runner", "identifier": record["key"]},
        {
            "@id": "#program",
            "@type": "SoftwareApplication",
            "name": record["program"],
            "version": record["code"]["program_sha256"],
        },
    ]
    for part, text in files.items():
        kind = "application/json" if part == RECORD else "text/plain"
        size = str(len(text.encode()))
        graph.append(
            {"@id": part, "@type": "File", "encodingFormat": kind, "contentSize": size}
            | {"name": "The whole record" if part == RECORD else "Ed25519 signature of the record"}
        )
    return {"@context": f"{CRATE}/context", "@graph": graph}
