"""Words of the field in English and Chinese."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from kb.pages.rendering import render_part
from papers.models import Term

LONGEST = 100


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All words, or those that hold what was typed in name or meaning."""
    typed = request.GET.get("q", "").strip()[:LONGEST]
    terms = Term.objects.all()
    for word in typed.split():
        terms = terms.filter(
            Q(en__icontains=word)
            | Q(zh__icontains=word)
            | Q(meaning_en__icontains=word)
            | Q(meaning_zh__icontains=word)
            | Q(variants_zh__icontains=word)
        )
    context = {"section": "learning", "terms": terms, "typed": typed}
    return render_part(
        request,
        page="learning/glossary.html",
        part="learning/_terms.html",
        context=context,
        target="terms",
    )
