"""Lists of the data files: fixtures/lists/<address>.md, in the format that lists go out in."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext_noop

from community.list_files.markdown import read_markdown
from community.list_files.own_format import is_own, write_own
from community.list_files.shapes import ListFile
from community.models import PublicList, State
from community.models.public_list import LICENCES
from community.public_lists import taking_in
from community.public_lists.editing import RESERVED
from community.public_lists.history import recorded
from community.public_lists.reading import parted
from papers.data_files import Report
from papers.data_files.others import OtherFiles, register
from papers.models import FixtureRecord

FOLDER, KIND = "lists", "list"
_COUNTED = ("contents", "a count")
_SLUG = re.compile(r"^- slug: *([\w-]+)", re.MULTILINE)


def join_load_field() -> None:
    """Let `manage.py load_field` check and load the lists."""
    register(KIND, OtherFiles(check_lists, load_lists))


def check_lists(folder: Path, report: Report) -> None:
    """Every file is read back exactly, has no line that says nothing, and names known topics."""
    topics = {
        slug
        for path in (folder / "taxonomy").glob("*.yaml")
        for slug in _SLUG.findall(path.read_text("utf-8"))
    }
    for path in sorted((folder / FOLDER).glob("*.md")):
        text = path.read_text("utf-8")
        problems = _problems(path.stem, text, read_markdown(text), topics)
        report.problems += [f"{FOLDER}/{path.name}: {problem}" for problem in problems]
        report.count(KIND, "read")


def _problems(slug: str, text: str, read: ListFile, topics: set[str]) -> list[str]:
    problems = []
    if not is_own(text) or not read.papers:
        return ["no list in our own format"]
    if slug in RESERVED or not re.fullmatch(r"[a-z][a-z0-9-]*", slug):
        problems.append("its name cannot be an address")
    if read.licence not in dict(LICENCES):
        problems.append(f"an unknown licence “{read.licence}”")
    site = re.search(r"\]\]\((https?://[^/]+|)/topics/", text)
    if write_own(read, site=site[1] if site else "") != text:
        problems.append("it is not written as it would be written again")
    problems += [f"line {left.line}: {left.why}" for left in read.left if not _is_made(left.why)]
    problems += [f"line {e.line}: {warning}" for e in read.papers for warning in e.warnings]
    if topics:
        unknown = set(read.topics.values()) - topics
        problems += [f"there is no topic “{slug}”" for slug in sorted(unknown)]
    return problems


def _is_made(why: str) -> bool:
    return why.startswith(_COUNTED)


def load_lists(folder: Path, report: Report, overwrite: bool) -> None:
    """Make or bring up to date the lists of the files; lists that people edited here stay theirs.

    A file that did not change is not looked at.
    """
    for key, what in list(report.counts):
        if key == KIND:
            del report.counts[key, what]
    for path in sorted((folder / FOLDER).glob("*.md")):
        text = path.read_text("utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        known = FixtureRecord.objects.filter(kind=KIND, key=path.stem)
        if known.filter(sha256=digest).exists():
            report.count(KIND, "same")
            continue
        chosen = PublicList.objects.filter(slug=path.stem).first()
        if chosen and not overwrite and chosen.changes.exclude(by=None).exists():
            report.kept.append(f"{KIND} {path.stem}")
            continue
        report.count(KIND, "changed" if chosen else "new")
        with transaction.atomic():
            _write(path.stem, read_markdown(text), chosen)
            FixtureRecord.objects.update_or_create(
                kind=KIND, key=path.stem, defaults={"sha256": digest}
            )


def _write(slug: str, read: ListFile, chosen: PublicList | None) -> None:
    """Bring the list to what the file says; rows that the file does not have are taken out."""
    title, title_zh = parted(read.title)
    values = taking_in.list_values(read, title_zh=title_zh) | {"title": title}
    if chosen is None:
        chosen = PublicList.objects.create(slug=slug, state=State.PUBLISHED, **values)
    plan = taking_in.plan(read, viewer=None, into=chosen)
    kept = {planned.row.pk for planned in plan.entries if planned.row}
    with recorded(chosen, None, gettext_noop("Loaded from the data files.")):
        PublicList.objects.filter(pk=chosen.pk).update(**values)
        chosen.placements.exclude(pk__in=kept).delete()
        taking_in.write_rows(chosen, plan)
        used = {section.path for section in plan.sections}
        paths = taking_in.paths_of(chosen)
        gone = [pk for pk, path in paths.items() if pk and path not in used]
        chosen.sections.filter(pk__in=gone).delete()
