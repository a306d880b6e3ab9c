"""Plots as files and tables; the interactive library for those who have scripts."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import tempfile
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vl_convert
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext, ngettext, override
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from kb.languages.offered import of_path
from kb.pages.rendering import render_part
from kb.pages.reproductions.plot_points import Plot, pairs_plot, plots_of, with_reported
from kb.pages.reproductions.vega import spec, wrapped
from reproductions.ledger import summary
from reproductions.models import CurvePoint, Judgement, PublishedNumber, Run
from reproductions.published import SCALE_OF_UNIT

WIDTH, TITLE_SIZE = 640, 14
"""Of a drawing that stands alone, in pixels."""
MOST_TABLED = 400
"""Values of one plot in a page; all are in its CSV."""
PAPER_COLOURS = {
    "--ink": "#1b2030",
    "--ink-2": "#4d5466",
    "--rule": "#dcdad4",
    "--rule-2": "#a9a69e",
    "--series-1": "#2b5fb4",
    "--series-2": "#2a7d4f",
    "--series-3": "#b4531b",
    "--series-4": "#5b6478",
    "--series-5": "#8a3f9c",
    "--series-6": "#0f7c8a",
    "--series-7": "#a12b4f",
    "--series-8": "#7a6a12",
}
"""Colours of a drawing that leaves the site, where no style sheet follows it."""
DARK_COLOURS = {
    "--ink": "#e6e5df",
    "--ink-2": "#adb1b9",
    "--rule": "#333840",
    "--rule-2": "#585e67",
    "--series-1": "#7cb5f5",
    "--series-2": "#73ce95",
    "--series-3": "#f6ab6b",
    "--series-4": "#a6b2c5",
    "--series-5": "#d99ee7",
    "--series-6": "#65d0dc",
    "--series-7": "#f996a6",
    "--series-8": "#d6c665",
}
DARK_GROUND = "#111419"


@lru_cache(maxsize=256)
def _svg(wanted: str) -> str:
    return str(vl_convert.vegalite_to_svg(json.loads(wanted), vl_version="6.4"))


def _live_width(plot: Plot) -> int | str:
    """What the browser draws in: its column, or, where settings need room, a width to scroll in."""
    return WIDTH if plot.kind == "pairs" else "container"


def as_file(plot: Plot, *, dark: bool = False) -> str:
    """The plot as SVG that stands alone: with its size, and on paper, or on the dark ground that
    pages have where a reader prefers it."""
    colours, ground = (DARK_COLOURS, DARK_GROUND) if dark else (PAPER_COLOURS, "white")
    title = {
        "text": wrapped(plot.title, WIDTH - 40, TITLE_SIZE),
        "color": "var(--ink)",
        "fontSize": TITLE_SIZE,
        "anchor": "start",
        "frame": "bounds",
        "offset": 8,
    }
    drawing = {**spec(plot, WIDTH), "title": title, "background": ground}
    svg = _svg(json.dumps(drawing, sort_keys=True, default=str))
    return re.sub(r"var\((--[a-z0-9-]+)\)", lambda m: colours.get(m.group(1), "#000"), svg)


def as_csv(plot: Plot) -> str:
    """The rows of the plot as CSV."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(plot.heads)
    writer.writerows(plot.table)
    return text.getvalue()


def plots_of_program(slug: str) -> list[Plot]:
    """Plots of the runs that decide, of every scale; one that two scales make, of the larger."""
    plots: dict[str, Plot] = {}
    for runs in summary.deciding_runs(slug):
        for plot in plots_of_runs(runs):
            plots.setdefault(plot.slug, plot)
    return list(plots.values())


def plots_of_runs(runs: Sequence[Run]) -> list[Plot]:
    """Plots of what these runs printed, and of printed against measured values."""
    if not runs:
        return []
    points = [
        {"curve": row.curve, "x": row.x, "y": row.y, "more": row.more, "seed": row.run.seed}
        for row in CurvePoint.objects.filter(run__in=runs).select_related("run")
    ]
    names = ", ".join(str(run.pk) for run in runs)
    told = ngettext(
        "From run {names}, {scale} scale.", "From runs {names}, {scale} scale.", len(runs)
    )
    source = told.format(names=names, scale=gettext(runs[0].scale))
    drawings = plots_of(points, source)
    reported = _reported_parameters(runs[-1])
    return [
        *_printed_and_measured(runs[-1], source),
        *(
            with_reported(plot, reported)
            if reported and plot.slug == "total-against-active-parameters"
            else plot
            for plot in drawings
        ),
    ]


