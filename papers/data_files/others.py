"""Data files of floors above: they join `load_field` when the site starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from papers.data_files.loading import Report


@dataclass(frozen=True)
class OtherFiles:
    """check: reads the files of a folder, problems into the report. load: writes them, after the
    field; its last argument lets the files win over edits made here."""

    check: Callable[[Path, Report], None]
    load: Callable[[Path, Report, bool], None]


_OTHERS: dict[str, OtherFiles] = {}


def register(name: str, files: OtherFiles) -> None:
    _OTHERS[name] = files


def check_others(folder: Path, report: Report) -> None:
    """Read all of them without the database."""
    for files in _OTHERS.values():
        files.check(folder, report)


def load_others(folder: Path, report: Report, *, overwrite: bool) -> None:
    """Write all of them, unless something before went wrong."""
    for files in _OTHERS.values():
        if not report.problems:
            files.load(folder, report, overwrite)
