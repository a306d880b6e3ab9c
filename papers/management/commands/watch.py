"""Ask the sources that are watched, here and now."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from papers.models import Source
from papers.watch import asking, listed
from papers.watch.tasks import score_finds
from work import sweep


class Command(BaseCommand):
    help = "Ask sources for new papers: those that are due, or the ones that are named."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--once", action="store_true", help="ask, then end (needed)")
        parser.add_argument(
            "--source", action="append", default=[], help="this one, due or not; repeatable"
        )
        parser.add_argument("--list", action="store_true", help="show the sources, ask nobody")
        parser.add_argument("--json", action="store_true", help="a line of JSON for each source")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            listed.read_lists()
        except listed.BadList as problem:
            raise CommandError(str(problem)) from problem
        if options["list"]:
            for source in Source.objects.all():
                self._show(options["json"], _described(source))
            return
        if not options["once"]:
            raise CommandError(
                "Say --once: without it, `manage.py up` asks by itself (KB_WATCH=1)."
            )
        sweep.free_abandoned(Source.objects.all())
        failed = [
            source for source in self._chosen(options["source"]) if self._ask(source, options)
        ]
        score_finds()
        if failed:
            raise CommandError(f"{len(failed)} gave no answer; what others said is kept.")

    def _chosen(self, slugs: list[str]) -> list[Source]:
        if not slugs:
            return list(Source.objects.due())
        chosen = list(Source.objects.filter(slug__in=slugs))
        if absent := set(slugs) - {source.slug for source in chosen}:
            raise CommandError(f"No source is called {', '.join(sorted(absent))}; see --list.")
        return chosen

    def _ask(self, source: Source, options: dict[str, Any]) -> bool:
        """Whether it failed. Goes on until its list was read whole."""
        while True:
            outcome = asking.ask(source.pk, at_once=True)
            if outcome is None:
                self._show(options["json"], {"source": source.slug, "problem": "is being asked."})
                return False
            self._show(options["json"], asdict(outcome))
            if outcome.is_whole or outcome.problem:
                return bool(outcome.problem)

    def _show(self, as_json: bool, row: dict[str, Any]) -> None:
        if as_json:
            self.stdout.write(json.dumps(row, ensure_ascii=False))
            return
        name = row.pop("source")
        words = [f"{value} {label}" for label, value in row.items() if isinstance(value, int)]
        summary = row.get("problem") or ", ".join(words)
        self.stdout.write(f"{name}: {summary}")


def _described(source: Source) -> dict[str, Any]:
    moment = source.succeeded_at
    return {
        "source": source.slug,
        "kind": source.kind,
        "is_on": source.is_on,
        "last_success": moment.isoformat() if moment else None,
        "problem": source.problem or ("" if moment else "was never asked"),
    }
