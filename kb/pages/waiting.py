"""What members sent and nothing confirmed yet: their own page of it, and the curators' desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Func, IntegerField, OuterRef, Subquery
from django.db.models.fields.json import KeyTransform
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from accounts.roles import NotPossible, is_curator, signed_in
from accounts.words import Words
from kb.pages.deciding import back_to, curator_of, named_paper, outcome, tell, ticked
from papers.curation import waiting as deciding
from papers.ingest.match import values_of
from papers.models import Reading, WaitingWork
from papers.models.evidence import in_words
from papers.models.waiting import WaitingWorkQuerySet

ON_DESK = 20
ON_PAGE = 50
MOST_AT_ONCE = 500
JUST_NOW = timedelta(hours=1)
SHOWN_CHARACTERS = 700
SHOWN_SOURCES = 2
REASONS = (
    "It is not about dynamic neural networks.",
    "It is here already.",
    "It cannot be told which work this is.",
    "No such work was found anywhere.",
)
_FIELDS = ("title", "authors", "year", "venue", "arxiv", "doi", "openreview", "acl", "abstract")
_LABELS = {"arxiv": "arXiv", "doi": "DOI", "openreview": "OpenReview", "acl": "ACL"}


@dataclass(frozen=True)
class Line:
    """One field: what was sent, what each source says, what the record says that it may be."""

    label: str
    sent: str
    said: list[str]
    here: str

    @property
    def differs(self) -> bool:
        others = [text.casefold() for text in (*self.said, self.here) if text]
        return bool(self.sent) and any(text != self.sent.casefold() for text in others)


@dataclass(frozen=True)
class Entry:
    """One work on the desk. others: how many other members sent a work of this title. problems: of
    sources that gave no answer."""

    work: WaitingWork
    lines: list[Line]
    sources: list[str]
    others: int = 0
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


@require_safe
@never_cache
@login_required
def yours(request: HttpRequest) -> HttpResponse:
    """What the reader sent, in every state, with what became of it and why."""
    mine = WaitingWork.objects.sent_by(request.user)
    context = _listed(request, mine, ON_PAGE) | {
        "section": "upload",
        "unseen": _unseen(signed_in(request.user)).count(),
        "curates": is_curator(request.user),
    }
    return render(request, "waiting/yours.html", context)


@require_safe
@never_cache
@login_required
def desk(request: HttpRequest) -> HttpResponse:
    """All that waits for a curator, the longest waiting first, with the evidence side by side."""
    curator = curator_of(request)
    context = _listed(request, WaitingWork.objects.all(), ON_DESK)
    just_now = timezone.now() - JUST_NOW
    decided = _with_names(WaitingWork.objects.filter(decided_by=curator, decided_at__gt=just_now))
    context |= {
        "section": "desk",
        "entries": entries(context["page"]),
        "decided": decided.order_by("-decided_at")[:5] if context["state"] == "waiting" else [],
        "reasons": REASONS,
    }
    return render(request, "waiting/desk.html", context)


def _listed(request: HttpRequest, works: WaitingWorkQuerySet, length: int) -> dict[str, Any]:
    """The works of the state and with the words that the address asks for, page by page."""
    states = WaitingWork.State
    state = request.GET.get("state", "")
    state = state if state in states.values else states.WAITING.value
    words = request.GET.get("q", "").replace("\x00", "")[:200]
    counts = Counter(dict(works.order_by().values_list("state").annotate(Count("pk"))))
    chosen = _with_names(works.saying(words).filter(state=state))
    chosen = chosen if state == states.WAITING else chosen.order_by("-decided_at", "-pk")
    return {
        "state": state,
        "states": [(value, label, counts[value]) for value, label in states.choices],
        "q": words,
        "page": Paginator(chosen, length).get_page(request.GET.get("page")),
    }


def _with_names(works: WaitingWorkQuerySet) -> WaitingWorkQuerySet:
    """With what a page names beside each, and how many references the file would bring."""
    references = Reading.objects.filter(document=OuterRef("document")).values(
        n=Func(
            KeyTransform("references", "extraction"),
            function="jsonb_array_length",
            output_field=IntegerField(),
        )
    )
    linked = ("by__profile", "decided_by__profile", "document", "paper", "adds_to", "may_be__venue")
    works = works.annotate(reference_count=Subquery(references[:1]))
    return works.select_related(*linked).prefetch_related(
        "may_be__authorships", "adds_to__authorships"
    )


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One work: for its sender, and for curators with the buttons."""
    work = _visible(request, pk)
    context = {
        "section": "upload",
        "entry": entries([work])[0],
        "work": work,
        "curates": is_curator(request.user),
        "mine": work.by_id == signed_in(request.user).pk,
        "reasons": REASONS,
    }
    return render(request, "waiting/detail.html", context)


def _visible(request: HttpRequest, pk: int) -> WaitingWork:
    """The work, if this reader may see it."""
    return get_object_or_404(_with_names(WaitingWork.objects.visible_to(request.user)), pk=pk)


def entries(works: Iterable[WaitingWork]) -> list[Entry]:
    """Works with their evidence; one query for all of them."""
    listed = list(works)
    keys = {work.title_key for work in listed}
    waiting = WaitingWork.objects.waiting().filter(title_key__in=keys)
    senders: dict[str, set[int | None]] = {}
    for key, by in waiting.values_list("title_key", "by"):
        senders.setdefault(key, set()).add(by)
    return [_entry(work, senders.get(work.title_key, set())) for work in listed]


