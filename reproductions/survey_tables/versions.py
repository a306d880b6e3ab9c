"""Versions of survey tables: never changed; an old one is restored as a new one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from accounts.models import User, Visitor
from accounts.roles import NotPossible
from papers.models import Paper
from reproductions.comparing.points import numbers_with_points
from reproductions.models import SurveyTable, SurveyTableVersion
from reproductions.survey_tables.answer import answer
from reproductions.survey_tables.definition import BadDefinition, Definition, read_definition
from reproductions.survey_tables.shapes import Answer


def newest(table: SurveyTable) -> SurveyTableVersion:
    """The version that its page shows."""
    version = table.versions.order_by("-number").first()
    assert version is not None  # a table is made with its first version
    return version


def as_kept(definition: Definition) -> dict[str, Any]:
    """The definition as JSON, without what is as usual."""
    return definition.model_dump(mode="json", exclude_defaults=True)


def publish(
    table: SurveyTable,
    definition: Definition,
    *,
    by: User | None,
    note: str = "",
    after: int | None = None,
) -> SurveyTableVersion:
    """Make the next version of a table, with the rows of this moment.

    after: the version that was edited; NotPossible if there is a newer one by now.
    """
    with transaction.atomic():
        SurveyTable.objects.select_for_update().get(pk=table.pk)
        last = table.versions.order_by("-number").first()
        number = last.number if last else 0
        if after is not None and after != number:
            raise NotPossible(f"Version {number} was made meanwhile. Look at it, then save again.")
        table.title = definition.title
        table.save(update_fields=["title"])
        return SurveyTableVersion.objects.create(
            table=table,
            number=number + 1,
            definition=as_kept(definition),
            answer=answer(definition).to_json(),
            note=note,
            by=by,
        )


def restore(version: SurveyTableVersion, *, by: User) -> SurveyTableVersion:
    """Undo what came later: what the version asked becomes the newest one."""
    definition = read_definition(version.definition)
    return publish(version.table, definition, by=by, note=f"as in version {version.number}")


def kept_answer(version: SurveyTableVersion, user: Visitor = None) -> Answer:
    """The rows of a version as they were, without papers that `user` may not see now."""
    keys = {row["paper"] for row in version.answer["rows"]}
    visible = Paper.objects.visible_to(user).filter(key__in=keys).values_list("key", flat=True)
    return Answer.from_json(version.answer, set(visible))


def load_tables(folder: Path) -> tuple[list[str], list[str]]:
    """Bring tables to what `folder/*.yaml` say: (lines for people, problems).

    What curators changed on the site stays. A table whose rows changed since its newest version
    gets a new version, so that each version shows what could be seen at its date.
    """
    lines: list[str] = []
    problems: list[str] = []
    made: set[str] = set()
    for position, path in enumerate(sorted(folder.glob("*.yaml"))):
        slug = path.stem.partition("-")[2]
        try:
            definition = read_definition(yaml.safe_load(path.read_text(encoding="utf-8")))
        except (BadDefinition, yaml.YAMLError) as error:
            problems.append(f"{path.name}: {error}")
            continue
        if outcome := _load(slug, definition, position):
            lines.append(f"table {slug}: {outcome}")
            made |= {slug} if outcome in ("new", "changed") else set()
    lines += _renewed(made)
    return lines, problems


def _load(slug: str, definition: Definition, position: int) -> str:
    wanted = as_kept(definition)
    table, new = SurveyTable.objects.get_or_create(
        slug=slug, defaults={"title": definition.title, "position": position}
    )
    if table.from_file == wanted and not new:
        return ""
    edited = not new and newest(table).definition != table.from_file
    table.from_file, table.position = wanted, position
    table.save(update_fields=["from_file", "position"])
    if edited:
        return "kept as edited here"
    publish(table, definition, by=None, note="" if new else "the file changed")
    return "new" if new else "changed"


def _renewed(made: set[str]) -> list[str]:
    """New versions of tables whose rows have changed; those just made have not."""
    lines = []
    numbers = numbers_with_points()
    for table in SurveyTable.objects.exclude(slug__in=made):
        version = newest(table)
        definition = read_definition(version.definition)
        if answer(definition, numbers=numbers).to_json()["rows"] != version.answer["rows"]:
            publish(table, definition, by=None, note="the rows changed")
            lines.append(f"table {table.slug}: its rows changed")
    return lines
