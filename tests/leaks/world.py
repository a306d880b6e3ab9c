"""One object of every kind in every state, with a canary in every text field of it.

Who may read what is written down here a second time, on purpose not by `visible_to`: the matrix
compares the site with this table.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from kb.backup import dump
from kb.pages.places.views import SECTIONS
from papers.importers.importing import apply_batch, make_batch
from papers.models import (
    Book,
    Conflict,
    Course,
    Document,
    Find,
    Finding,
    ImportBatch,
    Lab,
    Lecture,
    Method,
    Organisation,
    Paper,
    PaperLink,
    PaperName,
    PathStep,
    Reading,
    Source,
    TopicSuggestion,
    Upload,
    WaitingWork,
    Workshop,
)
from papers.workshops.blocks import BLOCKS
from reproductions.attested.shapes import written
from reproductions.models import (
    Attestation,
    PublishedNumber,
    Run,
    Runner,
    SurveyTable,
    SurveyTableVersion,
)
from taxonomy.models import Topic
from tests import make
from tests.addresses import Examples
from tests.leaks import records_world, workshops_world
from tests.leaks.canaries import (
    ADMIN,
    CONFLICTED,
    CURATOR,
    EVERYONE,
    MODERATOR,
    OWNER,
    ROLES,
    STRANGER,
    VISITOR,
    Cage,
)
from tests.leaks.contributions import plant_contributions

OAI_FORMS = ("oai_dc", "mods", "oai_datacite")
PASSWORD = "correct horse battery"
GROUPS = {CURATOR: "curators", MODERATOR: "moderators", CONFLICTED: "moderators"}


@dataclass
class World:
    cage: Cage = field(default_factory=Cage)
    examples: Examples = field(default_factory=Examples)
    users: dict[str, User] = field(default_factory=dict)
    queries: list[str] = field(default_factory=list)
    """Addresses with a query string, beside the plain ones."""

    @property
    def owner(self) -> User:
        return self.users[OWNER]


def build() -> World:
    world = World()
    _people_with_accounts(world)
    _field(world)
    _papers(world)
    _methods(world)
    _places(world)
    _table(world)
    _workshop(world)
    _documents(world)
    _imports(world)
    _waiting(world)
    _watched(world)
    _runs(world)
    records_world.plant(world)
    plant_contributions(world)
    _queries(world)
    _dump(world)
    return world


def _dump(world: World) -> None:
    """The files of a dump of all this."""
    date = dump.make_nightly()
    names = [dump.MANIFEST, *(dump.manifest_of(date) or {})["files"]]
    world.examples.give("dumps/", "date", *[date] * len(names))
    world.examples.give("dumps/", "name", *names)


def _people_with_accounts(world: World) -> None:
    for role in ROLES:
        if role == VISITOR:
            continue
        mail = world.cage.plant(f"e-mail of {role}", role, ADMIN, markup=False)
        user = User.objects.create_user(
            f"{role}-account", f"{mail}@example.org", PASSWORD, is_staff=role == ADMIN
        )
        user.is_superuser = role == ADMIN
        user.first_name = world.cage.plant(f"first name of {role}", role, ADMIN, shown=False)
        user.save()
        if role in GROUPS:
            user.groups.add(Group.objects.get(name=GROUPS[role]))
        world.users[role] = user


def _field(world: World) -> None:
    root = make.topic("Instance-wise dynamic networks", slug="instance-wise")
    exits = make.topic("Early exiting", parent=root, zh="早退机制")
    known = make.paper(
        "Leaving early on easy images",
        key="open2018",
        authors=["Ada Open"],
        topics=[exits],
        arxiv="1801.00001",
        doi="10.1000/open",
        abstract="Networks that leave early.",
        tldr="Easy images leave early.",
    )
    PublishedNumber.objects.create(
        slug="open2018-1",
        paper=known,
        setting="all exits",
        metric="accuracy",
        printed="93.1",
        value="93.1",
        unit="%",
        decimals=1,
        source="the paper",
        confidence="high",
        confirmed=True,
        needs="needs-dataset",
    )
    give = world.examples.give
    give("topics/", "slug", root.slug, exits.slug)
    give("figures/", "slug", "early-exit")
    give("api/v1/topics/", "slug", exits.slug)
    give("feeds/topics/", "slug", exits.slug)
    for start in ("venues/", "api/v1/venues/", "feeds/venues/"):
        give(start, "slug", "iclr")
    give("venues/", "year", 2018)
    give("numbers/", "slug", "open2018-1")
    give("api/v1/numbers/", "slug", "open2018-1")
    give("charts/", "name", "vega.js")
    give("compare", "suffix", "svg", "csv", "tex")
    kinds = ("papers", "people", "topics", "venues", "workshops", "numbers", "runs", "paths")
    kinds += ("lists",)
    give("sitemaps/", "section", "site", "programs", *(f"{kind}-0" for kind in kinds))
    give("accounts/2fa/webauthn/keys/", "pk", 1)


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
    return paper


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


def _workshop(world: World) -> None:
    make.workshop(
        slug="dynn",
        draft_content={"text": world.cage.plant("draft content of a workshop")},
        summary="A workshop.",
    )
    slugs = workshops_world.plant(world)
    for start in ("workshops/", "api/v1/workshops/", "feeds/workshops/"):
        world.examples.give(start, "slug", "dynn", *slugs)
    world.examples.give("workshops/", "suffix", "bib", "csv", "json", "zip")
    for start in ("workshops/", "api/v1/workshops/"):
        world.examples.give(start, "code", "overview", "overview", *BLOCKS)
    assert Workshop.objects.filter(slug="dynn").exists()


def _documents(world: World) -> None:
    plant = world.cage.plant
    readers = (OWNER, CURATOR, ADMIN)
    paper = Paper.objects.get(key="open2018")
    numbers = []
    for state in Document.State.values:
        document = Document.objects.create(
            sha256=f"{len(numbers):064d}",
            size_bytes=10,
            name=plant(f"name of a {state} document", *readers) + ".pdf",
            state=state,
            message=plant(f"message of a {state} document", *readers),
            warnings=[plant(f"warning of a {state} document", *readers)],
            paper=paper if state == Document.State.DONE else None,
        )
        default_storage.save(
            document.stored_as,
            ContentFile(plant(f"bytes of a {state} document", *readers).encode()),
        )
        Upload.objects.create(document=document, by=world.owner, via="page", name=document.name)
        Reading.objects.create(
            document=document,
            extraction={"title": plant(f"title read from a {state} document", *readers)},
            text=plant(f"text of a {state} document", *readers, shown=False),
        )
        numbers.append(document.pk)
    for start in ("upload/", "documents/", "api/v1/documents/"):
        world.examples.give(start, "pk", *numbers)
    done = Document.objects.get(state=Document.State.DONE)
    conflict = Conflict.objects.create(
        paper=paper,
        field="title",
        here="Leaving early",
        there=plant("proposed title", *readers),
        source="PDF",
        document=done,
        fingerprint="1" * 64,
    )
    world.examples.give("conflicts/", "pk", conflict.pk)
    suggestion = TopicSuggestion.objects.create(
        paper=Paper.objects.get(key="hidden2018"), topic=paper.topics.get(), confidence=0.5
    )
    world.examples.give("suggestions/", "pk", suggestion.pk)


def _imports(world: World) -> None:
    plant = world.cage.plant
    readers = (OWNER, CURATOR, ADMIN)
    batch = ImportBatch.objects.create(
        asked=plant("text pasted for an import", *readers),
        by=world.owner,
        problems=[plant("problem of an import", *readers)],
    )
    world.examples.give("import/", "pk", batch.pk)


def _watched(world: World) -> None:
    """A source, its answer, and what it found: words for curators alone."""
    plant, readers = world.cage.plant, (CURATOR, ADMIN)
    source = Source.objects.create(
        slug="watched",
        name=plant("name of a source", *readers),
        kind=Source.Kind.ARXIV,
        query=plant("query of a source", *readers),
        problem=plant("problem of a source", *readers),
    )
    source.answers.create(problem=plant("problem of an answer", *readers))
    for state in Find.State.values:
        title = plant(f"title of a {state} find", *readers)
        author = f"{plant(f'author of a {state} find', *readers)} Wait"
        find = Find.objects.create(
            source=source,
            state=state,
            title=title,
            title_key="watched",
            candidate={
                "title": title,
                "authors": [author],
                "abstract": plant(
                    f"abstract of a {state} find", *readers, shown=state == Find.State.WAITING
                ),
                "source": plant(f"origin of a {state} find", *readers),
                "origin": "arxiv",
            },
            may_be=Paper.objects.get(key="hidden2018"),
        )
        world.examples.give("inbox/", "pk", find.pk)
    world.examples.give("inbox/undo/", "batch", "12345678-1234-4234-8234-123456789abc")
    world.examples.give("sources/", "slug", source.slug)
    world.examples.give("months/", "year", timezone.now().year)
    world.examples.give("months/", "month", timezone.now().month)
    world.examples.give("years/", "year", 2018)
    world.examples.give("clock/", "slug", Topic.objects.order_by("pk").values_list("slug")[0][0])


def _waiting(world: World) -> None:
    """What the owner sent, in every state, without a file and with one that names a public paper.

    The words of a stranger's work of the same title and identifier are not the owner's to read.
    """
    plant, readers = world.cage.plant, (OWNER, CURATOR, ADMIN)
    paper, numbers = Paper.objects.get(key="open2018"), []
    for state in WaitingWork.State.values:
        place = f"of a {state} work"
        decided = state in ("accepted", "refused")
        work = _sent(world, world.owner, place, readers, state=state)
        WaitingWork.objects.filter(pk=work.pk).update(
            decided_by=world.users[CURATOR] if decided else None,
            decided_at=None if state == "waiting" else timezone.now(),
            reason=plant(f"reason {place}", *readers) if state == "refused" else "",
            paper=paper if state == "accepted" else None,
        )
        numbers.append(work.pk)
    _sent(world, world.users[STRANGER], "of a stranger's work", (STRANGER, CURATOR, ADMIN))
    document = Document.objects.get(state=Document.State.DONE)
    _sent(world, world.owner, "of a file", readers, document=document, adds_to=paper)
    hidden = Paper.objects.get(key="hidden2018")
    may_be = _sent(world, world.owner, "of a hidden paper", readers, may_be=hidden)
    numbers += [document.waiting_works.get().pk, may_be.pk]
    words = {
        name: plant(f"{name} of a pasted work", *readers, markup=False)
        for name in ("title", "author", "journal", "abstract", "eprint")
    }
    entry = (
        "@article{{w, title={{Sotto {title}}}, author={{{author} Wait}}, journal={{{journal}}}, "
        "year={{2018}}, abstract={{Sotto {abstract}}}, doi={{10.1000/{eprint}}}}}"
    )
    pasted = make_batch(entry.format(**words), by=world.owner)
    apply_batch(pasted, by=world.owner)
    world.examples.give("import/", "pk", pasted.pk)
    assert WaitingWork.objects.filter(batch=pasted).exists()
    for start in ("waiting/", "api/v1/waiting/"):
        world.examples.give(
            start, "pk", *numbers, *WaitingWork.objects.values_list("pk", flat=True)
        )


def _sent(
    world: World, by: User, place: str, readers: Any, state: str = "waiting", **more: Any
) -> WaitingWork:
    """A waiting work with a canary in each text that its sender gave."""
    plant = world.cage.plant
    names = ("title", "abstract", "venue")
    texts = {name: f"Sotto {plant(f'{name} {place}', *readers)}" for name in names}
    author = f"{plant(f'author {place}', *readers)} Wait"
    said = {
        "arxiv": "1801.00003",
        "doi": f"10.1000/{plant(f'doi {place}', *readers, markup=False)}",
    }
    candidate = {**texts, **said, "authors": [author], "year": 2018, "origin": "bibtex"}
    candidate["source"] = plant(f"source {place}", *readers)
    return WaitingWork.objects.create(
        by=by,
        state=state,
        candidate=candidate,
        title=texts["title"],
        title_key="sotto",
        words="\n".join((texts["title"], author)),
        fingerprint=plant(f"fingerprint {place}", shown=False),
        **more,
    )


def _runs(world: World) -> None:
    runs = [
        Run.objects.create(
            program="branchynet",
            scale="toy",
            seed=number,
            device="cpu",
            state=state,
            requested_by=world.owner,
            exit_cause="said so",
        ).pk
        for number, state in enumerate(Run.State.values)
    ]
    give = world.examples.give
    for start in ("runs/", "api/v1/runs/"):
        give(start, "pk", *runs)
        give(start, "first", runs[0])
        give(start, "second", runs[1])
        give(start, "name", "branchynet.svg")
        give(start, "claim", "small")
    _runners(world, runs)
    give("reproductions/", "slug", "branchynet")
    give("reproductions/", "file", "model.py")
    give("reproductions/", "name", "branchynet.svg")


def _runners(world: World, runs: list[int]) -> None:
    """A runner and a record in each state; what waits or was declined is between few."""
    readers = (OWNER, CURATOR, ADMIN)
    runners, records = [], []
    for number, state in enumerate(Runner.State.values):
        private = state not in ("trusted", "retired")
        name = world.cage.plant(f"{state} runner", *readers) if private else f"{state} machine"
        reason = world.cage.plant(f"reason about a {state} runner", *readers) if private else ""
        key = base64.b64encode(bytes([number]) * 32).decode()
        runner = Runner.objects.create(
            owner=world.owner, name=name[:80], public_key=key, state=state, reason=reason
        )
        runners.append(runner.pk)
    for state in Attestation.State.values:
        accepted = state == "accepted"
        text = "plain" if accepted else world.cage.plant(f"log of a {state} record", *readers)
        records.append(
            Attestation.objects.create(
                member=world.owner,
                run_id=runs[0] if accepted else None,
                program="branchynet",
                scale="toy",
                seed=1,
                record=record(text),
                record_sha256=state.ljust(64, "0"),
                state=state,
                reason=text if state == "refused" else "",
            ).pk
        )
    give = world.examples.give
    for start in ("runners/", "api/v1/runners/"):
        give(start, "pk", *runners)
        give(start, "run", runs[0])
    for start in ("hand-ins/", "api/v1/hand-ins/"):
        give(start, "pk", *records)


def record(text: str) -> str:
    """A record of a run that has this in its log and at its measurement."""
    return written(
        {
            **{"schema": 1, "program": "branchynet", "scale": "toy", "seed": 1, "device": "cpu"},
            "state": "finished",
            "code": dict.fromkeys(
                ("program_sha256", "protocol_sha256", "manifest_sha256"), "0" * 64
            ),
            "time": {
                "started": "2026-01-01T00:00:00+00:00",
                "finished": "2026-01-01T00:00:01+00:00",
                **{"wall_s": 1.0, "cpu_s": 1.0, "peak_memory_bytes": 1},
            },
            "measurements": [
                {"id": "a", "setting": text, "metric": "macs", "value": 1.0, "seed": 1}
            ],
            "log": [{"kind": "log", "text": text, "seconds": 0.0}],
        }
    )


def _queries(world: World) -> None:
    hidden = "sotto"  # a word that stands in every paper that is not public
    world.queries += [
        f"/papers/?q={hidden}",
        f"/papers/?q={hidden}&sort=year",
        "/papers/?q=title:sotto",
        "/papers/?q=author:zq&sort=name",
        "/papers/?q=1801.00002",
        "/papers/?q=10.1000/hidden",
        "/papers/?q=zq",
        "/papers/?q=leaving&page=2",
        f"/papers/suggest/?q={hidden}",
        f"/papers/suggest/?q={hidden}&format=opensearch",
        "/papers/suggest/?q=zq",
        "/papers/suggest/?q=author:zq",
        f"/papers.bib?q={hidden}",
        f"/papers.csv?q={hidden}",
        f"/papers.mods.xml?q={hidden}",
        f"/papers.jsonld?q={hidden}",
        f"/api/v1/papers/?q={hidden}&with_count=1&facets=1",
        "/api/v1/papers/?q=title:sotto&with_count=1",
        "/api/v1/papers/?with_count=1",
        "/api/v1/people/?q=zq&with_count=1",
        "/api/v1/people/?with_count=1",
        "/people/?q=zq",
        "/people/?sort=papers",
        "/topics/?view=list",
        "/topics/?view=table",
        "/numbers/?paper=hidden2018",
        "/numbers/?q=zq",
        "/api/v1/numbers/?paper=hidden2018",
        "/api/v1/tables/slim/?version=1",
        "/disagreements/?show=sotto",
        "/compare/?mix=1&second_hand=1&topic=sotto",
        "/compare.csv?paper=hidden2018&second_hand=1",
        "/api/v1/compare/?mix=1&second_hand=1",
        *(f"/oai?verb=ListRecords&metadataPrefix={form}" for form in OAI_FORMS),
        *(
            f"/oai?verb=GetRecord&metadataPrefix={form}&identifier=oai:testserver:{state}2018"
            for form in OAI_FORMS
            for state in ("hidden", "withdrawn", "merged")
        ),
        "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc",
        "/oai?verb=ListSets",
        *(
            f"/unapi?id={key}&format={form}"
            for form in ("bibtex", "ris", "mods", "endnote")
            for key in ("hidden2018", "withdrawn2018", "open2018")
        ),
        "/import/?asked=sotto",
        "/documents/?state=failed",
        f"/waiting/?q={hidden}",
        "/waiting/?state=refused",
        "/waiting/?state=accepted",
        "/waiting/?state=withdrawn",
        f"/waiting/desk/?q={hidden}",
        "/waiting/desk/?state=refused",
        "/api/v1/waiting/?with_count=1",
        f"/api/v1/waiting/?q={hidden}",
        "/papers/?q=1801.00003",
        "/abs/1801.00003/",
        "/api/v1/papers/1801.00003/",
        "/corrections/paper/",
        "/api/v1/documents/?with_count=1",
        "/api/v1/runs/?with_count=1",
    ]
