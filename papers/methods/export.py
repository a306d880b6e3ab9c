"""Methods as rows and as linked data, for files that leave the site."""

from __future__ import annotations

from typing import Any

from papers.methods.wording import definition
from papers.models import Method

FIELDS = (
    *("slug", "name", "name_zh", "aliases", "year", "definition", "introduced_by", "improved_by"),
    *("adapts", "granularity", "decision", "training", "training_note", "needs_training"),
    *("needs_inference", "batching", "backbones", "families", "tasks", "code", "extends"),
    *("answers", "compared_with", "from_memory", "unconfirmed", "sources"),
)


def as_row(method: Method) -> dict[str, Any]:
    """All that is known of a method; lists stay lists. Wants `with_papers()`."""
    plain = {name: getattr(method, name) for name in FIELDS if name not in _DERIVED}
    derived = {
        "definition": definition(method),
        "introduced_by": [paper.key for paper in method.introduced_by],
        "improved_by": [paper.key for paper in method.improved_by],
    }
    return {name: (plain | derived)[name] for name in FIELDS}


_DERIVED = ("definition", "introduced_by", "improved_by")


def as_text_row(method: Method) -> dict[str, str]:
    """The same for a table: lists with semicolons between."""
    row = as_row(method)
    return {
        name: "; ".join(map(str, value))
        if isinstance(value, list)
        else ("" if value is None else str(value))
        for name, value in row.items()
    }


def as_term(method: Method, site: str) -> dict[str, Any]:
    """schema.org DefinedTerm; keys without a value are left out."""
    page = f"{site}{method.get_absolute_url()}"
    term = {
        "@type": "DefinedTerm",
        "@id": page,
        "url": page,
        "name": method.name,
        "alternateName": [name for name in (method.name_zh, *method.aliases) if name],
        "description": definition(method),
        "inDefinedTermSet": f"{site}/methods/",
        "subjectOf": [
            {"@type": "ScholarlyArticle", "@id": f"{site}{p.get_absolute_url()}", "name": p.title}
            for p in (*method.introduced_by, *method.improved_by)
        ],
        "sameAs": list(method.code),
    }
    return {name: value for name, value in term.items() if value}
