"""Runs: their page, log and verdicts; cancelled, repeated, compared, taken away."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from accounts.roles import signed_in
from kb.pages.reproductions import plots
from kb.pages.reproductions.programs import CLAIMS_A_PAGE, SECTION
from reproductions import registry
from reproductions.judging.manifest import ManifestError
from reproductions.ledger import summary
from reproductions.ledger.states import deciding
from reproductions.models import PublishedNumber, Run
from reproductions.runs import citing
from reproductions.runs import start as running
from reproductions.runs.compare import compared
from reproductions.runs.history import lost_commits
from reproductions.runs.ro_crate import crate_json, crate_zip

LINES_AT_ONCE = 500
MEASUREMENTS_AT_ONCE = 250


def _run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(
        Run.objects.visible_to(request.user)
        .select_related("requested_by", "again_of")
        .select_related("attestation__member__profile", "attestation__runner"),
        pk=pk,
    )


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
    run = _run(request, pk)
    return plots.answer(request, lambda: plots.plots_of_runs([run]), name)
