"""Making and changing public lists: each act is one change on record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop

from accounts.models import User
from accounts.roles import NotPossible, is_curator, is_member, is_moderator
from community.list_files.links import tidy_address
from community.models import ListKeeper, ListPlacement, ListSection, PublicList
from community.models.public_list import LICENCES
from community.moderation import transitions
from community.public_lists.history import recorded
from community.public_lists.rights import lists_kept_by, require_edit
from papers.models import Paper
from papers.names import slug as slug_of
from taxonomy.models import Topic

_Placed = TypeVar("_Placed", ListSection, ListPlacement)
MOST_LISTS = 50
MOST_ENTRIES = 3000
MOST_SECTIONS = 300
DEEPEST = 5
"""Levels of sections: headings in Markdown have six, and the list's own title is above them."""
RESERVED = {"yours", "make", "add", "import", "new", "invitations", "sections", "entries"}
_SLUG = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def make_list(by: User, *, title: str, slug: str = "", **values: Any) -> PublicList:
    """A new list, seen by its keepers alone until it is made public. Raises NotPossible."""
    if not is_member(by):
        raise NotPossible(gettext("Sign in to make a list."))
    if lists_kept_by(by).count() >= MOST_LISTS:
        raise NotPossible(
            gettext("You keep {most_lists} public lists, which is the most there can be.").format(
                most_lists=MOST_LISTS
            )
        )
    checked = _checked_list({"title": title, **values})
    with transaction.atomic():
        made = PublicList.objects.create(author=by, slug=free_slug(slug, title), **checked)
        ListKeeper.objects.create(
            public_list=made, user=by, role="owner", invited_by=by, accepted_at=timezone.now()
        )
    return made


def free_slug(wanted: str, title: str) -> str:
    """The name in the address: as wanted, or made of the title. Raises NotPossible."""
    wanted = wanted.strip().lower()
    if wanted:
        if not _SLUG.fullmatch(wanted) or len(wanted) > 80 or wanted in RESERVED:
            raise NotPossible(
                gettext(
                    "An address is made of small letters, digits and hyphens, and begins with "
                    "a letter."
                )
            )
        if PublicList.objects.filter(slug=wanted).exists():
            raise NotPossible(
                gettext("There is a list at “{wanted}” already. Choose another address.").format(
                    wanted=wanted
                )
            )
        return wanted
    base = slug_of(title)[:70].strip("-")
    if not _SLUG.fullmatch(base) or base in RESERVED:
        base = f"list-{base}".rstrip("-")
    number, free = 1, base
    while PublicList.objects.filter(slug=free).exists():
        number += 1
        free = f"{base}-{number}"
    return free


def submit(chosen: PublicList, *, by: User) -> None:
    """Make the list public: at once by curators and moderators, else a moderator confirms."""
    transitions.submit(chosen, by=by, trusted=is_curator(by) or is_moderator(by))


def change_list(chosen: PublicList, *, by: User, **values: Any) -> None:
    """Change what is given. Raises NotPossible."""
    require_edit(chosen, by)
    checked = _checked_list(values)
    with recorded(chosen, by, gettext_noop("Title, introduction or order changed.")):
        PublicList.objects.filter(pk=chosen.pk).update(**checked)


