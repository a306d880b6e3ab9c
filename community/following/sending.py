"""One signed POST to an address that a member gave: never to this network, never by a redirect.

The name is looked up once; every address behind it must be on the public internet, and the first
one is connected to, so that a name which changes its mind cannot lead inside. The signature is that
of Standard Webhooks: HMAC-SHA256 over id, time and body.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx
from django.utils.translation import gettext

from accounts.roles import NotPossible
from community.models import Webhook

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
MOST_BYTES = 2_000  # of an answer that are read
LONGEST = 500
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

transport: httpx.BaseTransport | None = None
"""Tests put an answer here; None is the network."""


@dataclass(frozen=True)
class Answer:
    """What came back. `problem`: why there is no answer, or why it does not count."""

    status: int | None = None
    text: str = ""
    problem: str = ""

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


class NotPublic(Exception):
    """The name leads to an address that is not on the public internet."""


def check_address(address: str) -> None:
    """Raises NotPossible where nothing could ever be sent to the address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NotPossible(gettext("This is no address.")) from error
    if parts.scheme != "https" or not parts.hostname or len(address) > LONGEST:
        raise NotPossible(gettext("Give an address that begins with https://."))
    if port not in (None, 443):
        raise NotPossible(gettext("Webhooks are sent to the usual port of HTTPS alone."))
    if parts.username or parts.password or parts.fragment:
        raise NotPossible(gettext("Leave out user, password and what stands behind #."))
    try:
        literal = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return
    if not is_public(literal):
        raise NotPossible(
            gettext("This address is inside a network; webhooks go to public ones alone.")
        )


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """On the public internet, also behind the ways in which IPv6 carries IPv4."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            carried = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if carried is not None:
            return is_public(carried)
        if address.teredo is not None:
            return False
    return address.is_global and not address.is_multicast


def resolve(host: str) -> list[str]:
    """All addresses of a name."""
    rows = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(row[4][0]) for row in rows))


def public_address(host: str) -> str:
    """The address to connect to. Raises NotPublic, OSError."""
    addresses = resolve(host)
    if not addresses or not all(is_public(ipaddress.ip_address(address)) for address in addresses):
        raise NotPublic
    return addresses[0]


def signature(webhook: Webhook, event: str, moment: int, body: str) -> str:
    """`v1,` and the base64 of the HMAC over `id.time.body`."""
    signed = f"{event}.{moment}.{body}".encode()
    return "v1," + base64.b64encode(hmac.digest(webhook.key, signed, hashlib.sha256)).decode(
        "ascii"
    )


def post(webhook: Webhook, event: str, body: str) -> Answer:
    """Send it once; whatever happens is told in the answer."""
    target = httpx.URL(webhook.address)
    moment = int(time.time())
    headers = {
        "Host": target.host,
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "living-survey/0.1 (webhook)",
        "Webhook-Id": event,
        "Webhook-Timestamp": str(moment),
        "Webhook-Signature": signature(webhook, event, moment, body),
    }
    try:
        address = public_address(target.host)
        with (
            httpx.Client(
                transport=transport, timeout=TIMEOUT, trust_env=False, follow_redirects=False
            ) as client,
            client.stream(
                "POST",
                target.copy_with(host=address),
                content=body.encode(),
                headers=headers,
                extensions={"sni_hostname": target.host},
            ) as response,
        ):
            return _answer(response)
    except NotPublic:
        return Answer(problem="The name leads to an address inside a network; nothing was sent.")
    except httpx.TimeoutException:
        return Answer(problem="No answer within 10 seconds.")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Answer(problem=f"It could not be reached ({type(error).__name__}).")


def _answer(response: httpx.Response) -> Answer:
    read, deadline = b"", time.monotonic() + 10.0
    for part in response.iter_bytes():
        read += part
        if len(read) >= MOST_BYTES or time.monotonic() > deadline:
            break
    text = read[:MOST_BYTES].decode("utf-8", "replace").replace("\x00", "")
    text = " ".join(text.split())[:500]
    problem = ""
    if response.is_redirect:
        problem = "It answers with a redirect, which is not followed: give the last address."
    elif not response.is_success:
        problem = f"It answered {response.status_code}."
    return Answer(response.status_code, text, problem)
