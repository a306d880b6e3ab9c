"""Every kind of page with its extreme records, at three widths and in both themes.

In charts no text is under 11 or over 48 px; nothing is cut; the document does not scroll sideways;
texts of charts and of the header do not lie on each other. Records are found by queries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count, F, Max, Min, QuerySet
from django.db.models.functions import Length

from papers.models import Paper, Person, Venue, Workshop
from reproductions import registry
from reproductions.models import PublishedNumber, Run
from taxonomy.models import Topic

pytestmark = pytest.mark.django_db

WIDTHS = (360, 768, 1440)
NOWHERE = "/no-such/page/"
FIXED = [
    *("/", "/about/", "/papers/", "/papers/?q=zzzz", "/topics/", "/topics/?view=table&names=zh"),
    *(
        "/people/",
        "/venues/",
        "/workshops/",
        "/timeline/",
        "/methods/",
        "/methods/msdnet/",
        "/methods/lineage/",
        "/methods/lineage/?topic=early-exiting",
        "/labs/",
        "/organisations/google/",
        "/courses/cmu-11-763/",
        "/books/",
        "/numbers/",
        "/numbers/?order=difference",
    ),
    *("/compare/", "/compare/?mix=1&second_hand=1", "/compare/?data_set=nowhere"),
    *("/tables/", "/tables/visual-token-reduction/", "/disagreements/"),
    *("/learn/", "/zh/learn/", "/decide/", "/contribute/"),
    *("/reproductions/", "/reviews/", "/upload/", "/api/v1/docs/", NOWHERE),
    *("/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"),
]

SCRIPTS = Path(__file__).parents[2] / "static/js"
FAULTS = (Path(__file__).parent / "faults.js").read_text(encoding="utf-8")


def ends(records: QuerySet[Any], *measures: str) -> Iterator[str]:
    """Addresses of the records at both ends of every measure."""
    for measure in measures:
        for order in (F(measure).asc(nulls_last=True), F(measure).desc(nulls_last=True)):
            if (record := records.order_by(order, "pk").first()) is not None:
                yield record.get_absolute_url()


def extremes() -> list[str]:
    """One address a kind and end, each once."""
    papers = Paper.objects.visible_to().annotate(
        author_count=Count("authorships", distinct=True),
        number_count=Count("numbers", distinct=True),
        topic_count=Count("placements", distinct=True),
        title_length=Length("title"),
    )
    years = {"first": Min("placements__paper__year"), "last": Max("placements__paper__year")}
    topics = Topic.objects.annotate(
        paper_count=Count("placements", distinct=True), span=years["last"] - years["first"]
    )
    people = Person.objects.visible_to().annotate(
        paper_count=Count("authorships", distinct=True), name_length=Length("name")
    )
    venues = Venue.objects.annotate(paper_count=Count("papers", distinct=True))
    workshops = Workshop.objects.annotate(
        accepted_count=Count("accepted", distinct=True),
        role_count=Count("roles", distinct=True),
    )
    found = [
        *ends(papers, "author_count", "number_count", "topic_count", "title_length", "year"),
        *ends(topics, "paper_count", "span"),
        *ends(people, "paper_count", "name_length"),
        *ends(venues, "paper_count"),
        *ends(workshops, "accepted_count", "role_count"),
        *ends(Run.objects.visible_to(), "pk"),
        *ends(PublishedNumber.objects.visible_to().annotate(n=Length("setting")), "n"),
        *programs(),
    ]
    return list(dict.fromkeys(found))


def programs() -> list[str]:
    """Programs with the fewest and the most claims."""
    known = sorted(registry.programs(), key=lambda program: len(program.manifest.claims))
    return [f"/reproductions/{program.slug}/" for program in (known[0], known[-1])]


def screens(page: Any) -> Iterator[str]:
    """The page on each screen, one after the other. It is loaded once: nothing of ours measures the
    screen when it is loaded, style alone lays out, and does so anew for each. The library of charts
    does measure: pages with one are loaded for each screen."""
    is_measuring = page.locator("figure.plot[data-spec]").count() > 0
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            if is_measuring:
                page.reload(wait_until="load")
            yield f"{theme}, {width} px"


def test_extreme_records_are_drawn_whole(chromium: Any, site: str) -> None:
    context = chromium.new_context(base_url=site)
    page = context.new_page()
    faults = {}
    for address in [*FIXED, *extremes()]:
        answer = page.goto(address, wait_until="load")
        assert answer.status == (404 if address == NOWHERE else 200), address
        for screen in screens(page):
            if seen := page.evaluate(FAULTS):
                faults[address, screen] = seen
    context.close()
    assert faults == {}


def test_no_script_measures_the_screen() -> None:
    """Else a page must be loaded once for each screen (see `screens`)."""
    measuring = re.compile(r"innerWidth|clientWidth|offsetWidth|matchMedia|ResizeObserver")
    ours = [path for path in SCRIPTS.glob("*.js") if ".min." not in path.name]

    assert ours
    assert [path.name for path in ours if measuring.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 400])
def test_name_language_and_account_share_a_line_on_a_phone(
    page: Any, site: str, member: Any, width: int, theme: str
) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    page.context.add_cookies([{"name": "theme", "value": theme, "url": site}])
    for cookies in ([], member.cookies):
        page.context.add_cookies(cookies)
        for address in ("/learn/", "/zh/learn/"):
            page.goto(address)
            middles = page.evaluate(_MIDDLES)
            assert len(middles) == 3 and max(middles) - min(middles) < 8, (address, middles)
            assert page.evaluate("document.documentElement.scrollWidth") == width


_MIDDLES = """() => [".wordmark", ".languages", ".you"].map((name) => {
  const box = document.querySelector(`.top ${name}`).getBoundingClientRect();
  return (box.top + box.bottom) / 2;
})"""
