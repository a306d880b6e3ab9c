"""A public list in every state, with a canary in each of its texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone

from community.models import (
    ListChange,
    ListImport,
    ListKeeper,
    ListPlacement,
    ListSection,
    ListSuggestion,
    PublicList,
    State,
)
from papers.models import Paper
from tests.leaks.canaries import (
    ADMIN,
    CONFLICTED,
    CURATOR,
    EVERYONE,
    MODERATOR,
    OWNER,
    STRANGER,
)

if TYPE_CHECKING:
    from tests.leaks.world import World

READERS = {
    State.DRAFT: {OWNER},
    State.PUBLISHED: EVERYONE,
    **{
        state: {OWNER, CONFLICTED, MODERATOR, ADMIN}
        for state in (State.PENDING, State.DECLINED, State.WITHDRAWN, State.HIDDEN)
    },
}
SEES_HIDDEN_PAPERS = {OWNER, CURATOR, ADMIN}


def plant_lists(world: World) -> None:
    """The published list first: addresses with one value alone take the first."""
    give = world.examples.give
    for state in sorted(State.values, key=lambda state: state != State.PUBLISHED):
        made = _list(world, state)
        slug = made.slug
        for start in ("lists/<slug:slug>", "api/v1/public-lists/", "feeds/public-lists/"):
            give(start, "slug", slug)
        for part, rows in (
            ("sections", made.sections),
            ("entries", made.placements),
            ("suggestions", made.suggestions),
            ("history", made.changes),
            ("log", made.log),
        ):
            first = rows.order_by("pk").values_list("pk")[0][0]
            give(f"lists/<slug:slug>/{part}/", "pk", first)
            give(f"api/v1/public-lists/<slug:slug>/{part}/", "pk", first)
        give("lists/<slug:slug>.", "suffix", "md")
        give("lists/<slug:slug>/log.", "suffix", "csv")
        world.queries += [f"/lists/{slug}/log.{suffix}" for suffix in ("json", "md", "ics")]
        world.queries += [f"/lists/{slug}/?view=cards", f"/lists/{slug}.bib"]
        world.queries += [f"/lists/{slug}.md?form=bullets"]
    for start in ("moderation/", "report/", "appeal/", "api/v1/moderation/"):
        pks = PublicList.objects.order_by("pk").values_list("pk", flat=True)
        give(start, "kind", *["list"] * len(pks))
        give(start, "pk", *pks)
    sent = ListImport.objects.create(
        by=world.owner,
        files={
            "README.md": f"- [{world.cage.plant('entry of a list that is sent', OWNER, markup=False)}]"
            "(https://arxiv.org/abs/2201.05125) 2022\n"
        },
    )
    give("lists/import/", "pk", sent.pk)
    world.queries += ["/lists/import/?text=x", "/api/v1/public-lists/?with_count=1"]


def _list(world: World, state: str) -> PublicList:
    plant, readers = world.cage.plant, READERS[state]
    seeing = readers & SEES_HIDDEN_PAPERS
    made = PublicList.objects.create(
        author=world.owner,
        state=state,
        slug=f"list-{state}",
        title=plant(f"title of a {state} list", *readers),
        title_zh="列表",
        introduction=plant(f"introduction of a {state} list", *readers),
        classification=[
            {"depth": 0, "text": plant(f"term of a {state} list", *readers), "topic": "exits"}
        ],
    )
    section = ListSection.objects.create(
        public_list=made,
        title=plant(f"section of a {state} list", *readers),
        introduction=plant(f"introduction of a section of a {state} list", *readers),
    )
    entries = [("open2018", readers, True), ("hidden2018", seeing, False), (None, readers, True)]
    for place, (key, may_read, shown) in enumerate(entries):
        where = f"a {state} list on {key}"
        ListPlacement.objects.create(
            public_list=made,
            section=section,
            position=place,
            paper=Paper.objects.get(key=key) if key else None,
            title=plant(f"printed title in {where}", *may_read, shown=shown),
            focus=plant(f"focus in {where}", *may_read, shown=shown),
            notes=plant(f"notes in {where}", *may_read, shown=shown),
            date_text="2018 ICLR",
        )
    _people(world, made, section, state)
    _log(world, made, state)
    return made


def _log(world: World, made: PublicList, state: str) -> None:
    """Sessions that everybody sees, of a hidden paper, and two that wait: the owner's, and for a
    public list a stranger's."""
    plant, readers = world.cage.plant, READERS[state]
    keeping = {OWNER, *({CURATOR, ADMIN} if state == State.PUBLISHED else ())}
    rows = [
        ("public", None, readers, OWNER),
        ("public", "hidden2018", readers & SEES_HIDDEN_PAPERS, OWNER),
        ("waiting", None, keeping, OWNER),
    ]
    if state == State.PUBLISHED:
        rows.append(("waiting", None, keeping | {STRANGER}, STRANGER))
    for standing, key, may_read, by in rows:
        where = f"a {standing} session of {by} on {key} in a {state} list"
        shown = key is None
        made.log.create(
            state=standing,
            date="2024-05-12",
            paper=Paper.objects.get(key=key) if key else None,
            title=plant(f"title of {where}", *may_read, shown=shown),
            presenter=plant(f"presenter of {where}", *may_read, shown=shown),
            notes=plant(f"notes of {where}", *may_read, shown=shown),
            by=world.users[by],
            public_at=timezone.now() if standing == "public" else None,
        )


def _people(world: World, made: PublicList, section: ListSection, state: str) -> None:
    plant = world.cage.plant
    keeping = {OWNER, *({CURATOR, ADMIN} if state == State.PUBLISHED else ())}
    ListKeeper.objects.create(
        public_list=made, user=world.owner, role="owner", accepted_at=timezone.now()
    )
    mail = plant(f"address invited to a {state} list", OWNER, markup=False)
    row = ListKeeper.objects.create(public_list=made, email=f"{mail}@example.org")
    if state == State.PUBLISHED:
        world.examples.give("lists/invitations/", "token", row.token)
    ListSuggestion.objects.create(
        public_list=made,
        by=world.owner,
        section=section,
        text=plant(f"suggestion for a {state} list", *keeping),
        reason=plant(f"reason of a suggestion for a {state} list", *keeping),
    )
    hidden = Paper.objects.get(key="hidden2018")
    ListChange.objects.create(
        public_list=made,
        by=world.owner,
        words=plant(
            f"change of a {state} list",
            *(READERS[state] - {"visitor", "stranger"}),
        ),
        rows={
            "entry:0": {"before": None, "after": {"title": "", "paper_id": hidden.pk}},
        },
    )