def _entry(work: WaitingWork, senders: set[int | None]) -> Entry:
    evidence = [row for row in work.evidence if "problem" not in row][-SHOWN_SOURCES:]
    here = values_of(work.may_be or work.adds_to) if work.is_waiting else {}
    lines = [
        Line(
            label=_LABELS.get(name, name.capitalize()),
            sent=_shown(work.candidate.get(name)),
            said=[_shown(source.get(name)) for source in evidence],
            here=_shown(here.get(name)),
        )
        for name in _FIELDS
    ]
    return Entry(
        work=work,
        lines=[line for line in lines if line.sent or line.here or any(line.said)],
        sources=[str(source.get("source", "")) for source in evidence],
        others=len(senders - {work.by_id}),
        warnings=tuple(work.candidate.get("warnings", ())),
        problems=tuple(row["problem"] for row in work.evidence if "problem" in row),
    )


def _shown(value: object) -> str:
    text = in_words(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


# --- acts ---


@require_POST
@login_required
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept, merge, or refuse one work; whoever comes second is told who was first."""
    curator = curator_of(request)
    work = _visible(request, pk)
    message, refused = outcome(lambda: _decided(request, work, curator))
    if request.htmx:  # type: ignore[attr-defined]
        work = _visible(request, pk)
        context = {"work": work, "told": message, "refused": refused, "entry": entries([work])[0]}
        context |= {"reasons": REASONS}
        return render(request, "waiting/_decided.html", context)
    tell(request, message, refused)
    return back_to(request, "waiting-desk")


def _decided(request: HttpRequest, work: WaitingWork, curator: User) -> str:
    decision = request.POST.get("decision", "")
    with_licence = bool(request.POST.get("licence"))
    if decision == "refuse":
        deciding.refuse(work, by=curator, reason=_reason(request))
        return f"Refused: {work.title}"
    if decision == "merge":
        into = named_paper(request) or work.may_be
        if into is None:
            raise NotPossible(gettext("Say which paper it is: its key, or its address here."))
        paper = deciding.accept(work, by=curator, into=into, with_licence=with_licence)
        return gettext("Added to {key}: {title}").format(key=paper.key, title=work.title)
    if decision in ("accept", "new"):
        is_another = decision == "new"
        if work.may_be is not None and not is_another:
            raise NotPossible(gettext("Say whether it is the paper that is here, or another work."))
        paper = deciding.accept(work, by=curator, is_another=is_another, with_licence=with_licence)
        return f"Accepted: {paper.title}"
    raise NotPossible(gettext("Say what to do: accept, merge or refuse."))


def _reason(request: HttpRequest) -> str:
    return request.POST.get("words", "").strip() or request.POST.get("reason", "")


@require_POST
@login_required
def decide_many(request: HttpRequest) -> HttpResponse:
    """Accept or refuse all that are ticked; those about which more must be said are left."""
    curator = curator_of(request)
    pks = ticked(request, "work", MOST_AT_ONCE)
    done, left = 0, []
    for work in _with_names(WaitingWork.objects.waiting().filter(pk__in=pks)):
        try:
            _decided(request, work, curator)
            done += 1
        except NotPossible as problem:
            left.append(
                gettext("“{value}” was left: {problem}").format(
                    value=work.title[:80], problem=problem
                )
            )
    if not pks:
        left.append(Words("Nothing was ticked."))
    if done:
        messages.success(
            request,
            gettext("{done} work{word} decided.").format(done=done, word="" if done == 1 else "s"),
        )
    for sentence in left[:5]:
        messages.warning(request, sentence)
    return back_to(request, "waiting-desk")


@require_POST
@login_required
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a decided work wait again."""
    curator = curator_of(request)
    work = _visible(request, pk)
    message, refused = outcome(lambda: _undone(work, curator))
    if request.htmx:  # type: ignore[attr-defined]
        entry = entries([_visible(request, pk)])[0]
        context = {"entry": entry, "work": entry.work, "told": message, "refused": refused}
        template = "waiting/_entry.html" if entry.work.is_waiting else "waiting/_decided.html"
        return render(request, template, context | {"reasons": REASONS})
    tell(request, message, refused)
    return back_to(request, "waiting-desk")


def _undone(work: WaitingWork, curator: User) -> str:
    deciding.undo(work, by=curator)
    return gettext("It waits again: {title}").format(title=work.title)


@require_POST
@login_required
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own waiting work back."""
    work = _visible(request, pk)
    try:
        deciding.withdraw(work, by=signed_in(request.user))
        messages.success(request, gettext("Taken back: {title}").format(title=work.title))
    except NotPossible as problem:
        messages.warning(request, str(problem))
    return HttpResponseRedirect(reverse("waiting"))


@require_POST
@login_required
def seen(request: HttpRequest) -> HttpResponse:
    """The reader has seen what was decided."""
    _unseen(signed_in(request.user)).update(seen_at=timezone.now())
    return HttpResponseRedirect(reverse("waiting"))


def _unseen(user: User) -> WaitingWorkQuerySet:
    decided = (WaitingWork.State.ACCEPTED, WaitingWork.State.REFUSED)
    return WaitingWork.objects.filter(state__in=decided, seen_at=None, by=user)
