"""`has:video`: papers with a recording that is public here or that a workshop lists."""

from __future__ import annotations

from collections.abc import Collection

from community.models import State, Video
from papers.models import AcceptedPaper
from papers.search.flags import register


def papers_with_video(ids: Collection[int]) -> set[int]:
    """Those of the papers that have a public video, or a recording of their workshop talk."""
    added = Video.objects.filter(paper__in=ids, state=State.PUBLISHED)
    listed = AcceptedPaper.objects.filter(paper__in=ids).exclude(video="")
    found = {*added.values_list("paper", flat=True), *listed.values_list("paper", flat=True)}
    return {pk for pk in found if pk is not None}


register("video", label="a video", papers=papers_with_video)
