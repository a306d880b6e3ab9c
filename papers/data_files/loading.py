"""Loading the data files: checked whole, merged field by field, safe to repeat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection, transaction
from django.utils.timezone import now

from papers.data_files.citing import unknown_names
from papers.data_files.files import FOLDERS, Record, Source, parse, sources
from papers.data_files.kinds import Events, Kind, People, Topics, Venues
from papers.data_files.learning_kinds import Lectures, Paths, Terms
from papers.data_files.merging import Merge, merge
from papers.data_files.method_kind import Methods
from papers.data_files.paper_kind import Papers, beside_others, marks_of
from papers.data_files.place_kinds import Books, Courses, Labs, Organisations
from papers.data_files.schema import SCHEMAS, with_defaults
from papers.data_files.workshop_kind import Workshops
from papers.history import act, first_load
from papers.models import FixtureRecord
from papers.persons import Spellings


def refresh_statistics() -> None:
    """Let PostgreSQL look at the tables now, not in a minute.

    Until it has looked it takes full tables for empty ones, and a question that takes
    milliseconds may take minutes.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@dataclass
class Report:
    """Counts and sentences of one load."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)

    def count(self, kind: str, what: str) -> None:
        self.counts[kind, what] += 1

    def take(self, kind: str, key: str, decision: Merge, is_new: bool) -> None:
        """What became of one record."""
        self.count(kind, "new" if is_new else "changed" if decision.write else "same")
        name = f"{kind} {key}"
        self.conflicts += [f"{name}: {f} changed in the file and here" for f in decision.conflicts]
        self.kept += [f"{name}: {f}" for f in decision.kept]

    def total(self, what: str) -> int:
        """How many records of all kinds were `new`, `changed`, `same` or only `read`."""
        return sum(number for (_, word), number in self.counts.items() if word == what)

    def lines(self) -> list[str]:
        """The report, a line each; conflicts and problems last, where the eye rests."""
        kinds = sorted({kind for kind, _ in self.counts})
        lines = [f"{kind:10} {self._counted(kind)}" for kind in kinds]
        lines += [f"kept as edited here: {text}" for text in self.kept]
        lines += [f"in the database but in no file: {text}" for text in self.gone]
        lines += [f"CONFLICT {text}" for text in self.conflicts]
        lines += [f"PROBLEM {text}" for text in self.problems]
        return lines

    def _counted(self, kind: str) -> str:
        if read := self.counts[kind, "read"]:
            return f"{read:5} read and in order"
        return " ".join(
            f"{self.counts[kind, what]:5} {what}" for what in ("new", "changed", "same")
        )


class Waiting:
    """Records that wait to be written together: changed ones first, then new ones."""

    def __init__(self, rows: Kind) -> None:
        self.rows = rows
        self.new: dict[str, dict] = {}
        self.changed: dict[str, dict] = {}
        self.marks: set[str] = set()

    def write_before(self, paper: dict) -> None:
        """Write what waits if one of it may be the same work, so that the comparison sees it."""
        marks = marks_of(paper)
        if marks & self.marks:
            self.write()
        self.marks |= marks

    def write(self) -> None:
        if self.changed:
            self.rows.write_changed(self.changed)
        if self.new:
            self.rows.write_new(self.new)
        self.new, self.changed, self.marks = {}, {}, set()


KINDS: dict[str, Callable[[Spellings], Kind]] = {
    "topic": Topics,
    "venue": Venues,
    "person": People,
    "paper": Papers,
    "method": Methods,
    "workshop": Workshops,
    "lab": Labs,
    "organisation": Organisations,
    "course": Courses,
    "book": Books,
    "event": Events,
    "lecture": Lectures,
    "term": Terms,
    "path": Paths,
}
MANY = 100  # records of one load, from which on the tables count as filled anew
Progress = Callable[[str, int, int], None]
_LOCK = 0x6C6F6164  # one load at a time, across processes


def load_catalogue(
    folder: Path,
    *,
    overwrite: bool = False,
    again: bool = False,
    progress: Progress = lambda kind, done, total: None,
) -> Report:
    """Bring the database to what the files in `folder` say.

    All of it in one transaction: a broken file or a crash leaves everything as it was. Files that
    did not change since the last load are skipped, unless `again`. Edits made on the site stay
    and are reported; `overwrite` lets the files win.
    """
    report = Report()
    is_first = not FixtureRecord.objects.exists()  # nothing to say of who and why
    reason = act(command="load_field", reason="the data files say so")
    with transaction.atomic(), nullcontext() if is_first else reason:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        loaded = {
            (kind, key): (sha, fields)
            for kind, key, sha, fields in FixtureRecord.objects.filter(
                kind__in=FOLDERS
            ).values_list("kind", "key", "sha256", "fields")
        }
        read = {kind: list(sources(folder, kind)) for kind in FOLDERS}
        before = {(kind, sha) for (kind, _), (sha, _) in loaded.items()}
        fresh = {
            kind: [s for s in files if again or (kind, s.sha256) not in before]
            for kind, files in read.items()
        }
        records = _parsed(fresh, report)
        report.problems += unknown_names(records, look=True)
        if report.problems:
            return report
        present = {(kind, source.sha256) for kind, files in read.items() for source in files}
        for (kind, key), (sha, _) in loaded.items():
            if not sha:
                continue  # made here, by no file
            if not again and (kind, sha) in present:
                report.count(kind, "same")
            elif not any(record.key == key for _, record in records[kind]):
                report.gone.append(f"{kind} {key}")
        if not loaded:
            first_load()
        for kind, batch in records.items():
            _load_kind(kind, batch, loaded, report, overwrite, progress)
        if sum(map(len, records.values())) >= MANY:
            refresh_statistics()
    return report


def check_catalogue(folder: Path) -> Report:
    """Read every file in `folder` against the schema; no database is asked."""
    report = Report()
    records = _parsed({kind: list(sources(folder, kind)) for kind in FOLDERS}, report)
    report.problems += unknown_names(records, look=False)
    for kind, batch in records.items():
        for _ in batch:
            report.count(kind, "read")
    return report


def _parsed(
    fresh: dict[str, list[Source]], report: Report
) -> dict[str, list[tuple[Source, Record]]]:
    records: dict[str, list[tuple[Source, Record]]] = {}
    seen: dict[tuple[str, str], str] = {}
    for kind, files in fresh.items():
        records[kind] = []
        for source in files:
            parsed, problems = parse(source)
            report.problems += problems
            for record in parsed:
                if other := seen.get((kind, record.key)):
                    report.problems.append(f"{record.where}: {record.key} stands in {other} too")
                seen[kind, record.key] = record.where
                records[kind].append((source, record))
    return records


def _load_kind(
    kind: str,
    batch: list[tuple[Source, Record]],
    loaded: dict[tuple[str, str], tuple[str, dict]],
    report: Report,
    overwrite: bool,
    progress: Progress,
) -> None:
    if not batch:
        return
    rows = KINDS[kind](Spellings())
    known = rows.known()
    for start in range(0, len(batch), rows.at_once):
        together = batch[start : start + rows.at_once]
        here = rows.read_many([record.key for _, record in together if record.key in known])
        waiting = Waiting(rows)
        for _, record in together:
            before = loaded.get((kind, record.key), ("", None))[1]
            file = with_defaults(record.fields, SCHEMAS[kind])
            decision = merge(file, before, here.get(record.key), overwrite)
            is_new = record.key not in here
            if is_new and kind == "paper" and loaded:
                waiting.write_before(decision.write)
                decision.write, doubt = beside_others(decision.write)
                report.conflicts += [f"paper {record.key}: {doubt}"] if doubt else []
            if is_new:
                waiting.new[record.key] = decision.write
            elif decision.write:
                waiting.changed[record.key] = decision.write
                if kind == "paper":
                    old = here[record.key]
                    waiting.marks |= marks_of(old) | marks_of(old | decision.write)
            report.take(kind, record.key, decision, is_new)
        waiting.write()
        progress(kind, start + len(together), len(batch))
    _remember(kind, batch)


def _remember(kind: str, batch: list[tuple[Source, Record]]) -> None:
    """Keep what the files said, for the next merge."""
    FixtureRecord.objects.bulk_create(
        [
            FixtureRecord(
                kind=kind,
                key=record.key,
                sha256=source.sha256,
                fields=with_defaults(record.fields, SCHEMAS[kind]),
                loaded_at=now(),
            )
            for source, record in batch
        ],
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["sha256", "fields", "loaded_at"],
    )
