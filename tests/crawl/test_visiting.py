"""What a sample leaves out hides no fault of the kinds that the crawl looks for."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.crawl import visiting
from tests.crawl.visiting import ANONYMOUS, CURATOR, MEMBER, MOST_BYTES, ROLES, Answer, Crawl

MANY = [f"/things/{number}/" for number in range(300)]


class Site:
    """Pages that differ by role; `told` says what else an address answers a role."""

    def __init__(self) -> None:
        self.opened = Counter[tuple[str, str]]()
        self.told: dict[tuple[str, str], Answer] = {}

    def open(self, role: str, address: str) -> Answer:
        self.opened[role, address] += 1
        page = Answer(200, "text/html", f"<main>{role}".encode(), 0.0, 3)
        return self.told.get((role, address), page)

    def crawl(self, sample: int = 150) -> Crawl:
        def opener(role: str) -> visiting.Open:
            return lambda address: self.open(role, address)

        return Crawl({role: opener(role) for role in ROLES}, sample=sample)


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setattr(visiting, "addresses_of", lambda route: MANY if "<" in route else [route])
    return Site()


def page(body: str, queries: int = 3, status: int = 200) -> Answer:
    return Answer(status, "text/html", body.encode(), 0.0, queries)


def faulty(site: Site, route: str = "things/<slug:slug>/") -> list[tuple[str, str]]:
    return [(v.role, v.address) for v in site.crawl().route(route) if v.faults]


def test_no_role_has_a_page_made_twice(site: Site) -> None:
    site.crawl().route("things/<slug:slug>/")

    assert set(site.opened.values()) == {1}
    assert {role for role, _ in site.opened} == set(ROLES)


def test_who_is_signed_in_opens_what_was_nearest_to_a_limit(site: Site) -> None:
    large, busy = MANY[150], MANY[170]  # at no even distance
    site.told[ANONYMOUS, large] = page("x" * (MOST_BYTES - 100))
    site.told[CURATOR, large] = page("x" * (MOST_BYTES + 100))
    site.told[ANONYMOUS, busy] = page("", queries=12)
    site.told[MEMBER, busy] = page("", queries=26)

    assert faulty(site) == [(MEMBER, busy), (CURATOR, large)]


def test_a_page_that_breaks_for_a_role_alone_is_met(site: Site) -> None:
    site.told[CURATOR, MANY[0]] = page("", status=500)

    assert faulty(site) == [(CURATOR, MANY[0])]


def pages_of(site: Site, path: str, last: int, broken: int) -> None:
    """A list of pages, each of which leads to the next; one is broken, for everybody."""
    for role in ROLES:
        for number in range(1, last + 1):
            address = path if number == 1 else f"{path}?page={number}"
            link = f'<a rel="next" href="?page={number + 1}">' if number < last else ""
            status = 500 if number == broken else 200
            site.told[role, address] = page(f"<main>{role}{link}", status=status)


def test_a_list_is_turned_to_its_end_by_those_without_an_account(site: Site) -> None:
    pages_of(site, "list/", last=40, broken=40)

    assert faulty(site, "list/") == [(ANONYMOUS, "list/?page=40")]


def test_the_next_pages_of_one_record_are_turned(site: Site) -> None:
    pages_of(site, MANY[2], last=9, broken=3)

    assert (ANONYMOUS, f"{MANY[2]}?page=3") in faulty(site)


def test_each_kind_of_filter_is_tried_by_every_role(site: Site) -> None:
    links = "".join(f'<a href="?topic={n}">' for n in range(90)) + '<a href="?view=table">'
    for role in ROLES:
        site.told[role, "list/"] = page(f"<main>{role}{links}")
    site.told[CURATOR, "list/?view=table"] = page("", queries=99)

    assert faulty(site, "list/") == [(CURATOR, "list/?view=table")]
    assert sum(role == ANONYMOUS for role, _ in site.opened) == 92
