"""A backup brought into an empty folder answers as the site that it was made of."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from community.models import State
from community.reviews import threads
from kb.backup import dump, postgres_tools
from kb.backup.public_rows import LEFT_OUT, RULES, public_rows
from kb.site import public_changes
from kb.urls.records import PLURALS
from tests import databases, make
from tests.environment import ROOT

FILL = """
import hashlib
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from tests import make
from community.models import PublicList
from papers.models import Document
topic = make.topic("Early exiting")
paper = make.paper("Skip RNN", key="skip2018", authors=("Gao Huang",), topics=[topic], abstract="We skip.")
make.number(paper)
make.review(paper, signed=True)
make.review(paper)
PublicList.objects.create(author=None, slug="seed", title="Of the data files", state="published")
pdf = b"%PDF-1.4 bytes of a paper"
file = Document.objects.create(
    sha256=hashlib.sha256(pdf).hexdigest(), size_bytes=len(pdf), name="a.pdf", state="done",
    licence="CC-BY-4.0", licence_confirmed_at=timezone.now(), paper=paper
)
default_storage.save(file.stored_as, ContentFile(pdf))
"""
INDEX = """
from django.core.management import call_command
call_command("index", verbosity=0)
"""
Manage = Callable[..., str]


@pytest.fixture
def sites(
    django_db_setup: None, django_db_blocker: Any, tmp_path: Path
) -> Iterator[Callable[..., Manage]]:
    """Sites of their own: a data folder and a database for each name, with tables if wanted."""
    made: list[str] = []

    def site(name: str, *, with_tables: bool = False) -> Manage:
        folder = tmp_path / name
        folder.mkdir()
        with django_db_blocker.unblock():
            database = databases.beside(name, with_tables=with_tables)
        made.append(database)
        server = connection.settings_dict
        address = f"host={server['HOST']} dbname={database} user={server['USER']}"
        address += f" port={server['PORT']}" if server["PORT"] else ""
        address += f" password={server['PASSWORD']}" if server["PASSWORD"] else ""
        environment = {**os.environ, "DATABASE_URL": address, "KB_DATA_DIR": str(folder)}

        def run(*arguments: str, fails: bool = False) -> str:
            command = [sys.executable, "-B", *arguments]
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True
            )
            assert (done.returncode != 0) == fails, done.stdout[-2000:] + done.stderr[-4000:]
            return done.stderr if fails else done.stdout

        return run

    yield site
    with django_db_blocker.unblock():
        for database in made:
            databases.remove(database)


def test_a_backup_in_an_empty_folder_answers_byte_for_byte(
    sites: Callable[..., Manage], tmp_path: Path
) -> None:
    here, there = sites("here", with_tables=True), sites("there")
    archive = tmp_path / "site.tar"
    here("manage.py", "shell", "--no-imports", "-c", FILL + INDEX)
    (tmp_path / "here.json").write_text(here("-m", "benchmarks.answers", "--sample", "2"))

    assert "the database and 1 files" in here("manage.py", "backup", str(archive))
    assert "overwrites nothing" in here("manage.py", "backup", str(archive), fails=True)
    assert "Restored the database and 1 files" in there("manage.py", "restore", str(archive))
    there("manage.py", "index")

    compared = there(
        "-m", "benchmarks.answers", "--sample", "2", "--compare", str(tmp_path / "here.json")
    )
    print(compared)
    assert "; 0 differ, 0 are new" in compared
    assert len(json.loads((tmp_path / "here.json").read_text())) > 150
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600
    with tarfile.open(archive) as members:
        names = members.getnames()
    assert "secret_key" not in names and "manifest.json" in names
    assert "holds tables already" in there("manage.py", "restore", str(archive), fails=True)

    _damage(archive)
    assert "damaged" in sites("third")("manage.py", "restore", str(archive), fails=True)


def _damage(archive: Path) -> None:
    """Turn one byte of the stored PDF."""
    text = bytearray(archive.read_bytes())
    text[text.index(b"bytes of a paper")] ^= 1
    archive.write_bytes(text)


# A mirror knows of no accounts and no files that were sent, its records begin with the dump (so what
# entered in a month is something else there), and of what people said it has the text that stands
# there now, as the first.
NOT_MIRRORED = (
    *("accounts", "account", "admin", "members", "api/v1/members", "dumps", "healthz"),
    *("api/v1/history", f"(?P<plural>{PLURALS})/(?P<key>[-\\w]+)/history", "api/v1/reviews"),
    *("documents", "upload", "api/v1/documents", "this-month", "months", "clock"),
)
WITHOUT_FILES = FILL.partition("pdf = ")[0]


def test_a_mirror_of_a_dump_gives_the_same_public_answers(
    sites: Callable[..., Manage], tmp_path: Path
) -> None:
    here, there = sites("mirrored", with_tables=True), sites("mirror")
    folder, hashes = tmp_path / "dump", tmp_path / "here.json"
    asked = ("-m", "benchmarks.answers", "--sample", "2", "--leave-out", *NOT_MIRRORED)
    here("manage.py", "shell", "--no-imports", "-c", WITHOUT_FILES + INDEX)
    hashes.write_text(here(*asked))

    here("manage.py", "dump", str(folder))
    assert "A mirror of" in there("manage.py", "mirror", str(folder))
    there("manage.py", "index")

    compared = there(*asked, "--compare", str(hashes))
    print(compared)
    assert "; 0 differ, 0 are new" in compared
    assert "site here already" in there("manage.py", "mirror", str(folder), fails=True)
    text = "".join(path.read_text() for path in folder.rglob("*.json*"))
    assert "@example.org" not in text and "argon2" not in text


@pytest.mark.django_db
def test_every_table_is_told_to_be_public_or_not() -> None:
    ours = {
        model._meta.label_lower
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in public_changes.OURS and not hasattr(model, "pgh_tracked_model")
    } - {"accounts.user_groups", "accounts.user_user_permissions"}

    assert ours == set(RULES) | LEFT_OUT
    assert not set(RULES) & LEFT_OUT
    for label in RULES:
        list(public_rows(label)[:1])


@pytest.mark.django_db
def test_of_an_anonymous_review_a_dump_tells_neither_name_nor_hour(tmp_path: Path) -> None:
    mia = make.member("mia-canary")
    signed, secret = make.review(by=mia, signed=True), make.review(by=mia)
    threads.reply(secret, "As its author.", by=mia)
    make.settle(secret.replies.get(), State.PUBLISHED)

    dump.dump(tmp_path / "dump")

    rows = [
        json.loads(line)
        for name in ("review", "reply")
        for line in (tmp_path / f"dump/tables/community.{name}.jsonl").open()
    ]
    accounts = [json.loads(line) for line in (tmp_path / "dump/accounts.jsonl").open()]
    by = {row["id"]: row["author"] for row in rows}
    assert by[secret.pk] == by[secret.replies.get().pk] != by[signed.pk]
    assert "mia-canary" in {row["name"] for row in accounts if row["number"] == by[signed.pk]}
    assert [row["name"] for row in accounts if row["number"] == by[secret.pk]] == [""]
    assert all(row["created_at"].endswith("T00:00:00Z") for row in rows)


def test_where_two_servers_are_named_the_tools_take_the_one_that_takes_writes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(connection.settings_dict, "HOST", "db1,db2")
    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"target_session_attrs": "read-write"})

    told = postgres_tools._address()

    assert (told["PGHOST"], told["PGTARGETSESSIONATTRS"]) == ("db1,db2", "read-write")
