"""What the records of the field say in English: a text on a page is data if it stands here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import models

from tests.crawl.spoken import of_the_interface
from tests.environment import ROOT

APPS = ("papers", "taxonomy", "reproductions", "community", "accounts")
NOT_READ = re.compile(r"Change|History|Vector|Event$|CurvePoint|Measurement|Embedding")
"""Models whose texts are copies of others', or numbers."""
TEXTS = (models.CharField, models.TextField, models.JSONField)
WRITTEN = (
    "reproductions/reference/*/*.toml",
    "reproductions/reference/*/*.md",
    "reproductions/reference/*/*.py",
    "community/reviews/forms/*.yaml",
)
"""Programs tell of themselves in their own files, and so do the review forms of venues."""
_LETTERS = re.compile(r"[^\W_]+")


def letters(text: str) -> str:
    """A text as its words alone: punctuation and space differ where it is shown."""
    return " ".join(_LETTERS.findall(text.casefold()))


def recorded() -> str:
    """Every text of every record, as words, one after the other."""
    pieces = set[str]()
    for model in apps.get_models():
        if model._meta.app_label not in APPS or NOT_READ.search(model.__name__):
            continue
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, TEXTS)]
        for row in model._default_manager.values_list(*names).iterator() if names else ():
            for value in row:
                pieces.update(_strings(value))
    for pattern in WRITTEN:
        pieces.update(path.read_text("utf-8") for path in ROOT.glob(pattern))
    return f"| {' | '.join(map(letters, pieces))} |"


def is_recorded(text: str, corpus: str) -> bool:
    """Whether a record says it: words of the interface whole, anything else as a part too."""
    said = letters(text)
    return (f"| {said} |" if text in of_the_interface() else said) in corpus


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if " " in value or value.isalpha():
            yield value
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
