"""Fixtures that several areas share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from _pytest import runner
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import TransactionTestCase

from kb.site.gunicorn import settle
from kb.site.roomy_stack import make_roomy
from papers.search.words import following, reader
from tests import databases
from tests.environment import INDEXES

# A busy machine is no fault of what is tested. Inputs are the same in every run, so that a change is
# judged by itself; `HYPOTHESIS=explore make test` draws new ones, and many more.
hypothesis.settings.register_profile("survey", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS", "survey"))

CHROMIUM = shutil.which("chromium") or ""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]

LONGEST = (
    "tests/leaks/test_nothing_leaks.py",
    "tests/site/test_kills.py",
    "tests/site/test_backup.py",
    "tests/site/test_upgrade.py",
    "tests/workshops/test_editing_is_accessible.py",
)
"""Files with tests of a minute and more, which begin first: else one process of several ends with
them while the others have nothing left to do."""
PATIENCE_MILLISECONDS = 120_000.0

# Playwright's own event loop makes Django believe that it runs inside an async program.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


def _place(test: str) -> int:
    """What awaits something comes before every browser: the loop of an open one stays in the thread
    of the tests, and there nothing can be awaited."""
    return 0 if test.startswith("tests/agents/") else 1 if test.startswith(LONGEST) else 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Who asks for `chromium`, by whatever way, is a browser test: skipped without one, never in CI."""
    items.sort(key=lambda item: _place(item.nodeid))
    browser_tests = [item for item in items if "chromium" in getattr(item, "fixturenames", ())]
    if browser_tests and not CHROMIUM and os.environ.get("CI"):
        pytest.exit("CI must run the browser tests: install Debian's package 'chromium'.", 2)
    for item in browser_tests:
        item.add_marker(pytest.mark.browser)
        if not CHROMIUM:
            item.add_marker(pytest.mark.skip(reason="NO CHROMIUM: browser tests skipped"))


def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """A test and all that is made for it, with room on the stack as every request has."""
    return runner.pytest_runtest_protocol(item, nextitem)


make_roomy(pytest_runtest_protocol)


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is loaded by now stays: to look through it for garbage took a third of what makes many
    objects. `tests.environment` has put that off until now."""
    settle()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of this process's own, copied from a template instead of migrated."""
    with django_db_blocker.unblock():
        databases.begin()
    # After a test that commits, Django would empty every table and announce a migration.
    TransactionTestCase._fixture_teardown = lambda test: databases.empty()
    yield
    with django_db_blocker.unblock():
        databases.end()


@pytest.fixture(scope="module")
def whole_field(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The whole field, loaded, embedded and indexed, for the tests of one file.

    Tests that write ask for `db` as well, which takes back what they did.
    """
    with django_db_blocker.unblock(), databases.whole_field():
        yield


_numbers = count()


@pytest.fixture(autouse=True)
def _index_of_its_own(request: pytest.FixtureRequest, settings: Any) -> Iterator[None]:
    """Every test is answered by a real index of its own, level with its transaction.

    A follower in the background would have a connection of its own, which sees nothing of what a
    test has not committed. The whole field keeps its index.
    """
    folder = INDEXES / str(next(_numbers))
    if "whole_field" not in request.fixturenames:
        settings.KB_SEARCH_FOLLOW = "inline"
        settings.KB_INDEX_DIR = folder
        reader.forget()
    yield
    following.stop()
    reader.forget()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _mail_stays_here(django_test_environment: None) -> None:
    """What a worker hands to the mail server stands in `mail.outbox`, as what Django sends does."""
    django_settings.KB_MAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    """Limits, cached answers and signs of life of another test are gone."""
    cache.clear()


@pytest.fixture
def bench_folder() -> Path:
    """Real material beside the repository; tests that need it are skipped without it."""
    folder = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "bench"
    if not folder.is_dir():
        pytest.skip("no ../shared/data/bench here")
    return folder


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The one browser of the whole session: Playwright cannot be started twice.

    Its pages wait long for what a busy machine does late.
    """
    from playwright.sync_api import expect, sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        new_context = browser.new_context

        def patient(**options: Any) -> Any:
            context = new_context(**options)
            context.set_default_timeout(PATIENCE_MILLISECONDS)
            return context

        browser.new_context = patient
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        yield browser
        browser.close()


@pytest.fixture
def own_index(settings: Any, _index_of_its_own: None) -> Path:
    """Where the test's own index is."""
    return Path(settings.KB_INDEX_DIR)
