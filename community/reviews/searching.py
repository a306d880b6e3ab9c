"""What papers can have since people speak about them: `has:review`."""

from __future__ import annotations

from collections.abc import Collection

from community.models import Review, State
from papers.search import flags


def with_review(ids: Collection[int]) -> set[int]:
    """Those of the papers that have a public review."""
    public = Review.objects.filter(paper__in=ids, state=State.PUBLISHED)
    return set(public.values_list("paper", flat=True))


flags.register("review", label="a review", papers=with_review)
