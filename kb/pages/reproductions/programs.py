"""The overview of what was run, and the programs: their claims, plots and code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import Visitor
from accounts.roles import signed_in
from accounts.words import Words
from kb.figures import Figure, figure_named
from kb.pages.papers import record_data
from kb.pages.rendering import render_part
from kb.pages.reproductions import listing, plots
from papers.models import Paper
from reproductions import registry
from reproductions.attested.standing import standings
from reproductions.data_sources import SOURCES
from reproductions.ledger import contradictions, summary
from reproductions.ledger.standing import standing
from reproductions.models import Run
from reproductions.models.number import VERIFIED
from reproductions.protocol import SCALES
from reproductions.runs import start as running
from reproductions.runs.reproduce import CHEAP
from taxonomy.models import Topic

CLAIMS_A_PAGE = 40
CODE_LINES_A_PAGE = 190
MOST_FAILED = 16
"""Failures on the front page of the ledger, those furthest off first; more would outgrow it."""
MOST_CLAIMS_EXPLAINED = 20
"""Failed claims of our own with value and reason there; the others are named."""
SECTION = {"section": "reproductions"}


def _program(slug: str) -> registry.Program:
    try:
        return registry.program(slug)
    except registry.UnknownProgram as error:
        raise Http404 from error


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What share of the ledger is verified, what failed, and where the sources disagree.

    With `by=topic` the share of each topic: a page, or the part that this one asks for once shown.
    """
    if request.GET.get("by") == "topic":
        return render_part(
            request,
            page="reproductions/topics.html",
            part="reproductions/_topics.html",
            context=SECTION | {"topics": summary.by_topic(request.user)},
        )
    return render(
        request,
        "reproductions/index.html",
        SECTION
        | {
            "summary": summary.whole(request.user),
            "standing": standing(request.user),
            "testable": summary.testable(request.user),
            "failed": (failed := summary.failed(request.user)),
            "shown_failed": failed[:MOST_FAILED],
            "failed_claims": (claims := summary.failed_claims())[:MOST_CLAIMS_EXPLAINED],
            "named_claims": claims[MOST_CLAIMS_EXPLAINED:],
            "disagreements": contradictions.disagreements(request.user),
            "programs": summary.programs(),
            "active": Run.objects.visible_to(request.user).active(),
            "latest": Run.objects.visible_to(request.user).exclude(finished_at=None)[:8],
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """One program: idea, claims beside measurements, plots, code; POST starts a run."""
    chosen = _program(slug)
    if request.method == "POST":
        return _start(request, chosen)
    runs = Run.objects.visible_to(request.user).filter(program=slug)
    rows = summary.claim_rows(slug)
    claims, judged = _some_claims(request, rows), [row.claim for row in rows]
    idea, rest = listing.idea_and_rest(listing.without_title(chosen.readme))
    topics, papers = _topics(chosen), _papers(chosen, request.user)
    paths = [paper.get_absolute_url() for paper in papers]
    return render(
        request,
        "reproductions/program.html",
        SECTION
        | {
            "program": chosen,
            "manifest": chosen.manifest,
            "idea": listing.markdown(idea),
            "readme": listing.markdown(rest),
            "figure": _figure(topics),
            "papers": papers,
            "data_sources": [SOURCES[name] for name in chosen.manifest.datasets],
            "data": record_data.program(request, slug, chosen.manifest.title, paths),
            "topics": topics,
            "claims": claims,
            "groups": _grouped(claims),
            "plots": plots.plots_of_program(slug),
            "library": plots.LIBRARY,
            "scales": _scales(chosen),
            "devices": running.all_devices(),
            "may_start": running.may_start(request.user),
            "runs": runs.select_related("requested_by")[:12],
            "standings": list(standings(judged).values()),
            "may_lend": running.lent("cpu") or running.lent("cuda"),
            "files": [
                (path.name, len(path.read_text(encoding="utf-8").splitlines()))
                for path in chosen.files
            ],
        },
    )


def _topics(program: registry.Program) -> list[Topic]:
    """Its topics in the order of the manifest, each with its text, where there is one."""
    slugs = program.manifest.topics
    topics = Topic.objects.filter(slug__in=slugs).select_related("lecture")
    return sorted(topics, key=lambda topic: slugs.index(topic.slug))


def _figure(topics: Iterable[Topic]) -> Figure | None:
    """The figure of the first of these topics whose text has one."""
    for topic in topics:
        lecture = getattr(topic, "lecture", None)
        if lecture and (figure := figure_named(lecture.figure)):
            return figure
    return None


def _some_claims(request: HttpRequest, rows: list[summary.ClaimRow]) -> Page:
    """The claims of the page asked for, or of that on which the claim named in the query stands."""
    number = request.GET.get("page", "1")
    for place, row in enumerate(rows):
        if row.claim.identifier == request.GET.get("claim"):
            number = str(place // CLAIMS_A_PAGE + 1)
    return Paginator(rows, CLAIMS_A_PAGE).get_page(number)


@dataclass
class ClaimGroup:
    """Claims about one subject in one table of a paper, or those that are the program's own."""

    title: str
    rows: list[summary.ClaimRow] = field(default_factory=list)

    @property
    def met_count(self) -> int:
        """Claims that came out as they should."""
        return sum(bool(row.judgement and row.judgement.verdict in VERIFIED) for row in self.rows)


def _grouped(rows: Iterable[summary.ClaimRow]) -> list[ClaimGroup]:
    groups: dict[str, ClaimGroup] = {}
    for row in rows:
        title = str(Words("Claims of our own"))
        if row.number:
            subject = row.number.setting.split(",")[0]
            title = f"{subject}, {row.number.table or 'no table given'}"
        groups.setdefault(title, ClaimGroup(title)).rows.append(row)
    return list(groups.values())


def _papers(program: registry.Program, user: Visitor) -> list[Paper]:
    papers = {
        paper.key: paper
        for paper in Paper.objects.visible_to(user).filter(key__in=program.manifest.papers)
    }
    return [papers[key] for key in program.manifest.papers if key in papers]


def _scales(program: registry.Program) -> list[dict[str, Any]]:
    entries = sorted(program.manifest.scales.values(), key=lambda entry: SCALES.index(entry.name))
    usual = next((entry for entry in entries if entry.name in CHEAP), entries[0])
    took = running.estimates(program.slug)
    return [
        {
            "entry": entry,
            "estimate": took.get(entry.name),
            "chosen": entry is usual,
        }
        for entry in entries
    ]


def _start(request: HttpRequest, program: registry.Program) -> HttpResponse:
    try:
        run, new = running.start_run(
            program=program.slug,
            scale=request.POST.get("scale", ""),
            seed=int(request.POST["seed"]) if request.POST.get("seed") else None,
            device=request.POST.get("device", "cpu"),
            elsewhere=request.POST.get("where") == "elsewhere",
            by=signed_in(request.user),
        )
    except running.NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except (ValueError, running.TooMany) as error:
        messages.error(request, gettext("Not started: {error}.").format(error=error))
        return redirect("reproduction", program.slug)
    if not new:
        messages.info(request, gettext("This run was active already; here it is."))
    return redirect(run)


@require_safe
def code(request: HttpRequest, slug: str, file: str) -> HttpResponse:
    """A file of a program: highlighted, with its words beside it, or plain with `?plain`."""
    chosen = _program(slug)
    try:
        text = chosen.file(file).read_text(encoding="utf-8")
    except registry.UnknownProgram as error:
        raise Http404 from error
    if "plain" in request.GET:
        return HttpResponse(text, content_type="text/plain; charset=utf-8")
    parts = listing.parts(listing.blocks(file, text), CODE_LINES_A_PAGE)
    part = Paginator(parts, 1).get_page(request.GET.get("page"))
    context = {"program": chosen, "file": file, "part": part, "blocks": part.object_list[0]}
    if file.endswith(".md"):
        context |= {"blocks": [], "readme": listing.markdown(text)}
    return render(request, "reproductions/code.html", SECTION | context)


@require_safe
def program_plot(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """A plot of a program as SVG, CSV or specification."""
    chosen = _program(slug)
    return plots.answer(request, lambda: plots.plots_of_program(chosen.slug), name)


@require_safe
def badge(request: HttpRequest, key: str) -> HttpResponse:
    """How much of a paper's numbers was met, as a small picture with the scale in its text."""
    paper = get_object_or_404(Paper.objects.visible_to(request.user), key=key)
    response = render(
        request,
        "reproductions/badge.svg",
        {"badge": summary.badge(paper)},
        content_type="image/svg+xml",
    )
    patch_cache_control(response, max_age=300, public=True)
    return response
