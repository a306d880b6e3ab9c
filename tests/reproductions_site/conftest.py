"""A ledger of two numbers, programs made for tests, and a queue that keeps its messages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from reproductions import registry
from reproductions.attested import registering, taking
from reproductions.ledger.load import sync_claims
from reproductions.models import PublishedNumber
from tests import make
from tests.reproductions_site.attesting import equipped, registered

PROGRAMS = "tests.reproductions_site.programs"


@pytest.fixture(autouse=True)
def _own_programs(settings):
    settings.REPRODUCTIONS_PACKAGE = PROGRAMS
    settings.REPRODUCTIONS_THREADS = 1


@pytest.fixture(autouse=True)
def sent(monkeypatch):
    """Ids of the runs the queue was told of."""
    found: list[int] = []
    monkeypatch.setattr("work.tell.send", lambda task, run: found.append(run))
    return found


def number(paper, setting, printed, **fields):
    fields.setdefault("metric", "macs")
    fields.setdefault("unit", "M")
    fields.setdefault("slug", f"{paper.key}-{setting.replace(' ', '-')}")
    value = Decimal(printed)
    return PublishedNumber.objects.create(
        paper=paper,
        setting=setting,
        printed=printed,
        value=value,
        decimals=max(0, -value.as_tuple().exponent),
        table="Table 3",
        source=fields.pop("source", "the paper"),
        confidence="high",
        confirmed=fields.pop("confirmed", True),
        needs=fields.pop("needs", "exact-cost"),
        **fields,
    )


@pytest.fixture
def counted(db):
    """The paper whose numbers the program `counting` tests: 150 M (fits), 317 M (does not)."""
    paper = make.paper("Counted Networks", key="counted2020", year=2020)
    number(paper, "small network", "150", position=0)
    number(paper, "large network", "317", position=1)
    sync_claims([registry.program("counting")])
    return paper


@pytest.fixture
def operator(django_user_model):
    return django_user_model.objects.create_user("operator", password="x", is_staff=True)


@pytest.fixture
def curator(db):
    return make.member("cora", "curators")


@pytest.fixture
def trusted(db, curator):
    """A runner of mia's that a curator has confirmed, and that has told what it has."""
    runner = registering.trust(runner=registered(make.member("mia")), by=curator)
    taking.take(runner, equipped())
    return runner
