"""`manage.py catalogue`: bring the catalogues level with templates and programs, or check them."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kb.languages.catalogue import bring_level, catalogues, mistakes


class Command(BaseCommand):
    help = (
        "Bring locale/*/LC_MESSAGES/django.po level with the texts of templates and programs. "
        "--check changes nothing and fails where one misses a text or a translation."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail where something is missing")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["check"]:
            lines = [line for path in catalogues() for line in mistakes(path)]
            if lines:
                raise CommandError("\n".join([*lines, f"{len(lines)} texts; see docs/chinese.md"]))
            return
        for path in catalogues():
            came, went = bring_level(path)
            self.stdout.write(f"{path.parent.parent.name}: {came} new, {went} gone")
