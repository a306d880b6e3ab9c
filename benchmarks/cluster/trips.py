"""The five trips of docs/architecture.md, made from outside through the proxy, each to its end."""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from benchmarks.faults.traffic import ANSWERS, Account
from benchmarks.upload_to_search import Paper, make_paper, titles_listed

PATIENCE_SECONDS = 300.0
PAUSE_SECONDS = 0.5


class NotArrived(Exception):
    """A trip that did not end well; the text says where it stayed."""


@dataclass
class Traveller:
    """Who makes the trips: a curator, a member and a moderator."""

    client: httpx.Client
    curator: Account
    member: Account
    moderator: Account
    chance: random.Random
    key: str = ""
    paper: Paper | None = None

    def ask(self, by: Account | None, method: str, path: str, **sent: Any) -> httpx.Response:
        """An answer below 400. Raises NotArrived."""
        headers = dict(sent.pop("headers", {}))
        if by is not None:
            headers |= {"Authorization": f"Bearer {by.token}", "Idempotency-Key": uuid.uuid4().hex}
        answer = self.client.request(method, path, headers=headers, **sent)
        if answer.status_code >= 400:
            raise NotArrived(f"{answer.status_code} {method} {path}: {answer.text[:300]}")
        return answer

    def wait(self, what: str, found: Callable[[], Any]) -> Any:
        """What is found in the end. Raises NotArrived after PATIENCE_SECONDS."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (answer := found()):
            if time.monotonic() > end:
                raise NotArrived(f"{what}: not within {PATIENCE_SECONDS:.0f} s")
            time.sleep(PAUSE_SECONDS)
        return answer

    # --- the trips ---

    def upload(self) -> None:
        """A PDF becomes a paper with a page."""
        self.paper = make_paper(self.chance)
        content = self.paper.pdf()
        files = {"file": ("paper.pdf", content, "application/pdf")}
        sent = self.ask(self.curator, "POST", "/api/v1/documents/", files=files).json()
        address = f"/api/v1/documents/{sent['id']}/"

        def read() -> Any:
            document = self.ask(self.curator, "GET", address).json()
            if document["state"] == "failed":
                raise NotArrived(f"the document could not be read: {document['message']}")
            return document["paper"]

        paper = self.wait("the PDF is read", read)
        self.key = paper["key"]
        if self.paper.title not in self.ask(None, "GET", f"/papers/{self.key}/").text:
            raise NotArrived(f"/papers/{self.key}/ does not tell its title")

    def search(self) -> None:
        """The paper is found by a sentence of its abstract."""
        assert self.paper is not None
        words, title = self.paper.sentence.rstrip("."), self.paper.title

        def found() -> bool:
            page = self.ask(None, "GET", "/papers/", params={"q": words})
            return title in titles_listed(page.text)

        self.wait("the paper is found", found)

    def review(self) -> None:
        """A review is written, published by a moderator, and read by everybody."""
        mark = f"It learns when to stop, as {uuid.uuid4().hex} says."
        sent = {"paper": self.key, "form": "house", "name": "signed", "conflict": "none"}
        sent |= {"answers": ANSWERS | {"summary": mark}}  # type: ignore[dict-item]
        made = self.ask(self.member, "POST", "/api/v1/reviews/", json=sent).json()
        self.ask(self.member, "POST", f"/api/v1/reviews/{made['id']}/submit/")

        def waits() -> Any:
            address = "/api/v1/moderation/?kind=review&per_page=100"
            rows = self.ask(self.moderator, "GET", address).json()["results"]
            return [row for row in rows if row["id"] == made["id"]]

        [entry] = self.wait("the review is in the queue", waits)
        self.ask(
            self.moderator,
            "POST",
            f"/api/v1/moderation/review/{made['id']}/decision/",
            json={"decision": "publish"},
            headers={"If-Match": f'"{entry["revision"]}"'},
        )
        if mark not in self.ask(None, "GET", f"/reviews/{made['id']}/").text:
            raise NotArrived(f"/reviews/{made['id']}/ does not show the review")

    def reproduce(self) -> None:
        """A run is asked for, made, and judged."""
        sent = {"program": "skip_rnn", "scale": "exact", "seed": self.chance.randrange(10**6)}
        run = self.ask(self.curator, "POST", "/api/v1/runs/", json=sent).json()

        def ended() -> Any:
            now = self.ask(None, "GET", f"/api/v1/runs/{run['id']}/").json()
            return now if now["state"] not in ("queued", "running") else None

        now = self.wait("the run has ended", ended)
        # A small field has no claims of the program, so that its numbers alone are there.
        if now["state"] != "finished" or not (now["judgements"] or now["measurements"]):
            raise NotArrived(f"the run {run['id']} is {now['state']}: {now['exit_cause']}")

    def api(self) -> None:
        """The paper as JSON, with the bytes of the page's title."""
        assert self.paper is not None
        record = self.ask(None, "GET", f"/api/v1/papers/{self.key}/").json()
        if record["title"] != self.paper.title:
            raise NotArrived(f"the API calls it {record['title']!r}")


TRIPS: tuple[tuple[str, Callable[[Traveller], None]], ...] = (
    ("upload a PDF, its paper's page", Traveller.upload),
    ("a query, the paper among its results", Traveller.search),
    ("submit a review, its page", Traveller.review),
    ("start a reproduction, its verdicts", Traveller.reproduce),
    ("ask the API, JSON", Traveller.api),
)


@dataclass(frozen=True)
class Arrival:
    """A trip that was made: seconds to its end, or where it stayed."""

    trip: str
    seconds: float
    problem: str = ""

    def cells(self) -> str:
        end = self.problem.replace("|", "/").replace("\n", " ") or "arrived"
        return f"| {self.trip} | {self.seconds:.1f} | {end} |"


HEADING = "| trip | s | |\n|---|---|---|"


def make_all(traveller: Traveller) -> list[Arrival]:
    """Every trip once, in order; later ones use the paper of the first."""
    arrivals = []
    for name, trip in TRIPS:
        began, problem = time.monotonic(), ""
        try:
            trip(traveller)
        except (NotArrived, httpx.HTTPError, AssertionError) as error:
            problem = f"{type(error).__name__}: {error}"
        arrivals.append(Arrival(name, time.monotonic() - began, problem))
    return arrivals
