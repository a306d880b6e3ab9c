"""CSL-JSON 1.0.2, for citeproc processors (Zotero, Pandoc)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
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
from papers.formats.markup import from_any
from papers.formats.name_lists import authors_of, is_others

MOST_SECONDS = 4_102_444_800  # the year 2100; instants above it are in milliseconds
MOST_MILLISECONDS = 1000 * MOST_SECONDS
_SEVERAL = re.compile(r",[^;]*\w\s*;[^,]*\w\s*,")
_NEXT_ITEM = re.compile(r"\}\s*,?\s*\{")
_NAME_PARTS = ("given", "suffix", "dropping-particle", "non-dropping-particle")
_FAMILY = ("family", "lastName", "last", "surname", "familyName")
_GIVEN = ("given", "firstName", "first", "forename", "givenName")
_CAPITALS = {"doi": "DOI", "url": "URL"}
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
    is_preprint = citation.kind is Kind.PREPRINT  # styles print the archive instead of the venue
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
        "archive": "arXiv" if citation.arxiv and is_preprint else "",
        "archive_location": citation.arxiv if is_preprint else "",
        "URL": citation.url,
        "abstract": citation.abstract,
        "keyword": ", ".join(citation.keywords),
        "note": citation.note,
        "custom": _custom(citation),
    }
    return {name: value for name, value in fields.items() if value}


def read(text: str) -> Reading:
    """The works of a CSL-JSON file: an array of items, one item, or an answer that holds them.

    Crossref wraps items into "message", Zotero into "items". Damage stays with its item.
    """
    reading = Reading()
    text = text.removeprefix("\ufeff")
    try:
        items = _items(json.loads(text, parse_int=_small_int))
    except json.JSONDecodeError as error:
        items = _items_one_by_one(text, reading.problems)
        if not items and not reading.problems:
            reading.problems.append(Problem(error.lineno, f"not JSON: {error.msg}"))
    except RecursionError:
        reading.problems.append(Problem(1, "not CSL-JSON: nested too deeply"))
        return reading
    for number, item in enumerate(items, start=1):
        title = from_any(_first(item.get("title"))) if isinstance(item, dict) else ""
        if not title:
            reading.problems.append(Problem(1, f"item {number} is not a CSL item with a title"))
            continue
        reading.citations.append(_citation(item, title))
    return reading


def _items_one_by_one(text: str, problems: list[Problem]) -> list[Any]:
    """The items of a text that is not JSON as a whole: one a line, a comma too many, or damage.

    After damage the reading goes on at the next item behind it.
    """
    items: list[Any] = []
    decoder = json.JSONDecoder(parse_int=_small_int)
    start = text.find("{")
    while start >= 0:
        try:
            item, end = decoder.raw_decode(text, start)
            items += _items(item)
        except json.JSONDecodeError as error:
            problems.append(Problem(error.lineno, f"not JSON: {error.msg}"))
            following = _NEXT_ITEM.search(text, max(error.pos - 1, start + 1))
            end = following.end() - 1 if following else len(text)
        except RecursionError:
            problems.append(Problem(1, "not CSL-JSON: nested too deeply"))
            return items
        start = text.find("{", end)
    return items


def _small_int(digits: str) -> int | str:
    """Numbers beyond any year or page stay text: converting 5,000 digits is refused by Python."""
    return int(digits) if len(digits) < 20 else digits


def _items(answer: object) -> list[Any]:
    for _ in range(3):  # {"message": {"items": […]}}
        if isinstance(answer, dict) and "title" not in answer:
            wrapped = [
                answer[name] for name in ("message", "items", "references") if name in answer
            ]
            if not wrapped:
                break
            answer = wrapped[0]
    return answer if isinstance(answer, list) else [answer]


def _first(value: object) -> str:
    """A text, or the first of a list of texts as Crossref gives titles."""
    value = value[0] if isinstance(value, list) and value else value
    return one_line(value) if isinstance(value, str) else ""


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
    arxiv = "" if citation.kind is Kind.PREPRINT else citation.arxiv
    named = {"arxiv": arxiv, "openreview": citation.openreview, "acl": citation.acl}
    return {name: value for name, value in named.items() if value}


def _citation(item: dict[str, Any], title: str) -> Citation:
    item = {_CAPITALS.get(name.lower(), name): value for name, value in item.items()}
    authors, and_others = _authors(item.get("author"))
    year, month = _dates(item)
    return Citation(
        key=_text(item, "id"),
        kind=_kind(_text(item, "type")),
        title=title,
        authors=authors,
        and_others=and_others,
        year=year,
        month=month,
        container=from_any(_first(item.get("container-title")) or _text(item, "event-title")),
        publisher=from_any(_text(item, "publisher")),
        volume=_text(item, "volume"),
        issue=_text(item, "issue"),
        pages=page_range(_text(item, "page")),
        url=_text(item, "URL"),
        abstract=from_any(_text(item, "abstract")),
        keywords=tuple(
            word for part in re.split("[,;]", _text(item, "keyword")) if (word := part.strip())
        ),
        note=_text(item, "note"),
        **_identifiers(item),
    )


def _authors(value: object) -> tuple[tuple[Author, ...], bool]:
    """Names as CSL has them, as texts, in lists of lists, or one name without its list."""
    if isinstance(value, str):
        return authors_of(one_line(value))
    listed = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
    listed = [name for part in listed for name in (part if isinstance(part, list) else [part])]
    names = [author for name in listed for author in _persons(name)]
    named = [name for name in names if name.family]
    others = bool(named) and is_others(str(named[-1]))
    return tuple(named[:-1] if others else named), others


def _kind(type_name: str) -> Kind:
    if type_name in _TYPES:
        return _TYPES[type_name]
    return Kind(type_name) if type_name in Kind._value2member_map_ else Kind.OTHER


def _persons(name: object) -> list[Author]:
    """The person of a name; several where a whole list was written as one."""
    if isinstance(name, str):
        return list(authors_of(from_any(name))[0])
    if not isinstance(name, dict):
        return []
    part = {key: from_any(_text(name, key)) for key in (*_NAME_PARTS, "literal", "name")}
    family = next((text for key in _FAMILY if (text := from_any(_text(name, key)))), "")
    given = next((text for key in _GIVEN if (text := from_any(_text(name, key)))), "")
    if not family:
        whole = part["literal"] or part["name"] or given
        return list(authors_of(whole)[0]) if _SEVERAL.search(whole) else [Author(whole)]
    particles = [part["dropping-particle"], part["non-dropping-particle"], family]
    family = " ".join(word for word in particles if word)
    suffix = part["suffix"] if any(map(str.isalpha, part["suffix"])) else ""  # of "Jr.", not of 7
    return [Author(family, given, suffix) if given else author_of(family)]


def _dates(item: dict[str, Any]) -> tuple[int | None, int | None]:
    names = ("issued", "published", "published-print", "published-online", "event-date", "year")
    for name in names:
        year, month = _date(item.get(name))
        if year:
            return year, month
    return None, None


def _date(issued: object) -> tuple[int | None, int | None]:
    """Year and month, in any form that programs give: {"date-parts": [[2018, 4]]}, numbers as
    strings, a flat list, "2018-04-01", 2018, {"literal": "Spring 2018"}, {"year": 2018}, and the
    instant and the seconds or milliseconds since 1970 that Crossref gives beside them."""
    if isinstance(issued, list):
        return _date(issued[0]) if issued else (None, None)
    if isinstance(issued, str | int):
        return _date_in(str(issued))
    if not isinstance(issued, dict):
        return None, None
    if "start" in issued and "date-parts" not in issued:
        return _date(issued["start"])
    parts = issued.get("date-parts")
    flat = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else parts
    if isinstance(flat, list) and flat:
        in_parts = _date_in("-".join(str(part) for part in flat[:2]))
        if in_parts[0]:
            return in_parts
    named = ("year", "raw", "literal", "date-time", "season")
    written = _date_in(" ".join(str(issued[name]) for name in named if issued.get(name)))
    return written if written[0] else _date_of_instant(issued.get("timestamp"))


def _date_of_instant(instant: object) -> tuple[int | None, int | None]:
    """Year and month of seconds or milliseconds since 1970; of nothing else."""
    if not isinstance(instant, int) or not 0 < instant < MOST_MILLISECONDS:
        return None, None
    seconds = instant / 1000 if instant > MOST_SECONDS else instant
    date = datetime.fromtimestamp(seconds, UTC)
    return date.year, date.month


def _date_in(text: str) -> tuple[int | None, int | None]:
    match = re.search(r"(?<!\d)((?:1[5-9]|20)\d\d)(?:[-/](\d{1,2}))?(?!\d)", text, re.ASCII)
    if not match:
        return None, None
    month = int(match[2]) if match[2] and 1 <= int(match[2]) <= 12 else None
    return int(match[1]), month


def _identifiers(item: dict[str, Any]) -> dict[str, str]:
    given_custom = item.get("custom")
    custom = given_custom if isinstance(given_custom, dict) else {}
    custom = {name.lower(): value for name, value in custom.items()}
    is_arxiv = _text(item, "archive").lower().startswith("arxiv")
    place = _text(item, "archive_location") if is_arxiv else ""
    texts = [
        *("doi:" + doi for doi in identifiers.dois_in(_text(item, "DOI"))),
        *("arXiv:" + known for known in identifiers.arxiv_ids_in(place, bare=True)),
        "arXiv:" + _text(custom, "arxiv"),
        "openreview:" + _text(custom, "openreview"),
        "acl:" + _text(custom, "acl"),
        _text(item, "number"),
        _text(item, "URL"),
        *("doi:" + doi for doi in identifiers.own_dois_in(_text(item, "note"))),
        *("arXiv:" + known for known in identifiers.arxiv_ids_in(_elsewhere(item))),
    ]
    given: dict[str, str] = {}
    for text in texts:
        identifier = identifiers.recognise(text)
        if identifier and identifier.certain:
            given.setdefault(identifier.scheme.value, identifier.value)
    return given


def _elsewhere(item: dict[str, Any]) -> str:
    names = (
        "DOI",
        "note",
        "extra",
        "container-title",
        "volume",
        "publisher",
        "archive",
        "archiveID",
    )
    return " ".join(_text(item, name) for name in (*names, "number", "id"))


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name, "")
    value = value[0] if isinstance(value, list) and value else value
    return one_line(str(value)) if isinstance(value, str | int) else ""
