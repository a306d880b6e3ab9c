"""What a run means: its measurements against the claims, and the ledger's states after it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from django.db import transaction

from reproductions import registry
from reproductions.judging.judge import RULES_VERSION, judge_run, worded
from reproductions.judging.manifest import Manifest
from reproductions.judging.rules import Verdict
from reproductions.ledger.load import row_of, sync_claims
from reproductions.ledger.states import refresh_states
from reproductions.models import Attestation, Claim, Judgement, Measurement, PublishedNumber, Run
from reproductions.models.run import RunQuerySet
from reproductions.protocol import Measure
from reproductions.published import Key, Row


def pooled(run: Run, promised: Collection[int]) -> list[Run]:
    """The finished runs whose seeds are judged together: the newest of each promised seed.

    Only runs of this site, or of one runner of one member, of the same program, scale and device
    on the same processor, with the same code and manifest: a borrowed accelerator, another machine
    or an older program is never averaged in.
    promised: seeds that the manifest names for the scale. A run of another seed stands alone.
    """
    if run.seed not in promised:
        return [run]
    same = (
        _of_the_same_hands(run)
        .finished()
        .filter(
            program=run.program,
            scale=run.scale,
            device=run.device,
            code__program_sha256=run.code.get("program_sha256"),
            code__protocol_sha256=run.code.get("protocol_sha256"),
            code__manifest_sha256=run.code.get("manifest_sha256"),
            environment__cpu=run.environment.get("cpu"),
            seed__in=promised,
        )
    )
    newest: dict[int, Run] = {run.seed: run}
    for other in same.order_by("-finished_at", "-pk"):
        newest.setdefault(other.seed, other)
    return sorted(newest.values(), key=lambda measures: measures.seed)


def _of_the_same_hands(run: Run) -> RunQuerySet:
    if not run.is_attested:
        return Run.objects.here()
    member = Attestation.objects.filter(run=run).values("member")
    return Run.objects.attested().filter(runner=run.runner_id, attestation__member__in=member)


def judge(run: Run) -> list[Judgement]:
    """Judge every claim of the run's program, with the other seeds; replaces earlier judgements.

    Raises UnknownProgram and ManifestError when the program is no longer listed.
    """
    program = registry.program(run.program)
    with transaction.atomic():
        sync_claims([program])
        scale = program.manifest.scales.get(run.scale)
        promised = scale.seeds if scale else ()
        runs = pooled(run, promised)
        rows = _rows(program.manifest)
        manifest = _testable(program.manifest, rows)
        claims = {
            claim.identifier: claim
            for claim in Claim.objects.filter(program=run.program, withdrawn_at=None)
        }
        judgements = [
            Judgement(
                run=run,
                claim=claims[judgement.claim],
                verdict=str(judgement.verdict),
                reason=judgement.reason,
                sentence=worded(judgement),
                unit=judgement.unit,
                published=judgement.published,
                measured=judgement.measured,
                values=list(judgement.values),
                difference=judgement.difference,
                relative=judgement.relative,
                rules_version=RULES_VERSION,
            )
            for judgement in judge_run(
                manifest,
                rows,
                measures_of(runs),
                scale=run.scale,
                further_seed=None if run.seed in promised or not scale else run.seed,
            )
            if judgement.verdict is not Verdict.NOT_RUN
        ]
        run.judgements.all().delete()
        Judgement.objects.bulk_create(judgements)
        run.judged_with.set(runs)
        refresh_states({claim.number_id for claim in claims.values() if claim.number_id})
    return judgements


def measures_of(runs: list[Run]) -> list[Measure]:
    """Measurements of runs as the judging rules read them; the newest run of a seed counts."""
    measures: dict[tuple[str, int], Measure] = {}
    rank = {run.pk: (run.finished_at, run.pk) for run in runs}
    rows = Measurement.objects.filter(run__in=runs)
    for row in sorted(rows, key=lambda row: (rank[row.run_id], row.position), reverse=True):
        measure = Measure(
            id=row.identifier,
            setting=row.setting,
            metric=row.metric,
            value=row.value,
            unit=row.unit,
            convention=row.convention,
            seed=row.seed,
            standard_error=row.standard_error,
        )
        measures.setdefault((row.identifier, row.seed), measure)
    return sorted(measures.values(), key=lambda measure: measure.seed)


def _rows(manifest: Manifest) -> dict[Key, Row]:
    papers = {claim.reported.paper for claim in manifest.claims if claim.reported}
    numbers = PublishedNumber.objects.filter(paper__key__in=papers, withdrawn_at=None)
    rows = [row_of(number) for number in numbers.select_related("paper")]
    return {row.key: row for row in rows}


def _testable(manifest: Manifest, rows: dict[Key, Row]) -> Manifest:
    """The manifest without claims on numbers that are not in the ledger."""
    kept = [claim for claim in manifest.claims if not claim.reported or claim.reported in rows]
    return dataclasses.replace(manifest, claims=tuple(kept))
