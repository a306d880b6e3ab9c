"""Records and their metadata: Dublin Core, MODS, DataCite."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from xml.etree.ElementTree import Element, SubElement

from kb.feeds.xml import add
from papers.formats import mods
from papers.formats.citation import Author, Citation, Kind
from papers.formats.of_paper import citation_of
from papers.identifiers import Identifier, Scheme
from papers.models import Paper

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"
OAI_DATACITE = "http://schema.datacite.org/oai/oai-1.1/"
DATACITE = "http://datacite.org/schema/kernel-4"
_DATACITE_SCHEMA = "http://schema.datacite.org/meta/kernel-4.4/metadata.xsd"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
FORMATS = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", OAI_DC),
    "mods": (mods.SCHEMA, mods.NAMESPACE),
    "oai_datacite": ("http://schema.datacite.org/oai/oai-1.1/oai.xsd", OAI_DATACITE),
}
_GENERAL_TYPE = {
    Kind.JOURNAL: "JournalArticle",
    Kind.CONFERENCE: "ConferencePaper",
    Kind.PREPRINT: "Preprint",
    Kind.REPORT: "Report",
}


def identifier_of(paper: Paper, host: str) -> str:
    return f"oai:{host}:{paper.key}"


def datestamp(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def sets_of(paper: Paper) -> list[str]:
    """Sets in which the paper is: its places in the taxonomy, its venue and the series of that."""
    paths = [row.topic.path.replace("/", ":") for row in paper.placements.all()]
    venues = [venue for venue in (paper.venue, paper.venue and paper.venue.part_of) if venue]
    return [*(f"topic:{path}" for path in paths), *(f"venue:{venue.slug}" for venue in venues)]


def header(paper: Paper, host: str) -> Element:
    """With status="deleted" for a record that was withdrawn or merged into another."""
    deleted = paper.state != Paper.State.PUBLIC
    element = Element("header", {"status": "deleted"} if deleted else {})
    add(element, "identifier", identifier_of(paper, host))
    add(element, "datestamp", datestamp(paper.updated_at))
    for spec in sets_of(paper):
        add(element, "setSpec", spec)
    return element


def record(paper: Paper, prefix: str, host: str, site: str) -> Element:
    """Header and, unless it is deleted, metadata in the format of `prefix`."""
    element = Element("record")
    element.append(header(paper, host))
    if paper.state == Paper.State.PUBLIC:
        metadata = SubElement(element, "metadata")
        metadata.append(_WRITERS[prefix](paper, citation_of(paper), site))
    return element


def _dublin_core(paper: Paper, citation: Citation, site: str) -> Element:
    schema = f"{OAI_DC} {FORMATS['oai_dc'][0]}"
    names = {"xmlns:oai_dc": OAI_DC, "xmlns:dc": DC, "xsi:schemaLocation": schema}
    root = Element("oai_dc:dc", names)
    pairs = [("title", citation.title)]
    pairs += [("creator", author.inverted) for author in citation.authors]
    pairs += [("subject", word) for word in citation.keywords]
    pairs += [("description", citation.abstract or paper.tldr), ("date", str(paper.year))]
    pairs += [("type", "text"), ("identifier", site + paper.get_absolute_url())]
    pairs += [("identifier", each.url) for each in identifiers_of(paper)]
    pairs += [("source", citation.container), ("language", "en"), ("description", citation.note)]
    for name, value in pairs:
        if value:
            add(root, f"dc:{name}", value)
    return root


def _mods(paper: Paper, citation: Citation, site: str) -> Element:
    element = mods.element(citation)
    element.set("xsi:schemaLocation", f"{mods.NAMESPACE} {mods.SCHEMA}")
    return element


def _datacite(paper: Paper, citation: Citation, site: str) -> Element:
    schema = f"{OAI_DATACITE} {FORMATS['oai_datacite'][0]}"
    root = Element("oai_datacite", {"xmlns": OAI_DATACITE, "xsi:schemaLocation": schema})
    add(root, "schemaVersion", "4.4")
    payload = add(root, "payload")
    place = f"{DATACITE} {_DATACITE_SCHEMA}"
    resource = add(payload, "resource", **{"xmlns": DATACITE, "xsi:schemaLocation": place})
    kind, value = _main_identifier(paper, citation, site)
    add(resource, "identifier", value, identifierType=kind)
    creators = add(resource, "creators")
    for author in citation.authors:
        _add_creator(creators, author)
    add(add(resource, "titles"), "title", citation.title)
    add(resource, "publisher", citation.container or "arXiv")
    add(resource, "publicationYear", str(paper.year))
    general = _GENERAL_TYPE.get(citation.kind, "Text")
    add(resource, "resourceType", general, resourceTypeGeneral=general)
    if citation.keywords:
        subjects = add(resource, "subjects")
        for word in citation.keywords:
            add(subjects, "subject", word)
    related = [each for each in identifiers_of(paper) if each.value != value]
    if related:
        others = add(resource, "alternateIdentifiers")
        for each in related:
            kind = each.scheme.value
            add(others, "alternateIdentifier", each.value, alternateIdentifierType=kind)
    if text := citation.abstract or paper.tldr:
        kind = "Abstract" if citation.abstract else "Other"
        add(add(resource, "descriptions"), "description", text, descriptionType=kind)
    return root


def _add_creator(creators: Element, author: Author) -> None:
    creator = add(creators, "creator")
    kind = "Personal" if author.given else "Organizational"
    add(creator, "creatorName", author.inverted, nameType=kind)
    if author.given:
        add(creator, "givenName", author.given)
        add(creator, "familyName", author.family)


def identifiers_of(paper: Paper) -> list[Identifier]:
    pairs = ((scheme, getattr(paper, scheme.value)) for scheme in Scheme)
    return [Identifier(scheme, value) for scheme, value in pairs if value]


def _main_identifier(paper: Paper, citation: Citation, site: str) -> tuple[str, str]:
    """The DOI; for a preprint the one that arXiv gives to each; else the address of our page."""
    if paper.doi:
        return "DOI", paper.doi
    if paper.arxiv and citation.kind is Kind.PREPRINT and not paper.arxiv_unconfirmed:
        return "DOI", f"10.48550/arXiv.{paper.arxiv}"
    return "URL", site + paper.get_absolute_url()


_WRITERS: dict[str, Callable[[Paper, Citation, str], Element]] = {
    "oai_dc": _dublin_core,
    "mods": _mods,
    "oai_datacite": _datacite,
}
