"""Making and changing sources: what is wrong with one, and what a change means for its reading."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.conf import settings
from django.utils.text import slugify
from django.utils.translation import gettext

from papers.models import Source
from papers.watch import asking
from papers.watch.protocols import PROTOCOLS
from work.tell import tell

SHORTEST_RHYTHM, LONGEST_RHYTHM = 15, 60 * 24 * 90
"""Minutes between two askings."""
_READ_ANEW = frozenset({"query", "address", "kind"})


def faults(kind: str, query: str, address: str) -> dict[str, str]:
    """What is wrong, by field; empty for a source that can be asked."""
    protocol = PROTOCOLS.get(kind)
    if protocol is None:
        return {}
    found = {}
    if protocol.needs_query and not query.strip():
        found["query"] = gettext("{label}, as {example}").format(
            label=protocol.query_label, example=protocol.query_example
        )
    inside = any(address.startswith(f"http://{place}/") for place in settings.KB_WATCH_INSIDE)
    if not (address or protocol.address):
        found["address"] = gettext("This kind has no usual address: say where it is asked.")
    elif address and not address.startswith("https://") and not inside:
        found["address"] = gettext("Sources are asked by https.")
    return found


def free_slug(name: str) -> str:
    """A slug for a new source, with a number where another bears it."""
    stem = slugify(name)[:50] or "source"
    taken = set(Source.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in numbered if slug not in taken)


def change(source: Source, values: Mapping[str, object], changed: Collection[str]) -> None:
    """Write these values, and nothing that a worker writes meanwhile. Asked otherwise, it is read
    anew, and soon."""
    written = dict(values)
    if _READ_ANEW.intersection(changed):
        written |= {"cursor": {}, "next_at": None, "failures": 0}
    Source.objects.filter(pk=source.pk).update(**written)


def ask_now(source: Source) -> bool:
    """Have it asked, its time come or not; False where it is switched off."""
    if not source.is_on:
        return False
    Source.objects.waiting().filter(pk=source.pk).update(next_at=None)
    tell(asking.TASK, source.pk)
    return True