def _checked_list(values: dict[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    if "title" in values:
        checked["title"] = _line(values["title"])[:110]
        if not checked["title"]:
            raise NotPossible(gettext("Give the list a title."))
    for name, most in (("title_zh", 60), ("source", 300)):
        if name in values:
            checked[name] = _line(values[name])[:most]
    if "introduction" in values:
        checked["introduction"] = _text(values["introduction"])[:8000]
    if "licence" in values:
        if values["licence"] not in dict(LICENCES):
            raise NotPossible(gettext("Choose one of the licences."))
        checked["licence"] = values["licence"]
    if "newest_first" in values:
        checked["newest_first"] = bool(values["newest_first"])
    if "classification" in values:
        checked["classification"] = _checked_nodes(values["classification"])
    return checked


def _checked_nodes(nodes: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    known = set(Topic.objects.values_list("slug", flat=True))
    wrong = [node["topic"] for node in nodes if node.get("topic") and node["topic"] not in known]
    if wrong:
        raise NotPossible(gettext("There is no topic “{value}” here.").format(value=wrong[0][:60]))
    kept: list[dict[str, Any]] = []
    for node in nodes[:200]:
        deepest = kept[-1]["depth"] + 1 if kept else 0
        depth = min(int(node["depth"]), deepest)
        text = _line(node["text"])[:200]
        if text:
            kept.append({"depth": depth, "text": text, "topic": node.get("topic") or ""})
    return kept


# --- sections ---


def add_section(
    chosen: PublicList, *, by: User, title: str, parent: ListSection | None = None, **values: Any
) -> ListSection:
    """A section at the end of its siblings. Raises NotPossible."""
    require_edit(chosen, by)
    checked = _checked_section({"title": title, **values})
    if depth_of(parent) >= DEEPEST:
        raise NotPossible(gettext("Sections lie at most {deepest} deep.").format(deepest=DEEPEST))
    if chosen.sections.count() >= MOST_SECTIONS:
        raise NotPossible(
            gettext("A list has at most {most_sections} sections.").format(
                most_sections=MOST_SECTIONS
            )
        )
    _refuse_twin(chosen, parent, checked)
    with recorded(chosen, by, f"Section “{checked['title']}” added."):
        last = chosen.sections.aggregate(last=Max("position"))["last"] or 0
        return ListSection.objects.create(
            public_list=chosen, parent=parent, position=last + 1, **checked
        )


def change_section(section: ListSection, *, by: User, **values: Any) -> None:
    """Titles, introduction, name of the column, the section above. Raises NotPossible."""
    chosen = section.public_list
    require_edit(chosen, by)
    checked = _checked_section(values)
    if "parent" in values:
        parent = values["parent"]
        outer = parent
        while outer is not None:
            if outer.pk == section.pk:
                raise NotPossible(gettext("A section cannot lie inside itself."))
            outer = outer.parent
        if depth_of(parent) + height_of(section) > DEEPEST:
            raise NotPossible(
                gettext("Sections lie at most {deepest} deep.").format(deepest=DEEPEST)
            )
        checked["parent"] = parent
    above = checked.get("parent", section.parent)
    titles = {"title": section.title, "title_zh": section.title_zh} | checked
    _refuse_twin(chosen, above, titles, section)
    with recorded(chosen, by, f"Section “{section.title}” changed."):
        ListSection.objects.filter(pk=section.pk).update(**checked)


def _refuse_twin(
    chosen: PublicList,
    parent: ListSection | None,
    titles: dict[str, Any],
    but: ListSection | None = None,
) -> None:
    """Two sections of one heading in one place could not be told apart in a file."""
    siblings = chosen.sections.filter(parent=parent, title=titles["title"])
    siblings = siblings.filter(title_zh=titles.get("title_zh", ""))
    if but:
        siblings = siblings.exclude(pk=but.pk)
    if siblings.exists():
        raise NotPossible(
            gettext("There is a section “{value}” here already.").format(value=titles["title"])
        )


def step_section(section: ListSection, step: int, *, by: User) -> None:
    """One place up (-1) or down (1) among its siblings."""
    chosen = section.public_list
    require_edit(chosen, by)
    with recorded(chosen, by, f"Section “{section.title}” moved."):
        siblings = list(chosen.sections.filter(parent=section.parent_id))
        place = next(n for n, row in enumerate(siblings) if row.pk == section.pk)
        other = place + step
        if 0 <= other < len(siblings):
            siblings[place], siblings[other] = siblings[other], siblings[place]
            _number(siblings)


def remove_section(section: ListSection, *, by: User) -> None:
    """Take a section out with all that stands in it; the change can be undone."""
    require_edit(section.public_list, by)
    with recorded(section.public_list, by, f"Section “{section.title}” taken out."):
        section.delete()


def _checked_section(values: dict[str, Any]) -> dict[str, Any]:
    checked: dict[str, Any] = {}
    if "title" in values:
        checked["title"] = _line(values["title"])[:160]
        if not checked["title"]:
            raise NotPossible(gettext("Give the section a title."))
    for name, most in (("title_zh", 80), ("focus_name", 40)):
        if name in values:
            checked[name] = _line(values[name])[:most]
    if "introduction" in values:
        checked["introduction"] = _text(values["introduction"])[:4000]
    return checked


def depth_of(section: ListSection | None) -> int:
    """1 for a section at the top, 0 for none."""
    depth = 0
    while section is not None:
        depth, section = depth + 1, section.parent
    return depth


def height_of(section: ListSection) -> int:
    """Levels from the section to the deepest one inside it."""
    return 1 + max((height_of(child) for child in section.children.all()), default=0)


# --- entries ---


def add_entry(
    chosen: PublicList,
    *,
    by: User,
    section: ListSection | None = None,
    paper: Paper | None = None,
    suggested_by: User | None = None,
    **values: Any,
) -> ListPlacement:
    """Put a paper, or the words on one that is not here, at the end of a section.

    A paper that stands there already stays where it is. Raises NotPossible.
    """
    require_edit(chosen, by)
    checked = checked_entry(values)
    if paper is None and not checked.get("title"):
        raise NotPossible(gettext("Name a paper that is here, or give a title."))
    if paper and (same := chosen.placements.filter(section=section, paper=paper).first()):
        return same
    if chosen.placements.count() >= MOST_ENTRIES:
        raise NotPossible(
            gettext("A list holds at most {most_entries} entries.").format(
                most_entries=MOST_ENTRIES
            )
        )
    with recorded(chosen, by, gettext_noop("An entry added.")):
        last = chosen.placements.aggregate(last=Max("position"))["last"] or 0
        return ListPlacement.objects.create(
            public_list=chosen,
            section=section,
            paper=paper,
            position=last + 1,
            suggested_by=suggested_by,
            **checked,
        )


def change_entry(entry: ListPlacement, *, by: User, **values: Any) -> None:
    """Change what is given. Raises NotPossible."""
    require_edit(entry.public_list, by)
    checked = checked_entry(values)
    if "title" in checked and not checked["title"] and entry.paper_id is None:
        raise NotPossible(gettext("Give the entry a title."))
    for name in ("section", "paper"):
        if name in values:
            checked[name] = values[name]
    with recorded(entry.public_list, by, gettext_noop("An entry changed.")):
        ListPlacement.objects.filter(pk=entry.pk).update(**checked)


def remove_entry(entry: ListPlacement, *, by: User) -> None:
    """Take an entry out; the change can be undone."""
    require_edit(entry.public_list, by)
    with recorded(entry.public_list, by, gettext_noop("An entry taken out.")):
        entry.delete()


def step_entry(entry: ListPlacement, step: int, *, by: User) -> None:
    """One place up (-1) or down (1) inside its section."""
    siblings = _siblings(entry)
    place = next((n for n, row in enumerate(siblings) if row.pk == entry.pk), 0) + step
    if 0 <= place < len(siblings):
        behind = siblings[place + 1 :] if step > 0 else siblings[place:]
        place_entry(entry, before=behind[0].pk if behind else None, by=by)


def place_entry(entry: ListPlacement, *, before: int | None, by: User) -> None:
    """Right before another entry of its section, or to the section's end. Raises NotPossible."""
    chosen = entry.public_list
    require_edit(chosen, by)
    with recorded(chosen, by, gettext_noop("An entry moved.")):
        siblings = [row for row in _siblings(entry) if row.pk != entry.pk]
        keys = [row.pk for row in siblings]
        if before is not None and before not in keys:
            raise NotPossible(gettext("The list was changed meanwhile. Look at it again."))
        place = len(siblings) if before is None else keys.index(before)
        siblings.insert(place, entry)
        _number(siblings)


def _siblings(entry: ListPlacement) -> list[ListPlacement]:
    rows = ListPlacement.objects.filter(public_list=entry.public_list_id)
    return list(rows.filter(section=entry.section_id).order_by("position", "pk"))


def _number(rows: Sequence[_Placed]) -> None:
    """Give the rows, in their new order, the positions that they hold together."""
    places = sorted(row.position for row in rows)
    for number, row in enumerate(rows):
        place = max(places[number], places[0] + number)
        if row.position != place:
            row.position = place
            row.save(update_fields=["position"])


def checked_entry(values: dict[str, Any]) -> dict[str, Any]:
    """The columns of an entry, each tidied and within its length. Raises NotPossible."""
    checked: dict[str, Any] = {}
    for name, most in (("title", 500), ("venue", 200), ("date_text", 120), ("focus", 1000)):
        if name in values:
            checked[name] = _line(values[name])[:most]
    if "notes" in values:
        checked["notes"] = _line(values["notes"])[:4000]
    if "authors" in values:
        names = [_line(name)[:200] for name in values["authors"]]
        checked["authors"] = [name for name in names if name][:300]
    if "year" in values:
        year = values["year"]
        checked["year"] = year if year and 1900 <= int(year) <= 2100 else None
    if "links" in values:
        checked["links"] = [_checked_link(link) for link in values["links"]][:20]
    return checked


def _checked_link(link: dict[str, str]) -> dict[str, str]:
    address, _ = tidy_address(link["url"])
    if not address or len(address) > 1000:
        raise NotPossible(gettext("“{value}” is no address.").format(value=link["url"][:60]))
    kind = re.sub(r"[^a-z]", "", link.get("kind", "link"))[:12] or "link"
    label = _line(link.get("label", "")).strip("[]")[:80] or kind
    return {"kind": kind, "label": label, "url": address}


def _line(text: object) -> str:
    return " ".join(str(text or "").replace("\x00", "").split())


def _text(text: object) -> str:
    return str(text or "").replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
