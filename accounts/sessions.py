"""Where an account is signed in: sessions with address, browser and hour, and how they end.

The rows are those of `allauth.usersessions`. Its signal handlers are not used: the middleware notes
every session that opens an account, whatever made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from accounts.models import User

NO_ADDRESS = "::"  # behind a socket without addresses
_MOST_REMEMBERED = 50_000
# Session keys with the hour in which this process noted them. Not kept in the session itself: two
# requests side by side would overwrite each other's changes of it.
_noted: dict[str, str] = {}
_BROWSERS = (
    ("Edge", r"Edg(?:e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrom(?:e|ium)/|CriOS/"),
    ("Safari", r"Version/.*Safari/"),
    ("curl", r"^curl/"),
)
_SYSTEMS = (
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Android", r"Android"),
    ("Windows", r"Windows"),
    ("ChromeOS", r"CrOS"),
    ("macOS", r"Mac OS X|Macintosh"),
    ("Linux", r"Linux|X11"),
)


def note_session(request: HttpRequest) -> None:
    """Keep address and browser of the session that opened an account, once an hour and process.

    To be called after the answer was made, so that the request that signs in is noted too.
    """
    session = request.session
    if not session.accessed or SESSION_KEY not in session:
        return
    if not session.session_key:
        session.save()
    key, hour = str(session.session_key), f"{timezone.now():%Y-%m-%d %H}"
    if _noted.get(key) == hour:
        return
    seen = UserSession(
        user_id=int(session[SESSION_KEY]),
        session_key=key,
        ip=_address_of(request),
        user_agent=request.headers.get("User-Agent", "").replace("\0", "")[:200],
    )
    UserSession.objects.bulk_create(
        [seen],
        update_conflicts=True,
        unique_fields=["session_key"],
        update_fields=["user", "ip", "user_agent", "last_seen_at"],
    )
    if len(_noted) >= _MOST_REMEMBERED:
        _noted.clear()
    _noted[key] = hour


def sessions_of(user: User) -> list[UserSession]:
    """The sessions that still open the account, the one seen last first."""
    rows = UserSession.objects.filter(user=user).order_by("-last_seen_at", "-pk")
    return [row for row in rows if _opens(row.session_key, user)]


def end_sessions(sessions: Iterable[UserSession]) -> int:
    """End them now: their cookies open nothing any more. Returns how many there were."""
    return len([session.end() for session in sessions])


def forget_ended_sessions() -> int:
    """Delete what is kept of sessions that were left or ran out."""
    _store().clear_expired()
    alive = Session.objects.values("session_key")
    return UserSession.objects.exclude(session_key__in=alive).delete()[0]  # type: ignore[no-any-return]


def device_of(user_agent: str) -> str:
    """“Firefox on Linux”: what a browser says of itself, in words that its owner knows."""
    browser = _first(_BROWSERS, user_agent)
    system = _first(_SYSTEMS, user_agent)
    if browser and system:
        return f"{browser} on {system}"
    return browser or system or "an unknown browser"


def _first(names: tuple[tuple[str, str], ...], text: str) -> str:
    return next((name for name, pattern in names if re.search(pattern, text)), "")


def _address_of(request: HttpRequest) -> str:
    try:
        return get_adapter().get_client_ip(request)  # type: ignore[no-any-return]
    except PermissionDenied:
        return NO_ADDRESS


def _opens(session_key: str, user: User) -> bool:
    """Whether the session is there and was not shut by a new password."""
    kept = _store()(session_key)
    return str(kept.get(SESSION_KEY, "")) == str(user.pk) and constant_time_compare(
        kept.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )


def _store() -> Any:
    return import_module(settings.SESSION_ENGINE).SessionStore
