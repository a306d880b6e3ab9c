"""Pages about the site itself: method, the reader's choices, errors."""

from __future__ import annotations

import sys
from copy import copy

from django.contrib.auth.views import redirect_to_login
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from kb.kept_posts import texts_of
from kb.languages.middleware import COOKIE
from kb.languages.offered import bare, languages
from kb.middleware import THEMES
from kb.pages.nearby import nearby, words_of
from kb.site.database_away import RETRY_SECONDS, is_away
from papers.models import Paper, Person, Workshop
from taxonomy.models import Topic

AWAY = "The database is starting again. Try again in a moment."
YEAR_SECONDS = 365 * 24 * 3600


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What this is, where the facts come from, what the marks mean."""
    papers = Paper.objects.visible_to(request.user)
    counts = {
        "papers": papers.count(),
        "unconfirmed": papers.exclude(unconfirmed=[]).count(),
        "with_texts": papers.exclude(tldr="").count(),
        "topics": Topic.objects.count(),
        "added_topics": Topic.objects.filter(in_survey=False).count(),
        "people": Person.objects.visible_to(request.user).count(),
        "workshops": Workshop.objects.visible_to().count(),
    }
    return render(request, "about.html", {"counts": counts, "section": "about"})


@csrf_exempt
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Keep the reader's theme in a cookie and go back.

    Without a token: so readers without an account get no cookie that they did not ask for, and
    another site that chooses for them chooses a colour.
    """
    theme = request.POST.get("theme", "")
    return _kept_choice(request, "theme", theme if theme in THEMES else "")


@csrf_exempt
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keep in a cookie which language the reader wants to be offered, and go back.

    The language of a page is that of its address: this ends the line that offers another one.
    """
    code = request.POST.get("language", "")
    known = {language.code for language in languages()}
    return _kept_choice(request, COOKIE, code if code in known else "")


def _kept_choice(request: HttpRequest, name: str, value: str) -> HttpResponse:
    """Back to where the form stood, with a cookie if there is a value to keep.

    A page with a long address sends what stands in it, and names its path as `back`.
    """
    back = request.POST.get("next", "/")
    if "back" in request.GET:
        asked = [(key, str(said)) for key, said in request.POST.items() if key != name]
        back = f"{request.GET['back']}?{urlencode(asked)}"
    path = back.partition("?")[0]  # Django takes no address of over 2,048 characters for ours
    if not url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    if value:
        response.set_cookie(
            name,
            value,
            max_age=YEAR_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Nothing at this address; the API answers problem+json instead."""
    if request.path.startswith("/api/"):
        return _problem(404, "Not found", "The API lives under /api/v1/.")
    address = bare(request.path)
    words = " ".join(words_of(address))
    context = {
        "reason": _reason(exception),
        "nearby": nearby(address, request.user),
        "words": words,
    }
    return render(request, "404.html", context, status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Somebody may not do this: who has not signed in is led to do so, others are told why."""
    if request.path.startswith("/api/"):
        return _problem(403, "Forbidden", _reason(exception) or "This needs another role.")
    if not request.user.is_authenticated and _is_read_by_somebody(request):
        return redirect_to_login(request.get_full_path())
    return render(request, "403.html", {"reason": _reason(exception)}, status=403)


def _is_read_by_somebody(request: HttpRequest) -> bool:
    """A page or a sent form of a browser, not a fragment or a script's upload."""
    if request.headers.get("HX-Request"):
        return False
    if request.method in ("GET", "HEAD"):
        return True
    return "text/html" in request.headers.get("Accept", "")


def _reason(exception: Exception) -> str:
    """What the page that gave up said, if it said it in words."""
    first = exception.args[0] if exception.args else ""
    reason = first if isinstance(first, str) else ""
    # The framework has words of its own for what it did not find.
    return "" if reason.endswith("matches the given query.") else reason


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its mark: refused, with what was written in it to be copied.

    405 where the address takes no such method, with a mark or without: the mark is looked for
    before a page could say so.
    """
    allowed = _methods_of(request)
    if allowed and request.method not in allowed:
        return HttpResponseNotAllowed(allowed)
    return render(request, "403_csrf.html", {"texts": texts_of(request)}, status=403)


def _methods_of(request: HttpRequest) -> list[str]:
    """The methods that the address takes; empty if its view does not tell without doing more.

    Views of ours say so to OPTIONS before anything else, classes by what they define.
    """
    match = request.resolver_match
    if match is None:
        return []
    if kind := getattr(match.func, "view_class", None):
        return [name.upper() for name in kind.http_method_names if hasattr(kind, name)]
    if not match.func.__module__.startswith("kb."):
        return []
    question = copy(request)
    question.method = "OPTIONS"
    answer = match.func(question, *match.args, **match.kwargs)
    return [method.strip() for method in answer.headers.get("Allow", "").split(",") if method]


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke; the page needs neither database nor template context.

    503 where only the database is away: whoever asks again in a moment gets an answer.
    """
    if is_away(sys.exc_info()[1]):
        response = _away(request)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    if request.path.startswith("/api/"):
        return _problem(500, "Internal server error", "The error has been recorded.")
    return render(request, "500.html", status=500)


def _away(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        return _problem(503, "Service unavailable", AWAY)
    return HttpResponse(render_to_string("503.html"), status=503)


def _problem(status: int, title: str, detail: str) -> JsonResponse:
    """An RFC 9457 answer for addresses of machines that no API view has seen."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(body, status=status, content_type="application/problem+json")
