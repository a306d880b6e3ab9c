"""What members do with what they read: mark it, put it in a list, follow it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context

from community.following.follows import followed, search_key
from community.lists import lists_of, marks_of
from papers.models import Paper
from papers.search import PaperQuery

register = template.Library()


@register.inclusion_tag("lists/_marks.html", takes_context=True)
def marks(context: Context, paper: Paper) -> dict[str, Any]:
    """The reader's mark on a paper. One query a page, however many papers; none for visitors."""
    request = context["request"]
    known = _once(request, "kept_marks", lambda: marks_of(request.user))
    return _base(request) | {"paper": paper, "mark": known.get(paper.pk, "")}


@register.inclusion_tag("lists/_paper_actions.html", takes_context=True)
def paper_actions(context: Context, paper: Paper) -> dict[str, Any]:
    """Mark, list and follow, beside a paper."""
    request = context["request"]
    lists = list(lists_of(request.user)) if request.user.is_authenticated else []
    return _base(request) | {"paper": paper, "lists": lists}


@register.inclusion_tag("following/_button.html", takes_context=True)
def follow_button(context: Context, kind: str, target: str, label: str = "") -> dict[str, Any]:
    """Follow this, or stop it. One query a page, however many buttons."""
    request = context["request"]
    known = _once(request, "kept_follows", lambda: followed(request.user))
    on = bool(known) and (kind, target) in known
    return _base(request) | {"kind": kind, "target": target, "label": label, "on": on}


@register.simple_tag
def search_target(query: PaperQuery) -> str:
    """What to follow for a search."""
    return search_key(query)


def _once(request: HttpRequest, name: str, ask: Callable[[], object]) -> Any:
    if not request.user.is_authenticated:
        return {}
    if not hasattr(request, name):
        setattr(request, name, ask())
    return getattr(request, name)


def _base(request: HttpRequest) -> dict[str, Any]:
    """What an included template needs of its page: who reads, where, and the CSRF token."""
    from django.middleware.csrf import get_token

    signed_in = request.user.is_authenticated
    return {
        "request": request,
        "user": request.user,
        "csrf_token": get_token(request) if signed_in else "",
        "here": request.get_full_path(),
    }
