"""What happened when: a month, a topic month by month, a year. Every figure is a query."""

from __future__ import annotations

import datetime as dt
import statistics
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from accounts.models import Visitor
from papers.ingest.match import RETRACTED
from papers.models import Conflict, Decision, MethodPaper, Paper, PaperTopic
from papers.models.paper import PaperQuerySet
from papers.names import tidy
from papers.versions import arxiv_month
from reproductions.judging.rules import Verdict
from reproductions.models import PublishedNumber
from reproductions.models.number import VERIFIED
from taxonomy.models import Topic

SHOWN = 30
NUMBERS = 20
TOPICS = 12
CLOCK_MONTHS = 24
EARLIEST = 1940


@dataclass(frozen=True)
class Span:
    """A month or a year. `until` is the first moment after it."""

    since: dt.datetime
    until: dt.datetime

    @classmethod
    def of_month(cls, year: int, month: int) -> Span:
        """month: 1 to 12."""
        since = dt.datetime(year, month, 1, tzinfo=dt.UTC)
        return cls(since, (since + dt.timedelta(days=32)).replace(day=1))

    @property
    def before(self) -> dt.datetime:
        """A moment of the month before."""
        return self.since - dt.timedelta(days=1)


@dataclass
class Tick:
    """One month of a topic. delays: months from preprint to entering, of those that entered."""

    month: dt.date
    entered: int = 0
    confirmed: int = 0
    fell: int = 0
    delays: list[int] = field(default_factory=list)

    @property
    def pace(self) -> float | None:
        """Median of the delays; None where no preprint entered."""
        return statistics.median(self.delays) if self.delays else None


# --- a month ---


@require_safe
def this_month(request: HttpRequest) -> HttpResponse:
    """The month that is."""
    now = timezone.now()
    return _month(request, now.year, now.month)


@require_safe
def month(request: HttpRequest, year: int, month: int) -> HttpResponse:
    """A month of this survey."""
    return _month(request, year, month)


def _month(request: HttpRequest, year: int, number: int) -> HttpResponse:
    now = timezone.now()
    if not (EARLIEST <= year <= now.year and 1 <= number <= 12):
        raise Http404(gettext("There is no such month."))
    span = Span.of_month(year, number)
    if span.since > now:
        raise Http404(gettext("That month has not begun."))
    entered = _entered(span, request.user)
    total = entered.count()
    shown = entered.for_cards().order_by("-appearance__at", "-pk")[:SHOWN]
    introduced = MethodPaper.objects.filter(
        paper__in=entered, role=MethodPaper.Role.INTRODUCES
    ).select_related("method")
    context = {
        "section": "papers",
        "span": span,
        "month": span.since.date(),
        "before": span.before,
        "after": span.until if span.until <= now else None,
        "papers": shown,
        "most_shown": SHOWN,
        "total": total,
        "by_topic": _by_topic(entered),
        "methods": [row.method for row in introduced.order_by("method__name")[:SHOWN]],
        "method_count": introduced.count(),
        **_outcomes(span, request.user),
    }
    return render(request, "chronicle/month.html", context)


def _entered(span: Span, user: Visitor) -> PaperQuerySet:
    """Papers that became public here in the span."""
    visible = Paper.objects.visible_to(user)
    return visible.filter(appearance__at__gte=span.since, appearance__at__lt=span.until)


def _by_topic(papers: QuerySet[Paper]) -> list[tuple[Topic, int]]:
    """Topics of these papers, the most frequent first."""
    placed = PaperTopic.objects.filter(paper__in=papers).values("topic").annotate(n=Count("pk"))
    counts = {row["topic"]: row["n"] for row in placed.order_by("-n", "topic")[:TOPICS]}
    topics = Topic.objects.in_bulk(list(counts))
    return [(topics[pk], number) for pk, number in counts.items()]


def _outcomes(span: Span, user: Visitor) -> dict[str, object]:
    """Printed numbers that runs of the span bore out and not, and what was taken back."""
    decided = PublishedNumber.objects.visible_to(user).filter(
        judgement__run__finished_at__gte=span.since, judgement__run__finished_at__lt=span.until
    )
    retracted = Conflict.objects.filter(
        field=RETRACTED,
        decision=Decision.ACCEPTED,
        decided_at__gte=span.since,
        decided_at__lt=span.until,
        paper__in=Paper.objects.visible_to(user),
    )
    latest = decided.select_related("paper", "judgement__claim", "judgement__run").order_by(
        "-judgement__run__finished_at", "pk"
    )
    confirmed, fell = Q(state__in=VERIFIED), Q(state=Verdict.OUTSIDE)
    return {
        "confirmed_count": decided.filter(confirmed).count(),
        "confirmed": latest.filter(confirmed)[:NUMBERS],
        "fell": latest.filter(fell)[:NUMBERS],
        "most_numbers": NUMBERS,
        "fell_count": decided.filter(fell).count(),
        "retracted": retracted.select_related("paper").order_by("-decided_at")[:20],
    }


