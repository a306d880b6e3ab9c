"""The ledger: published numbers loaded from files, claims from manifests."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import yaml
from django.db import connection, transaction
from django.utils import timezone
from pydantic import TypeAdapter, ValidationError

from papers.checked import Location, Table, Text, sentences
from papers.data_files.merging import merge
from papers.models import Paper
from reproductions import registry
from reproductions.judging.manifest import Manifest
from reproductions.judging.tables import ReportedTable
from reproductions.ledger.states import refresh_states
from reproductions.models import Claim, Disagreement, DisagreementPart, PublishedNumber
from reproductions.published import Key, Row, read_rows

Texts: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Leaves every value as the text that stands in the file: printed digits keep their zeros."""


class AlsoPrinted(Table):
    """A value that is no number of the ledger: as printed, and where."""

    printed: Text
    source: Text


class DisagreementEntry(Table):
    """One entry of `disagreements.yaml`: numbers that cannot all be right."""

    slug: Text
    kind: Literal["sources", "sum", "convention", "unit", "error"]
    title: Text
    text: Text
    says: list[ReportedTable] = []
    parts: list[ReportedTable] = []
    total: list[ReportedTable] = []
    also: list[AlsoPrinted] = []


_DISAGREEMENTS = TypeAdapter(list[DisagreementEntry])
JUDGED_BY = ("printed", "unit", "confirmed", "withdrawn_at")
"""Fields of a number that verdicts on it rest on."""
_LOCK = 0x6C656467  # one load at a time, across processes


@dataclass
class Report:
    """What a load did, for people. corrected: ids of numbers whose verdicts are made again."""

    new: int = 0
    changed: int = 0
    same: int = 0
    withdrawn: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    corrected: list[int] = field(default_factory=list)
    claims: int = 0
    disagreements: int = 0

    def lines(self) -> list[str]:
        """One sentence a line."""
        lines = [f"numbers: {self.new} new, {self.changed} changed, {self.same} unchanged"]
        lines.append(f"claims of programs: {self.claims}; disagreements: {self.disagreements}")
        lines += [f"withdrawn, no longer in the files: {name}" for name in self.withdrawn]
        lines += [f"kept as edited here: {name}" for name in self.kept]
        return lines + [f"problem: {text}" for text in self.problems]


@dataclass(frozen=True)
class LedgerRow(Row):
    """A published number as the database has it: edited and confirmed here, perhaps."""

    seen: bool = False
    printed_decimals: int = 0

    @property
    def confirmed(self) -> bool:
        return self.seen

    @property
    def decimals(self) -> int:
        return self.printed_decimals


def slug_of(key: Key) -> str:
    """A stable id: the same for the same paper, setting and metric, whatever else changes."""
    digest = hashlib.sha256(f"{key.setting}\n{key.metric}".encode()).hexdigest()
    return f"{key.paper}-{digest[:8]}"


def row_of(number: PublishedNumber) -> LedgerRow:
    """The number as the judging rules read it."""
    return LedgerRow(
        key=Key(number.paper.key, number.setting, number.metric),
        value=float(number.value),
        unit=number.unit,
        table=number.table,
        source=number.source,
        confidence=number.confidence,
        needs=number.needs,
        notes=number.notes,
        seen=number.confirmed,
        printed_decimals=number.decimals,
    )


def load_numbers(folder: Path, *, overwrite: bool = False) -> Report:
    """Bring numbers, disagreements and claims to what `folder` and the manifests say.

    folder: holds `numbers/*.yaml` and perhaps `disagreements.yaml`.  Safe to repeat.  What was
    edited on the site stays and is reported, unless `overwrite`.  All or nothing: with any
    problem in a file the database stays as it was.
    """
    report = Report()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        papers = dict(Paper.objects.values_list("key", "pk"))
        for path in sorted((folder / "numbers").glob("*.yaml")):
            if path.stem not in papers:
                report.problems.append(f"{path.name}: no paper {path.stem} is loaded")
                continue
            try:
                _load_file(path, papers[path.stem], report, overwrite)
            except ValueError as error:
                report.problems.append(str(error))
        _load_disagreements(folder / "disagreements.yaml", report)
        report.claims = sync_claims(registry.programs())
        if report.problems:
            transaction.set_rollback(True)
        else:
            refresh_states()
    return report


def _load_file(path: Path, paper: int, report: Report, overwrite: bool) -> None:
    texts = yaml.load(path.read_text(encoding="utf-8"), Loader=Texts)  # noqa: S506 (text only)
    here = {number.slug: number for number in PublishedNumber.objects.filter(paper=paper)}
    new, seen = [], set()
    for position, (row, text) in enumerate(zip(read_rows(path), texts, strict=True)):
        file = _fields(row, str(text["value"]), position)
        slug = slug_of(row.key)
        if slug in seen:
            raise ValueError(f"{path.name}: {row.key.setting}, {row.key.metric} stands there twice")
        seen.add(slug)
        number = here.get(slug)
        if number is None:
            number = PublishedNumber(
                slug=slug, paper_id=paper, setting=row.key.setting, metric=row.key.metric
            )
            _write(number, file, file)
            new.append(number)
            report.new += 1
        else:
            _update(number, file, report, overwrite)
    PublishedNumber.objects.bulk_create(new)
    for slug, number in here.items():
        if slug not in seen and number.from_file and not number.withdrawn_at:
            number.withdrawn_at = timezone.now()
            number.save(update_fields=["withdrawn_at", "updated_at"])
            report.withdrawn.append(str(number))


