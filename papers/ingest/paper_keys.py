"""Keys of new papers in the manner of the others: surname, year, first telling word."""

from __future__ import annotations

import itertools
import re
import string
from collections.abc import Iterator, Sequence

from papers.models import OldKey, Paper
from papers.names import family_name, slug

_SKIPPED = {"a", "an", "the", "on"}
_LONGEST_PART = 30


def free_key(title: str, authors: Sequence[str], year: int) -> str:
    """A key that no paper has or had: "huang2018multi", then "huang2018multib"."""
    stem = key_stem(title, authors, year)
    taken = set(Paper.objects.filter(key__startswith=stem).values_list("key", flat=True))
    taken |= set(OldKey.objects.filter(key__startswith=stem).values_list("key", flat=True))
    return next(key for key in _candidates(stem) if key not in taken)


def key_stem(title: str, authors: Sequence[str], year: int) -> str:
    """The key before it is made unique; words stand for what has no Latin letters."""
    surname = slug(family_name(authors[0])).replace("-", "") if authors else ""
    words = re.findall(r"[a-z0-9]+", slug(title.replace("'", "").replace("’", ""), longest=200))
    telling = next((word for word in words if word not in _SKIPPED), "")
    first = surname[:_LONGEST_PART] or "anonymous"
    return f"{first}{year}{telling[:_LONGEST_PART] or 'untitled'}"


def _candidates(stem: str) -> Iterator[str]:
    yield stem
    for letter in string.ascii_lowercase[1:]:
        yield stem + letter
    for number in itertools.count(2):
        yield f"{stem}x{number}"
