"""What Zotero keeps of every paper, and what its button finds on pages that list papers.

    python -m benchmarks.zotero                        # by the rules its translators document
    python -m benchmarks.zotero --server http://localhost:1969    # by their own code
    python -m benchmarks.zotero --pages 200            # open so many pages of papers, not all

Of the ways in which a page tells of itself Zotero takes unAPI before COinS before tags in the head,
and of the formats that unAPI offers MODS. So each paper's MODS record becomes an item, by the rules
below or by a Zotero translation server on this machine, and is compared with the database, field by
field. Pages are opened without a server, as a reader without an account; on each, the marks that
lead Zotero to the records are counted. The database is that of KB_DATA_DIR; nothing is written.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import islice
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from benchmarks.names import _start_django

if TYPE_CHECKING:
    from django.test import Client

    from papers.formats.citation import Citation

MODS = "{http://www.loc.gov/mods/v3}"
AT_ONCE = 100
"""Records in one question to a translation server, which takes a megabyte."""
TYPES = {
    "article-journal": "journalArticle",
    "paper-conference": "conferencePaper",
    "article": "preprint",
    "report": "report",
    "book": "book",
    "chapter": "bookSection",
    "thesis": "thesis",
    "document": "document",
}
"""Zotero's type of each kind of work, whose names are those of CSL."""
SHOWN_FAULTS = 10


@dataclass(frozen=True)
class Item:
    """What Zotero keeps of one work. container: title of the proceedings, journal or book.

    publisher: of a preprint, its repository. number: where that keeps it ("arXiv:1703.09844").
    """

    type: str
    title: str
    authors: tuple[str, ...]
    date: str
    container: str
    volume: str
    pages: str
    publisher: str
    number: str
    doi: str
    url: str
    abstract: str


def main() -> int:
    """Print the tables; 0 when nothing differs from the database."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--server", default="", help="a Zotero translation server")
    parser.add_argument("--pages", type=int, default=0, help="open so many papers; default: all")
    wanted = parser.parse_args()
    _start_django()
    faults = [*_papers(wanted.server), *_pages(wanted.pages), *_lists()]
    print(f"\n{len(faults)} differ.")
    for fault in faults[:SHOWN_FAULTS]:
        print(f"  {fault}")
    return 1 if faults else 0


def _papers(server: str) -> list[str]:
    """Items of all papers beside the database, as a table by type; returns what differs."""
    from papers.formats import mods
    from papers.formats.of_paper import citation_of
    from papers.models import Paper

    rows = Paper.objects.visible_to(None).for_export().order_by("pk").iterator(AT_ONCE)
    kept: defaultdict[str, Counter[str]] = defaultdict(Counter)
    faults = []
    while citations := [citation_of(paper) for paper in islice(rows, AT_ONCE)]:
        text = mods.write(citations)
        items = list(_asked(server, text)) if server else list(_by_rules(text))
        for citation, item in zip(citations, items, strict=True):
            expected = _expected(citation)
            counts = kept[expected.type]
            counts["works"] += 1
            for field in fields(Item):
                was, is_ = getattr(expected, field.name), getattr(item, field.name)
                counts[field.name] += bool(is_)
                counts[f"due {field.name}"] += bool(was)
                if was != is_:
                    faults.append(f"{citation.key}: {field.name} is {is_!r}, not {was!r}")
    names = [field.name for field in fields(Item)][1:]
    print("| item type | works |", " | ".join(names), "|\n|---|---|" + "---|" * len(names))
    for kind, counts in sorted(kept.items(), key=lambda pair: -pair[1]["works"]):
        cells = (f"{counts[name]} of {counts[f'due {name}']}" for name in names)
        print(f"| {kind} | {counts['works']} |", " | ".join(cells), "|")
    return faults


def _expected(citation: Citation) -> Item:
    """What the database says, in Zotero's fields."""
    is_preprint = citation.kind == "article"
    arxiv = f"arXiv:{citation.arxiv}" if is_preprint and citation.arxiv else ""
    month = f"-{citation.month:02}" if citation.month else ""
    return Item(
        type=TYPES[citation.kind],
        title=_plain(citation.title),
        authors=tuple(f"{a.given} {a.family}".strip() for a in citation.authors),
        date=f"{citation.year:04}{month}" if citation.year else "",
        container=_plain(citation.container),
        volume=citation.volume,
        pages=re.sub("[-–]+", "-", citation.pages),
        publisher="arXiv" if arxiv else citation.publisher,
        number=arxiv,
        doi=citation.doi.lower(),
        url=citation.url,
        abstract=_plain(citation.abstract),
    )


def _plain(text: str) -> str:
    return " ".join(text.split())


def _by_rules(text: str) -> Iterator[Item]:
    """Items of a MODS collection, as Zotero's translator reads each field."""
    for record in ElementTree.fromstring(text):
        host = f"{MODS}relatedItem[@type='host']/"
        part = f"{host}{MODS}part/"
        origin = f"{MODS}originInfo/"

        def said(path: str, record: ElementTree.Element = record) -> str:
            return _plain(record.findtext(path) or "")

        first, last = (said(f"{part}{MODS}extent/{MODS}{end}") for end in ("start", "end"))
        yield Item(
            type=said(f"{MODS}genre[@authority='local']"),
            title=said(f"{MODS}titleInfo/{MODS}title"),
            authors=tuple(_names(record)),
            date=said(f"{origin}{MODS}dateIssued"),
            container=said(f"{host}{MODS}titleInfo/{MODS}title"),
            volume=said(f"{part}{MODS}detail[@type='volume']/{MODS}number"),
            pages=f"{first}-{last}" if last and first != last else first,
            publisher=said(f"{origin}{MODS}publisher"),
            number=said(f"{MODS}location/{MODS}physicalLocation"),
            doi=said(f"{MODS}identifier[@type='doi']").lower(),
            url=said(f"{MODS}location/{MODS}url"),
            abstract=said(f"{MODS}abstract"),
        )


