"""/tables/: survey tables with their versions, files and the curators' page."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from accounts.roles import NotPossible, is_curator, signed_in
from community.members.profiles import shown_name
from kb.pages.papers import record_data
from kb.pages.sharing import cards
from kb.pages.tables.files import TYPES, as_file
from kb.pages.tables.forms import TableForm
from papers.names import slug as slug_of
from reproductions.models import SurveyTable, SurveyTableVersion
from reproductions.survey_tables import versions
from reproductions.survey_tables.answer import answer
from reproductions.survey_tables.definition import BadDefinition, Definition, read_definition
from reproductions.survey_tables.named import require_known
from reproductions.survey_tables.shapes import Answer

SECTION = {"section": "numbers"}
MOST_VERSIONS = 25
"""Versions that a page lists; each has an address of its own."""


def _table(slug: str) -> SurveyTable:
    return get_object_or_404(SurveyTable, slug=slug)


def _version(slug: str, number: int) -> SurveyTableVersion:
    return get_object_or_404(
        SurveyTableVersion.objects.select_related("table"), table__slug=slug, number=number
    )


def _curator(request: HttpRequest) -> User:
    user = signed_in(request.user)
    if not is_curator(user):
        raise PermissionDenied(gettext("Only curators make and change survey tables."))
    return user


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every table with its caption and how many rows it had last."""
    newest: dict[int, SurveyTableVersion] = {}
    for version in SurveyTableVersion.objects.order_by("table_id", "-number").distinct("table_id"):
        newest[version.table_id] = version
    rows = [
        {
            "table": table,
            "caption": newest[table.pk].definition["caption"],
            "count": len(newest[table.pk].answer["rows"]),
            "version": newest[table.pk],
        }
        for table in SurveyTable.objects.all()
        if table.pk in newest
    ]
    return render(
        request,
        "tables/index.html",
        SECTION | {"rows": rows, "curates": is_curator(request.user)},
    )


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A table with the rows of today."""
    table = _table(slug)
    version = versions.newest(table)
    definition = read_definition(version.definition)
    return _page(request, version, definition, answer(definition, request.user), current=True)


@require_safe
def version(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A version with the rows of its moment: what a citation points to."""
    chosen = _version(slug, number)
    definition = read_definition(chosen.definition)
    reply = versions.kept_answer(chosen, request.user)
    return _page(request, chosen, definition, reply, current=False)


def _page(
    request: HttpRequest,
    version: SurveyTableVersion,
    definition: Definition,
    reply: Answer,
    *,
    current: bool,
) -> HttpResponse:
    table = version.table
    every = table.versions.select_related("by").defer("definition", "answer")[:MOST_VERSIONS]
    card = cards.of_table(table)
    context: dict[str, Any] = {
        "table": table,
        "card": card,
        "data": record_data.data_set(request, card, TYPES),
        "version": version,
        "definition": definition,
        "answer": reply,
        "rows": _cells(reply),
        "heads": list(zip(reply.heads, reply.figures, strict=True)),
        "current": current,
        "versions": [(made, shown_name(made.by) if made.by else "") for made in every],
        "suffixes": list(TYPES),
        "base": table.get_absolute_url().rstrip("/") if current else f"{_own(version)}",
        "citation": _citation(request, version),
        "curates": is_curator(request.user),
        "newest": versions.newest(table) if not current else version,
    }
    return render(request, "tables/detail.html", SECTION | context)


def _own(version: SurveyTableVersion) -> str:
    return version.get_absolute_url().rstrip("/")


def _cells(reply: Answer) -> list[list[tuple[Any, bool]]]:
    """Cells with whether they hold figures, row by row."""
    return [list(zip(row.cells, reply.figures, strict=True)) for row in reply.rows]


def _citation(request: HttpRequest, version: SurveyTableVersion) -> str:
    address = f"{request.scheme}://{request.get_host()}{version.get_absolute_url()}"
    made = timezone.localtime(version.made_at).date().isoformat()
    title = version.definition["title"]
    return f"The Living Survey: {title}. Version {version.number}, {made}. {address}"


