"""The cache: RedisCache that counts in one step, and that no page depends on.

While the server is away, nothing is found, what is written is lost, and counters let everybody
through; a line in the log tells it, once a minute.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.exceptions import ConnectionError, OutOfMemoryError, TimeoutError

AWAY = (ConnectionError, TimeoutError, OutOfMemoryError)
# A server that hangs costs one time-out, and then nothing for this long.
PAUSE_SECONDS = 1.0
TELL_AGAIN_SECONDS = 60.0
Key = str | bytes | memoryview
log = logging.getLogger(__name__)


class _Absence:
    """What one process knows of a server that does not answer."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._quiet_until = 0.0
        self._tell_after = 0.0

    @property
    def is_fresh(self) -> bool:
        return time.monotonic() < self._quiet_until

    def note(self, error: Exception) -> None:
        now = time.monotonic()
        with self._lock:
            self._quiet_until = now + PAUSE_SECONDS
            is_news = now >= self._tell_after
            if is_news:
                self._tell_after = now + TELL_AGAIN_SECONDS
        if is_news:
            log.warning("The cache does not answer (%s); until it does, nothing is limited.", error)


P = ParamSpec("P")
T = TypeVar("T")


def _patient(
    usual: Callable[Concatenate[RedisCacheClient, P], T], otherwise: T
) -> Callable[Concatenate[PatientClient, P], T]:
    """A method of Django's client that answers `otherwise` while the server is away."""

    @wraps(usual)
    def asked(client: PatientClient, *args: P.args, **kwargs: P.kwargs) -> T:
        return client.ask(lambda: usual(client, *args, **kwargs), otherwise)

    return asked


class PatientClient(RedisCacheClient):
    """Django's client, with an answer to each question also while the server is away."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._absence = _Absence()

    def ask(self, question: Callable[[], T], otherwise: T) -> T:
        """The server's answer, or `otherwise`."""
        if self._absence.is_fresh:
            return otherwise
        try:
            return question()
        except AWAY as error:
            self._absence.note(error)
            return otherwise

    def get(self, key: Key, default: object) -> Any:
        usual = super().get
        return self.ask(lambda: usual(key, default), default)

    add = _patient(RedisCacheClient.add, True)
    set = _patient(RedisCacheClient.set, None)
    touch = _patient(RedisCacheClient.touch, False)
    delete = _patient(RedisCacheClient.delete, False)
    get_many = _patient(RedisCacheClient.get_many, {})
    has_key = _patient(RedisCacheClient.has_key, False)
    incr = _patient(RedisCacheClient.incr, 1)
    set_many = _patient(RedisCacheClient.set_many, None)
    delete_many = _patient(RedisCacheClient.delete_many, None)
    clear = _patient(RedisCacheClient.clear, False)

    def count(self, key: str, seconds: int) -> int:
        def step() -> int:
            with self.get_client(key, write=True).pipeline(transaction=True) as together:
                together.set(key, 0, ex=seconds, nx=True)
                together.incr(key)
                return int(together.execute()[-1])

        return self.ask(step, 1)

    def uptime(self) -> float | None:
        """Seconds since the server began; None while it is away."""
        seconds = self.ask(lambda: self.get_client().info("server")["uptime_in_seconds"], None)
        return None if seconds is None else float(seconds)


class PatientCache(RedisCache):
    """The cache of this site: CACHES["default"]."""

    def __init__(self, server: str | list[str], params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = PatientClient

    @property
    def client(self) -> PatientClient:
        return cast(PatientClient, self._cache)

    def count(self, key: str, seconds: int) -> int:
        return self.client.count(self.make_and_validate_key(key), seconds)


def site_cache() -> PatientCache:
    """The cache, with what only ours can do. Raises TypeError for one of another kind."""
    cache = caches["default"]
    if not isinstance(cache, PatientCache):
        raise TypeError(f"CACHES['default'] is {type(cache).__name__}, not PatientCache")
    return cache


def count(key: str, seconds: int) -> int:
    """Count one more under `key`, in one step for all processes; returns its number, from 1.

    The first starts the `seconds` after which the key is gone. 1 while the server is away.
    """
    return site_cache().count(key, seconds)
