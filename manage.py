#!/usr/bin/env python
"""Command line of the site. Starts or joins the embedded PostgreSQL when no DATABASE_URL is set."""

import os
import sys

# Commands that never talk to the database.
WITHOUT_DATABASE = {"help", "version", "--help", "-h", "--version", "collectstatic", "extract"}


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kb.settings")
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    only_files = command == "load_field" and "--check" in sys.argv
    if (
        not only_files
        and command not in WITHOUT_DATABASE | {"up"}
        and not os.environ.get("DATABASE_URL")
    ):
        from kb.site.local import LocalProblem
        from kb.site.postgres import embedded_database

        try:
            os.environ["DATABASE_URL"] = embedded_database().url
        except LocalProblem as problem:
            sys.exit(f"manage.py: {problem}")
    from django.core.management import execute_from_command_line
    from django.db import ProgrammingError

    from kb.site.database_away import is_unprepared

    try:
        execute_from_command_line(sys.argv)
    except ProgrammingError as error:
        if not is_unprepared(error):
            raise
        sys.exit(
            "manage.py: The tables of this data folder are not there, or older than this program."
            " Run `manage.py prepare` first; `manage.py up` does so by itself."
        )


if __name__ == "__main__":
    main()
