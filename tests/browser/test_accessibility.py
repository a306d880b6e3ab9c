"""axe-core finds nothing against WCAG 2.2 AA, on any page, in either theme."""

from __future__ import annotations

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


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_no_violation(chromium: Any, site: str, path: str, theme: str) -> None:
    context = chromium.new_context(
        color_scheme=theme, base_url=site, bypass_csp=True, reduced_motion="reduce"
    )
    found = violations(context, path)
    context.close()
    assert found == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_no_violation_on_pages_of_members(
    chromium: Any, site: str, member: Any, theme: str
) -> None:
    context = chromium.new_context(
        color_scheme=theme, base_url=site, bypass_csp=True, reduced_motion="reduce"
    )
    context.add_cookies(member.cookies)
    found = {path: violations(context, path) for path in member.pages}
    context.close()
    assert found == {path: [] for path in member.pages}


def violations(context: Any, path: str) -> list[Any]:
    page = context.new_page()
    answer = page.goto(path)
    assert answer.url.endswith(path), "sent elsewhere"
    page.add_script_tag(path=str(AXE))
    return page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags},"
        " resultTypes: ['violations']})"
        ".then(r => r.violations.map(v => [v.id, v.nodes.slice(0, 3).map(n => n.html)]))",
        TAGS,
    )
