"""How long after an upload has finished the paper is found by a sentence of its abstract.

    python -m benchmarks.upload_to_search [--site http://127.0.0.1:8000] [--papers 10]
    BENCH_PASSWORD=… python -m benchmarks.upload_to_search --curator NAME

Works on a running site, as a browser would: signs up, sends a PDF made for the purpose through the
upload page, and from the moment that the answer is there asks again and again until the paper is in
the list. Each paper's abstract holds a sentence that no other text has; the search is for that
sentence without quotation marks, and for it in quotation marks.

A member's works wait for a curator: they are looked for among what waits (/api/v1/waiting/?q=), and
must not be in the public search. With --curator the papers are sent by that account, stand in
public at once and are looked for there; some titles share words with the sentence, so that the list
shows them with marks inside. An answer other than 200 ends the command. The papers stay on the
site: use one that may keep them.
"""

from __future__ import annotations

import argparse
import os
import random
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from statistics import median

import httpx

from tests.ingest_site.paper_pdf import paper_pdf

GOAL_SECONDS = 5.0
GIVE_UP_SECONDS = 60.0
PAUSE_SECONDS = 0.1
NEVER = float("inf")
_STONES = ("amber", "basalt", "cobalt", "ember", "flint", "garnet", "jasper", "marble", "onyx")
_THINGS = ("anchors", "bridges", "dials", "funnels", "gears", "hinges", "ladders", "pulleys")
_VERBS = ("outpace", "delay", "rename", "sharpen", "divide", "gather", "mislead", "untangle")


@dataclass(frozen=True)
class Paper:
    """A made-up paper: its title, and one sentence of its abstract."""

    title: str
    sentence: str

    def pdf(self) -> bytes:
        abstract = (
            "We study networks that decide for each input how much work it deserves. "
            f"{self.sentence} The gain is largest where most inputs are easy."
        )
        return paper_pdf(self.title, ("Ada Example", "Ben Test"), abstract=abstract)


@dataclass(frozen=True)
class Place:
    """Where papers are looked for: an address that takes `q`, and how its answer lists titles."""

    address: str
    titles: Callable[[httpx.Response], list[str]]

    def lists(self, browser: httpx.Client, words: str, title: str) -> bool:
        """Search once; whether the paper is in the list."""
        answer = browser.get(self.address, params={"q": words}).raise_for_status()
        return title in self.titles(answer)


PUBLIC = Place("/papers/", lambda answer: titles_listed(answer.text))
WAITING = Place(
    "/api/v1/waiting/", lambda answer: [work["title"] for work in answer.json()["results"]]
)


@dataclass
class Wait:
    """Seconds until each question led to the paper, and what every search took."""

    place: Place
    plain: float = NEVER
    quoted: float = NEVER
    searches: list[float] = field(default_factory=list)
    is_public: bool = False
    """Whether the public search has it, in the end."""

    def finds(self, browser: httpx.Client, words: str, title: str) -> bool:
        """Search once; whether the paper is in the list."""
        began = time.perf_counter()
        is_listed = self.place.lists(browser, words, title)
        self.searches.append(time.perf_counter() - began)
        return is_listed

    @property
    def row(self) -> str:
        return f"{self.plain:>9.2f}{self.quoted:>10.2f}{median(self.searches):>12.2f}"


