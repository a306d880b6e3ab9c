"""Catalogues as Django reads them, made from the `.po` files by Python alone.

They lie in the data folder, not in the repository, and are made anew when a source has changed: at
the start of every process, which costs a look at the file's date when there is nothing to do.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import polib

from kb.languages.offered import SOURCES


def compile_catalogues(target: Path) -> list[Path]:
    """Bring `target/<language>/LC_MESSAGES/*.mo` level with `locale/`; returns what was made."""
    made = []
    for source in sorted(SOURCES.glob("*/LC_MESSAGES/*.po")):
        compiled = target / source.relative_to(SOURCES).with_suffix(".mo")
        changed = source.stat().st_mtime_ns
        if compiled.exists() and compiled.stat().st_mtime_ns == changed:
            continue
        compiled.parent.mkdir(parents=True, exist_ok=True)
        # Several processes may do this at once: each moves a whole file into its place.
        handle, unfinished = tempfile.mkstemp(dir=compiled.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(polib.pofile(str(source)).to_binary())
        os.utime(unfinished, ns=(changed, changed))
        Path(unfinished).replace(compiled)
        made.append(compiled)
    return made