# --- a topic, month by month ---


@require_safe
def clock(request: HttpRequest, slug: str) -> HttpResponse:
    """What entered under a topic, what was confirmed and fell there, and how fast."""
    topic = get_object_or_404(Topic, slug=slug)
    papers = Paper.objects.visible_to(request.user).under(topic)
    ticks = _ticks(papers)
    context = {
        "section": "topics",
        "topic": topic,
        "ticks": ticks,
        "total": papers.count(),
        "highest": max((tick.entered for tick in ticks), default=0),
        "list_url": f"{reverse('papers')}?topic={topic.slug}",
    }
    return render(request, "chronicle/clock.html", context)


def _ticks(papers: PaperQuerySet) -> list[Tick]:
    """The last months in which anything happened, the newest first."""
    ticks: dict[dt.date, Tick] = {}

    def tick(at: dt.datetime) -> Tick:
        first = at.date().replace(day=1)
        return ticks.setdefault(first, Tick(first))

    for at, arxiv in papers.exclude(appearance=None).values_list("appearance__at", "arxiv"):
        row = tick(at)
        row.entered += 1
        if arxiv and (begun := arxiv_month(arxiv)):
            row.delays.append(max(0, 12 * (at.year - begun[0]) + at.month - begun[1]))
    decided = PublishedNumber.objects.filter(
        paper__in=papers, state__in=(*VERIFIED, Verdict.OUTSIDE)
    )
    for ended, state in decided.values_list("judgement__run__finished_at", "state"):
        if ended is None:
            continue
        if state == Verdict.OUTSIDE:
            tick(ended).fell += 1
        else:
            tick(ended).confirmed += 1
    return sorted(ticks.values(), key=lambda row: row.month, reverse=True)[:CLOCK_MONTHS]


# --- a year ---


@require_safe
def year(request: HttpRequest, year: int) -> HttpResponse:
    """A year of the field in review: papers of that year, asked for anew each time."""
    papers = Paper.objects.visible_to(request.user).filter(year=year)
    total = papers.count()
    if not total:
        raise Http404(gettext("No paper of {year} is here.").format(year=year))
    venues = papers.exclude(venue=None).values("venue__slug", "venue__name")
    cited = papers.for_bylines().annotate(n=Count("cited_by__paper", distinct=True))
    introduced = MethodPaper.objects.filter(
        paper__in=papers, role=MethodPaper.Role.INTRODUCES
    ).select_related("method", "paper")
    awarded = papers.exclude(awards=[]).for_bylines().order_by("title")
    numbers = PublishedNumber.objects.filter(paper__in=papers).order_by()
    states = Counter(dict(numbers.values_list("state").annotate(Count("pk"))))
    context = {
        "section": "papers",
        "year": year,
        "total": total,
        "last_year": Paper.objects.visible_to(request.user).filter(year=year - 1).count(),
        "next_year": Paper.objects.visible_to(request.user).filter(year=year + 1).exists(),
        "months": _months(papers),
        "by_topic": _by_topic(papers),
        "venues": venues.annotate(n=Count("pk")).order_by("-n", "venue__name")[:TOPICS],
        "cited": cited.filter(n__gt=0).order_by("-n", "title")[:TOPICS],
        "awarded": awarded[:SHOWN],
        "methods": introduced.order_by("method__name")[:SHOWN],
        "method_count": introduced.count(),
        "confirmed": sum(states[state] for state in VERIFIED),
        "fell": states[Verdict.OUTSIDE],
        "list_url": f"{reverse('papers')}?q=year%3A{year}",
    }
    return render(request, "chronicle/year.html", context)


def _months(papers: PaperQuerySet) -> list[tuple[str, int]]:
    """How many are of each month, as far as it is known."""
    counts: defaultdict[int, int] = defaultdict(int)
    rows = papers.exclude(month=None).order_by().values_list("month").annotate(Count("pk"))
    for number, count in rows:
        counts[number] = count
    if not counts:
        return []
    names = [tidy(f"{dt.date(2000, number, 1):%B}") for number in range(1, 13)]
    return [(name, counts[number]) for number, name in enumerate(names, 1)]
