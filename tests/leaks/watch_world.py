"""What the watch of the field found, and the months and years that it fills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from papers.models import Find, Paper, Source
from taxonomy.models import Topic
from tests.leaks.canaries import ADMIN, CURATOR

if TYPE_CHECKING:
    from tests.leaks.world import World


def plant(world: World) -> None:
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
        for start in ("inbox/", "api/v1/inbox/"):
            world.examples.give(start, "pk", find.pk)
    for start in ("inbox/undo/", "api/v1/inbox/batches/"):
        world.examples.give(start, "batch", "12345678-1234-4234-8234-123456789abc")
    for start in ("sources/", "api/v1/sources/"):
        world.examples.give(start, "slug", source.slug)
    world.examples.give("months/", "year", timezone.now().year)
    world.examples.give("months/", "month", timezone.now().month)
    world.examples.give("years/", "year", 2018)
    world.examples.give("clock/", "slug", Topic.objects.order_by("pk").values_list("slug")[0][0])
