"""One object of every kind in every state, with a canary in every text field of it.

Who may read what is written down here a second time, on purpose not by `visible_to`: the matrix
compares the site with this table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib.auth.models import Group

from accounts.models import User
from kb.backup import dump
from papers.models import Workshop
from papers.workshops.blocks import BLOCKS
from reproductions.models import PublishedNumber
from tests import make
from tests.addresses import Examples
from tests.leaks import (
    intake_world,
    papers_world,
    records_world,
    runs_world,
    watch_world,
    workshops_world,
)
from tests.leaks.canaries import (
    ADMIN,
    CONFLICTED,
    CURATOR,
    MODERATOR,
    OWNER,
    ROLES,
    VISITOR,
    Cage,
)
from tests.leaks.contributions import plant_contributions
from tests.leaks.queries import QUERIES

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
    papers_world.plant(world)
    _workshop(world)
    intake_world.plant(world)
    watch_world.plant(world)
    runs_world.plant(world)
    records_world.plant(world)
    plant_contributions(world)
    world.queries += QUERIES
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