def main() -> int:
    """Upload, wait, print a table; 0 when every paper was found in time."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.upload_to_search",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--site", default="http://127.0.0.1:8000")
    parser.add_argument("--papers", type=int, default=10)
    parser.add_argument("--seed", type=int, default=time.time_ns())
    parser.add_argument("--curator", default="", help="send as this account (BENCH_PASSWORD)")
    wanted = parser.parse_args()
    chance = random.Random(wanted.seed)
    waits: list[Wait] = []
    with httpx.Client(base_url=wanted.site, timeout=30, follow_redirects=True) as browser:
        if wanted.curator:
            sign_in(browser, wanted.curator, os.environ.get("BENCH_PASSWORD", ""))
        else:
            sign_up(browser, f"bench{chance.randrange(10**9)}")
        place = PUBLIC if wanted.curator else WAITING
        print(f"{'paper':<52}{'sent s':>8}{'found s':>9}{'quoted s':>10}{'a search s':>12}")
        for _ in range(wanted.papers):
            paper = make_paper(chance)
            began = time.perf_counter()
            send(browser, paper)
            sent = time.perf_counter()
            wait = _wait_for(browser, paper, place)
            waits.append(wait)
            print(f"{paper.title[:50]:<52}{sent - began:>8.2f}{wait.row}", flush=True)
    return _report(waits, place)


def make_paper(chance: random.Random) -> Paper:
    def thing() -> str:
        return f"{chance.choice(_STONES)} {chance.choice(_THINGS)}"

    title = f"Notes on {thing().title()}, Part {chance.randrange(10**6)} of a Series"
    mark = f"{chance.choice(_STONES)}{chance.randrange(10**6)}"
    verb = chance.choice(_VERBS)
    return Paper(title, f"In our trials {thing()} {verb} {thing()} under {mark} light.")


def sign_up(browser: httpx.Client, name: str) -> None:
    """A new account, by the form that people use."""
    browser.get("/accounts/signup/").raise_for_status()
    word = secrets.token_urlsafe()
    form = {"username": name, "email": f"{name}@example.org", "password1": word, "password2": word}
    _post(browser, "/accounts/signup/", data=form)
    if "sessionid" not in browser.cookies:
        sys.exit("The site did not sign us up; is it running, and may people sign up there?")


def sign_in(browser: httpx.Client, name: str, password: str) -> None:
    """Into an account that is there, by the form that people use."""
    browser.get("/accounts/login/").raise_for_status()
    _post(browser, "/accounts/login/", data={"login": name, "password": password})
    if "sessionid" not in browser.cookies:
        sys.exit(f"The site did not let {name} in; is BENCH_PASSWORD right?")


def _post(browser: httpx.Client, path: str, **more: object) -> httpx.Response:
    token = browser.cookies.get("csrftoken") or ""
    headers = {"X-CSRFToken": token, "Referer": str(browser.base_url)}
    return browser.post(path, headers=headers, **more).raise_for_status()  # type: ignore[arg-type]


def send(browser: httpx.Client, paper: Paper) -> None:
    _post(browser, "/upload/file", files={"file": ("paper.pdf", paper.pdf(), "application/pdf")})


def _wait_for(browser: httpx.Client, paper: Paper, place: Place) -> Wait:
    """Ask until the plain and the quoted sentence lead to the paper, or until patience ends."""
    began = time.perf_counter()
    wait = Wait(place)
    sentence = paper.sentence.rstrip(".")
    while max(wait.plain, wait.quoted) == NEVER and time.perf_counter() - began < GIVE_UP_SECONDS:
        if wait.plain == NEVER and wait.finds(browser, sentence, paper.title):
            wait.plain = time.perf_counter() - began
        if wait.quoted == NEVER and wait.finds(browser, f'"{sentence}"', paper.title):
            wait.quoted = time.perf_counter() - began
        time.sleep(PAUSE_SECONDS)
    wait.is_public = PUBLIC.lists(browser, f'"{sentence}"', paper.title)
    return wait


class _Titles(HTMLParser):
    """Collects the text of every `.title` heading, whatever is marked inside."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "h3" and "title" in (dict(attrs).get("class") or "").split():
            self._inside = True
            self.found.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "h3"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.found[-1] += data


def titles_listed(page: str) -> list[str]:
    """Titles of the papers in a page of results, in their order.

    The page marks the words of the question, so a title is seldom there in one piece.
    """
    parser = _Titles()
    parser.feed(page)
    parser.close()
    return [" ".join(title.split()) for title in parser.found]


def _report(waits: list[Wait], place: Place) -> int:
    slowest = [max(wait.plain, wait.quoted) for wait in waits]
    in_time = sum(wait <= GOAL_SECONDS for wait in slowest)
    searches = [seconds for wait in waits for seconds in wait.searches]
    print(f"\nmedian {median(slowest):.2f} s, slowest {max(slowest):.2f} s; ", end="")
    print(f"{in_time} of {len(waits)} within {GOAL_SECONDS:.0f} s")
    print(f"{len(searches)} searches, median {median(searches):.2f} s; ", end="")
    print(f"load of the machine (1 minute) {os.getloadavg()[0]:.2f}")
    public = sum(wait.is_public for wait in waits)
    right = len(waits) if place is PUBLIC else 0
    print(f"{public} of {len(waits)} in the public search, {right} should be")
    return int(in_time < len(waits) or public != right)


if __name__ == "__main__":
    sys.exit(main())
