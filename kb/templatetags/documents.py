"""What documents add to the page of a paper."""

from __future__ import annotations

from typing import Any

from django import template

from accounts.roles import is_curator
from kb.pages.papers.pdf_files import outside_pdf, public_pdf_path, servable
from papers.ingest.citations import cited_here, citing_here
from papers.models import Decision, Paper

register = template.Library()


@register.inclusion_tag("uploads/_paper_panel.html", takes_context=True)
def paper_documents(context: dict[str, Any], paper: Paper) -> dict[str, Any]:
    """PDF, provenance, citations here, and for curators what waits to be decided."""
    user = context["request"].user
    curates = is_curator(user)
    document = servable(paper)
    panel: dict[str, Any] = {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "paper_key": paper.key,
        "pdf_path": public_pdf_path(paper) if document else "",
        "licence": document.get_licence_display() if document else "",
        "outside": outside_pdf(paper),
        "citing": citing_here(paper, user=user),
        "curates": curates,
    }
    if (
        paper.documents.all()
    ):  # nothing else tells what a paper cites, and from where a field was read
        panel["origins"] = paper.field_sources.filter(source__startswith="PDF")
        panel["cites"] = list(cited_here(paper, user=user))
    if curates:
        waiting = {"decision": Decision.OPEN}
        panel["conflicts"] = paper.conflicts.filter(**waiting)
        panel["suggestions"] = paper.topic_suggestions.filter(**waiting).select_related("topic")
    return panel
