"""No reader takes the site from the others: a quota of pages that had to be made.

What is kept for readers without an account costs nothing and is not counted; the API counts for
itself (`kb.api.machinery.throttling`).
"""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kb.api.machinery.throttling import digest_of, parse_rate
from kb.site.cache import count


class FairShare:
    """429 with Retry-After for an account or a network beyond `KB_PAGE_RATE`.

    Readers without an account on this machine itself are not counted: it is its user, or a proxy
    that the settings do not name, behind which all readers would share one quota.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/") and (seconds := _must_wait(request)):
            text = gettext(
                "You have asked for more pages within a short time than one reader can read. "
                "Wait {seconds} seconds, and go on. Programs read /api/v1/ and /dumps/."
            ).format(seconds=seconds)
            headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
            return HttpResponse(text, status=429, headers=headers, content_type=_PLAIN)
        return self.get_response(request)


_PLAIN = "text/plain; charset=utf-8"


def _must_wait(request: HttpRequest) -> int:
    """Seconds until this reader may ask again; 0 when now."""
    quota, window = parse_rate(settings.KB_PAGE_RATE)
    caller = _caller(request) if quota else ""
    if not caller:
        return 0
    now = time.time()
    asked = count(f"page-rate:{caller}:{window}:{int(now // window)}", window + 5)
    return 0 if asked <= quota else window - int(now % window)


def _caller(request: HttpRequest) -> str:
    """The account, else the network; empty for this machine itself."""
    # Without a session nothing of it is looked at, so that answers vary with no cookie.
    if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
        return f"user-{request.user.pk}"
    address = BaseThrottle().get_ident(cast(Request, request))
    try:
        is_here = ipaddress.ip_address(address).is_loopback
    except ValueError:
        is_here = False
    return "" if is_here else digest_of(address)
