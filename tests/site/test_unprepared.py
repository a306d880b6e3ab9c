"""A command in a data folder without tables says what to do, without a traceback."""

from __future__ import annotations

import sys

import psycopg
import pytest
from django.core import management
from django.db import ProgrammingError

import manage


def fails(monkeypatch: pytest.MonkeyPatch, cause: Exception) -> None:
    def execute(arguments: list[str]) -> None:
        error = ProgrammingError(str(cause))
        error.__cause__ = cause
        raise error

    monkeypatch.setattr(management, "execute_from_command_line", execute)
    monkeypatch.setattr(sys, "argv", ["manage.py", "import_papers", "1703.09844"])
    monkeypatch.setenv("DATABASE_URL", "postgresql://nowhere/none")


@pytest.mark.parametrize("kind", [psycopg.errors.UndefinedTable, psycopg.errors.UndefinedColumn])
def test_missing_tables_lead_to_prepare(
    monkeypatch: pytest.MonkeyPatch, kind: type[psycopg.Error]
) -> None:
    fails(monkeypatch, kind("no such thing"))

    with pytest.raises(SystemExit, match=r"manage\.py prepare"):
        manage.main()


def test_a_fault_of_our_own_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    fails(monkeypatch, psycopg.errors.SyntaxError("near FROM"))

    with pytest.raises(ProgrammingError):
        manage.main()
