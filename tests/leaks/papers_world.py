"""Papers that are not public, and the records that name them: methods, places, a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kb.pages.places.views import SECTIONS
from papers.models import (
    Book,
    Course,
    Finding,
    Lab,
    Lecture,
    Method,
    Organisation,
    Paper,
    PaperLink,
    PaperName,
    PathStep,
)
from reproductions.models import PublishedNumber, SurveyTable, SurveyTableVersion
from taxonomy.models import Topic
from tests import make
from tests.leaks.canaries import (
    ADMIN,
    CURATOR,
    EVERYONE,
)

if TYPE_CHECKING:
    from tests.leaks.world import World


def plant(world: World) -> None:
    _papers(world)
    _methods(world)
    _places(world)
    _table(world)


def _papers(world: World) -> None:
    keys = ["open2018"]
    for state in (Paper.State.HIDDEN, Paper.State.WITHDRAWN, Paper.State.MERGED):
        paper = _paper(world, state)
        keys.append(paper.key)
    suffixes = ["bib", "ris", "csl.json", "jsonld", "md", "csv", "mods.xml", "enw"]
    give = world.examples.give
    for start in ("papers/", "api/v1/papers/"):
        give(start, "key", *keys)
        give(start, "identifier", *keys, "1801.00002", "10.1000/hidden")
    give("papers.", "suffix", *suffixes)
    give("papers/", "version", 1)
    give("openreview/", "identifier", "hidden2018forum")
    give("acl/", "identifier", "2018.hidden-1.1")
    give("papers/", "suffix", "bib")
    world.queries += [f"/papers/{key}.{suffix}" for key in keys for suffix in suffixes]
    give("papers/", "name", *keys)
    give("papers/<slug:key>/read/", "name", "words.json", "1-900.png")
    give("documents/", "name", "words.json")
    give("badges/", "key", *keys)
    for start in ("pictures/", "cards/", "linksets/"):
        give(start, "kind", *("papers" for _ in keys))
        give(start, "slug", *keys)
    give("linksets/", "suffix", "json")
    world.queries += [f"/oembed?url=http%3A//testserver/papers/{key}/" for key in keys]
    give("abs/", "identifier", "1801.00001", "1801.00002")
    give("doi/", "identifier", "10.1000/open", "10.1000/hidden")
    exits = Topic.objects.get(slug="early-exiting")
    make.learning(exits, Paper.objects.get(key="open2018"))
    hidden = Paper.objects.get(state=Paper.State.HIDDEN)
    Lecture.objects.update(read_five=[{"paper": hidden.key, "why": "To be read."}])
    PathStep.objects.update(paper=hidden)
    for start in ("paths/", "api/v1/paths/"):
        give(start, "slug", "newcomer")
    give("paths/", "step", "one")
    people = ["ada-open", *(f"author-{key}" for key in keys[1:])]
    for start in ("people/", "api/v1/people/", "feeds/people/"):
        give(start, "slug", *people)


def _paper(world: World, state: str) -> Paper:
    """A paper that is not public, with a canary in each of its texts."""
    plant = world.cage.plant
    # A withdrawn paper's address says what stood there; the rest of it is gone.
    titles = EVERYONE if state == Paper.State.WITHDRAWN else {CURATOR, ADMIN}
    key = f"{state}2018"
    author = make.person(plant(f"author of a {state} paper", CURATOR, ADMIN), slug=f"author-{key}")
    paper = make.paper(
        f"Sotto {plant(f'title of a {state} paper', *titles)}",
        key=key,
        authors=[author.name],
        state=state,
        topics=list(Paper.objects.get(key="open2018").topics.all()),
        arxiv="1801.00002" if state == Paper.State.HIDDEN else None,
        doi="10.1000/hidden" if state == Paper.State.HIDDEN else None,
        merged_into=Paper.objects.get(key="open2018") if state == Paper.State.MERGED else None,
        **{
            name: f"sotto {plant(f'{name} of a {state} paper', CURATOR, ADMIN)}"
            for name in ("abstract", "tldr", "tldr_zh", "contribution")
        },
        sources=[plant(f"source of a {state} paper", CURATOR, ADMIN)],
    )
    Finding.objects.create(
        paper=paper, position=0, text=plant(f"finding of a {state} paper", CURATOR, ADMIN)
    )
    PaperLink.objects.create(
        paper=paper,
        kind="code",
        url=f"https://example.org/{plant(f'code of a {state} paper', CURATOR, ADMIN, markup=False)}",
    )
    _numbers_of(world, paper)
    return paper


def _numbers_of(world: World, paper: Paper) -> None:
    """Two numbers of one point of the paper: what it reaches, and what that costs."""
    plant, key, state = world.cage.plant, paper.key, paper.state
    number = PublishedNumber.objects.create(
        slug=f"{key}-1",
        paper=paper,
        setting=plant(f"number of a {state} paper", CURATOR, ADMIN),
        metric="accuracy",
        printed="77.7",
        value="77.7",
        unit="%",
        decimals=1,
        source="the paper",
        confidence="high",
        confirmed=True,
        needs="needs-dataset",
        point=f"{key}/point",
        data_set=plant(f"data set of a {state} paper", CURATOR, ADMIN),
    )
    PublishedNumber.objects.create(
        slug=f"{key}-2",
        paper=paper,
        setting=f"cost of a {state} paper",
        metric="macs",
        printed="300",
        value=300,
        unit="M",
        decimals=0,
        source="the paper",
        confidence="high",
        confirmed=True,
        needs="exact-cost",
        point=f"{key}/point",
        backbone=plant(f"backbone of a {state} paper", CURATOR, ADMIN),
    )
    world.examples.give("numbers/", "slug", number.slug)
    world.examples.give("api/v1/numbers/", "slug", number.slug)


def _methods(world: World) -> None:
    """A method of a public paper, and one of a hidden paper that extends it."""
    plant = world.cage.plant
    hidden = Paper.objects.get(state=Paper.State.HIDDEN)
    named = plant("name of a hidden method", CURATOR, ADMIN)
    called = plant("what a hidden paper is called", CURATOR, ADMIN)
    PaperName.of(hidden, 0, called, "title").save()
    shown = Method.objects.create(slug="open-method", name="OpenNet", year=2018)
    shown.roles.create(paper=Paper.objects.get(key="open2018"))
    shown.roles.create(paper=hidden, role="improves")
    secret = Method.objects.create(
        slug="hidden-method", name=named, year=2019, extends=["open-method"]
    )
    secret.roles.create(paper=hidden)
    for start in ("methods/", "api/v1/methods/"):
        world.examples.give(start, "slug", shown.slug, secret.slug)
    for start in ("methods.", "methods/"):
        world.examples.give(start, "suffix", "csv", "json", "jsonld")


def _places(world: World) -> None:
    """Records of the four kinds that name a hidden paper, and one of a workshop nobody sees."""
    keys = ["open2018", Paper.objects.get(state=Paper.State.HIDDEN).key]
    lecture = {"title": "On both", "papers": keys}
    Lab.objects.create(slug="a-lab", name="A Lab", papers=keys, sources=["x"])
    Organisation.objects.create(slug="a-firm", name="A Firm", papers=keys, sources=["x"])
    Course.objects.create(slug="a-course", name="A Course", lectures=[lecture], sources=["x"])
    Book.objects.create(slug="a-book", name="A Book", sources=["x"])
    for section in SECTIONS.values():
        slug = section.model._default_manager.get().slug  # type: ignore[attr-defined]
        for start in (f"{section.plural}/", f"api/v1/{section.plural}/"):
            world.examples.give(start, "slug", slug)
        for start in (f"{section.plural}.", f"{section.plural}/"):
            world.examples.give(start, "suffix", *section.suffixes)


def _table(world: World) -> None:
    """A survey table whose version was made while every paper was public."""
    table = SurveyTable.objects.create(slug="slim", title="Slim networks", position=0)
    rows = [
        {"paper": paper.key, "cells": [{"text": paper.title, "href": "", "doubt": "", "sort": ""}]}
        for paper in Paper.objects.order_by("key")
    ]
    SurveyTableVersion.objects.create(
        table=table,
        number=1,
        definition={
            "title": "Slim networks",
            "caption": "What they reach.",
            "rows": "papers",
            "select": {"topics": ["instance-wise"]},
            "columns": [{"show": "paper"}],
        },
        answer={
            "heads": ["Paper"], "figures": [False], "rows": rows, "left_out": 0, "facts": [],
        },
    )  # fmt: skip
    for start in ("tables/", "api/v1/tables/"):
        world.examples.give(start, "slug", "slim")
    world.examples.give("tables/", "number", 1)
    world.examples.give("tables/", "suffix", "csv", "tex", "md", "html")
