"""A paper's reference as text, in the styles that people are asked for."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from papers.formats.of_paper import citation_of
from papers.formats.styles import STYLES, formatted
from papers.models import Paper


@require_safe
def cite(request: HttpRequest, key: str) -> HttpResponse:
    """Every style on one page; with `?style=apa` that reference alone, as plain text."""
    papers = Paper.objects.visible_to(request.user).for_cards()
    paper = get_object_or_404(papers, key=key)
    citation = citation_of(paper)
    if style := request.GET.get("style", ""):
        if style not in STYLES:
            raise Http404(
                gettext("There is no style “{value}”. There are {styles}.").format(
                    value=style[:60], styles=", ".join(STYLES)
                )
            )
        text = formatted(citation, style) + "\n"
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    references = [(name, style, formatted(citation, name)) for name, style in STYLES.items()]
    context = {"section": "papers", "paper": paper, "references": references}
    return render(request, "papers/cite.html", context)