def _names(record: ElementTree.Element) -> Iterator[str]:
    """Authors, given names first; a group by its only part."""
    for name in record.iterfind(f"{MODS}name[{MODS}role]"):
        parts = {part.get("type"): part.text or "" for part in name.iterfind(f"{MODS}namePart")}
        given, family = parts.get("given", ""), parts.get("family", parts.get(None, ""))
        yield _plain(f"{given} {family}")


def _asked(server: str, text: str) -> Iterator[Item]:
    """Items that a translation server makes of a MODS collection."""
    request = urllib.request.Request(
        f"{server.rstrip('/')}/import", text.encode(), {"Content-Type": "text/plain"}
    )
    with urllib.request.urlopen(request, timeout=600) as answer:
        made = json.load(answer)
    for item in made:
        names = [
            item_name.get("name") or f"{item_name['firstName']} {item_name['lastName']}"
            for item_name in item["creators"]
        ]
        containers = ("proceedingsTitle", "publicationTitle", "bookTitle")
        yield Item(
            type=item["itemType"],
            title=item["title"],
            authors=tuple(names),
            date=item.get("date", ""),
            container=next((item[name] for name in containers if item.get(name)), ""),
            volume=item.get("volume", ""),
            pages=item.get("pages", ""),
            publisher=item.get("repository") or item.get("publisher", ""),
            number=item.get("archiveLocation", ""),
            doi=item.get("DOI", "").lower(),
            url=item.get("url", ""),
            abstract=item.get("abstractNote", ""),
        )


@dataclass(frozen=True)
class Marks:
    """What a page carries for Zotero: keys marked for unAPI, COinS, and the type its tags name."""

    server: bool
    keys: list[str]
    coins: int
    tagged: str


def _marks(client: Client, address: str) -> Marks | str:
    """The marks of a page; in words what went wrong."""
    answer = client.get(address)
    if answer.status_code != 200:
        return f"{address} answers {answer.status_code}"
    page = answer.content.decode()
    tags = re.findall(r'<meta name="(citation_\w+)"', page)
    tagged = {
        "citation_journal_title": "journalArticle",
        "citation_conference_title": "conferencePaper",
        "citation_technical_report_institution": "report",
    }
    return Marks(
        server='rel="unapi-server"' in page,
        keys=re.findall(r'class="unapi-id" title="([^"]+)"', page),
        coins=page.count('class="Z3988"'),
        tagged=next((tagged[name] for name in tags if name in tagged), ""),
    )


def _pages(most: int) -> list[str]:
    """Opens pages of papers: each has to name itself, once, where unAPI asks."""
    from django.test import Client

    from papers.models import Paper

    client = Client(SERVER_NAME="localhost")
    keys = list(Paper.objects.visible_to(None).order_by("pk").values_list("key", flat=True))
    chosen = _spread(keys, most)
    faults, found = [], Counter[str]()
    for key in chosen:
        marks = _marks(client, f"/papers/{key}/")
        if isinstance(marks, str):
            faults.append(marks)
            continue
        found[marks.tagged or "no tags"] += 1
        if not marks.server or marks.keys[:1] != [key]:
            faults.append(f"/papers/{key}/ marks {marks.keys[:1]}")
    print(f"\nPages of {len(chosen)} papers of {len(keys)}; types by their tags: {dict(found)}")
    return faults


def _spread(keys: Sequence[str], most: int) -> Sequence[str]:
    """At most so many of them, evenly over all; 0: all."""
    return keys[:: max(1, len(keys) // most)][:most] if most else keys


def _lists() -> list[str]:
    """Pages that list papers: how many each marks, and whether every mark leads to a record."""
    from django.test import Client

    client = Client(SERVER_NAME="localhost")
    faults = []
    print("\n| page | papers marked | records behind them |\n|---|---|---|")
    for address in _list_addresses():
        marks = _marks(client, address)
        if isinstance(marks, str):
            faults.append(marks)
            continue
        asked = {key: client.get("/unapi", {"id": key, "format": "mods"}) for key in marks.keys}
        answered = [key for key, answer in asked.items() if answer.status_code == 200]
        print(f"| `{address}` | {len(set(marks.keys))} | {len(answered)} |")
        faults += [f"{address}: no record of {key}" for key in asked.keys() - set(answered)]
        if not marks.server:
            faults.append(f"{address} names no unAPI server")
    return faults


def _list_addresses() -> Iterable[str]:
    """One page of each kind that lists papers, and every workshop."""
    from community.models import PublicList
    from papers.models import Paper, Person, Venue, Workshop
    from taxonomy.models import Topic

    yield from ("/papers/", "/papers/?q=early+exit", "/zh/papers/")
    for topic in Topic.objects.order_by("pk")[:1]:
        yield topic.get_absolute_url()
    busy = Paper.objects.visible_to(None).exclude(venue=None).values_list("venue", flat=True)
    for venue in Venue.objects.filter(pk__in=busy)[:1]:
        yield venue.get_absolute_url()
    for person in Person.objects.visible_to(None).filter(slug="gao-huang")[:1]:
        yield person.get_absolute_url()
    for public in PublicList.objects.public()[:2]:
        yield public.get_absolute_url()
    for workshop in Workshop.objects.visible_to().order_by("slug"):
        yield workshop.get_absolute_url()


if __name__ == "__main__":
    sys.exit(main())
