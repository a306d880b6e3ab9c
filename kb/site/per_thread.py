"""What Django looks up at every variable and link of a page, looked up quickly.

Which language is spoken and where the site lies are kept in locals that also work for coroutines;
each look takes a lock, and a page looks a thousand times. Requests here are answered by one thread
each (what runs as coroutine, `kb.agents`, hands its calls back to that thread), so plain locals of
threads hold the same at a tenth of the cost. That is 1.5 to 3.5 ms of processor time a page that is
made: 16 % of the front page and of the people, 13 % of a list of papers, 5 to 6 % of a topic, a
paper and the ledger (2026-11-30, nine requests of each, in turns with Django's own).

An address follows from the name of its route, its parts, the language and the place of the site
alone, so each is put together once; and a text is looked up once in the catalogues of all apps.
"""

from __future__ import annotations

import threading
from functools import lru_cache

from django.urls import base, get_resolver
from django.utils.translation import get_language, trans_real

MOST_ADDRESSES = 30_000
"""Addresses that are remembered, about 300 bytes each; those not asked for longest go first."""

MOST_TEXTS = 20_000
"""Of each language; there are some thousands, and words of records that might be among them."""


def use_plain_locals() -> None:
    """Put locals of threads in the place of Django's; before the first request."""
    trans_real._active = threading.local()  # type: ignore[attr-defined]
    base._prefixes = threading.local()  # type: ignore[attr-defined]
    base._urlconfs = threading.local()  # type: ignore[attr-defined]


def remember_addresses() -> None:
    """Have `reverse` put each address together once. Done again it changes nothing."""
    resolver = get_resolver()
    find = resolver._reverse_with_prefix  # type: ignore[attr-defined]
    if hasattr(find, "remembered"):
        return

    @lru_cache(maxsize=MOST_ADDRESSES, typed=True)
    def remembered(
        language: str | None, view: object, prefix: str, *args: object, **named: object
    ) -> str:
        return find(view, prefix, *args, **named)

    def reverse(view: object, prefix: str, *args: object, **named: object) -> str:
        return remembered(get_language(), view, prefix, *args, **named)

    reverse.remembered = remembered  # type: ignore[attr-defined]
    resolver._reverse_with_prefix = reverse  # type: ignore[attr-defined]


def remember_texts() -> None:
    """Have `gettext` look each text up once in a language. Done again it changes nothing."""
    looked_up = trans_real.DjangoTranslation.gettext
    if hasattr(looked_up, "remembers"):
        return

    def gettext(catalogue: trans_real.DjangoTranslation, message: str) -> str:
        known: dict[str, str] = catalogue.__dict__.setdefault("_remembered", {})
        said = known.get(message)
        if said is None:
            if len(known) >= MOST_TEXTS:
                known.clear()
            said = known[message] = looked_up(catalogue, message)
        return said

    gettext.remembers = True  # type: ignore[attr-defined]
    trans_real.DjangoTranslation.gettext = gettext  # type: ignore[assignment, method-assign]
