"""Is the site well? Each part with its state and the age of its last sign of life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from kb.site import disk, heartbeat
from kb.site.cache import site_cache
from papers.models import Paper, PaperEmbedding

QUIET_SECONDS = 60


@dataclass(frozen=True)
class Part:
    """One part of the site. `age_seconds` is None where age means nothing."""

    state: str
    age_seconds: float | None = None
    detail: str = ""

    @property
    def is_well(self) -> bool:
        return self.state in ("ok", "starting", "catching up")


def report(only: str = "") -> dict[str, Part]:
    """The state of each part, or of that named `only`. Never raises, but KeyError for no part."""
    parts = {only: CHECKS[only]} if only else CHECKS
    report = {"database": _guarded(_database)}
    for name, check in parts.items():
        if name in report:
            continue
        if name in NEED_DATABASE and not report["database"].is_well:
            report[name] = Part("unknown", detail="the database does not answer")
        else:
            report[name] = _guarded(check)
    return {name: report[name] for name in parts}


def is_working(parts: dict[str, Part]) -> bool:
    """Whether what the site cannot do without is well, among `parts`."""
    return all(part.is_well for name, part in parts.items() if name in ESSENTIAL)


def _guarded(check: Callable[[], Part]) -> Part:
    try:
        return check()
    except Exception as error:
        return Part("failed", detail=type(error).__name__)


def _database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Part("ok", 0.0)


def _broker() -> Part:
    """The server of cache and counters, which by default carries the queues too."""
    uptime = site_cache().client.uptime()
    return Part("failed", detail="does not answer") if uptime is None else Part("ok", 0.0)


def _age(at: datetime) -> float:
    return round((timezone.now() - at).total_seconds(), 1)


def _seen(name: str) -> Part:
    """One that gives signs. `starting` when the server that keeps them is young and has none."""
    silence = heartbeat.silence(name)
    if silence is None:
        return Part("unknown", detail="the broker does not answer")
    age = heartbeat.age(name)
    if silence >= QUIET_SECONDS:
        return Part("silent", None if age is None else round(age, 1))
    if age is None:
        return Part("starting", detail="not seen yet")
    return Part("ok", round(age, 1))


def _index() -> Part:
    from papers.search import index_health

    state, age, detail = index_health()
    return Part(state, age, detail)


def _encoder() -> Part:
    from papers.search import encoder_health

    papers = Paper.objects.visible_to().count()
    embedded = PaperEmbedding.objects.filter(paper__state=Paper.State.PUBLIC)
    newest = embedded.order_by("-made_at").values_list("made_at", flat=True).first()
    missing = papers - embedded.values("paper").distinct().count()
    state, detail = encoder_health()
    if state == "ok" and missing > 0:
        state, detail = "catching up", f"{missing} papers without a vector"
    return Part(state, _age(newest) if newest else None, detail)


def _disk() -> Part:
    """Room for what is uploaded, logged and indexed."""
    free = disk.free_bytes()
    state = "ok" if free >= disk.NEEDED_BYTES else "full"
    return Part(state, detail=f"{free // 2**20} MB are free")


CHECKS: dict[str, Callable[[], Part]] = {
    "database": _database,
    "broker": _broker,
    "scheduler": lambda: _seen("scheduler"),
    "queue": lambda: _seen("queue"),
    "worker": lambda: _seen("worker"),
    "reproductions": lambda: _seen("reproductions"),
    "index": _index,
    "encoder": _encoder,
    "disk": _disk,
}
NEED_DATABASE = ("index", "encoder")
ESSENTIAL = ("database", "broker", "scheduler")


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """200 while the site works, 503 without database, broker or scheduler.

    `?part=database` asks for one part alone: whether pages can be served, for load balancers.
    """
    only = request.GET.get("part", "")
    if only and only not in CHECKS:
        return JsonResponse({"state": "unknown", "parts": {}}, status=404)
    parts = report(only)
    working = is_working(parts) if not only else parts[only].is_well
    state = "ok" if all(part.is_well for part in parts.values()) else "degraded"
    body = {
        "state": state if working else "down",
        "parts": {name: asdict(part) for name, part in parts.items()},
    }
    return JsonResponse(body, status=200 if working else 503)
