"""What papers can have since people speak about them: `has:review` and `has:video`."""

from __future__ import annotations

from collections.abc import Collection

from community.models import Review, State, Video
from papers.models import AcceptedPaper
from papers.search import flags


def with_review(ids: Collection[int]) -> set[int]:
    """Those of the papers that have a public review."""
    public = Review.objects.filter(paper__in=ids, state=State.PUBLISHED)
    return set(public.values_list("paper", flat=True))


def with_video(ids: Collection[int]) -> set[int]:
    """Those of the papers that have a public video, or a recording of their workshop talk."""
    added = Video.objects.filter(paper__in=ids, state=State.PUBLISHED)
    listed = AcceptedPaper.objects.filter(paper__in=ids).exclude(video="")
    papers = {*added.values_list("paper", flat=True), *listed.values_list("paper", flat=True)}
    return {pk for pk in papers if pk is not None}


flags.register("review", label="a review", papers=with_review)
flags.register("video", label="a video", papers=with_video)
