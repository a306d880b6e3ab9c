"""Run reference programs: `manage.py reproduce slimmable --scale exact --now`."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from django.core.management.base import CommandError, CommandParser

from reproductions import registry
from reproductions.judging.manifest import ManifestError
from reproductions.judging.shown import with_spread
from reproductions.ledger.summary import programs, whole
from reproductions.ledger.wording import percent
from reproductions.models import Judgement, Run
from reproductions.protocol import DEVICES, SCALES
from reproductions.runs import perform
from reproductions.runs import start as running
from reproductions.runs.reproduce import CHEAP
from work.command import WorkCommand, side_by_side

Plan = list[dict[str, Any]]


class Command(WorkCommand):
    help = "Start reference programs on the queue, or run them at once with --now."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slugs", nargs="*", metavar="program")
        parser.add_argument("--all", action="store_true", help="every listed program")
        parser.add_argument("--scale", action="append", choices=SCALES, default=None)
        parser.add_argument("--seed", action="append", type=int, default=None)
        parser.add_argument("--device", choices=DEVICES, default="cpu")
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        slugs = registry.slugs() if options["all"] else options["slugs"]
        if not slugs:
            raise CommandError(f"Name programs, or --all. There are {', '.join(registry.slugs())}.")
        started = time.perf_counter()
        try:
            plans = [_plan(slug, options) for slug in slugs]
            if not options["now"]:
                self._queue(plans)
                return
            # The programs that took longest go first, so that no job idles at the end.
            plans.sort(key=lambda plan: -_expected(plan))
            done = side_by_side(self._perform_all, plans, jobs=options["jobs"])
            ended = [run for runs in done for run in runs]
        except (registry.UnknownProgram, running.NotOffered, ManifestError) as error:
            raise CommandError(str(error)) from error
        self._summary(ended, time.perf_counter() - started)

    def _queue(self, plans: list[Plan]) -> None:
        for wanted in (wanted for plan in plans for wanted in plan):
            run, new = running.start_run(**wanted)
            self.stdout.write(f"{run}{'' if new else ' (active already)'}")

    def _perform_all(self, plan: Plan) -> list[Run]:
        """One program's runs one after the other, so that the last is judged with all seeds."""
        runs, lines = [], []
        for wanted in plan:
            run, _ = running.start_run(**wanted, send=False)
            lines += self._perform(run)
            runs.append(run)
        self.stdout.write("\n".join([*lines, *self._table(runs)]))
        return runs

    def _perform(self, run: Run) -> list[str]:
        perform.perform(run.pk)
        run.refresh_from_db()
        took = f"{run.wall_seconds:.1f} s" if run.wall_seconds is not None else "elsewhere"
        cause = f": {run.exit_cause}" if run.exit_cause else ""
        return [f"{run}: {run.get_state_display()}{cause}, {took}"]

    def _table(self, runs: list[Run]) -> list[str]:
        """The last judgement on every claim: with several seeds the last run pools them."""
        last = {(run.scale, run.device): run for run in runs if run.state == Run.State.FINISHED}
        return [
            _judged(judgement)
            for run in last.values()
            for judgement in run.judgements.select_related("claim", "claim__number")
        ]

    def _summary(self, runs: list[Run], seconds: float) -> None:
        verdicts = Counter(Judgement.objects.filter(run__in=runs).values_list("verdict", flat=True))
        counted = ", ".join(f"{count} {name}" for name, count in verdicts.most_common())
        self.stdout.write(f"\n{len(runs)} runs in {seconds:.0f} s; judgements: {counted or 'none'}")
        self.stdout.write("\nThe ledger now, published numbers by state:")
        tally = whole()
        for part in tally.parts:
            self.stdout.write(f"  {part['word']:<22} {part['count']:>5}")
        self.stdout.write(f"  {'all':<22} {tally.total:>5}, of them tested {tally.tested}")
        self.stdout.write("\nClaims of the programs by verdict, own ones included:")
        for row in programs():
            parts = ", ".join(f"{part['count']} {part['word']}" for part in row.tally.parts)
            self.stdout.write(f"  {row.slug:<22} {row.claim_count:>5}  {parts}")
        bad = [run for run in runs if run.state not in (Run.State.FINISHED, Run.State.NEEDS_DATA)]
        if bad:
            raise CommandError("; ".join(f"{run} {run.get_state_display()}" for run in bad))


def _plan(slug: str, options: dict[str, Any]) -> Plan:
    """The runs wanted of one program, as arguments of `start_run`.

    With --all a program that lacks a scale is passed over; one that is named says so later.
    """
    scales = registry.program(slug).manifest.scales
    wanted = options["scale"] or CHEAP
    if options["all"] or not options["scale"]:
        wanted = [scale for scale in wanted if scale in scales]
    return [
        {"program": slug, "scale": scale, "seed": seed, "device": options["device"]}
        for scale in wanted
        for seed in options["seed"] or (scales[scale].seeds if scale in scales else (0,))
    ]


def _expected(plan: Plan) -> float:
    """Seconds by earlier runs, recorded ones too; what nobody has run yet is taken as long."""
    names = ("program", "scale", "device")
    known = (running.estimated_seconds(*(wanted[name] for name in names)) for wanted in plan)
    return sum(60.0 if seconds is None else seconds for seconds in known)


def _judged(judgement: Judgement) -> str:
    """One line; what a smaller run measures never stands beside the number of the paper."""
    claim = judgement.claim
    is_smaller = SCALES.index(judgement.run.scale) < SCALES.index(claim.scale)
    number = None if is_smaller else claim.number
    return "  {:<44} {:>12} {:>14} {:<10} {:>9}  {}".format(
        claim.identifier[:44],
        number.printed if number else "",
        ""
        if judgement.measured is None
        else with_spread(judgement.measured, judgement.values, number.decimals if number else None),
        judgement.unit[:10],
        "" if judgement.relative is None or is_smaller else percent(judgement.relative),
        judgement.get_verdict_display(),
    )
