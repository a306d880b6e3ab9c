"""Papers that were public here and are no more."""

from __future__ import annotations

from django.db.models import Q

from papers.models import Paper
from papers.models.paper import PaperQuerySet

_HIDDEN = Paper.State.HIDDEN


def once_public() -> Q:
    """Of papers: every public one, and those that were public and went.

    A hidden one counts only if it ever was public; of the others nobody is told that they exist.
    """
    seen = ~Q(state=_HIDDEN) | Q(appearance__isnull=False)
    shown_survivor = Q(merged_into=None) | ~Q(merged_into__state=_HIDDEN)
    return seen & shown_survivor


def gone_papers() -> PaperQuerySet:
    """Papers that whoever keeps a copy has to take out of it: merged, withdrawn or hidden."""
    return Paper.objects.exclude(state=Paper.State.PUBLIC).filter(once_public())
