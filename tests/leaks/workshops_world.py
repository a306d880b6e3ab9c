"""Workshops of the world: drafts, waiting ones, and public ones with parts that are not."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from community.models import State, WorkshopRequest
from papers.importers.workshop_files.report import kept
from papers.importers.workshop_files.shapes import Told, WorkshopFiles
from papers.models import (
    AttendLink,
    AuthorLink,
    ProgrammeVersion,
    Workshop,
    WorkshopBlock,
    WorkshopFile,
    WorkshopImport,
    WorkshopNotice,
    WorkshopOrganiser,
)
from tests import make
from tests.leaks.canaries import ADMIN, CONFLICTED, CURATOR, MODERATOR, OWNER

# Organisers' drafts are theirs; whoever edits a public workshop reads its drafts.
ORGANISERS = {
    Workshop.State.DRAFT: (OWNER,),
    Workshop.State.WAITING: (OWNER, CONFLICTED, MODERATOR, ADMIN),
    Workshop.State.PUBLIC: (OWNER, CURATOR, ADMIN),
}
REQUESTS = {
    Workshop.State.DRAFT: State.DRAFT,
    Workshop.State.WAITING: State.PENDING,
    Workshop.State.PUBLIC: State.PUBLISHED,
}


def plant(world: Any) -> list[str]:
    """One workshop in each state, organised by the owner; returns their slugs."""
    return [_workshop(world, state) for state in Workshop.State.values]


def _workshop(world: Any, state: str) -> str:
    def word(place: str, *readers: str, **more: Any) -> str:
        return world.cage.plant(f"{place} of a {state} workshop", *readers, **more)

    readers = ORGANISERS[Workshop.State(state)]
    is_public = state == Workshop.State.PUBLIC
    workshop = make.workshop(
        "An open workshop" if is_public else word("name", *readers),
        slug=f"made-{state}",
        state=state,
        series="made",
        location="Vienna" if is_public else word("place", *readers),
    )
    WorkshopOrganiser.objects.create(workshop=workshop, user=world.owner)
    invited = WorkshopOrganiser.objects.create(
        workshop=workshop,
        email=word(
            "invited address",
            OWNER,
            *(r for r in readers if r not in (CONFLICTED, MODERATOR) and is_public),
            markup=False,
            shown=is_public,
        )
        + "@example.org",
    )
    WorkshopRequest.objects.create(
        workshop=workshop, author=world.owner, state=REQUESTS[Workshop.State(state)]
    )
    _blocks(workshop, word, readers)
    sent = WorkshopImport.objects.create(
        workshop=workshop, by=world.owner, name="site.zip", read=_read(word, readers)
    )
    give = world.examples.give
    give("workshops/<slug:slug>/import", "pk", *[sent.pk] * (2 if state == "draft" else 1))
    _files(world, workshop, word, readers)
    ProgrammeVersion.objects.create(
        workshop=workshop,
        name=word("name of a version", *readers),
        schedule=[{"code": "gone", "title": word("talk of a version", *readers)}],
    )
    for label, start, end in (("coming", 2098, 2099), ("past", 2020, 2021)):
        AttendLink.objects.create(
            workshop=workshop,
            label=word(f"{label} way in", *readers),
            url=f"https://{word(f'address of a {label} way in', *readers, markup=False)}.example/",
            show_from=f"{start}-01-01T00:00:00Z",
            hide_after=f"{end}-01-01T00:00:00Z",
        )
    WorkshopNotice.objects.create(workshop=workshop, block="dates", text="A date moved.")
    world.examples.give("workshops/<slug:slug>/proceedings.", "suffix", "csv")
    world.queries += [f"/workshops/{workshop.slug}/proceedings.{kind}" for kind in ("bib", "json")]
    if is_public:  # who holds a letter reads what they are invited to
        world.examples.give("workshops/invitations/", "token", invited.token)
    return workshop.slug


def _blocks(workshop: Workshop, word: Any, readers: tuple[str, ...]) -> None:
    """What stands in blocks alone: drafts, a programme with a date, and held news."""
    contents = {
        "overview": {"summary": word("draft overview", *readers)},
        "people": {"people": [{"name": word("draft speaker", *readers), "role": "keynote"}]},
        "papers": {
            "accepted_papers": [
                {
                    "title": word("draft paper", *readers),
                    "authors": [word("draft author", *readers)],
                }
            ]
        },
        "programme": {
            "schedule": [
                {"title": word("scheduled talk", *readers), "start": "09:00", "end": "10:00"}
            ]
        },
    }
    for code, content in contents.items():
        scheduled = code == "programme"
        WorkshopBlock.objects.create(
            workshop=workshop,
            code=code,
            state="scheduled" if scheduled else "draft",
            show_from="2099-01-01T00:00:00Z" if scheduled else None,
            content=content,
        )
    held = {"news": [{"date": "2099-01-01", "title": word("coming news", *readers)}]}
    WorkshopBlock.objects.create(workshop=workshop, code="news", content=held)


def _read(word: Any, readers: tuple[str, ...]) -> dict[str, Any]:
    """What an import that waits was read as."""
    read = WorkshopFiles(
        people=[{"name": word("imported person", *readers), "role": "pc"}],
        drafts=[{"file": "index.md", "line": 3, "text": word("imported comment", *readers)}],
        told=[Told("pc.yml", word("line left out by an import", *readers), "no person")],
    )
    return kept(read)


def _files(world: Any, workshop: Workshop, word: Any, readers: tuple[str, ...]) -> None:
    """A photo of a draft, and a paper that came by a private link which has ended since."""
    link = AuthorLink.objects.create(
        workshop=workshop,
        number="7",
        digest=hashlib.sha256(f"ended-{workshop.pk}".encode()).hexdigest(),
        ends_at="2020-01-01T00:00:00Z",
        title=word("title that an author confirmed", *readers),
        authors=[word("name that an author confirmed", *readers)],
        note=word("note of an author", *readers),
        answered_at="2019-12-01T00:00:00Z",
    )
    give, names = world.examples.give, []
    for kind in ("photo", "pdf"):
        said = word(f"{kind} that is no part of the public page", *readers, markup=False)
        file = WorkshopFile.objects.create(
            workshop=workshop,
            kind=kind,
            name=f"{kind}-{workshop.slug}.bin",
            media_type="image/png" if kind == "photo" else "application/pdf",
            sha256=hashlib.sha256(said.encode()).hexdigest(),
            size_bytes=len(said),
            link=link if kind == "pdf" else None,
        )
        default_storage.save(file.stored_as, ContentFile(said.encode()))
        names.append(file.name)
    give("workshops/<slug:slug>/files", "slug", workshop.slug, workshop.slug)
    give("workshops/<slug:slug>/files", "name", *names)
    give("workshops/papers/", "token", f"ended-{workshop.pk}")
    give("workshops/papers/", "name", names[1])
    if workshop.state != Workshop.State.PUBLIC:
        return
    AuthorLink.objects.create(  # who holds a private link reads what it is for
        workshop=workshop,
        number="9",
        digest=hashlib.sha256(b"open-link").hexdigest(),
        ends_at="2099-01-01T00:00:00Z",
    )
    workshop.imported["accepted_papers"] = [{"id": "9", "title": "An open paper", "authors": []}]
    workshop.save()
    give("workshops/papers/", "token", "open-link")
    give("workshops/papers/", "name", names[1])
