"""axe-core finds nothing against WCAG 2.2 AA, on any page, in either theme."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest

pytestmark = pytest.mark.django_db
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = [
    "/",
    "/about/",
    "/papers/",
    "/papers/?q=early+exit+-bert&topic=early-exiting&sort=year",
    "/papers/?q=zzzzqqq",
    "/papers/huang2018multi/",
    "/topics/",
    "/topics/?view=table",
    "/topics/?view=list&names=zh&until=2018",
    "/topics/early-exiting/",
    "/people/",
    "/people/gao-huang/",
    "/venues/",
    "/venues/iclr/",
    "/venues/iclr/2018/",
    "/workshops/",
    "/workshops/dynn-icml-2022/",
    "/workshops/haet-iclr-2021/",
    "/workshops/enlsp-neurips-2023/",
    "/timeline/",
    "/papers/?q=dcn",
    "/methods/",
    "/methods/?adapts=depth&decision=confidence&sort=-year",
    "/methods/msdnet/",
    "/methods/lineage/",
    "/methods/lineage/?topic=early-exiting",
    "/labs/",
    "/labs/leap-lab/",
    "/organisations/huawei/",
    "/courses/stanford-cs336/",
    "/books/deep-learning/",
    "/glossary/",
    "/paths/",
    "/figures/",
    "/numbers/",
    "/compare/",
    "/compare/?cost=latency&second_hand=1",
    "/tables/",
    "/tables/gradient-estimators-for-gates/",
    "/disagreements/",
    "/no-such-page/",
    "/api/v1/docs/",
]


@pytest.fixture
def context(chromium: Any, site: str) -> Iterator[Any]:
    """Without the policy that keeps axe out, and without motion, whose colours are of a moment."""
    opened = chromium.new_context(base_url=site, bypass_csp=True, reduced_motion="reduce")
    yield opened
    opened.close()


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(context: Any, path: str) -> None:
    assert violations(context, path) == {}


def test_axe_finds_no_violation_on_pages_of_members(context: Any, member: Any) -> None:
    context.add_cookies(member.cookies)

    found = {path: violations(context, path) for path in member.pages}

    assert found == {path: {} for path in member.pages}


def violations(context: Any, path: str) -> dict[str, list[Any]]:
    """What axe finds, by theme: the page is loaded once, and drawn anew in the other colours."""
    page = context.new_page()
    answer = page.goto(path)
    assert answer.url.endswith(path), "sent elsewhere"
    page.add_script_tag(path=str(AXE))
    found = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        if seen := page.evaluate(RUN, TAGS):
            found[theme] = seen
    page.close()
    return found


RUN = """tags => axe.run(document, {runOnly: {type: 'tag', values: tags},
    resultTypes: ['violations']})
  .then(r => r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html)]))"""
