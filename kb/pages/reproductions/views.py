"""Programs, their code and their runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

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
from reproductions.judging.manifest import ManifestError
from reproductions.ledger import contradictions, summary
from reproductions.ledger.standing import standing
from reproductions.ledger.states import deciding
from reproductions.models import PublishedNumber, Run
from reproductions.models.number import VERIFIED
from reproductions.protocol import SCALES
from reproductions.runs import citing
from reproductions.runs import start as running
from reproductions.runs.compare import compared
from reproductions.runs.history import lost_commits
from reproductions.runs.reproduce import CHEAP
from reproductions.runs.ro_crate import crate_json, crate_zip
from taxonomy.models import Topic

LINES_AT_ONCE = 500
MEASUREMENTS_AT_ONCE = 250
CLAIMS_A_PAGE = 40
CODE_LINES_A_PAGE = 190
SECTION = {"section": "reproductions"}


def _program(slug: str) -> registry.Program:
    try:
        return registry.program(slug)
    except registry.UnknownProgram as error:
        raise Http404 from error


def _run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(
        Run.objects.visible_to(request.user)
        .select_related("requested_by", "again_of")
        .select_related("attestation__member__profile", "attestation__runner"),
        pk=pk,
    )


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
            "failed": summary.failed(request.user),
            "failed_claims": summary.failed_claims(),
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
    found = Topic.objects.filter(slug__in=slugs).select_related("lecture")
    return sorted(found, key=lambda topic: slugs.index(topic.slug))


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
    return [
        {
            "entry": entry,
            "estimate": running.estimated_seconds(program.slug, entry.name),
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
    return plots.answer(request, plots.plots_of_program(chosen.slug), name)


@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """One run: its state, log, measurements, verdicts and record; `?format=bibtex` to cite it."""
    shown_run = _run(request, pk)
    reference = citing.of_run(shown_run, _address(request))
    if request.GET.get("format") == "bibtex":
        return _bibtex(reference)
    lines = list(shown_run.lines.all() if "all" in request.GET else _last_lines(shown_run))
    judgements = shown_run.judgements.select_related("claim", "claim__number__paper", "run")
    return render(
        request,
        "reproductions/run.html",
        SECTION
        | {
            "run": shown_run,
            "reference": reference,
            "attestation": getattr(shown_run, "attestation", None),
            "lines": lines,
            "earlier": lines[0].number - 1 if lines else 0,
            "after": lines[-1].number if lines else 0,
            "estimate": running.estimated_seconds(
                shown_run.program, shown_run.scale, shown_run.device
            ),
            "judgements": Paginator(
                judgements.order_by("claim__position", "pk"), CLAIMS_A_PAGE
            ).get_page(request.GET.get("page")),
            "measurements": shown_run.measurements.all()[:MEASUREMENTS_AT_ONCE],
            "measured_count": shown_run.measurements.count(),
            "plots": plots.plots_of_runs([shown_run]) if not shown_run.is_active else [],
            "library": plots.LIBRARY,
            "others": _others(shown_run),
            "repetitions": shown_run.repetitions.order_by("pk")[:5],
            "lost": lost_commits(settings.FIXTURES_DIR / "runs").get(
                shown_run.code.get("commit", "")
            ),
            "outdated": shown_run.code and not _is_current(shown_run),
            "shows_person": request.user.is_staff or request.user == shown_run.requested_by,
            "pooled": shown_run.judged_with.exclude(pk=shown_run.pk),
            "may_cancel": running.may_cancel(request.user, shown_run) and shown_run.is_active,
            "may_start": running.may_start(request.user) and not shown_run.is_active,
        },
    )


@require_safe
def verdict(request: HttpRequest, pk: int, claim: str) -> HttpResponse:
    """One verdict by its permanent address, with what it rests on and how to cite it."""
    shown_run = _run(request, pk)
    judgements = shown_run.judgements.select_related("claim__number__paper", "run")
    judgement = get_object_or_404(judgements, claim__identifier=claim)
    number = judgement.claim.number
    if number and not PublishedNumber.objects.visible_to(request.user).filter(pk=number.pk):
        raise Http404
    reference = citing.of_verdict(judgement, _address(request))
    if request.GET.get("format") == "bibtex":
        return _bibtex(reference)
    decided = summary.judged_claims(pk=judgement.claim_id)
    newest = deciding(decided[0]) if decided else None
    return render(
        request,
        "reproductions/verdict.html",
        SECTION
        | {
            "run": shown_run,
            "judgement": judgement,
            "number": number,
            "subject": number.setting if number else judgement.claim.statement,
            "attestation": getattr(shown_run, "attestation", None),
            "newer": newest if newest and newest.pk != judgement.pk else None,
            "reference": reference,
        },
    )


def _address(request: HttpRequest) -> str:
    """The page by itself, without what was asked of it."""
    return request.build_absolute_uri(request.path)


def _bibtex(reference: citing.Reference) -> HttpResponse:
    response = HttpResponse(reference.bibtex + "\n", content_type="application/x-bibtex")
    response["Content-Disposition"] = f'attachment; filename="{reference.key}.bib"'
    return response


def _is_current(run: Run) -> bool:
    """Whether the code that made the run is that of today; a program no longer listed is not."""
    try:
        return run.made_by(registry.hashes(registry.program(run.program)))
    except (registry.UnknownProgram, ManifestError):
        return False


def _last_lines(run: Run) -> list[Any]:
    return list(run.lines.order_by("-number")[:LINES_AT_ONCE])[::-1]


def _others(run: Run) -> list[Run]:
    same = Run.objects.filter(program=run.program, scale=run.scale).exclude(pk=run.pk)
    return list(same.exclude(finished_at=None)[:6])


@require_safe
def events(request: HttpRequest, pk: int) -> HttpResponse:
    """What a run has said since line `after`; asks to be asked again only while it is active."""
    watched = _run(request, pk)
    try:
        after = max(0, int(request.GET.get("after", 0)))
    except ValueError:
        after = 0
    lines = list(watched.lines.filter(number__gt=after)[:LINES_AT_ONCE])
    finished = not watched.is_active and len(lines) < LINES_AT_ONCE
    response = render(
        request,
        "reproductions/_events.html",
        {
            "run": watched,
            "lines": lines,
            "after": lines[-1].number if lines else after,
            "finished": finished,
            "live": True,
        },
    )
    patch_cache_control(response, no_store=True)
    return response


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Cancel a run; one that has ended stays as it is."""
    stopped = _run(request, pk)
    try:
        running.cancel_run(run=stopped, by=signed_in(request.user))
    except running.NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    return redirect(stopped)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Start the same once more."""
    repeated = _run(request, pk)
    try:
        fresh, _ = running.run_again(run=repeated, by=signed_in(request.user))
    except running.NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except (registry.UnknownProgram, ManifestError, ValueError, running.TooMany) as error:
        messages.error(request, gettext("Not started: {error}.").format(error=error))
        return HttpResponseRedirect(repeated.get_absolute_url())
    return redirect(fresh)


@require_safe
def diff(request: HttpRequest, first: int, second: int) -> HttpResponse:
    """Two runs of one program beside each other."""
    left, right = _run(request, first), _run(request, second)
    if left.program != right.program:
        raise Http404
    return render(
        request,
        "reproductions/diff.html",
        SECTION | {"left": left, "right": right, "found": compared(left, right)},
    )


@require_safe
def crate(request: HttpRequest, pk: int) -> HttpResponse:
    """The run as an RO-Crate: a zip, or with `?format=json` its metadata alone."""
    packed = _run(request, pk)
    base = request.build_absolute_uri("/")
    if request.GET.get("format") == "json":
        return HttpResponse(crate_json(packed, base), content_type="application/ld+json")
    response = HttpResponse(crate_zip(packed, base), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="run-{packed.pk}-crate.zip"'
    return response


@require_safe
def run_plot(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A plot of a run as SVG, CSV or specification."""
    return plots.answer(request, plots.plots_of_runs([_run(request, pk)]), name)


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
