"""Of numbers, tables, programs, runs and the machines of members."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise, product

from kb.pages.reproductions.plots import LIBRARY, plots_of_program, plots_of_runs
from kb.pages.tables.files import TYPES as TABLE_TYPES
from reproductions import registry
from reproductions.models import (
    Attestation,
    Judgement,
    PublishedNumber,
    Run,
    Runner,
    SurveyTable,
    SurveyTableVersion,
)
from tests.crawl.rows import Rows, column, columns, each

PLOT_KINDS = ("svg", "csv", "json", "html")


def _program_files() -> Rows:
    return ((one.slug, path.name) for one in registry.programs() for path in one.files)


def _program_plots() -> Rows:
    for slug in registry.slugs():
        for plot, kind in product(plots_of_program(slug), PLOT_KINDS):
            yield slug, f"{plot.slug}.{kind}"


def _run_plots() -> Rows:
    for run in Run.objects.order_by("pk"):
        for plot, kind in product(plots_of_runs([run]), PLOT_KINDS):
            yield run.pk, f"{plot.slug}.{kind}"


def _run_pairs() -> Rows:
    """Every run beside the one before it of the same program."""
    runs = Run.objects.order_by("program", "scale", "pk").values_list("program", "pk")
    return ((a[1], b[1]) for a, b in pairwise(runs) if a[0] == b[0])


def _tables() -> list[str]:
    return list(SurveyTable.objects.order_by("slug").values_list("slug", flat=True))


SOURCES: dict[str, Callable[[], Rows]] = {
    "numbers/<slug:slug>": column(PublishedNumber.objects.visible_to(None), "slug"),
    "tables/<slug:slug>": column(SurveyTable.objects.all(), "slug"),
    "tables/<slug:slug>.<str:suffix>": lambda: product(_tables(), TABLE_TYPES),
    "tables/<slug:slug>/v<int:number>": columns(
        SurveyTableVersion.objects, "table__slug", "number"
    ),
    "tables/<slug:slug>/v<int:number>.<str:suffix>": lambda: (
        (slug, 1, suffix) for slug, suffix in product(_tables(), TABLE_TYPES)
    ),
    "compare.<str:suffix>": each("svg", "csv", "tex"),
    "reproductions/<slug:slug>": lambda: ((slug,) for slug in registry.slugs()),
    "reproductions/<slug:slug>/code/<str:file>": _program_files,
    "reproductions/<slug:slug>/plots/<str:name>": _program_plots,
    "runs/<int:pk>": column(Run.objects.all()),
    "runs/<int:pk>/verdicts/<str:claim>": columns(Judgement.objects, "run_id", "claim__identifier"),
    "runs/<int:pk>/plots/<str:name>": _run_plots,
    "runs/<int:first>/diff/<int:second>": _run_pairs,
    "runners/<int:pk>": column(Runner.objects.all()),
    "runners/<int:pk>/runs/<int:run>": lambda: [],  # for the machines of members
    "hand-ins/<int:pk>": column(Attestation.objects.all()),
    "charts/<str:name>": each(LIBRARY),
}
