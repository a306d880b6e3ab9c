"""`manage.py prepare`: bring tables, field, ledger, embeddings and index up to date, saying so."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from kb.site.data_dir import BASE_DIR
from papers.search.meaning import embedding, encoder

LEDGER = ("migrate", "load_field", "load_numbers")
"""Commands that the ledger needs; embeddings and index are for search."""

STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Database tables", ("migrate", "--verbosity", "0")),
    ("Papers, people, workshops", ("load_field", "--quiet")),
    ("Accepted papers of workshops", ("load_accepted",)),
    ("Published numbers", ("load_numbers", "--if-changed")),
    ("Embeddings", ("embed",)),
    ("Index", ("index",)),
)


SEARCH = ("embed", "index")


class Command(BaseCommand):
    help = "Bring everything the site needs up to date; quick when nothing changed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--ledger", action="store_true", help="only what programs need to run")
        parser.add_argument(
            "--pages-first",
            action="store_true",
            help="where every paper has its vectors, leave a lost encoder or index to the "
            "processes that serve: they make it anew while pages are answered",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["ledger"]:
            self._convert_meanwhile()
        left_out = _left_out(options["ledger"])
        for title, (name, *arguments) in STEPS:
            if name == SEARCH[0] and options["pages_first"]:
                left_out = () if embedding.is_wanting() else SEARCH
            if name in left_out:
                continue
            self.stdout.write(f"{title} …", ending="\n")
            self.stdout.flush()
            began = time.monotonic()
            call_command(name, *arguments, stdout=self.stdout, stderr=self.stderr)
            if (seconds := time.monotonic() - began) > 2:
                self.stdout.write(f"  {seconds:.1f} s")
        self._hint_about_admin()

    def _convert_meanwhile(self) -> None:
        """Have the encoder converted by a process beside this one, while the tables fill.

        The first time only. The step that embeds waits for it, and says what went wrong.
        """
        if not encoder.is_converted():
            command = [sys.executable, str(BASE_DIR / "manage.py"), "embed", "--convert"]
            subprocess.Popen(command, stderr=subprocess.DEVNULL)

    def _hint_about_admin(self) -> None:
        """How to make the first administrator, as long as there is none."""
        if get_user_model()._default_manager.filter(is_superuser=True, is_active=True).exists():
            return
        command = f"{python_in_words()} manage.py createsuperuser"
        self.stdout.write(f"There is no administrator yet. In a second terminal: {command}")


def _left_out(only_ledger: bool) -> tuple[str, ...]:
    """Names of steps that are not for this site."""
    names = [name for _, (name, *_) in STEPS]
    if only_ledger:
        return tuple(name for name in names if name not in LEDGER)
    # A mirror holds what it mirrors.
    return tuple(name for name in names if settings.KB_MIRROR and name.startswith("load_"))


def python_in_words() -> str:
    """The Python that runs this, as it is typed here: the environment's, not the system's."""
    python = Path(sys.executable)
    here = Path.cwd()
    return str(python.relative_to(here)) if python.is_relative_to(here) else str(python)
