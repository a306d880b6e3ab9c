"""The inbox: what sources named and nobody decided about yet, the likeliest first, for curators."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.roles import NotPossible
from kb.pages.deciding import back_to, curator_of, named_paper, outcome, tell, ticked
from papers.models import Find, Source
from papers.models.watch import FindQuerySet
from papers.watch import belonging, deciding
from taxonomy.models import Topic

ON_DESK = 25
JUST_NOW = timedelta(hours=1)
TICKED_FROM = 0.6
"""Topics whose confidence reaches this are ticked beforehand; the curator sees them."""
SHOWN_AUTHORS = 8


@dataclass(frozen=True)
class Suggestion:
    """A topic for a find: its key on the keyboard, and why it is suggested."""

    number: int
    topic: Topic
    confidence: float
    neighbours: list[dict[str, Any]]

    @property
    def is_ticked(self) -> bool:
        return self.confidence >= TICKED_FROM


@dataclass(frozen=True)
class Entry:
    """One find on the desk."""

    find: Find
    suggestions: list[Suggestion]

    @property
    def authors(self) -> list[str]:
        return list(self.find.candidate.get("authors", []))

    @property
    def byline(self) -> str:
        more = len(self.authors) - SHOWN_AUTHORS
        names = ", ".join(self.authors[:SHOWN_AUTHORS])
        told = gettext("{names} and {count} more")
        return told.format(names=names, count=more) if more > 0 else names


@require_safe
@never_cache
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits, filtered by source and words; or what was decided."""
    curator = curator_of(request)
    state, finds = _asked(request)
    counts = Counter(dict(Find.objects.order_by().values_list("state").annotate(Count("pk"))))
    page = Paginator(_linked(finds), ON_DESK).get_page(request.GET.get("page"))
    just_now = Find.objects.filter(decided_by=curator, decided_at__gt=timezone.now() - JUST_NOW)
    batches = just_now.exclude(batch=None).order_by().values("batch", "state")
    context = {
        "section": "desk",
        "state": state,
        "states": [(value, label, counts[value]) for value, label in Find.State.choices],
        "q": request.GET.get("q", ""),
        "chosen_source": request.GET.get("source", ""),
        "sources": Source.objects.order_by("name"),
        "page": page,
        "entries": entries(page),
        "decided": _linked(just_now.filter(batch=None)).order_by("-decided_at")[:5],
        "batches": batches.annotate(count=Count("pk")).order_by("-count")[:3],
        "can_score": belonging.can_score(),
        "threshold": request.GET.get("score", "0.9"),
    }
    return render(request, "watch/inbox.html", context)


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One find, with all that is known of it."""
    curator_of(request)
    entry = entries([_find(request, pk)])[0]
    return render(
        request, "watch/find.html", {"section": "desk", "entry": entry, "find": entry.find}
    )


def _asked(request: HttpRequest) -> tuple[str, FindQuerySet]:
    """The state, source and words that the address, or a form of the page, asks for."""
    given = request.POST if request.method == "POST" else request.GET
    state = given.get("state", "")
    state = state if state in Find.State.values else Find.State.WAITING.value
    finds = Find.objects.visible_to(request.user).filter(state=state)
    finds = finds.saying(given.get("q", "").replace("\x00", "")[:200])
    if slug := given.get("source", "").replace("\x00", ""):
        finds = finds.filter(source__slug=slug)
    return state, finds if state == Find.State.WAITING else finds.order_by("-decided_at", "-pk")


def _linked(finds: FindQuerySet) -> FindQuerySet:
    return finds.select_related("source", "paper", "may_be", "decided_by__profile")


def entries(finds: Iterable[Find]) -> list[Entry]:
    """Finds with the topics that are suggested for them; one query for all."""
    listed = list(finds)
    slugs = {row["slug"] for find in listed for row in find.topics}
    topics = {topic.slug: topic for topic in Topic.objects.filter(slug__in=slugs)}
    return [
        Entry(
            find,
            [
                Suggestion(
                    number, topics[row["slug"]], row["confidence"], row["evidence"]["neighbours"]
                )
                for number, row in enumerate(find.topics, 1)
                if row["slug"] in topics
            ],
        )
        for find in listed
    ]


def _find(request: HttpRequest, pk: int) -> Find:
    return get_object_or_404(_linked(Find.objects.visible_to(request.user)), pk=pk)


# --- acts ---


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept with the ticked topics, merge, or refuse; the second is told who was first."""
    curator = curator_of(request)
    find = _find(request, pk)
    message, refused = outcome(lambda: _decided(request, find, curator))
    if request.htmx:  # type: ignore[attr-defined]
        context = {"find": _find(request, pk), "told": message, "refused": refused}
        return render(request, "watch/_decided.html", context)
    tell(request, message, refused)
    return back_to(request, "inbox")


