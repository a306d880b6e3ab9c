"""The reading log of a public list: page, forms, files."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Iterable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from icalendar import Calendar, Event

from accounts.roles import NotPossible, signed_in
from accounts.words import Words
from community.list_files.own_format import escape
from community.models import PublicList, ReadingSession
from community.public_lists import sessions
from kb.pages.public_lists.keeping import kept_list
from kb.pages.public_lists.views import frame, visible_list
from papers.places.pointing import people_called

FORM = require_http_methods(["GET", "HEAD", "POST"])
SESSIONS_A_PAGE = 60
FIELDS = ("date", "paper", "presenter", "slides", "recording", "notes")


@require_safe
def index(request: HttpRequest, slug: str) -> HttpResponse:
    """What comes and what was, the newest first; for keepers also what waits for them."""
    chosen = visible_list(request, slug)
    rows = sessions.sessions_of(chosen, request.user)
    today = timezone.localdate()
    page = Paginator(rows.filter(date__lt=today), SESSIONS_A_PAGE).get_page(request.GET.get("page"))
    coming = list(rows.filter(date__gte=today).order_by("date", "pk"))
    waiting = list(sessions.waiting_for(chosen, request.user))
    shown = [*coming, *page.object_list, *waiting]
    context = frame(request, chosen) | {
        "page": page,
        "coming": coming,
        "past": list(page.object_list),
        "waiting": waiting,
        "people": people_called({row.presenter for row in shown if row.presenter}, request.user),
        "suffixes": tuple(WRITERS),
        "is_public": chosen.state == "published",
    }
    return render(request, "public_lists/log.html", context)


@FORM
@never_cache
@login_required
def new(request: HttpRequest, slug: str) -> HttpResponse:
    """Keepers add to the log; whoever else is signed in proposes."""
    chosen = visible_list(request, slug)
    problem = ""
    if request.method == "POST":
        try:
            made = sessions.add_session(chosen, by=signed_in(request.user), **_sent(request))
            is_public = made.state == ReadingSession.State.PUBLIC
            words = (
                Words("It stands in the log.")
                if is_public
                else Words("Thank you. A keeper confirms it.")
            )
            messages.success(request, words)
            address = reverse("reading-log", args=[slug])
            return HttpResponseRedirect(f"{address}#{made.anchor}")
        except NotPossible as error:
            problem = str(error)
    values = request.POST if problem else {"date": timezone.localdate().isoformat()}
    return _form(request, chosen, None, values, problem)


@FORM
@never_cache
@login_required
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Change an entry, take it out, or decide about one that waits; for keepers."""
    chosen = kept_list(request, slug)
    session = get_object_or_404(_rows(chosen, request), pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            _act(request, session)
            return HttpResponseRedirect(reverse("reading-log", args=[slug]))
        except NotPossible as error:
            problem = str(error)
    values = request.POST if problem else _as_values(session)
    return _form(request, chosen, session, values, problem)


def _rows(chosen: PublicList, request: HttpRequest) -> QuerySet[ReadingSession]:
    """What keepers may edit: the public log as they see it, and what waits."""
    public = sessions.sessions_of(chosen, request.user).values("pk")
    waiting = sessions.waiting_for(chosen, request.user).values("pk")
    rows = ReadingSession.objects.filter(pk__in=public) | ReadingSession.objects.filter(
        pk__in=waiting
    )
    return rows.select_related("public_list", "paper")


def _act(request: HttpRequest, session: ReadingSession) -> None:
    by, act = signed_in(request.user), request.POST.get("act", "save")
    if act == "remove":
        sessions.remove_session(session, by=by)
        messages.success(request, gettext("It is out of the log. The history can bring it back."))
    elif act == "confirm":
        sessions.confirm(session, by=by)
        messages.success(request, gettext("It stands in the log."))
    elif act == "decline":
        sessions.decline(session, by=by, answer=request.POST.get("answer", ""))
        messages.success(request, gettext("Declined. Who proposed it reads why."))
    else:
        sessions.change_session(session, by=by, **_sent(request))
        messages.success(request, gettext("Saved."))


def _sent(request: HttpRequest) -> dict[str, str]:
    return {name: request.POST.get(name, "") for name in FIELDS}


def _as_values(session: ReadingSession) -> dict[str, str]:
    named = session.paper.key if session.paper else session.title
    values = {name: getattr(session, name) for name in FIELDS}
    return values | {"date": session.date.isoformat(), "paper": named}


def _form(
    request: HttpRequest,
    chosen: PublicList,
    session: ReadingSession | None,
    values: Mapping[str, object],
    problem: str,
) -> HttpResponse:
    context = frame(request, chosen) | {"session": session, "values": values, "problem": problem}
    status = 422 if problem else 200
    return render(request, "public_lists/log_entry.html", context, status=status)


# --- files ---


@require_safe
def export(request: HttpRequest, slug: str, suffix: str) -> HttpResponse:
    """The public log as CSV, JSON, Markdown or a calendar."""
    chosen = visible_list(request, slug)
    if suffix not in WRITERS:
        raise Http404(
            gettext("There is no export “.{suffix}”. There are {writers}.").format(
                suffix=suffix, writers=", ".join(WRITERS)
            )
        )
    media_type, write = WRITERS[suffix]
    site = f"{request.scheme}://{request.get_host()}"
    rows = list(sessions.sessions_of(chosen, request.user))
    response = HttpResponse(write(chosen, rows, site), content_type=f"{media_type}; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{slug}-log.{suffix}"'
    return response


def _row(session: ReadingSession, site: str) -> dict[str, str]:
    paper = session.paper
    return {
        "date": session.date.isoformat(),
        "title": session.shown_title,
        "paper": f"{site}{paper.get_absolute_url()}" if paper else "",
        "presenter": session.presenter,
        "slides": session.slides,
        "recording": session.recording,
        "notes": session.notes,
    }


def _as_csv(chosen: PublicList, rows: Iterable[ReadingSession], site: str) -> str:
    text = io.StringIO()
    names = ("date", "title", "paper", "presenter", "slides", "recording", "notes")
    writer = csv.DictWriter(text, names)
    writer.writeheader()
    writer.writerows({k: _safe(v) for k, v in _row(row, site).items()} for row in rows)
    return text.getvalue()


def _safe(text: str) -> str:
    """Text that a spreadsheet will not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def _as_json(chosen: PublicList, rows: Iterable[ReadingSession], site: str) -> str:
    log = [_row(row, site) for row in rows]
    return json.dumps({"list": chosen.title, "log": log}, ensure_ascii=False, indent=1)


def _as_markdown(chosen: PublicList, rows: Iterable[ReadingSession], site: str) -> str:
    """The table that reading groups keep in their README."""
    lines = [gettext("# {escape}: reading log").format(escape=escape(chosen.title)), ""]
    lines += ["| Date | Paper | Presenter | Notes |", "| --- | --- | --- | --- |"]
    for session in rows:
        row = _row(session, site)
        links = [f"[[{name}]]({row[name]})" for name in ("paper", "slides", "recording")]
        used = [
            link
            for link, name in zip(links, ("paper", "slides", "recording"), strict=True)
            if row[name]
        ]
        title = " ".join([escape(row["title"]), *used])
        notes = " ".join(row["notes"].split())
        cells = (row["date"], title, escape(row["presenter"]), escape(notes))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _as_calendar(chosen: PublicList, rows: Iterable[ReadingSession], site: str) -> bytes:
    calendar = Calendar()
    calendar.add("prodid", "-//The Living Survey of Dynamic Neural Networks//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", gettext("{title}: reading log").format(title=chosen.title))
    for session in rows:
        event = Event()
        event.add("uid", f"log-{session.pk}@living-survey.dynamic-neural-networks")
        event.add("dtstamp", session.public_at or session.made_at)
        event.add("dtstart", session.date)
        event.add("dtend", session.date + dt.timedelta(days=1))
        who = f"{session.presenter}: " if session.presenter else ""
        event.add("summary", f"{who}{session.shown_title}")
        log = reverse("reading-log", args=[chosen.slug])
        event.add("url", f"{site}{log}#{session.anchor}")
        calendar.add_component(event)
    return bytes(calendar.to_ical())


_Writer = Callable[[PublicList, Iterable[ReadingSession], str], str | bytes]
WRITERS: dict[str, tuple[str, _Writer]] = {
    "csv": ("text/csv", _as_csv),
    "json": ("application/json", _as_json),
    "md": ("text/markdown", _as_markdown),
    "ics": ("text/calendar", _as_calendar),
}
