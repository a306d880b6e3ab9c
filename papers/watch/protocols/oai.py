"""OAI-PMH: a whole archive of arXiv, and other installations of this site.

Each list is read from the day on which the last whole reading began. A resumption token that the
other side has forgotten starts that reading anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from xml.etree import ElementTree as ET

from papers.formats.markup import from_any
from papers.identifiers import all_in
from papers.ingest.candidate import Candidate
from papers.watch.protocols.arxiv_query import CC0
from papers.watch.protocols.shapes import Asker, Cursor, Named, Page, Protocol, first_day

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_ARXIV = "{http://arxiv.org/OAI/arXiv/}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_YEAR = re.compile(r"(?:19|20)\d\d")
Reader = Callable[[ET.Element], Named | None]


def pages(prefix: str, reader: Reader, asker: Asker, query: str, cursor: Cursor) -> Iterator[Page]:
    """query: the set. cursor: from (a day), and while a list goes on: token, began."""
    since = first_day(cursor)
    token, began = str(cursor.get("token", "")), str(cursor.get("began", ""))
    while True:
        parameters = (
            {"verb": "ListRecords", "resumptionToken": token}
            if token
            else {"verb": "ListRecords", "metadataPrefix": prefix, "set": query, "from": since}
        )
        answer = asker.xml(asker.ask(parameters).body)
        began = began or (answer.findtext(f"{_OAI}responseDate") or "")[:10] or since
        error = answer.find(f"{_OAI}error")
        code = error.get("code", "") if error is not None else ""
        if code == "badResumptionToken" and token:
            token, began = "", ""
            continue
        if code and code != "noRecordsMatch":
            words = " ".join((error.text or "").split()) if error is not None else ""
            raise asker.problem(f"refuses ({code}): {words[:200]}")
        listed = answer.find(f"{_OAI}ListRecords")
        if listed is None and not code:
            raise asker.problem("answered with something that is no list of records.")
        records = listed.findall(f"{_OAI}record") if listed is not None else []
        token = "".join(answer.findtext(f"{_OAI}ListRecords/{_OAI}resumptionToken", "").split())
        left = {"from": since, "token": token, "began": began} if token else {"from": began}
        works = [work for record in records if (work := _read(record, reader))]
        yield Page(works, left, not token)
        if not token:
            return


def _read(record: ET.Element, reader: Reader) -> Named | None:
    """None for a deleted record, and for one without a title."""
    metadata = record.find(f"{_OAI}metadata")
    return reader(metadata[0]) if metadata is not None and len(metadata) else None


def of_arxiv(entry: ET.Element) -> Named | None:
    """A record in arXiv's own format."""
    name = _text(entry, f"{_ARXIV}id")
    title = from_any(_text(entry, f"{_ARXIV}title"))
    if not (name and title):
        return None
    authors = [
        " ".join(
            part
            for tag in ("forenames", "keyname", "suffix")
            if (part := _text(author, f"{_ARXIV}{tag}"))
        )
        for author in entry.iter(f"{_ARXIV}author")
    ]
    created = _text(entry, f"{_ARXIV}created")
    abstract = from_any(_text(entry, f"{_ARXIV}abstract"))
    candidate = Candidate(
        title=title,
        origin="arxiv",
        source=f"arXiv {name}",
        authors=tuple(from_any(author) for author in authors),
        abstract=abstract,
        year=int(created[:4]) if created[:4].isdigit() else None,
        venue=_text(entry, f"{_ARXIV}journal-ref") or "arXiv",
        arxiv=name,
        doi=_text(entry, f"{_ARXIV}doi"),
        url=f"https://arxiv.org/abs/{name}",
    ).cleaned()
    comments = _text(entry, f"{_ARXIV}comments")
    withdrawn = "has been withdrawn" in abstract.casefold()
    return Named(
        candidate,
        abstract_licence=CC0 if abstract else "",
        retracted=(comments or "withdrawn")[:300] if withdrawn else "",
    )


def of_survey(entry: ET.Element) -> Named | None:
    """A record of another installation in Dublin Core. Descriptions are its own summaries."""
    title = _text(entry, f"{_DC}title")
    if not title:
        return None
    addresses = [" ".join((row.text or "").split()) for row in entry.iter(f"{_DC}identifier")]
    ids = {known.scheme.value: known.value for text in addresses for known in all_in(text)}
    year = _YEAR.search(_text(entry, f"{_DC}date"))
    names = [" ".join((row.text or "").split()) for row in entry.iter(f"{_DC}creator")]
    candidate = Candidate(
        title=title,
        origin="survey",
        source=addresses[0][:120] if addresses else "another survey",
        authors=tuple(names),
        year=int(year.group()) if year else None,
        venue=_text(entry, f"{_DC}source"),
        url=addresses[0] if addresses else "",
        **ids,  # type: ignore[arg-type]  # text fields by name
    ).cleaned()
    return Named(candidate)


def _text(parent: ET.Element, tag: str) -> str:
    return " ".join((parent.findtext(tag) or "").split())


ARXIV = Protocol(
    "arXiv",
    partial(pages, "arXiv", of_arxiv),
    "Set",
    "cs",
    "https://oaipmh.arxiv.org/oai",
    spacing_seconds=3.0,
    hosts=("export.arxiv.org",),
)
SURVEY = Protocol(
    "Survey",
    partial(pages, "oai_dc", of_survey),
    "Set, or nothing for all",
    "topic:depth",
    needs_query=False,
)
