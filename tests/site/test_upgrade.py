"""Data folders of earlier versions: the last version's is brought up to date, older ones are refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from papers.models import listing_triggers
from papers.models.change_triggers import create_sql, touch_sql
from tests.environment import ROOT, SLOT

# The commit of the tag v0.2.0: a clone often comes without tags, but seldom without history.
VERSION_0_2_0 = "77e6e6201704f7a184863621272e3be47222eb56"
OURS = ("accounts", "taxonomy", "papers", "reproductions", "community")
# Runs with the code of the tag: its models, its makers of rows, its triggers. What is migrated and
# what is filled or looked at afterwards is one process: each takes seconds to begin.
MIGRATE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
"""
FILL = """
from tests import make
from accounts.models import User
from papers.models import Document, Paper, Upload
topic = make.topic("Early exiting")
paper = make.paper("A Paper of the Past", key="past2018", authors=("Gao Huang",), topics=[topic])
Paper.objects.filter(pk=paper.pk).update(title="A Paper of the Past, Renamed")
ada = User.objects.create_user("ada", password="kept through the years")
file = Document.objects.create(
    sha256="0" * 64, size_bytes=1, name="a.pdf", licence="CC-BY-4.0", state="done", paper=paper
)
Upload.objects.create(document=file, by=ada, via="page", name="a.pdf")
"""
# Runs with today's code.
LOOK = """
import json
from accounts.models import User
from papers.models import Paper, PaperChange, WaitingWork
paper = Paper.objects.get(key="past2018")
print("SEEN" + json.dumps({
    "title": paper.title,
    "authors": [row.printed_name for row in paper.authorships.all()],
    "topics": [topic.name for topic in paper.topics.all()],
    "password": User.objects.get(username="ada").check_password("kept through the years"),
    "changes": PaperChange.objects.filter(paper_id=paper.pk).exists(),
    "state": paper.state,
    "handed out": paper.documents.get().may_be_handed_out,
    "trusted": paper.documents.get().uploads.get().is_trusted,
    "waiting": WaitingWork.objects.count(),
}))
"""


def last_version() -> str:
    """The newest tagged version in this checkout's history; "" where git or the history is missing."""
    tags = git("tag", "--list", "v*", "--sort=-version:refname", "--merged", "HEAD").split()
    if tags:
        return tags[0]
    return VERSION_0_2_0 if git("cat-file", "-t", VERSION_0_2_0).strip() == "commit" else ""


def git(*arguments: str) -> str:
    """What git prints; "" where it fails."""
    answer = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True)
    return answer.stdout if answer.returncode == 0 else ""


def tree_of(version: str, folder: Path) -> Path:
    """The files of a version, laid out in a folder."""
    packed = subprocess.run(["git", "archive", version], cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


@pytest.fixture
def empty_database(django_db_blocker):
    """The address of a database without any table, and its name."""
    name = f"test_slot{SLOT}_upgrade"
    with django_db_blocker.unblock():
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}"')
        yield name
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def manage(tree: Path, database: str, data: Path, *arguments: str) -> str:
    """What a command of that tree's site prints, asked of that database."""
    server = connection.settings_dict
    address = f"host={server['HOST']} dbname={database} user={server['USER']}"
    address += f" port={server['PORT']}" if server["PORT"] else ""
    address += f" password={server['PASSWORD']}" if server["PASSWORD"] else ""
    environment = {**os.environ, "DATABASE_URL": address, "KB_DATA_DIR": str(data)}
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_data_folder_of_the_last_version_is_brought_up_to_date(
    empty_database: str, tmp_path: Path
) -> None:
    """Without the history of this checkout, the one to upgrade from is this very tree.

    Files sent before licences were confirmed stay handed out; one sent today waits for a curator.
    """
    version = last_version()
    before = tree_of(version, tmp_path / "before") if version else ROOT
    print(f"upgrading from {version or 'this tree: its history is not here'}")
    data = tmp_path / "data"
    data.mkdir()

    manage(before, empty_database, data, "shell", "--no-imports", "-c", MIGRATE + FILL)
    printed = manage(ROOT, empty_database, data, "shell", "--no-imports", "-c", MIGRATE + LOOK)

    assert json.loads(printed.partition("SEEN")[2]) == {
        "title": "A Paper of the Past, Renamed",
        "authors": ["Gao Huang"],
        "topics": ["Early exiting"],
        "password": True,
        "changes": True,
        "state": "public",
        "handed out": bool(version),
        "trusted": bool(version),
        "waiting": 0,
    }


@pytest.mark.django_db
def test_migrations_build_the_tables_that_the_models_describe() -> None:
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.app_label in OURS and model._meta.managed and not model._meta.proxy:
                table = connection.introspection.get_table_description(cursor, model._meta.db_table)
                described = {column.column for column in model._meta.local_concrete_fields}
                assert {row.name for row in table} == described, model
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.django_db
def test_migrations_build_the_triggers_that_the_change_sequence_describes() -> None:
    migrated = triggers()

    with connection.cursor() as cursor:
        cursor.execute(create_sql())
        cursor.execute(touch_sql())
        cursor.execute(listing_triggers.create_sql())

    assert len(migrated) > 40
    assert triggers() == migrated


def triggers() -> set[str]:
    """What each trigger does, however its text is broken into lines."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal")
        return {" ".join(definition.split()) for (definition,) in cursor.fetchall()}


@pytest.mark.parametrize(
    ("app", "name", "sentence"),
    [
        ("papers", "0002_follow_changes", "was made before version 0.2"),
        ("papers", "9999_of_a_later_version", "newer version of the site (papers.9999"),
    ],
)
@pytest.mark.django_db
def test_a_database_of_another_version_is_refused_in_a_sentence(
    app: str, name: str, sentence: str
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES (%s, %s, now())", [app, name]
        )

    with pytest.raises(CommandError) as refusal:
        call_command("migrate", stdout=StringIO())

    assert sentence in str(refusal.value)
    assert "KB_DATA_DIR" in str(refusal.value)
