"""Names of methods that stand in titles: "Faster MSDNets by …" names MSDNet."""

from __future__ import annotations

import re
from collections.abc import Sequence

from papers.models import MethodPaper, Paper, PaperName
from papers.names import name_key, singular_key

LONGEST_NAME = 5  # words
MOST = 6
_WORDS = re.compile(r"[\w/+*.\-]+", re.UNICODE)
_TELLING = re.compile(r"[A-Z].*[A-Z0-9]|[a-z][A-Z]|\d")


def names_in(titles: Sequence[str]) -> list[list[dict[str, str]]]:
    """For each title the names that it uses: name, key of the paper, slug of the method or "".

    A name of one word counts only as it is written here ("ACT" is not "act"); of overlapping names
    the longest counts. Three queries for all titles.
    """
    runs = [_runs(title) for title in titles]
    keys = {name_key(run) for own in runs for run in own}
    singular = {singular_key(run) for own in runs for run in own}
    rows = PaperName.objects.filter(paper__in=Paper.objects.visible_to(None))
    rows = rows.filter(key__in=keys) | rows.filter(singular__in=singular)
    by_key: dict[str, list[PaperName]] = {}
    for row in rows.select_related("paper").order_by("position", "paper__year", "pk"):
        for key in {row.key, row.singular}:
            by_key.setdefault(key, []).append(row)
    papers = {row.paper_id for own in by_key.values() for row in own}
    introduced = MethodPaper.objects.filter(
        paper__in=papers, role=MethodPaper.Role.INTRODUCES
    ).select_related("method")
    methods = {row.paper_id: row.method.slug for row in introduced.order_by("-pk")}
    return [_of_title(own, by_key, methods) for own in runs]


def _runs(title: str) -> list[str]:
    """Runs of words that may be a name, the longest first."""
    words = [word.strip(".-/") for word in _WORDS.findall(title)]
    return [
        " ".join(words[start : start + length])
        for length in range(LONGEST_NAME, 0, -1)
        for start in range(len(words) - length + 1)
    ]


def _of_title(
    runs: Sequence[str], by_key: dict[str, list[PaperName]], methods: dict[int, str]
) -> list[dict[str, str]]:
    used: set[str] = set()
    named: dict[str, dict[str, str]] = {}
    for run in runs:
        rows = by_key.get(name_key(run)) or by_key.get(singular_key(run)) or []
        row = next((row for row in rows if _is_meant(row.name, run)), None)
        if row is None or any(run in longer for longer in used):
            continue
        used.add(run)
        entry = {"name": row.name, "key": row.paper.key, "method": methods.get(row.paper_id, "")}
        named.setdefault(row.name, entry)
    return list(named.values())[:MOST]


def _is_meant(name: str, run: str) -> bool:
    """Whether words of a title mean a name, and are not words of the language."""
    if " " in run:
        return True
    return bool(_TELLING.search(run)) and run.rstrip("s").startswith(name[:-1])
