"""Whether what a survey table asks for is here; a slip would leave it empty without a word."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from accounts.models import Visitor
from papers.models import Method, Paper
from reproductions.comparing.points import numbers_with_points
from reproductions.survey_tables.definition import WORDS, BadDefinition, Definition
from reproductions.survey_tables.point_rows import FAMILIES
from reproductions.survey_tables.record_rows import LABELS
from taxonomy.models import Topic


def require_known(definition: Definition, user: Visitor = None) -> None:
    """Raises BadDefinition with everything that is asked for and not here, and what is near it."""
    if lines := list(_unknown(definition, user)):
        raise BadDefinition("; ".join(lines))


def _unknown(definition: Definition, user: Visitor) -> Iterator[str]:
    select = definition.select
    if select.topics:
        yield from _missing("topics", select.topics, Topic.objects.values_list("slug", flat=True))
    asked_papers = [*select.papers, *definition.cells]
    if asked_papers:
        visible = Paper.objects.visible_to(user).values_list("key", flat=True)
        yield from _missing("papers", asked_papers, visible)
    if select.methods:
        known = Method.objects.values_list("slug", flat=True)
        yield from _missing("methods", select.methods, known)
    for name in WORDS:
        yield from _missing(name, getattr(select, name), LABELS[name])
    if definition.rows == "points":
        yield from _unknown_of_points(definition, user)


def _unknown_of_points(definition: Definition, user: Visitor) -> Iterator[str]:
    numbers = numbers_with_points(user)
    for name, attribute in (
        ("tasks", "task"),
        ("data_sets", "data_set"),
        ("backbones", "backbone"),
    ):
        known = {getattr(number, attribute) for number in numbers}
        yield from _missing(name, getattr(definition.select, name), known)
    metrics = {number.metric for number in numbers} | set(FAMILIES)
    named = [column.metric for column in definition.columns if column.metric]
    yield from _missing("metric", named, metrics)
    measures = {number.measure for number in numbers}
    named = [column.measure for column in definition.columns if column.measure]
    yield from _missing("measure", named, measures)


def _missing(name: str, named: Collection[str], known: Collection[str]) -> Iterator[str]:
    if not named:
        return
    here = {value for value in known if value}
    folded = {value.casefold(): value for value in here}
    for value in dict.fromkeys(named):
        if value in here:
            continue
        near = difflib.get_close_matches(value.casefold(), folded, 1, cutoff=0.5)
        hint = f"did you mean {folded[near[0]]}?" if near else "nothing here has a name like it"
        yield f"{name}: {value!r} is not here; {hint}"