@require_safe
def table_file(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """The rows of today as a file."""
    chosen = versions.newest(_table(slug))
    definition = read_definition(chosen.definition)
    return _file(request, chosen, definition, answer(definition, request.user), suffix)


@require_safe
def version_file(request: HttpRequest, slug: str, number: int, suffix: str) -> HttpResponse:
    """The rows of a version as a file."""
    chosen = _version(slug, number)
    definition = read_definition(chosen.definition)
    reply = versions.kept_answer(chosen, request.user)
    return _file(request, chosen, definition, reply, suffix)


def _file(
    request: HttpRequest,
    version: SurveyTableVersion,
    definition: Definition,
    reply: Answer,
    suffix: str,
) -> HttpResponse:
    if suffix not in TYPES:
        raise Http404(
            gettext("A table can be taken away as {types}.").format(types=", ".join(TYPES))
        )
    text = as_file(suffix, definition, reply, _citation(request, version))
    response = HttpResponse(text, content_type=TYPES[suffix])
    name = f"{version.table.slug}-v{version.number}.{suffix}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A curator makes a table: look at it first, then save it."""
    curator = _curator(request)
    if request.method != "POST":
        return _form(request, TableForm())
    form = TableForm.from_post(request.POST)
    try:
        definition = form.definition()
        require_known(definition, curator)
    except BadDefinition as error:
        return _form(request, form, problem=str(error))
    if "save" not in request.POST:
        return _form(request, form, preview=answer(definition, curator), definition=definition)
    own = re.sub(r"[^a-z0-9-]", "", slug_of(definition.title))[:60].strip("-")
    if not own or own == "new" or SurveyTable.objects.filter(slug=own).exists():
        problem = "There is a table with this title already; choose another title."
        return _form(request, form, problem=problem)
    table = SurveyTable.objects.create(slug=own, title=definition.title, position=1000)
    versions.publish(table, definition, by=curator, note=form.note[:300])
    messages.success(request, gettext("The table stands."))
    return redirect(table)


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """A curator changes a table; every save is a version."""
    curator, table = _curator(request), _table(slug)
    newest = versions.newest(table)
    if request.method != "POST":
        return _form(request, TableForm.of(newest.definition), table=table, base=newest.number)
    form = TableForm.from_post(request.POST)
    after = request.POST.get("base", "")
    base = int(after) if after.isdecimal() and len(after) < 9 else newest.number
    try:
        definition = form.definition()
        require_known(definition, curator)
        if "save" not in request.POST:
            reply = answer(definition, curator)
            return _form(
                request, form, table=table, base=base, preview=reply, definition=definition
            )
        versions.publish(table, definition, by=curator, note=form.note[:300], after=base)
    except (BadDefinition, NotPossible) as error:
        return _form(request, form, table=table, base=newest.number, problem=str(error))
    messages.success(request, gettext("Saved as a new version."))
    return redirect(table)


def _form(
    request: HttpRequest,
    form: TableForm,
    *,
    table: SurveyTable | None = None,
    base: int = 0,
    problem: str = "",
    preview: Answer | None = None,
    definition: Definition | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "table": table,
        "base": base,
        "problem": problem,
        "preview": preview,
        "definition": definition,
    }
    if preview is not None:
        context["rows"] = _cells(preview)
        context["heads"] = list(zip(preview.heads, preview.figures, strict=True))
    status = 422 if problem else 200
    return render(request, "tables/form.html", SECTION | context, status=status)


@require_POST
def restore(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A curator brings back what an earlier version asked and said."""
    curator = _curator(request)
    made = versions.restore(_version(slug, number), by=curator)
    messages.success(
        request,
        gettext("Version {number} says again what version {number2} said.").format(
            number=made.number, number2=number
        ),
    )
    return redirect(made.table)
