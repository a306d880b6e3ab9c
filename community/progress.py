"""Progress on reading paths: kept for members, on their account alone."""

from __future__ import annotations

from django.utils.translation import gettext

from accounts.models import User, Visitor
from accounts.roles import NotPossible, is_member
from community.models import StepDone
from papers.models import PathStep


def done_steps(user: Visitor) -> set[int]:
    """Ids of the steps that this reader has ticked; none for visitors."""
    if not is_member(user):
        return set()
    return set(StepDone.objects.filter(user=user).values_list("step_id", flat=True))


def tick(user: User, step: PathStep, *, done: bool) -> None:
    """Tick a step, or take the tick away. Doing it twice changes nothing. Raises NotPossible."""
    if not is_member(user):
        raise NotPossible(gettext("Sign in to keep how far you are."))
    if done:
        StepDone.objects.get_or_create(user=user, step=step)
    else:
        StepDone.objects.filter(user=user, step=step).delete()