def _reported_parameters(run: Run) -> list[dict[str, Any]]:
    """Models of which a paper prints both total and active parameters."""
    reported: dict[str, dict[str, Any]] = {}
    tested = PublishedNumber.objects.filter(
        metric="params", claims__program=run.program, claims__withdrawn_at=None
    )
    for number in tested:
        named = re.match(r"(.+?),? (total|active)( parameters)?(, main model)?$", number.setting)
        if named:
            axis = "x" if named[2] == "total" else "y"
            count = float(number.value) * SCALE_OF_UNIT.get(number.unit, 1.0)
            reported.setdefault(named[1], {"label": named[1]})[axis] = count
    return [row for row in reported.values() if "x" in row and "y" in row]


def _printed_and_measured(run: Run, source: str) -> list[Plot]:
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    judged = Judgement.objects.filter(run=run, claim__number__isnull=False).exclude(measured=None)
    for judgement in judged.select_related("claim__number"):
        number = judgement.claim.number
        assert number is not None  # by the filter above
        row = {
            "setting": number.setting,
            "paper": float(number.value),
            "ours": judgement.measured,
            "scale": run.scale,
            "verdict": judgement.get_verdict_display(),
        }
        groups.setdefault((number.metric, number.unit), []).append(row)
    return [
        pairs_plot(rows[:60], metric=metric, unit=unit, source=source)
        for (metric, unit), rows in groups.items()
        if len(rows) > 1
    ]


def answer(request: HttpRequest, make: Callable[[], list[Plot]], name: str) -> HttpResponse:
    """The plot `<slug>` as `.svg`, `.csv` or `.json`; as `.html` its values for reading.

    make: all plots that this may be one of, in the words of the language that is spoken then.
    `?theme=dark`: the SVG as dark pages show it. `?language=zh`: in the words of Chinese pages.

    Raises Http404 if there is none.
    """
    with override(of_path(request.GET.get("language", "")).code):
        return _answer(request, make(), name)


def _answer(request: HttpRequest, plots: Sequence[Plot], name: str) -> HttpResponse:
    slug, _, kind = name.rpartition(".")
    for plot in plots:
        if plot.slug == slug:
            if kind == "svg":
                dark = request.GET.get("theme") == "dark"
                return _download(as_file(plot, dark=dark), "image/svg+xml", name)
            if kind == "csv":
                return _download(as_csv(plot), "text/csv; charset=utf-8", name)
            if kind == "json":
                wanted = json.dumps(spec(plot, _live_width(plot)), default=str)
                return HttpResponse(wanted, content_type="application/json")
            if kind == "html":
                return _tabled(request, plot)
    raise Http404


def _tabled(request: HttpRequest, plot: Plot) -> HttpResponse:
    """The values of a plot, as many as a page bears."""
    return render_part(
        request,
        page="reproductions/plot.html",
        part="reproductions/_plot_table.html",
        context={
            "section": "reproductions",
            "plot": plot,
            "rows": plot.table[:MOST_TABLED],
            "whole": request.path.removesuffix("html") + "csv",
        },
    )


def _download(text: str, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(text, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


LIBRARY = f"vega-{version('vl-convert-python')}.js"


@require_safe
@cache_control(max_age=31_536_000, public=True, immutable=True)
def library(request: HttpRequest, name: str) -> HttpResponse:
    """The charting library out of its package; only pages with plots ask for it."""
    if name != LIBRARY:
        raise Http404
    return HttpResponse(_bundle(), content_type="text/javascript; charset=utf-8")


@lru_cache(maxsize=1)
def _bundle() -> str:
    """Bundled once for every process of this machine: it takes seconds."""
    kept = Path(settings.KB_DATA_DIR) / "derived" / LIBRARY
    if kept.is_file():
        return kept.read_text(encoding="utf-8")
    text = vl_convert.javascript_bundle(None)  # type: ignore[arg-type]  # its stub errs
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            "w", dir=kept.parent, delete=False, encoding="utf-8"
        ) as file:
            file.write(text)
        os.replace(file.name, kept)  # noqa: PTH105 (atomic, whoever comes second)
    except OSError:
        pass  # a full or read-only disk costs time, not the plot
    return text
