"""A BibTeX entry of one field, for tests of what is written into it."""

from __future__ import annotations

from typing import Any

from papers.formats import bibtex


def entry(fields: str, kind: str = "article") -> Any:
    text = f"@{kind}{{k, title={{Night Routing}}, author={{Anna Erste}}, {fields}}}"
    (citation,) = bibtex.read(text).citations
    return citation
