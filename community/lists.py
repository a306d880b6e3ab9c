"""Reading lists and marks: made, filled, ordered, shared."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Max, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import NotPossible, is_member
from community.models import ListEntry, Mark, ReadingList
from community.models.collection import unguessable
from papers.models import Paper
from papers.models.paper import PaperQuerySet
from papers.names import tidy

MOST_LISTS = 200
MOST_ENTRIES = 2000


def make_list(by: User, *, name: str, description: str = "") -> ReadingList:
    """A new private list. Raises NotPossible."""
    if not is_member(by):
        raise NotPossible(gettext("Sign in to make a list."))
    if not tidy(name):
        raise NotPossible(gettext("Give the list a name."))
    if ReadingList.objects.visible_to(by).count() >= MOST_LISTS:
        raise NotPossible(
            gettext("You have {most_lists} lists, which is the most there can be.").format(
                most_lists=MOST_LISTS
            )
        )
    return ReadingList.objects.create(
        owner_id=by.pk, name=tidy(name)[:120], description=description.strip()[:2000]
    )


def change_list(
    chosen: ReadingList,
    *,
    name: str | None = None,
    description: str | None = None,
    is_shared: bool | None = None,
) -> None:
    """Change what is given. A list that is shared again gets a new address: the old one ended."""
    if name is not None:
        if not tidy(name):
            raise NotPossible(gettext("Give the list a name."))
        chosen.name = tidy(name)[:120]
    if description is not None:
        chosen.description = description.strip()[:2000]
    if is_shared is not None and is_shared != chosen.is_shared:
        chosen.is_shared = is_shared
        if is_shared:
            chosen.share_key = unguessable()
    chosen.changed_at = timezone.now()
    chosen.save()


def lists_of(user: User) -> QuerySet[ReadingList]:
    """The member's lists with their sizes."""
    return ReadingList.objects.visible_to(user).annotate(size=Count("entries"))


def entries_for(chosen: ReadingList, viewer: Visitor) -> list[ListEntry]:
    """The entries whose papers this reader may see, in order, ready to be shown and exported."""
    seen = Paper.objects.visible_to(viewer).for_export()
    entries = chosen.entries.filter(paper__in=Paper.objects.visible_to(viewer))
    return list(entries.prefetch_related(Prefetch("paper", seen)))


@transaction.atomic
def add_paper(chosen: ReadingList, paper: Paper, *, note: str = "") -> ListEntry:
    """Put a paper at the end. A paper that is there already stays where it is."""
    _lock(chosen)
    entries = ListEntry.objects.filter(reading_list=chosen)
    if known := entries.filter(paper=paper).first():
        return known
    if entries.count() >= MOST_ENTRIES:
        raise NotPossible(
            gettext("A list holds {most_entries} papers. Start another one.").format(
                most_entries=MOST_ENTRIES
            )
        )
    last = entries.aggregate(last=Max("position"))["last"] or 0
    _touch(chosen)
    return ListEntry.objects.create(
        reading_list=chosen, paper=paper, position=last + 1, note=note.strip()[:4000]
    )


@transaction.atomic
def remove_entry(entry: ListEntry) -> None:
    """Take a paper out of its list and close the gap."""
    _lock(entry.reading_list)
    ListEntry.objects.filter(pk=entry.pk).delete()
    _number(entry.reading_list)
    _touch(entry.reading_list)


@transaction.atomic
def move_entry(entry: ListEntry, place: int) -> None:
    """Bring an entry to a place, from 1; places beyond the ends are the ends."""
    _lock(entry.reading_list)
    ordered = list(
        ListEntry.objects.filter(reading_list=entry.reading_list).order_by("position", "pk")
    )
    moved = next((row for row in ordered if row.pk == entry.pk), None)
    if moved is None:
        raise NotPossible(gettext("This paper is no longer in the list."))
    ordered.remove(moved)
    ordered.insert(min(max(place, 1), len(ordered) + 1) - 1, moved)
    _write_order(ordered)
    _touch(entry.reading_list)


@transaction.atomic
def place_entry(entry: ListEntry, *, before: int | None) -> None:
    """Bring an entry right before the one with the key `before`, or to the end.

    Papers that the owner cannot see now keep their places. Raises NotPossible when either is gone.
    """
    _lock(entry.reading_list)
    ordered = [row.pk for row in _in_order(entry.reading_list) if row.pk != entry.pk]
    if before is None:
        place = len(ordered) + 1
    elif before in ordered:
        place = ordered.index(before) + 1
    else:
        raise NotPossible(gettext("The list was changed meanwhile. Look at it again."))
    move_entry(entry, place)


@transaction.atomic
def step_entry(entry: ListEntry, step: int) -> None:
    """Move an entry one up (-1) or down (1) among its neighbours."""
    _lock(entry.reading_list)
    before = ListEntry.objects.filter(
        reading_list=entry.reading_list, position__lt=entry.position
    ).count()
    move_entry(entry, before + 1 + step)


def write_note(entry: ListEntry, note: str) -> None:
    """Say why the paper is there."""
    ListEntry.objects.filter(pk=entry.pk).update(note=note.strip()[:4000])
    _touch(entry.reading_list)


def set_mark(user: User, paper: Paper, kind: str) -> None:
    """Mark a paper as read or to read, or with "" take the mark away."""
    if not is_member(user):
        raise NotPossible(gettext("Sign in to mark papers."))
    if not kind:
        Mark.objects.filter(user_id=user.pk, paper=paper).delete()
        return
    if kind not in Mark.Kind.values:
        raise NotPossible(
            gettext("A mark is one of {values}.").format(values=", ".join(Mark.Kind.values))
        )
    Mark.objects.update_or_create(
        user_id=user.pk, paper=paper, defaults={"kind": kind, "at": timezone.now()}
    )


def marks_of(user: User) -> dict[int, str]:
    """The member's marks by paper: one query, whatever the length of a page."""
    return dict(Mark.objects.filter(user_id=user.pk).values_list("paper_id", "kind"))


def marked_papers(user: User, kind: str) -> PaperQuerySet:
    """Papers with this mark of the member, the latest first."""
    return (
        Paper.objects.visible_to(user)
        .filter(marks__user_id=user.pk, marks__kind=kind)
        .order_by("-marks__at", "pk")
    )


def _lock(chosen: ReadingList) -> None:
    ReadingList.objects.select_for_update().get(pk=chosen.pk)


def _touch(chosen: ReadingList) -> None:
    ReadingList.objects.filter(pk=chosen.pk).update(changed_at=timezone.now())


def _number(chosen: ReadingList) -> None:
    _write_order(_in_order(chosen))


def _in_order(chosen: ReadingList) -> list[ListEntry]:
    return list(ListEntry.objects.filter(reading_list=chosen).order_by("position", "pk"))


def _write_order(ordered: list[ListEntry]) -> None:
    changed = []
    for place, entry in enumerate(ordered, start=1):
        if entry.position != place:
            entry.position = place
            changed.append(entry)
    ListEntry.objects.bulk_update(changed, ["position"])
