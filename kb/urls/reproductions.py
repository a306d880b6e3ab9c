"""Addresses of the ledger, the programs and their runs; mounted at the root by kb.urls."""

from django.urls import path

from kb.pages import disagreements, numbers
from kb.pages.comparing import views as comparing
from kb.pages.reproductions import plots, programs, runners, runs
from kb.pages.tables import views as tables

urlpatterns = [
    path("numbers/", numbers.index, name="numbers"),
    path("numbers.csv", numbers.as_csv, name="numbers-csv"),
    path("numbers.json", numbers.as_json, name="numbers-json"),
    path("numbers/<slug:slug>/", numbers.number, name="number"),
    path("compare/", comparing.index, name="compare"),
    path("compare.<str:suffix>", comparing.as_file, name="compare-file"),
    path("tables/", tables.index, name="tables"),
    path("tables/new/", tables.new, name="table-new"),
    path("tables/<slug:slug>/", tables.detail, name="table"),
    path("tables/<slug:slug>.<str:suffix>", tables.table_file, name="table-file"),
    path("tables/<slug:slug>/edit/", tables.edit, name="table-edit"),
    path("tables/<slug:slug>/v<int:number>/", tables.version, name="table-version"),
    path("tables/<slug:slug>/v<int:number>.<str:suffix>", tables.version_file),
    path("tables/<slug:slug>/v<int:number>/restore", tables.restore, name="table-restore"),
    path("disagreements/", disagreements.index, name="disagreements"),
    path("reproductions/", programs.index, name="reproductions"),
    path("reproductions/<slug:slug>/", programs.program, name="reproduction"),
    path("reproductions/<slug:slug>/code/<str:file>", programs.code, name="reproduction-code"),
    path("reproductions/<slug:slug>/plots/<str:name>", programs.program_plot),
    path("runs/<int:pk>/", runs.run, name="run"),
    path("runs/<int:pk>/events", runs.events, name="run-events"),
    path("runs/<int:pk>/cancel", runs.cancel, name="run-cancel"),
    path("runs/<int:pk>/again", runs.again, name="run-again"),
    path("runs/<int:pk>/verdicts/<str:claim>/", runs.verdict, name="verdict"),
    path("runs/<int:pk>/crate", runs.crate, name="run-crate"),
    path("runs/<int:pk>/plots/<str:name>", runs.run_plot),
    path("runs/<int:first>/diff/<int:second>", runs.diff, name="run-diff"),
    path("runners/", runners.index, name="runners"),
    path("runners/hand-in/", runners.hand_in, name="hand-in-new"),
    path("runners/<int:pk>/", runners.detail, name="runner"),
    path("runners/<int:pk>/decide", runners.decide, name="runner-decide"),
    path("runners/<int:pk>/retire", runners.retire, name="runner-retire"),
    path("hand-ins/<int:pk>/", runners.handed_in, name="hand-in"),
    path("hand-ins/<int:pk>/decide", runners.decide_record, name="hand-in-decide"),
    path("badges/<slug:key>.svg", programs.badge, name="badge"),
    path("charts/<str:name>", plots.library, name="chart-library"),
]
