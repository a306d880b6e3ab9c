"""What the index keeps of papers so that they can be asked for: keys of each, by field.

Every function takes ids of papers and gives the keys of those that have any; `papers.search.fields`
says which field has which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from papers.models import AcceptedPaper, Authorship, Paper, PaperName, PaperTopic
from papers.search.words.topic_counts import marks

Keys = Mapping[int, Collection[str]]
"""Keys of each paper, by its id."""


def _gathered(pairs: Iterable[tuple[int | None, str | None]]) -> Keys:
    """Keys by paper, each once, in order."""
    keys: dict[int, dict[str, None]] = defaultdict(dict)
    for pk, key in pairs:
        if pk is not None and key:
            keys[pk][key] = None
    return keys


def _placed_paths(ids: Collection[int]) -> dict[int, list[str]]:
    """Paths of the topics at which each of the papers stands."""
    rows = PaperTopic.objects.filter(paper__in=ids).order_by("position", "id")
    paths: dict[int, list[str]] = defaultdict(list)
    for pk, path in rows.values_list("paper", "topic__path"):
        paths[pk].append(path)
    return paths


def topics_of(ids: Collection[int]) -> Keys:
    """Slugs of the topics at which each stands, and of all above."""
    placed = _placed_paths(ids).items()
    return _gathered(
        (pk, slug) for pk, paths in placed for path in paths for slug in path.split("/")
    )


TOPIC_COLUMNS = 5  # marks of nearly every paper: four topics below two roots


def topic_marks_of(ids: Collection[int]) -> Keys:
    """Marks of which topics each has, for counting."""
    placed = _placed_paths(ids).items()
    return {pk: marks(paths) for pk, paths in placed}


def venues_of(ids: Collection[int]) -> Keys:
    """Slugs of the venue and of the series that it is part of."""
    rows = Paper.objects.filter(pk__in=ids).values_list("pk", "venue__slug", "venue__part_of__slug")
    return _gathered((pk, slug) for pk, *slugs in rows for slug in slugs)


def workshops_of(ids: Collection[int]) -> Keys:
    """Slugs of the workshops that accepted each."""
    rows = AcceptedPaper.objects.filter(paper__in=ids).order_by("position")
    return _gathered(rows.values_list("paper", "workshop__slug"))


def people_of(ids: Collection[int]) -> Keys:
    """Slugs of the people who wrote each."""
    rows = Authorship.objects.filter(paper__in=ids).order_by("paper", "position")
    return _gathered(rows.values_list("paper", "person__slug"))


def names_of(ids: Collection[int]) -> Keys:
    """Keys of what each introduces, in the singular too."""
    rows = PaperName.objects.filter(paper__in=ids).values_list("paper", "key", "singular")
    return _gathered((pk, key) for pk, *keys in rows for key in keys)


def kinds_of(ids: Collection[int]) -> Keys:
    """What each is: survey, dataset …, and whether it is a baseline."""
    papers = Paper.objects.filter(pk__in=ids).only("pk", "kind", "role")
    return {p.pk: (p.kind, *(["baseline"] if p.is_baseline else [])) for p in papers}
