"""What a runner says to a site: HTTP with a token, tried again while the network is away."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from types import TracebackType
from typing import Any

import httpx

from reproductions.runs.collected import Said

API = "/api/v1"
PATIENCE_SECONDS = 1800.0
_TRANSIENT = (429, 500, 502, 503, 504)


class SiteRefuses(Exception):
    """The site's answer is no; the text is the site's."""


class LeaseEnded(SiteRefuses):
    """The run is not this runner's any more."""


class Unreachable(Exception):
    """The site has not answered for longer than one waits."""


class Site:
    """One site, seen with one token."""

    def __init__(self, address: str, token: str, transport: httpx.BaseTransport | None = None):
        self.address = address.rstrip("/")
        self.client = httpx.Client(
            base_url=self.address + API,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(30.0, connect=10.0),
            transport=transport,
            follow_redirects=False,
        )

    def __enter__(self) -> Site:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.client.close()

    @property
    def host(self) -> str:
        """Host, and port where it is not the usual one, as the site sees them."""
        return httpx.URL(self.address).netloc.decode()

    def register(self, *, name: str, public_key: str, proof: str) -> dict[str, Any]:
        """The runner with that key; made when the site has not seen it before."""
        body = {"name": name, "public_key": public_key, "proof": proof}
        return self._post("/runners/", json=body, patience=0.0)

    def take(self, runner: int, equipment: Mapping[str, Any]) -> dict[str, Any]:
        """A run, or none and why."""
        return self._post(f"/runners/{runner}/take/", json=dict(equipment), patience=0.0)

    def tell(
        self, runner: int, run: int, lease: str, lines: Sequence[Said], progress: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Hand lines over and keep the lease up."""
        body = {"lease": lease, "lines": [asdict(line) for line in lines], **progress}
        return self._post(f"/runners/{runner}/runs/{run}/lines/", json=body, patience=0.0)

    def deliver(self, runner: int, run: int, lease: str, record: str, signature: str) -> None:
        """Hand the record over; tried for half an hour."""
        self._post(
            f"/runners/{runner}/runs/{run}/record/",
            data={"lease": lease, "signature": signature},
            files={"record": ("record.json", record.encode(), "application/json")},
            patience=PATIENCE_SECONDS,
        )

    def give_back(self, runner: int, run: int, lease: str) -> None:
        """Let another machine have the run."""
        self._post(f"/runners/{runner}/runs/{run}/give-back/", json={"lease": lease}, patience=0.0)

    def hand_in(self, crate: bytes) -> dict[str, Any]:
        """Hand a packed RO-Crate in."""
        return self._post(
            "/hand-ins/",
            files={"crate": ("crate.zip", crate, "application/zip")},
            patience=PATIENCE_SECONDS,
        )

    def _post(self, path: str, *, patience: float, **content: Any) -> dict[str, Any]:
        """The answer's body.  Raises SiteRefuses, LeaseEnded, Unreachable."""
        waited, pause = 0.0, 1.0
        while True:
            try:
                answer = self.client.post(path, **content)
                if answer.status_code not in _TRANSIENT:
                    return _read(answer)
                problem = f"HTTP {answer.status_code}"
            except httpx.HTTPError as error:
                problem = str(error) or type(error).__name__
            if waited >= patience:
                raise Unreachable(f"{self.address}: {problem}")
            time.sleep(pause)
            waited, pause = waited + pause, min(2 * pause, 60.0)


def _read(answer: httpx.Response) -> dict[str, Any]:
    try:
        body = answer.json() if answer.content else {}
    except ValueError:
        body = {}
    if answer.status_code < 300:
        return dict(body)
    words = body.get("detail") or body.get("title") or f"HTTP {answer.status_code}"
    faults = [str(fault.get("message", "")) for fault in body.get("errors", ())]
    detail = " ".join([str(words), *(fault for fault in faults if fault and fault != words)])
    if answer.status_code == HTTPStatus.CONFLICT:
        raise LeaseEnded(detail)
    raise SiteRefuses(detail)
