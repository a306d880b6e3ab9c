"""Every page has its address in Chinese, and nothing there is in English that is ours.

What leads on from a page below /zh/ leads to Chinese pages, and its answer has the status of the
English one. English is data there, and says that it is English.

English of a page is data when a record of the field says it, in these words; then it carries
`lang="en"`, for those who listen and for fonts. Where an element cannot carry it (attributes, a
sentence with a name in it), being data is enough. Whatever else is English is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from typing import Any

import pytest

from kb.languages.addresses import stands_alone
from tests.crawl.recorded import is_recorded, recorded
from tests.crawl.spoken import CHINESE, LOWER, Said, english_of, said_in
from tests.crawl.visiting import (
    ANONYMOUS,
    CURATOR,
    MEMBER,
    Answer,
    Crawl,
    addresses_of,
    crawled_routes,
)

ROUTES = [route for route in crawled_routes() if not stands_alone(route)]
OPENED = 2
"""So many addresses of a pattern are read."""
TITLE = r"[A-Z0-9][^.]{5,160}"
"""Titles in links, which tags of templates write: they cannot be told from names there."""
REMAINS = (
    (r"papers/<slug:key>/cite/", r".*"),  # references in the styles of journals
    (r"reproductions/<slug:slug>/code/.*", r".*"),  # what stands beside code stands in it
    (
        r"(tables|runs|reproductions)/.*",
        r"(The Living Survey.*|Version|scale|seed|exact scale|Run)",
    ),
    (r"runs/<int:pk>/verdicts/.*", r".*"),  # what to cite says the claim, which is a record
    (
        r"(runs|reproductions)/.*",
        r"[-+.\w ]{3,70}|\w+ SHA-256|RO-Crate（zip）",
    ),  # settings, and facts of a machine
    (
        r"compare/|tables/.*|disagreements/",
        r".{1,80}",
    ),  # what is counted, put together from records
    (r"tables/(<slug:slug>/)?(new|edit)/", r".*"),  # the definition of a table is code
    (r"(labs|organisations|courses|books)/.*", r".*"),  # their sources are told with links inside
    (r".*/(correct|edit/overview|settings|import)/.*", r".*"),  # boxes with records, and examples
    (r"|(lists|papers|topics|numbers|this-month|months)/.*", TITLE),
    (r"(health-of-the-survey|workshops)/.*", TITLE),
    (r"health-of-the-survey/", r"[a-z][a-z -]{2,60}"),  # parts of programs' titles
    (
        r"(lists|this-month|months|numbers)/.*",
        r"and|average of .*|dense|active parameters.*|standard deviation of the epochs",
    ),  # of settings, in words that the interface has too
    (r"(runners|account|members)/.*", r"run|moderator"),  # names of rights, as tokens have them
    (r"corrections/.*", r"author|origin|title.*|list|curator|knowledge|repository.*"),
    (r"workshops/.*", r"(home page|a lab site|representation learning) .*"),  # of records' sources
    (r"papers/<slug:key>/reviews/new/", r"\w+ 20\d\d and 20\d\d"),  # years of a venue's form
    (r"reproductions/<slug:slug>/", r".* stood"),
    (r".*", r"(Uday|zhichao) .*|A|To be opened( \(40\))?"),  # names in small letters
)
"""Patterns of addresses, and what may stand there in English without being a record's words, or
without saying so."""


@pytest.fixture(scope="package")
def corpus(whole_field: None, signed_in: Any, django_db_blocker: Any) -> str:
    """All that records say."""
    with django_db_blocker.unblock():
        return recorded()


def faults(page: list[Said], corpus: str, route: str) -> Iterator[str]:
    """Texts of a page that are English and should not be, or do not say that they are."""
    allowed = [re.compile(text) for where, text in REMAINS if re.fullmatch(where, route)]
    for said in page:
        for english in map(str.strip, english_of(said.text)):
            is_alone = not said.is_attribute and not CHINESE.search(said.text)
            if any(pattern.fullmatch(english) for pattern in allowed):
                continue
            if not is_recorded(english, corpus):
                yield f"no record says: {said.text[:160]}"
            elif LOWER.search(english) and said.language.startswith("zh") and is_alone:
                yield f"without lang=en: {said.text[:160]}"


@pytest.mark.parametrize("route", ROUTES)
def test_every_page_is_there_in_chinese_and_english_is_data(
    crawl: Crawl, corpus: str, route: str
) -> None:
    found = {}
    for address in islice(addresses_of(route), OPENED):
        for role in (ANONYMOUS, MEMBER, CURATOR):
            answer = crawl.openers[role](f"/zh{address}")
            if role == CURATOR:
                for fault in unlike(crawl.openers[role](address), answer):
                    found[fault] = f"/zh{address} ({role})"
            if answer.status == 200 and answer.media_type == "text/html" and answer.body:
                for fault in faults(said_in(answer.body), corpus, route):
                    found.setdefault(fault, f"/zh{address} ({role})")
    assert not found, "\n".join(f"{where}: {fault}" for fault, where in found.items())


def unlike(english: Answer, chinese: Answer) -> Iterator[str]:
    """What an answer below /zh/ has not in common with the same one in English."""
    if chinese.status != english.status:
        yield f"answers {chinese.status}, in English {english.status}"
    elif chinese.status == 200 and chinese.media_type == "text/html":
        if b"<html" in chinese.body and b'<html lang="zh' not in chinese.body:
            yield "is a page in English"
    elif english.status == 302:
        there, here = (a.location.partition("?")[0] for a in (english, chinese))
        if here not in (f"/zh{there}", there):
            yield f"leads to {here}, in English to {there}"


ENGLISH = Answer(200, "text/html", b'<html lang="en">', 0, 0)
AWAY = replace(ENGLISH, status=302, location="/accounts/login/?next=/k/")


@pytest.mark.parametrize(
    ("english", "chinese", "fault"),
    [
        (ENGLISH, replace(ENGLISH, body=b'<html lang="zh-Hans">'), []),
        (ENGLISH, replace(ENGLISH, body=b"<li>\xe4\xb8\xad"), []),
        (ENGLISH, ENGLISH, ["is a page in English"]),
        (ENGLISH, replace(ENGLISH, status=404), ["answers 404, in English 200"]),
        (AWAY, replace(AWAY, location="/zh/accounts/login/?next=/zh/k/"), []),
        (AWAY, replace(AWAY, location="/zh/"), ["leads to /zh/, in English to /accounts/login/"]),
    ],
)
def test_what_is_unlike(english: Answer, chinese: Answer, fault: list[str]) -> None:
    assert list(unlike(english, chinese)) == fault


PAGE = b"""<html lang="zh"><body>
<p title="A title of a paper">\xe4\xb8\xad\xe6\x96\x87 <a lang="en">A title of a paper</a> MSDNet 12 MB</p>
<p>%s</p></body></html>"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("中文", []),
        ("<span lang='en'>A title of a paper</span>", []),
        ("A title of a paper", ["without lang=en: A title of a paper"]),
        ("Nothing waits here", ["no record says: Nothing waits here"]),
        ("<span lang='en'>Nothing waits here</span>", ["no record says: Nothing waits here"]),
        ("共 5 papers that wait", ["no record says: 共 5 papers that wait"]),
        ("<code>no words of ours</code>", []),
        ("<button aria-label='Cancel'>×</button>", ["no record says: Cancel"]),
    ],
)
def test_what_is_a_fault(text: str, said: list[str]) -> None:
    page = said_in(PAGE % text.encode())

    assert list(faults(page, "a title of a paper", "venues/")) == said
