"""How often one address may ask.

Told in RateLimit headers as in draft-ietf-httpapi-ratelimit-headers.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from kb.site.cache import count

if TYPE_CHECKING:
    from rest_framework.views import APIView

_SECONDS = {"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600, "d": 86400, "day": 86400}


@dataclass(frozen=True)
class Allowance:
    """What is left of a quota: requests, and seconds until it is whole again."""

    quota: int
    window_seconds: int
    left: int
    reset_seconds: int

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit-Policy and RateLimit, as structured fields."""
        return {
            "RateLimit-Policy": f'"default";q={self.quota};w={self.window_seconds}',
            "RateLimit": f'"default";r={max(0, self.left)};t={self.reset_seconds}',
        }


class AddressThrottle(BaseThrottle):
    """A quota for a fixed window a caller: an account, an IPv4 address or an IPv6 /64 network."""

    allowance: Allowance | None = None

    def allow_request(self, request: Request, view: APIView) -> bool:
        quota, window = parse_rate(settings.KB_API_RATE)
        now = time.time()
        key = f"api-rate:{self._caller(request)}:{window}:{int(now // window)}"
        requests = count(key, window + 5)
        self.allowance = Allowance(quota, window, quota - requests, window - int(now % window))
        request._request.rate_allowance = self.allowance  # type: ignore[attr-defined]
        return requests <= quota

    def wait(self) -> float | None:
        return self.allowance.reset_seconds if self.allowance else None

    def _caller(self, request: Request) -> str:
        if request.user and request.user.is_authenticated:
            return f"user-{request.user.pk}"
        return digest_of(self.get_ident(request))


def digest_of(address: str) -> str:
    """Stands for the network of an address, which is kept nowhere."""
    return hashlib.sha256(network(address).encode()).hexdigest()[:24]


def parse_rate(rate: str) -> tuple[int, int]:
    """(requests, seconds) of "600/min". Raises ImproperlyConfigured for anything else."""
    match = re.fullmatch(r"\s*(\d+)\s*/\s*([a-z]+)\s*", rate)
    if not match or match[2] not in _SECONDS:
        raise ImproperlyConfigured(f"KB_API_RATE={rate!r}: expected such as 600/min")
    return int(match[1]), _SECONDS[match[2]]


def network(address: str) -> str:
    """The /64 network of an IPv6 address, because one household holds all of it; IPv4 as it is."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/64", strict=False))