def _decided(request: HttpRequest, find: Find, curator: User) -> str:
    decision, topics = request.POST.get("decision", ""), request.POST.getlist("topic")
    if decision == "refuse":
        deciding.refuse(find, by=curator)
        return gettext("Refused: {title}").format(title=find.title)
    if decision == "merge":
        into = named_paper(request) or find.may_be
        if into is None:
            raise NotPossible(gettext("Say which paper it is: its key, or its address here."))
        paper = deciding.accept(find, by=curator, topics=topics, into=into)
        return gettext("Added to {key}: {title}").format(key=paper.key, title=find.title)
    if decision in ("accept", "new"):
        if find.may_be is not None and decision == "accept":
            raise NotPossible(gettext("Say whether it is the paper that is here, or another work."))
        paper = deciding.accept(find, by=curator, topics=topics, is_another=decision == "new")
        if not topics:
            return gettext("Accepted: {title}").format(title=paper.title)
        told = ngettext(
            "Accepted, under {count} topic: {title}",
            "Accepted, under {count} topics: {title}",
            len(topics),
        )
        return told.format(count=len(topics), title=paper.title)
    raise NotPossible(gettext("Say what to do: accept, merge or refuse."))


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a find wait again."""
    curator = curator_of(request)
    find = _find(request, pk)
    message, refused = outcome(lambda: _undone(find, curator))
    if request.htmx:  # type: ignore[attr-defined]
        entry = entries([_find(request, pk)])[0]
        context = {"entry": entry, "find": entry.find, "told": message, "refused": refused}
        template = "watch/_find.html" if entry.find.is_waiting else "watch/_decided.html"
        return render(request, template, context)
    tell(request, message, refused)
    return back_to(request, "inbox")


@require_POST
@login_required
def decide_many(request: HttpRequest) -> HttpResponse:
    """All that are ticked, or all of this list from a score on or below it; undone at once."""
    curator = curator_of(request)
    decision = request.POST.get("decision", "")
    if decision in ("accept-from", "refuse-below"):
        return _by_score(request, decision, curator)
    pks = ticked(request, "find", deciding.MOST_AT_ONCE)
    batch, done, left = uuid.uuid4(), 0, []
    for find in _linked(Find.objects.visible_to(request.user).waiting().filter(pk__in=pks)):
        try:
            if decision == "refuse":
                deciding.refuse(find, by=curator, batch=batch)
            elif decision != "accept":
                raise NotPossible(gettext("Say what to do: accept or refuse."))
            elif find.may_be_id:
                raise NotPossible(gettext("say first whether it is the paper that is here."))
            else:
                deciding.accept(find, by=curator, batch=batch)
            done += 1
        except NotPossible as problem:
            told = gettext("“{title}” was left: {reason}")
            left.append(told.format(title=find.title[:80], reason=problem))
    if not pks:
        left.append(gettext("Nothing was ticked."))
    if done:
        told = gettext("{count} decided. They can be undone together, above the list.")
        messages.success(request, told.format(count=done))
    for sentence in left[:5]:
        messages.warning(request, sentence)
    return back_to(request, "inbox")


def _by_score(request: HttpRequest, decision: str, curator: User) -> HttpResponse:
    try:
        score = float(request.POST.get("score", "").strip().rstrip("%").replace(",", "."))
        score = score / 100 if score > 1 else score
        if not 0 <= score <= 1:
            raise ValueError
    except ValueError:
        messages.error(request, gettext("The threshold is a number from 0 to 1, or a percentage."))
        return back_to(request, "inbox")
    _, finds = _asked(request)
    if decision == "refuse-below":
        _, done = deciding.refuse_below(score, finds, by=curator)
        told = gettext("{count} below {score} refused.")
        messages.success(request, told.format(count=done, score=f"{score:.0%}"))
        return back_to(request, "inbox")
    _, done, left = deciding.accept_from(score, finds, by=curator)
    told = gettext("{count} from {score} on accepted.").format(count=done, score=f"{score:.0%}")
    if left:
        more = gettext("{count} may be papers that are here, and were left.").format(count=left)
        told = f"{told} {more}"
    messages.success(request, told)
    return back_to(request, "inbox")


def _undone(find: Find, curator: User) -> str:
    deciding.undo(find, by=curator)
    return gettext("It waits again: {title}").format(title=find.title)


@require_POST
@login_required
def undo_many(request: HttpRequest, batch: uuid.UUID) -> HttpResponse:
    """Undo what was decided at once."""
    done = deciding.undo_batch(batch, by=curator_of(request))
    messages.success(request, gettext("{count} wait again.").format(count=done))
    return back_to(request, "inbox")
