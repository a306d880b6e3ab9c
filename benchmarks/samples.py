"""Sites of workshops and reading lists as people publish them: what is read, and the way back.

    python -m benchmarks.samples FOLDER

FOLDER: below it `awesome/<list>` (README files or data.yaml), and any other folder with a site or
an export of a workshop, one level or two deep. Prints two tables. Lists: entries, those read with a
title, sections, lines that are told, and whether export, import, export gives the same bytes, as
tables and as bullets. Workshops: rows by kind, what is told, whether importing the export changes
nothing, and whether an export that was imported into nothing is exported as it was. No database.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
django.setup()

from community.list_files.folder import NotAList, read_bytes  # noqa: E402
from community.list_files.folder import read_path as read_list  # noqa: E402
from community.list_files.own_format import write_own  # noqa: E402
from papers.curation.workshop_blocks import with_names  # noqa: E402
from papers.data_files.schema import SCHEMAS, with_defaults  # noqa: E402
from papers.importers.workshop_files.changes import merged  # noqa: E402
from papers.importers.workshop_files.folder import NotAWorkshop, read_files  # noqa: E402
from papers.importers.workshop_files.folder import read_path as read_workshop  # noqa: E402
from papers.workshops.out.jekyll import jekyll  # noqa: E402

NOTHING = with_names(with_defaults({}, SCHEMAS["workshop"]))
LISTS = ("people", "papers", "schedule", "dates", "news", "sponsors")


def yes(holds: bool) -> str:
    return "yes" if holds else "NO"


def list_row(folder: Path) -> str:
    read = read_list(folder)
    titled = sum(bool(entry.title) for entry in read.papers)
    backs = []
    for bullets in (False, True):
        once = write_own(read, bullets=bullets)
        again = write_own(read_bytes(once.encode(), name="list.md"), bullets=bullets)
        backs.append(yes(once == again))
    cells = [folder.name, len(read.papers), titled, len(read.sections), len(read.others)]
    return " | ".join(map(str, (*cells, len(read.left), *backs)))


def workshop_row(name: str, place: Path) -> str:
    read = read_workshop(place)
    fields, _ = merged(NOTHING, read)
    out = jekyll(with_names(NOTHING | fields))
    back, changes = merged(with_names(NOTHING | fields), read_files(out))
    anew, _ = merged(NOTHING, read_files(out))
    counts = [len(getattr(read, part)) for part in LISTS]
    unchanged = not back and all(change.status == "same" for change in changes)
    same = jekyll(with_names(NOTHING | anew)) == out
    cells = (name, *counts, len(read.details), len(read.drafts), len(read.told))
    return " | ".join(map(str, (*cells, yes(unchanged), yes(same))))


def workshops(folder: Path) -> Iterator[tuple[str, Path]]:
    """Samples by name: the sites below `jekyll`, the files of the other folders."""
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        if part.name == "awesome":
            continue
        whole = part.name == "mini-conf"
        for place in [part] if whole else sorted(part.iterdir()):
            yield (part.name if whole else f"{part.name}/{place.name}"), place


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    folder: Path = parser.parse_args().folder
    rows = []
    print("list | entries | with a title | sections | others | told | tables | bullets")
    for place in sorted((folder / "awesome").iterdir()):
        try:
            rows.append(list_row(place))
        except NotAList as problem:
            rows.append(f"{place.name} | refused: {problem}")
        print(rows[-1], flush=True)
    print(
        "\nworkshop | " + " | ".join(LISTS) + " | facts | comments | told | unchanged | same bytes"
    )
    for name, place in workshops(folder):
        try:
            rows.append(workshop_row(name, place))
        except NotAWorkshop as problem:
            rows.append(f"{name} | refused: {problem}")
        print(rows[-1], flush=True)
    return int(any("NO" in row for row in rows))


if __name__ == "__main__":
    sys.exit(main())
