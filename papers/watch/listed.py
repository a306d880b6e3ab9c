"""Sources that a file names: the site's own list, and the operator's (`KB_WATCH_SOURCES`)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.utils.text import slugify

from papers.models import Source
from papers.watch.protocols import PROTOCOLS
from taxonomy.models import Topic

OWN = Path(__file__).with_name("sources.yaml")
_FIELDS = {"slug", "name", "kind", "query", "address", "topic", "every_minutes", "is_on"}


class BadList(Exception):
    """The file cannot be used; the text says where and why."""


def read_lists() -> int:
    """Make the sources that are not here yet; what stands here, pages have the say over.

    Returns how many were made. Raises BadList.
    """
    paths = [OWN, *([Path(settings.KB_WATCH_SOURCES)] if settings.KB_WATCH_SOURCES else [])]
    return sum(_read(path) for path in paths)


def _read(path: Path) -> int:
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    except (OSError, yaml.YAMLError) as problem:
        raise BadList(f"{path}: {problem}") from problem
    if not isinstance(rows, list):
        raise BadList(f"{path}: a list of sources is expected.")
    made = 0
    for number, row in enumerate(rows, 1):
        values = _checked(row, f"{path}, entry {number}")
        _, is_new = Source.objects.get_or_create(slug=values.pop("slug"), defaults=values)
        made += is_new
    return made


def _checked(row: object, place: str) -> dict[str, Any]:
    """The columns of a source. Raises BadList."""
    if not isinstance(row, dict) or not row.get("name"):
        raise BadList(f"{place}: every source has a name.")
    if unknown := set(row) - _FIELDS:
        raise BadList(f"{place}: no field is called {', '.join(sorted(unknown))}.")
    if row.get("kind") not in PROTOCOLS:
        raise BadList(f"{place}: kind is one of {', '.join(PROTOCOLS)}.")
    protocol = PROTOCOLS[row["kind"]]
    if protocol.needs_query and not row.get("query"):
        raise BadList(f"{place}: it needs a query ({protocol.query_label}).")
    if not (row.get("address") or protocol.address):
        raise BadList(f"{place}: it needs an address.")
    topic = row.get("topic")
    place_of = Topic.objects.filter(slug=topic).first() if topic else None
    return {
        "slug": row.get("slug") or slugify(row["name"])[:60],
        "name": str(row["name"])[:120],
        "kind": row["kind"],
        "query": str(row.get("query") or "")[:1000],
        "address": row.get("address") or "",
        "topic": place_of,
        "every_minutes": int(row.get("every_minutes") or protocol.every_minutes),
        "is_on": bool(row.get("is_on", True)),
    }
