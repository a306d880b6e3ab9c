"""A read-only site from a dump: its rows, under the same numbers, in an empty data folder."""

from __future__ import annotations

import hashlib
import json
import shutil
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model

from accounts.models import User
from community.models import Profile
from kb.backup.dump import ACCOUNTS, FORMAT, MANIFEST
from kb.backup.public_rows import RULES, model_of
from papers import people_index
from papers.models import Paper

MARK = "mirror.json"
A_PART = 500
PATIENCE_SECONDS = 60


class Unfit(Exception):
    """The dump or the place to load it into will not do; the text says why."""


def load(source: str, folder: Path) -> dict[str, Any]:
    """Load a dump from a folder, or from an address through `folder`; returns its manifest.

    All hashes are compared before anything is loaded; it is loaded whole or not at all. Tables must
    be there and empty. Raises Unfit.
    """
    if Paper.objects.exists() or User.objects.exists():
        raise Unfit("There is a site here already. Load a mirror into an empty data folder.")
    at = _fetched(source, folder) if urlsplit(source).scheme in ("http", "https") else Path(source)
    manifest = _manifest(at)
    for name, expected in manifest["files"].items():
        path = at / name
        if not path.is_file() or _hash(path) != expected["sha256"]:
            raise Unfit(f"{name} is not what the manifest says.")
    with transaction.atomic(), connection.cursor() as cursor:
        # Rows come as they were: no trigger dates them anew, none writes a history of its own.
        cursor.execute("SET LOCAL session_replication_role = replica")
        accounts = _accounts(at / ACCOUNTS)
        for label, rule in RULES.items():
            _fill(label, at / f"tables/{label}.jsonl", rule.account, accounts)
        cursor.execute("INSERT INTO public_change DEFAULT VALUES ON CONFLICT DO NOTHING")
        people_index.count_everybody_anew()
        models = [model_of(label) for label in RULES]
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)
    mark = {"source": manifest["site"], "made_at": manifest["made_at"]}
    (Path(settings.KB_DATA_DIR) / MARK).write_text(json.dumps(mark))
    return manifest


def _manifest(at: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((at / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise Unfit(f"There is no dump at {at} ({error}).") from error
    if manifest.get("format") != FORMAT:
        raise Unfit(f"A dump of another kind: {manifest.get('format')}.")
    unsafe = [name for name in manifest["files"] if ".." in name or name.startswith("/")]
    if unsafe:
        raise Unfit(f"The manifest names a place outside the dump: {unsafe[0]}.")
    return manifest


def _fetched(source: str, folder: Path) -> Path:
    """The files of a dump at an address, brought into `folder`."""
    base = source.rstrip("/") + "/"
    _fetch(base + MANIFEST, folder / MANIFEST)
    for name in _manifest(folder)["files"]:
        _fetch(base + quote(name), folder / name)
    return folder


def _fetch(address: str, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        answer = urllib.request.urlopen(address, timeout=PATIENCE_SECONDS)  # noqa: S310
        with answer, path.open("wb") as file:
            shutil.copyfileobj(answer, file, 1 << 20)
    except OSError as error:
        raise Unfit(f"{address} could not be fetched: {error}") from error


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _accounts(path: Path) -> dict[int, int]:
    """Make the stand-ins of the dump, who cannot sign in; returns their keys by number."""
    keys = {}
    for row in _rows(path):
        user = User(username=row["username"])
        user.set_unusable_password()
        user.save()
        keys[row["number"]] = user.pk
        if row["name"]:
            Profile.objects.create(user=user, name=row["name"])
    return keys


def _fill(label: str, path: Path, account: str, accounts: dict[int, int]) -> None:
    """Insert the rows of one table, part by part."""
    model, part = model_of(label), list[dict[str, Any]]()
    for row in _rows(path):
        if account and row[account] is not None:  # lists of data files are nobody's
            row[account] = accounts[row[account]]
        part.append(row)
        if len(part) == A_PART:
            _insert(model, part)
            part = []
    if part:
        _insert(model, part)


def _insert(model: type[Model], rows: list[dict[str, Any]]) -> None:
    columns = [model._meta.get_field(name) for name in rows[0]]
    names = ", ".join(f'"{column.column}"' for column in columns)  # type: ignore[union-attr]
    places = ", ".join(["%s"] * len(columns))
    sql = f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({places})'  # noqa: S608
    values = [
        [
            column.get_db_prep_save(column.to_python(row[column.name]), connection)  # type: ignore[union-attr]
            for column in columns
        ]
        for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, values)
