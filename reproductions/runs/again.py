"""Cheap programs are run again from time to time, so that one that no longer runs is seen."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from reproductions import registry
from reproductions.judging.manifest import Manifest
from reproductions.models import Run
from reproductions.runs.start import start_run

CHEAP_SECONDS = 120
"""Of a scale's budget: what runs longer is not started by itself."""


def run_oldest() -> Run | None:
    """Start the cheap program whose last success here is the oldest, if it is older than
    KB_RERUN_DAYS; one at a time. Returns the run, or None."""
    days = settings.KB_RERUN_DAYS
    if not days or Run.objects.active().exists():
        return None
    cheap = {
        program.slug: scale
        for program in registry.programs()
        if (scale := cheapest_scale(program.manifest))
    }
    since = timezone.now() - timedelta(days=days)
    tried = Run.objects.filter(requested_at__gt=since, origin=Run.Origin.OWN)
    fresh = set(tried.values_list("program", flat=True))
    stale = [slug for slug in cheap if slug not in fresh]
    if not stale:
        return None
    last = last_successes()
    oldest = min(stale, key=lambda slug: (last[slug].timestamp() if slug in last else 0.0, slug))
    run, _ = start_run(program=oldest, scale=cheap[oldest])
    return run


def cheapest_scale(manifest: Manifest) -> str:
    """The scale with the smallest budget, if that is small; empty for none."""
    scales = {name: scale.budget_seconds for name, scale in manifest.scales.items()}
    name = min(scales, key=lambda name: (scales[name], name), default="")
    return name if name and scales[name] <= CHEAP_SECONDS else ""


def last_successes() -> dict[str, datetime]:
    """When each program last finished a run in an orderly way, by slug."""
    rows = Run.objects.finished().exclude(finished_at=None).order_by("program", "-finished_at")
    newest = rows.distinct("program").values_list("program", "finished_at")
    return {program: ended for program, ended in newest if ended is not None}


def failing() -> list[str]:
    """Programs whose newest ended run did not finish in an orderly way."""
    ended = Run.objects.exclude(finished_at=None).exclude(
        state__in=(Run.State.CANCELLED, Run.State.NEEDS_DATA, Run.State.LOST)
    )
    newest = ended.order_by("program", "-finished_at", "-pk").distinct("program")
    return [run.program for run in newest if run.state != Run.State.FINISHED]
