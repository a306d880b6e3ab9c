"""What somebody typed to put into a list: a paper here by any of its names, or one that is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from django.utils.translation import gettext

from accounts.models import Visitor
from accounts.roles import NotPossible
from community.list_files.links import link_of
from community.list_files.markdown import read_markdown
from community.list_files.matching import matched
from community.list_files.own_format import date_of
from community.list_files.shapes import Entry, Link
from community.models import ListPlacement
from papers.identifiers import recognise
from papers.models import Paper
from papers.models.paper import PaperQuerySet

LONGEST = 1000


def named_paper(text: str, viewer: Visitor) -> tuple[Paper | None, dict[str, Any]]:
    """The paper that a text names, and what to print of it.

    text: a key, an address here or elsewhere, an arXiv id, a DOI, a title, or a line as lists have
    it ("- **Title** (ICLR 2018) [[pdf]](…)"). Raises NotPossible when it names neither a paper here
    nor a title.
    """
    text = text.strip()[:LONGEST]
    if not text:
        raise NotPossible(gettext("Name a paper: its id, address or title."))
    papers = Paper.objects.visible_to(viewer)
    if (paper := _by_name(text, papers)) is not None:
        return paper, {}
    entry = _entry_in(text)
    match = next(matched([entry], papers))
    values = {
        "title": entry.title,
        "authors": list(entry.authors),
        "year": entry.year,
        "venue": entry.venue,
        "date_text": date_of(entry),
        "focus": entry.focus,
        "notes": entry.notes,
        "links": [{"kind": x.kind, "label": x.label, "url": x.url} for x in entry.links],
    }
    if match.status == "here":
        return match.paper, {name: values[name] for name in ("focus", "notes")}
    if entry.title == text and recognise(text):
        raise NotPossible(
            gettext(
                "No paper here has this address. Type its title, or a line with title and "
                "address, or import the paper first."
            )
        )
    return None, values


def _by_name(text: str, papers: PaperQuerySet) -> Paper | None:
    parts = urlsplit(text) if text.startswith(("http://", "https://")) else None
    path = unquote(parts.path).strip("/").split("/") if parts else [text]
    is_ours = parts is not None and len(path) > 1 and path[-2] == "papers"
    if (is_ours or parts is None) and (paper := papers.filter(key=path[-1]).first()):
        return paper
    if identifier := recognise(text):
        return papers.filter(**{f"{identifier.scheme.value}__iexact": identifier.value}).first()
    return None


def _entry_in(text: str) -> Entry:
    """The first entry of a pasted line, or the text as a title."""
    bullet = text if text.lstrip()[:1] in "-*+|" else f"- {text}"
    for read in (read_markdown(text), read_markdown(bullet)):
        if read.papers:
            return read.papers[0]
    return Entry(title=" ".join(text.split()))


def as_bibtex(row: ListPlacement) -> str:
    """What a list prints of a work that is not here, for the import of papers."""

    def braced(text: str) -> str:
        return "{" + text.replace("{", "").replace("}", "").replace("\\", " ") + "}"

    fields = {"title": braced(row.title)}
    if row.authors:
        fields["author"] = braced(" and ".join(row.authors))
    if row.year:
        fields["year"] = braced(str(row.year))
    if row.venue:
        fields["booktitle"] = braced(row.venue)
    paper = next((link for link in row.links if link["kind"] == "paper"), None)
    if paper:
        fields["url"] = braced(paper["url"])
        identifier = recognise(paper["url"])
        if identifier and identifier.scheme.value == "arxiv":
            fields |= {"eprint": braced(identifier.value), "archiveprefix": "{arXiv}"}
        if identifier and identifier.scheme.value == "doi":
            fields["doi"] = braced(identifier.value)
    lines = [f"  {name} = {value}" for name, value in fields.items()]
    return f"@misc{{entry{row.pk},\n" + ",\n".join(lines) + "\n}"


def links_from(text: str) -> list[dict[str, str]]:
    """Links typed one a line: "code https://…". Raises NotPossible for other lines."""
    links = []
    for line in text.splitlines():
        label, _, url = line.strip().rpartition(" ")
        if not url:
            continue
        made = read_link(label.strip(), url)
        links.append({"kind": made.kind, "label": made.label, "url": made.url})
    return links


def read_link(label: str, url: str) -> Link:
    """A link with its kind. Raises NotPossible for what is no address."""
    link, _ = link_of(label, url)
    if link is None:
        raise NotPossible(
            gettext("“{value}” is no address. Write a label, a space and the address.").format(
                value=url[:60]
            )
        )
    return link if link.label else Link(link.kind, link.kind, link.url)


def links_as_text(links: list[Mapping[str, str]]) -> str:
    """The inverse of links_from."""
    return "\n".join(f"{link['label']} {link['url']}" for link in links)