def _fields(row: Row, printed: str, position: int) -> dict[str, Any]:
    """What the file says, as it is merged and kept."""
    return {
        "position": position,
        "printed": printed,
        "unit": row.unit,
        "table": row.table,
        "source": row.source,
        "confidence": row.confidence,
        "confirmed": row.confirmed and row.confidence != "low",
        "needs": row.needs,
        "notes": row.notes,
        **dataclasses.asdict(row.placement),
    }


def _update(number: PublishedNumber, file: dict[str, Any], report: Report, overwrite: bool) -> None:
    current = {name: getattr(number, name) for name in file}
    decision = merge(file, number.from_file or None, current, overwrite)
    name = f"{number.slug}: "
    report.kept += [name + field for field in (*decision.kept, *decision.conflicts)]
    if not decision.write and number.from_file == file and not number.withdrawn_at:
        report.same += 1
        return
    before = [getattr(number, name) for name in JUDGED_BY]
    number.withdrawn_at = None
    _write(number, decision.write, file)
    number.save()
    if before != [getattr(number, name) for name in JUDGED_BY]:
        report.corrected.append(number.pk)
    if decision.write:
        report.changed += 1
    else:
        report.same += 1


def _write(number: PublishedNumber, fields: dict[str, Any], file: dict[str, Any]) -> None:
    for name, value in fields.items():
        setattr(number, name, value)
    number.from_file = file
    read_printed(number)


def read_printed(number: PublishedNumber) -> None:
    """Set value and decimals from the printed digits; ValueError if they are no number."""
    try:
        number.value = Decimal(number.printed)
    except ArithmeticError as error:
        raise ValueError(f"{number.setting}: {number.printed!r} is no number") from error
    exponent = number.value.as_tuple().exponent
    number.decimals = max(0, -exponent) if isinstance(exponent, int) else 0


def _load_disagreements(path: Path, report: Report) -> None:
    if not path.exists():
        return
    slugs = dict(PublishedNumber.objects.values_list("slug", "pk"))
    try:
        entries = _DISAGREEMENTS.validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        report.problems.append(
            sentences(error, lambda place: ": ".join(map(str, (path.name, *place))))
        )
        return
    for position, entry in enumerate(entries):
        parts = [
            (role, slug_of(Key(**key.model_dump())), key)
            for role, keys in (("says", entry.says), ("part", entry.parts), ("total", entry.total))
            for key in keys
        ]
        lost = [key for _, slug, key in parts if slug not in slugs]
        if lost:
            report.problems.append(f"{path.name}: {entry.slug}: no number {lost[0]}")
            continue
        group, _ = Disagreement.objects.update_or_create(
            slug=entry.slug,
            defaults={
                "kind": entry.kind,
                "title": entry.title,
                "text": entry.text,
                "also": [value.model_dump() for value in entry.also],
                "position": position,
            },
        )
        kept = []
        for place, (role, slug, _) in enumerate(parts):
            part, _ = DisagreementPart.objects.update_or_create(
                disagreement=group,
                number_id=slugs[slug],
                defaults={"role": role, "position": place},
            )
            kept.append(part.pk)
        group.parts.exclude(pk__in=kept).delete()
        report.disagreements += 1


def _entry(path: Path, place: Location) -> str:
    """The place of a fault: file, number of the entry (from 1), and the key inside it."""
    number, *inner = place or (0,)
    return ": ".join([path.name, f"entry {int(number) + 1}", *(str(step) for step in inner)])


def sync_claims(programs: Iterable[registry.Program]) -> int:
    """Bring the claims of these programs to what their manifests say; returns how many stand."""
    count = 0
    for program in programs:
        count += _sync_program(program.manifest)
    return count


def _sync_program(manifest: Manifest) -> int:
    numbers = {
        Key(*key): pk
        for *key, pk in PublishedNumber.objects.filter(
            withdrawn_at=None,
            paper__key__in={c.reported.paper for c in manifest.claims if c.reported},
        ).values_list("paper__key", "setting", "metric", "pk")
    }
    wanted = []
    for position, claim in enumerate(manifest.claims):
        if claim.reported and claim.reported not in numbers:
            continue
        wanted.append(
            Claim(
                program=manifest.slug,
                identifier=claim.id,
                number_id=numbers[claim.reported] if claim.reported else None,
                statement=claim.statement,
                metric=claim.metric,
                unit=claim.unit or "",
                scale=claim.scale,
                convention=claim.convention,
                rule={"kind": claim.rule.kind, **dataclasses.asdict(claim.rule)},
                basis=claim.basis,
                deviations=list(claim.deviations),
                printed_inputs=claim.printed_inputs,
                explanation=claim.explanation,
                position=position,
                withdrawn_at=None,
            )
        )
    written = [
        f.name for f in Claim._meta.concrete_fields if f.name not in ("id", "program", "identifier")
    ]
    Claim.objects.bulk_create(
        wanted,
        update_conflicts=True,
        unique_fields=["program", "identifier"],
        update_fields=written,
    )
    stale = Claim.objects.filter(program=manifest.slug, withdrawn_at=None)
    stale.exclude(identifier__in=[c.identifier for c in wanted]).update(withdrawn_at=timezone.now())
    return len(wanted)
