"""Is the site well? Each part with its state and the age of its last sign of life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils import timezone

from kb.models import SignOfLife
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


def report() -> dict[str, Part]:
    """The state of database, queue, both workers, index and encoder. Never raises."""
    parts = {"database": _guarded(_database)}
    checks: dict[str, Callable[[], Part]] = {
        "queue": lambda: _seen("queue"),
        "worker": lambda: _seen("worker"),
        "reproductions": lambda: _seen("reproductions"),
        "index": _index,
        "encoder": _encoder,
    }
    for name, check in checks.items():
        if parts["database"].is_well:
            parts[name] = _guarded(check)
        else:
            parts[name] = Part("unknown", detail="the database does not answer")
    return parts


def _guarded(check: Callable[[], Part]) -> Part:
    try:
        return check()
    except Exception as error:
        return Part("failed", detail=type(error).__name__)


def _database() -> Part:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return Part("ok", 0.0)


def _age(at: datetime) -> float:
    return round((timezone.now() - at).total_seconds(), 1)


def _seen(name: str) -> Part:
    sign = SignOfLife.objects.filter(name=name).first()
    if sign is None:
        return Part("starting", detail="not seen yet")
    age = _age(sign.at)
    return Part("ok" if age < QUIET_SECONDS else "silent", age)


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
