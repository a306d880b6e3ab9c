"""All export formats by suffix: what the cite box, the downloads and the harvesters offer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from papers.formats import bibtex, csl, csv_table, endnote, jsonld, markdown, mods, ris
from papers.formats.citation import Citation
from papers.formats.of_paper import citation_of
from papers.models import Paper


@dataclass(frozen=True)
class Format:
    """An export format. `write` takes papers (for_cards, versions) and the site's address."""

    suffix: str
    name: str
    media_type: str
    write: Callable[[Sequence[Paper], str], str]


def _of_citations(
    write: Callable[[Iterable[Citation]], str],
) -> Callable[[Sequence[Paper], str], str]:
    return lambda papers, base_url: write(citation_of(paper) for paper in papers)


FORMATS = {
    format.suffix: format
    for format in (
        Format("bib", "BibTeX", "application/x-bibtex", _of_citations(bibtex.write)),
        Format("ris", "RIS", "application/x-research-info-systems", _of_citations(ris.write)),
        Format(
            "csl.json",
            "CSL-JSON",
            "application/vnd.citationstyles.csl+json",
            _of_citations(csl.write),
        ),
        Format("enw", "EndNote", "application/x-endnote-refer", _of_citations(endnote.write)),
        Format("xml", "MODS", "application/mods+xml", _of_citations(mods.write)),
        Format("jsonld", "JSON-LD", "application/ld+json", jsonld.write),
        Format("csv", "CSV", "text/csv", csv_table.write),
        Format("md", "Markdown", "text/markdown", markdown.write),
    )
}


def export(papers: Iterable[Paper], suffix: str, base_url: str = "") -> str:
    """`papers` in the format of `suffix`; `base_url` is the site's address without a slash.

    Raises KeyError when there is no such format.
    """
    return FORMATS[suffix].write(list(papers), base_url)
