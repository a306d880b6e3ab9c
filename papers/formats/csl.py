"""CSL-JSON 1.0.2, for citeproc processors (Zotero, Pandoc)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

from papers import identifiers
from papers.formats.citation import (
    Author,
    Citation,
    Kind,
    Problem,
    Reading,
    author_of,
    one_line,
    page_range,
)

_OTHERS = "others"  # how Pandoc and Zotero carry an author list that was cut
_TYPES = {
    "article": Kind.PREPRINT,
    "article-magazine": Kind.JOURNAL,
    "article-newspaper": Kind.JOURNAL,
    "manuscript": Kind.PREPRINT,
    "webpage": Kind.REPORT,
}


def write(citations: Iterable[Citation]) -> str:
    """A JSON array of CSL items."""
    return json.dumps([item(citation) for citation in citations], ensure_ascii=False, indent=2)


def item(citation: Citation) -> dict[str, Any]:
    """One CSL item; keys without a value are left out."""
    authors = [_name(author) for author in citation.authors]
    if citation.and_others:
        authors.append({"literal": _OTHERS})
    fields = {
        "id": citation.key,
        "type": citation.kind.value,
        "title": citation.title,
        "author": authors,
        "issued": _issued(citation),
        "container-title": citation.container,
        "publisher": citation.publisher,
        "volume": citation.volume,
        "issue": citation.issue,
        "page": page_range(citation.pages),
        "DOI": citation.doi,
        "archive": "arXiv" if citation.arxiv else "",
        "archive_location": citation.arxiv,
        "URL": citation.url,
        "abstract": citation.abstract,
        "keyword": ", ".join(citation.keywords),
        "note": citation.note,
        "custom": _custom(citation),
    }
    return {name: value for name, value in fields.items() if value}


def read(text: str) -> Reading:
    """The works of a CSL-JSON file: an array of items, or one item."""
    reading = Reading()
    try:
        items = json.loads(text.removeprefix("\ufeff"))
    except json.JSONDecodeError as error:
        reading.problems.append(Problem(error.lineno, f"not JSON: {error.msg}"))
        return reading
    except RecursionError:
        reading.problems.append(Problem(1, "not CSL-JSON: nested too deeply"))
        return reading
    for number, item in enumerate(items if isinstance(items, list) else [items], start=1):
        if not isinstance(item, dict) or not isinstance(item.get("title"), str):
            reading.problems.append(Problem(1, f"item {number} is not a CSL item with a title"))
            continue
        reading.citations.append(_citation(item))
    return reading


def _name(author: Author) -> dict[str, str]:
    if not author.given:
        return {"literal": author.family}
    name = {"family": author.family, "given": author.given, "suffix": author.suffix}
    return {part: value for part, value in name.items() if value}


def _issued(citation: Citation) -> dict[str, Any]:
    if not citation.year:
        return {}
    return {"date-parts": [[citation.year] + ([citation.month] if citation.month else [])]}


def _custom(citation: Citation) -> dict[str, str]:
    named = {"openreview": citation.openreview, "acl": citation.acl}
    return {name: value for name, value in named.items() if value}


def _citation(item: dict[str, Any]) -> Citation:
    listed = [name for name in _list(item.get("author")) if isinstance(name, dict)]
    and_others = bool(listed) and listed[-1].get("literal") in (_OTHERS, "et al.")
    year, month = _date(item.get("issued"))
    return Citation(
        key=_text(item, "id"),
        kind=_kind(_text(item, "type")),
        title=_text(item, "title"),
        authors=tuple(_author(name) for name in listed[: -1 if and_others else None]),
        and_others=and_others,
        year=year,
        month=month,
        container=_text(item, "container-title"),
        publisher=_text(item, "publisher"),
        volume=_text(item, "volume"),
        issue=_text(item, "issue"),
        pages=page_range(_text(item, "page")),
        url=_text(item, "URL"),
        abstract=_text(item, "abstract"),
        keywords=tuple(
            word for part in re.split("[,;]", _text(item, "keyword")) if (word := part.strip())
        ),
        note=_text(item, "note"),
        **_identifiers(item),
    )


def _kind(type_name: str) -> Kind:
    if type_name in _TYPES:
        return _TYPES[type_name]
    return Kind(type_name) if type_name in Kind._value2member_map_ else Kind.OTHER


def _author(name: dict[str, Any]) -> Author:
    if not name.get("family"):
        literal = one_line(str(name.get("literal") or name.get("given") or ""))
        return Author(literal)
    particles = [name.get("dropping-particle"), name.get("non-dropping-particle"), name["family"]]
    family = " ".join(str(part) for part in particles if part)
    if not name.get("given"):
        return author_of(family)
    return Author(one_line(family), one_line(str(name["given"])), one_line(name.get("suffix", "")))


def _date(issued: object) -> tuple[int | None, int | None]:
    """Year and month of {"date-parts": [[2018, 4]]}; numbers may come as strings."""
    if not isinstance(issued, dict):
        return None, None
    parts = (_list(issued.get("date-parts")) or [[]])[0]
    numbers = [int(part) for part in _list(parts) if str(part).isdigit()]
    if not numbers and (year := re.search(r"\d{4}", str(issued.get("raw", "")))):
        numbers = [int(year[0])]
    month = numbers[1] if len(numbers) > 1 and 1 <= numbers[1] <= 12 else None
    return (numbers[0] if numbers else None), month


def _identifiers(item: dict[str, Any]) -> dict[str, str]:
    custom = item.get("custom") if isinstance(item.get("custom"), dict) else {}
    is_arxiv = _text(item, "archive").lower() == "arxiv"
    texts = [
        "doi:" + _text(item, "DOI"),
        "arXiv:" + _text(item, "archive_location") if is_arxiv else "",
        "openreview:" + _text(custom or {}, "openreview"),
        "acl:" + _text(custom or {}, "acl"),
        _text(item, "number"),
        _text(item, "URL"),
    ]
    given: dict[str, str] = {}
    for text in texts:
        identifier = identifiers.recognise(text)
        if identifier and identifier.certain:
            given.setdefault(identifier.scheme.value, identifier.value)
    return given


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name, "")
    return one_line(str(value)) if isinstance(value, str | int) else ""


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
