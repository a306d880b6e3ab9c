"""What the desks of curators share: who decides, which rows, which paper, and telling of it."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from accounts.models import User
from accounts.roles import NotPossible, is_curator, signed_in
from papers.models import Paper

LONGEST_QUERY = 500
"""Characters of a query with which somebody is led back to the page they came from."""


def curator_of(request: HttpRequest) -> User:
    """The curator who asks. Raises PermissionDenied for everybody else."""
    if not is_curator(request.user):
        raise PermissionDenied(gettext("This is for curators."))
    return signed_in(request.user)


def named_paper(request: HttpRequest) -> Paper | None:
    """The paper whose key or address was typed, if one was. Raises NotPossible for a wrong one."""
    typed = request.POST.get("into", "").replace("\x00", "").strip()
    if not typed:
        return None
    key = typed.rstrip("/").rpartition("/")[2]
    paper = Paper.objects.filter(key__iexact=key, state=Paper.State.PUBLIC).first()
    if paper is None:
        raise NotPossible(
            gettext("There is no public paper “{value}” here.").format(value=key[:80])
        )
    return paper


def ticked(request: HttpRequest, name: str, most: int) -> list[int]:
    """The ids that were ticked under a name, at most so many; what is no id is left out."""
    numbers = [value for value in request.POST.getlist(name) if value.isdecimal()]
    return [int(value) for value in numbers if len(value) < 12][:most]


def outcome(act: Callable[[], str]) -> tuple[str, bool]:
    """What a decision says, and whether it was refused."""
    try:
        return act(), False
    except NotPossible as problem:
        return str(problem), True


def tell(request: HttpRequest, message: str, refused: bool) -> None:
    """Say the outcome on the page that comes next."""
    (messages.warning if refused else messages.success)(request, message)


def back_to(request: HttpRequest, name: str) -> HttpResponseRedirect:
    """To the list of that name, with the query with which it was open."""
    query = request.POST.get("back", "")
    tail = f"?{query}" if query and query.isascii() and len(query) < LONGEST_QUERY else ""
    return HttpResponseRedirect(reverse(name) + tail.replace("\r", "").replace("\n", ""))
