"""The load: readers without an account, and members who write until they are answered."""

from __future__ import annotations

import itertools
import random
import re
import threading
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from benchmarks.faults.tallies import NO_ANSWER, Kept, Reads
from benchmarks.upload_to_search import make_paper

READERS, WRITERS = 3, 2
READ_PAUSE, WRITE_PAUSE, AGAIN_PAUSE = 0.1, 0.3, 0.5
WORDS = ("early exit", "gate", "sparse experts", "token", "adaptive depth", "skip", "routing")
ANSWERS = {
    "summary": "",
    "claims": "The saving is measured on three tasks.",
    "support": "4",
    "checked": "code",
    "confidence": "3",
}
REFUSED_FOR_NOW = (409, 429)


@dataclass(frozen=True)
class Account:
    """A member by name and token; a curator may start runs."""

    name: str
    token: str
    is_curator: bool = False


@dataclass
class Traffic:
    """Readers and writers of a site, from `begin` to `end`."""

    url: str
    papers: list[str]
    members: list[Account]
    chance: random.Random
    reads: Reads = field(default_factory=Reads)
    writes: Reads = field(default_factory=Reads)
    """Answers to writes; one that failed is sent again."""
    kept: list[Kept] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    _places: Iterator[int] = field(default_factory=lambda: itertools.count(0))
    _seeds: Iterator[int] = field(default_factory=lambda: itertools.count(1000))

    def begin(self) -> None:
        """Start reading and writing, with new counts."""
        self.reads, self.writes, self.kept = Reads(), Reads(), []
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=work, daemon=True)
            for work in (*[self._read] * READERS, *[self._write] * WRITERS)
        ]
        for thread in self._threads:
            thread.start()

    def end(self) -> None:
        """Stop; what a writer has begun it brings to its answer first, if the site gives one."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def write(self, client: httpx.Client, times: int) -> None:
        """So many acts by this thread: lists, corrections and marks in turn."""
        self._stop = threading.Event()
        for number in range(times):
            (self._list, self._correct, self._mark)[number % 3](client)

    # --- reading ---

    def _read(self) -> None:
        with httpx.Client(base_url=self.url, timeout=10, follow_redirects=True) as client:
            static = ""
            while not self._stop.is_set():
                address = static if static and self.chance.random() < 0.15 else self._address()
                answer = read(client, address, self.reads)
                if answer is not None and address == "/" and answer.status_code == 200:
                    static = style_sheet(answer.text)
                time.sleep(READ_PAUSE)

    def _address(self) -> str:
        word = f"{self.chance.choice(WORDS)} {self.chance.randrange(10**4)}".replace(" ", "+")
        key = self.chance.choice(self.papers)
        return self.chance.choice(
            ("/", "/papers/", f"/papers/?q={word}", f"/papers/{key}/", f"/api/v1/papers/{key}/",
             f"/api/v1/papers/?q={word}", "/topics/early-exiting/", "/lists/", "/people/")
        )  # fmt: skip

    # --- writing ---

    def _write(self) -> None:
        acts = itertools.cycle(
            (self._list, self._review, self._correct, self._upload, self._mark, self._run)
        )
        for _ in range(self.chance.randrange(6)):
            next(acts)
        with httpx.Client(base_url=self.url, timeout=30) as client:
            while not self._stop.is_set():
                next(acts)(client)
                time.sleep(WRITE_PAUSE)

    def _ask(self, client: httpx.Client, by: Account, method: str, path: str, **sent: Any) -> Any:
        """The JSON of the answer, asked again with the same key until there is one. None when the
        site refused it (noted), or when the end came first: nothing was acknowledged then."""
        headers = {"Authorization": f"Bearer {by.token}", "Idempotency-Key": uuid.uuid4().hex}
        while True:
            try:
                answer = client.request(method, path, headers=headers, **sent)
            except httpx.HTTPError:
                answer = None
            status = answer.status_code if answer is not None else NO_ANSWER
            tells_when = answer is not None and "Retry-After" in answer.headers
            self.writes.note(f"{method} {path.partition('?')[0]}", status, tells_when)
            if answer is not None and answer.is_success:
                return answer.json() if answer.content else {}
            if NO_ANSWER < status < 500 and status not in REFUSED_FOR_NOW:
                self.refused.append(f"{status} {method} {path} {answer.text[:200]}")  # type: ignore[union-attr]
                return None
            if self._stop.is_set():
                return None
            time.sleep(AGAIN_PAUSE)

    def _keep(self, kind: str, mark: object, by: Account) -> None:
        self.kept.append(Kept(kind, str(mark), by.name))

    def _member(self) -> Account:
        return self.chance.choice(self.members)

    def _list(self, client: httpx.Client) -> None:
        by, name = self._member(), f"List {next(self._numbers)} {uuid.uuid4().hex[:8]}"
        made = self._ask(client, by, "POST", "/api/v1/lists/", json={"name": name})
        if made is None:
            return
        self._keep("list", name, by)
        paper = self.chance.choice(self.papers)
        address = f"/api/v1/lists/{made['id']}/entries/"
        if self._ask(client, by, "POST", address, json={"paper": paper}) is not None:
            self._keep("entry", f"{made['id']} {paper}", by)

    def _review(self, client: httpx.Client) -> None:
        """Every review has a place of its own: a member and a paper."""
        place = next(self._places)
        by = self.members[place % len(self.members)]
        if place >= len(self.members) * len(self.papers):
            return
        paper = self.papers[place // len(self.members)]
        mark = f"It learns when to stop, as {uuid.uuid4().hex} says."
        sent = {"paper": paper, "form": "house", "name": "signed", "conflict": "none"}
        sent |= {"answers": ANSWERS | {"summary": mark}}  # type: ignore[dict-item]
        made = self._ask(client, by, "POST", "/api/v1/reviews/", json=sent)
        if made is None:
            return
        self._keep("draft", f"{made['id']} {mark}", by)
        if self._ask(client, by, "POST", f"/api/v1/reviews/{made['id']}/submit/") is not None:
            self._keep("review", f"{made['id']} {mark}", by)

    def _correct(self, client: httpx.Client) -> None:
        by, reason = self._member(), f"The paper says so: {uuid.uuid4().hex}"
        fields = {"pages": f"{next(self._numbers)}-{next(self._numbers)}"}
        sent = {"record": self.chance.choice(self.papers), "fields": fields, "reason": reason}
        if self._ask(client, by, "POST", "/api/v1/corrections/", json=sent) is not None:
            self._keep("correction", reason, by)

    def _upload(self, client: httpx.Client) -> None:
        by, paper = self._member(), make_paper(self.chance)
        files = {"file": ("paper.pdf", paper.pdf(), "application/pdf")}
        made = self._ask(client, by, "POST", "/api/v1/documents/", files=files)
        if made is not None:
            self._keep("upload", made["sha256"], by)

    def _mark(self, client: httpx.Client) -> None:
        by, paper = self._member(), self.chance.choice(self.papers)
        sent = {"kind": "read"}
        if self._ask(client, by, "PUT", f"/api/v1/marks/{paper}/", json=sent) is not None:
            self._keep("mark", paper, by)

    def _run(self, client: httpx.Client) -> None:
        """One run a fault is enough; they are slow."""
        if any(kept.kind == "run" for kept in self.kept):
            return
        by = next(member for member in self.members if member.is_curator)
        sent = {"program": "skip_rnn", "scale": "exact", "seed": next(self._seeds)}
        if (made := self._ask(client, by, "POST", "/api/v1/runs/", json=sent)) is not None:
            self._keep("run", made["id"], by)


def read(client: httpx.Client, address: str, reads: Reads) -> httpx.Response | None:
    """Open an address and note what came."""
    try:
        answer = client.get(address)
    except httpx.HTTPError:
        reads.note(address.partition("?")[0], NO_ANSWER)
        return None
    shown = address.partition("?")[0]
    # A style sheet that is not there leaves a reader with a bare page: as bad as no page.
    status = 599 if address.startswith("/static/") and answer.status_code == 404 else None
    reads.note(shown, status or answer.status_code, "Retry-After" in answer.headers)
    return answer


def style_sheet(page: str) -> str:
    """The address of a page's first style sheet; empty when it has none."""
    found = re.search(r'href="(/static/[^"]+\.css)"', page)
    return found[1] if found else ""
