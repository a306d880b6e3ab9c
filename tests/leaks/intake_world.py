"""What was sent in: documents, imports, works that wait."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from accounts.models import User
from papers.importers.importing import apply_batch, make_batch
from papers.models import (
    Conflict,
    Document,
    ImportBatch,
    Paper,
    Reading,
    TopicSuggestion,
    Upload,
    WaitingWork,
)
from tests.leaks.canaries import (
    ADMIN,
    CURATOR,
    OWNER,
    STRANGER,
)

if TYPE_CHECKING:
    from tests.leaks.world import World


def plant(world: World) -> None:
    _documents(world)
    _imports(world)
    _waiting(world)


def _documents(world: World) -> None:
    plant = world.cage.plant
    readers = (OWNER, CURATOR, ADMIN)
    paper = Paper.objects.get(key="open2018")
    numbers = []
    for state in Document.State.values:
        document = Document.objects.create(
            sha256=secrets.token_hex(32),  # files of other tests stand beside these
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
