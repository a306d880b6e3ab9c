"""PDFs named on a command line: files as they are, folders with everything below them."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path


def pdf_paths(named: Iterable[str]) -> list[Path]:
    """Each path once, in the order given; folders give their *.pdf in order of name.

    A file is taken whatever it is called, and a path that does not exist is passed on: whoever
    opens it says what is wrong. Links to folders are not followed.
    """
    paths: dict[Path, None] = {}
    for name in named:
        path = Path(name)
        if not path.is_dir():
            paths[path] = None
            continue
        for folder, inside, files in os.walk(path):
            inside.sort()
            for file in sorted(files):
                if file.lower().endswith(".pdf"):
                    paths[Path(folder, file)] = None
    return list(paths)
