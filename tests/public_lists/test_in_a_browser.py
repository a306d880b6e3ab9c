"""Public lists in a real browser: no fault that axe finds, no page too wide, dragging."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from django.core import mail
from django.test import Client

from community.models import PublicList
from community.moderation import transitions
from community.public_lists import rights, sessions, suggestions, taking_in
from tests import make
from tests.public_lists import files

pytestmark = pytest.mark.django_db(transaction=True)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PARTS = (
    *("", "?view=cards", "edit/", "settings/", "suggest/", "history/", "keepers/"),
    *("sections/new/", "log/", "log/new/"),
)
RUN = """tags => axe.run(document, {runOnly: tags}).then(
  done => done.violations.map(v => [v.id, v.nodes.map(n => n.html.slice(0, 120))]))"""


@pytest.fixture
def seed() -> PublicList:
    files.papers()
    mia = make.member("mia")
    made = taking_in.take_in(taking_in.read_texts({"a.md": files.SEED}), by=mia, slug="nets")
    transitions.submit(made, by=mia, trusted=True)
    suggestions.suggest(made, by=make.member("eve"), text="Gates of nets", reason="They gate.")
    sessions.add_session(made, by=mia, date="2027-05-12", paper="dense2018", presenter="Mia Lee")
    return made


def opened(chromium: Any, address: str, seed: PublicList, **how: Any) -> Any:
    client = Client()
    assert seed.author
    client.force_login(seed.author)
    session = client.cookies["sessionid"].value
    context = chromium.new_context(base_url=address, bypass_csp=True, **how)
    context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
    return context


@pytest.mark.parametrize(
    ("theme", "width"), [("light", 1440), ("light", 360), ("dark", 1440), ("dark", 360)]
)
def test_axe_finds_no_fault_and_nothing_is_too_wide(
    live_server: Any, chromium: Any, seed: PublicList, theme: str, width: int
) -> None:
    assert seed.author
    sent = taking_in.start({"a.md": files.SISTER}, by=seed.author)
    paths = ["/lists/", "/lists/import/", f"/lists/import/{sent.pk}/", "/lists/new/"]
    paths += [f"/lists/nets/{part}" for part in PARTS]
    paths.append(f"/lists/nets/entries/{seed.placements.values_list('pk')[0][0]}/")
    paths.append(f"/lists/nets/sections/{seed.sections.values_list('pk')[0][0]}/")
    paths.append(f"/lists/nets/log/{seed.log.values_list('pk')[0][0]}/")
    rights.invite(seed, by=seed.author, whom="new@example.org")
    letter = str(mail.outbox[-1].body)
    paths.append("/lists/invitations/" + letter.split("/lists/invitations/")[1].split()[0])
    size = {"width": width, "height": 900}
    context = opened(
        chromium, live_server.url, seed, color_scheme=theme, viewport=size, reduced_motion="reduce"
    )
    faults: list[Any] = []

    def tell(error: Any) -> None:
        faults.append(str(error))

    for path in paths:
        page = context.new_page()
        page.on("pageerror", tell)
        if not page.goto(path).ok:
            faults.append((path, "no page"))
        page.evaluate(AXE)
        faults += [(path, fault) for fault in page.evaluate(RUN, TAGS)]
        root = "document.documentElement"
        if page.evaluate(f"{root}.scrollWidth > {root}.clientWidth"):
            faults.append((path, "too wide"))
        page.close()
    context.close()
    assert faults == []


def test_an_entry_is_dragged_before_another(
    live_server: Any, chromium: Any, seed: PublicList
) -> None:
    context = opened(chromium, live_server.url, seed, viewport={"width": 1280, "height": 1400})
    page = context.new_page()
    page.goto("/lists/nets/edit/")
    grips = page.locator("[data-drag]")
    first, second = grips.nth(0).bounding_box(), grips.nth(1).bounding_box()
    page.mouse.move(second["x"] + 5, second["y"] + 5)
    page.mouse.down()
    page.mouse.move(first["x"] + 5, first["y"] - 4, steps=6)
    with page.expect_navigation():
        page.mouse.up()
    context.close()
    titles = list(seed.placements.order_by("position").values_list("title", flat=True))
    assert [title[:7] for title in titles] == ["FastNet", "Dense n"]
