"""What a run means: its measurements against the claims, and the ledger's states after it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from reproductions import registry
from reproductions.judging.judge import RULES_VERSION, judge_run, worded
from reproductions.judging.manifest import Manifest
from reproductions.judging.pooling import Made, Maker, digests_of, pooled, processors_of
from reproductions.judging.rules import Verdict
from reproductions.ledger.load import row_of, sync_claims
from reproductions.ledger.states import refresh_states
from reproductions.models import Attestation, Claim, Judgement, Measurement, PublishedNumber, Run
from reproductions.models.run import RunQuerySet
from reproductions.protocol import Measure
from reproductions.published import Key, Row
from reproductions.registry import Program


def judged_together(
    run: Run, promised: Collection[int], among: RunQuerySet | None = None
) -> list[Run]:
    """The finished runs whose seeds are judged with this one's; see `pooling.pooled`.

    Only runs of this site, or of one runner of one member: a borrowed accelerator, another machine
    or an older program is never averaged in.
    among: the runs that may be taken; without it all that are stored.
    """
    alike = (
        _of_the_same_hands(run, among if among is not None else Run.objects.all())
        .finished()
        .filter(program=run.program, scale=run.scale, device=run.device, seed__in=promised)
        .order_by("finished_at", "pk")
    )
    return pooled(run, alike, promised, made)


def made(run: Run) -> Made:
    """How a finished run came about, for the rule of pooling.

    The hands of attested runs are told apart by the query that finds them.
    """
    by = Maker(
        run.program, run.scale, run.device, digests_of(run.code), processors_of(run.environment)
    )
    return Made(by, run.seed, run.finished_at or timezone.now())


def _of_the_same_hands(run: Run, among: RunQuerySet) -> RunQuerySet:
    if not run.is_attested:
        return among.here()
    member = Attestation.objects.filter(run=run).values("member")
    return among.attested().filter(runner=run.runner_id, attestation__member__in=member)


def concluded(run: Run, program: Program, together: list[Run]) -> list[Judgement]:
    """The verdicts on the claims of a run's program, not stored.

    together: the runs that are judged with it, itself among them. The claims are those stored.
    """
    stands_alone = run.scale in program.manifest.scales and run.seed not in _promised(run, program)
    rows = printed_rows(program.manifest)
    claims = {
        claim.identifier: claim
        for claim in Claim.objects.filter(program=run.program, withdrawn_at=None)
    }
    return [
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
            _testable(program.manifest, rows),
            rows,
            measures_of(together),
            scale=run.scale,
            further_seed=run.seed if stands_alone else None,
        )
        if judgement.verdict is not Verdict.NOT_RUN
    ]


def judge(run: Run) -> list[Judgement]:
    """Judge every claim of the run's program, with the other seeds; replaces earlier judgements.

    Raises UnknownProgram and ManifestError when the program is no longer listed.
    """
    program = registry.program(run.program)
    with transaction.atomic():
        sync_claims([program])
        together = judged_together(run, _promised(run, program))
        judgements = concluded(run, program, together)
        run.judgements.all().delete()
        Judgement.objects.bulk_create(judgements)
        run.judged_with.set(together)
        tested = Claim.objects.filter(program=run.program, withdrawn_at=None, number__isnull=False)
        refresh_states(set(tested.values_list("number", flat=True)))
    return judgements


def judgements_among(run: Run, among: RunQuerySet) -> list[Judgement]:
    """The verdicts on a run as these runs give them, not stored: what a record of it states."""
    program = registry.program(run.program)
    return concluded(run, program, judged_together(run, _promised(run, program), among))


def _promised(run: Run, program: Program) -> tuple[int, ...]:
    scale = program.manifest.scales.get(run.scale)
    return scale.seeds if scale else ()


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


def printed_rows(manifest: Manifest) -> dict[Key, Row]:
    """The published numbers of the manifest's papers, as the ledger has them now."""
    papers = {claim.reported.paper for claim in manifest.claims if claim.reported}
    numbers = PublishedNumber.objects.filter(paper__key__in=papers, withdrawn_at=None)
    rows = [row_of(number) for number in numbers.select_related("paper")]
    return {row.key: row for row in rows}


def _testable(manifest: Manifest, rows: dict[Key, Row]) -> Manifest:
    """The manifest without claims on numbers that are not in the ledger."""
    kept = [claim for claim in manifest.claims if not claim.reported or claim.reported in rows]
    return dataclasses.replace(manifest, claims=tuple(kept))
