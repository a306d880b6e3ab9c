"""`manage.py freeze`: a workshop as a folder of static pages."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404

from kb.pages.workshops.freezing import CannotFreeze, frozen


class Command(BaseCommand):
    help = "Write a workshop's pages with all their files into a folder that needs no server."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", help="the workshop, as in its address")
        parser.add_argument("folder", type=Path, help="where to; must be empty or not there yet")
        parser.add_argument("--site", default="", help="address of the survey, for links to it")

    def handle(self, *, slug: str, folder: Path, site: str, **options: Any) -> None:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise CommandError(f"{folder} is not empty. Name a folder that is not there yet.")
        try:
            files = frozen(slug, site)
        except Http404 as problem:
            raise CommandError(f"There is no public workshop “{slug}”.") from problem
        except CannotFreeze as problem:
            raise CommandError(str(problem)) from problem
        for name, data in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        pages = sum(name.endswith(".html") for name in files)
        self.stdout.write(f"{pages} pages and {len(files) - pages} files in {folder}")
