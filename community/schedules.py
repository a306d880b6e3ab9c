"""A member's own schedule of a workshop: kept on the account, read by nobody else."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import NotPossible, is_member
from community.models import ScheduleStar
from papers.models import Workshop

MOST = 200
_LONGEST = 300


def starred(user: Visitor, workshop: Workshop) -> set[str]:
    """Codes of the entries that this reader has ticked; none for visitors."""
    if not is_member(user):
        return set()
    return set(
        ScheduleStar.objects.filter(user=user, workshop=workshop).values_list("code", flat=True)
    )


@transaction.atomic
def keep(user: User, workshop: Workshop, codes: Collection[str]) -> None:
    """Let exactly these entries be ticked. Doing it twice changes nothing. Raises NotPossible."""
    if not is_member(user):
        raise NotPossible(gettext("Sign in to keep a schedule."))
    wanted = {code for code in codes if 0 < len(code) <= _LONGEST}
    if len(wanted) > MOST:
        raise NotPossible(gettext("A schedule has at most {count} entries.").format(count=MOST))
    mine = ScheduleStar.objects.filter(user=user, workshop=workshop)
    mine.exclude(code__in=wanted).delete()
    rows = [ScheduleStar(user=user, workshop=workshop, code=code) for code in sorted(wanted)]
    ScheduleStar.objects.bulk_create(rows, ignore_conflicts=True)


def schedules(user: Visitor) -> list[tuple[Workshop, int]]:
    """Workshops of which the reader keeps a schedule, newest first, with how many entries."""
    if not is_member(user):
        return []
    mine = Workshop.objects.visible_to().filter(stars__user=user)
    return [(row, row.ticked) for row in mine.annotate(ticked=Count("stars"))]
