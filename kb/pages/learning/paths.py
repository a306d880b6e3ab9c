"""Reading paths: what to read in which order, and how far a member is."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from accounts.models import Visitor
from accounts.roles import signed_in
from community import progress
from kb.pages.rendering import back
from papers.models import Paper, PathStep, ReadingPath


@dataclass(frozen=True)
class ShownStep:
    """A step with the paper that this reader may see, and whether they have ticked it."""

    step: PathStep
    paper: Paper | None
    done: bool

    @property
    def title(self) -> str:
        """What is written on the step; else the name of what it leads to."""
        return self.step.title or str(self.paper.title if self.paper else self.step.topic or "")

    @property
    def href(self) -> str:
        """Where the step leads; empty where the paper is gone."""
        target = self.paper or self.step.topic
        return target.get_absolute_url() if target else self.step.address


@dataclass
class ShownPath:
    """A path with its steps as this reader sees them."""

    path: ReadingPath
    steps: list[ShownStep] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        """How long the steps take that everybody should go."""
        return sum(row.step.minutes for row in self.steps if not row.step.optional)

    @property
    def hours(self) -> str:
        """That time in words."""
        hours, minutes = divmod(self.minutes, 60)
        return (
            f"{hours} h {minutes} min"
            if hours and minutes
            else f"{hours or minutes} {'h' if hours else 'min'}"
        )

    @property
    def done_count(self) -> int:
        return sum(row.done for row in self.steps)

    @property
    def next_step(self) -> ShownStep | None:
        """The first step without a tick, optional ones last; None when all are done."""
        left = [row for row in self.steps if not row.done]
        return next((row for row in left if not row.step.optional), left[0] if left else None)


def shown_paths(rows: QuerySet[ReadingPath], user: Visitor) -> list[ShownPath]:
    """The paths of `rows`; three queries for visitors, however many."""
    steps = PathStep.objects.select_related("topic")
    paths = list(rows.prefetch_related(Prefetch("steps", steps)))
    wanted = {step.paper_id for path in paths for step in path.steps.all()} - {None}
    papers = Paper.objects.visible_to(user).in_bulk(wanted)
    done = progress.done_steps(user)
    return [
        ShownPath(
            path,
            [
                ShownStep(step, papers.get(step.paper_id or 0), step.pk in done)
                for step in path.steps.all()
            ],
        )
        for path in paths
    ]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All paths."""
    context = {
        "section": "learning",
        "paths": shown_paths(ReadingPath.objects.all(), request.user),
    }
    return render(request, "learning/paths.html", context)


@require_safe
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One path with its steps."""
    path = get_object_or_404(ReadingPath, slug=slug)
    (shown,) = shown_paths(ReadingPath.objects.filter(pk=path.pk), request.user)
    return render(request, "learning/path.html", {"section": "learning", "shown": shown})


@require_POST
@login_required
def tick(request: HttpRequest, slug: str, step: str) -> HttpResponse:
    """Tick a step or take the tick away; back to the step."""
    row = get_object_or_404(PathStep, path__slug=slug, slug=step)
    progress.tick(signed_in(request.user), row, done=request.POST.get("done") == "1")
    if request.htmx:  # type: ignore[attr-defined]
        (shown,) = shown_paths(ReadingPath.objects.filter(pk=row.path_id), request.user)
        ticked = next(own for own in shown.steps if own.step.pk == row.pk)
        return render(request, "learning/_ticked.html", {"row": ticked, "shown": shown})
    return back(request, f"{row.path.get_absolute_url()}#{row.slug}")
