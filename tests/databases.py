"""Databases of the tests: copies of templates that are made once and kept between runs.

    template_tables_<digest>    every table, empty but for what migrations put there
    template_field_<digest>     the whole field of `fixtures/`, embedded; its index lies beside
                                the server, in data/test/field-<digest>
    test_slot<N>                one running process's own copy of the tables
    test_slot<N>_field          its own copy of the field, while a test wants it

A digest is that of the files that decide what stands in a template, so a changed migration or data
file makes a new one. Copies are made anew at every start: what a killed run left is never seen.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import ProgrammingError, connection, transaction
from django.db.backends.utils import CursorWrapper
from django.test.utils import override_settings

from papers.search.words import changes, reader
from papers.search.words.index import current_folder, write_follow
from tests.environment import HOME, ROOT, SLOT

OWN = f"test_slot{SLOT}"
OWN_FIELD = f"{OWN}_field"
FLOORS = (
    "work", "confinement", "accounts", "taxonomy", "papers", "reproductions", "community", "kb",
)  # fmt: skip
TABLES = (
    "**/migrations/*.py",
    "**/models/*.py",
    "**/models.py",
    "**/permissions.py",
    "**/*triggers*.py",
    "**/public_changes.py",
)
"""Files that decide what a migrated, empty database is like, below each floor."""


def begin() -> None:
    """Give this process its own copy of the tables, as Django's default database."""
    _copy(_tables(), OWN)
    _use(OWN)
    _kept()


def end() -> None:
    """Remove what `begin` made."""
    connection.close()
    _drop(OWN)


def empty() -> None:
    """Bring the tables back to what the template says, after a test that has committed.

    Only tables with rows are touched: truncating all of them takes most of a second. Triggers
    sleep meanwhile, those that make history append-only too. Where a test changed what migrations
    put there, or the server lets us put no trigger to sleep, the copy is made anew.
    """
    with connection.cursor() as cursor:
        filled = set(_filled_tables(cursor)) - _kept().keys()
        try:
            with transaction.atomic():
                cursor.execute("SET LOCAL session_replication_role = replica")
                for table in filled:
                    cursor.execute(f'DELETE FROM "{table}"')
        except ProgrammingError:  # not a superuser
            sound = False
        else:
            sound = _contents(cursor, _kept()) == _kept()
    if not sound:
        begin()


@contextmanager
def whole_field() -> Iterator[None]:
    """Answer from a copy of the whole field with its index, then from the empty tables again."""
    template, index = _field()
    _copy(template, OWN_FIELD)
    own_index = Path(settings.KB_DATA_DIR) / "field-index"
    shutil.rmtree(own_index, ignore_errors=True)
    shutil.copytree(index, own_index)
    _use(OWN_FIELD)
    try:
        with override_settings(KB_INDEX_DIR=own_index):
            write_follow(current_folder(), changes.now().to_json())
            reader.forget()
            yield
    finally:
        reader.forget()
        _use(OWN)
        _drop(OWN_FIELD)


def beside(name: str, *, with_tables: bool = False) -> str:
    """Make another database of this process's own, empty or with the tables; returns its name."""
    database = f"{OWN}_{name}"
    _copy(_tables() if with_tables else "template1", database)
    return database


def remove(database: str) -> None:
    """Remove what `beside` made."""
    _drop(database)


# --- what stands in a table ---


@cache
def _kept() -> dict[str, str]:
    """Tables that are not empty in the template, with a digest of what stands in each.

    Read in the first copy: a template that somebody looks into cannot be copied by others.
    """
    with connection.cursor() as cursor:
        return _contents(cursor, _filled_tables(cursor))


def _filled_tables(cursor: CursorWrapper) -> list[str]:
    tables = connection.introspection.table_names(cursor)
    looks = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables)
    cursor.execute(" UNION ALL ".join(looks))
    return [table for (table,) in cursor.fetchall()]


def _contents(cursor: CursorWrapper, tables: Iterable[str]) -> dict[str, str]:
    """A digest of the rows of each table."""
    contents = {}
    for table in tables:
        rows = f'SELECT md5(string_agg(r::text, chr(10) ORDER BY r::text)) FROM "{table}" AS r'
        cursor.execute(rows)
        contents[table] = cursor.fetchone()[0]
    return contents


# --- templates ---


def _tables() -> str:
    """The name of the template with the tables, made first where there is none."""

    def migrate() -> None:
        call_command("migrate", verbosity=0, interactive=False)

    with _lock():
        return _template("tables", _tables_digest(), migrate)


def _field() -> tuple[str, Path]:
    """The template with the whole field, and its index; made first where there is none."""
    index = HOME / f"field-{_field_digest()}"
    tables = _tables()

    def load() -> None:
        unfinished = HOME / "field-unfinished"
        for old in (unfinished, *HOME.glob("field-*")):
            shutil.rmtree(old, ignore_errors=True)
        with override_settings(KB_INDEX_DIR=unfinished, KB_SEARCH_FOLLOW="off"):
            call_command("load_field", quiet=True, verbosity=0)
            call_command("load_numbers", verbosity=0)
            call_command("embed", verbosity=0)
            call_command("index", verbosity=0)
        unfinished.rename(index)

    with _lock():
        if not index.is_dir():
            _drop(f"template_field_{_field_digest()}")
        return _template("field", _field_digest(), load, like=tables), index


def _template(kind: str, digest: str, fill: Callable[[], None], like: str = "template1") -> str:
    """The template of that kind and digest; those with another digest go. Holds the lock."""
    name, unfinished = f"template_{kind}_{digest}", f"unfinished_{kind}"
    if _exists(name):
        return name
    for old in _names(f"template_{kind}_"):
        _drop(old)
    _copy(like, unfinished)
    before = str(connection.settings_dict["NAME"])
    _use(unfinished)
    fill()
    _use(before)
    _execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


@contextmanager
def _lock() -> Iterator[None]:
    """One process makes templates; the others wait, and find them."""
    with (HOME / "templates.lock").open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@cache
def _tables_digest() -> str:
    paths = [path for name in FLOORS for some in TABLES for path in (ROOT / name).glob(some)]
    apps = hashlib.sha256("\n".join(settings.INSTALLED_APPS).encode()).hexdigest()[:4]
    return _digest([*paths, ROOT / "constraints.txt"]) + apps


@cache
def _field_digest() -> str:
    """Of the files and of all code that reads them; pages, API and feeds put nothing there."""
    floors = [path for name in FLOORS[:-1] for path in (ROOT / name).rglob("*.py")]
    fixtures = [path for path in (ROOT / "fixtures").rglob("*") if path.is_file()]
    fixed = (ROOT / "kb/settings.py", ROOT / "constraints.txt")
    return _digest([*floors, *fixtures, *fixed]) + _tables_digest()[-4:]


def _digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(set(paths)):
        total.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return total.hexdigest()[:12]


# --- PostgreSQL ---


def _use(name: str) -> None:
    """Let every new connection of this process go to that database."""
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name
    ContentType.objects.clear_cache()


def _copy(template: str, name: str) -> None:
    _drop(name)
    _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    _execute(f'ALTER DATABASE "{name}" SET synchronous_commit TO off')  # nothing here must last


def _drop(name: str) -> None:
    _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _exists(name: str) -> bool:
    return name in _names(name)


def _names(start: str) -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [start])
        return [name for (name,) in cursor.fetchall()]


def _execute(sql: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(sql)
