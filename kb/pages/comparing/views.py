"""/compare/: accuracy against cost over all numbers that the ledger joins."""

from __future__ import annotations

import re
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext, pgettext
from django.views.decorators.http import require_safe

from kb.pages.comparing import drawing, files
from kb.pages.rendering import render_part
from reproductions.comparing.comparison import Comparison, LeftOut, compare
from reproductions.comparing.quantities import COSTS, shown
from reproductions.comparing.query import NONE, CompareQuery

ROWS_A_PAGE = 20
SUFFIXES = ("svg", "csv", "tex")
MOST_LEFT_OUT = 12
"""Groups that are named as left out; the rest are counted."""


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The picture, the best within a bound, every point as a table, and what is not drawn."""
    query = CompareQuery.from_params(request.GET)
    canonical = _canonical(request, query)
    if not request.htmx and request.GET.urlencode() != canonical:  # type: ignore[attr-defined]
        return HttpResponseRedirect(f"{reverse('compare')}{'?' if canonical else ''}{canonical}")
    comparison = compare(query, request.user)
    page = Paginator(comparison.drawn, ROWS_A_PAGE).get_page(request.GET.get("page"))
    in_page = drawing.drawn_in_page(comparison)
    response = render_part(
        request,
        page="comparing/index.html",
        part="comparing/_result.html",
        target="compared",
        context={
            "section": "numbers",
            "query": query,
            "comparison": comparison,
            "costs": [(name, title) for name, (title, _) in COSTS.items()],
            "drawing": mark_safe(drawing.svg(comparison)),  # noqa: S308 (escaped where it is made)
            "sentence": drawing.sentence(comparison),
            "undrawn": len(comparison.drawn) - len(in_page),
            "page": page,
            "best": _best(comparison),
            "left_out": [_left_out(query, group) for group in comparison.left_out[:MOST_LEFT_OUT]],
            "more_left_out": comparison.left_out[MOST_LEFT_OUT:],
            "mixed": _address(query, mix=True),
            "unmixed": _address(query, mix=False),
            "with_doubtful": _address(query, second_hand=True),
            "here": _address(query),
            "kept": [(name, getattr(query, name)) for name in ("split", "by", "paper")],
            "params": urlencode(query.params()),
        },
    )
    if request.htmx:  # type: ignore[attr-defined]
        response["HX-Push-Url"] = _address(query)  # without the empty choices of the form
    return response


def _canonical(request: HttpRequest, query: CompareQuery) -> str:
    """The query string of this question: the address is the state, so the same question has one
    address, without the empty choices that a form sends. What was not understood stays in it."""
    if query.problems:
        sent = {name: str(text) for name, text in request.GET.items()}
        return urlencode({name: text for name, text in sent.items() if text.strip()})
    page = request.GET.get("page", "")
    is_later = re.fullmatch(r"[1-9][0-9]{0,5}", page) and page != "1"
    return urlencode(query.params() | ({"page": page} if is_later else {}))


def _address(query: CompareQuery, **changed: Any) -> str:
    params = query.params(**changed)
    return f"{reverse('compare')}{'?' if params else ''}{urlencode(params)}"


def _left_out(query: CompareQuery, left: LeftOut) -> dict[str, Any]:
    group = left.group
    alone = _address(
        query,
        data_set=group.data_set or NONE,
        split=group.split or NONE,
        measure=group.measure,
        counting=group.counting,
        by=group.by or NONE,
        mix=False,
    )
    return {"left": left, "alone": alone, "papers": left.papers[:4], "more": left.papers[4:]}


def _best(comparison: Comparison) -> dict[str, Any]:
    bound = comparison.bound
    if bound is None or comparison.group is None or comparison.mixed:
        return {}
    value, unit = shown(bound, comparison.group.dimensions[1])
    return {
        "bound": f"{value:.4g} {unit}".strip(),
        "side": pgettext("a bound", "under")
        if comparison.less_is_better
        else pgettext("a bound", "from"),
        "points": comparison.best,
    }


@require_safe
def as_file(request: HttpRequest, suffix: str) -> HttpResponse:
    """The drawn points as SVG, CSV or LaTeX."""
    if suffix not in SUFFIXES:
        raise Http404(
            gettext("A comparison can be taken away as {suffixes}.").format(
                suffixes=", ".join(SUFFIXES)
            )
        )
    query = CompareQuery.from_params(request.GET)
    if query.problems:
        return HttpResponse("\n".join(query.problems), status=400, content_type="text/plain")
    comparison = compare(query, request.user)
    host = f"{request.scheme}://{request.get_host()}"
    if suffix == "svg":
        text, kind = drawing.svg(comparison, alone=True, host=host), "image/svg+xml"
        if not text:
            raise Http404(gettext("No points are left to draw."))
    elif suffix == "csv":
        text, kind = files.as_csv(comparison.drawn), "text/csv; charset=utf-8"
    else:
        caption = f"{drawing.sentence(comparison)} {host}{_address(query)}"
        text, kind = files.as_tex(comparison, caption), "application/x-tex; charset=utf-8"
    response = HttpResponse(text, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="comparison.{suffix}"'
    return response
